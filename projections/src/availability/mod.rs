//! Places: what each channel may still sell of each zone of each show.

mod comps;
mod relocation;
mod seller;
mod show;
#[cfg(test)]
mod tests;
mod view;
mod zone;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use soticket_ledger::Entry;
use soticket_schema::event::v1::{OrderLines, ShowScheduled};
use soticket_schema::{Event, HoldId, ShowId, Timestamp, ZoneId};

pub use self::seller::SellerView;
use self::show::Show;
pub use self::view::*;
use crate::event;
use crate::partition::{OWN, PartitionKey, Partitions, Projection, decode, encode};

/// Places per show, zone and channel.
#[derive(Debug, Default)]
pub struct Availability {
    own: Own,
    shows: Partitions<Show>,
}

/// Number of numbered seats of each zone: shows are scheduled with it.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Own {
    seat_counts: BTreeMap<ZoneId, u32>,
}

impl Own {
    /// How many numbered seats a zone has.
    fn seat_count(&self, zone: ZoneId) -> u32 {
        self.seat_counts.get(&zone).copied().unwrap_or(0)
    }
}

const SHOWS: u8 = 1;

impl Projection for Availability {
    const NAME: &'static str = "availability";
    const VERSION: u16 = 2;

    fn fold(&mut self, entry: &Entry) {
        match &entry.event {
            Event::OrderPlaced(event) => self.sell(&event.lines, &event.holds),
            Event::ExternalSaleReported(event) => self.sell(&event.lines, &[]),
            Event::ZoneDefined(event) => {
                let seats = u32::try_from(event.seats.len()).unwrap_or(u32::MAX);
                self.own.seat_counts.entry(event.zone).or_insert(seats);
            }
            Event::ShowScheduled(event) => self.schedule(event),
            Event::ShowRelocated(event) => {
                let own = &self.own;
                if let Some(show) = self.shows.get_mut(event.show.0) {
                    show.relocate(event, |zone| own.seat_count(zone));
                }
            }
            // The one event that concerns every show without naming it.
            Event::ChannelClosed(event) => {
                self.shows.values_mut().for_each(|show| show.close_channel(event.channel));
            }
            event => self.fold_show(event),
        }
    }

    fn save(&self, out: &mut dyn FnMut(PartitionKey, Vec<u8>)) {
        out(OWN, encode(&self.own));
        self.shows.save(SHOWS, out);
    }

    fn load(&mut self, key: PartitionKey, bytes: &[u8]) -> Option<()> {
        match key {
            OWN => self.own = decode(bytes)?,
            PartitionKey { family: SHOWS, id } => self.shows.load(id, bytes).map(|_| ())?,
            _ => return None,
        }
        Some(())
    }
}

impl Availability {
    fn schedule(&mut self, event: &ShowScheduled) {
        let own = &self.own;
        self.shows.add(event.show.0, || Show::new(event, |zone| own.seat_count(zone)));
    }

    fn sell(&mut self, lines: &OrderLines, holds: &[HoldId]) {
        for tickets in lines.tickets.chunk_by(|left, right| left.show == right.show) {
            let Some(show) = tickets.first().and_then(|line| self.shows.get_mut(line.show.0)) else {
                continue;
            };
            // A hold gives its places back before the tickets take them.
            holds.iter().for_each(|hold| show.end_hold(*hold));
            tickets.iter().for_each(|line| show.sell(lines.channel, line));
        }
    }

    fn fold_show(&mut self, event: &Event) {
        if let Some(cancellation) = event::cancelled(event) {
            for cancelled in &cancellation.tickets {
                if let Some(show) = self.shows.get_mut(cancelled.show.0) {
                    show.cancel(cancelled.ticket);
                }
            }
            return;
        }
        match event {
            Event::QuotaAllocated(event) => {
                self.zone(event.show, event.zone, |zone| zone.allocate(event.channel, &event.places));
            }
            Event::QuotaTransferred(event) => {
                self.zone(event.show, event.zone, |zone| zone.transfer(event.from, event.to, &event.places));
            }
            Event::QuotaClosed(event) => {
                self.zone(event.show, event.zone, |zone| zone.close_quota(event.channel));
            }
            Event::QuotaReturned(event) => {
                self.zone(event.show, event.zone, |zone| zone.give_back(event.channel, &event.places));
            }
            Event::QuotaDeadlineSet(event) => {
                self.zone(event.show, event.zone, |zone| zone.set_deadline(event.channel, event.returns_at));
            }
            Event::QuotasExpired(event) => {
                for quota in &event.quotas {
                    self.zone(event.show, quota.zone, |zone| zone.close_quota(quota.channel));
                }
            }
            Event::CompLimitsSet(event) => {
                self.of(event.show, |show| show.comps.limits.clone_from(&event.limits));
            }
            Event::HoldPlaced(event) => self.of(event.show, |show| show.place_hold(event)),
            Event::HoldReleased(event) => self.of(event.show, |show| show.end_hold(event.hold)),
            Event::HoldExpired(event) => self.of(event.show, |show| show.end_hold(event.hold)),
            Event::PriceReduced(event) => {
                self.of(event.show, |show| show.reprice(event.ticket, event.after));
            }
            _ => {}
        }
    }

    fn of(&mut self, show: ShowId, change: impl FnOnce(&mut Show)) {
        if let Some(show) = self.shows.get_mut(show.0) {
            change(show);
        }
    }

    fn zone(&mut self, show: ShowId, zone: ZoneId, change: impl FnOnce(&mut zone::Zone)) {
        if let Some(zone) = self.shows.get_mut(show.0).and_then(|show| show.zone_mut(zone)) {
            change(zone);
        }
    }

    /// Places of a show at an instant, from the last event on; none when it was never scheduled.
    pub fn show_at(&self, show: ShowId, now: Timestamp) -> Option<ShowAvailability> {
        self.shows.get(show.0).map(|places| places.view_at(now, show))
    }

    /// As [`Self::seats`], at an instant from the last event on.
    pub fn seats_at(&self, show: ShowId, zone: ZoneId, now: Timestamp) -> Vec<SeatAvailability> {
        let Some(show) = self.shows.get(show.0) else { return Vec::new() };
        let zones = show.zones_at(now);
        zones.iter().find(|known| known.zone == zone).map(zone::Zone::seats).unwrap_or_default()
    }

    /// Places of a show as the log has it; none when it was never scheduled.
    pub fn show(&self, show: ShowId) -> Option<ShowAvailability> {
        self.shows.get(show.0).map(|places| places.view(show))
    }

    /// Every numbered seat of a zone of a show, by number; empty for free seating.
    pub fn seats(&self, show: ShowId, zone: ZoneId) -> Vec<SeatAvailability> {
        self.shows.get(show.0).and_then(|show| show.zone(zone)).map(zone::Zone::seats).unwrap_or_default()
    }
}

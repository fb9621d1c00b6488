//! What decisions know of shows.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use soticket_schema::event::v1::{SerialScope, ShowScheduled};
use soticket_schema::{ChannelId, HoldId, SeatId, ShowId, Timestamp, ZoneId};

use super::State;
use super::comp::Comps;
use super::places::{Account, Kind, ZonePlaces};
use super::show_refund::ShowRefund;

/// Where a show stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum ShowStatus {
    /// Planned; nothing sells.
    Scheduled,
    /// Open for sale within its sale window.
    Open,
    /// Closed at this instant; nothing sells live.
    Closed(Timestamp),
    /// Called off at this instant; nothing sells live, and its tickets admit nobody.
    Cancelled(Timestamp),
}

/// A show and its places.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Show {
    pub(crate) status: ShowStatus,
    pub(crate) starts_at: Timestamp,
    pub(crate) sale_from: Timestamp,
    pub(crate) sale_until: Timestamp,
    /// Tax territory.
    pub(crate) territory: String,
    pub(crate) authorised_capacity: i64,
    pub(crate) serial_scope: SerialScope,
    /// Last serial, for a series of the show.
    pub(super) serial: u64,
    /// Places sold and held over all zones.
    pub(crate) occupied: i64,
    pub(crate) zones: Vec<ZonePlaces>,
    /// Its holds by when they end, so that those past their time are found without looking at the others.
    pub(super) expiries: BTreeSet<(Timestamp, HoldId)>,
    /// Its open quotas that go back by themselves, by when they do.
    pub(super) deadlines: BTreeSet<(Timestamp, ZoneId, ChannelId)>,
    /// Until when holders may ask for their money, after the show was moved.
    pub(crate) refunds_until: Option<Timestamp>,
    pub(crate) comps: Comps,
    /// The refund that is under way.
    pub(crate) refund: Option<ShowRefund>,
    /// How many refunds were begun.
    pub(crate) refund_runs: u32,
}

impl Show {
    /// Place of a zone among the show's; a hall has at most 100 zones.
    pub(crate) fn zone_index(&self, zone: ZoneId) -> Option<u8> {
        self.zones.iter().position(|places| places.zone == zone).and_then(|index| u8::try_from(index).ok())
    }

    pub(crate) fn zone(&self, index: u8) -> Option<&ZonePlaces> {
        self.zones.get(usize::from(index))
    }

    /// Valid tickets.
    pub(crate) fn sold(&self) -> i64 {
        let channels = self.zones.iter().flat_map(|zone| &zone.channels);
        channels.map(|channel| channel.sold).fold(0, i64::saturating_add)
    }

    /// Places left before the hall's authorised capacity is reached.
    pub(crate) fn hall_left(&self) -> i64 {
        self.authorised_capacity.saturating_sub(self.occupied)
    }

    /// Places that a channel could take now: its quota's or the pool's, within the zone and the hall.
    pub(crate) fn left_for(&self, zone: &ZonePlaces, channel: ChannelId) -> i64 {
        let account = if zone.has_quota(channel) { Account::Quota(channel) } else { Account::Pool };
        zone.left(account).min(zone.zone_left()).min(self.hall_left()).max(0)
    }

    /// Adds `count` places (fewer when negative) to what a channel has sold or holds.
    pub(super) fn occupy(
        &mut self,
        zone: u8,
        channel: ChannelId,
        seat: Option<SeatId>,
        kind: Kind,
        count: i64,
    ) {
        if let Some(places) = self.zones.get_mut(usize::from(zone)) {
            places.occupy(channel, seat, kind, count);
            self.occupied = self.occupied.saturating_add(count);
        }
    }

    /// Zone and channel of the quotas whose deadlines are at or before `now`, in the order of these.
    pub(crate) fn due_quotas(&self, now: Timestamp) -> impl Iterator<Item = (ZoneId, ChannelId)> {
        let due = self.deadlines.iter().take_while(move |(returns_at, ..)| *returns_at <= now);
        due.map(|(_, zone, channel)| (*zone, *channel))
    }

    pub(super) fn set_deadline(&mut self, zone: ZoneId, channel: ChannelId, returns_at: Option<Timestamp>) {
        let Some(places) = self.zones.iter_mut().find(|places| places.zone == zone) else { return };
        if let Some(before) = places.set_deadline(channel, returns_at) {
            self.deadlines.remove(&(before, zone, channel));
        }
        if let Some(returns_at) = places.deadline(channel) {
            self.deadlines.insert((returns_at, zone, channel));
        }
    }

    pub(super) fn close_quota(&mut self, zone: ZoneId, channel: ChannelId) {
        self.set_deadline(zone, channel, None);
        if let Some(places) = self.zones.iter_mut().find(|places| places.zone == zone) {
            places.close_quota(channel);
        }
    }

    /// Ends the channel's quotas in every zone.
    pub(super) fn close_quotas(&mut self, channel: ChannelId) {
        self.zones.iter_mut().for_each(|places| places.close_quota(channel));
        self.deadlines.retain(|(_, _, of)| *of != channel);
    }

    /// The holds that end at or before `now`, in the order in which they end.
    pub(crate) fn expired(&self, now: Timestamp) -> impl Iterator<Item = HoldId> {
        self.expiries.iter().take_while(move |(ends, _)| *ends <= now).map(|(_, hold)| *hold)
    }
}

impl State {
    pub(super) fn show_scheduled(&mut self, event: &ShowScheduled) {
        let zones = event.zones.iter().take(usize::from(u8::MAX)).map(|on_sale| {
            let seats = self.zones.get(on_sale.zone.0).map_or(0, |zone| zone.seats);
            ZonePlaces::new(on_sale.zone, on_sale.on_sale, seats)
        });
        let show = Show {
            status: ShowStatus::Scheduled,
            starts_at: event.starts_at,
            sale_from: event.sale_from,
            sale_until: event.sale_until,
            territory: event.territory.clone(),
            authorised_capacity: i64::from(event.authorised_capacity),
            serial_scope: event.serial_scope,
            serial: 0,
            occupied: 0,
            zones: zones.collect(),
            expiries: BTreeSet::new(),
            deadlines: BTreeSet::new(),
            refunds_until: None,
            comps: Comps::default(),
            refund: None,
            refund_runs: 0,
        };
        if self.shows.push(event.show.0, show) {
            self.references.entry(event.reference.clone()).or_insert(event.show);
        }
    }

    pub(super) fn show_opened(&mut self, show: ShowId) {
        if let Some(show) = self.shows.get_mut(show.0)
            && show.status == ShowStatus::Scheduled
        {
            show.status = ShowStatus::Open;
        }
    }

    pub(super) fn show_closed(&mut self, show: ShowId, at: Timestamp) {
        if let Some(show) = self.shows.get_mut(show.0)
            && !matches!(show.status, ShowStatus::Cancelled(_))
        {
            show.status = ShowStatus::Closed(at);
        }
    }
}

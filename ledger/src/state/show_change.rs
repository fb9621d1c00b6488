//! What happens to a show that was announced.

use std::collections::BTreeSet;

use soticket_schema::event::v1::{MovedZone, Places, ShowPostponed, ShowRelocated};
use soticket_schema::{SeatId, ShowId, Timestamp};

use super::places::Kind;
use super::{Show, ShowStatus, State, ZonePlaces};

/// The zone's place of a ticket whose zone was given up.
const NOWHERE: u8 = u8::MAX;

impl State {
    /// A show that was closed is only planned again: it opens anew for its new date.
    pub(super) fn show_postponed(&mut self, event: &ShowPostponed) {
        let Some(show) = self.shows.get_mut(event.show.0) else { return };
        if matches!(show.status, ShowStatus::Closed(_)) {
            show.status = ShowStatus::Scheduled;
        }
        show.starts_at = event.starts_at;
        (show.sale_from, show.sale_until) = (event.sale_from, event.sale_until);
        show.refunds_until = event.refunds_until;
    }

    pub(super) fn show_cancelled(&mut self, show: ShowId, at: Timestamp) {
        if let Some(show) = self.shows.get_mut(show.0)
            && !matches!(show.status, ShowStatus::Cancelled(_))
        {
            show.status = ShowStatus::Cancelled(at);
        }
    }

    pub(super) fn show_relocated(&mut self, event: &ShowRelocated) {
        let (Some(after), Some(before)) = (self.relocated(event), self.shows.get_mut(event.show.0)) else {
            return;
        };
        let before = std::mem::replace(before, after);
        let moves = Moves::new(&before, event);
        for ticket in self.tickets.iter_mut().filter(|ticket| ticket.show() == event.show) {
            let (zone, seat) = moves.place(ticket.zone, ticket.seat()).unwrap_or((NOWHERE, None));
            ticket.relocate(zone, seat);
        }
        for hold in self.holds.iter_mut().filter(|hold| hold.show == event.show) {
            let zone = hold.zone;
            hold.places = moves.places(zone, &hold.places);
            hold.zone = moves.place(zone, None).map_or(NOWHERE, |(zone, _)| zone);
        }
        for tariff in self.tariffs.iter_mut().filter(|tariff| tariff.show == event.show) {
            tariff.terms.prices = event.prices(&tariff.terms.prices);
        }
        self.packs.relocated(event);
    }

    /// The show as it is after a move: places are counted anew from its tickets and holds.
    pub(crate) fn relocated(&self, event: &ShowRelocated) -> Option<Show> {
        let before = self.shows.get(event.show.0)?;
        let zones = event.zones.iter().take(usize::from(NOWHERE)).map(|on_sale| {
            let seats = self.zones.get(on_sale.zone.0).map_or(0, |zone| zone.seats);
            ZonePlaces::new(on_sale.zone, on_sale.on_sale, seats)
        });
        let mut after = Show {
            authorised_capacity: i64::from(event.authorised_capacity),
            occupied: 0,
            zones: zones.collect(),
            deadlines: BTreeSet::new(),
            refunds_until: event.refunds_until,
            ..before.clone()
        };
        let moves = Moves::new(before, event);
        for (from, zone) in (0..NOWHERE).zip(&before.zones) {
            if let Some((to, moved)) = moves.of(from)
                && let Some(places) = after.zones.get_mut(usize::from(to))
            {
                move_quotas(zone, moved, places);
                for channel in zone.channels.iter().map(|places| places.channel) {
                    if let Some(returns_at) = zone.deadline(channel) {
                        after.set_deadline(moved.to, channel, Some(returns_at));
                    }
                }
            }
        }
        let tickets = self.tickets.iter().filter(|ticket| ticket.show() == event.show && !ticket.cancelled);
        for ticket in tickets {
            if let Some((zone, seat)) = moves.place(ticket.zone, ticket.seat()) {
                after.occupy(zone, ticket.channel(), seat, Kind::Sold, 1);
            }
        }
        for hold in self.holds.iter().filter(|hold| hold.show == event.show) {
            let Some((zone, _)) = moves.place(hold.zone, None) else { continue };
            match moves.places(hold.zone, &hold.places) {
                Places::Count(count) => after.occupy(zone, hold.channel, None, Kind::Held, i64::from(count)),
                Places::Seats(seats) => {
                    for seat in seats {
                        after.occupy(zone, hold.channel, Some(seat), Kind::Held, 1);
                    }
                }
            }
        }
        Some(after)
    }
}

/// Quotas of free seating end where seats are numbered: nobody can say which seats they are.
fn move_quotas(from: &ZonePlaces, moved: &MovedZone, to: &mut ZonePlaces) {
    for channel in &from.channels {
        let Some(quota) = channel.quota else {
            if channel.quota_closed {
                to.quota_was_closed(channel.channel);
            }
            continue;
        };
        match (from.is_numbered(), to.is_numbered()) {
            (_, false) => {
                let count = u32::try_from(quota).unwrap_or(0);
                to.allocate(channel.channel, &Places::Count(count));
            }
            (true, true) => {
                let seats = from.seats_of(channel.channel);
                let seats = seats.filter_map(|seat| moved.seat(Some(seat))).collect();
                to.allocate(channel.channel, &Places::Seats(seats));
            }
            (false, true) => to.quota_was_closed(channel.channel),
        }
    }
}

/// Where each of a show's zones goes, by its place among the show's.
struct Moves<'a> {
    zones: Vec<Option<(u8, &'a MovedZone)>>,
}

impl<'a> Moves<'a> {
    fn new(before: &Show, event: &'a ShowRelocated) -> Self {
        let zones = before.zones.iter().map(|zone| {
            let moved = event.moved(zone.zone)?;
            let to = event.zones.iter().position(|on_sale| on_sale.zone == moved.to)?;
            Some((u8::try_from(to).ok().filter(|to| *to != NOWHERE)?, moved))
        });
        Self { zones: zones.collect() }
    }

    fn of(&self, zone: u8) -> Option<(u8, &'a MovedZone)> {
        self.zones.get(usize::from(zone)).copied().flatten()
    }

    fn place(&self, zone: u8, seat: Option<SeatId>) -> Option<(u8, Option<SeatId>)> {
        let (to, moved) = self.of(zone)?;
        Some((to, moved.seat(seat)))
    }

    fn places(&self, zone: u8, places: &Places) -> Places {
        self.of(zone).map_or_else(|| places.clone(), |(_, moved)| moved.places(places))
    }
}

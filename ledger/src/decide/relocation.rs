//! Shows that move to another hall, or to other zones of theirs.

use soticket_schema::command::{RelocateShow, ZoneMove};
use soticket_schema::event::v1::{MovedZone, ShowRelocated};
use soticket_schema::limits::{SEATS_MAX, ZONES_MAX};
use soticket_schema::{Event, Rejection, RejectionCode};

use super::checks::{Checks, Path, field};
use super::show::{check_zone_names, check_zones, show};
use super::show_change::{check_not_cancelled, check_refunds_until};
use super::{Context, Decide, Timing, When};
use crate::state::{Hall, Show, State, ZonePlaces};

impl Decide for RelocateShow {
    fn timing(&self) -> Timing {
        Timing::Either
    }

    fn shape(&self, _when: When, checks: &mut Checks) {
        check_zones(&self.zones, checks);
        let moves = field("moves");
        checks.list(&self.moves, ZONES_MAX, moves);
        let from = self.moves.iter().take(ZONES_MAX).map(|moved| moved.from).enumerate();
        checks.distinct(from, |index| moves.item(index).field("from").to_string());
        for (index, moved) in self.moves.iter().enumerate().take(ZONES_MAX) {
            let at = moves.item(index);
            let seats = at.field("seats");
            checks.list(&moved.seats, SEATS_MAX, seats);
            let known = moved.seats.iter().take(SEATS_MAX).copied().enumerate();
            checks.distinct(known, |index| seats.item(index).to_string());
        }
        check_refunds_until(self.refunds_until, checks);
    }

    /// Tickets, holds and quotas move with their zones. A live move must leave a place for everybody; as a fact it is
    /// recorded, and availability shows what is oversold.
    fn decide(&self, context: &Context<'_>, checks: &mut Checks) -> Result<Vec<Event>, Rejection> {
        let state = context.state;
        let before = show(state, self.show)?;
        let hall = state.halls.get(self.hall.0);
        check_zone_names(&self.zones, self.hall, state, checks);
        check_move_names(self, before, checks);
        let hall = checks.need(hall, RejectionCode::HallUnknown, field("hall"))?;
        check_not_cancelled(before, checks);
        check_moves(self, before, state, checks);
        checks.done()?;
        let event = relocated(self, hall, state);
        if !context.is_fact()
            && let Some(after) = state.relocated(&event)
        {
            check_places(&after, checks);
        }
        Ok(vec![event.into()])
    }
}

fn relocated(command: &RelocateShow, hall: &Hall, state: &State) -> ShowRelocated {
    let moves = command.moves.iter().map(|moved| MovedZone {
        from: moved.from,
        to: moved.to,
        seats: moved.seats.clone(),
        seat_count: state.zones.get(moved.to.0).map_or(0, |zone| zone.seats),
    });
    ShowRelocated {
        show: command.show,
        hall: command.hall,
        authorised_capacity: hall.authorised_capacity,
        zones: command.zones.clone(),
        moves: moves.collect(),
        refunds_until: command.refunds_until,
    }
}

/// Zones are the show's before, and the command's after.
fn check_move_names(command: &RelocateShow, before: &Show, checks: &mut Checks) {
    let moves = field("moves");
    for (index, moved) in command.moves.iter().enumerate() {
        let at = moves.item(index);
        let from = before.zone_index(moved.from).is_some();
        checks.ensure(from, RejectionCode::ZoneUnknown, at.field("from"));
        let to = command.zones.iter().any(|zone| zone.zone == moved.to);
        checks.ensure(to, RejectionCode::ZoneUnknown, at.field("to"));
    }
}

/// Whoever has a place, or a quota, keeps one; seats are named by the numbers that there are.
fn check_moves(command: &RelocateShow, before: &Show, state: &State, checks: &mut Checks) {
    let moves = field("moves");
    for zone in before.zones.iter().filter(|zone| in_use(zone)) {
        let moved = command.moves.iter().any(|moved| moved.from == zone.zone);
        checks.ensure(moved, RejectionCode::ZoneNotMoved, moves);
    }
    for (index, moved) in command.moves.iter().enumerate() {
        let from = before.zone_index(moved.from).and_then(|zone| before.zone(zone));
        let to = state.zones.get(moved.to.0);
        if let (Some(from), Some(to)) = (from, to) {
            check_seats(moved, from, to.seats, moves.item(index), checks);
        }
    }
}

fn in_use(zone: &ZonePlaces) -> bool {
    zone.occupied != 0 || zone.channels.iter().any(|channel| channel.quota.is_some())
}

fn check_seats(moved: &ZoneMove, from: &ZonePlaces, seat_count: u32, at: Path<'_>, checks: &mut Checks) {
    let seats = at.field("seats");
    match (from.is_numbered(), seat_count > 0) {
        (true, true) if moved.seats.is_empty() => {
            // Every seat in use keeps its number: the other zone has one of that number.
            let fits = from.seats_in_use().all(|seat| seat.0 < seat_count);
            checks.ensure(fits, RejectionCode::SeatUnknown, at.field("to"));
        }
        (true, true) => {
            let all = moved.seats.len() == from.seat_count as usize;
            checks.ensure(all, RejectionCode::SeatsMismatch, seats);
            for (index, seat) in moved.seats.iter().enumerate() {
                checks.ensure(seat.0 < seat_count, RejectionCode::SeatUnknown, seats.item(index));
            }
        }
        (false, true) => {
            checks.ensure(moved.seats.is_empty(), RejectionCode::SeatNotAllowed, seats);
            // Nobody can say who of those who stood sits where.
            checks.ensure(from.occupied == 0, RejectionCode::SeatRequired, at.field("to"));
        }
        (_, false) => checks.ensure(moved.seats.is_empty(), RejectionCode::SeatNotAllowed, seats),
    }
}

/// The new places take everybody.
fn check_places(after: &Show, checks: &mut Checks) {
    let zones = field("zones");
    for (index, zone) in after.zones.iter().enumerate() {
        let at = zones.item(index);
        checks.ensure(zone.takes_all(), RejectionCode::CapacityExceeded, at.field("on_sale"));
        let once = zone.seats_in_use().all(|seat| zone.occupations(seat) <= 1);
        checks.ensure(once, RejectionCode::SeatTaken, field("moves"));
    }
    checks.ensure(after.hall_left() >= 0, RejectionCode::CapacityExceeded, field("hall"));
}

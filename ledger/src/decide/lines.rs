//! What live and reported sales have in common: places, items, methods, serials.

use soticket_schema::command::ItemRequest;
use soticket_schema::event::v1::{ItemKind, ItemLine, Leg, OrderLines, PaymentRecorded};
use soticket_schema::limits::ORDER_ITEMS_MAX;
use soticket_schema::{
    Amount, ItemId, OrderId, RejectionCode, SeatId, ShowId, SubjectRef, TariffId, TicketId, ZoneId,
};

use super::availability::Place;
use super::checks::{Checks, Path, field};
use crate::state::{Series, Show, State, Tariff, ZonePlaces};

/// What a ticket request names, looked up.
pub(super) struct Found<'a> {
    pub(super) place: Place,
    pub(super) show: &'a Show,
    pub(super) zone: &'a ZonePlaces,
    pub(super) tariff: &'a Tariff,
}

/// Looks up what a ticket request names.
pub(super) fn find<'a>(
    state: &'a State,
    names: (ShowId, ZoneId, Option<SeatId>, TariffId),
    at: Path<'_>,
    checks: &mut Checks,
) -> Option<Found<'a>> {
    let (show_id, zone_id, seat, tariff_id) = names;
    let show = checks.found(state.shows.get(show_id.0), RejectionCode::ShowUnknown, at.field("show"))?;
    let index = checks.found(show.zone_index(zone_id), RejectionCode::ZoneUnknown, at.field("zone"));
    let zone = index.and_then(|index| show.zone(index));
    if let (Some(zone), Some(seat)) = (zone, seat) {
        checks.ensure(zone.is_numbered(), RejectionCode::SeatNotAllowed, at.field("seat"));
        let known = !zone.is_numbered() || seat.0 < zone.seat_count;
        checks.ensure(known, RejectionCode::SeatUnknown, at.field("seat"));
    }
    let tariff = state.tariffs.get(tariff_id.0).filter(|tariff| tariff.show == show_id);
    let tariff = checks.found(tariff, RejectionCode::TariffUnknown, at.field("tariff"))?;
    Some(Found { place: Place::new(show_id, index?, seat), show, zone: zone?, tariff })
}

/// Serials for the tickets of one command, on top of those given before.
pub(super) struct Serials<'a> {
    state: &'a State,
    last: Vec<(Series, u64)>,
}

impl<'a> Serials<'a> {
    pub(super) fn new(state: &'a State) -> Self {
        Self { state, last: Vec::new() }
    }

    pub(super) fn next(&mut self, show: ShowId, tariff: TariffId, zone: ZoneId) -> u64 {
        let series = self.state.series(show, tariff, zone);
        if let Some((_, last)) = self.last.iter_mut().find(|(known, _)| *known == series) {
            *last = last.saturating_add(1);
            return *last;
        }
        let serial = self.state.last_serial(series).saturating_add(1);
        self.last.push((series, serial));
        serial
    }
}

/// No seat twice in one command.
pub(super) fn check_seats_distinct(
    seats: impl Iterator<Item = (ShowId, ZoneId, Option<SeatId>)>,
    checks: &mut Checks,
) {
    let seats =
        seats.enumerate().filter_map(|(index, (show, zone, seat))| Some((index, (show, zone, seat?))));
    checks.distinct(seats, |index| field("tickets").item(index).field("seat").to_string());
}

/// The shape of a command's `items`; those of facts may be negative.
pub(super) fn check_items(items: &[ItemRequest], tickets: usize, fact: bool, checks: &mut Checks) {
    let at = field("items");
    checks.list(items, ORDER_ITEMS_MAX, at);
    for (index, item) in items.iter().enumerate().take(ORDER_ITEMS_MAX) {
        let at = at.item(index);
        if fact {
            checks.signed_amount(item.price, at.field("price"));
        } else {
            checks.amount(item.price, at.field("price"));
        }
        checks.rate(item.vat, at.field("vat"));
        check_stated_vat(item.stated_vat, fact, at, checks);
        let known = item.ticket.is_none_or(|ticket| usize::from(ticket) < tickets);
        checks.ensure(known, RejectionCode::TicketUnknown, at.field("ticket"));
    }
}

/// The shape of a `stated_vat`.
pub(super) fn check_stated_vat(vat: Option<Amount>, fact: bool, at: Path<'_>, checks: &mut Checks) {
    match vat {
        Some(vat) if fact => checks.signed_amount(vat, at.field("stated_vat")),
        Some(vat) => checks.amount(vat, at.field("stated_vat")),
        None => {}
    }
}

/// What a command's `items` name.
pub(super) fn check_item_names(items: &[ItemRequest], state: &State, checks: &mut Checks) {
    let at = field("items");
    for (index, item) in items.iter().enumerate() {
        let at = at.item(index);
        let show_known = item.show.is_none_or(|show| state.shows.get(show.0).is_some());
        checks.ensure(show_known, RejectionCode::ShowUnknown, at.field("show"));
        if let ItemKind::Product(product) = item.kind {
            checks.ensure(state.products.knows(product.0), RejectionCode::ProductUnknown, at.field("kind"));
        }
    }
}

/// The methods that a list of legs names.
pub(super) fn check_methods(legs: &[Leg], state: &State, at: Path<'_>, checks: &mut Checks) {
    for (index, leg) in legs.iter().enumerate() {
        let known = state.methods.get(leg.method.0).is_some();
        checks.ensure(known, RejectionCode::MethodUnknown, at.item(index).field("method"));
    }
}

/// The lines that a command's `items` become.
pub(super) fn item_lines(items: &[ItemRequest], first: ItemId, first_ticket: TicketId) -> Vec<ItemLine> {
    let lines = items.iter().zip(first.0..).map(|(item, number)| ItemLine {
        item: ItemId(number),
        kind: item.kind,
        show: item.show,
        price: item.price,
        vat: item.vat,
        stated_vat: item.stated_vat,
        ticket: item.ticket.map(|index| TicketId(first_ticket.0.saturating_add(u64::from(index)))),
    });
    lines.collect()
}

/// Shows of the lines of a sale, in their order.
pub(super) fn shows(lines: &OrderLines) -> impl Iterator<Item = ShowId> {
    let tickets = lines.tickets.iter().map(|line| line.show);
    tickets.chain(lines.items.iter().filter_map(|line| line.show))
}

/// The sum of legs.
pub(super) fn sum(legs: &[Leg]) -> Amount {
    legs.iter().map(|leg| leg.amount).sum()
}

/// The payment of an order, if it has one.
pub(super) fn payment(
    state: &State,
    order: OrderId,
    subject: Option<SubjectRef>,
    shows: Vec<ShowId>,
    legs: &[Leg],
) -> Option<PaymentRecorded> {
    let payment = state.orders.next_payment();
    (!legs.is_empty()).then(|| PaymentRecorded { payment, order, subject, shows, legs: legs.to_vec() })
}

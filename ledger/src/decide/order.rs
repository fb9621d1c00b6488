//! Live sales.

use soticket_schema::command::{PlaceOrder, TicketRequest};
use soticket_schema::event::v1::{OrderLines, OrderPlaced, Places, TariffKind, TicketLine};
use soticket_schema::limits::{ORDER_TICKETS_MAX, REFERENCE_BYTES_MAX};
use soticket_schema::{Amount, Event, Rate, Rejection, RejectionCode, SeatId, ShowId, TicketId};

use super::availability::Availability;
use super::checks::{Checks, Path, field};
use super::hold::in_force;
use super::lines::{self, Found, Serials};
use super::show::not_selling;
use super::{Context, Decide, When};
use crate::state::{Channel, State, distinct};

impl Decide for PlaceOrder {
    fn shape(&self, when: When, checks: &mut Checks) {
        checks.text_or_empty(&self.seller, REFERENCE_BYTES_MAX, field("seller"));
        checks.buyer(self.buyer.as_ref());
        let (holds, tickets) = (field("holds"), field("tickets"));
        checks.list(&self.holds, ORDER_TICKETS_MAX, holds);
        let ids = self.holds.iter().take(ORDER_TICKETS_MAX).copied().enumerate();
        checks.distinct(ids, |index| holds.item(index).to_string());
        let something = !self.tickets.is_empty() || !self.items.is_empty();
        checks.ensure(something, RejectionCode::ListEmpty, tickets);
        checks.list(&self.tickets, ORDER_TICKETS_MAX, tickets);
        for (index, ticket) in self.tickets.iter().enumerate().take(ORDER_TICKETS_MAX) {
            if let Some(price) = ticket.price {
                checks.amount(price, tickets.item(index).field("price"));
            }
        }
        let seats = self.tickets.iter().take(ORDER_TICKETS_MAX);
        lines::check_seats_distinct(seats.map(|ticket| (ticket.show, ticket.zone, ticket.seat)), checks);
        lines::check_items(&self.items, self.tickets.len(), when.fact, checks);
        checks.legs(&self.payment, field("payment"));
    }

    fn decide(&self, context: &Context<'_>, checks: &mut Checks) -> Result<Vec<Event>, Rejection> {
        let state = context.state;
        let found = find(self, state, checks);
        let channel = state.channels.get(self.channel.0);
        let channel = checks.need(channel, RejectionCode::ChannelUnknown, field("channel"))?;

        check_selling(context, channel, &found, checks);
        check_catalogue(self, &found, checks);
        if self.holds.is_empty() {
            check_free(self, context, &found, checks);
        } else {
            check_holds(self, context, &found, checks);
        }
        let lines = order_lines(self, context, channel, &found);
        check_payment(self, &lines, checks);
        Ok(events(self, state, lines))
    }
}

/// Looks up what the command names but its channel.
fn find<'a>(command: &PlaceOrder, state: &'a State, checks: &mut Checks) -> Vec<Found<'a>> {
    let tickets = field("tickets");
    let mut found = Vec::with_capacity(command.tickets.len());
    for (index, ticket) in command.tickets.iter().enumerate() {
        let names = (ticket.show, ticket.zone, ticket.seat, ticket.tariff);
        found.extend(lines::find(state, names, tickets.item(index), checks));
    }
    lines::check_item_names(&command.items, state, checks);
    lines::check_methods(&command.payment, state, field("payment"), checks);
    let holds = field("holds");
    for (index, hold) in command.holds.iter().enumerate() {
        checks.ensure(state.holds.knows(*hold), RejectionCode::HoldUnknown, holds.item(index));
    }
    found
}

fn check_selling(context: &Context<'_>, channel: &Channel, found: &[Found<'_>], checks: &mut Checks) {
    let tickets = field("tickets");
    for (index, ticket) in found.iter().enumerate() {
        if let Some(code) = not_selling(ticket.show, context.now) {
            checks.ensure(false, code, tickets.item(index).field("show"));
        }
    }
    checks.ensure(!channel.closed, RejectionCode::ChannelClosed, field("channel"));
}

fn check_catalogue(command: &PlaceOrder, found: &[Found<'_>], checks: &mut Checks) {
    let tickets = field("tickets");
    for (index, (request, found)) in command.tickets.iter().zip(found).enumerate() {
        let at = tickets.item(index);
        let price = found.tariff.price_in(request.zone);
        checks.ensure(price.is_some(), RejectionCode::TariffNotInZone, at.field("tariff"));
        let sold = found.tariff.sold_by(command.channel);
        checks.ensure(sold, RejectionCode::TariffNotOnChannel, at.field("tariff"));
        check_comp(request, found, at, checks);
        let agreed = request.price.is_none() || request.price == price;
        checks.ensure(agreed, RejectionCode::PriceMismatch, at.field("price"));
        let seated = !found.zone.is_numbered() || request.seat.is_some();
        checks.ensure(seated, RejectionCode::SeatRequired, at.field("seat"));
    }
}

fn check_free(command: &PlaceOrder, context: &Context<'_>, found: &[Found<'_>], checks: &mut Checks) {
    let mut availability = Availability::new(context.state, context.now);
    let tickets = field("tickets");
    for (index, found) in found.iter().enumerate() {
        let at = tickets.item(index);
        availability.take(found.place, command.channel, 1).refuse(checks, at, at.field("seat"));
    }
}

/// The places of holds are kept for the channel already: the tickets must take exactly these.
fn check_holds(command: &PlaceOrder, context: &Context<'_>, found: &[Found<'_>], checks: &mut Checks) {
    let at = field("holds");
    let mut kept = Vec::new();
    let mut count = 0_usize;
    for (index, id) in command.holds.iter().enumerate() {
        let hold = in_force(context.state, *id, context.now);
        let Some(hold) = checks.found(hold, RejectionCode::HoldEnded, at.item(index)) else { continue };
        let own = hold.channel == command.channel;
        checks.ensure(own, RejectionCode::HoldMismatch, at.item(index));
        count = count.saturating_add(hold.places.count() as usize);
        if count <= found.len() {
            kept.extend(places_of(hold.show, hold.zone, &hold.places));
        }
    }
    let mut taken: Vec<HeldPlace> =
        found.iter().map(|found| (found.place.show, found.place.zone, found.place.seat)).collect();
    kept.sort_unstable();
    taken.sort_unstable();
    checks.ensure(kept == taken && count == taken.len(), RejectionCode::HoldMismatch, at);
}

fn check_payment(command: &PlaceOrder, lines: &OrderLines, checks: &mut Checks) {
    let tickets: Amount = lines.tickets.iter().map(|line| line.price + line.fee).sum();
    let total = tickets + lines.items.iter().map(|line| line.price).sum();
    let fits = command.payment.is_empty() || lines::sum(&command.payment) == total;
    checks.ensure(fits, RejectionCode::PaymentMismatch, field("payment"));
}

fn order_lines(
    command: &PlaceOrder,
    context: &Context<'_>,
    channel: &Channel,
    found: &[Found<'_>],
) -> OrderLines {
    let state = context.state;
    let first = state.tickets.next();
    let mut serials = Serials::new(state);
    let mut codes = context.codes.iter();
    let tickets = command.tickets.iter().zip(found).zip(first.0..).map(|((request, found), number)| {
        let price = found.tariff.price_in(request.zone).unwrap_or_default();
        // A free ticket has no fee on top.
        let paid = price > Amount::ZERO;
        TicketLine {
            ticket: TicketId(number),
            show: request.show,
            zone: request.zone,
            seat: request.seat,
            tariff: request.tariff,
            serial: serials.next(request.show, request.tariff, request.zone),
            price,
            fee: if paid { channel.fee_on_top } else { Amount::ZERO },
            vat: found.tariff.terms.vat,
            stated_vat: None,
            fee_vat: if paid { channel.fee_vat } else { Rate::ZERO },
            pack: None,
            comp: request.comp,
            replaces: None,
            codes: codes.next().copied().into_iter().collect(),
        }
    });
    OrderLines {
        order: state.orders.next(),
        channel: command.channel,
        seller: command.seller.clone(),
        subject: context.subject,
        tickets: tickets.collect(),
        items: lines::item_lines(&command.items, state.orders.next_item(), first),
    }
}

fn events(command: &PlaceOrder, state: &State, lines: OrderLines) -> Vec<Event> {
    let tickets = lines.tickets.iter().map(|line| line.show);
    let shows = distinct(tickets.chain(lines.items.iter().filter_map(|line| line.show)));
    let payment = lines::payment(state, lines.order, lines.subject, shows, &command.payment);
    let mut events = Vec::with_capacity(2);
    events.push(OrderPlaced { lines, holds: command.holds.clone() }.into());
    events.extend(payment.map(Event::from));
    events
}

type HeldPlace = (ShowId, u8, Option<SeatId>);

fn places_of(show: ShowId, zone: u8, places: &Places) -> Vec<HeldPlace> {
    match places {
        Places::Count(count) => vec![(show, zone, None); *count as usize],
        Places::Seats(seats) => seats.iter().map(|seat| (show, zone, Some(*seat))).collect(),
    }
}

/// A free ticket states a reason that its tariff takes; others state none.
fn check_comp(request: &TicketRequest, found: &Found<'_>, at: Path<'_>, checks: &mut Checks) {
    let terms = &found.tariff.terms;
    let fits = match request.comp {
        Some(reason) => terms.kind == TariffKind::Free && terms.reasons.contains(&reason),
        None => terms.kind != TariffKind::Free,
    };
    checks.ensure(fits, RejectionCode::CompReasonInvalid, at.field("comp"));
}

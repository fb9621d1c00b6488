//! Live sales.

pub(super) mod rights;
mod rules;
mod wanted;

use soticket_schema::command::{PlaceOrder, TicketOnCard, TicketToCancel};
use soticket_schema::event::v1::{OrderLines, OrderPlaced, PacksSold, Places, TariffKind, TicketLine};
use soticket_schema::limits::{ORDER_TICKETS_MAX, REFERENCE_BYTES_MAX};
use soticket_schema::{
    Amount, Event, OrderId, Rate, Rejection, RejectionCode, SeatId, ShowId, SubjectRef, TicketId,
};

use super::availability::{Availability, Place};
use super::checks::{Checks, Path, field};
use super::commission;
use super::hold::in_force;
use super::lines::{self, Found, Serials};
use super::show::not_selling;
use super::{Context, Decide, When, comp, tariff_rules};
use crate::state::{Channel, State, distinct};
use wanted::{Wanted, sold_packs};

impl Decide for PlaceOrder {
    fn shape(&self, when: When, checks: &mut Checks) {
        checks.text_or_empty(&self.seller, REFERENCE_BYTES_MAX, field("seller"));
        checks.buyer(self.buyer.as_ref());
        let (holds, tickets) = (field("holds"), field("tickets"));
        checks.list(&self.holds, ORDER_TICKETS_MAX, holds);
        let ids = self.holds.iter().take(ORDER_TICKETS_MAX).copied().enumerate();
        checks.distinct(ids, |index| holds.item(index).to_string());
        let something = !self.tickets.is_empty() || !self.items.is_empty() || !self.packs.is_empty();
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
        wanted::check_shape(self, checks);
        checks.legs(&self.payment, field("payment"));
        rights::check_shape(self, checks);
    }

    fn decide(&self, context: &Context<'_>, checks: &mut Checks) -> Result<Vec<Event>, Rejection> {
        let target = Target {
            order: context.state.orders.next(),
            subject: context.subject,
            replaced: &[],
            on_cards: &self.entitlements.cards,
        };
        let sale = Sale::find(self, target, context, checks)?;
        wanted::check_packs(self, context, checks);
        sale.check(checks);
        let (lines, charged) = sale.lines();
        check_payment(self, &lines, checks);
        rights::check(self, context, &sale.found, checks);
        Ok(events(self, context, &sale.wanted, lines, charged))
    }
}

/// Where the lines of a sale go: to a new order, or to one that gives tickets back for them.
pub(super) struct Target<'a> {
    pub(super) order: OrderId,
    pub(super) subject: Option<SubjectRef>,
    /// Tickets given back, one for each that is sold; none for a new order.
    pub(super) replaced: &'a [TicketToCancel],
    /// Tickets that are sold on subscriber cards.
    pub(super) on_cards: &'a [TicketOnCard],
}

/// A sale whose names are all known.
pub(super) struct Sale<'a> {
    command: &'a PlaceOrder,
    context: &'a Context<'a>,
    target: Target<'a>,
    channel: &'a Channel,
    wanted: Vec<Wanted>,
    pub(super) found: Vec<Found<'a>>,
}

impl<'a> Sale<'a> {
    /// Looks up what the command names.
    pub(super) fn find(
        command: &'a PlaceOrder,
        target: Target<'a>,
        context: &'a Context<'a>,
        checks: &mut Checks,
    ) -> Result<Self, Rejection> {
        let state = context.state;
        let wanted = wanted::find(command, state, checks);
        let found = find(command, &wanted, state, checks);
        rights::check_names(command, state, checks);
        let channel = state.channels.get(command.channel.0);
        let channel = checks.need(channel, RejectionCode::ChannelUnknown, field("channel"))?;
        Ok(Self { command, context, target, channel, wanted, found })
    }

    /// Whether it may be sold: shows, channel, tariffs and places.
    pub(super) fn check(&self, checks: &mut Checks) {
        check_selling(self.context, self.channel, &self.wanted, &self.found, checks);
        check_catalogue(self.command, &self.wanted, &self.found, checks);
        rules::check(self.context, self.rules(), &self.found, checks);
        if self.command.holds.is_empty() {
            self.check_free(checks);
        } else {
            check_holds(self.command, self.context, &self.found, checks);
        }
    }

    /// What tariffs and quotas of free tickets are asked.
    fn rules(&self) -> rules::Asked<'_> {
        rules::Asked { wanted: &self.wanted, replaced: self.target.replaced, on_cards: self.target.on_cards }
    }

    fn check_free(&self, checks: &mut Checks) {
        let state = self.context.state;
        let mut availability = Availability::new(state, self.context.now);
        for ticket in self.target.replaced.iter().filter_map(|given| state.tickets.get(given.ticket)) {
            let place = Place::new(ticket.show(), ticket.zone, ticket.seat());
            availability.release(place, ticket.channel());
        }
        for (ticket, found) in self.wanted.iter().zip(&self.found) {
            let lacks = availability.take(found.place, self.command.channel, 1);
            ticket.at(|at| lacks.refuse(checks, at, at.field("seat")));
        }
    }

    /// The lines that it becomes with the commissions on top, and the events of what it is charged. An order that gives
    /// tickets back has been charged as an order already.
    pub(super) fn lines(&self) -> (OrderLines, Vec<Event>) {
        let mut lines = self.bare_lines();
        let new_order = self.target.replaced.is_empty();
        let charged = commission::charge_live(self.context, self.channel, &mut lines, new_order);
        (lines, charged)
    }

    fn bare_lines(&self) -> OrderLines {
        let state = self.context.state;
        let first = state.tickets.next();
        let mut serials = Serials::new(state);
        let mut codes = self.context.codes.iter();
        let replaced = self.target.replaced.iter().map(|given| Some(given.ticket));
        let mut replaced = replaced.chain(std::iter::repeat(None));
        let tickets = self.wanted.iter().zip(&self.found).zip(first.0..).map(|((ticket, found), number)| {
            let request = &ticket.request;
            let alone = || tariff_rules::price_of(request, found.tariff);
            let price = ticket.part.as_ref().map_or_else(alone, |part| part.price);
            // A free ticket has no fee on top.
            let charged = price > Amount::ZERO && ticket.bears_fee();
            TicketLine {
                ticket: TicketId(number),
                show: request.show,
                zone: request.zone,
                seat: request.seat,
                tariff: request.tariff,
                serial: serials.next(request.show, request.tariff, request.zone),
                price,
                fee: if charged { self.channel.fee_on_top } else { Amount::ZERO },
                vat: found.tariff.vat_at(self.context.now),
                stated_vat: None,
                fee_vat: if charged { self.channel.fee_vat } else { Rate::ZERO },
                pack: ticket.part.as_ref().map(|part| part.share),
                comp: request.comp,
                replaces: replaced.next().flatten(),
                codes: codes.next().copied().into_iter().collect(),
            }
        });
        OrderLines {
            order: self.target.order,
            channel: self.command.channel,
            seller: self.command.seller.clone(),
            subject: self.target.subject,
            tickets: tickets.collect(),
            items: lines::item_lines(&self.command.items, state.orders.next_item(), first),
        }
    }
}

/// Looks up what the command names but its channel and its packs.
fn find<'a>(
    command: &PlaceOrder,
    wanted: &[Wanted],
    state: &'a State,
    checks: &mut Checks,
) -> Vec<Found<'a>> {
    let mut found = Vec::with_capacity(wanted.len());
    for ticket in wanted {
        let request = &ticket.request;
        let names = (request.show, request.zone, request.seat, request.tariff);
        found.extend(ticket.at(|at| lines::find(state, names, at, checks)));
    }
    lines::check_item_names(&command.items, state, checks);
    lines::check_methods(&command.payment, state, field("payment"), checks);
    let holds = field("holds");
    for (index, hold) in command.holds.iter().enumerate() {
        checks.ensure(state.holds.knows(*hold), RejectionCode::HoldUnknown, holds.item(index));
    }
    found
}

fn check_selling(
    context: &Context<'_>,
    channel: &Channel,
    wanted: &[Wanted],
    found: &[Found<'_>],
    checks: &mut Checks,
) {
    for (ticket, found) in wanted.iter().zip(found) {
        if let Some(code) = not_selling(found.show, context.now) {
            ticket.at(|at| checks.ensure(false, code, at.field("show")));
        }
    }
    checks.ensure(!channel.closed, RejectionCode::ChannelClosed, field("channel"));
}

fn check_catalogue(command: &PlaceOrder, wanted: &[Wanted], found: &[Found<'_>], checks: &mut Checks) {
    for (ticket, found) in wanted.iter().zip(found) {
        ticket.at(|at| check_ticket(command, ticket, found, at, checks));
    }
}

fn check_ticket(command: &PlaceOrder, ticket: &Wanted, found: &Found<'_>, at: Path<'_>, checks: &mut Checks) {
    let request = &ticket.request;
    let price = found.tariff.price_in(request.zone);
    checks.ensure(price.is_some(), RejectionCode::TariffNotInZone, at.field("tariff"));
    let sold = found.tariff.sold_by(command.channel);
    checks.ensure(sold, RejectionCode::TariffNotOnChannel, at.field("tariff"));
    check_comp(ticket, found, at, checks);
    tariff_rules::check_price(request, found.tariff, at, checks);
    let seated = !found.zone.is_numbered() || request.seat.is_some();
    checks.ensure(seated, RejectionCode::SeatRequired, at.field("seat"));
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

/// What lines come to.
pub(super) fn total(lines: &OrderLines) -> Amount {
    let tickets: Amount = lines.tickets.iter().map(|line| line.price + line.fee).sum();
    tickets + lines.items.iter().map(|line| line.price).sum()
}

fn check_payment(command: &PlaceOrder, lines: &OrderLines, checks: &mut Checks) {
    let fits = command.payment.is_empty() || lines::sum(&command.payment) == total(lines);
    checks.ensure(fits, RejectionCode::PaymentMismatch, field("payment"));
}

fn events(
    command: &PlaceOrder,
    context: &Context<'_>,
    wanted: &[Wanted],
    lines: OrderLines,
    charged: Vec<Event>,
) -> Vec<Event> {
    let state = context.state;
    let shows = distinct(lines::shows(&lines));
    let payment = lines::payment(state, lines.order, lines.subject, shows, &command.payment);
    let packs = packs_sold(command, state, wanted, &lines);
    let rights = rights::events(command, context, &lines, payment.as_ref());
    let warnings = comp::limits_passed(state, &lines, &[]);
    let mut events = Vec::with_capacity(3);
    events.push(OrderPlaced { lines, holds: command.holds.clone() }.into());
    events.extend(packs.map(Event::from));
    events.extend(charged);
    events.extend(warnings);
    events.extend(payment.map(Event::from));
    events.extend(rights);
    events
}

fn packs_sold(
    command: &PlaceOrder,
    state: &State,
    wanted: &[Wanted],
    lines: &OrderLines,
) -> Option<PacksSold> {
    let in_packs = lines.tickets.iter().filter(|line| line.pack.is_some()).map(|line| line.show);
    (!command.packs.is_empty()).then(|| PacksSold {
        order: lines.order,
        subject: lines.subject,
        shows: distinct(in_packs),
        packs: sold_packs(command, wanted, state.tickets.next(), state.packs.next_sale()),
    })
}

type HeldPlace = (ShowId, u8, Option<SeatId>);

fn places_of(show: ShowId, zone: u8, places: &Places) -> Vec<HeldPlace> {
    match places {
        Places::Count(count) => vec![(show, zone, None); *count as usize],
        Places::Seats(seats) => seats.iter().map(|seat| (show, zone, Some(*seat))).collect(),
    }
}

/// A free ticket states a reason that its tariff takes; others state none.
fn check_comp(ticket: &Wanted, found: &Found<'_>, at: Path<'_>, checks: &mut Checks) {
    let terms = &found.tariff.terms;
    let fits = match ticket.request.comp {
        Some(reason) => terms.kind == TariffKind::Free && terms.reasons.contains(&reason),
        None => terms.kind != TariffKind::Free,
    };
    checks.ensure(fits, RejectionCode::CompReasonInvalid, at.field("comp"));
}

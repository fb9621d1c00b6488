//! Sales that happened elsewhere: recorded whatever they break, with flags that say what that is.

use soticket_schema::command::{ReportSale, ReportedTicket};
use soticket_schema::event::v1::{ExternalSaleReported, Flag, OrderLines, TicketLine};
use soticket_schema::limits::{CODE_BYTES_MAX, ORDER_TICKETS_MAX, REFERENCE_BYTES_MAX, TICKET_CODES_MAX};
use soticket_schema::{CodeHash, Event, OrderId, Rejection, RejectionCode, ShowId, SubjectRef, TicketId};

use super::availability::Availability;
use super::checks::{Checks, Path, field};
use super::commission::charge_reported;
use super::comp::{self, CompsTaken};
use super::lines::{self, Found, Serials};
use super::show::sold_in_window;
use super::tariff_rules::{self, Counts};
use super::{Context, Decide, Timing, When};
use crate::state::{Channel, State, distinct};

impl Decide for ReportSale {
    fn timing(&self) -> Timing {
        Timing::Fact
    }

    fn shape(&self, _when: When, checks: &mut Checks) {
        checks.text_or_empty(&self.seller, REFERENCE_BYTES_MAX, field("seller"));
        checks.buyer(self.buyer.as_ref());
        let tickets = field("tickets");
        let something = !self.tickets.is_empty() || !self.items.is_empty();
        checks.ensure(something, RejectionCode::ListEmpty, tickets);
        checks.list(&self.tickets, ORDER_TICKETS_MAX, tickets);
        for (index, ticket) in self.tickets.iter().enumerate().take(ORDER_TICKETS_MAX) {
            check_ticket(ticket, tickets.item(index), checks);
        }
        let seats = self.tickets.iter().take(ORDER_TICKETS_MAX);
        lines::check_seats_distinct(seats.map(|ticket| (ticket.show, ticket.zone, ticket.seat)), checks);
        lines::check_items(&self.items, self.tickets.len(), true, checks);
        checks.legs(&self.payment, field("payment"));
    }

    fn decide(&self, context: &Context<'_>, checks: &mut Checks) -> Result<Vec<Event>, Rejection> {
        let state = context.state;
        let found = find(self, state, checks);
        let channel = state.channels.get(self.channel.0);
        let channel = checks.need(channel, RejectionCode::ChannelUnknown, field("channel"))?;

        let order = self.order.unwrap_or_else(|| state.orders.next());
        let known = self.order.and_then(|order| state.orders.get(order));
        let subject = known.and_then(|order| order.subject()).or(context.subject);
        let lines = order_lines(self, context, order, subject);
        let flags = flags(self, context, channel, &found, &lines);

        let before = self.order.map_or_else(Vec::new, |order| state.shows_of(order));
        let shows = distinct(before.into_iter().chain(lines::shows(&lines)));
        let payment = lines::payment(state, order, subject, shows, &self.payment);
        let warnings = comp::limits_passed(state, &lines, &[]);
        let charged = charge_reported(context, channel, &lines, self.order.is_none());
        let reported = Event::from(ExternalSaleReported { source: self.source, lines, flags });
        let beside = charged.into_iter().chain(warnings).chain(payment.map(Event::from));
        Ok(std::iter::once(reported).chain(beside).collect())
    }
}

/// Looks up what the report names but its channel.
fn find<'a>(command: &ReportSale, state: &'a State, checks: &mut Checks) -> Vec<Found<'a>> {
    let tickets = field("tickets");
    let mut found = Vec::with_capacity(command.tickets.len());
    for (index, ticket) in command.tickets.iter().enumerate() {
        let at = tickets.item(index);
        let names = (ticket.show, ticket.zone, ticket.seat, ticket.tariff);
        found.extend(lines::find(state, names, at, checks));
        let known = ticket.replaces.is_none_or(|replaced| state.tickets.get(replaced).is_some());
        checks.ensure(known, RejectionCode::TicketUnknown, at.field("replaces"));
    }
    lines::check_item_names(&command.items, state, checks);
    lines::check_methods(&command.payment, state, field("payment"), checks);
    let known = command.order.is_none_or(|order| state.orders.get(order).is_some());
    checks.ensure(known, RejectionCode::OrderUnknown, field("order"));
    found
}

fn order_lines(
    command: &ReportSale,
    context: &Context<'_>,
    order: OrderId,
    subject: Option<SubjectRef>,
) -> OrderLines {
    let state = context.state;
    let first = state.tickets.next();
    let mut serials = Serials::new(state);
    let mut codes = context.codes.iter().copied();
    let tickets = command.tickets.iter().zip(first.0..).map(|(ticket, number)| TicketLine {
        ticket: TicketId(number),
        show: ticket.show,
        zone: ticket.zone,
        seat: ticket.seat,
        tariff: ticket.tariff,
        serial: serials.next(ticket.show, ticket.tariff, ticket.zone),
        price: ticket.price,
        fee: ticket.fee,
        vat: ticket.vat,
        stated_vat: ticket.stated_vat,
        fee_vat: ticket.fee_vat,
        pack: ticket.pack,
        comp: ticket.comp,
        replaces: ticket.replaces,
        codes: codes.by_ref().take(ticket.codes.len().max(1)).collect(),
    });
    OrderLines {
        order,
        channel: command.channel,
        seller: command.seller.clone(),
        subject,
        tickets: tickets.collect(),
        items: lines::item_lines(&command.items, state.orders.next_item(), first),
    }
}

/// What the sale breaks, in ascending order.
fn flags(
    command: &ReportSale,
    context: &Context<'_>,
    channel: &Channel,
    found: &[Found<'_>],
    lines: &OrderLines,
) -> Vec<Flag> {
    let at = context.occurred_at.unwrap_or(context.now);
    let mut flags = Vec::new();
    let mut flag = |raised: bool, flag: Flag| flags.extend(raised.then_some(flag));
    flag(channel.closed, Flag::ChannelClosed);
    flag(at > context.now, Flag::ClockAhead);
    flag(codes_taken(context.state, lines), Flag::CodeTaken);
    let mut availability = Availability::new(context.state, context.now);
    let counts = Counts::of(command.tickets.iter().map(|ticket| ticket.tariff));
    let mut comps = CompsTaken::default();
    for (ticket, found) in command.tickets.iter().zip(found) {
        let lacks = availability.take(found.place, command.channel, 1);
        flag(lacks.over_quota || lacks.over_pool || lacks.seat_reserved, Flag::OverQuota);
        flag(lacks.over_zone || lacks.over_hall, Flag::OverCapacity);
        flag(lacks.seat_taken, Flag::SeatTaken);
        flag(!sold_in_window(found.show, at), Flag::OutsideSale);
        flag(!found.tariff.has_price(ticket.zone, ticket.price), Flag::OtherPrice);
        let rules = &found.tariff.rules;
        let against = tariff_rules::not_sold(rules, found.show, at).or(counts.refusal(ticket.tariff, rules));
        flag(against.is_some(), Flag::TariffRule);
        flag(comps.take(ticket.show, found.show, ticket.comp), Flag::OverCompQuota);
        flag(found.zone.at(context.now).quota_closed(command.channel), Flag::ChannelClosed);
    }
    flags.sort_unstable();
    flags.dedup();
    flags
}

fn check_ticket(ticket: &ReportedTicket, at: Path<'_>, checks: &mut Checks) {
    checks.amount(ticket.price, at.field("price"));
    checks.amount(ticket.fee, at.field("fee"));
    checks.rate(ticket.vat, at.field("vat"));
    lines::check_stated_vat(ticket.stated_vat, true, at, checks);
    checks.rate(ticket.fee_vat, at.field("fee_vat"));
    if let Some(pack) = ticket.pack {
        let at = at.field("pack");
        checks.amount(pack.pack_price, at.field("pack_price"));
        checks.ensure(pack.weight >= 0, RejectionCode::AmountNegative, at.field("weight"));
        checks.ensure(pack.weight <= pack.weights, RejectionCode::AmountTooLarge, at.field("weight"));
        checks.ensure(pack.weights > 0, RejectionCode::AmountNegative, at.field("weights"));
    }
    let codes = at.field("codes");
    checks.list(&ticket.codes, TICKET_CODES_MAX, codes);
    for (index, code) in ticket.codes.iter().enumerate().take(TICKET_CODES_MAX) {
        checks.text(&code.text, CODE_BYTES_MAX, codes.item(index).field("text"));
    }
    let texts = ticket.codes.iter().take(TICKET_CODES_MAX).map(|code| code.text.as_str()).enumerate();
    checks.distinct(texts, |index| codes.item(index).field("text").to_string());
}

/// Whether another valid ticket of the same show has one of the codes: two people could come with it. A pack's tickets
/// for several shows may share a code, and a ticket may keep the code of the one that it replaces.
fn codes_taken(state: &State, lines: &OrderLines) -> bool {
    let taken_before = lines.tickets.iter().any(|line| {
        line.codes.iter().flat_map(|code| state.tickets.by_code(code.hash)).any(|id| {
            let ticket = state.tickets.get(id);
            ticket.is_some_and(|ticket| !ticket.cancelled && ticket.show() == line.show)
                && line.replaces != Some(id)
        })
    });
    taken_before || shared_within(lines)
}

fn shared_within(lines: &OrderLines) -> bool {
    let codes = lines.tickets.iter().flat_map(|line| line.codes.iter().map(|code| (line.show, code.hash)));
    let mut codes: Vec<(ShowId, CodeHash)> = codes.collect();
    codes.sort_unstable();
    codes.windows(2).any(|pair| matches!(pair, [first, second] if first == second))
}

//! What an actor that is bound to channels may do: what its role does, on these channels. What no line here names, such
//! as defining a tariff, is for actors that are bound to none.

use soticket_schema::command::{PlaceHold, PlaceOrder, TicketRequest};
use soticket_schema::event::v1::SellerRole;
use soticket_schema::{ChannelId, Command, CommandBody, OrderId, RejectionCode, ShowId, Timestamp, ZoneId};

use super::checks::{Checks, Path, field};
use crate::state::State;

/// What a command is to a seller.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Act {
    /// Holds, sells, takes and returns money.
    Sell,
    /// Reports what it sold.
    Report,
    /// Gives places of its quota back.
    GiveBack,
    /// Keeps a till.
    Till,
    /// Closes days and notes what happened to the system.
    Close,
    /// Changes profiles and consents of customers.
    People,
}

impl Act {
    fn is_allowed(self, role: SellerRole) -> bool {
        match role {
            SellerRole::WebShop => matches!(self, Self::Sell | Self::People),
            SellerRole::BoxOffice => true,
            // What it reported would be recorded whatever quota it breaks.
            SellerRole::RemoteBoxOffice => !matches!(self, Self::Report | Self::Close | Self::People),
            SellerRole::Network => !matches!(self, Self::Till | Self::Close | Self::People),
        }
    }
}

/// Refuses what the command's actor is not there for.
pub(super) fn check(state: &State, command: &Command, now: Timestamp, checks: &mut Checks) {
    let Some(assigned) = state.sellers.assignment(command.actor) else { return };
    let act = act(&command.body).filter(|act| act.is_allowed(assigned.role));
    checks.ensure(act.is_some(), RejectionCode::ActorNotAllowed, field("actor"));
    each_channel(state, &command.body, |channel, name| {
        checks.ensure(assigned.covers(channel), RejectionCode::ChannelNotAllowed, field(name));
    });
    if assigned.role == SellerRole::RemoteBoxOffice {
        check_own_quota(state, &command.body, now, checks);
    }
}

fn act(body: &CommandBody) -> Option<Act> {
    match body {
        CommandBody::PlaceHold(_)
        | CommandBody::ReleaseHold(_)
        | CommandBody::PlaceOrder(_)
        | CommandBody::RecordPayment(_)
        | CommandBody::CancelTickets(_)
        | CommandBody::ReducePrice(_)
        | CommandBody::ReturnMoney(_)
        | CommandBody::ExchangeTickets(_)
        | CommandBody::DuplicateTicket(_)
        | CommandBody::TransferTicket(_)
        | CommandBody::AnnouncePayment(_)
        | CommandBody::ConfirmPayment(_)
        | CommandBody::FailPayment(_)
        | CommandBody::ReversePayment(_)
        | CommandBody::SpendStoredValue(_)
        | CommandBody::ReturnToStoredValue(_) => Some(Act::Sell),
        CommandBody::ReportSale(_) | CommandBody::ReportCancellation(_) => Some(Act::Report),
        CommandBody::ReturnQuota(_) => Some(Act::GiveBack),
        CommandBody::OpenTill(_) | CommandBody::MoveTillCash(_) | CommandBody::CloseTill(_) => {
            Some(Act::Till)
        }
        CommandBody::ClosePeriod(_) | CommandBody::CloseDueDays(_) | CommandBody::NoteTechnicalEvent(_) => {
            Some(Act::Close)
        }
        // Whoever is shown a person's data has it noted.
        CommandBody::NotePersonalDataRead(_) => Some(Act::Sell),
        CommandBody::ChangeProfile(_) | CommandBody::RecordConsent(_) => Some(Act::People),
        _ => None,
    }
}

/// The channels that a command acts on, with the field that names them. What does not exist has none: that is told
/// later.
fn each_channel(state: &State, body: &CommandBody, mut visit: impl FnMut(ChannelId, &'static str)) {
    let channel = match body {
        CommandBody::PlaceHold(command) => Some(command.channel),
        CommandBody::PlaceOrder(command) => Some(command.channel),
        CommandBody::ReturnQuota(command) => Some(command.channel),
        CommandBody::OpenTill(command) => Some(command.channel),
        CommandBody::ReportSale(command) => Some(command.channel),
        CommandBody::ExchangeTickets(command) => Some(command.channel),
        _ => None,
    };
    channel.into_iter().for_each(|channel| visit(channel, "channel"));
    if let Some((channel, name)) = order(body).and_then(|order| Some((state.channel_of(order)?, "order"))) {
        visit(channel, name);
    }
    if let Some((channel, name)) = of_other_things(state, body) {
        visit(channel, name);
    }
}

/// The order that a command names.
fn order(body: &CommandBody) -> Option<OrderId> {
    match body {
        CommandBody::RecordPayment(command) => Some(command.order),
        CommandBody::ReturnMoney(command) => Some(command.order),
        CommandBody::CancelTickets(command) => Some(command.order),
        CommandBody::ReportCancellation(command) => Some(command.order),
        CommandBody::ReportSale(command) => command.order,
        CommandBody::ExchangeTickets(command) => Some(command.order),
        CommandBody::AnnouncePayment(command) => Some(command.order),
        CommandBody::ReversePayment(command) => Some(command.order),
        CommandBody::SpendStoredValue(command) => Some(command.order),
        CommandBody::ReturnToStoredValue(command) => Some(command.order),
        _ => None,
    }
}

/// The channel of what else a command names: hold, ticket, till session, payment on its way.
fn of_other_things(state: &State, body: &CommandBody) -> Option<(ChannelId, &'static str)> {
    let ticket = |ticket| state.tickets.get(ticket).map(|ticket| (ticket.channel(), "ticket"));
    let session = |session| state.tills.desk.channel_of(session).map(|channel| (channel, "session"));
    let payment = |payment| {
        let announced = state.orders.on_its_way(payment)?;
        state.channel_of(announced.order).map(|channel| (channel, "payment"))
    };
    match body {
        CommandBody::ReleaseHold(command) => state.holds.get(command.hold).map(|hold| (hold.channel, "hold")),
        CommandBody::ReducePrice(command) => ticket(command.ticket),
        CommandBody::DuplicateTicket(command) => ticket(command.ticket),
        CommandBody::TransferTicket(command) => ticket(command.ticket),
        CommandBody::MoveTillCash(command) => session(command.session),
        CommandBody::CloseTill(command) => session(command.session),
        CommandBody::ConfirmPayment(command) => payment(command.payment),
        CommandBody::FailPayment(command) => payment(command.payment),
        _ => None,
    }
}

/// A remote box office has the places of its quota and no others, also where a channel without a quota would sell from
/// the pool.
fn check_own_quota(state: &State, body: &CommandBody, now: Timestamp, checks: &mut Checks) {
    match body {
        CommandBody::PlaceHold(PlaceHold { show, zone, channel, .. }) => {
            check_zone(state, (*show, *zone, *channel), now, field("zone"), checks);
        }
        // What a hold keeps was the quota's when it was placed.
        CommandBody::PlaceOrder(order) if order.holds.is_empty() => {
            check_tickets(state, &order.tickets, order.channel, now, checks);
            check_packs(state, order, now, checks);
        }
        CommandBody::ExchangeTickets(exchange) => {
            check_tickets(state, &exchange.tickets, exchange.channel, now, checks);
        }
        _ => {}
    }
}

fn check_tickets(
    state: &State,
    tickets: &[TicketRequest],
    channel: ChannelId,
    now: Timestamp,
    checks: &mut Checks,
) {
    for (index, ticket) in tickets.iter().enumerate() {
        let at = field("tickets");
        let place = (ticket.show, ticket.zone, channel);
        check_zone(state, place, now, at.item(index).field("zone"), checks);
    }
}

fn check_packs(state: &State, order: &PlaceOrder, now: Timestamp, checks: &mut Checks) {
    for (index, request) in order.packs.iter().enumerate() {
        let Some(pack) = state.packs.get(request.pack) else { continue };
        for (choice_index, choice) in request.choices.iter().enumerate() {
            let packs = field("packs");
            let at = packs.item(index);
            let at = at.field("choices");
            if let Some(offered) = pack.show(choice.show) {
                let place = (offered.show, offered.zone, order.channel);
                check_zone(state, place, now, at.item(choice_index), checks);
            }
        }
    }
}

fn check_zone(
    state: &State,
    (show, zone, channel): (ShowId, ZoneId, ChannelId),
    now: Timestamp,
    at: Path<'_>,
    checks: &mut Checks,
) {
    let Some(show) = state.shows.get(show.0) else { return };
    if let Some(zone) = show.zone_index(zone).and_then(|index| show.zone(index)) {
        checks.ensure(zone.at(now).has_quota(channel), RejectionCode::QuotaClosed, at);
    }
}

//! Persons who are to be forgotten, and the vault's epochs.

use soticket_schema::command::{BeginVaultEpoch, EraseSubject, RecordVaultEpochsDestroyed};
use soticket_schema::event::v1::{SubjectErased, VaultEpochBegun, VaultEpochsDestroyed};
use soticket_schema::{Amount, Event, OrderId, Rejection, RejectionCode, SubjectRef, TicketId, Timestamp};

use super::checks::{Checks, Path, field};
use super::{Context, Decide, When};
use crate::admission;
use crate::state::{ShowStatus, State};

impl Decide for EraseSubject {
    fn shape(&self, _when: When, _checks: &mut Checks) {}

    /// What is open with a person is in the way: who is forgotten can be neither paid nor let in by name. Tickets and
    /// rights may be given up, money may not: the books go on.
    fn decide(&self, context: &Context<'_>, checks: &mut Checks) -> Result<Vec<Event>, Rejection> {
        let (state, now, at) = (context.state, context.now, field("subject"));
        let erased = state.erasures.has(self.subject);
        // Somebody who only ever held places is known to the vault alone.
        let known = erased || context.subject == Some(self.subject) || state.knows_subject(self.subject);
        checks.ensure(known, RejectionCode::SubjectUnknown, at);
        checks.ensure(!erased, RejectionCode::SubjectErased, at);
        checks.done()?;
        for code in open_matters(state, self.subject, now) {
            checks.ensure(self.waived && is_waivable(code), code, at);
        }
        let Self { subject, reason, waived } = *self;
        Ok(vec![SubjectErased { subject, reason, waived }.into()])
    }
}

/// What is in the way of a person's erasure, by precedence.
pub(crate) fn open_matters(state: &State, subject: SubjectRef, now: Timestamp) -> Vec<RejectionCode> {
    let orders: Vec<OrderId> = state.orders.of_subject(subject).collect();
    let open = [
        (RejectionCode::SubjectHoldsTickets, holds_ticket(state, subject, &orders, now)),
        (RejectionCode::SubjectMoneyOpen, !orders.iter().all(|order| is_balanced(state, *order))),
        (RejectionCode::SubjectHoldsRights, orders.iter().any(|order| gives_rights(state, *order, now))),
    ];
    open.into_iter().filter(|(_, open)| *open).map(|(code, _)| code).collect()
}

/// Whether the person may give it up: tickets and rights they may, the books' money nobody may.
pub fn is_waivable(code: RejectionCode) -> bool {
    matches!(code, RejectionCode::SubjectHoldsTickets | RejectionCode::SubjectHoldsRights)
}

/// Whether neither side owes the other anything for an order: what it comes to was kept, nothing is on its way, and no
/// money of a cancelled show is left. What a network sold is between the network and its customer.
fn is_balanced(state: &State, order: OrderId) -> bool {
    let network = state.channel_of(order).is_some_and(|channel| state.access.is_network(channel));
    let Some(known) = state.orders.get(order).filter(|_| !network) else { return true };
    let refund_to_come = state.orders.tickets(order).filter_map(|id| state.tickets.get(id)).any(|ticket| {
        !ticket.cancelled && ticket.due() > Amount::ZERO && is_cancelled(state.show_status(ticket.show()))
    });
    known.kept() == state.due(order) && state.orders.expected(order) == Amount::ZERO && !refund_to_come
}

fn is_cancelled(status: Option<ShowStatus>) -> bool {
    matches!(status, Some(ShowStatus::Cancelled(_)))
}

/// Whether the person holds a ticket that opens a gate now or later: bought and not handed on, or handed to them.
fn holds_ticket(state: &State, subject: SubjectRef, orders: &[OrderId], now: Timestamp) -> bool {
    let bought = orders.iter().flat_map(|order| state.orders.tickets(*order));
    let kept = bought.filter(|ticket| state.tickets.holder(*ticket).is_none());
    kept.chain(state.tickets.handed_to(subject)).any(|ticket| admits(state, ticket, now))
}

fn admits(state: &State, ticket: TicketId, now: Timestamp) -> bool {
    let Some(ticket) = state.tickets.get(ticket).filter(|ticket| !ticket.cancelled) else { return false };
    let show = ticket.show();
    let (_, until) = admission::window(&state.access.rules(show), state.access.times(show));
    now <= until && !is_cancelled(state.show_status(show))
}

/// Whether a card of the order lasts, or a gift card or voucher of it has money left.
fn gives_rights(state: &State, order: OrderId, now: Timestamp) -> bool {
    state.orders.items(order).any(|item| {
        let card = state.cards.of_item(item).and_then(|card| state.cards.get(card));
        let value = state.stored_values.of_item(item);
        card.is_some_and(|card| card.lasts_beyond(now))
            || value.is_some_and(|(_, value)| value.spendable_at(now))
    })
}

impl Decide for BeginVaultEpoch {
    fn shape(&self, _when: When, _checks: &mut Checks) {}

    fn decide(&self, context: &Context<'_>, checks: &mut Checks) -> Result<Vec<Event>, Rejection> {
        checks.ensure(context.state.erasures.need_epoch(), RejectionCode::EpochNotDue, Path::Command);
        Ok(vec![VaultEpochBegun { epoch: context.epochs.next }.into()])
    }
}

impl Decide for RecordVaultEpochsDestroyed {
    fn shape(&self, _when: When, _checks: &mut Checks) {}

    /// The keys below the vault's oldest are gone already: the record never runs ahead of the deed.
    fn decide(&self, context: &Context<'_>, checks: &mut Checks) -> Result<Vec<Event>, Rejection> {
        let before = context.epochs.oldest;
        checks.ensure(context.state.erasures.waits_for(before), RejectionCode::EpochNotDue, Path::Command);
        Ok(vec![VaultEpochsDestroyed { before }.into()])
    }
}

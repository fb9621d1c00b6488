//! Cancellations, live and reported, and price reductions.

use soticket_schema::command::{CancelTickets, ReducePrice, ReportCancellation, TicketToCancel};
use soticket_schema::event::v1::{
    CancelReason, Cancellation, CancelledItem, CancelledTicket, CardRevoked, CardRightsRestored, CardUse,
    ExternalSaleCancelled, Leg, PriceReduced, StoredValueRevoked, TicketsCancelled,
};
use soticket_schema::limits::{ORDER_ITEMS_MAX, ORDER_TICKETS_MAX};
use soticket_schema::{Event, ItemId, OrderId, Rejection, RejectionCode, ShowId, TicketId};

use super::checks::{Checks, Path, field};
use super::commission::reversed;
use super::lines::{check_methods, check_stated_vat, sum};
use super::payment::money_returned;
use super::show_change::check_refund_period;
use super::{Context, Decide, Timing, When};
use crate::state::{Order, State};

/// What all kinds of cancellation ask.
pub(super) struct Lines<'a> {
    pub(super) order: OrderId,
    pub(super) tickets: &'a [TicketToCancel],
    /// Tickets that the same command has cancelled before these.
    pub(super) before: &'a [TicketToCancel],
    /// The command's name for them.
    pub(super) tickets_field: &'static str,
    pub(super) items: &'a [ItemId],
    pub(super) reason: CancelReason,
    pub(super) refund: &'a [Leg],
}

impl Decide for CancelTickets {
    fn shape(&self, _when: When, checks: &mut Checks) {
        lines_of(self).check_shape(checks);
    }

    fn decide(&self, context: &Context<'_>, checks: &mut Checks) -> Result<Vec<Event>, Rejection> {
        let lines = lines_of(self);
        let order = lines.find(context.state, checks)?;
        let covered = sum(&self.refund) <= order.kept() || self.refund.is_empty();
        checks.ensure(covered, RejectionCode::RefundExceedsReceived, field("refund"));
        lines.check_unused(context.state, checks);
        check_refund_period(self.reason, &lines, context, checks);
        let refund = money_returned(context.state, self.order, order, &self.refund);
        let mut events = lines.events(context.state, order);
        events.extend(refund.map(Event::from));
        Ok(events)
    }
}

fn lines_of(command: &CancelTickets) -> Lines<'_> {
    let CancelTickets { order, tickets, items, reason, refund } = command;
    Lines { order: *order, tickets, before: &[], tickets_field: "tickets", items, reason: *reason, refund }
}

impl Decide for ReportCancellation {
    fn timing(&self) -> Timing {
        Timing::Fact
    }

    fn shape(&self, _when: When, checks: &mut Checks) {
        reported_lines_of(self).check_shape(checks);
    }

    fn decide(&self, context: &Context<'_>, checks: &mut Checks) -> Result<Vec<Event>, Rejection> {
        let lines = reported_lines_of(self);
        let order = lines.find(context.state, checks)?;
        let cancellation = lines.cancellation(context.state, order);
        let refund = money_returned(context.state, self.order, order, &self.refund);
        let reversed = reversed(context.state, &cancellation, lines.before);
        let mut events = vec![Event::from(ExternalSaleCancelled { source: self.source, cancellation })];
        events.extend(reversed);
        events.extend(lines.rights_given_back(context.state, order));
        events.extend(refund.map(Event::from));
        Ok(events)
    }
}

fn reported_lines_of(command: &ReportCancellation) -> Lines<'_> {
    let ReportCancellation { source: _, order, tickets, items, reason, refund } = command;
    Lines { order: *order, tickets, before: &[], tickets_field: "tickets", items, reason: *reason, refund }
}

impl Lines<'_> {
    /// What was bought with a gift card or voucher keeps its payment: it cannot be taken back once it was used.
    fn check_unused(&self, state: &State, checks: &mut Checks) {
        for (index, item) in self.items.iter().enumerate() {
            let unused = state.stored_values.of_item(*item).is_none_or(|(_, value)| !value.touched());
            checks.ensure(unused, RejectionCode::StoredValueInUse, field("items").item(index));
        }
    }

    /// The live cancellation, and what it gives and takes back besides.
    pub(super) fn events(&self, state: &State, order: &Order) -> Vec<Event> {
        let cancellation = self.cancellation(state, order);
        let reversed = reversed(state, &cancellation, self.before);
        let mut events = vec![TicketsCancelled { cancellation }.into()];
        events.extend(reversed);
        events.extend(self.rights_given_back(state, order));
        events
    }

    /// The tickets, with their shows.
    pub(super) fn shows<'s>(&'s self, state: &'s State) -> impl Iterator<Item = (TicketId, ShowId)> + 's {
        self.tickets.iter().filter_map(|cancelled| {
            state.tickets.get(cancelled.ticket).map(|ticket| (cancelled.ticket, ticket.show()))
        })
    }

    /// Rights of cards for tickets that are cancelled come back; cards, gift cards and vouchers go with their items.
    fn rights_given_back(&self, state: &State, order: &Order) -> Vec<Event> {
        let subject = order.subject();
        let uses = self.shows(state).filter_map(|(ticket, show)| {
            state.cards.of_ticket(ticket).map(|card| CardUse { card, ticket, show })
        });
        let uses: Vec<CardUse> = uses.collect();
        let restored =
            (!uses.is_empty()).then(|| CardRightsRestored { order: self.order, subject, uses }.into());
        let cards = self.items.iter().filter_map(|item| state.cards.of_item(*item));
        let cards = cards.map(|card| CardRevoked { card, order: self.order, subject }.into());
        let values = self.items.iter().filter_map(|item| state.stored_values.of_item(*item));
        let values = values.map(|(value, _)| StoredValueRevoked { value, order: self.order }.into());
        restored.into_iter().chain(cards).chain(values).collect()
    }

    pub(super) fn check_shape(&self, checks: &mut Checks) {
        let (tickets, items) = (field(self.tickets_field), field("items"));
        let something = !self.tickets.is_empty() || !self.items.is_empty();
        checks.ensure(something, RejectionCode::ListEmpty, tickets);
        checks.list(self.tickets, ORDER_TICKETS_MAX, tickets);
        let ids = self.tickets.iter().take(ORDER_TICKETS_MAX).map(|ticket| ticket.ticket).enumerate();
        checks.distinct(ids, |index| tickets.item(index).field("ticket").to_string());
        checks.list(self.items, ORDER_ITEMS_MAX, items);
        let ids = self.items.iter().take(ORDER_ITEMS_MAX).copied().enumerate();
        checks.distinct(ids, |index| items.item(index).to_string());
        checks.legs(self.refund, field("refund"));
    }

    /// The order, whose tickets and items they must be, not cancelled yet.
    pub(super) fn find<'s>(&self, state: &'s State, checks: &mut Checks) -> Result<&'s Order, Rejection> {
        let (tickets, items) = (field(self.tickets_field), field("items"));
        for (index, cancelled) in self.tickets.iter().enumerate() {
            let at = tickets.item(index);
            let ticket = state.tickets.get(cancelled.ticket).filter(|ticket| ticket.order() == self.order);
            if let Some(ticket) = checks.found(ticket, RejectionCode::TicketUnknown, at.field("ticket")) {
                let valid = !ticket.cancelled;
                checks.ensure(valid, RejectionCode::TicketAlreadyCancelled, at.field("ticket"));
            }
        }
        for (index, id) in self.items.iter().enumerate() {
            let item = state.orders.item(*id).filter(|item| item.order() == self.order);
            if let Some(item) = checks.found(item, RejectionCode::ItemUnknown, items.item(index)) {
                checks.ensure(!item.cancelled, RejectionCode::ItemAlreadyCancelled, items.item(index));
            }
        }
        check_methods(self.refund, state, field("refund"), checks);
        checks.need(state.orders.get(self.order), RejectionCode::OrderUnknown, field("order"))
    }

    fn cancellation(&self, state: &State, order: &Order) -> Cancellation {
        let tickets = self.tickets.iter().map(|cancelled| CancelledTicket {
            ticket: cancelled.ticket,
            show: state.tickets.get(cancelled.ticket).map(|ticket| ticket.show()).unwrap_or_default(),
            fee_kept: cancelled.fee_kept,
        });
        let items = self.items.iter().map(|item| CancelledItem {
            item: *item,
            show: state.orders.item(*item).and_then(|item| item.show()),
        });
        Cancellation {
            order: self.order,
            subject: order.subject(),
            tickets: tickets.collect(),
            items: items.collect(),
            reason: self.reason,
        }
    }
}

impl Decide for ReducePrice {
    fn timing(&self) -> Timing {
        Timing::Either
    }

    fn shape(&self, when: When, checks: &mut Checks) {
        checks.amount(self.price, field("price"));
        check_stated_vat(self.stated_vat, when.fact, Path::Command, checks);
    }

    /// Also as a fact: a price that is not below the present one, or of a cancelled ticket, says nothing to record.
    fn decide(&self, context: &Context<'_>, checks: &mut Checks) -> Result<Vec<Event>, Rejection> {
        let state = context.state;
        let ticket = state.tickets.get(self.ticket);
        let ticket = checks.need(ticket, RejectionCode::TicketUnknown, field("ticket"))?;
        checks.ensure(!ticket.cancelled, RejectionCode::TicketAlreadyCancelled, field("ticket"));
        checks.ensure(self.price < ticket.price(), RejectionCode::PriceNotReduced, field("price"));
        let event = PriceReduced {
            order: ticket.order(),
            subject: state.buyer(ticket.order()),
            ticket: self.ticket,
            show: ticket.show(),
            before: ticket.price(),
            after: self.price,
            stated_vat: self.stated_vat,
        };
        Ok(vec![event.into()])
    }
}

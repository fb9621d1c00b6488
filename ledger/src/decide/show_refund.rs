//! The return of all money of a cancelled show, as one operation that any number of commands work off.
//!
//! What is left to do is in the state: a command takes the next orders, in ascending order, and cancels what they have of
//! the show. So it does not matter who asks how often, or what stopped in between: no order is paid back twice.

use std::collections::BTreeMap;

use soticket_schema::command::{AdvanceShowRefund, BeginShowRefund, TicketToCancel};
use soticket_schema::event::v1::{
    CancelReason, MethodKind, MoneyReturned, ShowRefundAdvanced, ShowRefundBegun, ShowRefundFinished,
    StoredValueKind, StoredValueRestored,
};
use soticket_schema::limits::{ORDER_TICKETS_MAX, REFUND_LINES_MAX, REFUND_ORDERS_MAX};
use soticket_schema::{
    Amount, Event, ItemId, OrderId, PaymentId, Rejection, RejectionCode, ShowId, StoredValueId, TicketId,
};

use super::cancellation::Lines;
use super::checks::{Checks, field};
use super::commission::kept_of;
use super::show::show;
use super::{Context, Decide, When};
use crate::state::{Order, ShowRefund, ShowStatus, State};

/// Events after which a command takes no further order: one order gives at most about as many, and an append holds 1,000.
const EVENTS_ENOUGH: usize = 500;
/// How many lines an item counts for: a card or gift card that goes with it has an event of its own.
const ITEM_LINES: usize = 8;

impl Decide for BeginShowRefund {
    fn shape(&self, _when: When, _checks: &mut Checks) {}

    fn decide(&self, context: &Context<'_>, checks: &mut Checks) -> Result<Vec<Event>, Rejection> {
        let state = context.state;
        let known = show(state, self.show)?;
        let cancelled = matches!(known.status, ShowStatus::Cancelled(_));
        checks.ensure(cancelled, RejectionCode::ShowNotCancelled, field("show"));
        checks.ensure(known.refund.is_none(), RejectionCode::RefundUnderWay, field("show"));
        checks.done()?;
        let orders = state.orders_to_refund(self.show, self.fees_kept);
        checks.ensure(!orders.is_empty(), RejectionCode::NothingToRefund, field("show"));
        let all = |order: &OrderId| Part::of(state, self.show, self.fees_kept, *order, usize::MAX);
        let event = ShowRefundBegun {
            show: self.show,
            run: known.refund_runs.saturating_add(1),
            fees_kept: self.fees_kept,
            orders: orders.len() as u64,
            amount: orders.iter().map(|order| all(order).back(state)).sum(),
        };
        Ok(vec![event.into()])
    }
}

impl Decide for AdvanceShowRefund {
    fn shape(&self, _when: When, checks: &mut Checks) {
        checks.count(self.orders, REFUND_ORDERS_MAX, field("orders"));
    }

    fn decide(&self, context: &Context<'_>, checks: &mut Checks) -> Result<Vec<Event>, Rejection> {
        let known = show(context.state, self.show)?;
        let refund = checks.need(known.refund.as_ref(), RejectionCode::RefundNotBegun, field("show"))?;
        Ok(advance(context, self, refund))
    }
}

/// Works off the next orders, as many as fit one command.
fn advance(context: &Context<'_>, command: &AdvanceShowRefund, refund: &ShowRefund) -> Vec<Event> {
    let state = context.state;
    let mut events = Vec::new();
    let mut advanced = ShowRefundAdvanced {
        show: command.show,
        run: refund.run,
        orders: 0,
        tickets: 0,
        amount: Amount::ZERO,
    };
    let mut payment = state.orders.next_payment();
    let mut room = REFUND_LINES_MAX;
    // What earlier orders of the command have filled: one gift card may have paid for several.
    let mut filled = BTreeMap::new();
    for order in refund.pending.iter().take(command.orders as usize) {
        let part = Part::of(state, command.show, refund.fees_kept, *order, room);
        room = room.saturating_sub(part.room());
        let back = part.back(state);
        part.cancel(state, &mut events);
        if let Some(returned) = part.returned(state, payment, back) {
            payment = PaymentId(payment.0.saturating_add(1));
            let refilled = part.refilled(context, &returned, &mut filled);
            events.push(returned.into());
            events.extend(refilled);
        }
        advanced.tickets = advanced.tickets.saturating_add(part.tickets.len() as u64);
        advanced.amount += back;
        if !part.whole {
            break;
        }
        advanced.orders = advanced.orders.saturating_add(1);
        if events.len() >= EVENTS_ENOUGH {
            break;
        }
    }
    events.push(advanced.into());
    if advanced.orders == refund.pending.len() as u64 {
        events.push(ShowRefundFinished { show: command.show, run: refund.run }.into());
    }
    events
}

/// What an order has of the show: all of it, or as much as fits a command.
struct Part {
    fees_kept: bool,
    order: OrderId,
    tickets: Vec<TicketId>,
    items: Vec<ItemId>,
    /// Whether nothing of the show is left in the order afterwards.
    whole: bool,
}

impl Part {
    fn of(state: &State, show: ShowId, fees_kept: bool, order: OrderId, room: usize) -> Self {
        let valid = |id: &TicketId| {
            state.tickets.get(*id).is_some_and(|ticket| ticket.show() == show && !ticket.cancelled)
        };
        let all_tickets: Vec<TicketId> = state.orders.tickets(order).filter(valid).collect();
        let all_items = items_of(state, show, fees_kept, order);
        let tickets: Vec<TicketId> = all_tickets.iter().copied().take(room).collect();
        let items_room = (room - tickets.len()) / ITEM_LINES;
        let items: Vec<ItemId> = all_items.iter().copied().take(items_room).collect();
        let whole = tickets.len() == all_tickets.len() && items.len() == all_items.len();
        Self { fees_kept, order, tickets, items, whole }
    }

    fn lines(&self) -> usize {
        self.tickets.len() + self.items.len()
    }

    /// What they take of a command's room.
    fn room(&self) -> usize {
        self.tickets.len() + self.items.len() * ITEM_LINES
    }

    /// What goes back: what the order has received beyond what it still comes to, and at most what is cancelled. An order
    /// that nobody paid gets nothing, and money that it got too much for other reasons is not the show's.
    fn back(&self, state: &State) -> Amount {
        let known = self.tickets.iter().filter_map(|id| Some((*id, state.tickets.get(*id)?)));
        let tickets = known.map(|(id, ticket)| {
            // Of a fee that goes back, commissions that stay due are kept all the same.
            let fee = if self.fees_kept { Amount::ZERO } else { ticket.fee() - kept_of(state, id) };
            ticket.price() + fee
        });
        let items = self.items.iter().filter_map(|id| state.orders.item(*id)).map(|item| item.price);
        let cancelled: Amount = tickets.chain(items).sum();
        let kept = state.orders.get(self.order).map(Order::kept).unwrap_or_default();
        let too_much = kept - (state.due(self.order) - cancelled);
        Amount(too_much.0.min(cancelled.0).max(0))
    }

    /// Adds the cancellations, and what they give and take back besides: a record holds a limited number of lines.
    fn cancel(&self, state: &State, events: &mut Vec<Event>) {
        let Some(order) = state.orders.get(self.order) else { return };
        let cancelled = |ticket: &TicketId| TicketToCancel { ticket: *ticket, fee_kept: self.fees_kept };
        let tickets: Vec<TicketToCancel> = self.tickets.iter().map(cancelled).collect();
        let mut add = |before: &[TicketToCancel], tickets: &[TicketToCancel], items: &[ItemId]| {
            let lines = Lines {
                order: self.order,
                tickets,
                before,
                tickets_field: "tickets",
                items,
                reason: CancelReason::ShowCancelled,
                refund: &[],
            };
            events.extend(lines.events(state, order));
        };
        if self.lines() <= ORDER_TICKETS_MAX {
            if self.lines() > 0 {
                add(&[], &tickets, &self.items);
            }
            return;
        }
        for (chunk, first) in tickets.chunks(ORDER_TICKETS_MAX).zip((0..).step_by(ORDER_TICKETS_MAX)) {
            add(tickets.get(..first).unwrap_or_default(), chunk, &[]);
        }
        self.items.chunks(ORDER_TICKETS_MAX).for_each(|items| add(&[], &[], items));
    }

    /// What goes back to gift cards that paid for the order and can still be filled.
    fn refilled(
        &self,
        context: &Context<'_>,
        returned: &MoneyReturned,
        filled: &mut BTreeMap<StoredValueId, Amount>,
    ) -> Vec<Event> {
        let state = context.state;
        let by_card =
            returned.legs.iter().filter(|leg| state.methods.get(leg.method.0) == Some(&MethodKind::GiftCard));
        let mut left: Amount = by_card.map(|leg| leg.amount).sum();
        let spent = state.orders.values_spent(self.order).iter().rev();
        let refilled = spent.filter_map(|(id, spent)| {
            let value = state.stored_values.get(*id)?;
            let card = value.kind == StoredValueKind::GiftCard && value.refillable_at(context.now);
            let filled = filled.entry(*id).or_default();
            let amount = left.min(*spent).min(value.issued - value.left - *filled);
            (card && amount > Amount::ZERO).then(|| {
                left -= amount;
                *filled += amount;
                let payment = returned.payment;
                StoredValueRestored { order: self.order, payment, value: *id, amount }.into()
            })
        });
        refilled.collect()
    }

    /// The money, by the ways that it came in.
    fn returned(&self, state: &State, payment: PaymentId, back: Amount) -> Option<MoneyReturned> {
        let legs = state.orders.legs_back(self.order, back);
        (!legs.is_empty()).then(|| MoneyReturned {
            payment,
            order: self.order,
            subject: state.buyer(self.order),
            shows: state.shows_of(self.order),
            legs,
        })
    }
}

/// Products and fees that go with the show: its own and, where fees are returned and nothing else is left of the order,
/// the fees of the order.
fn items_of(state: &State, show: ShowId, fees_kept: bool, order: OrderId) -> Vec<ItemId> {
    let known = || {
        let items = state.orders.items(order).filter_map(|id| Some((id, state.orders.item(id)?)));
        items.filter(|(_, item)| !item.cancelled)
    };
    let other_ticket =
        |id: TicketId| state.tickets.get(id).is_some_and(|ticket| ticket.show() != show && !ticket.cancelled);
    let other_item = known().any(|(_, item)| !item.fee && item.show() != Some(show));
    let nothing_else = !other_item && !state.orders.tickets(order).any(other_ticket);
    let goes = known().filter(|(_, item)| match (item.fee, item.show()) {
        (true, of) => !fees_kept && (of == Some(show) || of.is_none() && nothing_else),
        (false, of) => of == Some(show),
    });
    // What was bought with a gift card or voucher keeps its payment.
    let unused = |id: ItemId| state.stored_values.of_item(id).is_none_or(|(_, value)| !value.touched());
    let goes = goes.filter(|(id, _)| unused(*id));
    goes.map(|(id, _)| id).collect()
}

//! The return of a cancelled show's money: begun, worked off in any number of steps, finished once.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Result, ensure};
use soticket_schema::event::v1::{CancelReason, ShowRefundAdvanced, ShowRefundBegun, ShowRefundFinished};
use soticket_schema::{Amount, Event, OrderId, ShowId, TicketId};

use super::Books;

/// Refunds under way, and how many each show had.
#[derive(Debug, Default)]
pub(in super::super) struct Refunds {
    pub(in super::super) under_way: BTreeMap<ShowId, Refund>,
    pub(in super::super) runs: BTreeMap<ShowId, u32>,
}

#[derive(Debug)]
pub(in super::super) struct Refund {
    run: u32,
    fees_kept: bool,
    pending: BTreeSet<OrderId>,
}

/// What one step does to an order.
#[derive(Debug, Clone, Copy)]
struct Before {
    due: Amount,
    kept: Amount,
}

/// One step, as it is booked.
#[derive(Debug, Default)]
pub(super) struct Step {
    orders: BTreeMap<OrderId, Before>,
    tickets: u64,
}

impl Refunds {
    /// A late report of a sale: the show owes this order, too.
    pub(super) fn sold_late(&mut self, show: ShowId, order: OrderId) {
        if let Some(refund) = self.under_way.get_mut(&show) {
            refund.pending.insert(order);
        }
    }
}

impl Books {
    /// A refund begins with all that is to do as the orders stand.
    pub(super) fn begin_refund(&mut self, event: &ShowRefundBegun) -> Result<()> {
        let show = event.show;
        ensure!(self.shows.is_called_off(show), "show {show} plays and its money goes back");
        let run = self.refunds.runs.entry(show).or_default();
        *run += 1;
        ensure!(*run == event.run, "refund {} of show {show}, where {run} comes next", event.run);
        let mut pending = BTreeSet::new();
        for id in self.by_show.get(&show).map_or(&[][..], Vec::as_slice) {
            if let Some(ticket) = self.ticket_of(*id).filter(|ticket| ticket.is_valid()) {
                pending.insert(ticket.order);
            }
        }
        for (id, order) in &self.money.orders {
            let of_show = |item: &&super::money::Item| !item.cancelled && item.show == Some(show);
            if order.items.iter().filter(of_show).any(|item| !(item.fee && event.fees_kept)) {
                pending.insert(*id);
            }
        }
        ensure!(event.orders == pending.len() as u64, "{} orders of {}", event.orders, pending.len());
        let all: Amount = pending.iter().map(|order| self.to_return(*order, show, event.fees_kept)).sum();
        ensure!(event.amount == all, "show {show} returns {:?}, its orders come to {all:?}", event.amount);
        let refund = Refund { run: event.run, fees_kept: event.fees_kept, pending };
        let before = self.refunds.under_way.insert(show, refund);
        ensure!(before.is_none(), "two refunds of show {show} at once");
        Ok(())
    }

    /// What an order should get back for a show: what it has paid for what goes, as far as it has.
    fn to_return(&self, id: OrderId, show: ShowId, fees_kept: bool) -> Amount {
        let Some(order) = self.money.orders.get(&id) else { return Amount::ZERO };
        let valid = |id: &&TicketId| self.ticket_of(**id).is_some_and(super::ticket::Ticket::is_valid);
        let mut goes = Amount::ZERO;
        let mut others = false;
        for id in order.tickets.iter().filter(valid) {
            let Some(ticket) = self.ticket_of(*id) else { continue };
            if ticket.show != show {
                others = true;
                continue;
            }
            let stays = if fees_kept { ticket.fee } else { self.commissions.stays(*id) };
            goes += ticket.price + ticket.fee - stays;
        }
        let items = || order.items.iter().filter(|item| !item.cancelled);
        others |= items().any(|item| !item.fee && item.show != Some(show));
        for item in items().filter(|item| !(item.fee && fees_kept)) {
            let whole_order = item.fee && item.show.is_none() && !others;
            if item.show == Some(show) || whole_order {
                goes += item.price;
            }
        }
        let due = self.money.due(id, &self.tickets);
        let kept = order.received - order.returned;
        Amount((kept - (due - goes)).0.clamp(0, goes.0))
    }

    /// Notes how an order stands before the step takes from it.
    pub(super) fn note_refund(&self, event: &Event, step: &mut Step) {
        let Event::TicketsCancelled(event) = event else { return };
        let cancellation = &event.cancellation;
        if cancellation.reason != CancelReason::ShowCancelled {
            return;
        }
        step.tickets += cancellation.tickets.len() as u64;
        let id = cancellation.order;
        let order = self.money.orders.get(&id);
        let kept = order.map_or(Amount::ZERO, |order| order.received - order.returned);
        step.orders.entry(id).or_insert(Before { due: self.money.due(id, &self.tickets), kept });
    }

    /// A step of a refund, once all of it is booked.
    pub(super) fn check_refund(&mut self, events: &[Event], step: &Step) -> Result<()> {
        for event in events {
            match event {
                Event::ShowRefundAdvanced(event) => self.check_step(event, step, events)?,
                Event::ShowRefundFinished(event) => self.finish_refund(event)?,
                _ => {}
            }
        }
        Ok(())
    }

    /// Every order of a step got back what it had paid for what it lost, by one payment.
    fn check_step(&mut self, event: &ShowRefundAdvanced, step: &Step, events: &[Event]) -> Result<()> {
        let mut returned: BTreeMap<OrderId, Amount> = BTreeMap::new();
        for event in events {
            if let Event::MoneyReturned(event) = event {
                let sum = event.legs.iter().map(|leg| leg.amount).sum();
                let before = returned.insert(event.order, sum);
                ensure!(before.is_none(), "order {} is paid back twice in one step", event.order);
            }
        }
        let mut all = Amount::ZERO;
        for (order, before) in &step.orders {
            let due = self.money.due(*order, &self.tickets);
            let should = Amount((before.kept - due).0.clamp(0, (before.due - due).0));
            let got = returned.remove(order).unwrap_or_default();
            ensure!(got == should, "order {order} got {got:?} back of {should:?}");
            all += got;
        }
        ensure!(returned.is_empty(), "money for orders that lost nothing: {returned:?}");
        ensure!((event.amount, event.tickets) == (all, step.tickets), "a step of {all:?}, {}", step.tickets);
        let Some(refund) = self.refunds.under_way.get_mut(&event.show) else {
            anyhow::bail!("show {} has no refund under way", event.show);
        };
        ensure!(event.run == refund.run, "a step of refund {}, not {}", event.run, refund.run);
        let mut done = Vec::new();
        for _ in 0..event.orders {
            done.extend(refund.pending.pop_first());
        }
        ensure!(done.len() as u64 == event.orders, "a step of more orders than there are");
        let fees_kept = refund.fees_kept;
        for order in done {
            let left = self.to_return(order, event.show, fees_kept);
            ensure!(left == Amount::ZERO, "order {order} is done and {left:?} is left");
            self.check_none_valid(order, event.show)?;
        }
        Ok(())
    }

    fn check_none_valid(&self, order: OrderId, show: ShowId) -> Result<()> {
        let tickets = self.money.orders.get(&order).map_or(&[][..], |order| &order.tickets);
        for id in tickets {
            let valid = self.ticket_of(*id).is_some_and(|ticket| ticket.show == show && ticket.is_valid());
            ensure!(!valid, "ticket {id} of show {show} outlives the return of its order's money");
        }
        Ok(())
    }

    /// Nothing of the show is left when its refund is over.
    fn finish_refund(&mut self, event: &ShowRefundFinished) -> Result<()> {
        let refund = self.refunds.under_way.remove(&event.show);
        let refund = refund.ok_or_else(|| anyhow::anyhow!("a refund of show {} ends twice", event.show))?;
        ensure!(refund.run == event.run && refund.pending.is_empty(), "a refund ends early: {refund:?}");
        for id in self.by_show.get(&event.show).map_or(&[][..], Vec::as_slice) {
            let valid = self.ticket_of(*id).is_some_and(super::ticket::Ticket::is_valid);
            ensure!(!valid, "ticket {id} is valid and all money of show {} is returned", event.show);
        }
        Ok(())
    }
}

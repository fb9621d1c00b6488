//! Orders and their money, added up again.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Result, ensure};
use soticket_ledger::state::State;
use soticket_schema::event::v1::{ItemKind, ItemLine, Leg};
use soticket_schema::{Amount, ChannelId, ItemId, OrderId, PaymentId, ShowId, TicketId};

use super::ticket::Ticket;

/// Orders by number.
#[derive(Debug, Default)]
pub(in super::super) struct Money {
    pub(in super::super) orders: BTreeMap<OrderId, Order>,
    pub(in super::super) announced: BTreeMap<PaymentId, (OrderId, Amount)>,
    last_payment: u64,
    last_item: u64,
}

#[derive(Debug, Default)]
pub(in super::super) struct Order {
    pub(in super::super) tickets: Vec<TicketId>,
    pub(in super::super) items: Vec<Item>,
    /// The channel of its first lines.
    pub(super) channel: Option<ChannelId>,
    pub(in super::super) received: Amount,
    pub(in super::super) returned: Amount,
}

#[derive(Debug, Clone, Copy)]
pub(in super::super) struct Item {
    pub(in super::super) item: ItemId,
    pub(super) price: Amount,
    /// Whether it is a fee; else a product.
    pub(super) fee: bool,
    pub(super) show: Option<ShowId>,
    pub(in super::super) cancelled: bool,
}

fn sum(legs: &[Leg]) -> Amount {
    legs.iter().map(|leg| leg.amount).sum()
}

impl Money {
    /// The order that lines go to: the next one, or one that exists.
    pub(super) fn order_for_lines(&mut self, id: OrderId) -> Result<&mut Order> {
        let last = self.orders.last_key_value().map_or(0, |(last, _)| last.0);
        ensure!(id.0 <= last + 1, "order {id} after {last}");
        Ok(self.orders.entry(id).or_default())
    }

    pub(super) fn order(&mut self, id: OrderId) -> Result<&mut Order> {
        self.orders.get_mut(&id).ok_or_else(|| anyhow::anyhow!("no order {id}"))
    }

    pub(super) fn add_items(&mut self, id: OrderId, lines: &[ItemLine]) -> Result<()> {
        for line in lines {
            self.last_item += 1;
            ensure!(line.item.0 == self.last_item, "item {} is out of turn", line.item);
            let fee = matches!(line.kind, ItemKind::Fee(_));
            let item = Item { item: line.item, price: line.price, fee, show: line.show, cancelled: false };
            self.order_for_lines(id)?.items.push(item);
        }
        Ok(())
    }

    pub(super) fn cancel_item(&mut self, id: OrderId, item: ItemId) -> Result<()> {
        let items = &mut self.order(id)?.items;
        let found = items.iter_mut().find(|known| known.item == item && !known.cancelled);
        let found = found.ok_or_else(|| anyhow::anyhow!("item {item} cannot be cancelled"))?;
        found.cancelled = true;
        Ok(())
    }

    fn next_payment(&mut self, payment: PaymentId) -> Result<()> {
        self.last_payment += 1;
        ensure!(payment.0 == self.last_payment, "payment {payment} is out of turn");
        Ok(())
    }

    pub(super) fn receive(&mut self, payment: PaymentId, id: OrderId, legs: &[Leg]) -> Result<()> {
        match self.announced.remove(&payment) {
            Some(announced) => {
                ensure!(announced == (id, sum(legs)), "payment {payment} came in as another");
            }
            None => self.next_payment(payment)?,
        }
        self.order(id)?.received += sum(legs);
        Ok(())
    }

    pub(super) fn give_back(&mut self, payment: PaymentId, id: OrderId, legs: &[Leg]) -> Result<()> {
        self.next_payment(payment)?;
        self.order(id)?.returned += sum(legs);
        Ok(())
    }

    pub(super) fn announce(&mut self, payment: PaymentId, id: OrderId, legs: &[Leg]) -> Result<()> {
        self.next_payment(payment)?;
        self.announced.insert(payment, (id, sum(legs)));
        Ok(())
    }

    pub(super) fn fail(&mut self, payment: PaymentId) -> Result<()> {
        ensure!(self.announced.remove(&payment).is_some(), "payment {payment} was not on its way");
        Ok(())
    }

    /// What an order comes to by its lines.
    pub(in super::super) fn due(&self, id: OrderId, tickets: &[Ticket]) -> Amount {
        let Some(order) = self.orders.get(&id) else { return Amount::ZERO };
        let of_ticket = |ticket: &TicketId| {
            tickets.get(usize::try_from(ticket.0 - 1).unwrap_or(usize::MAX)).map_or(Amount::ZERO, Ticket::due)
        };
        let items = order.items.iter().filter(|item| !item.cancelled).map(|item| item.price);
        order.tickets.iter().map(of_ticket).sum::<Amount>() + items.sum()
    }

    /// Whether an order has received less than it comes to.
    pub(super) fn owes(&self, id: OrderId, tickets: &[Ticket]) -> bool {
        let order = self.orders.get(&id);
        order.is_some_and(|order| order.received - order.returned < self.due(id, tickets))
    }

    /// What a live command returned had come in before.
    pub(super) fn check_refunded(&self, orders: &BTreeSet<OrderId>) -> Result<()> {
        for id in orders {
            let covered = self.orders.get(id).is_some_and(|order| order.returned <= order.received);
            ensure!(covered, "order {id} returned more than it received");
        }
        Ok(())
    }

    /// The ledger's orders are those of these books.
    pub(super) fn check(&self, touched: &BTreeSet<OrderId>, tickets: &[Ticket], state: &State) -> Result<()> {
        for id in touched {
            let Some(order) = self.orders.get(id) else { continue };
            let view = state.order(*id).ok_or_else(|| anyhow::anyhow!("the ledger has no order {id}"))?;
            let own = (self.due(*id, tickets), order.received, order.returned);
            let ledger = (view.due, view.received, view.returned);
            ensure!(own == ledger, "order {id} comes to {own:?}, the ledger says {ledger:?}");
            ensure!(view.tickets == order.tickets, "order {id} has other tickets");
        }
        Ok(())
    }
}

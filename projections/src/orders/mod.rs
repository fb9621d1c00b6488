//! Orders, tickets and holds, as they stand now.

mod block;
mod commissions;
mod shows;
#[cfg(test)]
mod tests;
mod tickets;
mod view;

use soticket_ledger::Entry;
use soticket_schema::event::v1::{Cancellation, OrderLines, ShowRelocated};
use soticket_schema::{Amount, Event, HoldId, OrderId, ShowId, TicketId};

use self::block::{ORDER_BITS, OrderBlock, balance};
pub use self::commissions::commissions_by_ticket;
use self::shows::ShowOrders;
use self::tickets::{TICKET_BITS, TicketBlock};
pub use self::view::*;
use crate::event;
use crate::partition::{PartitionKey, Partitions, Projection};

/// Orders, tickets and active holds.
#[derive(Debug, Default)]
pub struct Orders {
    orders: Partitions<OrderBlock>,
    tickets: Partitions<TicketBlock>,
    shows: Partitions<ShowOrders>,
}

const ORDERS: u8 = 1;
const TICKETS: u8 = 2;
const SHOWS: u8 = 3;

impl Projection for Orders {
    const NAME: &'static str = "orders";
    const VERSION: u16 = 4;

    fn fold(&mut self, entry: &Entry) {
        if let Some(lines) = event::sold(&entry.event) {
            return self.sell(entry, lines);
        }
        if let Some(money) = event::money(&entry.event) {
            if let Some(block) = self.orders.get_mut(money.order.0 >> ORDER_BITS) {
                block.pay(&money, entry.envelope.occurred_at);
                block.settle(money.order, money.payment);
            }
            return;
        }
        if let Some(cancellation) = event::cancelled(&entry.event) {
            return self.cancel(cancellation);
        }
        match &entry.event {
            Event::ShowScheduled(event) => self.shows.add(event.show.0, ShowOrders::default),
            Event::HoldPlaced(event) => {
                if let Some(show) = self.shows.get_mut(event.show.0) {
                    show.hold(event);
                }
            }
            Event::HoldReleased(event) => self.end_hold(event.show, event.hold),
            Event::HoldExpired(event) => self.end_hold(event.show, event.hold),
            Event::TicketDuplicated(event) => {
                if let Some(block) = self.tickets.get_mut(event.ticket.0 >> TICKET_BITS) {
                    block.copy(event.ticket, event.copy);
                }
            }
            Event::TicketTransferred(event) => {
                if let Some(block) = self.tickets.get_mut(event.ticket.0 >> TICKET_BITS) {
                    block.hand_on(event.ticket, event.to);
                }
            }
            Event::PaymentAnnounced(event) => {
                if let Some(block) = self.orders.get_mut(event.order.0 >> ORDER_BITS) {
                    block.announce(event);
                }
            }
            Event::PaymentFailed(event) => {
                if let Some(block) = self.orders.get_mut(event.order.0 >> ORDER_BITS) {
                    block.settle(event.order, event.payment);
                }
            }
            Event::ShowRelocated(event) => self.relocate(event),
            Event::PacksSold(event) => {
                if let Some(block) = self.orders.get_mut(event.order.0 >> ORDER_BITS) {
                    block.add_packs(event);
                }
            }
            Event::CommissionsCharged(event) => self.charge(event),
            Event::CommissionsReversed(event) => self.reverse(event),
            Event::PriceReduced(event) => {
                if let Some(block) = self.tickets.get_mut(event.ticket.0 >> TICKET_BITS) {
                    block.reprice(event.ticket, event.after);
                }
            }
            _ => {}
        }
    }

    fn save(&self, out: &mut dyn FnMut(PartitionKey, Vec<u8>)) {
        self.orders.save(ORDERS, out);
        self.tickets.save(TICKETS, out);
        self.shows.save(SHOWS, out);
    }

    fn load(&mut self, key: PartitionKey, bytes: &[u8]) -> Option<()> {
        match key.family {
            ORDERS => self.orders.load(key.id, bytes).map(|_| ()),
            TICKETS => self.tickets.load(key.id, bytes).map(|_| ()),
            SHOWS => self.shows.load(key.id, bytes).map(|_| ()),
            _ => None,
        }
    }
}

impl Orders {
    fn sell(&mut self, entry: &Entry, lines: &OrderLines) {
        let tickets = &mut self.tickets;
        let added = lines
            .tickets
            .iter()
            .filter(|line| tickets.entry(line.ticket.0 >> TICKET_BITS).add(lines.order, lines.channel, line));
        let block = self.orders.entry(lines.order.0 >> ORDER_BITS);
        block.sell(entry, lines, added.map(|line| line.ticket));
        for line in &lines.tickets {
            if let Some(replaced) = line.replaces
                && let Some(block) = self.tickets.get_mut(replaced.0 >> TICKET_BITS)
            {
                block.replace(replaced, line.ticket);
            }
        }
        if let Event::OrderPlaced(event) = &entry.event {
            self.use_holds(lines, &event.holds);
        }
        event::shows(&entry.event, |show| {
            if let Some(show) = self.shows.get_mut(show.0) {
                show.add(lines.order);
            }
        });
    }

    /// Tickets and holds of a show are in other places from here on.
    fn relocate(&mut self, event: &ShowRelocated) {
        let Some(show) = self.shows.get_mut(event.show.0) else { return };
        show.relocate(event);
        for order in show.after(None) {
            let Some(block) = self.orders.get(order.0 >> ORDER_BITS) else { continue };
            for ticket in block.tickets(order) {
                if let Some(block) = self.tickets.get_mut(ticket.0 >> TICKET_BITS) {
                    block.relocate(ticket, event);
                }
            }
        }
    }

    /// Holds are used up by tickets of their own show.
    fn use_holds(&mut self, lines: &OrderLines, holds: &[HoldId]) {
        for hold in holds {
            for line in &lines.tickets {
                self.end_hold(line.show, *hold);
            }
        }
    }

    fn end_hold(&mut self, show: ShowId, hold: HoldId) {
        if let Some(show) = self.shows.get_mut(show.0) {
            show.holds.remove(&hold);
        }
    }

    fn cancel(&mut self, cancellation: &Cancellation) {
        for cancelled in &cancellation.tickets {
            if let Some(block) = self.tickets.get_mut(cancelled.ticket.0 >> TICKET_BITS) {
                block.cancel(cancelled.ticket, cancellation.reason, cancelled.fee_kept);
            }
        }
        if let Some(block) = self.orders.get_mut(cancellation.order.0 >> ORDER_BITS) {
            for cancelled in &cancellation.items {
                block.cancel_item(cancellation.order, cancelled.item);
            }
        }
    }

    /// An order with its lines and its money.
    pub fn order(&self, order: OrderId) -> Option<Order> {
        let block = self.orders.get(order.0 >> ORDER_BITS)?;
        let row = block.get(order)?;
        let tickets: Vec<Ticket> = block.tickets(order).filter_map(|ticket| self.ticket(ticket)).collect();
        let (items, payments) = (block.items(row), block.payments(row));
        let due = tickets.iter().map(Ticket::due).sum::<Amount>();
        let total = due + items.iter().filter(|item| !item.cancelled).map(|item| item.price).sum();
        let (paid, returned, open) = balance(total, &payments);
        let mut found = Order {
            order,
            position: row.position,
            occurred_at: row.occurred_at,
            source: row.source,
            channel: row.channel,
            seller: block.seller_of(row),
            subject: row.subject,
            tickets,
            items,
            packs: block.packs(order),
            commissions: block.commissions(order),
            payments,
            announced: block.announced(order),
            total,
            paid,
            returned,
            open,
            state: OrderState::Paid,
        };
        found.state = found.work_out_state();
        Some(found)
    }

    /// A ticket.
    pub fn ticket(&self, ticket: TicketId) -> Option<Ticket> {
        self.tickets.get(ticket.0 >> TICKET_BITS)?.view(ticket)
    }

    /// An active hold.
    pub fn hold(&self, hold: HoldId) -> Option<&Hold> {
        self.shows.sorted().find_map(|(_, show)| show.holds.get(&hold))
    }

    /// Active holds of a show, by number.
    pub fn holds(&self, show: ShowId) -> Vec<&Hold> {
        self.shows.get(show.0).map(|show| show.holds.values().collect()).unwrap_or_default()
    }

    /// Orders after this one, from low to high, at most `limit`.
    pub fn list(&self, after: Option<OrderId>, limit: usize) -> Vec<Order> {
        let first = after.map_or(0, |after| after.0 >> ORDER_BITS);
        let blocks = self.orders.sorted().filter(|(id, _)| *id >= first);
        let numbers = blocks.flat_map(|(id, block)| block.places().map(move |place| number(id, place)));
        let later = numbers.filter(|order| after.is_none_or(|after| *order > after));
        later.filter_map(|order| self.order(order)).take(limit).collect()
    }

    /// Orders before this one, from high to low, at most `limit`.
    pub fn list_back(&self, before: Option<OrderId>, limit: usize) -> Vec<Order> {
        let last = before.map_or(u64::MAX, |before| before.0 >> ORDER_BITS);
        let blocks = self.orders.sorted().rev().filter(|(id, _)| *id <= last);
        let numbers = blocks.flat_map(|(id, block)| block.places().rev().map(move |place| number(id, place)));
        let earlier = numbers.filter(|order| before.is_none_or(|before| *order < before));
        earlier.filter_map(|order| self.order(order)).take(limit).collect()
    }

    /// Orders after this one that name the show, from low to high, at most `limit`.
    pub fn of_show(&self, show: ShowId, after: Option<OrderId>, limit: usize) -> Vec<Order> {
        let orders = self.shows.get(show.0).into_iter().flat_map(|show| show.after(after));
        orders.filter_map(|order| self.order(order)).take(limit).collect()
    }

    /// Orders before this one that name the show, from high to low, at most `limit`.
    pub fn of_show_back(&self, show: ShowId, before: Option<OrderId>, limit: usize) -> Vec<Order> {
        let orders = self.shows.get(show.0).into_iter().flat_map(|show| show.before(before));
        orders.filter_map(|order| self.order(order)).take(limit).collect()
    }

    /// Number of orders.
    pub fn count(&self) -> usize {
        self.orders.sorted().map(|(_, block)| block.len()).sum()
    }

    /// Number of orders that name the show.
    pub fn count_of_show(&self, show: ShowId) -> usize {
        self.shows.get(show.0).map_or(0, ShowOrders::len)
    }
}

fn number(block: u64, place: u64) -> OrderId {
    OrderId(block << ORDER_BITS | place)
}

impl Order {
    fn work_out_state(&self) -> OrderState {
        let cancelled = self.tickets.iter().all(|ticket| ticket.status != TicketStatus::Valid)
            && self.items.iter().all(|item| item.cancelled);
        match self.open.0 {
            1.. => OrderState::Unpaid,
            ..0 => OrderState::Overpaid,
            0 if cancelled => OrderState::Cancelled,
            0 => OrderState::Paid,
        }
    }
}

//! Orders in blocks of consecutive numbers: a partition each.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use soticket_ledger::Entry;
use soticket_schema::event::v1::{
    CommissionLine, ItemLine, OrderLines, PacksSold, PaymentAnnounced, ReportSource, SoldPack,
};
use soticket_schema::{Amount, ItemId, OrderId, PaymentId, SubjectRef, TicketId, Timestamp};

use super::view::{Announced, Commission, Item, Payment};
use crate::event::{self, Money};
use crate::rows::Interned;

/// How many bits of an order's number tell its place within the block.
pub(super) const ORDER_BITS: u32 = 13;

/// Consecutive orders.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct OrderBlock {
    /// By the low bits of the number.
    orders: Vec<Option<OrderRow>>,
    sellers: Interned<String>,
    items: Vec<Chained<Item>>,
    payments: Vec<Chained<Payment>>,
    /// Runs of tickets beyond the first: lines that were added later, or numbers that do not follow each other.
    more_tickets: BTreeMap<u16, Vec<Run>>,
    /// Packs of the few orders that have any.
    packs: BTreeMap<u16, Vec<SoldPack>>,
    /// Payments on their way of the few orders that have any.
    announced: BTreeMap<u16, Vec<Announced>>,
    /// Commissions of whole orders.
    commissions: BTreeMap<u16, Vec<Commission>>,
}

/// An order but for its lines.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(super) struct OrderRow {
    pub(super) position: u64,
    pub(super) occurred_at: Timestamp,
    pub(super) subject: Option<SubjectRef>,
    pub(super) source: Option<ReportSource>,
    pub(super) channel: soticket_schema::ChannelId,
    seller: u32,
    tickets: Run,
    /// The last item and payment, from which the earlier ones are reached; [`NONE`] without any.
    last_item: u32,
    last_payment: u32,
}

/// Tickets with consecutive numbers.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
struct Run {
    first: TicketId,
    count: u32,
}

/// A row with the place of the one before it of the same order.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct Chained<T> {
    row: T,
    before: u32,
}

const NONE: u32 = u32::MAX;

fn place(order: OrderId) -> usize {
    (order.0 & ((1 << ORDER_BITS) - 1)) as usize
}

impl Run {
    /// Takes the ticket in if its number follows.
    fn grow(&mut self, ticket: TicketId) -> bool {
        let follows = self.first.0.checked_add(u64::from(self.count)) == Some(ticket.0);
        self.count += u32::from(follows);
        follows
    }

    fn tickets(self) -> impl Iterator<Item = TicketId> {
        (0..u64::from(self.count)).filter_map(move |step| self.first.0.checked_add(step).map(TicketId))
    }
}

impl OrderBlock {
    pub(super) fn get(&self, order: OrderId) -> Option<&OrderRow> {
        self.orders.get(place(order))?.as_ref()
    }

    fn get_mut(&mut self, order: OrderId) -> Option<&mut OrderRow> {
        self.orders.get_mut(place(order))?.as_mut()
    }

    /// Numbers of the orders in this block, as their low bits, ascending.
    pub(super) fn places(&self) -> impl DoubleEndedIterator<Item = u64> {
        let known = self.orders.iter().enumerate().filter(|(_, row)| row.is_some());
        known.map(|(place, _)| place as u64)
    }

    pub(super) fn len(&self) -> usize {
        self.orders.iter().flatten().count()
    }

    /// Begins the order, or adds lines to it when it exists. Returns whether it is new.
    pub(super) fn sell(
        &mut self,
        entry: &Entry,
        lines: &OrderLines,
        tickets: impl Iterator<Item = TicketId>,
    ) -> bool {
        let place = place(lines.order);
        if self.orders.len() <= place {
            self.orders.resize(place + 1, None);
        }
        let new = self.get(lines.order).is_none();
        if new {
            let row = OrderRow {
                position: entry.envelope.position,
                occurred_at: entry.envelope.occurred_at,
                subject: lines.subject,
                source: event::source(&entry.event),
                channel: lines.channel,
                seller: self.seller(&lines.seller),
                tickets: Run::default(),
                last_item: NONE,
                last_payment: NONE,
            };
            if let Some(slot) = self.orders.get_mut(place) {
                *slot = Some(row);
            }
        }
        self.add_tickets(lines.order, tickets);
        lines.items.iter().for_each(|item| self.add_item(lines.order, item));
        new
    }

    /// Sales come in runs of one seller: no string is made for the one that was met last.
    fn seller(&mut self, seller: &str) -> u32 {
        match self.sellers.last() {
            Some((number, known)) if known == seller => number,
            _ => self.sellers.number(seller.to_owned()),
        }
    }

    pub(super) fn seller_of(&self, row: &OrderRow) -> String {
        self.sellers.key(row.seller).cloned().unwrap_or_default()
    }

    fn add_tickets(&mut self, order: OrderId, tickets: impl Iterator<Item = TicketId>) {
        let Some(row) = self.orders.get_mut(place(order)).and_then(Option::as_mut) else { return };
        for ticket in tickets {
            let more = self.more_tickets.get_mut(&(place(order) as u16));
            // The run that was begun last, which most numbers follow.
            let last = more.and_then(|runs| runs.last_mut()).unwrap_or(&mut row.tickets);
            if last.count == 0 {
                *last = Run { first: ticket, count: 1 };
            } else if !last.grow(ticket) {
                let run = Run { first: ticket, count: 1 };
                self.more_tickets.entry(place(order) as u16).or_default().push(run);
            }
        }
    }

    fn add_item(&mut self, order: OrderId, line: &ItemLine) {
        let item = Item {
            item: line.item,
            kind: line.kind,
            show: line.show,
            price: line.price,
            vat: line.vat,
            ticket: line.ticket,
            cancelled: false,
        };
        let index = u32::try_from(self.items.len()).unwrap_or(NONE);
        let Some(row) = self.get_mut(order) else { return };
        let before = std::mem::replace(&mut row.last_item, index);
        self.items.push(Chained { row: item, before });
    }

    pub(super) fn cancel_item(&mut self, order: OrderId, item: ItemId) {
        let mut index = self.get(order).map_or(NONE, |row| row.last_item);
        while let Some(chained) = self.items.get_mut(index as usize) {
            if chained.row.item == item {
                chained.row.cancelled = true;
                return;
            }
            index = chained.before;
        }
    }

    /// Money of an order that is unknown is left out: the log records it, but no order shows it.
    pub(super) fn pay(&mut self, money: &Money<'_>, at: Timestamp) {
        for leg in money.legs {
            let index = u32::try_from(self.payments.len()).unwrap_or(NONE);
            let Some(row) = self.get_mut(money.order) else { return };
            let before = std::mem::replace(&mut row.last_payment, index);
            let row = Payment {
                payment: money.payment,
                method: leg.method,
                amount: leg.amount,
                refund: money.refund,
                occurred_at: at,
            };
            self.payments.push(Chained { row, before });
        }
    }

    /// Packs of an order that is unknown are left out, as its money is.
    pub(super) fn add_packs(&mut self, event: &PacksSold) {
        if self.get(event.order).is_some() {
            self.packs.entry(place(event.order) as u16).or_default().extend(event.packs.iter().cloned());
        }
    }

    pub(super) fn announce(&mut self, event: &PaymentAnnounced) {
        if self.get(event.order).is_some() {
            let (payment, legs, expected_by) = (event.payment, event.legs.clone(), event.expected_by);
            let announced = Announced { payment, legs, expected_by };
            self.announced.entry(place(event.order) as u16).or_default().push(announced);
        }
    }

    /// The payment has come in, or does not come.
    pub(super) fn settle(&mut self, order: OrderId, payment: PaymentId) {
        if let Some(announced) = self.announced.get_mut(&(place(order) as u16)) {
            announced.retain(|known| known.payment != payment);
        }
    }

    pub(super) fn announced(&self, order: OrderId) -> Vec<Announced> {
        self.announced.get(&(place(order) as u16)).cloned().unwrap_or_default()
    }

    pub(super) fn packs(&self, order: OrderId) -> Vec<SoldPack> {
        self.packs.get(&(place(order) as u16)).cloned().unwrap_or_default()
    }

    /// Commissions of an order that is unknown are left out, as its money is.
    pub(super) fn add_commissions(&mut self, order: OrderId, added: impl Iterator<Item = Commission>) {
        let mut added = added.peekable();
        if added.peek().is_some() && self.get(order).is_some() {
            self.commissions.entry(place(order) as u16).or_default().extend(added);
        }
    }

    pub(super) fn reverse_commission(&mut self, order: OrderId, line: &CommissionLine) {
        let known = self.commissions.get_mut(&(place(order) as u16)).into_iter().flatten();
        for commission in known.filter(|known| known.commission == line.commission && known.show == line.show)
        {
            commission.reversed = true;
        }
    }

    pub(super) fn commissions(&self, order: OrderId) -> Vec<Commission> {
        self.commissions.get(&(place(order) as u16)).cloned().unwrap_or_default()
    }

    /// Tickets of an order, in the order of the sale.
    pub(super) fn tickets(&self, order: OrderId) -> impl Iterator<Item = TicketId> {
        let first = self.get(order).map(|row| row.tickets);
        let more = self.more_tickets.get(&(place(order) as u16)).into_iter().flatten().copied();
        first.into_iter().chain(more).flat_map(Run::tickets)
    }

    pub(super) fn items(&self, row: &OrderRow) -> Vec<Item> {
        chain(&self.items, row.last_item)
    }

    pub(super) fn payments(&self, row: &OrderRow) -> Vec<Payment> {
        chain(&self.payments, row.last_payment)
    }
}

/// The rows of a chain, the earliest first.
fn chain<T: Copy>(rows: &[Chained<T>], last: u32) -> Vec<T> {
    let mut found = Vec::new();
    let mut index = last;
    while let Some(chained) = rows.get(index as usize) {
        found.push(chained.row);
        index = chained.before;
    }
    found.reverse();
    found
}

/// What is left to pay, and where the order stands.
pub(super) fn balance(total: Amount, payments: &[Payment]) -> (Amount, Amount, Amount) {
    let sum = |refund: bool| -> Amount {
        payments.iter().filter(|payment| payment.refund == refund).map(|payment| payment.amount).sum()
    };
    let (paid, returned) = (sum(false), sum(true));
    (paid, returned, total - paid + returned)
}

//! Orders: who bought, which lines, and what was received and returned.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use soticket_schema::event::v1::{ItemKind, ItemLine, Leg};
use soticket_schema::{Amount, ItemId, OrderId, PaymentId, ShowId, StoredValueId, SubjectRef, TicketId};

use super::State;
use super::dense::Dense;
use super::paid::Paid;
use crate::books::SoldItem;

/// An order: 48 bytes. What is due follows from its lines.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Order {
    /// Who bought; all zeros if not known.
    subject: SubjectRef,
    received: Amount,
    returned: Amount,
    tickets: Run,
    items: Run,
}

/// Consecutive numbers.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
struct Run {
    first: u32,
    count: u32,
}

impl Run {
    /// Takes a number that begins or continues the run.
    fn take(&mut self, id: u32) -> bool {
        if self.count == 0 {
            *self = Self { first: id, count: 1 };
        } else if id == self.first.saturating_add(self.count) {
            self.count += 1;
        } else {
            return false;
        }
        true
    }

    fn ids(self) -> impl Iterator<Item = u64> {
        (0..u64::from(self.count)).map(move |offset| u64::from(self.first) + offset)
    }
}

/// A line that is no ticket.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Item {
    order: u32,
    /// 0 for none.
    show: u32,
    pub(crate) price: Amount,
    pub(crate) cancelled: bool,
    /// Whether it is a fee of the order.
    pub(crate) fee: bool,
    /// What the sums of closings need to know of it.
    pub(super) sold: SoldItem,
}

impl Item {
    pub(crate) fn order(&self) -> OrderId {
        OrderId(u64::from(self.order))
    }

    pub(crate) fn show(&self) -> Option<ShowId> {
        (self.show != 0).then_some(ShowId(u64::from(self.show)))
    }
}

/// All orders, their items and the series of payments.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Orders {
    orders: Dense<Order>,
    items: Dense<Item>,
    /// Lines that a report added to an order that others have followed.
    later_tickets: BTreeMap<u32, Vec<Run>>,
    later_items: BTreeMap<u32, Vec<Run>>,
    last_payment: u64,
    paid: Paid,
    /// Payments on their way.
    announced: BTreeMap<PaymentId, Announced>,
}

/// A payment on its way.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Announced {
    pub(crate) order: OrderId,
    pub(crate) legs: Vec<Leg>,
}

impl Order {
    pub(crate) fn subject(&self) -> Option<SubjectRef> {
        (self.subject != SubjectRef::default()).then_some(self.subject)
    }

    pub(crate) fn received(&self) -> Amount {
        self.received
    }

    pub(crate) fn returned(&self) -> Amount {
        self.returned
    }

    /// What was received and not yet returned.
    pub(crate) fn kept(&self) -> Amount {
        self.received - self.returned
    }
}

impl Orders {
    pub(crate) fn next(&self) -> OrderId {
        OrderId(self.orders.next())
    }

    pub(crate) fn next_item(&self) -> ItemId {
        ItemId(self.items.next())
    }

    pub(crate) fn next_payment(&self) -> PaymentId {
        PaymentId(self.last_payment.saturating_add(1))
    }

    pub(crate) fn get(&self, order: OrderId) -> Option<&Order> {
        self.orders.get(order.0)
    }

    pub(crate) fn item(&self, item: ItemId) -> Option<&Item> {
        self.items.get(item.0)
    }

    pub(super) fn item_mut(&mut self, item: ItemId) -> Option<&mut Item> {
        self.items.get_mut(item.0)
    }

    /// Numbers of an order's tickets, ascending.
    pub(crate) fn tickets(&self, order: OrderId) -> impl Iterator<Item = TicketId> {
        let first = self.get(order).map(|order| order.tickets);
        runs(first, &self.later_tickets, order).map(TicketId)
    }

    /// Numbers of an order's items, ascending.
    pub(crate) fn items(&self, order: OrderId) -> impl Iterator<Item = ItemId> {
        let first = self.get(order).map(|order| order.items);
        runs(first, &self.later_items, order).map(ItemId)
    }

    /// Begins an order if it has the next number; lines of one that exists join it.
    pub(super) fn begin(&mut self, id: OrderId, subject: Option<SubjectRef>) {
        let nothing = Order {
            subject: subject.unwrap_or_default(),
            received: Amount::ZERO,
            returned: Amount::ZERO,
            tickets: Run::default(),
            items: Run::default(),
        };
        if id.0 < u64::from(u32::MAX)
            && !self.orders.push(id.0, nothing)
            && let Some(order) = self.orders.get_mut(id.0)
            && order.subject == SubjectRef::default()
        {
            order.subject = subject.unwrap_or_default();
        }
    }

    pub(super) fn add_ticket(&mut self, id: OrderId, ticket: TicketId) {
        let (Some(order), Ok(ticket)) = (self.orders.get_mut(id.0), u32::try_from(ticket.0)) else { return };
        if !order.tickets.take(ticket) {
            take_later(&mut self.later_tickets, id, ticket);
        }
    }

    /// Adds an item if it has the next number.
    pub(super) fn add_item(&mut self, id: OrderId, line: &ItemLine) -> bool {
        let item = Item {
            order: u32::try_from(id.0).unwrap_or(0),
            show: line.show.and_then(|show| u32::try_from(show.0).ok()).unwrap_or(0),
            price: line.price,
            cancelled: false,
            fee: matches!(line.kind, ItemKind::Fee(_)),
            sold: SoldItem::default(),
        };
        let (Some(order), Ok(number)) = (self.orders.get_mut(id.0), u32::try_from(line.item.0)) else {
            return false;
        };
        let added = self.items.push(line.item.0, item);
        if added && !order.items.take(number) {
            take_later(&mut self.later_items, id, number);
        }
        added
    }

    pub(super) fn set_sold(&mut self, item: ItemId, sold: SoldItem) {
        if let Some(item) = self.item_mut(item) {
            item.sold = sold;
        }
    }

    /// A payment on its way.
    pub(crate) fn on_its_way(&self, payment: PaymentId) -> Option<&Announced> {
        self.announced.get(&payment)
    }

    /// What is on its way for an order.
    pub(crate) fn expected(&self, order: OrderId) -> Amount {
        let announced = self.announced.values().filter(|announced| announced.order == order);
        announced.flat_map(|announced| &announced.legs).map(|leg| leg.amount).sum()
    }

    /// Whether a number was given to a payment or return.
    pub(crate) fn knows_payment(&self, payment: PaymentId) -> bool {
        (1..=self.last_payment).contains(&payment.0)
    }

    pub(super) fn announced(&mut self, payment: PaymentId, order: OrderId, legs: &[Leg]) {
        self.last_payment = payment.0.max(self.last_payment);
        self.announced.insert(payment, Announced { order, legs: legs.to_vec() });
    }

    pub(super) fn not_coming(&mut self, payment: PaymentId) {
        self.announced.remove(&payment);
    }

    pub(super) fn received(&mut self, payment: PaymentId, order: OrderId, legs: &[Leg]) {
        self.last_payment = payment.0.max(self.last_payment);
        self.announced.remove(&payment);
        if let Some(known) = self.orders.get_mut(order.0) {
            self.paid.note(order, known.kept(), legs, 1);
            known.received += legs.iter().map(|leg| leg.amount).sum();
        }
    }

    pub(super) fn returned(&mut self, payment: PaymentId, order: OrderId, legs: &[Leg]) {
        self.last_payment = payment.0.max(self.last_payment);
        if let Some(known) = self.orders.get_mut(order.0) {
            self.paid.note(order, known.kept(), legs, -1);
            known.returned += legs.iter().map(|leg| leg.amount).sum();
        }
    }

    /// How `amount`, which is at most what the order keeps, goes back: by the ways that the money came in.
    pub(crate) fn legs_back(&self, order: OrderId, amount: Amount) -> Vec<Leg> {
        let kept = self.get(order).map(Order::kept).unwrap_or_default();
        self.paid.legs_back(order, kept, amount)
    }

    /// What gift cards and vouchers paid of an order, less what went back to them.
    pub(crate) fn values_spent(&self, order: OrderId) -> &[(StoredValueId, Amount)] {
        self.paid.values(order)
    }

    pub(super) fn value_spent(&mut self, order: OrderId, value: StoredValueId, amount: Amount) {
        self.paid.note_value(order, value, amount);
    }

    /// Orders that a person placed, ascending.
    pub(crate) fn of_subject(&self, subject: SubjectRef) -> impl Iterator<Item = OrderId> {
        let orders = (1..).zip(self.orders.iter());
        orders.filter(move |(_, order)| order.subject() == Some(subject)).map(|(id, _)| OrderId(id))
    }

    /// All items of all orders.
    pub(crate) fn all_items(&self) -> impl Iterator<Item = &Item> {
        self.items.iter()
    }

    pub(super) fn bytes(&self) -> usize {
        self.orders.bytes() + self.items.bytes() + self.paid.bytes()
    }
}

fn runs(first: Option<Run>, later: &BTreeMap<u32, Vec<Run>>, order: OrderId) -> impl Iterator<Item = u64> {
    let later = u32::try_from(order.0).ok().and_then(|order| later.get(&order));
    first.into_iter().chain(later.into_iter().flatten().copied()).flat_map(Run::ids)
}

fn take_later(later: &mut BTreeMap<u32, Vec<Run>>, order: OrderId, id: u32) {
    let runs = later.entry(u32::try_from(order.0).unwrap_or(0)).or_default();
    if !runs.last_mut().is_some_and(|run| run.take(id)) {
        runs.push(Run { first: id, count: 1 });
    }
}

impl State {
    /// What an order's lines come to; a cancelled line only counts with a fee that is kept.
    pub(crate) fn due(&self, order: OrderId) -> Amount {
        let tickets =
            self.orders.tickets(order).filter_map(|id| self.tickets.get(id)).map(|ticket| ticket.due());
        let items = self.orders.items(order).filter_map(|id| self.orders.item(id));
        tickets.sum::<Amount>() + items.filter(|item| !item.cancelled).map(|item| item.price).sum()
    }

    /// Who bought an order, if known.
    pub(crate) fn buyer(&self, order: OrderId) -> Option<SubjectRef> {
        self.orders.get(order).and_then(Order::subject)
    }

    /// Whether nothing is left to pay for an order.
    pub(crate) fn is_paid(&self, order: OrderId) -> bool {
        self.orders.get(order).is_some_and(|known| self.due(order) <= known.kept())
    }

    /// Shows of an order's lines, cancelled or not, ascending.
    pub(crate) fn shows_of(&self, order: OrderId) -> Vec<ShowId> {
        let tickets =
            self.orders.tickets(order).filter_map(|id| self.tickets.get(id)).map(|ticket| ticket.show());
        let items = self.orders.items(order).filter_map(|id| self.orders.item(id)).filter_map(Item::show);
        distinct(tickets.chain(items))
    }
}

/// Each show once, ascending.
pub(crate) fn distinct(shows: impl Iterator<Item = ShowId>) -> Vec<ShowId> {
    let mut distinct: Vec<ShowId> = Vec::new();
    for show in shows {
        if distinct.last() != Some(&show) {
            distinct.push(show);
        }
    }
    distinct.sort_unstable();
    distinct.dedup();
    distinct
}

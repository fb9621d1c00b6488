//! What decisions know of commissions: the rules, and what was charged on tickets and orders.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use soticket_schema::event::v1::{CommissionLine, CommissionsCharged, CommissionsReversed};
use soticket_schema::{ItemId, OrderId, TicketId};

use super::State;
use super::organisation::Counter;
use crate::fees::Rules;

/// Commissions and what payment costs are charged by.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Commissions {
    pub(crate) rules: Rules,
    pub(crate) parties: Counter,
    pub(crate) charged: Charged,
}

/// What was charged. Few combinations are many tickets': a ticket costs 8 bytes here, and one without commissions none.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Charged {
    /// Lines without their tickets.
    sets: Vec<Vec<CommissionLine>>,
    /// Tickets, ascending, with the place of their set.
    tickets: Vec<(u32, u32)>,
    /// Commissions of whole orders that buyers pay with an item.
    items: BTreeMap<ItemId, Vec<CommissionLine>>,
    /// Those that organisers pay.
    orders: BTreeMap<OrderId, Vec<CommissionLine>>,
    /// Places of sets by hash; found again from them.
    #[serde(skip)]
    index: FxHashMap<u64, Vec<u32>>,
}

impl Charged {
    /// Commissions of a ticket, without the list of tickets.
    pub(crate) fn of_ticket(&self, ticket: TicketId) -> &[CommissionLine] {
        let number = u32::try_from(ticket.0).unwrap_or(0);
        let found = self.tickets.binary_search_by_key(&number, |(ticket, _)| *ticket).ok();
        let set = found.and_then(|place| self.tickets.get(place)).map(|(_, set)| *set as usize);
        set.and_then(|set| self.sets.get(set)).map(Vec::as_slice).unwrap_or_default()
    }

    /// Commissions that the buyer pays with this item.
    pub(crate) fn of_item(&self, item: ItemId) -> &[CommissionLine] {
        self.items.get(&item).map(Vec::as_slice).unwrap_or_default()
    }

    /// Commissions that the organiser pays for the whole order.
    pub(crate) fn of_order(&self, order: OrderId) -> &[CommissionLine] {
        self.orders.get(&order).map(Vec::as_slice).unwrap_or_default()
    }

    fn charge(&mut self, event: &CommissionsCharged) {
        let mut sets: BTreeMap<u32, Vec<CommissionLine>> = BTreeMap::new();
        for line in &event.lines {
            let bare = CommissionLine { tickets: Vec::new(), ..line.clone() };
            for ticket in line.tickets.iter().filter_map(|ticket| u32::try_from(ticket.0).ok()) {
                sets.entry(ticket).or_default().push(bare.clone());
            }
            match line.item {
                _ if !line.tickets.is_empty() => {}
                Some(item) => self.items.entry(item).or_default().push(bare),
                None => self.orders.entry(event.order).or_default().push(bare),
            }
        }
        for (ticket, set) in sets {
            self.charge_ticket(ticket, set);
        }
    }

    /// All lines of a ticket come in one event, and tickets in ascending order.
    fn charge_ticket(&mut self, ticket: u32, set: Vec<CommissionLine>) {
        if self.tickets.last().is_none_or(|(last, _)| *last < ticket) {
            let number = self.number(set);
            self.tickets.push((ticket, number));
        }
    }

    fn number(&mut self, set: Vec<CommissionLine>) -> u32 {
        if self.index.is_empty() {
            for (number, set) in self.sets.iter().enumerate() {
                self.index.entry(hash_of(set)).or_default().push(place_of(number));
            }
        }
        let hash = hash_of(&set);
        let places = self.index.entry(hash).or_default();
        if let Some(known) = places.iter().find(|place| self.sets.get(**place as usize) == Some(&set)) {
            return *known;
        }
        let number = place_of(self.sets.len());
        places.push(number);
        self.sets.push(set);
        number
    }

    fn reverse(&mut self, event: &CommissionsReversed) {
        for line in event.lines.iter().filter(|line| line.tickets.is_empty()) {
            match line.item {
                Some(item) => drop(self.items.remove(&item)),
                None => drop(self.orders.remove(&event.order)),
            }
        }
    }

    pub(super) fn bytes(&self) -> usize {
        self.tickets.capacity() * size_of::<(u32, u32)>()
    }
}

/// What may tell sets apart: the rest is compared.
fn hash_of(set: &[CommissionLine]) -> u64 {
    use std::hash::{Hash, Hasher};
    let mut hasher = rustc_hash::FxHasher::default();
    for line in set {
        (line.commission, line.version, line.channel, line.show, line.basis, line.amount).hash(&mut hasher);
    }
    hasher.finish()
}

fn place_of(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}

impl State {
    pub(super) fn commissions_charged(&mut self, event: &CommissionsCharged) {
        self.commissions.charged.charge(event);
    }

    pub(super) fn commissions_reversed(&mut self, event: &CommissionsReversed) {
        self.commissions.charged.reverse(event);
        for kept in &event.kept {
            if let Some(ticket) = self.tickets.get_mut(kept.ticket)
                && ticket.keep_of_fee(kept.amount)
            {
                self.books.keep_of_fee(ticket.show(), ticket.tax, kept.amount);
            }
        }
    }
}

//! What decisions know of persons who were erased, of the vault's epochs, and of what a person has.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use soticket_schema::event::v1::{SubjectErased, VaultEpochBegun, VaultEpochsDestroyed};
use soticket_schema::{CardId, OrderId, StoredValueId, SubjectRef, TicketId};

use super::State;

/// Persons who were erased, and what became of the keys that they had.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Erasures {
    erased: BTreeSet<SubjectRef>,
    /// How many were erased since the vault's last epoch was begun here.
    since_epoch: u64,
    /// The last epoch that was begun here.
    begun: u32,
    /// Epochs that were begun while keys of earlier ones are not known to be destroyed.
    waiting: BTreeSet<u32>,
}

impl Erasures {
    /// Whether a person was erased.
    pub(crate) fn has(&self, subject: SubjectRef) -> bool {
        self.erased.contains(&subject)
    }

    /// Everyone who was erased.
    pub(crate) fn subjects(&self) -> impl Iterator<Item = SubjectRef> {
        self.erased.iter().copied()
    }

    /// Whether somebody was erased whose key was wrapped by the present epoch.
    pub(crate) fn need_epoch(&self) -> bool {
        self.since_epoch > 0
    }

    /// The last epoch that was begun; 0 for none.
    pub(crate) fn begun(&self) -> u32 {
        self.begun
    }

    /// Whether an epoch up to this one was begun and the keys before it are not known to be destroyed.
    pub(crate) fn waits_for(&self, before: u32) -> bool {
        self.waiting.first().is_some_and(|first| *first <= before)
    }

    pub(super) fn erased(&mut self, event: &SubjectErased) {
        self.erased.insert(event.subject);
        self.since_epoch = self.since_epoch.saturating_add(1);
    }

    pub(super) fn epoch_begun(&mut self, event: &VaultEpochBegun) {
        self.since_epoch = 0;
        self.begun = self.begun.max(event.epoch);
        self.waiting.insert(event.epoch);
    }

    pub(super) fn epochs_destroyed(&mut self, event: &VaultEpochsDestroyed) {
        self.waiting.retain(|epoch| *epoch > event.before);
    }
}

/// What the vault keeps the codes of for one person.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Belongings {
    /// Tickets that they bought, handed on or not, and those that were handed to them, ascending.
    pub(crate) tickets: Vec<TicketId>,
    /// Subscriber cards that they bought, taken back or not.
    pub(crate) cards: Vec<CardId>,
    /// Gift cards and vouchers that they bought, taken back or not.
    pub(crate) values: Vec<StoredValueId>,
}

impl State {
    /// Whether any order or ticket is, or was, a person's.
    pub(crate) fn knows_subject(&self, subject: SubjectRef) -> bool {
        self.orders.of_subject(subject).next().is_some() || self.tickets.handed_to(subject).next().is_some()
    }

    /// What the vault keeps the codes of for a person. Looks at every order: persons are erased one at a time and
    /// seldom, and an index over all of them would be held for that alone.
    pub(crate) fn belongings(&self, subject: SubjectRef) -> Belongings {
        let orders: Vec<OrderId> = self.orders.of_subject(subject).collect();
        let bought = orders.iter().flat_map(|order| self.orders.tickets(*order));
        let mut tickets: Vec<TicketId> = bought.chain(self.tickets.handed_to(subject)).collect();
        tickets.sort_unstable();
        tickets.dedup();
        let items = || orders.iter().flat_map(|order| self.orders.items(*order));
        Belongings {
            tickets,
            cards: items().filter_map(|item| self.cards.sold_as(item)).collect(),
            values: items().filter_map(|item| self.stored_values.sold_as(item)).collect(),
        }
    }
}

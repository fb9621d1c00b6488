//! Rights that were paid for before they are used: subscriber cards, gift cards, vouchers.

#[cfg(test)]
mod tests;
mod view;

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use soticket_ledger::Entry;
use soticket_schema::event::v1::{CardIssued, CardUse, StoredValueIssued, StoredValueKind, StoredValueUsed};
use soticket_schema::{Amount, CardId, CodeHash, Event, StoredValueId, SubjectRef};

pub use self::view::*;
use crate::partition::{PartitionKey, Partitions, Projection};

/// Cards, gift cards and vouchers, as they stand now.
#[derive(Debug, Default)]
pub struct Rights {
    cards: Partitions<Block<CardId, CardInfo>>,
    values: Partitions<Block<StoredValueId, StoredValueInfo>>,
    /// Found again from the partitions; no part of the state.
    found: Found,
}

/// Consecutive numbers.
#[derive(Debug, Serialize, Deserialize)]
struct Block<I: Ord, T>(BTreeMap<I, T>);

impl<I: Ord, T> Default for Block<I, T> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

/// Look-ups by code and person.
#[derive(Debug, Default)]
struct Found {
    cards: FxHashMap<CodeHash, CardId>,
    values: FxHashMap<CodeHash, StoredValueId>,
    of_subject: FxHashMap<SubjectRef, Vec<CardId>>,
}

const CARDS: u8 = 1;
const VALUES: u8 = 2;
/// How many bits of a number tell its place within a block.
const BLOCK_BITS: u32 = 10;

impl Projection for Rights {
    const NAME: &'static str = "rights";
    const VERSION: u16 = 1;

    fn fold(&mut self, entry: &Entry) {
        match &entry.event {
            Event::CardIssued(event) => self.issue_card(event),
            Event::CardRightsUsed(event) => event.uses.iter().for_each(|used| self.use_right(used)),
            Event::CardRightsRestored(event) => event.uses.iter().for_each(|used| self.restore(used)),
            Event::CardRevoked(event) => {
                if let Some(card) = self.card_mut(event.card) {
                    card.state = RightState::Revoked;
                }
            }
            Event::CardsExpired(event) => {
                for expired in &event.cards {
                    if let Some(card) = self.card_mut(expired.card) {
                        (card.state, card.unused) = (RightState::Expired, expired.unused);
                    }
                }
            }
            Event::StoredValueIssued(event) => self.issue_value(event),
            Event::StoredValueUsed(event) => self.spend(event),
            Event::StoredValueRestored(event) => {
                let (order, payment, amount) = (event.order, event.payment, event.amount);
                if let Some(value) = self.value_mut(event.value) {
                    value.left += amount;
                    value.movements.push(ValueMovement { order, payment, amount });
                }
            }
            Event::StoredValueRevoked(event) => self.end(event.value, RightState::Revoked),
            Event::StoredValuesExpired(event) => {
                event.values.iter().for_each(|expired| self.end(expired.value, RightState::Expired));
            }
            _ => {}
        }
    }

    fn save(&self, out: &mut dyn FnMut(PartitionKey, Vec<u8>)) {
        self.cards.save(CARDS, out);
        self.values.save(VALUES, out);
    }

    fn load(&mut self, key: PartitionKey, bytes: &[u8]) -> Option<()> {
        match key.family {
            CARDS => {
                let block = self.cards.load(key.id, bytes)?;
                block.0.values().for_each(|card| self.found.card(&card.issued));
            }
            VALUES => {
                let block = self.values.load(key.id, bytes)?;
                block.0.values().for_each(|value| self.found.value(&value.issued));
            }
            _ => return None,
        }
        Some(())
    }
}

impl Found {
    /// Numbers are unique and codes random in an honest log; in any other the lowest number has the code, whatever order
    /// they are met in.
    fn card(&mut self, issued: &CardIssued) {
        let known = self.cards.entry(issued.code.hash).or_insert(issued.card);
        *known = issued.card.min(*known);
        if let Some(subject) = issued.subject {
            let cards = self.of_subject.entry(subject).or_default();
            if let Err(place) = cards.binary_search(&issued.card) {
                cards.insert(place, issued.card);
            }
        }
    }

    fn value(&mut self, issued: &StoredValueIssued) {
        let known = self.values.entry(issued.code.hash).or_insert(issued.value);
        *known = issued.value.min(*known);
    }
}

impl Rights {
    fn issue_card(&mut self, event: &CardIssued) {
        let block = self.cards.entry(event.card.0 >> BLOCK_BITS);
        if block.0.contains_key(&event.card) {
            return;
        }
        let card = CardInfo { issued: *event, state: RightState::Issued, uses: Vec::new(), unused: None };
        block.0.insert(event.card, card);
        self.found.card(event);
    }

    fn issue_value(&mut self, event: &StoredValueIssued) {
        let block = self.values.entry(event.value.0 >> BLOCK_BITS);
        if block.0.contains_key(&event.value) {
            return;
        }
        let value = StoredValueInfo {
            issued: *event,
            state: RightState::Issued,
            left: event.amount,
            lapsed: Amount::ZERO,
            movements: Vec::new(),
        };
        block.0.insert(event.value, value);
        self.found.value(event);
    }

    fn card_mut(&mut self, card: CardId) -> Option<&mut CardInfo> {
        self.cards.get_mut(card.0 >> BLOCK_BITS)?.0.get_mut(&card)
    }

    fn value_mut(&mut self, value: StoredValueId) -> Option<&mut StoredValueInfo> {
        self.values.get_mut(value.0 >> BLOCK_BITS)?.0.get_mut(&value)
    }

    fn use_right(&mut self, used: &CardUse) {
        if let Some(card) = self.card_mut(used.card)
            && card.uses.iter().all(|known| known.ticket != used.ticket)
        {
            card.uses.push(*used);
        }
    }

    fn restore(&mut self, used: &CardUse) {
        if let Some(card) = self.card_mut(used.card) {
            card.uses.retain(|known| known.ticket != used.ticket);
        }
    }

    fn spend(&mut self, event: &StoredValueUsed) {
        let (order, payment) = (event.order, event.payment);
        for spent in &event.uses {
            if let Some(value) = self.value_mut(spent.value) {
                value.left = value.left - spent.amount - spent.lapsed;
                value.lapsed += spent.lapsed;
                let amount = Amount::ZERO - spent.amount;
                value.movements.push(ValueMovement { order, payment, amount });
            }
        }
    }

    fn end(&mut self, value: StoredValueId, state: RightState) {
        if let Some(value) = self.value_mut(value)
            && value.state == RightState::Issued
        {
            value.state = state;
            value.lapsed += std::mem::take(&mut value.left);
        }
    }

    /// A card.
    pub fn card(&self, card: CardId) -> Option<&CardInfo> {
        self.cards.get(card.0 >> BLOCK_BITS)?.0.get(&card)
    }

    /// The card with a code, by its keyed hash.
    pub fn card_by_code(&self, code: CodeHash) -> Option<&CardInfo> {
        self.card(*self.found.cards.get(&code)?)
    }

    /// A person's cards, by number.
    pub fn cards_of(&self, subject: SubjectRef) -> Vec<&CardInfo> {
        let cards = self.found.of_subject.get(&subject).into_iter().flatten();
        cards.filter_map(|card| self.card(*card)).collect()
    }

    /// Cards after this one, by number, at most `limit`.
    pub fn cards(&self, after: Option<CardId>, limit: usize) -> Vec<&CardInfo> {
        let blocks = self.cards.sorted().flat_map(|(_, block)| block.0.values());
        blocks.filter(|card| after.is_none_or(|after| card.issued.card > after)).take(limit).collect()
    }

    /// A gift card or voucher.
    pub fn stored_value(&self, value: StoredValueId) -> Option<&StoredValueInfo> {
        self.values.get(value.0 >> BLOCK_BITS)?.0.get(&value)
    }

    /// Gift cards and vouchers that a person bought, by number. Looks at all there are.
    pub fn values_of(&self, subject: SubjectRef) -> Vec<&StoredValueInfo> {
        let values = self.values.sorted().flat_map(|(_, block)| block.0.values());
        values.filter(|value| value.issued.subject == Some(subject)).collect()
    }

    /// The gift card or voucher with a code, by its keyed hash.
    pub fn stored_value_by_code(&self, code: CodeHash) -> Option<&StoredValueInfo> {
        self.stored_value(*self.found.values.get(&code)?)
    }

    /// Gift cards or vouchers together.
    pub fn totals(&self, kind: StoredValueKind) -> StoredValueTotals {
        let values = self.values.sorted().flat_map(|(_, block)| block.0.values());
        let mut totals = StoredValueTotals::default();
        for value in values.filter(|value| value.issued.kind == kind) {
            totals.count += 1;
            totals.issued += value.issued.amount;
            totals.left += value.left;
            totals.lapsed += value.lapsed;
            totals.spent += Amount::ZERO - value.movements.iter().map(|moved| moved.amount).sum();
        }
        totals
    }
}

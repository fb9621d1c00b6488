//! What decisions know of gift cards and vouchers.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use soticket_schema::event::v1::{StoredValueIssued, StoredValueKind, StoredValuesExpired, ValueSpent};
use soticket_schema::{Amount, ItemId, OrderId, StoredValueId, Timestamp};

use super::dense::Dense;

/// A gift card or voucher.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct StoredValue {
    pub(crate) kind: StoredValueKind,
    pub(crate) order: OrderId,
    pub(crate) issued: Amount,
    /// What can still be spent.
    pub(crate) left: Amount,
    until: Timestamp,
    /// Taken back, or accounted for after its time.
    ended: bool,
    touched: bool,
}

impl StoredValue {
    /// Whether it can pay at this moment.
    pub(crate) fn spendable_at(&self, now: Timestamp) -> bool {
        !self.ended && now < self.until && self.left > Amount::ZERO
    }

    /// Whether money can go back to it at this moment.
    pub(crate) fn refillable_at(&self, now: Timestamp) -> bool {
        !self.ended && now < self.until
    }

    /// Whether anything was ever taken from it.
    pub(crate) fn touched(&self) -> bool {
        self.touched
    }
}

/// All gift cards and vouchers.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct StoredValues {
    values: Dense<StoredValue>,
    by_item: BTreeMap<ItemId, StoredValueId>,
    /// Those not accounted for yet, by when they end.
    ends: BTreeSet<(Timestamp, StoredValueId)>,
}

impl StoredValues {
    pub(crate) fn next(&self) -> StoredValueId {
        StoredValueId(self.values.next())
    }

    pub(crate) fn get(&self, value: StoredValueId) -> Option<&StoredValue> {
        self.values.get(value.0)
    }

    /// What an item was sold as, unless it was taken back.
    pub(crate) fn of_item(&self, item: ItemId) -> Option<(StoredValueId, &StoredValue)> {
        let id = self.by_item.get(&item).copied()?;
        self.get(id).filter(|value| !value.ended).map(|value| (id, value))
    }

    /// What an item was sold as, taken back or not.
    pub(crate) fn sold_as(&self, item: ItemId) -> Option<StoredValueId> {
        self.by_item.get(&item).copied()
    }

    /// Those past their time that are not accounted for, the earliest first.
    pub(crate) fn past(&self, now: Timestamp) -> impl Iterator<Item = StoredValueId> {
        self.ends.iter().take_while(move |(ends, _)| *ends <= now).map(|(_, value)| *value)
    }

    pub(super) fn issued(&mut self, event: &StoredValueIssued) {
        let value = StoredValue {
            kind: event.kind,
            order: event.order,
            issued: event.amount,
            left: event.amount,
            until: event.until,
            ended: false,
            touched: false,
        };
        if self.values.push(event.value.0, value) {
            self.by_item.insert(event.item, event.value);
            self.ends.insert((event.until, event.value));
        }
    }

    pub(super) fn used(&mut self, uses: &[ValueSpent]) {
        for spent in uses {
            if let Some(value) = self.values.get_mut(spent.value.0) {
                value.left = value.left - spent.amount - spent.lapsed;
                value.touched = true;
            }
        }
    }

    pub(super) fn restored(&mut self, id: StoredValueId, amount: Amount) {
        if let Some(value) = self.values.get_mut(id.0) {
            value.left += amount;
        }
    }

    pub(super) fn revoked(&mut self, id: StoredValueId) {
        self.end(id);
    }

    pub(super) fn expired(&mut self, event: &StoredValuesExpired) {
        event.values.iter().for_each(|expired| self.end(expired.value));
    }

    fn end(&mut self, id: StoredValueId) {
        if let Some(value) = self.values.get_mut(id.0) {
            (value.ended, value.left) = (true, Amount::ZERO);
            self.ends.remove(&(value.until, id));
        }
    }
}

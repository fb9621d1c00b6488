//! Products and fees of orders.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use soticket_schema::event::v1::{ItemKind, ItemLine};
use soticket_schema::money::Taxed;
use soticket_schema::{Amount, ItemId, ProductId, Rate, Rounding};

use super::tax;
use super::view::ItemTotal;
use crate::rows::{Interned, Rows};

/// Items that belong to one show, or to none.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Items {
    lines: Interned<ItemKey, Count>,
    items: Rows<Item>,
}

/// Items that are counted together. The stated VAT is no line of its own: lines that differ in it only are shown as one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
struct ItemKey {
    kind: ItemKind,
    price: Amount,
    rate: Rate,
    stated_vat: Option<Amount>,
}

#[derive(Debug, Default, Clone, Copy, Serialize, Deserialize)]
struct Count {
    sold: u64,
    cancelled: u64,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct Item {
    line: u32,
    cancelled: bool,
}

impl Items {
    /// Adds an item and returns its price; nothing for a number that is known.
    pub(super) fn sell(&mut self, item: &ItemLine) -> Amount {
        let key = ItemKey { kind: item.kind, price: item.price, rate: item.vat, stated_vat: item.stated_vat };
        let line = self.lines.number(key);
        if !self.items.add(item.item.0, Item { line, cancelled: false }) {
            return Amount::ZERO;
        }
        if let Some((_, count)) = self.lines.get_mut(line) {
            count.sold = count.sold.saturating_add(1);
        }
        item.price
    }

    /// Cancels an item and returns its price; nothing when it is unknown or cancelled already.
    pub(super) fn cancel(&mut self, item: ItemId) -> Amount {
        let Some(item) = self.items.get_mut(item.0).filter(|item| !item.cancelled) else {
            return Amount::ZERO;
        };
        item.cancelled = true;
        if let Some((_, count)) = self.lines.get_mut(item.line) {
            count.cancelled = count.cancelled.saturating_add(1);
        }
        self.lines.key(item.line).map_or(Amount::ZERO, |key| key.price)
    }

    /// Takes an item out of its line: a commission that it pays is listed as such. The order keeps its price, which a
    /// cancellation takes off by the commission.
    pub(super) fn withdraw(&mut self, item: ItemId) {
        let Some(item) = self.items.get_mut(item.0).filter(|item| !item.cancelled) else { return };
        item.cancelled = true;
        if let Some((_, count)) = self.lines.get_mut(item.line) {
            count.sold = count.sold.saturating_sub(1);
        }
    }

    /// Lines by kind, then price from high to low, then rate.
    pub(super) fn view(&self, rounding: Rounding, names: &BTreeMap<ProductId, String>) -> Vec<ItemTotal> {
        let mut totals: BTreeMap<_, ItemTotal> = BTreeMap::new();
        for (key, count) in self.lines.iter().filter(|(_, count)| count.sold > 0) {
            let order = (key.kind, std::cmp::Reverse(key.price), key.rate);
            let total = totals.entry(order).or_insert_with(|| ItemTotal {
                kind: key.kind,
                name: name_of(key.kind, names),
                price: key.price,
                rate: key.rate,
                sold: 0,
                cancelled: 0,
                net: 0,
                taxed: Taxed::default(),
            });
            let net = count.sold.saturating_sub(count.cancelled);
            total.sold += count.sold;
            total.cancelled += count.cancelled;
            total.net += net;
            total.taxed = total.taxed + tax::of_units(key.price, key.rate, key.stated_vat, net);
        }
        let mut totals: Vec<ItemTotal> = totals.into_values().collect();
        if rounding == Rounding::Document {
            tax::round_on_document(&mut totals, |total| (total.rate, &mut total.taxed));
        }
        totals
    }
}

fn name_of(kind: ItemKind, names: &BTreeMap<ProductId, String>) -> String {
    match kind {
        ItemKind::Product(product) => names.get(&product).cloned().unwrap_or_default(),
        ItemKind::Fee(_) => String::new(),
    }
}

//! Totals of a day, a month or a year.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use soticket_schema::event::v1::{
    CashDirection, FloatTotals, Leg, MoneyTotal, PrepaidTotals, SaleClass, SalesTotal,
};
use soticket_schema::{Amount, Event, Rate};

/// Totals of a period.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    /// Lowest position of a record.
    pub first: Option<u64>,
    /// Highest position of a record.
    pub last: Option<u64>,
    /// Records.
    pub records: u64,
    /// Sales, live or reported.
    pub orders: u64,
    /// Sales by kind, then VAT rate from low to high.
    pub sales: Vec<SalesTotal>,
    /// Money by way of paying.
    pub money: Vec<MoneyTotal>,
    /// Gift cards and vouchers.
    pub prepaid: PrepaidTotals,
    /// Cash of drawers.
    pub floats: FloatTotals,
}

impl Totals {
    pub(super) fn count_record(&mut self, position: u64) {
        self.records = self.records.saturating_add(1);
        self.first.get_or_insert(position);
        self.last = Some(position);
    }

    /// What is neither a line of a sale nor money of an order.
    pub(super) fn note(&mut self, event: &Event) {
        match event {
            Event::StoredValueUsed(event) => {
                for used in &event.uses {
                    self.prepaid.spent += used.amount;
                    self.prepaid.lapsed += used.lapsed;
                }
            }
            Event::StoredValueRestored(event) => self.prepaid.restored += event.amount,
            Event::StoredValuesExpired(event) => {
                self.prepaid.lapsed += event.values.iter().map(|value| value.left).sum();
            }
            Event::TillOpened(event) => self.floats.opened += event.float,
            Event::TillCashMoved(event) => match event.direction {
                CashDirection::In => self.floats.put_in += event.amount,
                CashDirection::Out => self.floats.taken_out += event.amount,
            },
            Event::TillClosed(event) => {
                let counted = event.lines.iter().filter_map(|line| Some(line.counted? - line.expected));
                self.floats.differences += counted.sum();
            }
            _ => {}
        }
    }

    pub(super) fn money(&mut self, leg: Leg, back: bool) {
        let place = match self.money.binary_search_by_key(&leg.method, |total| total.method) {
            Ok(place) => place,
            Err(place) => {
                self.money.insert(place, nothing(leg));
                place
            }
        };
        let Some(total) = self.money.get_mut(place) else { return };
        if back {
            total.refunds = total.refunds.saturating_add(1);
            total.returned += leg.amount;
        } else {
            total.payments = total.payments.saturating_add(1);
            total.received += leg.amount;
        }
    }

    /// Adds the totals of another period, which may be earlier, later or between.
    pub fn add(&mut self, other: &Self) {
        self.first = self.first.into_iter().chain(other.first).min();
        self.last = self.last.max(other.last);
        self.records = self.records.saturating_add(other.records);
        self.orders = self.orders.saturating_add(other.orders);
        self.sales = added_sales(&self.sales, &other.sales);
        self.money = added_money(&self.money, &other.money);
        let (prepaid, floats) = (&mut self.prepaid, &mut self.floats);
        prepaid.issued += other.prepaid.issued;
        prepaid.cancelled += other.prepaid.cancelled;
        prepaid.spent += other.prepaid.spent;
        prepaid.restored += other.prepaid.restored;
        prepaid.lapsed += other.prepaid.lapsed;
        floats.opened += other.floats.opened;
        floats.put_in += other.floats.put_in;
        floats.taken_out += other.floats.taken_out;
        floats.differences += other.floats.differences;
    }

    /// What was sold, of all kinds and rates.
    pub fn sold(&self) -> Amount {
        self.sales.iter().map(|total| total.sales).sum()
    }

    /// What was returned, of all kinds and rates.
    pub fn returned(&self) -> Amount {
        self.sales.iter().map(|total| total.returns).sum()
    }
}

fn nothing(leg: Leg) -> MoneyTotal {
    MoneyTotal { method: leg.method, payments: 0, received: Amount::ZERO, refunds: 0, returned: Amount::ZERO }
}

/// Sales by kind and rate, added up.
pub(super) fn added_sales(one: &[SalesTotal], other: &[SalesTotal]) -> Vec<SalesTotal> {
    let mut sums: BTreeMap<(SaleClass, Rate), SalesTotal> = BTreeMap::new();
    for total in one.iter().chain(other) {
        sums.entry((total.class, total.rate))
            .and_modify(|sum| {
                sum.sold = sum.sold.saturating_add(total.sold);
                sum.cancelled = sum.cancelled.saturating_add(total.cancelled);
                sum.sales += total.sales;
                sum.returns += total.returns;
                sum.taxed = sum.taxed + total.taxed;
            })
            .or_insert(*total);
    }
    sums.into_values().collect()
}

fn added_money(one: &[MoneyTotal], other: &[MoneyTotal]) -> Vec<MoneyTotal> {
    let mut sums = BTreeMap::new();
    for total in one.iter().chain(other) {
        sums.entry(total.method)
            .and_modify(|sum: &mut MoneyTotal| {
                sum.payments = sum.payments.saturating_add(total.payments);
                sum.received += total.received;
                sum.refunds = sum.refunds.saturating_add(total.refunds);
                sum.returned += total.returned;
            })
            .or_insert(*total);
    }
    sums.into_values().collect()
}

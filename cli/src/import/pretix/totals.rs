//! What the export itself says about its totals: what the accounting report is made from, and where orders.json
//! contradicts it.

use std::collections::{BTreeMap, HashMap};

use soticket_schema::Amount;

use super::changes::{Change, Changes, What};
use super::orders::Event;
use super::payments::Money;
use crate::import::reconciliation::{Group, Source, Sums};

/// The totals of the lists, without test orders, as pretix's accounting report adds them up.
pub(crate) fn source(changes: &Changes, money: &[Money]) -> Source {
    let mut products: BTreeMap<Group, Sums> = BTreeMap::new();
    for row in &changes.rows {
        let sums = products.entry(Group::of(&row.sold)).or_default();
        sums.number += row.quantity;
        sums.gross += row.sold.price.times(row.quantity);
        sums.vat += row.sold.tax.times(row.quantity);
    }
    let mut providers: BTreeMap<String, (Amount, Amount)> = BTreeMap::new();
    for money in money {
        let (paid, refunded) = providers.entry(money.provider.clone()).or_default();
        *(if money.refund { refunded } else { paid }) += money.amount;
    }
    Source { currency: changes.currency, products, providers, sold: HashMap::new() }
}

/// Notes every order whose rows do not add up to what orders.json lists.
pub(crate) fn discrepancies(event: &Event, changes: &Changes, notes: &mut Vec<String>) {
    let mut nets: HashMap<&str, (Amount, bool)> = HashMap::new();
    for row in &changes.rows {
        let (net, fee) = nets.entry(&row.order).or_default();
        *net += row.sold.price.times(row.quantity);
        *fee |= is_cancellation_fee(row);
    }
    let mut codes: Vec<&String> = event.orders.keys().collect();
    codes.sort();
    for code in codes {
        let Some(order) = event.orders.get(code).filter(|order| !order.test) else { continue };
        let (net, fee_listed) = nets.get(code.as_str()).copied().unwrap_or_default();
        let listed = if order.is_live() {
            Amount::parse(&order.total, changes.currency).unwrap_or(net)
        } else {
            Amount::ZERO
        };
        if listed == net {
            continue;
        }
        let (listed, net) = (listed.display(changes.currency), net.display(changes.currency));
        let why = if order.cancellation_fee && !fee_listed {
            "its cancellation fee is missing in pretix's list of transactions, and so in its accounting report"
        } else {
            "the list of transactions is what is imported"
        };
        notes.push(format!("order {code}: orders.json says {listed}, its transactions {net}: {why}"));
    }
}

fn is_cancellation_fee(row: &Change) -> bool {
    matches!(&row.sold.what, What::Fee { kind, .. } if kind == "cancellation")
}

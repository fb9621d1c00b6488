//! What each batch of an order is to the ledger. A position can live several times (sold, expired, paid late): every
//! life is a ticket of its own, because a ticket is cancelled at most once.

use std::collections::{BTreeMap, HashMap, HashSet};

use soticket_schema::Amount;
use soticket_schema::event::v1::CancelReason;

use super::batches::Batch;
use super::changes::{Change, Sold, What};
use super::lines::Lines;
use super::parts::{Draft, Gone};
use crate::import::identity::key;
use crate::import::plan::Explained;
use crate::import::refusal::{Fault, Place, Refusal};
use crate::import::step::{Ask, Name, Step};

/// Reason of a pair of rows that differ in nothing that is exported.
const UNCHANGED: &str = "the line and its counterpart differ in a tax code only: nothing to record";

/// A line of an order that is sold at present.
#[derive(Clone, Debug)]
pub(super) struct Living {
    pub(super) name: Name,
    pub(super) is_ticket: bool,
    sold: Sold,
}

/// An order while its batches are gone through.
#[derive(Default)]
struct Order {
    positions: BTreeMap<u64, Living>,
    fees: Vec<Living>,
    lives: usize,
    placed: bool,
}

/// What the batches become.
#[derive(Debug, Default)]
pub(crate) struct Planned {
    /// The steps, in the order of the batches.
    pub(crate) steps: Vec<Step>,
    /// Rows that change nothing.
    pub(crate) explained: Vec<Explained>,
    /// Rows that cannot be taken.
    pub(crate) refused: Vec<Refusal>,
    /// Every name of a ticket or item, with what was sold: what the reconciliation groups by.
    pub(crate) sold: HashMap<Name, Sold>,
}

/// Plans every batch.
pub(crate) fn plan(batches: Vec<Batch>, lines: &Lines<'_>) -> Planned {
    let mut planned = Planned::default();
    let mut orders: HashMap<String, Order> = HashMap::new();
    let mut cut: HashSet<String> = HashSet::new();
    // Which order each step and each row is of.
    let mut owners: Vec<String> = Vec::new();
    let mut rows: Vec<(String, Place)> = Vec::new();
    for mut batch in batches {
        for row in batch.take_unchanged() {
            planned.explained.push(Explained { place: row.place, reason: UNCHANGED });
        }
        let places = batch.minus.iter().chain(&batch.plus).map(|row| row.place.clone());
        rows.extend(places.map(|place| (batch.order.clone(), place)));
        let order = orders.entry(batch.order.clone()).or_default();
        let refused = planned.refused.len();
        plan_batch(order, &batch, lines, &mut planned);
        owners.resize(planned.steps.len(), batch.order.clone());
        if planned.refused.len() > refused {
            cut.insert(batch.order);
        }
    }
    planned.drop_orders(&cut, &owners, rows);
    planned
}

impl Planned {
    /// Leaves out every step of these orders: part of an order would stand in the way of all of it later.
    fn drop_orders(&mut self, cut: &HashSet<String>, owners: &[String], rows: Vec<(String, Place)>) {
        let mut owners = owners.iter();
        self.steps.retain(|_| owners.next().is_none_or(|owner| !cut.contains(owner)));
        let told: HashSet<Place> = self.refused.iter().map(|refusal| refusal.place.clone()).collect();
        let rest = rows.into_iter().filter(|(owner, place)| cut.contains(owner) && !told.contains(place));
        self.refused.extend(rest.map(|(owner, place)| incomplete(&place, &owner)));
    }
}

/// A line that is left out because another one of its order cannot be taken.
pub(crate) fn incomplete(place: &Place, order: &str) -> Refusal {
    place.refuse(Fault::OrderIncomplete, format!("another line of order {order} cannot be taken"))
}

fn plan_batch(order: &mut Order, batch: &Batch, lines: &Lines<'_>, planned: &mut Planned) {
    // The list does not say why. The order's status does, but only until it changes: a later export would contradict.
    let reason = if batch.keeps_cancellation_fee() { CancelReason::Customer } else { CancelReason::Reported };
    let mut gone = Gone::default();
    let mut exchanged = Gone::default();
    let mut replaced: BTreeMap<u64, Name> = BTreeMap::new();
    for row in &batch.minus {
        if reduce(order, batch, row, lines, planned) {
            continue;
        }
        let again = row.position.is_some_and(|position| has(&batch.plus, position));
        let side = if again { &mut exchanged } else { &mut gone };
        for _ in 0..row.quantity.unsigned_abs() {
            match order.end(row) {
                Some(living) => {
                    if let (true, true, Some(position)) = (again, living.is_ticket, row.position) {
                        replaced.insert(position, living.name.clone());
                    }
                    side.push(living, row);
                }
                None => planned.refused.push(never_sold(row)),
            }
        }
    }
    planned.steps.extend(exchanged.steps(batch, "exchange", CancelReason::Exchange, lines));
    planned.steps.extend(gone.steps(batch, "cancel", reason, lines));
    sell(order, batch, &replaced, lines, planned);
}

/// A lower price of the same ticket at the same rate: the ticket stays valid. Anything else is an exchange.
fn reduce(
    order: &mut Order,
    batch: &Batch,
    minus: &Change,
    lines: &Lines<'_>,
    planned: &mut Planned,
) -> bool {
    let Some(position) = minus.position else { return false };
    let Some(plus) = batch.plus.iter().find(|plus| is_reduction(minus, plus)) else { return false };
    let Some(living) = order.positions.get_mut(&position) else { return false };
    if !living.is_ticket || living.sold != minus.sold {
        return false;
    }
    living.sold = plus.sold.clone();
    let names = ["import", "pretix", lines.slug(), &batch.order, &batch.number.to_string(), "reduce"];
    let key = key(&[names.as_slice(), &[&position.to_string()]].concat());
    let ask =
        Ask::Reduce { ticket: living.name.clone(), price: plus.sold.price, stated_vat: Some(plus.sold.tax) };
    planned.steps.push(Step::fact(vec![minus.place.clone(), plus.place.clone()], key, batch.at, ask));
    true
}

fn is_reduction(minus: &Change, plus: &Change) -> bool {
    plus.position == minus.position
        && plus.sold.what == minus.sold.what
        && plus.sold.date == minus.sold.date
        && plus.sold.rate == minus.sold.rate
        && plus.sold.price < minus.sold.price
        && plus.sold.price > Amount::ZERO
        && (plus.quantity, minus.quantity) == (1, -1)
}

fn has(rows: &[Change], position: u64) -> bool {
    rows.iter().any(|row| row.position == Some(position))
}

fn never_sold(row: &Change) -> Refusal {
    row.place.refuse(Fault::HistoryCut, "the line takes away what no earlier line sold")
}

impl Order {
    /// Ends the life of what a row takes away.
    fn end(&mut self, row: &Change) -> Option<Living> {
        match row.position {
            Some(position) => {
                if self.positions.get(&position)?.sold != row.sold {
                    return None;
                }
                self.positions.remove(&position)
            }
            None => {
                let index = self.fees.iter().position(|fee| fee.sold == row.sold)?;
                Some(self.fees.remove(index))
            }
        }
    }
}

/// Sells what a batch adds, less what only had its price reduced.
fn sell(
    order: &mut Order,
    batch: &Batch,
    replaced: &BTreeMap<u64, Name>,
    lines: &Lines<'_>,
    planned: &mut Planned,
) {
    let mut draft = Draft::new(batch, lines, order.placed);
    for row in &batch.plus {
        if row.position.is_some_and(|position| order.positions.contains_key(&position)) {
            // Reduced above; a row that adds what is sold already contradicts the list.
            if !batch.minus.iter().any(|minus| is_reduction(minus, row)) {
                let message = "the line sells a position that is sold already";
                planned.refused.push(row.place.refuse(Fault::HistoryCut, message));
            }
            continue;
        }
        for _ in 0..row.quantity {
            let name = format!("{}/{}/{}", lines.slug(), row.order, order.lives);
            order.lives += 1;
            planned.sold.insert(name.clone(), row.sold.clone());
            let old = row.position.and_then(|position| replaced.get(&position)).cloned();
            let is_ticket = draft.add(row, name.clone(), old);
            let living = Living { name, is_ticket, sold: row.sold.clone() };
            match row.position {
                Some(position) => drop(order.positions.insert(position, living)),
                None => order.fees.push(living),
            }
        }
    }
    let steps = draft.finish();
    order.placed |= !steps.is_empty();
    planned.steps.extend(steps);
}

/// Whether what a row sells is a fee.
pub(crate) fn is_fee(what: &What) -> bool {
    matches!(what, What::Fee { .. })
}

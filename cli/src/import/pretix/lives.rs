//! What each batch of an order is to the ledger. A position can live several times (sold, expired, paid late): every
//! life is a ticket of its own, because a ticket is cancelled at most once.

use std::collections::{BTreeMap, HashMap};

use soticket_schema::Amount;
use soticket_schema::event::v1::{CancelReason, ReportSource};

use super::batches::Batch;
use super::changes::{Change, Sold, What};
use super::lines::Lines;
use crate::import::identity::key;
use crate::import::plan::Explained;
use crate::import::refusal::{Fault, Place, Refusal};
use crate::import::step::{Ask, Cancel, Item, Name, Sale, Step, Ticket};

/// Reason of a pair of rows that differ in nothing that is exported.
const UNCHANGED: &str = "the line and its counterpart differ in a tax code only: nothing to record";

/// A line of an order that is sold at present.
#[derive(Clone, Debug)]
struct Living {
    name: Name,
    is_ticket: bool,
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
    for mut batch in batches {
        for row in batch.take_unchanged() {
            planned.explained.push(Explained { place: row.place, reason: UNCHANGED });
        }
        let order = orders.entry(batch.order.clone()).or_default();
        plan_batch(order, &batch, lines, &mut planned);
    }
    planned
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
    planned.steps.extend(exchanged.step(batch, "exchange", CancelReason::Exchange, lines));
    planned.steps.extend(gone.step(batch, "cancel", reason, lines));
    planned.steps.extend(sale(order, batch, &replaced, lines, &mut planned.sold, &mut planned.refused));
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

/// Lines that a batch takes away.
#[derive(Default)]
struct Gone {
    tickets: Vec<(Name, bool)>,
    items: Vec<Name>,
    places: Vec<Place>,
}

impl Gone {
    fn push(&mut self, living: Living, row: &Change) {
        if living.is_ticket {
            self.tickets.push((living.name, false));
        } else {
            self.items.push(living.name);
        }
        self.places.push(row.place.clone());
    }

    fn step(self, batch: &Batch, why: &str, reason: CancelReason, lines: &Lines<'_>) -> Option<Step> {
        let cancel = Cancel {
            source: ReportSource::Import,
            order: batch.order.clone(),
            tickets: self.tickets,
            items: self.items,
            reason,
            refund: Vec::new(),
        };
        if cancel.is_empty() {
            return None;
        }
        let key = key(&["import", "pretix", lines.slug(), &batch.order, &batch.number.to_string(), why]);
        Some(Step::fact(self.places, key, batch.at, Ask::Cancel(cancel)))
    }
}

/// The sale of what a batch adds, less what only had its price reduced.
fn sale(
    order: &mut Order,
    batch: &Batch,
    replaced: &BTreeMap<u64, Name>,
    lines: &Lines<'_>,
    sold: &mut HashMap<Name, Sold>,
    refused: &mut Vec<Refusal>,
) -> Option<Step> {
    let mut tickets: Vec<Ticket> = Vec::new();
    let mut items: Vec<Item> = Vec::new();
    let mut places = Vec::new();
    let mut numbers: BTreeMap<u64, u16> = BTreeMap::new();
    for row in &batch.plus {
        if row.position.is_some_and(|position| order.positions.contains_key(&position)) {
            // Reduced above; a row that adds what is sold already contradicts the list.
            if !batch.minus.iter().any(|minus| is_reduction(minus, row)) {
                refused.push(
                    row.place.refuse(Fault::HistoryCut, "the line sells a position that is sold already"),
                );
            }
            continue;
        }
        places.push(row.place.clone());
        for _ in 0..row.quantity {
            let name = format!("{}/{}/{}", lines.slug(), row.order, order.lives);
            order.lives += 1;
            sold.insert(name.clone(), row.sold.clone());
            let is_ticket = lines.is_ticket(&row.sold.what);
            if is_ticket {
                let old = row.position.and_then(|position| replaced.get(&position)).cloned();
                if let (Some(position), Ok(number)) = (row.position, u16::try_from(tickets.len())) {
                    numbers.insert(position, number);
                }
                tickets.push(lines.ticket(row, name.clone(), old));
            } else {
                items.push(lines.item(row, name.clone(), &batch.plus));
                if let Some(item) = items.last_mut() {
                    item.ticket = row
                        .position
                        .and_then(|position| lines.parent(&row.order, position))
                        .and_then(|parent| numbers.get(&parent).copied());
                }
            }
            let living = Living { name, is_ticket, sold: row.sold.clone() };
            match row.position {
                Some(position) => drop(order.positions.insert(position, living)),
                None => order.fees.push(living),
            }
        }
    }
    if tickets.is_empty() && items.is_empty() {
        return None;
    }
    let extends = std::mem::replace(&mut order.placed, true);
    let key = key(&["import", "pretix", lines.slug(), &batch.order, &batch.number.to_string(), "sale"]);
    let sale = Sale {
        source: ReportSource::Import,
        order: batch.order.clone(),
        extends,
        channel: lines.channel(&batch.order),
        // The export names no till. The order's code stands here, so that the order is found again by whoever has it.
        seller: batch.order.clone(),
        buyer: lines.buyer(&batch.order),
        tickets,
        items,
        payment: Vec::new(),
    };
    Some(Step::fact(places, key, batch.at, Ask::Sale(sale)).lenient())
}

/// Whether what a row sells is a fee.
pub(crate) fn is_fee(what: &What) -> bool {
    matches!(what, What::Fee { .. })
}

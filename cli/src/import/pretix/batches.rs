//! The rows of transactions.csv grouped into what happened at once to one order.

use std::collections::{BTreeMap, HashMap};

use soticket_schema::Timestamp;

use super::changes::{Change, What};
use super::orders::Event;
use super::zone::Zone;

/// Rows of one order that were written together.
#[derive(Clone, Debug)]
pub(crate) struct Batch {
    /// Code of the order.
    pub(crate) order: String,
    /// Its number among the order's batches, from 0.
    pub(crate) number: usize,
    /// When.
    pub(crate) at: Timestamp,
    /// What was taken away.
    pub(crate) minus: Vec<Change>,
    /// What was added.
    pub(crate) plus: Vec<Change>,
}

/// An open batch with what tells whether a row still belongs to it.
struct Open {
    batch: Batch,
    local: jiff::civil::DateTime,
    last: (bool, Option<u64>),
}

/// Groups rows, which stand in the order in which they were written, into batches in the order of their first rows.
pub(crate) fn group(rows: Vec<Change>, event: &Event, zone: &Zone) -> Vec<Batch> {
    let mut open: HashMap<String, Open> = HashMap::new();
    let mut counts: HashMap<String, usize> = HashMap::new();
    let mut closed: BTreeMap<usize, Batch> = BTreeMap::new();
    let mut starts: HashMap<String, usize> = HashMap::new();
    let mut clock = Timestamp(i64::MIN);
    for (index, row) in rows.into_iter().enumerate() {
        let order = row.order.clone();
        if let Some(current) = open.get_mut(&order) {
            if current.takes(&row) {
                current.push(row);
                continue;
            }
            if let (Some(done), Some(start)) = (open.remove(&order), starts.get(&order)) {
                closed.insert(*start, done.batch);
            }
        }
        let count = counts.entry(order.clone()).or_default();
        let at = instant(&row, event, zone, clock);
        clock = clock.max(at);
        starts.insert(order.clone(), index);
        open.insert(order.clone(), Open::new(order, *count, at, row));
        *count += 1;
    }
    for (order, done) in open {
        if let Some(start) = starts.get(&order) {
            closed.insert(*start, done.batch);
        }
    }
    closed.into_values().collect()
}

/// The instant of a row. In the hour that is repeated in autumn the order's own time decides, else the rows before.
fn instant(row: &Change, event: &Event, zone: &Zone, before: Timestamp) -> Timestamp {
    let instants = zone.instants(row.at);
    let placed =
        event.orders.get(&row.order).filter(|_| row.placed == Some(row.at)).map(|order| order.placed);
    let exact = placed.map(|placed| Timestamp(placed.0.div_euclid(1_000_000) * 1_000_000));
    if let Some(exact) = exact.filter(|exact| instants.contains(exact)) {
        return exact;
    }
    let later = instants.iter().copied().find(|instant| *instant >= before);
    later.or_else(|| instants.last().copied()).unwrap_or(before)
}

impl Open {
    fn new(order: String, number: usize, at: Timestamp, row: Change) -> Self {
        let batch = Batch { order, number, at, minus: Vec::new(), plus: Vec::new() };
        let mut open = Self { batch, local: row.at, last: (false, None) };
        open.push(row);
        open
    }

    /// Within a batch all that is taken away comes first, and each side ascends by position, fees first.
    fn takes(&self, row: &Change) -> bool {
        let adds = row.quantity > 0;
        let (added, position) = self.last;
        let side = if adds { &self.batch.plus } else { &self.batch.minus };
        let repeats = side.iter().any(|known| known.position == row.position && known.sold == row.sold);
        row.at == self.local && (adds || !added) && !(adds == added && row.position < position) && !repeats
    }

    fn push(&mut self, row: Change) {
        self.last = (row.quantity > 0, row.position);
        if row.quantity > 0 {
            self.batch.plus.push(row);
        } else {
            self.batch.minus.push(row);
        }
    }
}

impl Batch {
    /// Takes out the pairs that change nothing visible: pretix writes them when only a tax code changes.
    pub(crate) fn take_unchanged(&mut self) -> Vec<Change> {
        let mut unchanged = Vec::new();
        let mut kept = Vec::new();
        for minus in std::mem::take(&mut self.minus) {
            let same = |plus: &Change| {
                plus.position == minus.position && plus.sold == minus.sold && plus.quantity == -minus.quantity
            };
            match self.plus.iter().position(same) {
                Some(index) => unchanged.extend([minus, self.plus.remove(index)]),
                None => kept.push(minus),
            }
        }
        self.minus = kept;
        unchanged
    }

    /// Whether a fee for cancelling is charged here.
    pub(crate) fn keeps_cancellation_fee(&self) -> bool {
        self.plus.iter().any(|row| matches!(&row.sold.what, What::Fee { kind, .. } if kind == "cancellation"))
    }
}

//! Sales and cancellations of a batch as steps: in parts, because one record of the log holds only so many lines.

use std::collections::BTreeMap;

use soticket_schema::event::v1::{CancelReason, ReportSource};

use super::batches::Batch;
use super::changes::Change;
use super::lines::Lines;
use super::lives::Living;
use crate::import::identity::key;
use crate::import::refusal::Place;
use crate::import::step::{Ask, Cancel, Item, Name, Sale, Step, Ticket};

/// Most lines of a part: well below what the record of a sale of numbered seats with long codes takes.
pub(super) const LINES_MAX: usize = 200;

/// The key of a part of what happened in a batch.
fn part_key(batch: &Batch, lines: &Lines<'_>, what: &str, part: usize) -> String {
    let (number, part) = (batch.number.to_string(), part.to_string());
    let names = ["import", "pretix", lines.slug(), &batch.order, &number, what, &part];
    // The only part of nearly every batch goes without its number.
    key(if part == "0" { &names[..6] } else { &names })
}

/// Lines that a batch takes away.
#[derive(Default)]
pub(super) struct Gone(Vec<(Living, Place)>);

impl Gone {
    /// Takes the line that a row takes away.
    pub(super) fn push(&mut self, living: Living, row: &Change) {
        self.0.push((living, row.place.clone()));
    }

    /// The cancellations.
    pub(super) fn steps(
        &self,
        batch: &Batch,
        what: &str,
        reason: CancelReason,
        lines: &Lines<'_>,
    ) -> Vec<Step> {
        let parts = self.0.chunks(LINES_MAX).enumerate();
        let steps = parts.map(|(part, gone)| {
            let names = |tickets: bool| {
                gone.iter()
                    .filter(move |(living, _)| living.is_ticket == tickets)
                    .map(|(living, _)| &living.name)
            };
            let cancel = Cancel {
                source: ReportSource::Import,
                order: batch.order.clone(),
                tickets: names(true).map(|name| (name.clone(), false)).collect(),
                items: names(false).cloned().collect(),
                reason,
                refund: Vec::new(),
            };
            let places = gone.iter().map(|(_, place)| place.clone()).collect();
            Step::fact(places, part_key(batch, lines, what, part), batch.at, Ask::Cancel(cancel))
        });
        steps.collect()
    }
}

/// A sale while its lines are added.
pub(super) struct Draft<'a> {
    batch: &'a Batch,
    lines: &'a Lines<'a>,
    extends: bool,
    steps: Vec<Step>,
    tickets: Vec<Ticket>,
    items: Vec<Item>,
    places: Vec<Place>,
    /// Where the ticket of a position stands among the tickets of the part.
    numbers: BTreeMap<u64, u16>,
}

impl<'a> Draft<'a> {
    /// Nothing so far; `extends` says whether an earlier step placed the order.
    pub(super) fn new(batch: &'a Batch, lines: &'a Lines<'a>, extends: bool) -> Self {
        Self {
            batch,
            lines,
            extends,
            steps: Vec::new(),
            tickets: Vec::new(),
            items: Vec::new(),
            places: Vec::new(),
            numbers: BTreeMap::new(),
        }
    }

    /// Adds what a row sells under a name, in exchange for the ticket `old` if there is one. True for a ticket.
    pub(super) fn add(&mut self, row: &Change, name: Name, old: Option<Name>) -> bool {
        if self.tickets.len() + self.items.len() >= LINES_MAX {
            self.close();
        }
        self.places.push(row.place.clone());
        let is_ticket = self.lines.is_ticket(&row.sold);
        if is_ticket {
            if let (Some(position), Ok(number)) = (row.position, u16::try_from(self.tickets.len())) {
                self.numbers.insert(position, number);
            }
            self.tickets.push(self.lines.ticket(row, name, old));
        } else {
            let parent = row.position.and_then(|position| self.lines.parent(&row.order, position));
            let ticket = parent.and_then(|parent| self.numbers.get(&parent).copied());
            self.items.push(Item { ticket, ..self.lines.item(row, name, &self.batch.plus) });
        }
        is_ticket
    }

    /// The sales.
    pub(super) fn finish(mut self) -> Vec<Step> {
        self.close();
        self.steps
    }

    fn close(&mut self) {
        if self.tickets.is_empty() && self.items.is_empty() {
            return;
        }
        let order = self.batch.order.clone();
        let sale = Sale {
            source: ReportSource::Import,
            extends: std::mem::replace(&mut self.extends, true),
            channel: self.lines.channel(&order),
            // The export names no till. The order's code stands here, so that the order is found again by whoever has
            // it.
            seller: order.clone(),
            buyer: self.lines.buyer(&order),
            order,
            tickets: std::mem::take(&mut self.tickets),
            items: std::mem::take(&mut self.items),
            payment: Vec::new(),
        };
        self.numbers.clear();
        let key = part_key(self.batch, self.lines, "sale", self.steps.len());
        let places = std::mem::take(&mut self.places);
        self.steps.push(Step::fact(places, key, self.batch.at, Ask::Sale(sale)).lenient());
    }
}

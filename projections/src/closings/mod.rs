//! Closings: days, months and years that are closed, and what the open day comes to so far.

#[cfg(test)]
mod tests;
mod tickets;
mod view;

use serde::{Deserialize, Serialize};
use soticket_ledger::Entry;
use soticket_ledger::books::{Books, Reading, SoldItem, YearSpan};
use soticket_schema::event::v1::{Cancellation, CommissionsReversed, OrderLines, Period, PeriodClosed};
use soticket_schema::{Amount, CommercialDay, Event, Hash, ShowId, Timestamp};

use self::tickets::Tickets;
pub use self::view::*;
use crate::event;
use crate::partition::{OWN, PartitionKey, Partitions, Projection, decode, encode};
use crate::rows::Rows;

/// Closings, and the sums of the open days.
///
/// The sums are folded anew from the events: that a closing says what they come to is checked by whoever compares it with
/// the reading before it.
#[derive(Debug, Default)]
pub struct Closings {
    own: Own,
    shows: Partitions<Tickets>,
}

#[derive(Debug, Default, Serialize, Deserialize)]
struct Own {
    books: Books,
    items: Rows<Item>,
    /// Closings of every kind, in the order of the log.
    closings: Vec<Closing>,
    /// Closings whose totals were not what the sums came to.
    differing: u64,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct Item {
    show: Option<ShowId>,
    sold: SoldItem,
    price: Amount,
    cancelled: bool,
}

const SHOWS: u8 = 1;

impl Projection for Closings {
    const NAME: &'static str = "closings";
    const VERSION: u16 = 1;

    fn fold(&mut self, entry: &Entry) {
        if let Event::PeriodClosed(event) = &entry.event {
            self.close(entry, event);
        }
        self.own.books.note(&entry.envelope, &entry.event);
        if let Some(lines) = event::sold(&entry.event) {
            self.sell(lines);
        } else if let Some(cancellation) = event::cancelled(&entry.event) {
            self.cancel(cancellation);
        } else {
            match &entry.event {
                Event::ShowScheduled(event) => self.shows.add(event.show.0, Tickets::default),
                Event::PriceReduced(event) => {
                    if let Some(tickets) = self.shows.get_mut(event.show.0) {
                        tickets.reprice(&mut self.own.books, event);
                    }
                }
                Event::CommissionsReversed(event) => self.keep_fees(event),
                _ => {}
            }
        }
    }

    fn save(&self, out: &mut dyn FnMut(PartitionKey, Vec<u8>)) {
        out(OWN, encode(&self.own));
        self.shows.save(SHOWS, out);
    }

    fn load(&mut self, key: PartitionKey, bytes: &[u8]) -> Option<()> {
        match key {
            OWN => self.own = decode(bytes)?,
            PartitionKey { family: SHOWS, id } => self.shows.load(id, bytes).map(|_| ())?,
            _ => return None,
        }
        Some(())
    }
}

impl Closings {
    fn sell(&mut self, lines: &OrderLines) {
        for line in &lines.tickets {
            if let Some(tickets) = self.shows.get_mut(line.show.0) {
                tickets.sell(&mut self.own.books, line);
            }
        }
        for line in &lines.items {
            if self.own.items.get(line.item.0).is_none() {
                let sold = self.own.books.sell_item(line);
                let item = Item { show: line.show, sold, price: line.price, cancelled: false };
                self.own.items.add(line.item.0, item);
            }
        }
    }

    fn cancel(&mut self, cancellation: &Cancellation) {
        for cancelled in &cancellation.tickets {
            if let Some(tickets) = self.shows.get_mut(cancelled.show.0) {
                tickets.cancel(&mut self.own.books, cancelled);
            }
        }
        for cancelled in &cancellation.items {
            let item = self.own.items.get_mut(cancelled.item.0).filter(|item| !item.cancelled);
            if let Some(item) = item {
                item.cancelled = true;
                self.own.books.cancel_item(item.show, item.sold, item.price);
            }
        }
    }

    fn keep_fees(&mut self, event: &CommissionsReversed) {
        for kept in &event.kept {
            if let Some(tickets) = self.shows.get_mut(kept.show.0) {
                tickets.keep_of_fee(&mut self.own.books, kept);
            }
        }
    }

    fn close(&mut self, entry: &Entry, event: &PeriodClosed) {
        let expected = self.own.books.next_closings();
        let agrees = match event.period {
            Period::Day => expected.first() == Some(event),
            // Its days were compared one by one.
            Period::Month | Period::Year => true,
        };
        self.own.differing += u64::from(!agrees);
        self.own.closings.push(Closing {
            position: entry.envelope.position,
            record: entry.hash,
            hash: event.hash().unwrap_or_default(),
            closed_at: entry.envelope.recorded_at,
            actor: entry.envelope.actor,
            event: event.clone(),
        });
    }

    /// Closings of one kind, or of all, in the order of the log.
    pub fn closings(&self, period: Option<Period>) -> impl DoubleEndedIterator<Item = &Closing> {
        let wanted = move |closing: &&Closing| period.is_none_or(|period| closing.event.period == period);
        self.own.closings.iter().filter(wanted)
    }

    /// A closing by its kind and number.
    pub fn closing(&self, period: Period, number: u64) -> Option<&Closing> {
        self.closings(Some(period)).find(|closing| closing.event.number == number)
    }

    /// The closing at a position.
    pub fn at(&self, position: u64) -> Option<&Closing> {
        let place = self.own.closings.binary_search_by_key(&position, |closing| closing.position).ok()?;
        self.own.closings.get(place)
    }

    /// The first day that is not closed; none before the organisation is open.
    pub fn first_open(&self) -> Option<CommercialDay> {
        self.own.books.first_open()
    }

    /// When the first day that is not closed ends: the first instant that is not of it.
    pub fn first_open_ends_at(&self) -> Option<Timestamp> {
        self.first_open().map(|day| self.own.books.calendar().limits(day).1)
    }

    /// What an open day comes to so far; none for a day that is closed.
    pub fn reading(&self, day: CommercialDay) -> Option<Reading> {
        self.own.books.reading(day)
    }

    /// Closed fiscal years, by number.
    pub fn years(&self) -> &[YearSpan] {
        self.own.books.years()
    }

    /// The month in which fiscal years begin, from 1.
    pub fn first_month(&self) -> u8 {
        self.own.books.first_month()
    }

    /// Day closings whose totals were not what the events before them come to: 0 unless something is wrong.
    pub fn differing(&self) -> u64 {
        self.own.differing
    }

    /// Hash that the next closing of a kind names as its previous one; none before the first.
    pub fn last_hash(&self, period: Period) -> Option<Hash> {
        self.closings(Some(period)).next_back().map(|closing| closing.hash)
    }
}

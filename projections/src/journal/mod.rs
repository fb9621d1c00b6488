//! The journal of double entries: what accounts are debited and credited with, made from events.
//!
//! Sales, refunds and money are summed up per commercial day and show, as accountants take them in: an entry of a day is
//! a few lines whatever number of tickets was sold, and names the events that it is made of. The fold keeps gross sums;
//! VAT is worked out when entries are made, of a day as the VAT of all receipts up to its end less that up to its start,
//! so that days, months and the settlement of a show agree to the cent.

mod accounts;
mod book;
mod entries;
mod house;
mod money;
mod orders;
mod receipts;
mod sale;
mod settled;
#[cfg(test)]
mod tests;
mod view;
mod words;

pub mod csv;
pub mod fec;

use soticket_ledger::Entry;
use soticket_schema::event::v1::ShowScheduled;
use soticket_schema::{Event, ShowId, Timestamp};

pub use self::accounts::{JournalError, default_mapping};
use self::book::{Sealed, ShowBook};
pub use self::house::DatedMapping;
use self::house::House;
use self::orders::Orders;
pub use self::receipts::{Receipts, ReceiptsBy, ReceiptsFilter, ReceiptsRow, What};
pub use self::view::{Closed, EntryKind, JournalEntry, JournalFilter, JournalLine};
use crate::event;
use crate::partition::{OWN, PartitionKey, Partitions, Projection, decode, encode};
use soticket_schema::CommercialDay;

/// The journal, and what came in and went back.
#[derive(Debug, Default)]
pub struct Journal {
    house: House,
    shows: Partitions<ShowBook>,
    orders: Orders,
}

/// The event that something is posted for, and the day that it is posted to.
#[derive(Debug, Clone, Copy)]
struct Source {
    day: CommercialDay,
    /// Kind and position.
    event: (u16, u64),
}

const SHOWS: u8 = 1;
const ORDERS: u8 = 2;

impl Projection for Journal {
    const NAME: &'static str = "journal";
    const VERSION: u16 = 1;

    fn fold(&mut self, entry: &Entry) {
        let (event, position) = (&entry.event, entry.envelope.position);
        if self.house.define(event, position) {
            return;
        }
        let day = self.house.open_day(entry.envelope.occurred_at);
        let source = Source { day, event: (entry.envelope.kind, position) };
        if let Some(lines) = event::sold(event) {
            self.sell(lines, source);
        } else if let Some(money) = event::money(event) {
            self.record(&money, source);
        } else if let Some(cancellation) = event::cancelled(event) {
            self.cancel(cancellation, source);
        } else {
            self.close(event, entry.envelope.recorded_at, position);
            self.fold_other(event, source);
        }
    }

    fn save(&self, out: &mut dyn FnMut(PartitionKey, Vec<u8>)) {
        out(OWN, encode(&self.house));
        self.shows.save(SHOWS, out);
        self.orders.0.save(ORDERS, out);
    }

    fn load(&mut self, key: PartitionKey, bytes: &[u8]) -> Option<()> {
        match key {
            OWN => self.house = decode(bytes)?,
            PartitionKey { family: SHOWS, id } => self.shows.load(id, bytes).map(|_| ())?,
            PartitionKey { family: ORDERS, id } => self.orders.0.load(id, bytes).map(|_| ())?,
            _ => return None,
        }
        Some(())
    }
}

impl Journal {
    fn fold_other(&mut self, event: &Event, source: Source) {
        match event {
            Event::ShowScheduled(event) => self.schedule(event),
            Event::ShowPostponed(event) => {
                let day = self.house.calendar.day(event.starts_at);
                self.date(event.show, source, Some(day));
            }
            Event::ShowCancelled(event) => self.date(event.show, source, None),
            Event::PriceReduced(event) => self.reduce(event, source),
            Event::CommissionsCharged(event) => self.charge(event, source),
            Event::CommissionsReversed(event) => self.reverse(event, source),
            Event::SettlementSealed(event) => {
                if let Some(book) = self.shows.get_mut(event.show.0) {
                    book.sealed.push(Sealed {
                        day: source.day,
                        position: source.event.1,
                        settlement: event.settlement,
                        version: event.version,
                        lines: event.lines.clone(),
                    });
                }
            }
            event => self.fold_house(event, source),
        }
    }

    fn close(&mut self, event: &Event, at: Timestamp, position: u64) {
        let (show, version) = match event {
            Event::ShowClosed(event) => (event.show, 0),
            Event::SettlementSealed(event) => (event.show, event.version),
            _ => return,
        };
        if let Some(book) = self.shows.get_mut(show.0) {
            let first = book.closed.map_or(at, |closed| closed.at);
            let version = book.closed.map_or(version, |closed| closed.version.max(version));
            book.closed = Some(Closed { at: first, position, version });
        }
    }

    fn schedule(&mut self, event: &ShowScheduled) {
        let day = self.house.calendar.day(event.starts_at);
        self.shows.add(event.show.0, || ShowBook {
            reference: event.reference.clone(),
            title: event.title.clone(),
            rounding: event.rounding,
            // What was first planned is known of every day: an import may plan a show after its sales.
            dates: vec![(CommercialDay::NEVER, Some(day))],
            ..ShowBook::default()
        });
    }

    fn date(&mut self, show: ShowId, source: Source, day: Option<CommercialDay>) {
        if let Some(book) = self.shows.get_mut(show.0) {
            // Days that are locked know what they knew: a change is known from the first open day on, and not before
            // an earlier one.
            let known = book.dates.last().map_or(source.day, |(known, _)| source.day.max(*known));
            book.dates.push((known, day));
        }
    }

    /// The books: that of what belongs to no show first, then those of shows by number.
    fn books(&self) -> impl Iterator<Item = (Option<ShowId>, &ShowBook)> {
        let own = std::iter::once((None, &self.house.book));
        own.chain(self.shows.sorted().map(|(show, book)| (Some(ShowId(show)), book)))
    }
}

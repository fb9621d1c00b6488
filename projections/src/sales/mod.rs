//! Sales over time: by commercial day, channel and tariff.

#[cfg(test)]
mod tests;
mod view;

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use soticket_ledger::Entry;
use soticket_ledger::calendar::Calendar;
use soticket_schema::event::v1::{Cancellation, OrderLines, PriceReduced};
use soticket_schema::{Amount, ChannelId, CommercialDay, Event, ShowId, TariffId, Timestamp};

pub use self::view::*;
use crate::event;
use crate::partition::{OWN, PartitionKey, Partitions, Projection, decode, encode};
use crate::rows::{Interned, Rows};

/// Sales by commercial day.
///
/// A fact counts on the commercial day of the time when it happened, under the time zone and cut-off that held when it
/// was recorded.
#[derive(Debug, Default)]
pub struct Sales {
    calendar: Calendar,
    shows: Partitions<Show>,
}

/// Sales of one show.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Show {
    days: Interned<DayKey, Figures>,
    lines: Interned<LineKey, LastDay>,
    /// The line of each ticket; the highest bit says that it is cancelled.
    tickets: Rows<u32>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
struct DayKey {
    day: CommercialDay,
    channel: ChannelId,
    tariff: TariffId,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
struct LineKey {
    channel: ChannelId,
    tariff: TariffId,
    price: Amount,
}

/// Where the line was last counted, which spares looking for it: no part of the state.
#[derive(Debug, Default, Clone, Copy, Serialize, Deserialize)]
struct LastDay(#[serde(skip)] Option<(CommercialDay, u32)>);

#[derive(Debug, Default, Clone, Copy, Serialize, Deserialize)]
struct Figures {
    issued: u64,
    cancelled: u64,
    issued_amount: Amount,
    cancelled_amount: Amount,
    reduced_amount: Amount,
}

const SHOWS: u8 = 1;
const CANCELLED: u32 = 1 << 31;

impl Projection for Sales {
    const NAME: &'static str = "sales";
    const VERSION: u16 = 1;

    fn fold(&mut self, entry: &Entry) {
        let at = entry.envelope.occurred_at;
        if let Some(lines) = event::sold(&entry.event) {
            return self.sell(lines, at);
        }
        if let Some(cancellation) = event::cancelled(&entry.event) {
            return self.cancel(cancellation, at);
        }
        match &entry.event {
            Event::PriceReduced(event) => self.reduce(event, at),
            Event::ShowScheduled(event) => self.shows.add(event.show.0, Show::default),
            Event::OrganisationOpened(event) => self.set(&event.parameters),
            Event::OrganisationChanged(event) => self.set(&event.parameters),
            _ => {}
        }
    }

    fn save(&self, out: &mut dyn FnMut(PartitionKey, Vec<u8>)) {
        out(OWN, encode(&self.calendar));
        self.shows.save(SHOWS, out);
    }

    fn load(&mut self, key: PartitionKey, bytes: &[u8]) -> Option<()> {
        match key {
            OWN => self.calendar = decode(bytes)?,
            PartitionKey { family: SHOWS, id } => self.shows.load(id, bytes).map(|_| ())?,
            _ => return None,
        }
        Some(())
    }
}

impl Show {
    /// The line with this number and the figures of its channel and tariff on a day.
    fn figures(&mut self, day: CommercialDay, number: u32) -> Option<(LineKey, &mut Figures)> {
        let (key, last) = self.lines.get_mut(number)?;
        let row = match last.0 {
            Some((known, row)) if known == day => row,
            _ => self.days.number(DayKey { day, channel: key.channel, tariff: key.tariff }),
        };
        last.0 = Some((day, row));
        self.days.get_mut(row).map(|(_, figures)| (*key, figures))
    }

    fn rows(&self) -> impl Iterator<Item = (DayKey, Figures)> {
        self.days.iter().map(|(key, figures)| (*key, *figures))
    }
}

impl Sales {
    fn set(&mut self, parameters: &soticket_schema::event::v1::OrganisationParameters) {
        self.calendar.set(&parameters.time_zone, parameters.day_cutoff_minutes);
    }

    fn sell(&mut self, lines: &OrderLines, at: Timestamp) {
        if lines.tickets.is_empty() {
            return;
        }
        let day = self.calendar.day(at);
        for tickets in lines.tickets.chunk_by(|left, right| left.show == right.show) {
            let Some(show) = tickets.first().and_then(|line| self.shows.get_mut(line.show.0)) else {
                continue;
            };
            for line in tickets {
                let key = LineKey { channel: lines.channel, tariff: line.tariff, price: line.price };
                let number = show.lines.number(key);
                if number >= CANCELLED || !show.tickets.add(line.ticket.0, number) {
                    continue;
                }
                if let Some((_, figures)) = show.figures(day, number) {
                    figures.issued = figures.issued.saturating_add(1);
                    figures.issued_amount += line.price;
                }
            }
        }
    }

    fn cancel(&mut self, cancellation: &Cancellation, at: Timestamp) {
        let day = self.calendar.day(at);
        for cancelled in &cancellation.tickets {
            let Some(show) = self.shows.get_mut(cancelled.show.0) else { continue };
            let Some(line) = show.tickets.get_mut(cancelled.ticket.0).filter(|line| **line < CANCELLED)
            else {
                continue;
            };
            let number = *line;
            *line |= CANCELLED;
            if let Some((key, figures)) = show.figures(day, number) {
                figures.cancelled = figures.cancelled.saturating_add(1);
                figures.cancelled_amount += key.price;
            }
        }
    }

    fn reduce(&mut self, event: &PriceReduced, at: Timestamp) {
        let day = self.calendar.day(at);
        let Some(show) = self.shows.get_mut(event.show.0) else { return };
        let Some(line) = show.tickets.get(event.ticket.0).copied().filter(|line| *line < CANCELLED) else {
            return;
        };
        let Some(key) = show.lines.key(line).copied() else { return };
        let target = show.lines.number(LineKey { price: event.after, ..key });
        if let Some(line) = show.tickets.get_mut(event.ticket.0) {
            *line = target;
        }
        if let Some((_, figures)) = show.figures(day, line) {
            figures.reduced_amount += key.price - event.after;
        }
    }

    /// Sales of a show, by day, channel and tariff.
    pub fn show(&self, show: ShowId) -> Vec<DaySales> {
        let rows: BTreeMap<_, _> = self
            .shows
            .get(show.0)
            .into_iter()
            .flat_map(Show::rows)
            .map(|(key, figures)| ((key.day, key.channel, key.tariff), figures))
            .collect();
        rows.into_iter().map(day_sales).collect()
    }

    /// The commercial day of an instant, under the time zone and cut-off that hold now.
    pub fn day(&self, at: Timestamp) -> Date {
        self.calendar.clone().day(at).date()
    }

    /// What was sold of one show or of all, on one commercial day or ever.
    pub fn totals(&self, show: Option<ShowId>, day: Option<Date>) -> SalesTotals {
        let mut sum = Figures::default();
        let mut add = |show: &Show| {
            let rows = show.rows().filter(|(key, _)| day.is_none_or(|day| key.day.date() == day));
            rows.for_each(|(_, figures)| sum.add(&figures));
        };
        match show {
            Some(show) => self.shows.get(show.0).into_iter().for_each(&mut add),
            None => self.shows.sorted().for_each(|(_, show)| add(show)),
        }
        sum.into()
    }

    /// Sales of all shows on the days from `from` to `to`, both included, by day, channel and tariff.
    pub fn days(&self, from: Date, to: Date) -> Vec<DaySales> {
        let mut rows: BTreeMap<_, Figures> = BTreeMap::new();
        for (_, show) in self.shows.sorted() {
            for (key, figures) in show.rows().filter(|(key, _)| (from..=to).contains(&key.day.date())) {
                // A tariff belongs to one show, so that no two rows fall together in an honest log.
                rows.entry((key.day, key.channel, key.tariff)).or_default().add(&figures);
            }
        }
        rows.into_iter().map(day_sales).collect()
    }
}

impl Figures {
    fn add(&mut self, other: &Self) {
        self.issued = self.issued.saturating_add(other.issued);
        self.cancelled = self.cancelled.saturating_add(other.cancelled);
        self.issued_amount += other.issued_amount;
        self.cancelled_amount += other.cancelled_amount;
        self.reduced_amount += other.reduced_amount;
    }
}

impl From<Figures> for SalesTotals {
    fn from(figures: Figures) -> Self {
        Self {
            issued: figures.issued,
            cancelled: figures.cancelled,
            issued_amount: figures.issued_amount,
            cancelled_amount: figures.cancelled_amount,
            reduced_amount: figures.reduced_amount,
            net_amount: figures.issued_amount - figures.cancelled_amount - figures.reduced_amount,
        }
    }
}

fn day_sales(((day, channel, tariff), figures): ((CommercialDay, ChannelId, TariffId), Figures)) -> DaySales {
    DaySales {
        day: day.date(),
        channel,
        tariff,
        issued: figures.issued,
        cancelled: figures.cancelled,
        issued_amount: figures.issued_amount,
        cancelled_amount: figures.cancelled_amount,
        reduced_amount: figures.reduced_amount,
        net_amount: figures.issued_amount - figures.cancelled_amount - figures.reduced_amount,
    }
}

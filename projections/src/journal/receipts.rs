//! Receipts and payments: what came in and went back, by day, show, way of paying, channel and what it was for.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use soticket_schema::{Amount, ChannelId, MethodId, ShowId, TariffId};

use super::Journal;
use super::book::ShowBook;
pub use super::orders::What;
use crate::index::Positions;
use soticket_schema::CommercialDay;

/// What is counted together, in one show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct CellKey {
    pub(super) day: CommercialDay,
    pub(super) method: MethodId,
    pub(super) channel: Option<ChannelId>,
    pub(super) what: What,
}

/// Money of one kind.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Cell {
    paid: Amount,
    returned: Amount,
    positions: Positions,
}

impl Cell {
    pub(super) fn add(&mut self, amount: Amount, position: u64) {
        if amount > Amount::ZERO {
            self.paid += amount;
        } else {
            self.returned -= amount;
        }
        self.positions.push(position);
    }
}

/// Which money a report is about. What is not stated narrows nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReceiptsFilter {
    /// First commercial day of the payment.
    pub paid_from: Option<Date>,
    /// Last commercial day of the payment.
    pub paid_to: Option<Date>,
    /// First commercial day of the show; leaves out what belongs to no show.
    pub show_from: Option<Date>,
    /// Last commercial day of the show; leaves out what belongs to no show.
    pub show_to: Option<Date>,
    /// Shows.
    pub shows: Vec<ShowId>,
    /// Ways of paying.
    pub methods: Vec<MethodId>,
    /// Channels.
    pub channels: Vec<ChannelId>,
    /// Tariffs.
    pub tariffs: Vec<TariffId>,
}

/// What rows of a report are told apart by; all others are added up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReceiptsBy {
    /// Commercial day of the payment.
    pub day: bool,
    /// Show.
    pub show: bool,
    /// Way of paying.
    pub method: bool,
    /// Channel.
    pub channel: bool,
    /// What the money is for.
    pub what: bool,
}

impl ReceiptsBy {
    /// By everything.
    pub const ALL: Self = Self { day: true, show: true, method: true, channel: true, what: true };
}

/// One row. What rows are not told apart by is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceiptsRow {
    /// Commercial day of the payment.
    pub day: Option<Date>,
    /// The show; none also for what belongs to none.
    pub show: Option<ShowId>,
    /// Way of paying.
    pub method: Option<MethodId>,
    /// Channel that sold; none also for an order that was never sold here.
    pub channel: Option<ChannelId>,
    /// What it is for.
    pub what: Option<What>,
    /// What came in.
    pub paid: Amount,
    /// What went back.
    pub returned: Amount,
    /// Positions of the events that moved this money, ascending.
    pub positions: Vec<u64>,
}

impl ReceiptsRow {
    /// Came in less went back.
    pub fn net(&self) -> Amount {
        self.paid - self.returned
    }
}

/// Rows and their totals.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Receipts {
    /// By day, show, way of paying, channel and what it is for, as far as they are told apart.
    pub rows: Vec<ReceiptsRow>,
    /// What came in.
    pub paid: Amount,
    /// What went back.
    pub returned: Amount,
}

type RowKey = (Option<CommercialDay>, Option<ShowId>, Option<MethodId>, Option<ChannelId>, Option<What>);

impl Journal {
    /// Money that came in and went back. The cost depends on the days and combinations that there are, not on orders.
    pub fn receipts(&self, filter: &ReceiptsFilter, by: ReceiptsBy) -> Receipts {
        let mut rows: BTreeMap<RowKey, (Amount, Amount, Vec<u64>)> = BTreeMap::new();
        for (show, book) in self.books() {
            if !filter.takes_show(show, book) {
                continue;
            }
            for (key, cell) in book.cells.iter().filter(|(key, _)| filter.takes(key)) {
                let row = rows.entry(by.row(show, key)).or_default();
                row.0 += cell.paid;
                row.1 += cell.returned;
                row.2.extend(cell.positions.iter());
            }
        }
        let mut receipts = Receipts::default();
        for ((day, show, method, channel, what), (paid, returned, mut positions)) in rows {
            receipts.paid += paid;
            receipts.returned += returned;
            positions.sort_unstable();
            positions.dedup();
            let day = day.map(CommercialDay::date);
            receipts.rows.push(ReceiptsRow { day, show, method, channel, what, paid, returned, positions });
        }
        receipts
    }
}

impl ReceiptsBy {
    fn row(self, show: Option<ShowId>, key: &CellKey) -> RowKey {
        (
            self.day.then_some(key.day),
            show.filter(|_| self.show),
            self.method.then_some(key.method),
            key.channel.filter(|_| self.channel),
            self.what.then_some(key.what),
        )
    }
}

impl ReceiptsFilter {
    fn takes_show(&self, show: Option<ShowId>, book: &ShowBook) -> bool {
        let listed = self.shows.is_empty() || show.is_some_and(|show| self.shows.contains(&show));
        if self.show_from.is_none() && self.show_to.is_none() {
            return listed;
        }
        // A show that was called off keeps the day that it was last planned for.
        let day = book.dates.iter().rev().find_map(|(_, day)| *day).map(CommercialDay::date);
        let within = day.is_some_and(|day| {
            self.show_from.is_none_or(|from| from <= day) && self.show_to.is_none_or(|to| day <= to)
        });
        listed && within
    }

    fn takes(&self, key: &CellKey) -> bool {
        let day = key.day.date();
        let tariff = match key.what {
            What::Tickets(tariff) => self.tariffs.contains(&tariff),
            _ => false,
        };
        self.paid_from.is_none_or(|from| from <= day)
            && self.paid_to.is_none_or(|to| day <= to)
            && (self.methods.is_empty() || self.methods.contains(&key.method))
            && (self.channels.is_empty() || key.channel.is_some_and(|id| self.channels.contains(&id)))
            && (self.tariffs.is_empty() || tariff)
    }
}

//! The files of an export, each read once, with what is explained and refused on the way.

use soticket_schema::Timestamp;

use super::batches::Batch;
use super::changes::{self, Change, Changes};
use super::labels::Layout;
use super::orders::{self, Event};
use super::payments::{self, Money};
use super::zone::Zone;
use super::{ORDERS, Options, catalogue, checkins, header, lives, quotas};
use crate::import::files::Files;
use crate::import::json::Document;
use crate::import::plan::{Explained, FileLines};
use crate::import::refusal::{Fault, Place, Refusal};
use crate::import::step::Step;
use crate::import::table::{self, Table};

/// Reason of a line of a test order.
const TEST: &str = "a test order: nothing was sold";
/// When a show begins of which nothing at all is known.
const UNKNOWN_BEGIN: Timestamp = Timestamp(Timestamp::EARLIEST.0 + 2 * catalogue::LEAD_MICROSECONDS);

/// What has been read of an export.
pub(super) struct Folder<'a> {
    /// The files.
    pub(super) path: &'a Files,
    /// Lines of each list.
    pub(super) files: Vec<FileLines>,
    /// Lines that change nothing.
    pub(super) explained: Vec<Explained>,
    /// What a reader should know.
    pub(super) notes: Vec<String>,
    /// What cannot be taken.
    pub(super) refused: Vec<Refusal>,
}

impl Folder<'_> {
    /// What orders.json says.
    pub(super) fn event(&mut self) -> Result<Event, Vec<Refusal>> {
        let document = Document::read(self.path, ORDERS).map_err(|refusal| vec![refusal])?;
        let event = orders::read(&document);
        let problems = document.into_problems();
        if event.broken {
            return Err(problems);
        }
        self.refused.extend(problems);
        Ok(event)
    }

    /// The rows of transactions.csv, without those of test orders.
    pub(super) fn changes(&mut self, event: &Event) -> Result<Changes, Vec<Refusal>> {
        let Some(table) = self.table(changes::NAME)? else {
            let missing = Place::file("transactions.csv").refuse(Fault::FileMissing, "there is no such file");
            return Err(vec![missing]);
        };
        let read = changes::read(&table, &event.slug, &mut self.refused);
        let mut changes = read.map_err(|refusal| vec![refusal])?;
        if changes.rows.is_empty() && table.lines > 0 {
            // Not one line of the event: it is another event's list, or none at all.
            return Err(std::mem::take(&mut self.refused));
        }
        changes.rows.retain(|row| self.keep(event, &row.order, &row.place));
        if changes.rows.iter().any(|row| row.reconstructed) {
            self.notes
                .push("pretix reconstructed some lines from older data: changes may be missing".to_owned());
        }
        Ok(changes)
    }

    /// The rows of orders that can be taken whole; those of the others are refused. Whether an order that orders.json
    /// does not list was a test is unknown, and a test must not be recorded as a sale.
    pub(super) fn whole_orders(&mut self, event: &Event, changes: Changes) -> Vec<Change> {
        let mut rows = changes.rows;
        rows.retain(|row| {
            let refusal = if !event.orders.contains_key(&row.order) {
                let message = format!("order {} is not in {ORDERS}", row.order);
                row.place.column("order_code").refuse(Fault::OrderUnknown, message)
            } else if changes.spoiled.contains(&row.order) || event.spoiled.contains(&row.order) {
                lives::incomplete(&row.place, &row.order)
            } else {
                return true;
            };
            self.refused.push(refusal);
            false
        });
        rows
    }

    /// Completed payments and refunds, without those of test orders.
    pub(super) fn money(&mut self, event: &Event, changes: &Changes) -> Result<Vec<Money>, Vec<Refusal>> {
        let Some(table) = self.table(payments::NAME)? else {
            self.notes.push("there is no payments_refunds.csv: no payments are imported".to_owned());
            return Ok(Vec::new());
        };
        let read =
            payments::read(&table, &event.slug, changes.currency, &mut self.explained, &mut self.refused);
        let mut money = read.map_err(|refusal| vec![refusal])?;
        money.retain(|money| self.keep(event, &money.order, &money.place));
        Ok(money)
    }

    /// Gates and devices, and the scans; contingents are compared on the way.
    pub(super) fn scans(
        &mut self,
        event: &Event,
        zone: &Zone,
        rows: &[Change],
    ) -> Result<(Vec<Step>, Vec<Step>), Vec<Refusal>> {
        match self.table(quotas::NAME)? {
            Some(table) => quotas::compare(&table, event, &mut self.explained, &mut self.notes)
                .map_err(|refusal| vec![refusal])?,
            None => self.notes.push("there is no quotas.csv: contingents are not compared".to_owned()),
        }
        let Some(table) = self.table(checkins::NAME)? else {
            self.notes.push("there is no checkinlog.csv: no scans are imported".to_owned());
            return Ok(Default::default());
        };
        let context = checkins::Context::new(event, zone, rows);
        let read = checkins::plan(&table, &context, &|order| is_test(event, order), &mut self.refused);
        let (gates, scans, tests) = read.map_err(|refusal| vec![refusal])?;
        self.explained.extend(tests.into_iter().map(|place| Explained { place, reason: TEST }));
        Ok((gates, scans))
    }

    /// False for a line of a test order, which is explained.
    fn keep(&mut self, event: &Event, order: &str, place: &Place) -> bool {
        let test = is_test(event, order);
        if test {
            self.explained.push(Explained { place: place.clone(), reason: TEST });
        }
        !test
    }

    /// When sales began, and when the show of a single event begins, which the export does not say.
    pub(super) fn span<'a>(
        &mut self,
        event: &Event,
        batches: &[Batch],
        scans: &[Step],
        options: &'a Options,
    ) -> catalogue::Span<'a> {
        let first_sale = batches.iter().map(|batch| batch.at).min();
        let guess = scans
            .iter()
            .filter_map(|step| step.at)
            .min()
            .or_else(|| batches.iter().map(|batch| batch.at).max())
            .unwrap_or(UNKNOWN_BEGIN);
        let starts_at = options.starts_at.unwrap_or(guess);
        if event.dates.is_empty() && options.starts_at.is_none() {
            self.notes.push(format!(
                "the export does not say when the show begins: {starts_at}, its first scan or last sale, is recorded; \
                 state it with --starts-at at the first import"
            ));
        }
        catalogue::Span { first_sale, starts_at, territory: &options.territory }
    }

    /// The list of this name, if it is in the folder. One that is there and cannot be read ends the import before it
    /// begins: what depends on it would be missing without a line to show for it.
    fn table(&mut self, name: &str) -> Result<Option<Table>, Vec<Refusal>> {
        let (Some(layout), Some(file)) = (Layout::of(name), self.file_name(name)) else { return Ok(None) };
        let likeness = |cells: &[String]| header::likeness(cells, layout);
        let read = table::read(self.path, &file, table::Layout::Quoted, &likeness, &mut self.refused);
        let table = read.map_err(|refusal| vec![refusal])?;
        self.files.extend(table.as_ref().map(|table| FileLines { file, lines: table.lines }));
        Ok(table)
    }

    /// `transactions.csv`, or the name that pretix gives to a download, such as `season_transactions.csv`.
    fn file_name(&self, name: &str) -> Option<String> {
        let plain = format!("{name}.csv");
        if self.path.has(&plain) {
            return Some(plain);
        }
        let endings = [Some(plain), (name == payments::NAME).then(|| "payments.csv".to_owned())];
        endings.into_iter().flatten().find_map(|end| self.path.ending(&format!("_{end}")).into_iter().next())
    }
}

fn is_test(event: &Event, order: &str) -> bool {
    event.orders.get(order).is_some_and(|order| order.test)
}

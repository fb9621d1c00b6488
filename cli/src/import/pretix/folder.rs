//! The files of an export, each read once, with what is explained and refused on the way.

use soticket_schema::Timestamp;

use super::batches::Batch;
use super::changes::{self, Change, Changes};
use super::labels::Layout;
use super::orders::{self, Event};
use super::payments::{self, Money};
use super::zone::Zone;
use super::{ORDERS, Options, catalogue, checkins, header, quotas};
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
        if event.slug.is_empty() || event.organizer_slug.is_empty() {
            return Err(problems);
        }
        self.refused.extend(problems);
        Ok(event)
    }

    /// The rows of transactions.csv, without those of test orders.
    pub(super) fn changes(&mut self, event: &Event) -> Result<Changes, Vec<Refusal>> {
        let Some(table) = self.table(changes::NAME) else {
            let missing = Place::file("transactions.csv").refuse(Fault::FileMissing, "there is no such file");
            let told = self.refused.iter().any(|refusal| refusal.place.file.contains(changes::NAME));
            self.refused.extend((!told).then_some(missing));
            return Err(std::mem::take(&mut self.refused));
        };
        let mut changes =
            changes::read(&table, &event.slug, &mut self.refused).map_err(|refusal| vec![refusal])?;
        changes.rows.retain(|row| self.keep(event, &row.order, &row.place));
        if changes.rows.iter().any(|row| row.reconstructed) {
            self.notes
                .push("pretix reconstructed some lines from older data: changes may be missing".to_owned());
        }
        Ok(changes)
    }

    /// Completed payments and refunds, without those of test orders.
    pub(super) fn money(&mut self, event: &Event, changes: &Changes) -> Vec<Money> {
        let Some(table) = self.table(payments::NAME) else {
            self.notes.push("there is no payments_refunds.csv: no payments are imported".to_owned());
            return Vec::new();
        };
        let read =
            payments::read(&table, &event.slug, changes.currency, &mut self.explained, &mut self.refused);
        let mut money = read.unwrap_or_else(|refusal| {
            self.refused.push(refusal);
            Vec::new()
        });
        money.retain(|money| self.keep(event, &money.order, &money.place));
        money
    }

    /// Gates and devices, and the scans; contingents are compared on the way.
    pub(super) fn scans(&mut self, event: &Event, zone: &Zone, rows: &[Change]) -> (Vec<Step>, Vec<Step>) {
        if let Some(table) = self.table(quotas::NAME)
            && let Err(refusal) = quotas::compare(&table, event, &mut self.explained, &mut self.notes)
        {
            // Contingents are not imported: an unreadable list of them is no loss.
            self.notes.push(refusal.to_string());
        }
        let Some(table) = self.table(checkins::NAME) else { return Default::default() };
        let context = checkins::Context::new(event, zone, rows);
        match checkins::plan(&table, &context, &|order| is_test(event, order), &mut self.refused) {
            Ok((gates, scans, tests)) => {
                self.explained.extend(tests.into_iter().map(|place| Explained { place, reason: TEST }));
                (gates, scans)
            }
            Err(refusal) => {
                self.refused.push(refusal);
                Default::default()
            }
        }
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

    /// The list of this name, if it is in the folder.
    fn table(&mut self, name: &str) -> Option<Table> {
        let layout = Layout::of(name)?;
        let file = self.file_name(name)?;
        let likeness = |cells: &[String]| header::likeness(cells, layout);
        match table::read(self.path, &file, table::Layout::Quoted, &likeness, &mut self.refused) {
            Ok(Some(table)) => {
                self.files.push(FileLines { file, lines: table.lines });
                Some(table)
            }
            Ok(None) => None,
            Err(refusal) => {
                self.refused.push(refusal);
                None
            }
        }
    }

    /// `transactions.csv`, or the name that pretix gives to a download, such as `season_transactions.csv`.
    fn file_name(&self, name: &str) -> Option<String> {
        let plain = format!("{name}.csv");
        if self.path.has(&plain) {
            return Some(plain);
        }
        self.path.ending(&format!("_{plain}")).into_iter().next()
    }
}

fn is_test(event: &Event, order: &str) -> bool {
    event.orders.get(order).is_some_and(|order| order.test)
}

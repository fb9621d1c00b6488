//! The files of an archive. Writing them and checking that they say what the records say is the same work, into a folder
//! or into nothing but hashes.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Write;
use std::path::PathBuf;

use serde::Serialize;
use soticket_ledger::Entry;
use soticket_projections::audit::AuditKind;
use soticket_schema::event::v1::{Period, PeriodClosed, SaleClass};
use soticket_schema::{Currency, Event, MethodId};

use super::file::{Hashed, Listed};
use crate::command::export::write_line;
use crate::failure::Failure;

/// Where files go.
pub(super) enum Sink {
    /// Into this folder.
    Folder(PathBuf),
    /// Nowhere: only their hashes are wanted.
    Hashes,
}

const README: &str = include_str!("../../../data/archive/README.txt");

/// The files of an archive, being written.
pub(super) struct Sheets {
    readme: Hashed,
    records: Hashed,
    events: Hashed,
    closings: Hashed,
    journal: Hashed,
    closing_table: Hashed,
    sales_table: Hashed,
    money_table: Hashed,
    currency: Currency,
    methods: BTreeMap<MethodId, String>,
}

/// A line of closings.jsonl.
#[derive(Serialize)]
struct ClosingLine<'a> {
    position: u64,
    record: String,
    hash: String,
    recorded_at: String,
    closing: &'a PeriodClosed,
}

/// A line of journal.jsonl.
#[derive(Serialize)]
struct JournalLine<'a> {
    position: u64,
    recorded_at: String,
    actor: u32,
    kind: &'static str,
    reference: &'a str,
}

impl Sheets {
    pub(super) fn new(sink: &Sink) -> Result<Self, Failure> {
        let open = |name: &'static str| -> Result<Hashed, Failure> {
            let file = match sink {
                Sink::Folder(folder) => Some(File::create(folder.join(name))?),
                Sink::Hashes => None,
            };
            Ok(Hashed::new(name, file))
        };
        let mut sheets = Self {
            readme: open("README.txt")?,
            records: open("records.bin")?,
            events: open("events.jsonl")?,
            closings: open("closings.jsonl")?,
            journal: open("journal.jsonl")?,
            closing_table: open("closings.csv")?,
            sales_table: open("sales.csv")?,
            money_table: open("money.csv")?,
            currency: Currency::default(),
            methods: BTreeMap::new(),
        };
        sheets.readme.write_all(README.as_bytes())?;
        sheets.closing_table.write_all(
            b"period;number;from;until;opened_at;ended_at;closed_at;records;orders;sold;returned;gross;net;vat;\
              prepaid_issued;prepaid_cancelled;prepaid_spent;prepaid_restored;prepaid_lapsed;\
              floats_opened;cash_in;cash_out;cash_differences;perpetual;perpetual_absolute;hash;previous\n",
        )?;
        sheets.sales_table.write_all(
            b"period;number;from;until;class;vat_percent;sold;cancelled;sales;returns;gross;net;vat\n",
        )?;
        sheets
            .money_table
            .write_all(b"period;number;from;until;method;name;payments;received;refunds;returned\n")?;
        Ok(sheets)
    }

    /// Takes note of what an event of this year or an earlier one defines.
    pub(super) fn note(&mut self, entry: &Entry) {
        match &entry.event {
            Event::OrganisationOpened(event) => self.currency = event.currency,
            Event::MethodDefined(event) => {
                self.methods.entry(event.method).or_insert_with(|| event.name.clone());
            }
            _ => {}
        }
    }

    /// Adds a record of the year.
    pub(super) fn take(&mut self, record: &[u8], entry: &Entry) -> Result<(), Failure> {
        self.records.write_all(record)?;
        write_line(entry, &mut self.events)?;
        if let Some(kind) = AuditKind::of(&entry.event) {
            let reference = match &entry.event {
                Event::TechnicalEventNoted(noted) => noted.reference.as_str(),
                _ => "",
            };
            let line = JournalLine {
                position: entry.envelope.position,
                recorded_at: entry.envelope.recorded_at.to_string(),
                actor: entry.envelope.actor.0,
                kind: kind.text(),
                reference,
            };
            json_line(&mut self.journal, &line)?;
        }
        if let Event::PeriodClosed(closing) = &entry.event {
            self.closing(entry, closing)?;
        }
        Ok(())
    }

    fn closing(&mut self, entry: &Entry, closing: &PeriodClosed) -> Result<(), Failure> {
        let hash = closing.hash().unwrap_or_default();
        let line = ClosingLine {
            position: entry.envelope.position,
            record: entry.hash.to_string(),
            hash: hash.to_string(),
            recorded_at: entry.envelope.recorded_at.to_string(),
            closing,
        };
        json_line(&mut self.closings, &line)?;
        let show = |amount: soticket_schema::Amount| amount.display(self.currency);
        let name = match closing.period {
            Period::Day => "day",
            Period::Month => "month",
            Period::Year => "year",
        };
        let head = format!("{name};{};{};{}", closing.number, closing.from, closing.until);
        let taxed = closing.taxed();
        let amounts = [
            closing.sold(),
            closing.returned(),
            taxed.gross,
            taxed.net,
            taxed.vat,
            closing.prepaid.issued,
            closing.prepaid.cancelled,
            closing.prepaid.spent,
            closing.prepaid.restored,
            closing.prepaid.lapsed,
            closing.floats.opened,
            closing.floats.put_in,
            closing.floats.taken_out,
            closing.floats.differences,
            closing.perpetual.algebraic,
            closing.perpetual.absolute,
        ];
        let amounts = amounts.map(show).join(";");
        let (opened, ended, closed) = (closing.opened_at, closing.ended_at, entry.envelope.recorded_at);
        let (records, orders, previous) = (closing.records, closing.orders, closing.previous);
        let row =
            format!("{head};{opened};{ended};{closed};{records};{orders};{amounts};{hash};{previous}\n");
        self.closing_table.write_all(row.as_bytes())?;
        for total in &closing.sales {
            let class = match total.class {
                SaleClass::Face => "ticket",
                SaleClass::FeeOnTop => "fee on top",
                SaleClass::Item => "item",
            };
            let amounts = [total.sales, total.returns, total.taxed.gross, total.taxed.net, total.taxed.vat];
            let amounts = amounts.map(show).join(";");
            let (rate, sold, cancelled) = (total.rate.percent(), total.sold, total.cancelled);
            let row = format!("{head};{class};{rate};{sold};{cancelled};{amounts}\n");
            self.sales_table.write_all(row.as_bytes())?;
        }
        for total in &closing.money {
            let method = self.methods.get(&total.method).map(|name| quoted(name)).unwrap_or_default();
            let (payments, refunds) = (total.payments, total.refunds);
            let (received, returned) = (show(total.received), show(total.returned));
            let row =
                format!("{head};{};{method};{payments};{received};{refunds};{returned}\n", total.method);
            self.money_table.write_all(row.as_bytes())?;
        }
        Ok(())
    }

    /// Ends all files: their hashes, by name.
    pub(super) fn finish(self) -> Result<Vec<Listed>, Failure> {
        let files = [
            self.readme,
            self.records,
            self.events,
            self.closings,
            self.journal,
            self.closing_table,
            self.sales_table,
            self.money_table,
        ];
        let mut listed = files.into_iter().map(Hashed::finish).collect::<Result<Vec<_>, _>>()?;
        listed.sort_by(|left, right| left.name.cmp(&right.name));
        Ok(listed)
    }
}

fn json_line<T: Serialize>(file: &mut Hashed, value: &T) -> Result<(), Failure> {
    let mut text = serde_json::to_string(value).map_err(Failure::unexpected)?;
    text.push('\n');
    Ok(file.write_all(text.as_bytes())?)
}

/// A name in a table: a separator, quote or line break in it is kept inside quotes.
fn quoted(text: &str) -> String {
    match text.contains([';', '"', '\n', '\r']) {
        true => format!("\"{}\"", text.replace('"', "\"\"")),
        false => text.to_owned(),
    }
}

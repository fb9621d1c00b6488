//! Lists of a season's orders and the statement of a show as files: how long they take and what memory they need.

use std::fs::{self, File};
use std::io::{BufWriter, Write as _};
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow};
use soticket_exports::{CsvOptions, Language, List, ListKind, ShowStatement};
use soticket_ledger::log::{Log, SledLog, SledOptions};
use soticket_projections::{Options, Projections};
use soticket_schema::ids::ShowId;

use crate::bench::{Bench, open};
use crate::machine::{peak_bytes, reset_peak, resident_bytes};
use crate::report::{Table, Value, grouped};
use crate::workload::{History, ORGANISATION, expect};

/// Of the tickets that memory is measured of, the list has one order for so many: 40,000 orders of a million.
const TICKETS_FACTOR: u64 = 25;
/// Tickets of an order of the workload.
const TICKETS_PER_ORDER: u64 = 2;
/// Targets: a workbook, and the other forms.
const XLSX_MAX: Duration = Duration::from_secs(10);
const TEXT_MAX: Duration = Duration::from_secs(2);
const MEMORY_MAX: u64 = 200 * 1024 * 1024;

pub(crate) fn run(bench: &Bench) -> Result<Table> {
    let folder = bench.folder("exports")?;
    let data = folder.join("data");
    fill(bench, &data)?;
    let ledger = open(&data)?;
    let projections =
        Projections::start(ledger.clone(), Options::default()).map_err(|error| anyhow!("{error}"))?;
    let orders = projections.view(ORGANISATION, |views| views.orders.count()).unwrap_or(0);
    let list = List::new(&projections, ORGANISATION, ListKind::Orders, None, ledger.now())
        .context("the workload's organisation is not there")?;
    let name = format!("exports: a list of {} orders", grouped(orders as u64));
    let mut table =
        Table::new(name, &["form", "took", "peak beyond the read models", "peak of the process", "size"]);
    let mut within = true;
    let mut measure = |form: &str, limit: Duration, write: &dyn Fn(File) -> Result<()>| {
        let path = folder.join("list");
        reset_peak();
        let before = resident_bytes();
        let begun = Instant::now();
        write(File::create(&path)?)?;
        // What was freed before is still counted as resident, and hides what grows into it: so the whole is shown too.
        let (took, whole) = (begun.elapsed(), peak_bytes());
        let peak = whole.saturating_sub(before);
        within &= took <= limit && peak <= MEMORY_MAX;
        let size = Value::Bytes(fs::metadata(&path)?.len());
        table.row([Value::text(form), Value::Time(took), Value::Bytes(peak), Value::Bytes(whole), size]);
        fs::read(&path).map_err(anyhow::Error::from)
    };
    let csv = measure("csv", TEXT_MAX, &|file| {
        let mut file = BufWriter::new(file);
        list.csv(Language::English, CsvOptions::of(Language::English), &mut file)?;
        Ok(file.flush()?)
    })?;
    let lines = measure("json lines", TEXT_MAX, &|file| {
        let mut file = BufWriter::new(file);
        list.json_lines(&mut file)?;
        Ok(file.flush()?)
    })?;
    measure("xlsx", XLSX_MAX, &|file| Ok(list.xlsx(Language::English, file)?))?;
    let count = |bytes: &[u8]| bytes.iter().filter(|byte| **byte == b'\n').count();
    expect("lines of CSV, headings included", count(&csv), orders + 1)?;
    expect("lines of JSON", count(&lines), orders)?;
    let begun = Instant::now();
    let statement = ShowStatement::BoxOffice.of(&projections, ORGANISATION, ShowId(1), None, None)?;
    let made = begun.elapsed();
    for times in ["first", "second"] {
        let begun = Instant::now();
        let size = statement.pdf(Language::French)?.len() as u64;
        let form = format!("statement as pdf, {times} time");
        let (took, none) = (Value::Time(begun.elapsed()), Value::text(""));
        table.row([Value::text(form), took, none.clone(), none, Value::Bytes(size)]);
    }
    let none = Value::text("");
    table.row([Value::text("statement made"), Value::Time(made), none.clone(), none.clone(), none]);
    table.target("xlsx in 10 s, csv and json in 2 s, 200 MB", within, "each form by itself, to a file");
    projections.close();
    ledger.close();
    fs::remove_dir_all(&folder)?;
    Ok(table)
}

/// A log with so many orders, straight through the storage engine.
fn fill(bench: &Bench, data: &Path) -> Result<()> {
    let log = SledLog::open(data, &SledOptions::default())?;
    let tickets = bench.tickets / TICKETS_FACTOR * TICKETS_PER_ORDER;
    let mut history = History::new(bench.seed, tickets * 5 / 4)?;
    while history.tally().total().issued < tickets {
        let mut waiting = Vec::new();
        history.appends(10_000, |append| {
            waiting.push(append);
            Ok(())
        })?;
        for appends in waiting.chunks(16) {
            log.commit(appends)?;
        }
    }
    Ok(())
}

//! Memory per ticket of the writer's state and of every projection, each in a process of its own.
//!
//! The resident size of a process says more than the sum of what types hold: it counts what the allocator wastes too.

use std::collections::HashMap;
use std::fs::File;
use std::hint::black_box;
use std::io::{BufReader, Read, Write};
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};
use clap::ValueEnum;
use soticket_ledger::Entry;
use soticket_ledger::state::State;
use soticket_projections::Projection;
use soticket_projections::attendance::Attendance;
use soticket_projections::availability::Availability;
use soticket_projections::catalogue::Catalogue;
use soticket_projections::customers::Customers;
use soticket_projections::index::ShowIndex;
use soticket_projections::orders::Orders;
use soticket_projections::rights::Rights;
use soticket_projections::sales::Sales;
use soticket_projections::settlement::Settlement;
use soticket_schema::envelope::HEADER_BYTES;
use soticket_schema::ids::CommandId;
use soticket_schema::{RecordView, limits::RECORD_BYTES_MAX};

use crate::bench::Bench;
use crate::machine::resident_bytes;
use crate::report::{Table, Value};
use crate::workload::{History, ORGANISATION};

/// What is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Part {
    /// The writer's decision state.
    State,
    /// The writer's known idempotency keys.
    Keys,
    Catalogue,
    Orders,
    Availability,
    Settlement,
    Sales,
    Attendance,
    Customers,
    Rights,
    Index,
}

/// Makes a history, and has a child process measure every part of it.
pub(crate) fn run(bench: &Bench) -> Result<Table> {
    let path = bench.folder("memory")?.join("records");
    let (tickets, events) = write_history(bench, &path)?;
    let mut table = Table::new("memory", &["what", "bytes/ticket", "resident"]);
    let (mut writer, mut projections) = (0, 0);
    for part in Part::value_variants() {
        let bytes = measured(*part, &path)?;
        match part {
            Part::State | Part::Keys => writer += bytes,
            _ => projections += bytes,
        }
        table.row(row(&format!("{part:?}").to_lowercase(), bytes, tickets));
    }
    table.row(row("writer", writer, tickets));
    table.row(row("projections", projections, tickets));
    table.note(format!(
        "{tickets} tickets in {events} events; growing tables are resident up to twice what they hold"
    ));
    std::fs::remove_file(path)?;
    Ok(table)
}

fn row(what: &str, bytes: u64, tickets: u64) -> [Value; 3] {
    [Value::text(what), Value::Ratio(bytes as f64 / tickets as f64), Value::Bytes(bytes)]
}

fn write_history(bench: &Bench, path: &Path) -> Result<(u64, u64)> {
    // Four tickets come with about five events.
    let mut history = History::new(bench.seed, bench.tickets * 5 / 4)?;
    let mut file = File::create(path)?;
    while history.tally().total().issued < bench.tickets {
        history.appends(10_000, |append| Ok(file.write_all(&append.records)?))?;
    }
    Ok((history.tally().total().issued, history.tally().events))
}

fn measured(part: Part, path: &Path) -> Result<u64> {
    let name = part.to_possible_value().context("a part without a name")?;
    let mut child = Command::new(std::env::current_exe()?);
    let output = child.arg("--measure").arg(name.get_name()).arg("--records").arg(path).output()?;
    if !output.status.success() {
        bail!("measuring {part:?}: {}", String::from_utf8_lossy(&output.stderr));
    }
    Ok(String::from_utf8(output.stdout)?.trim().parse()?)
}

/// In the child process: folds the records into one part and prints how much the process grew.
pub(crate) fn measure(part: Part, path: &Path) -> Result<()> {
    let grown = match part {
        Part::State => grown(path, State::new(ORGANISATION), |state, entry| {
            state.apply(&entry.envelope, &entry.event);
        }),
        Part::Keys => grown(path, HashMap::<CommandId, u64>::new(), |keys, entry| {
            keys.entry(entry.envelope.command).or_insert(entry.envelope.position);
        }),
        Part::Catalogue => projection::<Catalogue>(path),
        Part::Orders => projection::<Orders>(path),
        Part::Availability => projection::<Availability>(path),
        Part::Settlement => projection::<Settlement>(path),
        Part::Sales => projection::<Sales>(path),
        Part::Attendance => projection::<Attendance>(path),
        Part::Customers => projection::<Customers>(path),
        Part::Rights => projection::<Rights>(path),
        Part::Index => projection::<ShowIndex>(path),
    };
    println!("{}", grown?);
    Ok(())
}

fn projection<P: Projection>(path: &Path) -> Result<u64> {
    grown(path, P::default(), |projection, entry| projection.fold(entry))
}

fn grown<T>(path: &Path, mut part: T, mut fold: impl FnMut(&mut T, &Entry)) -> Result<u64> {
    let mut file = BufReader::new(File::open(path)?);
    let mut record = Vec::with_capacity(RECORD_BYTES_MAX);
    let before = resident_bytes();
    while next_record(&mut file, &mut record)? {
        fold(&mut part, &Entry::read(&RecordView::parse(&record)?)?);
    }
    let after = resident_bytes();
    black_box(&part);
    Ok(after.saturating_sub(before))
}

/// Reads one whole record; false at the end.
fn next_record(file: &mut impl Read, record: &mut Vec<u8>) -> Result<bool> {
    record.clear();
    if file.take(HEADER_BYTES as u64).read_to_end(record)? == 0 {
        return Ok(false);
    }
    let length = record.last_chunk::<4>().context("a record is cut short")?;
    let length = u64::from(u32::from_be_bytes(*length));
    file.take(length).read_to_end(record)?;
    Ok(true)
}

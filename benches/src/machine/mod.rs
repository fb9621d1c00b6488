//! What the machine itself can do, measured in the same run and folder as everything that is compared with it.

mod disk;
mod processor;
mod system;

use std::time::Duration;

use anyhow::Result;
use soticket_schema::RecordView;

use crate::bench::Bench;
use crate::report::{Table, Value};
use crate::stats::per_second;

pub(crate) use processor::hashed_bytes;
pub(crate) use system::{cores, cpu_time, is_root, peak_bytes, reset_peak, resident_bytes, thread_cpu_time};

/// How long each limit is measured.
const LIMIT: Duration = Duration::from_millis(800);

/// The limits that results are compared with.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    /// Seconds of one insert into sled, flushed and synced: the floor of a single caller.
    pub(crate) sled_commit_seconds: f64,
    /// Synced writes of 4 KiB at the end of a file, per second.
    pub(crate) append_syncs: f64,
    /// Hashes of the workload's records per second, on one core.
    pub(crate) hashes: f64,
}

/// Measures and prints the limits; `record` is one of the workload's records.
pub(crate) fn measure(bench: &Bench, records: &[u8]) -> Result<(Limits, Table)> {
    let mut table = Table::new("machine", &["what", "value"]);
    describe(bench, &mut table)?;

    let (overwrites, took) = disk::overwrite(&bench.folder, LIMIT)?;
    table.row([Value::text("fdatasync/s, 4 KiB overwritten"), Value::Rate(per_second(overwrites, took))]);
    let (appends, took) = disk::append(&bench.folder, LIMIT)?;
    let append_syncs = per_second(appends, took);
    table.row([Value::text("fdatasync/s, 4 KiB appended"), Value::Rate(append_syncs)]);

    let record = RecordView::split(records)?.0.bytes;
    let (inserts, took) = disk::sled(&bench.folder, record, LIMIT)?;
    let sled_commits = per_second(inserts, took);
    table.row([Value::text("sled insert + flush + fdatasync /s"), Value::Rate(sled_commits)]);

    let cores = system::cores();
    let hashes = processor::hashes(records, 1, LIMIT)?;
    table.row([Value::text("BLAKE3 of the workload's records /s, one core"), Value::Rate(hashes)]);
    table.row([
        Value::text(format!("BLAKE3 of the workload's records /s, {cores} cores")),
        Value::Rate(processor::hashes(records, cores, LIMIT)?),
    ]);
    table.row([Value::text("bytes of a record (mean)"), Value::Ratio(processor::mean_bytes(records)?)]);
    table.row([
        Value::text("memory copy /s, one core"),
        Value::Bytes(processor::copy_bytes_per_second(LIMIT)),
    ]);
    Ok((Limits { sled_commit_seconds: 1.0 / sled_commits, append_syncs, hashes }, table))
}

fn describe(bench: &Bench, table: &mut Table) -> Result<()> {
    table.row([Value::text("processor"), Value::Text(system::processor())]);
    table.row([Value::text("cores"), Value::Count(system::cores() as u64)]);
    table.row([Value::text("memory"), Value::Bytes(system::memory_bytes())]);
    table.row([Value::text("kernel"), Value::Text(system::kernel())]);
    let kind = system::file_system(&bench.folder)?;
    table.row([Value::text("file system"), Value::text(&kind)]);
    table.row([Value::text("load average before"), Value::Text(system::load())]);
    if matches!(kind.as_str(), "tmpfs" | "ramfs" | "overlay") {
        let folder = bench.folder.display();
        table.note(format!(
            "WARNING: {folder} is on {kind}: syncing may cost nothing there and every durable figure"
        ));
        table
            .note("WARNING: below may be ten to a hundred times too good. Choose a real disk with --folder.");
    }
    Ok(())
}

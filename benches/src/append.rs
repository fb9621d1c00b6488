//! Durable append straight to the log, by batch size: what storage can take when nothing has to be decided.

use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use soticket_ledger::log::{Append, Head, Log, SledLog, SledOptions};
use soticket_schema::RecordView;

use crate::bench::Bench;
use crate::machine::Limits;
use crate::report::{Table, Value};
use crate::stats::{Latencies, per_second};
use crate::workload::{History, ORGANISATION, expect};

const BATCHES: [u32; 4] = [1, 10, 100, 1_000];
/// Events per second in batches of 1,000 that are aimed at.
const TARGET: f64 = 500_000.0;
/// Records that are made ready between two measured stretches.
const STRETCH: u64 = 200_000;

pub(crate) fn run(bench: &Bench, limits: &Limits) -> Result<Table> {
    let mut table = Table::new(
        "append: durable append to the log",
        &["records/commit", "events/s", "MiB/s", "commits/s", "p50", "p99", "disk/payload"],
    );
    let mut best = 0.0;
    for batch in BATCHES {
        let folder = bench.folder(&format!("append-{batch}"))?;
        let log = SledLog::open(&folder, &SledOptions::default())?;
        let run = append_for(bench, &log, batch)?;
        check(&log, run.events)?;
        drop(log);
        let rate = per_second(run.events, run.took);
        table.row([
            Value::Count(u64::from(batch)),
            Value::Rate(rate),
            Value::Ratio(per_second(run.bytes, run.took) / 1_048_576.0),
            Value::Rate(per_second(run.latencies.len(), run.took)),
            run.latencies.percentile(50.0),
            run.latencies.percentile(99.0),
            Value::Ratio(folder_bytes(&folder)? as f64 / run.bytes as f64),
        ]);
        std::fs::remove_dir_all(&folder)?;
        best = rate;
    }
    let limit = format!(
        "the machine does {:.0} synced appends/s and hashes {:.0} records/s on one core",
        limits.append_syncs, limits.hashes
    );
    table.target("500,000 events/s at 1,000 (stretch)", best >= TARGET, &limit);
    Ok(table)
}

struct Run {
    events: u64,
    bytes: u64,
    took: Duration,
    latencies: Latencies,
}

/// Only the commits are timed; the records are decided, encoded and linked between stretches.
fn append_for(bench: &Bench, log: &dyn Log, batch: u32) -> Result<Run> {
    let mut batches = Batches::new(bench.seed, batch)?;
    let mut run = Run { events: 0, bytes: 0, took: Duration::ZERO, latencies: Latencies::new()? };
    while run.took < bench.time {
        let ready = batches.take(if batch == 1 { STRETCH / 20 } else { STRETCH })?;
        for append in &ready {
            let start = Instant::now();
            log.commit(std::slice::from_ref(append))?;
            let took = start.elapsed();
            run.latencies.record(took);
            run.took += took;
            run.events += u64::from(append.count);
            run.bytes += append.records.len() as u64;
            if run.took >= bench.time {
                break;
            }
        }
    }
    Ok(run)
}

/// The workload's records, cut into appends of one size.
struct Batches {
    history: History,
    size: u32,
    open: Append,
}

impl Batches {
    fn new(seed: u64, size: u32) -> Result<Self> {
        let open = Append::onto(ORGANISATION, Head::genesis(ORGANISATION));
        Ok(Self { history: History::new(seed, 4_000_000)?, size, open })
    }

    fn take(&mut self, events: u64) -> Result<Vec<Append>> {
        let mut ready = Vec::new();
        let (size, open) = (self.size, &mut self.open);
        self.history.appends(events, |append| {
            let mut rest = append.records.as_slice();
            while !rest.is_empty() {
                let (record, after) = RecordView::split(rest)?;
                rest = after;
                open.push(record.envelope, record.payload)?;
                if open.count == size {
                    let next = Append::onto(ORGANISATION, open.next);
                    ready.push(std::mem::replace(open, next));
                }
            }
            Ok(())
        })?;
        Ok(ready)
    }
}

/// Reads everything back: as many records as were appended, each linked to the one before.
fn check(log: &dyn Log, events: u64) -> Result<()> {
    let (mut count, mut head, mut broken) = (0_u64, Head::genesis(ORGANISATION), None);
    log.read(ORGANISATION, 0, &mut |record| {
        if record.envelope.previous != head.hash {
            broken = Some(record.envelope.position);
            return ControlFlow::Break(());
        }
        head = Head::after(&record);
        count += 1;
        ControlFlow::Continue(())
    })?;
    if let Some(position) = broken {
        bail!("the record at {position} is not linked to the one before");
    }
    expect("records read back", count, events)?;
    expect("head", log.head(ORGANISATION), Some(head))
}

/// Bytes of every file below `folder`.
pub(crate) fn folder_bytes(folder: &std::path::Path) -> Result<u64> {
    let mut bytes = 0;
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        bytes +=
            if entry.file_type()?.is_dir() { folder_bytes(&entry.path())? } else { entry.metadata()?.len() };
    }
    Ok(bytes)
}

//! Cold verification and replay of a long log, whole and stage by stage, and how long opening takes.

mod stages;

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, ensure};
use soticket_ledger::Ledger;
use soticket_ledger::log::{Log, SledLog, SledOptions};
use soticket_ledger::verify::verify_log;
use soticket_projections::{Options, Projections};
use soticket_schema::Event;

use crate::agree;
use crate::bench::{Bench, open};
use crate::machine::{Limits, cpu_time};
use crate::report::{Table, Value, grouped};
use crate::stats::per_second;
use crate::workload::{History, ORGANISATION, Tally, expect};

/// Events per second, verified and replayed into all projections, that are aimed at.
const TARGET: f64 = 2_000_000.0;
/// Appends that are committed together while the log is made.
const APPENDS: usize = 16;

pub(crate) fn run(bench: &Bench, limits: &Limits) -> Result<Vec<Table>> {
    let folder = bench.folder("replay")?;
    let data = folder.join("data");
    let tally = fill(bench.seed, bench.events, &data)?;
    let name = format!("replay: a log of {} events from the workload", grouped(tally.events));
    let mut whole = Table::new(name, &["what", "took", "events/s", "cpu/event"]);
    let replayed = wholes(&data, &tally, &mut whole)?;
    let hashed = format!("hashing alone takes one core {:.2} us per event", 1e6 / limits.hashes);
    whole.target("2,000,000 events/s verified and replayed", replayed >= TARGET, &hashed);
    let stages = stages::run(&data, tally.events)?;
    std::fs::remove_dir_all(&folder)?;
    Ok(vec![whole, stages])
}

/// Makes the log, straight through the storage engine.
pub(crate) fn fill(seed: u64, events: u64, data: &Path) -> Result<Tally> {
    let log = SledLog::open(data, &SledOptions::default())?;
    let mut history = History::new(seed, events)?;
    let mut waiting = Vec::with_capacity(APPENDS);
    let events = history.appends(events, |append| {
        waiting.push(append);
        if waiting.len() == APPENDS {
            log.commit(&waiting)?;
            waiting.clear();
        }
        Ok(())
    })?;
    log.commit(&waiting)?;
    expect("events in the log", log.head(ORGANISATION).map(|head| head.length), Some(events))?;
    // The set-up's events are in the log, but the workload's own counts begin after it.
    Ok(Tally { events, ..history.tally().clone() })
}

/// What a user waits for: verification, opening, projections. Gives the rate of the projections' cold start.
fn wholes(data: &Path, tally: &Tally, table: &mut Table) -> Result<f64> {
    let mut timed = Timed { table, events: tally.events };
    let log = SledLog::open(data, &SledOptions::default())?;
    let report = timed.run("verify: links and hashes", || Ok(verify_log(&log, &|_| Ok(()), &mut |_| {})))?;
    ensure!(report.is_sound(), "the log is not sound: {report:?}");
    expect("records verified", report.records, tally.events)?;
    let canonical = timed.run("verify: payloads decoded and compared too", || {
        Ok(verify_log(
            &log,
            &|record| {
                let envelope = &record.envelope;
                let event = Event::decode_canonical(envelope.kind, envelope.version, record.payload);
                event.map(drop).map_err(|error| error.to_string())
            },
            &mut |_| {},
        ))
    })?;
    ensure!(canonical.is_sound(), "the log is not sound: {canonical:?}");
    drop(log);

    let ledger = timed.run("open the ledger, without a snapshot", || open(data))?;
    let snapshots = Options { snapshots: Some(data.join("projections")), ..Options::default() };
    let started = Instant::now();
    let projections = timed.run("verify + replay into all projections", || start(&ledger, &snapshots))?;
    let rate = per_second(tally.events, started.elapsed());
    projections.view(ORGANISATION, |views| agree::check(views, tally)).context("no views")??;
    timed.run("write the projections' snapshots", || {
        projections.close();
        Ok(())
    })?;
    drop(projections);
    timed.run("close the ledger, with a snapshot", || {
        ledger.close();
        Ok(())
    })?;
    drop(ledger);

    let ledger = timed.run("open the ledger again", || open(data))?;
    let projections = timed.run("start the projections again", || start(&ledger, &snapshots))?;
    projections.view(ORGANISATION, |views| agree::check(views, tally)).context("no views")??;
    projections.close();
    ledger.close();
    Ok(rate)
}

fn start(ledger: &Ledger, options: &Options) -> Result<std::sync::Arc<Projections>> {
    Projections::start(ledger.clone(), options.clone()).map_err(|error| anyhow!("{error}"))
}

/// Times one thing after the other into a table.
struct Timed<'a> {
    table: &'a mut Table,
    events: u64,
}

impl Timed<'_> {
    fn run<T>(&mut self, what: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
        let (start, cpu) = (Instant::now(), cpu_time());
        let result = work()?;
        let (took, cpu) = (start.elapsed(), cpu_time().saturating_sub(cpu));
        self.table.row([
            Value::text(what),
            Value::Time(took),
            Value::Rate(per_second(self.events, took)),
            Value::Time(Duration::from_nanos((cpu.as_nanos() as f64 / self.events as f64) as u64)),
        ]);
        Ok(result)
    }
}

//! Every stage of a replay alone, on one thread: so that the limit is visible.

use std::ops::ControlFlow;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use soticket_ledger::Entry;
use soticket_ledger::log::{Head, Log, SledLog, SledOptions};
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
use soticket_schema::{Event, Hash, RecordView};

use crate::machine::thread_cpu_time;
use crate::report::{Table, Value};
use crate::stats::per_second;
use crate::workload::{ORGANISATION, expect};

/// Entries that are decoded before the projections fold them.
const STEP: usize = 4_096;

pub(super) fn run(data: &Path, events: u64) -> Result<Table> {
    let mut table =
        Table::new("replay: each stage alone, on one thread", &["stage", "events/s", "cpu/event"]);
    let mut stage = |name: &str, clock: Clock| {
        table.row([
            Value::text(name),
            Value::Rate(per_second(events, clock.wall)),
            Value::Time(Duration::from_nanos((clock.cpu.as_nanos() as f64 / events as f64) as u64)),
        ]);
    };
    let log = SledLog::open(data, &SledOptions::default())?;
    stage("read", read(&log)?);
    stage("read, parse", walk(&log, events, |_| Ok(()))?);
    let mut head = Head::genesis(ORGANISATION).hash;
    stage("read, parse, hash and link", walk(&log, events, |record| link(record, &mut head))?);
    stage("read, parse, decode", walk(&log, events, decode)?);
    for (name, clock) in folds(&log)? {
        stage(name, clock);
    }
    Ok(table)
}

/// Time on the wall and on a processor.
#[derive(Debug, Clone, Copy, Default)]
struct Clock {
    wall: Duration,
    cpu: Duration,
}

impl Clock {
    fn time<T>(&mut self, work: impl FnOnce() -> T) -> T {
        let (wall, cpu) = (Instant::now(), thread_cpu_time());
        let result = work();
        self.wall += wall.elapsed();
        self.cpu += thread_cpu_time().saturating_sub(cpu);
        result
    }
}

fn read(log: &SledLog) -> Result<Clock> {
    let mut clock = Clock::default();
    let mut bytes = 0;
    clock.time(|| {
        log.read_runs(ORGANISATION, 0, &mut |run| {
            bytes += run.records.len();
            ControlFlow::Continue(())
        })
    })?;
    expect("something was read", bytes > 0, true)?;
    Ok(clock)
}

fn walk(log: &SledLog, events: u64, mut visit: impl FnMut(&RecordView<'_>) -> Result<()>) -> Result<Clock> {
    let mut clock = Clock::default();
    let (mut count, mut failed) = (0, Ok(()));
    clock.time(|| {
        log.read(ORGANISATION, 0, &mut |record| {
            count += 1;
            failed = visit(&record);
            if failed.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        })
    })?;
    failed?;
    expect("events read", count, events)?;
    Ok(clock)
}

fn link(record: &RecordView<'_>, head: &mut Hash) -> Result<()> {
    if record.envelope.previous != *head {
        bail!("the record at {} is not linked", record.envelope.position);
    }
    *head = record.hash();
    Ok(())
}

fn decode(record: &RecordView<'_>) -> Result<()> {
    let envelope = &record.envelope;
    let event = Event::decode(envelope.kind, envelope.version, record.payload)?;
    drop(std::hint::black_box(event));
    Ok(())
}

/// Folds every projection alone over the same entries, and says what decoding and freeing them took.
fn folds(log: &SledLog) -> Result<Vec<(&'static str, Clock)>> {
    let mut folders: Vec<Box<dyn Folder>> = vec![
        Box::new(Alone::<Catalogue>::default()),
        Box::new(Alone::<Orders>::default()),
        Box::new(Alone::<Availability>::default()),
        Box::new(Alone::<Settlement>::default()),
        Box::new(Alone::<Sales>::default()),
        Box::new(Alone::<Attendance>::default()),
        Box::new(Alone::<Customers>::default()),
        Box::new(Alone::<Rights>::default()),
        Box::new(Alone::<ShowIndex>::default()),
    ];
    let mut step = Vec::with_capacity(STEP);
    let mut failed = Ok(());
    log.read(ORGANISATION, 0, &mut |record| {
        match Entry::read(&record) {
            Ok(entry) => step.push(entry),
            Err(error) => {
                failed = Err(error);
                return ControlFlow::Break(());
            }
        }
        if step.len() == STEP {
            folders.iter_mut().for_each(|folder| folder.fold(&step));
            step.clear();
        }
        ControlFlow::Continue(())
    })?;
    failed?;
    folders.iter_mut().for_each(|folder| folder.fold(&step));
    let mut clocks: Vec<_> = folders.iter().map(|folder| folder.result()).collect();
    let all = clocks.iter().fold(Clock::default(), |sum, (_, clock)| Clock {
        wall: sum.wall + clock.wall,
        cpu: sum.cpu + clock.cpu,
    });
    clocks.push(("fold: all of them", all));
    Ok(clocks)
}

trait Folder {
    fn fold(&mut self, entries: &[Entry]);
    fn result(&self) -> (&'static str, Clock);
}

#[derive(Default)]
struct Alone<P> {
    projection: P,
    clock: Clock,
}

impl<P: Projection> Folder for Alone<P> {
    fn fold(&mut self, entries: &[Entry]) {
        let projection = &mut self.projection;
        self.clock.time(|| entries.iter().for_each(|entry| projection.fold(entry)));
    }

    fn result(&self) -> (&'static str, Clock) {
        (P::NAME, self.clock)
    }
}

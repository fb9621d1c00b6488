//! Group commit through the ledger: commands decided, made durable and answered, by number of concurrent callers.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow};
use soticket_ledger::{Ledger, Receipt};
use soticket_schema::{Command, Event};
use tokio::runtime::Runtime;

use crate::bench::{Bench, open};
use crate::machine::{Limits, cpu_time};
use crate::report::{Table, Value};
use crate::stats::{Latencies, per_second};
use crate::workload::{Buyer, ORGANISATION, Random, Sale, Sink, Size, World, expect};

const CALLERS: [u64; 4] = [1, 16, 64, 256];
/// Single-sale commands per second from 256 callers that are aimed at.
const TARGET: f64 = 100_000.0;

/// What every caller sells.
#[derive(Debug, Clone, Copy)]
struct Kind {
    name: &'static str,
    tickets: usize,
    named: bool,
}

const KINDS: [Kind; 3] = [
    Kind { name: "1 ticket", tickets: 1, named: false },
    Kind { name: "2 tickets", tickets: 2, named: false },
    Kind { name: "2 tickets, new buyer", tickets: 2, named: true },
];

pub(crate) fn run(bench: &Bench, limits: &Limits) -> Result<Table> {
    let mut table = Table::new(
        "commit: sales through the ledger, each paid at once and durable before its answer",
        &["sale", "callers", "commands/s", "events/s", "p50", "p99", "p99.9", "mean batch", "cpu/command"],
    );
    let runtime = Runtime::new()?;
    let (mut single, mut grouped) = (0.0, 0.0);
    for kind in KINDS {
        for callers in CALLERS {
            let folder = bench.folder("commit")?;
            let done = measure(bench, &runtime, &folder, kind, callers)?;
            std::fs::remove_dir_all(&folder)?;
            let rate = per_second(done.latencies.len(), done.took);
            table.row([
                Value::text(kind.name),
                Value::Count(callers),
                Value::Rate(rate),
                Value::Rate(per_second(done.events, done.took)),
                done.latencies.percentile(50.0),
                done.latencies.percentile(99.0),
                done.latencies.percentile(99.9),
                Value::Ratio(done.latencies.len() as f64 / done.batches.max(1) as f64),
                Value::Time(done.cpu.div_f64(done.latencies.len().max(1) as f64)),
            ]);
            match (kind.tickets, callers) {
                (1, 1) => single = rate,
                (1, 256) => grouped = rate,
                _ => {}
            }
        }
    }
    let floor = 1.0 / limits.sled_commit_seconds;
    table.target(
        "100,000 single-sale commands/s from 256 callers",
        grouped >= TARGET,
        "the callers share the cores with the writer",
    );
    table.target(
        "one caller within 2x of sled insert + flush + fdatasync",
        single * 2.0 >= floor,
        &format!("the machine does {floor:.0}/s, {:.2}x of one caller", floor / single),
    );
    Ok(table)
}

struct Done {
    latencies: Latencies,
    events: u64,
    batches: u64,
    took: Duration,
    /// Processor time of callers and ledger together.
    cpu: Duration,
}

fn measure(
    bench: &Bench,
    runtime: &Runtime,
    folder: &std::path::Path,
    kind: Kind,
    callers: u64,
) -> Result<Done> {
    let ledger = open(folder)?;
    let world = Arc::new(World::build(&mut LedgerSink(&ledger), Size::endless())?);
    let set_up = ledger.head(ORGANISATION).context("nothing was set up")?.length;
    let batches = ledger.listen();
    let counting = std::thread::spawn(move || batches.iter().count() as u64);

    let (start, cpu) = (Instant::now(), cpu_time());
    let (until, seed) = (start + bench.time, bench.seed);
    let calling: Vec<_> = (0..callers)
        .map(|number| {
            let caller = Caller { ledger: ledger.clone(), world: Arc::clone(&world), kind, number, seed };
            runtime.spawn(caller.call_until(until))
        })
        .collect();
    let mut latencies = Latencies::new()?;
    let mut places = Vec::new();
    for call in calling {
        let called = runtime.block_on(call)??;
        latencies.add(&called.latencies)?;
        places.extend(called.places);
    }
    let (took, cpu) = (start.elapsed(), cpu_time().saturating_sub(cpu));
    let length = ledger.head(ORGANISATION).context("the log is gone")?.length;
    check(places, set_up, length)?;
    ledger.close();
    drop(ledger);
    let batches = counting.join().map_err(|_| anyhow!("the listener ended by a panic"))?;
    Ok(Done { latencies, events: length - set_up, batches, took, cpu })
}

/// The receipts together name every position since the set-up exactly once.
fn check(mut places: Vec<(u64, u64)>, from: u64, to: u64) -> Result<()> {
    places.sort_unstable();
    let end = places.iter().try_fold(from, |next, &(first, count)| {
        expect("first position of a receipt", first, next)?;
        anyhow::Ok(next + count)
    })?;
    expect("end of the log", to, end)
}

/// One caller: asks, waits for the receipt, asks again.
struct Caller {
    ledger: Ledger,
    world: Arc<World>,
    kind: Kind,
    number: u64,
    seed: u64,
}

struct Called {
    latencies: Latencies,
    /// First position and number of events of every receipt.
    places: Vec<(u64, u64)>,
}

impl Caller {
    async fn call_until(self, until: Instant) -> Result<Called> {
        let mut random = Random::new(self.seed ^ (self.number << 32));
        let mut called = Called { latencies: Latencies::new()?, places: Vec::new() };
        for count in 0.. {
            let buyer =
                if self.kind.named { Buyer::Named(self.number << 24 | count) } else { Buyer::Anonymous };
            let sale = Sale { show: random.choose(&self.world.shows), tickets: self.kind.tickets, buyer };
            let command = sale.command(&self.world, &mut random, format!("caller-{}-{count}", self.number));
            let start = Instant::now();
            if start >= until {
                break;
            }
            let receipt = self.ledger.submit(command).await?;
            called.latencies.record(start.elapsed());
            called.places.push(self.check(&receipt)?);
        }
        Ok(called)
    }

    /// The receipt is of a new order with its payment, one behind the other.
    fn check(&self, receipt: &Receipt) -> Result<(u64, u64)> {
        let entries = receipt.entries();
        let [order, payment] = entries else { anyhow::bail!("a sale gave {} events", entries.len()) };
        let tickets = match (&order.event, &payment.event) {
            (Event::OrderPlaced(order), Event::PaymentRecorded(_)) => order.lines.tickets.len(),
            _ => 0,
        };
        expect("tickets of an order", tickets, self.kind.tickets)?;
        expect("replayed", receipt.replayed, false)?;
        expect("position of a payment", payment.envelope.position, order.envelope.position + 1)?;
        Ok((order.envelope.position, 2))
    }
}

/// A ledger that the workload is set up in.
pub(crate) struct LedgerSink<'a>(pub(crate) &'a Ledger);

impl Sink for LedgerSink<'_> {
    fn submit(&mut self, command: Command) -> Result<Vec<Event>> {
        let receipt = self.0.submit_blocking(command)?;
        Ok(receipt.entries().iter().map(|entry| entry.event.clone()).collect())
    }
}

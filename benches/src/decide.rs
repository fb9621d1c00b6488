//! How long a decision takes in a large season, and what a ticket takes in memory: no vault, no disk, no queue.

use std::collections::BTreeMap;
use std::time::Instant;

use anyhow::Result;

use crate::bench::Bench;
use crate::report::{Table, Value};
use crate::stats::{Latencies, rate};
use crate::workload::{Mix, Recorder, Sink, Size, World};

/// Shows of the season.
const SHOWS: usize = 1_000;
/// Tickets that are in memory before anything is measured, for each of the tickets that the memory is measured of.
const TICKETS_FACTOR: u64 = 2;
/// Decisions that are measured.
const MEASURED: u64 = 300_000;

/// Fills a season of 1,000 shows, then measures decisions on it by kind of command.
pub(crate) fn run(bench: &Bench) -> Result<Table> {
    let tickets = bench.tickets * TICKETS_FACTOR;
    let mut recorder = Recorder::new(bench.seed);
    let show_tickets = tickets / SHOWS as u64;
    let places = u32::try_from(show_tickets * 2)?.max(100);
    let world = World::build(&mut recorder, Size { shows: SHOWS, zone_places: places, show_tickets })?;
    let mut mix = Mix::new(world, bench.seed);
    let started = Instant::now();
    let mut commands = 0_u64;
    while mix.tally().total().issued < tickets {
        step(&mut mix, &mut recorder)?;
        commands += 1;
    }
    let filled = rate(commands, started);

    let mut kinds: BTreeMap<&'static str, Latencies> = BTreeMap::new();
    let mut all = Latencies::new()?;
    for _ in 0..MEASURED {
        let kind = step(&mut mix, &mut recorder)?;
        let latency = recorder.last_decision();
        all.record(latency);
        match kinds.get_mut(kind) {
            Some(latencies) => latencies.record(latency),
            None => {
                let mut latencies = Latencies::new()?;
                latencies.record(latency);
                kinds.insert(kind, latencies);
            }
        }
    }
    let mut table = Table::new("decide", &["first event", "decisions", "p50", "p99", "p99.9", "max"]);
    for (kind, latencies) in kinds.iter().chain(std::iter::once((&"all", &all))) {
        let at = |percent| latencies.percentile(percent);
        let count = Value::Count(latencies.len());
        table.row([Value::text(*kind), count, at(50.0), at(99.0), at(99.9), at(100.0)]);
    }
    let live = mix.tally().total().issued;
    let bytes = recorder.state().sales_bytes();
    table.note(format!(
        "{SHOWS} shows, {live} tickets; orders, tickets and codes take {:.0} bytes/ticket; filled at {filled:.0} commands/s \
         with encoding and linking",
        bytes as f64 / live as f64,
    ));
    Ok(table)
}

/// One more command; the kind of its first event.
fn step(mix: &mut Mix, recorder: &mut Recorder) -> Result<&'static str> {
    let events = recorder.submit(mix.command())?;
    mix.observe(&events);
    drop(recorder.take_full());
    Ok(events.first().map_or("none", soticket_schema::Event::name))
}

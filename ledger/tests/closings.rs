//! Closings of a whole ledger: days missed while nothing ran, several callers at once, restarts.
#![expect(clippy::unwrap_used, reason = "tests")]

#[path = "support/adder.rs"]
mod adder;
#[path = "support/venue.rs"]
#[allow(dead_code, reason = "other tests use the rest")]
mod venue;

use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use soticket_ledger::{Entry, Ledger, Options, close_due_days};
use soticket_schema::command::{ClosePeriod, CommandBody};
use soticket_schema::event::v1::{Period, PeriodClosed};
use soticket_schema::ids::OrganisationId;
use soticket_schema::{CommercialDay, Event, Timestamp};
use venue::{DAY, NOW, Venue, command};

const ORGANISATION: OrganisationId = OrganisationId([5; 16]);

fn clock(shown: &Arc<AtomicI64>) -> soticket_ledger::clock::Clock {
    let shown = Arc::clone(shown);
    Arc::new(move || Timestamp(shown.load(Ordering::Relaxed)))
}

fn entries(ledger: &Ledger) -> Vec<Entry> {
    let mut entries = Vec::new();
    let mut take = |entry| {
        entries.push(entry);
        ControlFlow::Continue(())
    };
    ledger.read(ORGANISATION, 0, &mut take).unwrap();
    entries
}

#[track_caller]
fn reconcile(ledger: &Ledger) -> usize {
    let entries = entries(ledger);
    let record = |entry: &Entry| (entry.envelope.recorded_at, entry.envelope.occurred_at);
    let records = entries.iter().map(|entry| {
        let (recorded, occurred) = record(entry);
        (recorded, occurred, &entry.event)
    });
    adder::reconcile(records).0
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap().block_on(future)
}

/// Days, months and years of the closings made.
fn counts(closings: &[PeriodClosed]) -> [usize; 3] {
    Period::ALL.map(|period| closings.iter().filter(|closing| closing.period == period).count())
}

#[test]
fn days_that_were_missed_close_in_order_on_start() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let shown = Arc::new(AtomicI64::new(NOW.0));
    let open = || Ledger::open(&data, Options { clock: clock(&shown), ..Options::default() }).unwrap();
    let ledger = open();
    let venue = Venue::open(&ledger, ORGANISATION, 100, 50, 50);
    ledger.submit_blocking(venue.sale("sale 1", venue.web, 2, "")).unwrap();
    shown.fetch_add(2 * DAY, Ordering::Relaxed);
    ledger.submit_blocking(venue.sale("sale 2", venue.web, 1, "")).unwrap();
    ledger.close();
    drop(ledger);

    // NOW is 8 March 2026; the service is started again on 2 February 2027.
    shown.store(NOW.0 + 331 * DAY, Ordering::Relaxed);
    let ledger = open();
    let closings = block_on(close_due_days(&ledger, ORGANISATION)).unwrap();
    assert_eq!(counts(&closings), [331, 11, 1]);
    assert!(closings.windows(2).all(|pair| pair[0].until <= pair[1].until), "in order");
    assert_eq!(closings.iter().map(|closing| closing.orders).take(3).collect::<Vec<_>>(), [1, 0, 1]);
    assert_eq!(reconcile(&ledger), closings.len());
    assert_eq!(block_on(close_due_days(&ledger, ORGANISATION)), Ok(Vec::new()), "nothing is left to do");
    ledger.close();
    drop(ledger);

    // What the state knows of closings is there after a restart.
    shown.fetch_add(DAY, Ordering::Relaxed);
    let ledger = open();
    let next = block_on(close_due_days(&ledger, ORGANISATION)).unwrap();
    assert_eq!(next.iter().map(|closing| closing.number).collect::<Vec<_>>(), [332]);
    assert_eq!(reconcile(&ledger), closings.len() + 1);
}

#[test]
fn callers_at_once_make_one_closing_of_each_day() {
    let shown = Arc::new(AtomicI64::new(NOW.0));
    let ledger = Ledger::in_memory(clock(&shown)).unwrap();
    let venue = Venue::open(&ledger, ORGANISATION, 100, 50, 50);
    ledger.submit_blocking(venue.sale("sale", venue.desk, 1, "")).unwrap();
    for round in 1..=20_i32 {
        shown.store(NOW.0 + i64::from(round) * DAY, Ordering::Relaxed);
        let day = CommercialDay::parse("2026-03-08").unwrap();
        let day = CommercialDay(day.0 + round - 1);
        let made = block_on(async {
            let timers = (0..4).map(|_| {
                let ledger = ledger.clone();
                tokio::spawn(async move { close_due_days(&ledger, ORGANISATION).await.unwrap().len() })
            });
            let hands = (0..4).map(|hand| {
                let ledger = ledger.clone();
                let body = CommandBody::ClosePeriod(ClosePeriod { period: Period::Day, day });
                let command = command(ORGANISATION, format!("hand {hand} of {round}"), body);
                tokio::spawn(async move {
                    ledger.submit(command).await.map_or(0, |receipt| receipt.entries().len())
                })
            });
            let mut made = 0;
            for task in timers.chain(hands).collect::<Vec<_>>() {
                made += task.await.unwrap();
            }
            made
        });
        assert_eq!(made, 1, "round {round}");
    }
    let closings: Vec<_> = entries(&ledger)
        .into_iter()
        .filter_map(|entry| match entry.event {
            Event::PeriodClosed(closing) => Some(closing.number),
            _ => None,
        })
        .collect();
    assert_eq!(closings, (1..=20).collect::<Vec<_>>());
    assert_eq!(reconcile(&ledger), 20);
}

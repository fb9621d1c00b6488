//! The workload is what it says, and the same seed gives the same bytes.

use soticket_ledger::log::Head;
use soticket_schema::{Event, RecordView};

use super::{History, ORGANISATION};

#[test]
fn the_same_seed_gives_the_same_records_and_another_seed_others() {
    let records = |seed| History::records(seed, 3_000).unwrap();
    assert_eq!(records(1), records(1));
    assert_ne!(records(1), records(2));
}

#[test]
fn records_are_linked_and_decode() {
    let records = History::records(1, 3_000).unwrap();
    let (mut rest, mut head) = (records.as_slice(), Head::genesis(ORGANISATION));
    while !rest.is_empty() {
        let (record, after) = RecordView::split(rest).unwrap();
        let envelope = record.envelope;
        assert_eq!((envelope.position, envelope.previous), (head.length, head.hash));
        Event::decode_canonical(envelope.kind, envelope.version, record.payload).unwrap();
        head = Head::after(&record);
        rest = after;
    }
    assert!(head.length >= 3_000);
}

#[test]
fn the_mixture_is_70_sales_25_scans_5_others() {
    let mut history = History::new(1, 20_000).unwrap();
    let events = history.appends(20_000, |_| Ok(())).unwrap();
    let tally = history.tally();
    let total = tally.total();
    assert_eq!(total.issued, tally.orders * 2);
    let commands = tally.commands as f64;
    let within = |count: u64, share: f64| (count as f64 / commands - share).abs() < 0.01;
    assert!(within(tally.orders, 0.70), "{} orders of {} commands", tally.orders, tally.commands);
    assert!(within(tally.scans, 0.25), "{} scans of {} commands", tally.scans, tally.commands);
    assert!(total.cancelled > 0 && total.held > 0 && total.entered > 0 && tally.buyers > 0, "{tally:?}");
    assert!(tally.returned > soticket_schema::Amount::ZERO && tally.paid > tally.returned);
    assert!(tally.events < events, "the set-up is not counted");
}

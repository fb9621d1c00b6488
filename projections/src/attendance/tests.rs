//! Given scans in any order, then who came.

use proptest::prelude::*;
use soticket_schema::event::v1::*;
use soticket_schema::*;

use super::*;
use crate::testing::venue::{self, scan};
use crate::testing::{LogBuilder, at, cancellation, line, order};

const SHOW: ShowId = ShowId(1);

fn begun() -> LogBuilder {
    let mut log = LogBuilder::default();
    venue::open(&mut log, Rounding::Document, at("2026-01-01T12:00:00+01:00"));
    log
}

/// So many seconds after the doors.
fn door(seconds: i64) -> Timestamp {
    Timestamp(at("2026-03-14T19:30:00+01:00").0 + seconds * 1_000_000)
}

fn sell(log: &mut LogBuilder, tickets: std::ops::Range<u64>, show: u64) {
    for ticket in tickets {
        log.push(door(-9_000), order(ticket, 1, vec![line(ticket, show, 1, 10, ticket, "24.00")]));
    }
}

fn kinds(attendance: &ShowAttendance) -> Vec<AnomalyKind> {
    attendance.anomalies.iter().map(|anomaly| anomaly.kind).collect()
}

#[test]
fn people_come_leave_and_come_back() {
    let mut log = begun();
    sell(&mut log, 1..6, 1);
    let exit = |ticket, nonce| TicketScanned { direction: Direction::Exit, ..scan(1, ticket, nonce) };
    log.push(door(0), scan(1, 1, 1));
    log.push(door(60), scan(1, 2, 2));
    log.push(door(120), exit(1, 3));
    log.push(door(1_000), TicketScanned { gate: GateId(2), ..scan(1, 3, 4) });
    log.push(door(1_001), scan(1, 1, 5));
    log.push(door(1_002), exit(4, 6));
    log.push(door(1_003), scan(1, 1, 7));
    let attendance = log.fold::<Attendance>().show(SHOW).unwrap();
    assert_eq!((attendance.valid, attendance.scanned, attendance.no_show), (5, 3, 2));
    assert_eq!((attendance.present, attendance.peak, attendance.peak_at), (3, 3, Some(door(1_001))));
    assert_eq!(kinds(&attendance), [AnomalyKind::ExitWithoutEntry, AnomalyKind::SecondEntry]);
    let gates: Vec<_> = attendance.gates.iter().map(|gate| (gate.gate.0, gate.entries, gate.exits)).collect();
    assert_eq!(gates, [(1, 3, 1), (2, 1, 0)]);
    let buckets: Vec<_> =
        attendance.per_bucket(15).iter().map(|bucket| (bucket.from, bucket.gate.0, bucket.entries)).collect();
    assert_eq!(buckets, [(door(0), 1, 2), (door(900), 1, 1), (door(900), 2, 1)]);
}

#[test]
fn what_is_not_in_order_is_named() {
    let refused = |ticket, nonce| TicketScanned { decision: GateDecision::Refused, ..scan(1, ticket, nonce) };
    let cancel = |ticket| TicketsCancelled { cancellation: cancellation(ticket, &[(ticket, 1, true)]) };
    let mut log = begun();
    sell(&mut log, 1..4, 1);
    sell(&mut log, 4..5, 2);
    log.push(door(-5), cancel(1)).push(door(0), scan(1, 1, 1));
    log.push(door(1), refused(2, 2)).push(door(2), scan(1, 2, 3)).push(door(3), refused(2, 4));
    log.push(door(4), scan(1, 4, 5)).push(door(5), scan(1, 77, 6));
    // Cancelled after the entry: the entry stands, the ticket is no longer valid.
    log.push(door(6), scan(1, 3, 7)).push(door(7), cancel(3));
    let attendance = log.fold::<Attendance>().show(SHOW).unwrap();
    assert_eq!(
        kinds(&attendance),
        [
            AnomalyKind::CancelledTicket,
            AnomalyKind::Refused,
            AnomalyKind::AdmittedAfterRefusal,
            AnomalyKind::SecondEntry,
            AnomalyKind::WrongShow,
            AnomalyKind::UnknownCode,
        ]
    );
    assert_eq!(attendance.anomalies[4].other_show, Some(ShowId(2)));
    assert_eq!((attendance.valid, attendance.scanned, attendance.no_show), (1, 2, 0));
}

#[test]
fn a_late_report_makes_an_unknown_code_known() {
    let mut log = begun();
    log.push(door(0), scan(1, 9, 1));
    let mut attendance: Attendance = log.fold();
    assert_eq!(kinds(&attendance.show(SHOW).unwrap()), [AnomalyKind::UnknownCode]);
    // First another show's network reports the code, then this one's: what was kept is worked out again.
    for (show, expected) in [(2, vec![AnomalyKind::WrongShow]), (1, vec![])] {
        let ticket = 90 + show;
        let mut lines = order(ticket, 3, vec![line(ticket, show, 1, 10, 1, "24.00")]).lines;
        lines.tickets[0].codes[0].hash = crate::testing::code(9);
        log.push(
            door(9_999),
            ExternalSaleReported { source: ReportSource::Network, lines, flags: Vec::new() },
        );
        attendance.fold(log.entries.last().unwrap());
        assert_eq!(kinds(&attendance.show(SHOW).unwrap()), expected);
    }
    assert_eq!(attendance.show(SHOW).unwrap().scanned, 1);
}

#[test]
fn a_scan_uploaded_twice_counts_once() {
    let mut log = begun();
    sell(&mut log, 1..2, 1);
    log.push(door(0), scan(1, 1, 1)).push(door(0), scan(1, 1, 1));
    let attendance = log.fold::<Attendance>().show(SHOW).unwrap();
    assert_eq!((attendance.scans, attendance.anomalies.len()), (1, 0));
}

/// Scans and late sales over few tickets, devices and seconds, so that they meet.
fn facts() -> impl Strategy<Value = Vec<(Timestamp, Event)>> {
    let scans = (0_u64..9, 0_i64..6, 0_u64..4, 0_u32..3, any::<[bool; 3]>()).prop_map(
        |(ticket, seconds, nonce, device, [exit, refused, offline])| {
            let scan = TicketScanned {
                device: ActorId(device),
                direction: if exit { Direction::Exit } else { Direction::Entry },
                decision: if refused { GateDecision::Refused } else { GateDecision::Admitted },
                offline,
                ..scan(1, ticket, nonce)
            };
            (door(seconds), Event::from(scan))
        },
    );
    let sales = (20_u64..26, 1_u64..3, 0_u64..9).prop_map(|(ticket, show, code)| {
        // One show per ticket number, as in any log.
        let number = ticket * 10 + show;
        let mut lines = order(number, 3, vec![line(number, show, 1, 10, 1, "24.00")]).lines;
        lines.tickets[0].codes[0].hash = crate::testing::code(code);
        let own = TicketCode { hash: crate::testing::code(number), ..lines.tickets[0].codes[0] };
        lines.tickets[0].codes.push(own);
        let report = ExternalSaleReported { source: ReportSource::Network, lines, flags: Vec::new() };
        (door(50), Event::from(report))
    });
    // A number is one ticket: a second report of it with another code would be another log.
    prop::collection::vec(prop_oneof![3 => scans, 1 => sales], 1..40).prop_map(|facts| {
        let mut seen = std::collections::BTreeSet::new();
        let first = |fact: &(Timestamp, Event)| match &fact.1 {
            Event::ExternalSaleReported(event) => seen.insert(event.lines.order),
            _ => true,
        };
        facts.into_iter().filter(first).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]
    #[test]
    fn the_order_of_upload_changes_nothing(
        (facts, shuffled) in facts().prop_flat_map(|facts| (Just(facts.clone()), Just(facts).prop_shuffle()))
    ) {
        let fold = |facts: Vec<(Timestamp, Event)>, look_between: bool| {
            let mut log = begun();
            sell(&mut log, 1..5, 1);
            log.push(door(2), TicketsCancelled { cancellation: cancellation(3, &[(3, 1, true)]) });
            let mut attendance: Attendance = log.fold();
            for (at, event) in facts {
                log.push(at, event);
                attendance.fold(log.entries.last().unwrap());
                // Looking in between must not freeze what is not final.
                if look_between {
                    let _ = attendance.show(SHOW);
                }
            }
            attendance.show(SHOW).unwrap()
        };
        prop_assert_eq!(fold(facts, false), fold(shuffled, true));
    }
}

#[test]
fn nobody_is_admitted_to_a_show_that_was_called_off() {
    let mut log = begun();
    sell(&mut log, 1..4, 1);
    log.push(door(0), scan(1, 1, 1));
    log.push(door(100), ShowCancelled { show: SHOW });
    // Uploaded late: one scan was before, one after.
    log.push(door(99), scan(1, 2, 2));
    log.push(door(101), scan(1, 3, 3));
    let attendance = log.fold::<Attendance>().show(SHOW).unwrap();
    assert_eq!((attendance.valid, attendance.scanned, attendance.no_show), (0, 2, 0));
    assert_eq!(kinds(&attendance), [AnomalyKind::CancelledTicket]);
}

//! Given rules for entry and scans, then what the gates must know and what was not in order.

use proptest::prelude::*;
use soticket_schema::event::v1::*;
use soticket_schema::*;

use super::*;
use crate::testing::venue::{self, scan};
use crate::testing::{LogBuilder, at, cancellation, line, order};

const SHOW: ShowId = ShowId(1);
const FREE: ZoneId = ZoneId(1);
const SEATS: ZoneId = ZoneId(2);
const RULES: EntryRules = soticket_ledger::admission::DEFAULT_RULES;

/// So many seconds after the doors.
fn door(seconds: i64) -> Timestamp {
    Timestamp(at("2026-03-14T19:30:00+01:00").0 + seconds * 1_000_000)
}

/// Tickets 1 to `tickets` of show 1, in the zone of free seating.
fn sold(tickets: u64) -> LogBuilder {
    let mut log = LogBuilder::default();
    venue::open(&mut log, Rounding::Document, at("2026-01-01T12:00:00+01:00"));
    for ticket in 1..=tickets {
        log.push(door(-9_000), order(ticket, 1, vec![line(ticket, 1, FREE.0, 10, ticket, "24.00")]));
    }
    log
}

fn rules(show: Option<u64>, rules: EntryRules) -> Event {
    EntryRulesSet { show: show.map(ShowId), rules }.into()
}

fn zones(show: Option<u64>, zones: &[ZoneId]) -> Event {
    GateZonesSet { gate: GateId(1), show: show.map(ShowId), zones: zones.to_vec() }.into()
}

fn exit(ticket: u64, nonce: u64) -> TicketScanned {
    TicketScanned { direction: Direction::Exit, ..scan(1, ticket, nonce) }
}

fn told(log: &LogBuilder) -> Vec<(AnomalyKind, u64)> {
    let attendance = log.fold::<Attendance>().show(SHOW).unwrap();
    attendance.anomalies.iter().map(|anomaly| (anomaly.kind, anomaly.nonce)).collect()
}

#[test]
fn a_scan_is_judged_by_the_rules_of_its_moment() {
    let mut log = sold(3);
    log.push(door(-100), zones(None, &[SEATS])).push(door(0), scan(1, 1, 1));
    // The show's own zones go before those for all shows.
    log.push(door(10), zones(Some(1), &[FREE])).push(door(10), scan(1, 2, 2));
    log.push(door(20), zones(Some(1), &[])).push(door(30), scan(1, 3, 3));
    // A rule that comes late says nothing about what was before.
    log.push(door(40), zones(Some(1), &[SEATS])).push(door(9), exit(1, 4)).push(door(9), scan(1, 1, 5));
    assert_eq!(told(&log), [(AnomalyKind::WrongZone, 1), (AnomalyKind::WrongZone, 5)]);
    let attendance = log.fold::<Attendance>().show(SHOW).unwrap();
    assert_eq!((attendance.scanned, attendance.present), (3, 3), "whoever was let in is inside");
}

#[test]
fn scanning_has_a_window() {
    let mut log = sold(4);
    log.push(door(-3_601), scan(1, 1, 1)).push(door(-3_600), scan(1, 2, 2));
    assert_eq!(told(&log), [(AnomalyKind::OutsideWindow, 1)]);
    log.push(door(-4_000), rules(None, EntryRules { lead_minutes: 120, ..RULES }));
    assert_eq!(told(&log), []);
    let own = EntryRules { from: Some(door(-5)), until: Some(door(5)), ..RULES };
    log.push(door(-4_000), rules(Some(1), own)).push(door(6), scan(1, 3, 3)).push(door(7), exit(3, 4));
    let outside = AnomalyKind::OutsideWindow;
    assert_eq!(told(&log), [(outside, 1), (outside, 2), (outside, 3)], "an exit is never late");
}

#[test]
fn a_ticket_enters_as_often_as_the_rules_let_it() {
    let with = |re_entry, passback_seconds| {
        let mut log = sold(1);
        log.push(door(-9), rules(Some(1), EntryRules { re_entry, passback_seconds, ..RULES }));
        log.push(door(0), scan(1, 1, 1)).push(door(10), scan(1, 1, 2));
        log.push(door(20), exit(1, 3)).push(door(30), scan(1, 1, 4));
        let entries = log.fold::<Attendance>().show(SHOW).unwrap().gates[0].entries;
        (told(&log), entries)
    };
    let second = (AnomalyKind::SecondEntry, 2);
    assert_eq!(with(ReEntry::AfterExit, 0), (vec![second], 2));
    assert_eq!(with(ReEntry::AfterExit, 31), (vec![second, (AnomalyKind::EnteredTooSoon, 4)], 2));
    assert_eq!(with(ReEntry::Never, 0), (vec![second, (AnomalyKind::EnteredAgain, 4)], 2));
    assert_eq!(with(ReEntry::Free, 0), (vec![], 3));
    assert_eq!(with(ReEntry::Free, 11), (vec![(AnomalyKind::EnteredTooSoon, 2)], 3));
}

#[test]
fn a_refusal_with_a_reason_is_no_complaint_about_the_gate() {
    let mut log = sold(2);
    let refused = |ticket, nonce| TicketScanned { decision: GateDecision::Refused, ..scan(1, ticket, nonce) };
    log.push(door(-9), zones(Some(1), &[SEATS])).push(door(0), refused(1, 1));
    log.push(door(5), zones(Some(1), &[])).push(door(6), scan(1, 1, 2)).push(door(7), refused(2, 3));
    assert_eq!(told(&log), [(AnomalyKind::WrongZone, 1), (AnomalyKind::Refused, 3)]);
}

#[test]
fn a_ticket_that_was_handed_on_is_known_by_its_new_code() {
    let mut log = sold(1);
    let handed_on = TicketTransferred {
        ticket: TicketId(1),
        show: SHOW,
        order: OrderId(1),
        from: None,
        to: SubjectRef([4; 16]),
        code: TicketCode {
            hash: crate::testing::code(77),
            issuer: CodeIssuer::House,
            symbology: Symbology::Qr,
        },
    };
    log.push(door(0), scan(1, 1, 1)).push(door(1), exit(1, 2)).push(door(5), handed_on);
    log.push(door(6), scan(1, 1, 3)).push(door(7), scan(1, 77, 4)).push(door(4), exit(77, 5));
    // The exit was before: whatever is known of the ticket now.
    assert_eq!(told(&log), [(AnomalyKind::ExitWithoutEntry, 5), (AnomalyKind::ReplacedCode, 3)]);
    assert_eq!(log.fold::<Attendance>().show(SHOW).unwrap().present, 1);
}

fn listed(page: &WhitelistPage) -> Vec<(u64, bool, Option<bool>)> {
    let entries = page.entries.iter();
    entries.map(|entry| (entry.ticket.0, entry.valid, entry.presence.map(|at| at.inside))).collect()
}

#[test]
fn gates_are_told_what_they_do_not_know_yet() {
    let mut log = sold(5);
    let version = log.entries.len() as u64 - 1;
    let list = |log: &LogBuilder, since, after: Option<u64>, limit| {
        log.fold::<Attendance>().whitelist(SHOW, since, after.map(TicketId), limit).unwrap()
    };
    let page = list(&log, None, None, 3);
    assert_eq!((listed(&page).len(), page.more), (3, true));
    let page = list(&log, None, Some(3), 3);
    assert_eq!((listed(&page), page.more), (vec![(4, true, None), (5, true, None)], false));
    assert!(list(&log, Some(version), None, 9).entries.is_empty());

    log.push(door(-5), TicketsCancelled { cancellation: cancellation(2, &[(2, 1, true)]) });
    log.push(door(0), TicketScanned { ticket: Some(TicketId(4)), ..scan(1, 4, 1) });
    log.push(door(1), order(6, 1, vec![line(6, 1, SEATS.0, 10, 6, "24.00")]));
    let page = list(&log, Some(version), None, 9);
    assert_eq!(listed(&page), [(2, false, None), (4, true, Some(true)), (6, true, None)]);
    let added = |entry: &WhitelistEntry| entry.added > version;
    assert_eq!(page.entries.iter().map(added).collect::<Vec<_>>(), [false, false, true]);
    // What a gate turned back changes nothing for the others.
    let refused =
        TicketScanned { ticket: Some(TicketId(5)), decision: GateDecision::Refused, ..scan(1, 5, 2) };
    let before = log.entries.len() as u64 - 1;
    log.push(door(2), refused);
    assert!(list(&log, Some(before), None, 9).entries.is_empty());
    assert!(log.fold::<Attendance>().whitelist(ShowId(99), None, None, 9).is_none());
}

/// Two gates, offline for an hour, with 1,000 scans each; 25 tickets are shown at both.
fn two_gates() -> Vec<(Timestamp, Event)> {
    let at_gate = |gate: u32, ticket: u64, nonce: u64| {
        // One scan every 3.6 seconds; the second gate's clock is a second ahead.
        let at = Timestamp(door(0).0 + nonce as i64 * 3_600_000 + i64::from(gate - 1) * 1_000_000);
        let scan = TicketScanned {
            gate: GateId(gate),
            device: ActorId(gate),
            offline: true,
            ticket: Some(TicketId(ticket)),
            ..scan(1, ticket, nonce)
        };
        (at, Event::from(scan))
    };
    let first = (0..1_000).map(|nonce| at_gate(1, nonce + 1, nonce));
    // The tickets shown at both are spread over the hour, some of them at the second gate first.
    let second = (0..1_000).map(|nonce| match nonce % 40 {
        0 => at_gate(2, (nonce * 7) % 1_000 + 1, nonce),
        _ => at_gate(2, 1_001 + nonce, nonce),
    });
    first.chain(second).collect()
}

fn after_upload(scans: impl IntoIterator<Item = (Timestamp, Event)>) -> Arc<ShowAttendance> {
    let mut log = sold(2_000);
    for (at, scan) in scans {
        log.push(at, scan);
    }
    log.fold::<Attendance>().show(SHOW).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]
    #[test]
    fn tickets_shown_at_two_gates_are_found_in_any_order_of_upload(
        shuffled in Just(two_gates()).prop_shuffle(), batch in 1_usize..400
    ) {
        let scans = two_gates();
        let expected = after_upload(scans.clone());
        let doubles: Vec<_> = expected.anomalies.iter().filter(|anomaly| anomaly.kind == AnomalyKind::SecondEntry).collect();
        prop_assert_eq!(doubles.len(), 25);
        prop_assert_eq!(expected.anomalies.len(), 25);
        prop_assert_eq!((expected.scans, expected.scanned, expected.present), (2_000, 1_975, 1_975));

        let (one, two) = scans.split_at(1_000);
        let batches = |scans: &[(Timestamp, Event)]| scans.chunks(batch).map(<[_]>::to_vec).collect::<Vec<_>>();
        let interleaved: Vec<_> = batches(two).into_iter().zip(batches(one)).flat_map(|(two, one)| [two, one]).flatten().collect();
        let reversed: Vec<_> = scans.iter().rev().cloned().collect();
        let twice: Vec<_> = two.iter().chain(one).chain(two).cloned().collect();
        for upload in [shuffled, interleaved, reversed, twice] {
            prop_assert_eq!(&after_upload(upload), &expected);
        }
    }
}

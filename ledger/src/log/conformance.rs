//! One suite for every engine: what the rest of the ledger relies on, whatever stores the records.

use std::ops::ControlFlow;

use soticket_schema::OrganisationId;
use soticket_schema::limits::{APPEND_BYTES_MAX, APPEND_RECORDS_MAX, PAYLOAD_BYTES_MAX};

use super::{Append, Head, Log};
use crate::testing::{append, organisation};

/// Runs the whole suite, each case on a fresh, empty log.
pub(super) fn check<L: Log>(fresh: impl Fn() -> L) {
    an_empty_log_has_no_heads(&fresh());
    appends_read_back_byte_for_byte(&fresh());
    reading_starts_anywhere_and_stops_when_told(&fresh());
    an_append_onto_another_head_is_refused(&fresh());
    a_commit_stores_all_appends_or_none(&fresh());
    appends_of_one_organisation_continue_each_other(&fresh());
    the_limits_hold(&fresh());
    the_largest_record_is_stored(&fresh());
    reads_beside_commits_have_no_gaps(&fresh());
}

/// Every record of an organisation, back to back.
pub(super) fn bytes_of<L: Log + ?Sized>(log: &L, organisation: OrganisationId, from: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    log.read(organisation, from, &mut |record| {
        bytes.extend_from_slice(record.bytes);
        ControlFlow::Continue(())
    })
    .unwrap();
    bytes
}

/// Appends records of these payload lengths to an organisation.
pub(super) fn extend<L: Log + ?Sized>(log: &L, organisation: OrganisationId, lengths: &[usize]) -> Append {
    let append = append(organisation, log.head(organisation), lengths);
    log.commit(std::slice::from_ref(&append)).unwrap();
    append
}

fn an_empty_log_has_no_heads<L: Log>(log: &L) {
    assert_eq!(log.heads(), []);
    assert_eq!(log.head(organisation(1)), None);
    assert_eq!(bytes_of(log, organisation(1), 0), Vec::<u8>::new());
    log.commit(&[]).unwrap();
    log.commit(&[append(organisation(1), None, &[])]).unwrap();
    assert_eq!(log.heads(), [], "an append without records leaves no trace");
}

fn appends_read_back_byte_for_byte<L: Log>(log: &L) {
    let (first, second) = (organisation(2), organisation(1));
    let mut written = [Vec::new(), Vec::new()];
    for round in 0..20_usize {
        written[0].extend(extend(log, first, &vec![round * 7; round]).records);
        written[1].extend(extend(log, second, &[round, 5_000, 0, 3_900]).records);
    }
    assert_eq!(bytes_of(log, first, 0), written[0]);
    assert_eq!(bytes_of(log, second, 0), written[1]);
    let heads = log.heads();
    assert_eq!(heads.iter().map(|(organisation, _)| *organisation).collect::<Vec<_>>(), [second, first]);
    assert_eq!(log.head(second).map(|head| head.length), Some(80));
}

fn reading_starts_anywhere_and_stops_when_told<L: Log>(log: &L) {
    let organisation = organisation(1);
    extend(log, organisation, &[100; 60]);
    extend(log, organisation, &[9_000, 10, 10]);
    for from in 0..70 {
        let mut positions = Vec::new();
        log.read(organisation, from, &mut |record| {
            positions.push(record.envelope.position);
            if positions.len() == 40 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })
        .unwrap();
        let expected: Vec<u64> = (from..63).take(40).collect();
        assert_eq!(positions, expected, "from {from}");
    }
}

fn an_append_onto_another_head_is_refused<L: Log>(log: &L) {
    let organisation = organisation(1);
    let stale = append(organisation, None, &[3]);
    let head = extend(log, organisation, &[1, 2]).next;
    let error = log.commit(&[stale]).unwrap_err();
    assert_eq!(error.code(), "LOG_CONFLICT");
    assert!(!error.is_fatal());
    let forged = Head { hash: Default::default(), ..head };
    let error = log.commit(&[append(organisation, Some(forged), &[3])]).unwrap_err();
    assert_eq!(error.code(), "LOG_CONFLICT");
    assert_eq!(log.head(organisation), Some(head));
    extend(log, organisation, &[3]);
}

fn a_commit_stores_all_appends_or_none<L: Log>(log: &L) {
    let head = extend(log, organisation(1), &[1]).next;
    let good = append(organisation(2), None, &[1, 2, 3]);
    let stale = append(organisation(1), None, &[1]);
    assert_eq!(log.commit(&[good.clone(), stale]).unwrap_err().code(), "LOG_CONFLICT");
    assert_eq!(log.heads(), [(organisation(1), head)]);
    assert_eq!(bytes_of(log, organisation(2), 0), Vec::<u8>::new());
    let next = append(organisation(1), Some(head), &[4]);
    log.commit(&[good.clone(), next.clone()]).unwrap();
    assert_eq!(log.heads(), [(organisation(1), next.next), (organisation(2), good.next)]);
}

fn appends_of_one_organisation_continue_each_other<L: Log>(log: &L) {
    let organisation = organisation(1);
    let first = append(organisation, None, &[10, 20]);
    let second = append(organisation, Some(first.next), &[30]);
    let third = append(organisation, Some(second.next), &[40; 100]);
    let error = log.commit(&[first.clone(), third.clone()]).unwrap_err();
    assert_eq!(error.code(), "LOG_CONFLICT");
    log.commit(&[first.clone(), second.clone(), third.clone()]).unwrap();
    assert_eq!(log.head(organisation), Some(third.next));
    assert_eq!(bytes_of(log, organisation, 0), [first.records, second.records, third.records].concat());
}

fn the_limits_hold<L: Log>(log: &L) {
    let organisation = organisation(1);
    let many = append(organisation, None, &vec![1; APPEND_RECORDS_MAX + 1]);
    assert_eq!(log.commit(&[many]).unwrap_err().code(), "LOG_APPEND_TOO_LARGE");
    let long = append(organisation, None, &[PAYLOAD_BYTES_MAX; APPEND_BYTES_MAX / PAYLOAD_BYTES_MAX + 1]);
    assert_eq!(log.commit(&[long]).unwrap_err().code(), "LOG_APPEND_TOO_LARGE");
    let mut miscounted = append(organisation, None, &[1, 2]);
    miscounted.count = 3;
    assert_eq!(log.commit(&[miscounted]).unwrap_err().code(), "LOG_APPEND_MISCOUNTED");
    assert_eq!(log.heads(), []);
    extend(log, organisation, &vec![300; APPEND_RECORDS_MAX]);
}

fn the_largest_record_is_stored<L: Log>(log: &L) {
    let organisation = organisation(1);
    let mut written = Vec::new();
    for lengths in [[PAYLOAD_BYTES_MAX, 1], [0, PAYLOAD_BYTES_MAX], [PAYLOAD_BYTES_MAX, PAYLOAD_BYTES_MAX]] {
        written.extend(extend(log, organisation, &lengths).records);
    }
    assert_eq!(bytes_of(log, organisation, 0), written);
}

fn reads_beside_commits_have_no_gaps<L: Log>(log: &L) {
    let organisation = organisation(1);
    std::thread::scope(|scope| {
        let writer = scope.spawn(|| {
            for round in 0..100 {
                extend(log, organisation, &vec![round * 20; round % 7 + 1]);
            }
        });
        while !writer.is_finished() {
            let promised = log.head(organisation).map_or(0, |head| head.length);
            let mut next = 0;
            log.read(organisation, 0, &mut |record| {
                assert_eq!(record.envelope.position, next);
                next += 1;
                ControlFlow::Continue(())
            })
            .unwrap();
            assert!(next >= promised, "{next} read of {promised} durable records");
        }
        writer.join().unwrap();
    });
}

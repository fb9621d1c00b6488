//! The whole ledger: submit, restart, retry, race.
#![expect(clippy::unwrap_used, reason = "tests")]

#[path = "support/venue.rs"]
mod venue;

use std::collections::BTreeMap;
use std::path::Path;

use soticket_ledger::verify::verify_log;
use soticket_ledger::{Ledger, Options, SubmitError};
use soticket_schema::ids::*;
use soticket_schema::{Event, RecordView};
use venue::{Venue, code, command, fixed_clock, lines, opening};

const ORGANISATION: OrganisationId = OrganisationId([5; 16]);

fn open(data: &Path) -> Ledger {
    Ledger::open(data, Options { clock: fixed_clock(), ..Options::default() }).unwrap()
}

fn assert_sound(ledger: &Ledger) {
    let payload = |record: &RecordView<'_>| {
        let (kind, version) = (record.envelope.kind, record.envelope.version);
        Event::decode_canonical(kind, version, record.payload).map(drop).map_err(|error| error.to_string())
    };
    let report = verify_log(ledger.log(), &payload, &mut |_| {});
    assert_eq!(report.violations, []);
    assert_eq!(report.records, ledger.heads().iter().map(|(_, head)| head.length).sum::<u64>());
}

#[test]
fn what_was_acknowledged_is_there_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let ledger = open(&data);
    let venue = Venue::open(&ledger, ORGANISATION, 100, 50, 50);
    let sale = venue.sale("sale 1", venue.web, 2, "ana@example.org");
    let first = ledger.submit_blocking(sale.clone()).unwrap();
    assert!(!first.replayed);
    assert_eq!(first.entries().len(), 2, "the order and its payment");
    let ticket = lines(&first).tickets[0].ticket;
    let codes = ledger.codes(ORGANISATION, ticket).unwrap();
    let subject = lines(&first).subject.unwrap();
    let head = ledger.head(ORGANISATION).unwrap();
    ledger.close();
    assert!(matches!(ledger.submit_blocking(sale.clone()), Err(SubmitError::Stopped(_))));
    drop(ledger);

    let ledger = open(&data);
    assert_eq!(ledger.head(ORGANISATION), Some(head));
    let again = ledger.submit_blocking(sale).unwrap();
    assert!(again.replayed);
    assert_eq!((again.position(), again.hash()), (first.position(), first.hash()));
    assert_eq!(again.entries(), first.entries());
    assert_eq!(ledger.codes(ORGANISATION, ticket).unwrap(), codes);
    assert_eq!(ledger.subject(ORGANISATION, "ANA@example.org").unwrap(), Some(subject));
    let next = ledger.submit_blocking(venue.sale("sale 2", venue.web, 1, "ana@example.org")).unwrap();
    assert_eq!(lines(&next).subject, Some(subject));
    assert_eq!(lines(&next).tickets[0].serial, 3, "the series goes on without a gap");
    assert_sound(&ledger);
}

#[test]
fn a_second_process_is_refused_while_the_first_has_the_folder() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let ledger = open(&data);
    let refused = Ledger::open(&data, Options::default()).err().unwrap();
    assert_eq!(refused.code, "LOG_LOCKED");
    drop(ledger);
    open(&data);
}

#[test]
fn a_key_stands_for_its_parameters_and_rejections_are_not_remembered() {
    let ledger = Ledger::in_memory(fixed_clock()).unwrap();
    let venue = Venue::open(&ledger, ORGANISATION, 10, 1, 9);
    let two = venue.sale("key", venue.web, 2, "");
    assert_eq!(code(ledger.submit_blocking(two)), "QUOTA_EXCEEDED");
    let one = venue.sale("key", venue.web, 1, "");
    let first = ledger.submit_blocking(one.clone()).unwrap();
    let other = venue.sale("key", venue.desk, 1, "");
    assert_eq!(code(ledger.submit_blocking(other)), "IDEMPOTENCY_KEY_REUSED");
    assert_eq!(ledger.submit_blocking(one).unwrap().position(), first.position());
    assert_eq!(code(ledger.submit_blocking(venue.sale("", venue.web, 1, ""))), "KEY_INVALID");
    assert_eq!(code(ledger.submit_blocking(venue.sale("k".repeat(256), venue.web, 1, ""))), "KEY_INVALID");
    let unknown = OrganisationId([6; 16]);
    let stranger = command(unknown, "key", venue.sale("key", venue.web, 1, "").body);
    assert_eq!(code(ledger.submit_blocking(stranger)), "ORGANISATION_UNKNOWN");
    assert_eq!(ledger.head(unknown), None, "a stranger leaves no trace");
    assert_eq!(code(ledger.submit_blocking(command(ORGANISATION, "new", opening()))), "ORGANISATION_EXISTS");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_retry_that_overtakes_its_first_attempt_is_answered_with_it() {
    let ledger = Ledger::in_memory(fixed_clock()).unwrap();
    let opened = ledger.clone();
    let venue =
        tokio::task::spawn_blocking(move || Venue::open(&opened, ORGANISATION, 100, 50, 50)).await.unwrap();
    let attempts: Vec<_> = (0..16)
        .map(|_| {
            let (ledger, sale) = (ledger.clone(), venue.sale("same", venue.web, 1, "bo@example.org"));
            tokio::spawn(async move { ledger.submit(sale).await.unwrap() })
        })
        .collect();
    let mut receipts = Vec::new();
    for attempt in attempts {
        receipts.push(attempt.await.unwrap());
    }
    assert_eq!(receipts.iter().filter(|receipt| !receipt.replayed).count(), 1);
    assert!(receipts.iter().all(|receipt| receipt.entries() == receipts[0].entries()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sixty_four_clients_race_for_the_last_hundred_places_over_two_channels() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let opened = data.clone();
    let (ledger, venue) = tokio::task::spawn_blocking(move || {
        let ledger = open(&opened);
        let venue = Venue::open(&ledger, ORGANISATION, 100, 60, 40);
        (ledger, venue)
    })
    .await
    .unwrap();
    let clients: Vec<_> = (0..64)
        .map(|client| {
            let ledger = ledger.clone();
            let channel = if client % 2 == 0 { venue.web } else { venue.desk };
            let sales: Vec<_> =
                (0..6).map(|n| venue.sale(format!("{client}-{n}"), channel, 1, "same@example.org")).collect();
            tokio::spawn(async move {
                let mut answers = Vec::new();
                for sale in sales {
                    answers.push(ledger.submit(sale).await);
                }
                answers
            })
        })
        .collect();
    let mut outcomes: BTreeMap<String, usize> = BTreeMap::new();
    let (mut serials, mut subjects) = (Vec::new(), Vec::new());
    for client in clients {
        for answer in client.await.unwrap() {
            let outcome = match answer {
                Ok(receipt) => {
                    serials.push(lines(&receipt).tickets[0].serial);
                    subjects.push(lines(&receipt).subject);
                    "sold".to_owned()
                }
                Err(SubmitError::Rejected(rejection)) => {
                    format!("{} {}", rejection.code.code(), rejection.field)
                }
                Err(other) => other.to_string(),
            };
            *outcomes.entry(outcome).or_default() += 1;
        }
    }
    assert_eq!(outcomes.get("sold"), Some(&100), "{outcomes:?}");
    let refused: usize = outcomes
        .iter()
        .filter(|(outcome, _)| outcome.starts_with("QUOTA_EXCEEDED"))
        .map(|(_, count)| count)
        .sum();
    assert_eq!(refused, 284, "{outcomes:?}");
    serials.sort_unstable();
    assert_eq!(serials, (1..=100).collect::<Vec<u64>>());
    subjects.dedup();
    assert_eq!(subjects.len(), 1, "one e-mail is one person, however many orders are under way");
    tokio::task::spawn_blocking(move || {
        ledger.close();
        drop(ledger);
        assert_sound(&open(&data));
    })
    .await
    .unwrap();
}

#[test]
fn listeners_get_every_batch_in_log_order() {
    let ledger = Ledger::in_memory(fixed_clock()).unwrap();
    let batches = ledger.listen();
    let venue = Venue::open(&ledger, ORGANISATION, 100, 50, 50);
    for n in 0..20 {
        ledger.submit_blocking(venue.sale(format!("{n}"), venue.web, 1, "")).unwrap();
    }
    ledger.close();
    let positions: Vec<u64> = batches
        .iter()
        .flat_map(|batch| batch.entries.iter().map(|entry| entry.envelope.position).collect::<Vec<_>>())
        .collect();
    let length = ledger.head(ORGANISATION).unwrap().length;
    assert_eq!(positions, (0..length).collect::<Vec<u64>>());
    let picked: Vec<u64> = (0..length).filter(|position| position % 3 != 1).collect();
    let read = ledger.read_at(ORGANISATION, &picked).unwrap();
    assert_eq!(read.iter().map(|entry| entry.envelope.position).collect::<Vec<_>>(), picked);
    assert_eq!(ledger.read_at(ORGANISATION, &[length + 5]).unwrap(), []);
}

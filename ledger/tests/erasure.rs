//! Persons who are forgotten, with the whole ledger: over restarts, crashes and the window of backups.
#![expect(clippy::unwrap_used, reason = "tests")]

#[path = "support/venue.rs"]
#[allow(dead_code, reason = "other tests use the rest")]
mod venue;

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use soticket_ledger::verify::verify_log;
use soticket_ledger::{Ledger, Options, VaultUpkeep, keep_vault};
use soticket_schema::command::*;
use soticket_schema::event::v1::*;
use soticket_schema::ids::*;
use soticket_schema::{Command, CommandBody, Event, RecordView, Timestamp};
use venue::{DAY, NOW, Venue, code, command, lines};

const ORGANISATION: OrganisationId = OrganisationId([5; 16]);
const WINDOW: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// A clock that the test sets, in days from the beginning.
#[derive(Clone)]
struct Days(Arc<AtomicI64>);

impl Days {
    fn new() -> Self {
        Self(Arc::new(AtomicI64::new(0)))
    }

    fn set(&self, days: i64) {
        self.0.store(days, Ordering::Relaxed);
    }

    fn open(&self, data: &Path) -> Ledger {
        let days = Arc::clone(&self.0);
        let clock = Arc::new(move || Timestamp(NOW.0 + days.load(Ordering::Relaxed) * DAY));
        Ledger::open(data, Options { clock, ..Options::default() }).unwrap()
    }
}

fn erase(key: &str, subject: SubjectRef) -> Command {
    let reason = ErasureReason::Request;
    command(ORGANISATION, key, CommandBody::EraseSubject(EraseSubject { subject, reason, waived: true }))
}

fn sell(ledger: &Ledger, venue: &Venue, name: &str) -> (SubjectRef, TicketId) {
    let mut sale = venue.sale(format!("sale to {name}"), venue.web, 1, &format!("{name}@example.org"));
    if let CommandBody::PlaceOrder(order) = &mut sale.body
        && let Some(buyer) = &mut order.buyer
    {
        buyer.name = name.to_owned();
    }
    let receipt = ledger.submit_blocking(sale).unwrap();
    (lines(&receipt).subject.unwrap(), lines(&receipt).tickets[0].ticket)
}

fn assert_sound(ledger: &Ledger) {
    let payload = |record: &RecordView<'_>| {
        let (kind, version) = (record.envelope.kind, record.envelope.version);
        Event::decode_canonical(kind, version, record.payload).map(drop).map_err(|error| error.to_string())
    };
    assert_eq!(verify_log(ledger.log(), &payload, &mut |_| {}).violations, []);
}

#[test]
fn a_person_is_forgotten_and_the_log_says_when_backups_are_erased_too() {
    let folder = tempfile::tempdir().unwrap();
    let (data, days) = (folder.path().join("data"), Days::new());
    let ledger = days.open(&data);
    let venue = Venue::open(&ledger, ORGANISATION, 100, 50, 50);
    let (ana, ticket) = sell(&ledger, &venue, "ana");
    let (bo, _) = sell(&ledger, &venue, "bo");
    let first = ledger.submit_blocking(erase("erase ana", ana)).unwrap();
    assert_eq!(ledger.person(ORGANISATION, ana).unwrap(), None);
    assert_eq!(ledger.subject(ORGANISATION, "ana@example.org").unwrap(), None);
    assert_eq!(ledger.codes(ORGANISATION, ticket).unwrap_err().code(), "VAULT_SUBJECT_KEY_MISSING");
    let again = ledger.submit_blocking(erase("erase ana", ana)).unwrap();
    assert!(again.replayed);
    assert_eq!(again.position(), first.position());
    assert_eq!(code(ledger.submit_blocking(erase("once more", ana))), "SUBJECT_ERASED");
    assert_eq!(code(ledger.submit_blocking(erase("nobody", SubjectRef([1; 16])))), "SUBJECT_UNKNOWN");

    let upkeep = |begun, destroyed_before| VaultUpkeep { begun, destroyed_before };
    assert_eq!(keep_vault(&ledger, ORGANISATION, WINDOW).unwrap(), upkeep(Some(2), None));
    assert_eq!(keep_vault(&ledger, ORGANISATION, WINDOW).unwrap(), upkeep(None, None));
    // Wrapped by the key of the new epoch, under which it is still read when the old one is gone.
    let (new, _) = sell(&ledger, &venue, "cleo");
    days.set(29);
    assert_eq!(keep_vault(&ledger, ORGANISATION, WINDOW).unwrap(), upkeep(None, None));
    ledger.close();
    drop(ledger);
    let ledger = days.open(&data);
    days.set(30);
    assert_eq!(keep_vault(&ledger, ORGANISATION, WINDOW).unwrap(), upkeep(None, Some(2)));
    assert_eq!(keep_vault(&ledger, ORGANISATION, WINDOW).unwrap(), upkeep(None, None));
    assert!(!folder.path().join("data-keys/epoch-1.key").exists());
    assert_eq!(ledger.person(ORGANISATION, bo).unwrap().unwrap().name, "bo");
    assert_eq!(ledger.person(ORGANISATION, new).unwrap().unwrap().name, "cleo");
    assert_sound(&ledger);
}

#[test]
fn whoever_comes_back_is_somebody_new() {
    let ledger = Ledger::in_memory(venue::fixed_clock()).unwrap();
    let venue = Venue::open(&ledger, ORGANISATION, 100, 50, 50);
    let (ana, _) = sell(&ledger, &venue, "ana");
    ledger.submit_blocking(erase("erase", ana)).unwrap();
    let back = ledger.submit_blocking(venue.sale("back", venue.web, 1, "ana@example.org")).unwrap();
    let new = lines(&back).subject.unwrap();
    assert_ne!(new, ana);
    assert_eq!(ledger.subject(ORGANISATION, "ana@example.org").unwrap(), Some(new));
    keep_vault(&ledger, ORGANISATION, Duration::ZERO).unwrap();
    assert_eq!(ledger.person(ORGANISATION, new).unwrap().unwrap().email, "ana@example.org");
}

#[test]
fn somebody_who_only_held_places_can_be_forgotten() {
    let ledger = Ledger::in_memory(venue::fixed_clock()).unwrap();
    let venue = Venue::open(&ledger, ORGANISATION, 100, 50, 50);
    let hold = PlaceHold {
        show: venue.show,
        zone: venue.zone,
        channel: venue.web,
        places: Places::Count(1),
        expires_at: Timestamp(NOW.0 + 600_000_000),
        buyer: Some(Person { email: "held@example.org".into(), ..Person::default() }),
    };
    ledger.submit_blocking(command(ORGANISATION, "hold", CommandBody::PlaceHold(hold))).unwrap();
    let subject = ledger.subject(ORGANISATION, "held@example.org").unwrap().unwrap();
    ledger.submit_blocking(erase("erase", subject)).unwrap();
    assert_eq!(ledger.subject(ORGANISATION, "held@example.org").unwrap(), None);
    assert_eq!(ledger.person(ORGANISATION, subject).unwrap(), None);
}

/// The slots as they were before the erasure, as a crash between the log's commit and the slots' overwriting leaves them:
/// the next opening finishes, before anybody is served.
#[test]
fn an_erasure_that_a_crash_cut_short_is_finished_when_the_ledger_opens() {
    let folder = tempfile::tempdir().unwrap();
    let (data, days) = (folder.path().join("data"), Days::new());
    let slots = data.join("subject-keys");
    let ledger = days.open(&data);
    let venue = Venue::open(&ledger, ORGANISATION, 100, 50, 50);
    let (ana, _) = sell(&ledger, &venue, "ana");
    let (bo, _) = sell(&ledger, &venue, "bo");
    let before = fs::read(&slots).unwrap();
    ledger.submit_blocking(erase("erase ana", ana)).unwrap();
    ledger.close();
    drop(ledger);
    fs::write(&slots, &before).unwrap();
    let ledger = days.open(&data);
    let after = fs::read(&slots).unwrap();
    assert!(!after.windows(16).any(|window| window == ana.0), "her slot is overwritten");
    assert!(after.windows(16).any(|window| window == bo.0));
    assert_eq!(ledger.person(ORGANISATION, ana).unwrap(), None);
    assert_eq!(ledger.person(ORGANISATION, bo).unwrap().unwrap().name, "bo");

    // The epoch's event is durable, its key was never made: the next opening makes it, and wraps all keys by it.
    let keys = folder.path().join("data-keys");
    let wrapped = fs::read(&slots).unwrap();
    keep_vault(&ledger, ORGANISATION, WINDOW).unwrap();
    ledger.close();
    drop(ledger);
    fs::write(&slots, wrapped).unwrap();
    fs::remove_file(keys.join("epoch-2.key")).unwrap();
    fs::remove_file(keys.join("epoch-2.since")).unwrap();
    let ledger = days.open(&data);
    assert!(keys.join("epoch-2.since").exists());
    assert_eq!(ledger.person(ORGANISATION, bo).unwrap().unwrap().name, "bo");
    // Keys that are gone without a record are recorded by the next call.
    days.set(30);
    assert_eq!(keep_vault(&ledger, ORGANISATION, WINDOW).unwrap().destroyed_before, Some(2));
    assert_sound(&ledger);
}

#[test]
fn sales_go_on_while_many_are_forgotten_and_epochs_turn() {
    let folder = tempfile::tempdir().unwrap();
    let (data, days) = (folder.path().join("data"), Days::new());
    let ledger = days.open(&data);
    let venue = Venue::open(&ledger, ORGANISATION, 2_000, 1_000, 1_000);
    let known: Vec<SubjectRef> =
        (0..60).map(|number| sell(&ledger, &venue, &format!("known-{number}")).0).collect();
    let sold: Vec<SubjectRef> = std::thread::scope(|scope| {
        let selling = scope
            .spawn(|| (0..200).map(|number| sell(&ledger, &venue, &format!("new-{number}")).0).collect());
        for (number, subject) in known.iter().enumerate() {
            ledger.submit_blocking(erase(&format!("erase {number}"), *subject)).unwrap();
            if number % 10 == 9 {
                let kept = keep_vault(&ledger, ORGANISATION, WINDOW).unwrap();
                assert_eq!(kept.begun, Some(2 + number as u32 / 10), "once for ten");
            }
        }
        selling.join().unwrap()
    });
    ledger.close();
    drop(ledger);
    let ledger = days.open(&data);
    for subject in &known {
        assert_eq!(ledger.person(ORGANISATION, *subject).unwrap(), None);
    }
    for (number, subject) in sold.iter().enumerate() {
        assert_eq!(ledger.person(ORGANISATION, *subject).unwrap().unwrap().name, format!("new-{number}"));
    }
    assert_eq!(ledger.unreadable_key_slots(), 0);
    assert_sound(&ledger);
}

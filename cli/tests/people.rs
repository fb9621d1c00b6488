//! Customers' data by the program: a person takes theirs along, and whoever may be kept no longer is erased. A thousand
//! customers, a hundred of them erased: no byte of the data folder and no line that was printed tells who they were.
#![expect(clippy::unwrap_used, reason = "tests")]

mod forgotten;
#[path = "../../ledger/tests/support/venue.rs"]
#[allow(dead_code, reason = "other tests use the rest")]
mod venue;

use std::collections::HashMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use forgotten::{epoch_keys, files, json, raw_keys, run};
use serde_json::Value;
use soticket_ledger::{Ledger, Options};
use soticket_schema::command::*;
use soticket_schema::event::v1::{ConsentSource, PurposeTerms};
use soticket_schema::ids::{OrganisationId, PurposeId, SubjectRef};
use soticket_schema::{CommandBody, Event, Timestamp};
use venue::{DAY, NOW, Venue, command, lines};

const ORGANISATION: OrganisationId = OrganisationId([5; 16]);
const CUSTOMERS: usize = 1_000;
const ERASED: usize = 100;

struct Customer {
    subject: SubjectRef,
    /// What must be nowhere once they are erased.
    texts: Vec<String>,
}

fn texts(number: usize) -> Vec<String> {
    vec![
        format!("distinctive-{number:04}@people.example"),
        format!("moved-{number:04}@people.example"),
        format!("Zébuline Distinctive {number:04}"),
        format!("+33 6 70 71 {number:04}"),
    ]
}

/// A ledger whose clock the test sets, in days from the beginning.
fn open(data: &Path, days: &Arc<AtomicI64>) -> Ledger {
    let days = Arc::clone(days);
    let clock = Arc::new(move || Timestamp(NOW.0 + days.load(Ordering::Relaxed) * DAY));
    Ledger::open(data, Options { clock, ..Options::default() }).unwrap()
}

fn profile(ledger: &Ledger, key: String, change: ChangeProfile) -> SubjectRef {
    let receipt =
        ledger.submit_blocking(command(ORGANISATION, &key, CommandBody::ChangeProfile(change))).unwrap();
    match &receipt.entries()[0].event {
        Event::ProfileChanged(changed) => changed.subject,
        other => panic!("{other:?}"),
    }
}

/// Customers with a profile each; every other one bought a ticket, and every fourth moved to another e-mail.
fn record(data: &Path) -> Vec<Customer> {
    let ledger = open(data, &Arc::default());
    let venue = Venue::open(&ledger, ORGANISATION, 1_000, 500, 500);
    let terms = PurposeTerms { name: "News".into(), wording: "I agree to news.".into() };
    let register = RegisterPurpose { key: "newsletter".into(), terms };
    ledger.submit_blocking(command(ORGANISATION, "purpose", CommandBody::RegisterPurpose(register))).unwrap();
    let customers = (0..CUSTOMERS).map(|number| {
        let texts = texts(number);
        let [email, moved, name, telephone] = [0, 1, 2, 3].map(|place| texts[place].clone());
        let change = ChangeProfile {
            email: Some(email.clone()),
            name: Some(name),
            telephone: Some(telephone),
            by_person: true,
            ..ChangeProfile::default()
        };
        let subject = profile(&ledger, format!("profile {number}"), change);
        if number % 2 == 0 {
            let sale = venue.sale(format!("sale {number}"), venue.web, 1, &email);
            assert_eq!(lines(&ledger.submit_blocking(sale).unwrap()).subject, Some(subject));
        }
        if number % 4 == 0 {
            let change =
                ChangeProfile { subject: Some(subject), email: Some(moved), ..ChangeProfile::default() };
            profile(&ledger, format!("move {number}"), change);
        }
        let consent = RecordConsent {
            subject,
            purpose: PurposeId(1),
            given: true,
            version: None,
            source: ConsentSource::WebForm,
        };
        let key = format!("consent {number}");
        ledger.submit_blocking(command(ORGANISATION, &key, CommandBody::RecordConsent(consent))).unwrap();
        Customer { subject, texts }
    });
    let customers = customers.collect();
    ledger.close();
    customers
}

/// Which of the secrets are in some bytes: all of them are looked for in one pass, by their first eight bytes.
fn found<'a>(bytes: &[u8], secrets: &'a [Vec<u8>]) -> Vec<&'a [u8]> {
    let mut by_start: HashMap<[u8; 8], Vec<&[u8]>> = HashMap::new();
    for secret in secrets {
        by_start.entry(*secret.first_chunk().unwrap()).or_default().push(secret);
    }
    let mut found = Vec::new();
    for place in 0..bytes.len() {
        let Some(start) = bytes[place..].first_chunk::<8>() else { break };
        let candidates = by_start.get(start).into_iter().flatten();
        found.extend(candidates.filter(|secret| bytes[place..].starts_with(secret)));
    }
    found
}

#[test]
fn of_a_thousand_customers_the_hundred_who_were_erased_are_nowhere() {
    let folder = tempfile::tempdir().unwrap();
    let (data, keys) = (folder.path().join("data"), folder.path().join("data-keys"));
    let customers = record(&data);
    let raw = raw_keys(&fs::read(data.join("subject-keys")).unwrap(), &epoch_keys(&keys));
    assert_eq!(raw.len(), CUSTOMERS);
    let (erased, left) = customers.split_at(ERASED);
    let list = erased.iter().map(|customer| customer.subject.to_string()).collect::<Vec<_>>().join("\n");
    fs::write(folder.path().join("list.txt"), list).unwrap();
    let mut outputs = Vec::new();
    for arguments in [
        vec![
            "--json",
            "--backup-days",
            "0",
            "erase",
            "--reason",
            "request",
            "--waived",
            "--list",
            "list.txt",
        ],
        vec!["--json", "retention", "--dry-run"],
        vec!["--json", "verify"],
        vec!["export", "orders", "--format", "jsonl"],
    ] {
        let output = run(folder.path(), &arguments);
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        outputs.push(output);
    }
    assert_eq!(json(&outputs[0])["erased"].as_array().unwrap().len(), ERASED);
    assert_eq!(json(&outputs[2])["sound"], true);

    let secrets = |customers: &[Customer]| -> Vec<Vec<u8>> {
        let texts =
            customers.iter().flat_map(|customer| &customer.texts).map(|text| text.clone().into_bytes());
        let keys = customers.iter().map(|customer| raw[&customer.subject].clone());
        let hex =
            keys.clone().map(|key| blake3::Hash::from_slice(&key).unwrap().to_hex().as_bytes().to_vec());
        texts.chain(keys).chain(hex).collect()
    };
    let printed = outputs.iter().flat_map(|output| [&output.stdout[..], &output.stderr].concat()).collect();
    let mut everywhere = vec![("what was printed".to_owned(), printed)];
    for path in files(&data).into_iter().chain(files(&keys)) {
        everywhere.push((path.display().to_string(), fs::read(&path).unwrap()));
    }
    let secrets = secrets(erased);
    for (place, bytes) in &everywhere {
        let found = found(bytes, &secrets);
        assert!(
            found.is_empty(),
            "{place} holds {:?}",
            found.iter().map(|text| String::from_utf8_lossy(text)).collect::<Vec<_>>()
        );
    }
    // The search finds what is there.
    let references: Vec<Vec<u8>> = left.iter().map(|customer| customer.subject.0.to_vec()).collect();
    assert!(everywhere.iter().any(|(_, bytes)| !found(bytes, &references).is_empty()));
    let ledger = open(&data, &Arc::default());
    for (customer, number) in left.iter().zip(ERASED..) {
        let profile = ledger.profile(ORGANISATION, customer.subject).unwrap().unwrap();
        assert_eq!(profile.email, customer.texts[usize::from(number % 4 == 0)]);
    }
    // Whoever had another e-mail before is not found by that either.
    assert_eq!(ledger.subject(ORGANISATION, &left[0].texts[0]).unwrap(), None);
    assert_eq!(ledger.subject(ORGANISATION, &left[0].texts[1]).unwrap(), Some(left[0].subject));
}

#[test]
fn a_person_takes_their_data_along_and_the_journal_has_it() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let ledger = open(&data, &Arc::default());
    let venue = Venue::open(&ledger, ORGANISATION, 20, 10, 10);
    ledger.submit_blocking(venue.sale("sale".to_owned(), venue.web, 2, "ada@people.example")).unwrap();
    ledger.close();
    drop(ledger);
    let out = run(folder.path(), &["person", "export", "--email", "ada@people.example", "--out", "ada.json"]);
    assert_eq!(out.status.code(), Some(0), "{}", String::from_utf8_lossy(&out.stderr));
    let person: Value = serde_json::from_slice(&fs::read(folder.path().join("ada.json")).unwrap()).unwrap();
    assert_eq!(person["profile"]["email"], "ada@people.example");
    assert_eq!(person["orders"][0]["tickets"].as_array().unwrap().len(), 2);
    assert_eq!(person["codes"].as_array().unwrap().len(), 2);
    let printed = [out.stdout.clone(), out.stderr.clone()].concat();
    assert!(!String::from_utf8_lossy(&printed).contains("ada@"), "the program's log tells nobody's e-mail");
    let events = String::from_utf8(run(folder.path(), &["export", "events"]).stdout).unwrap();
    let read = events.lines().filter(|line| line.contains("\"PersonalDataRead\"")).count();
    assert_eq!(read, 1, "{events}");
    let nobody = run(folder.path(), &["--json", "person", "export", "--email", "nobody@people.example"]);
    assert_eq!(nobody.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&nobody.stderr).contains("SUBJECT_UNKNOWN"));
    assert_eq!(run(folder.path(), &["person", "export"]).status.code(), Some(2));
}

#[test]
fn whoever_may_be_kept_no_longer_is_told_first_and_erased_then() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    // Everything happened four years before the program's clock.
    let years = Arc::new(AtomicI64::new(0));
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    let now = i64::try_from(now.as_micros()).unwrap();
    years.store((now - NOW.0) / DAY - 4 * 366, Ordering::Relaxed);
    let ledger = open(&data, &years);
    ledger.submit_blocking(command(ORGANISATION, "open", venue::opening())).unwrap();
    let email =
        |text: &str| ChangeProfile { email: Some(text.into()), by_person: true, ..ChangeProfile::default() };
    let old = profile(&ledger, "old".into(), email("old@people.example"));
    years.store((now - NOW.0) / DAY - 30, Ordering::Relaxed);
    let new = profile(&ledger, "new".into(), email("new@people.example"));
    ledger.close();
    drop(ledger);
    let dry = json(&run(folder.path(), &["--json", "retention", "--dry-run"]));
    let due = dry["due"].as_array().unwrap();
    assert_eq!(
        (due.len(), &due[0]["subject"], &dry["erased"]),
        (1, &old.to_string().into(), &0.into()),
        "{dry}"
    );
    assert_eq!(due[0]["class"], "prospect");
    let done = json(&run(folder.path(), &["--json", "retention"]));
    assert_eq!((&done["erased"], &done["deferred"]), (&1.into(), &0.into()), "{done}");
    assert_eq!(json(&run(folder.path(), &["--json", "retention"]))["due"], serde_json::json!([]));
    let ledger = open(&data, &years);
    assert_eq!(ledger.profile(ORGANISATION, old).unwrap(), None);
    assert_eq!(ledger.profile(ORGANISATION, new).unwrap().unwrap().email, "new@people.example");
}

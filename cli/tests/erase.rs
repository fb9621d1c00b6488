//! Persons who are forgotten, by the program: afterwards no byte on the disk and no line of a program log tells who they
//! were, the books still verify, and a backup gives nothing away once its window is over.
#![expect(clippy::unwrap_used, reason = "tests")]

mod forgotten;
#[path = "../../ledger/tests/support/venue.rs"]
#[allow(dead_code, reason = "other tests use the rest")]
mod venue;

use std::fs;
use std::path::Path;

use forgotten::{epoch_keys, files, json, raw_key, run};
use serde_json::Value;
use soticket_ledger::{Ledger, Options};
use soticket_schema::CommandBody;
use soticket_schema::command::Person;
use soticket_schema::ids::{OrganisationId, SubjectRef};
use venue::{Venue, lines};

const ORGANISATION: OrganisationId = OrganisationId([5; 16]);
const CUSTOMERS: usize = 60;
const ERASED: usize = 10;

struct Customer {
    subject: SubjectRef,
    person: Person,
    codes: Vec<String>,
}

fn open(data: &Path) -> Ledger {
    Ledger::open(data, Options { clock: venue::fixed_clock(), ..Options::default() }).unwrap()
}

fn customer(number: usize) -> Person {
    Person {
        email: format!("distinctive-{number:03}@erasure.example"),
        name: format!("Zébuline Distinctive {number:03}"),
        telephone: format!("+33 6 70 71 72 {number:03}"),
    }
}

/// Records customers with a ticket each, in a folder that the program then uses.
fn record(data: &Path) -> Vec<Customer> {
    let ledger = open(data);
    let venue = Venue::open(&ledger, ORGANISATION, 200, 100, 100);
    let customers = (0..CUSTOMERS)
        .map(|number| {
            let person = customer(number);
            let mut sale = venue.sale(format!("sale {number}"), venue.web, 1, &person.email);
            let CommandBody::PlaceOrder(order) = &mut sale.body else { unreachable!() };
            order.buyer = Some(person.clone());
            let receipt = ledger.submit_blocking(sale).unwrap();
            let ticket = lines(&receipt).tickets[0].ticket;
            let codes = ledger.codes(ORGANISATION, ticket).unwrap();
            Customer { subject: lines(&receipt).subject.unwrap(), person, codes }
        })
        .collect();
    ledger.close();
    customers
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for file in files(from) {
        let target = to.join(file.strip_prefix(from).unwrap());
        fs::create_dir_all(target.parent().unwrap()).unwrap();
        fs::copy(&file, target).unwrap();
    }
}

fn holds(bytes: &[u8], part: &[u8]) -> bool {
    let Some(first) = part.first() else { return false };
    let starts = bytes.iter().enumerate().filter(|(_, byte)| *byte == first);
    starts.map(|(start, _)| start).any(|start| bytes[start..].starts_with(part))
}

/// What must be nowhere, with a name for it.
fn secrets(customer: &Customer, key: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    let Person { email, name, telephone } = &customer.person;
    let mut secrets = vec![
        ("e-mail", email.clone().into_bytes()),
        ("name", name.clone().into_bytes()),
        ("telephone", telephone.clone().into_bytes()),
        ("key", key.to_vec()),
        ("key in hexadecimal", blake3::Hash::from_slice(key).unwrap().to_hex().as_bytes().to_vec()),
    ];
    secrets.extend(customer.codes.iter().map(|code| ("code", code.clone().into_bytes())));
    secrets
}

#[test]
fn nothing_on_the_disk_tells_who_was_forgotten() {
    let folder = tempfile::tempdir().unwrap();
    let (data, keys) = (folder.path().join("data"), folder.path().join("data-keys"));
    let customers = record(&data);
    let (erased, left) = customers.split_at(ERASED);
    let slots = fs::read(data.join("subject-keys")).unwrap();
    let raw: Vec<Vec<u8>> = customers
        .iter()
        .map(|customer| raw_key(&slots, &epoch_keys(&keys), customer.subject).expect("a key before"))
        .collect();
    let old_epoch = epoch_keys(&keys).remove(0);
    let backup = folder.path().join("backup");
    copy(&data, &backup);

    // Five by e-mail in a list, five by reference; one who is not there. The keys live on for the backups.
    let list = folder.path().join("list.txt");
    let emails: Vec<&str> = erased[..5].iter().map(|customer| customer.person.email.as_str()).collect();
    fs::write(&list, format!("{}\nnobody@erasure.example\n", emails.join("\n"))).unwrap();
    let references: Vec<String> = erased[5..].iter().map(|customer| customer.subject.to_string()).collect();
    let mut arguments = vec!["--json", "erase", "--reason", "request", "--waived", "--list", "list.txt"];
    references.iter().for_each(|reference| arguments.extend(["--subject", reference]));
    let first = run(folder.path(), &arguments);
    fs::remove_file(&list).unwrap();
    assert_eq!(first.status.code(), Some(1), "one was refused");
    let report = json(&first);
    assert_eq!(report["erased"].as_array().unwrap().len(), ERASED, "{report}");
    assert_eq!(report["refused"][0]["code"], "SUBJECT_UNKNOWN");
    assert_eq!((&report["epoch_begun"], &report["epochs_destroyed_before"]), (&2.into(), &Value::Null));
    assert!(
        raw_key(&fs::read(backup.join("subject-keys")).unwrap(), &epoch_keys(&keys), erased[0].subject)
            .is_some()
    );

    // The window of backups is over.
    let due = run(folder.path(), &["--json", "--backup-days", "0", "erase", "--due"]);
    assert_eq!(due.status.code(), Some(0), "{}", String::from_utf8_lossy(&due.stderr));
    assert_eq!(json(&due)["epochs_destroyed_before"], 2);
    let again = run(folder.path(), &["--json", "erase", "--reason", "request", "--subject", &references[0]]);
    assert_eq!(json(&again)["refused"][0]["code"], "SUBJECT_ERASED");
    let verified = run(folder.path(), &["--json", "verify"]);
    assert_eq!(verified.status.code(), Some(0), "{}", String::from_utf8_lossy(&verified.stderr));
    assert_eq!(json(&verified)["sound"], true);

    let logs: Vec<u8> = [&first, &due, &again, &verified]
        .iter()
        .flat_map(|output| [&output.stdout[..], &output.stderr].concat())
        .collect();
    let everywhere: Vec<(String, Vec<u8>)> = files(&data)
        .into_iter()
        .chain(files(&keys))
        .map(|path| (path.display().to_string(), fs::read(&path).unwrap()))
        .chain([("what the program printed".to_owned(), logs)])
        .collect();
    for (place, bytes) in &everywhere {
        for (customer, key) in erased.iter().zip(&raw) {
            for (what, secret) in secrets(customer, key) {
                assert!(!holds(bytes, &secret), "{what} of an erased person is in {place}");
            }
        }
        assert!(!holds(bytes, blake3::Hash::from_bytes(old_epoch).to_hex().as_bytes()), "{place}");
        assert!(!holds(bytes, &old_epoch), "{place}");
    }
    // The search finds what is there: the references of those who are left, in the slots.
    assert!(everywhere.iter().any(|(_, bytes)| holds(bytes, &left[0].subject.0)));
    let slots = fs::read(data.join("subject-keys")).unwrap();
    for (customer, key) in left.iter().zip(&raw[ERASED..]) {
        assert_eq!(raw_key(&slots, &epoch_keys(&keys), customer.subject).as_ref(), Some(key));
    }

    // The backup with the keys that are left: nobody is found in it, erased or not, but for its records.
    let stored = fs::read(backup.join("subject-keys")).unwrap();
    assert!(
        customers.iter().all(|customer| raw_key(&stored, &epoch_keys(&keys), customer.subject).is_none())
    );
    let options = Options { keys: Some(keys), ..Options::default() };
    let restored = Ledger::open(&backup, options.clone()).unwrap();
    assert_eq!(restored.unreadable_key_slots(), CUSTOMERS as u64);
    for customer in erased {
        let refused = restored.person(ORGANISATION, customer.subject).unwrap_err();
        assert_eq!(refused.code(), "VAULT_SUBJECT_KEY_MISSING");
    }
    drop(restored);
    let ledger = Ledger::open(&data, options).unwrap();
    for customer in left {
        assert_eq!(ledger.person(ORGANISATION, customer.subject).unwrap().as_ref(), Some(&customer.person));
    }
}

#[test]
fn what_is_open_is_told_by_its_code_and_arguments_by_theirs() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = open(&folder.path().join("data"));
    let venue = Venue::open(&ledger, ORGANISATION, 20, 10, 10);
    let mut sale = venue.sale("unpaid", venue.web, 1, "owing@erasure.example");
    let CommandBody::PlaceOrder(order) = &mut sale.body else { unreachable!() };
    order.payment.clear();
    ledger.submit_blocking(sale).unwrap();
    ledger.close();
    drop(ledger);
    let email = ["erase", "--reason", "retention-over", "--waived", "--email", "owing@erasure.example"];
    let refused = run(folder.path(), &[&["--json"], email.as_slice()].concat());
    assert_eq!(refused.status.code(), Some(1));
    assert_eq!(json(&refused)["refused"][0]["code"], "SUBJECT_MONEY_OPEN");
    let told = String::from_utf8(run(folder.path(), &email).stdout).unwrap();
    assert!(told.contains("SUBJECT_MONEY_OPEN: settle the person's orders first"), "{told}");
    assert!(!told.contains("owing@"), "{told}");
    for usage in [
        ["erase", "--reason", "request"].as_slice(),
        &["erase", "--email", "a@b"],
        &["erase", "--due", "--email", "a@b"],
        &["--backup-days", "9999", "erase", "--due"],
    ] {
        assert_eq!(run(folder.path(), usage).status.code(), Some(2), "{usage:?}");
    }
}

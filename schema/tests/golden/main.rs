//! Frozen bytes: every event kind and version has a golden file, and encoding or decoding that drifts from it fails.
//!
//! A new kind or version gets its file with `GOLDEN=write cargo test -p soticket-schema --test golden`. Files that
//! exist are never rewritten: their bytes are in logs.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a step that fails is a test that fails")]

mod enumerations;
mod file;
mod samples;

use std::collections::BTreeSet;
use std::fs;

use soticket_schema::envelope::{Envelope, RecordView};
use soticket_schema::event::{CATALOGUE, Event};
use soticket_schema::hash::Hash;
use soticket_schema::ids::{ActorId, CommandId, Fingerprint, OrganisationId};
use soticket_schema::time::Timestamp;

const FINGERPRINT: Fingerprint = Fingerprint([0xf1; 16]);
const FROZEN: &str = "these bytes are in logs and are never rewritten: restore the encoding, or add a new version of \
                      the kind beside the old one";

fn file_name(kind: u16, name: &str, version: u16) -> String {
    format!("{kind}-{name}-v{version}.hex")
}

/// A record around the event as the second of a log would be.
fn record(event: &Event, payload: &[u8]) -> Vec<u8> {
    let organisation = OrganisationId([0x0a; 16]);
    let envelope = Envelope {
        organisation,
        position: 1,
        previous: Hash::genesis(organisation),
        kind: event.kind(),
        version: event.version(),
        recorded_at: Timestamp(1_770_000_000_000_000),
        occurred_at: Timestamp(1_769_999_999_999_999),
        actor: ActorId(7),
        command: CommandId([0xcc; 16]),
        part: 0,
        parts: 1,
    };
    let mut bytes = Vec::new();
    envelope.write(payload, &mut bytes).unwrap();
    bytes
}

fn golden(event: &Event) -> String {
    let first = event.encode(Some(FINGERPRINT)).unwrap();
    let record = record(event, &first);
    let hash = Hash::of_record(&record).0.to_vec();
    file::write(
        &format!("{} {}, version {}", event.kind(), event.name(), event.version()),
        &[
            ("payload", event.encode(None).unwrap()),
            ("payload with fingerprint", first),
            ("record", record),
            ("hash", hash),
        ],
    )
}

#[test]
fn every_kind_of_the_catalogue_has_a_sample() {
    let samples: Vec<_> =
        samples::samples().iter().map(|event| (event.kind(), event.name(), event.version())).collect();
    assert_eq!(samples, CATALOGUE, "add the missing kind to samples.rs");
}

#[test]
fn every_event_encodes_to_its_golden_bytes() {
    for event in samples::samples() {
        let path = file::folder().join(file_name(event.kind(), event.name(), event.version()));
        let now = golden(&event);
        match fs::read_to_string(&path) {
            Ok(stored) => assert!(stored == now, "{}: {FROZEN}\nnow:\n{now}", path.display()),
            Err(_) if std::env::var("GOLDEN").as_deref() == Ok("write") => fs::write(&path, now).unwrap(),
            Err(_) => panic!("{} is missing: run with GOLDEN=write once", path.display()),
        }
    }
}

#[test]
fn every_golden_file_still_decodes() {
    let mut versions = BTreeSet::new();
    for entry in fs::read_dir(file::folder()).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "hex") {
            continue;
        }
        let sections = file::read(&fs::read_to_string(&path).unwrap());
        let section = |name: &str| {
            let found = sections.iter().find(|(title, _)| title == name);
            &found.unwrap_or_else(|| panic!("{} has no {name}", path.display())).1
        };
        let record = RecordView::parse(section("record")).unwrap();
        let (kind, version) = (record.envelope.kind, record.envelope.version);
        assert_eq!(record.payload, section("payload with fingerprint"), "{}", path.display());
        assert_eq!(record.hash().0.as_slice(), section("hash"), "{}", path.display());

        let (first, event) = Event::decode_canonical(kind, version, record.payload).unwrap();
        let (later, same) = Event::decode_canonical(kind, version, section("payload")).unwrap();
        assert_eq!((first, later), (Some(FINGERPRINT), None), "{}", path.display());
        assert_eq!(event, same, "{}", path.display());
        let name = path.file_name().unwrap().to_str().unwrap();
        assert_eq!(name, file_name(kind, event.name(), version));
        versions.insert((kind, version));
    }
    for &(kind, name, version) in CATALOGUE {
        for version in 1..=version {
            assert!(
                versions.contains(&(kind, version)),
                "{} is missing: run again with GOLDEN=write",
                file_name(kind, name, version)
            );
        }
    }
}

//! Timestamps of a local authority: `openssl ts` behind a small HTTP server. Its own verifier agrees with ours.
#![expect(clippy::unwrap_used, reason = "tests")]

#[path = "support/authority.rs"]
mod authority;
mod support;

use std::fs;
use std::path::{Path, PathBuf};

use authority::{Local, Mood, has_openssl};
use soticket_ledger::proof::{Note, PublishedFolder};
use soticket_schema::Timestamp;
use soticket_witness::{Authority, timestamp, verify_timestamp};
use support::Log;
use tempfile::TempDir;

const ORIGIN: &str = "ledger.example/a";

/// A folder of published logs with one checkpoint, and the checkpoint.
fn published(size: u64) -> (TempDir, Note) {
    let folder = tempfile::tempdir().unwrap();
    let note = Log(0).note(ORIGIN, size);
    publish(folder.path(), &note);
    (folder, note)
}

fn publish(folder: &Path, note: &Note) {
    fs::create_dir_all(folder.join("a")).unwrap();
    fs::write(folder.join("a/checkpoint"), note.to_string()).unwrap();
}

fn kept(folder: &TempDir, size: u64) -> PathBuf {
    folder.path().join(format!("a/checkpoints/{size}.tsr"))
}

fn code(folder: &TempDir, authority: &Authority) -> &'static str {
    timestamp(folder.path(), "a", authority).unwrap_err().code()
}

#[test]
fn a_checkpoint_is_timestamped_once_and_both_verifiers_believe_it() {
    if !has_openssl() {
        return;
    }
    let kinds = [
        ("-algorithm RSA -pkeyopt rsa_keygen_bits:2048", "sha256", "sha256"),
        ("-algorithm EC -pkeyopt ec_paramgen_curve:P-256", "sha384", "sha1"),
        ("-algorithm EC -pkeyopt ec_paramgen_curve:P-384", "sha256", "sha512"),
    ];
    for (key, digest, identifier) in kinds {
        let local = Local::start(key, digest, identifier);
        let (folder, note) = published(12);
        let given = timestamp(folder.path(), "a", &local.authority(Some("root"))).unwrap().unwrap();
        assert_eq!(given.size, 12);
        assert!(given.time > Timestamp::parse("2024-01-01T00:00:00Z").unwrap(), "{}", given.time);
        let tsr = fs::read(kept(&folder, 12)).unwrap();
        assert_eq!(verify_timestamp(&tsr, &note.text, &local.pem("root")), Ok(given.time), "{key}");
        assert!(local.openssl_verifies(&note.text, &tsr, "root"));
        let kept_note = PublishedFolder::new(folder.path().join("a")).kept(12).unwrap();
        assert_eq!(kept_note, Some(note.clone()), "what is timestamped is kept");

        // It has one: nobody is asked, and who cannot be asked does not matter.
        local.is(Mood::Busy);
        assert_eq!(timestamp(folder.path(), "a", &local.authority(None)).unwrap(), Some(given));
        // Roots with a chain in between are as good.
        let both = local.pem("middle") + &local.pem("root");
        assert_eq!(verify_timestamp(&tsr, &note.text, &both), Ok(given.time));
        // Another authority's certificate does not vouch for it; openssl says the same.
        let other = verify_timestamp(&tsr, &note.text, &local.pem("other")).unwrap_err();
        assert_eq!(other.code(), "TIMESTAMP_UNTRUSTED", "{other}");
        assert!(!local.openssl_verifies(&note.text, &tsr, "other"));
        let text = Log(0).note(ORIGIN, 13).text;
        assert_eq!(
            verify_timestamp(&tsr, &text, &local.pem("root")).unwrap_err().code(),
            "TIMESTAMP_IMPRINT_OTHER"
        );
        for roots in ["", "nonsense", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"] {
            let unusable = verify_timestamp(&tsr, &note.text, roots).unwrap_err();
            assert_eq!(unusable.code(), "TIMESTAMP_ROOTS_UNUSABLE", "{roots}");
        }
    }
}

/// Each byte of a token that matters is changed. What still verifies says the same, as in openssl's eyes.
#[test]
fn a_changed_token_proves_nothing() {
    if !has_openssl() {
        return;
    }
    let local = Local::start("-algorithm EC -pkeyopt ec_paramgen_curve:P-256", "sha256", "sha256");
    let (folder, note) = published(12);
    let given = timestamp(folder.path(), "a", &local.authority(Some("root"))).unwrap().unwrap();
    let tsr = fs::read(kept(&folder, 12)).unwrap();
    let root = local.pem("root");
    let mut believed = Vec::new();
    for place in 0..tsr.len() {
        let mut changed = tsr.clone();
        changed[place] ^= 1;
        match verify_timestamp(&changed, &note.text, &root) {
            Ok(time) => {
                assert_eq!(time, given.time, "byte {place}");
                believed.push(place);
            }
            Err(error) => assert!(error.code().starts_with("TIMESTAMP_"), "{error}"),
        }
    }
    // What is left are the status, numbers of versions and names of algorithms as good, which nobody signs.
    assert!(believed.len() <= 12, "{believed:?} of {}", tsr.len());
    for cut in [0, 1, tsr.len() / 2, tsr.len() - 1] {
        assert_eq!(
            verify_timestamp(&tsr[..cut], &note.text, &root).unwrap_err().code(),
            "TIMESTAMP_MALFORMED"
        );
    }
    // A damaged file is asked for again.
    let mut changed = tsr.clone();
    changed.truncate(100);
    fs::write(kept(&folder, 12), &changed).unwrap();
    let again = timestamp(folder.path(), "a", &local.authority(Some("root"))).unwrap().unwrap();
    assert!(again.time >= given.time);
    assert!(verify_timestamp(&fs::read(kept(&folder, 12)).unwrap(), &note.text, &root).is_ok());
}

#[test]
fn an_answer_that_is_not_to_the_request_is_not_kept() {
    if !has_openssl() {
        return;
    }
    let local = Local::start("-algorithm EC -pkeyopt ec_paramgen_curve:P-256", "sha256", "sha256");
    let (folder, _) = published(12);
    let authority = local.authority(None);
    assert_eq!(timestamp(folder.path(), "nobody", &authority), Ok(None));
    for (mood, expected) in [
        (Mood::OtherText, "TIMESTAMP_IMPRINT_OTHER"),
        (Mood::Nonsense, "TIMESTAMP_MALFORMED"),
        (Mood::Busy, "TIMESTAMP_ANSWER_UNEXPECTED"),
        (Mood::Rejecting, "TIMESTAMP_NOT_GRANTED"),
    ] {
        local.is(mood);
        assert_eq!(code(&folder, &authority), expected);
        assert!(!kept(&folder, 12).exists(), "{expected}");
    }
    let unreachable = Authority { url: "http://127.0.0.1:9/".to_owned(), roots: None };
    assert_eq!(code(&folder, &unreachable), "TIMESTAMP_UNREACHABLE");
    local.is(Mood::Right);
    assert_eq!(code(&folder, &local.authority(Some("other"))), "TIMESTAMP_UNTRUSTED");
    // A replay: of the same text, but to the request before.
    local.is(Mood::Earlier);
    assert_eq!(code(&folder, &authority), "TIMESTAMP_NONCE_OTHER");
    assert!(!kept(&folder, 12).exists());
    local.is(Mood::Right);
    timestamp(folder.path(), "a", &authority).unwrap().unwrap();
    // The next checkpoint has one of its own.
    publish(folder.path(), &Log(0).note(ORIGIN, 20));
    assert_eq!(timestamp(folder.path(), "a", &authority).unwrap().unwrap().size, 20);
    assert!(kept(&folder, 12).exists() && kept(&folder, 20).exists());
}

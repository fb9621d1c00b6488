//! Two members of a cooperative, each with a ledger, published logs and a witness of the other, over HTTP. One of them
//! goes back to an older copy of everything it has; the other notices.
#![expect(clippy::unwrap_used, reason = "tests")]

#[path = "../../ledger/tests/support/folders.rs"]
mod folders;
mod support;
#[path = "../../ledger/tests/support/venue.rs"]
#[allow(dead_code, reason = "tests of the ledger use the rest")]
mod venue;

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use folders::copy;
use soticket_ledger::proof::{
    Checkpoint, Note, Policy, PublishOptions, PublishedFolder, Publisher, VerifierKey, cosigned_at,
};
use soticket_ledger::{Ledger, Options};
use soticket_schema::OrganisationId;
use soticket_witness::{SubmitError, Submitted, Witness, WitnessAddress, submit};
use support::serve;
use venue::{Venue, fixed_clock};

/// A member's machine.
struct Member {
    folder: tempfile::TempDir,
    name: &'static str,
    organisation: OrganisationId,
}

/// Its open ledger.
struct Open {
    ledger: Ledger,
    publisher: Publisher,
}

impl Member {
    fn new(name: &'static str, number: u8) -> Self {
        Self { folder: tempfile::tempdir().unwrap(), name, organisation: OrganisationId([number; 16]) }
    }

    fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn open(&self) -> Open {
        let options = Options { clock: fixed_clock(), ..Options::default() };
        let ledger = Ledger::open(&self.at("data"), options).unwrap();
        let options = PublishOptions {
            folder: self.at("data/published"),
            promises: self.at("data-keys/promises"),
            origin: self.name.to_owned(),
        };
        Open { publisher: Publisher::new(ledger.clone(), options), ledger }
    }

    fn published(&self) -> PublishedFolder {
        PublishedFolder::new(self.at("data/published").join(self.organisation.to_string()))
    }

    fn submit(&self, witness: &WitnessAddress) -> Submitted {
        let log = self.organisation.to_string();
        submit(&self.at("data/published"), &log, std::slice::from_ref(witness)).unwrap().unwrap()
    }

    /// A witness of these logs on this machine.
    fn witness(&self, logs: &[VerifierKey]) -> WitnessAddress {
        let name = format!("witness.{}", self.name);
        let witness = Witness::open(&self.at("witness"), Some(&name), logs).unwrap();
        let key = witness.verifier().clone();
        WitnessAddress { key, url: serve(Arc::new(witness)) }
    }

    /// Data, keys and all that was promised.
    fn copy(&self, from: &str, to: &str) {
        for part in ["data", "data-keys"] {
            let to = self.at(&part.replace("data", to));
            let _ = fs::remove_dir_all(&to);
            copy(&self.at(&part.replace("data", from)), &to);
        }
    }
}

impl Open {
    fn sell(&self, venue: &Venue, numbers: std::ops::Range<u32>, history: &str) {
        for number in numbers {
            self.ledger.submit_blocking(venue.sale(format!("{history} {number}"), venue.web, 1, "")).unwrap();
        }
    }

    fn publish(&self, member: &Member) -> Checkpoint {
        self.publisher.publish(member.organisation).unwrap().text.parse().unwrap()
    }

    fn close(self) {
        drop(self.publisher);
        self.ledger.close();
    }
}

fn cosigned(submitted: &Submitted) -> u64 {
    *submitted.outcomes[0].cosigned.as_ref().unwrap()
}

fn refused(submitted: &Submitted) -> SubmitError {
    submitted.outcomes[0].cosigned.clone().unwrap_err()
}

#[test]
fn members_witness_each_other_and_one_that_goes_back_is_refused() {
    let (north, south) = (Member::new("north.example", 1), Member::new("south.example", 2));
    let (at_north, at_south) = (north.open(), south.open());
    let sales = Venue::open(&at_north.ledger, north.organisation, 900, 800, 50);
    let others = Venue::open(&at_south.ledger, south.organisation, 900, 800, 50);
    at_south.sell(&others, 0..20, "south");
    let first = at_north.publish(&north);
    at_south.publish(&south);
    let of_north = south.witness(&at_north.publisher.keys(north.organisation));
    let of_south = north.witness(&at_south.publisher.keys(south.organisation));

    // Both ways, and again as the logs grow.
    cosigned(&north.submit(&of_north));
    cosigned(&south.submit(&of_south));
    assert_eq!(north.published().witnessed(&of_north.key), Some(first.size));
    at_north.sell(&sales, 0..300, "kept");
    let grown = at_north.publish(&north);
    assert!(grown.size > 300);
    let time = cosigned(&north.submit(&of_north));
    for note in [north.published().checkpoint(), north.published().kept(grown.size)] {
        let note: Note = note.unwrap().unwrap();
        assert_eq!(cosigned_at(&note, &of_north.key), Ok(time));
        Checkpoint::open(&note, &at_north.publisher.keys(north.organisation)).unwrap();
        let policy = format!(
            "log {}\nwitness S {}\nquorum S\n",
            at_north.publisher.keys(north.organisation)[0],
            of_north.key
        );
        assert!(policy.parse::<Policy>().unwrap().reached(&note).unwrap().quorum);
    }
    // Asked again there is nothing to ask; receipts carry the cosignature.
    assert_eq!(cosigned(&north.submit(&of_north)), time);
    let receipt = at_north.publisher.inclusion(north.organisation, 17).unwrap();
    assert_eq!(cosigned_at(&receipt.checkpoint, &of_north.key), Ok(time));
    assert_eq!(at_north.publish(&north), grown, "nothing new is signed");
    cosigned_at(&north.published().checkpoint().unwrap().unwrap(), &of_north.key).unwrap();

    // A copy of everything, and sales that are cosigned after it.
    at_north.close();
    north.copy("data", "copy");
    let at_north = north.open();
    at_north.sell(&sales, 300..420, "kept");
    let promised = at_north.publish(&north);
    cosigned(&north.submit(&of_north));
    at_north.close();

    // North goes back, keys and promises included, and sells otherwise: shorter first, longer later.
    north.copy("copy", "data");
    let at_north = north.open();
    at_north.sell(&sales, 300..340, "rewritten");
    let shorter = at_north.publish(&north);
    assert!(shorter.size < promised.size, "its own promise was taken back with it: it signs");
    let refusal = refused(&north.submit(&of_north));
    assert_eq!(refusal, SubmitError::Ahead { witnessed: promised.size, size: shorter.size });
    assert!(refusal.is_alarm());
    at_north.sell(&sales, 340..420, "rewritten");
    let same = at_north.publish(&north);
    assert_eq!(same.size, promised.size);
    let refusal = refused(&north.submit(&of_north));
    assert!(
        matches!(&refusal, SubmitError::Forked(told) if told.starts_with("WITNESS_OTHER_ROOT")),
        "{refusal}"
    );
    at_north.sell(&sales, 420..450, "rewritten");
    at_north.publish(&north);
    let refusal = refused(&north.submit(&of_north));
    assert!(
        matches!(&refusal, SubmitError::Forked(told) if told.starts_with("WITNESS_UNPROVED")),
        "{refusal}"
    );
    assert!(refusal.is_alarm());
    let newest = north.published().checkpoint().unwrap().unwrap();
    assert_eq!(cosigned_at(&newest, &of_north.key).unwrap_err().code(), "SIGNATURE_ABSENT");
    at_north.close();

    // South is none the worse for it.
    at_south.sell(&others, 20..40, "south");
    at_south.publish(&south);
    cosigned(&south.submit(&of_south));
    at_south.close();
}

#[test]
fn what_goes_wrong_with_a_witness_is_told_and_keeps_no_other_from_cosigning() {
    let (north, south) = (Member::new("north.example", 1), Member::new("south.example", 2));
    let at_north = north.open();
    let sales = Venue::open(&at_north.ledger, north.organisation, 900, 800, 50);
    at_north.publish(&north);
    let keys = at_north.publisher.keys(north.organisation);
    let good = south.witness(&keys);
    let stranger = Member::new("strange.example", 3).witness(&[support::log_key("x").verifier().clone()]);
    let other_keys = [support::log_key(keys[0].name()).verifier().clone()];
    let ignorant = Member::new("ignorant.example", 4).witness(&other_keys);
    let mistaken = WitnessAddress { key: stranger.key.clone(), url: good.url.clone() };
    let gone = WitnessAddress { key: good.key.clone(), url: "http://127.0.0.1:9".to_owned() };
    let log = north.organisation.to_string();
    let published = north.at("data/published");
    let all = [stranger, ignorant, mistaken, gone, good.clone()];
    let outcomes = submit(&published, &log, &all).unwrap().unwrap().outcomes;
    let codes: Vec<&str> =
        outcomes.iter().map(|one| one.cosigned.as_ref().map_or_else(SubmitError::code, |_| "")).collect();
    let expected = [
        "WITNESS_ORIGIN_UNKNOWN",
        "WITNESS_KEY_UNKNOWN",
        "WITNESS_COSIGNATURE_WRONG",
        "WITNESS_UNREACHABLE",
        "",
    ];
    assert_eq!(codes, expected, "{outcomes:?}");

    // A witness that has seen more than the folder says, and one whose size was never noted: both tell it.
    at_north.sell(&sales, 0..10, "kept");
    at_north.publish(&north);
    fs::remove_file(published.join(&log).join("witnessed")).unwrap();
    let again = submit(&published, &log, std::slice::from_ref(&good)).unwrap().unwrap();
    assert!(again.outcomes[0].cosigned.is_ok(), "{again:?}");

    // Damaged tiles do not accuse the log: the witness is not asked.
    at_north.sell(&sales, 10..20, "kept");
    at_north.publish(&north);
    let tiles = published.join(&log).join("tile/0/000.p");
    let tile = fs::read_dir(&tiles).unwrap().map(|file| file.unwrap().path()).max().unwrap();
    let newest = fs::read_dir(&tiles).unwrap().count();
    assert!(newest >= 1);
    let widest = fs::read_dir(&tiles)
        .unwrap()
        .filter_map(|file| file.unwrap().file_name().to_str()?.parse::<u64>().ok());
    let tile = tile.with_file_name(widest.max().unwrap().to_string());
    let mut bytes = fs::read(&tile).unwrap();
    bytes[40] ^= 1;
    fs::write(&tile, bytes).unwrap();
    let damaged = submit(&published, &log, &[good]).unwrap().unwrap();
    assert_eq!(refused(&damaged).code(), "WITNESS_PROOF_UNAVAILABLE");
    assert_eq!(submit(&published, "nobody", &[]).unwrap(), None);
    at_north.close();
}

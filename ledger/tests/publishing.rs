//! Published logs: what is signed holds, across crashes, restored backups and damaged folders.
#![expect(clippy::unwrap_used, reason = "tests")]

#[path = "support/folders.rs"]
mod folders;
#[path = "support/venue.rs"]
#[allow(dead_code, reason = "every test uses its own part")]
mod venue;

use std::fs;
use std::ops::ControlFlow;
use std::path::PathBuf;

use folders::{contents, copy};
use soticket_ledger::proof::{
    Bundle, Checkpoint, Frontier, Note, ProofError, PublishError, PublishOptions, PublishedFolder, Publisher,
    TreeHash, check_consistency, checkpoint_of, tiles_of,
};
use soticket_ledger::{Ledger, Options};
use soticket_schema::CommandBody;
use soticket_schema::command::{RegisterCheckpointKey, RetireCheckpointKey};
use soticket_schema::ids::*;
use venue::{Venue, command, fixed_clock};

const ORGANISATION: OrganisationId = OrganisationId([5; 16]);

/// A data folder with keys and published logs beside it.
struct Place {
    folder: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn open(&self) -> (Ledger, Publisher) {
        let options = Options { clock: fixed_clock(), ..Options::default() };
        let ledger = Ledger::open(&self.at("data"), options).unwrap();
        let publisher = Publisher::new(
            ledger.clone(),
            PublishOptions {
                folder: self.at("data/published"),
                promises: self.at("data-keys/promises"),
                origin: "ledger.example".to_owned(),
            },
        );
        (ledger, publisher)
    }

    fn copy(&self, from: &str, to: &str) {
        copy(&self.at(from), &self.at(to));
    }

    fn replace(&self, name: &str, by: &str) {
        fs::remove_dir_all(self.at(name)).unwrap();
        self.copy(by, name);
    }
}

fn records(ledger: &Ledger) -> Vec<Vec<u8>> {
    let mut records = Vec::new();
    ledger
        .log()
        .read(ORGANISATION, 0, &mut |record| {
            records.push(record.bytes.to_vec());
            ControlFlow::Continue(())
        })
        .unwrap();
    records
}

fn sell(ledger: &Ledger, venue: &Venue, from: usize, count: usize) {
    for number in from..from + count {
        ledger.submit_blocking(venue.sale(format!("sale {number}"), venue.web, 1, "")).unwrap();
    }
}

/// The folder holds exactly the log: every entry, every hash, and the root that is signed.
fn assert_published(publisher: &Publisher, ledger: &Ledger, note: &Note) -> Checkpoint {
    let folder = publisher.folder(ORGANISATION);
    let keys = publisher.keys(ORGANISATION);
    assert_eq!(folder.keys().unwrap(), keys);
    let checkpoint = Checkpoint::open(note, &keys).unwrap();
    assert_eq!(checkpoint.origin, format!("ledger.example/{ORGANISATION}"));
    let records = records(ledger);
    let records = &records[..checkpoint.size as usize];
    let mut frontier = Frontier::default();
    records.iter().for_each(|record| frontier.push(TreeHash::leaf(record)));
    assert_eq!(frontier.root(), checkpoint.root);
    let mut entries = Vec::new();
    for tile in tiles_of(0, checkpoint.size) {
        let bytes = folder.tile(tile).unwrap().unwrap();
        if tile.to_string().starts_with("tile/entries/") {
            entries.extend(Bundle::new(&bytes).map(|entry| entry.unwrap().to_vec()));
        } else {
            let hashes = tile.hashes(&bytes).unwrap();
            let level = tile.to_string().split('/').nth(1).unwrap().parse::<u32>().unwrap();
            for (number, hash) in (tile.first()..).zip(hashes) {
                let span = 256_usize.pow(level);
                let mut part = Frontier::default();
                let covered = &records[number as usize * span..(number as usize + 1) * span];
                covered.iter().for_each(|record| part.push(TreeHash::leaf(record)));
                assert_eq!(hash, part.root(), "{tile} {number}");
            }
        }
    }
    assert_eq!(entries, records);
    checkpoint
}

#[test]
fn a_log_is_published_as_it_grows_and_every_record_can_be_proved() {
    let place = Place::new();
    let (ledger, publisher) = place.open();
    let venue = Venue::open(&ledger, ORGANISATION, 1_000, 900, 50);
    let mut before: Option<Checkpoint> = None;
    for (step, count) in [1, 0, 99, 130, 1].into_iter().enumerate() {
        sell(&ledger, &venue, step * 1_000, count);
        let note = publisher.publish(ORGANISATION).unwrap();
        let checkpoint = assert_published(&publisher, &ledger, &note);
        assert_eq!(checkpoint.size, ledger.head(ORGANISATION).unwrap().length);
        if let Some(old) = before {
            let proof = publisher.consistency(ORGANISATION, old.size, checkpoint.size).unwrap();
            let (old, new) = ((old.size, old.root), (checkpoint.size, checkpoint.root));
            check_consistency(old, new, &proof).unwrap();
            if old.0 != new.0 {
                assert_eq!(
                    check_consistency((old.0, TreeHash([1; 32])), new, &proof),
                    Err(ProofError::Consistency)
                );
            }
        }
        before = Some(checkpoint);
    }
    let keys = publisher.keys(ORGANISATION);
    let records = records(&ledger);
    for position in [0, 1, 255, 256, records.len() - 1] {
        let file = publisher.inclusion(ORGANISATION, position as u64).unwrap();
        assert_eq!(file.extra.as_ref(), Some(&records[position]));
        file.check(&records[position], &keys).unwrap();
        assert!(file.check(&records[(position + 1) % records.len()], &keys).is_err());
    }
    let length = records.len() as u64;
    let beyond = Err(PublishError::BeyondLog { length });
    assert_eq!(publisher.root(ORGANISATION, length + 1), beyond);
    let past = publisher.checkpoint_at(ORGANISATION, 7).unwrap();
    assert_eq!(checkpoint_of(&past).unwrap().root, publisher.root(ORGANISATION, 7).unwrap());
    past.verify(&keys[0]).unwrap();
    assert_eq!(publisher.publish(OrganisationId([9; 16])), Err(PublishError::OrganisationUnknown));
}

#[test]
fn publishing_goes_on_after_a_restart_and_after_a_crash_between_any_two_writes() {
    let place = Place::new();
    let (ledger, publisher) = place.open();
    let venue = Venue::open(&ledger, ORGANISATION, 2_000, 1_900, 50);
    sell(&ledger, &venue, 0, 100);
    publisher.publish(ORGANISATION).unwrap();
    place.copy("data/published", "published before");
    place.copy("data-keys/promises", "promises before");
    sell(&ledger, &venue, 1_000, 200);
    let newest = publisher.publish(ORGANISATION).unwrap();
    drop((ledger, publisher));
    let log = format!("data/published/{ORGANISATION}");

    // Whole tiles and parts are there, the promise and the checkpoint are not.
    fs::copy(
        place.at(&format!("published before/{ORGANISATION}/checkpoint")),
        place.at(&format!("{log}/checkpoint")),
    )
    .unwrap();
    place.copy("data-keys/promises", "promises after");
    place.replace("data-keys/promises", "promises before");
    let (ledger, publisher) = place.open();
    assert_eq!(publisher.publish(ORGANISATION).unwrap().text, newest.text);
    drop((ledger, publisher));

    // The promise is there, the checkpoint is not; the tiles are those of before.
    place.replace("data/published", "published before");
    let (ledger, publisher) = place.open();
    let note = publisher.publish(ORGANISATION).unwrap();
    assert_eq!(note.text, newest.text);
    assert_published(&publisher, &ledger, &note);
    sell(&ledger, &venue, 2_000, 60);
    assert_published(&publisher, &ledger, &publisher.publish(ORGANISATION).unwrap());
}

#[test]
fn a_damaged_or_absent_folder_is_made_anew_from_the_log() {
    let place = Place::new();
    let (ledger, publisher) = place.open();
    let venue = Venue::open(&ledger, ORGANISATION, 2_000, 1_900, 50);
    sell(&ledger, &venue, 0, 300);
    let note = publisher.publish(ORGANISATION).unwrap();
    drop((ledger, publisher));
    let log = place.at(&format!("data/published/{ORGANISATION}"));
    let size = checkpoint_of(&note).unwrap().size;
    let part =
        tiles_of(0, size).find(|tile| tile.to_string().starts_with("tile/0/") && !tile.is_whole()).unwrap();
    let damage: [&dyn Fn(); 4] = [
        &|| fs::remove_dir_all(&log).unwrap(),
        &|| fs::write(log.join(part.to_string()), b"short").unwrap(),
        &|| fs::write(log.join("checkpoint"), b"no note").unwrap(),
        &|| fs::remove_file(log.join("checkpoint")).unwrap(),
    ];
    for damage in damage {
        damage();
        let (ledger, publisher) = place.open();
        let again = publisher.publish(ORGANISATION).unwrap();
        assert_eq!(again, note);
        assert_published(&publisher, &ledger, &again);
        drop((ledger, publisher));
    }
    fs::write(place.at(&format!("data-keys/promises/{ORGANISATION}")), b"damaged").unwrap();
    let (_ledger, publisher) = place.open();
    assert_eq!(publisher.publish(ORGANISATION).unwrap_err().code(), "PUBLISHED_FOLDER_UNUSABLE");
}

#[test]
fn a_log_restored_from_a_backup_signs_no_second_history() {
    let place = Place::new();
    let (ledger, publisher) = place.open();
    let venue = Venue::open(&ledger, ORGANISATION, 2_000, 1_900, 50);
    sell(&ledger, &venue, 0, 10);
    publisher.publish(ORGANISATION).unwrap();
    drop((ledger, publisher));
    place.copy("data", "yesterday");
    let (ledger, publisher) = place.open();
    // Far enough for whole tiles that the other history would make.
    sell(&ledger, &venue, 100, 300);
    let lost = checkpoint_of(&publisher.publish(ORGANISATION).unwrap()).unwrap();
    drop((ledger, publisher));
    let published = place.at("data/published");
    copy(&published, &place.at("published elsewhere"));
    place.replace("data", "yesterday");

    let (ledger, publisher) = place.open();
    let length = ledger.head(ORGANISATION).unwrap().length;
    let refused = Err(PublishError::RolledBack { promised: lost.size, length });
    assert_eq!(publisher.publish(ORGANISATION), refused);
    sell(&ledger, &venue, 500, 320);
    let before = contents(&published);
    let forked = publisher.publish(ORGANISATION);
    assert_eq!(forked, Err(PublishError::Forked { size: lost.size }), "longer again, but another history");
    let elsewhere = PublishedFolder::new(place.at(&format!("published elsewhere/{ORGANISATION}")));
    assert_eq!(checkpoint_of(&elsewhere.checkpoint().unwrap().unwrap()), Some(lost));
    assert_eq!(publisher.publish(ORGANISATION), forked);
    assert_eq!(contents(&published), before, "what is refused leaves the folder of yesterday as it was");
}

#[test]
fn a_kept_checkpoint_is_given_again_only_if_it_says_what_the_log_says() {
    let place = Place::new();
    let (ledger, publisher) = place.open();
    let venue = Venue::open(&ledger, ORGANISATION, 100, 90, 5);
    sell(&ledger, &venue, 0, 5);
    let first = publisher.checkpoint_at(ORGANISATION, 7).unwrap();
    let other = publisher.checkpoint_at(ORGANISATION, 8).unwrap();
    sell(&ledger, &venue, 10, 5);
    publisher.publish(ORGANISATION).unwrap();
    let kept = place.at(&format!("data/published/{ORGANISATION}/checkpoints/7"));
    for wrong in [other.to_string(), first.to_string().replace("ledger", "Ledger"), "no note".to_owned()] {
        fs::write(&kept, wrong).unwrap();
        assert_eq!(publisher.checkpoint_at(ORGANISATION, 7).unwrap(), first);
        assert_eq!(fs::read_to_string(&kept).unwrap(), first.to_string());
    }
}

#[test]
fn a_new_key_signs_what_comes_and_what_an_old_one_signed_stays_signed() {
    let place = Place::new();
    let (ledger, publisher) = place.open();
    let venue = Venue::open(&ledger, ORGANISATION, 100, 90, 5);
    let first = publisher.publish(ORGANISATION).unwrap();
    let origin = format!("ledger.example/{ORGANISATION}");
    let register = CommandBody::RegisterCheckpointKey(RegisterCheckpointKey { origin });
    ledger.submit_blocking(command(ORGANISATION, "second key", register)).unwrap();
    let retire = CommandBody::RetireCheckpointKey(RetireCheckpointKey { key: CheckpointKeyId(1) });
    ledger.submit_blocking(command(ORGANISATION, "first key ends", retire)).unwrap();
    sell(&ledger, &venue, 0, 3);
    let second = publisher.publish(ORGANISATION).unwrap();
    let keys = publisher.keys(ORGANISATION);
    assert_eq!(keys.len(), 2);
    assert_eq!((first.verify(&keys[0]), second.verify(&keys[1])), (Ok(()), Ok(())));
    assert!(second.verify(&keys[0]).is_err(), "the retired key signs no more");
    drop((ledger, publisher));
    let (_ledger, publisher) = place.open();
    assert_eq!(publisher.keys(ORGANISATION), keys, "the keys are read from the log again");
    let again = publisher.publish(ORGANISATION).unwrap();
    assert_eq!(again, second);
    let seeds_in = |name: &str| {
        let keys = fs::read_dir(place.at(name)).unwrap();
        keys.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect::<Vec<_>>()
    };
    assert!(!seeds_in("data/published").iter().any(|name| name.contains("seed")));
}

#[test]
fn the_cooperative_holds_every_member_to_its_checkpoints() {
    let place = Place::new();
    let other = OrganisationId([6; 16]);
    let (ledger, publisher) = place.open();
    assert_eq!(publisher.publish_cooperative(), Ok(None));
    let venue = Venue::open(&ledger, ORGANISATION, 100, 90, 5);
    Venue::open(&ledger, other, 100, 90, 5);
    let mut members = vec![publisher.publish(ORGANISATION).unwrap(), publisher.publish(other).unwrap()];
    publisher.publish_cooperative().unwrap().unwrap();
    sell(&ledger, &venue, 0, 2);
    members.push(publisher.publish(ORGANISATION).unwrap());
    let note = publisher.publish_cooperative().unwrap().unwrap();
    assert_eq!(publisher.publish_cooperative().unwrap(), Some(note.clone()), "nothing is new");
    drop((ledger, publisher));

    let (ledger, publisher) = place.open();
    publisher.publish(ORGANISATION).unwrap();
    assert_eq!(publisher.publish_cooperative().unwrap(), Some(note.clone()));
    sell(&ledger, &venue, 10, 1);
    members.push(publisher.publish(ORGANISATION).unwrap());
    let note = publisher.publish_cooperative().unwrap().unwrap();
    let folder = publisher.cooperative_folder();
    let checkpoint = Checkpoint::open(&note, &folder.keys().unwrap()).unwrap();
    assert_eq!((checkpoint.origin.as_str(), checkpoint.size), ("ledger.example/cooperative", 4));
    let bundle = folder.tile("tile/entries/000.p/4".parse().unwrap()).unwrap().unwrap();
    let entries: Vec<String> =
        Bundle::new(&bundle).map(|entry| String::from_utf8(entry.unwrap().to_vec()).unwrap()).collect();
    assert_eq!(entries, members.iter().map(Note::to_string).collect::<Vec<_>>());
}

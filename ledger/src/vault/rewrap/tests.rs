//! Epochs: keys are wrapped anew, whatever happens in between, and old ones die with the window of backups.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use super::*;
use crate::vault::tests::{ORGANISATION, buyer, commit, open, order, sell};
use crate::vault::{MemoryStore, Vault, Writes};

const DAY: i64 = 86_400_000_000;
const NOW: Timestamp = Timestamp(1_773_000_000_000_000);

fn days(days: i64) -> Timestamp {
    Timestamp(NOW.0 + days * DAY)
}

struct House {
    _folder: tempfile::TempDir,
    data: PathBuf,
    keys: PathBuf,
    store: Arc<MemoryStore>,
    subjects: Vec<SubjectRef>,
}

/// A data folder with `count` persons, closed.
fn house(count: u64) -> House {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    fs::create_dir(&data).unwrap();
    let store = Arc::new(MemoryStore::default());
    let vault = open(&data, &store).unwrap();
    let mut writes = Writes::default();
    let subjects = (1..=count).map(|number| buy(&vault, number, &mut writes)).collect();
    commit(&vault, writes);
    let keys = data.with_extension("keys");
    House { _folder: folder, data, keys, store, subjects }
}

fn buy(vault: &Vault, number: u64, writes: &mut Writes) -> SubjectRef {
    let buyer = buyer(&format!("person-{number}@example.org"), &format!("Person {number}"));
    sell(vault, &order(buyer, 1), number, writes).unwrap()
}

impl House {
    fn open(&self) -> Vault {
        open(&self.data, &self.store).unwrap()
    }

    fn assert_readable(&self, vault: &Vault) {
        for (number, subject) in (1..).zip(&self.subjects) {
            let person = vault.person(ORGANISATION, *subject).unwrap().unwrap();
            assert_eq!(person.name, format!("Person {number}"));
        }
        assert_eq!(vault.unreadable_slots(), 0);
    }

    fn files(&self) -> Vec<String> {
        let names = fs::read_dir(&self.keys).unwrap();
        let mut names: Vec<String> =
            names.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

/// Epochs that the slots of a file state, each once.
fn epochs(path: &Path) -> Vec<u32> {
    let slots = fs::read(path).unwrap();
    let used = slots.chunks(SLOT_BYTES).filter(|slot| slot.iter().any(|byte| *byte != 0));
    let mut epochs: Vec<u32> =
        used.map(|slot| u32::from_be_bytes(slot[36..40].try_into().unwrap())).collect();
    epochs.sort_unstable();
    epochs.dedup();
    epochs
}

#[test]
fn every_key_is_wrapped_by_the_new_epoch_and_those_who_were_erased_have_no_place() {
    let house = house(1_500);
    let vault = house.open();
    let (gone, left) = house.subjects.split_last().unwrap();
    vault.slots.write().erase(&[(ORGANISATION, *gone)]).unwrap();
    let before = fs::metadata(house.data.join("subject-keys")).unwrap().len();
    vault.recorded(2);
    vault.turn(NOW).unwrap();
    let path = house.data.join("subject-keys");
    assert_eq!(epochs(&path), [2]);
    assert_eq!(fs::metadata(&path).unwrap().len(), before - SLOT_BYTES as u64);
    // What comes after goes into the new file.
    let mut writes = Writes::default();
    let late = buy(&vault, 2_000, &mut writes);
    commit(&vault, writes);
    drop(vault);
    let vault = house.open();
    for subject in left.iter().chain([&late]) {
        assert!(vault.person(ORGANISATION, *subject).unwrap().is_some());
    }
    assert_eq!(house.files(), ["epoch-1.key", "epoch-2.key", "epoch-2.since", "root.key"]);
}

#[test]
fn keys_that_are_made_and_erased_while_others_are_wrapped_are_not_lost_and_not_kept() {
    let house = house(4_000);
    let vault = house.open();
    vault.recorded(2);
    let gone = house.subjects[3_999];
    let late = std::thread::scope(|scope| {
        scope.spawn(|| vault.turn(NOW).unwrap());
        let late = scope.spawn(|| {
            let mut writes = Writes::default();
            let late: Vec<SubjectRef> =
                (5_000..5_200).map(|number| buy(&vault, number, &mut writes)).collect();
            commit(&vault, writes);
            vault.slots.write().erase(&[(ORGANISATION, gone)]).unwrap();
            late
        });
        late.join().unwrap()
    });
    drop(vault);
    let vault = house.open();
    assert_eq!(epochs(&house.data.join("subject-keys")), [2]);
    assert!(late.iter().all(|subject| vault.person(ORGANISATION, *subject).unwrap().is_some()));
    assert!(!vault.slots.read().has(ORGANISATION, gone));
    assert_eq!(vault.unreadable_slots(), 0);
}

#[test]
fn an_epoch_is_finished_from_wherever_it_stopped() {
    // Only the event is there; the key is made; the new file is half written; the files are exchanged.
    let steps: [fn(&Vault, &House); 4] = [
        |_, _| {},
        |vault, _| vault.slots.write().epochs.begin(2).unwrap(),
        |vault, house| {
            vault.slots.write().epochs.begin(2).unwrap();
            fs::write(temporary(&house.data.join("subject-keys")), [7; 300]).unwrap();
        },
        |vault, house| {
            vault.slots.write().epochs.begin(2).unwrap();
            let new = NewFile::new(&house.data.join("subject-keys")).unwrap();
            new.run(&vault.slots, &vault.random).unwrap();
        },
    ];
    for step in steps {
        let house = house(20);
        let vault = house.open();
        step(&vault, &house);
        drop(vault);
        let vault = house.open();
        house.assert_readable(&vault);
        assert!(!temporary(&house.data.join("subject-keys")).exists());
        // As the ledger does when it opens, a month late: the window begins only now.
        vault.recorded(2);
        vault.turn(days(30)).unwrap();
        house.assert_readable(&vault);
        assert_eq!(epochs(&house.data.join("subject-keys")), [2]);
        vault.destroy_epochs(days(29)).unwrap();
        assert_eq!(vault.epoch_numbers().oldest, 1);
        vault.destroy_epochs(days(30)).unwrap();
        assert_eq!(vault.epoch_numbers().oldest, 2);
        house.assert_readable(&vault);
    }
}

#[test]
fn keys_die_when_the_window_is_over_and_backups_with_them() {
    let house = house(3);
    let backup = fs::read(house.data.join("subject-keys")).unwrap();
    let doomed = fs::read(house.keys.join("epoch-1.key")).unwrap();
    let vault = house.open();
    for (epoch, now) in [(2, days(0)), (3, days(10))] {
        vault.recorded(epoch);
        vault.turn(now).unwrap();
    }
    assert_eq!(vault.epoch_numbers().next, 4);
    vault.destroy_epochs(days(-1)).unwrap();
    assert_eq!(vault.epoch_numbers().oldest, 1);
    vault.destroy_epochs(days(5)).unwrap();
    assert_eq!(vault.epoch_numbers().oldest, 2, "the second was still in use after that day");
    vault.destroy_epochs(days(10)).unwrap();
    assert_eq!(house.files(), ["epoch-3.key", "epoch-3.since", "root.key"]);
    house.assert_readable(&vault);
    drop(vault);
    house.assert_readable(&house.open());

    // Yesterday's backup opens no more than its records; it says so by the slots that cannot be read.
    fs::write(house.data.join("subject-keys"), &backup).unwrap();
    let vault = house.open();
    assert_eq!(vault.unreadable_slots(), 3);
    for subject in &house.subjects {
        let refused = vault.person(ORGANISATION, *subject).unwrap_err();
        assert_eq!(refused.code(), "VAULT_SUBJECT_KEY_MISSING");
    }
    drop(vault);
    // With the key that was destroyed it would open.
    fs::write(house.keys.join("epoch-1.key"), doomed).unwrap();
    house.assert_readable(&house.open());
}

#[test]
fn a_keys_folder_that_is_older_than_the_data_is_refused_by_name() {
    let house = house(2);
    let vault = house.open();
    vault.recorded(2);
    vault.turn(NOW).unwrap();
    drop(vault);
    let newest = house.keys.join("epoch-2.key");
    let good = fs::read(&newest).unwrap();
    fs::remove_file(&newest).unwrap();
    let refused = open(&house.data, &house.store).err().unwrap();
    assert_eq!(refused.code(), "VAULT_EPOCH_KEY_MISSING");
    fs::remove_file(house.keys.join("epoch-1.key")).unwrap();
    assert_eq!(open(&house.data, &house.store).err().unwrap().code(), "VAULT_EPOCH_KEY_MISSING");
    fs::write(&newest, good).unwrap();
    house.assert_readable(&house.open());
    fs::write(house.keys.join("epoch-2.since"), "nonsense").unwrap();
    assert_eq!(open(&house.data, &house.store).err().unwrap().code(), "VAULT_KEY_FILE_DAMAGED");
}

#[test]
fn a_key_that_is_half_destroyed_is_destroyed_at_the_next_opening() {
    // The name is gone; the bytes are, too.
    for bytes in [None, Some([0_u8; 140].to_vec())] {
        let house = house(2);
        let vault = house.open();
        vault.recorded(2);
        vault.turn(NOW).unwrap();
        drop(vault);
        let doomed = house.keys.join("epoch-1.destroyed");
        fs::rename(house.keys.join("epoch-1.key"), &doomed).unwrap();
        if let Some(bytes) = bytes {
            fs::write(&doomed, bytes).unwrap();
        }
        let vault = house.open();
        assert_eq!(house.files(), ["epoch-2.key", "epoch-2.since", "root.key"]);
        assert_eq!(vault.epoch_numbers().oldest, 2);
        house.assert_readable(&vault);
    }
}

#[test]
fn a_backup_within_the_window_is_wrapped_anew_before_its_keys_may_die() {
    let house = house(3);
    let path = house.data.join("subject-keys");
    let backup = fs::read(&path).unwrap();
    let vault = house.open();
    vault.recorded(2);
    vault.turn(NOW).unwrap();
    drop(vault);
    fs::write(&path, backup).unwrap();
    let vault = house.open();
    vault.destroy_epochs(days(60)).unwrap();
    assert_eq!(vault.epoch_numbers().oldest, 1, "slots need it");
    vault.turn(days(60)).unwrap();
    vault.destroy_epochs(days(60)).unwrap();
    assert_eq!(vault.epoch_numbers().oldest, 2);
    house.assert_readable(&vault);
}

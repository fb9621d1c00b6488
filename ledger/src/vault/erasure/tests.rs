//! What an erasure leaves, wherever it is interrupted.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::*;
use crate::vault::tests::{ORGANISATION, buyer, commit, open, order, sell};
use crate::vault::{MemoryStore, Writes};

const NAME: &str = "Ana Distinctive";
const EMAIL: &str = "ana@distinctive.example";

/// A vault in a folder with Ana's ticket 1 and Bo's ticket 2 in one page, and Ana's ticket 3 in another.
struct House {
    _folder: tempfile::TempDir,
    data: PathBuf,
    store: Arc<MemoryStore>,
    vault: Vault,
    ana: SubjectRef,
    bo: SubjectRef,
    ana_key: [u8; 32],
    codes: Vec<String>,
}

fn house() -> House {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    fs::create_dir(&data).unwrap();
    let store = Arc::new(MemoryStore::default());
    let vault = open(&data, &store).unwrap();
    let mut writes = Writes::default();
    let ana = sell(&vault, &order(buyer(EMAIL, NAME), 1), 1, &mut writes).unwrap();
    let bo = sell(&vault, &order(buyer("bo@example.org", "Bo"), 1), 2, &mut writes).unwrap();
    commit(&vault, writes);
    let mut writes = Writes::default();
    sell(&vault, &order(buyer(EMAIL, NAME), 1), 3, &mut writes);
    commit(&vault, writes);
    let ana_key = **vault.slots.read().key(ana).unwrap();
    let codes = [1, 3].map(|ticket| vault.codes(ORGANISATION, TicketId(ticket)).unwrap().remove(0)).to_vec();
    House { _folder: folder, data, store, vault, ana, bo, ana_key, codes }
}

impl House {
    fn erasure(&self) -> Erasure {
        let belongings = Belongings { tickets: vec![TicketId(1), TicketId(3)], ..Belongings::default() };
        Erasure { organisation: ORGANISATION, subject: self.ana, belongings }
    }

    /// Starts again on what is on the disk, as the ledger does with an erasure that is in its log.
    fn start_again(&mut self) {
        self.vault = open(&self.data, &self.store).unwrap();
        self.vault.hide(self.ana);
        if self.vault.is_unfinished(ORGANISATION, self.ana) {
            self.vault.erase(&[self.erasure()]).unwrap();
        }
    }

    fn assert_gone(&self) {
        let vault = &self.vault;
        assert!(!vault.is_unfinished(ORGANISATION, self.ana));
        assert_eq!(vault.person(ORGANISATION, self.ana).unwrap(), None);
        assert_eq!(vault.subject(ORGANISATION, EMAIL).unwrap(), None);
        for ticket in [1, 3] {
            let refused = vault.codes(ORGANISATION, TicketId(ticket)).unwrap_err();
            assert_eq!(refused.code(), "VAULT_SUBJECT_KEY_MISSING", "it was there, and is not any more");
        }
        let email = persons::email_key(ORGANISATION, vault.keys.email(ORGANISATION, EMAIL));
        assert_eq!(self.store.get(&email).unwrap(), None);
        let slots = fs::read(self.data.join("subject-keys")).unwrap();
        assert!(!holds(&slots, &self.ana.0), "her slot is zeros");
        let stored = format!("{:?}", self.store);
        for secret in [NAME.as_bytes(), EMAIL.as_bytes(), &self.ana_key, self.codes[0].as_bytes()] {
            assert!(!holds(&slots, secret));
            assert!(!stored.contains(format!("{secret:?}").trim_matches(['[', ']'])));
        }
        assert_eq!(vault.person(ORGANISATION, self.bo).unwrap().unwrap().name, "Bo");
        assert_eq!(vault.codes(ORGANISATION, TicketId(2)).unwrap().len(), 1);
        assert_eq!(vault.subject(ORGANISATION, "bo@example.org").unwrap(), Some(self.bo));
    }
}

fn holds(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

#[test]
fn a_person_is_gone_and_stays_gone_and_repeating_it_does_no_harm() {
    let mut house = house();
    house.vault.hide(house.ana);
    house.vault.erase(&[house.erasure()]).unwrap();
    house.assert_gone();
    house.vault.erase(&[house.erasure()]).unwrap();
    house.assert_gone();
    house.start_again();
    house.assert_gone();
}

#[test]
fn an_erasure_is_finished_from_wherever_it_stopped() {
    // Nothing was done yet; the codes were; the person's entry was, the look-up was not; all but the slot was.
    let steps: [fn(&House); 4] = [
        |_| {},
        |house| house.store.put(&house.vault.emptied(&house.erasure()).unwrap()).unwrap(),
        |house| house.store.remove(&[persons::person_key(ORGANISATION, house.ana)]).unwrap(),
        |house| {
            house.store.put(&house.vault.emptied(&house.erasure()).unwrap()).unwrap();
            house.store.remove(&house.vault.person_entries(&house.erasure()).unwrap()).unwrap();
        },
    ];
    for step in steps {
        let mut house = house();
        step(&house);
        assert!(house.vault.is_unfinished(ORGANISATION, house.ana));
        house.start_again();
        house.assert_gone();
    }
}

#[test]
fn whoever_orders_with_the_same_email_is_somebody_new_from_the_decision_on() {
    let house = house();
    house.vault.hide(house.ana);
    // Decided before the erasure is durable, put by the same commit.
    let mut writes = Writes::default();
    let new = sell(&house.vault, &order(buyer(EMAIL, "Ana again"), 1), 4, &mut writes).unwrap();
    assert_ne!(new, house.ana);
    commit(&house.vault, writes);
    house.vault.erase(&[house.erasure()]).unwrap();
    assert_eq!(house.vault.subject(ORGANISATION, EMAIL).unwrap(), Some(new), "her look-up is not taken away");
    assert_eq!(house.vault.person(ORGANISATION, new).unwrap().unwrap().name, "Ana again");
    assert_eq!(house.vault.person(ORGANISATION, house.ana).unwrap(), None);
}

#[test]
fn nobody_of_another_organisation_is_known() {
    let house = house();
    let others = OrganisationId([8; 16]);
    assert!(house.vault.is_unfinished(ORGANISATION, house.ana));
    assert!(!house.vault.is_unfinished(others, house.ana));
}

#[test]
fn a_slot_that_cannot_be_read_is_overwritten_too() {
    let mut house = house();
    let path = house.data.join("subject-keys");
    let mut slots = fs::read(&path).unwrap();
    slots[60] ^= 1;
    fs::write(&path, slots).unwrap();
    house.start_again();
    assert_eq!(house.vault.unreadable_slots(), 0);
    house.assert_gone();
}

#[test]
fn codes_that_are_made_for_somebody_erased_are_nobodys_in_particular() {
    let house = house();
    house.vault.hide(house.ana);
    house.vault.erase(&[house.erasure()]).unwrap();
    // A report about an old order adds a ticket to it.
    let report = order(None, 1);
    let mut prepared = house.vault.prepare(&report).unwrap();
    prepared.subject = Some(house.ana);
    let event = crate::vault::tests::placed(&prepared, 5);
    prepared.subject = None;
    let mut writes = Writes::default();
    house.vault.keep(&report, prepared, [&event].into_iter(), &mut writes).unwrap();
    commit(&house.vault, writes);
    assert!(!house.vault.is_unfinished(ORGANISATION, house.ana), "no new key is made for her");
    assert_eq!(house.vault.codes(ORGANISATION, TicketId(5)).unwrap().len(), 1);
}

/// The last step fails as it does when the disk does: the process stops, and the next start finishes.
#[test]
fn a_store_that_fails_leaves_the_slot_for_the_next_start() {
    struct Failing(Arc<MemoryStore>);
    impl VaultStore for Failing {
        fn put(&self, entries: &[StoredEntry]) -> Result<(), crate::log::LogError> {
            self.0.put(entries)
        }
        fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, crate::log::LogError> {
            self.0.get(key)
        }
        fn floor(&self, prefix: &[u8], key: &[u8]) -> Result<Option<StoredEntry>, crate::log::LogError> {
            self.0.floor(prefix, key)
        }
        fn scan_prefix(&self, prefix: &[u8]) -> Result<Vec<StoredEntry>, crate::log::LogError> {
            self.0.scan_prefix(prefix)
        }
        fn remove(&self, keys: &[Vec<u8>]) -> Result<(), crate::log::LogError> {
            self.0.remove(&keys[..1])?;
            Err(crate::log::LogError::SyncFailed { reason: "no space".to_owned() })
        }
    }
    let mut house = house();
    let keys: &Path = &house.data.with_extension("keys");
    let failing = Vault::open(&house.data, keys, Arc::new(Failing(Arc::clone(&house.store)))).unwrap();
    assert_eq!(failing.erase(&[house.erasure()]).unwrap_err().code(), "LOG_SYNC_FAILED");
    assert!(failing.is_unfinished(ORGANISATION, house.ana));
    drop(failing);
    house.start_again();
    house.assert_gone();
}

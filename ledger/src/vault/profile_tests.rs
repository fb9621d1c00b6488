//! Profiles: what a change keeps, whom an e-mail finds from then on, and that nothing lies in clear.

use std::sync::Arc;

use soticket_schema::command::ChangeProfile;
use soticket_schema::event::v1::{ErasureReason, ProfileChanged, SubjectErased};

use super::tests::{ORGANISATION, buyer, command, commit, open, order, sell};
use super::*;

fn change(subject: Option<SubjectRef>, email: Option<&str>, country: Option<&str>) -> Command {
    let (email, country) = (email.map(str::to_owned), country.map(str::to_owned));
    command(CommandBody::ChangeProfile(ChangeProfile { subject, email, country, ..ChangeProfile::default() }))
}

/// Keeps a change as if it was decided.
fn changed(vault: &Vault, command: &Command, writes: &mut Writes) -> (SubjectRef, Option<SubjectRef>) {
    let prepared = vault.prepare(command).unwrap();
    let (subject, owner) = (prepared.subject.unwrap(), prepared.email_owner);
    let event = ProfileChanged { subject, set: vec![], cleared: vec![], by_person: true }.into();
    vault.keep(command, prepared, [&event].into_iter(), writes).unwrap();
    (subject, owner)
}

#[test]
fn an_order_keeps_what_it_does_not_say_and_a_change_what_it_does_not_name() {
    let vault = Vault::in_memory().unwrap();
    let mut writes = Writes::default();
    let (ana, owner) = changed(&vault, &change(None, Some(" ana@example.org "), Some("FR")), &mut writes);
    assert_eq!(owner, None);
    // All in one commit: each sees the one before.
    assert_eq!(sell(&vault, &order(buyer("ANA@example.org", "Ana"), 1), 1, &mut writes), Some(ana));
    let (again, owner) = changed(&vault, &change(None, Some("ana@example.org"), Some("BE")), &mut writes);
    assert_eq!((again, owner), (ana, Some(ana)));
    assert_eq!(sell(&vault, &order(buyer("ana@example.org", ""), 1), 2, &mut writes), Some(ana));
    commit(&vault, writes);
    let profile = vault.person(ORGANISATION, ana).unwrap().unwrap();
    assert_eq!((profile.email.as_str(), profile.name.as_str()), ("ana@example.org", "Ana"));
    assert_eq!(profile.country, "BE");
    assert!(vault.recent.lock().is_empty() && vault.recent_persons.lock().persons.is_empty());
    let mut writes = Writes::default();
    changed(&vault, &change(Some(ana), None, Some("")), &mut writes);
    commit(&vault, writes);
    let profile = vault.person(ORGANISATION, ana).unwrap().unwrap();
    assert_eq!((profile.name.as_str(), profile.country.as_str()), ("Ana", ""));
}

#[test]
fn another_email_is_found_from_then_on_and_the_old_one_is_nobodys() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    std::fs::create_dir(&data).unwrap();
    let store = Arc::new(MemoryStore::default());
    let vault = open(&data, &store).unwrap();
    let mut writes = Writes::default();
    let ana = sell(&vault, &order(buyer("old@example.org", "Ana"), 1), 1, &mut writes).unwrap();
    commit(&vault, writes);
    let mut writes = Writes::default();
    changed(&vault, &change(Some(ana), Some("new@example.org"), None), &mut writes);
    // Before the commit: somebody else comes with the old address, and gets it.
    let bo = sell(&vault, &order(buyer("old@example.org", "Bo"), 1), 2, &mut writes).unwrap();
    assert_ne!(bo, ana);
    assert_eq!(sell(&vault, &order(buyer("new@example.org", ""), 1), 3, &mut writes), Some(ana));
    commit(&vault, writes);
    let find = |vault: &Vault, email| vault.subject(ORGANISATION, email).unwrap();
    assert_eq!((find(&vault, "new@example.org"), find(&vault, "old@example.org")), (Some(ana), Some(bo)));
    let mut writes = Writes::default();
    changed(&vault, &change(Some(bo), Some("bo@example.org"), None), &mut writes);
    commit(&vault, writes);
    drop(vault);
    let vault = open(&data, &store).unwrap();
    assert_eq!((find(&vault, "old@example.org"), find(&vault, "bo@example.org")), (None, Some(bo)));
    assert_eq!(vault.person(ORGANISATION, ana).unwrap().unwrap().email, "new@example.org");
    // No look-up of a former e-mail is left behind.
    let look_ups = store.scan_prefix(b"e").unwrap();
    assert_eq!(look_ups.len(), 2);
}

#[test]
fn whoever_is_about_to_be_erased_is_not_found_by_a_change() {
    let vault = Vault::in_memory().unwrap();
    let mut writes = Writes::default();
    let (ana, _) = changed(&vault, &change(None, Some("ana@example.org"), None), &mut writes);
    let erased = SubjectErased { subject: ana, reason: ErasureReason::Request, waived: false };
    vault.hide(erased.subject);
    let (new, owner) = changed(&vault, &change(None, Some("ana@example.org"), None), &mut writes);
    assert_ne!(new, ana);
    assert_eq!(owner, None);
}

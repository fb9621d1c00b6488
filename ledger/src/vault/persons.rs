//! A person's sealed entry, and the way from an e-mail to the subject.

use soticket_schema::codec;
use soticket_schema::ids::{OrganisationId, SubjectRef};
use soticket_schema::profile::Profile;

use super::error::VaultError;
use super::keys::Secret;
use super::random::Random;
use super::seal::{seal, unseal};
use super::store::{StoredEntry, VaultStore};

pub(super) fn person_key(organisation: OrganisationId, subject: SubjectRef) -> Vec<u8> {
    [b"p".as_slice(), &organisation.0, &subject.0].concat()
}

pub(super) fn email_key(organisation: OrganisationId, email: [u8; 16]) -> Vec<u8> {
    [b"e".as_slice(), &organisation.0, &email].concat()
}

/// The entry that keeps `profile`.
pub(super) fn sealed(
    organisation: OrganisationId,
    subject: SubjectRef,
    key: &Secret,
    profile: &Profile,
    random: &mut Random,
) -> StoredEntry {
    let entry = person_key(organisation, subject);
    // The decision has checked the lengths: a person fits far within a payload.
    let Profile { email, name, telephone, language, postal_code, country } = profile;
    let plain = codec::encode(&(email, name, telephone, language, postal_code, country)).unwrap_or_default();
    let sealed = seal(key, &entry, &plain, random);
    (entry, sealed)
}

/// The entry that finds the subject by e-mail.
pub(super) fn email_entry(organisation: OrganisationId, email: [u8; 16], subject: SubjectRef) -> StoredEntry {
    (email_key(organisation, email), subject.0.to_vec())
}

pub(super) fn exists(
    store: &dyn VaultStore,
    organisation: OrganisationId,
    subject: SubjectRef,
) -> Result<bool, VaultError> {
    Ok(store.get(&person_key(organisation, subject))?.is_some())
}

pub(super) fn read(
    store: &dyn VaultStore,
    organisation: OrganisationId,
    subject: SubjectRef,
    key: &Secret,
) -> Result<Option<Profile>, VaultError> {
    let entry = person_key(organisation, subject);
    let Some(sealed) = store.get(&entry)? else { return Ok(None) };
    let damaged = || VaultError::EntryDamaged { entry: format!("of subject {subject}") };
    let plain = unseal(key, &entry, &sealed).ok_or_else(damaged)?;
    unpack(&plain).map(Some).ok_or_else(damaged)
}

/// Entries of before there were profiles hold the first three fields. Neither form can be read as the other: every byte
/// is consumed.
fn unpack(plain: &[u8]) -> Option<Profile> {
    if let Ok((email, name, telephone, language, postal_code, country)) = codec::decode(0, plain) {
        return Some(Profile { email, name, telephone, language, postal_code, country });
    }
    let (email, name, telephone) = codec::decode(0, plain).ok()?;
    Some(Profile { email, name, telephone, ..Profile::default() })
}

pub(super) fn find(
    store: &dyn VaultStore,
    organisation: OrganisationId,
    email: [u8; 16],
) -> Result<Option<SubjectRef>, VaultError> {
    let Some(found) = store.get(&email_key(organisation, email))? else { return Ok(None) };
    let damaged = || VaultError::EntryDamaged { entry: "of an e-mail look-up".to_owned() };
    <[u8; 16]>::try_from(found.as_slice()).map(|subject| Some(SubjectRef(subject))).map_err(|_| damaged())
}

/// Keys of every look-up by e-mail that finds `subject`. Reads all look-ups of the organisation.
pub(super) fn look_ups_of(
    store: &dyn VaultStore,
    organisation: OrganisationId,
    subject: SubjectRef,
) -> Result<Vec<Vec<u8>>, VaultError> {
    let entries = store.scan_prefix(&[b"e".as_slice(), &organisation.0].concat())?;
    Ok(entries.into_iter().filter(|(_, found)| *found == subject.0).map(|(key, _)| key).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_of_before_there_were_profiles_are_read() {
        let old = codec::encode(&("a@b.c".to_owned(), "Ana".to_owned(), String::new())).unwrap();
        let profile = unpack(&old).unwrap();
        assert_eq!((profile.email.as_str(), profile.name.as_str()), ("a@b.c", "Ana"));
        assert_eq!((profile.country.as_str(), unpack(b"\xff")), ("", None));
    }
}

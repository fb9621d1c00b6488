//! The private keys that ticket codes are signed with, sealed.

use soticket_schema::ids::{CodeKeyId, OrganisationId};
use zeroize::Zeroizing;

use super::error::VaultError;
use super::keys::{Keys, Secret};
use super::random::Random;
use super::seal::{seal, unseal};
use super::store::{StoredEntry, VaultStore};

fn entry(organisation: OrganisationId, key: CodeKeyId) -> Vec<u8> {
    [b"k".as_slice(), &organisation.0, &key.0.to_be_bytes()].concat()
}

/// The entry that keeps a private key.
pub(super) fn sealed(
    organisation: OrganisationId,
    key: CodeKeyId,
    keys: &Keys,
    private: &Secret,
    random: &mut Random,
) -> StoredEntry {
    let entry = entry(organisation, key);
    let sealed = seal(keys.signing(), &entry, private.as_slice(), random);
    (entry, sealed)
}

pub(super) fn read(
    store: &dyn VaultStore,
    organisation: OrganisationId,
    key: CodeKeyId,
    keys: &Keys,
) -> Result<Secret, VaultError> {
    let entry = entry(organisation, key);
    let damaged = || VaultError::EntryDamaged { entry: format!("of signing key {key}") };
    let sealed = store.get(&entry)?.ok_or_else(damaged)?;
    let plain = Zeroizing::new(unseal(keys.signing(), &entry, &sealed).ok_or_else(damaged)?);
    plain.as_slice().try_into().map(Zeroizing::new).map_err(|_| damaged())
}

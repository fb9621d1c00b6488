//! The private keys that ticket codes and checkpoints are signed with, and the secrets that deliveries are, sealed.

use soticket_schema::Event;
use soticket_schema::ids::{CheckpointKeyId, CodeKeyId, OrganisationId, WebhookId};
use zeroize::Zeroizing;

use super::error::VaultError;
use super::keys::{Keys, Secret};
use super::random::Random;
use super::seal::{seal, unseal};
use super::store::{StoredEntry, VaultStore};

/// What a private key signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SigningKeyId {
    /// Ticket codes.
    Code(CodeKeyId),
    /// Checkpoints of the log.
    Checkpoint(CheckpointKeyId),
    /// Deliveries to a webhook, by the number of its secret.
    Webhook(WebhookId, u32),
}

impl SigningKeyId {
    /// The key that an event registers.
    pub(super) fn registered(event: &Event) -> Option<Self> {
        match event {
            Event::CodeKeyRegistered(event) => Some(Self::Code(event.key)),
            Event::CheckpointKeyRegistered(event) => Some(Self::Checkpoint(event.key)),
            Event::WebhookRegistered(event) => Some(Self::Webhook(event.webhook, 1)),
            Event::WebhookSecretRotated(event) => Some(Self::Webhook(event.webhook, event.secret)),
            _ => None,
        }
    }

    fn entry(self, organisation: OrganisationId) -> Vec<u8> {
        match self {
            Self::Code(key) => [b"k".as_slice(), &organisation.0, &key.0.to_be_bytes()].concat(),
            Self::Checkpoint(key) => [b"l".as_slice(), &organisation.0, &key.0.to_be_bytes()].concat(),
            Self::Webhook(webhook, secret) => {
                let number = [webhook.0.to_be_bytes(), secret.to_be_bytes()].concat();
                [b"w".as_slice(), &organisation.0, &number].concat()
            }
        }
    }
}

/// The entry that keeps a private key.
pub(super) fn sealed(
    organisation: OrganisationId,
    key: SigningKeyId,
    keys: &Keys,
    private: &Secret,
    random: &mut Random,
) -> StoredEntry {
    let entry = key.entry(organisation);
    let sealed = seal(keys.signing(), &entry, private.as_slice(), random);
    (entry, sealed)
}

pub(super) fn read(
    store: &dyn VaultStore,
    organisation: OrganisationId,
    key: SigningKeyId,
    keys: &Keys,
) -> Result<Secret, VaultError> {
    let entry = key.entry(organisation);
    let damaged = || VaultError::EntryDamaged { entry: format!("of signing key {key:?}") };
    let sealed = store.get(&entry)?.ok_or_else(damaged)?;
    let plain = Zeroizing::new(unseal(keys.signing(), &entry, &sealed).ok_or_else(damaged)?);
    plain.as_slice().try_into().map(Zeroizing::new).map_err(|_| damaged())
}

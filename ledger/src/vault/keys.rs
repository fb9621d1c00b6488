//! The root key, in a folder outside the data folder, and the keyed hashes derived from it.
//!
//! The root key names commands, fingerprints, codes and e-mails by keyed hash and never changes: look-ups would be
//! lost. The epoch keys beside it (epochs.rs) wrap the subjects' keys.

use std::fs;
use std::path::Path;

use soticket_schema::Hash;
use soticket_schema::ids::{CodeHash, CommandId, CredentialHash, Fingerprint, OrganisationId, ShowId};
use soticket_schema::ticket_code;
use zeroize::Zeroizing;

use super::epochs::Epochs;
use super::error::VaultError;
use crate::durable::{self, Readers};

/// A secret of 32 bytes that is wiped when dropped.
pub(crate) type Secret = Zeroizing<[u8; 32]>;

const HEADER: &str = "soticket key v1";
const CHECKSUM_CONTEXT: &str = "soticket-ledger 2026 key file checksum v1";

/// The keys of a ledger.
pub struct Keys {
    command: Secret,
    fingerprint: Secret,
    code: Secret,
    email: Secret,
    credential: Secret,
    token: Secret,
    login: Secret,
    offline: Secret,
    signing: Secret,
    cooperative: Secret,
    house: Secret,
    identity: [u8; 32],
}

impl Keys {
    /// Keys that exist only in memory, for a ledger that does.
    ///
    /// # Errors
    /// The operating system gives no randomness.
    pub fn ephemeral() -> Result<Self, VaultError> {
        Ok(Self::derive(&random_secret()?))
    }

    /// Reads the keys in `folder`. Without a root key there they are made, unless `expected` says that the data
    /// folder was made with one.
    ///
    /// # Errors
    /// Keys are missing, wrong, damaged, or cannot be read or written.
    pub fn open(folder: &Path, expected: Option<[u8; 32]>) -> Result<Self, VaultError> {
        let root_path = folder.join("root.key");
        if !root_path.exists() {
            if expected.is_some() {
                return Err(VaultError::KeysMissing { path: folder.display().to_string() });
            }
            // A power cut that lost the folder's name would lose the keys of everything kept since.
            durable::create_folder(folder).map_err(|error| VaultError::io(folder, &error))?;
            // The epoch key first: a crash in between leaves no root key, so that both are simply made again.
            Epochs::create(folder)?;
            write_key(&root_path, &random_secret()?)?;
        }
        let keys = Self::derive(&read_key(&root_path)?);
        match expected {
            Some(identity) if identity != keys.identity => {
                Err(VaultError::KeysWrong { path: folder.display().to_string() })
            }
            _ => Ok(keys),
        }
    }

    fn derive(root: &Secret) -> Self {
        let derived = |context: &str| Zeroizing::new(blake3::derive_key(context, root.as_slice()));
        Self {
            command: derived("soticket-ledger 2026 command key v1"),
            fingerprint: derived("soticket-ledger 2026 fingerprint key v1"),
            code: derived("soticket-ledger 2026 ticket code key v1"),
            email: derived("soticket-ledger 2026 e-mail key v1"),
            credential: derived("soticket-ledger 2026 device credential key v1"),
            token: derived("soticket-ledger 2026 token key v1"),
            login: derived("soticket-ledger 2026 login key v1"),
            offline: derived("soticket-ledger 2026 list salt key v1"),
            signing: derived("soticket-ledger 2026 signing keys key v1"),
            cooperative: derived("soticket-ledger 2026 cooperative checkpoints key v1"),
            house: derived("soticket-ledger 2026 house codes key v1"),
            identity: blake3::derive_key("soticket-ledger 2026 root key identity v1", root.as_slice()),
        }
    }

    /// What the data folder remembers the root key by.
    pub fn identity(&self) -> [u8; 32] {
        self.identity
    }

    /// The record's name for a caller's idempotency key.
    pub fn command(&self, organisation: OrganisationId, key: &str) -> CommandId {
        CommandId(keyed(&self.command, organisation, key.as_bytes()))
    }

    /// What a retry's parameters are compared by.
    pub fn fingerprint(&self, organisation: OrganisationId, parameters: &[u8]) -> Fingerprint {
        Fingerprint(keyed(&self.fingerprint, organisation, parameters))
    }

    /// The record's name for a ticket code, by what it is known by: signed or not, a house code is the same.
    pub fn code(&self, organisation: OrganisationId, text: &str) -> CodeHash {
        CodeHash(keyed(&self.code, organisation, ticket_code::identity(text).as_bytes()))
    }

    /// The record's name for a device's secret.
    pub(super) fn credential(&self, organisation: OrganisationId, secret: &[u8]) -> CredentialHash {
        CredentialHash(keyed(&self.credential, organisation, secret))
    }

    /// The record's name for a token's secret, whatever its organisation: whoever asks says only the secret.
    pub(super) fn token(&self, secret: &[u8; 32]) -> Hash {
        Hash(*blake3::keyed_hash(&self.token, secret).as_bytes())
    }

    /// The record's name for the name that somebody signs in with: as it is typed, but for case and spaces around it.
    pub(super) fn login(&self, organisation: OrganisationId, name: &str) -> Hash {
        let message = [organisation.0.as_slice(), name.trim().to_lowercase().as_bytes()].concat();
        Hash(*blake3::keyed_hash(&self.login, &message).as_bytes())
    }

    /// Salt of a show's lists of codes.
    pub(super) fn offline_salt(&self, organisation: OrganisationId, show: ShowId) -> [u8; 32] {
        let message = [organisation.0.as_slice(), &show.0.to_be_bytes()].concat();
        *blake3::keyed_hash(&self.offline, &message).as_bytes()
    }

    /// Key of the private keys that codes are signed with.
    pub(super) fn signing(&self) -> &Secret {
        &self.signing
    }

    /// Seed of the key that the log of the cooperative is signed with.
    pub(crate) fn cooperative(&self) -> Secret {
        self.cooperative.clone()
    }

    /// What a person is found by: the e-mail in lower case without outer spaces.
    pub(crate) fn email(&self, organisation: OrganisationId, email: &str) -> [u8; 16] {
        keyed(&self.email, organisation, email.trim().to_lowercase().as_bytes())
    }

    /// Key of the codes of tickets that were sold to nobody in particular.
    pub(super) fn house(&self) -> &Secret {
        &self.house
    }
}

/// First 16 bytes of keyed BLAKE3 over organisation and message.
fn keyed(key: &Secret, organisation: OrganisationId, message: &[u8]) -> [u8; 16] {
    let mut input = [0_u8; 128];
    let length = 16 + message.len();
    let hash = match input.get_mut(16..length) {
        // Short messages, which are nearly all, are hashed in one call: the incremental hasher costs more to set up.
        Some(room) => {
            room.copy_from_slice(message);
            input[..16].copy_from_slice(&organisation.0);
            blake3::keyed_hash(key, &input[..length])
        }
        None => blake3::Hasher::new_keyed(key).update(&organisation.0).update(message).finalize(),
    };
    let mut half = [0; 16];
    half.copy_from_slice(&hash.as_bytes()[..16]);
    half
}

/// 32 bytes from the operating system.
pub(super) fn random_secret() -> Result<Secret, VaultError> {
    let mut secret = Zeroizing::new([0; 32]);
    getrandom::fill(secret.as_mut_slice()).map_err(|error| VaultError::Io {
        path: "system randomness".to_owned(),
        reason: error.to_string(),
    })?;
    Ok(secret)
}

fn checksum(secret: &Secret) -> blake3::Hash {
    blake3::Hash::from_bytes(blake3::derive_key(CHECKSUM_CONTEXT, secret.as_slice()))
}

/// Writes a key file that only the owner can read.
pub(super) fn write_key(path: &Path, secret: &Secret) -> Result<(), VaultError> {
    let text = Zeroizing::new(format!(
        "{HEADER}\n{}\n{}\n",
        blake3::Hash::from_bytes(**secret).to_hex(),
        checksum(secret).to_hex()
    ));
    durable::write(path, text.as_bytes(), Readers::Owner).map_err(|error| VaultError::io(path, &error))
}

pub(super) fn read_key(path: &Path) -> Result<Secret, VaultError> {
    let text = Zeroizing::new(fs::read(path).map_err(|error| VaultError::io(path, &error))?);
    parse_key(&text).ok_or_else(|| VaultError::KeyFileDamaged { path: path.display().to_string() })
}

fn parse_key(text: &[u8]) -> Option<Secret> {
    let mut lines = std::str::from_utf8(text).ok()?.lines();
    if lines.next()? != HEADER {
        return None;
    }
    let secret = Zeroizing::new(*blake3::Hash::from_hex(lines.next()?).ok()?.as_bytes());
    let stated = blake3::Hash::from_hex(lines.next()?).ok()?;
    (stated == checksum(&secret)).then_some(secret)
}

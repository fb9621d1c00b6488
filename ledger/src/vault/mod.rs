//! The vault: personal data and ticket codes, sealed per subject, found by keyed hash, never in a record.
//!
//! Order of writes at a commit: key slots are synced, then sealed entries are put into the store, then the log's own
//! commit makes entries and records durable together. A crash in between leaves keys or entries that no record names.
//! An erasure goes the other way: the record first, then entries and key (erasure.rs).

mod codes;
mod epochs;
mod erasure;
mod error;
mod keep;
mod keys;
mod persons;
#[cfg(test)]
mod profile_tests;
mod random;
mod rewrap;
mod seal;
mod signing_keys;
mod slot;
mod slots;
mod store;
#[cfg(test)]
mod tests;
mod tokens;
mod upkeep;

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicU32;

use parking_lot::{Mutex, RwLock};
use rustc_hash::FxHashMap;
use soticket_schema::command::CommandBody;
use soticket_schema::event::v1::{CodeIssuer, ReportSource, Symbology, TicketCode};
use soticket_schema::ids::{
    CheckpointKeyId, CodeKeyId, CredentialHash, OrganisationId, ShowId, SubjectRef, TicketId, WebhookId,
    ZoneId,
};
use soticket_schema::profile::Profile;
use soticket_schema::{Command, Hash, PublicKey, ticket_code};

use crate::durable::{self, Readers};

pub use epochs::EpochNumbers;
pub(crate) use erasure::Erasure;
pub use error::VaultError;
pub use keys::Keys;
pub use store::{MemoryStore, StoredEntry, VaultStore};
pub use tokens::CodeOwner;

use codes::{CodeGroup, CodePage};
use epochs::Epochs;
pub(crate) use keys::Secret;
use random::Random;
use signing_keys::SigningKeyId;
use slots::{SlotSync, Slots};

/// Persons as they are kept but not yet stored.
#[derive(Default)]
struct RecentPersons {
    next: u64,
    persons: FxHashMap<SubjectRef, (u64, Profile)>,
}

/// Keyed hash of an e-mail.
type EmailHash = [u8; 16];

/// Personal data and codes of every organisation of a data folder.
pub struct Vault {
    keys: Keys,
    slots: RwLock<Slots>,
    store: Arc<dyn VaultStore>,
    random: Mutex<Random>,
    /// Subjects by e-mail whose entries are not in the store yet: the next order may be decided before they are. None for
    /// an e-mail that is nobody's any more.
    recent: Mutex<FxHashMap<(OrganisationId, EmailHash), Option<SubjectRef>>>,
    /// Persons whose entries are not in the store yet, each with its number: a change is made to the last one.
    recent_persons: Mutex<RecentPersons>,
    /// The greatest epoch whose beginning was decided: the next one is the one after.
    decided_epoch: AtomicU32,
    /// The greatest epoch whose beginning is in a log: [`Self::turn`] goes there.
    recorded_epoch: AtomicU32,
    /// Whoever changes epochs holds it.
    turning: Mutex<()>,
}

/// What a command needs from the vault before it is decided.
#[derive(Default)]
pub struct Prepared {
    /// Who the buyer is: known by e-mail, or a new random reference.
    pub subject: Option<SubjectRef>,
    /// Who has the e-mail that a change of profile states.
    pub email_owner: Option<SubjectRef>,
    /// Hashes of the tickets' codes, in command order.
    pub codes: Vec<TicketCode>,
    /// Where the epochs stand, for commands about them.
    pub epochs: EpochNumbers,
    texts: Vec<String>,
    /// A new key to sign with.
    signing_key: Option<Secret>,
}

impl Prepared {
    /// The public half of the new key to sign with, if there is one.
    pub fn public_key(&self) -> Option<PublicKey> {
        self.signing_key.as_ref().map(|private| PublicKey::of_private(private))
    }
}

/// What accepted commands give the vault to keep, until the commit.
#[derive(Default)]
pub struct Writes {
    organisations: FxHashMap<OrganisationId, Pending>,
}

#[derive(Default)]
struct Pending {
    entries: Vec<StoredEntry>,
    /// E-mails, and whose they are from here on.
    emails: Vec<(EmailHash, Option<SubjectRef>)>,
    /// Look-ups by e-mails that are nobody's any more.
    removed: Vec<Vec<u8>>,
    /// Persons, by the numbers that they are recent under.
    persons: Vec<(SubjectRef, u64)>,
    codes: Vec<CodeGroup>,
}

/// What must be written before the log's commit: first the slots are synced, then the entries are put.
pub struct Flush {
    slots: Option<SlotSync>,
    entries: Vec<StoredEntry>,
    removed: Vec<Vec<u8>>,
    emails: Vec<((OrganisationId, EmailHash), Option<SubjectRef>)>,
    persons: Vec<(SubjectRef, u64)>,
}

impl Vault {
    /// Opens the vault of the data folder `data` with the keys in `folder`; makes both when the folder is new.
    ///
    /// # Errors
    /// Keys are missing, wrong or damaged, or files cannot be read or written.
    pub fn open(data: &Path, folder: &Path, store: Arc<dyn VaultStore>) -> Result<Self, VaultError> {
        let identity_path = data.join("keys-identity");
        let expected = read_identity(&identity_path)?;
        let keys = Keys::open(folder, expected)?;
        if expected.is_none() {
            write_identity(&identity_path, keys.identity())?;
        }
        let path = data.join("subject-keys");
        slots::remove_leftover(&rewrap::temporary(&path))?;
        Self::with(keys, Slots::open(&path, folder)?, store)
    }

    fn with(keys: Keys, slots: Slots, store: Arc<dyn VaultStore>) -> Result<Self, VaultError> {
        let epoch = slots.epochs.newest();
        Ok(Self {
            keys,
            slots: RwLock::new(slots),
            store,
            random: Mutex::new(Random::new()?),
            recent: Mutex::default(),
            recent_persons: Mutex::default(),
            decided_epoch: AtomicU32::new(epoch),
            recorded_epoch: AtomicU32::new(epoch),
            turning: Mutex::default(),
        })
    }

    /// A vault in memory.
    ///
    /// # Errors
    /// The operating system gives no randomness.
    pub fn in_memory() -> Result<Self, VaultError> {
        let slots = Slots::ephemeral(Epochs::ephemeral()?);
        Self::with(Keys::ephemeral()?, slots, Arc::new(MemoryStore::default()))
    }

    /// The keyed hashes that name commands, parameters and codes.
    pub fn keys(&self) -> &Keys {
        &self.keys
    }

    /// Key slots that could not be read at opening.
    pub fn unreadable_slots(&self) -> u64 {
        self.slots.read().unreadable()
    }

    /// Finds or makes the subject and the code hashes that deciding `command` takes. Keeps nothing yet.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn prepare(&self, command: &Command) -> Result<Prepared, VaultError> {
        let organisation = command.organisation;
        let mut prepared = Prepared::default();
        if let Some(buyer) = command.body.buyer() {
            prepared.subject = Some(match self.known_by_email(organisation, &buyer.email)? {
                Some(subject) => subject,
                None => SubjectRef(self.random.lock().take()),
            });
        }
        for _ in 0..command.body.house_codes() {
            self.house_code(organisation, &mut prepared);
        }
        match &command.body {
            CommandBody::ReportSale(sale) => {
                let issuer = match sale.source {
                    ReportSource::Network => CodeIssuer::Channel(sale.channel),
                    ReportSource::Import => CodeIssuer::Import,
                };
                for ticket in &sale.tickets {
                    if ticket.codes.is_empty() {
                        self.house_code(organisation, &mut prepared);
                    }
                    for code in &ticket.codes {
                        self.code(organisation, code.text.clone(), issuer, code.symbology, &mut prepared);
                    }
                }
            }
            CommandBody::ReportScan(scan) => {
                self.code(
                    organisation,
                    scan.code.clone(),
                    CodeIssuer::House,
                    Symbology::Unknown,
                    &mut prepared,
                );
            }
            CommandBody::RedeemTicket(scan) => {
                let text = scan.code.clone();
                self.code(organisation, text, CodeIssuer::House, Symbology::Unknown, &mut prepared);
            }
            CommandBody::RegisterCodeKey(_)
            | CommandBody::RegisterCheckpointKey(_)
            | CommandBody::RegisterWebhook(_)
            | CommandBody::RotateWebhookSecret(_) => {
                prepared.signing_key = Some(keys::random_secret()?);
            }
            CommandBody::EraseSubject(erase) => {
                prepared.subject = self.known_reference(organisation, erase.subject);
            }
            CommandBody::RecordConsent(consent) => {
                prepared.subject = self.known_reference(organisation, consent.subject);
            }
            CommandBody::ChangeProfile(change) => {
                let email = change.email.as_deref().unwrap_or_default();
                prepared.email_owner = self.known_by_email(organisation, email)?;
                prepared.subject = match change.subject {
                    Some(subject) => self.known_reference(organisation, subject),
                    None => prepared.email_owner.or_else(|| Some(SubjectRef(self.random.lock().take()))),
                };
            }
            CommandBody::BeginVaultEpoch(_) | CommandBody::RecordVaultEpochsDestroyed(_) => {
                prepared.epochs = self.epoch_numbers();
            }
            _ => {}
        }
        Ok(prepared)
    }

    /// The subject, if the vault has anything of them.
    fn known_reference(&self, organisation: OrganisationId, subject: SubjectRef) -> Option<SubjectRef> {
        self.slots.read().has(organisation, subject).then_some(subject)
    }

    /// The subject with this e-mail, that of an entry which is not stored yet included.
    fn known_by_email(
        &self,
        organisation: OrganisationId,
        email: &str,
    ) -> Result<Option<SubjectRef>, VaultError> {
        if email.trim().is_empty() {
            return Ok(None);
        }
        let email = self.keys.email(organisation, email);
        let recent = self.recent.lock().get(&(organisation, email)).copied();
        match recent {
            Some(subject) => Ok(subject),
            None => self.find(organisation, email),
        }
    }

    /// The subject that is looked up by this hash, unless they are about to be erased.
    fn find(&self, organisation: OrganisationId, email: EmailHash) -> Result<Option<SubjectRef>, VaultError> {
        let found = persons::find(self.store.as_ref(), organisation, email)?;
        Ok(found.filter(|subject| !self.slots.read().is_erased(*subject)))
    }

    fn house_code(&self, organisation: OrganisationId, prepared: &mut Prepared) {
        let text = ticket_code::house_code(&self.random.lock().take());
        self.code(organisation, text, CodeIssuer::House, Symbology::Qr, prepared);
    }

    fn code(
        &self,
        organisation: OrganisationId,
        text: String,
        issuer: CodeIssuer,
        symbology: Symbology,
        prepared: &mut Prepared,
    ) {
        prepared.codes.push(TicketCode { hash: self.keys.code(organisation, &text), issuer, symbology });
        prepared.texts.push(text);
    }

    /// What is known of a person; none for a subject that the vault does not know.
    ///
    /// # Errors
    /// The key is not there or the entry is damaged.
    pub fn person(
        &self,
        organisation: OrganisationId,
        subject: SubjectRef,
    ) -> Result<Option<Profile>, VaultError> {
        let slots = self.slots.read();
        match slots.key(subject) {
            Some(key) => persons::read(self.store.as_ref(), organisation, subject, key),
            None if persons::exists(self.store.as_ref(), organisation, subject)? => {
                Err(VaultError::SubjectKeyMissing { subject: subject.to_string() })
            }
            None => Ok(None),
        }
    }

    /// The subject with this e-mail.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn subject(
        &self,
        organisation: OrganisationId,
        email: &str,
    ) -> Result<Option<SubjectRef>, VaultError> {
        self.find(organisation, self.keys.email(organisation, email))
    }

    /// The code in clear of a card, of a stored value, or of a ticket that was handed on.
    ///
    /// # Errors
    /// The store cannot be read, the key is not there, or the entry is damaged.
    pub fn single_code(
        &self,
        organisation: OrganisationId,
        owner: CodeOwner,
    ) -> Result<Option<String>, VaultError> {
        tokens::find(self.store.as_ref(), organisation, owner, &self.keys, &self.slots.read())
    }

    /// A ticket's codes in clear: those that open gates.
    ///
    /// # Errors
    /// The store cannot be read, the key is not there, or the page is damaged.
    pub fn codes(&self, organisation: OrganisationId, ticket: TicketId) -> Result<Vec<String>, VaultError> {
        if let Some(code) = self.single_code(organisation, CodeOwner::Ticket(ticket))? {
            return Ok(vec![code]);
        }
        CodePage::find(self.store.as_ref(), organisation, ticket, &self.keys, &self.slots.read())
    }

    /// The code of a ticket as it is shown: a house code signed with `key`, anything else as it is.
    ///
    /// # Errors
    /// The key is not in the vault, or its entry is damaged.
    pub fn signed(
        &self,
        organisation: OrganisationId,
        key: CodeKeyId,
        place: (ShowId, ZoneId),
        code: String,
    ) -> Result<String, VaultError> {
        let key_of_code = SigningKeyId::Code(key);
        let private = signing_keys::read(self.store.as_ref(), organisation, key_of_code, &self.keys)?;
        Ok(ticket_code::sign(organisation, (key, &private), place, &code).unwrap_or(code))
    }

    /// The seed of a key that checkpoints are signed with.
    ///
    /// # Errors
    /// The key is not in the vault, or its entry is damaged.
    pub(crate) fn checkpoint_seed(
        &self,
        organisation: OrganisationId,
        key: CheckpointKeyId,
    ) -> Result<Secret, VaultError> {
        signing_keys::read(self.store.as_ref(), organisation, SigningKeyId::Checkpoint(key), &self.keys)
    }

    /// The secret of this number that deliveries to a webhook are signed with.
    ///
    /// # Errors
    /// The secret is not in the vault, or its entry is damaged.
    pub(crate) fn webhook_secret(
        &self,
        organisation: OrganisationId,
        webhook: WebhookId,
        secret: u32,
    ) -> Result<Secret, VaultError> {
        let key = SigningKeyId::Webhook(webhook, secret);
        signing_keys::read(self.store.as_ref(), organisation, key, &self.keys)
    }

    /// A new secret for a device: 32 random bytes.
    pub fn device_secret(&self) -> [u8; 32] {
        self.random.lock().take()
    }

    /// The record's name for a device's secret.
    pub fn credential(&self, organisation: OrganisationId, secret: &[u8]) -> CredentialHash {
        self.keys.credential(organisation, secret)
    }

    /// The record's name for a token's secret.
    pub fn token(&self, secret: &[u8; 32]) -> Hash {
        self.keys.token(secret)
    }

    /// The record's name for the name that somebody signs in with.
    pub fn login(&self, organisation: OrganisationId, name: &str) -> Hash {
        self.keys.login(organisation, name)
    }

    /// What the codes in a show's lists for devices are hashed with: the same for every list of the show.
    pub fn offline_salt(&self, organisation: OrganisationId, show: ShowId) -> [u8; 32] {
        self.keys.offline_salt(organisation, show)
    }
}

fn read_identity(path: &Path) -> Result<Option<[u8; 32]>, VaultError> {
    match fs::read_to_string(path) {
        Ok(text) => match blake3::Hash::from_hex(text.trim()) {
            Ok(identity) => Ok(Some(*identity.as_bytes())),
            Err(_) => Err(VaultError::KeyFileDamaged { path: path.display().to_string() }),
        },
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) if error.kind() == std::io::ErrorKind::InvalidData => {
            Err(VaultError::KeyFileDamaged { path: path.display().to_string() })
        }
        Err(error) => Err(VaultError::io(path, &error)),
    }
}

fn write_identity(path: &Path, identity: [u8; 32]) -> Result<(), VaultError> {
    let text = format!("{}\n", blake3::Hash::from_bytes(identity).to_hex());
    durable::write(path, text.as_bytes(), Readers::All).map_err(|error| VaultError::io(path, &error))
}

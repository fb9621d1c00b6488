//! The ledger as its users hold it: submit commands, read the log, ask the vault.

use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::Receiver;
use std::time::Duration;

use rustc_hash::FxHashMap;
use soticket_schema::command::Person;
use soticket_schema::event::v1::TokenProof;
use soticket_schema::ids::{
    CodeHash, CodeKeyId, CredentialHash, OrganisationId, ShowId, SubjectRef, TicketId, WebhookId, ZoneId,
};
use soticket_schema::profile::Profile;
use soticket_schema::{Command, Event, Hash, RejectionCode, Timestamp};
use tokio::sync::watch;
use zeroize::Zeroizing;

use crate::clock::{Clock, system_clock};
use crate::entries;
use crate::entry::{Batch, Entry};
use crate::files::Files;
use crate::log::{Head, Log, LogError, MemoryLog};
use crate::proof::{KeyKind, NoteKey, PublishError};
use crate::receipt::{Receipt, SubmitError};
use crate::state::{CheckpointKeys, Token};
use crate::vault::{CodeOwner, Vault, VaultError};
use crate::writer::{OrganisationWriter, Shared, Upkeep, Writer};

/// Batches that a listener may lag behind before it has to read the log.
const LISTENER_BACKLOG: usize = 1_024;

/// How a ledger is opened.
#[derive(Clone)]
pub struct Options {
    /// Cache of the store, in bytes.
    pub cache_bytes: u64,
    /// Commands that may wait; callers beyond that wait for room, or are told to come back.
    pub queue: usize,
    /// Folder of the vault's keys, outside the data folder; none for `<data>-keys` beside it.
    pub keys: Option<PathBuf>,
    /// The clock.
    pub clock: Clock,
}

impl Default for Options {
    fn default() -> Self {
        Self { cache_bytes: 64 << 20, queue: 8_192, keys: None, clock: system_clock() }
    }
}

/// Why a ledger does not open: stable code, and what happened and what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {message}")]
pub struct OpenError {
    /// Stable code.
    pub code: &'static str,
    /// What happened and what to do.
    pub message: String,
}

impl From<LogError> for OpenError {
    fn from(error: LogError) -> Self {
        Self { code: error.code(), message: error.to_string() }
    }
}

impl From<VaultError> for OpenError {
    fn from(error: VaultError) -> Self {
        Self { code: error.code(), message: error.to_string() }
    }
}

impl From<std::io::Error> for OpenError {
    fn from(error: std::io::Error) -> Self {
        Self { code: "LEDGER_IO", message: error.to_string() }
    }
}

/// A handle on an open ledger; clones share it. The last one to go closes it.
#[derive(Clone)]
pub struct Ledger {
    shared: Arc<Shared>,
    writer: Arc<Writer>,
}

impl Ledger {
    /// A ledger in memory, for tests.
    ///
    /// # Errors
    /// The operating system gives no randomness or threads.
    pub fn in_memory(clock: Clock) -> Result<Self, OpenError> {
        let log: Arc<dyn Log> = Arc::new(MemoryLog::new());
        let shared = Arc::new(Shared::new(log, Arc::new(Vault::in_memory()?), Files::in_memory(), clock));
        Self::start(shared, FxHashMap::default(), Options::default().queue, Box::new(|| Ok(false)), |_| {})
    }

    pub(crate) fn start(
        shared: Arc<Shared>,
        organisations: FxHashMap<OrganisationId, OrganisationWriter>,
        queue: usize,
        upkeep: Upkeep,
        at_end: impl FnOnce(&FxHashMap<OrganisationId, OrganisationWriter>) + Send + 'static,
    ) -> Result<Self, OpenError> {
        let writer = Writer::start(Arc::clone(&shared), organisations, queue, upkeep, at_end)?;
        Ok(Self { shared, writer: Arc::new(writer) })
    }

    /// Decides the command and resolves once its events are durable. Waits for room when the queue is full.
    ///
    /// # Errors
    /// See [`SubmitError`].
    pub async fn submit(&self, command: Command) -> Result<Receipt, SubmitError> {
        self.writer.submit(command).await
    }

    /// As [`Self::submit`], but does not wait for room.
    ///
    /// # Errors
    /// See [`SubmitError`].
    pub async fn try_submit(&self, command: Command) -> Result<Receipt, SubmitError> {
        self.writer.try_submit(command).await
    }

    /// As [`Self::submit`] for many commands: they are decided in this order, each by itself, and answered in it.
    pub async fn submit_all(&self, commands: Vec<Command>) -> Vec<Result<Receipt, SubmitError>> {
        self.writer.submit_all(commands).await
    }

    /// As [`Self::submit_all`] for commands of one organisation, but all are recorded, with nothing between them, or none is: then
    /// each says why, or that another one is refused. Those that were recorded before count as recorded. Together they fit one append: 1,000 events and 512 KiB.
    pub async fn submit_together(&self, commands: Vec<Command>) -> Vec<Result<Receipt, SubmitError>> {
        self.writer.submit_together(commands).await
    }

    /// As [`Self::submit`], for a thread outside any asynchronous runtime.
    ///
    /// # Errors
    /// See [`SubmitError`].
    pub fn submit_blocking(&self, command: Command) -> Result<Receipt, SubmitError> {
        self.writer.submit_blocking(command)
    }

    /// The events that a command would become now. Nothing is recorded, no place is held and no key used up: what it
    /// assigns may be assigned to others meanwhile.
    ///
    /// # Errors
    /// See [`SubmitError`].
    pub async fn decide_only(&self, command: Command) -> Result<Vec<Event>, SubmitError> {
        self.writer.decide_only(command).await
    }

    /// What would be in the way of a person's erasure now, by precedence; empty if nothing is. Codes of what they may give
    /// up are among them.
    ///
    /// # Errors
    /// See [`SubmitError`].
    pub async fn open_matters(
        &self,
        organisation: OrganisationId,
        subject: SubjectRef,
    ) -> Result<Vec<RejectionCode>, SubmitError> {
        self.writer.open_matters(organisation, subject).await
    }

    /// Commands that wait to be decided.
    pub fn waiting(&self) -> usize {
        self.writer.waiting()
    }

    /// Where every organisation's log stands.
    pub fn heads(&self) -> Vec<(OrganisationId, Head)> {
        self.shared.log.heads()
    }

    /// Where one organisation's log stands; none when it has no records.
    pub fn head(&self, organisation: OrganisationId) -> Option<Head> {
        self.shared.log.head(organisation)
    }

    /// The log itself.
    pub fn log(&self) -> &dyn Log {
        self.shared.log.as_ref()
    }

    /// Calls `visit` with every durable entry from `from` on, in order and without gaps, until it breaks.
    ///
    /// # Errors
    /// The log cannot be read, or holds a payload that is no event.
    pub fn read(
        &self,
        organisation: OrganisationId,
        from: u64,
        visit: &mut dyn FnMut(Entry) -> ControlFlow<()>,
    ) -> Result<(), LogError> {
        entries::read(self.log(), organisation, from, visit)
    }

    /// Reads the entries at these ascending positions; positions beyond the head are left out.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub fn read_at(&self, organisation: OrganisationId, positions: &[u64]) -> Result<Vec<Entry>, LogError> {
        let mut entries = Vec::with_capacity(positions.len());
        let mut wanted = positions.iter().copied().peekable();
        while let Some(from) = wanted.peek().copied() {
            let before = entries.len();
            self.read(organisation, from, &mut |entry| {
                let position = entry.envelope.position;
                if wanted.peek() != Some(&position) {
                    return ControlFlow::Break(());
                }
                entries.push(entry);
                wanted.next();
                // Neighbours are read on; a gap costs a new look-up, which is cheaper than decoding what lies between.
                if wanted.peek() == Some(&(position + 1)) {
                    ControlFlow::Continue(())
                } else {
                    ControlFlow::Break(())
                }
            })?;
            if entries.len() == before {
                break;
            }
        }
        Ok(entries)
    }

    /// Batches as they become durable, from now on. A listener that falls behind loses batches: compare positions and
    /// read the log for what is missing.
    pub fn listen(&self) -> Receiver<Arc<Batch>> {
        self.writer.listen(LISTENER_BACKLOG)
    }

    /// What the vault knows of a person; none for a subject that it does not know.
    ///
    /// # Errors
    /// The person was erased, or the vault is damaged.
    pub fn profile(
        &self,
        organisation: OrganisationId,
        subject: SubjectRef,
    ) -> Result<Option<Profile>, VaultError> {
        self.shared.vault.person(organisation, subject)
    }

    /// As [`Self::profile`], as orders name a person.
    ///
    /// # Errors
    /// As [`Self::profile`].
    pub fn person(
        &self,
        organisation: OrganisationId,
        subject: SubjectRef,
    ) -> Result<Option<Person>, VaultError> {
        let profile = self.profile(organisation, subject)?;
        Ok(profile.map(|Profile { email, name, telephone, .. }| Person { email, name, telephone }))
    }

    /// The subject with this e-mail.
    ///
    /// # Errors
    /// The vault cannot be read.
    pub fn subject(
        &self,
        organisation: OrganisationId,
        email: &str,
    ) -> Result<Option<SubjectRef>, VaultError> {
        self.shared.vault.subject(organisation, email)
    }

    /// A ticket's codes in clear, for printing.
    ///
    /// # Errors
    /// The person that they belong to was erased, or the vault is damaged.
    pub fn codes(&self, organisation: OrganisationId, ticket: TicketId) -> Result<Vec<String>, VaultError> {
        self.shared.vault.codes(organisation, ticket)
    }

    /// The code in clear of a subscriber card, a gift card or voucher, or of a ticket that was handed on.
    ///
    /// # Errors
    /// The person that it belongs to was erased, or the vault is damaged.
    pub fn single_code(
        &self,
        organisation: OrganisationId,
        owner: CodeOwner,
    ) -> Result<Option<String>, VaultError> {
        self.shared.vault.single_code(organisation, owner)
    }

    /// A ticket's codes as they are shown: house codes signed with `key`, others as they are.
    ///
    /// # Errors
    /// As [`Self::codes`], or the key is not in the vault.
    pub fn signed_codes(
        &self,
        organisation: OrganisationId,
        ticket: TicketId,
        key: CodeKeyId,
        place: (ShowId, ZoneId),
    ) -> Result<Vec<String>, VaultError> {
        let codes = self.codes(organisation, ticket)?.into_iter();
        codes.map(|code| self.shared.vault.signed(organisation, key, place, code)).collect()
    }

    /// The keyed hash that records name a code by.
    pub fn code_hash(&self, organisation: OrganisationId, code: &str) -> CodeHash {
        self.shared.vault.keys().code(organisation, code)
    }

    /// A new secret for a device, and the hash that the log knows it by.
    pub fn device_secret(&self, organisation: OrganisationId) -> ([u8; 32], CredentialHash) {
        let secret = self.shared.vault.device_secret();
        (secret, self.credential(organisation, &secret))
    }

    /// What the log knows a device's secret by.
    pub fn credential(&self, organisation: OrganisationId, secret: &[u8]) -> CredentialHash {
        self.shared.vault.credential(organisation, secret)
    }

    /// A new secret for a token, and the hash that the log knows it by.
    pub fn token_secret(&self) -> ([u8; 32], Hash) {
        let secret = self.shared.vault.device_secret();
        (secret, self.shared.vault.token(&secret))
    }

    /// The token with this secret and its organisation, as durable events gave it out and ended it; also one that has
    /// ended. One look-up in memory.
    pub fn token(&self, secret: &[u8; 32]) -> Option<(OrganisationId, Token)> {
        self.token_known_by(self.shared.vault.token(secret))
            .filter(|(_, token)| token.proof == TokenProof::Secret)
    }

    /// What the log knows the name by that somebody signs in with; case and spaces around it do not count.
    pub fn login_name(&self, organisation: OrganisationId, name: &str) -> Hash {
        self.shared.vault.login(organisation, name)
    }

    /// The token that is proved by a password and this name, also one that has ended. One look-up in memory.
    pub fn login(&self, organisation: OrganisationId, name: &str) -> Option<Token> {
        let (found, token) = self.token_known_by(self.login_name(organisation, name))?;
        (found == organisation && token.proof == TokenProof::Password).then_some(token)
    }

    /// The token whose secret or name the log knows by this, and its organisation.
    pub fn token_known_by(&self, hash: Hash) -> Option<(OrganisationId, Token)> {
        self.shared.tokens.find(hash)
    }

    /// The secret of this number that deliveries to a webhook are signed with.
    ///
    /// # Errors
    /// The secret is not in the vault, or its entry is damaged.
    pub fn webhook_secret(
        &self,
        organisation: OrganisationId,
        webhook: WebhookId,
        secret: u32,
    ) -> Result<Zeroizing<[u8; 32]>, VaultError> {
        self.shared.vault.webhook_secret(organisation, webhook, secret)
    }

    /// What the codes in a show's lists for devices are hashed with.
    pub fn offline_salt(&self, organisation: OrganisationId, show: ShowId) -> [u8; 32] {
        self.shared.vault.offline_salt(organisation, show)
    }

    /// The keys of a log's checkpoints, as durable events registered and retired them.
    pub fn checkpoint_keys(&self, organisation: OrganisationId) -> CheckpointKeys {
        self.shared.checkpoint_keys(organisation)
    }

    /// The key that a log's checkpoints are signed with now.
    pub(crate) fn checkpoint_signer(&self, organisation: OrganisationId) -> Result<NoteKey, PublishError> {
        let keys = self.checkpoint_keys(organisation);
        let (Some(origin), Some(present)) = (keys.origin(), keys.present()) else {
            return Err(PublishError::KeyAbsent);
        };
        let seed = self.shared.vault.checkpoint_seed(organisation, present.key)?;
        NoteKey::from_seed(origin, KeyKind::Log, &seed).map_err(|_| PublishError::KeyAbsent)
    }

    /// The key that the log of the cooperative is signed with.
    pub(crate) fn cooperative_key(&self, origin: &str) -> Result<NoteKey, PublishError> {
        let seed = self.shared.vault.keys().cooperative();
        NoteKey::from_seed(origin, KeyKind::Log, &seed).map_err(|_| PublishError::KeyAbsent)
    }

    /// Key slots of the vault that could not be read at opening: torn by a power cut before anything was sealed with
    /// them, or damaged.
    pub fn unreadable_key_slots(&self) -> u64 {
        self.shared.vault.unreadable_slots()
    }

    /// Wraps the vault's keys by the epoch that was last begun in a log, unless they are already. Sales go on meanwhile.
    ///
    /// # Errors
    /// The keys cannot be written: the ledger has stopped.
    pub(crate) fn turn_vault(&self) -> Result<(), VaultError> {
        self.shared.vault.turn(self.now()).inspect_err(|error| {
            self.shared.fail(error.code(), &error.to_string());
        })
    }

    /// Destroys the keys of the vault's epochs that only backups of more than `window` ago need.
    ///
    /// # Errors
    /// The keys cannot be destroyed: the ledger has stopped.
    pub(crate) fn destroy_epochs(&self, window: Duration) -> Result<(), VaultError> {
        let window = i64::try_from(window.as_micros()).unwrap_or(i64::MAX);
        let settled_by = Timestamp(self.now().0.saturating_sub(window));
        self.shared.vault.destroy_epochs(settled_by).inspect_err(|error| {
            self.shared.fail(error.code(), &error.to_string());
        })
    }

    /// Files that were given out or taken in. Whoever hands one out makes sure first that an event of the organisation
    /// names it: others are not yet, or never were, part of its books.
    pub fn files(&self) -> &Files {
        &self.shared.files
    }

    /// The present instant by the ledger's clock.
    pub fn now(&self) -> Timestamp {
        (self.shared.clock)()
    }

    /// The reason once the ledger has stopped for good: the process must end then. Changes at most once.
    pub fn failure(&self) -> watch::Receiver<Option<String>> {
        self.writer.failure()
    }

    /// Takes no more commands, finishes those that were taken, and lets go of the writer's threads.
    pub fn close(&self) {
        self.writer.close();
    }
}

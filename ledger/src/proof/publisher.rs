//! Publishing the logs of a ledger: keys, folders, checkpoints and proofs.

use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::Arc;

use parking_lot::Mutex;
use rustc_hash::FxHashMap;
use soticket_schema::command::RegisterCheckpointKey;
use soticket_schema::ids::ActorId;
use soticket_schema::{Command, CommandBody, OrganisationId};

use super::checkpoint::Checkpoint;
use super::cooperative::Cooperative;
use super::folder::PublishedFolder;
use super::hash::TreeHash;
use super::note::{KeyKind, Note, NoteKey, VerifierKey};
use super::proof_file::ProofFile;
use super::publication::{Publication, Records};
use super::publish_error::PublishError;
use crate::ledger::Ledger;

/// Name of the cooperative's log, where organisations' logs have their ids.
pub const COOPERATIVE: &str = "cooperative";

/// Where and under which name logs are published.
#[derive(Debug, Clone)]
pub struct PublishOptions {
    /// The folder with one folder for each log.
    pub folder: PathBuf,
    /// The folder of what was promised: with the keys, apart from the data, so that a backup of the data does not take
    /// it back.
    pub promises: PathBuf,
    /// What the names of all logs begin with: a URL without scheme.
    pub origin: String,
}

/// Publishes the logs of a ledger; clones share it.
#[derive(Clone)]
pub struct Publisher(Arc<Inner>);

struct Inner {
    ledger: Ledger,
    options: PublishOptions,
    logs: Mutex<FxHashMap<OrganisationId, Arc<Mutex<Option<Publication>>>>>,
    cooperative: Mutex<Option<Cooperative>>,
}

/// An open publication and the key that signs it.
struct Open<'a> {
    publication: &'a mut Publication,
    key: NoteKey,
    /// All keys of the log, retired ones included.
    known: Vec<VerifierKey>,
}

impl Publisher {
    /// A publisher over an open ledger. Nothing is written yet.
    pub fn new(ledger: Ledger, options: PublishOptions) -> Self {
        let (logs, cooperative) = (Mutex::default(), Mutex::default());
        Self(Arc::new(Inner { ledger, options, logs, cooperative }))
    }

    /// The folder of an organisation's log.
    pub fn folder(&self, organisation: OrganisationId) -> PublishedFolder {
        PublishedFolder::new(self.0.options.folder.join(organisation.to_string()))
    }

    /// The folder of the cooperative's log.
    pub fn cooperative_folder(&self) -> PublishedFolder {
        PublishedFolder::new(self.0.options.folder.join(COOPERATIVE))
    }

    /// The public keys of an organisation's log, retired ones included; empty before the first checkpoint.
    pub fn keys(&self, organisation: OrganisationId) -> Vec<VerifierKey> {
        let keys = self.0.ledger.checkpoint_keys(organisation);
        let Some(origin) = keys.origin() else { return Vec::new() };
        keys.all().filter_map(|key| VerifierKey::new(origin, KeyKind::Log, key.public.0).ok()).collect()
    }

    /// Publishes all durable records of a log and signs a checkpoint over them. Makes the log's first key if it has none.
    /// Blocks: not for an asynchronous thread.
    ///
    /// # Errors
    /// Nothing is signed: see [`PublishError`].
    pub fn publish(&self, organisation: OrganisationId) -> Result<Note, PublishError> {
        self.with(organisation, |open| open.publish(&self.0.ledger, organisation))
    }

    /// The signed checkpoint over exactly the first `size` records, kept from here on.
    ///
    /// # Errors
    /// The log is shorter, or nothing is signed: see [`PublishError`].
    pub fn checkpoint_at(&self, organisation: OrganisationId, size: u64) -> Result<Note, PublishError> {
        self.with(organisation, |open| {
            open.reach(&self.0.ledger, organisation, size)?;
            open.signed_at(size)
        })
    }

    /// The checkpoint over the first `size` records, for what is made of them to name: none while the log has no key, or when
    /// nothing may be signed, which is told to the program's log.
    pub fn named(&self, organisation: OrganisationId, size: u64) -> Option<Checkpoint> {
        let keys = self.0.ledger.checkpoint_keys(organisation);
        let origin = keys.origin()?;
        match self.root(organisation, size) {
            Ok(root) => Some(Checkpoint::new(origin, size, root)),
            Err(error) => {
                tracing::warn!(%organisation, code = error.code(), %error, "no checkpoint could be named");
                None
            }
        }
    }

    /// The root over the first `size` records.
    ///
    /// # Errors
    /// As [`Self::checkpoint_at`].
    pub fn root(&self, organisation: OrganisationId, size: u64) -> Result<TreeHash, PublishError> {
        self.with(organisation, |open| {
            open.reach(&self.0.ledger, organisation, size)?;
            Ok(open.publication.root(size)?)
        })
    }

    /// The proof that the record at a position is in the log, with the record and the newest checkpoint, which is kept.
    ///
    /// # Errors
    /// As [`Self::checkpoint_at`].
    pub fn inclusion(&self, organisation: OrganisationId, position: u64) -> Result<ProofFile, PublishError> {
        self.with(organisation, |open| {
            open.reach(&self.0.ledger, organisation, position + 1)?;
            open.publish(&self.0.ledger, organisation)?;
            let size = open.publication.size();
            // The kept one has the cosignatures that have come in.
            let checkpoint = open.signed_at(size)?;
            let hashes = open.publication.inclusion(position, size)?;
            let extra = Some(self.record(organisation, position)?);
            Ok(ProofFile { extra, index: position, hashes, checkpoint })
        })
    }

    /// What shows that the first `old` records are the beginning of the first `size`.
    ///
    /// # Errors
    /// As [`Self::checkpoint_at`]; `old` is larger than `size`.
    pub fn consistency(
        &self,
        organisation: OrganisationId,
        old: u64,
        size: u64,
    ) -> Result<Vec<TreeHash>, PublishError> {
        self.with(organisation, |open| {
            open.reach(&self.0.ledger, organisation, size)?;
            if old > size {
                return Err(PublishError::BeyondLog { length: size });
            }
            Ok(open.publication.consistency(old, size)?)
        })
    }

    /// Adds the members' newest checkpoints to the cooperative's log and signs that. None when no member has one.
    ///
    /// # Errors
    /// Nothing is signed: see [`PublishError`].
    pub fn publish_cooperative(&self) -> Result<Option<Note>, PublishError> {
        let members = self.0.ledger.heads().into_iter().filter_map(|(organisation, _)| {
            let logs = self.0.logs.lock();
            let log = logs.get(&organisation).cloned();
            drop(logs);
            log.and_then(|log| log.lock().as_ref().and_then(|log| log.signed().cloned()))
        });
        let members: Vec<Note> = members.collect();
        let mut cooperative = self.0.cooperative.lock();
        if members.is_empty() && cooperative.is_none() {
            return Ok(None);
        }
        let open = match cooperative.as_mut() {
            Some(open) => open,
            None => cooperative.insert(self.open_cooperative()?),
        };
        match open.publish(&members) {
            // What is in memory may be ahead of what is on the disk now.
            Err(error) => {
                *cooperative = None;
                Err(error)
            }
            published => published.map(Some),
        }
    }

    fn open_cooperative(&self) -> Result<Cooperative, PublishError> {
        let options = &self.0.options;
        let key = self.0.ledger.cooperative_key(&format!("{}/{COOPERATIVE}", options.origin))?;
        Cooperative::open(self.cooperative_folder(), &options.promises.join(COOPERATIVE), key)
    }

    /// The record at a position as it is stored.
    fn record(&self, organisation: OrganisationId, position: u64) -> Result<Vec<u8>, PublishError> {
        let mut found = Vec::new();
        self.0.ledger.log().read(organisation, position, &mut |record| {
            found = record.bytes.to_vec();
            ControlFlow::Break(())
        })?;
        Ok(found)
    }

    fn with<T>(
        &self,
        organisation: OrganisationId,
        act: impl FnOnce(&mut Open<'_>) -> Result<T, PublishError>,
    ) -> Result<T, PublishError> {
        let key = self.signer(organisation)?;
        let log = Arc::clone(self.0.logs.lock().entry(organisation).or_default());
        let mut log = log.lock();
        let publication = match log.as_mut() {
            Some(open) => open,
            None => log.insert(self.open(organisation, key.verifier().name())?),
        };
        let known = self.keys(organisation);
        let done = state_keys(&known, publication).and_then(|()| act(&mut Open { publication, key, known }));
        // After a failed write what is in memory may be ahead of what is on the disk: begin from the disk again.
        if matches!(done, Err(PublishError::Io { .. })) {
            *log = None;
        }
        done
    }

    fn open(&self, organisation: OrganisationId, origin: &str) -> Result<Publication, PublishError> {
        let promise = self.0.options.promises.join(organisation.to_string());
        let records = Records { log: self.0.ledger.log(), organisation };
        Publication::open(self.folder(organisation), &promise, origin, &records)
    }

    /// The key that signs now, made when there is none.
    fn signer(&self, organisation: OrganisationId) -> Result<NoteKey, PublishError> {
        let ledger = &self.0.ledger;
        if ledger.head(organisation).is_none() {
            return Err(PublishError::OrganisationUnknown);
        }
        if ledger.checkpoint_keys(organisation).present().is_none() {
            let origin = format!("{}/{organisation}", self.0.options.origin);
            let command = Command {
                organisation,
                actor: ActorId(0),
                key: format!("first checkpoint key of {origin}"),
                occurred_at: None,
                body: CommandBody::RegisterCheckpointKey(RegisterCheckpointKey { origin }),
            };
            ledger.submit_blocking(command).map_err(PublishError::Refused)?;
        }
        ledger.checkpoint_signer(organisation)
    }
}

/// States a log's keys in its folder.
fn state_keys(keys: &[VerifierKey], publication: &Publication) -> Result<(), PublishError> {
    if publication.folder().keys().is_ok_and(|stated| stated == keys) {
        return Ok(());
    }
    let text: String = keys.iter().map(|key| format!("{key}\n")).collect();
    Ok(publication.folder().write("key", text.as_bytes())?)
}

impl Open<'_> {
    fn signed_at(&mut self, size: u64) -> Result<Note, PublishError> {
        self.publication.signed_at(size, &self.key, &self.known)
    }

    fn publish(&mut self, ledger: &Ledger, organisation: OrganisationId) -> Result<Note, PublishError> {
        let length = ledger.head(organisation).map_or(0, |head| head.length);
        self.reach(ledger, organisation, length)?;
        self.publication.sign(&self.key)
    }

    /// Takes in the log up to a size at least.
    fn reach(
        &mut self,
        ledger: &Ledger,
        organisation: OrganisationId,
        size: u64,
    ) -> Result<(), PublishError> {
        let length = ledger.head(organisation).map_or(0, |head| head.length);
        if size > length {
            return Err(PublishError::BeyondLog { length });
        }
        self.publication.advance(&Records { log: ledger.log(), organisation }, size)
    }
}

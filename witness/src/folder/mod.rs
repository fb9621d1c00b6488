//! A witness: its folder, its key, and the newest checkpoint that it cosigned of each log.
//!
//! ```text
//! lock             held by the one process that writes here
//! key              private key, readable by the owner only
//! logs             verifier keys of the logs to watch, one a line; written by the operator
//! origins          logs of which a checkpoint was cosigned: whose state must be there
//! cosigned/<hex>   the newest checkpoint cosigned of one log, under the SHA-256 of its origin
//! ```
//!
//! What a witness forgets it could cosign twice. A state that is damaged or missing is therefore a refusal, never a
//! fresh start. What it cannot notice is that its whole folder was put back to an older copy: do not restore it.

mod error;
mod key;
mod logs;
mod state;

use std::collections::BTreeMap;
use std::fs::{File, TryLockError};
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use parking_lot::Mutex;
use soticket_ledger::durable;
use soticket_ledger::proof::{
    Checkpoint, Note, NoteKey, NoteSignature, Submission, VerifierKey, WitnessRefusal, cosign, submitted,
    witness,
};
use tokio::sync::watch;

pub use error::FolderError;
use error::io;
use state::States;

/// A witness with the folder that it alone writes.
pub struct Witness {
    key: NoteKey,
    logs: Vec<VerifierKey>,
    states: States,
    /// Every log that is watched or was: a lock for each, so that checking and keeping are one step.
    newest: BTreeMap<String, Mutex<Option<Newest>>>,
    /// Why it answers nothing any more.
    stopped: watch::Sender<Option<String>>,
    /// Given back by the system when the process ends, however it ends.
    _lock: File,
}

/// The newest checkpoint that was cosigned of a log.
pub(crate) struct Newest {
    pub(crate) checkpoint: Checkpoint,
    /// With the signatures of the log and of this witness.
    pub(crate) note: Note,
}

/// Why a submission is not cosigned.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Refused {
    #[error(transparent)]
    Witness(#[from] WitnessRefusal),
    /// The folder could not be written: what is on the disk is not known any more.
    #[error("this witness has stopped: its folder cannot be written")]
    Stopped,
}

impl Witness {
    /// Opens a witness's folder. Without a key there, one is made under `name`, unless something says that there was one.
    /// The logs to watch are `logs` and those of the file `logs` in the folder.
    ///
    /// # Errors
    /// See [`FolderError`].
    pub fn open(folder: &Path, name: Option<&str>, logs: &[VerifierKey]) -> Result<Self, FolderError> {
        durable::create_folder(folder).map_err(|error| io(folder, &error))?;
        let lock = lock(&folder.join("lock"))?;
        let states = States::new(folder);
        let key = match key::read(folder, name)? {
            Some(key) => key,
            None if states.exist() => return Err(FolderError::KeyMissing(key::path(folder))),
            None => {
                // The list of origins first: once there is a key there must be the list, which is empty by now.
                states.create()?;
                key::create(folder, name.ok_or(FolderError::NameMissing)?)?
            }
        };
        let logs = logs::read(folder, logs)?;
        let mut newest = states.read(key.verifier())?;
        for log in &logs {
            newest.entry(log.name().to_owned()).or_default();
        }
        let stopped = watch::Sender::new(None);
        Ok(Self { key, logs, states, newest, stopped, _lock: lock })
    }

    /// The verifier key of a folder's witness, which may be running. Without a key there, one is made as in [`Self::open`].
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn key_of(folder: &Path, name: Option<&str>) -> Result<VerifierKey, FolderError> {
        match key::read(folder, name)? {
            Some(key) => Ok(key.verifier().clone()),
            None => Ok(Self::open(folder, name, &[])?.verifier().clone()),
        }
    }

    /// Its verifier key.
    pub fn verifier(&self) -> &VerifierKey {
        self.key.verifier()
    }

    /// The keys of the logs that it watches.
    pub fn logs(&self) -> &[VerifierKey] {
        &self.logs
    }

    /// Becomes the reason when the witness stops for good.
    pub fn stopped(&self) -> watch::Receiver<Option<String>> {
        self.stopped.subscribe()
    }

    /// Cosigns a checkpoint that continues what was cosigned before, and keeps it before it says so.
    pub(crate) fn add(&self, submission: &Submission) -> Result<NoteSignature, Refused> {
        let origin = submitted(submission)?.origin;
        let Some(newest) = self.newest.get(&origin) else {
            return Err(WitnessRefusal::OriginUnknown(origin).into());
        };
        // Held until the checkpoint is kept: another one must not be checked against what is about to be replaced.
        let mut newest = newest.lock();
        if self.stopped.borrow().is_some() {
            return Err(Refused::Stopped);
        }
        let known = newest.as_ref().map(|newest| &newest.checkpoint);
        let checkpoint = witness(known, &self.logs, submission)?;
        let cosignature = cosign(&self.key, &submission.note.text, now());
        if newest.as_ref().is_some_and(|newest| newest.note.text == submission.note.text) {
            // Asked again, for instance after a crash between keeping and answering: nothing new to keep.
            return Ok(cosignature);
        }
        let note = self.kept(&submission.note, cosignature.clone());
        // A crash in here, or before the answer arrives, leaves a witness that has cosigned more than anybody has seen:
        // the log is told the size (409) and asks again.
        if let Err(error) = self.states.keep(&checkpoint, &note) {
            tracing::error!(%origin, %error, "the witness has stopped");
            self.stopped.send_replace(Some(error.to_string()));
            return Err(Refused::Stopped);
        }
        *newest = Some(Newest { checkpoint, note });
        Ok(cosignature)
    }

    /// What is kept of a note: signatures of strangers are none of ours.
    fn kept(&self, note: &Note, cosignature: NoteSignature) -> Note {
        let mut kept = note.clone();
        kept.signatures.retain(|signature| self.logs.iter().any(|log| log.made(signature)));
        kept.add(cosignature);
        kept
    }

    /// The newest checkpoint cosigned of the log whose origin has this SHA-256, in lower-case hexadecimal.
    pub(crate) fn newest(&self, hash: &str) -> Option<String> {
        let (_, newest) = self.newest.iter().find(|(origin, _)| state::hash(origin) == hash)?;
        newest.lock().as_ref().map(|newest| newest.note.to_string())
    }
}

/// One process has the folder: two could each cosign another history.
fn lock(path: &Path) -> Result<File, FolderError> {
    let file = File::options().create(true).truncate(false).write(true).open(path);
    let file = file.map_err(|error| io(path, &error))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(FolderError::Locked(path.to_owned())),
        Err(TryLockError::Error(error)) => Err(io(path, &error)),
    }
}

/// Seconds of Unix time.
fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

#[cfg(test)]
mod tests;

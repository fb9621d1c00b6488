//! Asking witnesses to cosign the newest checkpoint of a published log.

mod ask;
mod error;

use std::io;
use std::path::Path;
use std::thread;

use soticket_ledger::proof::{Checkpoint, Note, NoteSignature, PublishedFolder, VerifierKey, cosigned_at};

pub use error::SubmitError;

/// A witness that is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WitnessAddress {
    /// Its key.
    pub key: VerifierKey,
    /// Where its `add-checkpoint` is.
    pub url: String,
}

/// What became of a log's newest checkpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Submitted {
    /// Its size.
    pub size: u64,
    /// What each witness answered, in the order given.
    pub outcomes: Vec<Outcome>,
}

/// What a witness answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The witness's key.
    pub witness: VerifierKey,
    /// When it saw the checkpoint, in seconds of Unix time, or why it does not cosign.
    pub cosigned: Result<u64, SubmitError>,
}

/// Submits the newest checkpoint of the log `log` below `folder` to each witness that has not cosigned it, all at once,
/// and adds their cosignatures to the published checkpoint. None when nothing is published yet. Blocks.
///
/// # Errors
/// The folder cannot be read or written. What a witness answers is no error of the whole.
pub fn submit(folder: &Path, log: &str, witnesses: &[WitnessAddress]) -> io::Result<Option<Submitted>> {
    let folder = PublishedFolder::new(folder.join(log));
    let Some(note) = folder.checkpoint()? else { return Ok(None) };
    let checkpoint: Checkpoint =
        note.text.parse().map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))?;
    let answers: Vec<Result<Cosigned, SubmitError>> = thread::scope(|scope| {
        let asked: Vec<_> = witnesses
            .iter()
            .map(|witness| scope.spawn(|| cosigned(&folder, &checkpoint, &note, witness)))
            .collect();
        asked.into_iter().map(|thread| thread.join().unwrap_or(Err(SubmitError::Fault))).collect()
    });
    let signatures: Vec<NoteSignature> =
        answers.iter().flatten().filter_map(|cosigned| cosigned.signature.clone()).collect();
    if !signatures.is_empty() {
        folder.attest(&note, &signatures)?;
        // A hint that is lost costs one more request.
        let _ = folder.note_witnessed(&sizes(&folder, &checkpoint, witnesses, &answers));
    }
    let outcomes = witnesses.iter().zip(answers).map(|(witness, answer)| Outcome {
        witness: witness.key.clone(),
        cosigned: answer.map(|cosigned| cosigned.time),
    });
    Ok(Some(Submitted { size: checkpoint.size, outcomes: outcomes.collect() }))
}

/// A cosignature and its time; no signature when the checkpoint had it before.
struct Cosigned {
    signature: Option<NoteSignature>,
    time: u64,
}

fn cosigned(
    folder: &PublishedFolder,
    checkpoint: &Checkpoint,
    note: &Note,
    witness: &WitnessAddress,
) -> Result<Cosigned, SubmitError> {
    if let Ok(time) = cosigned_at(note, &witness.key) {
        return Ok(Cosigned { signature: None, time });
    }
    let (signature, time) = ask::ask(folder, checkpoint, note, witness)?;
    Ok(Cosigned { signature: Some(signature), time })
}

/// What each witness is known to have cosigned last.
fn sizes(
    folder: &PublishedFolder,
    checkpoint: &Checkpoint,
    witnesses: &[WitnessAddress],
    answers: &[Result<Cosigned, SubmitError>],
) -> Vec<(VerifierKey, u64)> {
    let pairs = witnesses.iter().zip(answers);
    let known = pairs.filter_map(|(witness, answer)| {
        let size = if answer.is_ok() { Some(checkpoint.size) } else { folder.witnessed(&witness.key) };
        Some((witness.key.clone(), size?))
    });
    known.collect()
}

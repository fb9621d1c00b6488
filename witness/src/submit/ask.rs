//! One witness, asked until it cosigns or says why not.

use soticket_ledger::proof::{
    Checkpoint, Note, NoteSignature, ProofError, PublishedFolder, PublishedTree, Submission, TreeHash,
    check_consistency, consistency, cosigned_at, root,
};

use super::{SubmitError, WitnessAddress};
use crate::http::{self, Answer};

/// How often a witness is asked: with a second process submitting it may tell another size more than once.
const ATTEMPTS: usize = 3;

/// The witness's cosignature of the checkpoint, and its time.
pub(super) fn ask(
    folder: &PublishedFolder,
    checkpoint: &Checkpoint,
    note: &Note,
    witness: &WitnessAddress,
) -> Result<(NoteSignature, u64), SubmitError> {
    let url = format!("{}/add-checkpoint", witness.url.trim_end_matches('/'));
    let size = checkpoint.size;
    // A hint beyond the checkpoint is of no use: the witness says what it knows.
    let mut old = folder.witnessed(&witness.key).filter(|old| *old <= size).unwrap_or(0);
    for _ in 0..ATTEMPTS {
        let submission = Submission { old, proof: proof(folder, checkpoint, old)?, note: note.clone() };
        let answer = http::post(&url, "text/plain; charset=utf-8", submission.to_string().as_bytes())
            .map_err(|reason| SubmitError::Unreachable { url: url.clone(), reason })?;
        old = match answer.status {
            200 => return cosignature(note, witness, &answer),
            409 => match told_size(&answer) {
                Some(told) if told > size => return Err(SubmitError::Ahead { witnessed: told, size }),
                // Some witnesses tell another root at the same size so.
                Some(told) if told == old => return Err(SubmitError::Forked(answer.told())),
                Some(told) => told,
                None => return Err(unexpected(&answer)),
            },
            404 => return Err(SubmitError::OriginUnknown(keys(folder))),
            403 => return Err(SubmitError::KeyUnknown(keys(folder))),
            // The proof was checked here: what the witness cosigned is another history.
            422 => return Err(SubmitError::Forked(answer.told())),
            _ => return Err(unexpected(&answer)),
        };
    }
    Err(SubmitError::Answer { status: 409, told: "it tells another size each time".to_owned() })
}

/// The proof from a size to the checkpoint, checked: a witness must not be given what accuses the log wrongly.
fn proof(folder: &PublishedFolder, checkpoint: &Checkpoint, old: u64) -> Result<Vec<TreeHash>, SubmitError> {
    let tree = PublishedTree::new(folder, checkpoint.size);
    let unprovable = |error: std::io::Error| SubmitError::Unprovable(error.to_string());
    let proof = consistency(&tree, old, checkpoint.size).map_err(unprovable)?;
    let old_root = root(&tree, old).map_err(unprovable)?;
    let checked = check_consistency((old, old_root), (checkpoint.size, checkpoint.root), &proof);
    checked.map_err(|error| SubmitError::Unprovable(error.to_string()))?;
    Ok(proof)
}

/// The size that a conflict tells.
fn told_size(answer: &Answer) -> Option<u64> {
    let is_size = answer.kind.split(';').next().is_some_and(|kind| kind.trim() == "text/x.tlog.size");
    let text = std::str::from_utf8(&answer.body).ok()?.strip_suffix('\n')?;
    text.parse().ok().filter(|size: &u64| is_size && size.to_string() == text)
}

/// The line of the witness's own key among those that it answered, with a right cosignature.
fn cosignature(
    note: &Note,
    witness: &WitnessAddress,
    answer: &Answer,
) -> Result<(NoteSignature, u64), SubmitError> {
    let wrong = |error: ProofError| SubmitError::NotCosigned(error.to_string());
    let text = std::str::from_utf8(&answer.body).unwrap_or_default();
    // Lines of keys that are not asked for are ignored.
    let mut lines = text.lines().filter_map(|line| line.parse::<NoteSignature>().ok());
    let signature = lines.find(|line| witness.key.made(line));
    let signature = signature.ok_or_else(|| wrong(ProofError::NotSigned(witness.key.name().to_owned())))?;
    let alone = Note { text: note.text.clone(), signatures: vec![signature.clone()] };
    let time = cosigned_at(&alone, &witness.key).map_err(wrong)?;
    Ok((signature, time))
}

/// What the operator of a witness needs.
fn keys(folder: &PublishedFolder) -> String {
    let keys = folder.keys().unwrap_or_default();
    keys.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
}

fn unexpected(answer: &Answer) -> SubmitError {
    SubmitError::Answer { status: answer.status, told: answer.told() }
}

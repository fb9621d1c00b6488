//! Timestamps of checkpoints by an authority (RFC 3161): the checkpoint was there at a time, whatever becomes of the log,
//! its keys and its witnesses.

mod error;
mod token;
mod verify;

use std::path::Path;

use ring::digest::{SHA256, digest};
use soticket_ledger::proof::{Checkpoint, PublishedFolder};
use soticket_schema::Timestamp;

use crate::http;
pub use error::TimestampError;
use token::Answered;
pub use verify::{check_roots, verify_timestamp};

/// An authority that gives timestamps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authority {
    /// Where requests go.
    pub url: String,
    /// Certificates that its own is issued under, as PEM. Without them an answer is kept once it was read, and whoever
    /// verifies it later brings them.
    pub roots: Option<String>,
}

/// A checkpoint with a timestamp.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timestamped {
    /// Size of the checkpoint.
    pub size: u64,
    /// When the authority saw it.
    pub time: Timestamp,
}

/// Has the newest checkpoint of the log `log` below `folder` timestamped, unless it is, and keeps the answer beside it.
/// None when nothing is published yet. Blocks.
///
/// # Errors
/// The authority cannot be asked or does not answer this request; nothing is kept then.
pub fn timestamp(
    folder: &Path,
    log: &str,
    authority: &Authority,
) -> Result<Option<Timestamped>, TimestampError> {
    let folder = PublishedFolder::new(folder.join(log));
    let Some(note) = folder.checkpoint()? else { return Ok(None) };
    let checkpoint: Checkpoint =
        note.text.parse().map_err(|error| TimestampError::Folder(format!("{error}")))?;
    let (size, imprint) = (checkpoint.size, imprint(&note.text));
    if let Some(kept) = folder.timestamp(size)? {
        // A damaged one, or one of another checkpoint, is asked for again.
        if let Ok(answered) = Answered::read(&kept).and_then(|answered| answered.matching(&imprint)) {
            return Ok(Some(Timestamped { size, time: answered.time }));
        }
    }
    let answer = ask(authority, &imprint)?;
    if let Some(roots) = &authority.roots {
        verify_timestamp(&answer, &note.text, roots)?;
    }
    let time = Answered::read(&answer)?.time;
    folder.keep_timestamp(&note, &answer)?;
    Ok(Some(Timestamped { size, time }))
}

/// An answer of the authority that is to this request.
fn ask(authority: &Authority, imprint: &[u8]) -> Result<Vec<u8>, TimestampError> {
    let nonce = nonce()?;
    let request = token::request(imprint, &nonce)?;
    let answer = http::post(&authority.url, "application/timestamp-query", &request)
        .map_err(|reason| TimestampError::Unreachable { url: authority.url.clone(), reason })?;
    if answer.status != 200 {
        return Err(TimestampError::Answer { status: answer.status, told: answer.told() });
    }
    let answered = Answered::read(&answer.body)?.matching(imprint)?;
    if answered.has(&nonce) { Ok(answer.body) } else { Err(TimestampError::NonceOther) }
}

/// What an authority is shown of a checkpoint: SHA-256 of the text that the log signs.
fn imprint(text: &str) -> Vec<u8> {
    digest(&SHA256, text.as_bytes()).as_ref().to_vec()
}

/// A number that no earlier answer can hold, positive and without leading zeros.
fn nonce() -> Result<[u8; 16], TimestampError> {
    let mut nonce = [0; 16];
    getrandom::fill(&mut nonce).map_err(|error| TimestampError::Folder(error.to_string()))?;
    nonce[0] = nonce[0] & 0x3f | 0x40;
    Ok(nonce)
}

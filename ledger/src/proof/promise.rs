//! The newest checkpoint that may be out, kept apart from the data: a log that was restored from a backup must not sign
//! another history.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::checkpoint::Checkpoint;
use super::folder::invalid;
use crate::durable::{self, Readers};

const CHECKSUM_CONTEXT: &str = "soticket-ledger 2026 promise checksum v1";

/// The file of one log's promise.
#[derive(Debug)]
pub(super) struct Promise {
    path: PathBuf,
    newest: Option<Checkpoint>,
}

impl Promise {
    /// Reads the promise; there is none before the first checkpoint.
    ///
    /// # Errors
    /// The file cannot be read, or is damaged.
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        let newest = match fs::read_to_string(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            text => Some(parse(&text?).ok_or_else(|| invalid("the promise is damaged"))?),
        };
        Ok(Self { path: path.to_owned(), newest })
    }

    pub(super) fn newest(&self) -> Option<&Checkpoint> {
        self.newest.as_ref()
    }

    /// Promises a checkpoint, before it is signed: a crash behind this line leaves a promise that the log keeps when it
    /// goes on.
    pub(super) fn make(&mut self, checkpoint: &Checkpoint) -> io::Result<()> {
        if self.newest.as_ref() == Some(checkpoint) {
            return Ok(());
        }
        if let Some(folder) = self.path.parent() {
            durable::create_folder(folder)?;
        }
        let text = checkpoint.to_string();
        durable::write(&self.path, format!("{}\n{text}", checksum(&text)).as_bytes(), Readers::Owner)?;
        self.newest = Some(checkpoint.clone());
        Ok(())
    }
}

fn checksum(text: &str) -> blake3::Hash {
    blake3::Hash::from_bytes(blake3::derive_key(CHECKSUM_CONTEXT, text.as_bytes()))
}

fn parse(text: &str) -> Option<Checkpoint> {
    let (stated, text) = text.split_once('\n')?;
    (stated == checksum(text).to_hex().as_str()).then(|| text.parse().ok()).flatten()
}

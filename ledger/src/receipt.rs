//! What a caller gets back: a receipt that the command's events are in the log, or why they are not.

use std::ops::Range;
use std::sync::Arc;

use soticket_schema::{Hash, Rejection};

use crate::entry::{Batch, Entry};

/// Proof that a command's events are durable: their place in the log and the hash of the last.
#[derive(Debug, Clone)]
pub struct Receipt {
    batch: Arc<Batch>,
    range: Range<usize>,
    /// Whether the command had been recorded before: nothing was added now.
    pub replayed: bool,
}

/// Why there is no receipt.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SubmitError {
    /// The command changed nothing; the code, the field and what to do are in the rejection.
    #[error("{0}")]
    Rejected(#[from] Rejection),
    /// The queue is full: nothing was recorded, try again later.
    #[error("OVERLOADED: too many commands are waiting; try again")]
    Overloaded,
    /// The ledger stopped. Whether the command was recorded is unknown: repeat it with the same key after the restart.
    #[error("STOPPED: {0}")]
    Stopped(String),
}

impl Receipt {
    /// A receipt over `range` of `batch`, which holds exactly the command's entries and is not empty.
    pub fn new(batch: Arc<Batch>, range: Range<usize>, replayed: bool) -> Self {
        Self { batch, range, replayed }
    }

    /// The command's entries, in log order; never empty.
    pub fn entries(&self) -> &[Entry] {
        self.batch.entries.get(self.range.clone()).unwrap_or_default()
    }

    /// Position of the command's last event.
    pub fn position(&self) -> u64 {
        self.entries().last().map_or(0, |entry| entry.envelope.position)
    }

    /// Hash of the command's last event.
    pub fn hash(&self) -> Hash {
        self.entries().last().map_or_else(Hash::default, |entry| entry.hash)
    }
}

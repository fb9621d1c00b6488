//! The audit journal (journal des événements techniques): what happened to the system and its parameters, whether an event of
//! its own says so or another event does.

mod codes;
mod kind;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};
use soticket_ledger::Entry;
use soticket_schema::Timestamp;

pub use codes::{CodeList, JetCode, code_list, jet_code};
pub use kind::AuditKind;

use crate::partition::{OWN, PartitionKey, Projection, decode, encode};

/// Where the entries of the journal are.
#[derive(Debug, Default)]
pub struct Audit {
    entries: Vec<AuditEntry>,
}

/// An entry of the journal; what else it says is in its record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditEntry {
    /// Position of its record.
    pub position: u64,
    /// When it was recorded.
    pub recorded_at: Timestamp,
    /// What happened.
    pub kind: AuditKind,
}

impl Projection for Audit {
    const NAME: &'static str = "audit";
    const VERSION: u16 = 2;

    fn fold(&mut self, entry: &Entry) {
        if let Some(kind) = AuditKind::of(&entry.event) {
            let (position, recorded_at) = (entry.envelope.position, entry.envelope.recorded_at);
            self.entries.push(AuditEntry { position, recorded_at, kind });
        }
    }

    fn save(&self, out: &mut dyn FnMut(PartitionKey, Vec<u8>)) {
        out(OWN, encode(&self.entries));
    }

    fn load(&mut self, key: PartitionKey, bytes: &[u8]) -> Option<()> {
        if key != OWN {
            return None;
        }
        self.entries = decode(bytes)?;
        Some(())
    }
}

impl Audit {
    /// The entries recorded from one instant on and before another, in the order of the log.
    pub fn entries(&self, from: Timestamp, to: Timestamp) -> &[AuditEntry] {
        let start = self.entries.partition_point(|entry| entry.recorded_at < from);
        let end = self.entries.partition_point(|entry| entry.recorded_at < to);
        self.entries.get(start..end).unwrap_or_default()
    }
}

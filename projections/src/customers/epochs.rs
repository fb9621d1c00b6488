//! Epochs of the vault: from when on backups count as erased, too.

use serde::{Deserialize, Serialize};
use soticket_ledger::Entry;
use soticket_schema::{Event, Timestamp};

/// The epochs that were begun in a log.
#[derive(Debug, Default, Clone, Serialize, Deserialize)]
pub(super) struct Epochs {
    /// By position.
    begun: Vec<Epoch>,
    /// Whether somebody was erased since the last.
    due: bool,
}

/// An epoch of the vault.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Epoch {
    position: u64,
    epoch: u32,
    /// When the keys of all epochs before it were destroyed.
    destroyed: Option<Timestamp>,
}

impl Epochs {
    pub(super) fn erased(&mut self) {
        self.due = true;
    }

    pub(super) fn fold(&mut self, entry: &Entry) {
        match &entry.event {
            Event::VaultEpochBegun(event) => {
                let (position, epoch) = (entry.envelope.position, event.epoch);
                self.begun.push(Epoch { position, epoch, destroyed: None });
                self.due = false;
            }
            Event::VaultEpochsDestroyed(event) => {
                for epoch in self.begun.iter_mut().filter(|epoch| epoch.epoch <= event.before) {
                    epoch.destroyed.get_or_insert(entry.envelope.recorded_at);
                }
            }
            _ => {}
        }
    }

    /// When the keys were destroyed that wrapped the key of somebody who was erased at a position.
    pub(super) fn destroyed_after(&self, position: u64) -> Option<Timestamp> {
        let next = self.begun.partition_point(|epoch| epoch.position < position);
        self.begun.get(next)?.destroyed
    }

    /// Whether an epoch has to be begun, or keys of earlier ones may have to be destroyed.
    pub(super) fn is_due(&self) -> bool {
        self.due || self.begun.iter().any(|epoch| epoch.destroyed.is_none())
    }
}

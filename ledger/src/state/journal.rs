//! What decisions know of the journal of double entries.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use soticket_schema::event::v1::{AccountMappingSet, JournalLocked, RemittanceRecorded};
use soticket_schema::{ChannelId, Event, Hash, Timestamp};

/// Mappings, remittances and the lock.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Journal {
    /// How many mappings there were.
    mappings: u32,
    remittances: BTreeSet<(ChannelId, Hash)>,
    locked: Option<Timestamp>,
}

impl Journal {
    /// Number of the next mapping.
    pub(crate) fn next_mapping(&self) -> u32 {
        self.mappings.saturating_add(1)
    }

    /// Whether this remittance is recorded.
    pub(crate) fn knows(&self, channel: ChannelId, reference: Hash) -> bool {
        self.remittances.contains(&(channel, reference))
    }

    /// An instant of the last day that is locked.
    pub(crate) fn locked_through(&self) -> Option<Timestamp> {
        self.locked
    }

    pub(super) fn note(&mut self, event: &Event) {
        match event {
            Event::AccountMappingSet(AccountMappingSet { version, .. }) => {
                self.mappings = self.mappings.max(*version);
            }
            Event::RemittanceRecorded(RemittanceRecorded { channel, reference, .. }) => {
                self.remittances.insert((*channel, *reference));
            }
            Event::JournalLocked(JournalLocked { through }) => self.locked = self.locked.max(Some(*through)),
            _ => {}
        }
    }
}

//! What persons agreed to, with all that they said before, and how their profiles changed. Who they are is in the vault.

use serde::{Deserialize, Serialize};
use soticket_schema::event::v1::{ConsentSource, ProfileField};
use soticket_schema::{Envelope, Event, PurposeId, Timestamp};

/// A consent or its withdrawal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsentEntry {
    /// To what.
    pub purpose: PurposeId,
    /// Version of the wording that was agreed to; none for a withdrawal.
    pub version: Option<u32>,
    /// How it was said.
    pub source: ConsentSource,
    /// When it was said.
    pub occurred_at: Timestamp,
    /// When it was recorded.
    pub recorded_at: Timestamp,
    /// Position of its record.
    pub position: u64,
}

impl ConsentEntry {
    /// Whether the person agreed.
    pub fn given(&self) -> bool {
        self.version.is_some()
    }
}

/// Fields of a profile that changed; their values are in the vault.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProfileEntry {
    /// Fields that were given a value.
    pub set: Vec<ProfileField>,
    /// Fields that were emptied.
    pub cleared: Vec<ProfileField>,
    /// Whether the person changed it, or staff.
    pub by_person: bool,
    /// When.
    pub recorded_at: Timestamp,
    /// Position of its record.
    pub position: u64,
}

/// What one person said, in the order in which they said it: what is told later of an earlier day does not undo what was
/// said since. Of two things of one instant the one that was recorded later counts.
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Consents(Vec<ConsentEntry>);

impl Consents {
    pub(super) fn note(&mut self, envelope: &Envelope, event: &Event) {
        let (purpose, version, source) = match event {
            Event::ConsentGiven(event) => (event.purpose, Some(event.version), event.source),
            Event::ConsentWithdrawn(event) => (event.purpose, None, event.source),
            _ => return,
        };
        let Envelope { occurred_at, recorded_at, position, .. } = *envelope;
        let entry = ConsentEntry { purpose, version, source, occurred_at, recorded_at, position };
        let key = |entry: &ConsentEntry| (entry.occurred_at, entry.position);
        let place = self.0.partition_point(|known| key(known) < key(&entry));
        self.0.insert(place, entry);
    }

    /// What the person said last about a purpose.
    pub(super) fn present(&self, purpose: PurposeId) -> Option<&ConsentEntry> {
        self.0.iter().rev().find(|entry| entry.purpose == purpose)
    }

    pub(super) fn all(&self) -> &[ConsentEntry] {
        &self.0
    }
}

//! The keys that a log's checkpoints are signed with: what decisions know of them, and what signing needs to know.

use serde::{Deserialize, Serialize};
use soticket_schema::event::v1::{CheckpointKeyRegistered, CheckpointKeyRetired};
use soticket_schema::{CheckpointKeyId, Event, PublicKey};

use super::dense::Dense;

/// The keys of a log's checkpoints.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct CheckpointKeys {
    origin: Option<String>,
    keys: Dense<CheckpointKey>,
}

/// A key of a log's checkpoints.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckpointKey {
    /// Its number.
    pub key: CheckpointKeyId,
    /// What its signatures are checked with.
    pub public: PublicKey,
    /// Whether it signs no more.
    pub retired: bool,
}

impl CheckpointKeys {
    /// The name of the log, which its first key fixed.
    pub fn origin(&self) -> Option<&str> {
        self.origin.as_deref()
    }

    /// All keys by number, retired ones included.
    pub fn all(&self) -> impl Iterator<Item = CheckpointKey> {
        (1..self.keys.next_u32()).filter_map(|key| self.keys.get(key).copied())
    }

    /// The key that signs now: the last that was not retired.
    pub fn present(&self) -> Option<CheckpointKey> {
        self.all().filter(|key| !key.retired).last()
    }

    pub(crate) fn next(&self) -> CheckpointKeyId {
        CheckpointKeyId(self.keys.next_u32())
    }

    pub(crate) fn get(&self, key: CheckpointKeyId) -> Option<&CheckpointKey> {
        self.keys.get(key.0)
    }

    /// Takes in what an event says of them.
    pub(crate) fn note(&mut self, event: &Event) {
        match event {
            Event::CheckpointKeyRegistered(event) => self.registered(event),
            Event::CheckpointKeyRetired(CheckpointKeyRetired { key }) => {
                if let Some(key) = self.keys.get_mut(key.0) {
                    key.retired = true;
                }
            }
            _ => {}
        }
    }

    fn registered(&mut self, event: &CheckpointKeyRegistered) {
        let key = CheckpointKey { key: event.key, public: event.public, retired: false };
        if self.keys.push(event.key.0, key) {
            self.origin.get_or_insert_with(|| event.origin.clone());
        }
    }
}

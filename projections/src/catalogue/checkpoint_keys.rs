//! The keys that the log's checkpoints are signed with.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use soticket_schema::{CheckpointKeyId, Event, PublicKey, Timestamp};

/// A key that checkpoints are signed with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckpointKeyInfo {
    /// Its number.
    pub key: CheckpointKeyId,
    /// The name of the log and of the key.
    pub origin: String,
    /// What its signatures are checked with.
    pub public: PublicKey,
    /// When it was registered.
    pub registered_at: Timestamp,
    /// When it was retired, if it was.
    pub retired_at: Option<Timestamp>,
}

/// The keys by number.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct CheckpointKeys(BTreeMap<CheckpointKeyId, CheckpointKeyInfo>);

impl CheckpointKeys {
    pub(super) fn fold(&mut self, event: &Event, at: Timestamp) {
        match event {
            Event::CheckpointKeyRegistered(event) => {
                self.0.entry(event.key).or_insert_with(|| CheckpointKeyInfo {
                    key: event.key,
                    origin: event.origin.clone(),
                    public: event.public,
                    registered_at: at,
                    retired_at: None,
                });
            }
            Event::CheckpointKeyRetired(event) => {
                if let Some(key) = self.0.get_mut(&event.key) {
                    key.retired_at.get_or_insert(at);
                }
            }
            _ => {}
        }
    }

    /// All keys, retired ones included, by number.
    pub fn all(&self) -> impl DoubleEndedIterator<Item = &CheckpointKeyInfo> {
        self.0.values()
    }

    /// One key.
    pub fn get(&self, key: CheckpointKeyId) -> Option<&CheckpointKeyInfo> {
        self.0.get(&key)
    }

    /// The key that signs now: the last that was not retired.
    pub fn present(&self) -> Option<&CheckpointKeyInfo> {
        self.0.values().rev().find(|key| key.retired_at.is_none())
    }
}

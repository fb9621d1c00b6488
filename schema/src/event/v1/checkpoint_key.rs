//! The keys that a log's checkpoints are signed with.

use bincode::{Decode, Encode};
use serde::{Deserialize, Serialize};

use crate::ids::CheckpointKeyId;
use crate::ticket_code::PublicKey;

/// Checkpoints of this log are signed with a new key from here on. The private half is in the vault.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct CheckpointKeyRegistered {
    /// Its number.
    pub key: CheckpointKeyId,
    /// The name of the log and of the key: a URL without scheme. The same for all keys of a log.
    pub origin: String,
    /// What its signatures are checked with: an Ed25519 key.
    pub public: PublicKey,
}

/// A key signs no more checkpoints. Those that it signed stay signed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct CheckpointKeyRetired {
    /// The key.
    pub key: CheckpointKeyId,
}

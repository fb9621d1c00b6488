//! What is asked of the keys that checkpoints are signed with.

use bincode::Encode;
use serde::Serialize;

use crate::ids::CheckpointKeyId;

/// See [`super::CommandBody::RegisterCheckpointKey`]. The key is made by the vault.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Encode)]
pub struct RegisterCheckpointKey {
    /// The name of the log: a URL without scheme, the same for all its keys.
    pub origin: String,
}

/// See [`super::CommandBody::RetireCheckpointKey`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Encode)]
pub struct RetireCheckpointKey {
    /// The key.
    pub key: CheckpointKeyId,
}

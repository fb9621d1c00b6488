//! What closings answer.

use serde::{Deserialize, Serialize};
use soticket_schema::event::v1::PeriodClosed;
use soticket_schema::{ActorId, Hash, Timestamp};

/// A closing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closing {
    /// Position of its record.
    pub position: u64,
    /// Hash of its record.
    pub record: Hash,
    /// Its own hash, which the next closing of its kind names as the previous one.
    pub hash: Hash,
    /// When it was recorded.
    pub closed_at: Timestamp,
    /// Who closed; 0 is the system itself.
    pub actor: ActorId,
    /// What it says.
    pub event: PeriodClosed,
}

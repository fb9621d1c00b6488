//! What gates report.

use bincode::{Decode, Encode};
use serde::{Deserialize, Serialize};

use crate::ids::{ActorId, CodeHash, GateId, ShowId, TicketId};

/// Which way a person went through a gate.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, Encode, Decode,
)]
pub enum Direction {
    /// In.
    Entry,
    /// Out.
    Exit,
}

/// What the gate decided at that moment.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, Encode, Decode,
)]
pub enum GateDecision {
    /// Let through.
    Admitted,
    /// Turned back.
    Refused,
    /// The report does not say.
    Unstated,
}

/// A code was presented at a gate. `occurred_at` is the device's time, `recorded_at` when the ledger received it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct TicketScanned {
    /// The show whose entry is controlled.
    pub show: ShowId,
    /// Keyed hash of the code as presented.
    pub code: CodeHash,
    /// The ticket that the code belonged to when the scan was recorded, if any.
    pub ticket: Option<TicketId>,
    /// The gate.
    pub gate: GateId,
    /// The device.
    pub device: ActorId,
    /// The device's own number of the scan.
    pub nonce: u64,
    /// Which way.
    pub direction: Direction,
    /// Whether the device was offline.
    pub offline: bool,
    /// What the gate decided.
    pub decision: GateDecision,
}

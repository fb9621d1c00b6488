//! Scans as a gate reports them.

use bincode::Encode;
use serde::Serialize;

use crate::event::v1::{Direction, GateDecision};
use crate::ids::{ActorId, GateId, ShowId};

/// See [`super::CommandBody::ReportScan`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Encode)]
pub struct ReportScan {
    /// The show whose entry is controlled.
    pub show: ShowId,
    /// The code as presented.
    pub code: String,
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

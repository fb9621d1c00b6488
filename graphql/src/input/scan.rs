//! Scans.

use async_graphql::{ID, InputObject};
use soticket_schema::command::ReportScan;
use soticket_schema::{CommandBody, Rejection, Timestamp};

use super::{Caller, CommandInput, Scope};
use crate::scalar::{Counter, DateTime};
use crate::types::enums::{GateDecision, ScanDirection};

/// Input of `scanReport`.
#[derive(InputObject)]
pub(crate) struct ScanReportInput {
    #[graphql(flatten)]
    caller: Caller,
    /// The device's time of the scan.
    occurred_at: DateTime,
    /// The show whose entry is controlled.
    show: ID,
    /// The code as presented.
    code: String,
    /// The gate.
    gate: ID,
    /// The device, a registered actor.
    device: ID,
    /// The device's own number of the scan.
    nonce: Counter,
    /// Which way.
    #[graphql(default_with = "ScanDirection::Entry")]
    direction: ScanDirection,
    /// Whether the device was offline.
    #[graphql(default)]
    offline: bool,
    /// What the gate decided.
    #[graphql(default_with = "GateDecision::Unstated")]
    decision: GateDecision,
}

impl CommandInput for ScanReportInput {
    fn caller(&self) -> &Caller {
        &self.caller
    }

    fn device(&self) -> Option<&ID> {
        Some(&self.device)
    }

    fn occurred_at(&self) -> Option<Timestamp> {
        Some(self.occurred_at.0)
    }

    fn body(self, scope: &Scope) -> Result<CommandBody, Rejection> {
        Ok(CommandBody::ReportScan(ReportScan {
            show: scope.id(&self.show),
            code: self.code,
            gate: scope.id(&self.gate),
            device: scope.id(&self.device),
            nonce: self.nonce.0,
            direction: self.direction.into(),
            offline: self.offline,
            decision: self.decision.into(),
        }))
    }
}

//! Who came.

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, Object, Result};
use soticket_projections::attendance::{self, AnomalyKind};

use super::enums::{GateDecision, ScanDirection};
use super::integrity::Checkpoint;
use super::lookup::{count, named};
use super::{Actor, Gate, Show};
use crate::error::{ErrorCode, field_error};
use crate::ids;
use crate::input::Scope;
use crate::scalar::{Counter, DateTime};

/// Longest span of a time bucket: a day.
const BUCKET_MINUTES_MAX: i32 = 1_440;

/// Who came.
#[derive(Clone)]
pub(crate) struct Attendance {
    scope: Scope,
    view: Arc<attendance::ShowAttendance>,
    checkpoint: Checkpoint,
}

impl Attendance {
    /// Attendance as of a checkpoint.
    pub(super) fn new(scope: Scope, view: Arc<attendance::ShowAttendance>, checkpoint: Checkpoint) -> Self {
        Self { scope, view, checkpoint }
    }

    /// Whether nothing differs but the checkpoint.
    pub(super) fn same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.view, &other.view) || self.view == other.view
    }
}

/// Who came, from the scans in the order of (device time, device, nonce), whatever order they arrived in.
#[Object]
impl Attendance {
    /// The event that this is as of.
    async fn checkpoint(&self) -> Checkpoint {
        self.checkpoint
    }

    /// Tickets that are valid now: issued and not cancelled.
    async fn valid(&self) -> i32 {
        count(self.view.valid)
    }

    /// Different scans that were reported.
    async fn scans(&self) -> i32 {
        count(self.view.scans)
    }

    /// Different valid tickets that entered.
    async fn scanned(&self) -> i32 {
        count(self.view.scanned)
    }

    /// Tickets that are inside after the last scan.
    async fn present(&self) -> i32 {
        count(self.view.present)
    }

    /// Most tickets inside at once.
    async fn peak(&self) -> i32 {
        count(self.view.peak)
    }

    /// When the peak was first reached.
    async fn peak_at(&self) -> Option<DateTime> {
        self.view.peak_at.map(DateTime)
    }

    /// Valid tickets that did not enter.
    async fn no_show(&self) -> i32 {
        count(self.view.no_show)
    }

    /// Entries and exits per gate.
    async fn gates(&self) -> Vec<GateCount> {
        let gate = |gate: &attendance::GateCount| GateCount { scope: self.scope, row: *gate };
        self.view.gates.iter().map(gate).collect()
    }

    /// Entries and exits per gate and span of so many minutes.
    async fn buckets(&self, #[graphql(default = 15)] minutes: i32) -> Option<Result<Vec<BucketCount>>> {
        let span = u32::try_from(minutes).ok().filter(|_| (1..=BUCKET_MINUTES_MAX).contains(&minutes));
        let Some(span) = span else {
            let message = format!("A span has 1 to {BUCKET_MINUTES_MAX} minutes.");
            return Some(Err(field_error(ErrorCode::BadUserInput, message)));
        };
        let bucket = |row| BucketCount { scope: self.scope, row };
        Some(Ok(self.view.per_bucket(span).into_iter().map(bucket).collect()))
    }

    /// What was not in order, in the order of the scans.
    async fn anomalies(&self) -> Vec<Anomaly> {
        let anomaly = |row: &attendance::Anomaly| Anomaly { scope: self.scope, row: *row };
        self.view.anomalies.iter().map(anomaly).collect()
    }
}

/// Passages through one gate.
pub(crate) struct GateCount {
    scope: Scope,
    row: attendance::GateCount,
}

/// Passages through one gate.
#[Object]
impl GateCount {
    /// The gate.
    async fn gate(&self, context: &Context<'_>) -> Result<Gate> {
        named(context, self.scope, self.row.gate, Gate::load)
    }

    /// Entries that counted.
    async fn entries(&self) -> i32 {
        count(self.row.entries)
    }

    /// Exits that counted.
    async fn exits(&self) -> i32 {
        count(self.row.exits)
    }
}

/// Passages within one span of time.
pub(crate) struct BucketCount {
    scope: Scope,
    row: attendance::BucketCount,
}

/// Passages through one gate within one span of time.
#[Object]
impl BucketCount {
    /// Begin of the span.
    async fn from(&self) -> DateTime {
        DateTime(self.row.from)
    }

    /// The gate.
    async fn gate(&self, context: &Context<'_>) -> Result<Gate> {
        named(context, self.scope, self.row.gate, Gate::load)
    }

    /// Entries that counted.
    async fn entries(&self) -> i32 {
        count(self.row.entries)
    }

    /// Exits that counted.
    async fn exits(&self) -> i32 {
        count(self.row.exits)
    }
}

/// A scan that was not in order.
pub(crate) struct Anomaly {
    scope: Scope,
    row: attendance::Anomaly,
}

/// A scan that was not in order. Changes when an earlier scan or a network's report arrives.
#[Object]
impl Anomaly {
    /// What was not in order.
    async fn kind(&self) -> ScanAnomalyKind {
        self.row.kind.into()
    }

    /// Device time.
    async fn at(&self) -> DateTime {
        DateTime(self.row.at)
    }

    /// The device.
    async fn device(&self, context: &Context<'_>) -> Result<Actor> {
        named(context, self.scope, self.row.device, Actor::load)
    }

    /// The device's own number of the scan.
    async fn nonce(&self) -> Counter {
        Counter(self.row.nonce)
    }

    /// The gate.
    async fn gate(&self, context: &Context<'_>) -> Result<Gate> {
        named(context, self.scope, self.row.gate, Gate::load)
    }

    /// Which way.
    async fn direction(&self) -> ScanDirection {
        self.row.direction.into()
    }

    /// What the gate decided.
    async fn decision(&self) -> GateDecision {
        self.row.decision.into()
    }

    /// Whether the device was offline.
    async fn offline(&self) -> bool {
        self.row.offline
    }

    /// The ticket that the code belongs to, if any.
    async fn ticket(&self) -> Option<ID> {
        self.row.ticket.map(|ticket| ids::global(self.scope.organisation, ticket))
    }

    /// The show that the ticket is for, when it is another one.
    async fn other_show(&self, context: &Context<'_>) -> Option<Result<Show>> {
        self.row.other_show.map(|show| named(context, self.scope, show, Show::load))
    }
}

/// What is not in order with a scan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "AnomalyKind")]
pub(crate) enum ScanAnomalyKind {
    /// The ticket is inside already.
    SecondEntry,
    /// The ticket left without having entered.
    ExitWithoutEntry,
    /// The ticket was cancelled before.
    CancelledTicket,
    /// No ticket has the code.
    UnknownCode,
    /// The ticket is for another show.
    WrongShow,
    /// A valid ticket was turned back.
    Refused,
    /// A valid ticket entered after it had been turned back.
    AdmittedAfterRefusal,
    /// The gate does not admit to the ticket's zone.
    WrongZone,
    /// Before scanning begins or after it ends.
    OutsideWindow,
    /// The ticket entered again though it enters only once.
    EnteredAgain,
    /// The ticket entered again sooner than it may.
    EnteredTooSoon,
    /// The code of a ticket that had been handed on under another.
    ReplacedCode,
}

//! Scans.

use async_graphql::{Context, ID, Object, Result};
use soticket_ledger::Entry;
use soticket_schema::event::v1::{self, TicketScanned};
use soticket_schema::{Event, Timestamp};

use super::access::ScanReason;
use super::enums::{GateDecision, ScanDirection};
use super::lookup::named;
use super::{Actor, Gate, Show, Ticket};
use crate::ids;
use crate::input::Scope;
use crate::scalar::{Counter, DateTime};

/// A code that was presented at a gate.
pub(crate) struct Scan {
    scope: Scope,
    scan: TicketScanned,
    occurred_at: Timestamp,
    recorded_at: Timestamp,
    reason: Option<v1::ScanReason>,
}

impl Scan {
    /// The scan that a record holds; none if it holds something else.
    pub(crate) fn new(scope: Scope, entry: &Entry) -> Option<Self> {
        let Event::TicketScanned(scan) = entry.event else { return None };
        let (occurred_at, recorded_at) = (entry.envelope.occurred_at, entry.envelope.recorded_at);
        Some(Self { scope, scan, occurred_at, recorded_at, reason: None })
    }

    /// The same as the ledger has decided it.
    pub(crate) fn decided(self, reason: v1::ScanReason) -> Self {
        Self { reason: Some(reason), ..self }
    }
}

/// A code that was presented at a gate.
#[Object]
impl Scan {
    /// The show whose entry was controlled.
    async fn show(&self, context: &Context<'_>) -> Result<Show> {
        named(context, self.scope, self.scan.show, Show::load)
    }

    /// Id of the ticket that the code belonged to when the scan was recorded; null if no ticket had it.
    async fn ticket_id(&self) -> Option<ID> {
        self.scan.ticket.map(|ticket| ids::global(self.scope.organisation, ticket))
    }

    /// That ticket.
    async fn ticket(&self, context: &Context<'_>) -> Option<Result<Ticket>> {
        self.scan.ticket.map(|ticket| named(context, self.scope, ticket, Ticket::load))
    }

    /// The gate.
    async fn gate(&self, context: &Context<'_>) -> Result<Gate> {
        named(context, self.scope, self.scan.gate, Gate::load)
    }

    /// The device.
    async fn device(&self, context: &Context<'_>) -> Result<Actor> {
        named(context, self.scope, self.scan.device, Actor::load)
    }

    /// The device's own number of the scan.
    async fn nonce(&self) -> Counter {
        Counter(self.scan.nonce)
    }

    /// Which way.
    async fn direction(&self) -> ScanDirection {
        self.scan.direction.into()
    }

    /// Whether the device was offline.
    async fn offline(&self) -> bool {
        self.scan.offline
    }

    /// Why the ledger decided as it did; null for a scan that was only reported.
    async fn reason(&self) -> Option<ScanReason> {
        self.reason.map(ScanReason::from)
    }

    /// What the gate decided.
    async fn decision(&self) -> GateDecision {
        self.scan.decision.into()
    }

    /// The device's time.
    async fn occurred_at(&self) -> DateTime {
        DateTime(self.occurred_at)
    }

    /// When the ledger received it.
    async fn recorded_at(&self) -> DateTime {
        DateTime(self.recorded_at)
    }
}

//! What attendance answers.

use soticket_schema::event::v1::{Direction, GateDecision};
use soticket_schema::{ActorId, CodeHash, GateId, ShowId, TicketId, Timestamp};

/// Who came. Derived from the scans in the order of (device time, device, nonce), whatever order they arrived in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShowAttendance {
    /// The show.
    pub show: ShowId,
    /// Tickets that are valid now: issued and not cancelled.
    pub valid: u64,
    /// Different scans that were reported.
    pub scans: u64,
    /// Different valid tickets that entered.
    pub scanned: u64,
    /// Tickets that are inside after the last scan.
    pub present: u64,
    /// Most tickets inside at once.
    pub peak: u64,
    /// When the peak was first reached.
    pub peak_at: Option<Timestamp>,
    /// Valid tickets that did not enter.
    pub no_show: u64,
    /// Entries and exits per gate, by gate number.
    pub gates: Vec<GateCount>,
    /// Passages that counted, in order: what time buckets are made of, see [`ShowAttendance::per_bucket`].
    pub passages: Vec<Passage>,
    /// What was not in order, in the order of the scans.
    pub anomalies: Vec<Anomaly>,
    /// Tickets that entered, by number.
    pub presences: Vec<Presence>,
}

impl ShowAttendance {
    /// Where a ticket is; none when it has not entered.
    pub fn presence(&self, ticket: TicketId) -> Option<&Presence> {
        let place = self.presences.binary_search_by_key(&ticket, |presence| presence.ticket).ok()?;
        self.presences.get(place)
    }
}

/// Where a ticket is that has entered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Presence {
    /// The ticket.
    pub ticket: TicketId,
    /// Whether it is inside after the last scan.
    pub inside: bool,
    /// When it last entered, by the device's clock.
    pub entered_at: Timestamp,
}

/// Passages through one gate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GateCount {
    /// The gate.
    pub gate: GateId,
    /// Entries that counted.
    pub entries: u64,
    /// Exits that counted.
    pub exits: u64,
}

/// A passage of a valid ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Passage {
    /// Device time.
    pub at: Timestamp,
    /// The gate.
    pub gate: GateId,
    /// Which way.
    pub direction: Direction,
}

/// Passages within one span of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BucketCount {
    /// Begin of the span.
    pub from: Timestamp,
    /// The gate.
    pub gate: GateId,
    /// Entries that counted.
    pub entries: u64,
    /// Exits that counted.
    pub exits: u64,
}

/// A scan that was not in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Anomaly {
    /// What was not in order.
    pub kind: AnomalyKind,
    /// Device time.
    pub at: Timestamp,
    /// The device.
    pub device: ActorId,
    /// The device's own number of the scan.
    pub nonce: u64,
    /// The gate.
    pub gate: GateId,
    /// Which way.
    pub direction: Direction,
    /// What the gate decided.
    pub decision: GateDecision,
    /// Whether the device was offline.
    pub offline: bool,
    /// Keyed hash of the code as presented.
    pub code: CodeHash,
    /// The ticket that the code belongs to, if any.
    pub ticket: Option<TicketId>,
    /// The show that the ticket is for, when it is another one.
    pub other_show: Option<ShowId>,
}

/// What is not in order with a scan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AnomalyKind {
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

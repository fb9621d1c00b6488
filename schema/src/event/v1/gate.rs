//! Who may pass a gate, when and how often; the keys that codes are signed with and the devices that scan them.

use bincode::{Decode, Encode};
use serde::{Deserialize, Serialize};

use crate::ids::{ActorId, CodeKeyId, CredentialHash, CredentialId, GateId, ShowId, TicketId, ZoneId};
use crate::ticket_code::PublicKey;
use crate::time::Timestamp;

/// Ticket codes are signed with a new key from here on. The private half is in the vault.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct CodeKeyRegistered {
    /// Its number, which every code that it signs names.
    pub key: CodeKeyId,
    /// What its signatures are checked with.
    pub public: PublicKey,
}

/// A key signs no more codes.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct CodeKeyRetired {
    /// The key.
    pub key: CodeKeyId,
    /// Whether codes that it signed may still be let in by their signature alone; not once others may have the key.
    pub trusted: bool,
}

/// Which zones a gate admits to from here on.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct GateZonesSet {
    /// The gate.
    pub gate: GateId,
    /// The show that it is for, before what holds for all shows; none for all shows.
    pub show: Option<ShowId>,
    /// The zones; empty for all.
    pub zones: Vec<ZoneId>,
}

/// A device can identify itself. The secret itself is nowhere in the ledger.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct CredentialIssued {
    /// The credential's number.
    pub credential: CredentialId,
    /// The device.
    pub device: ActorId,
    /// Keyed hash of the secret.
    pub hash: CredentialHash,
    /// The gate that the device stands at unless it says otherwise.
    pub gate: GateId,
    /// When it ends by itself.
    pub expires_at: Option<Timestamp>,
}

/// A credential is worth nothing any more.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct CredentialRevoked {
    /// The credential.
    pub credential: CredentialId,
    /// Whose it was.
    pub device: ActorId,
}

/// Whether a ticket enters more than once.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, Encode, Decode,
)]
pub enum ReEntry {
    /// Once.
    Never,
    /// Again after an exit.
    AfterExit,
    /// Again without an exit: nobody scans those who leave.
    Free,
}

/// When and how often tickets enter.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct EntryRules {
    /// Scanning begins so many minutes before the doors, unless `from` says when.
    pub lead_minutes: u16,
    /// Scanning ends so many minutes after the begin of the performance, unless `until` says when.
    pub tail_minutes: u16,
    /// When scanning begins; for one show only.
    pub from: Option<Timestamp>,
    /// When scanning ends; for one show only.
    pub until: Option<Timestamp>,
    /// Whether a ticket enters more than once.
    pub re_entry: ReEntry,
    /// So many seconds must lie between two entries of a ticket (anti-passback).
    pub passback_seconds: u32,
    /// Whether tickets of orders that are not paid enter.
    pub admit_unpaid: bool,
}

/// When and how often tickets enter from here on.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct EntryRulesSet {
    /// The show that they are for, before those for all shows; none for all shows.
    pub show: Option<ShowId>,
    /// The rules.
    pub rules: EntryRules,
}

/// Why a scan was decided as it was.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, Encode, Decode,
)]
pub enum ScanReason {
    /// The ticket may pass.
    Valid,
    /// No ticket has the code.
    UnknownCode,
    /// The code's signature is not the organisation's.
    Forged,
    /// The ticket is for another show.
    WrongShow,
    /// The code stands for valid tickets of several of the shows.
    Ambiguous,
    /// The ticket was cancelled.
    Cancelled,
    /// The order is not paid.
    Unpaid,
    /// Scanning has not begun.
    TooEarly,
    /// Scanning has ended.
    TooLate,
    /// The gate does not admit to the ticket's zone.
    WrongZone,
    /// The ticket is inside already.
    AlreadyInside,
    /// The ticket has entered, and enters only once.
    AlreadyUsed,
    /// The ticket entered a moment ago.
    TooSoon,
    /// The ticket leaves without having entered; it may go.
    NotInside,
    /// The ticket was handed to another person, who has a new code.
    CodeReplaced,
}

/// The ledger decided a scan; the scan itself is in the same command.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct ScanJudged {
    /// The show whose entry is controlled.
    pub show: ShowId,
    /// The device.
    pub device: ActorId,
    /// The device's own number of the scan.
    pub nonce: u64,
    /// The ticket, if the code stands for one.
    pub ticket: Option<TicketId>,
    /// Why.
    pub reason: ScanReason,
}

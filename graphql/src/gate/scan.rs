//! Scans as commands: decided by the ledger, or reported as facts.

use soticket_ledger::{Receipt, SubmitError};
use soticket_schema::command::{RedeemTicket, ReportScan};
use soticket_schema::event::v1::{Direction, GateDecision, ScanReason};
use soticket_schema::ids::{GateId, ShowId, TicketId};
use soticket_schema::{Command, CommandBody, Event, RejectionCode, Timestamp, ticket_code};

use super::Device;
use crate::core::Core;

/// A code held before a reader.
#[derive(Debug, Clone)]
pub(crate) struct Presented {
    /// The shows whose entry is controlled.
    pub(crate) shows: Vec<ShowId>,
    /// The code.
    pub(crate) code: String,
    /// The gate.
    pub(crate) gate: GateId,
    /// Which way.
    pub(crate) direction: Direction,
    /// The device's own name of the scan.
    pub(crate) nonce: String,
    /// The device's time, if it is not now.
    pub(crate) at: Option<Timestamp>,
    /// Whether a ticket that is not paid enters all the same.
    pub(crate) ignore_unpaid: bool,
}

/// What the ledger decided.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Judgement {
    /// The show.
    pub(crate) show: ShowId,
    /// The ticket, if the code stands for one.
    pub(crate) ticket: Option<TicketId>,
    /// Why.
    pub(crate) reason: ScanReason,
    /// When, by the device's clock.
    pub(crate) at: Timestamp,
    /// Position of the decision in the log.
    pub(crate) position: u64,
    /// Whether the same scan had been decided before.
    pub(crate) replayed: bool,
}

impl Judgement {
    /// Whether the person may pass.
    pub(crate) fn admitted(&self) -> bool {
        matches!(self.reason, ScanReason::Valid | ScanReason::NotInside)
    }
}

/// What became of a reported scan.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Recorded {
    /// The ticket, if the code stood for one.
    pub(crate) ticket: Option<TicketId>,
    /// Its position in the log; none when it was there before, in other words.
    pub(crate) position: Option<u64>,
    /// Whether it was there before.
    pub(crate) duplicate: bool,
}

/// The digest that names a text of any length without telling it.
fn digest(text: &str) -> [u8; ticket_code::OFFLINE_HASH_BYTES] {
    ticket_code::offline_hash(&[0; 32], text)
}

/// The number of a scan: the nonce if it is one, or else one made of it.
fn number(nonce: &str) -> u64 {
    nonce.parse().unwrap_or_else(|_| {
        let mut bytes = [0; 8];
        bytes.copy_from_slice(&digest(nonce)[..8]);
        u64::from_be_bytes(bytes)
    })
}

/// The idempotency key of a scan. The code is in it: a device that counts its scans anew loses none of them.
fn key(device: &Device, presented: &Presented) -> String {
    let (nonce, code) = (digest(&presented.nonce), digest(&presented.code));
    format!("scan/{}/{:032x}/{:032x}", device.actor, u128::from_be_bytes(nonce), u128::from_be_bytes(code))
}

fn command(device: &Device, presented: &Presented, body: CommandBody) -> Command {
    Command {
        organisation: device.scope.organisation,
        actor: device.actor,
        key: key(device, presented),
        occurred_at: presented.at,
        body,
    }
}

/// Has the ledger decide, and records what it decided.
pub(crate) async fn decide(
    core: &Core,
    device: &Device,
    presented: &Presented,
) -> Result<Judgement, SubmitError> {
    let body = CommandBody::RedeemTicket(RedeemTicket {
        shows: presented.shows.clone(),
        code: presented.code.clone(),
        gate: presented.gate,
        device: device.actor,
        nonce: number(&presented.nonce),
        direction: presented.direction,
        ignore_unpaid: presented.ignore_unpaid,
    });
    let receipt = core.ledger.try_submit(command(device, presented, body)).await?;
    judgement(&receipt).ok_or_else(|| SubmitError::Stopped("a decision without its events".to_owned()))
}

fn judgement(receipt: &Receipt) -> Option<Judgement> {
    receipt.entries().iter().find_map(|entry| match &entry.event {
        Event::ScanJudged(judged) => Some(Judgement {
            show: judged.show,
            ticket: judged.ticket,
            reason: judged.reason,
            at: entry.envelope.occurred_at,
            position: receipt.position(),
            replayed: receipt.replayed,
        }),
        _ => None,
    })
}

/// Records what a gate reports, for the first of the shows. The same scan in other words, such as one that had been
/// decided before the answer was lost, is known already: nothing is added.
pub(crate) async fn record(
    core: &Core,
    device: &Device,
    presented: &Presented,
    decision: GateDecision,
    offline: bool,
) -> Result<Recorded, SubmitError> {
    let body = CommandBody::ReportScan(ReportScan {
        show: presented.shows.first().copied().unwrap_or_default(),
        code: presented.code.clone(),
        gate: presented.gate,
        device: device.actor,
        nonce: number(&presented.nonce),
        direction: presented.direction,
        offline,
        decision,
    });
    match core.ledger.submit(command(device, presented, body)).await {
        Ok(receipt) => {
            let ticket = receipt.entries().iter().find_map(|entry| match &entry.event {
                Event::TicketScanned(scan) => scan.ticket,
                _ => None,
            });
            Ok(Recorded { ticket, position: Some(receipt.position()), duplicate: receipt.replayed })
        }
        Err(SubmitError::Rejected(rejection)) if rejection.code == RejectionCode::IdempotencyKeyReused => {
            Ok(Recorded { ticket: None, position: None, duplicate: true })
        }
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nonce_is_a_number_or_gives_one() {
        assert_eq!(number("17"), 17);
        assert_eq!(number("18446744073709551615"), u64::MAX);
        assert_ne!(number("Pvrk50vUzQd0DhdpNRL4I4OcXsvg70uA"), number("Pvrk50vUzQd0DhdpNRL4I4OcXsvg70uB"));
    }
}

//! Transactions become facts: recorded once, whatever they say.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use serde::Serialize;
use soticket_ledger::SubmitError;
use soticket_schema::command::ReportScan;
use soticket_schema::event::v1::{Direction, GateDecision};
use soticket_schema::ids::{ActorId, GateId, OrganisationId, ShowId};
use soticket_schema::{Command, CommandBody, RejectionCode};

use super::transaction::{self, Transaction};
use super::{coding, time};
use crate::failure::{Exit, Failure};
use crate::open::Opened;

/// Where transactions belong.
pub(crate) struct Import {
    /// The organisation.
    pub(crate) organisation: OrganisationId,
    /// The show whose entry was controlled.
    pub(crate) show: ShowId,
    /// What the access control is registered as.
    pub(crate) device: ActorId,
    /// The gate of every other checkpoint.
    pub(crate) gate: GateId,
    /// Gates by checkpoint.
    pub(crate) gates: BTreeMap<String, GateId>,
}

/// What became of a file.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Report {
    /// Recorded now.
    pub(crate) recorded: usize,
    /// Recorded before.
    pub(crate) known: usize,
    /// Recorded now or before, of people who were let through.
    pub(crate) admitted: usize,
    /// The others by what their status means.
    pub(crate) turned_back: BTreeMap<&'static str, usize>,
    /// Which could not be expressed, and why.
    pub(crate) refused: Vec<String>,
}

impl Report {
    /// For people.
    pub(crate) fn text(&self) -> String {
        let mut text =
            format!("{} recorded, {} known before, {} passages\n", self.recorded, self.known, self.admitted);
        for (meaning, count) in &self.turned_back {
            text.push_str(&format!("  {count} {meaning}\n"));
        }
        for refused in &self.refused {
            text.push_str(&format!("refused: {refused}\n"));
        }
        text
    }
}

/// Records the transactions of a document. Importing it again, or a longer one, adds what is new.
pub(crate) fn import(opened: &Opened, import: &Import, document: &[u8]) -> Result<Report, Failure> {
    let zone = opened.view(import.organisation, |views| {
        TimeZone::get(&views.catalogue.organisation()?.parameters.time_zone).ok()
    })?;
    let zone = zone.unwrap_or(TimeZone::UTC);
    let transactions = transaction::read(document)
        .map_err(|reason| Failure::new(Exit::Refused, "XML_INVALID", format!("the file: {reason}")))?;
    let mut report = Report::default();
    for transaction in &transactions {
        let scan = match scan(import, &zone, transaction) {
            Ok(scan) => scan,
            Err(reason) => {
                report.refused.push(format!("transaction {}: {reason}", transaction.id));
                continue;
            }
        };
        let decision = scan.1;
        match opened.ledger.submit_blocking(scan.0) {
            Ok(receipt) if receipt.replayed => report.known += 1,
            Ok(_) => report.recorded += 1,
            // The same transaction, sent again with a field that has changed since.
            Err(SubmitError::Rejected(rejection))
                if rejection.code == RejectionCode::IdempotencyKeyReused =>
            {
                report.known += 1;
            }
            Err(SubmitError::Rejected(rejection)) => {
                report.refused.push(format!("transaction {}: {rejection}", transaction.id));
                continue;
            }
            Err(error) => return Err(Failure::new(Exit::Unexpected, "LEDGER_STOPPED", error.to_string())),
        }
        if decision == GateDecision::Admitted {
            report.admitted += 1;
        } else {
            let status = transaction.status.parse().unwrap_or(u32::MAX);
            *report.turned_back.entry(coding::meaning(status)).or_default() += 1;
        }
    }
    Ok(report)
}

/// The command of a transaction, and what the gate decided.
fn scan(
    import: &Import,
    zone: &TimeZone,
    transaction: &Transaction,
) -> Result<(Command, GateDecision), &'static str> {
    let nonce = transaction.id.parse().map_err(|_| "its number is none")?;
    let occurred_at = time::read(&transaction.at, zone).ok_or("its time cannot be read")?;
    let status = transaction.status.parse().map_err(|_| "its status is no number")?;
    let direction = match transaction.direction.to_ascii_lowercase().as_str() {
        "" | "0" | "in" | "entry" => Direction::Entry,
        "1" | "out" | "exit" => Direction::Exit,
        _ => return Err("its direction is neither in nor out"),
    };
    let decision = coding::decision(status);
    let body = CommandBody::ReportScan(ReportScan {
        show: import.show,
        code: transaction.utid.clone(),
        gate: import.gates.get(&transaction.checkpoint).copied().unwrap_or(import.gate),
        device: import.device,
        nonce,
        direction,
        offline: transaction.validated == "1",
        decision,
    });
    let key = format!("hshif25/{}/{nonce}", import.device);
    let command = Command {
        organisation: import.organisation,
        actor: import.device,
        key,
        occurred_at: Some(occurred_at),
        body,
    };
    Ok((command, decision))
}

//! `soticket export`: the log as JSON lines, lists of orders and tickets, accounting entries, and returns of a period.

mod lists;
mod returns;

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::ops::ControlFlow;
use std::path::PathBuf;

use clap::Subcommand;
use serde::Serialize;
use serde_json::Value;
use soticket_exports::{ListKind, PeriodStatement};
use soticket_ledger::{Entry, Ledger};
use soticket_schema::OrganisationId;
use soticket_schema::event::v1::TechnicalKind;

use crate::config::Config;
use crate::failure::{Exit, Failure};
use crate::open::{self, IfAbsent};
use crate::output;
use crate::upkeep;

/// What to export.
#[derive(Subcommand, Debug)]
pub enum Arguments {
    /// One JSON object per event and line, in the order of the log
    Events {
        /// File to write; standard output if not named
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
        /// First position
        #[arg(long, default_value_t = 0)]
        from: u64,
        /// Last position
        #[arg(long, default_value_t = u64::MAX, hide_default_value = true)]
        to: u64,
        /// Only this organisation
        #[arg(long, value_name = "ID")]
        organisation: Option<String>,
    },
    /// Accounting entries in the layout of the fichier des écritures comptables
    Fec(super::export_accounts::FecArguments),
    /// Accounting entries as CSV, with the events that each is made of
    Journal(super::export_accounts::PeriodArguments),
    /// One row per order
    Orders(lists::Arguments),
    /// One row per ticket
    Tickets(lists::Arguments),
    /// SIBIL's declaration of a quarter: tickets and receipts by performance and category, with its checks
    Sibil(returns::Arguments),
    /// The tax on live shows of a period, show by show
    Cnm(returns::Arguments),
}

/// One line.
#[derive(Serialize)]
struct Line<'a> {
    organisation: String,
    position: u64,
    hash: String,
    previous: String,
    kind: u16,
    event: &'static str,
    version: u16,
    recorded_at: String,
    occurred_at: String,
    actor: u32,
    command: String,
    part: u16,
    parts: u16,
    payload: &'a Value,
}

/// Writes what is asked for as it is read: memory does not grow with the log.
pub(crate) fn run(config: &Config, arguments: &Arguments, json: bool) -> Result<Exit, Failure> {
    match arguments {
        Arguments::Events { out, from, to, organisation } => {
            events(config, (out.as_ref(), *from, *to, organisation.as_deref()))
        }
        Arguments::Fec(arguments) => super::export_accounts::fec(config, arguments),
        Arguments::Journal(arguments) => super::export_accounts::journal(config, arguments),
        Arguments::Orders(arguments) => lists::run(config, arguments, ListKind::Orders),
        Arguments::Tickets(arguments) => lists::run(config, arguments, ListKind::Tickets),
        Arguments::Sibil(arguments) => returns::run(config, arguments, PeriodStatement::Sibil, json),
        Arguments::Cnm(arguments) => returns::run(config, arguments, PeriodStatement::Cnm, json),
    }
}

type Events<'a> = (Option<&'a PathBuf>, u64, u64, Option<&'a str>);

/// Writes the events as they are read: memory does not grow with the log.
fn events(config: &Config, (out, from, to, organisation): Events<'_>) -> Result<Exit, Failure> {
    let wanted = organisation.map(|text| {
        let invalid =
            || Failure::new(Exit::Usage, "ORGANISATION_INVALID", "state the organisation's id, a UUID");
        OrganisationId::parse(text).ok_or_else(invalid)
    });
    let wanted = wanted.transpose()?;
    let ledger = open::ledger(config, IfAbsent::Refuse)?;
    if wanted.is_some_and(|wanted| ledger.head(wanted).is_none()) {
        return Err(Failure::coded(Exit::Refused, "ORGANISATION_UNKNOWN: check the organisation's id"));
    }
    let mut writer: Box<dyn Write> = match out {
        Some(file) => Box::new(BufWriter::new(File::create(file)?)),
        None => Box::new(BufWriter::new(io::stdout().lock())),
    };
    let progress = output::progress("export");
    let heads: Vec<_> =
        ledger.heads().into_iter().filter(|(id, _)| wanted.is_none_or(|wanted| wanted == *id)).collect();
    progress.set_length(
        heads.iter().map(|(_, head)| head.length.min(to.saturating_add(1)).saturating_sub(from)).sum(),
    );
    let exported: Vec<OrganisationId> = heads.iter().map(|(id, _)| *id).collect();
    let mut outcome = Ok(());
    for (id, _) in heads {
        outcome = write_all(&ledger, id, (from, to), &mut writer, &progress);
        if outcome.is_err() {
            break;
        }
    }
    let flushed = outcome.and_then(|()| writer.flush().map_err(Failure::from));
    progress.finish_and_clear();
    if flushed.is_ok() {
        note(&ledger, &exported)?;
    }
    ledger.close();
    match flushed {
        // A reader that goes away early, such as `head`, has what it wanted.
        Err(failure) if out.is_none() && failure.code == BROKEN_PIPE => Ok(Exit::Done),
        Err(failure) => Err(failure),
        Ok(()) => Ok(Exit::Done),
    }
}

/// The audit journal of each organisation tells that its events were exported.
fn note(ledger: &Ledger, organisations: &[OrganisationId]) -> Result<(), Failure> {
    organisations.iter().try_for_each(|id| upkeep::note(ledger, *id, TechnicalKind::Exported, "events.jsonl"))
}

/// Code of a standard output that nobody reads any more.
pub(super) const BROKEN_PIPE: &str = "BROKEN_PIPE";

fn write_all(
    ledger: &Ledger,
    organisation: OrganisationId,
    (from, to): (u64, u64),
    writer: &mut dyn Write,
    progress: &indicatif::ProgressBar,
) -> Result<(), Failure> {
    let mut written = Ok(());
    let read = ledger.read(organisation, from, &mut |entry| {
        if entry.envelope.position > to {
            return ControlFlow::Break(());
        }
        written = write_line(&entry, writer);
        progress.inc(1);
        if written.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    });
    read.map_err(|error| Failure::new(Exit::Data, error.code(), error.to_string()))?;
    written
}

/// Writes an event as one line of JSON.
pub(crate) fn write_line(entry: &Entry, writer: &mut dyn Write) -> Result<(), Failure> {
    let envelope = &entry.envelope;
    let event = serde_json::to_value(&entry.event).map_err(Failure::unexpected)?;
    let line = Line {
        organisation: envelope.organisation.to_string(),
        position: envelope.position,
        hash: entry.hash.to_string(),
        previous: envelope.previous.to_string(),
        kind: envelope.kind,
        event: entry.event.name(),
        version: envelope.version,
        recorded_at: envelope.recorded_at.to_string(),
        occurred_at: envelope.occurred_at.to_string(),
        actor: envelope.actor.0,
        command: envelope.command.to_string(),
        part: envelope.part,
        parts: envelope.parts,
        // The event's name is a field of its own: what is under it is the payload.
        payload: event.get(entry.event.name()).unwrap_or(&event),
    };
    let mut text = serde_json::to_string(&line).map_err(Failure::unexpected)?;
    text.push('\n');
    writer.write_all(text.as_bytes()).map_err(|error| match error.kind() {
        io::ErrorKind::BrokenPipe => Failure::new(Exit::Done, BROKEN_PIPE, ""),
        _ => error.into(),
    })
}

//! `soticket import PATH`: facts from another system's files.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use soticket_ledger::Ledger;
use soticket_schema::event::v1::Mode;
use soticket_schema::{Rounding, Timestamp};

use super::{import_network, import_seats};
use crate::config::Config;
use crate::failure::{Exit, Failure};
use crate::import::{self, Files, PretixOptions, Reconciliation, Report};
use crate::open::{self, IfAbsent};
use crate::output::{self, Columns};

/// What to import.
#[derive(Args, Debug)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct Arguments {
    /// A file instead of a folder.
    #[command(subcommand)]
    pub file: Option<FromFile>,
    /// Folder with show.json (a dossier) or orders.json (a pretix export)
    #[arg(required = true)]
    pub path: Option<PathBuf>,
    /// Where VAT is rounded (pretix; a dossier states it)
    #[arg(long, value_enum, default_value = "document")]
    pub rounding: RoundingName,
    /// What the organisation's log may be used for (pretix; a dossier states it)
    #[arg(long, value_enum, default_value = "live")]
    pub mode: ModeName,
    /// Time zone of the event, such as Europe/Paris (pretix; found from the orders if not stated)
    #[arg(long, value_name = "ZONE")]
    pub time_zone: Option<String>,
    /// Begin of the show (pretix, for an event that is no series), such as 2026-03-14T20:30:00+01:00
    #[arg(long, value_name = "INSTANT", value_parser = instant)]
    pub starts_at: Option<Timestamp>,
    /// Tax territory of the shows (pretix; a dossier states it)
    #[arg(long, default_value = "FR-metropole")]
    pub territory: String,
}

/// Imports of single files.
#[derive(Subcommand, Debug)]
pub enum FromFile {
    /// Import what a network sold, from its sales file; into an organisation that is in the data folder already
    Network(import_network::Arguments),
    /// A hall with numbered seats from a seat map: columns row, seat, label, zone, x, y
    Seats(import_seats::Arguments),
}

/// Where VAT is rounded.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum RoundingName {
    /// On the document's total per rate.
    Document,
    /// On every ticket.
    PerTicket,
}

/// What a log may be used for.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum ModeName {
    /// Real sales.
    Live,
    /// Training of staff.
    Training,
    /// Demonstration.
    Demo,
}

/// Reads an instant of an argument.
pub(super) fn instant(text: &str) -> Result<Timestamp, String> {
    Timestamp::parse(text).map_err(|error| error.to_string())
}

/// Imports the folder and prints what became of every line. Ends with 1 if any was refused.
pub(crate) fn run(config: &Config, arguments: &Arguments, json: bool) -> Result<Exit, Failure> {
    match &arguments.file {
        Some(FromFile::Network(arguments)) => return import_network::run(config, arguments, json),
        Some(FromFile::Seats(arguments)) => return import_seats::run(config, arguments, json),
        None => {}
    }
    // The parser demands it unless there is a subcommand.
    let path = arguments.path.clone().unwrap_or_default();
    if !path.is_dir() {
        let message = format!("{} is no folder", path.display());
        return Err(Failure::new(Exit::Usage, "PATH_INVALID", message));
    }
    let ledger = open::ledger(config, IfAbsent::Create)?;
    let report = from(&ledger, &Files::Folder(path), &arguments.options());
    ledger.close();
    let report = report?;
    if json {
        output::json(&report)?;
    } else {
        tell(&report)?;
    }
    Ok(if report.refused.is_empty() { Exit::Done } else { Exit::Refused })
}

/// Imports from files with a progress bar.
pub(crate) fn from(ledger: &Ledger, files: &Files, options: &PretixOptions) -> Result<Report, Failure> {
    let progress = output::progress("import");
    let report = super::block_on(import::import(ledger, files, options, &progress))?;
    progress.finish_and_clear();
    Ok(report?)
}

impl Arguments {
    fn options(&self) -> PretixOptions {
        PretixOptions {
            rounding: match self.rounding {
                RoundingName::Document => Rounding::Document,
                RoundingName::PerTicket => Rounding::PerTicket,
            },
            mode: match self.mode {
                ModeName::Live => Mode::Live,
                ModeName::Training => Mode::Training,
                ModeName::Demo => Mode::Demo,
            },
            time_zone: self.time_zone.clone(),
            starts_at: self.starts_at,
            territory: self.territory.clone(),
        }
    }
}

/// Prints the report: results to standard output, what was refused to standard error.
pub(crate) fn tell(report: &Report) -> Result<(), Failure> {
    for refusal in &report.refused {
        eprintln!("{refusal}");
    }
    for flagged in &report.flagged {
        eprintln!("{}: recorded and flagged: {}", flagged.place, flagged.flags.join(", "));
    }
    let mut text = format!("Organisation {} ({})\n", report.name, report.organisation);
    if !report.shows.is_empty() {
        text += &format!("Shows: {}\n", report.shows.join(", "));
    }
    let mut table = Columns::new("<>>>>>");
    table.row(["File", "Lines", "Taken", "Already known", "Nothing to record", "Refused"]);
    for file in &report.files {
        let counts = [file.read, file.taken, file.known, file.explained, file.refused];
        table.row(std::iter::once(file.file.clone()).chain(counts.map(|count| count.to_string())));
    }
    text += &table.render();
    text += &format!("Events added: {}\n", report.events_added);
    if !report.flagged.is_empty() {
        text += &format!("Recorded and flagged: {}\n", report.flagged.len());
    }
    for note in &report.notes {
        text += &format!("Note: {note}\n");
    }
    if let Some(reconciliation) = &report.reconciliation {
        text += &reconciled(reconciliation);
    }
    output::text_out(&text)
}

fn reconciled(reconciliation: &Reconciliation) -> String {
    let mut table = Columns::new("<>>>>>><");
    table.row(["Product", "Price", "VAT %", "#", "Net", "VAT", "Gross", ""]);
    for line in &reconciliation.products {
        let source = &line.source;
        let mark = if line.agrees {
            String::new()
        } else {
            format!(
                "differs from the source: {} / {} / {} / {}",
                source.number, source.net, source.vat, source.gross
            )
        };
        let held = &line.ledger;
        table.row([
            line.product.clone(),
            line.price.clone(),
            line.rate.clone(),
            held.number.to_string(),
            held.net.clone(),
            held.vat.clone(),
            held.gross.clone(),
            mark,
        ]);
    }
    let total = &reconciliation.total;
    let sums = ["Total", "", "", "", &total.net, &total.vat, &total.gross, ""];
    table.row(sums);
    let mut money = Columns::new("<>><");
    money.row(["Paid by", "Paid", "Returned", ""]);
    for line in &reconciliation.providers {
        let mark = if line.agrees {
            String::new()
        } else {
            format!("differs from the source: {} / {}", line.source_paid, line.source_returned)
        };
        money.row([line.provider.clone(), line.paid.clone(), line.returned.clone(), mark]);
    }
    let verdict =
        if reconciliation.agrees { "everything agrees with the source" } else { "NOT everything agrees" };
    format!(
        "\nReconciliation (VAT rounded: {})\n{}\n{}Open: {}\nResult: {verdict}\n",
        reconciliation.rounding,
        table.render(),
        money.render(),
        reconciliation.open
    )
}

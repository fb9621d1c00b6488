//! `soticket gate hshif25`: whitelists for SKIDATA gates, and what they report.

use std::fs;
use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde::Serialize;
use soticket_schema::ids::{ActorId, GateId, OrganisationId};

use super::settle::organisation;
use crate::config::Config;
use crate::failure::{Exit, Failure};
use crate::hshif25::{self, Import, Part};
use crate::open::{IfAbsent, Opened};
use crate::output;

/// Which gates.
#[derive(Subcommand, Debug)]
pub enum Arguments {
    /// SKIDATA Handshake, interface HSHIF25
    #[command(subcommand)]
    Hshif25(Hshif25),
}

/// What to exchange.
#[derive(Subcommand, Debug)]
pub enum Hshif25 {
    /// Write a show's whitelist
    Export(Export),
    /// Record the transactions of a file
    Import(ImportArguments),
}

/// Which whitelist.
#[derive(Args, Debug)]
pub struct Export {
    /// Reference or number of the show
    pub show: String,
    /// Organisation, if several have such a show
    #[arg(long, value_name = "ID", value_parser = organisation)]
    pub organisation: Option<OrganisationId>,
    /// File to write; standard output if not named
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Only what has changed after this position
    #[arg(long, value_name = "POSITION")]
    pub since: Option<u64>,
    /// Issuer number of the header, as the access control's operator assigns it
    #[arg(long, default_value_t = 1)]
    pub issuer: u32,
    /// Receiver number of the header
    #[arg(long, default_value_t = 1)]
    pub receiver: u32,
}

/// Which transactions.
#[derive(Args, Debug)]
pub struct ImportArguments {
    /// Reference or number of the show
    pub show: String,
    /// The file
    pub file: PathBuf,
    /// Organisation, if several have such a show
    #[arg(long, value_name = "ID", value_parser = organisation)]
    pub organisation: Option<OrganisationId>,
    /// Number of the device or importer that the access control is registered as
    #[arg(long)]
    pub device: u32,
    /// Number of the gate of every checkpoint that is not named
    #[arg(long)]
    pub gate: u32,
    /// A checkpoint and the number of its gate, such as 753=2; may be given several times
    #[arg(long = "checkpoint", value_name = "CHECKPOINT=GATE", value_parser = checkpoint)]
    pub checkpoints: Vec<(String, u32)>,
}

fn checkpoint(text: &str) -> Result<(String, u32), String> {
    let (checkpoint, gate) = text.split_once('=').ok_or("write CHECKPOINT=GATE")?;
    Ok((checkpoint.to_owned(), gate.parse().map_err(|_| "the gate is a number")?))
}

/// Exchanges.
pub(crate) fn run(config: &Config, arguments: &Arguments, json: bool) -> Result<Exit, Failure> {
    let Arguments::Hshif25(arguments) = arguments;
    match arguments {
        Hshif25::Export(arguments) => export(config, arguments, json),
        Hshif25::Import(arguments) => import(config, arguments, json),
    }
}

#[derive(Serialize)]
struct Exported {
    tickets: usize,
    /// What to name with `--since` the next time.
    version: u64,
}

fn export(config: &Config, arguments: &Export, json: bool) -> Result<Exit, Failure> {
    let opened = Opened::new(config, IfAbsent::Refuse)?;
    let (organisation, show) = opened.show(&arguments.show, arguments.organisation)?;
    let part = Part {
        organisation,
        show,
        since: arguments.since,
        issuer: arguments.issuer,
        receiver: arguments.receiver,
    };
    let whitelist = hshif25::export(&opened, &part);
    opened.close();
    let whitelist = whitelist?;
    let exported = Exported { tickets: whitelist.tickets, version: whitelist.version };
    match &arguments.out {
        Some(file) => {
            fs::write(file, &whitelist.xml)?;
            if json {
                output::json(&exported)?;
            } else {
                let Exported { tickets, version } = exported;
                output::text_out(&format!("{tickets} tickets; next time: --since {version}\n"))?;
            }
        }
        None => output::text_out(&whitelist.xml)?,
    }
    Ok(Exit::Done)
}

fn import(config: &Config, arguments: &ImportArguments, json: bool) -> Result<Exit, Failure> {
    let text = fs::read(&arguments.file)?;
    let opened = Opened::new(config, IfAbsent::Refuse)?;
    let (organisation, show) = opened.show(&arguments.show, arguments.organisation)?;
    let gates = arguments.checkpoints.iter().map(|(checkpoint, gate)| (checkpoint.clone(), GateId(*gate)));
    let import = Import {
        organisation,
        show,
        device: ActorId(arguments.device),
        gate: GateId(arguments.gate),
        gates: gates.collect(),
    };
    let report = hshif25::import(&opened, &import, &text);
    opened.close();
    let report = report?;
    if json {
        output::json(&report)?;
    } else {
        output::text_out(&report.text())?;
    }
    Ok(if report.refused.is_empty() { Exit::Done } else { Exit::Refused })
}

//! `soticket import network FILE`: what a network sold out of its allotment, from the file that it sends.

use std::path::PathBuf;

use clap::Args;
use soticket_schema::OrganisationId;

use super::import::tell;
use super::settle::organisation;
use crate::config::Config;
use crate::failure::{Exit, Failure};
use crate::import::import_network;
use crate::open::{IfAbsent, Opened};
use crate::output;

/// Which file, and how it is read.
#[derive(Args, Debug)]
pub struct Arguments {
    /// The network's sales file
    pub file: PathBuf,
    /// How the network writes its files: fnac, ticketmaster, generic, or the path of a mapping of your own
    #[arg(long)]
    pub mapping: String,
    /// Name of the ledger's channel that the network sells on (the mapping may state it)
    #[arg(long)]
    pub channel: Option<String>,
    /// The organisation, where the data folder has several
    #[arg(long, value_name = "UUID", value_parser = organisation)]
    pub organisation: Option<OrganisationId>,
}

/// Imports the file and prints what became of every line. Ends with 1 if any was refused.
pub(crate) fn run(config: &Config, arguments: &Arguments, json: bool) -> Result<Exit, Failure> {
    if !arguments.file.is_file() {
        let message = format!("{} is no file", arguments.file.display());
        return Err(Failure::new(Exit::Usage, "PATH_INVALID", message));
    }
    let opened = Opened::new(config, IfAbsent::Refuse)?;
    let report = import(&opened, arguments);
    opened.close();
    let report = report?;
    if json {
        output::json(&report)?;
    } else {
        tell(&report)?;
    }
    Ok(if report.refused.is_empty() { Exit::Done } else { Exit::Refused })
}

fn import(opened: &Opened, arguments: &Arguments) -> Result<crate::import::Report, Failure> {
    let organisation = only(opened, arguments.organisation)?;
    let progress = output::progress("import");
    let report = import_network(
        &opened.ledger,
        &opened.projections,
        organisation,
        &arguments.file,
        (&arguments.mapping, arguments.channel.as_deref()),
        &progress,
    );
    let report = super::block_on(report)?;
    progress.finish_and_clear();
    Ok(report?)
}

/// The organisation that is named, or the only one.
pub(super) fn only(opened: &Opened, named: Option<OrganisationId>) -> Result<OrganisationId, Failure> {
    let organisations = opened.projections.organisations();
    match (named, organisations.as_slice()) {
        (Some(named), known) if known.contains(&named) => Ok(named),
        (None, [only]) => Ok(*only),
        (None, [_, _, ..]) => {
            let ids: Vec<String> = organisations.iter().map(ToString::to_string).collect();
            let message = format!("there are {}: name one with --organisation", ids.join(" and "));
            Err(Failure::new(Exit::Refused, "ORGANISATION_AMBIGUOUS", message))
        }
        _ => Err(Failure::coded(Exit::Refused, "ORGANISATION_UNKNOWN: check the organisation's id")),
    }
}

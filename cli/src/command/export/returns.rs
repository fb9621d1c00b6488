//! `soticket export sibil` and `soticket export cnm`: returns of an organisation over a period.

use std::path::PathBuf;

use clap::Args;
use jiff::civil::Date;
use soticket_exports::{Ask, Document, Period, PeriodStatement};
use soticket_projections::AsOf;
use soticket_schema::OrganisationId;

use super::super::export_accounts::{day, only};
use super::super::settle::{self, Format, Output};
use crate::config::Config;
use crate::failure::{Exit, Failure};
use crate::language::Language;
use crate::open::{IfAbsent, Opened};

/// Of which shows, and in what form.
#[derive(Args, Debug)]
pub struct Arguments {
    /// First day of the shows, such as 2026-01-01
    #[arg(long, value_name = "DAY", value_parser = day)]
    pub from: Date,
    /// Last day of the shows
    #[arg(long, value_name = "DAY", value_parser = day)]
    pub to: Date,
    /// Organisation, if there are several
    #[arg(long, value_name = "ID", value_parser = settle::organisation)]
    pub organisation: Option<OrganisationId>,
    /// As it stood after this position, or at this instant of recording
    #[arg(long, value_name = "POSITION|INSTANT", value_parser = settle::moment)]
    pub as_of: Option<AsOf>,
    /// What the return asks for and the ledger does not know, as JSON [default: DATA/declared/ORGANISATION.json if it is
    /// there]
    #[arg(long, value_name = "FILE")]
    pub declared: Option<PathBuf>,
    /// Form of the return [default: text, json with --json]
    #[arg(long, value_enum)]
    pub format: Option<Format>,
    /// Language of the print
    #[arg(long, value_enum)]
    pub lang: Option<Language>,
    /// File to write; standard output if not named
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

/// Writes the return.
pub(super) fn run(
    config: &Config,
    arguments: &Arguments,
    statement: PeriodStatement,
    json: bool,
) -> Result<Exit, Failure> {
    let period = Period::new(arguments.from, arguments.to)
        .map_err(|error| Failure::coded(Exit::Usage, &error.to_string()))?;
    let output = Output::new(arguments.format, arguments.out.as_deref(), json)?;
    let opened = Opened::new(config, IfAbsent::Refuse)?;
    let document = document(config, &opened, arguments, (statement, period));
    opened.close();
    let language = arguments.lang.unwrap_or_else(|| Language::of(&config.lang));
    output.write(&document?, language.into())
}

fn document(
    config: &Config,
    opened: &Opened,
    arguments: &Arguments,
    (statement, period): (PeriodStatement, Period),
) -> Result<Document, Failure> {
    let organisation = only(opened, arguments.organisation)?;
    let declared = settle::declared(config, organisation, arguments.declared.as_deref())?;
    let ask = Ask { at: arguments.as_of, address: None, declared };
    let found = statement.of(&opened.projections, organisation, period, &ask);
    let document = found.map_err(|error| Failure::coded(Exit::Refused, &error.to_string()))?;
    settle::named(config, opened, document)
}

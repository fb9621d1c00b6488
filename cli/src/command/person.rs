//! `soticket person export`: everything that is kept about one person, as JSON.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::PathBuf;

use clap::{Args, Subcommand};
use soticket_exports::person;
use soticket_graphql::{Reader, Reading, note_blocking};
use soticket_schema::{ActorId, OrganisationId, RejectionCode, SubjectRef};

use super::close::refusal;
use super::import_network::only;
use super::settle::organisation;
use crate::config::Config;
use crate::failure::{Exit, Failure};
use crate::open::{IfAbsent, Opened};
use crate::output;

/// What to do for a person.
#[derive(Subcommand, Debug)]
pub enum Arguments {
    /// Write everything that the vault and the log hold about one person, for them to take along
    Export(Export),
}

/// Whose data.
#[derive(Args, Debug)]
#[group(id = "exporting")]
#[command(group(clap::ArgGroup::new("who").required(true).args(["email", "subject"])))]
pub struct Export {
    /// The organisation, where the data folder has several
    #[arg(long, value_name = "UUID", value_parser = organisation)]
    pub organisation: Option<OrganisationId>,
    /// E-mail of the person
    #[arg(long)]
    pub email: Option<String>,
    /// Reference of the person
    #[arg(long, value_name = "UUID", value_parser = reference)]
    pub subject: Option<SubjectRef>,
    /// File to write; standard output if not named
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

fn reference(text: &str) -> Result<SubjectRef, String> {
    SubjectRef::parse(text).ok_or_else(|| "not a UUID".to_owned())
}

/// Writes it, once the audit journal has it.
pub(crate) fn run(config: &Config, arguments: &Arguments) -> Result<Exit, Failure> {
    let Arguments::Export(export) = arguments;
    let opened = Opened::new(config, IfAbsent::Refuse)?;
    let made = made(&opened, export);
    opened.close();
    let text = made?;
    match &export.out {
        Some(file) => {
            let mut out = BufWriter::new(File::create(file)?);
            out.write_all(text.as_bytes())?;
            out.flush()?;
        }
        None => output::text_out(&text)?,
    }
    Ok(Exit::Done)
}

fn made(opened: &Opened, export: &Export) -> Result<String, Failure> {
    let organisation = only(opened, export.organisation)?;
    let unknown = || {
        let code = RejectionCode::SubjectUnknown;
        Failure::new(Exit::Refused, code.code(), code.advice())
    };
    let subject = match (&export.subject, &export.email) {
        (Some(subject), _) => Some(*subject),
        (None, Some(email)) => opened.ledger.subject(organisation, email).map_err(Failure::unexpected)?,
        (None, None) => None,
    };
    let subject = subject.ok_or_else(unknown)?;
    opened.view(organisation, |views| views.customers.customer(subject))?.ok_or_else(unknown)?;
    let reader = Reader { organisation, actor: ActorId(0), token: None };
    note_blocking(&opened.ledger, reader, Reading::Portability(subject)).map_err(refusal)?;
    let now = opened.ledger.now();
    let made = person(&opened.ledger, &opened.projections, organisation, subject, now);
    let made = made.map_err(Failure::unexpected)?.ok_or_else(unknown)?;
    let mut text = serde_json::to_string_pretty(&made).map_err(Failure::unexpected)?;
    text.push('\n');
    Ok(text)
}

//! `soticket seal SHOW`: the settlement sealed as it stands, with the files that are given out.

use clap::Args;
use serde::Serialize;
use soticket_exports::{SealError, Sealing, prepare_seal};
use soticket_schema::event::v1::SettlementFile;
use soticket_schema::{CommandBody, Event, Hash, OrganisationId};

use super::publish::publisher;
use super::settle::organisation;
use super::submit::{refused, submit};
use crate::config::Config;
use crate::failure::{Exit, Failure};
use crate::language::Language;
use crate::open::{IfAbsent, Opened};
use crate::output::{self, Columns};

/// Whose settlement.
#[derive(Args, Debug)]
pub struct Arguments {
    /// Reference or number of the show
    pub show: String,
    /// Organisation, if several have such a show
    #[arg(long, value_name = "ID", value_parser = organisation)]
    pub organisation: Option<OrganisationId>,
    /// Hash of the statement that was looked at; sealed is this one or none
    #[arg(long, value_name = "HASH", value_parser = hash)]
    pub statement: Option<Hash>,
    /// Language of the files
    #[arg(long, value_enum)]
    pub lang: Option<Language>,
}

pub(super) fn hash(text: &str) -> Result<Hash, String> {
    Hash::parse(text).ok_or_else(|| "not 64 hexadecimal digits".to_owned())
}

/// What was sealed.
#[derive(Serialize)]
struct Sealed {
    organisation: String,
    show: u64,
    settlement: u64,
    version: u32,
    position: u64,
    statement: Hash,
    files: Vec<SettlementFile>,
}

/// Seals the next version and prints its files.
pub(crate) fn run(config: &Config, arguments: &Arguments, json: bool) -> Result<Exit, Failure> {
    let opened = Opened::new(config, IfAbsent::Refuse)?;
    let language = arguments.lang.unwrap_or_else(|| Language::of(&config.lang));
    let sealed = seal(config, &opened, arguments, language);
    opened.close();
    let sealed = sealed?;
    if json {
        output::json(&sealed)?;
        return Ok(Exit::Done);
    }
    let mut table = Columns::new("<><");
    table.row(["File", "Bytes", "BLAKE3"]);
    for file in &sealed.files {
        table.row([format!("{:?}", file.kind).to_lowercase(), file.bytes.to_string(), file.hash.to_string()]);
    }
    let Sealed { settlement, version, position, statement, .. } = &sealed;
    output::text_out(&format!(
        "Settlement {settlement} is sealed: version {version} as of position {position}, statement {statement}\n{}\
         soticket file get BLAKE3 --out FILE gives each back.\n",
        table.render()
    ))?;
    Ok(Exit::Done)
}

fn seal(
    config: &Config,
    opened: &Opened,
    arguments: &Arguments,
    language: Language,
) -> Result<Sealed, Failure> {
    let (organisation, show) = opened.show(&arguments.show, arguments.organisation)?;
    let last = opened.view(organisation, |views| {
        views.deals.show(show).and_then(|deal| deal.settlements.last()).map(|last| last.sealed.version)
    })?;
    let version = last.unwrap_or(0).saturating_add(1);
    let sealing =
        Sealing { organisation, show, version, statement: arguments.statement, language: language.into() };
    let publisher = publisher(config, opened)?;
    let checkpoints = |organisation, size| publisher.named(organisation, size).map(Into::into);
    let seal =
        prepare_seal(&opened.projections, opened.ledger.files(), &sealing, &checkpoints).map_err(failure)?;
    let receipt = submit(&opened.ledger, organisation, "seal", CommandBody::SealSettlement(seal))?;
    let mut sealed = None;
    let mut files = Vec::new();
    for entry in receipt.entries() {
        match &entry.event {
            Event::SettlementSealed(event) => sealed = Some(event.clone()),
            Event::SettlementFilesKept(event) => files.clone_from(&event.files),
            _ => {}
        }
    }
    let sealed = sealed.ok_or_else(|| Failure::unexpected("the receipt holds no seal"))?;
    Ok(Sealed {
        organisation: organisation.to_string(),
        show: show.0,
        settlement: sealed.settlement.0,
        version: sealed.version,
        position: sealed.position,
        statement: sealed.statement,
        files,
    })
}

fn failure(error: SealError) -> Failure {
    match error {
        SealError::Rejected(rejection) => refused(&rejection),
        SealError::Statement(error) => Failure::coded(Exit::Refused, &error.to_string()),
        other => Failure::unexpected(other),
    }
}

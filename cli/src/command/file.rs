//! `soticket file`: files of settlements, as they are kept under the BLAKE3 of their bytes.

use std::fs;
use std::io::{self, Write as _};
use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde::Serialize;
use soticket_schema::command::KeepSettlementFiles;
use soticket_schema::event::v1::{SettlementFile, SettlementFileKind};
use soticket_schema::{CommandBody, Hash, OrganisationId};

use super::seal::hash;
use super::settle::organisation;
use super::submit::submit;
use crate::config::Config;
use crate::failure::{Exit, Failure};
use crate::open::{IfAbsent, Opened};
use crate::output;

/// What to do with kept files.
#[derive(Subcommand, Debug)]
pub enum Arguments {
    /// Give back the file that is kept under a hash
    Get(Get),
    /// Keep what a party sent back, such as the signed statement, with the last sealed version of a show's settlement
    Keep(Keep),
}

/// Which file.
#[derive(Args, Debug)]
pub struct Get {
    /// BLAKE3 of its bytes
    #[arg(value_parser = hash)]
    pub hash: Hash,
    /// Organisation, if several keep it
    #[arg(long, value_name = "ID", value_parser = organisation)]
    pub organisation: Option<OrganisationId>,
    /// File to write; standard output if not named
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

/// What to keep.
#[derive(Args, Debug)]
pub struct Keep {
    /// Reference or number of the show
    pub show: String,
    /// The file
    pub file: PathBuf,
    /// Organisation, if several have such a show
    #[arg(long, value_name = "ID", value_parser = organisation)]
    pub organisation: Option<OrganisationId>,
}

/// Does it.
pub(crate) fn run(config: &Config, arguments: &Arguments, json: bool) -> Result<Exit, Failure> {
    match arguments {
        Arguments::Get(get) => self::get(config, get),
        Arguments::Keep(keep) => self::keep(config, keep, json),
    }
}

fn get(config: &Config, arguments: &Get) -> Result<Exit, Failure> {
    let opened = Opened::new(config, IfAbsent::Refuse)?;
    let bytes = kept(&opened, arguments);
    opened.close();
    let bytes = bytes?;
    match &arguments.out {
        Some(file) => fs::write(file, bytes)?,
        None => match io::stdout().lock().write_all(&bytes) {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => return Err(error.into()),
            _ => {}
        },
    }
    Ok(Exit::Done)
}

/// The file, if an event of the organisation names it. One that no event names, one of another organisation and one that
/// does not exist are the same to whoever asks.
fn kept(opened: &Opened, arguments: &Get) -> Result<Vec<u8>, Failure> {
    let organisations = match arguments.organisation {
        Some(organisation) => vec![organisation],
        None => opened.projections.organisations(),
    };
    for organisation in organisations {
        if opened.view(organisation, |views| views.deals.file(arguments.hash))?.is_some() {
            let read = opened.ledger.files().read(organisation, arguments.hash);
            return read.map_err(|error| Failure::coded(Exit::Refused, &error.to_string()));
        }
    }
    let message = "no event names a file of this hash: see the settlement's files";
    Err(Failure::new(Exit::Refused, "FILE_UNKNOWN", message))
}

/// What was kept.
#[derive(Serialize)]
struct Kept {
    organisation: String,
    show: u64,
    version: u32,
    file: SettlementFile,
}

fn keep(config: &Config, arguments: &Keep, json: bool) -> Result<Exit, Failure> {
    let bytes = fs::read(&arguments.file).map_err(|error| {
        Failure::new(Exit::Usage, "FILE_UNREADABLE", format!("{}: {error}", arguments.file.display()))
    })?;
    let opened = Opened::new(config, IfAbsent::Refuse)?;
    let kept = recorded(&opened, arguments, &bytes);
    opened.close();
    let kept = kept?;
    if json {
        output::json(&kept)?;
    } else {
        output::text_out(&format!(
            "Kept with version {} of the settlement of show {} as {}\n",
            kept.version, kept.show, kept.file.hash
        ))?;
    }
    Ok(Exit::Done)
}

fn recorded(opened: &Opened, arguments: &Keep, bytes: &[u8]) -> Result<Kept, Failure> {
    let (organisation, show) = opened.show(&arguments.show, arguments.organisation)?;
    let last = opened.view(organisation, |views| {
        let last = views.deals.show(show)?.settlements.last()?;
        Some((last.sealed.settlement, last.sealed.version))
    })?;
    let message = "seal the settlement first";
    let (settlement, version) =
        last.ok_or_else(|| Failure::new(Exit::Refused, "SETTLEMENT_NOT_SEALED", message))?;
    // Kept before the event that names it: an event must not promise what nobody has.
    let hash = opened.ledger.files().keep(organisation, bytes);
    let hash = hash.map_err(|error| Failure::coded(Exit::Refused, &error.to_string()))?;
    let file = SettlementFile { kind: SettlementFileKind::Signed, hash, bytes: bytes.len() as u64 };
    let body = KeepSettlementFiles { settlement, version, files: vec![file] };
    submit(&opened.ledger, organisation, "file", CommandBody::KeepSettlementFiles(body))?;
    Ok(Kept { organisation: organisation.to_string(), show: show.0, version, file })
}

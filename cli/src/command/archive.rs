//! `soticket archive`: the archive of a closed fiscal year, and checking one.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde::Serialize;
use soticket_ledger::books::YearSpan;
use soticket_ledger::close_due_days;
use soticket_schema::command::RecordArchive;
use soticket_schema::{ActorId, Command, CommandBody, OrganisationId};

use super::close::refusal;
use super::import_network::only;
use super::settle::organisation;
use crate::archive::{self, Checked, FORMAT};
use crate::config::Config;
use crate::failure::{Exit, Failure};
use crate::open::{IfAbsent, Opened};
use crate::output;

/// Which archive.
#[derive(Args, Debug)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct Arguments {
    /// Checking instead of making.
    #[command(subcommand)]
    pub check: Option<Check>,
    /// The calendar year in which the closed fiscal year ends
    #[arg(long, required = true)]
    pub year: Option<i16>,
    /// Folder to write, which is empty or does not exist
    #[arg(long, value_name = "DIR", required = true)]
    pub out: Option<PathBuf>,
    /// The organisation, where the data folder has several
    #[arg(long, value_name = "UUID", value_parser = organisation)]
    pub organisation: Option<OrganisationId>,
}

/// Checking an archive.
#[derive(Subcommand, Debug)]
pub enum Check {
    /// Check an archive's files, records, links and sums; needs no data folder
    Verify {
        /// Folder of the archive
        folder: PathBuf,
    },
}

/// What was made, for programs.
#[derive(Serialize)]
struct Made {
    organisation: String,
    year: u64,
    from: String,
    until: String,
    records: u64,
    files: usize,
    bytes: u64,
    manifest: String,
    manifest_sha256: String,
}

/// Makes or checks an archive. Checking ends with 1 if anything is wrong.
pub(crate) fn run(config: &Config, arguments: &Arguments, json: bool) -> Result<Exit, Failure> {
    if let Some(Check::Verify { folder }) = &arguments.check {
        return tell(&archive::verify(folder)?, json);
    }
    let opened = Opened::new(config, IfAbsent::Refuse)?;
    let made = make(&opened, arguments);
    opened.close();
    let made = made?;
    if json {
        output::json(&made)?;
    } else {
        output::text_out(&format!(
            "Archive of year {} ({} to {}): {} records, {} files, {} bytes\nManifest: BLAKE3 {}\n          SHA-256 {}\n",
            made.year,
            made.from,
            made.until,
            made.records,
            made.files,
            made.bytes,
            made.manifest,
            made.manifest_sha256
        ))?;
    }
    Ok(Exit::Done)
}

fn make(opened: &Opened, arguments: &Arguments) -> Result<Made, Failure> {
    let organisation = only(opened, arguments.organisation)?;
    // Nothing of the year may be open when it is archived.
    super::block_on(close_due_days(&opened.ledger, organisation))?.map_err(refusal)?;
    let last = opened.ledger.head(organisation).map_or(0, |head| head.length.saturating_sub(1));
    opened.projections.wait_for_blocking(organisation, last, std::time::Duration::from_secs(60));
    let years = opened.view(organisation, |views| views.closings.years().to_vec())?;
    let year = closed_year(&years, arguments.year.unwrap_or_default())?;
    let folder = arguments.out.clone().unwrap_or_default();
    let written = archive::write(&opened.ledger, organisation, year, &folder)?;
    let (manifest, manifest_sha256) = archive::manifest_hashes(&written.bytes);
    let (files, bytes) = (written.manifest.files.len(), written.manifest.total_bytes());
    let body = RecordArchive {
        year: year.number,
        format: FORMAT,
        files: u32::try_from(files).unwrap_or(u32::MAX),
        bytes,
        manifest,
        manifest_sha256,
    };
    let command = Command {
        organisation,
        actor: ActorId(0),
        // The same archive made again is the same fact.
        key: format!("archive {} {manifest}", year.number),
        occurred_at: None,
        body: CommandBody::RecordArchive(body),
    };
    opened.ledger.submit_blocking(command).map_err(refusal)?;
    Ok(Made {
        organisation: organisation.to_string(),
        year: year.number,
        from: year.from.to_string(),
        until: year.until.to_string(),
        records: year.last + 1 - year.first,
        files,
        bytes,
        manifest: manifest.to_string(),
        manifest_sha256: manifest_sha256.to_string(),
    })
}

/// The fiscal year that ends in a calendar year; of several, the last.
fn closed_year(years: &[YearSpan], wanted: i16) -> Result<YearSpan, Failure> {
    let found = years.iter().rev().find(|year| year.until.year() == wanted).copied();
    found.ok_or_else(|| {
        let closed: Vec<String> = years.iter().map(|year| year.until.year().to_string()).collect();
        let message = match closed.is_empty() {
            true => "no fiscal year is closed yet: it closes with its last day".to_owned(),
            false => format!("no closed fiscal year ends in {wanted}: name one of {}", closed.join(", ")),
        };
        Failure::new(Exit::Refused, "CLOSING_UNKNOWN", message)
    })
}

fn tell(checked: &Checked, json: bool) -> Result<Exit, Failure> {
    if json {
        output::json(checked)?;
    } else {
        for violation in &checked.violations {
            eprintln!("VIOLATION: {violation}");
        }
        output::text_out(&format!(
            "Archive of {} ({} to {}), year {}: {} records, {} closings\nManifest: BLAKE3 {}\n          SHA-256 {}\n\
             Compare these with what the log or your own keeping says.\nResult: {}\n",
            checked.organisation,
            checked.from,
            checked.until,
            checked.year,
            checked.records,
            checked.closings,
            checked.manifest,
            checked.manifest_sha256,
            if checked.violations.is_empty() { "sound" } else { "VIOLATED" }
        ))?;
    }
    Ok(if checked.violations.is_empty() { Exit::Done } else { Exit::Refused })
}

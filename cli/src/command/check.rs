//! `soticket check fec FILE`: a strict check of a fichier des écritures comptables, of whatever program wrote it.

use std::fs;
use std::path::PathBuf;

use clap::Subcommand;
use soticket_projections::fec_check;

use crate::failure::{Exit, Failure};
use crate::output;

/// What to check.
#[derive(Subcommand, Debug)]
pub enum Arguments {
    /// Check columns, dates, amounts, accounts, balance and continuity of a fichier des écritures comptables
    Fec {
        /// The file, under its legal name
        file: PathBuf,
        /// Take the file whatever its name is
        #[arg(long)]
        any_name: bool,
    },
}

/// Faults that are printed.
const SHOWN: usize = 50;

/// Prints what is wrong; refused if anything is.
pub(crate) fn run(arguments: &Arguments, json: bool) -> Result<Exit, Failure> {
    let Arguments::Fec { file, any_name } = arguments;
    let bytes = fs::read(file).map_err(|error| {
        Failure::new(Exit::Usage, "FILE_UNREADABLE", format!("{}: {error}", file.display()))
    })?;
    let name = file.file_name().map(|name| name.to_string_lossy().into_owned());
    let report = fec_check::check(name.as_deref().filter(|_| !any_name), &bytes, None);
    if json {
        output::json(&report)?;
    } else {
        let mut text = String::new();
        for fault in report.faults.iter().take(SHOWN) {
            text.push_str(&format!("{fault}\n"));
        }
        let (lines, entries, faults) = (report.lines, report.entries, report.faults.len());
        text.push_str(&format!("{entries} entries, {lines} lines, {faults} faults\n"));
        output::text_out(&text)?;
    }
    Ok(if report.faults.is_empty() { Exit::Done } else { Exit::Refused })
}

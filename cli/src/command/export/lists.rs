//! `soticket export orders` and `soticket export tickets`: lists, written row by row.

use std::fs::File;
use std::io::{self, BufWriter, IsTerminal as _, Write};
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use soticket_exports::{CsvOptions, List, ListKind};
use soticket_schema::OrganisationId;

use super::super::settle;
use crate::config::Config;
use crate::failure::{Exit, Failure};
use crate::language::Language;
use crate::open::{IfAbsent, Opened};

/// Which list.
#[derive(Args, Debug)]
pub struct Arguments {
    /// Organisation, if there are several
    #[arg(long, value_name = "ID", value_parser = settle::organisation)]
    pub organisation: Option<OrganisationId>,
    /// Only this show, by reference or number
    #[arg(long)]
    pub show: Option<String>,
    /// Form of the list
    #[arg(long, value_enum, default_value = "csv")]
    pub format: Format,
    /// Language of headings and words
    #[arg(long, value_enum)]
    pub lang: Option<Language>,
    /// File to write; standard output if not named
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

/// A form of a list.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub enum Format {
    /// Workbook
    Xlsx,
    /// CSV as the language's spreadsheets open it
    Csv,
    /// A JSON object per line
    Jsonl,
}

/// Writes the list.
pub(super) fn run(config: &Config, arguments: &Arguments, kind: ListKind) -> Result<Exit, Failure> {
    let opened = Opened::new(config, IfAbsent::Refuse)?;
    let (organisation, show) = match &arguments.show {
        Some(show) => {
            let (organisation, show) = opened.show(show, arguments.organisation)?;
            (organisation, Some(show))
        }
        None => (only(&opened, arguments.organisation)?, None),
    };
    let language = arguments.lang.unwrap_or_else(|| Language::of(&config.lang)).into();
    let now = opened.ledger.now();
    let list = List::new(&opened.projections, organisation, kind, show, now)
        .ok_or_else(|| Failure::coded(Exit::Refused, "ORGANISATION_UNKNOWN: check the organisation's id"))?;
    let written = match arguments.format {
        Format::Xlsx => workbook(&list, language, arguments),
        Format::Csv => to(arguments, |out| list.csv(language, CsvOptions::of(language), out)),
        Format::Jsonl => to(arguments, |out| list.json_lines(out)),
    };
    drop(list);
    opened.close();
    written.map(|()| Exit::Done)
}

fn workbook(
    list: &List<'_>,
    language: soticket_exports::Language,
    arguments: &Arguments,
) -> Result<(), Failure> {
    if let Some(file) = &arguments.out {
        return list.xlsx(language, BufWriter::new(File::create(file)?)).map_err(Failure::unexpected);
    }
    if io::stdout().is_terminal() {
        return Err(Failure::new(Exit::Usage, "OUT_MISSING", "name the file with --out FILE"));
    }
    // A pipe cannot be sought in: a workbook goes through memory there.
    let mut bytes = io::Cursor::new(Vec::new());
    list.xlsx(language, &mut bytes).map_err(Failure::unexpected)?;
    to(arguments, |out| out.write_all(bytes.get_ref()))
}

/// Writes to the file or to standard output. A reader that goes away early, such as `head`, is no failure.
fn to(arguments: &Arguments, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Failure> {
    let Some(file) = &arguments.out else {
        let mut out = BufWriter::new(io::stdout().lock());
        return match write(&mut out).and_then(|()| out.flush()) {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error.into()),
            _ => Ok(()),
        };
    };
    let mut out = BufWriter::new(File::create(file)?);
    write(&mut out)?;
    Ok(out.flush()?)
}

/// The organisation that is named, or the only one.
fn only(opened: &Opened, named: Option<OrganisationId>) -> Result<OrganisationId, Failure> {
    let all = opened.projections.organisations();
    match (named, all.as_slice()) {
        (Some(named), _) => Ok(named),
        (None, [only]) => Ok(*only),
        (None, _) => {
            let message = "there is not exactly one organisation: name it with --organisation ID";
            Err(Failure::new(Exit::Usage, "ORGANISATION_MISSING", message))
        }
    }
}

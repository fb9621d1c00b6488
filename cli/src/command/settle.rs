//! `soticket settle SHOW`: a statement of the show, printed or as a file.

use std::fs;
use std::io::{self, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use soticket_exports::{
    Ask, CsvOptions, Declared, Document, ShowStatement, StatementError, sealed_settlement,
};
use soticket_projections::AsOf;
use soticket_schema::{OrganisationId, Timestamp};

use super::publish::publisher;
use crate::config::Config;
use crate::failure::{Exit, Failure};
use crate::language::Language;
use crate::open::{IfAbsent, Opened};

/// Which statement.
#[derive(Args, Debug)]
pub struct Arguments {
    /// Reference or number of the show
    pub show: String,
    /// Organisation, if several have such a show
    #[arg(long, value_name = "ID", value_parser = organisation)]
    pub organisation: Option<OrganisationId>,
    /// As it stood after this position, or at this instant of recording
    #[arg(long, value_name = "POSITION|INSTANT", value_parser = moment)]
    pub as_of: Option<AsOf>,
    /// A sealed version of the settlement by the deal as it was given out, made anew from the log
    #[arg(long, value_name = "VERSION", conflicts_with = "as_of")]
    pub sealed: Option<u32>,
    /// Language of the print
    #[arg(long, value_enum)]
    pub lang: Option<Language>,
    /// Which statement of the show
    #[arg(long, value_enum, default_value = "box-office")]
    pub statement: Statement,
    /// Form of the statement [default: text, json with --json]
    #[arg(long, value_enum)]
    pub format: Option<Format>,
    /// File to write; standard output if not named
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// What returns ask for and the ledger does not know, as JSON [default: DATA/declared/ORGANISATION.json if it is there]
    #[arg(long, value_name = "FILE")]
    pub declared: Option<PathBuf>,
}

/// A statement of a show.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub enum Statement {
    /// Box-office statement (bordereau de recettes)
    BoxOffice,
    /// What each network has to remit
    Remittance,
    /// The settlement by the show's deal (décompte)
    Deal,
    /// Receipts and expenses for SACEM (état des recettes et dépenses)
    Sacem,
    /// Accounts of the performance for SACD
    Sacd,
    /// Return of the tax on live shows, for the CNM
    Cnm,
}

/// A form of a statement.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub enum Format {
    /// Aligned text
    Text,
    /// PDF/A-3a with the JSON attached
    Pdf,
    /// Workbook with figures and formulas
    Xlsx,
    /// All tables
    Csv,
    /// Canonical JSON, whose BLAKE3 is the statement's hash
    Json,
}

pub(super) fn organisation(text: &str) -> Result<OrganisationId, String> {
    OrganisationId::parse(text).ok_or_else(|| "not a UUID".to_owned())
}

pub(super) fn moment(text: &str) -> Result<AsOf, String> {
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        return text.parse().map(AsOf::Position).map_err(|_| "not a position".to_owned());
    }
    Timestamp::parse(text)
        .map(AsOf::Recorded)
        .map_err(|error| format!("neither a position nor an instant: {error}"))
}

/// Writes the statement.
pub(crate) fn run(config: &Config, arguments: &Arguments, json: bool) -> Result<Exit, Failure> {
    let output = Output::new(arguments.format, arguments.out.as_deref(), json)?;
    let opened = Opened::new(config, IfAbsent::Refuse)?;
    let document = document(config, &opened, arguments);
    opened.close();
    let language = arguments.lang.unwrap_or_else(|| Language::of(&config.lang));
    output.write(&document?, language.into())
}

/// In what form a document is written, and where to.
pub(super) struct Output<'a> {
    format: Format,
    out: Option<&'a Path>,
}

impl<'a> Output<'a> {
    /// Text, or JSON for programs, unless a form is named.
    ///
    /// # Errors
    /// A file that is no text would go to a terminal.
    pub(super) fn new(format: Option<Format>, out: Option<&'a Path>, json: bool) -> Result<Self, Failure> {
        let format = format.unwrap_or(if json { Format::Json } else { Format::Text });
        let binary = matches!(format, Format::Pdf | Format::Xlsx);
        if binary && out.is_none() && io::stdout().is_terminal() {
            return Err(Failure::new(Exit::Usage, "OUT_MISSING", "name the file with --out FILE"));
        }
        Ok(Self { format, out })
    }

    /// Renders the document and writes it.
    pub(super) fn write(
        &self,
        document: &Document,
        language: soticket_exports::Language,
    ) -> Result<Exit, Failure> {
        let bytes = rendered(document, self.format, language)?;
        match self.out {
            Some(file) => fs::write(file, bytes)?,
            None => to_stdout(&bytes, self.format)?,
        }
        Ok(Exit::Done)
    }
}

/// What an organisation declares besides its ledger: the named file, or the one of the data folder if it is there.
pub(super) fn declared(
    config: &Config,
    organisation: OrganisationId,
    named: Option<&Path>,
) -> Result<Declared, Failure> {
    let declared = match named {
        Some(file) => Declared::file(file),
        None => Declared::kept(&config.data()?.join(Declared::FOLDER), organisation),
    };
    declared.map_err(|error| Failure::coded(Exit::Refused, &error.to_string()))
}

fn document(config: &Config, opened: &Opened, arguments: &Arguments) -> Result<Document, Failure> {
    let (organisation, show) = opened.show(&arguments.show, arguments.organisation)?;
    let refused = |error: StatementError| Failure::coded(Exit::Refused, &error.to_string());
    if let Some(version) = arguments.sealed {
        let sealed = sealed_settlement(&opened.projections, organisation, show, version).map_err(refused)?;
        return named(config, opened, sealed);
    }
    let statement = match arguments.statement {
        Statement::BoxOffice => ShowStatement::BoxOffice,
        Statement::Remittance => ShowStatement::Remittance,
        Statement::Deal => ShowStatement::Settlement,
        Statement::Sacem => ShowStatement::Sacem,
        Statement::Sacd => ShowStatement::Sacd,
        Statement::Cnm => ShowStatement::Cnm,
    };
    let declared = declared(config, organisation, arguments.declared.as_deref())?;
    let ask = Ask { at: arguments.as_of, address: None, declared };
    let document = statement.asked(&opened.projections, organisation, show, &ask).map_err(refused)?;
    named(config, opened, document)
}

/// The document with the checkpoint over what it rests on, if the log is published.
pub(super) fn named(config: &Config, opened: &Opened, document: Document) -> Result<Document, Failure> {
    let publisher = publisher(config, opened)?;
    Ok(document.naming(&|organisation, size| publisher.named(organisation, size).map(Into::into)))
}

fn rendered(
    document: &Document,
    format: Format,
    language: soticket_exports::Language,
) -> Result<Vec<u8>, Failure> {
    match format {
        Format::Text => Ok(document.text(language).into_bytes()),
        Format::Json => Ok(document.json()),
        Format::Pdf => document.pdf(language).map_err(Failure::unexpected),
        Format::Xlsx => document.xlsx(language).map_err(Failure::unexpected),
        Format::Csv => {
            let mut bytes = Vec::new();
            document.csv(language, CsvOptions::of(language), &mut bytes)?;
            Ok(bytes)
        }
    }
}

/// A reader that goes away early, such as `head`, is no failure. JSON to a terminal ends with its line; to a file or a
/// pipe go the bytes that the hash is of.
fn to_stdout(bytes: &[u8], format: Format) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    let mut written = out.write_all(bytes);
    if format == Format::Json && out.is_terminal() {
        written = written.and_then(|()| out.write_all(b"\n"));
    }
    match written.and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}

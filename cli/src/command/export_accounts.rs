//! `soticket export fec` and `soticket export journal`: accounting entries of a period.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use jiff::civil::Date;
use soticket_projections::OrganisationViews;
use soticket_projections::journal::fec::{Encoding, FecWriter, Separator, file_name};
use soticket_projections::journal::{JournalEntry, JournalFilter, csv};
use soticket_schema::{Currency, OrganisationId};

use super::settle::organisation;
use crate::config::Config;
use crate::failure::{Exit, Failure};
use crate::open::{IfAbsent, Opened};

/// Which entries, and where to.
#[derive(Args, Debug)]
pub struct PeriodArguments {
    /// First commercial day, such as 2026-03-01
    #[arg(long, value_name = "DAY", value_parser = day)]
    pub from: Date,
    /// Last commercial day, at the latest today
    #[arg(long, value_name = "DAY", value_parser = day)]
    pub to: Date,
    /// Only the show with this reference or number
    #[arg(long, value_name = "SHOW")]
    pub show: Option<String>,
    /// Organisation, if there are several
    #[arg(long, value_name = "ID", value_parser = organisation)]
    pub organisation: Option<OrganisationId>,
    /// File to write
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

/// Which entries, and in what form.
#[derive(Args, Debug)]
pub struct FecArguments {
    #[command(flatten)]
    period: PeriodArguments,
    /// How texts are written
    #[arg(long, value_enum, default_value_t = EncodingName::Utf8)]
    encoding: EncodingName,
    /// What stands between columns
    #[arg(long, value_enum, default_value_t = SeparatorName::Tab)]
    separator: SeparatorName,
}

/// Encodings by name.
#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
enum EncodingName {
    /// UTF-8
    #[value(name = "utf-8")]
    Utf8,
    /// ISO 8859-15
    #[value(name = "iso-8859-15")]
    Latin9,
}

/// Separators by name.
#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
enum SeparatorName {
    /// Tabulator
    Tab,
    /// Vertical bar
    Bar,
}

pub(super) fn day(text: &str) -> Result<Date, String> {
    text.parse().map_err(|_| "not a day such as 2026-03-14".to_owned())
}

/// Entries, their currency and the name that the law gives a file of them.
struct Found {
    entries: Vec<JournalEntry>,
    currency: Currency,
    siren: Option<String>,
}

/// Writes the fichier des écritures comptables, under its legal name in the working folder unless a file is named.
pub(crate) fn fec(config: &Config, arguments: &FecArguments) -> Result<Exit, Failure> {
    let found = find(config, &arguments.period)?;
    let siren = found.siren.ok_or_else(|| {
        let message = "state the organisation's SIRET number first: the file is named after it";
        Failure::new(Exit::Refused, "SIREN_MISSING", message)
    })?;
    let name = PathBuf::from(file_name(&siren, arguments.period.to));
    let path = arguments.period.out.as_ref().unwrap_or(&name);
    let writer = FecWriter {
        currency: found.currency,
        separator: match arguments.separator {
            SeparatorName::Tab => Separator::Tab,
            SeparatorName::Bar => Separator::Bar,
        },
        encoding: match arguments.encoding {
            EncodingName::Utf8 => Encoding::Utf8,
            EncodingName::Latin9 => Encoding::Latin9,
        },
    };
    let mut out = BufWriter::new(File::create(path)?);
    writer.header(&mut out)?;
    for entry in &found.entries {
        writer.entry(&mut out, entry)?;
    }
    out.flush()?;
    eprintln!("{}: {} entries", path.display(), found.entries.len());
    Ok(Exit::Done)
}

/// Writes entries as CSV, to standard output unless a file is named.
pub(crate) fn journal(config: &Config, arguments: &PeriodArguments) -> Result<Exit, Failure> {
    let found = find(config, arguments)?;
    let mut out: Box<dyn Write> = match &arguments.out {
        Some(file) => Box::new(BufWriter::new(File::create(file)?)),
        None => Box::new(BufWriter::new(io::stdout().lock())),
    };
    let written = csv::write_header(&mut out)
        .and_then(|()| {
            found.entries.iter().try_for_each(|entry| csv::write_entry(&mut out, entry, found.currency))
        })
        .and_then(|()| out.flush());
    match written {
        // A reader that goes away early, such as `head`, has what it wanted.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe && arguments.out.is_none() => Ok(Exit::Done),
        written => Ok(written.map(|()| Exit::Done)?),
    }
}

fn find(config: &Config, arguments: &PeriodArguments) -> Result<Found, Failure> {
    if arguments.from > arguments.to {
        return Err(Failure::new(
            Exit::Usage,
            "PERIOD_INVALID",
            "--to: name a day that is not before --from",
        ));
    }
    let opened = Opened::new(config, IfAbsent::Refuse)?;
    let (organisation, show) = match &arguments.show {
        Some(name) => {
            let (organisation, show) = opened.show(name, arguments.organisation)?;
            (organisation, Some(show))
        }
        None => (only(&opened, arguments.organisation)?, None),
    };
    let now = opened.ledger.now();
    let filter = JournalFilter { from: arguments.from, to: arguments.to, show };
    let found = opened.view(organisation, |views: &OrganisationViews| {
        if filter.to > views.journal.day_of(now) {
            return Err(Failure::new(
                Exit::Usage,
                "PERIOD_INVALID",
                "--to: entries end today; name a day up to it",
            ));
        }
        let entries = views.journal.entries(&filter);
        let entries = entries.map_err(|error| Failure::coded(Exit::Refused, &error.to_string()))?;
        let siren = views.journal.siren().map(str::to_owned);
        Ok(Found { entries, currency: views.journal.currency(), siren })
    });
    opened.close();
    found?
}

/// The named organisation, or the only one.
pub(super) fn only(opened: &Opened, named: Option<OrganisationId>) -> Result<OrganisationId, Failure> {
    match (named, opened.projections.organisations().as_slice()) {
        (Some(organisation), _) | (None, &[organisation]) => Ok(organisation),
        (None, several) => {
            let message = format!("{} organisations are there: name one with --organisation", several.len());
            Err(Failure::new(Exit::Usage, "ORGANISATION_AMBIGUOUS", message))
        }
    }
}

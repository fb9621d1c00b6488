//! Sales files of networks: what a network sold out of its allotment, reported afterwards, read by a mapping that is
//! data. Every line is a fact: it is recorded whatever it breaks, and flagged.

mod encoding;
mod line;
mod mapping;
mod plan;
mod recorded;
#[cfg(test)]
mod tests;
mod venue;

use std::path::Path;

use indicatif::ProgressBar;
use soticket_ledger::Ledger;
use soticket_projections::{OrganisationViews, Projections};
use soticket_schema::command::OpenOrganisation;
use soticket_schema::{Event, OrganisationId};

use self::line::{Reader, Sold};
use self::mapping::Mapping;
use self::recorded::Recorded;
use self::venue::Venue;
use super::plan::Plan;
use super::refusal::{Fault, Place, Refusal};
use super::report::{Flagged, Report, Tally};
use super::run::{self, Outcome};
use super::step::Step;
use super::table::{self, Table};
use super::{Files, ImportError};

/// Longest file that is read, in bytes: far above any season of any network.
const BYTES_MAX: u64 = 1 << 30;

/// Imports a network's file into an organisation that is there. `mapping` is a shipped name or a file's path, `channel`
/// the name of the channel where the mapping does not say.
///
/// # Errors
/// Mapping or file cannot be used at all, or the ledger stopped.
pub async fn import(
    ledger: &Ledger,
    projections: &Projections,
    organisation: OrganisationId,
    file: &Path,
    (mapping, channel): (&str, Option<&str>),
    progress: &ProgressBar,
) -> Result<Report, ImportError> {
    let refuse = |refusal: Refusal| ImportError::Refused(vec![refusal]);
    let mapping = Mapping::load(mapping).map_err(refuse)?;
    let looked = projections.view(organisation, |views| {
        let venue = Venue::of(organisation, views, &mapping, channel)?;
        Ok((opening(views, &venue)?, venue))
    });
    let unknown = || Place::default().refuse(Fault::OrganisationUnknown, organisation.to_string());
    let (opening, venue) = looked.unwrap_or_else(|| Err(unknown())).map_err(refuse)?;
    let mut refused = Vec::new();
    let table = read(file, &mapping, &mut refused).map_err(refuse)?;
    let reader = Reader { mapping: &mapping, venue: &venue, table: &table };
    let missing = reader.missing();
    if !missing.is_empty() {
        return Err(ImportError::Refused(missing));
    }
    let lines = lines(&reader, &mut refused);
    let recorded = Recorded::read(ledger, &venue)?;
    let work = plan::plan(lines, &venue, &recorded, mapping.fee_kept);
    let plan = Plan {
        organisation,
        opening,
        place: Place::file(&table.file),
        steps: work.steps,
        files: vec![plan::lines_of(&table)],
        explained: work.explained,
        notes: Vec::new(),
        refused,
    };
    let mut tally = Tally::default();
    tally.known_before(work.known);
    let mut flagged = Vec::new();
    progress.set_length(plan.steps.len() as u64 + 1);
    let mut tell = |step: &Step, outcome: Outcome<'_>| {
        flagged.extend(flags(step, &outcome));
        tally.note(step, outcome);
    };
    run::run_into(ledger, &plan, work.book, progress, &mut tell).await?;
    let mut report = tally.report(plan, Vec::new());
    report.flagged = flagged;
    report.notes.push(format!("channel {}", venue.channel_name));
    Ok(report)
}

fn read(file: &Path, mapping: &Mapping, refused: &mut Vec<Refusal>) -> Result<Table, Refusal> {
    let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let place = Place::file(&name);
    let unreadable = |error: std::io::Error| place.refuse(Fault::FileUnreadable, error.to_string());
    let size = std::fs::metadata(file).map_err(unreadable)?.len();
    if size > BYTES_MAX {
        return Err(place.refuse(Fault::FileUnreadable, format!("{size} bytes are too many")));
    }
    let folder = file.parent().map(Path::to_path_buf).unwrap_or_default();
    let bytes = Files::Folder(folder).read(&name).map_err(unreadable)?;
    let delimiter = u8::try_from(mapping.delimiter).unwrap_or(b';');
    table::parse_delimited(&name, &mapping.encoding.to_utf8(bytes), delimiter, refused)
}

fn lines(reader: &Reader<'_>, refused: &mut Vec<Refusal>) -> Vec<Sold> {
    let mut lines = Vec::new();
    for row in &reader.table.rows {
        match reader.read(row) {
            Ok(line) => lines.push(line),
            Err(refusal) => refused.push(refusal),
        }
    }
    lines
}

/// The organisation is open: this is what it was opened with.
fn opening(views: &OrganisationViews, venue: &Venue) -> Result<OpenOrganisation, Refusal> {
    let info = views.catalogue.organisation();
    let info = info.ok_or_else(|| Place::default().refuse(Fault::OrganisationUnknown, venue.name.clone()))?;
    let (mode, currency, parameters) = (info.mode, info.currency, info.parameters.clone());
    Ok(OpenOrganisation { mode, currency, parameters })
}

/// What a sale that was recorded now breaks.
fn flags(step: &Step, outcome: &Outcome<'_>) -> Option<Flagged> {
    let Outcome::Taken(entries) = outcome else { return None };
    let flags = entries.iter().find_map(|entry| match &entry.event {
        Event::ExternalSaleReported(event) if !event.flags.is_empty() => Some(event.flags.clone()),
        _ => None,
    })?;
    let flags = flags.iter().map(|flag| format!("{flag:?}")).collect();
    Some(Flagged { place: step.places.first().cloned().unwrap_or_default(), flags })
}

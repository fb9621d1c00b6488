//! `soticket import seats FILE`: a hall with numbered seats from a seat map.

use std::path::PathBuf;

use clap::Args;
use soticket_schema::OrganisationId;

use super::settle::organisation;
use crate::config::Config;
use crate::failure::{Exit, Failure};
use crate::import::{SeatMapOptions, SeatMapReport, import_seats};
use crate::open::{self, IfAbsent};
use crate::output::{self, Columns};

/// Which seat map.
#[derive(Args, Debug)]
pub struct Arguments {
    /// File with the columns row, seat, label, zone and, if seats are drawn, x and y
    pub file: PathBuf,
    /// Name of the hall
    #[arg(long)]
    pub hall: String,
    /// Places that the safety commission allows at once; all places if not stated
    #[arg(long, value_name = "PLACES")]
    pub capacity: Option<u32>,
    /// Zone of free seating beside the numbered ones, such as Fosse=300; may be repeated
    #[arg(long, value_name = "ZONE=PLACES", value_parser = free)]
    pub free: Vec<(String, u32)>,
    /// Organisation, if the data folder has several
    #[arg(long, value_name = "ID", value_parser = organisation)]
    pub organisation: Option<OrganisationId>,
}

fn free(text: &str) -> Result<(String, u32), String> {
    let (name, places) = text.rsplit_once('=').ok_or("write it as Fosse=300")?;
    let places = places.parse().map_err(|_| format!("{places} is no number of places"))?;
    Ok((name.to_owned(), places))
}

/// Defines the hall, or refuses the file with every line that cannot be taken.
pub(crate) fn run(config: &Config, arguments: &Arguments, json: bool) -> Result<Exit, Failure> {
    let ledger = open::ledger(config, IfAbsent::Refuse)?;
    let known: Vec<OrganisationId> =
        ledger.heads().into_iter().map(|(organisation, _)| organisation).collect();
    let report = one(&known, arguments.organisation).and_then(|organisation| {
        let options = SeatMapOptions {
            organisation,
            hall: arguments.hall.clone(),
            authorised_capacity: arguments.capacity,
            free: arguments.free.clone(),
        };
        Ok(import_seats(&ledger, &arguments.file, &options)?)
    });
    ledger.close();
    let report = report?;
    if json {
        output::json(&report)?;
    } else {
        output::text_out(&text(&report))?;
    }
    Ok(Exit::Done)
}

/// The organisation that is named, or the only one.
fn one(known: &[OrganisationId], named: Option<OrganisationId>) -> Result<OrganisationId, Failure> {
    match (named, known) {
        (Some(named), known) if known.contains(&named) => Ok(named),
        (None, [only]) => Ok(*only),
        (Some(_), _) | (None, []) => {
            Err(Failure::new(Exit::Refused, "ORGANISATION_UNKNOWN", "check the organisation's id"))
        }
        (None, _) => {
            let message = "the data folder has several organisations: name one with --organisation";
            Err(Failure::new(Exit::Refused, "ORGANISATION_AMBIGUOUS", message))
        }
    }
}

fn text(report: &SeatMapReport) -> String {
    let mut table = Columns::new("<>>>");
    table.row(["Zone", "Number", "Places", "Numbered seats"]);
    for zone in &report.zones {
        table.row([
            zone.name.clone(),
            zone.zone.to_string(),
            zone.places.to_string(),
            zone.seats.to_string(),
        ]);
    }
    let known = if report.known { " (recorded already)" } else { "" };
    format!("Hall {}{known}\n{}", report.hall, table.render())
}

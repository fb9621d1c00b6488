//! A hall's seat map from one delimited file: row, seat, label, zone, and where the seat is drawn.

use std::collections::BTreeSet;
use std::path::Path;

use serde::Serialize;
use soticket_ledger::{Ledger, Receipt, SubmitError};
use soticket_schema::command::{DefineHall, DrawSeats, NewZone};
use soticket_schema::event::v1::{SeatOfRow, SeatPoint, SeatRow};
use soticket_schema::limits::{NAME_BYTES_MAX, SEATS_MAX, ZONES_MAX};
use soticket_schema::{ActorId, Command, CommandBody, Event, OrganisationId, ZoneId};

use super::ImportError;
use super::columns::{Columns, Line};
use super::field;
use super::identity::key;
use super::refusal::{Fault, Place, Refusal};
use super::table::{self, Layout};

const REQUIRED: [&str; 4] = ["row", "seat", "label", "zone"];
const OPTIONAL: [&str; 2] = ["x", "y"];

/// A hall to be defined from a seat map.
#[derive(Debug, Clone)]
pub struct SeatMapOptions {
    /// The organisation, whose log is open.
    pub organisation: OrganisationId,
    /// Name of the hall.
    pub hall: String,
    /// Places that the safety commission allows at once; all places if none is stated.
    pub authorised_capacity: Option<u32>,
    /// Zones of free seating, which have no seats in the file, with their places.
    pub free: Vec<(String, u32)>,
}

/// What became of a seat map.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SeatMapReport {
    /// Number of the hall.
    pub hall: u32,
    /// Its zones.
    pub zones: Vec<SeatMapZone>,
    /// Whether all of it was recorded before.
    pub known: bool,
}

/// A zone of a seat map.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SeatMapZone {
    /// Its number.
    pub zone: u32,
    /// Its name.
    pub name: String,
    /// Its places.
    pub places: u32,
    /// How many of them are numbered seats.
    pub seats: usize,
}

/// The seats of one zone, in the order of the file.
#[derive(Debug, Default, PartialEq, Eq)]
struct Zone {
    name: String,
    labels: Vec<String>,
    rows: Vec<SeatRow>,
}

/// Defines a hall from a seat map: all of it or, if any line cannot be taken, nothing.
///
/// # Errors
/// Every line that cannot be taken, or the ledger stopped.
pub fn import_seats(
    ledger: &Ledger,
    path: &Path,
    options: &SeatMapOptions,
) -> Result<SeatMapReport, ImportError> {
    let file = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let bytes = std::fs::read(path).map_err(|error| {
        let fault = match error.kind() {
            std::io::ErrorKind::NotFound => Fault::FileMissing,
            _ => Fault::FileUnreadable,
        };
        ImportError::Refused(vec![Place::file(&file).refuse(fault, error.to_string())])
    })?;
    let zones = read(&file, &bytes).map_err(ImportError::Refused)?;
    let place = Place::file(&file);
    let hall = hall(&zones, options);
    let receipt = submit(ledger, options, &["hall"], CommandBody::DefineHall(hall), &place)?;
    let mut known = receipt.replayed;
    let defined = receipt.entries().iter().filter_map(|entry| match &entry.event {
        Event::ZoneDefined(zone) => Some((zone.zone, zone.hall, zone.name.clone(), zone.capacity)),
        _ => None,
    });
    let mut report = SeatMapReport { hall: 0, zones: Vec::new(), known };
    for (zone, hall, name, places) in defined {
        report.hall = hall.0;
        let mut seats = 0;
        if let Some(map) = zones.iter().find(|map| map.name == name) {
            seats = map.labels.len();
            known &= draw(ledger, options, zone, map, &place)?.replayed;
        }
        report.zones.push(SeatMapZone { zone: zone.0, name, places, seats });
    }
    Ok(SeatMapReport { known, ..report })
}

fn hall(zones: &[Zone], options: &SeatMapOptions) -> DefineHall {
    let numbered = zones.iter().map(|zone| NewZone {
        name: zone.name.clone(),
        capacity: u32::try_from(zone.labels.len()).unwrap_or(u32::MAX),
        seats: zone.labels.clone(),
    });
    let free = options.free.iter().map(|(name, places)| NewZone {
        name: name.clone(),
        capacity: *places,
        seats: Vec::new(),
    });
    let zones: Vec<NewZone> = free.chain(numbered).collect();
    let places = zones.iter().fold(0_u32, |sum, zone| sum.saturating_add(zone.capacity));
    DefineHall {
        name: options.hall.clone(),
        authorised_capacity: options.authorised_capacity.unwrap_or(places),
        zones,
    }
}

fn draw(
    ledger: &Ledger,
    options: &SeatMapOptions,
    zone: ZoneId,
    map: &Zone,
    place: &Place,
) -> Result<Receipt, ImportError> {
    let body = CommandBody::DrawSeats(DrawSeats { zone, rows: map.rows.clone() });
    submit(ledger, options, &["zone", &map.name], body, place)
}

fn submit(
    ledger: &Ledger,
    options: &SeatMapOptions,
    step: &[&str],
    body: CommandBody,
    place: &Place,
) -> Result<Receipt, ImportError> {
    let names: Vec<&str> = ["seats", &options.hall].into_iter().chain(step.iter().copied()).collect();
    let command = Command {
        organisation: options.organisation,
        actor: ActorId(0),
        key: key(&names),
        occurred_at: None,
        body,
    };
    ledger.submit_blocking(command).map_err(|error| match error {
        SubmitError::Rejected(rejection) => ImportError::Refused(vec![place.rejected(&rejection)]),
        other => ImportError::Stopped(other.to_string()),
    })
}

/// Reads the file into zones; every line that cannot be taken is told.
fn read(file: &str, bytes: &[u8]) -> Result<Vec<Zone>, Vec<Refusal>> {
    let mut refused = Vec::new();
    let likeness = |header: &[String]| {
        let known = REQUIRED.iter().chain(&OPTIONAL);
        known.filter(|name| header.iter().any(|cell| cell.eq_ignore_ascii_case(name))).count()
    };
    let table =
        table::parse(file, bytes, Layout::Lines, &likeness, &mut refused).map_err(|refusal| vec![refusal])?;
    let columns = Columns::find(&table, &REQUIRED, &OPTIONAL).map_err(|refusal| vec![refusal])?;
    let mut map = Map::default();
    for row in &table.rows {
        if let Err(refusal) = map.take(&columns.line(row)) {
            refused.push(refusal);
        }
    }
    if refused.is_empty() && map.zones.is_empty() {
        refused.push(Place::file(file).refuse(Fault::FileUnknown, "the file holds no seat"));
    }
    refused.sort();
    if refused.is_empty() { Ok(map.zones) } else { Err(refused) }
}

/// What has been read so far.
#[derive(Default)]
struct Map {
    zones: Vec<Zone>,
    labels: BTreeSet<(String, String)>,
    seats: BTreeSet<(String, String, String)>,
}

impl Map {
    fn take(&mut self, line: &Line<'_>) -> Result<(), Refusal> {
        let row = line.reference("row")?;
        let number = line.reference("seat")?;
        let zone = line.read("zone", |cell| match field::text(cell, NAME_BYTES_MAX)? {
            text if text.is_empty() => Err(Fault::TextEmpty),
            text => Ok(text),
        })?;
        // A label that is not stated is row and number together, as most houses print it.
        let label = match line.optional("label")? {
            label if label.is_empty() => format!("{row}{number}"),
            label => label,
        };
        let at = point(line)?;
        if !self.seats.insert((zone.clone(), row.clone(), number.clone())) {
            return Err(line.refuse("seat", Fault::Duplicate, format!("{zone}, row {row}, seat {number}")));
        }
        if !self.labels.insert((zone.clone(), label.clone())) {
            return Err(line.refuse("label", Fault::Duplicate, format!("{zone}, {label}")));
        }
        self.add(line, zone, label, row, SeatOfRow { number, at })
    }

    fn add(
        &mut self,
        line: &Line<'_>,
        name: String,
        label: String,
        row: String,
        seat: SeatOfRow,
    ) -> Result<(), Refusal> {
        let index = self.zones.iter().position(|zone| zone.name == name).unwrap_or_else(|| {
            self.zones.push(Zone { name, ..Zone::default() });
            self.zones.len() - 1
        });
        let many = self.zones.len() > ZONES_MAX;
        let Some(zone) = self.zones.get_mut(index).filter(|_| !many) else {
            let message = format!("a hall has at most {ZONES_MAX} zones");
            return Err(line.refuse("zone", Fault::NumberUnreadable, message));
        };
        if zone.labels.len() >= SEATS_MAX {
            let message = format!("a zone has at most {SEATS_MAX} seats: split it");
            return Err(line.refuse("zone", Fault::NumberUnreadable, message));
        }
        zone.labels.push(label);
        match zone.rows.last_mut().filter(|last| last.row == row) {
            Some(last) => last.seats.push(seat),
            None => zone.rows.push(SeatRow { row, seats: vec![seat] }),
        }
        Ok(())
    }
}

/// Where the seat is drawn: both coordinates or none.
fn point(line: &Line<'_>) -> Result<Option<SeatPoint>, Refusal> {
    let coordinate = |column: &str| match line.cell(column) {
        "" => Ok(None),
        _ => line.read(column, field::count).map(Some),
    };
    match (coordinate("x")?, coordinate("y")?) {
        (Some(x), Some(y)) => Ok(Some(SeatPoint { x, y })),
        (None, None) => Ok(None),
        (Some(_), None) => Err(line.refuse("y", Fault::TextEmpty, "x is stated, y is not")),
        (None, Some(_)) => Err(line.refuse("x", Fault::TextEmpty, "y is stated, x is not")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusals(text: &str) -> Vec<(u64, String, &'static str)> {
        let refused = read("seats.csv", text.as_bytes()).unwrap_err();
        let told = refused.into_iter();
        told.map(|refusal| (refusal.place.line.unwrap_or(0), refusal.place.column, refusal.code)).collect()
    }

    #[test]
    fn zones_rows_and_labels_are_in_the_order_of_the_file() {
        let text = "zone;row;seat;label;x;y\nBalcon;A;1;;10;5\nBalcon;A;2;A-2;20;5\nLoge;1;1;L1;;\nBalcon;B;1;;10;9\n";
        let zones = read("seats.csv", text.as_bytes()).unwrap();
        let names: Vec<_> = zones.iter().map(|zone| (zone.name.as_str(), zone.labels.clone())).collect();
        let labels = |labels: &[&str]| labels.iter().map(|label| (*label).to_owned()).collect::<Vec<_>>();
        assert_eq!(names, [("Balcon", labels(&["A1", "A-2", "B1"])), ("Loge", labels(&["L1"]))]);
        let rows: Vec<_> = zones[0].rows.iter().map(|row| (row.row.as_str(), row.seats.len())).collect();
        assert_eq!(rows, [("A", 2), ("B", 1)]);
        assert_eq!(zones[0].rows[1].seats[0].at, Some(SeatPoint { x: 10, y: 9 }));
        assert_eq!(zones[1].rows[0].seats[0].at, None);
    }

    #[test]
    fn every_bad_line_is_told_with_its_number_and_column() {
        let text = "row,seat,label,zone,x,y\nA,1,A1,Balcon,1,1\nA,1,A9,Balcon,,\nA,2,A1,Balcon,,\n,3,A3,Balcon,,\n\
                    A,4,A4,,,\nA,5,A5,Balcon,7,\nA,6,A6,Balcon,-1,1\nA,7,A7\n";
        let expected = [
            (3, "seat", "DUPLICATE"),
            (4, "label", "DUPLICATE"),
            (5, "row", "TEXT_EMPTY"),
            (6, "zone", "TEXT_EMPTY"),
            (7, "y", "TEXT_EMPTY"),
            (8, "x", "NUMBER_UNREADABLE"),
            (9, "", "ROW_SHAPE"),
        ];
        let expected = expected.map(|(line, column, code)| (line, column.to_owned(), code));
        assert_eq!(refusals(text), expected);
        assert_eq!(refusals("row,seat,zone\nA,1,B\n"), [(1, "label".to_owned(), "COLUMN_MISSING")]);
        assert_eq!(refusals("row,seat,label,zone\n"), [(0, String::new(), "FILE_UNKNOWN")]);
    }

    #[test]
    fn a_zone_has_as_many_seats_as_one_record_holds() {
        let mut text = "row,seat,label,zone\n".to_owned();
        for seat in 0..=SEATS_MAX {
            text += &format!("A,{seat},,Balcon\n");
        }
        assert_eq!(refusals(&text), [(SEATS_MAX as u64 + 2, "zone".to_owned(), "NUMBER_UNREADABLE")]);
    }
}

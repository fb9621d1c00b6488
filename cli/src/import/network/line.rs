//! One line of a network's file, read by its mapping into the venue's own things.

use jiff::civil::{Date, DateTime, Time};
use jiff::fmt::strtime;
use jiff::tz::TimeZone;
use soticket_projections::catalogue::{ShowInfo, TariffInfo};
use soticket_schema::command::CodeText;
use soticket_schema::event::v1::{CompReason, Symbology, TariffKind};
use soticket_schema::limits::{CODE_BYTES_MAX, REFERENCE_BYTES_MAX};
use soticket_schema::{Amount, SeatId, ShowId, TariffId, Timestamp, ZoneId};

use super::mapping::{Mapping, SYMBOLOGIES, ShowBy, State};
use super::venue::{Venue, only};
use crate::import::field;
use crate::import::json::listed;
use crate::import::refusal::{Fault, Place, Refusal, quoted};
use crate::import::table::{Row, Table};

/// What a line says of a ticket.
#[derive(Clone, Debug)]
pub(super) struct Sold {
    pub(super) place: Place,
    pub(super) state: State,
    /// When it was cancelled, if it was and the file says so.
    pub(super) cancelled_at: Option<Timestamp>,
    /// The network's reference of the order; may be empty.
    pub(super) order: String,
    /// Till or point of sale of the network; may be empty.
    pub(super) seller: String,
    pub(super) code: Option<CodeText>,
    pub(super) content: Content,
}

/// What makes a sale another one than before.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Content {
    pub(super) show: ShowId,
    pub(super) zone: ZoneId,
    pub(super) seat: Option<SeatId>,
    pub(super) tariff: TariffId,
    pub(super) comp: Option<CompReason>,
    pub(super) price: Amount,
    pub(super) fee: Amount,
    pub(super) sold_at: Timestamp,
}

impl Content {
    /// Whether both sell the same at the same price, whenever.
    pub(super) fn same_terms(&self, other: &Self) -> bool {
        Self { sold_at: other.sold_at, ..*self } == *other
    }
}

/// Reads lines of one file.
pub(super) struct Reader<'a> {
    pub(super) mapping: &'a Mapping,
    pub(super) venue: &'a Venue,
    pub(super) table: &'a Table,
}

/// A line's cells, by the file's names of the columns.
struct Cells<'a> {
    table: &'a Table,
    row: &'a Row,
}

impl Cells<'_> {
    fn place(&self) -> Place {
        Place::line(&self.table.file, self.row.line)
    }

    fn cell(&self, column: &str) -> &str {
        let index = self.table.header.iter().position(|name| name.eq_ignore_ascii_case(column));
        index.and_then(|index| self.row.cells.get(index)).map_or("", String::as_str)
    }

    fn refuse(&self, column: &str, fault: Fault, message: impl Into<String>) -> Refusal {
        self.place().column(column).refuse(fault, message)
    }

    fn read<T>(&self, column: &str, parse: impl FnOnce(&str) -> Result<T, Fault>) -> Result<T, Refusal> {
        let cell = self.cell(column);
        parse(cell).map_err(|fault| self.refuse(column, fault, quoted(cell)))
    }

    fn optional(&self, column: Option<&String>) -> Result<String, Refusal> {
        let Some(column) = column else { return Ok(String::new()) };
        self.read(column, |cell| field::text(cell, REFERENCE_BYTES_MAX))
    }
}

impl<'a> Reader<'a> {
    /// The columns that the file lacks, which the mapping needs.
    pub(super) fn missing(&self) -> Vec<Refusal> {
        let columns = &self.mapping.columns;
        let mut needed =
            vec![&columns.show, &columns.tariff, &columns.price, &columns.sold_at, &columns.state];
        // One of the two is enough to know a line again.
        let identity: Vec<&String> = columns.barcode.iter().chain(&columns.order).collect();
        let has = |name: &&String| self.table.header.iter().any(|cell| cell.eq_ignore_ascii_case(name));
        if !identity.iter().any(has) {
            needed.extend(identity.first());
        }
        let lacking = needed.into_iter().filter(|name| !has(name));
        let header = quoted(&self.table.header.join(&self.mapping.delimiter.to_string()));
        lacking
            .map(|name| {
                let place = Place::line(&self.table.file, 1).column(name);
                place.refuse(Fault::ColumnMissing, format!("the header is {header}"))
            })
            .collect()
    }

    /// Reads a line.
    ///
    /// # Errors
    /// What of it cannot be taken, at its column.
    pub(super) fn read(&self, row: &'a Row) -> Result<Sold, Refusal> {
        let columns = &self.mapping.columns;
        let cells = Cells { table: self.table, row };
        let state = self.state(&cells)?;
        let code = self.code(&cells)?;
        let order = cells.optional(columns.order.as_ref())?;
        if code.is_none() && order.is_empty() {
            let column = columns.barcode.as_ref().or(columns.order.as_ref()).map_or("", String::as_str);
            return Err(cells.refuse(
                column,
                Fault::TextEmpty,
                "neither barcode nor order says which ticket",
            ));
        }
        let show = self.show(&cells)?;
        let tariff = self.tariff(&cells, show)?;
        let (zone, seat) = self.zone_and_seat(&cells, tariff)?;
        let price = self.amount(&cells, &columns.price, state)?;
        let fee = match &columns.fee {
            Some(column) if !cells.cell(column).is_empty() => self.amount(&cells, column, state)?,
            _ => Amount::ZERO,
        };
        let comp = comp(&cells, &columns.tariff, tariff, price)?;
        let sold_at = self.time(&cells, &columns.sold_at)?;
        let cancelled_at = match &columns.cancelled_at {
            Some(column) if !cells.cell(column).is_empty() => Some(self.time(&cells, column)?),
            _ => None,
        };
        let (show, tariff) = (show.show(), tariff.tariff);
        Ok(Sold {
            place: cells.place(),
            state,
            cancelled_at,
            order,
            seller: cells.optional(columns.seller.as_ref())?,
            code,
            content: Content { show, zone, seat, tariff, comp, price, fee, sold_at },
        })
    }

    fn state(&self, cells: &Cells<'_>) -> Result<State, Refusal> {
        let column = &self.mapping.columns.state;
        let cell = cells.cell(column);
        let states: Vec<(&str, State)> =
            self.mapping.states.iter().map(|(word, state)| (word.as_str(), *state)).collect();
        let found = states.iter().find(|(word, _)| word.eq_ignore_ascii_case(cell)).map(|(_, state)| *state);
        let unknown = || format!("{} is none of {}", quoted(cell), listed(&states));
        found.ok_or_else(|| cells.refuse(column, Fault::WordUnknown, unknown()))
    }

    fn code(&self, cells: &Cells<'_>) -> Result<Option<CodeText>, Refusal> {
        let columns = &self.mapping.columns;
        let Some(column) = &columns.barcode else { return Ok(None) };
        let text = cells.read(column, |cell| field::text(cell, CODE_BYTES_MAX))?;
        if text.is_empty() {
            return Ok(None);
        }
        let stated = columns.symbology.as_ref().filter(|column| !cells.cell(column).is_empty());
        let symbology = match stated {
            Some(column) => {
                let cell = cells.cell(column);
                let found = SYMBOLOGIES.iter().find(|(word, _)| word.eq_ignore_ascii_case(cell));
                let unknown = || format!("{} is none of {}", quoted(cell), listed(SYMBOLOGIES));
                found
                    .map(|(_, symbology)| *symbology)
                    .ok_or_else(|| cells.refuse(column, Fault::WordUnknown, unknown()))?
            }
            None => self.mapping.symbology.map_or(Symbology::Unknown, Into::into),
        };
        Ok(Some(CodeText { text, symbology }))
    }

    fn show(&self, cells: &Cells<'_>) -> Result<&'a ShowInfo, Refusal> {
        let column = &self.mapping.columns.show;
        let cell = cells.cell(column);
        let shows = &self.venue.shows;
        let unknown = |message: String| cells.refuse(column, Fault::ShowUnknown, message);
        let mapped = self.mapping.shows.references.get(cell).map(String::as_str);
        if mapped.is_some() || self.mapping.shows.by == ShowBy::Reference {
            let reference = mapped.unwrap_or(cell);
            let found = shows.iter().find(|show| show.scheduled.reference == reference);
            return found.ok_or_else(|| unknown(quoted(reference)));
        }
        let format = self.mapping.shows.format.as_deref().unwrap_or_default();
        let starts_at = parse_time(cell, format, &self.venue.time_zone);
        let starts_at = starts_at.ok_or_else(|| cells.refuse(column, Fault::TimeUnreadable, quoted(cell)))?;
        let mut then = shows.iter().filter(|show| show.scheduled.starts_at == starts_at);
        match (then.next(), then.next()) {
            (Some(show), None) => Ok(show),
            (None, _) => Err(unknown(format!("no show begins at {}", quoted(cell)))),
            (Some(_), Some(_)) => Err(unknown(format!(
                "several shows begin at {}: name it under shows.references",
                quoted(cell)
            ))),
        }
    }

    fn tariff(&self, cells: &Cells<'_>, show: &'a ShowInfo) -> Result<&'a TariffInfo, Refusal> {
        let column = &self.mapping.columns.tariff;
        let cell = cells.cell(column);
        let name = self.mapping.tariffs.get(cell).map_or(cell, String::as_str);
        let found = self.venue.tariff(show, name);
        found.ok_or_else(|| cells.refuse(column, Fault::TariffUnknown, quoted(name)))
    }

    /// The zone that the line names, or the only one that the tariff has a price in.
    fn zone_and_seat(
        &self,
        cells: &Cells<'_>,
        tariff: &TariffInfo,
    ) -> Result<(ZoneId, Option<SeatId>), Refusal> {
        let columns = &self.mapping.columns;
        let column = columns.zone.as_ref();
        let cell = column.map_or("", |column| cells.cell(column));
        let zones = || tariff.terms.prices.iter().map(|price| price.zone);
        let name = self.mapping.zones.get(cell).map_or(cell, String::as_str);
        let of_name = |zone: &ZoneId| self.venue.zones.get(zone).is_some_and(|(known, _)| known == name);
        let zone = if name.is_empty() { only(zones()) } else { zones().find(of_name) };
        let zone = zone.ok_or_else(|| {
            let column = column.unwrap_or(&columns.tariff);
            cells.refuse(column, Fault::ZoneUnknown, format!("{} of the tariff's", quoted(name)))
        })?;
        let labels = self.venue.zones.get(&zone).map_or(&[][..], |(_, labels)| labels);
        let seat_column = columns.seat.as_ref();
        let label = seat_column.map_or("", |column| cells.cell(column));
        if label.is_empty() {
            return Ok((zone, None));
        }
        let index =
            labels.iter().position(|known| known == label).and_then(|index| u32::try_from(index).ok());
        let column = seat_column.map_or("", String::as_str);
        let seat = index.ok_or_else(|| cells.refuse(column, Fault::SeatUnknown, quoted(label)))?;
        Ok((zone, Some(SeatId(seat))))
    }

    /// An amount. Some networks write what is cancelled below zero.
    fn amount(&self, cells: &Cells<'_>, column: &str, state: State) -> Result<Amount, Refusal> {
        cells.read(column, |cell| {
            let cell = if state == State::Cancelled { cell.trim_start_matches('-') } else { cell };
            let grouped = |letter: &char| {
                Some(*letter) != self.mapping.thousands
                    && !(self.mapping.thousands == Some(' ') && matches!(letter, '\u{a0}' | '\u{202f}'))
            };
            let digits: String = cell.chars().filter(grouped).collect();
            let other = if self.mapping.decimal == ',' { '.' } else { ',' };
            if digits.contains(other) {
                return Err(Fault::AmountUnreadable);
            }
            field::amount(&digits.replace(self.mapping.decimal, "."), self.venue.currency)
        })
    }

    fn time(&self, cells: &Cells<'_>, column: &str) -> Result<Timestamp, Refusal> {
        cells.read(column, |cell| {
            let zone = &self.venue.time_zone;
            let read = self.mapping.dates.iter().find_map(|format| parse_time(cell, format, zone));
            read.ok_or(Fault::TimeUnreadable)
        })
    }
}

/// A free ticket has the only reason that its tariff takes.
fn comp(
    cells: &Cells<'_>,
    column: &str,
    tariff: &TariffInfo,
    price: Amount,
) -> Result<Option<CompReason>, Refusal> {
    if tariff.terms.kind != TariffKind::Free {
        return Ok(None);
    }
    let reason = only(tariff.terms.reasons.iter().copied()).filter(|_| price == Amount::ZERO);
    let message = || format!("{} is free, and does not say why", quoted(&tariff.terms.name));
    reason.map(Some).ok_or_else(|| cells.refuse(column, Fault::CompReasonInvalid, message()))
}

/// An instant in a format; what states no offset is in `zone`, what states no time of day is at noon.
fn parse_time(text: &str, format: &str, zone: &TimeZone) -> Option<Timestamp> {
    if format == "rfc3339" {
        return field::time(text).ok();
    }
    let parsed = strtime::parse(format, text).ok()?;
    let instant = parsed.to_timestamp().ok().or_else(|| {
        let date: Date = parsed.to_date().ok()?;
        let stated = parsed.hour().and_then(|_| parsed.to_time().ok());
        let time = stated.unwrap_or(Time::constant(12, 0, 0, 0));
        zone.to_timestamp(DateTime::from_parts(date, time)).ok()
    })?;
    Some(Timestamp(instant.as_microsecond())).filter(|instant| instant.is_plausible())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_the_mapping_says() {
        let paris = TimeZone::get("Europe/Paris").unwrap();
        for (format, text, expected) in [
            ("%d/%m/%Y", "13/01/2026", Some("2026-01-13T11:00:00Z")),
            ("%d/%m/%Y %H:%M", "14/03/2026 20:30", Some("2026-03-14T19:30:00Z")),
            ("%d/%m/%Y %H:%M", "14/07/2026 20:30", Some("2026-07-14T18:30:00Z")),
            ("%Y-%m-%dT%H:%M:%S%z", "2026-03-14T20:30:00+0000", Some("2026-03-14T20:30:00Z")),
            ("rfc3339", "2026-03-14T20:30:00+01:00", Some("2026-03-14T19:30:00Z")),
            ("rfc3339", "2026-03-14 20:30", None),
            ("%d/%m/%Y", "31/02/2026", None),
            ("%d/%m/%Y", "13/01/2026 20:30", None),
            ("%d/%m/%Y", "13/01/1926", None),
            ("%d/%m/%Y", "", None),
        ] {
            let expected = expected.map(|text| Timestamp::parse(text).unwrap());
            assert_eq!(parse_time(text, format, &paris), expected, "{format} {text}");
        }
    }
}

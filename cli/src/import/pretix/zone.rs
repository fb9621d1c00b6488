//! The time zone of an export: written nowhere, but each order's time stands in orders.json in UTC and in
//! transactions.csv in the event's zone.

use jiff::civil::DateTime;
use jiff::tz::{AmbiguousOffset, TimeZone};
use soticket_schema::Timestamp;

use super::changes::Change;
use super::orders::Event;
use crate::import::refusal::{Fault, Place, Refusal, quoted};

/// Zones that are tried first: neighbours that keep the same time cannot be told apart.
const PREFERRED: [&str; 12] = [
    "Europe/Paris",
    "Europe/Brussels",
    "Europe/Zurich",
    "Europe/Luxembourg",
    "Europe/Berlin",
    "Europe/Madrid",
    "Europe/Rome",
    "Europe/London",
    "America/Montreal",
    "America/Martinique",
    "Indian/Reunion",
    "Pacific/Noumea",
];

/// The zone of an event, by name.
#[derive(Clone, Debug)]
pub(crate) struct Zone {
    /// Its IANA name.
    pub(crate) name: String,
    zone: TimeZone,
}

impl Zone {
    /// A zone by its IANA name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        TimeZone::get(name).ok().map(|zone| Self { name: name.to_owned(), zone })
    }

    /// The instants that a local time can be: two in the hour that is repeated in autumn.
    pub(crate) fn instants(&self, local: DateTime) -> Vec<Timestamp> {
        let offsets = match self.zone.to_ambiguous_timestamp(local).offset() {
            AmbiguousOffset::Unambiguous { offset } => vec![offset],
            AmbiguousOffset::Fold { before, after } => vec![before, after],
            // No clock showed this time: it is read as the clock that had not been changed yet would.
            AmbiguousOffset::Gap { before, .. } => vec![before],
        };
        let instants = offsets.into_iter().filter_map(|offset| offset.to_timestamp(local).ok());
        instants.map(|instant| Timestamp(instant.as_microsecond())).collect()
    }

    /// The first of [`Self::instants`].
    pub(crate) fn instant(&self, local: DateTime) -> Option<Timestamp> {
        self.instants(local).into_iter().next()
    }

    /// What a clock in the zone shows, to the second.
    pub(crate) fn local(&self, instant: Timestamp) -> Option<DateTime> {
        let instant = jiff::Timestamp::from_second(instant.0.div_euclid(1_000_000)).ok()?;
        Some(self.zone.to_datetime(instant))
    }
}

/// The zone that fits every order, or the stated one if it does.
///
/// # Errors
/// The stated zone is unknown or contradicts the orders, or no zone fits.
pub(crate) fn find(event: &Event, rows: &[Change], stated: Option<&str>) -> Result<Zone, Refusal> {
    let samples = samples(event, rows);
    let place = Place::file(super::ORDERS);
    let fits = |zone: &Zone| samples.iter().all(|(utc, local)| zone.local(*utc) == Some(*local));
    if let Some(name) = stated {
        let zone = Zone::named(name).ok_or_else(|| {
            place.refuse(Fault::ZoneUndetermined, format!("{} is no known time zone", quoted(name)))
        })?;
        if fits(&zone) {
            return Ok(zone);
        }
        let message = format!("the times of transactions.csv are not those of orders.json in {name}");
        return Err(place.refuse(Fault::ZoneUndetermined, message));
    }
    let preferred = PREFERRED.iter().filter_map(|name| Zone::named(name)).find(&fits);
    let any = || jiff::tz::db().available().filter_map(|name| Zone::named(name.as_str())).find(&fits);
    preferred.or_else(any).ok_or_else(|| {
        let message = "in no time zone are the times of transactions.csv those of orders.json";
        place.refuse(Fault::ZoneUndetermined, message)
    })
}

/// Instants of orders with what the clock at the event showed; one of each pair of offset and day is enough.
fn samples(event: &Event, rows: &[Change]) -> Vec<(Timestamp, DateTime)> {
    let mut samples: Vec<(Timestamp, DateTime)> =
        rows.iter().filter_map(|row| Some((event.orders.get(&row.order)?.placed, row.placed?))).collect();
    samples.sort();
    samples.dedup();
    samples
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hour_that_is_repeated_in_autumn_has_two_instants() {
        let zone = Zone::named("Europe/Zurich").unwrap();
        let local: DateTime = "2026-10-25T02:30:00".parse().unwrap();
        let instants = zone.instants(local);
        assert_eq!(instants.len(), 2);
        assert_eq!(instants[1].0 - instants[0].0, 3_600_000_000);
        assert!(instants.iter().all(|instant| zone.local(*instant) == Some(local)));
        assert_eq!(zone.instants("2026-03-29T02:30:00".parse().unwrap()).len(), 1);
    }
}

//! Rates of taxes and societies, as dated data: what a deal names by a key is looked up at the date of a show.
//!
//! The program brings the rates of `data/law/`. An organisation sets others from a date on, which stand above these; a
//! rate of a territory stands above one for all.

pub mod retention;
mod shipped;

use serde::{Deserialize, Serialize};
use soticket_schema::event::v1::DatedRateSet;
use soticket_schema::{Rate, Timestamp};

pub use shipped::{LawRate, LawRule, Shipped, shipped};

/// A rate that was found.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct FoundRate {
    /// Its key.
    pub key: String,
    /// The rate.
    pub rate: Rate,
    /// Where it is from.
    pub source: String,
    /// Whether its source is not sure of it.
    pub uncertain: bool,
    /// Performances of a work that it holds for, if it is limited to the first.
    pub performances: Option<u32>,
    /// Position of the event that set it; none for one that the program brings.
    pub position: Option<u64>,
}

/// The rates that an organisation has set, in the order of its log.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct OwnRates(Vec<OwnRate>);

/// A rate that was set.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct OwnRate {
    /// Position of the event.
    pub position: u64,
    /// What was set.
    pub set: DatedRateSet,
}

impl OwnRates {
    /// Takes a rate in.
    pub fn set(&mut self, position: u64, event: &DatedRateSet) {
        self.0.push(OwnRate { position, set: event.clone() });
    }

    /// All of them, oldest first.
    pub fn all(&self) -> &[OwnRate] {
        &self.0
    }

    /// The rate of a show that begins at `at` in a territory. Of the organisation's own the last that was set counts.
    pub fn find(&self, key: &str, territory: &str, at: Timestamp) -> Option<FoundRate> {
        let own = |wanted: &str| {
            self.0.iter().rev().find(|own| {
                own.set.key == key
                    && own.set.territory == wanted
                    && holds(own.set.valid_from, own.set.valid_until, at)
            })
        };
        if let Some(own) = own(territory).or_else(|| own("")) {
            return Some(FoundRate {
                key: key.to_owned(),
                rate: own.set.rate,
                source: own.set.source.clone(),
                uncertain: false,
                performances: None,
                position: Some(own.position),
            });
        }
        shipped().find(key, territory, at).map(LawRate::found)
    }
}

/// Whether something dated holds at an instant.
fn holds(from: Timestamp, until: Option<Timestamp>, at: Timestamp) -> bool {
    from <= at && until.is_none_or(|until| at < until)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).unwrap()
    }

    fn set(rate: i64, from: &str, until: Option<&str>) -> DatedRateSet {
        DatedRateSet {
            key: "fr.cnm".into(),
            territory: String::new(),
            rate: Rate(rate),
            valid_from: at(from),
            valid_until: until.map(at),
            source: "Décret".into(),
        }
    }

    #[test]
    fn what_the_program_brings_is_found_by_key_territory_and_date() {
        let rates = OwnRates::default();
        let find = |key, territory, on| rates.find(key, territory, at(on)).map(|found| found.rate);
        let show = "2026-03-14T20:30:00+01:00";
        assert_eq!(find("fr.cnm", "FR-metropole", show), Some(Rate(35_000)));
        assert_eq!(find("fr.vat.first-performances", "FR-corse", show), Some(Rate(9_000)));
        assert_eq!(find("fr.vat.first-performances", "FR-dom", show), Some(Rate(10_500)));
        assert_eq!(find("fr.vat.concert", "CH", show), None);
        assert_eq!(find("fr.cnm", "FR-metropole", "2023-12-31T23:59:59+01:00"), None);
        assert_eq!(find("fr.cnm", "FR-metropole", "2024-01-01T00:00:00+01:00"), Some(Rate(35_000)));
        assert_eq!(find("fr.nothing", "FR-metropole", show), None);
        let first = rates.find("fr.vat.first-performances", "FR-metropole", at(show)).unwrap();
        assert_eq!((first.performances, first.position), (Some(140), None));
        assert!(rates.find("fr.diffuser", "", at(show)).unwrap().uncertain);
    }

    #[test]
    fn a_rate_of_ones_own_stands_above_and_the_last_that_was_set_counts() {
        let mut rates = OwnRates::default();
        rates.set(5, &set(38_000, "2026-03-01T00:00:00+01:00", None));
        let find = |rates: &OwnRates, on| rates.find("fr.cnm", "FR-metropole", at(on)).unwrap().rate;
        assert_eq!(find(&rates, "2026-02-28T20:00:00+01:00"), Rate(35_000));
        assert_eq!(find(&rates, "2026-03-14T20:30:00+01:00"), Rate(38_000));
        // Its start moves to April: March has the old rate again, nothing else changes.
        rates.set(9, &set(35_000, "2026-03-01T00:00:00+01:00", Some("2026-04-01T00:00:00+02:00")));
        assert_eq!(find(&rates, "2026-03-14T20:30:00+01:00"), Rate(35_000));
        assert_eq!(find(&rates, "2026-04-01T00:00:00+02:00"), Rate(38_000));
    }
}

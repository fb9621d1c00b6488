//! The rates that the program brings: JSON with dates and sources, read once.

use std::sync::LazyLock;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Deserialize;
use soticket_schema::{Hash, Rate, Timestamp};

use super::{FoundRate, holds};

/// The files, by name.
const FILES: [(&str, &str); 4] = [
    ("vat", include_str!("../../../data/law/vat.json")),
    ("cnm", include_str!("../../../data/law/cnm.json")),
    ("sacem", include_str!("../../../data/law/sacem.json")),
    ("sacd", include_str!("../../../data/law/sacd.json")),
];

static SHIPPED: LazyLock<Shipped> = LazyLock::new(|| {
    let mut shipped = Shipped { rates: Vec::new(), rules: Vec::new(), hash: hash() };
    for (_, text) in FILES {
        // A file that cannot be read would be a fault of the program, which a test finds before it is shipped.
        let Ok(file) = serde_json::from_str::<File>(text) else { continue };
        let zone = TimeZone::get(&file.zone).unwrap_or(TimeZone::UTC);
        shipped.rates.extend(file.rates.iter().filter_map(|rate| rate.read(&zone)));
        shipped.rules.extend(file.rules);
    }
    shipped
});

/// What the program brings.
#[derive(Debug)]
pub struct Shipped {
    /// Rates, in the order of the files.
    pub rates: Vec<LawRate>,
    /// What is no rate, in words.
    pub rules: Vec<LawRule>,
    /// Hash over all files: which rates these are.
    pub hash: Hash,
}

/// A rate of law or of a society.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LawRate {
    /// Its key.
    pub key: String,
    /// Its name.
    pub name: String,
    /// Tax territory as shows name it; empty for all.
    pub territory: String,
    /// The rate.
    pub rate: Rate,
    /// First begin of a show that it holds for.
    pub valid_from: Timestamp,
    /// From when on it holds no more, if known.
    pub valid_until: Option<Timestamp>,
    /// Where it was found.
    pub source: String,
    /// The text that it rests on.
    pub legal_basis: String,
    /// Whether the source is not sure of it.
    pub uncertain: bool,
    /// Performances of a work that it holds for, if it is limited to the first.
    pub performances: Option<u32>,
    /// What else is to be known of it.
    pub note: String,
}

/// A rule that is no rate.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LawRule {
    /// Its key.
    pub key: String,
    /// Its name.
    pub name: String,
    /// What it says.
    pub text: String,
    /// Where it was found.
    pub source: String,
    /// Whether the source is not sure of it.
    pub uncertain: bool,
}

/// The rates that the program brings.
pub fn shipped() -> &'static Shipped {
    &SHIPPED
}

impl Shipped {
    pub(super) fn find(&self, key: &str, territory: &str, at: Timestamp) -> Option<&LawRate> {
        let of = |wanted: &str| {
            self.rates.iter().rev().find(|rate| {
                rate.key == key && rate.territory == wanted && holds(rate.valid_from, rate.valid_until, at)
            })
        };
        of(territory).or_else(|| of(""))
    }
}

impl LawRate {
    pub(super) fn found(&self) -> FoundRate {
        FoundRate {
            key: self.key.clone(),
            rate: self.rate,
            source: format!("{} ({})", self.legal_basis, self.source),
            uncertain: self.uncertain,
            performances: self.performances,
            position: None,
        }
    }
}

fn hash() -> Hash {
    let mut hasher = blake3::Hasher::new();
    for (name, text) in FILES {
        hasher.update(name.as_bytes()).update(&[0]).update(text.as_bytes()).update(&[0]);
    }
    Hash(*hasher.finalize().as_bytes())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(rename = "about")]
    _about: String,
    zone: String,
    rates: Vec<RateText>,
    rules: Vec<LawRule>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct RateText {
    key: String,
    name: String,
    territory: String,
    rate: String,
    valid_from: String,
    valid_until: Option<String>,
    source: String,
    legal_basis: String,
    uncertain: bool,
    performances: Option<u32>,
    #[serde(default)]
    note: String,
}

impl RateText {
    fn read(&self, zone: &TimeZone) -> Option<LawRate> {
        Some(LawRate {
            key: self.key.clone(),
            name: self.name.clone(),
            territory: self.territory.clone(),
            rate: Rate::parse_percent(&self.rate).ok()?,
            valid_from: midnight(&self.valid_from, zone)?,
            valid_until: match &self.valid_until {
                Some(day) => Some(midnight(day, zone)?),
                None => None,
            },
            source: self.source.clone(),
            legal_basis: self.legal_basis.clone(),
            uncertain: self.uncertain,
            performances: self.performances,
            note: self.note.clone(),
        })
    }
}

fn midnight(day: &str, zone: &TimeZone) -> Option<Timestamp> {
    let day: Date = day.parse().ok()?;
    let instant = day.to_zoned(zone.clone()).ok()?.timestamp();
    Some(Timestamp(instant.as_microsecond()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_is_read_whole() {
        for (name, text) in FILES {
            let file: File = serde_json::from_str(text).unwrap_or_else(|error| panic!("{name}: {error}"));
            let zone = TimeZone::get(&file.zone).unwrap();
            for rate in &file.rates {
                assert!(rate.read(&zone).is_some(), "{name}: {}", rate.key);
                assert!(!rate.source.is_empty() && !rate.legal_basis.is_empty(), "{name}: {}", rate.key);
            }
            assert!(file.rules.iter().all(|rule| !rule.source.is_empty()), "{name}");
        }
        assert!(shipped().rates.len() >= 20);
    }
}

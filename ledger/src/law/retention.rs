//! How long what is kept, and why: data with dates and sources, which the program brings.

use std::sync::LazyLock;

use jiff::tz::TimeZone;
use jiff::{Span, Timestamp as Instant};
use serde::Deserialize;
use soticket_schema::event::v1::RetentionClass;
use soticket_schema::{CommercialDay, Timestamp};

const TEXT: &str = include_str!("../../../data/law/retention.json");

/// A file that cannot be read would be a fault of the program, which a test finds before it is shipped.
static SHIPPED: LazyLock<Vec<Period>> =
    LazyLock::new(|| serde_json::from_str::<File>(TEXT).map(|file| file.periods).unwrap_or_default());

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(rename = "about")]
    _about: String,
    periods: Vec<Period>,
}

/// How long something is kept.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Period {
    /// Its key, such as `fr.prospect`.
    pub key: String,
    /// What is kept, in French.
    pub fr: String,
    /// What is kept, in English.
    pub en: String,
    /// For so many months.
    pub months: u16,
    /// From what on.
    pub from: String,
    /// Whether it is erased when the time is over, or may not be erased before.
    pub kind: PeriodKind,
    /// First day that it holds on.
    pub valid_from: CommercialDay,
    /// From when on it holds no more, if known.
    pub valid_until: Option<CommercialDay>,
    /// The text that it rests on.
    pub legal_basis: String,
    /// Where it was found.
    pub source: String,
    /// Whether the source is not sure of it.
    pub uncertain: bool,
}

/// What a period means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PeriodKind {
    /// Personal data are erased when it is over.
    Most,
    /// Records are kept at least so long, whoever asks for their erasure. They name nobody.
    Least,
}

/// Every period, in the order of the file.
pub fn periods() -> &'static [Period] {
    &SHIPPED
}

/// The period of a key that holds at an instant.
pub fn find(key: &str, at: Timestamp) -> Option<&'static Period> {
    let day = Instant::from_microsecond(at.0).ok()?.to_zoned(TimeZone::UTC).date();
    let day = CommercialDay::of(day);
    let holds = |period: &&Period| {
        period.key == key && period.valid_from <= day && period.valid_until.is_none_or(|until| day < until)
    };
    SHIPPED.iter().rev().find(holds)
}

/// How long data of a class of persons are kept at most.
pub fn of_class(class: RetentionClass, at: Timestamp) -> Option<&'static Period> {
    let key = match class {
        RetentionClass::Prospect => "fr.prospect",
        RetentionClass::Customer => "fr.customer",
    };
    find(key, at)
}

/// So many months after an instant, at the same local time of an organisation's zone; the last day of a month stays one.
pub fn months_after(instant: Timestamp, months: u16, zone: &str) -> Option<Timestamp> {
    let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    let local = Instant::from_microsecond(instant.0).ok()?.to_zoned(zone);
    let later = local.checked_add(Span::new().try_months(i64::from(months)).ok()?).ok()?;
    Some(Timestamp(later.timestamp().as_microsecond()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).unwrap()
    }

    #[test]
    fn the_file_is_read_whole_and_says_where_it_is_from() {
        assert!(serde_json::from_str::<File>(TEXT).is_ok());
        assert!(periods().iter().all(|period| !period.source.is_empty() && !period.legal_basis.is_empty()));
        let now = at("2026-03-14T12:00:00+01:00");
        for class in RetentionClass::ALL {
            let period = of_class(class, now).unwrap();
            assert_eq!((period.months, period.kind), (36, PeriodKind::Most));
        }
        assert_eq!(find("fr.accounting", now).unwrap().months, 120);
        assert_eq!(find("fr.nothing", now), None);
        assert_eq!(find("fr.prospect", at("2010-01-01T00:00:00Z")), None);
    }

    #[test]
    fn months_are_those_of_the_calendar_where_the_venue_is() {
        let after = |from: &str, months| months_after(at(from), months, "Europe/Paris").unwrap();
        assert_eq!(after("2023-03-14T20:30:00+01:00", 36), at("2026-03-14T20:30:00+01:00"));
        assert_eq!(after("2024-02-29T12:00:00+01:00", 12), at("2025-02-28T12:00:00+01:00"));
        assert_eq!(after("2026-01-15T12:00:00+01:00", 6), at("2026-07-15T12:00:00+02:00"));
    }
}

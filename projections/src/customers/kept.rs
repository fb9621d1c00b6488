//! What is kept of a person after their erasure, under a reference that stands for nobody: why, and until when at least.

use jiff::ToSpan as _;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use soticket_ledger::law::retention::{self, Period};
use soticket_schema::Timestamp;

use super::Customer;
use crate::OrganisationViews;

/// Records that stay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeptRecords {
    /// Which, and why.
    pub period: &'static Period,
    /// Until when at least.
    pub until: Timestamp,
}

impl OrganisationViews {
    /// What stays of a customer after an erasure at `now`.
    pub fn kept_after_erasure(&self, customer: &Customer, now: Timestamp) -> Vec<KeptRecords> {
        let Some(info) = self.catalogue.organisation() else { return Vec::new() };
        let zone = info.parameters.time_zone.as_str();
        let year_end = |from| fiscal_year_end(from, self.closings.first_month(), zone);
        let consent = customer.consents.iter().map(|consent| consent.recorded_at).max();
        let from = [
            ("fr.accounting", customer.last_movement.and_then(year_end)),
            ("fr.tax", customer.last_movement),
            ("fr.consent-proof", consent),
        ];
        let kept = from.into_iter().filter_map(|(key, from)| {
            let period = retention::find(key, now)?;
            let until = retention::months_after(from?, period.months, zone)?;
            Some(KeptRecords { period, until })
        });
        kept.filter(|kept| kept.until > now).collect()
    }
}

/// The end of the fiscal year that an instant lies in: midnight at the begin of the next.
fn fiscal_year_end(instant: Timestamp, first_month: u8, zone: &str) -> Option<Timestamp> {
    let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    let day = jiff::Timestamp::from_microsecond(instant.0).ok()?.to_zoned(zone.clone()).date();
    let begin = Date::new(day.year(), i8::try_from(first_month).ok()?, 1).ok()?;
    let next = if day < begin { begin } else { begin.checked_add(1.year()).ok()? };
    let midnight = next.to_zoned(zone).ok()?.timestamp();
    Some(Timestamp(midnight.as_microsecond()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fiscal_year_ends_where_the_next_begins() {
        let end = |at: &str, month| {
            fiscal_year_end(Timestamp::parse(at).unwrap(), month, "Europe/Paris").unwrap().to_string()
        };
        assert_eq!(end("2026-03-14T20:30:00+01:00", 1), "2026-12-31T23:00:00Z");
        assert_eq!(end("2026-03-14T20:30:00+01:00", 9), "2026-08-31T22:00:00Z");
        assert_eq!(end("2026-09-01T00:00:00+02:00", 9), "2027-08-31T22:00:00Z");
    }
}

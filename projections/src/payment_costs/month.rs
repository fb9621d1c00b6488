//! Payments of one calendar month, by day and way of paying.

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use soticket_schema::{Amount, MethodId, ShowId, Timestamp};

/// A calendar month, counted from January of the year -10000.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(super) struct Month(pub(super) u32);

const YEAR_ZERO: i32 = -10_000;

impl Month {
    pub(super) fn of(date: Date) -> Self {
        let months = (i32::from(date.year()) - YEAR_ZERO) * 12 + i32::from(date.month()) - 1;
        Self(u32::try_from(months).unwrap_or(0))
    }

    /// Its first day.
    pub(super) fn first_day(self) -> Date {
        let (year, month) = (self.0 / 12, self.0 % 12 + 1);
        let year = i16::try_from(i32::try_from(year).unwrap_or(0) + YEAR_ZERO);
        Date::new(year.unwrap_or(i16::MAX), i8::try_from(month).unwrap_or(1), 1).unwrap_or(Date::MAX)
    }
}

/// The local day of an instant.
pub(super) fn local_day(at: Timestamp, zone: &TimeZone) -> Date {
    let instant = jiff::Timestamp::from_microsecond(at.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    instant.to_zoned(zone.clone()).date()
}

/// A payment over several shows counts for each in equal parts: this divides by one to twelve without a rest.
const WHOLE: i64 = 27_720;

/// Payments of one month.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Payments {
    days: BTreeMap<(i8, MethodId), Day>,
}

#[derive(Debug, Default, Clone, Serialize, Deserialize)]
struct Day {
    payments: u64,
    amount: Amount,
    /// Parts of payments by show; those of orders without a show are nobody's.
    shows: BTreeMap<ShowId, i64>,
    nobody: i64,
}

/// Payments of some days of a month by one method.
#[derive(Debug, Default, Clone)]
pub(super) struct Usage {
    pub(super) payments: u64,
    pub(super) amount: Amount,
    pub(super) shows: BTreeMap<ShowId, i64>,
    pub(super) nobody: i64,
}

impl Payments {
    pub(super) fn add(&mut self, day: i8, method: MethodId, amount: Amount, shows: &[ShowId]) {
        let day = self.days.entry((day, method)).or_default();
        day.payments = day.payments.saturating_add(1);
        day.amount += amount;
        if shows.is_empty() {
            day.nobody = day.nobody.saturating_add(WHOLE);
        }
        let part = WHOLE / i64::try_from(shows.len().max(1)).unwrap_or(i64::MAX);
        for show in shows {
            let parts = day.shows.entry(*show).or_default();
            *parts = parts.saturating_add(part);
        }
    }

    /// Payments by these methods on the days from `first` to before `end`, by method.
    pub(super) fn usage(&self, methods: &[MethodId], first: i8, end: i8) -> BTreeMap<MethodId, Usage> {
        let mut usage: BTreeMap<MethodId, Usage> = BTreeMap::new();
        for ((day, method), paid) in &self.days {
            if !methods.contains(method) || !(first..end).contains(day) {
                continue;
            }
            let sum = usage.entry(*method).or_default();
            sum.payments = sum.payments.saturating_add(paid.payments);
            sum.amount += paid.amount;
            sum.nobody = sum.nobody.saturating_add(paid.nobody);
            for (show, parts) in &paid.shows {
                let sum = sum.shows.entry(*show).or_default();
                *sum = sum.saturating_add(*parts);
            }
        }
        usage
    }
}

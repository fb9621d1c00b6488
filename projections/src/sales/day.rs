//! Commercial days: from one cut-off of the organisation to the next, in its time zone.

use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use jiff::{Span, ToSpan};
use serde::{Deserialize, Serialize};
use soticket_schema::Timestamp;

/// A commercial day as the number of days since 1970-01-01.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(crate) struct Day(i32);

impl Day {
    /// Before every day that there is.
    pub(crate) const NEVER: Self = Self(i32::MIN);
}

const EPOCH: Date = date(1970, 1, 1);

impl Day {
    pub(crate) fn of(date: Date) -> Self {
        // The difference of two dates that jiff can hold is a number of days below ten million.
        Self(EPOCH.until(date).map_or(0, |span| span.get_days()))
    }

    /// The next one.
    pub(crate) fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }

    pub(crate) fn date(self) -> Date {
        EPOCH.saturating_add(Span::new().try_days(self.0).unwrap_or_default())
    }
}

/// What decides the day of an instant.
#[derive(Debug, Default, Clone, Serialize, Deserialize)]
pub(crate) struct Calendar {
    time_zone: String,
    cutoff_minutes: u16,
    /// The zone, looked up once, and the days met lately with their limits: no part of the state.
    #[serde(skip)]
    zone: Option<TimeZone>,
    #[serde(skip)]
    lately: Vec<(i64, i64, Day)>,
}

/// Sales come nearly in order of time; an import may go back and forth within a season.
const DAYS_KEPT: usize = 64;

impl Calendar {
    pub(crate) fn set(&mut self, time_zone: &str, cutoff_minutes: u16) {
        time_zone.clone_into(&mut self.time_zone);
        // A day that ends after the next one has begun makes no sense.
        self.cutoff_minutes = cutoff_minutes.min(24 * 60 - 1);
        (self.zone, self.lately) = (None, Vec::new());
    }

    /// The commercial day of an instant. A zone that the tz database does not know counts as UTC.
    pub(crate) fn day(&mut self, at: Timestamp) -> Day {
        if let Some(&(_, _, day)) =
            self.lately.iter().rev().find(|(from, to, _)| (*from..*to).contains(&at.0))
        {
            return day;
        }
        let (from, to, day) = self.work_out(at);
        if self.lately.len() >= DAYS_KEPT {
            self.lately.clear();
        }
        self.lately.push((from, to, day));
        day
    }

    fn work_out(&mut self, at: Timestamp) -> (i64, i64, Day) {
        let name = &self.time_zone;
        let zone = self.zone.get_or_insert_with(|| TimeZone::get(name).unwrap_or(TimeZone::UTC));
        let instant = jiff::Timestamp::from_microsecond(at.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
        let cutoff = i64::from(self.cutoff_minutes).minutes();
        let begin = |date: Date| {
            let local = date.to_datetime(jiff::civil::Time::midnight()).saturating_add(cutoff);
            local.to_zoned(zone.clone()).map_or(at.0, |begin| begin.timestamp().as_microsecond())
        };
        let local = instant.to_zoned(zone.clone()).datetime();
        let mut date = local.saturating_sub(cutoff).date();
        // A change of the clock at the cut-off can put the instant on the other side of the day's begin.
        if begin(date) > at.0 {
            date = date.saturating_sub(1.day());
        } else if begin(date.saturating_add(1.day())) <= at.0 {
            date = date.saturating_add(1.day());
        }
        (begin(date), begin(date.saturating_add(1.day())), Day::of(date))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(zone: &str, cutoff: u16, at: &str) -> String {
        let mut calendar = Calendar::default();
        calendar.set(zone, cutoff);
        calendar.day(Timestamp::parse(at).unwrap()).date().to_string()
    }

    #[test]
    fn an_instant_belongs_to_the_day_that_is_still_open() {
        let cases = [
            ("Europe/Paris", 240, "2026-03-15T03:59:59+01:00", "2026-03-14"),
            ("Europe/Paris", 240, "2026-03-15T04:00:00+01:00", "2026-03-15"),
            ("Europe/Paris", 0, "2026-03-14T23:59:59+01:00", "2026-03-14"),
            ("Europe/Paris", 0, "2026-03-15T00:00:00+01:00", "2026-03-15"),
            // The clock goes forward at two: a cut-off at half past two begins the day at three.
            ("Europe/Paris", 150, "2026-03-29T01:59:59+01:00", "2026-03-28"),
            ("Europe/Paris", 150, "2026-03-29T03:30:00+02:00", "2026-03-29"),
            // The clock goes back at three: the first half past two begins the day.
            ("Europe/Paris", 150, "2026-10-25T02:29:59+02:00", "2026-10-24"),
            ("Europe/Paris", 150, "2026-10-25T02:30:00+02:00", "2026-10-25"),
            ("Europe/Paris", 150, "2026-10-25T02:29:59+01:00", "2026-10-25"),
            ("America/New_York", 240, "2026-03-15T08:30:00+01:00", "2026-03-14"),
            ("No/Such", 0, "2026-03-15T00:30:00+01:00", "2026-03-14"),
            ("Europe/Paris", 60_000, "2026-03-15T23:58:00+01:00", "2026-03-14"),
        ];
        for (zone, cutoff, at, expected) in cases {
            assert_eq!(day(zone, cutoff, at), expected, "{zone} {cutoff} {at}");
        }
    }

    #[test]
    fn the_days_met_lately_change_nothing() {
        let mut calendar = Calendar::default();
        calendar.set("Europe/Paris", 240);
        for step in 0..2_000_i64 {
            let at = Timestamp(1_770_000_000_000_000 + (step * 7_919 % 400) * 3_600_000_000);
            let (_, _, fresh) = calendar.work_out(at);
            assert_eq!(calendar.day(at), fresh, "{at}");
        }
    }
}

//! Commercial days: from one cut-off of the organisation to the next, in its time zone.

use std::sync::LazyLock;

use jiff::ToSpan;
use jiff::civil::Date;
use jiff::tz::{TimeZone, TimeZoneDatabase};
use serde::{Deserialize, Serialize};
use soticket_schema::{CommercialDay, Timestamp};

/// The bundled database and not the machine's: decisions and folds read no files.
pub(crate) static TIME_ZONES: LazyLock<TimeZoneDatabase> = LazyLock::new(TimeZoneDatabase::bundled);

/// What decides the commercial day of an instant: a time zone and a cut-off.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Calendar {
    time_zone: String,
    cutoff_minutes: u16,
    /// The zone, looked up once, and the days met lately with their limits: no part of the state.
    #[serde(skip)]
    zone: Option<TimeZone>,
    #[serde(skip)]
    lately: Vec<(i64, i64, CommercialDay)>,
}

/// Sales come nearly in order of time; an import may go back and forth within a season.
const DAYS_KEPT: usize = 64;

impl Calendar {
    /// The zone, by its IANA name, and the cut-off, in minutes after local midnight, from here on.
    pub fn set(&mut self, time_zone: &str, cutoff_minutes: u16) {
        time_zone.clone_into(&mut self.time_zone);
        // A day that ends after the next one has begun makes no sense.
        self.cutoff_minutes = cutoff_minutes.min(24 * 60 - 1);
        (self.zone, self.lately) = (None, Vec::new());
    }

    /// The commercial day of an instant. A zone that the tz database does not know counts as UTC.
    pub fn day(&mut self, at: Timestamp) -> CommercialDay {
        if let Some(&(_, _, day)) =
            self.lately.iter().rev().find(|(from, to, _)| (*from..*to).contains(&at.0))
        {
            return day;
        }
        let cutoff = self.cutoff_minutes;
        let (from, to, day) = work_out(self.zone(), cutoff, at);
        if self.lately.len() >= DAYS_KEPT {
            self.lately.clear();
        }
        self.lately.push((from, to, day));
        day
    }

    /// When a commercial day begins and when it ends: the first instant that is not of it.
    pub fn limits(&self, day: CommercialDay) -> (Timestamp, Timestamp) {
        let zone = self.zone.clone().unwrap_or_else(|| zone(&self.time_zone));
        let begin = |date| Timestamp(begin(&zone, self.cutoff_minutes, date).unwrap_or_default());
        (begin(day.date()), begin(day.next().date()))
    }

    /// IANA name of the zone.
    pub fn time_zone(&self) -> &str {
        &self.time_zone
    }

    /// When the commercial day ends, in minutes after local midnight.
    pub fn cutoff_minutes(&self) -> u16 {
        self.cutoff_minutes
    }

    fn zone(&mut self) -> &TimeZone {
        let name = &self.time_zone;
        self.zone.get_or_insert_with(|| zone(name))
    }
}

fn zone(name: &str) -> TimeZone {
    TIME_ZONES.get(name).unwrap_or(TimeZone::UTC)
}

/// When the commercial day with this date begins, in microseconds.
fn begin(zone: &TimeZone, cutoff_minutes: u16, date: Date) -> Option<i64> {
    let cutoff = i64::from(cutoff_minutes).minutes();
    let local = date.to_datetime(jiff::civil::Time::midnight()).saturating_add(cutoff);
    local.to_zoned(zone.clone()).ok().map(|begin| begin.timestamp().as_microsecond())
}

fn work_out(zone: &TimeZone, cutoff_minutes: u16, at: Timestamp) -> (i64, i64, CommercialDay) {
    let instant = jiff::Timestamp::from_microsecond(at.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    let begin = |date| begin(zone, cutoff_minutes, date).unwrap_or(at.0);
    let local = instant.to_zoned(zone.clone()).datetime();
    let mut date = local.saturating_sub(i64::from(cutoff_minutes).minutes()).date();
    // A change of the clock at the cut-off can put the instant on the other side of the day's begin.
    if begin(date) > at.0 {
        date = date.saturating_sub(1.day());
    } else if begin(date.saturating_add(1.day())) <= at.0 {
        date = date.saturating_add(1.day());
    }
    (begin(date), begin(date.saturating_add(1.day())), CommercialDay::of(date))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(zone: &str, cutoff: u16, at: &str) -> String {
        let mut calendar = Calendar::default();
        calendar.set(zone, cutoff);
        calendar.day(Timestamp::parse(at).unwrap()).to_string()
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
            let (_, _, fresh) = work_out(&zone("Europe/Paris"), 240, at);
            assert_eq!(calendar.day(at), fresh, "{at}");
            let (from, to) = calendar.limits(fresh);
            assert!(from <= at && at < to, "{at}");
        }
    }
}

//! The calendar of the season, in UTC: 1 September 2025 to 25 June 2026.

use soticket_schema::Timestamp;

const MINUTE: i64 = 60_000_000;
const DAY: i64 = 24 * 60 * MINUTE;
/// 2025-09-01T00:00:00Z.
const FIRST: i64 = 1_756_684_800_000_000;
/// Days of the season.
pub(super) const DAYS: u64 = 298;
/// Days between two shows.
const BETWEEN: u64 = 11;
/// The day of the first show.
const FIRST_SHOW: u64 = 30;
/// Days that a show sells before its date.
pub(super) const ON_SALE_DAYS: u64 = 90;

/// A part of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Slot {
    Noon,
    Afternoon,
    Evening,
}

impl Slot {
    pub(super) const ALL: [Self; 3] = [Self::Noon, Self::Afternoon, Self::Evening];

    fn minutes(self) -> i64 {
        match self {
            Self::Noon => 11 * 60,
            Self::Afternoon => 15 * 60,
            Self::Evening => 20 * 60,
        }
    }
}

/// Before everything else.
pub(super) fn opening() -> Timestamp {
    Timestamp(FIRST - DAY)
}

/// When a slot of a day is.
pub(super) fn instant(day: u64, slot: Slot) -> Timestamp {
    at(day, slot.minutes())
}

/// So many minutes into a day.
pub(super) fn at(day: u64, minutes: i64) -> Timestamp {
    Timestamp(FIRST + i64::try_from(day).unwrap_or(0) * DAY + minutes * MINUTE)
}

/// The day of a show, by its place in the season from 0.
pub(super) fn day_of(show: u64) -> u64 {
    FIRST_SHOW + show * BETWEEN
}

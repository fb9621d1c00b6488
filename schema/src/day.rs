//! Commercial days: what a venue calls a day, from one cut-off of its clock to the next.

use std::fmt;

use bincode::{Decode, Encode};
use jiff::Span;
use jiff::civil::{Date, date};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A commercial day as the number of days since 1970-01-01. Which instants it holds is the calendar's to say.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Encode, Decode)]
pub struct CommercialDay(pub i32);

const EPOCH: Date = date(1970, 1, 1);

impl CommercialDay {
    /// Before every day that there is.
    pub const NEVER: Self = Self(i32::MIN);
    /// The earliest day that a command may state: 2000-01-01.
    pub const EARLIEST: Self = Self(10_957);
    /// The latest day that a command may state: 2199-12-31.
    pub const LATEST: Self = Self(84_005);

    /// The day with this date.
    pub fn of(date: Date) -> Self {
        // The difference of two dates that jiff can hold is a number of days below ten million.
        Self(EPOCH.until(date).map_or(0, |span| span.get_days()))
    }

    /// Its date.
    pub fn date(self) -> Date {
        EPOCH.saturating_add(Span::new().try_days(self.0).unwrap_or_default())
    }

    /// The day after.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }

    /// The day before.
    #[must_use]
    pub fn previous(self) -> Self {
        Self(self.0.saturating_sub(1))
    }

    /// The last day of its month.
    #[must_use]
    pub fn month_end(self) -> Self {
        Self::of(self.date().last_of_month())
    }

    /// Its month, from 1.
    pub fn month(self) -> u8 {
        self.date().month().unsigned_abs()
    }

    /// Its year.
    pub fn year(self) -> i16 {
        self.date().year()
    }

    /// Reads a date such as `2026-03-14`.
    ///
    /// # Errors
    /// The text is no date between 2000 and 2199.
    pub fn parse(text: &str) -> Result<Self, InvalidDay> {
        let date: Date = text.parse().map_err(|_| InvalidDay)?;
        let day = Self::of(date);
        // jiff reads whole date-times as dates, too.
        if day.is_plausible() && text.len() == 10 { Ok(day) } else { Err(InvalidDay) }
    }

    /// Whether the day lies within the range that a command may state.
    pub fn is_plausible(self) -> bool {
        (Self::EARLIEST..=Self::LATEST).contains(&self)
    }
}

/// The text is no date between 2000 and 2199.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a date such as 2026-03-14 between 2000 and 2199")]
pub struct InvalidDay;

/// A number in records, a date where a person may read it.
impl Serialize for CommercialDay {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            serializer.collect_str(self)
        } else {
            self.0.serialize(serializer)
        }
    }
}

impl<'de> Deserialize<'de> for CommercialDay {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if !deserializer.is_human_readable() {
            return i32::deserialize(deserializer).map(Self);
        }
        let text = String::deserialize(deserializer)?;
        text.parse().map(Self::of).map_err(|_| D::Error::custom("not a date"))
    }
}

impl fmt::Display for CommercialDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.date().fmt(f)
    }
}

impl fmt::Debug for CommercialDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_dates() {
        let day = CommercialDay::parse("2024-02-28").unwrap();
        assert_eq!(day.next().to_string(), "2024-02-29");
        assert_eq!(day.month_end().to_string(), "2024-02-29");
        assert_eq!((day.year(), day.month()), (2024, 2));
        assert_eq!(day.next().previous(), day);
        assert_eq!(CommercialDay(0).to_string(), "1970-01-01");
        assert_eq!(CommercialDay::EARLIEST.to_string(), "2000-01-01");
        assert_eq!(CommercialDay::LATEST.to_string(), "2199-12-31");
        for text in ["", "2024-2-8", "2024-02-30", "2024-02-28T10:00", "1999-12-31", "2200-01-01"] {
            assert!(CommercialDay::parse(text).is_err(), "{text}");
        }
    }
}

//! Instants as microseconds UTC. There is no "now" here: time comes in with the command.

use std::fmt;

use bincode::{Decode, Encode};
use serde::{Deserialize, Serialize};

/// An instant: microseconds since 1970-01-01T00:00:00Z.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize, Encode, Decode,
)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// The earliest instant that a command may state: 2000-01-01T00:00:00Z.
    pub const EARLIEST: Self = Self(946_684_800_000_000);
    /// The latest instant that a command may state: 2200-01-01T00:00:00Z.
    pub const LATEST: Self = Self(7_258_118_400_000_000);

    /// Reads an RFC 3339 instant with an offset, such as `2026-03-14T20:30:00+01:00`.
    ///
    /// # Errors
    /// The text is not RFC 3339, has no offset, or lies outside [`Self::EARLIEST`] to [`Self::LATEST`].
    pub fn parse(text: &str) -> Result<Self, InvalidTime> {
        let instant: jiff::Timestamp = text.parse().map_err(|_| InvalidTime)?;
        let time = Self(instant.as_microsecond());
        if time.is_plausible() { Ok(time) } else { Err(InvalidTime) }
    }

    /// Whether the instant lies within the range that a command may state.
    pub fn is_plausible(self) -> bool {
        (Self::EARLIEST..=Self::LATEST).contains(&self)
    }
}

/// The text is no RFC 3339 instant between 2000 and 2200.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an RFC 3339 instant with an offset between 2000 and 2200")]
pub struct InvalidTime;

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match jiff::Timestamp::from_microsecond(self.0) {
            Ok(instant) => write!(f, "{instant}"),
            Err(_) => write!(f, "{}us", self.0),
        }
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

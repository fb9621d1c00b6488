//! Fields of requests that several share.

use serde::Deserialize;
use soticket_schema::Timestamp;
use soticket_schema::event::v1::{Direction, GateDecision};

use super::Fault;

/// Longest nonce, in bytes.
const NONCE_BYTES_MAX: usize = 64;

/// A device's own name of a scan: a number, or a text of 1 to 64 bytes.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub(crate) enum Nonce {
    /// A number.
    Number(u64),
    /// A text.
    Text(String),
}

impl Nonce {
    /// Its text.
    pub(crate) fn text(&self) -> Result<String, Fault> {
        let text = match self {
            Self::Number(number) => number.to_string(),
            Self::Text(text) => text.clone(),
        };
        let fits = (1..=NONCE_BYTES_MAX).contains(&text.len());
        if fits { Ok(text) } else { Err(Fault::bad("nonce: send 1 to 64 characters.")) }
    }
}

/// Which way.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum Way {
    /// In.
    #[default]
    Entry,
    /// Out.
    Exit,
}

impl From<Way> for Direction {
    fn from(way: Way) -> Self {
        match way {
            Way::Entry => Self::Entry,
            Way::Exit => Self::Exit,
        }
    }
}

/// What a gate decided without the ledger.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum Decided {
    /// Let through.
    #[default]
    Admitted,
    /// Turned back.
    Refused,
    /// Not known.
    Unstated,
}

impl From<Decided> for GateDecision {
    fn from(decided: Decided) -> Self {
        match decided {
            Decided::Admitted => Self::Admitted,
            Decided::Refused => Self::Refused,
            Decided::Unstated => Self::Unstated,
        }
    }
}

/// A device's time.
pub(crate) fn instant(text: &str) -> Result<Timestamp, Fault> {
    Timestamp::parse(text).map_err(|error| Fault::bad(format!("at: {error}.")))
}

//! What others attest of published checkpoints: cosignatures of the witnesses and timestamps of the authority that the
//! settings name.

use std::fs;
use std::path::Path;

use serde::Serialize;
use soticket_schema::Timestamp;
use soticket_witness::{Authority, Outcome, WitnessAddress, submit, timestamp};

use crate::config::Config;
use crate::failure::{Exit, Failure};

/// Whom to ask.
#[derive(Clone, Debug, Default)]
pub(crate) struct Attestors {
    witnesses: Vec<WitnessAddress>,
    authority: Option<Authority>,
}

/// What one of them answered about a log's newest checkpoint.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub(crate) struct Attested {
    pub(crate) log: String,
    /// Size of the checkpoint; none when it is not known.
    pub(crate) size: Option<u64>,
    /// Name of the witness, or URL of the authority.
    pub(crate) by: String,
    /// When it saw the checkpoint.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) at: Option<String>,
    /// Why it did not attest.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) message: Option<String>,
    /// Whether that says that the log is not what it was.
    pub(crate) alarm: bool,
}

impl Attestors {
    /// Those of the settings.
    ///
    /// # Errors
    /// The authority's certificates cannot be read.
    pub(crate) fn of(config: &Config) -> Result<Self, Failure> {
        let authority = match &config.tsa {
            None => None,
            Some(url) => Some(Authority { url: url.clone(), roots: roots(config)? }),
        };
        Ok(Self { witnesses: config.witnesses()?, authority })
    }

    /// As it is, unless there is nobody to ask.
    ///
    /// # Errors
    /// There is nobody.
    pub(crate) fn demanded(self) -> Result<Self, Failure> {
        let message = "name witnesses or a timestamp authority in the settings: see docs/witness.md";
        if self.is_empty() { Err(Failure::new(Exit::Usage, "WITNESSES_MISSING", message)) } else { Ok(self) }
    }

    /// Whether there is nobody to ask.
    pub(crate) fn is_empty(&self) -> bool {
        self.witnesses.is_empty() && self.authority.is_none()
    }

    /// Has the newest checkpoint of a log in a folder of published logs attested. A failure of one is told and keeps no
    /// other from attesting. Blocks; not for two callers at a time.
    pub(crate) fn attest(&self, published: &Path, log: &str) -> Vec<Attested> {
        let mut attested = Vec::new();
        match submit(published, log, &self.witnesses) {
            Ok(None) => return attested,
            Ok(Some(submitted)) => {
                attested
                    .extend(submitted.outcomes.iter().map(|outcome| witnessed(log, submitted.size, outcome)));
            }
            Err(error) => {
                let code = "PUBLISHED_FOLDER_UNUSABLE";
                attested.push(failed(log, None, "witnesses", code, &error.to_string()));
            }
        }
        if let Some(authority) = &self.authority {
            match timestamp(published, log, authority) {
                Ok(None) => {}
                Ok(Some(given)) => attested.push(Attested {
                    at: Some(given.time.to_string()),
                    ..found(log, Some(given.size), &authority.url)
                }),
                Err(error) => {
                    attested.push(failed(log, None, &authority.url, error.code(), &error.to_string()));
                }
            }
        }
        for one in &attested {
            one.note();
        }
        attested
    }
}

impl Attested {
    /// Whether it was given.
    pub(crate) fn is_given(&self) -> bool {
        self.code.is_none()
    }

    fn note(&self) {
        let Self { log, by, size, .. } = self;
        let (code, reason) = (self.code.as_deref(), self.message.as_deref());
        if self.alarm {
            tracing::error!(log, by, size, code, reason, "a witness says that the log is not what it was");
        } else if !self.is_given() {
            tracing::warn!(log, by, size, code, reason, "a checkpoint was not attested");
        }
    }
}

impl std::fmt::Display for Attested {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { log, by, .. } = self;
        write!(f, "{log}")?;
        if let Some(size) = self.size {
            write!(f, " at {size}")?;
        }
        match (&self.at, &self.code, &self.message) {
            (Some(at), ..) => write!(f, ": seen by {by} at {at}"),
            (None, Some(code), Some(message)) => write!(f, ": {by}: {code}: {message}"),
            _ => write!(f, ": {by}"),
        }
    }
}

fn witnessed(log: &str, size: u64, outcome: &Outcome) -> Attested {
    let by = outcome.witness.name();
    match &outcome.cosigned {
        Ok(seconds) => {
            let micros = i64::try_from(*seconds).unwrap_or(i64::MAX).saturating_mul(1_000_000);
            Attested { at: Some(Timestamp(micros).to_string()), ..found(log, Some(size), by) }
        }
        Err(error) => {
            let told = failed(log, Some(size), by, error.code(), &error.to_string());
            Attested { alarm: error.is_alarm(), ..told }
        }
    }
}

fn found(log: &str, size: Option<u64>, by: &str) -> Attested {
    let (log, by) = (log.to_owned(), by.to_owned());
    Attested { log, size, by, at: None, code: None, message: None, alarm: false }
}

fn failed(log: &str, size: Option<u64>, by: &str, code: &str, message: &str) -> Attested {
    Attested { code: Some(code.to_owned()), message: Some(message.to_owned()), ..found(log, size, by) }
}

fn roots(config: &Config) -> Result<Option<String>, Failure> {
    let Some(file) = &config.tsa_roots else { return Ok(None) };
    let text = fs::read_to_string(file);
    let unusable =
        |error| Failure::new(Exit::Usage, "TIMESTAMP_ROOTS_UNUSABLE", format!("{}: {error}", file.display()));
    text.map(Some).map_err(unusable)
}

//! Acknowledged receipts, noted outside the data folder: what a ledger has promised.

use std::fmt;
use std::fs::{self, File, OpenOptions};
use std::io::Write as _;
use std::path::Path;

use anyhow::{Context, Result};
use soticket_schema::{Hash, OrganisationId};

/// A promise: this position of this log has this hash, for ever.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Noted {
    /// Whose log.
    pub organisation: OrganisationId,
    /// Position of the command's last event.
    pub position: u64,
    /// Its hash.
    pub hash: Hash,
    /// The command's idempotency key.
    pub key: String,
}

impl fmt::Display for Noted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {} {}", self.organisation, self.position, self.hash, self.key)
    }
}

impl Noted {
    /// Reads a line; none for one that was cut short.
    pub fn parse(line: &str) -> Option<Self> {
        let mut words = line.split(' ');
        let noted = Self {
            organisation: OrganisationId::parse(words.next()?)?,
            position: words.next()?.parse().ok()?,
            hash: Hash::parse(words.next()?)?,
            key: words.next()?.to_owned(),
        };
        words.next().is_none().then_some(noted)
    }
}

/// A file of receipts, one line each.
#[derive(Debug)]
pub struct Notebook(File);

impl Notebook {
    /// Opens the file to write more receipts to its end.
    ///
    /// # Errors
    /// The file cannot be opened.
    pub fn open(path: &Path) -> Result<Self> {
        let file = OpenOptions::new().create(true).append(true).open(path);
        Ok(Self(file.with_context(|| format!("{} does not open", path.display()))?))
    }

    /// Notes a receipt with one write, so that lines of several threads never mix. A killed process loses nothing that
    /// it has written; a power cut is simulated, not real: no sync is needed.
    ///
    /// # Errors
    /// The write fails.
    pub fn note(&self, noted: &Noted) -> Result<()> {
        let line = format!("{noted}\n");
        (&self.0).write_all(line.as_bytes()).context("a receipt could not be noted")
    }
}

/// Reads a file of receipts; a last line without its end was never acknowledged.
///
/// # Errors
/// The file cannot be read, or a whole line is no receipt.
pub fn read(path: &Path) -> Result<Vec<Noted>> {
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error).with_context(|| path.display().to_string()),
    };
    parse(&text)
}

/// Reads whole lines of receipts.
///
/// # Errors
/// A whole line is no receipt.
pub fn parse(text: &str) -> Result<Vec<Noted>> {
    let whole = text.rfind('\n').map_or("", |end| &text[..end]);
    whole.lines().map(|line| Noted::parse(line).with_context(|| format!("no receipt: {line}"))).collect()
}

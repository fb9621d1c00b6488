//! The yearly archive: records, open formats beside them, and a manifest with the hash of every file.
//!
//! The same closed year gives the same bytes, whoever makes the archive and whenever: it holds nothing but what the log
//! says up to the year's closing.

mod file;
mod manifest;
mod sheets;
mod source;
mod verify;

use std::fs;
use std::path::Path;

use soticket_ledger::Ledger;
use soticket_ledger::books::YearSpan;
use soticket_schema::OrganisationId;

use crate::failure::{Exit, Failure};
pub(crate) use manifest::{FORMAT, Manifest, manifest_hashes};
use sheets::{Sheets, Sink};
pub(crate) use verify::{Checked, verify};

/// Name of the file that lists all others.
pub(crate) const MANIFEST: &str = "manifest.json";

/// An archive that was written.
pub(crate) struct Written {
    /// What its manifest says.
    pub(crate) manifest: Manifest,
    /// The manifest's bytes.
    pub(crate) bytes: Vec<u8>,
}

/// Writes the archive of a closed year into a folder that is empty or does not exist.
///
/// # Errors
/// The folder is not empty, cannot be written, or the log cannot be read.
pub(crate) fn write(
    ledger: &Ledger,
    organisation: OrganisationId,
    year: YearSpan,
    folder: &Path,
) -> Result<Written, Failure> {
    fs::create_dir_all(folder)?;
    if fs::read_dir(folder)?.next().is_some() {
        let message = format!("{} is not empty: name another folder", folder.display());
        return Err(Failure::new(Exit::Usage, "FOLDER_NOT_EMPTY", message));
    }
    let mut sheets = Sheets::new(&Sink::Folder(folder.to_owned()))?;
    let mut source = source::Source::default();
    source::read(ledger, organisation, year, &mut source, &mut sheets)?;
    let manifest = source.manifest(organisation, year, sheets.finish()?)?;
    let bytes = manifest.bytes()?;
    fs::write(folder.join(MANIFEST), &bytes)?;
    fs::File::open(folder)?.sync_all()?;
    Ok(Written { manifest, bytes })
}

//! Checks an archive without the ledger that it came from: every file, every link, every sum.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{BufReader, Read as _};
use std::path::Path;

use serde::Serialize;
use soticket_ledger::Entry;
use soticket_ledger::books::Totals;
use soticket_schema::event::v1::{Period, PeriodClosed};
use soticket_schema::{Event, Hash, OrganisationId, RecordView};

use super::MANIFEST;
use super::file::{Hashes, Listed};
use super::manifest::{FORMAT, KIND, Manifest, manifest_hashes};
use super::sheets::{Sheets, Sink};
use crate::closing::totals;
use crate::failure::{Exit, Failure};

/// What came of checking an archive.
#[derive(Debug, Serialize)]
pub(crate) struct Checked {
    /// The organisation.
    pub(crate) organisation: String,
    /// Number of the year's closing.
    pub(crate) year: u64,
    /// First commercial day.
    pub(crate) from: String,
    /// Last commercial day.
    pub(crate) until: String,
    /// Records.
    pub(crate) records: u64,
    /// Closings.
    pub(crate) closings: u64,
    /// BLAKE3 of the manifest: to be compared with the one that the log, or whoever kept it, has.
    pub(crate) manifest: String,
    /// SHA-256 of the manifest.
    pub(crate) manifest_sha256: String,
    /// Everything that is wrong, not only the first.
    pub(crate) violations: Vec<String>,
}

/// Checks an archive.
///
/// # Errors
/// There is no manifest that can be read. Everything else that is wrong is a violation.
pub(crate) fn verify(folder: &Path) -> Result<Checked, Failure> {
    let unreadable = |error: &dyn std::fmt::Display| {
        let message = format!("{}: {error}", folder.join(MANIFEST).display());
        Failure::new(Exit::Usage, "ARCHIVE_UNREADABLE", message)
    };
    let bytes = fs::read(folder.join(MANIFEST)).map_err(|error| unreadable(&error))?;
    let manifest: Manifest = serde_json::from_slice(&bytes).map_err(|error| unreadable(&error))?;
    let (blake3, sha256) = manifest_hashes(&bytes);
    let mut violations = Vec::new();
    if manifest.kind != KIND || manifest.format != FORMAT {
        violations.push(format!("FORMAT_UNKNOWN: {} {}", manifest.kind, manifest.format));
    }
    let canonical = manifest.bytes()?;
    if canonical != bytes {
        violations.push("MANIFEST_ALTERED: it is not written as this format writes it".to_owned());
    }
    check_files(folder, &manifest.files, &mut violations)?;
    let records = fs::read(folder.join("records.bin")).unwrap_or_default();
    let mut chain = Chain::new(&manifest);
    chain.follow(&records, &mut violations)?;
    chain.check_closings(&mut violations);
    let (records, closings) = (chain.records, chain.closings.len() as u64);
    let rebuilt = chain.sheets.finish()?;
    for file in &rebuilt {
        if !manifest.files.contains(file) {
            violations.push(format!("CONTENT_DIFFERS: {} is not what the records say", file.name));
        }
    }
    Ok(Checked {
        organisation: manifest.organisation,
        year: manifest.year,
        from: manifest.from,
        until: manifest.until,
        records,
        closings,
        manifest: blake3.to_string(),
        manifest_sha256: sha256.to_string(),
        violations,
    })
}

/// Every file that is listed is there with its length and hashes, and no other.
fn check_files(folder: &Path, files: &[Listed], violations: &mut Vec<String>) -> Result<(), Failure> {
    let mut names: BTreeSet<&str> = BTreeSet::from([MANIFEST]);
    for file in files {
        // A name is a name: nothing outside the folder is opened.
        let plain = !file.name.contains(['/', '\\']) && file.name != "..";
        if !plain || !names.insert(&file.name) {
            violations.push(format!("MANIFEST_ALTERED: {} is no name of a file, or comes twice", file.name));
            continue;
        }
        match hashed(&folder.join(&file.name), &file.name) {
            Ok(found) if found == *file => {}
            Ok(_) => violations.push(format!("FILE_ALTERED: {} is not as it was written", file.name)),
            Err(error) => violations.push(format!("FILE_MISSING: {}: {error}", file.name)),
        }
    }
    for entry in fs::read_dir(folder)? {
        let name = entry?.file_name();
        if !name.to_str().is_some_and(|name| names.contains(name)) {
            violations.push(format!("FILE_UNKNOWN: {} is not in the manifest", name.display()));
        }
    }
    Ok(())
}

fn hashed(path: &Path, name: &str) -> std::io::Result<Listed> {
    let mut file = BufReader::new(File::open(path)?);
    let mut hashes = Hashes::default();
    let mut buffer = vec![0; 1 << 16];
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(hashes.listed(name)),
            read => hashes.update(buffer.get(..read).unwrap_or_default()),
        }
    }
}

/// The records, followed from the hash before the first to that of the last.
struct Chain<'a> {
    manifest: &'a Manifest,
    next: u64,
    previous: Hash,
    records: u64,
    closings: Vec<PeriodClosed>,
    sheets: Sheets,
}

impl<'a> Chain<'a> {
    fn new(manifest: &'a Manifest) -> Self {
        let sheets = Sheets::new(&Sink::Hashes);
        // Without files nothing can fail to be created.
        let sheets = sheets.unwrap_or_else(|_| unreachable!("hashes need no file"));
        let (next, previous) = (manifest.first, manifest.previous);
        Self { manifest, next, previous, records: 0, closings: Vec::new(), sheets }
    }

    fn follow(&mut self, mut bytes: &[u8], violations: &mut Vec<String>) -> Result<(), Failure> {
        while !bytes.is_empty() {
            let Ok((record, rest)) = RecordView::split(bytes) else {
                violations.push(format!("RECORD_MALFORMED: after position {}", self.next));
                break;
            };
            bytes = rest;
            self.take(&record, violations)?;
        }
        if self.next != self.manifest.last.saturating_add(1) {
            violations.push(format!("RECORDS_MISSING: they end before position {}", self.next));
        }
        if self.previous != self.manifest.head {
            violations.push("HEAD_DIFFERS: the last record's hash is not the manifest's".to_owned());
        }
        Ok(())
    }

    fn take(&mut self, record: &RecordView<'_>, violations: &mut Vec<String>) -> Result<(), Failure> {
        let envelope = &record.envelope;
        let position = envelope.position;
        if envelope.organisation.to_string() != self.manifest.organisation {
            violations.push(format!("ORGANISATION_DIFFERS: position {position}"));
        }
        if position != self.next {
            violations.push(format!("POSITION_GAP: expected {}, got {position}", self.next));
        }
        if envelope.previous != self.previous {
            violations
                .push(format!("CHAIN_BROKEN: position {position} does not follow the record before it"));
        }
        (self.next, self.previous) = (position.saturating_add(1), record.hash());
        self.records += 1;
        match Event::decode_canonical(envelope.kind, envelope.version, record.payload) {
            Ok((fingerprint, event)) => {
                let entry = Entry { envelope: *envelope, hash: record.hash(), fingerprint, event };
                self.sheets.note(&entry);
                self.sheets.take(record.bytes, &entry)?;
                if let Event::PeriodClosed(closing) = entry.event {
                    self.closings.push(closing);
                }
            }
            Err(error) => violations.push(format!("PAYLOAD_MALFORMED: position {position}: {error}")),
        }
        Ok(())
    }

    /// Numbers follow each other, hashes link them, days add up to months and both to the year.
    fn check_closings(&self, violations: &mut Vec<String>) {
        let mut last: BTreeMap<Period, &PeriodClosed> = BTreeMap::new();
        let organisation = OrganisationId::parse(&self.manifest.organisation).unwrap_or_default();
        let mut sums: BTreeMap<Period, Totals> = BTreeMap::new();
        for closing in &self.closings {
            let name = format!("{:?} {}", closing.period, closing.number);
            match last.insert(closing.period, closing) {
                Some(before) => {
                    let follows = before.number + 1 == closing.number && before.until.next() == closing.from;
                    if !follows || before.hash().ok() != Some(closing.previous) {
                        violations
                            .push(format!("CLOSING_CHAIN_BROKEN: {name} does not follow the one before it"));
                    }
                }
                None => {
                    let genesis = PeriodClosed::genesis(organisation, closing.period);
                    if closing.number == 1 && closing.previous != genesis {
                        violations.push(format!("CLOSING_CHAIN_BROKEN: {name} is not the first of this log"));
                    }
                }
            }
            let whole = totals(closing);
            let parts = match closing.period {
                Period::Day => None,
                Period::Month => sums.remove(&Period::Day),
                Period::Year => sums.remove(&Period::Month),
            };
            if closing.period != Period::Day && parts.as_ref() != Some(&whole) {
                violations.push(format!("TOTALS_DIFFER: {name} is not the sum of its parts"));
            }
            sums.entry(closing.period).or_default().add(&whole);
        }
        let year = last.get(&Period::Year);
        if year.and_then(|year| year.hash().ok()) != Some(self.manifest.closing) {
            violations.push("CLOSING_MISSING: the records do not end with the year's closing".to_owned());
        }
    }
}

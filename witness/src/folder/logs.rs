//! The logs that a witness watches: keys that are handed over, and the lines of the file `logs`.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use soticket_ledger::proof::{KeyKind, VerifierKey};

use super::error::{FolderError, io};

/// All of them, each once. A log that changed its key has several under one name.
pub(super) fn read(folder: &Path, given: &[VerifierKey]) -> Result<Vec<VerifierKey>, FolderError> {
    let file = folder.join("logs");
    let text = match fs::read_to_string(&file) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => String::new(),
        Err(error) => return Err(io(&file, &error)),
    };
    let mut logs = given.to_vec();
    for (line, content) in (1..).zip(text.lines()) {
        let content = content.trim();
        if content.is_empty() || content.starts_with('#') {
            continue;
        }
        let faulty = |reason: String| FolderError::Logs { file: file.clone(), line, reason };
        logs.push(content.parse().map_err(|error| faulty(format!("{error}")))?);
    }
    if let Some(other) = logs.iter().find(|log| log.kind() != KeyKind::Log) {
        let reason = format!("{} is the key of a witness, not of a log", other.name());
        let line = text.lines().position(|line| line.trim() == other.to_string()).map_or(0, |at| at + 1);
        return Err(FolderError::Logs { file, line, reason });
    }
    logs.sort();
    logs.dedup();
    Ok(logs)
}

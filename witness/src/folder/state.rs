//! What was cosigned, on the disk.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use parking_lot::Mutex;
use sha2::{Digest as _, Sha256};
use soticket_ledger::durable::{self, Readers};
use soticket_ledger::proof::{Checkpoint, Note, VerifierKey, cosigned_at};

use super::Newest;
use super::error::{FolderError, io};

const HEADER: &str = "soticket witness state v1";

/// The newest checkpoint of each log; none yet for one that is watched and was never cosigned.
pub(super) type ByOrigin = BTreeMap<String, Mutex<Option<Newest>>>;

/// The states' folder, and the list of those that must be in it.
pub(super) struct States {
    folder: PathBuf,
    list: PathBuf,
    /// Origins that the list has. Its lock is taken while that of an origin is held, never the other way.
    listed: Mutex<BTreeSet<String>>,
}

impl States {
    pub(super) fn new(folder: &Path) -> Self {
        Self { folder: folder.join("cosigned"), list: folder.join("origins"), listed: Mutex::default() }
    }

    /// Whether anything was cosigned here, as far as can be seen.
    pub(super) fn exist(&self) -> bool {
        fs::read_dir(&self.folder).is_ok_and(|mut entries| entries.next().is_some())
    }

    /// Makes an empty list.
    pub(super) fn create(&self) -> Result<(), FolderError> {
        durable::create_folder(&self.folder).map_err(|error| io(&self.folder, &error))?;
        self.write_list(&BTreeSet::new())
    }

    /// Reads every state. `key` must have cosigned each of them.
    pub(super) fn read(&self, key: &VerifierKey) -> Result<ByOrigin, FolderError> {
        let listed: BTreeSet<String> = read(&self.list)?
            .ok_or(FolderError::StateMissing(self.list.clone()))?
            .lines()
            .map(str::to_owned)
            .collect();
        let mut states = ByOrigin::new();
        for entry in fs::read_dir(&self.folder).map_err(|_| FolderError::StateMissing(self.folder.clone()))? {
            let path = entry.map_err(|error| io(&self.folder, &error))?.path();
            // A draft that a crash left: it was never what the witness had cosigned.
            if path.extension().is_some_and(|extension| extension == "new") {
                continue;
            }
            let damaged = || FolderError::StateDamaged(path.clone());
            let newest = read(&path)?.and_then(|text| parse(&text, key)).ok_or_else(damaged)?;
            let origin = newest.checkpoint.origin.clone();
            if path.file_name().is_none_or(|name| name != hash(&origin).as_str()) {
                return Err(damaged());
            }
            states.insert(origin, Mutex::new(Some(newest)));
        }
        if let Some(origin) = listed.iter().find(|origin| !states.contains_key(*origin)) {
            return Err(FolderError::StateMissing(self.folder.join(hash(origin))));
        }
        *self.listed.lock() = listed;
        Ok(states)
    }

    /// Keeps a checkpoint as the newest of its log. When this returns it survives a power cut.
    pub(super) fn keep(&self, checkpoint: &Checkpoint, note: &Note) -> Result<(), FolderError> {
        let origin = &checkpoint.origin;
        self.write(&self.folder.join(hash(origin)), &note.to_string())?;
        let mut listed = self.listed.lock();
        if !listed.contains(origin) {
            // After the state: a crash in between leaves a state that nothing demands, which is taken as it is. The
            // other way round would leave a demand for a state that never was.
            let mut grown = listed.clone();
            grown.insert(origin.clone());
            self.write_list(&grown)?;
            *listed = grown;
        }
        Ok(())
    }

    fn write_list(&self, origins: &BTreeSet<String>) -> Result<(), FolderError> {
        let lines: String = origins.iter().flat_map(|origin| [origin.as_str(), "\n"]).collect();
        self.write(&self.list, &lines)
    }

    fn write(&self, path: &Path, content: &str) -> Result<(), FolderError> {
        let text = format!("{HEADER}\n{}\n{content}", checksum(content));
        durable::write(path, text.as_bytes(), Readers::All).map_err(|error| io(path, &error))
    }
}

/// The content of a file whose checksum is right; none when there is no file.
fn read(path: &Path) -> Result<Option<String>, FolderError> {
    let damaged = || FolderError::StateDamaged(path.to_owned());
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) if error.kind() == ErrorKind::InvalidData => return Err(damaged()),
        Err(error) => return Err(io(path, &error)),
    };
    let content = text.strip_prefix(HEADER).and_then(|rest| rest.strip_prefix('\n')).and_then(|rest| {
        let (stated, content) = rest.split_once('\n')?;
        (stated == checksum(content)).then(|| content.to_owned())
    });
    content.map(Some).ok_or_else(damaged)
}

/// A state is a checkpoint that this witness cosigned: its own signature says so.
fn parse(text: &str, key: &VerifierKey) -> Option<Newest> {
    let note: Note = text.parse().ok()?;
    cosigned_at(&note, key).ok()?;
    Some(Newest { checkpoint: note.text.parse().ok()?, note })
}

/// The name of a log's state, and of its place over HTTP.
pub(super) fn hash(origin: &str) -> String {
    checksum(origin)
}

/// SHA-256 in lower-case hexadecimal.
pub(super) fn checksum(text: &str) -> String {
    Sha256::digest(text).iter().fold(String::with_capacity(64), |mut hex, byte| {
        // Writing to a text does not fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

//! Files that were given out or taken in, each organisation's apart, kept under the BLAKE3 of their bytes:
//! `<data>/files/<organisation>/ab/cdef…`. A file is written once, synced with its folders before it has its name, and
//! checked against its name whenever it is read.
//!
//! **A file is kept before the event that names it is recorded.** A crash between the two leaves a file that no event
//! names: nobody is given it (see [`crate::Ledger::files`]), it takes room and nothing else, and the same bytes asked for
//! again are found to be there. The other order would leave an event that promises bytes which nobody has. Nothing here
//! deletes a file: what no event names today may be what a command is about to name.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use parking_lot::Mutex;
use soticket_schema::ids::OrganisationId;
use soticket_schema::{Hash, limits::FILE_BYTES_MAX};

use crate::durable::sync_folder;

/// Names of drafts in this process: two writers of one file must not share a draft.
static DRAFTS: AtomicU64 = AtomicU64::new(0);

/// The kept files of a ledger.
#[derive(Debug, Clone)]
pub struct Files {
    store: Store,
}

#[derive(Debug, Clone)]
enum Store {
    Folder(PathBuf),
    /// For a ledger in memory.
    Memory(Arc<Mutex<InMemory>>),
}

/// Bytes by organisation and hash.
type InMemory = BTreeMap<(OrganisationId, Hash), Vec<u8>>;

/// Why a file is not kept.
#[derive(Debug, thiserror::Error)]
pub enum KeepError {
    /// It is longer than files may be.
    #[error("FILE_TOO_LARGE: a file has at most {FILE_BYTES_MAX} bytes")]
    TooLarge,
    /// The system does not write it; nothing is kept.
    #[error("FILE_UNWRITABLE: {0}")]
    System(#[from] io::Error),
}

/// Why a kept file cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// Nothing is kept under this hash.
    #[error("FILE_ABSENT: no file is kept under {0}")]
    Absent(Hash),
    /// What is kept under this hash has another one.
    #[error("FILE_DAMAGED: the file kept under {0} is another by now; restore it from a backup")]
    Damaged(Hash),
    /// The system does not read it.
    #[error("FILE_UNREADABLE: {0}")]
    System(#[from] io::Error),
}

impl Files {
    /// Opens the folder, and makes it if it is not there.
    ///
    /// # Errors
    /// The system does not make it.
    pub fn open(folder: impl Into<PathBuf>) -> io::Result<Self> {
        let folder = folder.into();
        fs::create_dir_all(&folder)?;
        sync_folder(folder.parent())?;
        Ok(Self { store: Store::Folder(folder) })
    }

    /// Files in memory.
    pub fn in_memory() -> Self {
        Self { store: Store::Memory(Arc::default()) }
    }

    /// Keeps a file of an organisation. One that is kept already is left as it is, unless it is damaged. When this
    /// returns the file survives a power cut.
    ///
    /// # Errors
    /// See [`KeepError`].
    pub fn keep(&self, organisation: OrganisationId, bytes: &[u8]) -> Result<Hash, KeepError> {
        if bytes.len() as u64 > FILE_BYTES_MAX {
            return Err(KeepError::TooLarge);
        }
        let hash = Hash(*blake3::hash(bytes).as_bytes());
        match &self.store {
            Store::Folder(folder) => write(folder, organisation, hash, bytes)?,
            Store::Memory(files) => {
                files.lock().insert((organisation, hash), bytes.to_vec());
            }
        }
        Ok(hash)
    }

    /// Reads a kept file of an organisation.
    ///
    /// # Errors
    /// See [`ReadError`]; what only another organisation keeps is absent.
    pub fn read(&self, organisation: OrganisationId, hash: Hash) -> Result<Vec<u8>, ReadError> {
        let bytes = match &self.store {
            Store::Folder(folder) => {
                fs::read(path(folder, organisation, hash)).map_err(|error| match error.kind() {
                    io::ErrorKind::NotFound => ReadError::Absent(hash),
                    _ => ReadError::System(error),
                })?
            }
            Store::Memory(files) => {
                let kept = files.lock().get(&(organisation, hash)).cloned();
                kept.ok_or(ReadError::Absent(hash))?
            }
        };
        if blake3::hash(&bytes).as_bytes() == &hash.0 { Ok(bytes) } else { Err(ReadError::Damaged(hash)) }
    }

    /// Where a file of an organisation is kept, or would be; none in memory.
    pub fn path(&self, organisation: OrganisationId, hash: Hash) -> Option<PathBuf> {
        match &self.store {
            Store::Folder(folder) => Some(path(folder, organisation, hash)),
            Store::Memory(_) => None,
        }
    }
}

fn path(folder: &Path, organisation: OrganisationId, hash: Hash) -> PathBuf {
    let name = hash.to_string();
    let (shelf, rest) = name.split_at(2);
    folder.join(organisation.to_string()).join(shelf).join(rest)
}

fn write(folder: &Path, organisation: OrganisationId, hash: Hash, bytes: &[u8]) -> io::Result<()> {
    let path = path(folder, organisation, hash);
    let Some(shelf) = path.parent() else { return Ok(()) };
    if !fs::read(&path).is_ok_and(|kept| kept == bytes) {
        fs::create_dir_all(shelf)?;
        // Under a name of its own until it is whole: a reader finds all of a file or none.
        let number = DRAFTS.fetch_add(1, Ordering::Relaxed);
        let draft = path.with_extension(format!("{}-{number}.part", std::process::id()));
        let mut file = File::create(&draft)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&draft, &path)?;
    }
    // One that was there may be of a writer that has not come to this yet.
    sync_folder(Some(shelf))?;
    sync_folder(shelf.parent())?;
    sync_folder(Some(folder))
}

#[cfg(test)]
mod tests {
    use super::*;

    const OURS: OrganisationId = OrganisationId([1; 16]);
    const THEIRS: OrganisationId = OrganisationId([2; 16]);

    #[test]
    fn a_file_is_kept_once_and_read_back_whole() {
        let folder = tempfile::tempdir().unwrap();
        let files = Files::open(folder.path().join("files")).unwrap();
        let hash = files.keep(OURS, b"statement").unwrap();
        assert_eq!(files.keep(OURS, b"statement").unwrap(), hash);
        assert_eq!(hash.0, *blake3::hash(b"statement").as_bytes());
        assert_eq!(files.read(OURS, hash).unwrap(), b"statement");
        let shelf = files.path(OURS, hash).unwrap().parent().unwrap().to_owned();
        assert_eq!(fs::read_dir(shelf).unwrap().count(), 1, "no draft is left");
    }

    #[test]
    fn absent_and_damaged_files_are_told_apart() {
        let folder = tempfile::tempdir().unwrap();
        let files = Files::open(folder.path()).unwrap();
        assert!(matches!(files.read(OURS, Hash([1; 32])), Err(ReadError::Absent(_))));
        let hash = files.keep(OURS, b"statement").unwrap();
        fs::write(files.path(OURS, hash).unwrap(), b"statemens").unwrap();
        assert!(matches!(files.read(OURS, hash), Err(ReadError::Damaged(_))));
        files.keep(OURS, b"statement").unwrap();
        assert_eq!(files.read(OURS, hash).unwrap(), b"statement", "keeping it again heals it");
    }

    #[test]
    fn what_one_organisation_keeps_is_absent_for_another() {
        let folder = tempfile::tempdir().unwrap();
        for files in [Files::open(folder.path()).unwrap(), Files::in_memory()] {
            let hash = files.keep(OURS, b"statement").unwrap();
            assert_eq!(files.read(OURS, hash).unwrap(), b"statement");
            assert!(matches!(files.read(THEIRS, hash), Err(ReadError::Absent(_))));
        }
    }

    #[test]
    fn many_writers_of_one_file_leave_it_whole() {
        let folder = tempfile::tempdir().unwrap();
        let files = Files::open(folder.path()).unwrap();
        let bytes = vec![7; 100_000];
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| files.keep(OURS, &bytes).unwrap());
            }
        });
        let hash = Hash(*blake3::hash(&bytes).as_bytes());
        assert_eq!(files.read(OURS, hash).unwrap(), bytes);
    }

    #[test]
    fn too_long_a_file_is_refused() {
        let bytes = vec![0; usize::try_from(FILE_BYTES_MAX).unwrap() + 1];
        assert!(matches!(Files::in_memory().keep(OURS, &bytes), Err(KeepError::TooLarge)));
    }
}

//! Files that were given out or taken in, kept under the BLAKE3 of their bytes: `<folder>/ab/cdef…`. A file is written
//! once, synced with its folders before it has its name, and checked against its name whenever it is read.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use soticket_schema::Hash;

/// A folder of kept files, such as `<data>/files`.
#[derive(Debug, Clone)]
pub struct Files {
    folder: PathBuf,
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
        sync(folder.parent())?;
        Ok(Self { folder })
    }

    /// Keeps a file. One that is kept already is left as it is. When this returns the file survives a power cut.
    ///
    /// # Errors
    /// The system does not write it; nothing is kept then.
    pub fn keep(&self, bytes: &[u8]) -> io::Result<Hash> {
        let hash = Hash(*blake3::hash(bytes).as_bytes());
        let path = self.path(hash);
        if fs::read(&path).is_ok_and(|kept| kept == bytes) {
            return Ok(hash);
        }
        let Some(shelf) = path.parent() else { return Ok(hash) };
        fs::create_dir_all(shelf)?;
        // Under a name of its own until it is whole: a reader finds all of a file or none.
        let draft = path.with_extension(format!("{}.part", std::process::id()));
        let mut file = File::create(&draft)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&draft, &path)?;
        sync(Some(shelf))?;
        sync(Some(&self.folder))?;
        Ok(hash)
    }

    /// Reads a kept file.
    ///
    /// # Errors
    /// See [`ReadError`].
    pub fn read(&self, hash: Hash) -> Result<Vec<u8>, ReadError> {
        let bytes = fs::read(self.path(hash)).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => ReadError::Absent(hash),
            _ => ReadError::System(error),
        })?;
        if blake3::hash(&bytes).as_bytes() == &hash.0 { Ok(bytes) } else { Err(ReadError::Damaged(hash)) }
    }

    /// Where a file is kept.
    pub fn path(&self, hash: Hash) -> PathBuf {
        let name = hash.to_string();
        let (shelf, rest) = name.split_at(2);
        self.folder.join(shelf).join(rest)
    }
}

fn sync(folder: Option<&Path>) -> io::Result<()> {
    match folder {
        Some(folder) if !folder.as_os_str().is_empty() => File::open(folder)?.sync_all(),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_kept_once_and_read_back_whole() {
        let folder = tempfile::tempdir().unwrap();
        let files = Files::open(folder.path().join("files")).unwrap();
        let hash = files.keep(b"statement").unwrap();
        assert_eq!(files.keep(b"statement").unwrap(), hash);
        assert_eq!(hash.0, *blake3::hash(b"statement").as_bytes());
        assert_eq!(files.read(hash).unwrap(), b"statement");
        let kept = fs::read_dir(files.path(hash).parent().unwrap()).unwrap().count();
        assert_eq!(kept, 1, "no draft is left");
    }

    #[test]
    fn absent_and_damaged_files_are_told_apart() {
        let folder = tempfile::tempdir().unwrap();
        let files = Files::open(folder.path()).unwrap();
        assert!(matches!(files.read(Hash([1; 32])), Err(ReadError::Absent(_))));
        let hash = files.keep(b"statement").unwrap();
        fs::write(files.path(hash), b"statemens").unwrap();
        assert!(matches!(files.read(hash), Err(ReadError::Damaged(_))));
        files.keep(b"statement").unwrap();
        assert_eq!(files.read(hash).unwrap(), b"statement", "keeping it again heals it");
    }
}

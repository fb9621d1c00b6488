//! Files that are whole or absent, and survive a power cut once written.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

/// Who may read a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Readers {
    /// Whoever may read the folder.
    All,
    /// The owner.
    Owner,
}

/// Writes a file, or replaces it: complete and synced under another name, then renamed, then the folder synced. A crash
/// at any line leaves what was there before or the new file, never a part. One writer at a time.
///
/// # Errors
/// The system does not write it; what was there before is still there.
pub fn write(path: &Path, bytes: &[u8], readers: Readers) -> io::Result<()> {
    write_parts(path, &[bytes], readers)
}

/// As [`write`], for bytes that do not lie together.
///
/// # Errors
/// As [`write`].
pub fn write_parts(path: &Path, parts: &[&[u8]], readers: Readers) -> io::Result<()> {
    let draft = path.with_added_extension("new");
    let mode = if readers == Readers::Owner { 0o600 } else { 0o644 };
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(mode).open(&draft)?;
    parts.iter().try_for_each(|part| file.write_all(part))?;
    file.sync_all()?;
    fs::rename(&draft, path)?;
    sync_folder(path.parent())
}

/// Makes names in a folder durable.
///
/// # Errors
/// The system does not sync it.
pub fn sync_folder(folder: Option<&Path>) -> io::Result<()> {
    match folder {
        Some(folder) if !folder.as_os_str().is_empty() => File::open(folder)?.sync_all(),
        _ => Ok(()),
    }
}

/// Makes a folder and those above it that are missing, each with a durable name.
///
/// # Errors
/// The system does not make one of them.
pub fn create_folder(folder: &Path) -> io::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    if let Some(parent) = folder.parent().filter(|parent| !parent.as_os_str().is_empty()) {
        create_folder(parent)?;
    }
    match fs::create_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        made => made.and_then(|()| sync_folder(folder.parent())),
    }
}

//! Files and folders that must survive a power cut.

use std::fs::File;
use std::path::Path;

use crate::log::LogError;

/// Has a file's content, or a folder's list of names, on the disk.
pub(super) fn sync(path: &Path) -> Result<(), LogError> {
    let file = File::open(path).map_err(error("open", path))?;
    file.sync_all().map_err(error("sync", path))
}

/// Turns what the system said about `path` into an error.
pub(super) fn error(action: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> LogError + use<> {
    let path = path.display().to_string();
    move |error| LogError::Io { action, path, reason: error.to_string() }
}

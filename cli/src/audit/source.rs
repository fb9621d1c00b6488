//! Where published logs are: in a folder, in the folder above several, or on a server.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use soticket_ledger::proof::{FolderFiles, PublishedFiles, PublishedLog, PublishedOf};

use super::http::HttpFiles;
use crate::failure::{Exit, Failure};

/// The published logs at a source; the cooperative's first, which says what it has seen of the others.
///
/// # Errors
/// There is none, or it cannot be read.
pub(crate) fn published(source: &str, token: Option<&str>) -> Result<Vec<PublishedLog>, Failure> {
    let is_url = source.starts_with("http://") || source.starts_with("https://");
    let mut logs = if is_url {
        vec![open(source, Arc::new(HttpFiles::new(source, token)))?]
    } else {
        in_folder(Path::new(source))?
    };
    if logs.is_empty() || logs.iter().all(|log| log.newest.is_none() && log.size == 0) {
        let message =
            format!("{source} holds no published log: name the folder of one, or the one above several");
        return Err(Failure::new(Exit::Data, "PUBLISHED_ABSENT", message));
    }
    logs.sort_by_key(|log| log.of);
    Ok(logs)
}

/// The published logs of a data folder; none where nothing was published.
pub(crate) fn in_folder(folder: &Path) -> Result<Vec<PublishedLog>, Failure> {
    let is_log = |folder: &Path| folder.join("tile").is_dir() || folder.join("checkpoint").is_file();
    let folders: Vec<PathBuf> = if is_log(folder) {
        vec![folder.to_owned()]
    } else {
        let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
        entries.map(|entry| entry.path()).filter(|path| is_log(path)).collect()
    };
    let mut logs = Vec::new();
    for folder in folders {
        logs.push(open(&folder.display().to_string(), Arc::new(FolderFiles(folder)))?);
    }
    Ok(logs)
}

fn open(place: &str, files: Arc<dyn PublishedFiles>) -> Result<PublishedLog, Failure> {
    PublishedLog::open(files)
        .map_err(|reason| Failure::new(Exit::Data, "PUBLISHED_UNREADABLE", format!("{place}: {reason}")))
}

/// Whether it is the cooperative's.
pub(crate) fn is_cooperative(log: &PublishedLog) -> bool {
    log.of == PublishedOf::Cooperative
}

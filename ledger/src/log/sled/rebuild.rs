//! Ways out of a refusal that lose nothing: rebuilding the engine's snapshot, and the head file.

use std::path::{Path, PathBuf};

use serde::Serialize;
use soticket_schema::OrganisationId;

use super::head_file::HeadFile;
use super::mark::Marks;
use super::open::{self, Layout};
use super::store::Store;
use super::tail::heads_without_tail;
use super::totals::Totals;
use super::verified::check_newest;
use super::{SledLog, SledOptions, files};
use crate::log::{Head, Log, LogError};

/// What a repair did and found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RepairReport {
    /// Where files were moved before rebuilding them.
    pub set_aside: Vec<PathBuf>,
    /// Every organisation's head, all links checked: to be compared with receipts or checkpoints.
    pub heads: Vec<(OrganisationId, Head)>,
}

/// Lets the storage engine rebuild its snapshot from its log, and checks everything. For `LOG_STORE_DAMAGED`.
///
/// # Errors
/// The snapshot was not what is damaged: it is put back, and the data folder must be restored from a backup.
pub fn repair(dir: &Path, options: &SledOptions) -> Result<RepairReport, LogError> {
    let layout = Layout::of(dir);
    let lock = open::lock(&layout)?;
    let moved = move_snapshots(&layout)?;
    // The folder is opened as ever from here on, which takes the lock itself.
    drop(lock);
    match open_and_check_all(dir, &layout, options) {
        Ok(log) => {
            let set_aside = moved.into_iter().map(|(_, aside)| aside).collect();
            Ok(RepairReport { set_aside, heads: log.heads() })
        }
        Err(error) => {
            for (original, aside) in moved {
                std::fs::rename(&aside, &original).map_err(files::error("restore", &original))?;
            }
            Err(error)
        }
    }
}

/// Moves the engine's snapshots out of its sight, and returns where from and where to.
fn move_snapshots(layout: &Layout) -> Result<Vec<(PathBuf, PathBuf)>, LogError> {
    let entries = std::fs::read_dir(&layout.store).map_err(files::error("read", &layout.store))?;
    let mut moved = Vec::new();
    for entry in entries {
        let entry = entry.map_err(files::error("read", &layout.store))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with("snap.") {
            let aside = layout.dir.join(format!("repair-{name}"));
            std::fs::rename(entry.path(), &aside).map_err(files::error("move", &entry.path()))?;
            moved.push((entry.path(), aside));
        }
    }
    files::sync(&layout.store)?;
    files::sync(&layout.dir)?;
    Ok(moved)
}

/// Makes a new head file from the data, after checking every link from the genesis on. For a lost or damaged head
/// file only: whether the newest records are missing cannot be told without it, so the heads returned must be
/// compared with receipts or checkpoints before the ledger is used.
///
/// # Errors
/// The data itself is damaged.
pub fn rebuild_head(dir: &Path, options: &SledOptions) -> Result<RepairReport, LogError> {
    let layout = Layout::of(dir);
    let lock = open::lock(&layout)?;
    if !layout.store.join("db").exists() {
        let detail = format!("{} does not exist", layout.store.join("db").display());
        return Err(LogError::BehindHead { detail });
    }
    let totals = totals_before_last_commit(&layout, options)?;
    let mut set_aside = Vec::new();
    if layout.head.exists() {
        let aside = dir.join("repair-head");
        std::fs::rename(&layout.head, &aside).map_err(files::error("move", &layout.head))?;
        set_aside.push(aside);
    }
    // Not under the name that a start takes for an interrupted creation.
    let fresh = dir.join("head.rebuilt");
    HeadFile::create(&fresh, &totals)?;
    std::fs::rename(&fresh, &layout.head).map_err(files::error("rename", &fresh))?;
    files::sync(dir)?;
    drop(lock);
    let log = open_and_check_all(dir, &layout, options)?;
    Ok(RepairReport { set_aside, heads: log.heads() })
}

/// What the head file said before the newest commit that the data holds. Whether that commit is whole is left to
/// opening, which adopts or removes it.
fn totals_before_last_commit(layout: &Layout, options: &SledOptions) -> Result<Totals, LogError> {
    let store = Store::open(&layout.store, options)?;
    let mut newest = 0;
    for organisation in store.organisations()? {
        let last = store.last_page(organisation)?;
        newest = last.map_or(newest, |page| newest.max(page.stamp.commit));
    }
    let commit = u64::saturating_sub(newest, 1);
    let (heads, _) = heads_without_tail(&store, commit)?;
    check_newest(&store, &heads, &mut Marks::default(), u64::MAX)?;
    let mut totals = Totals { commit, ..Totals::default() };
    heads.iter().for_each(|(&organisation, &head)| totals.advance(organisation, None, head));
    Ok(totals)
}

fn open_and_check_all(dir: &Path, layout: &Layout, options: &SledOptions) -> Result<SledLog, LogError> {
    if layout.verified.exists() {
        std::fs::remove_file(&layout.verified).map_err(files::error("remove", &layout.verified))?;
    }
    SledLog::open(dir, &SledOptions { open_check_bytes: u64::MAX, ..options.clone() })
}

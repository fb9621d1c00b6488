//! Opens a data folder, or creates one in steps that can each be the last before a crash.
//!
//! Creation leaves `head.new` first and renames it to `head` last. So: `head` means complete, `head.new` alone means
//! that creation was interrupted before anything was accepted, and data without either means that `head` was lost.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

use parking_lot::{Mutex, RwLock};

use super::head_file::HeadFile;
use super::mark::Marks;
use super::store::Store;
use super::tail::settle;
use super::totals::Totals;
use super::{Committer, SledLog, SledOptions, files, verified};
use crate::log::LogError;

/// The files of a data folder.
#[derive(Debug)]
pub(super) struct Layout {
    pub(super) dir: PathBuf,
    pub(super) lock: PathBuf,
    pub(super) head: PathBuf,
    pub(super) head_new: PathBuf,
    pub(super) verified: PathBuf,
    pub(super) store: PathBuf,
}

impl Layout {
    pub(super) fn of(dir: &Path) -> Self {
        let [lock, head, head_new, verified, store] =
            ["lock", "head", "head.new", "verified", "log"].map(|name| dir.join(name));
        Self { dir: dir.to_owned(), lock, head, head_new, verified, store }
    }

    /// Whether anything but an interrupted creation has left data here.
    fn has_data(&self) -> bool {
        self.store.join("db").exists() || self.verified.exists()
    }
}

pub(super) fn open(dir: &Path, options: &SledOptions) -> Result<SledLog, LogError> {
    let layout = Layout::of(dir);
    let lock = lock(&layout)?;
    if !layout.head.exists() {
        if !layout.head_new.exists() && layout.has_data() {
            return Err(LogError::HeadFileMissing { path: layout.head.display().to_string() });
        }
        create(&layout, options)?;
    }
    open_existing(&layout, options, lock)
}

/// Takes the folder for this process, creating it if there is none.
pub(super) fn lock(layout: &Layout) -> Result<File, LogError> {
    let dir = &layout.dir;
    if !dir.exists() {
        std::fs::create_dir_all(dir).map_err(files::error("create", dir))?;
        let parent = dir.canonicalize().map_err(files::error("find", dir))?;
        parent.parent().map_or(Ok(()), files::sync)?;
    }
    let mut open = File::options();
    let file = open.create(true).truncate(false).write(true).open(&layout.lock);
    let file = file.map_err(files::error("open", &layout.lock))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(LogError::Locked { path: dir.display().to_string() }),
        Err(TryLockError::Error(error)) => Err(files::error("lock", &layout.lock)(error)),
    }
}

/// Creates an empty ledger; a crash anywhere in here is taken up again on the next start.
fn create(layout: &Layout, options: &SledOptions) -> Result<(), LogError> {
    HeadFile::create(&layout.head_new, &Totals::default())?;
    files::sync(&layout.dir)?;
    let store = match Store::open(&layout.store, options) {
        // Half of a database that never held anything; kept aside rather than deleted.
        Err(LogError::StoreDamaged { .. }) => {
            set_aside(layout)?;
            Store::open(&layout.store, options)?
        }
        opened => opened?,
    };
    if !store.is_empty()? {
        return Err(LogError::HeadFileMissing { path: layout.head.display().to_string() });
    }
    store.sync_all()?;
    drop(store);
    files::sync(&layout.dir)?;
    std::fs::rename(&layout.head_new, &layout.head).map_err(files::error("rename", &layout.head_new))?;
    files::sync(&layout.dir)
}

fn set_aside(layout: &Layout) -> Result<(), LogError> {
    let mut names = (1..).map(|number| layout.dir.join(format!("log.incomplete-{number}")));
    let Some(free) = names.find(|name| !name.exists()) else { return Ok(()) };
    std::fs::rename(&layout.store, &free).map_err(files::error("rename", &layout.store))
}

/// Opens a store that held nothing yet when it was opened last. A power cut while the engine wrote its own first
/// entries can leave half of them; what it leaves is set aside, as creation does. Nothing was ever acknowledged.
fn open_unused(layout: &Layout, options: &SledOptions) -> Result<Store, LogError> {
    let opened = Store::open(&layout.store, options);
    match opened.and_then(|store| store.organisations().map(|_| store)) {
        Err(LogError::StoreDamaged { reason, .. }) => {
            tracing::warn!(reason, "an empty store that a power cut left in halves is set aside");
            set_aside(layout)?;
            let store = Store::open(&layout.store, options)?;
            store.sync_all()?;
            files::sync(&layout.dir)?;
            Ok(store)
        }
        opened => opened,
    }
}

fn open_existing(layout: &Layout, options: &SledOptions, lock: File) -> Result<SledLog, LogError> {
    let (file, found) = HeadFile::open(&layout.head)?;
    let unused = found.is_as_created() && !layout.verified.exists();
    // The engine would create an empty database in place of a missing one: that is right where setting an empty one
    // aside was interrupted.
    if !layout.store.join("db").exists() && !unused {
        let detail = format!("{} does not exist", layout.store.join("db").display());
        return Err(LogError::BehindHead { detail });
    }
    let store = if unused { open_unused(layout, options) } else { Store::open(&layout.store, options) }?;
    // The engine renames its snapshot without syncing the folder.
    files::sync(store.path())?;
    let (heads, totals) = settle(&store, &file, &found)?;
    file.heal(&found, &totals)?;
    let mut marks = Marks::load(&layout.verified);
    marks.restrict(&heads);
    verified::check_newest(&store, &heads, &mut marks, options.open_check_bytes)?;
    marks.save(&layout.verified);
    let unmerged = heads.iter().filter(|(organisation, head)| marks.get(**organisation).merged < head.length);
    let unmerged = unmerged.map(|(organisation, _)| *organisation).collect();
    Ok(SledLog {
        store: store.into(),
        heads: RwLock::new(heads),
        committer: Mutex::new(Committer { file, totals, unmerged }),
        marks: Mutex::new(marks),
        marks_path: layout.verified.clone(),
        _lock: lock,
    })
}

//! The sled database: opened without letting a panic through, written by one thread, synced on our own file handle.

use std::fs::File;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use parking_lot::Mutex;
use sled::{Db, IVec, Tree};

use super::changes::Changes;
use super::engine::{Watch, panic_message};
use super::page::KeyBytes;
use super::{SledOptions, files};
use crate::log::LogError;

/// Most bytes, and most operations, that are written between two syncs.
///
/// sled frees a segment once what replaced it has been *written*, and writes into it again one or two segments later.
/// A power cut may keep the second write and lose the first, unless the first was synced in between. An operation
/// can rewrite a leaf of about 110 KiB, but only every tenth on the same leaf does: measured, 64 full pages write
/// 1.5 MiB for one organisation, and 32 pages 1.9 MiB when spread over 100. All stays below one segment of 8 MiB.
pub(super) const WINDOW_BYTES: usize = 256 * 1024;
pub(super) const WINDOW_OPERATIONS: usize = 64;

/// A quarter of a segment must hold a leaf, of up to 26 values of 4 KiB, or the engine moves it into a file.
const SEGMENT_BYTES_MIN: usize = 512 * 1024;

/// How long the engine's own lock is waited for, and how often it is tried.
const LOCK_PATIENCE: Duration = Duration::from_secs(10);
const LOCK_PAUSE: Duration = Duration::from_millis(20);

/// One database for the pages of all organisations and what lies beside them.
#[derive(Debug)]
pub(super) struct Store {
    path: PathBuf,
    /// What writing takes; whoever writes holds it.
    engine: Mutex<Engine>,
    sync_limit: Duration,
    unsynced: AtomicUsize,
    failed: Arc<OnceLock<String>>,
    pages: Tree,
    side: Tree,
}

/// Which tree is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// Pages of records.
    Pages,
    /// Values beside the log.
    Side,
}

#[derive(Debug)]
struct Engine {
    db: Db,
    /// Held for life: an error while the system writes back is reported to handles that were open then.
    file: File,
    watch: Watch,
}

impl Store {
    /// Opens or creates the database in `path`. What an earlier process wrote is synced first: the engine may write
    /// over segments whose replacement it has read back from memory only.
    pub(super) fn open(path: &Path, options: &SledOptions) -> Result<Self, LogError> {
        refuse_blobs(path)?;
        let file = path.join("db");
        if file.exists() {
            files::sync(&file)?;
        }
        let config = sled::Config::new()
            .path(path)
            .cache_capacity(options.cache_bytes)
            .segment_size(options.segment_bytes.max(SEGMENT_BYTES_MIN))
            .flush_every_ms(None);
        let open = || {
            let db = config.open()?;
            let (pages, side) = (db.open_tree("pages")?, db.open_tree("vault")?);
            Ok((db, pages, side))
        };
        let (db, pages, side) = unlocked(|| match catch_unwind(AssertUnwindSafe(open)) {
            Ok(Ok(opened)) => Ok(opened),
            Ok(Err(error)) => Err(open_error(path, &error)),
            Err(panic) => Err(damaged(path, &panic_message(panic.as_ref()))),
        })?;
        let file = File::options().read(true).write(true).open(&file).map_err(files::error("open", &file))?;
        let failed = Arc::new(OnceLock::new());
        let closed = Arc::clone(&failed);
        let close = move |reason: String| {
            tracing::error!(code = "LOG_SYNC_FAILED", "the log is closed: {reason}");
            drop(closed.set(reason));
        };
        let watch =
            Watch::start(options.sync_limit, close).map_err(files::error("start a thread for", path))?;
        Ok(Self {
            path: path.to_owned(),
            engine: Mutex::new(Engine { db, file, watch }),
            sync_limit: options.sync_limit,
            unsynced: AtomicUsize::new(0),
            failed,
            pages,
            side,
        })
    }

    /// Where the database is.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Refuses once something has failed.
    pub(super) fn check(&self) -> Result<(), LogError> {
        self.failed.get().map_or(Ok(()), |reason| Err(LogError::Poisoned { reason: reason.clone() }))
    }

    /// Closes the store for good because of `error`, and returns it.
    pub(super) fn fail(&self, error: LogError) -> LogError {
        tracing::error!(code = error.code(), "the log is closed: {error}");
        let _ = self.failed.set(error.to_string());
        error
    }

    /// Applies changes; with `sync`, they and everything before them are on the disk on return.
    pub(super) fn write(&self, part: Part, changes: Changes, sync: bool) -> Result<(), LogError> {
        // A lock that stays taken means that the thread that holds it hangs.
        let Some(engine) = self.engine.try_lock_for(self.sync_limit) else {
            self.check()?;
            return Err(self.fail(LogError::SyncFailed { reason: "the storage engine is busy".to_owned() }));
        };
        self.check()?;
        let done = engine.watch.over(|| engine.perform(self.tree(part), changes, sync));
        done.map_err(|reason| self.fail(LogError::SyncFailed { reason }))?;
        self.check()?;
        if sync {
            self.unsynced.store(0, Ordering::Relaxed);
        }
        Ok(())
    }

    /// Applies changes of about `bytes` that a later sync may cover, unless too much is waiting for one already.
    pub(super) fn write_buffered(&self, part: Part, changes: Changes, bytes: usize) -> Result<(), LogError> {
        let waiting = self.unsynced.fetch_add(bytes, Ordering::Relaxed) + bytes;
        self.write(part, changes, waiting >= WINDOW_BYTES / 2)
    }

    pub(super) fn get(&self, part: Part, key: &[u8]) -> Result<Option<IVec>, LogError> {
        self.guard(|| self.tree(part).get(key))
    }

    /// The first entry of all.
    pub(super) fn first(&self) -> Result<Option<(IVec, IVec)>, LogError> {
        self.guard(|| self.pages.first())
    }

    /// The last entry before `key`.
    pub(super) fn before(&self, key: &KeyBytes) -> Result<Option<(IVec, IVec)>, LogError> {
        self.guard(|| self.pages.get_lt(key))
    }

    /// The first entry behind `key`.
    pub(super) fn behind(&self, key: &KeyBytes) -> Result<Option<(IVec, IVec)>, LogError> {
        self.guard(|| self.pages.get_gt(key))
    }

    /// The entries from `from` up to and without `to`, to be advanced with [`Self::advance`].
    pub(super) fn range(&self, from: &KeyBytes, to: &KeyBytes) -> sled::Iter {
        self.pages.range(from.as_slice()..to.as_slice())
    }

    /// The entries of the side tree whose key begins with `prefix`.
    pub(super) fn side_prefix(&self, prefix: &[u8]) -> sled::Iter {
        self.side.scan_prefix(prefix)
    }

    /// The entries of the side tree up to `key`.
    pub(super) fn side_until(&self, key: &[u8]) -> sled::Iter {
        self.side.range(..=key)
    }

    /// The last entry that `entries` has left.
    pub(super) fn retreat(&self, entries: &mut sled::Iter) -> Result<Option<(IVec, IVec)>, LogError> {
        self.guard(|| entries.next_back().transpose())
    }

    /// Reads an entry that an iteration has come upon once more. sled evicts nothing from a shard of its cache before
    /// 64 accesses, of which an iteration makes one per leaf: measured, a scan held 500 MiB, and 80 MiB with this.
    pub(super) fn touch(&self, key: &[u8]) -> Result<(), LogError> {
        self.guard(|| self.pages.contains_key(key).map(drop))
    }

    pub(super) fn advance(&self, entries: &mut sled::Iter) -> Result<Option<(IVec, IVec)>, LogError> {
        self.guard(|| entries.next().transpose())
    }

    /// Whether nothing was ever stored.
    pub(super) fn is_empty(&self) -> Result<bool, LogError> {
        self.guard(|| Ok(self.pages.first()?.is_none() && self.side.first()?.is_none()))
    }

    fn tree(&self, part: Part) -> &Tree {
        match part {
            Part::Pages => &self.pages,
            Part::Side => &self.side,
        }
    }

    /// Runs a read. The engine panics on some damage instead of returning an error; after either, its state in
    /// memory cannot be relied on any more.
    fn guard<T>(&self, read: impl FnOnce() -> sled::Result<T>) -> Result<T, LogError> {
        self.check()?;
        match catch_unwind(AssertUnwindSafe(read)) {
            Ok(Ok(value)) => Ok(value),
            Ok(Err(error)) => Err(self.fail(damaged(&self.path, &error.to_string()))),
            Err(panic) => Err(self.fail(damaged(&self.path, &panic_message(panic.as_ref())))),
        }
    }

    /// Has everything written so far on the disk, including the engine's own bookkeeping.
    pub(super) fn sync_all(&self) -> Result<(), LogError> {
        self.write(Part::Pages, Changes::default(), true)?;
        for file in ["conf", "db", "blobs", ""] {
            files::sync(&self.path.join(file))?;
        }
        Ok(())
    }
}

impl Engine {
    /// A crash before the sync returns leaves the changes or not; the head file tells whether it counts.
    fn perform(&self, tree: &Tree, changes: Changes, sync: bool) -> Result<(), String> {
        changes.apply(tree).map_err(|error| error.to_string())?;
        if sync {
            self.db.flush().map_err(|error| error.to_string())?;
            self.file.sync_data().map_err(|error| error.to_string())?;
        }
        Ok(())
    }
}

/// Opens again for a while as long as the engine's own lock is taken. The folder's lock is ours already: nobody else has the
/// store, but threads of an engine that was closed a moment ago may let go of the file after its handle is gone.
fn unlocked<T>(open: impl Fn() -> Result<T, LogError>) -> Result<T, LogError> {
    let begun = Instant::now();
    loop {
        match open() {
            Err(LogError::Locked { .. }) if begun.elapsed() < LOCK_PATIENCE => std::thread::sleep(LOCK_PAUSE),
            opened => return opened,
        }
    }
}

/// The engine moves large values into files that it never syncs; ours are too small for that, so a file is damage.
fn refuse_blobs(path: &Path) -> Result<(), LogError> {
    let blobs = path.join("blobs");
    if !blobs.exists() {
        return Ok(());
    }
    let mut entries = std::fs::read_dir(&blobs).map_err(files::error("read", &blobs))?;
    match entries.next() {
        None => Ok(()),
        Some(_) => Err(LogError::BlobsPresent { path: blobs.display().to_string() }),
    }
}

fn open_error(path: &Path, error: &sled::Error) -> LogError {
    let reason = error.to_string();
    if reason.contains("could not acquire lock") {
        return LogError::Locked { path: path.display().to_string() };
    }
    damaged(path, &reason)
}

fn damaged(path: &Path, reason: &str) -> LogError {
    LogError::StoreDamaged { path: path.display().to_string(), reason: reason.to_owned() }
}

//! The log on one machine: sled 0.34, made safe against what it does not promise.
//!
//! ```text
//! <dir>/lock       held while a process has the folder open
//! <dir>/head       how far the data was acknowledged            (head_file.rs)
//! <dir>/verified   how far the links were checked; disposable   (mark.rs)
//! <dir>/log/       the sled database: pages of records          (page.rs), values beside them (side.rs)
//! ```
//! A commit is pages, flush, fdatasync, slot of the head file, fdatasync, acknowledgement, in this order. The head
//! file is the commit point: data that it does not cover was never acknowledged (tail.rs).

use std::collections::BTreeSet;
use std::fs::File;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use parking_lot::{Mutex, RwLock};
use soticket_schema::OrganisationId;

use super::{Append, Head, Log, LogError, MergeReport, Run, plan};
use head_file::HeadFile;
use mark::Marks;
use reader::PageWalk;
use store::Store;
use tail::Heads;
use totals::Totals;

mod changes;
mod commit;
mod engine;
mod files;
mod head_file;
mod links;
mod mark;
mod merge;
mod open;
mod pack;
mod page;
mod reader;
mod rebuild;
mod side;
mod store;
mod tail;
#[cfg(test)]
mod tests;
mod totals;
mod verified;

pub use rebuild::{RepairReport, rebuild_head, repair};
pub use side::{SideEntry, SideStore};
pub use verified::VerifyProgress;

/// How the log is opened.
#[derive(Debug, Clone)]
pub struct SledOptions {
    /// Bytes of pages kept in memory.
    pub cache_bytes: u64,
    /// Bytes that the engine allocates and frees together; a folder keeps what it was created with. Large, so that
    /// what is written between two syncs never comes around to a segment that was freed meanwhile. At least 512 KiB:
    /// with less, the engine would move its leaves into files that it never syncs.
    pub segment_bytes: usize,
    /// How long a flush may take before the log is closed.
    pub sync_limit: Duration,
    /// Most record bytes whose links are checked before opening returns; the rest is left to
    /// [`SledLog::verify_rest`].
    pub open_check_bytes: u64,
}

impl Default for SledOptions {
    fn default() -> Self {
        Self {
            cache_bytes: 64 << 20,
            segment_bytes: 8 << 20,
            sync_limit: Duration::from_secs(30),
            open_check_bytes: 64 << 20,
        }
    }
}

/// The log of a data folder.
#[derive(Debug)]
pub struct SledLog {
    store: Arc<Store>,
    /// Durable heads: what readers may see.
    heads: RwLock<Heads>,
    committer: Mutex<Committer>,
    marks: Mutex<Marks>,
    marks_path: PathBuf,
    _lock: File,
}

/// What only one thread at a time may touch.
#[derive(Debug)]
struct Committer {
    file: HeadFile,
    totals: Totals,
    /// Organisations whose newest pages were not looked at for merging yet.
    unmerged: BTreeSet<OrganisationId>,
}

impl SledLog {
    /// Opens the log in `dir`, or creates it when there is nothing.
    ///
    /// # Errors
    /// A named refusal whenever anything that was acknowledged is missing, damaged or unaccounted for.
    pub fn open(dir: &Path, options: &SledOptions) -> Result<Self, LogError> {
        open::open(dir, options)
    }

    /// The store of values that become durable with the next commit.
    pub fn side_store(&self) -> SideStore {
        SideStore::new(Arc::clone(&self.store))
    }

    /// The durable head or, without records, the genesis head.
    fn head_or_genesis(&self, organisation: OrganisationId) -> Head {
        self.head(organisation).unwrap_or_else(|| Head::genesis(organisation))
    }
}

impl Log for SledLog {
    fn heads(&self) -> Vec<(OrganisationId, Head)> {
        let heads = self.heads.read();
        let mut heads: Vec<_> = heads.iter().map(|(&organisation, &head)| (organisation, head)).collect();
        heads.sort_unstable_by_key(|(organisation, _)| *organisation);
        heads
    }

    fn head(&self, organisation: OrganisationId) -> Option<Head> {
        self.heads.read().get(&organisation).copied()
    }

    fn commit(&self, appends: &[Append]) -> Result<(), LogError> {
        let mut committer = self.committer.lock();
        self.store.check()?;
        let next = plan::heads_after(appends, |organisation| self.head(organisation))?;
        if next.is_empty() {
            return Ok(());
        }
        commit::commit(&self.store, &mut committer, &self.heads, appends, next)
    }

    fn check(&self) -> Result<(), LogError> {
        self.store.check()
    }

    fn read_runs(
        &self,
        organisation: OrganisationId,
        from: u64,
        visit: &mut dyn FnMut(Run<'_>) -> ControlFlow<()>,
    ) -> Result<(), LogError> {
        self.store.check()?;
        // Pages behind the durable head belong to a commit in progress, and always begin exactly at it.
        let until = self.head_or_genesis(organisation).length;
        let mut pages = PageWalk::new(&self.store, organisation, from, until);
        let mut next = from;
        while let Some(page) = pages.next()? {
            let run = page.run().starting_at(organisation, next)?;
            next = page.end();
            if visit(run).is_break() {
                break;
            }
        }
        Ok(())
    }

    fn merge_small_pages(&self, budget: usize) -> Result<MergeReport, LogError> {
        merge::merge(self, budget)
    }
}

impl Drop for SledLog {
    fn drop(&mut self) {
        if self.store.check().is_ok() {
            self.marks.lock().save(&self.marks_path);
        }
    }
}

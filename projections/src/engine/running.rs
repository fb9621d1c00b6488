//! The running projections: what the follower and the callers share.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use parking_lot::{Mutex, RwLock};
use rustc_hash::FxHashMap;
use soticket_schema::{Hash, OrganisationId};

use super::organisation::Organisation;
use super::snapshot;
use super::source::Source;
use super::views::OrganisationViews;

/// What the follower and the callers share.
pub(super) struct Running {
    pub(super) source: Box<dyn Source>,
    pub(super) snapshots: Option<PathBuf>,
    pub(super) snapshot_every: u64,
    pub(super) organisations: RwLock<FxHashMap<OrganisationId, Arc<Organisation>>>,
    pub(super) stop: AtomicBool,
    /// Held while snapshots are written: one writer at a time.
    pub(super) writing: Mutex<()>,
}

impl Running {
    pub(super) fn organisation(&self, id: OrganisationId) -> Option<Arc<Organisation>> {
        self.organisations.read().get(&id).cloned()
    }

    /// The organisation's views; made from snapshots, or empty, when its first entry is met.
    pub(super) fn organisation_or_new(&self, id: OrganisationId) -> Arc<Organisation> {
        if let Some(known) = self.organisation(id) {
            return known;
        }
        let organisation = Arc::new(Organisation::new(self.restore(id), id));
        Arc::clone(self.organisations.write().entry(id).or_insert(organisation))
    }

    /// The views as the snapshots have them. A snapshot counts only if the log has the entry that it was taken at.
    fn restore(&self, id: OrganisationId) -> OrganisationViews {
        let mut views = OrganisationViews::new(id);
        if let Some(snapshots) = &self.snapshots {
            let folder = snapshot::folder(snapshots, id);
            views.restore(|feed| {
                let (next, head) = snapshot::load(&folder, id, feed)?;
                self.has(id, next, head).then_some((next, head))
            });
        }
        views
    }

    fn has(&self, id: OrganisationId, next: u64, head: Hash) -> bool {
        let Some(last) = next.checked_sub(1) else { return false };
        // A log that ends before the snapshot is another log: reading there would be an error.
        self.source.recorded(id) >= next
            && self.source.read_at(id, &[last]).is_ok_and(|entries| {
                entries.first().is_some_and(|entry| entry.envelope.position == last && entry.hash == head)
            })
    }

    /// Starts writing the snapshots that are due, in a thread of their own so that folding goes on.
    pub(super) fn write_due_snapshots(self: &Arc<Self>) {
        let due = |organisation: &Arc<Organisation>| {
            organisation.folded().saturating_sub(*organisation.snapshot.lock()) >= self.snapshot_every
        };
        if self.snapshots.is_none()
            || !self.organisations.read().values().any(due)
            || self.writing.is_locked()
        {
            return;
        }
        let running = Arc::clone(self);
        std::thread::spawn(move || running.write_snapshots(running.snapshot_every));
    }

    /// Writes snapshots of every organisation that grew by at least `grown` since its last ones.
    ///
    /// Each read model is encoded under the lock at its own moment and written without it: their positions may differ,
    /// which the next start takes into account. A crash in between costs time at that start, nothing else.
    pub(super) fn write_snapshots(&self, grown: u64) {
        let Some(snapshots) = &self.snapshots else { return };
        let _writing = self.writing.lock();
        let organisations: Vec<_> = self.organisations.read().values().cloned().collect();
        for organisation in organisations {
            let folded = organisation.folded();
            let since = folded.saturating_sub(*organisation.snapshot.lock());
            if since == 0 || since < grown {
                continue;
            }
            let folder = snapshot::folder(snapshots, organisation.id);
            match write_all(&organisation, &folder) {
                Ok(()) => *organisation.snapshot.lock() = folded,
                Err(error) => {
                    tracing::warn!(organisation = %organisation.id, %error, "snapshot not written: the next start reads more of the log");
                }
            }
        }
    }
}

fn write_all(organisation: &Organisation, folder: &std::path::Path) -> std::io::Result<()> {
    for index in 0..super::views::COUNT {
        let views = organisation.views.read();
        let Some(feed) = views.feeds().get(index).copied() else { continue };
        let name = feed.name();
        let bytes = snapshot::encode(organisation.id, feed, views.folded(), views.head());
        drop(views);
        snapshot::write(folder, name, &bytes)?;
    }
    Ok(())
}

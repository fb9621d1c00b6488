//! One organisation's projections while they run: the views, how far they are, and why they stopped if they did.

use std::time::Instant;

use parking_lot::{Condvar, Mutex, RwLock};
use soticket_schema::OrganisationId;
use tokio::sync::watch;

use super::views::OrganisationViews;

/// One organisation's running projections.
#[derive(Debug)]
pub(super) struct Organisation {
    pub(super) id: OrganisationId,
    pub(super) views: RwLock<OrganisationViews>,
    /// Entries folded, for those who wait: in threads and in tasks.
    folded: Mutex<u64>,
    grown: Condvar,
    watched: watch::Sender<u64>,
    /// Entries folded when the last snapshots were written.
    pub(super) snapshot: Mutex<u64>,
    pub(super) failure: Mutex<Option<String>>,
}

impl Organisation {
    pub(super) fn new(views: OrganisationViews, id: OrganisationId) -> Self {
        let folded = views.folded();
        Self {
            id,
            views: RwLock::new(views),
            folded: Mutex::new(folded),
            grown: Condvar::new(),
            watched: watch::channel(folded).0,
            snapshot: Mutex::new(folded),
            failure: Mutex::new(None),
        }
    }

    /// Tells those who wait how far the views are now. Called after the lock on the views is gone, so that whoever
    /// wakes finds them.
    pub(super) fn announce(&self, folded: u64) {
        *self.folded.lock() = folded;
        self.grown.notify_all();
        self.watched.send_replace(folded);
    }

    pub(super) fn folded(&self) -> u64 {
        *self.folded.lock()
    }

    pub(super) fn watch(&self) -> watch::Receiver<u64> {
        self.watched.subscribe()
    }

    /// Waits until more than `position` entries are folded; false at the deadline.
    pub(super) fn wait(&self, position: u64, deadline: Instant) -> bool {
        let mut folded = self.folded.lock();
        while *folded <= position {
            if self.grown.wait_until(&mut folded, deadline).timed_out() {
                return *folded > position;
            }
        }
        true
    }
}

//! Two threads take turns. Each decides a round and then commits it itself: a lone command is decided, made durable
//! and answered without passing from thread to thread, and under load one thread decides while the other syncs.

use std::sync::Arc;
use std::thread;

use parking_lot::Mutex;

use super::committer::Committer;
use super::decider::Decider;
use super::{Organisations, Shared};

/// What the threads take turns at. Whoever holds both locks takes `decider` first.
pub(super) struct Turns {
    shared: Arc<Shared>,
    decider: Mutex<Decider>,
    committer: Mutex<Committer>,
}

impl Turns {
    pub(super) fn new(shared: Arc<Shared>, decider: Decider, committer: Committer) -> Self {
        Self { shared, decider: Mutex::new(decider), committer: Mutex::new(committer) }
    }

    /// Takes turns until nobody can send commands any more, or the ledger has failed.
    pub(super) fn run(&self) {
        while self.turn() {}
    }

    /// One round from its commands to its answers; false when there is no more to do.
    ///
    /// After a failure the rounds that were decided are dropped unanswered: the callers learn that the ledger stopped,
    /// and whether their commands are durable shows at the restart.
    fn turn(&self) -> bool {
        let mut decider = self.decider.lock();
        if self.shared.has_failed() {
            return false;
        }
        let round = match self.watched(|| decider.next_round()) {
            Ok(Some(round)) => round,
            Ok(None) => return false,
            Err(error) => {
                self.shared.fail(error.code(), &error.to_string());
                return false;
            }
        };
        // Taken before the decider is let go: rounds are committed in the order in which they were decided. While the
        // other thread still syncs, what arrives waits in the queue for the next round (group commit).
        let mut committer = self.committer.lock();
        drop(decider);
        if self.shared.has_failed() {
            return false;
        }
        match self.watched(|| committer.commit(round)) {
            Ok(()) => true,
            Err(error) => {
                self.shared.fail(error.code(), &error.to_string());
                false
            }
        }
    }

    /// Does upkeep when nothing was committed since the last call, and notes when the log has failed by itself.
    pub(super) fn tick(&self) {
        if let Err(error) = self.shared.log.check() {
            self.shared.fail(error.code(), &error.to_string());
            return;
        }
        // A lock that is taken means that a commit is under way.
        let Some(mut committer) = self.committer.try_lock() else { return };
        if self.shared.has_failed() {
            return;
        }
        if let Err(error) = self.watched(|| committer.keep_up_when_idle()) {
            self.shared.fail(error.code(), &error.to_string());
        }
    }

    /// The organisations as the last round left them.
    pub(super) fn into_organisations(self) -> Organisations {
        self.decider.into_inner().into_organisations()
    }

    /// Runs `work` under the caller's lock. A panic stops the ledger before that lock is free again: the other thread
    /// must not build on what a broken round left behind.
    fn watched<T>(&self, work: impl FnOnce() -> T) -> T {
        let _alarm = Alarm(&self.shared);
        work()
    }
}

struct Alarm<'a>(&'a Shared);

impl Drop for Alarm<'_> {
    fn drop(&mut self) {
        if thread::panicking() {
            self.0.fail("WRITER_PANICKED", "a writer thread ended by a panic");
        }
    }
}

//! Feeding the views: catching up from the log, and following the batches as they become durable.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

use soticket_ledger::{Batch, Entry};

use super::organisation::Organisation;
use super::running::Running;
use super::views::Broken;

/// Entries per step while catching up: enough to hide the hand-over, few enough to stay in the cache.
const STEP: usize = 512;
/// Steps that the reading thread may be ahead.
const STEPS_AHEAD: usize = 8;
/// How long the follower sleeps when nothing comes, before it looks whether it shall stop.
const PAUSE: Duration = Duration::from_millis(20);
/// How often heads are compared: a batch that was left out is found then, if no later one tells of it.
const COMPARE: Duration = Duration::from_millis(200);

impl Running {
    /// Reads the organisation's log from where its views are to the end. One thread reads, checks and decodes while this
    /// one folds.
    ///
    /// # Errors
    /// The log cannot be read, or does not follow from what was folded. What was folded before stays.
    pub(super) fn catch_up(&self, organisation: &Organisation) -> Result<(), String> {
        let from = organisation.views.read().folded();
        let (send, steps) = sync_channel::<Vec<Entry>>(STEPS_AHEAD);
        // Entries go back to the thread that allocated them: freeing them here would fight over its memory.
        let (give_back, done) = channel::<Vec<Entry>>();
        thread::scope(|scope| {
            let reader = scope.spawn(move || self.read_steps(organisation, from, &send, &done));
            let mut folded = Ok(());
            for step in steps {
                folded = fold(organisation, &step).map_err(|broken| broken.to_string());
                // The reader may be through already: then the entries are freed here.
                let _ = give_back.send(step);
                if folded.is_err() {
                    break;
                }
            }
            drop(give_back);
            let read = reader.join().unwrap_or_else(|_| Err("the reading thread stopped".to_owned()));
            folded.and(read)
        })
    }

    fn read_steps(
        &self,
        organisation: &Organisation,
        from: u64,
        send: &std::sync::mpsc::SyncSender<Vec<Entry>>,
        done: &Receiver<Vec<Entry>>,
    ) -> Result<(), String> {
        let mut step = Vec::with_capacity(STEP);
        let read = self.source.read(organisation.id, from, &mut |entry| {
            step.push(entry);
            if step.len() < STEP {
                return true;
            }
            let mut empty = done.try_recv().unwrap_or_else(|_| Vec::with_capacity(STEP));
            empty.clear();
            send.send(std::mem::replace(&mut step, empty)).is_ok()
        });
        if !step.is_empty() {
            // Nobody takes it only if folding has failed, which says more.
            let _ = send.send(step);
        }
        read
    }

    /// Follows the batches until told to stop or the ledger is closed. A gap is never skipped: what is missing is read
    /// from the log.
    pub(super) fn follow(self: &Arc<Self>, batches: &Receiver<Arc<Batch>>) {
        let mut compared = Instant::now();
        while !self.stop.load(Ordering::Acquire) {
            match batches.recv_timeout(PAUSE) {
                Ok(batch) => self.take(&batch),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => break,
            }
            if compared.elapsed() >= COMPARE {
                self.compare_heads();
                self.write_due_snapshots();
                compared = Instant::now();
            }
        }
    }

    /// Folds a batch, or reads the log where it does not follow.
    fn take(&self, batch: &Batch) {
        let organisation = self.organisation_or_new(batch.organisation);
        match fold(&organisation, &batch.entries) {
            Ok(()) => *organisation.failure.lock() = None,
            Err(Broken::Gap { .. }) => self.catch_up_or_note(&organisation),
            Err(broken) => note(&organisation, broken.to_string()),
        }
    }

    /// Catches up every organisation that is behind its log.
    pub(super) fn compare_heads(&self) {
        let mut behind = 0;
        for (id, recorded) in self.source.heads() {
            let organisation = self.organisation_or_new(id);
            behind += recorded.saturating_sub(organisation.folded());
            if organisation.folded() < recorded {
                self.catch_up_or_note(&organisation);
            }
        }
        metrics::gauge!("soticket_projection_lag_events").set(u32::try_from(behind).unwrap_or(u32::MAX));
    }

    fn catch_up_or_note(&self, organisation: &Organisation) {
        match self.catch_up(organisation) {
            Ok(()) => *organisation.failure.lock() = None,
            Err(failure) => note(organisation, failure),
        }
    }
}

/// Folds entries into the views and tells those who wait.
fn fold(organisation: &Organisation, entries: &[Entry]) -> Result<(), Broken> {
    let mut views = organisation.views.write();
    let before = views.folded();
    let result = views.fold(entries);
    let folded = views.folded();
    drop(views);
    if folded > before {
        // Before those who wait are told: what they see is no failure any more.
        *organisation.failure.lock() = None;
        organisation.announce(folded);
        metrics::counter!("soticket_projection_events_total").increment(folded - before);
    }
    result
}

/// Keeps the reason why an organisation's views do not follow; it is tried again at the next comparison.
fn note(organisation: &Organisation, failure: String) {
    let mut known = organisation.failure.lock();
    if known.as_deref() != Some(failure.as_str()) {
        tracing::error!(organisation = %organisation.id, %failure, "projections do not follow the log");
    }
    *known = Some(failure);
}

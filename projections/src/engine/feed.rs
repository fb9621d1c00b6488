//! Feeding the views: catching up from the log, and following the batches as they become durable.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use soticket_ledger::Batch;

use super::organisation::Organisation;
use super::replay;
use super::running::Running;
use super::views::{Broken, OrganisationViews};

/// Entries that are replayed before others may look at the views: a fraction of what a person notices.
const STRETCH: u64 = 1 << 16;
/// How long the follower sleeps when nothing comes, before it looks whether it shall stop.
const PAUSE: Duration = Duration::from_millis(20);
/// How often heads are compared: a batch that was left out is found then, if no later one tells of it.
const COMPARE: Duration = Duration::from_millis(200);

impl Running {
    /// Replays the organisation's log from where its views are to the end.
    ///
    /// # Errors
    /// The log cannot be read, or does not follow from what was folded. What was folded before stays.
    pub(super) fn catch_up(&self, organisation: &Organisation) -> Result<(), String> {
        loop {
            let (from, recorded) = (organisation.folded(), self.source.recorded(organisation.id));
            let until = recorded.min(from.saturating_add(STRETCH));
            if from >= until {
                return Ok(());
            }
            let source = self.source.as_ref();
            fold(organisation, |views| replay::stretch(views, source, organisation.id, until))?;
            if organisation.folded() == from {
                return Ok(());
            }
        }
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
        match fold(&organisation, |views| views.fold(&batch.entries)) {
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

/// Has entries folded into the views and tells those who wait.
fn fold<E>(
    organisation: &Organisation,
    entries: impl FnOnce(&mut OrganisationViews) -> Result<(), E>,
) -> Result<(), E> {
    let mut views = organisation.views.write();
    let before = views.folded();
    let result = entries(&mut views);
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

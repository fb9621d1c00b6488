//! Feeds the read models: snapshots, catching up, following live, and what callers ask.

mod as_of;
mod digest;
mod feed;
mod moment;
mod organisation;
mod period;
mod plan;
mod remembered;
mod replay;
mod running;
mod snapshot;
mod source;
#[cfg(test)]
mod tests;
mod views;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use parking_lot::{Mutex, RwLock};
use soticket_ledger::Ledger;
use soticket_schema::OrganisationId;

pub use self::as_of::{AsOf, AsOfError, AsOfView};
pub use self::digest::ProjectionDigest;
use self::moment::Moments;
pub use self::period::{PeriodView, ShowAt};
use self::remembered::Remembered;
use self::running::Running;
pub(crate) use self::source::Source;
pub use self::views::OrganisationViews;

/// How projections are run.
#[derive(Debug, Clone)]
pub struct Options {
    /// Folder of the snapshots, such as `<data>/snapshots`; none to keep none.
    pub snapshots: Option<PathBuf>,
    /// Snapshots are written after so many events of an organisation, and at the end.
    pub snapshot_every: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self { snapshots: None, snapshot_every: 1_000_000 }
    }
}

/// Why projections do not start: stable code and what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StartError {
    /// A log cannot be read to its end; the text has its own code and what to do.
    #[error("PROJECTION_LOG_UNREADABLE: organisation {organisation}: {reason}")]
    Unreadable {
        /// The organisation.
        organisation: OrganisationId,
        /// What the log said.
        reason: String,
    },
    /// The system gives no thread.
    #[error("PROJECTION_THREAD: no thread to follow the log with: {0}")]
    Thread(String),
}

/// How far an organisation's projections are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrganisationStatus {
    /// The organisation.
    pub organisation: OrganisationId,
    /// Events folded; every link of the chain up to here was followed, or was when the snapshots were made.
    pub folded: u64,
    /// Events in the log.
    pub recorded: u64,
    /// Why it does not follow, if it does not: code and what to do.
    pub failure: Option<String>,
}

/// The running projections of a ledger. Dropping the last handle closes them.
pub struct Projections {
    running: Arc<Running>,
    follower: Mutex<Option<JoinHandle<()>>>,
    earlier: Remembered,
    moments: Moments,
}

impl std::fmt::Debug for Projections {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Projections").field("organisations", &self.organisations()).finish_non_exhaustive()
    }
}

impl Projections {
    /// Loads snapshots, catches up with the log, and follows it in a thread of its own. Blocks until caught up.
    ///
    /// # Errors
    /// See [`StartError`]. A snapshot that does not fit is no error: its projection is rebuilt.
    pub fn start(ledger: Ledger, options: Options) -> Result<Arc<Self>, StartError> {
        Self::start_from(Box::new(ledger), options)
    }

    pub(crate) fn start_from(source: Box<dyn Source>, options: Options) -> Result<Arc<Self>, StartError> {
        // Listening comes first: what becomes durable while catching up is met again, never missed.
        let batches = source.listen();
        let running = Arc::new(Running {
            source,
            snapshots: options.snapshots,
            snapshot_every: options.snapshot_every.max(1),
            organisations: RwLock::default(),
            stop: AtomicBool::new(false),
            writing: Mutex::new(()),
        });
        for (id, _) in running.source.heads() {
            let organisation = running.organisation_or_new(id);
            let caught_up = running.catch_up(&organisation);
            caught_up.map_err(|reason| StartError::Unreadable { organisation: id, reason })?;
        }
        let follower = Arc::clone(&running);
        let follower = std::thread::Builder::new()
            .name("projections".to_owned())
            .spawn(move || follower.follow(&batches))
            .map_err(|error| StartError::Thread(error.to_string()))?;
        Ok(Arc::new(Self {
            running,
            follower: Mutex::new(Some(follower)),
            earlier: Remembered::default(),
            moments: Moments::default(),
        }))
    }

    /// Organisations with at least one event, by id.
    pub fn organisations(&self) -> Vec<OrganisationId> {
        let mut ids: Vec<_> = self.running.organisations.read().keys().copied().collect();
        ids.sort_unstable();
        ids
    }

    /// Looks at one organisation's views, all at one position; none for an unknown organisation. New events wait
    /// meanwhile, so that `look` should only copy out what it needs.
    pub fn view<R>(
        &self,
        organisation: OrganisationId,
        look: impl FnOnce(&OrganisationViews) -> R,
    ) -> Option<R> {
        let organisation = self.running.organisation(organisation)?;
        let views = organisation.views.read();
        Some(look(&views))
    }

    /// Position of the last event folded; none for an unknown organisation.
    pub fn position(&self, organisation: OrganisationId) -> Option<u64> {
        self.running.organisation(organisation)?.folded().checked_sub(1)
    }

    /// Waits until the event at the position is folded; false when the time ran out.
    pub async fn wait_for(&self, organisation: OrganisationId, position: u64, timeout: Duration) -> bool {
        let folded = async {
            loop {
                if let Some(mut folded) = self.watch(organisation) {
                    return folded.wait_for(|folded| *folded > position).await.is_ok();
                }
                // The organisation's first event is not folded yet: there is nothing to watch.
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
        };
        tokio::time::timeout(timeout, folded).await.unwrap_or(false)
    }

    /// As [`Self::wait_for`], for threads.
    pub fn wait_for_blocking(&self, organisation: OrganisationId, position: u64, timeout: Duration) -> bool {
        let deadline = Instant::now() + timeout;
        loop {
            if let Some(organisation) = self.running.organisation(organisation) {
                return organisation.wait(position, deadline);
            }
            if Instant::now() >= deadline {
                return false;
            }
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    /// Number of events folded, as it grows: for subscriptions. None for an unknown organisation.
    pub fn watch(&self, organisation: OrganisationId) -> Option<tokio::sync::watch::Receiver<u64>> {
        self.running.organisation(organisation).map(|organisation| organisation.watch())
    }

    /// The digest of every projection of an organisation with the number of events folded; none for an unknown one.
    /// Encodes the whole state: new events wait meanwhile.
    pub fn digests(&self, organisation: OrganisationId) -> Option<(u64, Vec<ProjectionDigest>)> {
        self.view(organisation, |views| (views.folded(), views.feeds().map(digest::of).to_vec()))
    }

    /// How far every organisation is, by id.
    pub fn status(&self) -> Vec<OrganisationStatus> {
        let mut status: Vec<_> = self
            .running
            .source
            .heads()
            .into_iter()
            .map(|(id, recorded)| {
                let known = self.running.organisation(id);
                OrganisationStatus {
                    organisation: id,
                    folded: known.as_ref().map_or(0, |known| known.folded()),
                    recorded,
                    failure: known.and_then(|known| known.failure.lock().clone()),
                }
            })
            .collect();
        status.sort_unstable_by_key(|status| status.organisation);
        status
    }

    /// Stops following and writes the snapshots. Views stay as they are; a second call does nothing.
    pub fn close(&self) {
        self.running.stop.store(true, Ordering::Release);
        if let Some(follower) = self.follower.lock().take() {
            if follower.join().is_err() {
                tracing::error!("the thread that follows the log had stopped");
            }
            self.running.write_snapshots(0);
        }
    }
}

impl Drop for Projections {
    fn drop(&mut self) {
        self.close();
    }
}

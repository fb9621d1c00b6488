//! The committer: commands wait in a bounded queue, are decided in order, become durable together and are answered.
//!
//! Two threads: the decider decides, encodes and links while the committer syncs what was decided before. They meet
//! without a queue between them, so that everything that arrives during one sync shares the next (group commit).

mod committer;
mod decider;
mod organisation;
mod round;

use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, TrySendError};
use std::thread::{Builder, JoinHandle};

use parking_lot::Mutex;
use rustc_hash::FxHashMap;
use soticket_schema::Command;
use soticket_schema::ids::OrganisationId;
use tokio::sync::{mpsc, oneshot, watch};

use crate::clock::Clock;
use crate::entry::Batch;
use crate::log::{Log, LogError};
use crate::receipt::{Receipt, SubmitError};
use crate::vault::Vault;
use committer::Committer;
use decider::Decider;

pub(crate) use organisation::OrganisationWriter;

/// Work that the committer does between commits when it is idle; false when there is nothing left to do.
pub(crate) type Upkeep = Box<dyn FnMut() -> Result<bool, LogError> + Send>;

/// Where an answer goes.
type Answer = oneshot::Sender<Result<Receipt, SubmitError>>;

/// A command that waits to be decided.
struct Request {
    command: Command,
    answer: Answer,
}

/// What both threads share with the callers.
pub(crate) struct Shared {
    pub(crate) log: Arc<dyn Log>,
    pub(crate) vault: Arc<Vault>,
    pub(crate) clock: Clock,
    listeners: Mutex<Vec<SyncSender<Arc<Batch>>>>,
    /// The reason once the ledger has stopped for good.
    failure: watch::Sender<Option<String>>,
}

impl Shared {
    pub(crate) fn new(log: Arc<dyn Log>, vault: Arc<Vault>, clock: Clock) -> Self {
        Self { log, vault, clock, listeners: Mutex::new(Vec::new()), failure: watch::Sender::new(None) }
    }

    /// Stops the ledger: whether the commands in flight are durable is unknown, so that none of them is answered.
    pub(crate) fn fail(&self, code: &str, reason: &str) {
        tracing::error!(code, reason, "the ledger stops");
        self.failure.send_replace(Some(format!("{code}: {reason}")));
    }

    /// Tells the listeners; one that does not keep up loses the batch and finds the gap by its position.
    fn publish(&self, batch: &Arc<Batch>) {
        self.listeners.lock().retain(|listener| {
            !matches!(listener.try_send(Arc::clone(batch)), Err(TrySendError::Disconnected(_)))
        });
    }
}

/// The running writer.
pub(crate) struct Writer {
    queue: Mutex<Option<mpsc::Sender<Request>>>,
    thread: Mutex<Option<JoinHandle<()>>>,
    shared: Arc<Shared>,
}

impl Writer {
    /// Starts both threads on the organisations as they were loaded; `at_end` gets them when the writer is closed.
    ///
    /// # Errors
    /// The operating system gives no threads.
    pub(crate) fn start(
        shared: Arc<Shared>,
        organisations: FxHashMap<OrganisationId, OrganisationWriter>,
        queue: usize,
        upkeep: Upkeep,
        at_end: impl FnOnce(&FxHashMap<OrganisationId, OrganisationWriter>) + Send + 'static,
    ) -> std::io::Result<Self> {
        let (sender, requests) = mpsc::channel(queue.max(1));
        let (rounds, handed) = std::sync::mpsc::sync_channel(0);
        let committer = Committer::new(Arc::clone(&shared), handed, upkeep);
        let decider = Decider::new(Arc::clone(&shared), organisations, requests, rounds);
        let committing = Builder::new().name("committer".to_owned()).spawn(move || committer.run())?;
        let failed = Arc::clone(&shared);
        let deciding = Builder::new().name("decider".to_owned()).spawn(move || {
            let organisations = decider.run();
            // The decider has let go of the committer, which finishes what it was handed. After a failure the state
            // may be ahead of the log and is not kept.
            if committing.join().is_ok() && failed.failure.borrow().is_none() {
                at_end(&organisations);
            }
        })?;
        Ok(Self { queue: Mutex::new(Some(sender)), thread: Mutex::new(Some(deciding)), shared })
    }

    fn sender(&self) -> Result<mpsc::Sender<Request>, SubmitError> {
        self.queue.lock().clone().ok_or_else(|| self.stopped())
    }

    fn stopped(&self) -> SubmitError {
        let reason = self.shared.failure.borrow().clone();
        SubmitError::Stopped(reason.unwrap_or_else(|| "the ledger is closed".to_owned()))
    }

    /// Waits for room in the queue, then for the answer.
    pub(crate) async fn submit(&self, command: Command) -> Result<Receipt, SubmitError> {
        let (answer, answered) = oneshot::channel();
        self.sender()?.send(Request { command, answer }).await.map_err(|_| self.stopped())?;
        answered.await.unwrap_or_else(|_| Err(self.stopped()))
    }

    /// As [`Self::submit`], but a full queue is an answer too.
    pub(crate) async fn try_submit(&self, command: Command) -> Result<Receipt, SubmitError> {
        let (answer, answered) = oneshot::channel();
        self.sender()?.try_send(Request { command, answer }).map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => SubmitError::Overloaded,
            mpsc::error::TrySendError::Closed(_) => self.stopped(),
        })?;
        answered.await.unwrap_or_else(|_| Err(self.stopped()))
    }

    /// As [`Self::submit`], for a thread outside any asynchronous runtime.
    pub(crate) fn submit_blocking(&self, command: Command) -> Result<Receipt, SubmitError> {
        let (answer, answered) = oneshot::channel();
        self.sender()?.blocking_send(Request { command, answer }).map_err(|_| self.stopped())?;
        answered.blocking_recv().unwrap_or_else(|_| Err(self.stopped()))
    }

    /// Commands that wait.
    pub(crate) fn waiting(&self) -> usize {
        self.queue.lock().as_ref().map_or(0, |queue| queue.max_capacity() - queue.capacity())
    }

    /// Batches as they become durable, with room for `backlog` of them.
    pub(crate) fn listen(&self, backlog: usize) -> Receiver<Arc<Batch>> {
        let (listener, batches) = std::sync::mpsc::sync_channel(backlog);
        self.shared.listeners.lock().push(listener);
        batches
    }

    /// The reason once the ledger has stopped for good; changes at most once.
    pub(crate) fn failure(&self) -> watch::Receiver<Option<String>> {
        self.shared.failure.subscribe()
    }

    /// Takes no more commands, finishes those that were taken and waits for both threads.
    pub(crate) fn close(&self) {
        drop(self.queue.lock().take());
        let thread = self.thread.lock().take();
        if thread.is_some_and(|thread| thread.join().is_err()) {
            self.shared.fail("WRITER_PANICKED", "a writer thread ended by a panic");
        }
        self.shared.listeners.lock().clear();
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.close();
    }
}

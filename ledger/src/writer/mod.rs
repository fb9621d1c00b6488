//! The committer: commands wait in a bounded queue, are decided in order, become durable together and are answered.
//!
//! Two threads take turns at deciding, encoding and linking a round and at syncing it (turns.rs). A third looks after
//! them: it has upkeep done when they are idle and keeps the state when they are through.

mod committer;
mod decider;
mod organisation;
mod round;
mod together;
mod tokens;
mod turns;

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError};
use std::thread::{Builder, JoinHandle};
use std::time::Duration;

use parking_lot::{Mutex, RwLock};
use rustc_hash::FxHashMap;
use soticket_schema::ids::{OrganisationId, SubjectRef};
use soticket_schema::{Command, Event, RejectionCode};
use tokio::sync::{mpsc, oneshot, watch};

use crate::clock::Clock;
use crate::entry::Batch;
use crate::files::Files;
use crate::log::{Log, LogError};
use crate::receipt::{Receipt, SubmitError};
use crate::state::CheckpointKeys;
use crate::vault::Vault;
use committer::Committer;
use decider::Decider;
use tokens::TokenTable;
use turns::Turns;

pub(crate) use organisation::OrganisationWriter;

/// Work that the committer does between commits when it is idle; false when there is nothing left to do.
pub(crate) type Upkeep = Box<dyn FnMut() -> Result<bool, LogError> + Send>;

/// What the writer keeps in memory of every organisation.
pub(crate) type Organisations = FxHashMap<OrganisationId, OrganisationWriter>;

/// Threads that take turns: one decides while the other syncs.
const THREADS: usize = 2;

/// How long the ledger is idle before it turns to upkeep.
const IDLE: Duration = Duration::from_millis(200);

/// How long closing waits for the threads of a ledger that has failed.
const FAILURE_GRACE: Duration = Duration::from_secs(2);

/// How often closing looks whether the threads have ended.
const POLL: Duration = Duration::from_millis(1);

/// Where an answer goes.
type Answer = oneshot::Sender<Result<Receipt, SubmitError>>;

/// A command that waits to be decided.
enum Request {
    /// It is recorded unless it is refused.
    Record { command: Command, answer: Answer },
    /// They are recorded one after the other, or none of them is.
    Together { commands: Vec<(Command, Answer)> },
    /// It is answered with the events that it would become, and not recorded.
    Try { command: Command, answer: oneshot::Sender<Result<Vec<Event>, SubmitError>> },
    /// It is answered with what would be in the way of a person's erasure.
    Open { organisation: OrganisationId, subject: SubjectRef, answer: oneshot::Sender<Vec<RejectionCode>> },
}

/// What the threads share with the callers.
pub(crate) struct Shared {
    pub(crate) log: Arc<dyn Log>,
    pub(crate) vault: Arc<Vault>,
    pub(crate) files: Files,
    pub(crate) clock: Clock,
    /// Keys of checkpoints, as durable events registered and retired them.
    checkpoint_keys: RwLock<FxHashMap<OrganisationId, CheckpointKeys>>,
    /// Tokens by the hash of their secret.
    pub(crate) tokens: TokenTable,
    listeners: Mutex<Vec<SyncSender<Arc<Batch>>>>,
    /// The reason once the ledger has stopped for good.
    failure: watch::Sender<Option<String>>,
}

impl Shared {
    pub(crate) fn new(log: Arc<dyn Log>, vault: Arc<Vault>, files: Files, clock: Clock) -> Self {
        let (listeners, failure) = (Mutex::new(Vec::new()), watch::Sender::new(None));
        let (checkpoint_keys, tokens) = (RwLock::default(), TokenTable::default());
        Self { log, vault, files, clock, checkpoint_keys, tokens, listeners, failure }
    }

    /// Stops the ledger: whether the commands in flight are durable is unknown, so that none of them is answered.
    pub(crate) fn fail(&self, code: &str, reason: &str) {
        // The first failure is the cause; later ones follow from it.
        let first = self.failure.send_if_modified(|failure| {
            let first = failure.is_none();
            failure.get_or_insert_with(|| format!("{code}: {reason}"));
            first
        });
        if first {
            tracing::error!(code, reason, "the ledger stops");
        }
    }

    /// Whether the ledger has stopped.
    fn has_failed(&self) -> bool {
        self.failure.borrow().is_some()
    }

    /// The keys of a log's checkpoints.
    pub(crate) fn checkpoint_keys(&self, organisation: OrganisationId) -> CheckpointKeys {
        self.checkpoint_keys.read().get(&organisation).cloned().unwrap_or_default()
    }

    /// Sets the keys of a log's checkpoints as they were loaded.
    pub(crate) fn load_checkpoint_keys(&self, organisation: OrganisationId, keys: &CheckpointKeys) {
        self.checkpoint_keys.write().insert(organisation, keys.clone());
    }

    /// Takes in keys that a durable batch registers or retires.
    fn note_checkpoint_keys(&self, batch: &Batch) {
        let of_keys = |event: &Event| {
            matches!(event, Event::CheckpointKeyRegistered(_) | Event::CheckpointKeyRetired(_))
        };
        for entry in batch.entries.iter().filter(|entry| of_keys(&entry.event)) {
            self.checkpoint_keys.write().entry(batch.organisation).or_default().note(&entry.event);
        }
    }

    /// Tells the listeners; one that does not keep up loses the batch and finds the gap by its position.
    fn publish(&self, batch: &Arc<Batch>) {
        self.note_checkpoint_keys(batch);
        self.tokens.note(batch);
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
    /// Starts the threads on the organisations as they were loaded; `at_end` gets them when the writer is closed.
    ///
    /// # Errors
    /// The operating system gives no threads.
    pub(crate) fn start(
        shared: Arc<Shared>,
        organisations: Organisations,
        queue: usize,
        upkeep: Upkeep,
        at_end: impl FnOnce(&Organisations) + Send + 'static,
    ) -> std::io::Result<Self> {
        let (sender, requests) = mpsc::channel(queue.max(1));
        let committer = Committer::new(Arc::clone(&shared), upkeep);
        let decider = Decider::new(Arc::clone(&shared), organisations, requests);
        let turns = Arc::new(Turns::new(Arc::clone(&shared), decider, committer));
        let (running, ended) = std::sync::mpsc::channel::<()>();
        let threads = (0..THREADS)
            .map(|number| {
                let (turns, running) = (Arc::clone(&turns), running.clone());
                Builder::new().name(format!("writer-{number}")).spawn(move || {
                    turns.run();
                    drop(running);
                })
            })
            .collect::<std::io::Result<Vec<_>>>()?;
        drop(running);
        let failed = Arc::clone(&shared);
        let look_after = move || {
            while ended.recv_timeout(IDLE) == Err(RecvTimeoutError::Timeout) {
                turns.tick();
            }
            for thread in threads {
                drop(thread.join());
            }
            // After a failure the state may be ahead of the log and is not kept.
            if let Some(turns) = Arc::into_inner(turns).filter(|_| !failed.has_failed()) {
                at_end(&turns.into_organisations());
            }
        };
        let thread = Builder::new().name("writer-upkeep".to_owned()).spawn(look_after)?;
        Ok(Self { queue: Mutex::new(Some(sender)), thread: Mutex::new(Some(thread)), shared })
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
        self.sender()?.send(Request::Record { command, answer }).await.map_err(|_| self.stopped())?;
        answered.await.unwrap_or_else(|_| Err(self.stopped()))
    }

    /// As [`Self::submit`], but a full queue is an answer too.
    pub(crate) async fn try_submit(&self, command: Command) -> Result<Receipt, SubmitError> {
        let (answer, answered) = oneshot::channel();
        self.sender()?
            .try_send(Request::Record { command, answer })
            .map_err(|error| self.not_sent(&error))?;
        answered.await.unwrap_or_else(|_| Err(self.stopped()))
    }

    /// The events that a command would become now; nothing is recorded and no key used up. A full queue is an answer too.
    pub(crate) async fn decide_only(&self, command: Command) -> Result<Vec<Event>, SubmitError> {
        let (answer, answered) = oneshot::channel();
        self.sender()?.try_send(Request::Try { command, answer }).map_err(|error| self.not_sent(&error))?;
        answered.await.unwrap_or_else(|_| Err(self.stopped()))
    }

    /// What would be in the way of a person's erasure. A full queue is an answer too.
    pub(crate) async fn open_matters(
        &self,
        organisation: OrganisationId,
        subject: SubjectRef,
    ) -> Result<Vec<RejectionCode>, SubmitError> {
        let (answer, answered) = oneshot::channel();
        let request = Request::Open { organisation, subject, answer };
        self.sender()?.try_send(request).map_err(|error| self.not_sent(&error))?;
        answered.await.map_err(|_| self.stopped())
    }

    fn not_sent(&self, error: &mpsc::error::TrySendError<Request>) -> SubmitError {
        match error {
            mpsc::error::TrySendError::Full(_) => SubmitError::Overloaded,
            mpsc::error::TrySendError::Closed(_) => self.stopped(),
        }
    }

    /// As [`Self::submit`], for a thread outside any asynchronous runtime.
    pub(crate) fn submit_blocking(&self, command: Command) -> Result<Receipt, SubmitError> {
        let (answer, answered) = oneshot::channel();
        self.sender()?.blocking_send(Request::Record { command, answer }).map_err(|_| self.stopped())?;
        answered.blocking_recv().unwrap_or_else(|_| Err(self.stopped()))
    }

    /// Queues commands one behind the other and waits for all answers, in the same order.
    pub(crate) async fn submit_all(&self, commands: Vec<Command>) -> Vec<Result<Receipt, SubmitError>> {
        let mut waiting = Vec::with_capacity(commands.len());
        for command in commands {
            let (answer, answered) = oneshot::channel();
            let sent = self.send(Request::Record { command, answer }).await;
            waiting.push(sent.map(|()| answered));
        }
        self.answered(waiting).await
    }

    /// Has commands recorded together.
    pub(crate) async fn submit_together(&self, commands: Vec<Command>) -> Vec<Result<Receipt, SubmitError>> {
        let (mut asked, mut answers) =
            (Vec::with_capacity(commands.len()), Vec::with_capacity(commands.len()));
        for command in commands {
            let (answer, answered) = oneshot::channel();
            asked.push((command, answer));
            answers.push(answered);
        }
        let sent = self.send(Request::Together { commands: asked }).await;
        let waiting = answers.into_iter().map(|answered| sent.clone().map(|()| answered));
        self.answered(waiting.collect()).await
    }

    async fn send(&self, request: Request) -> Result<(), SubmitError> {
        self.sender()?.send(request).await.map_err(|_| self.stopped())
    }

    /// The answers of requests that were sent, in their order.
    async fn answered(
        &self,
        waiting: Vec<Result<oneshot::Receiver<Result<Receipt, SubmitError>>, SubmitError>>,
    ) -> Vec<Result<Receipt, SubmitError>> {
        let mut answers = Vec::with_capacity(waiting.len());
        for sent in waiting {
            answers.push(match sent {
                Ok(answered) => answered.await.unwrap_or_else(|_| Err(self.stopped())),
                Err(stopped) => Err(stopped),
            });
        }
        answers
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

    /// Takes no more commands, finishes those that were taken and waits for the threads.
    pub(crate) fn close(&self) {
        drop(self.queue.lock().take());
        let thread = self.thread.lock().take();
        if thread.is_some_and(|thread| !ended_well(thread, &self.shared)) {
            self.shared.fail("WRITER_PANICKED", "the thread that looks after the writer ended by a panic");
        }
        self.shared.listeners.lock().clear();
    }
}

/// Waits until `thread` has ended, but not for ever once the ledger has failed: a thread may hang in a sync. False
/// when it ended by a panic.
fn ended_well(thread: JoinHandle<()>, shared: &Shared) -> bool {
    let mut grace = FAILURE_GRACE;
    while !thread.is_finished() {
        std::thread::sleep(POLL);
        if shared.has_failed() {
            grace = grace.saturating_sub(POLL);
            if grace.is_zero() {
                return true;
            }
        }
    }
    thread.join().is_ok()
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.close();
    }
}

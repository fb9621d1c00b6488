//! All deliveries of a service: each webhook has its worker from the moment it is registered.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{Builder, JoinHandle};
use std::time::{Duration, Instant};

use parking_lot::Mutex;
use rustc_hash::FxHashMap;
use soticket_ledger::{Ledger, durable};
use soticket_projections::Projections;
use soticket_projections::catalogue::WebhookInfo;
use soticket_schema::Hash;
use soticket_schema::ids::{OrganisationId, WebhookId};

use super::client::{Client, Fault};
use super::progress::Progress;
use super::secret::Keys;
use super::state::StateFile;
use super::worker::Worker;
use super::{WebhookOptions, now};
use crate::cloud_event::CloudEvent;

/// How often new webhooks are looked for.
const LOOK_EVERY: Duration = Duration::from_millis(100);
/// How long stopping waits for attempts that are under way. What they deliver is delivered again after the next start.
const STOP_LONGEST: Duration = Duration::from_secs(3);
/// How long an attempt that somebody waits for may take: less than a request.
const TEST_LONGEST: Duration = Duration::from_secs(4);
/// Memory for the stack of a worker.
const STACK_BYTES: usize = 512 * 1024;

/// A webhook of an organisation.
type Name = (OrganisationId, WebhookId);

/// What workers share.
pub(super) struct Shared {
    pub(super) ledger: Ledger,
    pub(super) projections: Arc<Projections>,
    pub(super) options: WebhookOptions,
    stopping: AtomicBool,
    known: Mutex<FxHashMap<Name, Arc<Mutex<Progress>>>>,
}

impl Shared {
    pub(super) fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::Relaxed)
    }
}

/// The deliveries of a service.
pub(crate) struct Deliveries {
    shared: Arc<Shared>,
    looking: Mutex<Option<JoinHandle<()>>>,
}

impl Deliveries {
    /// Begins to deliver.
    ///
    /// # Errors
    /// The folder cannot be made, or the system gives no thread.
    pub(crate) fn start(
        ledger: Ledger,
        projections: Arc<Projections>,
        options: WebhookOptions,
    ) -> std::io::Result<Self> {
        durable::create_folder(&options.folder)?;
        let (stopping, known) = (AtomicBool::new(false), Mutex::default());
        let shared = Arc::new(Shared { ledger, projections, options, stopping, known });
        let looking = Arc::clone(&shared);
        let looking = Builder::new().name("webhooks".to_owned()).spawn(move || look(&looking))?;
        Ok(Self { shared, looking: Mutex::new(Some(looking)) })
    }

    /// Where the delivery to a webhook stands.
    pub(crate) fn progress(&self, organisation: OrganisationId, info: &WebhookInfo) -> Progress {
        let known = self.shared.known.lock().get(&(organisation, info.webhook)).cloned();
        known.map_or_else(|| Progress::new(info), |progress| progress.lock().clone())
    }

    /// Sends an event that is in no log, and waits for what comes of it: the status, if the receiver took it.
    pub(crate) fn test(
        &self,
        organisation: OrganisationId,
        info: &WebhookInfo,
        name: &Hash,
    ) -> Result<u16, Fault> {
        let now = now();
        let keys = Keys::of(&self.shared.ledger, organisation, info, now)
            .map_err(|error| Fault::new("SECRET_UNREADABLE", error))?;
        let event = CloudEvent::test(organisation, name, now);
        let body = event.to_bytes();
        let longest = TEST_LONGEST.min(self.shared.options.attempt_longest);
        let client = Client::new(&self.shared.options, longest);
        client.post(&info.terms.url, &keys.sign(event.id(), now, &body), &body)
    }

    /// Delivers nothing more, and keeps where everything stands.
    pub(crate) fn stop(&self) {
        self.shared.stopping.store(true, Ordering::Relaxed);
        if let Some(looking) = self.looking.lock().take() {
            drop(looking.join());
        }
    }
}

/// Gives every webhook its worker until the service stops, then waits for them.
fn look(shared: &Arc<Shared>) {
    let mut workers: FxHashMap<Name, JoinHandle<()>> = FxHashMap::default();
    while !shared.is_stopping() {
        for organisation in shared.projections.organisations() {
            let active = shared.projections.view(organisation, |views| {
                let all = views.catalogue.webhooks().all();
                all.filter(|info| info.retired_at.is_none()).cloned().collect::<Vec<_>>()
            });
            for info in active.unwrap_or_default() {
                let name = (organisation, info.webhook);
                // A worker that panicked is replaced: it goes on from what was kept.
                if workers.get(&name).is_none_or(JoinHandle::is_finished) {
                    workers.extend(worker(shared, organisation, &info).map(|worker| (name, worker)));
                }
            }
        }
        std::thread::sleep(LOOK_EVERY);
    }
    let until = Instant::now() + STOP_LONGEST;
    while workers.values().any(|worker| !worker.is_finished()) && Instant::now() < until {
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn worker(shared: &Arc<Shared>, organisation: OrganisationId, info: &WebhookInfo) -> Option<JoinHandle<()>> {
    let file = StateFile::of(&shared.options.folder, organisation, info);
    let progress = match file.read(info) {
        Ok(progress) => progress,
        Err(fault) => {
            // Nothing is delivered from a position that is not known; what is kept is left for somebody to look at.
            let mut unknown = Progress::new(info);
            unknown.suspend(&fault, now());
            let told =
                shared.known.lock().insert((organisation, info.webhook), Arc::new(Mutex::new(unknown)));
            if told.is_none() {
                tracing::error!(%organisation, fault.code, fault.detail, "a webhook is not delivered to");
            }
            return None;
        }
    };
    let progress = Arc::new(Mutex::new(progress));
    shared.known.lock().insert((organisation, info.webhook), Arc::clone(&progress));
    let worker = Worker::new(Arc::clone(shared), organisation, info, progress);
    let name = format!("webhook-{}", info.webhook);
    let spawned = Builder::new().name(name).stack_size(STACK_BYTES).spawn(move || worker.run());
    spawned.inspect_err(|error| tracing::error!(%organisation, %error, "no thread for a webhook")).ok()
}

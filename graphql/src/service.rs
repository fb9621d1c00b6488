//! What requests share: the ledger, the read models, the schema, and how many requests may run.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use soticket_ledger::Ledger;
use soticket_ledger::proof::Publisher;
use soticket_projections::Projections;
use tokio::sync::Semaphore;

use crate::access::ConfiguredToken;
use crate::core::Core;
use crate::documents::UPLOADS_MAX;
use crate::feed::POLLS_MAX;
use crate::http::{Documents, InputTypes, Persisted};
use crate::limits::REQUESTS_MAX;
use crate::live::{Live, LiveTimes};
use crate::metrics::{self, RequestMetrics};
use crate::organisation_token::OrganisationToken;
use crate::published::Published;
use crate::schema::{self, ApiSchema};
use crate::sign_in::OpenIdSettings;
use crate::webhooks::{Deliveries, WebhookOptions};

/// Events that the read models may be behind before the service says that it is not ready.
const LAG_MAX: u64 = 10_000;

/// The GraphQL service over an open ledger and its read models.
pub struct Service {
    pub(crate) core: Arc<Core>,
    pub(crate) schema: ApiSchema,
    /// For requests that are known to be valid.
    pub(crate) proven_schema: ApiSchema,
    /// For requests that something is withheld from.
    pub(crate) withholding_schema: ApiSchema,
    pub(crate) inputs: InputTypes,
    pub(crate) documents: Documents,
    pub(crate) persisted: Persisted,
    pub(crate) slots: Semaphore,
    pub(crate) uploads: Semaphore,
    /// Places for requests of the feed, which may wait.
    pub(crate) polls: Semaphore,
    pub(crate) request_metrics: RequestMetrics,
    pub(crate) closing_statements: Vec<OrganisationToken>,
    pub(crate) live: Live,
    graphiql_hidden: AtomicBool,
}

impl Service {
    /// A service over `ledger` and the read models that follow it. Installs the process's metrics recorder.
    pub fn new(ledger: Ledger, projections: Arc<Projections>) -> Arc<Self> {
        Self::with_closing_statements(ledger, projections, Vec::new())
    }

    /// As [`Self::new`], with tokens that open closing statements.
    pub fn with_closing_statements(
        ledger: Ledger,
        projections: Arc<Projections>,
        closing_statements: Vec<OrganisationToken>,
    ) -> Arc<Self> {
        metrics::install();
        let core = Arc::new(Core::new(ledger, projections));
        Arc::new(Self {
            schema: schema::build(Arc::clone(&core)),
            proven_schema: schema::build_for_proven(Arc::clone(&core)),
            withholding_schema: schema::build_withholding(Arc::clone(&core)),
            inputs: InputTypes::of_schema(),
            core,
            documents: Documents::default(),
            persisted: Persisted::default(),
            slots: Semaphore::new(REQUESTS_MAX),
            uploads: Semaphore::new(UPLOADS_MAX),
            polls: Semaphore::new(POLLS_MAX),
            request_metrics: RequestMetrics::new(),
            closing_statements,
            live: Live::default(),
            graphiql_hidden: AtomicBool::new(false),
        })
    }

    /// Lets in whoever sends this token, until the process ends.
    pub fn admit(&self, token: &ConfiguredToken) {
        self.core.access.admit(token);
    }

    /// Serves no query editor.
    pub(crate) fn hide_graphiql(&self) {
        self.graphiql_hidden.store(true, Ordering::Relaxed);
    }

    /// Whether there is a query editor.
    pub(crate) fn has_graphiql(&self) -> bool {
        !self.graphiql_hidden.load(Ordering::Relaxed)
    }

    /// Points that a principal may spend in a minute; 120,000 unless this is called.
    pub fn limit_rate(&self, points_per_minute: u32) {
        self.core.access.limit(points_per_minute);
    }

    /// Trusts the documents of a manifest: a JSON object of texts by their SHA-256. With `only` others are refused. The first
    /// manifest that is named stays.
    ///
    /// # Errors
    /// The file cannot be read, or a text is not what its hash says.
    pub fn trust_documents(&self, manifest: &Path, only: bool) -> io::Result<()> {
        self.persisted.trust(manifest, only)
    }

    /// Keeps in this file when tokens were last used, to the minute.
    pub fn keep_token_use_in(&self, file: PathBuf) {
        self.core.access.keep_used_in(file);
    }

    /// Keeps the passwords of logins in this file; in memory only unless this is called.
    ///
    /// # Errors
    /// The file is there and cannot be read, or is damaged: nobody could sign in.
    pub fn keep_passwords_in(&self, file: PathBuf) -> io::Result<()> {
        self.core.access.passwords.keep_in(file)
    }

    /// Lets these providers vouch for who signs in. The first that are named stay.
    pub fn sign_in_with(&self, providers: Vec<OpenIdSettings>) {
        self.core.access.open_id.use_providers(providers);
    }

    /// Tells the audit journal what was refused: what of it is of minutes that are over, or all. [`crate::serve`] does so by itself.
    pub async fn note_access(&self, all: bool) {
        self.core.notes.record(&self.core.ledger, all).await;
        if let Err(error) = self.core.access.write_used() {
            tracing::warn!(%error, "when tokens were last used could not be written down");
        }
    }

    /// Returns read what organisations declare besides the ledger from this folder, as `ORGANISATION.json`. The first
    /// folder that is named stays.
    pub fn read_declared_from(&self, folder: PathBuf) {
        let _ = self.core.declared.set(folder);
    }

    /// Has sockets and event streams wait as long as this. The first times that are set stay.
    pub fn time_live(&self, times: LiveTimes) {
        let _ = self.live.times.set(times);
    }

    /// Publishes logs with `publisher`, whose records these tokens open to auditors. The first publisher that is named
    /// stays.
    pub fn publish_with(&self, publisher: Publisher, auditors: Vec<OrganisationToken>) {
        let _ = self.core.published.set(Published { publisher, auditors });
    }

    /// Delivers events to the addresses that organisations register, until [`Self::stop_webhooks`]. The first options that
    /// are given stay.
    ///
    /// # Errors
    /// The folder cannot be made, or the system gives no thread.
    pub fn deliver_webhooks(&self, options: WebhookOptions) -> std::io::Result<()> {
        if self.core.webhooks.get().is_none() {
            let (ledger, projections) = (self.core.ledger.clone(), Arc::clone(&self.core.projections));
            let _ = self.core.webhooks.set(Deliveries::start(ledger, projections, options)?);
        }
        Ok(())
    }

    /// Delivers nothing more, and keeps where every delivery stands. Waits a few seconds for attempts that are under way.
    pub fn stop_webhooks(&self) {
        if let Some(webhooks) = self.core.webhooks.get() {
            webhooks.stop();
        }
    }

    /// Why requests should not be sent here now; none when they should.
    pub(crate) fn unready(&self) -> Option<String> {
        if let Some(reason) = self.core.ledger.failure().borrow().as_ref() {
            return Some(format!("the ledger has stopped: {reason}"));
        }
        let lag = self.core.lag();
        (lag > LAG_MAX).then(|| format!("the read models are {lag} events behind the ledger"))
    }

    /// Sets the gauges that nobody keeps up to date.
    #[expect(clippy::cast_precision_loss, reason = "gauges are floats; these counts stay far below 2^53")]
    pub(crate) fn set_gauges(&self) {
        ::metrics::gauge!("soticket_projection_lag_events").set(self.core.lag() as f64);
        let (sockets, streams) = self.live.connected();
        ::metrics::gauge!("soticket_live_sockets").set(sockets as f64);
        ::metrics::gauge!("soticket_live_streams").set(streams as f64);
        ::metrics::gauge!("soticket_queue_commands").set(self.core.ledger.waiting() as f64);
    }
}

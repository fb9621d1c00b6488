//! The delivery to one webhook: the next event, until it is taken; then the one after it.

use std::collections::VecDeque;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::{Duration, Instant};

use parking_lot::Mutex;
use soticket_ledger::Entry;
use soticket_projections::catalogue::WebhookInfo;
use soticket_schema::ids::{OrganisationId, WebhookId};

use super::client::{Client, Fault};
use super::deliveries::Shared;
use super::now;
use super::progress::Progress;
use super::secret::Keys;
use super::state::StateFile;
use crate::cloud_event::CloudEvent;

/// Longest time that a worker looks at nothing: how long it takes to notice that it is to stop.
const REST: Duration = Duration::from_millis(200);
/// How often a delivery that goes well is kept.
const KEPT_EVERY: Duration = Duration::from_secs(1);
/// Records read at once.
const CHUNK: usize = 128;

/// Delivers to one webhook.
pub(super) struct Worker {
    shared: Arc<Shared>,
    organisation: OrganisationId,
    webhook: WebhookId,
    progress: Arc<Mutex<Progress>>,
    file: StateFile,
    client: Client,
    read: VecDeque<Entry>,
    kept: Instant,
    /// Whether something happened that is not kept.
    changed: bool,
}

/// What comes after a turn.
enum Turn {
    /// The next.
    Next,
    /// Nothing for a while.
    Rest(Duration),
    /// The webhook is retired.
    Over,
}

impl Worker {
    pub(super) fn new(
        shared: Arc<Shared>,
        organisation: OrganisationId,
        info: &WebhookInfo,
        progress: Arc<Mutex<Progress>>,
    ) -> Self {
        let file = StateFile::of(&shared.options.folder, organisation, info);
        let client = Client::new(&shared.options, shared.options.attempt_longest);
        let (read, kept) = (VecDeque::new(), Instant::now());
        let webhook = info.webhook;
        Self { shared, organisation, webhook, progress, file, client, read, kept, changed: false }
    }

    /// Delivers until the service stops or the webhook is retired.
    pub(super) fn run(mut self) {
        while !self.shared.is_stopping() {
            match self.turn() {
                Turn::Next if self.kept.elapsed() < KEPT_EVERY => {}
                Turn::Next => self.keep(),
                Turn::Rest(pause) => {
                    self.keep();
                    std::thread::sleep(pause.min(REST));
                }
                Turn::Over => break,
            }
        }
        self.keep();
    }

    fn info(&self) -> Option<WebhookInfo> {
        let views = &self.shared.projections;
        views.view(self.organisation, |views| views.catalogue.webhooks().get(self.webhook).cloned())?
    }

    fn turn(&mut self) -> Turn {
        let Some(info) = self.info() else { return Turn::Rest(REST) };
        if info.retired_at.is_some() {
            return Turn::Over;
        }
        if self.progress.lock().take_in(&info.replays) {
            self.changed = true;
            self.keep();
        }
        let length = self.shared.ledger.head(self.organisation).map_or(0, |head| head.length);
        let (position, end) = {
            let progress = self.progress.lock();
            if progress.suspended_at.is_some() {
                return Turn::Rest(REST);
            }
            let wait = progress.failing.as_ref().map_or(0, |failing| failing.next_attempt.0 - now().0);
            if wait > 0 {
                return Turn::Rest(Duration::from_micros(wait.unsigned_abs()));
            }
            progress.run(length)
        };
        if position > length {
            let detail = "delivery stands beyond the end of the log, which was restored from an earlier copy: replay \
                          from where the receiver stands";
            return self.suspend(&Fault::new("POSITION_AHEAD", detail));
        }
        if position >= end {
            // Wakes as soon as there is something: what the read models have folded is durable.
            self.shared.projections.wait_for_blocking(self.organisation, position, REST);
            return Turn::Next;
        }
        match self.entry(position, end) {
            Ok(entry) => self.take(&info, &entry),
            Err(fault) => self.failed(&fault),
        }
    }

    /// Delivers the event if it goes there.
    fn take(&mut self, info: &WebhookInfo, entry: &Entry) -> Turn {
        let position = entry.envelope.position;
        self.changed = true;
        if !info.takes(entry.envelope.kind) {
            self.progress.lock().pass(position);
            return Turn::Next;
        }
        match self.deliver(info, entry) {
            Ok(()) => {
                // A crash from here to the next `keep` delivers it again under the same id.
                self.progress.lock().delivered(position, now());
                metrics::counter!("soticket_webhook_deliveries_total", "outcome" => "delivered").increment(1);
                Turn::Next
            }
            Err(fault) => self.failed(&fault),
        }
    }

    fn deliver(&self, info: &WebhookInfo, entry: &Entry) -> Result<(), Fault> {
        let now = now();
        let keys = Keys::of(&self.shared.ledger, self.organisation, info, now)
            .map_err(|error| Fault::new("SECRET_UNREADABLE", error))?;
        let event = CloudEvent::of(entry);
        let body = event.to_bytes();
        self.client.post(&info.terms.url, &keys.sign(event.id(), now, &body), &body).map(drop)
    }

    fn failed(&mut self, fault: &Fault) -> Turn {
        metrics::counter!("soticket_webhook_deliveries_total", "outcome" => "failed").increment(1);
        let jitter = u32::try_from(uuid::Uuid::new_v4().as_u128() % 1_001).unwrap_or(0);
        let suspended = {
            let mut progress = self.progress.lock();
            progress.failed(fault, now(), &self.shared.options, jitter);
            progress.suspended_at.is_some()
        };
        if suspended {
            let (organisation, webhook) = (self.organisation, self.webhook);
            tracing::warn!(%organisation, %webhook, fault.code, fault.detail, "delivery to a webhook is suspended");
        }
        self.changed = true;
        self.keep();
        Turn::Next
    }

    fn suspend(&mut self, fault: &Fault) -> Turn {
        let (organisation, webhook) = (self.organisation, self.webhook);
        tracing::error!(%organisation, %webhook, fault.code, fault.detail, "delivery to a webhook is suspended");
        self.progress.lock().suspend(fault, now());
        self.changed = true;
        self.keep();
        Turn::Rest(REST)
    }

    /// The record at `position`, read with those that follow it.
    fn entry(&mut self, position: u64, end: u64) -> Result<Entry, Fault> {
        while self.read.front().is_some_and(|entry| entry.envelope.position < position) {
            self.read.pop_front();
        }
        if self.read.front().is_none_or(|entry| entry.envelope.position != position) {
            self.read.clear();
            let read = &mut self.read;
            let mut visit = |entry: Entry| {
                let next = entry.envelope.position.saturating_add(1);
                read.push_back(entry);
                if next < end && read.len() < CHUNK {
                    ControlFlow::Continue(())
                } else {
                    ControlFlow::Break(())
                }
            };
            let log = self.shared.ledger.read(self.organisation, position, &mut visit);
            log.map_err(|error| Fault::new("LOG_UNREADABLE", error))?;
        }
        let found = self.read.front().filter(|entry| entry.envelope.position == position).cloned();
        found.ok_or_else(|| Fault::new("LOG_UNREADABLE", format!("no record at {position}")))
    }

    /// Keeps where it stands, if that has changed.
    fn keep(&mut self) {
        if !self.changed {
            return;
        }
        let progress = self.progress.lock().clone();
        match self.file.write(&progress) {
            Ok(()) => self.changed = false,
            // Delivery goes on: after a crash more would be delivered again than otherwise.
            Err(error) => {
                let (organisation, webhook) = (self.organisation, self.webhook);
                tracing::error!(%organisation, %webhook, %error, "where a delivery stands could not be kept");
            }
        }
        self.kept = Instant::now();
    }
}

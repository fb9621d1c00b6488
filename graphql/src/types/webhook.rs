//! Addresses that events are delivered to, and where each delivery stands.

use async_graphql::{Context, Enum, ID, Object, Result, SimpleObject};
use soticket_projections::catalogue::WebhookInfo;
use soticket_schema::ids::WebhookId;
use soticket_schema::{Hash, Rejection, RejectionCode};

use super::event_kind::EventKind;
use crate::access::Principal;
use crate::core::Core;
use crate::error::internal;
use crate::ids;
use crate::input::{Scope, WebhookTestInput};
use crate::mutation::named;
use crate::scalar::{Counter, DateTime, LogPosition};
use crate::user_error::UserError;
use crate::webhooks::{Progress, Span};

/// An address that events are delivered to.
pub(crate) struct Webhook {
    scope: Scope,
    info: WebhookInfo,
    secret: Option<String>,
}

impl Webhook {
    /// A webhook as the catalogue has it.
    pub(super) fn new(scope: Scope, info: WebhookInfo) -> Self {
        Self { scope, info, secret: None }
    }

    /// The webhook with this number.
    pub(crate) fn load(core: &Core, scope: Scope, webhook: WebhookId) -> Option<Self> {
        core.view(scope, |views| views.catalogue.webhooks().get(webhook).cloned())
            .map(|info| Self::new(scope, info))
    }

    /// With the secret that was made for it, for the one answer that tells it.
    pub(crate) fn with_secret(self, secret: String) -> Self {
        Self { secret: Some(secret), ..self }
    }
}

/// An address that events are delivered to, signed as Standard Webhooks says, in order and at least once.
#[Object]
impl Webhook {
    /// Global id.
    pub(crate) async fn id(&self) -> ID {
        ids::global(self.scope.organisation, self.info.webhook)
    }

    /// Its number.
    async fn number(&self) -> Counter {
        Counter(self.info.webhook.0.into())
    }

    /// The address.
    async fn url(&self) -> &str {
        &self.info.terms.url
    }

    /// Kinds of events that go there; all kinds if there are none.
    async fn kinds(&self) -> Vec<EventKind> {
        self.info.terms.kinds.iter().filter_map(|kind| EventKind::of_number(*kind)).collect()
    }

    /// Position of the first event that went there.
    async fn from(&self) -> LogPosition {
        LogPosition(self.info.from)
    }

    /// What deliveries are verified with: in the answer that made it, and nowhere else.
    async fn secret(&self) -> Option<&str> {
        self.secret.as_deref()
    }

    /// Until when deliveries are signed with the secret before as well.
    async fn previous_secret_until(&self) -> Option<DateTime> {
        self.info.previous_until.map(DateTime)
    }

    /// When it was registered.
    async fn registered_at(&self) -> DateTime {
        DateTime(self.info.registered_at)
    }

    /// When it was retired: nothing more is delivered.
    async fn retired_at(&self) -> Option<DateTime> {
        self.info.retired_at.map(DateTime)
    }

    /// Where delivery stands now. Null where the service delivers nothing.
    async fn delivery(&self, context: &Context<'_>) -> Option<Result<WebhookDelivery>> {
        let core = match Core::of(context) {
            Ok(core) => core,
            Err(error) => return Some(Err(error)),
        };
        let progress = core.webhooks.get()?.progress(self.scope.organisation, &self.info);
        let length = core.ledger.head(self.scope.organisation).map_or(0, |head| head.length);
        Some(Ok(WebhookDelivery { progress, length, retired: self.info.retired_at.is_some() }))
    }
}

/// What a delivery is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum WebhookState {
    /// Events are delivered as they happen.
    Delivering,
    /// The last attempt failed; the next is made by itself.
    Retrying,
    /// Attempts failed for too long, or cannot succeed: ask for a replay once the reason is gone.
    Suspended,
    /// The webhook was retired.
    Retired,
}

/// Events from one position to another, both included.
#[derive(Debug, Clone, Copy, SimpleObject)]
pub(crate) struct LogSpan {
    /// Position of the first.
    from: LogPosition,
    /// Position of the last.
    to: LogPosition,
}

impl From<Span> for LogSpan {
    fn from(span: Span) -> Self {
        Self { from: LogPosition(span.from), to: LogPosition(span.to) }
    }
}

/// Where a delivery stands.
pub(crate) struct WebhookDelivery {
    progress: Progress,
    length: u64,
    retired: bool,
}

/// Where a delivery stands.
#[Object]
impl WebhookDelivery {
    /// What it is doing.
    async fn state(&self) -> WebhookState {
        match &self.progress {
            _ if self.retired => WebhookState::Retired,
            progress if progress.suspended_at.is_some() => WebhookState::Suspended,
            progress if progress.failing.is_some() => WebhookState::Retrying,
            _ => WebhookState::Delivering,
        }
    }

    /// Position of the next event: everything before it was delivered, does not go there, or is in `deadLetters`.
    async fn position(&self) -> LogPosition {
        LogPosition(self.progress.next)
    }

    /// Events of the log that it is behind.
    async fn lag(&self) -> Counter {
        Counter(self.length.saturating_sub(self.progress.next))
    }

    /// Deliveries that succeeded, repeated ones included.
    async fn deliveries(&self) -> Counter {
        Counter(self.progress.deliveries)
    }

    /// When the last delivery succeeded.
    async fn delivered_at(&self) -> Option<DateTime> {
        self.progress.delivered_at.map(DateTime)
    }

    /// Attempts that failed since the last success.
    async fn attempts(&self) -> Counter {
        Counter(self.progress.failing.as_ref().map_or(0, |failing| failing.attempts.into()))
    }

    /// Since when attempts fail.
    async fn failing_since(&self) -> Option<DateTime> {
        self.progress.failing.as_ref().map(|failing| DateTime(failing.since))
    }

    /// Why the last attempt failed: a stable code, see docs/integration.md.
    async fn error_code(&self) -> Option<&str> {
        self.progress.failing.as_ref().map(|failing| failing.code.as_str())
    }

    /// Why the last attempt failed, in words.
    async fn error_detail(&self) -> Option<&str> {
        self.progress.failing.as_ref().map(|failing| failing.detail.as_str())
    }

    /// When the next attempt is made, while attempts fail.
    async fn next_attempt_at(&self) -> Option<DateTime> {
        let failing = self.progress.failing.as_ref().filter(|_| self.progress.suspended_at.is_none())?;
        Some(DateTime(failing.next_attempt))
    }

    /// When it was suspended.
    async fn suspended_at(&self) -> Option<DateTime> {
        self.progress.suspended_at.map(DateTime)
    }

    /// What is delivered again before delivery goes on.
    async fn replaying(&self) -> Vec<LogSpan> {
        self.progress.again.iter().copied().map(Into::into).collect()
    }

    /// What was passed over because somebody had delivery go on after it. It can be replayed.
    async fn dead_letters(&self) -> Vec<LogSpan> {
        self.progress.dead.iter().copied().map(Into::into).collect()
    }
}

/// What `webhookTest` found out.
#[derive(SimpleObject)]
pub(crate) struct WebhookTestPayload {
    /// Whether the receiver took the event.
    delivered: bool,
    /// Status of its answer, if it took the event.
    status: Option<i32>,
    /// Why it failed: a stable code, see docs/integration.md.
    error_code: Option<String>,
    /// Why it failed, in words.
    error_detail: Option<String>,
    /// Why nothing was sent.
    user_errors: Vec<UserError>,
}

impl WebhookTestPayload {
    /// Sends the test.
    pub(crate) async fn of(context: &Context<'_>, input: WebhookTestInput) -> Result<Self> {
        let (core, principal) = (Core::of(context)?, Principal::of(context)?);
        let refused = |code, field: &str| {
            let user_errors = vec![Rejection::new(code, field).into()];
            Ok(Self { user_errors, ..Self::sent(None, None) })
        };
        let Some(organisation) = named(core, principal, &input.caller) else {
            return refused(RejectionCode::OrganisationUnknown, "organisation");
        };
        let webhook = ids::local::<WebhookId>(organisation, &input.webhook);
        let info = webhook.and_then(|webhook| {
            let find = core.projections.view(organisation, |views| {
                views.catalogue.webhooks().get(webhook).filter(|info| info.retired_at.is_none()).cloned()
            });
            find.flatten()
        });
        let Some(info) = info else { return refused(RejectionCode::WebhookUnknown, "webhook") };
        let name = Hash::of_reference(&input.caller.idempotency_key);
        let tried = core.blocking(move |core| {
            let deliveries = core.webhooks.get().ok_or_else(|| internal("the service delivers nothing"))?;
            Ok(deliveries.test(organisation, &info, &name))
        });
        Ok(match tried.await? {
            Ok(status) => Self::sent(Some(status.into()), None),
            Err(fault) => Self::sent(None, Some((fault.code.to_owned(), fault.detail))),
        })
    }

    fn sent(status: Option<i32>, error: Option<(String, String)>) -> Self {
        let (error_code, error_detail) = error.unzip();
        Self { delivered: status.is_some(), status, error_code, error_detail, user_errors: Vec::new() }
    }
}

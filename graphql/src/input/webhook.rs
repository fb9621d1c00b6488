//! Addresses that events are delivered to.

use async_graphql::{ID, InputObject};
use soticket_schema::command::{
    ChangeWebhook, RegisterWebhook, ReplayWebhook, RetireWebhook, RotateWebhookSecret,
};
use soticket_schema::event::v1::WebhookTerms;
use soticket_schema::{CommandBody, Rejection};

use super::{Caller, CommandInput, Scope};
use crate::scalar::LogPosition;
use crate::types::EventKind;

/// Where events go, and which.
#[derive(InputObject)]
pub(crate) struct WebhookTermsInput {
    /// The address: https, or http within the service's own machine where the service allows that.
    url: String,
    /// Kinds of events that go there; all kinds if there are none.
    #[graphql(default)]
    kinds: Vec<EventKind>,
}

impl WebhookTermsInput {
    fn terms(self) -> WebhookTerms {
        WebhookTerms { url: self.url, kinds: self.kinds.into_iter().map(EventKind::number).collect() }
    }
}

/// Input of `webhookRegister`.
#[derive(InputObject)]
pub(crate) struct WebhookRegisterInput {
    #[graphql(flatten)]
    caller: Caller,
    #[graphql(flatten)]
    terms: WebhookTermsInput,
    /// Position of the first event that goes there; those from here on if absent.
    from: Option<LogPosition>,
}

impl CommandInput for WebhookRegisterInput {
    fn caller(&self) -> &Caller {
        &self.caller
    }

    fn body(self, _: &Scope) -> Result<CommandBody, Rejection> {
        let from = self.from.map(|position| position.0);
        Ok(CommandBody::RegisterWebhook(RegisterWebhook { terms: self.terms.terms(), from }))
    }
}

/// Input of `webhookChange`.
#[derive(InputObject)]
pub(crate) struct WebhookChangeInput {
    #[graphql(flatten)]
    caller: Caller,
    /// The webhook.
    webhook: ID,
    #[graphql(flatten)]
    terms: WebhookTermsInput,
}

impl CommandInput for WebhookChangeInput {
    fn caller(&self) -> &Caller {
        &self.caller
    }

    fn body(self, scope: &Scope) -> Result<CommandBody, Rejection> {
        let webhook = scope.id(&self.webhook);
        Ok(CommandBody::ChangeWebhook(ChangeWebhook { webhook, terms: self.terms.terms() }))
    }
}

/// Input of `webhookRetire`.
#[derive(InputObject)]
pub(crate) struct WebhookRetireInput {
    #[graphql(flatten)]
    caller: Caller,
    /// The webhook.
    webhook: ID,
}

impl CommandInput for WebhookRetireInput {
    fn caller(&self) -> &Caller {
        &self.caller
    }

    fn body(self, scope: &Scope) -> Result<CommandBody, Rejection> {
        Ok(CommandBody::RetireWebhook(RetireWebhook { webhook: scope.id(&self.webhook) }))
    }
}

/// Input of `webhookRotateSecret`.
#[derive(InputObject)]
pub(crate) struct WebhookRotateSecretInput {
    #[graphql(flatten)]
    caller: Caller,
    /// The webhook.
    webhook: ID,
    /// For how many hours deliveries are signed with the secret before as well, up to 720.
    #[graphql(default = 24)]
    overlap_hours: i32,
}

impl CommandInput for WebhookRotateSecretInput {
    fn caller(&self) -> &Caller {
        &self.caller
    }

    fn body(self, scope: &Scope) -> Result<CommandBody, Rejection> {
        let overlap_hours = scope.count(self.overlap_hours, || "overlap_hours".to_owned())?;
        let webhook = scope.id(&self.webhook);
        Ok(CommandBody::RotateWebhookSecret(RotateWebhookSecret { webhook, overlap_hours }))
    }
}

/// Input of `webhookReplay`.
#[derive(InputObject)]
pub(crate) struct WebhookReplayInput {
    #[graphql(flatten)]
    caller: Caller,
    /// The webhook.
    webhook: ID,
    /// The first event; where delivery stands if absent.
    from: Option<LogPosition>,
    /// The last event that is delivered again, after which delivery goes on where it stood; if absent it goes on from the
    /// first.
    to: Option<LogPosition>,
}

impl CommandInput for WebhookReplayInput {
    fn caller(&self) -> &Caller {
        &self.caller
    }

    fn body(self, scope: &Scope) -> Result<CommandBody, Rejection> {
        let (from, to) = (self.from.map(|position| position.0), self.to.map(|position| position.0));
        Ok(CommandBody::ReplayWebhook(ReplayWebhook { webhook: scope.id(&self.webhook), from, to }))
    }
}

/// Input of `webhookTest`.
#[derive(InputObject)]
pub(crate) struct WebhookTestInput {
    #[graphql(flatten)]
    pub(crate) caller: Caller,
    /// The webhook.
    pub(crate) webhook: ID,
}

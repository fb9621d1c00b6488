//! Addresses that events are delivered to.

use async_graphql::{Context, Object, Result};

use super::payload::{
    WebhookChangePayload, WebhookRegisterPayload, WebhookReplayPayload, WebhookRetirePayload,
    WebhookRotateSecretPayload,
};
use super::submit;
use crate::input::{
    WebhookChangeInput, WebhookRegisterInput, WebhookReplayInput, WebhookRetireInput,
    WebhookRotateSecretInput, WebhookTestInput,
};
use crate::types::WebhookTestPayload;

/// Addresses that events are delivered to.
#[derive(Default)]
pub(super) struct WebhooksMutation;

#[Object]
impl WebhooksMutation {
    /// Has events delivered to an address. What they are verified with is in this answer and nowhere else.
    async fn webhook_register(
        &self,
        context: &Context<'_>,
        input: WebhookRegisterInput,
    ) -> Option<Result<WebhookRegisterPayload>> {
        submit(context, input).await
    }

    /// Has events delivered elsewhere, or others. Delivery goes on where it stands.
    async fn webhook_change(
        &self,
        context: &Context<'_>,
        input: WebhookChangeInput,
    ) -> Option<Result<WebhookChangePayload>> {
        submit(context, input).await
    }

    /// Delivers nothing more to an address.
    async fn webhook_retire(
        &self,
        context: &Context<'_>,
        input: WebhookRetireInput,
    ) -> Option<Result<WebhookRetirePayload>> {
        submit(context, input).await
    }

    /// Makes another secret that deliveries are signed with: it is in this answer and nowhere else.
    async fn webhook_rotate_secret(
        &self,
        context: &Context<'_>,
        input: WebhookRotateSecretInput,
    ) -> Option<Result<WebhookRotateSecretPayload>> {
        submit(context, input).await
    }

    /// Delivers events again, or has delivery go on from elsewhere in the log; what was suspended goes on.
    async fn webhook_replay(
        &self,
        context: &Context<'_>,
        input: WebhookReplayInput,
    ) -> Option<Result<WebhookReplayPayload>> {
        submit(context, input).await
    }

    /// Sends an event that is in no log, and says what came of it. Nothing is recorded.
    #[graphql(complexity = 100)]
    async fn webhook_test(
        &self,
        context: &Context<'_>,
        input: WebhookTestInput,
    ) -> Option<Result<WebhookTestPayload>> {
        Some(WebhookTestPayload::of(context, input).await)
    }
}

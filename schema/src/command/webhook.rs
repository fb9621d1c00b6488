//! What is asked of addresses that events are delivered to.

use bincode::Encode;
use serde::Serialize;

use crate::event::v1::WebhookTerms;
use crate::ids::WebhookId;

/// See [`super::CommandBody::RegisterWebhook`]. The secret is made by the vault.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Encode)]
pub struct RegisterWebhook {
    /// Where events go, and which.
    pub terms: WebhookTerms,
    /// Position of the first event that goes there; none for those from here on.
    pub from: Option<u64>,
}

/// See [`super::CommandBody::ChangeWebhook`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Encode)]
pub struct ChangeWebhook {
    /// Which.
    pub webhook: WebhookId,
    /// Where events go from now on, and which.
    pub terms: WebhookTerms,
}

/// See [`super::CommandBody::RetireWebhook`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Encode)]
pub struct RetireWebhook {
    /// Which.
    pub webhook: WebhookId,
}

/// See [`super::CommandBody::RotateWebhookSecret`]. The secret is made by the vault.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Encode)]
pub struct RotateWebhookSecret {
    /// Which.
    pub webhook: WebhookId,
    /// For how many hours deliveries are signed with the secret before as well.
    pub overlap_hours: u32,
}

/// See [`super::CommandBody::ReplayWebhook`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Encode)]
pub struct ReplayWebhook {
    /// Which.
    pub webhook: WebhookId,
    /// The first event; none for the one that delivery stands at.
    pub from: Option<u64>,
    /// The last event that is delivered again; none to go on from the first.
    pub to: Option<u64>,
}

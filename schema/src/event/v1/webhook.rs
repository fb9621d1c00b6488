//! Addresses that events are delivered to. Their secrets are in the vault.

use bincode::{Decode, Encode};
use serde::{Deserialize, Serialize};

use crate::ids::WebhookId;
use crate::time::Timestamp;

/// Where events go, and which.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct WebhookTerms {
    /// The address.
    pub url: String,
    /// Numbers of the kinds of events that go there; all kinds if there are none.
    pub kinds: Vec<u16>,
}

/// Events are delivered to an address from here on, signed with secret number 1.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct WebhookRegistered {
    /// Its number.
    pub webhook: WebhookId,
    /// Where events go, and which.
    pub terms: WebhookTerms,
    /// Position of the first event that goes there.
    pub from: u64,
}

/// Events go elsewhere, or others do, from the next delivery on.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct WebhookChanged {
    /// Which.
    pub webhook: WebhookId,
    /// Where events go now, and which.
    pub terms: WebhookTerms,
}

/// Nothing more is delivered.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct WebhookRetired {
    /// Which.
    pub webhook: WebhookId,
}

/// Deliveries are signed with a new secret.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct WebhookSecretRotated {
    /// Which.
    pub webhook: WebhookId,
    /// Number of the new secret.
    pub secret: u32,
    /// Until when deliveries are signed with the one before as well.
    pub previous_until: Timestamp,
}

/// Events are delivered again, or delivery goes on elsewhere in the log. What was suspended goes on.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct WebhookReplayed {
    /// Which.
    pub webhook: WebhookId,
    /// The first event; none for the one that delivery stands at.
    pub from: Option<u64>,
    /// The last event that is delivered again, after which delivery goes on where it stood; none to go on from the first.
    pub to: Option<u64>,
}

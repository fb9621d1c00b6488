//! Addresses that events are delivered to: what decisions know of them.

use serde::{Deserialize, Serialize};
use soticket_schema::{Event, WebhookId};

use super::dense::Dense;

/// The webhooks of an organisation.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Webhooks(Dense<Webhook>);

/// A webhook.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Webhook {
    /// Number of the secret that deliveries are signed with.
    pub(crate) secret: u32,
    /// Whether nothing more is delivered.
    pub(crate) retired: bool,
}

impl Webhooks {
    pub(crate) fn next(&self) -> WebhookId {
        WebhookId(self.0.next_u32())
    }

    pub(crate) fn get(&self, webhook: WebhookId) -> Option<&Webhook> {
        self.0.get(webhook.0)
    }

    /// How many are delivered to.
    pub(crate) fn active(&self) -> usize {
        self.0.iter().filter(|webhook| !webhook.retired).count()
    }

    /// Takes in what an event says of them.
    pub(crate) fn note(&mut self, event: &Event) {
        match event {
            Event::WebhookRegistered(event) => {
                self.0.push(event.webhook.0, Webhook { secret: 1, retired: false });
            }
            Event::WebhookRetired(event) => self.with(event.webhook, |webhook| webhook.retired = true),
            Event::WebhookSecretRotated(event) => {
                self.with(event.webhook, |webhook| webhook.secret = event.secret);
            }
            _ => {}
        }
    }

    fn with(&mut self, webhook: WebhookId, change: impl FnOnce(&mut Webhook)) {
        if let Some(webhook) = self.0.get_mut(webhook.0) {
            change(webhook);
        }
    }
}

//! The addresses that events are delivered to.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use soticket_schema::event::v1::WebhookTerms;
use soticket_schema::{Event, Timestamp, WebhookId};

/// A webhook.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WebhookInfo {
    /// Its number.
    pub webhook: WebhookId,
    /// Where events go, and which.
    pub terms: WebhookTerms,
    /// Position of the first event that goes there.
    pub from: u64,
    /// When it was registered.
    pub registered_at: Timestamp,
    /// When it was retired, if it was.
    pub retired_at: Option<Timestamp>,
    /// Number of the secret that deliveries are signed with.
    pub secret: u32,
    /// Until when deliveries are signed with the secret before as well.
    pub previous_until: Option<Timestamp>,
    /// What was asked to be delivered again, in order.
    pub replays: Vec<Replay>,
}

/// Events that were asked to be delivered again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Replay {
    /// The first; none for the one that delivery stood at.
    pub from: Option<u64>,
    /// The last, after which delivery goes on where it stood; none to go on from the first.
    pub to: Option<u64>,
}

impl WebhookInfo {
    /// Whether events of this kind go there.
    pub fn takes(&self, kind: u16) -> bool {
        self.terms.kinds.is_empty() || self.terms.kinds.contains(&kind)
    }
}

/// The webhooks by number.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Webhooks(BTreeMap<WebhookId, WebhookInfo>);

impl Webhooks {
    pub(super) fn fold(&mut self, event: &Event, at: Timestamp) {
        match event {
            Event::WebhookRegistered(event) => {
                self.0.entry(event.webhook).or_insert_with(|| WebhookInfo {
                    webhook: event.webhook,
                    terms: event.terms.clone(),
                    from: event.from,
                    registered_at: at,
                    retired_at: None,
                    secret: 1,
                    previous_until: None,
                    replays: Vec::new(),
                });
            }
            Event::WebhookChanged(event) => {
                self.with(event.webhook, |webhook| webhook.terms.clone_from(&event.terms));
            }
            Event::WebhookRetired(event) => self.with(event.webhook, |webhook| {
                webhook.retired_at.get_or_insert(at);
            }),
            Event::WebhookSecretRotated(event) => self.with(event.webhook, |webhook| {
                webhook.secret = event.secret;
                webhook.previous_until = Some(event.previous_until);
            }),
            Event::WebhookReplayed(event) => self.with(event.webhook, |webhook| {
                webhook.replays.push(Replay { from: event.from, to: event.to });
            }),
            _ => {}
        }
    }

    fn with(&mut self, webhook: WebhookId, change: impl FnOnce(&mut WebhookInfo)) {
        if let Some(webhook) = self.0.get_mut(&webhook) {
            change(webhook);
        }
    }

    /// All webhooks, retired ones included, by number.
    pub fn all(&self) -> impl DoubleEndedIterator<Item = &WebhookInfo> {
        self.0.values()
    }

    /// One webhook.
    pub fn get(&self, webhook: WebhookId) -> Option<&WebhookInfo> {
        self.0.get(&webhook)
    }
}

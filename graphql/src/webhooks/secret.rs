//! How deliveries are signed: HMAC-SHA256 over `id.timestamp.body` (Standard Webhooks, version 1).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::hmac::{HMAC_SHA256, Key, sign};
use soticket_ledger::Ledger;
use soticket_ledger::vault::VaultError;
use soticket_projections::catalogue::WebhookInfo;
use soticket_schema::Timestamp;
use soticket_schema::ids::OrganisationId;

/// A secret as receivers take it.
pub(crate) fn written(secret: &[u8; 32]) -> String {
    format!("whsec_{}", STANDARD.encode(secret))
}

/// What a delivery is signed with: the present secret, and the one before while it is replaced.
pub(super) struct Keys(Vec<Key>);

impl Keys {
    pub(super) fn of(
        ledger: &Ledger,
        organisation: OrganisationId,
        info: &WebhookInfo,
        now: Timestamp,
    ) -> Result<Self, VaultError> {
        let mut numbers = vec![info.secret];
        if info.previous_until.is_some_and(|until| now < until) {
            numbers.extend(info.secret.checked_sub(1).filter(|number| *number > 0));
        }
        let key = |number| {
            let secret = ledger.webhook_secret(organisation, info.webhook, number)?;
            Ok(Key::new(HMAC_SHA256, secret.as_slice()))
        };
        numbers.into_iter().map(key).collect::<Result<_, _>>().map(Self)
    }

    /// Signs one attempt.
    pub(super) fn sign(&self, id: &str, now: Timestamp, body: &[u8]) -> Headers {
        let timestamp = now.0.div_euclid(1_000_000).to_string();
        let message = [id.as_bytes(), b".", timestamp.as_bytes(), b".", body].concat();
        let signatures = self.0.iter().map(|key| format!("v1,{}", STANDARD.encode(sign(key, &message))));
        let signature = signatures.collect::<Vec<_>>().join(" ");
        Headers { id: id.to_owned(), timestamp, signature }
    }
}

/// What a receiver verifies and tells repetitions by.
pub(super) struct Headers {
    id: String,
    timestamp: String,
    signature: String,
}

impl Headers {
    pub(super) fn all(&self) -> [(&'static str, &str); 3] {
        [
            ("webhook-id", &self.id),
            ("webhook-timestamp", &self.timestamp),
            ("webhook-signature", &self.signature),
        ]
    }
}

//! Addresses that events are delivered to.

use soticket_schema::RejectionCode::*;
use soticket_schema::command::*;
use soticket_schema::event::v1::*;
use soticket_schema::limits::WEBHOOKS_MAX;
use soticket_schema::*;

use crate::harness::{NOW, Refused, refused};
use crate::venue::*;

const HOOK: WebhookId = WebhookId(1);

fn terms(url: &str, kinds: &[u16]) -> WebhookTerms {
    WebhookTerms { url: url.into(), kinds: kinds.into() }
}

fn register() -> RegisterWebhook {
    RegisterWebhook { terms: terms("https://erp.example.org/hook", &[70, 71]), from: Some(0) }
}

fn replay(from: Option<u64>, to: Option<u64>) -> ReplayWebhook {
    ReplayWebhook { webhook: HOOK, from, to }
}

fn rotate(overlap_hours: u32) -> RotateWebhookSecret {
    RotateWebhookSecret { webhook: HOOK, overlap_hours }
}

#[test]
fn a_webhook_has_a_number_a_beginning_and_numbered_secrets() {
    let world = house();
    let registered = WebhookRegistered { webhook: HOOK, terms: register().terms, from: 0 };
    world.when(register()).then([registered.into()]);
    let world = world.after(register());
    let changed = terms("http://127.0.0.1:9000/", &[]);
    world.when(ChangeWebhook { webhook: HOOK, terms: changed.clone() }).then([WebhookChanged {
        webhook: HOOK,
        terms: changed,
    }
    .into()]);
    let previous_until = Timestamp(NOW.0 + 24 * 3_600 * 1_000_000);
    world.when(rotate(24)).then([WebhookSecretRotated { webhook: HOOK, secret: 2, previous_until }.into()]);
    world.clone().after(rotate(1)).when(rotate(0)).then([WebhookSecretRotated {
        webhook: HOOK,
        secret: 3,
        previous_until: NOW,
    }
    .into()]);
    world.when(replay(Some(1), Some(2))).then([WebhookReplayed {
        webhook: HOOK,
        from: Some(1),
        to: Some(2),
    }
    .into()]);
    world.when(replay(None, None)).then([WebhookReplayed { webhook: HOOK, from: None, to: None }.into()]);
    world.when(RetireWebhook { webhook: HOOK }).then([WebhookRetired { webhook: HOOK }.into()]);
}

pub(crate) fn rejections() -> Vec<Refused> {
    let house = house();
    let hooked = house.clone().after(register());
    let retired = hooked.clone().after(RetireWebhook { webhook: HOOK });
    let full = (0..WEBHOOKS_MAX).fold(house.clone(), |world, _| world.after(register()));
    let with = |url: &str, kinds: &[u16]| RegisterWebhook { terms: terms(url, kinds), from: None };
    let other = WebhookId(2);
    vec![
        refused(&house, with("http://erp.example.org/", &[]), UrlInvalid, "url"),
        refused(&house, with("https://erp.example.org/", &[70, 70]), Duplicate, "kinds.1"),
        refused(&house, with("https://erp.example.org/", &[70, 9999]), EventKindUnknown, "kinds.1"),
        refused(&house, with("https://erp.example.org/", &[70; 500]), ListTooLong, "kinds"),
        refused(&house, RegisterWebhook { from: Some(u64::MAX), ..register() }, PositionInvalid, "from"),
        refused(&full, register(), WebhooksTooMany, "url"),
        refused(
            &hooked,
            ChangeWebhook { webhook: other, terms: register().terms },
            WebhookUnknown,
            "webhook",
        ),
        refused(&hooked, ChangeWebhook { webhook: HOOK, terms: terms("x", &[]) }, UrlInvalid, "url"),
        refused(&hooked, RetireWebhook { webhook: other }, WebhookUnknown, "webhook"),
        refused(&retired, RetireWebhook { webhook: HOOK }, WebhookEnded, "webhook"),
        refused(&retired, rotate(1), WebhookEnded, "webhook"),
        refused(&retired, replay(None, None), WebhookEnded, "webhook"),
        refused(&hooked, rotate(721), QuantityTooLarge, "overlap_hours"),
        refused(&hooked, replay(Some(u64::MAX), None), PositionInvalid, "from"),
        refused(&hooked, replay(Some(0), Some(u64::MAX)), PositionInvalid, "to"),
        refused(&hooked, replay(Some(2), Some(1)), PositionInvalid, "to"),
        refused(&hooked, replay(None, Some(1)), PositionInvalid, "to"),
    ]
}

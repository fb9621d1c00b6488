//! Addresses that events are delivered to. Where they may lie on the network is for the delivery to check: names change
//! what they stand for.

use soticket_schema::command::{
    ChangeWebhook, RegisterWebhook, ReplayWebhook, RetireWebhook, RotateWebhookSecret,
};
use soticket_schema::event::CATALOGUE;
use soticket_schema::event::v1::{
    WebhookChanged, WebhookRegistered, WebhookReplayed, WebhookRetired, WebhookSecretRotated, WebhookTerms,
};
use soticket_schema::limits::{WEBHOOK_OVERLAP_HOURS_MAX, WEBHOOK_URL_BYTES_MAX, WEBHOOKS_MAX};
use soticket_schema::{Event, Rejection, RejectionCode, Timestamp, WebhookId};

use super::checks::{Checks, Path, field};
use super::{Context, Decide, When};
use crate::state::Webhook;

const HOUR_MICROSECONDS: i64 = 60 * 60 * 1_000_000;

/// Whether events may be delivered there: over TLS, or within this machine.
fn is_target(url: &str) -> bool {
    let plain = url.len() <= WEBHOOK_URL_BYTES_MAX
        && url.bytes().all(|sign| sign.is_ascii_graphic() && !br#"#"<>\^`{|}"#.contains(&sign));
    let (secure, rest) = match (url.strip_prefix("https://"), url.strip_prefix("http://")) {
        (Some(rest), _) => (true, rest),
        (_, Some(rest)) => (false, rest),
        _ => return false,
    };
    let authority = rest.split(['/', '?']).next().unwrap_or_default();
    plain && host(authority).is_some_and(|host| secure || is_this_machine(host))
}

/// The host of `host`, `host:port`, `[v6]` or `[v6]:port`.
fn host(authority: &str) -> Option<&str> {
    let (host, rest) = match authority.strip_prefix('[') {
        Some(rest) => {
            let (host, rest) = rest.split_once(']')?;
            host.parse::<std::net::Ipv6Addr>().ok()?;
            (host, rest)
        }
        None => authority.split_at(authority.find(':').unwrap_or(authority.len())),
    };
    let named = host.bytes().all(|sign| sign.is_ascii_alphanumeric() || b"-._:".contains(&sign));
    let port = rest.is_empty() || rest.strip_prefix(':')?.parse::<u16>().is_ok_and(|port| port > 0);
    (!host.is_empty() && named && port).then_some(host)
}

fn is_this_machine(host: &str) -> bool {
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

fn terms(terms: &WebhookTerms, checks: &mut Checks) {
    checks.ensure(is_target(&terms.url), RejectionCode::UrlInvalid, field("url"));
    let at = field("kinds");
    checks.list(&terms.kinds, CATALOGUE.len(), at);
    checks.distinct(terms.kinds.iter().copied().enumerate(), |index| at.item(index).to_string());
    for (index, kind) in terms.kinds.iter().enumerate() {
        let known = CATALOGUE.iter().any(|(number, _, _)| number == kind);
        checks.ensure(known, RejectionCode::EventKindUnknown, at.item(index));
    }
}

/// The webhook, which must not be retired.
fn active(webhook: WebhookId, context: &Context<'_>, checks: &mut Checks) -> Result<Webhook, Rejection> {
    let found = context.state.webhooks.get(webhook).copied();
    let found = checks.need(found, RejectionCode::WebhookUnknown, field("webhook"))?;
    checks.ensure(!found.retired, RejectionCode::WebhookEnded, field("webhook"));
    Ok(found)
}

/// A position that is in the log.
fn in_log(position: Option<u64>, context: &Context<'_>, checks: &mut Checks, at: Path<'_>) {
    let known = position.is_none_or(|position| position < context.state.length());
    checks.ensure(known, RejectionCode::PositionInvalid, at);
}

impl Decide for RegisterWebhook {
    fn shape(&self, _when: When, checks: &mut Checks) {
        terms(&self.terms, checks);
    }

    fn decide(&self, context: &Context<'_>, checks: &mut Checks) -> Result<Vec<Event>, Rejection> {
        in_log(self.from, context, checks, field("from"));
        let webhooks = &context.state.webhooks;
        let room = webhooks.active() < WEBHOOKS_MAX;
        checks.ensure(room, RejectionCode::WebhooksTooMany, field("url"));
        let from = self.from.unwrap_or_else(|| context.state.length());
        Ok(vec![WebhookRegistered { webhook: webhooks.next(), terms: self.terms.clone(), from }.into()])
    }
}

impl Decide for ChangeWebhook {
    fn shape(&self, _when: When, checks: &mut Checks) {
        terms(&self.terms, checks);
    }

    fn decide(&self, context: &Context<'_>, checks: &mut Checks) -> Result<Vec<Event>, Rejection> {
        active(self.webhook, context, checks)?;
        Ok(vec![WebhookChanged { webhook: self.webhook, terms: self.terms.clone() }.into()])
    }
}

impl Decide for RetireWebhook {
    fn shape(&self, _when: When, _checks: &mut Checks) {}

    fn decide(&self, context: &Context<'_>, checks: &mut Checks) -> Result<Vec<Event>, Rejection> {
        active(self.webhook, context, checks)?;
        Ok(vec![WebhookRetired { webhook: self.webhook }.into()])
    }
}

impl Decide for RotateWebhookSecret {
    fn shape(&self, _when: When, checks: &mut Checks) {
        let allowed = self.overlap_hours <= WEBHOOK_OVERLAP_HOURS_MAX;
        checks.ensure(allowed, RejectionCode::QuantityTooLarge, field("overlap_hours"));
    }

    fn decide(&self, context: &Context<'_>, checks: &mut Checks) -> Result<Vec<Event>, Rejection> {
        let webhook = active(self.webhook, context, checks)?;
        let overlap = i64::from(self.overlap_hours).saturating_mul(HOUR_MICROSECONDS);
        let previous_until = Timestamp(context.now.0.saturating_add(overlap));
        let secret = webhook.secret.saturating_add(1);
        Ok(vec![WebhookSecretRotated { webhook: self.webhook, secret, previous_until }.into()])
    }
}

impl Decide for ReplayWebhook {
    fn shape(&self, _when: When, _checks: &mut Checks) {}

    fn decide(&self, context: &Context<'_>, checks: &mut Checks) -> Result<Vec<Event>, Rejection> {
        active(self.webhook, context, checks)?;
        in_log(self.from, context, checks, field("from"));
        in_log(self.to, context, checks, field("to"));
        // A last event without a first one would say nothing about where delivery stands.
        let ordered = self.to.is_none_or(|to| self.from.is_some_and(|from| from <= to));
        checks.ensure(ordered, RejectionCode::PositionInvalid, field("to"));
        Ok(vec![WebhookReplayed { webhook: self.webhook, from: self.from, to: self.to }.into()])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_go_over_tls_or_stay_within_the_machine() {
        for url in [
            "https://erp.example.org/hooks?x=1",
            "https://erp.example.org:8443",
            "https://[2001:db8::1]:8443/a",
            "https://192.0.2.1/",
            "http://localhost:9000/hook",
            "http://127.0.0.1/hook",
            "http://[::1]:9000/hook",
        ] {
            assert!(is_target(url), "{url}");
        }
        for url in [
            "",
            "erp.example.org",
            "ftp://erp.example.org",
            "HTTPS://erp.example.org",
            "https://",
            "https:///path",
            "https://:443/",
            "https://a:b@erp.example.org/",
            "https://erp.example.org#part",
            "https://erp.example.org/a b",
            "https://erp.example.org:0/",
            "https://erp.example.org:99999/",
            "https://erp.example.org:x/",
            "https://[2001:db8::1",
            "https://[nonsense]/",
            "https://érp.example.org/",
            "https://erp.example.org\\@evil.example/",
            "http://erp.example.org/",
            "http://192.168.0.1/",
            "http://localhost.example.org/",
        ] {
            assert!(!is_target(url), "{url}");
        }
        assert!(!is_target(&format!("https://erp.example.org/{}", "a".repeat(500))));
    }
}

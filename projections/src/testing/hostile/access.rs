//! Keys, credentials, tokens and webhooks out of turn, and rules of entry at the ends.

use soticket_schema::event::v1::*;
use soticket_schema::*;

use super::{Raw, small, time};

pub(super) fn entry_rules(raw: &Raw, show: Option<ShowId>) -> Event {
    let rules = EntryRules {
        lead_minutes: raw[3],
        tail_minutes: raw[4],
        from: raw[5].is_multiple_of(3).then_some(time(raw[5])),
        until: raw[6].is_multiple_of(3).then_some(time(raw[6])),
        re_entry: [ReEntry::Never, ReEntry::AfterExit, ReEntry::Free][usize::from(raw[7] % 3)],
        passback_seconds: small(raw[5]),
        admit_unpaid: raw[6].is_multiple_of(2),
    };
    EntryRulesSet { show, rules }.into()
}

/// Tokens out of turn, and notes about actors that nobody registered.
fn tokens(raw: &Raw) -> Event {
    let (token, holder, minute) = (TokenId(small(raw[3])), ActorId(small(raw[5])), time(raw[4]));
    match raw[1] % 3 {
        0 => TokenRevoked { token, holder }.into(),
        1 => {
            let reason = DenialReason::RateExceeded;
            AccessDenied { asker: holder, token: None, reason, minute, count: u32::MAX }.into()
        }
        _ => {
            let hash = Hash([(raw[6] % 7) as u8; 32]);
            let expires_at = raw[6].is_multiple_of(2).then_some(time(raw[4]));
            let (role, label) = (TokenRole::Network, String::new());
            let proof = TokenProof::Password;
            TokenIssued { token, holder, role, label, proof, hash, expires_at }.into()
        }
    }
}

fn webhook(raw: &Raw) -> Event {
    let webhook = WebhookId(small(raw[3]));
    let terms = WebhookTerms { url: format!("https://{}.example", raw[4] % 3), kinds: vec![raw[5]] };
    match raw[1] % 11 {
        6 => WebhookRegistered { webhook, terms, from: u64::from(raw[6]) }.into(),
        7 => WebhookChanged { webhook, terms }.into(),
        8 => WebhookRetired { webhook }.into(),
        9 => WebhookSecretRotated { webhook, secret: small(raw[5]), previous_until: time(raw[6]) }.into(),
        _ => {
            let (from, to) = (u64::from(raw[4]), u64::from(raw[5]));
            WebhookReplayed { webhook, from: raw[6].is_multiple_of(2).then_some(from), to: Some(to) }.into()
        }
    }
}

pub(super) fn event(raw: &Raw) -> Event {
    let (key, credential) = (CodeKeyId(raw[3] % 5), CredentialId(small(raw[4])));
    let device = ActorId(small(raw[5]));
    if raw[7].is_multiple_of(3) {
        return tokens(raw);
    }
    match raw[1] % 11 {
        0 => CodeKeyRegistered { key, public: PublicKey([7; 32]) }.into(),
        1 => CodeKeyRetired { key, trusted: raw[6].is_multiple_of(2) }.into(),
        2 => CredentialRevoked { credential, device }.into(),
        3 => {
            let (key, origin) = (CheckpointKeyId(small(raw[3])), format!("log{}", raw[4] % 2));
            CheckpointKeyRegistered { key, origin, public: PublicKey([7; 32]) }.into()
        }
        4 => CheckpointKeyRetired { key: CheckpointKeyId(small(raw[3])) }.into(),
        6..=10 => webhook(raw),
        _ => {
            let hash = CredentialHash([(raw[6] % 7) as u8; 16]);
            let expires_at = raw[6].is_multiple_of(2).then_some(time(raw[7]));
            CredentialIssued { credential, device, hash, gate: GateId(small(raw[3])), expires_at }.into()
        }
    }
}

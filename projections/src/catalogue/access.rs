//! Signing keys, devices' credentials, tokens and rules for entry, as they stand now.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use soticket_ledger::admission::DEFAULT_RULES;
use soticket_schema::event::v1::{CredentialIssued, EntryRules, TokenIssued};
use soticket_schema::{
    CodeKeyId, CredentialId, Event, GateId, PublicKey, ShowId, Timestamp, TokenId, ZoneId,
};

/// A key that ticket codes are signed with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodeKeyInfo {
    /// Its number.
    pub key: CodeKeyId,
    /// What its signatures are checked with.
    pub public: PublicKey,
    /// When it was registered.
    pub registered_at: Timestamp,
    /// When it was retired, if it was.
    pub retired_at: Option<Timestamp>,
    /// Whether a signature alone is enough to be let in.
    pub trusted: bool,
}

/// A device's credential.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct CredentialInfo {
    /// As it was issued.
    pub issued: CredentialIssued,
    /// When it was issued.
    pub issued_at: Timestamp,
    /// When it was revoked, if it was.
    pub revoked_at: Option<Timestamp>,
}

impl CredentialInfo {
    /// Whether it is worth something at an instant.
    pub fn is_in_force(&self, at: Timestamp) -> bool {
        self.revoked_at.is_none() && self.issued.expires_at.is_none_or(|expires_at| expires_at > at)
    }
}

/// A token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenInfo {
    /// As it was issued.
    pub issued: TokenIssued,
    /// When it was issued.
    pub issued_at: Timestamp,
    /// When it was revoked, if it was.
    pub revoked_at: Option<Timestamp>,
}

/// Signing keys, devices' credentials, tokens and rules for entry.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Access {
    keys: BTreeMap<CodeKeyId, CodeKeyInfo>,
    credentials: BTreeMap<CredentialId, CredentialInfo>,
    tokens: BTreeMap<TokenId, TokenInfo>,
    zones: BTreeMap<(GateId, Option<ShowId>), Vec<ZoneId>>,
    rules: BTreeMap<Option<ShowId>, EntryRules>,
}

impl Access {
    pub(super) fn fold(&mut self, event: &Event, at: Timestamp) {
        match event {
            Event::CodeKeyRegistered(event) => {
                self.keys.entry(event.key).or_insert_with(|| CodeKeyInfo {
                    key: event.key,
                    public: event.public,
                    registered_at: at,
                    retired_at: None,
                    trusted: true,
                });
            }
            Event::CodeKeyRetired(event) => {
                if let Some(key) = self.keys.get_mut(&event.key) {
                    key.retired_at.get_or_insert(at);
                    key.trusted &= event.trusted;
                }
            }
            Event::CredentialIssued(event) => {
                self.credentials.entry(event.credential).or_insert_with(|| CredentialInfo {
                    issued: *event,
                    issued_at: at,
                    revoked_at: None,
                });
            }
            Event::CredentialRevoked(event) => {
                if let Some(credential) = self.credentials.get_mut(&event.credential) {
                    credential.revoked_at.get_or_insert(at);
                }
            }
            Event::TokenIssued(event) => {
                self.tokens.entry(event.token).or_insert_with(|| TokenInfo {
                    issued: event.clone(),
                    issued_at: at,
                    revoked_at: None,
                });
            }
            Event::TokenRevoked(event) => {
                if let Some(token) = self.tokens.get_mut(&event.token) {
                    token.revoked_at.get_or_insert(at);
                }
            }
            Event::GateZonesSet(event) => {
                self.zones.insert((event.gate, event.show), event.zones.clone());
            }
            Event::EntryRulesSet(event) => {
                self.rules.insert(event.show, event.rules);
            }
            _ => {}
        }
    }

    /// Keys that codes are signed with, retired ones included, by number.
    pub fn keys(&self) -> impl DoubleEndedIterator<Item = &CodeKeyInfo> {
        self.keys.values()
    }

    /// One of these keys.
    pub fn key(&self, key: CodeKeyId) -> Option<&CodeKeyInfo> {
        self.keys.get(&key)
    }

    /// The key that codes are signed with now: the last that was not retired.
    pub fn present_key(&self) -> Option<CodeKeyId> {
        self.keys.values().rev().find(|key| key.retired_at.is_none()).map(|key| key.key)
    }

    /// A credential.
    pub fn credential(&self, credential: CredentialId) -> Option<&CredentialInfo> {
        self.credentials.get(&credential)
    }

    /// Credentials, ended ones included, by number.
    pub fn credentials(&self) -> impl DoubleEndedIterator<Item = &CredentialInfo> {
        self.credentials.values()
    }

    /// A token.
    pub fn token(&self, token: TokenId) -> Option<&TokenInfo> {
        self.tokens.get(&token)
    }

    /// Tokens, ended ones included, by number.
    pub fn tokens(&self) -> impl DoubleEndedIterator<Item = &TokenInfo> {
        self.tokens.values()
    }

    /// The rules of a show; those for all shows for none.
    pub fn rules(&self, show: Option<ShowId>) -> EntryRules {
        let rules = self.rules.get(&show).or_else(|| self.rules.get(&None));
        rules.copied().unwrap_or(DEFAULT_RULES)
    }

    /// The zones that a gate admits to for a show; for all shows for none. Empty for all zones.
    pub fn zones(&self, gate: GateId, show: Option<ShowId>) -> &[ZoneId] {
        let zones = self.zones.get(&(gate, show)).or_else(|| self.zones.get(&(gate, None)));
        zones.map_or(&[], Vec::as_slice)
    }
}

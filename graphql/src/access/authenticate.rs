//! From what a request carries to who it comes from.

use std::net::IpAddr;
use std::sync::Arc;

use axum::http::header::AUTHORIZATION;
use axum::http::{Extensions, HeaderMap};
use soticket_schema::Timestamp;
use soticket_schema::event::v1::DenialReason;
use soticket_schema::ids::{OrganisationId, TokenId};

use super::principal::Principal;
use super::{Access, token};
use crate::core::Core;
use crate::gate::{AuthFault, device_of};

/// The address that a connection comes from, where a socket is listened at.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Peer(pub(crate) IpAddr);

/// Why it is not known who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Denied {
    /// Nothing is sent, or nothing of ours.
    Unknown,
    /// What is sent was revoked or has ended.
    Ended,
    /// The address has failed too often; seconds to wait.
    Throttled(u64),
}

impl Denied {
    /// In words for whoever asked.
    pub(crate) fn message(self) -> &'static str {
        match self {
            Self::Unknown => "Send a token as `Authorization: Bearer …`.",
            Self::Ended => {
                "The token was revoked or has ended: ask an owner of the organisation for another."
            }
            Self::Throttled(_) => "Too many requests without a valid token came from this address: wait.",
        }
    }
}

/// What somebody proves themselves with: what is sent after `Bearer` or `Device`.
#[derive(Clone)]
pub(crate) struct Credential(Box<str>);

/// Secrets are not printed.
impl std::fmt::Debug for Credential {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Credential(…)")
    }
}

impl Credential {
    /// As a request's headers carry it.
    pub(crate) fn of(headers: &HeaderMap) -> Option<Self> {
        sent(headers).map(|token| Self(token.into()))
    }

    /// As it is written in a header, wherever it was stated.
    pub(crate) fn stated(text: &str) -> Option<Self> {
        token_of(text).map(|token| Self(token.into()))
    }
}

fn sent(headers: &HeaderMap) -> Option<&str> {
    token_of(headers.get(AUTHORIZATION)?.to_str().ok()?)
}

fn token_of(text: &str) -> Option<&str> {
    let (scheme, token) = text.split_once(' ')?;
    let known = ["bearer", "device"].iter().any(|known| scheme.eq_ignore_ascii_case(known));
    known.then_some(token.trim())
}

impl Access {
    /// Who a request comes from.
    pub(crate) fn authenticate(
        &self,
        core: &Core,
        headers: &HeaderMap,
        extensions: &Extensions,
    ) -> Result<Arc<Principal>, Denied> {
        self.proved(core, sent(headers), extensions.get::<Peer>().copied())
    }

    /// Who holds a credential that stays in use for as long as somebody is connected.
    pub(crate) fn admit_by(
        &self,
        core: &Core,
        credential: Option<&Credential>,
        peer: Option<Peer>,
    ) -> Result<Arc<Principal>, Denied> {
        self.proved(core, credential.map(|credential| &*credential.0), peer)
    }

    /// Whether a credential that let somebody in still does.
    pub(crate) fn holds(&self, core: &Core, credential: &Credential) -> bool {
        self.holder(core, &credential.0).is_ok()
    }

    fn proved(&self, core: &Core, token: Option<&str>, peer: Option<Peer>) -> Result<Arc<Principal>, Denied> {
        let found = token.ok_or(Denied::Unknown).and_then(|token| self.holder(core, token));
        found.map_err(|denied| {
            ::metrics::counter!("soticket_authentication_failures_total").increment(1);
            let address = peer.map(|peer| peer.0);
            self.throttle.failed(address, core.ledger.now()).map_or(denied, Denied::Throttled)
        })
    }

    /// Who holds a token.
    fn holder(&self, core: &Core, text: &str) -> Result<Arc<Principal>, Denied> {
        if let Some(principal) = self.directory.configured(text) {
            return Ok(principal);
        }
        if let Some(secret) = token::secret(text) {
            let (organisation, token) = core.ledger.token(&secret).ok_or(Denied::Unknown)?;
            if !token.is_in_force(core.ledger.now()) {
                let (asker, token) = (token.holder, Some(token.token));
                core.notes.denied(organisation, asker, token, DenialReason::TokenEnded, core.ledger.now());
                return Err(Denied::Ended);
            }
            return Ok(self.directory.of_token(organisation, &token));
        }
        match device_of(core, text) {
            Ok(device) => {
                Ok(self.directory.of_device(device.scope.organisation, device.credential, device.actor))
            }
            Err(AuthFault::Unknown) => Err(Denied::Unknown),
            Err(AuthFault::Ended) => Err(Denied::Ended),
        }
    }

    /// When a token was last used, to the minute; none if it never was, or nothing of it was kept.
    pub(crate) fn last_used(&self, organisation: OrganisationId, token: TokenId) -> Option<Timestamp> {
        let now = self.directory.last_used(organisation, token);
        now.or_else(|| self.used.before(organisation, token))
    }
}

impl Principal {
    /// Notes that it was refused something.
    pub(crate) fn denied(&self, core: &Core, reason: DenialReason) {
        // What an administrator is refused is in no organisation's log: it is of none.
        match self.organisation {
            Some(organisation) => {
                core.notes.denied(organisation, self.actor, self.token, reason, core.ledger.now());
            }
            None => tracing::warn!(?reason, "an administrator was refused something"),
        }
    }
}

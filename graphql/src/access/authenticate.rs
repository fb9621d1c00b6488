//! From what a request carries to who it comes from.

use std::net::IpAddr;
use std::sync::Arc;

use axum::http::header::AUTHORIZATION;
use axum::http::{Extensions, HeaderMap};
use soticket_schema::Timestamp;
use soticket_schema::event::v1::DenialReason;
use soticket_schema::ids::{OrganisationId, TokenId};

use super::principal::Principal;
use super::{Access, Origin, Session, cookie, token};
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
    /// A cookie on a request that does not come from a page of ours.
    Foreign,
    /// The address has failed too often; seconds to wait.
    Throttled(u64),
}

impl Denied {
    /// In words for whoever asked.
    pub(crate) fn message(self) -> &'static str {
        match self {
            Self::Unknown => "Send a token as `Authorization: Bearer …`, or sign in.",
            Self::Ended => {
                "The token was revoked or has ended, or the session is over: ask an owner of the organisation for \
                 another token, or sign in again."
            }
            Self::Foreign => "The request does not come from a page of this service.",
            Self::Throttled(_) => "Too many requests without a valid token came from this address: wait.",
        }
    }
}

/// What somebody proves themselves with.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Credential {
    /// What is sent after `Bearer` or `Device`.
    Token(Box<str>),
    /// The cookie of a session, on a request that comes from a page of ours.
    Session(Box<str>),
}

/// Secrets are not printed.
impl std::fmt::Debug for Credential {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Credential(…)")
    }
}

/// The same while the request is there.
#[derive(Clone, Copy)]
enum Sent<'a> {
    Token(&'a str),
    Session(&'a str),
}

impl Credential {
    /// As it is written in a header, wherever it was stated.
    pub(crate) fn stated(text: &str) -> Option<Self> {
        token_of(text).map(|token| Self::Token(token.into()))
    }

    fn as_sent(&self) -> Sent<'_> {
        match self {
            Self::Token(token) => Sent::Token(token),
            Self::Session(secret) => Sent::Session(secret),
        }
    }
}

impl From<Sent<'_>> for Credential {
    fn from(sent: Sent<'_>) -> Self {
        match sent {
            Sent::Token(token) => Self::Token(token.into()),
            Sent::Session(secret) => Self::Session(secret.into()),
        }
    }
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
        self.proved(core, self.sent(headers), extensions.get::<Peer>().copied())
    }

    /// What a request carries, for as long as somebody is connected.
    pub(crate) fn credential(&self, headers: &HeaderMap) -> Result<Credential, Denied> {
        self.sent(headers).map(Credential::from)
    }

    /// Who holds a credential that stays in use for as long as somebody is connected.
    pub(crate) fn admit_by(
        &self,
        core: &Core,
        credential: Result<&Credential, Denied>,
        peer: Option<Peer>,
    ) -> Result<Arc<Principal>, Denied> {
        self.proved(core, credential.map(Credential::as_sent), peer)
    }

    /// Whether a credential that let somebody in still does.
    pub(crate) fn holds(&self, core: &Core, credential: &Credential) -> bool {
        self.holder(core, credential.as_sent()).is_ok()
    }

    /// A token counts more than a cookie, which a browser sends by itself, from whatever page: with a cookie the request must
    /// come from a page of ours.
    fn sent<'a>(&self, headers: &'a HeaderMap) -> Result<Sent<'a>, Denied> {
        if let Some(value) = headers.get(AUTHORIZATION) {
            return value.to_str().ok().and_then(token_of).map(Sent::Token).ok_or(Denied::Unknown);
        }
        let secret = cookie::read(headers, self.has_secure_cookies()).ok_or(Denied::Unknown)?;
        match Origin::of(headers) {
            Origin::Own => Ok(Sent::Session(secret)),
            Origin::Foreign | Origin::Unstated => Err(Denied::Foreign),
        }
    }

    /// The secret of the session that a request carries, if it is one of a browser.
    pub(crate) fn session_secret<'a>(&self, headers: &'a HeaderMap) -> Result<&'a str, Denied> {
        match self.sent(headers)? {
            Sent::Session(secret) => Ok(secret),
            Sent::Token(_) => Err(Denied::Unknown),
        }
    }

    fn proved(
        &self,
        core: &Core,
        sent: Result<Sent<'_>, Denied>,
        peer: Option<Peer>,
    ) -> Result<Arc<Principal>, Denied> {
        sent.and_then(|sent| self.holder(core, sent)).map_err(|denied| {
            ::metrics::counter!("soticket_authentication_failures_total").increment(1);
            let address = peer.map(|peer| peer.0);
            self.throttle.failed(address, core.ledger.now()).map_or(denied, Denied::Throttled)
        })
    }

    fn holder(&self, core: &Core, sent: Sent<'_>) -> Result<Arc<Principal>, Denied> {
        match sent {
            Sent::Token(text) => self.holder_of_token(core, text),
            Sent::Session(secret) => self.holder_of_session(core, secret).map(|(principal, _)| principal),
        }
    }

    /// Who has signed in, and the session.
    pub(crate) fn holder_of_session(
        &self,
        core: &Core,
        secret: &str,
    ) -> Result<(Arc<Principal>, Session), Denied> {
        let now = core.ledger.now();
        let session = self.sessions.of(secret, now).ok_or(Denied::Ended)?;
        let login = core.ledger.token_known_by(session.name).filter(|(organisation, login)| {
            (*organisation, login.token) == (session.organisation, session.token) && login.is_in_force(now)
        });
        let Some((organisation, login)) = login else {
            self.sessions.end(secret);
            return Err(Denied::Ended);
        };
        Ok((self.directory.of_token(organisation, &login), session))
    }

    /// Who holds a token.
    fn holder_of_token(&self, core: &Core, text: &str) -> Result<Arc<Principal>, Denied> {
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

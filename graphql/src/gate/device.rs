//! Who a request comes from.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use soticket_schema::ids::{ActorId, CredentialId, GateId};

use super::answer::Fault;
use super::token::Token;
use crate::core::Core;
use crate::input::Scope;
use crate::service::Service;

/// A device with a credential that is in force.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Device {
    /// Its organisation.
    pub(crate) scope: Scope,
    /// The device.
    pub(crate) actor: ActorId,
    /// The gate that it stands at.
    pub(crate) gate: GateId,
    /// Its credential.
    pub(crate) credential: CredentialId,
}

/// Why a device is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AuthFault {
    /// There is no token, or none of ours.
    Unknown,
    /// The credential was revoked or has ended.
    Ended,
}

impl AuthFault {
    /// Told in these words, which scanners of the pretix protocol look for.
    pub(crate) fn detail(self) -> &'static str {
        match self {
            Self::Unknown => "Invalid token.",
            Self::Ended => "Device access has been revoked.",
        }
    }
}

impl From<AuthFault> for Fault {
    fn from(fault: AuthFault) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "UNAUTHENTICATED", fault.detail())
    }
}

/// The device with this token.
pub(crate) fn device_of(core: &Core, token: &str) -> Result<Device, AuthFault> {
    let token = Token::read(token).ok_or(AuthFault::Unknown)?;
    let organisation = token.organisation;
    let currency = core.currency(organisation).ok_or(AuthFault::Unknown)?;
    let scope = Scope { organisation, currency, viewer: None, moment: None };
    let hash = core.ledger.credential(organisation, &token.secret);
    let known = core.view(scope, |views| views.catalogue.access().credential(token.credential).copied());
    // The hashes are keyed: how far they agree tells nothing about the secret.
    let known = known.filter(|known| known.issued.hash == hash).ok_or(AuthFault::Unknown)?;
    if !known.is_in_force(core.ledger.now()) {
        return Err(AuthFault::Ended);
    }
    Ok(Device { scope, actor: known.issued.device, gate: known.issued.gate, credential: token.credential })
}

fn token(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    let known = ["device", "bearer"].iter().any(|known| scheme.eq_ignore_ascii_case(known));
    known.then_some(token.trim())
}

impl FromRequestParts<Arc<Service>> for Device {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, service: &Arc<Service>) -> Result<Self, Fault> {
        let token = token(&parts.headers).ok_or(AuthFault::Unknown)?;
        Ok(device_of(&service.core, token)?)
    }
}

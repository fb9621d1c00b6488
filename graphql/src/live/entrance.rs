//! Who may connect: the one place where sockets and event streams are let in, and where they are put out again.

use std::sync::Arc;

use axum::http::Request;
use serde_json::Value;

use crate::access::{Credential, Denied, Peer, Principal};
use crate::core::Core;

/// What is known of somebody who connects.
pub(super) struct Arrival {
    credential: Result<Credential, Denied>,
    peer: Option<Peer>,
}

/// What somebody was let in by. It is looked at again for as long as they are connected: a token that is revoked ends what
/// was begun with it.
#[derive(Debug, Clone)]
pub(super) struct Pass {
    credential: Credential,
    /// Who it is.
    pub(super) principal: Arc<Principal>,
}

/// Why somebody is not let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Denial {
    /// Nobody knows who it is: 4401.
    Unauthenticated,
    /// It is known who it is, and they may not any more: 4403.
    Forbidden,
}

impl From<Denied> for Denial {
    fn from(denied: Denied) -> Self {
        match denied {
            Denied::Unknown | Denied::Throttled(_) => Self::Unauthenticated,
            Denied::Ended | Denied::Foreign => Self::Forbidden,
        }
    }
}

impl Arrival {
    /// Somebody who asks for a socket or a stream.
    pub(super) fn of<B>(core: &Core, request: &Request<B>) -> Self {
        let peer = request.extensions().get::<Peer>().copied();
        Self { credential: core.access.credential(request.headers()), peer }
    }

    /// Lets them in with what they sent in the request's headers, or what they state in `connection_init`: browsers send no
    /// headers of their own with a socket.
    pub(super) fn admit(&self, core: &Core, init: Option<&Value>) -> Result<Pass, Denied> {
        let stated = init.and_then(|init| init.get("authorization").or_else(|| init.get("Authorization")));
        let stated = stated.and_then(Value::as_str).and_then(Credential::stated);
        let credential = stated.map_or_else(|| self.credential.clone(), Ok);
        let principal =
            core.access.admit_by(core, credential.as_ref().map_err(|denied| *denied), self.peer)?;
        Ok(Pass { credential: credential?, principal })
    }
}

impl Pass {
    /// Whether it is still good for what it was good for.
    pub(super) fn holds(&self, core: &Core) -> bool {
        core.access.holds(core, &self.credential)
    }
}

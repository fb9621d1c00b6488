//! Who may connect: the one place where sockets and event streams are let in.

use axum::http::HeaderMap;
use serde_json::Value;

/// What is known of somebody who connects.
pub(crate) struct Arrival<'a> {
    /// Headers of the request that asked for the socket or the stream.
    pub(crate) headers: &'a HeaderMap,
    /// Payload of `connection_init`, over a socket.
    pub(crate) init: Option<&'a Value>,
}

/// Why somebody is not let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Denial {
    /// Nobody knows who it is: 4401, or 401.
    #[cfg_attr(not(test), expect(dead_code, reason = "everyone is let in until there are tokens"))]
    Unauthenticated,
    /// It is known who it is, and that is not enough: 4403, or 403.
    #[cfg_attr(not(test), expect(dead_code, reason = "everyone is let in until there are tokens"))]
    Forbidden,
}

/// Who decides.
pub(crate) type Doorkeeper = fn(&Arrival<'_>) -> Result<(), Denial>;

/// Lets everyone in, as the rest of the service does: there is no authentication yet.
pub(crate) fn admit(arrival: &Arrival<'_>) -> Result<(), Denial> {
    tracing::trace!(headers = arrival.headers.len(), init = arrival.init.is_some(), "somebody connects");
    Ok(())
}

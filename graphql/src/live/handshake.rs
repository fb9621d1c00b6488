//! From an HTTP request to a WebSocket (RFC 6455).

use std::sync::Arc;

use axum::body::Body;
use axum::http::header::{
    CONNECTION, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_PROTOCOL, SEC_WEBSOCKET_VERSION,
    UPGRADE,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response, StatusCode, Version};
use hyper_util::rt::TokioIo;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;

use super::entrance::Arrival;
use super::socket;
use crate::http::refusal::Refusal;
use crate::service::Service;

/// The protocol that is spoken over sockets.
const PROTOCOL: &str = "graphql-transport-ws";

/// Whether the request asks for a WebSocket.
pub(crate) fn is_asked_for(headers: &HeaderMap) -> bool {
    has_token(headers, &UPGRADE, "websocket")
}

/// Answers the handshake and has the socket served in a task of its own.
pub(crate) fn answer(service: &Arc<Service>, mut request: Request<Body>) -> Result<Response<Body>, Refusal> {
    let accept = accept_key(&request)?;
    let place = service.live.socket().ok_or_else(Refusal::no_room)?;
    let arrival = Arrival::of(&service.core, &request);
    let protocol = Protocol::of(request.headers());
    let upgraded = hyper::upgrade::on(&mut request);
    let service = Arc::clone(service);
    let spoken = protocol.is_ours();
    tokio::spawn(async move {
        match upgraded.await {
            Ok(stream) => socket::serve(TokioIo::new(stream), service, arrival, spoken).await,
            Err(error) => tracing::debug!(%error, "a connection ended before it became a socket"),
        }
        drop(place);
    });
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
    let headers = response.headers_mut();
    headers.insert(UPGRADE, HeaderValue::from_static("websocket"));
    headers.insert(CONNECTION, HeaderValue::from_static("upgrade"));
    headers.insert(SEC_WEBSOCKET_ACCEPT, accept);
    if let Protocol::Ours(name) | Protocol::Other(name) = protocol {
        headers.insert(SEC_WEBSOCKET_PROTOCOL, name);
    }
    Ok(response)
}

/// The protocol that the socket is opened with.
enum Protocol {
    Ours(HeaderValue),
    /// The first that was offered. A client that offers some closes a socket that is opened without any, and would not learn
    /// why; with this one it is told 4406.
    Other(HeaderValue),
    Absent,
}

impl Protocol {
    fn of(headers: &HeaderMap) -> Self {
        let offered = || tokens(headers, &SEC_WEBSOCKET_PROTOCOL).filter(|name| !name.is_empty());
        if offered().any(|name| name == PROTOCOL) {
            return Self::Ours(HeaderValue::from_static(PROTOCOL));
        }
        let first = offered().next().and_then(|name| HeaderValue::from_str(name).ok());
        first.map_or(Self::Absent, Self::Other)
    }

    fn is_ours(&self) -> bool {
        matches!(self, Self::Ours(_))
    }
}

/// Checks the handshake and answers its key.
fn accept_key(request: &Request<Body>) -> Result<HeaderValue, Refusal> {
    let headers = request.headers();
    if request.method() != Method::GET || request.version() != Version::HTTP_11 {
        return Err(Refusal::handshake("Open a WebSocket with GET over HTTP/1.1."));
    }
    if !has_token(headers, &CONNECTION, "upgrade") {
        return Err(Refusal::handshake("State `Connection: Upgrade`."));
    }
    if headers.get(SEC_WEBSOCKET_VERSION).is_none_or(|version| version != "13") {
        return Err(Refusal::handshake("Use version 13 of WebSocket."));
    }
    let key = headers.get(SEC_WEBSOCKET_KEY).filter(|key| !key.is_empty());
    let key = key.ok_or_else(|| Refusal::handshake("State a `Sec-WebSocket-Key`."))?;
    HeaderValue::from_str(&derive_accept_key(key.as_bytes()))
        .map_err(|_| Refusal::handshake("The `Sec-WebSocket-Key` cannot be used."))
}

fn tokens<'a>(headers: &'a HeaderMap, name: &HeaderName) -> impl Iterator<Item = &'a str> {
    let values = headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).map(str::trim)
}

fn has_token(headers: &HeaderMap, name: &HeaderName, token: &str) -> bool {
    tokens(headers, name).any(|found| found.eq_ignore_ascii_case(token))
}

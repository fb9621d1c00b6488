//! Server-sent events: one operation per stream (graphql-sse, distinct connections mode).

use std::convert::Infallible;
use std::future::ready;
use std::sync::Arc;
use std::time::Duration;

use async_graphql::parser::types::OperationType;
use axum::body::{Body, Bytes};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderValue, Method, Request, Response};
use futures_util::stream::{self, BoxStream};
use futures_util::{Stream, StreamExt as _};

use super::entrance::{Arrival, Pass};
use super::operation::{self, Payload};
use crate::http::execution::Parsed;
use crate::http::refusal::Refusal;
use crate::http::request::GraphqlRequest;
use crate::http::{graphql, security};
use crate::service::Service;

/// What an idle stream is kept open with.
const COMMENT: &str = ":\n\n";

/// Answers with a stream of events. What is wrong with the document is told in the stream; a request that is no GraphQL
/// request is refused as any other.
pub(crate) async fn answer(
    service: &Arc<Service>,
    request: Request<Body>,
    request_id: &str,
) -> Result<Response<Body>, Refusal> {
    let pass =
        Arrival::of(&service.core, &request).admit(&service.core, None).map_err(Refusal::unauthenticated)?;
    let place = service.live.stream().ok_or_else(Refusal::no_room)?;
    let by_get = request.method() == Method::GET;
    let asked = graphql::read(request).await?;
    if by_get && is_mutation(service, &pass, &asked) {
        return Err(Refusal::mutation_over_get());
    }
    tracing::trace!(request_id, "events are sent");
    let (core, principal) = (Arc::clone(&service.core), Arc::clone(&pass.principal));
    let events = operation::run(service, principal, asked)
        // Nothing more is sent once the token is revoked: the stream ends, and who comes again is told why.
        .take_while(move |_| ready(pass.holds(&core)))
        .flat_map(|payload| stream::iter(written(payload)));
    let events = kept_alive(events.boxed(), service.live.times().ping).take_until(service.live.stopped());
    let events = events.map(move |event| {
        let _place = &place;
        Ok::<_, Infallible>(event)
    });
    let mut response = Response::new(Body::from_stream(events));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/event-stream; charset=utf-8"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    // Proxies that gather what they pass on would hold events back.
    headers.insert("x-accel-buffering", HeaderValue::from_static("no"));
    security::data_headers(headers);
    Ok(response)
}

fn is_mutation(service: &Service, pass: &Pass, asked: &GraphqlRequest) -> bool {
    let parsed = Parsed::new(service, Arc::clone(&pass.principal), asked.clone());
    parsed.is_ok_and(|parsed| parsed.kind == Some(OperationType::Mutation))
}

/// The events of a payload; after the last one the stream ends.
fn written(payload: Payload) -> Vec<Bytes> {
    let next = |answer: String| Bytes::from(format!("event: next\ndata: {answer}\n\n"));
    let complete = || Bytes::from_static(b"event: complete\ndata:\n\n");
    match payload {
        Payload::Next(answer) => vec![next(answer)],
        Payload::Error { answer, .. } => vec![next(answer), complete()],
        Payload::Complete => vec![complete()],
    }
}

/// Begins with a comment, so that the client learns at once that it is connected, and goes on with one whenever there was
/// nothing else for so long.
fn kept_alive(events: BoxStream<'static, Bytes>, every: Duration) -> impl Stream<Item = Bytes> {
    let comment = || Bytes::from_static(COMMENT.as_bytes());
    let rest = stream::unfold(events, move |mut events| async move {
        match tokio::time::timeout(every, events.next()).await {
            Ok(event) => event.map(|event| (event, events)),
            Err(_) => Some((comment(), events)),
        }
    });
    stream::once(ready(comment())).chain(rest)
}

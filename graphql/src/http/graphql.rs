//! `/graphql`: from an HTTP request to an HTTP response.

use std::sync::Arc;
use std::time::Instant;

use async_graphql::parser::types::OperationType;
use axum::body::Body;
use axum::extract::State;
use axum::http::{Method, Request, Response};

use super::body;
use super::execution::{Parsed, Unanswered};
use super::negotiate::{Media, response_media, wants_events};
use super::refusal::Refusal;
use super::request::{GraphqlRequest, check_content_type};
use super::response;
use crate::error::{ErrorCode, RequestError};
use crate::live;
use crate::request_id;
use crate::service::Service;

/// Answers a request, and counts it.
pub(crate) async fn answer(State(service): State<Arc<Service>>, request: Request<Body>) -> Response<Body> {
    let begun = Instant::now();
    let request_id = request_id::next();
    let response = negotiated(&service, request, &request_id).await;
    service.request_metrics.count(response.status(), begun.elapsed());
    if response.status().is_server_error() {
        tracing::warn!(
            request_id = request_id.as_str(),
            status = response.status().as_u16(),
            "request failed"
        );
    }
    response
}

/// A socket, a stream of events, or one answer.
async fn negotiated(service: &Arc<Service>, request: Request<Body>, request_id: &str) -> Response<Body> {
    let refused = |refusal: Refusal, media| response::refused(&refusal, media, request_id);
    if live::handshake::is_asked_for(request.headers()) {
        return live::handshake::answer(service, request)
            .unwrap_or_else(|refusal| refused(refusal, Media::Json));
    }
    if wants_events(request.headers()) {
        let streamed = live::events::answer(service, request, request_id).await;
        return streamed.unwrap_or_else(|refusal| refused(refusal, Media::Json));
    }
    let Some(media) = response_media(request.headers()) else {
        return refused(Refusal::not_acceptable(), Media::Json);
    };
    match executed(service, request).await {
        Ok(answer) => response::executed(&answer, media, request_id),
        Err(Unanswered::Broken(answer)) => response::executed(&answer, media, request_id),
        Err(Unanswered::Invalid(error)) => response::not_executed(&error, media, request_id),
        Err(Unanswered::Refused(refusal)) => refused(refusal, media),
    }
}

async fn executed(service: &Service, request: Request<Body>) -> Result<async_graphql::Response, Unanswered> {
    let method = request.method().clone();
    // Before anything else is read: what a stranger sends costs a look-up.
    let core = &service.core;
    let found = core.access.authenticate(core, request.headers(), request.extensions());
    let principal = found.map_err(Refusal::unauthenticated)?;
    let Ok(_slot) = service.slots.try_acquire() else { return Err(Refusal::overloaded().into()) };
    let parsed = Parsed::new(service, principal, read(request).await?)?;
    match parsed.kind {
        Some(OperationType::Subscription) => return Err(subscription_transport().into()),
        Some(OperationType::Mutation) if method == Method::GET => {
            return Err(Refusal::mutation_over_get().into());
        }
        _ => {}
    }
    Ok(parsed.ready(service)?.execute(service).await?)
}

/// A subscription has more than one answer.
fn subscription_transport() -> RequestError {
    let code = ErrorCode::SubscriptionTransport;
    RequestError { code, message: code.meaning().to_owned(), locations: Vec::new() }
}

/// Reads the GraphQL request out of a GET or POST.
pub(crate) async fn read(request: Request<Body>) -> Result<GraphqlRequest, Refusal> {
    match *request.method() {
        Method::GET => GraphqlRequest::from_uri(request.uri()),
        Method::POST => {
            check_content_type(request.headers())?;
            let (head, body) = request.into_parts();
            GraphqlRequest::from_body(&body::read(&head.headers, body).await?)
        }
        _ => Err(Refusal::method()),
    }
}

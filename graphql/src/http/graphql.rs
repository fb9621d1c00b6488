//! `/graphql`: from an HTTP request to an HTTP response.

use std::sync::Arc;
use std::time::Instant;

use async_graphql::parser::types::OperationType;
use axum::body::Body;
use axum::extract::State;
use axum::http::{Method, Request, Response};
use soticket_schema::event::v1::DenialReason;

use super::documents::{Document, operation_kind};
use super::negotiate::{Media, response_media};
use super::refusal::Refusal;
use super::request::{GraphqlRequest, check_content_type};
use super::{body, response, variables};
use crate::access::{self, Charge, Need, Principal};
use crate::core::Core;
use crate::limits::DEADLINE;
use crate::request_id;
use crate::service::Service;

/// Answers a request, and counts it.
pub(crate) async fn answer(State(service): State<Arc<Service>>, request: Request<Body>) -> Response<Body> {
    let begun = Instant::now();
    let request_id = request_id::next();
    let media = response_media(request.headers());
    let response = match media {
        Some(media) => executed(&service, request, media, &request_id)
            .await
            .unwrap_or_else(|refusal| response::refused(&refusal, media, &request_id)),
        None => response::refused(&Refusal::not_acceptable(), Media::Json, &request_id),
    };
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

async fn executed(
    service: &Service,
    request: Request<Body>,
    media: Media,
    request_id: &str,
) -> Result<Response<Body>, Refusal> {
    let method = request.method().clone();
    // Before anything else is read: what a stranger sends costs a look-up.
    let core = &service.core;
    let found = core.access.authenticate(core, request.headers(), request.extensions());
    let principal = found.map_err(Refusal::unauthenticated)?;
    let Ok(_slot) = service.slots.try_acquire() else { return Err(Refusal::overloaded()) };
    let asked = read(request).await?;
    let document = match service.documents.parse(&asked.query, &core.permissions) {
        Ok(document) => document,
        Err(error) => return Ok(response::not_executed(&error, media, request_id)),
    };
    let kind = operation_kind(&document.parsed, asked.operation.as_deref());
    if method == Method::GET && kind.is_some_and(|kind| kind != OperationType::Query) {
        return Err(Refusal::mutation_over_get());
    }
    let charge = charge(core, &principal, &document, &asked)?;
    let need = document.needs.selected(asked.operation.as_deref());
    permitted(core, &principal, &document, asked.operation.as_deref(), need)?;
    if let Err(error) = variables::check(&document.parsed, asked.operation.as_deref(), &asked.variables) {
        return Ok(response::not_executed(&error, media, request_id));
    }
    let whole = need.is_none_or(|need| need.whole.has(principal.role));
    let proven = document.proven(&service.inputs, asked.operation.as_deref(), &asked.variables);
    let schema = match (whole, proven) {
        (false, _) => &service.withholding_schema,
        (true, true) => &service.proven_schema,
        (true, false) => &service.schema,
    };
    let personal = need.is_some_and(|need| need.personal && need.whole.has(principal.role));
    let mut request = async_graphql::Request::new(asked.query)
        .variables(asked.variables)
        .data(Arc::clone(&principal))
        .data(charge);
    request.operation_name = asked.operation;
    request.set_parsed_query(document.parsed.clone());
    // Past the deadline the answer is given up, not the command: what was handed to the ledger may still be recorded.
    let answer =
        tokio::time::timeout(DEADLINE, schema.execute(request)).await.map_err(|_| Refusal::deadline())?;
    if !proven && answer.errors.is_empty() {
        document.was_valid(&service.inputs);
    }
    if personal {
        principal.read_personal_data(core);
    }
    Ok(response::executed(&answer, media, request_id))
}

/// Takes what the request costs from what its principal may spend.
fn charge(
    core: &Core,
    principal: &Principal,
    document: &Document,
    asked: &GraphqlRequest,
) -> Result<Charge, Refusal> {
    let name = asked.operation.as_deref();
    let cost = access::cost(&document.parsed, name, &asked.variables, &core.permissions);
    let limit = core.access.points_per_minute();
    principal.meter.take(cost, limit, core.ledger.now()).map_err(|seconds| {
        principal.denied(core, DenialReason::RateExceeded);
        Refusal::rate_limited(seconds)
    })
}

/// Refuses a document with a field that is not for the principal's role.
fn permitted(
    core: &Core,
    principal: &Principal,
    document: &Document,
    name: Option<&str>,
    need: Option<Need>,
) -> Result<(), Refusal> {
    // Without an operation that is selected nothing will be executed.
    if need.is_none_or(|need| need.roles.has(principal.role)) {
        return Ok(());
    }
    principal.denied(core, DenialReason::RoleNotAllowed);
    let field = access::refused_field(&document.parsed, name, &core.permissions, principal.role);
    Err(Refusal::forbidden(&field.unwrap_or_default(), principal.role))
}

async fn read(request: Request<Body>) -> Result<GraphqlRequest, Refusal> {
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

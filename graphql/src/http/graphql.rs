//! `/graphql`: from an HTTP request to an HTTP response.

use std::sync::Arc;
use std::time::Instant;

use async_graphql::parser::types::OperationType;
use axum::body::Body;
use axum::extract::State;
use axum::http::{Method, Request, Response};
use soticket_ledger::SubmitError;

use super::documents::operation_kind;
use super::negotiate::{Media, response_media};
use super::refusal::Refusal;
use super::request::{GraphqlRequest, check_content_type};
use super::{body, response, variables};
use crate::limits::DEADLINE;
use crate::personal::Shown;
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
    let Ok(_slot) = service.slots.try_acquire() else { return Err(Refusal::overloaded()) };
    let asked = read(request).await?;
    let document = match service.documents.parse(&asked.query) {
        Ok(document) => document,
        Err(error) => return Ok(response::not_executed(&error, media, request_id)),
    };
    let kind = operation_kind(&document.parsed, asked.operation.as_deref());
    if method == Method::GET && kind.is_some_and(|kind| kind != OperationType::Query) {
        return Err(Refusal::mutation_over_get());
    }
    if let Err(error) = variables::check(&document.parsed, asked.operation.as_deref(), &asked.variables) {
        return Ok(response::not_executed(&error, media, request_id));
    }
    let proven = document.proven(&service.inputs, asked.operation.as_deref(), &asked.variables);
    let schema = if proven { &service.proven_schema } else { &service.schema };
    let mut request = async_graphql::Request::new(asked.query).variables(asked.variables);
    let shown = Arc::new(Shown::default());
    request = request.data(Arc::clone(&shown));
    request.operation_name = asked.operation;
    request.set_parsed_query(document.parsed.clone());
    // Past the deadline the answer is given up, not the command: what was handed to the ledger may still be recorded.
    let answer =
        tokio::time::timeout(DEADLINE, schema.execute(request)).await.map_err(|_| Refusal::deadline())?;
    // Nothing is shown of persons that the audit journal does not have.
    shown.note(&service.core.ledger).await.map_err(|error| match error {
        SubmitError::Overloaded => Refusal::overloaded(),
        _ => Refusal::internal(),
    })?;
    if !proven && answer.errors.is_empty() {
        document.was_valid(&service.inputs);
    }
    Ok(response::executed(&answer, media, request_id))
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

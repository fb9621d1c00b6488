//! HTTP responses out of GraphQL responses: codes stamped, internals masked, bytes written once.

use async_graphql::{PathSegment, Pos, ServerError, Value};
use axum::body::Body;
use axum::http::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER, VARY, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, Response, StatusCode};
use serde::Serialize;

use super::negotiate::Media;
use super::refusal::Refusal;
use super::security;
use super::status::{Progress, status};
use crate::error::{ErrorCode, Internal, RequestError};

/// Seconds after which an overloaded service may be asked again.
const RETRY_SECONDS: &str = "1";

/// What most answers fit in, so that their buffer need not grow.
const USUAL_BYTES: usize = 1_024;

/// A GraphQL response as clients see it, whatever carries it.
#[derive(Serialize)]
pub(crate) struct Answer<'a> {
    /// What went wrong.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) errors: Vec<AnswerError<'a>>,
    // Absent, not null, when nothing was executed.
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<&'a Value>,
}

/// One error of it.
#[derive(Serialize)]
pub(crate) struct AnswerError<'a> {
    message: &'a str,
    #[serde(skip_serializing_if = "<[Pos]>::is_empty")]
    locations: &'a [Pos],
    #[serde(skip_serializing_if = "<[PathSegment]>::is_empty")]
    path: &'a [PathSegment],
    extensions: AnswerExtensions<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct AnswerExtensions<'a> {
    code: &'a str,
    request_id: &'a str,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    retryable: bool,
}

impl<'a> AnswerExtensions<'a> {
    fn of(code: ErrorCode, request_id: &'a str) -> Self {
        Self { code: code.code(), request_id, retryable: code.retryable() }
    }
}

impl<'a> Answer<'a> {
    /// Of a request that was executed, or that the executor refused.
    pub(crate) fn executed(answer: &'a async_graphql::Response, request_id: &'a str) -> (Progress, Self) {
        if answer.errors.is_empty() {
            return (Progress::Executed, Self { errors: Vec::new(), data: Some(&answer.data) });
        }
        let refused = answer.data == Value::Null && answer.errors.iter().all(|error| error.path.is_empty());
        let progress = if refused { Progress::NotExecuted } else { Progress::Executed };
        let errors = answer.errors.iter().map(|error| stamped(error, progress, request_id)).collect();
        (progress, Self { errors, data: (!refused).then_some(&answer.data) })
    }

    /// Of a document that does not parse, or whose variables are missing.
    pub(crate) fn not_executed(error: &'a RequestError, request_id: &'a str) -> Self {
        let extensions = AnswerExtensions::of(error.code, request_id);
        let (message, locations) = (error.message.as_str(), error.locations.as_slice());
        Self { errors: vec![AnswerError { message, locations, path: &[], extensions }], data: None }
    }

    /// Of a request that is no GraphQL request, or that came at a bad moment.
    pub(crate) fn refused(refusal: &'a Refusal, request_id: &'a str) -> Self {
        let extensions = AnswerExtensions::of(refusal.code, request_id);
        let message = refusal.message.as_str();
        Self { errors: vec![AnswerError { message, locations: &[], path: &[], extensions }], data: None }
    }
}

/// The response to a request that was executed, or that the executor refused.
pub(crate) fn executed(answer: &async_graphql::Response, media: Media, request_id: &str) -> Response<Body> {
    let (progress, answer) = Answer::executed(answer, request_id);
    write(status(progress, media), media, &answer)
}

/// The response to a document that does not parse.
pub(crate) fn not_executed(error: &RequestError, media: Media, request_id: &str) -> Response<Body> {
    write(status(Progress::NotExecuted, media), media, &Answer::not_executed(error, request_id))
}

/// The response to a request that is no GraphQL request, or that came at a bad moment.
pub(crate) fn refused(refusal: &Refusal, media: Media, request_id: &str) -> Response<Body> {
    let mut response = write(refusal.status, media, &Answer::refused(refusal, request_id));
    if let Some(allow) = refusal.allow {
        response.headers_mut().insert(ALLOW, HeaderValue::from_static(allow));
    }
    if refusal.status == StatusCode::UNAUTHORIZED {
        response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    if let Some(seconds) = refusal.retry_after {
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    if refusal.status == StatusCode::SERVICE_UNAVAILABLE {
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static(RETRY_SECONDS));
    }
    response
}

/// Fills in what the executor leaves out: the code, the request id.
fn stamped<'a>(error: &'a ServerError, progress: Progress, request_id: &'a str) -> AnswerError<'a> {
    if let Some(Internal(details)) = error.source::<Internal>() {
        tracing::error!(request_id, details, "a field failed");
    }
    let given = error.extensions.as_ref().and_then(|extensions| match extensions.get("code") {
        Some(Value::String(code)) => Some(code.as_str()),
        _ => None,
    });
    let retryable = error
        .extensions
        .as_ref()
        .is_some_and(|extensions| extensions.get("retryable") == Some(&Value::Boolean(true)));
    let code = given.unwrap_or_else(|| library_code(&error.message, progress).code());
    AnswerError {
        message: &error.message,
        locations: &error.locations,
        path: &error.path,
        extensions: AnswerExtensions { code, request_id, retryable },
    }
}

/// The code of an error that the GraphQL library made. It tells them apart by message only.
fn library_code(message: &str, progress: Progress) -> ErrorCode {
    const MESSAGES: [(&str, ErrorCode); 7] = [
        ("Query is too complex", ErrorCode::QueryTooComplex),
        ("Query is nested too deep", ErrorCode::QueryTooDeep),
        ("The recursion depth", ErrorCode::QueryTooDeep),
        ("The amount of aliases", ErrorCode::TooManyAliases),
        ("The number of directives", ErrorCode::TooManyDirectives),
        ("Unknown operation named", ErrorCode::OperationUnknown),
        ("Operation name required", ErrorCode::OperationUnknown),
    ];
    match progress {
        // A field of ours always states its code: what has none is an argument that the library could not read.
        Progress::Executed => ErrorCode::BadUserInput,
        Progress::NotExecuted => MESSAGES
            .iter()
            .find(|(start, _)| message.starts_with(start))
            .map_or(ErrorCode::GraphqlValidationFailed, |(_, code)| *code),
    }
}

fn write(status: StatusCode, media: Media, answer: &Answer<'_>) -> Response<Body> {
    let mut bytes = Vec::with_capacity(USUAL_BYTES);
    // Serialising plain values to memory cannot fail; an empty body would be refused by every client.
    if serde_json::to_writer(&mut bytes, answer).is_err() {
        bytes.clear();
    }
    let mut response = Response::new(Body::from(bytes));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.reserve(9);
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(media.content_type()));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(VARY, HeaderValue::from_static("accept"));
    security::data_headers(headers);
    response
}

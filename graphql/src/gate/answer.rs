//! Answers to scanners.

use axum::body::Body;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, Response, StatusCode};
use axum::response::IntoResponse;
use serde::Serialize;
use serde_json::json as object;
use soticket_ledger::SubmitError;
use soticket_schema::Rejection;

use crate::http::refusal::Refusal;
use crate::http::security;

/// Why a request could not be answered.
#[derive(Debug)]
pub(crate) struct Fault {
    /// Status.
    pub(crate) status: StatusCode,
    /// Stable code.
    pub(crate) code: &'static str,
    /// What happened and what to do.
    pub(crate) detail: String,
}

impl Fault {
    /// A fault with its own words.
    pub(crate) fn new(status: StatusCode, code: &'static str, detail: impl Into<String>) -> Self {
        Self { status, code, detail: detail.into() }
    }

    /// A request whose field cannot be used.
    pub(crate) fn bad(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "BAD_USER_INPUT", detail)
    }

    /// Something whose details stay in the log.
    pub(crate) fn internal(details: &dyn std::fmt::Display) -> Self {
        tracing::error!(%details, "a request failed");
        let detail = "Something went wrong; the service's log has it.";
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "INTERNAL_SERVER_ERROR", detail)
    }
}

impl From<Refusal> for Fault {
    fn from(refusal: Refusal) -> Self {
        Self::new(refusal.status, refusal.code.code(), refusal.message)
    }
}

impl From<Rejection> for Fault {
    fn from(rejection: Rejection) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, rejection.code.code(), rejection.to_string())
    }
}

impl From<SubmitError> for Fault {
    fn from(error: SubmitError) -> Self {
        match error {
            SubmitError::Rejected(rejection) => rejection.into(),
            SubmitError::Overloaded => {
                Self::new(StatusCode::SERVICE_UNAVAILABLE, "OVERLOADED", "Too much to do: try again.")
            }
            SubmitError::Stopped(reason) => {
                tracing::error!(reason, "the ledger has stopped");
                let detail = "Whether it was recorded is unknown: repeat it with the same nonce.";
                Self::new(StatusCode::SERVICE_UNAVAILABLE, "LEDGER_STOPPED", detail)
            }
        }
    }
}

impl IntoResponse for Fault {
    fn into_response(self) -> Response<Body> {
        let mut response = json(self.status, &object!({ "code": self.code, "detail": self.detail }));
        if self.status == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Device"));
        }
        response
    }
}

/// An answer in JSON.
pub(crate) fn json(status: StatusCode, value: &impl Serialize) -> Response<Body> {
    // Plain values always serialise.
    let mut response = Response::new(Body::from(serde_json::to_vec(value).unwrap_or_default()));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    security::data_headers(headers);
    response
}

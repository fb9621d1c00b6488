//! Requests that are refused before GraphQL: the status, the code and what to do.

use axum::http::StatusCode;

use crate::access::{Denied, Role};
use crate::error::ErrorCode;
use crate::limits::OPERATIONS_PER_SOCKET_MAX;

/// A request that is not executed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    /// HTTP status.
    pub(crate) status: StatusCode,
    /// Stable code.
    pub(crate) code: ErrorCode,
    /// What to do.
    pub(crate) message: String,
    /// Value of `Allow`, for a wrong method.
    pub(crate) allow: Option<&'static str>,
    /// Seconds to wait before asking again.
    pub(crate) retry_after: Option<u64>,
}

impl Refusal {
    fn new(status: StatusCode, code: ErrorCode, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into(), allow: None, retry_after: None }
    }

    /// The request is no GraphQL request.
    pub(crate) fn malformed(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, ErrorCode::BadRequest, message)
    }

    /// Several requests in one body.
    pub(crate) fn batch() -> Self {
        let message = "Send one request per body; batches are not taken.";
        Self::new(StatusCode::BAD_REQUEST, ErrorCode::BatchingNotSupported, message)
    }

    /// The body is not `application/json` in UTF-8.
    pub(crate) fn media_type() -> Self {
        let message = "Send the request as application/json in UTF-8.";
        Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, ErrorCode::UnsupportedMediaType, message)
    }

    /// No response type is accepted.
    pub(crate) fn not_acceptable() -> Self {
        let message = "Accept application/graphql-response+json or application/json.";
        Self::new(StatusCode::NOT_ACCEPTABLE, ErrorCode::NotAcceptable, message)
    }

    /// It is not known who asks.
    pub(crate) fn unauthenticated(denied: Denied) -> Self {
        let message = denied.message();
        match denied {
            Denied::Throttled(seconds) => Self {
                retry_after: Some(seconds),
                ..Self::new(StatusCode::TOO_MANY_REQUESTS, ErrorCode::RateLimited, message)
            },
            Denied::Foreign => Self::new(StatusCode::FORBIDDEN, ErrorCode::CrossSite, message),
            Denied::Unknown | Denied::Ended => {
                Self::new(StatusCode::UNAUTHORIZED, ErrorCode::Unauthenticated, message)
            }
        }
    }

    /// The role may not ask for a field.
    pub(crate) fn forbidden(field: &str, role: Role) -> Self {
        let message = format!("{field} is not for the role {}.", role.text());
        Self::new(StatusCode::FORBIDDEN, ErrorCode::Forbidden, message)
    }

    /// Too much was asked within a minute.
    pub(crate) fn rate_limited(seconds: u64) -> Self {
        Self {
            retry_after: Some(seconds),
            ..Self::new(
                StatusCode::TOO_MANY_REQUESTS,
                ErrorCode::RateLimited,
                ErrorCode::RateLimited.meaning(),
            )
        }
    }

    /// Neither GET nor POST.
    pub(crate) fn method() -> Self {
        let message = "Use POST, or GET for queries.";
        Self {
            allow: Some("GET, POST"),
            ..Self::new(StatusCode::METHOD_NOT_ALLOWED, ErrorCode::MethodNotAllowed, message)
        }
    }

    /// A mutation over GET, which a link or an image in a page of someone else could send.
    pub(crate) fn mutation_over_get() -> Self {
        let message = "Send mutations with POST.";
        Self {
            allow: Some("POST"),
            ..Self::new(StatusCode::METHOD_NOT_ALLOWED, ErrorCode::MethodNotAllowed, message)
        }
    }

    /// The body is over the limit.
    pub(crate) fn too_large(limit: usize) -> Self {
        let message = format!("Send at most {limit} bytes.");
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, ErrorCode::BodyTooLarge, message)
    }

    /// The body did not arrive in time.
    pub(crate) fn slow_body() -> Self {
        let message = "The body did not arrive in time.";
        Self::new(StatusCode::REQUEST_TIMEOUT, ErrorCode::RequestTimeout, message)
    }

    /// Too many requests at once.
    pub(crate) fn overloaded() -> Self {
        let message = "Too many requests are being answered; try again.";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, ErrorCode::Overloaded, message)
    }

    /// The read models have not reached what was recorded before the request.
    pub(crate) fn stale() -> Self {
        let message = "The read models have not reached what was recorded before; try again.";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, ErrorCode::StaleRead, message)
    }

    /// Execution ran past its deadline.
    pub(crate) fn deadline() -> Self {
        let message = "The request took too long. Whether a mutation was recorded is unknown: repeat it with the same \
                       idempotency key.";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, ErrorCode::DeadlineExceeded, message)
    }

    /// The upgrade to a WebSocket is not one.
    pub(crate) fn handshake(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, ErrorCode::BadRequest, message)
    }

    /// Too many sockets or event streams.
    pub(crate) fn no_room() -> Self {
        let message = "Too many subscribers are connected; try again.";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, ErrorCode::Overloaded, message)
    }

    /// Too many operations on one socket.
    pub(crate) fn too_many_operations() -> Self {
        let message = format!(
            "A socket runs at most {OPERATIONS_PER_SOCKET_MAX} operations at once: complete others first, or open \
             another socket."
        );
        Self::new(StatusCode::TOO_MANY_REQUESTS, ErrorCode::TooManySubscriptions, message)
    }

    /// A resolver panicked.
    pub(crate) fn internal() -> Self {
        let status = StatusCode::INTERNAL_SERVER_ERROR;
        Self::new(status, ErrorCode::InternalServerError, ErrorCode::InternalServerError.meaning())
    }
}

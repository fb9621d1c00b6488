//! The one table from what happened to the HTTP status.
//!
//! The draft of GraphQL over HTTP moves towards 422 and 294; the audits that clients run today want 400 and 200.

use axum::http::StatusCode;

use super::negotiate::Media;

/// How far a request came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Progress {
    /// It does not parse, does not validate, or selects no operation: there is no data.
    NotExecuted,
    /// It ran; fields may have failed.
    Executed,
}

/// Status of a response of this media type.
pub(crate) fn status(progress: Progress, media: Media) -> StatusCode {
    match (progress, media) {
        (Progress::NotExecuted, Media::GraphqlResponse) => StatusCode::BAD_REQUEST,
        (Progress::NotExecuted, Media::Json) | (Progress::Executed, _) => StatusCode::OK,
    }
}

//! The body of a request: as much as is allowed, in the time that is allowed.

use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::HeaderMap;
use axum::http::header::CONTENT_LENGTH;
use http_body_util::{BodyExt, LengthLimitError, Limited};

use super::refusal::Refusal;
use crate::limits::BODY_BYTES_MAX;

/// How long a body may take to arrive.
const BODY_TIME_MAX: Duration = Duration::from_secs(10);

/// How long a file may take to arrive.
const FILE_TIME_MAX: Duration = Duration::from_secs(60);

/// Reads the whole body.
pub(crate) async fn read(headers: &HeaderMap, body: Body) -> Result<Bytes, Refusal> {
    read_within(headers, body, BODY_BYTES_MAX, BODY_TIME_MAX).await
}

/// Reads a file of at most so many bytes.
pub(crate) async fn read_file(headers: &HeaderMap, body: Body, limit: usize) -> Result<Bytes, Refusal> {
    read_within(headers, body, limit, FILE_TIME_MAX).await
}

async fn read_within(
    headers: &HeaderMap,
    body: Body,
    limit: usize,
    time: Duration,
) -> Result<Bytes, Refusal> {
    let stated = headers.get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    if stated.is_some_and(|length| length > limit as u64) {
        return Err(Refusal::too_large(limit));
    }
    match tokio::time::timeout(time, Limited::new(body, limit).collect()).await {
        Ok(Ok(body)) => Ok(body.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(Refusal::too_large(limit)),
        Ok(Err(_)) => Err(Refusal::malformed("The body could not be read.")),
        Err(_) => Err(Refusal::slow_body()),
    }
}

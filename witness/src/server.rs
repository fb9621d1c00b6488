//! A witness over HTTP (c2sp.org/tlog-witness). Requests need no authentication: what is cosigned is decided by the
//! log's signature.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Path, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderMap, Request, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use soticket_ledger::proof::{NoteSignature, Submission, WitnessRefusal};
use tokio::sync::Semaphore;

use crate::folder::{Refused, Witness};

/// Longest request: a note of 64 KiB and 63 hashes fit.
const BODY_BYTES_MAX: usize = 72 * 1024;
/// How long a request may take to arrive.
const BODY_TIME_MAX: Duration = Duration::from_secs(10);
/// Submissions worked on at once; others are told to come back.
const SUBMISSIONS_MAX: usize = 64;

const TEXT: &str = "text/plain; charset=utf-8";
const SIZE: &str = "text/x.tlog.size";

/// A witness and how many may ask it at once.
struct Served {
    witness: Arc<Witness>,
    slots: Semaphore,
}

/// The paths of a witness: `POST /add-checkpoint` and `GET /<hex sha256 of an origin>/checkpoint`.
pub fn routes(witness: Arc<Witness>) -> Router {
    let served = Served { witness, slots: Semaphore::new(SUBMISSIONS_MAX) };
    Router::new()
        .route("/add-checkpoint", post(add_checkpoint))
        .route("/{origin}/checkpoint", get(checkpoint))
        .with_state(Arc::new(served))
}

async fn add_checkpoint(State(served): State<Arc<Served>>, request: Request<Body>) -> Response {
    let Ok(_slot) = served.slots.try_acquire() else {
        let answer = refusal(StatusCode::SERVICE_UNAVAILABLE, "WITNESS_BUSY", "come back in a second");
        return ([(RETRY_AFTER, "1")], answer).into_response();
    };
    let body = match body(request).await {
        Ok(body) => body,
        Err(answer) => return answer,
    };
    let witness = Arc::clone(&served.witness);
    // Keeping a checkpoint waits for the disk.
    let answer = tokio::task::spawn_blocking(move || cosigned(&witness, &body)).await;
    match answer {
        Ok(Ok(cosignature)) => {
            (StatusCode::OK, [(CONTENT_TYPE, TEXT)], format!("{cosignature}\n")).into_response()
        }
        Ok(Err(refused)) => refused_answer(&refused),
        // A panic: nothing was answered, and what was kept is whole.
        Err(_) => refusal(StatusCode::INTERNAL_SERVER_ERROR, "WITNESS_FAULT", "see the program's log"),
    }
}

fn cosigned(witness: &Witness, body: &str) -> Result<NoteSignature, Refused> {
    let submission: Submission = body.parse()?;
    let answer = witness.add(&submission);
    let checkpoint = submission.note.text.trim_end().replace('\n', " ");
    match &answer {
        Ok(_) => tracing::info!(%checkpoint, "cosigned"),
        // Signed by the log and no continuation of what it signed before: worth keeping, it may be proof of two histories.
        Err(Refused::Witness(refusal @ (WitnessRefusal::OtherRoot(_) | WitnessRefusal::Unproved { .. }))) => {
            tracing::warn!(code = refusal.code(), %refusal, note = %submission.note, "not cosigned");
        }
        Err(Refused::Witness(refusal)) => tracing::info!(code = refusal.code(), %checkpoint, "not cosigned"),
        Err(Refused::Stopped) => {}
    }
    answer
}

fn refused_answer(refused: &Refused) -> Response {
    match refused {
        Refused::Witness(WitnessRefusal::Conflict(size)) => {
            (StatusCode::CONFLICT, [(CONTENT_TYPE, SIZE)], format!("{size}\n")).into_response()
        }
        Refused::Witness(other) => {
            let status = StatusCode::from_u16(other.status()).unwrap_or(StatusCode::BAD_REQUEST);
            refusal(status, other.code(), &other.to_string())
        }
        Refused::Stopped => {
            refusal(StatusCode::INTERNAL_SERVER_ERROR, "WITNESS_STOPPED", &refused.to_string())
        }
    }
}

fn refusal(status: StatusCode, code: &str, message: &str) -> Response {
    (status, [(CONTENT_TYPE, TEXT)], format!("{code}: {message}\n")).into_response()
}

/// The body, as much as is allowed in the time that is allowed.
async fn body(request: Request<Body>) -> Result<String, Response> {
    let too_large =
        || refusal(StatusCode::PAYLOAD_TOO_LARGE, "BODY_TOO_LARGE", "a request has at most 72 KiB");
    let malformed = |message| refusal(StatusCode::BAD_REQUEST, "WITNESS_REQUEST_MALFORMED", message);
    if stated_length(request.headers()).is_some_and(|length| length > BODY_BYTES_MAX as u64) {
        return Err(too_large());
    }
    let read = tokio::time::timeout(BODY_TIME_MAX, to_bytes(request.into_body(), BODY_BYTES_MAX)).await;
    let bytes = match read {
        Ok(Ok(bytes)) => bytes,
        Ok(Err(_)) => return Err(too_large()),
        Err(_) => {
            return Err(refusal(StatusCode::REQUEST_TIMEOUT, "BODY_TOO_SLOW", "send it within 10 seconds"));
        }
    };
    String::from_utf8(bytes.into()).map_err(|_| malformed("the request is not UTF-8 text"))
}

fn stated_length(headers: &HeaderMap) -> Option<u64> {
    headers.get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok())
}

async fn checkpoint(State(served): State<Arc<Served>>, Path(origin): Path<String>) -> Response {
    match served.witness.newest(&origin) {
        // Short-lived: the next submission replaces it.
        Some(note) => ([(CONTENT_TYPE, TEXT), (CACHE_CONTROL, "no-cache")], note).into_response(),
        None => {
            let message =
                "no checkpoint of this log was cosigned here; the path has the SHA-256 of its origin";
            refusal(StatusCode::NOT_FOUND, "WITNESS_ORIGIN_UNKNOWN", message)
        }
    }
}

//! Published logs over HTTP, below `/logs/{log}/`: what C2SP's tlog-tiles says, so that auditors need no program of ours.
//!
//! Checkpoints and keys are public. Tiles, bundles and proofs hold or lead to records: they take an auditor's token.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, Response, StatusCode};
use axum::response::IntoResponse as _;
use axum::routing::get;
use soticket_ledger::proof::{COOPERATIVE, PublishError, PublishedFolder, Publisher, Tile};
use soticket_schema::ids::OrganisationId;

use crate::access::{Role, Roles};
use crate::gate::Fault;
use crate::http::security;
use crate::organisation_token::{self, OrganisationToken};
use crate::service::Service;

/// What the service publishes with.
pub(crate) struct Published {
    pub(crate) publisher: Publisher,
    /// Who may read records.
    pub(crate) auditors: Vec<OrganisationToken>,
}

/// What never changes.
const FOR_EVER: &str = "max-age=31536000, immutable";
/// What the next checkpoint changes.
const SHORT: &str = "max-age=1";
const NOTE: &str = "text/plain; charset=utf-8";
const BYTES: &str = "application/octet-stream";
const TOKEN: &str = "application/timestamp-reply";

/// Who reads records besides the auditors that the settings name.
const READERS: Roles = Roles::of(&[Role::Owner, Role::Accountant, Role::Auditor]);

/// The paths of published logs.
pub(crate) fn routes() -> Router<Arc<Service>> {
    Router::new()
        .route("/logs/{log}/checkpoint", get(checkpoint))
        .route("/logs/{log}/checkpoints", get(kept_names))
        .route("/logs/{log}/checkpoints/{name}", get(kept))
        .route("/logs/{log}/key", get(key))
        .route("/logs/{log}/tile/{*path}", get(tile))
        .route("/logs/{log}/proof/{position}", get(proof))
}

/// A log by its name in a path.
#[derive(Clone, Copy)]
enum Log {
    Organisation(OrganisationId),
    Cooperative,
}

impl Log {
    fn named(name: &str) -> Result<Self, Fault> {
        match OrganisationId::parse(name) {
            _ if name == COOPERATIVE => Ok(Self::Cooperative),
            Some(organisation) => Ok(Self::Organisation(organisation)),
            None => Err(unknown()),
        }
    }

    fn folder(self, publisher: &Publisher) -> PublishedFolder {
        match self {
            Self::Organisation(organisation) => publisher.folder(organisation),
            Self::Cooperative => publisher.cooperative_folder(),
        }
    }

    /// Whether the token that was sent opens its records. Those of the cooperative are the members' checkpoints, which are
    /// public.
    fn is_open_to(self, service: &Service, published: &Published, request: &Request) -> bool {
        let Self::Organisation(organisation) = self else { return true };
        if organisation_token::owner(&published.auditors, request.headers()) == Some(organisation) {
            return true;
        }
        let core = &service.core;
        let known = core.access.authenticate(core, request.headers(), request.extensions());
        known.is_ok_and(|known| READERS.has(known.role) && known.names(organisation))
    }
}

/// The answer to whoever sends no token that opens the log.
fn unauthenticated() -> Response<Body> {
    let detail = "send an auditor's token of this organisation as a bearer token";
    let fault = Fault::new(StatusCode::UNAUTHORIZED, "UNAUTHENTICATED", detail);
    let mut response = fault.into_response();
    response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    response
}

fn unknown() -> Fault {
    Fault::new(StatusCode::NOT_FOUND, "LOG_UNKNOWN", "no log of this name is published here, or not that far")
}

fn published(service: &Service) -> Result<&Published, Fault> {
    service.core.published.get().ok_or_else(unknown)
}

async fn checkpoint(
    State(service): State<Arc<Service>>,
    Path(log): Path<String>,
) -> Result<Response<Body>, Fault> {
    let folder = Log::named(&log)?.folder(&published(&service)?.publisher);
    let note = read(move || folder.checkpoint()).await?;
    Ok(answer(note.to_string().into_bytes(), NOTE, SHORT))
}

/// Names of the kept checkpoints and tokens, a line each.
async fn kept_names(
    State(service): State<Arc<Service>>,
    Path(log): Path<String>,
) -> Result<Response<Body>, Fault> {
    let folder = Log::named(&log)?.folder(&published(&service)?.publisher);
    let names = read(move || folder.kept_names().map(|names| (!names.is_empty()).then_some(names))).await?;
    let text: String = names.iter().map(|name| format!("{name}\n")).collect();
    Ok(answer(text.into_bytes(), NOTE, SHORT))
}

/// A kept checkpoint, or what an authority answered for one.
async fn kept(
    State(service): State<Arc<Service>>,
    Path((log, name)): Path<(String, String)>,
) -> Result<Response<Body>, Fault> {
    let folder = Log::named(&log)?.folder(&published(&service)?.publisher);
    let (size, is_token) = match name.strip_suffix(".tsr") {
        Some(size) => (size, true),
        None => (name.as_str(), false),
    };
    let size: u64 = size.parse().map_err(|_| unknown())?;
    if is_token {
        return Ok(answer(read(move || folder.timestamp(size)).await?, TOKEN, FOR_EVER));
    }
    let note = read(move || folder.kept(size)).await?;
    Ok(answer(note.to_string().into_bytes(), NOTE, SHORT))
}

async fn key(State(service): State<Arc<Service>>, Path(log): Path<String>) -> Result<Response<Body>, Fault> {
    let folder = Log::named(&log)?.folder(&published(&service)?.publisher);
    let keys = read(move || folder.keys().map(|keys| (!keys.is_empty()).then_some(keys))).await?;
    let text: String = keys.iter().map(|key| format!("{key}\n")).collect();
    Ok(answer(text.into_bytes(), NOTE, SHORT))
}

async fn tile(
    State(service): State<Arc<Service>>,
    Path((log, path)): Path<(String, String)>,
    request: Request,
) -> Result<Response<Body>, Fault> {
    let (log, published) = (Log::named(&log)?, published(&service)?);
    let tile: Tile = format!("tile/{path}").parse().map_err(|_| unknown())?;
    if !log.is_open_to(&service, published, &request) {
        return Ok(unauthenticated());
    }
    let folder = log.folder(&published.publisher);
    Ok(answer(read(move || folder.tile(tile)).await?, BYTES, FOR_EVER))
}

/// A `.tlog-proof` of the record at a position.
async fn proof(
    State(service): State<Arc<Service>>,
    Path((log, position)): Path<(String, u64)>,
    request: Request,
) -> Result<Response<Body>, Fault> {
    let (log, published) = (Log::named(&log)?, published(&service)?);
    if !log.is_open_to(&service, published, &request) {
        return Ok(unauthenticated());
    }
    let Log::Organisation(organisation) = log else { return Err(unknown()) };
    let publisher = published.publisher.clone();
    let file = tokio::task::spawn_blocking(move || publisher.inclusion(organisation, position)).await;
    let file = file.map_err(|error| Fault::internal(&error))?.map_err(|error| refused(&error))?;
    Ok(answer(file.to_string().into_bytes(), NOTE, "no-store"))
}

/// Why nothing is published or proved, to those who asked.
fn refused(error: &PublishError) -> Fault {
    match error {
        PublishError::OrganisationUnknown | PublishError::BeyondLog { .. } => {
            Fault::new(StatusCode::NOT_FOUND, error.code(), error.to_string())
        }
        PublishError::RolledBack { .. } | PublishError::Forked { .. } => {
            Fault::new(StatusCode::CONFLICT, error.code(), error.to_string())
        }
        other => Fault::internal(other),
    }
}

async fn read<T: Send + 'static>(
    read: impl FnOnce() -> std::io::Result<Option<T>> + Send + 'static,
) -> Result<T, Fault> {
    let read = tokio::task::spawn_blocking(read).await.map_err(|error| Fault::internal(&error))?;
    read.map_err(|error| Fault::internal(&error))?.ok_or_else(unknown)
}

fn answer(bytes: Vec<u8>, media: &'static str, cache: &'static str) -> Response<Body> {
    let mut response = Response::new(Body::from(bytes));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(media));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static(cache));
    security::data_headers(headers);
    response
}

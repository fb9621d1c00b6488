//! Statements, returns and lists as files: `/documents/show/{id}/statement.pdf`, `/documents/orders.xlsx`,
//! `/accounts/{organisation}/sibil.pdf` and their like; and files that were given out or taken in, as they are kept.
//!
//! Rendering blocks a thread, so that only so many run at once; lists are sent while they are written.

mod asked;
mod kept;
mod list;
mod people;
mod period;
pub(crate) mod pipe;
mod render;
mod show;

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::http::{HeaderValue, Response, StatusCode};
use axum::routing::{get, put};
use tokio::sync::OwnedSemaphorePermit;

use crate::gate::Fault;
use crate::http::refusal::Refusal;
use crate::http::security;
use crate::service::Service;

pub(crate) use kept::UPLOADS_MAX;

/// Files rendered at once; others are told to come back.
pub(crate) const RENDERINGS_MAX: usize = 4;

/// The paths of files.
pub(crate) fn routes() -> Router<Arc<Service>> {
    Router::new()
        .route("/documents/show/{show}/{file}", get(show::file))
        .route("/documents/file", put(kept::keep))
        .route("/documents/file/{hash}", get(kept::file))
        .route("/documents/{file}", get(list::file))
        .route("/customers/{organisation}/{file}", get(people::file))
        .route("/accounts/{organisation}/{file}", get(period::file))
}

/// Leave to render one file.
pub(crate) fn permit(service: &Service) -> Result<OwnedSemaphorePermit, Fault> {
    Arc::clone(&service.core.renderings).try_acquire_owned().map_err(|_| Refusal::overloaded().into())
}

fn unknown_file() -> Fault {
    let detail =
        "There is no such file: ask GraphQL for `documents` of a show or `files` of an organisation.";
    Fault::new(StatusCode::NOT_FOUND, "FILE_UNKNOWN", detail)
}

/// A response that a browser saves under a name.
fn download(body: Body, media: &'static str, name: &str) -> Response<Body> {
    let mut response = Response::new(body);
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(media));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    // Only these signs are safe in a header and in a file name everywhere.
    let safe = |sign: char| sign.is_ascii_alphanumeric() || "-_.".contains(sign);
    let name: String = name.chars().map(|sign| if safe(sign) { sign } else { '_' }).collect();
    let disposition = HeaderValue::try_from(format!("attachment; filename=\"{name}\""));
    headers.extend(disposition.ok().map(|value| (CONTENT_DISPOSITION, value)));
    security::data_headers(headers);
    response
}

//! Files kept under their hash: `/documents/file/{hash}?organisation=…` gives one back for ever, and `PUT /documents/file`
//! takes one in, for a command that names it then.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, Request, State};
use axum::http::header::{CACHE_CONTROL, ETAG};
use axum::http::{HeaderValue, Response, StatusCode};
use serde::Serialize;
use soticket_ledger::files::ReadError;
use soticket_projections::OrganisationViews;
use soticket_projections::deals::{FileOf, NamedFile};
use soticket_schema::Hash;
use soticket_schema::event::v1::SettlementFileKind;
use soticket_schema::ids::OrganisationId;
use soticket_schema::limits::FILE_BYTES_MAX;

use super::asked::Asked;
use super::{download, list};
use crate::access::paths::Entered;
use crate::core::Core;
use crate::gate::{Fault, json};
use crate::http::body;
use crate::http::refusal::Refusal;
use crate::service::Service;
use crate::types::documents::kept_path;

/// Files taken in at once; others are told to come back.
pub(crate) const UPLOADS_MAX: usize = 8;

/// A file that was taken in.
#[derive(Serialize)]
struct Taken {
    /// BLAKE3 of its bytes: what commands name it by.
    hash: String,
    /// Its length in bytes.
    bytes: usize,
    /// Where it can be fetched once an event names it.
    path: String,
}

/// A file that an event of the organisation names. One that no event names, one of another organisation and one that
/// does not exist are the same to whoever asks.
pub(super) async fn file(
    State(service): State<Arc<Service>>,
    entered: Entered,
    Path(hash): Path<String>,
    query: Result<Query<Asked>, QueryRejection>,
) -> Result<Response<Body>, Fault> {
    let organisation = entered.own(&service, Asked::read(query)?.organisation()?);
    let hash = Hash::parse(&hash).ok_or_else(unknown)?;
    // Whoever has just been told that an event names the file must find it.
    service.core.reach_head(organisation).await.map_err(|_| Fault::from(Refusal::stale()))?;
    let found = service.core.projections.view(organisation, |views| {
        let file = views.deals.file(hash)?;
        Some((file, name(views, &file)))
    });
    let (file, name) = found.flatten().ok_or_else(unknown)?;
    let core = Arc::clone(&service.core);
    let read = tokio::task::spawn_blocking(move || read(&core, organisation, &file));
    let bytes = read.await.map_err(|error| Fault::internal(&error))??;
    let (media, extension) = media(&file, &bytes);
    let mut response = download(Body::from(bytes), media, &format!("{name}.{extension}"));
    let headers = response.headers_mut();
    // The same hash is the same bytes for ever, to whoever may see them.
    let cache = HeaderValue::from_static("private, max-age=31536000, immutable");
    headers.insert(CACHE_CONTROL, cache);
    headers.extend(HeaderValue::try_from(format!("\"{hash}\"")).ok().map(|tag| (ETAG, tag)));
    Ok(response)
}

/// Keeps the body as a file of the organisation.
pub(super) async fn keep(
    State(service): State<Arc<Service>>,
    entered: Entered,
    query: Result<Query<Asked>, QueryRejection>,
    request: Request,
) -> Result<Response<Body>, Fault> {
    let organisation = entered.own(&service, Asked::read(query)?.organisation()?);
    if service.core.projections.position(organisation).is_none() {
        let detail = "check the organisation's id";
        return Err(Fault::new(StatusCode::NOT_FOUND, "ORGANISATION_UNKNOWN", detail));
    }
    // Bodies are held in memory until they are whole.
    let permit = service.uploads.try_acquire().map_err(|_| Fault::from(Refusal::overloaded()))?;
    let (head, body) = request.into_parts();
    let limit = usize::try_from(FILE_BYTES_MAX).unwrap_or(usize::MAX);
    let bytes = body::read_file(&head.headers, body, limit).await?;
    if bytes.is_empty() {
        return Err(Fault::bad("body: send the bytes of the file."));
    }
    let core = Arc::clone(&service.core);
    let length = bytes.len();
    let kept = tokio::task::spawn_blocking(move || core.ledger.files().keep(organisation, &bytes)).await;
    drop(permit);
    let hash = kept.map_err(|error| Fault::internal(&error))?.map_err(|error| Fault::internal(&error))?;
    let taken = Taken { hash: hash.to_string(), bytes: length, path: kept_path(organisation, hash) };
    Ok(json(StatusCode::CREATED, &taken))
}

fn unknown() -> Fault {
    let detail =
        "no file of this organisation is known under this hash: ask GraphQL for `files` of a settlement";
    Fault::new(StatusCode::NOT_FOUND, "FILE_UNKNOWN", detail)
}

fn read(core: &Core, organisation: OrganisationId, file: &NamedFile) -> Result<Vec<u8>, Fault> {
    core.ledger.files().read(organisation, file.hash).map_err(|error| match error {
        // Kept elsewhere.
        ReadError::Absent(_) if !file.of.is_kept() => unknown(),
        ReadError::Absent(_) | ReadError::Damaged(_) => {
            tracing::error!(%organisation, %error, "a kept file is not what it was");
            let code = if matches!(error, ReadError::Absent(_)) { "FILE_ABSENT" } else { "FILE_DAMAGED" };
            let detail =
                "the file is missing or altered on the server: run soticket verify, restore it from a backup";
            Fault::new(StatusCode::INTERNAL_SERVER_ERROR, code, detail)
        }
        ReadError::System(_) => Fault::internal(&error),
    })
}

/// What a file is called on the disk of whoever fetches it, without what tells its format.
fn name(views: &OrganisationViews, file: &NamedFile) -> String {
    let reference = views.catalogue.reference(file.show);
    match file.of {
        FileOf::Settlement { version, kind: SettlementFileKind::Signed, .. }
        | FileOf::SignOff { version, .. } => format!("DC-{reference}-v{version}-signed"),
        FileOf::Settlement { version, .. } => format!("DC-{reference}-v{version}"),
        FileOf::Cost(cost) => format!("{reference}-cost-{cost}"),
        FileOf::Advance(position) => format!("{reference}-advance-{position}"),
    }
}

/// Media type and what its name ends with. Of what others sent only a PDF is told by its first bytes.
fn media(file: &NamedFile, bytes: &[u8]) -> (&'static str, &'static str) {
    match file.of {
        FileOf::Settlement { kind: SettlementFileKind::Json, .. } => ("application/json", "json"),
        FileOf::Settlement { kind: SettlementFileKind::Xlsx, .. } => (list::XLSX, "xlsx"),
        FileOf::Settlement { kind: SettlementFileKind::Csv, .. } => (list::CSV, "csv"),
        FileOf::Settlement { kind: SettlementFileKind::Pdf, .. } => ("application/pdf", "pdf"),
        _ if bytes.starts_with(b"%PDF-") => ("application/pdf", "pdf"),
        _ => ("application/octet-stream", "bin"),
    }
}

//! The events of an organisation over HTTP, by cursor: `/feed/{organisation}?after=POSITION`. For systems that copy the
//! log, such as an ERP: every event once, in order, without a gap.

mod asked;
mod lines;
mod page;

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::header::ACCEPT;
use axum::http::{HeaderMap, Response, StatusCode};
use axum::routing::get;
use soticket_ledger::{Entry, Ledger};
use soticket_schema::ids::OrganisationId;

use self::asked::{Asked, Parameters};
use crate::access::paths::Entered;
use crate::gate::Fault;
use crate::service::Service;

/// Requests that wait for events at once; others are told to come back.
pub(crate) const POLLS_MAX: usize = 256;

/// Media type of events by line.
const LINES: &str = "application/x-ndjson";
/// Records read at once.
const CHUNK: usize = 512;

/// The path of the feed.
pub(crate) fn routes() -> Router<Arc<Service>> {
    Router::new().route("/feed/{organisation}", get(answer))
}

async fn answer(
    State(service): State<Arc<Service>>,
    entered: Entered,
    Path(organisation): Path<String>,
    headers: HeaderMap,
    parameters: Result<Query<Parameters>, QueryRejection>,
) -> Result<Response<Body>, Fault> {
    let organisation = enter(&service, &entered, &organisation)?;
    let asked = Asked::read(parameters)?;
    let length = length(&service.core.ledger, organisation)?;
    if asked.from > length {
        let detail = format!(
            "the log has {length} events: a cursor beyond its end is of another log, or of this one before it was \
             restored from a copy; read again from the beginning"
        );
        return Err(Fault::new(StatusCode::CONFLICT, "CURSOR_AHEAD", detail));
    }
    match wanted(&headers)? {
        Wanted::Batch => page::answer(&service, organisation, &asked, &headers).await,
        Wanted::Lines => lines::answer(&service, organisation, &asked, length),
    }
}

/// Whose feed it is, for who may read it.
fn enter(service: &Service, entered: &Entered, organisation: &str) -> Result<OrganisationId, Fault> {
    let organisation = OrganisationId::parse(organisation).ok_or_else(unknown)?;
    Ok(entered.own(service, organisation))
}

fn unknown() -> Fault {
    let detail = "there is no such organisation here: name it by its UUID";
    Fault::new(StatusCode::NOT_FOUND, "ORGANISATION_UNKNOWN", detail)
}

/// How many events the log has.
fn length(ledger: &Ledger, organisation: OrganisationId) -> Result<u64, Fault> {
    ledger.head(organisation).map(|head| head.length).ok_or_else(unknown)
}

enum Wanted {
    Batch,
    Lines,
}

fn wanted(headers: &HeaderMap) -> Result<Wanted, Fault> {
    let accept = headers.get(ACCEPT).and_then(|accept| accept.to_str().ok()).unwrap_or("*/*");
    let takes = |media: &str| {
        accept
            .split(',')
            .any(|one| one.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case(media))
    };
    let batch = ["application/cloudevents-batch+json", "application/json", "application/*", "*/*"];
    if takes(LINES) {
        Ok(Wanted::Lines)
    } else if batch.into_iter().any(takes) {
        Ok(Wanted::Batch)
    } else {
        let detail = "accept application/cloudevents-batch+json, application/json or application/x-ndjson";
        Err(Fault::new(StatusCode::NOT_ACCEPTABLE, "NOT_ACCEPTABLE", detail))
    }
}

/// Records from `from` up to but not including `end`, so many at most.
fn read(ledger: &Ledger, organisation: OrganisationId, from: u64, end: u64) -> Result<Vec<Entry>, Fault> {
    let most = usize::try_from(end.saturating_sub(from)).unwrap_or(usize::MAX).min(CHUNK);
    let mut entries = Vec::with_capacity(most);
    if most == 0 {
        return Ok(entries);
    }
    let mut visit = |entry| {
        entries.push(entry);
        if entries.len() < most {
            std::ops::ControlFlow::Continue(())
        } else {
            std::ops::ControlFlow::Break(())
        }
    };
    ledger.read(organisation, from, &mut visit).map_err(|error| Fault::internal(&error))?;
    Ok(entries)
}

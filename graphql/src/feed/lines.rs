//! All events up to now by line, for whoever has much to catch up on.

use std::io::Write as _;

use axum::body::Body;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderValue, Response};
use soticket_ledger::Ledger;
use soticket_schema::ids::OrganisationId;

use super::asked::Asked;
use super::{LINES, page, read};
use crate::cloud_event::CloudEvent;
use crate::documents::permit;
use crate::documents::pipe::{Pipe, pipe};
use crate::gate::Fault;
use crate::http::security;
use crate::service::Service;

/// The events up to `end`. A body that breaks off is no whole: the cursor holds only once the last chunk has arrived.
pub(super) fn answer(
    service: &Service,
    organisation: OrganisationId,
    asked: &Asked,
    end: u64,
) -> Result<Response<Body>, Fault> {
    if asked.is_for_batches() {
        return Err(Fault::bad("limit and wait are for batches: leave them out to read by line"));
    }
    let permit = permit(service)?;
    let (pipe, piped) = pipe();
    let (ledger, asked) = (service.core.ledger.clone(), asked.clone());
    let _detached = tokio::task::spawn_blocking(move || {
        if let Err(error) = write(&ledger, organisation, &asked, end, pipe) {
            tracing::warn!(%organisation, error, "a feed was not sent to its end");
        }
        drop(permit);
    });
    let mut response = Response::new(Body::new(piped));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(LINES));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.extend(end.checked_sub(1).map(|after| (page::NEXT_AFTER, HeaderValue::from(after))));
    security::data_headers(headers);
    Ok(response)
}

fn write(
    ledger: &Ledger,
    organisation: OrganisationId,
    asked: &Asked,
    end: u64,
    mut pipe: Pipe,
) -> Result<(), String> {
    let mut next = asked.from;
    while next < end {
        // Read apart from writing: a client that takes its time holds up nothing in the log.
        let entries = read(ledger, organisation, next, end).map_err(|fault| fault.detail)?;
        let last = entries.last().ok_or_else(|| format!("the log ends at {next} instead of {end}"))?;
        next = last.envelope.position.saturating_add(1);
        for entry in entries.iter().filter(|entry| asked.takes(entry.envelope.kind)) {
            let mut line = CloudEvent::of(entry).to_bytes();
            line.push(b'\n');
            pipe.write_all(&line).map_err(|error| error.to_string())?;
        }
    }
    pipe.finish().map_err(|error| error.to_string())
}

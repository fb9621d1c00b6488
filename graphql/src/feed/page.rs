//! A batch of events, and where the next one begins.

use std::time::Instant;

use axum::body::Body;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH, LINK, VARY};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode};
use soticket_ledger::Ledger;
use soticket_schema::Hash;
use soticket_schema::ids::OrganisationId;

use super::asked::Asked;
use super::{length, read};
use crate::cloud_event::{self, CloudEvent};
use crate::gate::Fault;
use crate::http::refusal::Refusal;
use crate::http::security;
use crate::service::Service;

/// Records that one request looks at: where few are of the kinds that are wanted, a batch may hold none and still lead
/// further.
const LOOKED_AT_MAX: u64 = 50_000;

/// What the cursor of the next request is.
pub(super) const NEXT_AFTER: HeaderName = HeaderName::from_static("soticket-next-after");
/// Whether there is more at once.
const MORE: HeaderName = HeaderName::from_static("soticket-more");

/// A batch.
struct Page {
    events: Vec<CloudEvent>,
    /// Position of the first event that was not looked at.
    next: u64,
    /// Hash of the last record that was looked at: what the whole batch follows from.
    last: Hash,
    /// Events of the log when it was looked at.
    length: u64,
}

pub(super) async fn answer(
    service: &Service,
    organisation: OrganisationId,
    asked: &Asked,
    headers: &HeaderMap,
) -> Result<Response<Body>, Fault> {
    let deadline = Instant::now() + asked.wait;
    let _place = service.polls.try_acquire().map_err(|_| Fault::from(Refusal::overloaded()))?;
    let mut from = asked.from;
    loop {
        let page = look(service, organisation, asked, from).await?;
        let left = deadline.saturating_duration_since(Instant::now());
        if !page.events.is_empty() || page.next < page.length || left.is_zero() {
            return Ok(page.response(organisation, asked, headers));
        }
        from = page.next;
        // What the read models have folded is durable. Whether something came or time is over: one more look.
        service.core.projections.wait_for(organisation, from, left).await;
    }
}

async fn look(
    service: &Service,
    organisation: OrganisationId,
    asked: &Asked,
    from: u64,
) -> Result<Page, Fault> {
    let ledger = service.core.ledger.clone();
    let asked = asked.clone();
    let looked = tokio::task::spawn_blocking(move || Page::read(&ledger, organisation, from, &asked));
    looked.await.map_err(|error| Fault::internal(&error))?
}

impl Page {
    fn read(ledger: &Ledger, organisation: OrganisationId, from: u64, asked: &Asked) -> Result<Self, Fault> {
        let (length, limit) = (length(ledger, organisation)?, asked.limit());
        let end = length.min(from.saturating_add(LOOKED_AT_MAX));
        let mut page = Self { events: Vec::new(), next: from, last: Hash::default(), length };
        while page.next < end && page.events.len() < limit {
            let entries = read(ledger, organisation, page.next, end)?;
            if entries.is_empty() {
                break;
            }
            for entry in entries {
                if page.events.len() == limit {
                    break;
                }
                page.next = entry.envelope.position.saturating_add(1);
                page.last = entry.hash;
                if asked.takes(entry.envelope.kind) {
                    page.events.push(CloudEvent::of(&entry));
                }
            }
        }
        Ok(page)
    }

    /// The same cursor, limit and kinds up to the same record give the same bytes in one version of the program.
    fn tag(&self, asked: &Asked) -> String {
        let version = env!("CARGO_PKG_VERSION");
        let (limit, kinds) = (asked.limit(), &asked.kind_names);
        let told = format!("{version} {} {limit} {kinds} {} {}", asked.from, self.next, self.last);
        format!("\"{}\"", Hash::of_reference(&told))
    }

    fn response(&self, organisation: OrganisationId, asked: &Asked, headers: &HeaderMap) -> Response<Body> {
        let tag = self.tag(asked);
        let known = headers.get_all(IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
        let unchanged = known.flat_map(|list| list.split(',')).any(|one| {
            let one = one.trim();
            one == "*" || one.trim_start_matches("W/") == tag
        });
        let mut response = if unchanged {
            let mut response = Response::new(Body::empty());
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            response
        } else {
            // Plain values always serialise.
            Response::new(Body::from(serde_json::to_vec(&self.events).unwrap_or_default()))
        };
        let out = response.headers_mut();
        if !unchanged {
            out.insert(CONTENT_TYPE, HeaderValue::from_static(cloud_event::BATCH));
        }
        // Whoever keeps it asks again before using it: more events may follow, and leave to read may end.
        out.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
        out.insert(VARY, HeaderValue::from_static("accept, authorization"));
        let more = if self.next < self.length { "true" } else { "false" };
        out.insert(MORE, HeaderValue::from_static(more));
        out.extend(HeaderValue::try_from(tag).ok().map(|value| (ETAG, value)));
        if let Some(after) = self.next.checked_sub(1) {
            out.insert(NEXT_AFTER, HeaderValue::from(after));
            let next = asked.next(organisation, after);
            out.extend(
                HeaderValue::try_from(format!("<{next}>; rel=\"next\"")).ok().map(|value| (LINK, value)),
            );
        }
        security::data_headers(out);
        response
    }
}

impl Asked {
    /// The path of the next request.
    fn next(&self, organisation: OrganisationId, after: u64) -> String {
        let mut path = format!("/feed/{organisation}?after={after}&limit={}", self.limit());
        if !self.kind_names.is_empty() {
            path.push_str("&kinds=");
            path.push_str(&self.kind_names);
        }
        path
    }
}

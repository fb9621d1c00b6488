//! Closing statements of shows as programs that prepare declarations read them: `GET /api/v2/closing-statements`.
//!
//! The format is that which such programs read already, with what they miss beside it: every refund is in the row of its
//! ticket, rows have ids and VAT rates, whether a statement is closed is said, and a cursor asks for what changed.

mod statement;

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{RawQuery, Request, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, Response, StatusCode};
use axum::routing::get;
use soticket_projections::OrganisationViews;

use crate::access::{Role, Roles};
use crate::http::security;
use crate::organisation_token;
use crate::service::Service;

/// Who reads the feed besides the programs that are configured to.
const READERS: Roles = Roles::of(&[Role::Owner, Role::Accountant, Role::Auditor, Role::Dashboard]);

/// The path of the feed.
pub(crate) fn routes() -> Router<Arc<Service>> {
    Router::new().route("/api/v2/closing-statements", get(answer))
}

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Question {
    /// Begin of the shows, in unix seconds.
    from: i64,
    to: i64,
    /// Whether statements that are still open are wanted too.
    bypass_closed: bool,
    /// Position of the last event that the asker knows the effect of.
    changed_since: Option<u64>,
}

impl Question {
    /// Reads the query; the name of the first parameter that cannot be used if there is one.
    fn read(query: &str) -> Result<Self, &'static str> {
        let mut question = Self { from: i64::MIN, to: i64::MAX, bypass_closed: false, changed_since: None };
        for (name, value) in query.split('&').filter_map(|pair| pair.split_once('=')) {
            match name {
                "from" => question.from = value.parse().map_err(|_| "from")?,
                "to" => question.to = value.parse().map_err(|_| "to")?,
                "bypass_closed" => {
                    question.bypass_closed = match value {
                        "true" | "1" => true,
                        "false" | "0" | "" => false,
                        _ => return Err("bypass_closed"),
                    };
                }
                "changed_since" => {
                    question.changed_since = Some(value.parse().map_err(|_| "changed_since")?);
                }
                _ => {}
            }
        }
        if question.from > question.to { Err("to") } else { Ok(question) }
    }
}

async fn answer(
    State(service): State<Arc<Service>>,
    RawQuery(query): RawQuery,
    request: Request,
) -> Response<Body> {
    let (headers, extensions) = (request.headers(), request.extensions());
    let configured = organisation_token::owner(&service.closing_statements, headers);
    let core = &service.core;
    let principal = || {
        let known = core.access.authenticate(core, headers, extensions).ok();
        known.filter(|known| READERS.has(known.role))?.organisation
    };
    let Some(organisation) = configured.or_else(principal) else {
        return refused(
            StatusCode::UNAUTHORIZED,
            "UNAUTHENTICATED: send the configured token as a bearer token, or one whose role reads sums",
        );
    };
    let question = match Question::read(query.as_deref().unwrap_or_default()) {
        Ok(question) => question,
        Err(name) => {
            let message = format!(
                "BAD_USER_INPUT: {name}: state from and to in unix seconds, bypass_closed as true or false"
            );
            return refused(StatusCode::BAD_REQUEST, &message);
        }
    };
    let written = service.core.projections.view(organisation, |views| write(views, &question));
    match written {
        Some(body) => json(StatusCode::OK, body),
        None => refused(
            StatusCode::NOT_FOUND,
            "ORGANISATION_UNKNOWN: the token is of an organisation that is not open",
        ),
    }
}

fn write(views: &OrganisationViews, question: &Question) -> String {
    let mut data = String::new();
    let mut total = 0_u64;
    for show in views.catalogue.shows() {
        let begins = show.scheduled.starts_at.0.div_euclid(1_000_000);
        let last = views.index.last(show.show()).unwrap_or(0);
        let changed = question.changed_since.is_none_or(|since| last > since);
        let closed = views.journal.closed(show.show());
        let wanted = question.bypass_closed || closed.is_some();
        if !(question.from..=question.to).contains(&begins) || !changed || !wanted {
            continue;
        }
        if let Some(statement) = statement::of(views, show, closed, last) {
            data.push_str(if total > 0 { "," } else { "" });
            data.push_str(&statement);
            total += 1;
        }
    }
    let cursor = views.position().unwrap_or(0);
    format!(r#"{{"success":true,"messages":[],"total":{total},"cursor":{cursor},"data":[{data}]}}"#)
}

fn refused(status: StatusCode, message: &str) -> Response<Body> {
    let body = serde_json::json!({ "success": false, "messages": [message], "total": 0, "data": [] });
    let mut response = json(status, body.to_string());
    if status == StatusCode::UNAUTHORIZED {
        response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    response
}

fn json(status: StatusCode, body: String) -> Response<Body> {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    security::data_headers(headers);
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_read_is_named() {
        let all = Question { from: i64::MIN, to: i64::MAX, bypass_closed: false, changed_since: None };
        assert_eq!(Question::read(""), Ok(all));
        let question = Question::read("from=10&to=20&bypass_closed=true&changed_since=7&other=x");
        let wanted = Question { from: 10, to: 20, bypass_closed: true, changed_since: Some(7) };
        assert_eq!(question, Ok(wanted));
        for (query, name) in [
            ("from=2026-03-14", "from"),
            ("to=1e9", "to"),
            ("from=2&to=1", "to"),
            ("bypass_closed=yes", "bypass_closed"),
            ("changed_since=-1", "changed_since"),
        ] {
            assert_eq!(Question::read(query), Err(name), "{query}");
        }
    }
}

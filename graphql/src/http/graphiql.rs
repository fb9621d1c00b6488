//! `/graphiql`: the query editor, from files inside the binary. Nothing is loaded from another host.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, HeaderValue, Response, StatusCode};
use rust_embed::{EmbeddedFile, RustEmbed};

use super::security::{self, GRAPHIQL_POLICY, PAGE_POLICY};
use crate::service::Service;

/// The files of `graphql/assets`, fetched ones included.
#[derive(RustEmbed)]
#[folder = "assets"]
struct Assets;

/// Files that `cargo xtask assets` fetches.
const FETCHED: [&str; 4] =
    ["react.production.min.js", "react-dom.production.min.js", "graphiql.min.js", "graphiql.min.css"];
const ABSENT: &str = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>GraphiQL</title>\
                      <p>GraphiQL is not in this build: run <code>cargo xtask assets</code> and build again.";

/// The page.
pub(crate) async fn page(State(service): State<Arc<Service>>) -> Response<Body> {
    if !service.has_graphiql() {
        return absent();
    }
    let complete = FETCHED.iter().all(|name| Assets::get(&format!("graphiql/{name}")).is_some());
    let (page, policy) = match Assets::get("graphiql.html").filter(|_| complete) {
        Some(page) => (Body::from(page.data), GRAPHIQL_POLICY),
        None => (Body::from(ABSENT), PAGE_POLICY),
    };
    respond(page, "text/html; charset=utf-8", policy)
}

/// A file of the page.
pub(crate) async fn file(
    State(service): State<Arc<Service>>,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Response<Body> {
    if !service.has_graphiql() {
        return absent();
    }
    // Ours lie beside the folder of the fetched ones; names hold no slash, so that nothing else is reached.
    let found = Assets::get(&format!("graphiql/{name}")).or_else(|| Assets::get(&name));
    let Some((file, kind)) = found.zip(content_type(&name)) else {
        return absent();
    };
    let tag = entity_tag(&file);
    let known = headers.get(IF_NONE_MATCH) == tag.as_ref() && tag.is_some();
    let mut response = respond(if known { Body::empty() } else { Body::from(file.data) }, kind, PAGE_POLICY);
    if known {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
    }
    if let Some(tag) = tag {
        response.headers_mut().insert(ETAG, tag);
    }
    response
}

fn absent() -> Response<Body> {
    let mut response = respond(Body::empty(), "text/plain", PAGE_POLICY);
    *response.status_mut() = StatusCode::NOT_FOUND;
    response
}

fn entity_tag(file: &EmbeddedFile) -> Option<HeaderValue> {
    let digest: String =
        file.metadata.sha256_hash().iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    HeaderValue::from_str(&format!("\"{digest}\"")).ok()
}

fn content_type(name: &str) -> Option<&'static str> {
    match name.rsplit_once('.')?.1 {
        "js" => Some("text/javascript; charset=utf-8"),
        "css" => Some("text/css; charset=utf-8"),
        _ => None,
    }
}

fn respond(body: Body, kind: &'static str, policy: &'static str) -> Response<Body> {
    let mut response = Response::new(body);
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    security::page_headers(headers, policy);
    response
}

//! `/metrics`: what Prometheus scrapes.

use std::sync::Arc;

use axum::extract::State;
use axum::http::HeaderName;
use axum::http::header::CONTENT_TYPE;

use crate::metrics;
use crate::service::Service;

/// Every metric of the process, with the gauges that are read when asked.
pub(crate) async fn render(State(service): State<Arc<Service>>) -> ([(HeaderName, &'static str); 1], String) {
    service.set_gauges();
    ([(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], metrics::render())
}

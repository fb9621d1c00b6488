//! `/healthz` and `/readyz`: whether to restart the process, and whether to send it requests.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;

use crate::service::Service;

/// The answer of both.
#[derive(Serialize)]
pub(crate) struct Health {
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

/// The process answers.
pub(crate) async fn alive() -> Json<Health> {
    Json(Health { status: "alive", reason: None })
}

/// The ledger takes commands and the read models are close behind it.
pub(crate) async fn ready(State(service): State<Arc<Service>>) -> (StatusCode, Json<Health>) {
    match service.unready() {
        None => (StatusCode::OK, Json(Health { status: "ready", reason: None })),
        reason => (StatusCode::SERVICE_UNAVAILABLE, Json(Health { status: "unready", reason })),
    }
}

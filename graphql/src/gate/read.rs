//! Bodies of requests, as JSON within the service's limits.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::FromRequest;
use axum::http::Request;
use serde::de::DeserializeOwned;

use super::answer::Fault;
use crate::http::body;
use crate::http::refusal::Refusal;
use crate::service::Service;

/// The body of a request.
pub(crate) struct Read<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequest<Arc<Service>> for Read<T> {
    type Rejection = Fault;

    async fn from_request(request: Request<Body>, service: &Arc<Service>) -> Result<Self, Fault> {
        let Ok(_slot) = service.slots.try_acquire() else { return Err(Refusal::overloaded().into()) };
        let (parts, body) = request.into_parts();
        let bytes = body::read(&parts.headers, body).await?;
        serde_json::from_slice(&bytes).map(Self).map_err(|error| Fault::bad(format!("The body: {error}.")))
    }
}

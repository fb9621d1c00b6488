//! GraphQL over HTTP, as its audits want it, and the service's other paths.

pub(crate) mod body;
mod coercion;
mod documents;
pub(crate) mod execution;
mod graphiql;
pub(crate) mod graphql;
mod health;
mod metrics_page;
mod negotiate;
mod nesting;
mod persisted;
mod proof;
pub(crate) mod refusal;
pub(crate) mod request;
pub(crate) mod response;
pub(crate) mod security;
pub(crate) mod status;
#[cfg(test)]
mod tests;
mod variables;

use std::any::Any;
use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::{Request, Response};
use axum::routing::{any, get};
use tower::ServiceExt as _;
use tower_http::catch_panic::CatchPanicLayer;

pub(crate) use coercion::InputTypes;
pub(crate) use documents::Documents;
pub(crate) use persisted::Persisted;

use crate::service::Service;
use negotiate::Media;
use refusal::Refusal;

/// The path that the service is there for.
const GRAPHQL: &str = "/graphql";

/// Every path of the service, for a program that brings its own listener; [`crate::serve`] is what limits connections.
pub fn router(service: Arc<Service>) -> Router {
    Router::new()
        .route(GRAPHQL, any(graphql::answer))
        .route("/graphiql", get(graphiql::page))
        .route("/graphiql/{file}", get(graphiql::file))
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .route("/metrics", get(metrics_page::render))
        .merge(crate::gate::routes())
        .merge(crate::documents::routes())
        .merge(crate::pretix::routes())
        .merge(crate::closing_statements::routes())
        .merge(crate::accounts_files::routes())
        .merge(crate::published::routes())
        .merge(crate::feed::routes())
        .merge(crate::sign_in::routes())
        .layer(axum::middleware::from_fn_with_state(Arc::clone(&service), crate::access::paths::admit))
        // A panic in a resolver would otherwise drop the connection with every request on it.
        .layer(CatchPanicLayer::custom(panicked))
        .with_state(service)
}

/// Answers as the router does. Requests to `/graphql` are nearly all: they are spared its detour.
pub(crate) async fn answer(service: Arc<Service>, router: Router, request: Request<Body>) -> Response<Body> {
    if request.uri().path() != GRAPHQL {
        return router.oneshot(request).await.unwrap_or_else(|never| match never {});
    }
    caught(graphql::answer(State(service), request)).await
}

/// What the layer does for the router: an answer in place of a panic.
async fn caught(answer: impl Future<Output = Response<Body>>) -> Response<Body> {
    let mut answer = pin!(answer);
    poll_fn(|context| {
        catch_unwind(AssertUnwindSafe(|| answer.as_mut().poll(context)))
            .unwrap_or_else(|panic| Poll::Ready(panicked(panic)))
    })
    .await
}

#[expect(clippy::needless_pass_by_value, reason = "the layer hands the panic over")]
fn panicked(panic: Box<dyn Any + Send>) -> Response<Body> {
    let details = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("no message");
    let request_id = crate::request_id::next();
    tracing::error!(request_id = request_id.as_str(), details, "a request panicked");
    response::refused(&Refusal::internal(), Media::Json, &request_id)
}

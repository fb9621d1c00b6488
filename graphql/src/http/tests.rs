//! What no request from outside can bring about at will: a full house, a panic, a masked error.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, Response, StatusCode};
use axum::routing::get;
use serde_json::Value;
use soticket_ledger::Ledger;
use soticket_ledger::clock::system_clock;
use soticket_projections::{Options, Projections};
use soticket_schema::ids::OrganisationId;
use tower::ServiceExt as _;
use tower_http::catch_panic::CatchPanicLayer;

use super::negotiate::Media;
use super::{caught, panicked, response, router};
use crate::access::{ConfiguredToken, Role};
use crate::error::internal;
use crate::service::Service;

const TOKEN: &str = "a-token-of-more-than-thirty-two-characters";

async fn read(response: Response<Body>) -> (StatusCode, Value) {
    let status = response.status();
    let bytes = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
    (status, serde_json::from_slice(&bytes).unwrap())
}

fn service() -> (Ledger, Arc<Service>) {
    let ledger = Ledger::in_memory(system_clock()).unwrap();
    let projections = Projections::start(ledger.clone(), Options::default()).unwrap();
    let service = Service::new(ledger.clone(), projections);
    let organisation = OrganisationId::parse("11111111-1111-4111-8111-111111111111").unwrap();
    service.admit(&ConfiguredToken::of_organisation(organisation, Role::Owner, TOKEN).unwrap());
    (ledger, service)
}

fn post(body: &'static str) -> Request<Body> {
    let request = Request::post("/graphql").header("content-type", "application/json");
    request.header("authorization", format!("Bearer {TOKEN}")).body(Body::from(body)).unwrap()
}

#[tokio::test]
async fn beyond_the_limit_clients_are_told_to_come_back() {
    let (_ledger, service) = service();
    service.slots.close();
    let answer = router(service).oneshot(post(r#"{"query": "{ __typename }"}"#)).await.unwrap();
    assert_eq!(answer.headers()["retry-after"], "1");
    let (status, body) = read(answer).await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(body["errors"][0]["extensions"]["code"], "OVERLOADED");
    assert_eq!(body["errors"][0]["extensions"]["retryable"], true);
}

#[tokio::test]
async fn a_closed_ledger_is_told_as_such() {
    let (ledger, service) = service();
    ledger.close();
    let body = r#"{"query": "mutation { showOpen(input: {organisation: \"11111111-1111-4111-8111-111111111111\", idempotencyKey: \"k\", show: \"x\"}) { position } }"}"#;
    let (status, body) = read(router(service).oneshot(post(body)).await.unwrap()).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(body["errors"][0]["extensions"]["code"], "LEDGER_STOPPED");
    assert_eq!(body["data"]["showOpen"], Value::Null);
}

#[tokio::test]
async fn a_panic_is_an_answer() {
    async fn panics() -> &'static str {
        panic!("the secret of the panic")
    }
    let router = Router::new().route("/", get(panics)).layer(CatchPanicLayer::custom(panicked));
    let answer = router.oneshot(Request::get("/").body(Body::empty()).unwrap()).await.unwrap();
    let spared = caught(async { panic!("the secret of the panic") }).await;
    for answer in [answer, spared] {
        let (status, body) = read(answer).await;
        assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR);
        assert_eq!(body["errors"][0]["extensions"]["code"], "INTERNAL_SERVER_ERROR");
        assert!(!body.to_string().contains("secret"));
    }
}

#[tokio::test]
async fn details_of_internal_errors_stay_in_the_log() {
    let mut error = internal("the secret of the disk").into_server_error(async_graphql::Pos::default());
    error.path.push(async_graphql::PathSegment::Field("organisation".to_owned()));
    let answer = async_graphql::Response::from_errors(vec![error]);
    let (status, body) = read(response::executed(&answer, Media::GraphqlResponse, "id-1")).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(body["errors"][0]["extensions"]["requestId"], "id-1");
    assert_eq!(body["errors"][0]["extensions"]["code"], "INTERNAL_SERVER_ERROR");
    assert!(!body.to_string().contains("secret"));
}

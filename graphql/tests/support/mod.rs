//! A service over a ledger in memory, asked over HTTP without a socket.

#![allow(dead_code, reason = "every test uses its own part")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on fails")]

pub(crate) mod gate;
pub(crate) mod live;
pub(crate) mod socket;
pub(crate) mod venue;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request, Response, StatusCode};
use serde_json::{Value, json};
use soticket_graphql::{ConfiguredToken, Role, Service};
use soticket_ledger::Ledger;
use soticket_ledger::clock::Clock;
use soticket_projections::{Options, Projections};
use soticket_schema::{OrganisationId, Timestamp};
use tower::ServiceExt;

/// The ledger's clock in tests: 2026-03-08T20:00:00Z.
pub(crate) const NOW: Timestamp = Timestamp(1_773_000_000_000_000);

/// How long a test waits for the read models.
const PATIENCE: Duration = Duration::from_secs(20);

/// Token of an administrator of the cooperative.
pub(crate) const ADMINISTRATOR: &str = "the-token-of-the-administrator-in-tests";

/// A running service.
pub(crate) struct Api {
    pub(crate) router: Router,
    pub(crate) service: Arc<Service>,
    pub(crate) ledger: Ledger,
    pub(crate) projections: Arc<Projections>,
    /// The token of requests that carry no other.
    pub(crate) token: String,
}

/// The token of an organisation's owner. It is of the service's settings, so that it leaves no trace in the log.
pub(crate) fn owner(organisation: &str) -> String {
    format!("the-owner-of-{organisation}")
}

/// An HTTP answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: axum::http::HeaderMap,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }

    /// Code of the first error.
    pub(crate) fn code(&self) -> String {
        let json = self.json();
        json["errors"][0]["extensions"]["code"]
            .as_str()
            .unwrap_or_else(|| panic!("no code: {json}"))
            .to_owned()
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
    }
}

impl Api {
    pub(crate) fn start() -> Self {
        Self::with_clock(Arc::new(|| NOW))
    }

    /// With a clock that goes on by a millisecond whenever somebody looks.
    pub(crate) fn ticking() -> Self {
        let ticks = AtomicI64::new(0);
        Self::with_clock(Arc::new(move || Timestamp(NOW.0 + ticks.fetch_add(1_000, Ordering::Relaxed))))
    }

    pub(crate) fn with_clock(clock: Clock) -> Self {
        let ledger = Ledger::in_memory(clock).unwrap();
        let projections = Projections::start(ledger.clone(), Options::default()).unwrap();
        let service = Service::new(ledger.clone(), Arc::clone(&projections));
        Self::over(ledger, projections, service)
    }

    /// Over a service that the test has made, with tokens of the owners of both organisations of the tests.
    pub(crate) fn over(ledger: Ledger, projections: Arc<Projections>, service: Arc<Service>) -> Self {
        for organisation in [venue::OURS, venue::THEIRS] {
            let id = OrganisationId::parse(organisation).unwrap();
            let token = ConfiguredToken::of_organisation(id, Role::Owner, &owner(organisation)).unwrap();
            service.admit(&token);
        }
        service.admit(&ConfiguredToken::administrator(ADMINISTRATOR).unwrap());
        let router = soticket_graphql::router(Arc::clone(&service));
        Self { router, service, ledger, projections, token: owner(venue::OURS) }
    }

    /// The same service, asked by whoever has this token.
    pub(crate) fn with_token(&self, token: &str) -> Self {
        let (router, service) = (self.router.clone(), Arc::clone(&self.service));
        let (ledger, projections) = (self.ledger.clone(), Arc::clone(&self.projections));
        Self { router, service, ledger, projections, token: token.to_owned() }
    }

    /// The same service, asked by the owner of an organisation.
    pub(crate) fn as_owner(&self, organisation: &str) -> Self {
        self.with_token(&owner(organisation))
    }

    /// Sends a request, with the token unless it carries one or an empty header.
    pub(crate) async fn send(&self, mut request: Request<Body>) -> Answer {
        match request.headers().get("authorization").map(|value| value.is_empty()) {
            None => {
                let bearer = format!("Bearer {}", self.token).parse().unwrap();
                request.headers_mut().insert("authorization", bearer);
            }
            Some(true) => drop(request.headers_mut().remove("authorization")),
            Some(false) => {}
        }
        let response: Response<Body> = self.router.clone().oneshot(request).await.unwrap();
        let (head, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        let body = String::from_utf8(bytes.to_vec()).expect("responses are UTF-8");
        Answer { status: head.status, headers: head.headers, body }
    }

    /// POSTs a body with these headers.
    pub(crate) async fn post(&self, headers: &[(&str, &str)], body: impl Into<Body>) -> Answer {
        self.send(request(Method::POST, "/graphql", headers, body.into())).await
    }

    /// GETs a path with these headers.
    pub(crate) async fn get(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        self.send(request(Method::GET, path, headers, Body::empty())).await
    }

    /// POSTs a document as JSON, wanting the newer media type.
    pub(crate) async fn ask(&self, query: &str, variables: Value) -> Answer {
        let body = json!({ "query": query, "variables": variables }).to_string();
        let headers = [("content-type", "application/json"), ("accept", "application/graphql-response+json")];
        self.post(&headers, body).await
    }

    /// The data of a document that must succeed.
    pub(crate) async fn data(&self, query: &str, variables: Value) -> Value {
        let answer = self.ask(query, variables).await;
        let json = answer.json();
        assert!(json.get("errors").is_none(), "{json}");
        json["data"].clone()
    }

    /// Runs one mutation and gives its payload: `selection` is what to read of it besides the receipt.
    pub(crate) async fn mutate(&self, name: &str, input: Value, selection: &str) -> Value {
        let (first, rest) = name.split_at(1);
        let kind = format!("{}{rest}Input", first.to_uppercase());
        let query = format!(
            "mutation Run($input: {kind}!) {{ {name}(input: $input) {{ {selection} position hash replayed \
             userErrors {{ code field message }} }} }}"
        );
        self.data(&query, json!({ "input": input })).await[name].clone()
    }

    /// As [`Self::mutate`], for a mutation that must be recorded. The read models have it afterwards: a test that reads finds
    /// what it did, however busy the machine is.
    pub(crate) async fn record(&self, name: &str, input: Value, selection: &str) -> Value {
        let organisation = input["organisation"].as_str().and_then(OrganisationId::parse);
        let payload = self.mutate(name, input, selection).await;
        assert_eq!(payload["userErrors"], json!([]), "{name}: {payload}");
        let position = payload["position"].as_str().and_then(|position| position.parse().ok());
        let (Some(organisation), Some(position)) = (organisation, position) else {
            panic!("{name}: {payload}");
        };
        assert!(self.projections.wait_for(organisation, position, PATIENCE).await, "{name} is not read");
        payload
    }

    /// As [`Self::mutate`], for a mutation that must be refused: code and field.
    pub(crate) async fn refused(&self, name: &str, input: Value) -> (String, Value) {
        let payload = self.mutate(name, input, "").await;
        assert_eq!(payload["position"], Value::Null, "{name}: {payload}");
        let error = &payload["userErrors"][0];
        (error["code"].as_str().unwrap().to_owned(), error["field"].clone())
    }
}

pub(crate) fn request(method: Method, path: &str, headers: &[(&str, &str)], body: Body) -> Request<Body> {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(body).unwrap()
}

/// Adds an organisation and a key to an input.
pub(crate) fn input(organisation: &str, key: &str, mut fields: Value) -> Value {
    fields["organisation"] = json!(organisation);
    fields["idempotencyKey"] = json!(key);
    fields
}

//! A document that was valid before is answered as one that was never seen.

use std::sync::Arc;

use async_graphql::Variables;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use serde_json::{Value, json};
use soticket_ledger::Ledger;
use soticket_ledger::clock::system_clock;
use soticket_projections::{Options, Projections};
use soticket_schema::ids::OrganisationId;
use tower::ServiceExt as _;

use crate::access::{ConfiguredToken, Role};
use crate::http::router;
use crate::service::Service;

const TOKEN: &str = "a-token-of-more-than-thirty-two-characters";
const ORGANISATION: &str = "11111111-1111-4111-8111-111111111111";

fn service() -> Arc<Service> {
    let ledger = Ledger::in_memory(system_clock()).unwrap();
    let projections = Projections::start(ledger.clone(), Options::default()).unwrap();
    let service = Service::new(ledger, projections);
    let organisation = OrganisationId::parse(ORGANISATION).unwrap();
    service.admit(&ConfiguredToken::of_organisation(organisation, Role::Owner, TOKEN).unwrap());
    service
}

/// Asks, and takes the request id out of the answer.
async fn ask(service: &Arc<Service>, body: &Value) -> (StatusCode, Value) {
    let request = Request::post("/graphql")
        .header("content-type", "application/json")
        .header("accept", "application/graphql-response+json")
        .header("authorization", format!("Bearer {TOKEN}"))
        .body(Body::from(body.to_string()))
        .unwrap();
    let response = router(Arc::clone(service)).oneshot(request).await.unwrap();
    let status = response.status();
    let bytes = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
    let mut answer: Value = serde_json::from_slice(&bytes).unwrap();
    for error in answer["errors"].as_array_mut().into_iter().flatten() {
        error["extensions"].as_object_mut().unwrap().remove("requestId").unwrap();
    }
    (status, answer)
}

fn proven(service: &Service, query: &str, variables: &Value) -> bool {
    let document = service.documents.parse(query, &service.core.permissions).unwrap();
    document.proven(&service.inputs, None, &Variables::from_json(variables.clone()))
}

/// Answers each of the variables after `valid` as if the document were new; tells which of them count as proven.
async fn compare(query: &str, valid: Value, tried: &[Value]) -> Vec<bool> {
    let warm = service();
    let (status, answer) = ask(&warm, &json!({ "query": query, "variables": valid })).await;
    assert_eq!(status, StatusCode::OK, "{answer}");
    let mut found = Vec::new();
    for variables in tried {
        found.push(proven(&warm, query, variables));
        let body = json!({ "query": query, "variables": variables });
        assert_eq!(ask(&warm, &body).await, ask(&service(), &body).await, "{body}");
    }
    found
}

#[tokio::test]
async fn variables_are_checked_every_time() {
    let query = "query($id: ID!, $at: LogPosition, $ids: [ID!]!, $more: Boolean = false) { \
                 organisation(id: $id, minPosition: $at) { id } nodes(ids: $ids) { id } \
                 organisations @include(if: $more) { id } }";
    let valid = json!({ "id": ORGANISATION, "ids": [] });
    let tried = [
        (true, json!({ "id": ORGANISATION, "ids": ["a", "b"], "more": true })),
        (true, json!({ "id": ORGANISATION, "ids": "a", "at": null })),
        (true, json!({ "id": "x", "ids": ["a"], "unknown": [1] })),
        (false, json!({ "id": ORGANISATION, "ids": ["a", null] })),
        (false, json!({ "id": ORGANISATION, "ids": [["a"]] })),
        (false, json!({ "id": ["x"], "ids": [] })),
        (false, json!({ "id": ORGANISATION, "ids": [], "more": null })),
        (false, json!({ "id": ORGANISATION, "ids": [], "more": "true" })),
    ];
    let variables: Vec<Value> = tried.iter().map(|(_, variables)| variables.clone()).collect();
    let expected: Vec<bool> = tried.iter().map(|(proven, _)| *proven).collect();
    assert_eq!(compare(query, valid, &variables).await, expected);
}

#[tokio::test]
async fn inputs_are_checked_field_by_field() {
    let query = "mutation Sell($input: OrderPlaceInput!) { orderPlace(input: $input) { position userErrors { code } } }";
    let ticket = json!({ "show": "s", "zone": "z", "tariff": "t", "price": "1.00" });
    let valid = json!({ "input": { "organisation": ORGANISATION, "idempotencyKey": "k", "channel": "c", "seller": "s",
                                   "tickets": [ticket] } });
    let changed = |pointer: &str, value: Value| {
        let mut variables = valid.clone();
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        variables.pointer_mut(parent).unwrap()[name] = value;
        variables
    };
    let mut without = valid.clone();
    without["input"].as_object_mut().unwrap().remove("channel");
    let tried = [
        valid.clone(),
        changed("/input/idempotencyKey", json!("another")),
        changed("/input/tickets", json!(ticket)),
        without,
        changed("/input/channel", Value::Null),
        changed("/input/extra", json!(1)),
        changed("/input/tickets", json!([{ "show": "s" }])),
        changed("/input/tickets", json!([ticket, 5])),
        changed("/input/seller", json!({})),
        json!({ "input": "text" }),
    ];
    let expected = [true, true, true, false, false, false, false, false, false, false];
    assert_eq!(compare(query, valid, &tried).await, expected);
}

#[tokio::test]
async fn enumerations_know_their_names() {
    let query =
        "mutation($input: MethodDefineInput!) { methodDefine(input: $input) { userErrors { code } } }";
    let input = |kind: &str| json!({ "input": { "organisation": ORGANISATION, "idempotencyKey": "k", "name": "n", "kind": kind } });
    let tried = [input("CASH"), input("COWRIES")];
    assert_eq!(compare(query, input("CARD"), &tried).await, [true, false]);
}

#[tokio::test]
async fn limits_hold_for_proven_documents() {
    let query = "query($id: ID!, $first: Int) { organisation(id: $id) { shows(first: $first) { nodes { \
                 id reference title state hall { id name } startsAt doorsAt saleFrom saleUntil authorisedCapacity \
                 zones { onSale zone { id name } } tariffs { id name } number } } } }";
    let sized = |first: i32| json!({ "id": ORGANISATION, "first": first });
    assert_eq!(compare(query, sized(1), &[sized(2), sized(100)]).await, [true, true]);
    let (status, answer) = ask(&service(), &json!({ "query": query, "variables": sized(100) })).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert_eq!(answer["errors"][0]["extensions"]["code"], "QUERY_TOO_COMPLEX");
}

#[tokio::test]
async fn what_proves_nothing_is_checked_in_full() {
    let inside = "mutation($actor: ID) { methodDefine(input: { organisation: \"x\", idempotencyKey: \"k\", name: \"n\", \
                  kind: CARD, actor: $actor }) { position } }";
    let picked = "query($ids: [ID!]!) { nodes(ids: $ids) { id } __schema { queryType { fields { name } } } }";
    let typed = "query($name: String!) { __type(name: $name) { name fields { name } } }";
    assert_eq!(compare(inside, json!({}), &[json!({}), json!({ "actor": ["a"] })]).await, [false, false]);
    assert_eq!(compare(picked, json!({ "ids": [] }), &[json!({ "ids": [] })]).await, [false]);
    assert_eq!(compare(typed, json!({ "name": "Query" }), &[json!({ "name": "_Service" })]).await, [false]);
}

#[tokio::test]
async fn only_a_lone_operation_is_proven_and_only_under_its_name() {
    let service = service();
    let lone = "query A($id: ID!) { organisation(id: $id) { id } }";
    let two = "query A($id: ID!) { organisation(id: $id) { id } } query B { organisations { id } }";
    let id = Variables::from_json(json!({ "id": ORGANISATION }));
    for query in [lone, two] {
        let body = json!({ "query": query, "operationName": "A", "variables": { "id": ORGANISATION } });
        assert_eq!(ask(&service, &body).await.0, StatusCode::OK);
    }
    let document = service.documents.parse(lone, &service.core.permissions).unwrap();
    assert!(document.proven(&service.inputs, Some("A"), &id));
    assert!(!document.proven(&service.inputs, Some("B"), &id));
    assert!(!service.documents.parse(two, &service.core.permissions).unwrap().proven(
        &service.inputs,
        Some("A"),
        &id
    ));
    let body = json!({ "query": lone, "operationName": "B", "variables": { "id": ORGANISATION } });
    let (status, answer) = ask(&service, &body).await;
    assert_eq!(
        (status, answer["errors"][0]["extensions"]["code"].clone()),
        (StatusCode::BAD_REQUEST, json!("OPERATION_UNKNOWN"))
    );
}

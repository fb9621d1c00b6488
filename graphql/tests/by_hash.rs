//! Documents that are named by their SHA-256, and lists of orders that a filter lets through.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;

use std::fs;

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use support::live::{PROTOCOL, Socket, init, serve_live};
use support::venue::{OURS, Venue};
use support::{Answer, Api, owner};

const JSON: (&str, &str) = ("content-type", "application/json");
const DOCUMENT: &str = "query Named($o: ID!) { organisation(id: $o) { id } }";

fn hash(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

async fn post(api: &Api, body: Value) -> Answer {
    api.post(&[JSON], body.to_string()).await
}

fn persisted(query: Option<&str>, hash: &str) -> Value {
    let extensions = json!({ "persistedQuery": { "version": 1, "sha256Hash": hash } });
    match query {
        Some(query) => json!({ "query": query, "variables": { "o": OURS }, "extensions": extensions }),
        None => json!({ "variables": { "o": OURS }, "extensions": extensions }),
    }
}

#[tokio::test]
async fn a_document_is_told_once_and_then_known_by_its_hash() {
    let api = Api::ticking();
    Venue::open(&api, OURS).await;
    let hash = hash(DOCUMENT);
    let unknown = post(&api, persisted(None, &hash)).await;
    assert_eq!(unknown.code(), "PERSISTED_QUERY_NOT_FOUND");
    assert_eq!(unknown.json()["errors"][0]["message"], "PersistedQueryNotFound", "what clients look for");
    let other = post(&api, persisted(Some("{ __typename }"), &hash)).await;
    assert_eq!(other.code(), "PERSISTED_QUERY_MISMATCH");
    let found = json!({ "data": { "organisation": { "id": OURS } } });
    assert_eq!(post(&api, persisted(Some(DOCUMENT), &hash)).await.json(), found);
    assert_eq!(post(&api, persisted(None, &hash)).await.json(), found);
    let by_id = json!({ "documentId": format!("sha256:{hash}"), "variables": { "o": OURS } });
    assert_eq!(post(&api, by_id).await.json(), found);
    let path = format!("/graphql?documentId={hash}&variables=%7B%22o%22%3A%22{OURS}%22%7D");
    assert_eq!(api.get(&path, &[]).await.json(), found);
    for body in [
        json!({ "documentId": "nonsense" }),
        persisted(None, ""),
        json!({ "extensions": { "persistedQuery": 7 } }),
    ] {
        let answer = post(&api, body.clone()).await;
        assert_eq!((answer.status.as_u16(), answer.code().as_str()), (400, "BAD_REQUEST"), "{body}");
    }
    // A name is no way around the role, nor around what GET may do.
    let mutation = "mutation { showOpen(input: {organisation: \"x\", idempotencyKey: \"x\", show: \"x\"}) { position } }";
    post(&api, persisted(Some(mutation), &self::hash(mutation))).await;
    let path = format!("/graphql?documentId={}", self::hash(mutation));
    assert_eq!(api.get(&path, &[]).await.status, 405);
    // Over a socket as well.
    let served = serve_live(&api, soticket_graphql::LiveTimes::default()).await;
    let mut socket = Socket::open(served.address, Some(PROTOCOL)).await.unwrap();
    socket.send(init(&owner(OURS))).await;
    socket.message().await;
    socket.send(json!({ "type": "subscribe", "id": "1", "payload": persisted(None, &hash) })).await;
    assert_eq!(socket.next("1").await, found["data"]);
}

#[tokio::test]
async fn an_operator_may_have_nothing_run_but_what_is_trusted() {
    let folder = tempfile::tempdir().unwrap();
    let manifest = folder.path().join("documents.json");
    fs::write(&manifest, json!({ hash(DOCUMENT): DOCUMENT }).to_string()).unwrap();
    let api = Api::ticking();
    Venue::open(&api, OURS).await;
    api.service.trust_documents(&manifest, true).unwrap();
    let found = json!({ "data": { "organisation": { "id": OURS } } });
    assert_eq!(post(&api, persisted(None, &hash(DOCUMENT))).await.json(), found);
    assert_eq!(post(&api, json!({ "query": DOCUMENT, "variables": { "o": OURS } })).await.json(), found);
    for text in ["{ __typename }", "{ __schema { types { name } } }"] {
        assert_eq!(post(&api, json!({ "query": text })).await.code(), "DOCUMENT_NOT_TRUSTED", "{text}");
        assert_eq!(post(&api, persisted(Some(text), &hash(text))).await.code(), "DOCUMENT_NOT_TRUSTED");
    }
}

#[tokio::test]
async fn orders_are_filtered_forwards_and_backwards() {
    let api = Api::ticking();
    let venue = Venue::open(&api, OURS).await;
    let mut last = Value::Null;
    for number in 0..9 {
        let mut sale = venue.sale(&format!("sale {number}"), 1);
        if number % 3 == 0 {
            sale["channel"] = json!(venue.web);
            sale.as_object_mut().unwrap().remove("payment");
        }
        last = api.record("orderPlace", sale, "order { occurredAt }").await;
    }
    let ask = async |arguments: String| {
        let query = format!(
            "query ($o: ID!, $p: LogPosition) {{ organisation(id: $o, minPosition: $p) {{ orders({arguments}) {{ pageInfo {{ \
             hasNextPage endCursor }} nodes {{ number }} }} }} }}"
        );
        let data = api.data(&query, json!({ "o": OURS, "p": last["position"] })).await;
        data["organisation"]["orders"].clone()
    };
    let numbers = |page: &Value| -> Vec<String> {
        page["nodes"]
            .as_array()
            .unwrap()
            .iter()
            .map(|node| node["number"].as_str().unwrap().to_owned())
            .collect()
    };
    let web = format!("channel: \"{}\"", venue.web);
    let page = ask(format!("first: 2, filter: {{ {web} }}")).await;
    assert_eq!(
        (numbers(&page), &page["pageInfo"]["hasNextPage"]),
        (vec!["1".into(), "4".into()], &json!(true))
    );
    let cursor = page["pageInfo"]["endCursor"].as_str().unwrap();
    let page = ask(format!("first: 2, after: \"{cursor}\", filter: {{ {web} }}")).await;
    assert_eq!((numbers(&page), &page["pageInfo"]["hasNextPage"]), (vec!["7".into()], &json!(false)));
    assert_eq!(numbers(&ask(format!("last: 2, filter: {{ {web} }}")).await), ["4", "7"]);
    assert_eq!(numbers(&ask("first: 9, filter: { open: true }".into()).await), ["1", "4", "7"]);
    assert_eq!(numbers(&ask("first: 3, filter: { open: false }".into()).await), ["2", "3", "5"]);
    assert!(numbers(&ask(format!("filter: {{ {web}, open: false }}")).await).is_empty());
    let at = last["order"]["occurredAt"].as_str().unwrap();
    assert_eq!(numbers(&ask(format!("filter: {{ soldFrom: \"{at}\" }}")).await), ["9"]);
    assert_eq!(numbers(&ask(format!("filter: {{ soldBefore: \"{at}\" }}")).await).len(), 8);
    assert!(numbers(&ask("filter: { channel: \"nonsense\" }".into()).await).is_empty());
    // Those of a show likewise.
    let query = format!(
        "query ($id: ID!) {{ node(id: $id) {{ ... on Show {{ orders(filter: {{ {web} }}) {{ nodes {{ number }} }} }} }} }}"
    );
    let data = api.data(&query, json!({ "id": venue.show })).await;
    assert_eq!(numbers(&data["node"]["orders"]), ["1", "4", "7"]);
}

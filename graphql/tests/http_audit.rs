//! GraphQL over HTTP as its audits demand it.

mod support;

use axum::body::Body;
use axum::http::{Method, StatusCode};
use serde_json::{Value, json};
use support::{Answer, Api, request};

const JSON: (&str, &str) = ("content-type", "application/json");
const NEW: (&str, &str) = ("accept", "application/graphql-response+json");
const OLD: (&str, &str) = ("accept", "application/json");

async fn post(api: &Api, accept: (&str, &str), body: &str) -> Answer {
    api.post(&[JSON, accept], body.to_owned()).await
}

#[tokio::test]
async fn the_response_type_is_negotiated() {
    let api = Api::start();
    let body = json!({ "query": "{ __typename }" }).to_string();
    let cases = [
        (
            Some("application/graphql-response+json"),
            StatusCode::OK,
            "application/graphql-response+json; charset=utf-8",
        ),
        (Some("application/json"), StatusCode::OK, "application/json; charset=utf-8"),
        (Some("*/*"), StatusCode::OK, "application/json; charset=utf-8"),
        (None, StatusCode::OK, "application/json; charset=utf-8"),
        (Some("text/html"), StatusCode::NOT_ACCEPTABLE, "application/json; charset=utf-8"),
    ];
    for (accept, status, content_type) in cases {
        let mut headers = vec![JSON];
        headers.extend(accept.map(|accept| ("accept", accept)));
        let answer = api.post(&headers, body.clone()).await;
        assert_eq!(answer.status, status, "{accept:?}");
        assert_eq!(answer.header("content-type"), content_type, "{accept:?}");
        assert_eq!(answer.header("vary"), "accept");
        assert_eq!(answer.header("cache-control"), "no-store");
    }
}

#[tokio::test]
async fn only_json_in_utf8_is_taken() {
    let api = Api::start();
    let body = json!({ "query": "{ __typename }" }).to_string();
    for good in ["application/json", "application/json; charset=utf-8", "Application/Json;charset=\"UTF-8\""]
    {
        assert_eq!(
            api.post(&[("content-type", good), NEW], body.clone()).await.status,
            StatusCode::OK,
            "{good}"
        );
    }
    let bad = [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/graphql",
        "application/json; charset=iso-8859-1",
        "",
    ];
    for bad in bad {
        let answer = api.post(&[("content-type", bad), NEW], body.clone()).await;
        assert_eq!(answer.status, StatusCode::UNSUPPORTED_MEDIA_TYPE, "{bad}");
        assert_eq!(answer.code(), "UNSUPPORTED_MEDIA_TYPE");
    }
    let missing = api.post(&[NEW], body).await;
    assert_eq!(missing.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
}

#[tokio::test]
async fn malformed_requests_are_400_for_every_client() {
    let api = Api::start();
    let bodies = [
        "",
        "{",
        "null",
        "\"{ __typename }\"",
        "{}",
        r#"{"query": null}"#,
        r#"{"query": ""}"#,
        r#"{"query": 1}"#,
        r#"{"query": true}"#,
        r#"{"query": ["{ __typename }"]}"#,
        r#"{"query": {"a": 1}}"#,
        r#"{"notquery": "{ __typename }"}"#,
        r#"{"query": "{ __typename }", "operationName": 1}"#,
        r#"{"query": "{ __typename }", "operationName": {}}"#,
        r#"{"query": "{ __typename }", "variables": "{}"}"#,
        r#"{"query": "{ __typename }", "variables": 0}"#,
        r#"{"query": "{ __typename }", "variables": []}"#,
        r#"{"query": "{ __typename }", "extensions": "{}"}"#,
        r#"{"query": "{ __typename }", "extensions": 0}"#,
        r#"{"query": "{ __typename }", "extensions": []}"#,
        r#"{"query": "{ __typename }", "query": "{ __typename }"}"#,
        r#"{"query": "\ud800"}"#,
        r#"{"query": "{ __typename }"} trailing"#,
    ];
    for body in bodies {
        for accept in [NEW, OLD] {
            let answer = post(&api, accept, body).await;
            assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{body}");
            assert_eq!(answer.code(), "BAD_REQUEST", "{body}");
            assert!(answer.json().get("data").is_none());
        }
    }
    let invalid_utf8 = api.post(&[JSON, NEW], Body::from(vec![b'{', b'"', 0xff, b'"'])).await;
    assert_eq!(invalid_utf8.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn null_and_unknown_parameters_are_taken() {
    let api = Api::start();
    let bodies = [
        r#"{"query": "{ __typename }", "operationName": null, "variables": null, "extensions": null}"#,
        r#"{"query": "query Q { __typename }", "operationName": "Q", "variables": {}, "extensions": {"a": 1}}"#,
        r#"{"query": "query Q { __typename }", "operationName": ""}"#,
        r#"{"query": "query Q($i: ID!) { node(id: $i) { id } __typename }", "variables": {"i": "x"}}"#,
        r#"{"query": "{ __typename }", "else": [1, 2]}"#,
    ];
    for body in bodies {
        let answer = post(&api, NEW, body).await;
        assert_eq!(answer.status, StatusCode::OK, "{body}: {}", answer.body);
        assert_eq!(answer.json()["data"]["__typename"], "Query");
    }
}

#[tokio::test]
async fn request_errors_have_no_data_and_a_status_that_the_client_understands() {
    let api = Api::start();
    let cases = [
        ("{", "GRAPHQL_PARSE_FAILED"),
        ("{ nosuch }", "GRAPHQL_VALIDATION_FAILED"),
        ("{ node }", "GRAPHQL_VALIDATION_FAILED"),
        ("query A { __typename } query B { __typename }", "OPERATION_UNKNOWN"),
        ("subscription { a }", "SUBSCRIPTION_TRANSPORT"),
        ("query Q($id: ID!) { node(id: $id) { id } }", "GRAPHQL_VALIDATION_FAILED"),
        ("fragment F on Query { ...F } { ...F }", "QUERY_TOO_DEEP"),
    ];
    for (query, code) in cases {
        let body = json!({ "query": query }).to_string();
        for (accept, status) in [(NEW, StatusCode::BAD_REQUEST), (OLD, StatusCode::OK)] {
            let answer = post(&api, accept, &body).await;
            assert_eq!(answer.status, status, "{query}: {}", answer.body);
            assert_eq!(answer.code(), code, "{query}: {}", answer.body);
            assert!(answer.json().get("data").is_none(), "{query}");
            assert!(answer.json()["errors"][0]["extensions"]["requestId"].is_string());
        }
    }
    let variables = json!({ "query": "query Q($p: LogPosition) { organisation(id: \"x\", minPosition: $p) { id } }",
        "variables": { "p": 3.5 } });
    let answer = post(&api, NEW, &variables.to_string()).await;
    assert_eq!(
        (answer.status, answer.code().as_str()),
        (StatusCode::BAD_REQUEST, "GRAPHQL_VALIDATION_FAILED")
    );
}

#[tokio::test]
async fn queries_may_come_by_get() {
    let api = Api::start();
    let ok = [
        "/graphql?query=%7B__typename%7D",
        "/graphql?query=query%20Q%7B__typename%7D&operationName=Q",
        "/graphql?query=%7B__typename%7D&operationName=&variables=&extensions=",
        "/graphql?query=query(%24i%3AID!)%7Bnode(id%3A%24i)%7Bid%7D__typename%7D&variables=%7B%22i%22%3A%22x%22%7D",
        "/graphql?query=%7B__typename%7D&extensions=%7B%22a%22%3A1%7D&unknown=1",
    ];
    for path in ok {
        let answer = api.get(path, &[NEW]).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.body);
        assert_eq!(answer.json()["data"]["__typename"], "Query", "{path}");
    }
    let bad = [
        "/graphql",
        "/graphql?query=",
        "/graphql?query=%7B__typename%7D&variables=1",
        "/graphql?query=%7B__typename%7D&variables=%5B%5D",
        "/graphql?query=%7B__typename%7D&extensions=%22a%22",
        "/graphql?query=%7B__typename%7D&query=%7B__typename%7D",
    ];
    for path in bad {
        assert_eq!(api.get(path, &[NEW]).await.status, StatusCode::BAD_REQUEST, "{path}");
    }
}

#[tokio::test]
async fn a_mutation_over_get_is_refused_named_or_not() {
    let api = Api::start();
    let fields = "scanReport(input: {organisation: \"x\", idempotencyKey: \"k\"}) { position }";
    let documents = [
        (format!("mutation {{ {fields} }}"), None),
        (format!("mutation M {{ {fields} }}"), None),
        (format!("mutation M {{ {fields} }}"), Some("M")),
        (format!("query Q {{ __typename }} mutation M {{ {fields} }}"), Some("M")),
    ];
    for (document, operation) in documents {
        let mut path = format!("/graphql?query={}", percent(&document));
        path.extend(operation.map(|name| format!("&operationName={name}")));
        let answer = api.get(&path, &[NEW]).await;
        assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED, "{document}");
        assert_eq!(answer.header("allow"), "POST");
    }
    let mixed = format!("query Q {{ __typename }} mutation M {{ {fields} }}");
    let unselected = api.get(&format!("/graphql?query={}", percent(&mixed)), &[NEW]).await;
    assert_eq!(unselected.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn other_methods_are_refused() {
    let api = Api::start();
    for method in [Method::PUT, Method::DELETE, Method::PATCH, Method::OPTIONS] {
        let answer = api.send(request(method.clone(), "/graphql", &[JSON, NEW], Body::from("{}"))).await;
        assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED, "{method}");
        assert_eq!(answer.header("allow"), "GET, POST");
        assert_eq!(answer.header("access-control-allow-origin"), "", "no other site may read");
    }
}

#[tokio::test]
async fn batches_are_refused() {
    let api = Api::start();
    let one = json!({ "query": "{ __typename }" });
    for count in [0, 1, 10] {
        let body = Value::from(vec![one.clone(); count]).to_string();
        let answer = post(&api, NEW, &body).await;
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (StatusCode::BAD_REQUEST, "BATCHING_NOT_SUPPORTED")
        );
    }
}

#[tokio::test]
async fn browsers_are_told_what_not_to_do() {
    let api = Api::start();
    let answer = api.ask("{ __typename }", json!({})).await;
    assert_eq!(answer.header("content-security-policy"), "default-src 'none'; frame-ancestors 'none'");
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    assert_eq!(answer.header("x-frame-options"), "DENY");
    assert_eq!(answer.header("referrer-policy"), "no-referrer");
}

/// Percent-encodes everything but letters and digits.
fn percent(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => char::from(byte).to_string(),
            other => format!("%{other:02X}"),
        })
        .collect()
}

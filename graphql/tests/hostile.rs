//! Requests that are meant to hurt: each gets a code, and the service goes on.

mod support;

use axum::http::StatusCode;
use serde_json::json;
use support::Api;

const JSON: (&str, &str) = ("content-type", "application/json");

#[tokio::test]
async fn documents_that_ask_for_too_much_are_refused() {
    let api = Api::start();
    let aliases: String = (0..101).map(|n| format!("a{n}: __typename ")).collect();
    let directives = "@include(if: true) ".repeat(50);
    let circular = "{ __schema { types { fields { type { fields { type { fields { type { fields { type { fields { \
                    type { fields { type { fields { type { fields { type { name } } } } } } } } } } } } } } } } } } }";
    let deep = format!(
        "{}id{}",
        "{ organisation(id: \"x\") ".to_owned() + &"{ show(id: \"x\") { hall { zones { hall ".repeat(6),
        "}".repeat(50)
    );
    let wide = "{ organisations { shows(first: 100) { nodes { orders(first: 100) { nodes { id } } } } } }";
    let cases = [
        (format!("{{ {aliases} }}"), "TOO_MANY_ALIASES"),
        (format!("{{ __typename {directives} }}"), "TOO_MANY_DIRECTIVES"),
        (circular.to_owned(), "QUERY_TOO_DEEP"),
        (deep, "GRAPHQL_PARSE_FAILED"),
        (wide.to_owned(), "QUERY_TOO_COMPLEX"),
        ("{a".repeat(60_000), "QUERY_TOO_DEEP"),
        (format!("{{ node(id: {}", "[".repeat(100_000)), "QUERY_TOO_DEEP"),
        ("{ ...F } fragment F on Query { ...G } fragment G on Query { ...F }".to_owned(), "QUERY_TOO_DEEP"),
    ];
    for (query, code) in cases {
        let answer = api.ask(&query, json!({})).await;
        let start: String = query.chars().take(60).collect();
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{start}: {}", answer.body);
        assert_eq!(answer.code(), code, "{start}: {}", answer.body);
    }
    let repeated = format!("{{ {} }}", "__typename ".repeat(1_000));
    assert_eq!(api.ask(&repeated, json!({})).await.status, StatusCode::OK);
    assert_eq!(api.data("{ __typename }", json!({})).await["__typename"], "Query");
}

#[tokio::test]
async fn large_bodies_are_refused() {
    let api = Api::start();
    let large = json!({ "query": "{ __typename }", "variables": { "x": "y".repeat(1_000_000) } }).to_string();
    let answer = api.post(&[JSON], large).await;
    assert_eq!((answer.status, answer.code().as_str()), (StatusCode::PAYLOAD_TOO_LARGE, "BODY_TOO_LARGE"));
    let length = [JSON, ("content-length", "10000000")];
    assert_eq!(api.post(&length, "{}").await.status, StatusCode::PAYLOAD_TOO_LARGE);
    // Without a stated length it is read up to the limit only.
    let whole = api.post(&[JSON], vec![b' '; 10_000_000]).await;
    assert_eq!((whole.status, whole.code().as_str()), (StatusCode::PAYLOAD_TOO_LARGE, "BODY_TOO_LARGE"));
}

#[tokio::test]
async fn nested_variables_do_not_end_the_process() {
    let api = Api::start();
    let nested = format!(
        "{{\"query\": \"{{ __typename }}\", \"variables\": {{\"x\": {}{} }} }}",
        "[".repeat(50_000),
        "]".repeat(50_000)
    );
    assert_eq!(api.post(&[JSON], nested).await.status, StatusCode::BAD_REQUEST);
    let query = "query Q($i: OrganisationOpenInput!) { __typename @include(if: $i) }";
    let answer = api.ask(query, json!({ "i": 1 })).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn field_names_are_not_suggested() {
    let api = Api::start();
    let answer = api.ask("{ organisatio { id } }", json!({})).await;
    assert!(!answer.body.contains("Did you mean"), "{}", answer.body);
    assert!(!answer.body.contains("organisations"), "{}", answer.body);
}

#[tokio::test]
async fn answers_hold_no_tracing() {
    let api = Api::start();
    let answer = api.ask("{ __typename }", json!({})).await;
    assert!(answer.json().get("extensions").is_none());
}

#[tokio::test]
async fn odd_values_are_refused_or_harmless() {
    let api = Api::start();
    let query = "query Q($id: ID!, $p: LogPosition) { organisation(id: $id, minPosition: $p) { id } }";
    for (id, position, status) in [
        (json!("💥\u{0}"), json!(null), StatusCode::OK),
        (json!("'; DROP TABLE"), json!("18446744073709551615"), StatusCode::OK),
        (json!("x"), json!("18446744073709551616"), StatusCode::BAD_REQUEST),
        (json!("x"), json!("-1"), StatusCode::BAD_REQUEST),
        (json!("x"), json!(1e300), StatusCode::BAD_REQUEST),
        (json!({}), json!(null), StatusCode::BAD_REQUEST),
        (json!("x".repeat(100_000)), json!(null), StatusCode::OK),
    ] {
        let answer = api.ask(query, json!({ "id": id, "p": position })).await;
        assert_eq!(answer.status, status, "{}", answer.body);
        if status == StatusCode::OK {
            assert_eq!(answer.json()["data"]["organisation"], json!(null));
        }
    }
}

/// A key that stands twice, or half a character, reads differently from one program to the next.
#[tokio::test]
async fn what_could_be_read_in_two_ways_is_refused() {
    let api = Api::start();
    let bodies = [
        r#"{"query": "query Q($id: ID!) { node(id: $id) { id } }", "variables": {"id": "\ud800"}}"#,
        r#"{"query": "{ __typename }", "variables": {"a": "\udc00\ud800"}}"#,
        r#"{"query": "{ __typename }", "operationName": null, "operationName": null}"#,
        r#"{"query": "{ __typename }", "variables": {}, "variables": {}}"#,
    ];
    for body in bodies {
        let answer = api.post(&[JSON], body).await;
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (StatusCode::BAD_REQUEST, "BAD_REQUEST"),
            "{body}"
        );
    }
    let unicode = "{ node(id: \"\u{202e}é💥\u{0}\") { id } }";
    assert_eq!(api.data(unicode, json!({})).await["node"], json!(null));
}

/// What graphql-js 16 and GraphiQL send first.
#[tokio::test]
async fn the_introspection_query_of_clients_passes_the_limits() {
    let api = Api::start();
    let types = "kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind \
                 name ofType { kind name ofType { kind name ofType { kind name ofType { kind name } } } } } } } } }";
    let query = format!(
        "query IntrospectionQuery {{ __schema {{ description queryType {{ name kind }} mutationType {{ name kind }} \
         subscriptionType {{ name kind }} types {{ ...FullType }} directives {{ name description isRepeatable locations \
         args(includeDeprecated: true) {{ ...InputValue }} }} }} }} \
         fragment FullType on __Type {{ kind name description specifiedByURL isOneOf fields(includeDeprecated: true) \
         {{ name description args(includeDeprecated: true) {{ ...InputValue }} type {{ ...TypeRef }} isDeprecated \
         deprecationReason }} inputFields(includeDeprecated: true) {{ ...InputValue }} interfaces {{ ...TypeRef }} \
         enumValues(includeDeprecated: true) {{ name description isDeprecated deprecationReason }} possibleTypes \
         {{ ...TypeRef }} }} fragment InputValue on __InputValue {{ name description type {{ ...TypeRef }} defaultValue \
         isDeprecated deprecationReason }} fragment TypeRef on __Type {{ {types} }}"
    );
    let data = api.data(&query, json!({})).await;
    assert_eq!(data["__schema"]["queryType"]["name"], "Query");
}

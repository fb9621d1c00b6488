//! The table of permissions, held against what the service answers.

use axum::body::Body;
use axum::http::Method;
use serde_json::{Value, json};
use soticket_graphql::{Guarding, Role, permissions};

use crate::people::House;
use crate::support::venue::OURS;
use crate::support::{Answer, Api, request};

/// Whether the service refused the request because of the role.
fn is_refused(answer: &Answer, name: &str) -> bool {
    let refused = answer.status == 403;
    if refused {
        assert_eq!(answer.code(), "FORBIDDEN", "{name}");
        assert!(answer.json().get("data").is_none(), "{name}: {}", answer.body);
    }
    refused
}

#[tokio::test]
async fn every_field_is_answered_by_role_as_the_table_says() {
    let house = House::open().await;
    let table = permissions();
    assert!(table.len() > 1_500, "the whole schema is looked at: {}", table.len());
    for role in Role::ALL {
        let api = house.who(*role);
        for line in &table {
            // A fragment reaches every type; whether it may stand here is looked at after the role.
            let query = format!("{{ ...F }} fragment F on {} {{ {} }}", line.kind, line.field);
            let name = format!("{} asks for {}.{}", role.text(), line.kind, line.field);
            let answer = api.ask(&query, json!({})).await;
            let refused = line.guarding == Guarding::Refused && !line.roles.has(*role);
            assert_eq!(is_refused(&answer, &name), refused, "{name}: {}", answer.body);
            assert!(
                answer.status == 403 || answer.status == 400 || answer.status == 200,
                "{name}: {}",
                answer.body
            );
        }
    }
}

#[tokio::test]
async fn nobody_is_answered_without_a_token() {
    let house = House::open().await;
    let bodies = [
        "{ __typename }",
        "{ organisations { id } }",
        "mutation { x }",
        "{ __schema { types { name } } }",
        "{",
    ];
    let wrong = [
        "",
        "Bearer",
        "Bearer x",
        "Basic b3duZXI6eA==",
        "Bearer soticket_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    ];
    for (query, wrong) in bodies.iter().flat_map(|query| wrong.iter().map(move |wrong| (query, wrong))) {
        let headers = [("content-type", "application/json"), ("authorization", *wrong)];
        let answer = house.api.post(&headers, json!({ "query": query }).to_string()).await;
        assert_eq!((answer.status.as_u16(), answer.code().as_str()), (401, "UNAUTHENTICATED"), "{query}");
        assert_eq!(answer.header("www-authenticate"), "Bearer");
        assert!(answer.json().get("data").is_none());
    }
}

const BOOKS: &[Role] = &[Role::Owner, Role::Accountant, Role::Auditor];

/// Paths that are for principals, with whom they are for.
fn paths(show: &str) -> Vec<(Method, String, &'static [Role])> {
    let get = |path: String, roles: &'static [Role]| (Method::GET, path, roles);
    let period = "from=2026-03-01&to=2026-03-02";
    vec![
        get("/metrics".to_owned(), &[Role::CooperativeAdministrator]),
        get(format!("/documents/show/{show}/statement.json"), BOOKS),
        get(format!("/documents/show/{show}/orders.csv"), BOOKS),
        get(format!("/documents/orders.csv?organisation={OURS}"), BOOKS),
        get(format!("/documents/tickets.jsonl?organisation={OURS}"), BOOKS),
        get(format!("/documents/file/{}?organisation={OURS}", "0".repeat(64)), BOOKS),
        (Method::PUT, format!("/documents/file?organisation={OURS}"), &[Role::Owner, Role::Accountant]),
        get(format!("/accounts/{OURS}/sibil.json?{period}"), BOOKS),
        get(format!("/accounts/{OURS}/fec?{period}"), BOOKS),
        get(format!("/accounts/{OURS}/journal?{period}"), BOOKS),
        get(format!("/accounts/{OURS}/receipts"), BOOKS),
        get(format!("/feed/{OURS}"), BOOKS),
        get(format!("/customers/{OURS}/segment.csv?purpose=x"), &[Role::Owner]),
        get(format!("/customers/{OURS}/person.json?customer=x"), &[Role::Owner]),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn every_path_is_answered_by_role() {
    let house = House::open().await;
    let send = async |api: &Api, method: &Method, path: &str, headers: &[(&str, &str)]| {
        let body = if *method == Method::PUT { Body::from("bytes") } else { Body::empty() };
        api.send(request(method.clone(), path, headers, body)).await
    };
    for (method, path, roles) in paths(&house.venue.show) {
        for role in Role::ALL {
            let answer = send(&house.who(*role), &method, &path, &[]).await;
            let refused = answer.status == 403;
            assert_eq!(!refused, roles.contains(role), "{} at {path}: {}", role.text(), answer.body);
            assert_ne!(answer.status, 401, "{} at {path}", role.text());
        }
        for nobody in ["", "Bearer nothing"] {
            let answer = send(&house.api, &method, &path, &[("authorization", nobody)]).await;
            assert_eq!(answer.status, 401, "{path}");
            assert_eq!(answer.header("www-authenticate"), "Bearer", "{path}");
        }
    }
    // What is for devices is for nobody else, and what is public needs no token.
    for role in Role::ALL {
        let answer = house.who(*role).get("/gate/v1/device", &[]).await;
        assert_eq!(answer.status == 200, *role == Role::GateDevice, "{}", role.text());
        let answer = house.who(*role).get("/api/v2/closing-statements", &[]).await;
        let reads = BOOKS.contains(role) || *role == Role::Dashboard;
        assert_eq!(answer.status == 200, reads, "{}", role.text());
    }
    for path in ["/healthz", "/readyz", "/graphiql"] {
        assert_eq!(house.api.get(path, &[("authorization", "")]).await.status, 200, "{path}");
    }
}

#[tokio::test]
async fn what_is_withheld_is_null_with_an_error_and_the_rest_stands() {
    let house = House::open().await;
    let (api, venue) = (&house.api, &house.venue);
    let mut sale = venue.sale("named", 1);
    sale["buyer"] = json!({ "email": "ada@example.org", "name": "Ada" });
    let sold = api.record("orderPlace", sale, "order { id } position").await;
    let query = "query ($o: ID!, $id: ID!, $p: LogPosition) { organisation(id: $o, minPosition: $p) { order(id: $id) { number customer { id person { email } } \
                 tickets { number codes } } customerByEmail(email: \"ada@example.org\") { id } } }";
    let variables = json!({ "o": OURS, "id": sold["order"]["id"], "p": sold["position"] });
    let seen = async |role: Role| house.who(role).ask(query, variables.clone()).await;

    let owner = seen(Role::Owner).await.json();
    assert_eq!(owner["data"]["organisation"]["order"]["customer"]["person"]["email"], "ada@example.org");
    assert!(owner["data"]["organisation"]["order"]["tickets"][0]["codes"][0].is_string());
    assert!(owner.get("errors").is_none(), "{owner}");

    let auditor = seen(Role::Auditor).await;
    assert_eq!(auditor.status, 200);
    let told = auditor.json();
    let order = &told["data"]["organisation"]["order"];
    assert!(order["number"].is_string() && order["customer"]["id"].is_string(), "{told}");
    assert_eq!((&order["customer"]["person"], &order["tickets"][0]["codes"]), (&Value::Null, &Value::Null));
    assert_eq!(told["data"]["organisation"]["customerByEmail"], Value::Null);
    let mut paths: Vec<String> = Vec::new();
    for error in told["errors"].as_array().unwrap() {
        assert_eq!(error["extensions"]["code"], "FORBIDDEN");
        paths.push(error["path"].to_string());
    }
    paths.sort();
    let expected = [
        r#"["organisation","customerByEmail"]"#,
        r#"["organisation","order","customer","person"]"#,
        r#"["organisation","order","tickets",0,"codes"]"#,
    ];
    assert_eq!(paths, expected);
    assert!(!auditor.body.contains("ada@"), "{}", auditor.body);

    let accountant = seen(Role::Accountant).await.json();
    assert_eq!(accountant["data"]["organisation"]["order"]["customer"]["person"]["email"], "ada@example.org");
    assert_eq!(accountant["data"]["organisation"]["order"]["tickets"][0]["codes"], Value::Null);

    // A dashboard does not come as far as single sales, not even under another name or in a part that is left out.
    for query in [
        "query ($id: ID!) { node(id: $id) { ... on Order { number } } }",
        "query ($id: ID!) { node(id: $id) { ...A } } fragment A on Order { n: number }",
        "query ($id: ID!) { node(id: $id) { ... on Order @include(if: false) { number } } }",
    ] {
        let answer = house.who(Role::Dashboard).ask(query, json!({ "id": sold["order"]["id"] })).await;
        assert_eq!((answer.status.as_u16(), answer.code().as_str()), (403, "FORBIDDEN"), "{query}");
    }
}

#[tokio::test]
async fn the_administrator_sees_heads_and_no_more() {
    let house = House::open().await;
    let api = house.who(Role::CooperativeAdministrator);
    let heads = api
        .data(
            "{ organisations { id name checkpoint { position hash } verification { followed } } }",
            json!({}),
        )
        .await;
    assert_eq!(heads["organisations"][0]["id"], OURS);
    for id in [&house.venue.show, &house.venue.hall, &house.venue.device] {
        let seen =
            api.data("query ($id: ID!) { node(id: $id) { __typename id } }", json!({ "id": id })).await;
        assert_eq!(seen["node"], Value::Null);
    }
}

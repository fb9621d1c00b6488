//! The GraphQL library's own behaviour that amounts depend on: releases 7.1.0 to 7.2.1 leave failing non-null fields
//! out without a word and answer in the order in which fields complete.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::time::Duration;

use async_graphql::{EmptyMutation, EmptySubscription, Object, Result, Schema};
use serde_json::{Value, json};

struct Query;
struct Inner;

#[Object]
impl Query {
    async fn slow(&self) -> i32 {
        tokio::time::sleep(Duration::from_millis(20)).await;
        1
    }
    async fn fast(&self) -> i32 {
        1
    }
    async fn bad(&self) -> Result<i32> {
        Err("bad".into())
    }
    async fn inner(&self) -> Inner {
        Inner
    }
    async fn maybe(&self) -> Option<Inner> {
        Some(Inner)
    }
    async fn list(&self) -> Vec<Option<Inner>> {
        vec![Some(Inner), Some(Inner)]
    }
    async fn failing(&self) -> Option<Result<i32>> {
        Some(Err("bad".into()))
    }
}

#[Object]
impl Inner {
    async fn ok(&self) -> i32 {
        1
    }
    async fn bad(&self) -> Result<i32> {
        Err("bad".into())
    }
}

async fn run(query: &str) -> (String, usize) {
    let schema = Schema::new(Query, EmptyMutation, EmptySubscription);
    let response = schema.execute(query).await;
    (serde_json::to_string(&response.data).unwrap(), response.errors.len())
}

#[tokio::test]
async fn a_failure_is_never_left_out() {
    let cases: [(&str, Value); 6] = [
        ("{ fast bad }", json!(null)),
        ("{ fast inner { ok bad } }", json!(null)),
        ("{ fast maybe { ok bad } }", json!({ "fast": 1, "maybe": null })),
        ("{ fast list { ok bad } }", json!({ "fast": 1, "list": [null, null] })),
        ("{ fast failing }", json!({ "fast": 1, "failing": null })),
        ("{ fast maybe { ok } }", json!({ "fast": 1, "maybe": { "ok": 1 } })),
    ];
    for (query, expected) in cases {
        let (data, errors) = run(query).await;
        assert_eq!(serde_json::from_str::<Value>(&data).unwrap(), expected, "{query}");
        assert_eq!(errors > 0, query.contains("bad") || query.contains("failing"), "{query}");
    }
}

#[tokio::test]
async fn fields_come_in_the_order_that_was_asked() {
    assert_eq!(run("{ slow fast }").await.0, r#"{"slow":1,"fast":1}"#);
    assert_eq!(run("{ fast slow }").await.0, r#"{"fast":1,"slow":1}"#);
}

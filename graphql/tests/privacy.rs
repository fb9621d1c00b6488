//! Log lines hold no personal data, no ticket codes and no keys, whatever the level.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;

use std::io;
use std::sync::{Arc, Mutex};

use serde_json::json;
use support::Api;
use support::venue::{OURS, Venue};
use tracing_subscriber::fmt::MakeWriter;

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Lines {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

#[tokio::test]
async fn nobody_is_named_in_the_log() {
    let lines = Lines::default();
    let subscriber = tracing_subscriber::fmt()
        .json()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(lines.clone())
        .finish();
    // The ledger's own threads log, too: the writer has to be everybody's. This file has one test only.
    tracing::subscriber::set_global_default(subscriber).unwrap();
    tracing::info!("the log is watched");
    let api = Api::start();
    let venue = Venue::open(&api, OURS).await;
    let buyer =
        json!({ "email": "ada.private@example.org", "name": "Ada Private", "telephone": "0601020304" });
    let fields = json!({ "channel": venue.desk, "buyer": buyer, "tickets": venue.tickets(1) });
    let sold = api
        .record("orderPlace", venue.input("secret-key-1", fields.clone()), "order { tickets { codes } }")
        .await;
    let code = sold["order"]["tickets"][0]["codes"][0].as_str().unwrap().to_owned();
    let scan = json!({ "occurredAt": "2026-03-14T19:00:00Z", "show": venue.show, "code": code, "gate": venue.gate,
        "device": venue.device, "nonce": "1" });
    api.record("scanReport", venue.input("secret-key-2", scan), "").await;
    api.ask("query Q($x: Nothing) { nonsense(email: \"ada.private@example.org\") }", json!({ "x": buyer }))
        .await;
    api.post(&[("content-type", "application/json")], "{\"query\": \"ada.private@example.org").await;
    let log = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
    assert!(log.contains("the log is watched"));
    for secret in ["ada.private", "Ada Private", "0601020304", "secret-key", code.as_str()] {
        assert!(!log.contains(secret), "{secret} is in the log:\n{log}");
    }
}

//! The service on a real socket: health, metrics, pages, shutdown.

mod support;

use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use soticket_graphql::{ServeOptions, serve};
use support::venue::{OURS, Venue};
use support::{ADMINISTRATOR, Api};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;

#[tokio::test]
async fn other_machines_get_the_query_editor_only_when_asked_for() {
    for graphiql in [false, true] {
        let api = Api::start();
        let listener = TcpListener::bind("0.0.0.0:0").await.unwrap();
        let options = ServeOptions { graphiql, ..ServeOptions::default() };
        serve(listener, Arc::clone(&api.service), options, async {}).await.unwrap();
        assert_eq!(api.get("/graphiql", &[]).await.status == 200, graphiql);
        assert_eq!(api.get("/graphiql/graphiql-start.js", &[]).await.status == 200, graphiql);
    }
}

#[tokio::test]
async fn requests_in_flight_are_finished_at_shutdown() {
    let api = Api::start();
    Venue::open(&api, OURS).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let shutdown = async move {
        let _ = stopped.await;
    };
    let serving = tokio::spawn(serve(listener, Arc::clone(&api.service), ServeOptions::default(), shutdown));
    let mut idle = TcpStream::connect(address).await.unwrap();
    idle.write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
    let mut buffer = [0; 1024];
    let read = idle.read(&mut buffer).await.unwrap();
    assert!(String::from_utf8_lossy(&buffer[..read]).starts_with("HTTP/1.1 200"));
    // Waits two seconds for a position that does not come: still running when the service is told to stop.
    let query = format!("{{ organisation(id: \"{OURS}\", minPosition: \"99999\") {{ id }} }}");
    let body = json!({ "query": query }).to_string();
    let mut slow = TcpStream::connect(address).await.unwrap();
    let head = format!(
        "POST /graphql HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\ncontent-type: application/json\r\n\
         content-length: {}\r\n\r\n{body}",
        api.token,
        body.len()
    );
    slow.write_all(head.as_bytes()).await.unwrap();
    tokio::time::sleep(Duration::from_millis(200)).await;
    stop.send(()).unwrap();
    let mut answer = String::new();
    slow.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(answer.contains("STALE_READ"), "{answer}");
    serving.await.unwrap().unwrap();
    assert_eq!(idle.read(&mut buffer).await.unwrap(), 0, "idle connections are closed");
    assert!(TcpStream::connect(address).await.is_err(), "nothing listens any more");
}

#[tokio::test]
async fn health_and_readiness_are_told_apart() {
    let api = Api::start();
    assert_eq!(api.get("/healthz", &[]).await.json(), json!({ "status": "alive" }));
    let ready = api.get("/readyz", &[]).await;
    assert_eq!((ready.status.as_u16(), ready.json()), (200, json!({ "status": "ready" })));
}

#[tokio::test]
async fn metrics_count_requests_and_commits() {
    let api = Api::start();
    Venue::open(&api, OURS).await;
    let text = api.with_token(ADMINISTRATOR).get("/metrics", &[]).await.body;
    for name in [
        "soticket_http_requests_total{",
        "soticket_http_request_seconds_bucket{",
        "soticket_commit_seconds_bucket{",
        "soticket_commit_records_bucket{",
        "soticket_queue_commands ",
        "soticket_projection_lag_events ",
    ] {
        assert!(text.contains(name), "{name} is missing:\n{text}");
    }
    assert!(!text.contains("example.org") && !text.contains(OURS), "metrics name nobody");
}

#[tokio::test]
async fn graphiql_loads_nothing_from_elsewhere() {
    let api = Api::start();
    let page = api.get("/graphiql", &[]).await;
    assert_eq!(page.status, 200);
    assert!(page.header("content-security-policy").contains("default-src 'self'"));
    if page.body.contains("cargo xtask assets") {
        assert!(!page.body.contains("<script"));
    } else {
        for source in page.body.split("src=\"").skip(1).chain(page.body.split("href=\"").skip(1)) {
            let path = source.split('"').next().unwrap();
            assert!(path.starts_with("/graphiql/"), "{path}");
            let file = api.get(path, &[]).await;
            assert_eq!(file.status, 200, "{path}");
            let known = api.get(path, &[("if-none-match", file.header("etag"))]).await;
            assert_eq!(known.status, 304);
        }
    }
    assert_eq!(api.get("/graphiql/graphiql-start.js", &[]).await.status, 200);
    for path in ["/graphiql/nosuch.js", "/graphiql/README.md", "/graphiql/..%2f..%2fCargo.toml", "/nosuch"] {
        assert_eq!(api.get(path, &[]).await.status, 404, "{path}");
    }
}

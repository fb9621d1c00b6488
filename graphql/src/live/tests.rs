//! What a doorkeeper that lets nobody in does at the wire.

use std::sync::Arc;

use axum::http::HeaderMap;
use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::json;
use soticket_ledger::Ledger;
use soticket_ledger::clock::system_clock;
use soticket_projections::{Options, Projections};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;

use super::entrance::{Arrival, Denial, Doorkeeper, admit};
use crate::{ServeOptions, Service, serve};

/// Lets in who states the token `good`, in a header or in `connection_init`; knows `other`, who may not.
fn strict(arrival: &Arrival<'_>) -> Result<(), Denial> {
    let header = arrival.headers.get("authorization").and_then(|value| value.to_str().ok());
    let stated = arrival.init.and_then(|init| init["token"].as_str()).or(header);
    match stated {
        Some("good") => Ok(()),
        Some("other") => Err(Denial::Forbidden),
        _ => Err(Denial::Unauthenticated),
    }
}

async fn served(doorkeeper: Doorkeeper) -> std::net::SocketAddr {
    let ledger = Ledger::in_memory(system_clock()).unwrap();
    let projections = Projections::start(ledger.clone(), Options::default()).unwrap();
    let mut service = Service::new(ledger, projections);
    // The schemas hold the core, not the service: nobody else has it yet.
    Arc::get_mut(&mut service).unwrap().live.doorkeeper = doorkeeper;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(serve(listener, service, ServeOptions::default(), std::future::pending::<()>()));
    address
}

/// What a socket hears after `connection_init` with this payload: the code that it is closed with, or 0.
async fn welcome(address: std::net::SocketAddr, payload: serde_json::Value, header: Option<&str>) -> u16 {
    let mut request = format!("ws://{address}/graphql").into_client_request().unwrap();
    request.headers_mut().insert("sec-websocket-protocol", "graphql-transport-ws".parse().unwrap());
    if let Some(header) = header {
        request.headers_mut().insert("authorization", header.parse().unwrap());
    }
    let (mut socket, _) = tokio_tungstenite::connect_async(request).await.unwrap();
    let init = json!({ "type": "connection_init", "payload": payload });
    socket.send(Message::text(init.to_string())).await.unwrap();
    match socket.next().await {
        Some(Ok(Message::Close(Some(frame)))) => frame.code.into(),
        Some(Ok(Message::Text(text))) if text.contains("connection_ack") => 0,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn who_is_not_let_in_is_told_4401_or_4403() {
    let address = served(strict).await;
    assert_eq!(welcome(address, json!({}), None).await, 4401);
    assert_eq!(welcome(address, json!(null), Some("bad")).await, 4401);
    assert_eq!(welcome(address, json!({ "token": "other" }), None).await, 4403);
    assert_eq!(welcome(address, json!({ "token": "good" }), None).await, 0);
    assert_eq!(welcome(address, json!(null), Some("good")).await, 0);
}

#[tokio::test]
async fn event_streams_go_through_the_same_door() {
    let address = served(strict).await;
    for (header, status) in [("bad", "401"), ("other", "403"), ("good", "200")] {
        let mut stream = TcpStream::connect(address).await.unwrap();
        let request = format!(
            "GET /graphql?query=%7B__typename%7D HTTP/1.1\r\nhost: x\r\naccept: text/event-stream\r\nauthorization: \
             {header}\r\nconnection: close\r\n\r\n"
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{answer}");
        assert_eq!(answer.contains("event: next"), status == "200", "{answer}");
    }
}

#[test]
fn everyone_is_let_in_until_there_are_tokens() {
    assert_eq!(admit(&Arrival { headers: &HeaderMap::new(), init: None }), Ok(()));
}

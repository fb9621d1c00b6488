//! A service on a real socket, asked by a client that knows no more of HTTP than it must.

use std::net::SocketAddr;
use std::sync::Arc;

use serde_json::Value;
use soticket_graphql::{ServeOptions, serve};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::Api;

/// Serves until the test ends.
pub(crate) async fn listen(api: &Api) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let serving =
        serve(listener, Arc::clone(&api.service), ServeOptions::default(), std::future::pending::<()>());
    tokio::spawn(serving);
    address
}

/// Sends one request; its status and its body as JSON.
pub(crate) async fn ask(
    address: SocketAddr,
    (method, path): (&str, &str),
    authorization: Option<&str>,
    body: Option<&Value>,
) -> (u16, Value) {
    let body = body.map(Value::to_string).unwrap_or_default();
    let mut head = format!("{method} {path} HTTP/1.1\r\nhost: ledger.test\r\nconnection: close\r\n");
    if let Some(value) = authorization {
        head.push_str(&format!("authorization: {value}\r\n"));
    }
    if !body.is_empty() {
        head.push_str("content-type: application/json\r\n");
    }
    head.push_str(&format!("content-length: {}\r\n\r\n", body.len()));
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(body.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or_else(|| panic!("no answer: {answer}"));
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap();
    (status, serde_json::from_str(body).unwrap_or(Value::Null))
}

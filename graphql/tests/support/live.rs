//! Clients of sockets and event streams: the WebSocket client is tokio-tungstenite's.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use soticket_graphql::{LiveTimes, ServeOptions, serve};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

use super::venue::OURS;
use super::{Api, owner};

/// How long a test waits for what must come.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);
/// The protocol that is spoken.
pub(crate) const PROTOCOL: &str = "graphql-transport-ws";

/// A service on a socket that can be told to stop.
pub(crate) struct Served {
    pub(crate) address: SocketAddr,
    stop: oneshot::Sender<()>,
    serving: JoinHandle<std::io::Result<()>>,
}

/// Serves with these times.
pub(crate) async fn serve_live(api: &Api, times: LiveTimes) -> Served {
    api.service.time_live(times);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let shutdown = async { drop(stopped.await) };
    let serving = tokio::spawn(serve(listener, Arc::clone(&api.service), ServeOptions::default(), shutdown));
    Served { address, stop, serving }
}

impl Served {
    /// Tells the service to stop and waits until it has.
    pub(crate) async fn stop(self) {
        self.stop.send(()).unwrap();
        tokio::time::timeout(PATIENCE, self.serving).await.expect("it stops").unwrap().unwrap();
    }

    /// Tells the service to stop; the rest goes on.
    pub(crate) fn begin_to_stop(self) -> JoinHandle<std::io::Result<()>> {
        self.stop.send(()).unwrap();
        self.serving
    }
}

/// A WebSocket client.
pub(crate) struct Socket(pub(crate) WebSocketStream<MaybeTlsStream<TcpStream>>);

/// What a client says first.
pub(crate) fn init(token: &str) -> Value {
    json!({ "type": "connection_init", "payload": { "authorization": format!("Bearer {token}") } })
}

/// What a client reads.
#[derive(Debug, PartialEq)]
pub(crate) enum Heard {
    Message(Value),
    Ping,
    Closed(u16, String),
    Cut,
}

impl Socket {
    /// Opens a socket, offering these protocols.
    pub(crate) async fn open(address: SocketAddr, protocols: Option<&str>) -> Result<Self, Box<Error>> {
        let mut request = format!("ws://{address}/graphql").into_client_request().unwrap();
        if let Some(protocols) = protocols {
            request.headers_mut().insert("sec-websocket-protocol", protocols.parse().unwrap());
        }
        let (socket, _) = tokio_tungstenite::connect_async(request).await?;
        Ok(Self(socket))
    }

    /// Opens a socket and has the owner of our organisation acknowledged.
    pub(crate) async fn ready(address: SocketAddr) -> Self {
        Self::ready_as(address, &owner(OURS)).await
    }

    /// Opens a socket and has whoever has this token acknowledged.
    pub(crate) async fn ready_as(address: SocketAddr, token: &str) -> Self {
        let mut socket = Self::open(address, Some(PROTOCOL)).await.unwrap();
        socket.send(init(token)).await;
        assert_eq!(socket.message().await, json!({ "type": "connection_ack" }));
        socket
    }

    pub(crate) async fn send(&mut self, message: Value) {
        self.send_text(&message.to_string()).await;
    }

    pub(crate) async fn send_text(&mut self, text: &str) {
        self.0.send(Message::text(text)).await.unwrap();
    }

    /// Subscribes, or runs any other operation.
    pub(crate) async fn subscribe(&mut self, id: &str, query: &str, variables: Value) {
        let payload = json!({ "query": query, "variables": variables });
        self.send(json!({ "type": "subscribe", "id": id, "payload": payload })).await;
    }

    /// Whatever comes next.
    pub(crate) async fn hear(&mut self) -> Heard {
        let next = tokio::time::timeout(PATIENCE, self.0.next()).await.expect("something comes");
        match next {
            Some(Ok(Message::Text(text))) => Heard::Message(serde_json::from_str(&text).unwrap()),
            Some(Ok(Message::Ping(_))) => Heard::Ping,
            Some(Ok(Message::Close(Some(CloseFrame { code, reason })))) => {
                Heard::Closed(code.into(), reason.to_string())
            }
            Some(Ok(other)) => panic!("unexpected: {other:?}"),
            Some(Err(_)) | None => Heard::Cut,
        }
    }

    /// The next message; pings of the connection are passed over.
    pub(crate) async fn message(&mut self) -> Value {
        loop {
            match self.hear().await {
                Heard::Message(message) => return message,
                Heard::Ping => {}
                other => panic!("no message: {other:?}"),
            }
        }
    }

    /// The data of the next answer to this operation.
    pub(crate) async fn next(&mut self, id: &str) -> Value {
        let message = self.message().await;
        assert_eq!((&message["type"], &message["id"]), (&json!("next"), &json!(id)), "{message}");
        assert!(message["payload"].get("errors").is_none(), "{message}");
        message["payload"]["data"].clone()
    }

    /// The first error of the next message, which must be an error of this operation.
    pub(crate) async fn error(&mut self, id: &str) -> Value {
        let message = self.message().await;
        assert_eq!((&message["type"], &message["id"]), (&json!("error"), &json!(id)), "{message}");
        message["payload"][0].clone()
    }

    /// The code and reason that the service closes with; what comes before is passed over.
    pub(crate) async fn closed(&mut self) -> (u16, String) {
        loop {
            match self.hear().await {
                Heard::Closed(code, reason) => return (code, reason),
                Heard::Cut => panic!("cut without a code"),
                Heard::Message(_) | Heard::Ping => {}
            }
        }
    }
}

/// A stream of events, read as it comes.
pub(crate) struct Events {
    stream: TcpStream,
    pub(crate) head: String,
    buffer: Vec<u8>,
}

impl Events {
    /// Sends a request of the owner of our organisation that asks for events, and reads the head of the answer.
    pub(crate) async fn open(address: SocketAddr, method: &str, path: &str, body: &str) -> Self {
        Self::open_as(address, &owner(OURS), (method, path, body)).await
    }

    /// As [`Self::open`], with another token.
    pub(crate) async fn open_as(
        address: SocketAddr,
        token: &str,
        (method, path, body): (&str, &str, &str),
    ) -> Self {
        let mut stream = TcpStream::connect(address).await.unwrap();
        let head = format!(
            "{method} {path} HTTP/1.1\r\nhost: ledger.test\r\naccept: text/event-stream\r\nauthorization: Bearer \
             {token}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        let mut events = Self { stream, head: String::new(), buffer: Vec::new() };
        let head = events.until(b"\r\n\r\n").await.expect("a head");
        events.head = String::from_utf8(head).unwrap().to_lowercase();
        events
    }

    /// Subscribes by POST.
    pub(crate) async fn subscribe(address: SocketAddr, query: &str, variables: Value) -> Self {
        let body = json!({ "query": query, "variables": variables }).to_string();
        Self::open(address, "POST", "/graphql", &body).await
    }

    /// Everything up to and including a mark; none at the end of the stream.
    async fn until(&mut self, mark: &[u8]) -> Option<Vec<u8>> {
        loop {
            if let Some(at) = self.buffer.windows(mark.len()).position(|window| window == mark) {
                return Some(self.buffer.drain(..at + mark.len()).collect());
            }
            let read = self.stream.read_buf(&mut self.buffer);
            match tokio::time::timeout(PATIENCE, read).await.expect("something comes") {
                Ok(0) | Err(_) => return None,
                Ok(_) => {}
            }
        }
    }

    /// The next chunk of the body: a comment or an event; none at the end.
    pub(crate) async fn chunk(&mut self) -> Option<String> {
        let size = String::from_utf8(self.until(b"\r\n").await?).unwrap();
        let size = usize::from_str_radix(size.trim(), 16).unwrap();
        if size == 0 {
            return None;
        }
        while self.buffer.len() < size + 2 {
            let read = self.stream.read_buf(&mut self.buffer);
            if tokio::time::timeout(PATIENCE, read).await.expect("something comes").unwrap() == 0 {
                return None;
            }
        }
        let chunk: Vec<u8> = self.buffer.drain(..size + 2).take(size).collect();
        Some(String::from_utf8(chunk).unwrap())
    }

    /// The next event that is no comment: its name and its data.
    pub(crate) async fn event(&mut self) -> Option<(String, Value)> {
        loop {
            let chunk = self.chunk().await?;
            let Some(rest) = chunk.strip_prefix("event: ") else {
                assert_eq!(chunk, ":\n\n");
                continue;
            };
            let (name, data) = rest.split_once("\ndata:").unwrap();
            let data = data.trim();
            let data = if data.is_empty() { Value::Null } else { serde_json::from_str(data).unwrap() };
            return Some((name.to_owned(), data));
        }
    }
}

//! Clients of the two ways to subscribe, which know no more of them than they must.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use soticket_graphql::{ConfiguredToken, Role, Service};
use soticket_schema::OrganisationId;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, Lines};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

/// How long a follower waits for what must come.
const PATIENCE: Duration = Duration::from_secs(30);

/// What followers prove themselves with.
const TOKEN: &str = "the-owner-of-the-venue-of-a-campaign";

/// Lets followers of an organisation in, however much they ask.
pub(super) fn let_in(service: &Service, organisation: OrganisationId) -> Result<()> {
    service.admit(&ConfiguredToken::of_organisation(organisation, Role::Owner, TOKEN)?);
    service.limit_rate(u32::MAX);
    Ok(())
}

/// How a follower is connected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Transport {
    /// graphql-transport-ws.
    Socket,
    /// Server-sent events.
    Events,
}

/// A subscription.
pub(super) enum Follower {
    /// Over a socket.
    Socket(Box<WebSocketStream<MaybeTlsStream<TcpStream>>>),
    /// As server-sent events.
    Events(Lines<BufReader<TcpStream>>),
}

impl Follower {
    /// Connects and subscribes.
    pub(super) async fn start(address: SocketAddr, transport: Transport, request: &Value) -> Result<Self> {
        match transport {
            Transport::Socket => {
                let mut socket = open(address).await?;
                subscribe(&mut socket, "1", request).await?;
                Ok(Self::Socket(Box::new(socket)))
            }
            Transport::Events => {
                let mut stream = TcpStream::connect(address).await?;
                let body = request.to_string();
                let head = format!(
                    "POST /graphql HTTP/1.1\r\nhost: ledger\r\naccept: text/event-stream\r\nauthorization: Bearer \
                     {TOKEN}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
                    body.len()
                );
                stream.write_all(format!("{head}{body}").as_bytes()).await?;
                Ok(Self::Events(BufReader::new(stream).lines()))
            }
        }
    }

    /// The data of the next payload.
    pub(super) async fn next(&mut self) -> Result<Value> {
        let next = async {
            match self {
                Self::Socket(socket) => data(&message(socket).await?["payload"]),
                Self::Events(lines) => loop {
                    let line = lines.next_line().await?.context("the stream ended")?;
                    // An event is one chunk, so that its data are one line.
                    if let Some(payload) = line.strip_prefix("data: ") {
                        return data(&serde_json::from_str(payload)?);
                    }
                },
            }
        };
        tokio::time::timeout(PATIENCE, next).await.context("nothing came")?
    }

    /// Says goodbye as the protocol wants it; dropping a follower is being cut off.
    pub(super) async fn complete(self) -> Result<()> {
        if let Self::Socket(mut socket) = self {
            socket.send(Message::text(json!({ "type": "complete", "id": "1" }).to_string())).await?;
            socket.close().await?;
        }
        Ok(())
    }
}

fn data(payload: &Value) -> Result<Value> {
    match payload.get("errors") {
        Some(errors) => bail!("the subscription failed: {errors}"),
        None => Ok(payload["data"].clone()),
    }
}

/// Opens a socket and has it acknowledged.
pub(super) async fn open(address: SocketAddr) -> Result<WebSocketStream<MaybeTlsStream<TcpStream>>> {
    let mut request = format!("ws://{address}/graphql").into_client_request()?;
    request.headers_mut().insert("sec-websocket-protocol", "graphql-transport-ws".parse()?);
    // A client's own buffers are not what is measured.
    let config = tokio_tungstenite::tungstenite::protocol::WebSocketConfig::default()
        .read_buffer_size(4_096)
        .write_buffer_size(0);
    let (mut socket, _) = tokio_tungstenite::connect_async_with_config(request, Some(config), true).await?;
    let payload = json!({ "authorization": format!("Bearer {TOKEN}") });
    let init = json!({ "type": "connection_init", "payload": payload });
    socket.send(Message::text(init.to_string())).await?;
    let acknowledged = message(&mut socket).await?;
    if acknowledged["type"] != "connection_ack" {
        bail!("not acknowledged: {acknowledged}");
    }
    Ok(socket)
}

/// Asks for a subscription under an id.
pub(super) async fn subscribe(
    socket: &mut WebSocketStream<MaybeTlsStream<TcpStream>>,
    id: &str,
    request: &Value,
) -> Result<()> {
    let message = json!({ "type": "subscribe", "id": id, "payload": request });
    Ok(socket.send(Message::text(message.to_string())).await?)
}

/// The next message; pings are answered by the library.
async fn message(socket: &mut WebSocketStream<MaybeTlsStream<TcpStream>>) -> Result<Value> {
    loop {
        match socket.next().await.context("the socket ended")?? {
            Message::Text(text) => return Ok(serde_json::from_str(&text)?),
            Message::Close(frame) => bail!("the socket was closed: {frame:?}"),
            _ => {}
        }
    }
}

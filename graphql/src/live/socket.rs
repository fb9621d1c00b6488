//! A WebSocket from its opening to its closing.

use std::sync::Arc;
use std::time::Duration;

use futures_util::stream::{AbortHandle, BoxStream, SelectAll, abortable};
use futures_util::{FutureExt as _, SinkExt as _, StreamExt as _};
use rustc_hash::FxHashMap;
use serde_json::Value;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::time::{Instant, MissedTickBehavior, interval_at, sleep_until};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig};
use tokio_tungstenite::tungstenite::{Error, Message};

use super::close::Close;
use super::entrance::{Arrival, Denial, Pass};
use super::message::{Incoming, Outgoing};
use super::operation::{self, Payload};
use crate::http::refusal::Refusal;
use crate::http::request::GraphqlRequest;
use crate::limits::{BODY_BYTES_MAX, OPERATIONS_PER_SOCKET_MAX};
use crate::service::Service;

/// What is read at once: kept for every socket.
const READ_BYTES: usize = 4 * 1024;
/// Payloads written before what the client says is looked at again.
const BURST: usize = 32;
/// How long a client may take to answer a closing.
const CLOSE_TIME_MAX: Duration = Duration::from_secs(2);

/// Serves a socket to its end. `spoken` says whether it was opened with our protocol.
pub(super) async fn serve<S>(stream: S, service: Arc<Service>, arrival: Arrival, spoken: bool)
where
    S: AsyncRead + AsyncWrite + Unpin + Send,
{
    let config = WebSocketConfig::default()
        .read_buffer_size(READ_BYTES)
        .write_buffer_size(0)
        .max_message_size(Some(BODY_BYTES_MAX))
        .max_frame_size(Some(BODY_BYTES_MAX));
    let stream = WebSocketStream::from_raw_socket(stream, Role::Server, Some(config)).await;
    let mut socket = Socket {
        stream,
        service,
        arrival,
        pass: None,
        operations: SelectAll::new(),
        handles: FxHashMap::default(),
        heard_at: Instant::now(),
    };
    let end = if spoken { socket.converse().await } else { End::Close(Close::Subprotocol) };
    socket.end(end).await;
}

/// Why a conversation ends.
enum End {
    /// The service closes.
    Close(Close),
    /// The client has closed, or is gone.
    Gone,
}

impl From<Close> for End {
    fn from(close: Close) -> Self {
        Self::Close(close)
    }
}

/// The payloads of one operation, with its id.
type Operation = BoxStream<'static, (Arc<str>, Payload)>;

struct Socket<S> {
    stream: WebSocketStream<S>,
    service: Arc<Service>,
    arrival: Arrival,
    /// By what the client was acknowledged.
    pass: Option<Pass>,
    operations: SelectAll<Operation>,
    /// What ends each operation that runs.
    handles: FxHashMap<Arc<str>, AbortHandle>,
    heard_at: Instant,
}

impl<S: AsyncRead + AsyncWrite + Unpin + Send> Socket<S> {
    /// Listens and answers until there is a reason to end.
    async fn converse(&mut self) -> End {
        let times = self.service.live.times();
        let mut stopped = std::pin::pin!(self.service.live.stopped());
        let init_due = Instant::now() + times.init;
        let mut ping = interval_at(Instant::now() + times.ping, times.ping);
        ping.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let step = tokio::select! {
                () = &mut stopped => Err(Close::GoingAway.into()),
                message = self.stream.next() => self.hear(message).await,
                Some((id, payload)) = self.operations.next(), if !self.operations.is_empty() => {
                    self.say_payloads(id, payload).await
                }
                _ = ping.tick() => self.still_there(times.silence).await,
                () = sleep_until(init_due), if self.pass.is_none() => Err(Close::InitLate.into()),
            };
            if let Err(end) = step {
                return end;
            }
        }
    }

    /// Asks for a sign of life, unless there was none for too long, or the client may not be here any more.
    async fn still_there(&mut self, silence: Duration) -> Result<(), End> {
        if self.heard_at.elapsed() > silence {
            return Err(Close::Silent.into());
        }
        if self.pass.is_some() {
            self.pass()?;
        }
        self.send(Message::Ping(Vec::new().into())).await
    }

    /// What the client was let in by, if it is still good.
    fn pass(&self) -> Result<&Pass, Close> {
        let pass = self.pass.as_ref().ok_or(Close::Unauthorised)?;
        if pass.holds(&self.service.core) { Ok(pass) } else { Err(Close::Forbidden) }
    }

    async fn hear(&mut self, message: Option<Result<Message, Error>>) -> Result<(), End> {
        self.heard_at = Instant::now();
        match message {
            Some(Ok(Message::Text(text))) => self.handle(Incoming::read(&text)?).await,
            Some(Ok(Message::Binary(_))) => Err(Close::Malformed("Send messages as text".into()).into()),
            // The library answers pings by itself, with what is written next.
            Some(Ok(Message::Ping(_))) => self.stream.flush().await.map_err(|_| End::Gone),
            Some(Ok(Message::Pong(_) | Message::Frame(_))) => Ok(()),
            Some(Ok(Message::Close(_))) | None => Err(End::Gone),
            Some(Err(Error::Capacity(_))) => Err(Close::TooLarge.into()),
            Some(Err(Error::Utf8(_))) => Err(Close::Encoding.into()),
            Some(Err(Error::Protocol(_))) => Err(Close::Protocol.into()),
            Some(Err(_)) => Err(End::Gone),
        }
    }

    async fn handle(&mut self, message: Incoming) -> Result<(), End> {
        match message {
            Incoming::Init(_) if self.pass.is_some() => Err(Close::InitAgain.into()),
            Incoming::Init(payload) => self.admit(payload.as_ref()).await,
            Incoming::Ping(payload) => self.say(Outgoing::Pong(payload.as_ref())).await,
            Incoming::Pong => Ok(()),
            Incoming::Subscribe(id, asked) => self.begin(id, *asked).await,
            Incoming::Complete(id) => {
                if let Some(handle) = self.handles.remove(id.as_str()) {
                    handle.abort();
                }
                Ok(())
            }
        }
    }

    async fn admit(&mut self, init: Option<&Value>) -> Result<(), End> {
        match self.arrival.admit(&self.service.core, init).map_err(Denial::from) {
            Ok(pass) => {
                self.pass = Some(pass);
                self.say(Outgoing::ConnectionAck).await
            }
            Err(Denial::Unauthenticated) => Err(Close::Unauthorised.into()),
            Err(Denial::Forbidden) => Err(Close::Forbidden.into()),
        }
    }

    async fn begin(&mut self, id: String, asked: GraphqlRequest) -> Result<(), End> {
        let principal = Arc::clone(&self.pass()?.principal);
        if self.handles.contains_key(id.as_str()) {
            return Err(Close::Duplicate(id).into());
        }
        if self.handles.len() >= OPERATIONS_PER_SOCKET_MAX {
            let refused = operation::refused(&Refusal::too_many_operations());
            return self.say_payload(&id, refused).await;
        }
        let id: Arc<str> = id.into();
        let (payloads, handle) = abortable(operation::run(&self.service, principal, asked));
        let its_id = Arc::clone(&id);
        self.operations.push(payloads.map(move |payload| (Arc::clone(&its_id), payload)).boxed());
        self.handles.insert(id, handle);
        Ok(())
    }

    /// Writes a payload, and the next ones that are there already, then has them sent.
    async fn say_payloads(&mut self, id: Arc<str>, payload: Payload) -> Result<(), End> {
        self.pass()?;
        let mut next = Some((id, payload));
        for _ in 0..BURST {
            let Some((id, payload)) = next else { break };
            self.feed_payload(&id, payload).await?;
            next = self.operations.next().now_or_never().flatten();
        }
        if let Some((id, payload)) = next {
            self.feed_payload(&id, payload).await?;
        }
        self.stream.flush().await.map_err(|_| End::Gone)
    }

    async fn say_payload(&mut self, id: &str, payload: Payload) -> Result<(), End> {
        self.feed_payload(id, payload).await?;
        self.stream.flush().await.map_err(|_| End::Gone)
    }

    async fn feed_payload(&mut self, id: &str, payload: Payload) -> Result<(), End> {
        let text = match &payload {
            Payload::Next(answer) => Outgoing::Next(id, answer).text(),
            Payload::Error { errors, .. } => Outgoing::Error(id, errors).text(),
            Payload::Complete => Outgoing::Complete(id).text(),
        };
        if !matches!(payload, Payload::Next(_)) {
            self.handles.remove(id);
        }
        self.stream.feed(Message::text(text)).await.map_err(|_| End::Gone)
    }

    async fn say(&mut self, message: Outgoing<'_>) -> Result<(), End> {
        self.send(Message::text(message.text())).await
    }

    async fn send(&mut self, message: Message) -> Result<(), End> {
        self.stream.send(message).await.map_err(|_| End::Gone)
    }

    /// Ends all operations, says why, and waits a moment for the client to have read it: closing at once would let the
    /// system throw the reason away.
    async fn end(mut self, end: End) {
        self.operations = SelectAll::new();
        self.handles.clear();
        let farewell = async {
            if let End::Close(close) = end {
                metrics::counter!("soticket_socket_closes_total", "code" => close.code().to_string())
                    .increment(1);
                if self.stream.close(Some(close.frame())).await.is_err() {
                    return;
                }
            }
            while let Some(Ok(_)) = self.stream.next().await {}
        };
        let _ = tokio::time::timeout(CLOSE_TIME_MAX, farewell).await;
    }
}

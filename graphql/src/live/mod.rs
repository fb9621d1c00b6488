//! What stays connected: WebSockets that speak graphql-transport-ws, and streams of server-sent events.
//!
//! One task per socket polls the operations of its client and writes what they give. It asks for the next payload only when
//! the last one is with the kernel, so that a client that reads slowly stops its own subscriptions and nothing else.

mod close;
mod entrance;
pub(crate) mod events;
pub(crate) mod handshake;
mod message;
mod operation;
mod socket;
#[cfg(test)]
mod tests;

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};

use crate::limits::{SOCKETS_MAX, STREAMS_MAX};

/// How long what stays connected waits for what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LiveTimes {
    /// For `connection_init` after a socket was opened: 4408 afterwards.
    pub init: Duration,
    /// Between two pings of a socket, and two comments of an idle event stream.
    pub ping: Duration,
    /// For any sign of life of a socket: 1008 afterwards.
    pub silence: Duration,
    /// For a client to take what is written to it: the connection is cut afterwards.
    pub write: Duration,
}

impl Default for LiveTimes {
    fn default() -> Self {
        Self {
            init: Duration::from_secs(10),
            ping: Duration::from_secs(15),
            silence: Duration::from_secs(45),
            write: Duration::from_secs(30),
        }
    }
}

/// What sockets and event streams share.
pub(crate) struct Live {
    sockets: Arc<Semaphore>,
    streams: Arc<Semaphore>,
    stopping: watch::Sender<bool>,
    /// The first times that are set stay.
    pub(crate) times: OnceLock<LiveTimes>,
}

impl Default for Live {
    fn default() -> Self {
        Self {
            sockets: Arc::new(Semaphore::new(SOCKETS_MAX)),
            streams: Arc::new(Semaphore::new(STREAMS_MAX)),
            stopping: watch::channel(false).0,
            times: OnceLock::new(),
        }
    }
}

impl Live {
    /// The times that hold.
    pub(crate) fn times(&self) -> LiveTimes {
        self.times.get().copied().unwrap_or_default()
    }

    /// Tells everyone who is connected that the service ends.
    pub(crate) fn stop(&self) {
        self.stopping.send_replace(true);
    }

    /// Waits until no socket is open. Event streams are requests: the accept loop waits for those.
    pub(crate) async fn ended(&self) {
        // Closed never: both are dropped with the service.
        let _ = self.sockets.acquire_many(u32::try_from(SOCKETS_MAX).unwrap_or(u32::MAX)).await;
    }

    /// How many sockets and event streams there are.
    pub(crate) fn connected(&self) -> (usize, usize) {
        let (sockets, streams) = (self.sockets.available_permits(), self.streams.available_permits());
        (SOCKETS_MAX.saturating_sub(sockets), STREAMS_MAX.saturating_sub(streams))
    }

    fn socket(&self) -> Option<OwnedSemaphorePermit> {
        self.place(&self.sockets)
    }

    fn stream(&self) -> Option<OwnedSemaphorePermit> {
        self.place(&self.streams)
    }

    fn place(&self, places: &Arc<Semaphore>) -> Option<OwnedSemaphorePermit> {
        if *self.stopping.borrow() {
            return None;
        }
        Arc::clone(places).try_acquire_owned().ok()
    }

    /// Resolves once the service ends.
    fn stopped(&self) -> impl Future<Output = ()> + Send + 'static {
        let mut stopping = self.stopping.subscribe();
        // A sender that is gone means the same.
        async move { drop(stopping.wait_for(|stopping| *stopping).await) }
    }
}

//! The accept loop.

use std::convert::Infallible;
use std::future::Future;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::header::STRICT_TRANSPORT_SECURITY;
use axum::http::{HeaderValue, Request, Response};
use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;
use tokio_io_timeout::TimeoutStream;
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt as _;

use crate::access::Peer;
use crate::http;
use crate::limits::CONNECTIONS_MAX;
use crate::live::LiveTimes;
use crate::metrics;
use crate::service::Service;
use crate::tls::Tls;

/// How long a client may take to send the head of a request. An idle connection is closed after it, too.
const HEADER_TIME_MAX: Duration = Duration::from_secs(30);
/// How long requests in flight may take after the shutdown signal.
const DRAIN_TIME_MAX: Duration = Duration::from_secs(10);
/// How long a TLS handshake may take.
const HANDSHAKE_TIME_MAX: Duration = Duration::from_secs(10);
/// How often the files of a certificate are looked at.
const RENEW_EVERY: Duration = Duration::from_secs(30);
/// Browsers come back over TLS for a year.
const STRICT: &str = "max-age=31536000";
/// How often the audit journal is told of minutes that are over.
const NOTE_EVERY: Duration = Duration::from_secs(5);
/// Pause after a failed accept, which is mostly the process having no file descriptor left.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// How to serve.
#[derive(Clone, Default)]
pub struct ServeOptions {
    /// Serve the query editor also where other machines can reach it.
    pub graphiql: bool,
    /// Speak TLS.
    pub tls: Option<Arc<Tls>>,
    /// Browsers reach the service over TLS, which a proxy ends.
    pub behind_tls: bool,
}

/// Serves until `shutdown` resolves, then stops accepting and finishes the requests in flight. The ledger stays open:
/// the caller closes it afterwards.
///
/// # Errors
/// The listener has no address.
pub async fn serve(
    listener: TcpListener,
    service: Arc<Service>,
    options: ServeOptions,
    shutdown: impl Future<Output = ()>,
) -> io::Result<()> {
    let remote = !listener.local_addr()?.ip().is_loopback();
    if remote && !options.graphiql {
        service.hide_graphiql();
    }
    if options.tls.is_some() || options.behind_tls {
        service.core.access.secure_cookies();
    }
    let router = http::router(Arc::clone(&service));
    // Ends with this function.
    let mut upkeep = JoinSet::new();
    upkeep.spawn(metrics::keep_up());
    upkeep.spawn(note_access(Arc::clone(&service)));
    if let Some(tls) = options.tls.clone() {
        upkeep.spawn(renew(tls));
    }
    let (live, write) = (Arc::clone(&service), service.live.times().write);
    let shutdown = async {
        shutdown.await;
        live.live.stop();
    };
    let served = accept(listener, options.tls, answers(Arc::clone(&service), router), write, shutdown).await;
    // Sockets are no requests any more: they have been told, and close by themselves.
    if tokio::time::timeout(DRAIN_TIME_MAX, live.live.ended()).await.is_err() {
        tracing::warn!("sockets were still open when the time to close them was over");
    }
    upkeep.shutdown().await;
    // The ledger is open still: nobody asks any more, and what was asked in the last minute is noted too.
    service.note_access(true).await;
    served
}

/// Tells the audit journal of every minute that is over. Goes on for ever.
async fn note_access(service: Arc<Service>) {
    let mut ticks = tokio::time::interval(NOTE_EVERY);
    loop {
        ticks.tick().await;
        service.note_access(false).await;
    }
}

/// Takes a renewed certificate once it is there. Goes on for ever.
async fn renew(tls: Arc<Tls>) {
    let mut ticks = tokio::time::interval(RENEW_EVERY);
    loop {
        ticks.tick().await;
        match tls.renew() {
            Ok(false) => {}
            Ok(true) => tracing::info!("another certificate is in use"),
            Err(error) => {
                tracing::warn!(%error, "the certificate was not renewed: the one before stays in use")
            }
        }
    }
}

/// Serves other routes than the service's, such as those of a witness, with the same limits on connections. Whether they
/// may be reached from other machines is for the caller to know.
///
/// # Errors
/// The listener has no address.
pub async fn serve_routes(
    listener: TcpListener,
    router: Router,
    shutdown: impl Future<Output = ()>,
) -> io::Result<()> {
    let answer: Answer = Arc::new(move |request| {
        let answer = router.clone().oneshot(request);
        async { answer.await.unwrap_or_else(|never| match never {}) }.boxed()
    });
    accept(listener, None, answer, LiveTimes::default().write, shutdown).await
}

/// Answers a request.
type Answer = Arc<dyn Fn(Request<Body>) -> BoxFuture<'static, Response<Body>> + Send + Sync>;

/// The service's answers, behind a pointer and in a function that is never part of another crate's: every program and
/// test that serves would otherwise compile all resolvers again.
#[inline(never)]
fn answers(service: Arc<Service>, router: Router) -> Answer {
    let secure = service.core.access.has_secure_cookies();
    Arc::new(move |request| {
        let answer = http::answer(Arc::clone(&service), router.clone(), request);
        if !secure {
            return answer.boxed();
        }
        let strict = |mut response: Response<Body>| {
            response.headers_mut().insert(STRICT_TRANSPORT_SECURITY, HeaderValue::from_static(STRICT));
            response
        };
        answer.map(strict).boxed()
    })
}

/// Accepts connections until `shutdown` resolves, and answers their requests.
async fn accept(
    listener: TcpListener,
    tls: Option<Arc<Tls>>,
    answer: Answer,
    write: Duration,
    shutdown: impl Future<Output = ()>,
) -> io::Result<()> {
    let address = listener.local_addr()?;
    tracing::info!(%address, "serving");
    let slots = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    let (stop, stopped) = watch::channel(false);
    let mut connections = JoinSet::new();
    let mut shutdown = std::pin::pin!(shutdown);
    loop {
        while connections.try_join_next().is_some() {}
        let accept = async {
            let slot = Arc::clone(&slots).acquire_owned().await;
            (slot, listener.accept().await)
        };
        tokio::select! {
            biased;
            () = &mut shutdown => break,
            (slot, accepted) = accept => match accepted {
                Ok((stream, peer)) => {
                    let peer = Peer(peer.ip());
                    let acceptor = tls.as_ref().map(|tls| tls.acceptor());
                    let (answer, stopped) = (Arc::clone(&answer), stopped.clone());
                    let connection = connection(stream, acceptor, (peer, write), answer, stopped);
                    connections.spawn(async move {
                        connection.await;
                        drop(slot);
                    });
                }
                Err(error) => {
                    tracing::warn!(%error, "accepting a connection failed");
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                }
            },
        }
    }
    drop(listener);
    // Receivers exist as long as connections do; without any there is nobody to tell.
    let _ = stop.send(true);
    let drained =
        tokio::time::timeout(DRAIN_TIME_MAX, async { while connections.join_next().await.is_some() {} });
    if drained.await.is_err() {
        tracing::warn!("requests were still running when the time to finish them was over");
    }
    tracing::info!(%address, "stopped serving");
    Ok(())
}

/// Resolves once the service stops; a sender that is gone means the same.
async fn told_to_stop(stopped: &mut watch::Receiver<bool>) {
    let _ = stopped.wait_for(|stopped| *stopped).await;
}

/// Serves one connection to its end, or to the end of the request in flight once the service stops.
async fn connection(
    stream: TcpStream,
    acceptor: Option<TlsAcceptor>,
    (peer, write): (Peer, Duration),
    answer: Answer,
    stopped: watch::Receiver<bool>,
) {
    // Answers are written whole: waiting to fill a packet would only delay them.
    let _ = stream.set_nodelay(true);
    // A client that takes nothing for so long is cut, whether it asked for a page or holds a socket.
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(write));
    let stream = Box::pin(stream);
    let Some(acceptor) = acceptor else { return converse(stream, peer, answer, stopped).await };
    match tokio::time::timeout(HANDSHAKE_TIME_MAX, acceptor.accept(stream)).await {
        Ok(Ok(stream)) => converse(stream, peer, answer, stopped).await,
        Ok(Err(error)) => tracing::debug!(%error, "a TLS handshake failed"),
        Err(_) => tracing::debug!("a TLS handshake took too long"),
    }
}

async fn converse<S>(stream: S, peer: Peer, answer: Answer, mut stopped: watch::Receiver<bool>)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let service = service_fn(move |request: Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(peer);
        let answer = answer(request);
        async { Ok::<_, Infallible>(answer.await) }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER_TIME_MAX)
        .pipeline_flush(true)
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades();
    let mut connection = std::pin::pin!(connection);
    let ended: Result<(), hyper::Error> = tokio::select! {
        ended = connection.as_mut() => ended,
        () = told_to_stop(&mut stopped) => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection ended early");
    }
}

//! The service in this process, on a runtime of its own.

use std::net::SocketAddr;
use std::path::Path;

use anyhow::{Context, Result, anyhow};
use soticket_graphql::{ServeOptions, Service, serve};
use soticket_ledger::Ledger;
use soticket_projections::{Options, Projections};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::bench::open;

/// A service on a free port.
pub(super) struct Server {
    address: SocketAddr,
    ledger: Ledger,
    projections: std::sync::Arc<Projections>,
    runtime: Runtime,
    stop: oneshot::Sender<()>,
    serving: JoinHandle<std::io::Result<()>>,
}

impl Server {
    pub(super) fn start(folder: &Path) -> Result<Self> {
        let ledger = open(&folder.join("data"))?;
        let projections =
            Projections::start(ledger.clone(), Options::default()).map_err(|error| anyhow!("{error}"))?;
        let runtime = Runtime::new()?;
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0"))?;
        let address = listener.local_addr()?;
        let service = Service::new(ledger.clone(), std::sync::Arc::clone(&projections));
        let (stop, stopped) = oneshot::channel::<()>();
        let shutdown = async { drop(stopped.await) };
        let serving = runtime.spawn(serve(listener, service, ServeOptions::default(), shutdown));
        Ok(Self { address, ledger, projections, runtime, stop, serving })
    }

    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Stops as a service does: requests first, then the read models, then the ledger.
    pub(super) fn stop(self) -> Result<()> {
        drop(self.stop);
        self.runtime.block_on(self.serving)?.context("serving")?;
        self.projections.close();
        self.ledger.close();
        Ok(())
    }
}

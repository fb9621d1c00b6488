//! The service in this process, on a runtime of its own.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result, anyhow};
use axum::Router;
use soticket_graphql::{ConfiguredToken, Role, ServeOptions, Service, router, serve};
use soticket_ledger::Ledger;
use soticket_projections::{Options, Projections};
use soticket_schema::OrganisationId;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::bench::open;

/// A service on a free port.
pub(crate) struct Server {
    address: SocketAddr,
    ledger: Ledger,
    projections: Arc<Projections>,
    service: Arc<Service>,
    runtime: Runtime,
    stop: oneshot::Sender<()>,
    serving: JoinHandle<std::io::Result<()>>,
}

/// Token of the administrator of the services that are started here.
pub(crate) const ADMINISTRATOR: &str = "the-administrator-of-the-benchmarks-only";

impl Server {
    pub(crate) fn start(folder: &Path) -> Result<Self> {
        let ledger = open(&folder.join("data"))?;
        let projections =
            Projections::start(ledger.clone(), Options::default()).map_err(|error| anyhow!("{error}"))?;
        let runtime = Runtime::new()?;
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0"))?;
        let address = listener.local_addr()?;
        let service = Service::new(ledger.clone(), Arc::clone(&projections));
        service.admit(&ConfiguredToken::administrator(ADMINISTRATOR)?);
        // The generator is one customer with the traffic of thousands.
        service.limit_rate(u32::MAX >> 1);
        let (stop, stopped) = oneshot::channel::<()>();
        let shutdown = async { drop(stopped.await) };
        let serving = runtime.spawn(serve(listener, Arc::clone(&service), ServeOptions::default(), shutdown));
        Ok(Self { address, ledger, projections, service, runtime, stop, serving })
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Lets in an owner of an organisation by this token.
    pub(crate) fn admit(&self, organisation: OrganisationId, token: &str) -> Result<()> {
        self.service.admit(&ConfiguredToken::of_organisation(organisation, Role::Owner, token)?);
        Ok(())
    }

    /// The paths of the service, to be asked without a socket.
    pub(crate) fn router(&self) -> Router {
        router(Arc::clone(&self.service))
    }

    /// Stops as a service does: requests first, then the read models, then the ledger.
    pub(crate) fn stop(self) -> Result<()> {
        drop(self.stop);
        self.runtime.block_on(self.serving)?.context("serving")?;
        self.projections.close();
        self.ledger.close();
        Ok(())
    }
}

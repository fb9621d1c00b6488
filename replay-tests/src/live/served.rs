//! The process whose memory is measured: a service over a small log that grows steadily.

use std::io::Write as _;
use std::time::Duration;

use anyhow::Result;
use soticket_graphql::{ServeOptions, Service};
use soticket_ledger::{Ledger, SubmitError};
use soticket_projections::{Options, Projections};
use tokio::net::TcpListener;

use super::client::let_in;
use crate::random::Random;
use crate::workload::{Load, Venue};

/// Pause between two commands.
const PAUSE: Duration = Duration::from_millis(100);

/// Serves until it is killed. Says its address and the organisation on standard output.
///
/// # Errors
/// Nothing can be served.
pub fn serve(seed: u64) -> Result<()> {
    let ledger = Ledger::in_memory(soticket_ledger::clock::system_clock())?;
    let projections = Projections::start(ledger.clone(), Options::default())?;
    let venue = Venue::set_up(&ledger, 1)?;
    let organisation = venue.organisation;
    let service = Service::new(ledger.clone(), projections);
    let_in(&service, organisation)?;
    let mut load = Load::new(venue, "crowd", Random::new(seed));
    std::thread::spawn(move || {
        loop {
            match ledger.submit_blocking(load.next(ledger.now())) {
                Ok(receipt) => load.learn(&receipt),
                Err(SubmitError::Rejected(_)) => {}
                Err(_) => return,
            }
            std::thread::sleep(PAUSE);
        }
    });
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        writeln!(std::io::stdout(), "{} {organisation}", listener.local_addr()?)?;
        let served =
            soticket_graphql::serve(listener, service, ServeOptions::default(), std::future::pending());
        Ok(served.await?)
    })
}

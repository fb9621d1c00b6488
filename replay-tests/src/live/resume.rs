//! One follower that is cut off again and again while others write: it must meet every event once, in order.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};
use soticket_graphql::{ServeOptions, Service};
use soticket_ledger::{Ledger, Options};
use soticket_projections::Projections;
use soticket_schema::OrganisationId;
use tokio::net::TcpListener;

use super::client::{Follower, Transport, let_in};
use crate::random::Random;
use crate::workload::{Load, Venue};

/// Most payloads that are read between two cuts.
const STRETCH: u64 = 60;
const QUERY: &str = "subscription ($o: ID!, $after: LogPosition, $all: Boolean) { events(organisation: $o, \
                     afterPosition: $after, fromBeginning: $all) { position event { position hash previous } } }";

/// How long a campaign is.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    /// How often the follower is cut off.
    pub cuts: u32,
    /// Concurrent callers.
    pub callers: u32,
    /// Seed of every choice.
    pub seed: u64,
}

/// What was followed.
#[derive(Debug, Default)]
pub struct Report {
    /// Times that it was cut off and resumed.
    pub cuts: u32,
    /// Of these, over sockets.
    pub over_sockets: u32,
    /// Cuts before anything had come.
    pub empty: u32,
    /// Events met, each once: as many as the log has.
    pub events: u64,
    /// Of these, recorded while it followed.
    pub recorded_meanwhile: u64,
}

/// Where the follower is.
struct Place {
    next: u64,
    hash: Option<Value>,
}

/// Runs a campaign over a new data folder.
///
/// # Errors
/// An event was missed, repeated, or out of order; or something else went wrong.
pub fn resume(plan: &Plan, folder: &std::path::Path) -> Result<Report> {
    let ledger = Ledger::open(folder, Options::default())?;
    let projections = Projections::start(ledger.clone(), soticket_projections::Options::default())?;
    let venue = Venue::set_up(&ledger, 1)?;
    let other = Venue::set_up(&ledger, 2)?;
    let organisation = venue.organisation;
    let service = Service::new(ledger.clone(), projections);
    let_in(&service, organisation)?;
    let stop = Arc::new(AtomicBool::new(false));
    let mut random = Random::new(plan.seed);
    let begun = ledger.head(organisation).context("no log")?.length;
    let writers: Vec<_> = (0..plan.callers)
        .map(|caller| {
            let venue = if caller % 4 == 3 { other.clone() } else { venue.clone() };
            let load = Load::new(venue, format!("caller{caller}"), random.fork());
            let (ledger, stop) = (ledger.clone(), Arc::clone(&stop));
            std::thread::spawn(move || write(&ledger, load, &stop))
        })
        .collect();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let (end, ended) = tokio::sync::oneshot::channel::<()>();
    let followed = runtime.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let shutdown = async { drop(ended.await) };
        let serving =
            tokio::spawn(soticket_graphql::serve(listener, service, ServeOptions::default(), shutdown));
        let (mut report, mut place) = (Report::default(), Place { next: 0, hash: None });
        while report.cuts < plan.cuts {
            let transport = if random.chance(70) { Transport::Socket } else { Transport::Events };
            let mut follower =
                Follower::start(address, transport, &request(organisation, place.next)).await?;
            // Sometimes before the first payload, sometimes when it has caught up and the log grows under it.
            let stretch = if random.chance(10) { 0 } else { random.below(STRETCH) };
            for _ in 0..stretch {
                place.take(&follower.next().await?)?;
            }
            if random.chance(30) {
                follower.complete().await?;
            }
            report.cuts += 1;
            report.over_sockets += u32::from(transport == Transport::Socket);
            report.empty += u32::from(stretch == 0);
        }
        stop.store(true, Ordering::Release);
        for writer in writers {
            match writer.join() {
                Ok(written) => written?,
                Err(_) => bail!("a caller panicked"),
            }
        }
        let head = ledger.head(organisation).context("no log")?;
        let mut follower =
            Follower::start(address, Transport::Socket, &request(organisation, place.next)).await?;
        while place.next < head.length {
            place.take(&follower.next().await?)?;
        }
        ensure!(place.hash == Some(json!(head.hash.to_string())), "the last event is not the log's last");
        drop(follower);
        let _ = end.send(());
        serving.await??;
        (report.events, report.recorded_meanwhile) = (place.next, head.length - begun);
        Ok(report)
    });
    runtime.shutdown_background();
    followed
}

impl Place {
    /// Takes a payload in: it must be the event after the last one.
    fn take(&mut self, data: &Value) -> Result<()> {
        let (advance, event) = (&data["events"], &data["events"]["event"]);
        let expected = json!(self.next.to_string());
        ensure!(advance["position"] == expected, "expected position {expected}, got {advance}");
        ensure!(event["position"] == expected, "expected the event at {expected}, got {advance}");
        let follows = self.hash.as_ref().is_none_or(|hash| event["previous"] == *hash);
        ensure!(follows, "the event at {expected} does not follow the one before it");
        (self.next, self.hash) = (self.next + 1, Some(event["hash"].clone()));
        Ok(())
    }
}

fn request(organisation: OrganisationId, next: u64) -> Value {
    let organisation = organisation.to_string();
    let variables = match next.checked_sub(1) {
        Some(last) => json!({ "o": organisation, "after": last.to_string() }),
        None => json!({ "o": organisation, "all": true }),
    };
    json!({ "query": QUERY, "variables": variables })
}

fn write(ledger: &Ledger, mut load: Load, stop: &AtomicBool) -> Result<()> {
    while !stop.load(Ordering::Acquire) {
        match ledger.submit_blocking(load.next(ledger.now())) {
            Ok(receipt) => load.learn(&receipt),
            Err(soticket_ledger::SubmitError::Rejected(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

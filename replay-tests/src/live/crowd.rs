//! Thousands of sockets at once, and what they cost the process that serves them.

use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use futures_util::StreamExt as _;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use super::client;

/// How often memory is looked at while the crowd stays.
const PARTS: usize = 6;

/// How large a crowd is.
#[derive(Debug, Clone)]
pub struct Crowd {
    /// The program `campaign`, which serves in a process of its own.
    pub program: PathBuf,
    /// Sockets that follow the log with one subscription each.
    pub sockets: usize,
    /// Subscriptions of one more socket.
    pub subscriptions: usize,
    /// How long all of them stay.
    pub stay: Duration,
    /// Seed of every choice.
    pub seed: u64,
}

/// What was measured.
#[derive(Debug, Default)]
pub struct Measured {
    /// Resident memory of the serving process with no socket, in KiB.
    pub empty_kib: u64,
    /// With half of the sockets.
    pub half_kib: u64,
    /// With all of them.
    pub full_kib: u64,
    /// With all of them, in equal parts of the time that they stay: what grows with it would show.
    pub stayed_kib: [u64; PARTS],
    /// Payloads that all of them were sent.
    pub payloads: u64,
}

/// The serving process, which does not outlive this.
struct Serving(Child);

impl Drop for Serving {
    fn drop(&mut self) {
        // It may have ended by itself; either way nothing is left of it.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Gathers a crowd and measures.
///
/// # Errors
/// A socket is refused, closed, or hears nothing.
pub fn crowd(crowd: &Crowd) -> Result<Measured> {
    let child = Command::new(&crowd.program)
        .args(["serve-live", "--seed", &crowd.seed.to_string()])
        .stdout(Stdio::piped())
        .spawn()
        .context("the service could not be started")?;
    let mut serving = Serving(child);
    let mut line = String::new();
    BufReader::new(serving.0.stdout.take().context("no output")?).read_line(&mut line)?;
    let (address, organisation) = line.trim().split_once(' ').context("no address")?;
    let address: SocketAddr = address.parse()?;
    let request = json!({
        "query": "subscription ($o: ID!) { events(organisation: $o) { position event { kind } } }",
        "variables": { "o": organisation },
    });
    let process = serving.0.id();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(async {
        let payloads = Arc::new(AtomicU64::new(0));
        let mut measured = Measured { empty_kib: resident(process)?, ..Measured::default() };
        let mut followers = JoinSet::new();
        for number in 0..crowd.sockets {
            if number == crowd.sockets / 2 {
                measured.half_kib = resident(process)?;
            }
            follow(address, &request, 1, &payloads, &mut followers).await?;
        }
        follow(address, &request, crowd.subscriptions, &payloads, &mut followers).await?;
        measured.full_kib = resident(process)?;
        for stayed in &mut measured.stayed_kib {
            tokio::time::sleep(crowd.stay / PARTS as u32).await;
            *stayed = resident(process)?;
        }
        measured.payloads = payloads.load(Ordering::Relaxed);
        ensure!(followers.try_join_next().is_none(), "a socket was closed");
        let everyone = (crowd.sockets + crowd.subscriptions) as u64;
        ensure!(measured.payloads > everyone, "not everyone heard of an event: {measured:?}");
        Ok(measured)
    })
}

/// Opens a socket with so many subscriptions and reads it for ever.
async fn follow(
    address: SocketAddr,
    request: &Value,
    subscriptions: usize,
    payloads: &Arc<AtomicU64>,
    followers: &mut JoinSet<()>,
) -> Result<()> {
    let mut socket = client::open(address).await?;
    for id in 0..subscriptions {
        client::subscribe(&mut socket, &id.to_string(), request).await?;
    }
    let payloads = Arc::clone(payloads);
    followers.spawn(async move {
        while let Some(Ok(message)) = socket.next().await {
            payloads.fetch_add(u64::from(message.is_text()), Ordering::Relaxed);
        }
    });
    Ok(())
}

/// Resident memory of a process, in KiB.
fn resident(process: u32) -> Result<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no VmRSS")?;
    Ok(line.trim().trim_end_matches(" kB").parse()?)
}

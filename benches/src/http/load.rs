//! The load generator: connections that each send the next request once the answer to the last one was checked.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use super::client::{Address, Connection, find};
use super::shop::{Shop, Template};
use crate::stats::Latencies;
use crate::workload::{Random, expect};

/// Prepared requests of one connection.
const TEMPLATES: usize = 32;

/// What the connections did together.
pub(super) struct Load {
    pub(super) latencies: Latencies,
    pub(super) took: Duration,
    /// Sales per show, by its place in the shop.
    pub(super) sold: Vec<u64>,
    /// Position of the last event.
    pub(super) position: Option<u64>,
}

/// Sells through so many connections for so long; every answer must hold its own place in the log.
pub(super) async fn sell(
    shop: &Shop,
    address: &Address,
    connections: usize,
    seed: u64,
    time: Duration,
) -> Result<Load> {
    let mut clients = Vec::new();
    for number in 0..connections {
        let mut random = Random::new(seed ^ ((number as u64) << 20));
        let templates = shop.sales(address, &mut random, TEMPLATES);
        clients.push((number, Connection::open(address).await?, templates));
    }
    let start = Instant::now();
    let until = start + time;
    let tasks: Vec<_> = clients
        .into_iter()
        .map(|(number, connection, templates)| tokio::spawn(seller(number, connection, templates, until)))
        .collect();
    let (mut latencies, mut positions, mut sold) = (Latencies::new()?, Vec::new(), vec![0; shop.shows()]);
    for task in tasks {
        let done = task.await??;
        latencies.add(&done.latencies)?;
        positions.extend(done.positions.iter().map(|(position, _)| *position));
        done.positions.iter().for_each(|(_, show)| sold[*show] += 1);
    }
    let took = start.elapsed();
    check(&mut positions)?;
    Ok(Load { latencies, took, sold, position: positions.last().copied() })
}

/// Every sale is an order and its payment, and nobody else writes: the positions told go up by two each.
fn check(positions: &mut [u64]) -> Result<()> {
    positions.sort_unstable();
    positions.windows(2).try_for_each(|pair| expect("position of the next sale", pair[1], pair[0] + 2))
}

struct Sold {
    latencies: Latencies,
    /// Position and show of every sale.
    positions: Vec<(u64, usize)>,
}

async fn seller(
    number: usize,
    mut connection: Connection,
    mut templates: Vec<Template>,
    until: Instant,
) -> Result<Sold> {
    let mut sold = Sold { latencies: Latencies::new()?, positions: Vec::new() };
    for count in 0.. {
        let which = count as usize % templates.len();
        let template = &mut templates[which];
        let show = template.show;
        let request = template.with_key(number, count);
        let start = Instant::now();
        if start >= until {
            break;
        }
        let body = connection.exchange(request).await?;
        sold.latencies.record(start.elapsed());
        sold.positions.push((position(body)?, show));
    }
    Ok(sold)
}

/// The position of a sale that was recorded now and without user errors.
fn position(body: &[u8]) -> Result<u64> {
    const POSITION: &[u8] = b"\"position\":\"";
    let clean = find(body, b"\"userErrors\":[]").is_some() && find(body, b"\"replayed\":false").is_some();
    let digits = find(body, POSITION).map(|at| &body[at + POSITION.len()..]);
    let digits = digits.and_then(|rest| rest.split(|byte| *byte == b'"').next());
    match digits {
        Some(digits) if clean => Ok(std::str::from_utf8(digits)?.parse()?),
        _ => bail!("a sale was answered with {}", String::from_utf8_lossy(body)),
    }
}

/// Asks for the places of the shop's shows in turn; each answer must be whole.
pub(super) async fn look(
    requests: &[Vec<u8>],
    address: &Address,
    connections: usize,
    time: Duration,
) -> Result<Load> {
    let mut clients = Vec::new();
    for number in 0..connections {
        clients.push((number, Connection::open(address).await?, requests.to_vec()));
    }
    let start = Instant::now();
    let until = start + time;
    let tasks: Vec<_> = clients
        .into_iter()
        .map(|(number, connection, requests)| tokio::spawn(looker(number, connection, requests, until)))
        .collect();
    let mut latencies = Latencies::new()?;
    for task in tasks {
        latencies.add(&task.await??)?;
    }
    Ok(Load { latencies, took: start.elapsed(), sold: Vec::new(), position: None })
}

async fn looker(
    number: usize,
    mut connection: Connection,
    requests: Vec<Vec<u8>>,
    until: Instant,
) -> Result<Latencies> {
    let mut latencies = Latencies::new()?;
    for request in requests.iter().cycle().skip(number % requests.len().max(1)) {
        let start = Instant::now();
        if start >= until {
            break;
        }
        let body = connection.exchange(request).await?;
        latencies.record(start.elapsed());
        if find(body, b"\"errors\"").is_some() || find(body, b"\"sold\":").is_none() {
            bail!("an availability was answered with {}", String::from_utf8_lossy(body));
        }
    }
    Ok(latencies)
}

/// The places of every show are what was sold: two per sale.
pub(super) async fn check_availability(requests: &[Vec<u8>], address: &Address, sold: &[u64]) -> Result<()> {
    let mut connection = Connection::open(address).await?;
    for (request, sales) in requests.iter().zip(sold) {
        let answer: serde_json::Value = serde_json::from_slice(connection.exchange(request).await?)?;
        let found = answer
            .pointer("/data/organisation/show/availability/total/sold")
            .and_then(serde_json::Value::as_u64);
        expect("places sold of a show", found.with_context(|| answer.to_string())?, sales * 2)?;
    }
    Ok(())
}

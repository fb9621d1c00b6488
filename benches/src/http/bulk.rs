//! Many sales in one request: over HTTP, and through the same paths without a socket.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::Request;
use serde_json::{Value as Json, json};
use tower::ServiceExt as _;

use super::client::{Address, Connection, find};
use super::shop::Shop;
use crate::stats::per_second;
use crate::workload::Random;

/// Requests under way at once: one is decided while the other is read.
const CONNECTIONS: usize = 2;
/// Most bytes of an answer.
const ANSWER_BYTES_MAX: usize = 16 << 20;

const BULK: &str = "mutation Sell($input: OrdersPlaceInput!) { ordersPlace(input: $input) { placed refused position \
                    userErrors { code field } lines { orderId position userErrors { code field } } } }";

/// How requests look.
#[derive(Clone, Copy)]
pub(super) struct Shape {
    pub(super) lines: usize,
    pub(super) tickets: usize,
}

/// Tickets per second that each way gives.
pub(super) struct Rates {
    pub(super) over_http: f64,
    pub(super) in_process: f64,
}

/// Sells for so long each way.
pub(super) async fn sell(
    shop: &Shop,
    address: &Address,
    router: &Router,
    shape: Shape,
    (seed, time): (u64, Duration),
) -> Result<Rates> {
    let over_http = async |number: usize, until: Instant| {
        let mut connection = Connection::open(address).await?;
        let mut sold = 0;
        for count in 0.. {
            if Instant::now() >= until {
                break;
            }
            let request = prepared(shop, shape, seed, (number, count));
            let bytes = address.request(BULK, &json!({ "input": request }));
            sold += tickets(connection.exchange(&bytes).await?, shape)?;
        }
        anyhow::Ok(sold)
    };
    let in_process = async |number: usize, until: Instant| {
        let mut sold = 0;
        for count in 0.. {
            if Instant::now() >= until {
                break;
            }
            let request = prepared(shop, shape, seed, (CONNECTIONS + number, count));
            let body = json!({ "query": BULK, "variables": { "input": request } }).to_string();
            let request = Request::post("/graphql")
                .header("content-type", "application/json")
                .header("authorization", address.bearer())
                .body(Body::from(body))?;
            let answer = router.clone().oneshot(request).await?;
            sold += tickets(&to_bytes(answer.into_body(), ANSWER_BYTES_MAX).await?, shape)?;
        }
        anyhow::Ok(sold)
    };
    let begun = Instant::now();
    let (first, second) = tokio::try_join!(over_http(0, begun + time), over_http(1, begun + time))?;
    let http = per_second(first + second, begun.elapsed());
    let begun = Instant::now();
    let (first, second) = tokio::try_join!(in_process(0, begun + time), in_process(1, begun + time))?;
    Ok(Rates { over_http: http, in_process: per_second(first + second, begun.elapsed()) })
}

/// A request of a kind that no other is: its shape from one seed, its key from its number.
fn prepared(shop: &Shop, shape: Shape, seed: u64, (number, count): (usize, u64)) -> Json {
    let mut random = Random::new(seed ^ ((number as u64) << 40) ^ count);
    let mut input = shop.bulk(&mut random, shape.lines, shape.tickets);
    let key = format!("bulk-{}x{}-{number}-{count}", shape.lines, shape.tickets);
    input["idempotencyKey"] = json!(key);
    input
}

/// The tickets of an answer: every line must be sold.
fn tickets(body: &[u8], shape: Shape) -> Result<u64> {
    let all = format!("\"placed\":\"{}\",\"refused\":\"0\"", shape.lines);
    if find(body, all.as_bytes()).is_none() {
        let told = String::from_utf8_lossy(body);
        bail!("a bulk sale was answered with {}", told.chars().take(500).collect::<String>());
    }
    u64::try_from(shape.lines * shape.tickets).context("too many tickets")
}

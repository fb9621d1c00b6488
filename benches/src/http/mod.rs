//! Sales and availability queries over HTTP, with the load generator beside the server on the same cores.

mod bulk;
mod client;
mod load;
mod server;
mod shop;

use anyhow::{Context, Result};
use tokio::runtime::Builder;

pub(crate) use client::{Address, Connection};
pub(crate) use server::Server;

use crate::bench::Bench;
use crate::machine::Limits;
use crate::report::{Table, Value};
use crate::stats::per_second;
use bulk::{Rates, Shape};
use load::Load;
use shop::Shop;

/// Durable sales per second that are aimed at, each with a token that is looked up and charged.
const SALES_TARGET: f64 = 20_000.0;
/// Availability queries per second that are aimed at, likewise.
const QUERIES_TARGET: f64 = 30_000.0;
/// Tickets per second of bulk sales that are aimed at.
const BULK_TARGET: f64 = 200_000.0;
/// Bulk sales: single tickets, parties, and school classes.
const SHAPES: [Shape; 3] = [
    Shape { lines: 2_000, tickets: 1 },
    Shape { lines: 1_000, tickets: 10 },
    Shape { lines: 500, tickets: 50 },
];

pub(crate) fn run(bench: &Bench, limits: &Limits) -> Result<Vec<Table>> {
    let columns = ["request", "connections", "requests/s", "p50", "p99", "p99.9"];
    let mut table = Table::new("http: GraphQL over HTTP, the generator on the same cores", &columns);
    let folder = bench.folder("http")?;
    let (server, address) = match &bench.server {
        Some(url) => {
            let token =
                bench.token.as_deref().context("--token: state an administrator's token of the server")?;
            (None, Address::parse(url, token)?)
        }
        None => {
            let server = Server::start(&folder)?;
            let address = Address::of(server.address(), server::ADMINISTRATOR);
            (Some(server), address)
        }
    };
    // One thread: the generator must leave the other core to the server.
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let router = server.as_ref().map(Server::router);
    let (sales, queries, bulk) = runtime.block_on(drive(bench, &address, router.as_ref()))?;
    drop(router);
    if let Some(server) = server {
        server.stop()?;
    }
    std::fs::remove_dir_all(&folder)?;
    for (name, load) in [("sale of 2 tickets, paid", &sales), ("availability of a show", &queries)] {
        table.row([
            Value::text(name),
            Value::Count(bench.connections as u64),
            Value::Rate(per_second(load.latencies.len(), load.took)),
            load.latencies.percentile(50.0),
            load.latencies.percentile(99.0),
            load.latencies.percentile(99.9),
        ]);
    }
    let rate = per_second(sales.latencies.len(), sales.took);
    let limit = format!("{:.0} synced appends/s alone", limits.append_syncs);
    table.target("20,000 durable sales/s", rate >= SALES_TARGET, &limit);
    let asked = per_second(queries.latencies.len(), queries.took);
    table.target(
        "30,000 availability queries/s",
        asked >= QUERIES_TARGET,
        "no sync; the generator shares the cores",
    );
    let mut tables = vec![table];
    tables.extend((!bulk.is_empty()).then(|| bulk_table(&bulk, &limit)));
    Ok(tables)
}

/// Tickets per second of bulk sales, by the shape of the request and the way that it takes.
fn bulk_table(bulk: &[Rates], limit: &str) -> Table {
    let columns = ["way", "lines", "tickets of a line", "tickets/s"];
    let mut table = Table::new("bulk: ordersPlace, two requests under way", &columns);
    for (shape, rates) in SHAPES.iter().zip(bulk) {
        for (way, rate) in [("over HTTP", rates.over_http), ("in process", rates.in_process)] {
            let (lines, tickets) = (shape.lines as u64, shape.tickets as u64);
            table.row([Value::text(way), Value::Count(lines), Value::Count(tickets), Value::Rate(rate)]);
        }
    }
    let best = bulk.iter().map(|rates| rates.over_http).fold(0.0, f64::max);
    table.target("200,000 tickets/s over HTTP", best >= BULK_TARGET, limit);
    table
}

/// Opens an organisation as an administrator, then, with a token of its owner: sells, compares every show's availability with what was sold, then only queries.
async fn drive(
    bench: &Bench,
    address: &Address,
    router: Option<&axum::Router>,
) -> Result<(Load, Load, Vec<Rates>)> {
    let mut connection = Connection::open(address).await?;
    let seed = match bench.server {
        // Another process keeps its data: an organisation of its own for every run.
        Some(_) => bench.seed ^ u64::from(std::process::id()) << 32,
        None => bench.seed,
    };
    let (shop, address) = Shop::open(&mut connection, address, seed).await.context("setting the shop up")?;
    let address = &address;
    let sales = load::sell(&shop, address, bench.connections, bench.seed, bench.time).await?;
    let requests = shop.availabilities(address, sales.position);
    load::check_availability(&requests, address, &sales.sold).await?;
    let queries = load::look(&requests, address, bench.connections, bench.time).await?;
    let mut bulk = Vec::new();
    if let Some(router) = router {
        for shape in SHAPES {
            bulk.push(bulk::sell(&shop, address, router, shape, (bench.seed, bench.time)).await?);
        }
    }
    Ok((sales, queries, bulk))
}

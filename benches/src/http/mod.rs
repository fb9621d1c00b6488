//! Sales and availability queries over HTTP, with the load generator beside the server on the same cores.

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
use load::Load;
use shop::Shop;

/// Durable sales per second that are aimed at.
const TARGET: f64 = 15_000.0;

pub(crate) fn run(bench: &Bench, limits: &Limits) -> Result<Table> {
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
    let (sales, queries) = runtime.block_on(drive(bench, &address))?;
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
    table.target("15,000 durable sales/s", rate >= TARGET, &limit);
    Ok(table)
}

/// Opens an organisation as an administrator, then, with a token of its owner: sells, compares every show's availability with what was sold, then only queries.
async fn drive(bench: &Bench, address: &Address) -> Result<(Load, Load)> {
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
    Ok((sales, queries))
}

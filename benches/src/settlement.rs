//! How long a warm query of a settlement takes, as a draft and sealed, in process and over HTTP, for shows of a hundred
//! times as many tickets: the work must not grow with them.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, bail};
use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::Request;
use http_body_util::BodyExt as _;
use serde_json::{Value as Json, json};
use soticket_ledger::log::{Log, SledLog, SledOptions};
use soticket_projections::deals::text::{DealFile, Names};
use soticket_schema::command::{AgreeDeal, CommandBody, RecordCost, RegisterParty};
use soticket_schema::event::v1::{CostTerms, Voucher};
use soticket_schema::ids::{PartyId, ShowId};
use soticket_schema::{Amount, Command, Currency, Event, Rate, Timestamp};
use tokio::runtime::Builder;
use tower::ServiceExt as _;

use crate::bench::Bench;
use crate::http::{Address, Connection, Server};
use crate::report::{Table, Value, grouped};
use crate::stats::Latencies;
use crate::workload::{Buyer, ORGANISATION, Random, Recorder, Sale, Sink as _, Size, World, expect};

/// Of the tickets that memory is measured of, each show has this part: 1,000, 10,000 and 100,000 of a million.
const PARTS: [u64; 3] = [1_000, 100, 10];
/// Tickets of one order.
const TICKETS: usize = 2;
/// Queries before any is measured.
const WARM_UP: usize = 100;
/// Target: the slowest of a hundred queries.
const P99_MAX: Duration = Duration::from_millis(5);
/// Target: how much longer a query may take for a hundred times as many tickets. Independent would be 1; figures with
/// more digits, and what the machine does beside, are the rest.
const GROWTH_MAX: f64 = 1.5;

/// The deal: as the worked one, with every kind of step.
const DEAL: &str = r#"{ "name": "Benchmark", "template": "cession-share",
    "values": { "guarantee": "3200.00", "share": "70", "card-rate": "0.55", "payment-price": "0.085" },
    "parties": { "producer": "Producer", "sacem": "Sacem", "cnm": "CNM" } }"#;

const DRAFT: &str = "query Draft($id: ID!) { node(id: $id) { ... on Show { settlementDraft { version statement checkpoint { \
                     position } steps { name role amount { amount } rate { percent key source } lines { category channel { \
                     name } party { name } basis { amount } rate count positions amount { net { amount } vat { amount } \
                     gross { amount } } } } parties { party { name } net { amount } vat { amount } gross { amount } due { \
                     amount } } } } } }";

const SEALED: &str = "query Sealed($id: ID!) { node(id: $id) { ... on Show { settlements { version statement position head \
                      files { kind hash bytes path } lines { step role basis { amount } rate party { name } channel { \
                      name } amount { net { amount } vat { amount } gross { amount } } } signOffs { signedAt } } } } }";

const SEAL: &str = "mutation Seal($input: SettlementSealInput!) { settlementSeal(input: $input) { position userErrors { \
                    code field message } } }";

/// The token of the owner of what was sold.
const OWNER: &str = "the-owner-of-the-settlements-of-the-benchmarks";

pub(crate) fn run(bench: &Bench) -> Result<Table> {
    let folder = bench.folder("settlement")?;
    let shows = fill(bench, &folder.join("data"))?;
    let server = Server::start(&folder)?;
    server.admit(ORGANISATION, OWNER)?;
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let table = runtime.block_on(measure(bench, &server, &shows));
    server.stop()?;
    std::fs::remove_dir_all(&folder)?;
    table
}

/// A show that was sold, and how many tickets of it.
struct Sold {
    reference: String,
    tickets: u64,
}

async fn measure(bench: &Bench, server: &Server, shows: &[Sold]) -> Result<Table> {
    let columns = ["tickets", "query", "by", "queries", "p50", "p99", "p99.9"];
    let mut table = Table::new("settlement: of one show, warm", &columns);
    let mut asked = Asked {
        address: Address::of(server.address(), OWNER),
        router: server.router(),
        connection: Connection::open(&Address::of(server.address(), OWNER)).await?,
        time: bench.time / 2,
    };
    let mut slowest = Duration::ZERO;
    // Median by query and way of asking, of the smallest and the largest show.
    let mut medians: BTreeMap<(&str, &str), (Duration, Duration)> = BTreeMap::new();
    for show in shows {
        let id = asked.show(show).await?;
        let sealing = asked.seal(&id).await?;
        for (query, document) in [("draft", DRAFT), ("sealed", SEALED)] {
            for (by, latencies) in asked.measure(document, &json!({ "id": id })).await? {
                slowest = slowest.max(latencies.at(99.0));
                let median = latencies.at(50.0);
                medians.entry((query, by)).or_insert((median, median)).1 = median;
                table.row([
                    Value::text(grouped(show.tickets)),
                    Value::text(query),
                    Value::text(by),
                    Value::Count(latencies.len()),
                    latencies.percentile(50.0),
                    latencies.percentile(99.0),
                    latencies.percentile(99.9),
                ]);
            }
        }
        let tickets = grouped(show.tickets);
        table.note(format!("{tickets} tickets: sealed with five files in {:.2} s", sealing.as_secs_f64()));
    }
    let growth = |(few, many): &(Duration, Duration)| many.as_secs_f64() / few.as_secs_f64().max(1e-9);
    let worst = medians.values().map(growth).fold(0.0, f64::max);
    table.target(
        "p99 under 5 ms",
        slowest < P99_MAX,
        &format!("the slowest is {:.2} ms", slowest.as_secs_f64() * 1e3),
    );
    let detail = format!("the median grows by {worst:.2} at most from the smallest show to the largest");
    table.target("independent of the number of tickets", worst <= GROWTH_MAX, &detail);
    Ok(table)
}

/// Both ways to ask, and how long.
struct Asked {
    address: Address,
    router: Router,
    connection: Connection,
    time: Duration,
}

impl Asked {
    /// Global id of a show, once it is sure that the service has all that was sold.
    async fn show(&mut self, show: &Sold) -> Result<String> {
        let query = "query Show($organisation: ID!, $reference: String!) { organisation(id: $organisation) { \
                     showByReference(reference: $reference) { id settlement { paid { net } } settlementDraft { steps { name \
                     lines { count } } } } } }";
        let variables = json!({ "organisation": ORGANISATION.to_string(), "reference": show.reference });
        let answer = self.answer(query, &variables).await?;
        let found = &answer["data"]["organisation"]["showByReference"];
        expect("tickets of the statement", found["settlement"]["paid"]["net"].as_u64(), Some(show.tickets))?;
        let receipts = &found["settlementDraft"]["steps"][0]["lines"][0]["count"];
        expect("tickets of the receipts", receipts.as_u64(), Some(show.tickets))?;
        Ok(found["id"].as_str().with_context(|| format!("no show in {answer}"))?.to_owned())
    }

    /// Seals the first version; how long that took with its files.
    async fn seal(&mut self, show: &str) -> Result<Duration> {
        let input = json!({ "organisation": ORGANISATION.to_string(), "idempotencyKey": format!("seal {show}"),
            "show": show, "version": 1 });
        let begun = Instant::now();
        let answer = self.answer(SEAL, &json!({ "input": input })).await?;
        let took = begun.elapsed();
        match &answer["data"]["settlementSeal"]["position"] {
            Json::String(_) => Ok(took),
            _ => bail!("not sealed: {answer}"),
        }
    }

    async fn answer(&mut self, query: &str, variables: &Json) -> Result<Json> {
        let request = self.address.request(query, variables);
        Ok(serde_json::from_slice(self.connection.exchange(&request).await?)?)
    }

    /// Asks the same again and again; every answer must be that of the first time.
    async fn measure(&mut self, query: &str, variables: &Json) -> Result<[(&'static str, Latencies); 2]> {
        let request = self.address.request(query, variables);
        let first = self.connection.exchange(&request).await?.to_vec();
        let parsed: Json = serde_json::from_slice(&first)?;
        if parsed.get("errors").is_some() {
            bail!("{parsed}");
        }
        let body = Bytes::from(json!({ "query": query, "variables": variables }).to_string());
        let (mut within, mut over) = (Latencies::new()?, Latencies::new()?);
        for (latencies, is_over_http) in [(&mut within, false), (&mut over, true)] {
            let mut left = WARM_UP;
            let mut until = Instant::now() + self.time;
            while left > 0 || Instant::now() < until {
                let begun = Instant::now();
                let same = if is_over_http {
                    self.connection.exchange(&request).await? == first
                } else {
                    in_process(&self.router, body.clone()).await? == first
                };
                let took = begun.elapsed();
                expect("the same answer as the first", same, true)?;
                match left {
                    0 => latencies.record(took),
                    _ => {
                        left -= 1;
                        until = Instant::now() + self.time;
                    }
                }
            }
        }
        Ok([("in process", within), ("HTTP", over)])
    }
}

/// Asks the service without a socket.
async fn in_process(router: &Router, body: Bytes) -> Result<Bytes> {
    let request = Request::post("/graphql")
        .header("content-type", "application/json")
        .header("accept", "application/json")
        .header("authorization", format!("Bearer {OWNER}"))
        .body(Body::from(body))?;
    let response = router.clone().oneshot(request).await?;
    expect("status", response.status().as_u16(), 200)?;
    Ok(response.into_body().collect().await?.to_bytes())
}

/// A log with the shows, straight through the storage engine.
fn fill(bench: &Bench, data: &Path) -> Result<Vec<Sold>> {
    let log = SledLog::open(data, &SledOptions::default())?;
    let mut recorder = Recorder::new(bench.seed);
    let world = World::build(&mut recorder, Size { shows: PARTS.len(), ..Size::endless() })?;
    let deals = Deals::new(&mut recorder, &world)?;
    let mut sold = Vec::new();
    for (number, (show, part)) in world.shows.iter().zip(PARTS).enumerate() {
        deals.agree(&mut recorder, show.id)?;
        let orders = (bench.tickets / part / TICKETS as u64).max(1);
        let mut random = Random::new(bench.seed ^ part);
        for order in 0..orders {
            let sale = Sale { show, tickets: TICKETS, buyer: Buyer::Anonymous };
            recorder.submit(sale.command(&world, &mut random, format!("sale-{number}-{order}")))?;
            while let Some(append) = recorder.take_full() {
                log.commit(&[append])?;
            }
        }
        sold.push(Sold { reference: format!("B-{number:06}"), tickets: orders * TICKETS as u64 });
    }
    log.commit(&[recorder.take()])?;
    Ok(sold)
}

/// What the shows' deals need.
struct Deals<'a> {
    world: &'a World,
    parties: BTreeMap<String, PartyId>,
    file: DealFile,
}

impl<'a> Deals<'a> {
    fn new(recorder: &mut Recorder, world: &'a World) -> Result<Self> {
        let file = DealFile::read(DEAL).map_err(|error| anyhow!("{error}"))?;
        let mut deals = Self { world, parties: BTreeMap::new(), file };
        for name in deals.file.parties.values().cloned().collect::<Vec<_>>() {
            let party = RegisterParty { name: name.clone(), siret: String::new(), vat_number: String::new() };
            let key = format!("party {name}");
            let events = deals.submit(recorder, key, None, CommandBody::RegisterParty(party))?;
            let Some(Event::PartyRegistered(registered)) = events.first() else {
                bail!("no party: {events:?}")
            };
            deals.parties.insert(name, registered.party);
        }
        Ok(deals)
    }

    fn submit(
        &self,
        recorder: &mut Recorder,
        key: String,
        occurred_at: Option<Timestamp>,
        body: CommandBody,
    ) -> Result<Vec<Event>> {
        let (organisation, actor) = (ORGANISATION, self.world.actor);
        recorder.submit(Command { organisation, actor, key, occurred_at, body })
    }

    /// Agrees on the deal of a show, and records what the show cost.
    fn agree(&self, recorder: &mut Recorder, show: ShowId) -> Result<()> {
        let names = Names {
            currency: Currency::EUR,
            party: &|name| self.parties.get(name).copied(),
            channel: &|_| None,
        };
        let terms = self.file.terms(&names).map_err(|error| anyhow!("{error}"))?;
        let agree = CommandBody::AgreeDeal(AgreeDeal { shows: vec![show], terms });
        self.submit(recorder, format!("deal {show}"), None, agree)?;
        let at = Timestamp::parse("2026-01-01T00:00:00Z")?;
        for (category, net) in
            [("technical", 115_000), ("security", 62_000), ("promotion", 48_000), ("hospitality", 31_240)]
        {
            let terms = CostTerms {
                category: category.to_owned(),
                net: Amount(net),
                vat_rate: Rate(200_000),
                vat: Amount(net / 5),
                supplier: None,
                borne_by: None,
                voucher: Voucher { reference: format!("F-{show}-{category}"), file: None },
            };
            let cost = CommandBody::RecordCost(RecordCost { show, terms });
            self.submit(recorder, format!("cost {show} {category}"), Some(at), cost)?;
        }
        Ok(())
    }
}

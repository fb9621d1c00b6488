//! Sets an organisation up over GraphQL, as any client would, and prepares the requests of the load generator.

use anyhow::{Context, Result, bail};
use serde_json::{Value as Json, json};

use super::client::{Address, Connection};
use crate::workload::Random;

const SHOWS: usize = 16;
const PLACES: u32 = 1_000_000;
/// What stands for the idempotency key in a prepared request; as long as every key.
const KEY: &str = "key-00000000-00000000";

/// Sells two tickets, paid at once.
const SALE: &str = "mutation Sell($input: OrderPlaceInput!) { orderPlace(input: $input) { position hash replayed \
                    userErrors { code field message } order { id } } }";

/// The places of one show.
const AVAILABILITY: &str = "query Places($organisation: ID!, $show: ID!, $position: LogPosition) { \
                            organisation(id: $organisation, minPosition: $position) { show(id: $show) { availability \
                            { total { onSale held sold free left } zones { zone { id } total { sold left } channels { \
                            channel { id } quota held sold left } } } } } }";

/// What is on sale.
pub(super) struct Shop {
    organisation: String,
    shows: Vec<Show>,
    channels: Vec<(String, i64)>,
    methods: Vec<String>,
}

struct Show {
    id: String,
    zones: Vec<String>,
    tariffs: Vec<(String, i64)>,
}

/// A request whose key is filled in before every use.
#[derive(Clone)]
pub(super) struct Template {
    bytes: Vec<u8>,
    key_at: usize,
    /// The show that it sells, by its place in the shop.
    pub(super) show: usize,
}

impl Template {
    /// The request with the key of this connection's so-manieth request.
    pub(super) fn with_key(&mut self, connection: usize, count: u64) -> &[u8] {
        let key = format!("key-{:08}-{:08}", connection % 100_000_000, count % 100_000_000);
        self.bytes[self.key_at..self.key_at + KEY.len()].copy_from_slice(key.as_bytes());
        &self.bytes
    }
}

impl Shop {
    /// Opens an organisation with this seed's id as an administrator, and puts shows on sale as its owner. Gives the address
    /// with the owner's token.
    pub(super) async fn open(
        connection: &mut Connection,
        address: &Address,
        seed: u64,
    ) -> Result<(Self, Address)> {
        let mut random = Random::new(seed);
        let hex: String = random.bytes().iter().map(|byte| format!("{byte:02x}")).collect();
        let mut till = Till { connection, address: address.clone(), organisation: hex.clone(), commands: 0 };
        let parameters = json!({ "name": "Benchmark", "timeZone": "Europe/Paris" });
        let input = json!({ "mode": "TRAINING", "currency": "EUR", "parameters": parameters });
        till.ask("organisationOpen", "organisation { id }", input).await?;
        let owner = json!({ "label": "benchmark", "role": "OWNER" });
        let issued = till.ask("tokenIssue", "token { secret }", owner).await?;
        till.address = address.with_token(&text(&issued["token"]["secret"])?);
        let mut methods = Vec::new();
        for (name, kind) in [("card", "CARD"), ("cash", "CASH")] {
            methods.push(till.made("methodDefine", "method", json!({ "name": name, "kind": kind })).await?);
        }
        let mut channels = Vec::new();
        for (name, kind, fee) in [("own site", "OWN_SITE", 150), ("box office", "BOX_OFFICE", 0)] {
            let input = json!({ "name": name, "kind": kind, "feeOnTop": decimal(fee), "feeVat": "20" });
            channels.push((till.made("channelOpen", "channel", input).await?, fee));
        }
        let (hall, zones) = till.hall().await?;
        let mut shows = Vec::new();
        for number in 0..SHOWS {
            shows.push(till.show(number, &hall, &zones).await?);
        }
        let address = till.address.clone();
        Ok((Self { organisation: hex, shows, channels, methods }, address))
    }

    /// How many shows there are.
    pub(super) fn shows(&self) -> usize {
        self.shows.len()
    }

    /// Prepared sales: every show, zone, channel, pair of tariffs and way of paying comes up.
    pub(super) fn sales(&self, address: &Address, random: &mut Random, count: usize) -> Vec<Template> {
        (0..count).map(|_| self.sale(address, random)).collect()
    }

    fn sale(&self, address: &Address, random: &mut Random) -> Template {
        let number = random.below(self.shows.len());
        let show = &self.shows[number];
        let (channel, fee) = random.choose(&self.channels);
        let zone = random.choose(&show.zones);
        let mut total = 0;
        let mut ticket = || {
            let (tariff, price) = random.choose(&show.tariffs);
            total += price + fee;
            json!({ "show": show.id, "zone": zone, "tariff": tariff, "price": decimal(*price) })
        };
        let tickets = [ticket(), ticket()];
        let payment = json!([{ "method": random.choose(&self.methods), "amount": decimal(total) }]);
        let input = json!({
            "organisation": self.organisation, "idempotencyKey": KEY, "channel": channel, "seller": "till-1",
            "tickets": tickets, "payment": payment,
        });
        let bytes = address.request(SALE, &json!({ "input": input }));
        let key_at = super::client::find(&bytes, KEY.as_bytes()).unwrap_or_default();
        Template { bytes, key_at, show: number }
    }

    /// Input of a bulk sale without its key: lines of the same tickets of one show, paid.
    pub(super) fn bulk(&self, random: &mut Random, lines: usize, tickets: usize) -> Json {
        let show = random.choose(&self.shows);
        let (channel, fee) = random.choose(&self.channels);
        let (tariff, price) = random.choose(&show.tariffs);
        let paid = decimal((price + fee) * i64::try_from(tickets).unwrap_or(i64::MAX));
        json!({
            "organisation": self.organisation, "channel": channel, "seller": "till-1", "show": show.id,
            "zone": random.choose(&show.zones), "tariff": tariff, "method": random.choose(&self.methods),
            "lines": vec![json!({ "quantity": tickets, "paid": paid }); lines],
        })
    }

    /// A request for the places of every show, in the shop's order.
    pub(super) fn availabilities(&self, address: &Address, position: Option<u64>) -> Vec<Vec<u8>> {
        let request = |show: &Show| {
            let position = position.map(|position| position.to_string());
            let variables =
                json!({ "organisation": self.organisation, "show": show.id, "position": position });
            address.request(AVAILABILITY, &variables)
        };
        self.shows.iter().map(request).collect()
    }
}

/// Asks one thing after the other.
struct Till<'a> {
    connection: &'a mut Connection,
    address: Address,
    organisation: String,
    commands: u64,
}

impl Till<'_> {
    /// Submits a mutation and gives its payload; a user error is an error.
    async fn ask(&mut self, name: &str, selection: &str, mut input: Json) -> Result<Json> {
        self.commands += 1;
        input["organisation"] = json!(self.organisation);
        input["idempotencyKey"] = json!(format!("setup-{}", self.commands));
        let (first, rest) = name.split_at(1);
        let kind = format!("{}{rest}Input", first.to_uppercase());
        let query = format!(
            "mutation($input: {kind}!) {{ {name}(input: $input) {{ {selection} position userErrors {{ code field \
             message }} }} }}"
        );
        let request = self.address.request(&query, &json!({ "input": input }));
        let answer: Json = serde_json::from_slice(self.connection.exchange(&request).await?)?;
        let payload = &answer["data"][name];
        if payload["position"].is_null() || payload["userErrors"] != json!([]) {
            bail!("{name}: {answer}");
        }
        Ok(payload.clone())
    }

    /// Submits a mutation and gives the id of what it made.
    async fn made(&mut self, name: &str, field: &str, input: Json) -> Result<String> {
        let payload = self.ask(name, &format!("{field} {{ id }}"), input).await?;
        text(&payload[field]["id"])
    }

    async fn hall(&mut self) -> Result<(String, Vec<String>)> {
        let zones =
            json!([{ "name": "floor", "capacity": PLACES }, { "name": "balcony", "capacity": PLACES }]);
        let input = json!({ "name": "hall", "authorisedCapacity": PLACES, "zones": zones });
        let hall = &self.ask("hallDefine", "hall { id zones { id } }", input).await?["hall"];
        let zones = hall["zones"].as_array().context("no zones")?;
        Ok((text(&hall["id"])?, zones.iter().map(|zone| text(&zone["id"])).collect::<Result<_>>()?))
    }

    async fn show(&mut self, number: usize, hall: &str, zones: &[String]) -> Result<Show> {
        let on_sale: Vec<Json> = zones.iter().map(|zone| json!({ "zone": zone, "onSale": PLACES })).collect();
        let input = json!({
            "reference": format!("B-{number}"), "title": format!("Concert {number}"), "hall": hall,
            "zones": on_sale, "startsAt": "2100-06-01T20:30:00+02:00", "doorsAt": "2100-06-01T19:30:00+02:00",
            "saleFrom": "2001-01-01T00:00:00Z", "saleUntil": "2100-06-01T20:30:00+02:00",
            "territory": "FR-metropole",
        });
        let id = self.made("showSchedule", "show", input).await?;
        let mut tariffs = Vec::new();
        for (name, kind, price) in [("full", "FULL", 2_400), ("reduced", "REDUCED", 1_800)] {
            let prices: Vec<Json> =
                zones.iter().map(|zone| json!({ "zone": zone, "price": decimal(price) })).collect();
            let terms = json!({ "name": name, "kind": kind, "prices": prices, "vat": "5.5" });
            let tariff = self.made("tariffDefine", "tariff", json!({ "show": id, "terms": terms })).await?;
            tariffs.push((tariff, price));
        }
        self.ask("showOpen", "show { id }", json!({ "show": id })).await?;
        Ok(Show { id, zones: zones.to_vec(), tariffs })
    }
}

fn text(value: &Json) -> Result<String> {
    value.as_str().map(str::to_owned).with_context(|| format!("{value} is no text"))
}

/// Cents as a decimal string.
fn decimal(cents: i64) -> String {
    format!("{}.{:02}", cents / 100, cents % 100)
}

//! Channels through the API: a web shop, a box office with its till, a remote box office and a network, each as an actor
//! of its own.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use serde_json::{Value, json};
use soticket_schema::Timestamp;
use support::venue::{OURS, THEIRS, Venue};
use support::{Api, NOW};

fn id(payload: &Value, object: &str) -> String {
    payload[object]["id"].as_str().unwrap_or_else(|| panic!("no {object}: {payload}")).to_owned()
}

/// A channel of the venue and an actor that is bound to it.
struct Seller {
    channel: String,
    actor: String,
}

impl Seller {
    /// Registers an actor and binds it to the channel.
    async fn on(api: &Api, venue: &Venue, channel: &str, role: &str) -> Self {
        let fields = json!({ "kind": "TOKEN", "label": role });
        let actor =
            api.record("actorRegister", venue.input(&format!("{role}-actor"), fields), "actor { id }").await;
        let actor = id(&actor, "actor");
        let fields = json!({ "assigned": actor, "role": role, "channels": [channel] });
        let selection = "actor { id assigned { role channels { id } } }";
        let bound = api.record("actorAssign", venue.input(&format!("{role}-role"), fields), selection).await;
        assert_eq!(bound["actor"]["assigned"], json!({ "role": role, "channels": [{ "id": channel }] }));
        Self { channel: channel.to_owned(), actor }
    }

    /// Opens a channel of the kind, and goes on as [`Self::on`].
    async fn new(api: &Api, venue: &Venue, kind: &str, role: &str) -> Self {
        let fields = json!({ "name": role, "kind": kind });
        let opened = api
            .record("channelOpen", venue.input(&format!("{role}-channel"), fields), "channel { id }")
            .await;
        Self::on(api, venue, &id(&opened, "channel"), role).await
    }

    /// An input by this seller on its channel.
    fn input(&self, venue: &Venue, key: &str, mut fields: Value) -> Value {
        fields["actor"] = json!(self.actor);
        if fields.get("channel").is_none() {
            fields["channel"] = json!(self.channel);
        }
        venue.input(&format!("by-seller-{key}"), fields)
    }

    /// An input by this seller about something else than a channel.
    fn by(&self, venue: &Venue, key: &str, mut fields: Value) -> Value {
        fields["actor"] = json!(self.actor);
        venue.input(&format!("by-seller-{key}"), fields)
    }
}

async fn allot(api: &Api, venue: &Venue, channel: &str, count: i32, returns_at: Option<&str>) -> Value {
    let mut fields =
        json!({ "show": venue.show, "zone": venue.zone, "channel": channel, "places": { "count": count } });
    if let Some(returns_at) = returns_at {
        fields["returnsAt"] = json!(returns_at);
    }
    api.record("quotaAllocate", venue.input(&format!("allot-{channel}"), fields), "").await
}

const PLACES: &str = "availability { total { onSale sold held left oversold } zones { pool { places used left } channels \
                      { channel { id } quota quotaClosed returnsAt sold left flow { granted received given returned \
                      released kept } } } }";

/// Position of the last event: the read models are asked for no less.
fn last(api: &Api) -> String {
    let organisation = soticket_schema::OrganisationId::parse(OURS).unwrap();
    (api.ledger.head(organisation).unwrap().length - 1).to_string()
}

/// The show's places, as an actor sees them.
async fn places(api: &Api, venue: &Venue, actor: Option<&str>) -> Value {
    let query = format!(
        "query Q($id: ID!, $actor: ID, $show: ID!, $p: LogPosition) {{ organisation(id: $id, actor: $actor, minPosition: $p) {{ show(id: $show) {{ {PLACES} }} }} }}"
    );
    let variables = json!({ "id": OURS, "actor": actor, "show": venue.show, "p": last(api) });
    api.data(&query, variables).await["organisation"]["show"]["availability"].clone()
}

fn of<'a>(places: &'a Value, channel: &str) -> &'a Value {
    let channels = places["zones"][0]["channels"].as_array().unwrap();
    channels.iter().find(|row| row["channel"]["id"] == channel).unwrap()
}

#[tokio::test]
async fn a_producer_sells_on_its_own_site_and_a_network_reports() {
    let api = Api::start();
    let venue = Venue::open(&api, OURS).await;
    let shop = Seller::on(&api, &venue, &venue.web, "WEB_SHOP").await;
    let network = Seller::new(&api, &venue, "NETWORK", "NETWORK").await;
    allot(&api, &venue, &network.channel, 2, None).await;

    // The basket: two places are kept for ten minutes.
    let hold = json!({ "show": venue.show, "zone": venue.zone, "places": { "count": 2 },
        "expiresAt": "2026-03-08T20:10:00Z", "buyer": { "email": "a@example.org" } });
    let hold = api.record("holdPlace", shop.input(&venue, "basket", hold), "hold { id }").await;
    assert_eq!(of(&places(&api, &venue, Some(&shop.actor)).await, &venue.web)["left"], 38);

    // The checkout: the basket becomes an order, which is paid once the provider says so.
    let order = json!({ "holds": [id(&hold, "hold")], "tickets": venue.tickets(2), "buyer": { "email": "a@example.org" } });
    let order = api
        .record(
            "orderPlace",
            shop.input(&venue, "checkout", order),
            "order { id total { amount } tickets { id } }",
        )
        .await;
    assert_eq!(order["order"]["total"]["amount"], "51.60");
    let paid = json!({ "order": id(&order, "order"), "legs": [{ "method": venue.card, "amount": "51.60" }] });
    let paid = api.record("paymentRecord", shop.by(&venue, "paid", paid), "order { state }").await;
    assert_eq!(paid["order"]["state"], "PAID");

    // The refund of one ticket, whose service fee is kept.
    let back = json!({ "order": id(&order, "order"), "reason": "CUSTOMER",
        "tickets": [{ "ticket": order["order"]["tickets"][0]["id"], "feeKept": true }],
        "refund": [{ "method": venue.card, "amount": "24.00" }] });
    let back = api
        .record(
            "ticketsCancel",
            shop.by(&venue, "refund", back),
            "order { total { amount } open { amount } }",
        )
        .await;
    assert_eq!(back["order"], json!({ "total": { "amount": "27.60" }, "open": { "amount": "0.00" } }));
    assert_eq!(of(&places(&api, &venue, Some(&shop.actor)).await, &venue.web)["sold"], 1);

    // The network reports three sales of its two places: all are recorded, and the third is flagged.
    for (key, flags) in [("net-1", json!([])), ("net-2", json!([])), ("net-3", json!(["OverQuota"]))] {
        let ticket = json!({ "show": venue.show, "zone": venue.zone, "tariff": venue.full, "price": "24.00",
            "vat": "5.5", "codes": [{ "text": key, "symbology": "EAN13" }] });
        let sale = json!({ "source": "NETWORK", "occurredAt": "2026-03-08T12:00:00Z", "tickets": [ticket] });
        let told = api
            .record(
                "saleReport",
                network.input(&venue, key, sale),
                "events { payload } order { id tickets { id } }",
            )
            .await;
        assert_eq!(told["events"][0]["payload"]["flags"], flags, "{told}");
    }
    let all = places(&api, &venue, None).await;
    assert_eq!((&of(&all, &network.channel)["sold"], &of(&all, &venue.web)["sold"]), (&json!(3), &json!(1)));
    let again = json!({ "source": "NETWORK", "occurredAt": "2026-03-08T12:00:00Z", "tickets": [{ "show": venue.show,
        "zone": venue.zone, "tariff": venue.full, "price": "24.00", "vat": "5.5",
        "codes": [{ "text": "net-3", "symbology": "EAN13" }] }] });
    let again = api.record("saleReport", network.input(&venue, "net-3", again), "").await;
    assert_eq!(again["replayed"], true, "the same report twice is one");
}

#[tokio::test]
async fn an_actor_acts_on_its_own_channels_as_its_role_allows() {
    let api = Api::start();
    let venue = Venue::open(&api, OURS).await;
    let theirs = Venue::open(&api, THEIRS).await;
    let shop = Seller::on(&api, &venue, &venue.web, "WEB_SHOP").await;
    let desk = Seller::on(&api, &venue, &venue.desk, "BOX_OFFICE").await;
    let order = venue.sell(&api, "at-the-desk", 1).await;
    let actor = |name: &str| json!([name]);

    let sale = json!({ "channel": venue.desk, "tickets": venue.tickets(1) });
    let refused = api.refused("orderPlace", shop.input(&venue, "other", sale)).await;
    assert_eq!(refused, ("CHANNEL_NOT_ALLOWED".into(), actor("channel")));
    let pay = json!({ "order": order["id"], "legs": [{ "method": venue.card, "amount": "1.00" }] });
    let refused = api.refused("moneyReturn", shop.by(&venue, "other", pay)).await;
    assert_eq!(refused, ("CHANNEL_NOT_ALLOWED".into(), actor("order")));
    let gate = json!({ "name": "B" });
    let refused = api.refused("gateDefine", shop.by(&venue, "other", gate)).await;
    assert_eq!(refused, ("ACTOR_NOT_ALLOWED".into(), actor("actor")));
    let ours = json!({ "assigned": shop.actor, "role": "WEB_SHOP", "channels": [theirs.web] });
    let refused = api.refused("actorAssign", venue.input("foreign", ours)).await;
    assert_eq!(refused, ("CHANNEL_UNKNOWN".into(), json!(["channels", "0"])));
    let kind = json!({ "assigned": shop.actor, "role": "NETWORK", "channels": [venue.web] });
    let refused = api.refused("actorAssign", venue.input("kind", kind)).await;
    assert_eq!(refused, ("CHANNEL_KIND_MISMATCH".into(), json!(["channels", "0"])));
    let theirs = json!({ "assigned": theirs.device, "role": "WEB_SHOP", "channels": [] });
    let refused = api.refused("actorAssign", venue.input("theirs", theirs)).await;
    assert_eq!(refused, ("ACTOR_UNKNOWN".into(), actor("assigned")));

    // Reads follow: its own order, and no list of everybody's.
    let read = |actor: Value, selection: &'static str| {
        let query = format!(
            "query Q($id: ID!, $actor: ID) {{ organisation(id: $id, actor: $actor) {{ {selection} }} }}"
        );
        let api = &api;
        async move { api.ask(&query, json!({ "id": OURS, "actor": actor })).await.json() }
    };
    for selection in [
        "orders { nodes { id } }",
        "tickets { nodes { id } }",
        "settlement { paid { amount } }",
        "events { nodes { position } }",
    ] {
        let told = read(json!(shop.actor), selection).await;
        assert_eq!(told["errors"][0]["extensions"]["code"], "FORBIDDEN", "{selection}: {told}");
    }
    let unknown = read(json!(venue.show), "name").await;
    assert_eq!(unknown["errors"][0]["extensions"]["code"], "BAD_USER_INPUT");
    let query = "query Q($id: ID!, $actor: ID, $order: ID!, $p: LogPosition) { organisation(id: $id, actor: $actor, minPosition: $p) { order(id: $order) { id } } }";
    for (actor, seen) in [(&shop.actor, false), (&desk.actor, true), (&venue.device, true)] {
        let data = api
            .data(query, json!({ "id": OURS, "actor": actor, "order": order["id"], "p": last(&api) }))
            .await;
        assert_eq!(!data["organisation"]["order"].is_null(), seen);
    }
}

#[tokio::test]
async fn a_remote_box_office_sees_and_sells_its_own_quota_only() {
    let api = Api::start();
    let venue = Venue::open(&api, OURS).await;
    let remote = Seller::new(&api, &venue, "REMOTE_BOX_OFFICE", "REMOTE_BOX_OFFICE").await;
    venue.sell(&api, "at-the-desk", 3).await;

    // No quota: nothing to see, nothing to sell, though the pool has thirty places.
    let seen = places(&api, &venue, Some(&remote.actor)).await;
    assert_eq!(seen["total"], json!({ "onSale": 0, "sold": 0, "held": 0, "left": 0, "oversold": 0 }));
    assert_eq!(seen["zones"][0]["pool"], json!({ "places": 0, "used": 0, "left": 0 }));
    let sale = |count| json!({ "tickets": venue.tickets(count) });
    let refused = api.refused("orderPlace", remote.input(&venue, "none", sale(1))).await;
    assert_eq!(refused, ("QUOTA_CLOSED".into(), json!(["tickets", "0", "zone"])));

    let last = allot(&api, &venue, &remote.channel, 5, None).await;
    api.record("orderPlace", remote.input(&venue, "two", sale(2)), "order { id }").await;
    let refused = api.refused("orderPlace", remote.input(&venue, "four", sale(4))).await;
    assert_eq!(refused, ("QUOTA_EXCEEDED".into(), json!(["tickets", "3"])));
    assert!(last["position"].is_string());
    let give = json!({ "show": venue.show, "zone": venue.zone, "places": { "count": 1 } });
    let selection = format!("show {{ {PLACES} }}");
    let given = api.record("quotaReturn", remote.input(&venue, "back", give), &selection).await;
    // The payload is scoped too.
    let seen = &given["show"]["availability"];
    assert_eq!(seen["total"], json!({ "onSale": 4, "sold": 2, "held": 0, "left": 2, "oversold": 0 }));
    let channels = seen["zones"][0]["channels"].as_array().unwrap();
    assert_eq!(channels.len(), 1, "no other channel is seen: {seen}");
    let flow = json!({ "granted": 5, "received": 0, "given": 0, "returned": 1, "released": 0, "kept": 0 });
    assert_eq!((&channels[0]["channel"]["id"], &channels[0]["flow"]), (&json!(remote.channel), &flow));
    // Nobody in particular sees it all.
    let all = places(&api, &venue, None).await;
    assert_eq!((&all["total"]["sold"], &all["zones"][0]["pool"]["left"]), (&json!(5), &json!(26)));
}

#[tokio::test]
async fn a_quota_goes_back_by_itself() {
    let now = Arc::new(AtomicI64::new(NOW.0));
    let shown = Arc::clone(&now);
    let api = Api::with_clock(Arc::new(move || Timestamp(shown.load(Ordering::Relaxed))));
    let venue = Venue::open(&api, OURS).await;
    let network = Seller::new(&api, &venue, "NETWORK", "NETWORK").await;
    let past = json!({ "show": venue.show, "zone": venue.zone, "channel": network.channel, "places": { "count": 1 },
        "returnsAt": "2026-03-08T20:00:00Z" });
    let refused = api.refused("quotaAllocate", venue.input("past", past)).await;
    assert_eq!(refused, ("TIME_ORDER".into(), json!(["returnsAt"])));
    allot(&api, &venue, &network.channel, 10, Some("2026-03-13T12:00:00Z")).await;
    let sale = json!({ "tickets": venue.tickets(4) });
    api.record("orderPlace", network.input(&venue, "four", sale), "order { id }").await;
    let before = places(&api, &venue, None).await;
    let row = of(&before, &network.channel);
    assert_eq!(
        (&row["quota"], &row["left"], &row["returnsAt"]),
        (&json!(10), &json!(6), &json!("2026-03-13T12:00:00Z"))
    );
    assert_eq!(before["zones"][0]["pool"]["left"], 20);

    // It is moved by an hour, and passes: the rest is free before any event says so.
    let later = json!({ "show": venue.show, "zone": venue.zone, "channel": network.channel, "returnsAt": "2026-03-13T13:00:00Z" });
    api.record("quotaDeadlineSet", venue.input("later", later), "").await;
    now.store(Timestamp::parse("2026-03-13T12:30:00Z").unwrap().0, Ordering::Relaxed);
    assert_eq!(of(&places(&api, &venue, None).await, &network.channel)["left"], 6);
    now.store(Timestamp::parse("2026-03-13T13:00:00Z").unwrap().0, Ordering::Relaxed);
    let after = places(&api, &venue, None).await;
    let row = of(&after, &network.channel);
    assert_eq!((&row["quota"], &row["quotaClosed"]), (&Value::Null, &json!(true)));
    assert_eq!(
        row["flow"],
        json!({ "granted": 10, "received": 0, "given": 0, "returned": 0, "released": 6, "kept": 4 })
    );
    assert_eq!(after["zones"][0]["pool"]["left"], 26);

    // The next decision about the show records it first.
    let sale = json!({ "channel": venue.desk, "tickets": venue.tickets(1) });
    let sold = api.record("orderPlace", venue.input("next", sale), "events { kind }").await;
    assert_eq!(sold["events"], json!([{ "kind": "QUOTAS_EXPIRED" }, { "kind": "ORDER_PLACED" }]));
    let recorded = places(&api, &venue, None).await;
    assert_eq!(of(&recorded, &network.channel), row);
}

const SESSION: &str = "session { id number till float { amount } closedAt orders ticketsSold ticketsCancelled corrected methods \
                       { method { id } payments { amount } returns { amount } expected { amount } counted { amount } \
                       difference { amount } late { amount } lateEntries correctedDifference { amount } } movements \
                       { direction reason amount { amount } late } }";

fn amount(method: &Value, name: &str) -> String {
    method[name]["amount"].as_str().unwrap_or("-").to_owned()
}

#[tokio::test]
async fn a_till_is_opened_sold_at_counted_and_closed() {
    let api = Api::start();
    let venue = Venue::open(&api, OURS).await;
    let desk = Seller::on(&api, &venue, &venue.desk, "BOX_OFFICE").await;
    let open = json!({ "till": "guichet 1", "cash": venue.cash, "float": "100.00" });
    let opened = api.record("tillOpen", desk.input(&venue, "till-open", open.clone()), SESSION).await;
    let session = id(&opened, "session");
    let refused = api.refused("tillOpen", desk.input(&venue, "twice", open)).await;
    assert_eq!(refused, ("TILL_ALREADY_OPEN".into(), json!(["till"])));
    let precise = json!({ "till": "2", "cash": venue.cash, "float": "0.001" });
    let refused = api.refused("tillOpen", desk.input(&venue, "precise", precise)).await;
    assert_eq!(refused, ("AMOUNT_PRECISION".into(), json!(["float"])));

    // Two tickets in cash, one by card, 50.00 to the safe, one ticket back in cash.
    let sale = |count: usize, method: &str| {
        let payment = [json!({ "method": method, "amount": format!("{}.00", 24 * count) })];
        json!({ "seller": "guichet 1", "tickets": venue.tickets(count), "payment": payment })
    };
    let order = api
        .record("orderPlace", desk.input(&venue, "cash", sale(2, &venue.cash)), "order { id tickets { id } }")
        .await;
    api.record("orderPlace", desk.input(&venue, "card", sale(1, &venue.card)), "").await;
    let safe = json!({ "session": session, "direction": "OUT", "reason": "DEPOSIT", "amount": "50.00" });
    api.record("tillCashMove", desk.by(&venue, "safe", safe), SESSION).await;
    let back = json!({ "order": id(&order, "order"), "reason": "CUSTOMER",
        "tickets": [{ "ticket": order["order"]["tickets"][0]["id"] }],
        "refund": [{ "method": venue.cash, "amount": "24.00" }] });
    api.record("ticketsCancel", desk.by(&venue, "back", back), "").await;

    let count = |counted: &str| json!({ "session": session, "counts": [{ "method": venue.cash, "counted": counted }] });
    let none = json!({ "session": session, "counts": [] });
    let refused = api.refused("tillClose", desk.by(&venue, "uncounted", none)).await;
    assert_eq!(refused, ("CASH_NOT_COUNTED".into(), json!(["counts"])));
    let closed = api.record("tillClose", desk.by(&venue, "close", count("73.50")), SESSION).await;
    let told = &closed["session"];
    let figures = ["orders", "ticketsSold", "ticketsCancelled"].map(|name| told[name].clone());
    assert_eq!(figures, [json!(2), json!(3), json!(1)]);
    let methods = told["methods"].as_array().unwrap();
    let row = |method: &Value| {
        ["payments", "returns", "expected", "counted", "difference"].map(|name| amount(method, name))
    };
    assert_eq!(row(&methods[0]), ["24.00", "0.00", "24.00", "-", "-"]);
    assert_eq!(row(&methods[1]), ["48.00", "24.00", "74.00", "73.50", "-0.50"]);

    // Fifty cents of change had been taken out and forgotten: recorded as a fact, and flagged.
    let forgotten = |at: Value| {
        let mut fields =
            json!({ "session": session, "direction": "OUT", "reason": "EXPENSE", "amount": "0.50" });
        fields["occurredAt"] = at;
        fields
    };
    let refused = api.refused("tillCashMove", desk.by(&venue, "late", forgotten(Value::Null))).await;
    assert_eq!(refused, ("TILL_SESSION_CLOSED".into(), json!(["session"])));
    let late = desk.by(&venue, "late", forgotten(json!("2026-03-08T19:59:00Z")));
    let late = api.record("tillCashMove", late, SESSION).await;
    assert_eq!(late["session"]["corrected"], true);
    let cash = &late["session"]["methods"][1];
    assert_eq!(
        ["late", "difference", "correctedDifference"].map(|name| amount(cash, name)),
        ["-0.50", "-0.50", "0.00"]
    );

    let list = |actor: Value, open: Value| {
        let query = "query Q($id: ID!, $actor: ID, $open: Boolean, $session: ID!, $p: LogPosition) { organisation(id: $id, actor: $actor, minPosition: $p) \
                     { tillSessions(open: $open) { nodes { till } } tillSession(id: $session) { till } } node(id: $session) \
                     { id ... on TillSession { till channel { name } operator { label } } } }";
        let api = &api;
        let session = &session;
        async move {
            api.data(
                query,
                json!({ "id": OURS, "actor": actor, "open": open, "session": session, "p": last(api) }),
            )
            .await
        }
    };
    let all = list(Value::Null, Value::Null).await;
    assert_eq!(all["organisation"]["tillSessions"]["nodes"], json!([{ "till": "guichet 1" }]));
    assert_eq!(all["node"]["operator"]["label"], "BOX_OFFICE");
    assert_eq!(list(Value::Null, json!(true)).await["organisation"]["tillSessions"]["nodes"], json!([]));
    let shop = Seller::on(&api, &venue, &venue.web, "WEB_SHOP").await;
    let others = list(json!(shop.actor), Value::Null).await;
    assert_eq!(others["organisation"], json!({ "tillSessions": { "nodes": [] }, "tillSession": null }));
}

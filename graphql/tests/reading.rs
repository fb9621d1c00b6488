//! Pages, ids, the log and the catalogue through the API.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;

use serde_json::{Value, json};
use support::Api;
use support::venue::{OURS, THEIRS, Venue};

async fn organisation(api: &Api, id: &str, selection: &str, variables: Value) -> Value {
    let query = format!(
        "query Q($after: String, $before: String) {{ organisation(id: \"{id}\") {{ {selection} }} }}"
    );
    api.data(&query, variables).await["organisation"].clone()
}

/// Waits until the read models hold everything.
async fn settled(api: &Api, organisation: &str) {
    let length =
        api.ledger.head(soticket_schema::OrganisationId::parse(organisation).unwrap()).unwrap().length;
    let query = "query Q($id: ID!, $p: LogPosition) { organisation(id: $id, minPosition: $p) { id } }";
    api.as_owner(organisation)
        .data(query, json!({ "id": organisation, "p": (length - 1).to_string() }))
        .await;
}

#[tokio::test]
async fn connections_go_both_ways_and_meet() {
    let api = Api::start();
    let venue = Venue::open(&api, OURS).await;
    for n in 0..7 {
        venue.sell(&api, &format!("sale-{n}"), 2).await;
    }
    settled(&api, OURS).await;
    for (list, nodes) in [("orders", 7), ("tickets", 14), ("events", 0)] {
        let selection = |arguments: &str| {
            format!(
                "{list}({arguments}) {{ edges {{ cursor }} pageInfo {{ hasNextPage hasPreviousPage endCursor startCursor }} }}"
            )
        };
        let mut forward = Vec::new();
        let mut after = Value::Null;
        loop {
            let page = organisation(
                &api,
                OURS,
                &selection("first: 3, after: $after, before: $before"),
                json!({ "after": after }),
            )
            .await;
            let page = &page[list];
            forward.extend(page["edges"].as_array().unwrap().iter().map(|edge| edge["cursor"].clone()));
            after = page["pageInfo"]["endCursor"].clone();
            if page["pageInfo"]["hasNextPage"] == false {
                break;
            }
        }
        let mut backward = Vec::new();
        let mut before = Value::Null;
        loop {
            let page = organisation(
                &api,
                OURS,
                &selection("last: 4, before: $before, after: $after"),
                json!({ "before": before }),
            )
            .await;
            let page = &page[list];
            let cursors: Vec<Value> =
                page["edges"].as_array().unwrap().iter().map(|edge| edge["cursor"].clone()).collect();
            backward.splice(0..0, cursors);
            before = page["pageInfo"]["startCursor"].clone();
            if page["pageInfo"]["hasPreviousPage"] == false {
                break;
            }
        }
        assert_eq!(forward, backward, "{list}");
        assert!(nodes == 0 || forward.len() == nodes, "{list}: {}", forward.len());
        let mut unique = forward.clone();
        unique.dedup();
        assert_eq!(unique.len(), forward.len(), "{list}");
    }
    let show = |arguments: &str| {
        format!(
            "show(id: \"{}\") {{ tickets({arguments}) {{ nodes {{ number }} }} orders(first: 2) {{ nodes {{ number }} }} }}",
            venue.show
        )
    };
    let use_both = |selection: String| {
        format!("{selection} orders(first: 1, after: $after, before: $before) {{ nodes {{ id }} }}")
    };
    let first = organisation(&api, OURS, &use_both(show("first: 3")), json!({})).await;
    let last = organisation(&api, OURS, &use_both(show("last: 3")), json!({})).await;
    let numbers = |page: &Value| -> Vec<u64> {
        let nodes = page["show"]["tickets"]["nodes"].as_array().unwrap().iter();
        nodes.map(|node| node["number"].as_str().unwrap().parse().unwrap()).collect()
    };
    let (first, last) = (numbers(&first), numbers(&last));
    assert!(first.windows(2).all(|pair| pair[0] < pair[1]) && last.windows(2).all(|pair| pair[0] < pair[1]));
    assert_eq!(last[2] - first[0], 13);
}

#[tokio::test]
async fn pages_that_cannot_be_are_errors_of_the_field_alone() {
    let api = Api::start();
    Venue::open(&api, OURS).await;
    for arguments in
        ["first: 101", "first: 0", "last: -1", "first: 1, last: 1", "first: 1, after: \"nonsense\""]
    {
        let query =
            format!("{{ organisation(id: \"{OURS}\") {{ orders({arguments}) {{ nodes {{ id }} }} }} }}");
        let answer = api.ask(&query, json!({})).await;
        assert_eq!(answer.code(), "BAD_USER_INPUT", "{arguments}: {}", answer.body);
        assert_eq!(answer.status, 200);
        assert!(answer.json().as_object().unwrap().contains_key("data"));
    }
}

#[tokio::test]
async fn an_id_of_another_organisation_is_unknown_and_tells_nothing() {
    let api = Api::start();
    let ours = Venue::open(&api, OURS).await;
    let theirs = Venue::open(&api, THEIRS).await;
    let order = theirs.sell(&api, "their-sale", 1).await;
    settled(&api, THEIRS).await;
    let foreign = json!({ "channel": ours.desk, "tickets": [
        { "show": ours.show, "zone": ours.zone, "tariff": ours.full },
        { "show": theirs.show, "zone": ours.zone, "tariff": ours.full }] });
    let (code, field) = api.refused("orderPlace", ours.input("x", foreign)).await;
    assert_eq!((code.as_str(), field), ("SHOW_UNKNOWN", json!(["tickets", "1", "show"])));
    let cases = [
        ("showClose", json!({ "show": theirs.show }), "SHOW_UNKNOWN", "show"),
        ("showClose", json!({ "show": "nonsense" }), "SHOW_UNKNOWN", "show"),
        ("showClose", json!({ "show": ours.hall }), "SHOW_UNKNOWN", "show"),
        ("channelClose", json!({ "channel": theirs.web }), "CHANNEL_UNKNOWN", "channel"),
        (
            "moneyReturn",
            json!({ "order": order["id"], "legs": [{ "method": ours.card, "amount": "1.00" }] }),
            "ORDER_UNKNOWN",
            "order",
        ),
        ("holdRelease", json!({ "hold": theirs.show }), "HOLD_UNKNOWN", "hold"),
        (
            "actorRegister",
            json!({ "kind": "DEVICE", "label": "d", "actor": theirs.device }),
            "ACTOR_UNKNOWN",
            "actor",
        ),
    ];
    for (n, (name, fields, code, field)) in cases.into_iter().enumerate() {
        let refused = api.refused(name, ours.input(&format!("key-{n}"), fields)).await;
        assert_eq!(refused, (code.to_owned(), json!([field])), "{name}");
    }
    let read = organisation(
        &api,
        OURS,
        &format!("order(id: {}) {{ id }} show(id: \"{}\") {{ id }} orders(after: $after, before: $before) {{ nodes {{ id }} }}", order["id"], theirs.show),
        json!({}),
    )
    .await;
    assert_eq!(read, json!({ "order": null, "show": null, "orders": { "nodes": [] } }));
}

#[tokio::test]
async fn anything_is_found_by_its_global_id() {
    let api = Api::start();
    let venue = Venue::open(&api, OURS).await;
    let order = venue.sell(&api, "sale", 1).await;
    settled(&api, OURS).await;
    let ids = json!([
        venue.organisation,
        venue.hall,
        venue.zone,
        venue.show,
        venue.full,
        venue.web,
        venue.card,
        venue.gate,
        venue.device,
        venue.product,
        order["id"],
        order["tickets"][0]["id"],
        "nonsense"
    ]);
    let data =
        api.data("query Q($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }", json!({ "ids": ids })).await;
    let kinds: Vec<Value> =
        data["nodes"].as_array().unwrap().iter().map(|node| node["__typename"].clone()).collect();
    let expected = [
        "Organisation",
        "Hall",
        "Zone",
        "Show",
        "Tariff",
        "Channel",
        "Method",
        "Gate",
        "Actor",
        "Product",
        "Order",
        "Ticket",
    ];
    assert_eq!(kinds[..12], expected.map(Value::from));
    assert_eq!(data["nodes"][12], Value::Null);
    for (n, node) in data["nodes"].as_array().unwrap().iter().take(12).enumerate() {
        assert_eq!(node["id"], ids[n]);
    }
}

#[tokio::test]
async fn the_log_can_be_followed_link_by_link() {
    let api = Api::start();
    Venue::open(&api, OURS).await;
    settled(&api, OURS).await;
    let selection = "events(first: 100, after: $after, before: $before) { nodes { position hash previous kind recordedAt \
                     occurredAt part parts command actor { label } payload } } checkpoint { position hash } \
                     verification { recorded followed failure }";
    let read = organisation(&api, OURS, selection, json!({})).await;
    let events = read["events"]["nodes"].as_array().unwrap();
    for (position, pair) in events.windows(2).enumerate() {
        assert_eq!(pair[0]["position"], position.to_string());
        assert_eq!(pair[0]["hash"], pair[1]["previous"]);
    }
    let last = events.last().unwrap();
    assert_eq!(read["checkpoint"], json!({ "position": last["position"], "hash": last["hash"] }));
    assert_eq!(events[0]["kind"], "ORGANISATION_OPENED");
    assert_eq!(events[0]["payload"]["parameters"]["time_zone"], "Europe/Paris");
    let count = events.len().to_string();
    assert_eq!(read["verification"], json!({ "recorded": count, "followed": count, "failure": null }));
}

#[tokio::test]
async fn the_catalogue_reads_as_it_was_defined() {
    let api = Api::start();
    let venue = Venue::open(&api, OURS).await;
    let parameters = json!({ "name": "La Grange II", "timeZone": "Europe/Paris", "rounding": "PER_TICKET" });
    api.record(
        "organisationChange",
        venue.input("change", json!({ "parameters": parameters })),
        "organisation { name rounding }",
    )
    .await;
    let terms = json!({ "tariff": venue.full, "terms": { "name": "Plein", "kind": "FULL", "vat": "5.5",
        "prices": [{ "zone": venue.zone, "price": "25.00" }], "channels": [venue.desk] } });
    let tariff = api
        .record(
            "tariffChange",
            venue.input("dearer", terms),
            "tariff { prices { price { amount } zone { name } } channels { name } }",
        )
        .await;
    assert_eq!(tariff["tariff"]["prices"][0]["price"]["amount"], "25.00");
    api.record("channelClose", venue.input("gone", json!({ "channel": venue.web })), "channel { closed }")
        .await;
    let closed =
        api.record("showClose", venue.input("over", json!({ "show": venue.show })), "show { state }").await;
    assert_eq!(closed["show"]["state"], "CLOSED");
    settled(&api, OURS).await;
    let selection = "id name mode currency timeZone rounding halls { name authorisedCapacity zones { name seats { label } } } \
                     gates { name } channels { name kind closed feeOnTop { amount currency } feeVat } \
                     methods { name kind } products { name kind } actors { kind label } \
                     shows(first: 5, after: $after, before: $before) { nodes { reference startsAt rounding tariffs { name kind } } } \
                     showByReference(reference: \"S-1\") { state }";
    let read = organisation(&api, OURS, selection, json!({})).await;
    assert_eq!(read["name"], "La Grange II");
    assert_eq!(
        read["channels"][0],
        json!({ "name": "Site", "kind": "OWN_SITE", "closed": true,
        "feeOnTop": { "amount": "1.80", "currency": "EUR" }, "feeVat": "20" })
    );
    assert_eq!(read["shows"]["nodes"][0]["startsAt"], "2026-03-14T19:30:00Z");
    assert_eq!(
        read["shows"]["nodes"][0]["rounding"], "DOCUMENT",
        "a show keeps the policy that it was scheduled under"
    );
    assert_eq!(read["showByReference"]["state"], "CLOSED");
    let organisations = api.data("{ organisations { id name } }", json!({})).await;
    assert_eq!(organisations["organisations"], json!([{ "id": OURS, "name": "La Grange II" }]));
}

#[tokio::test]
async fn a_position_that_does_not_come_is_a_stale_read() {
    let api = Api::start();
    Venue::open(&api, OURS).await;
    let query = format!(
        "{{ organisation(id: \"{OURS}\", minPosition: \"1000000\") {{ id }} organisations {{ id }} }}"
    );
    let answer = api.ask(&query, json!({})).await;
    assert_eq!(answer.code(), "STALE_READ");
    let json = answer.json();
    assert_eq!(json["errors"][0]["extensions"]["retryable"], true);
    assert_eq!(json["data"], json!({ "organisation": null, "organisations": [{ "id": OURS }] }));
}

//! What subscriptions send: the log without a gap, and the latest of every figure.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use soticket_graphql::LiveTimes;
use support::live::{Events, Served, Socket, serve_live};
use support::venue::{OURS, THEIRS, Venue};
use support::{Api, input};

const EVENTS: &str = "subscription ($o: ID!, $after: LogPosition, $all: Boolean, $show: ID, $kinds: [EventKind!]) { \
                      events(organisation: $o, afterPosition: $after, fromBeginning: $all, show: $show, kinds: $kinds) { \
                      position event { position kind hash previous } } }";

async fn start() -> (Api, Venue, Served) {
    let api = Api::start();
    let venue = Venue::open(&api, OURS).await;
    let served = serve_live(&api, LiveTimes::default()).await;
    (api, venue, served)
}

fn position(advance: &Value) -> u64 {
    advance["events"]["position"].as_str().unwrap().parse().unwrap()
}

#[tokio::test]
async fn the_whole_log_comes_in_order_and_goes_on_as_it_grows() {
    let (api, venue, served) = start().await;
    let mut socket = Socket::ready(served.address).await;
    socket.subscribe("1", EVENTS, json!({ "o": OURS, "all": true })).await;
    let recorded = api.ledger.heads()[0].1.length;
    let mut previous = Value::Null;
    for expected in 0..recorded {
        let advance = socket.next("1").await;
        let event = &advance["events"]["event"];
        assert_eq!((position(&advance), &event["position"]), (expected, &json!(expected.to_string())));
        assert!(previous.is_null() || event["previous"] == previous, "the chain goes on");
        previous = event["hash"].clone();
    }
    for number in 0..3 {
        venue.sell(&api, &format!("s{number}"), 1).await;
        // A paid sale is two events.
        for _ in 0..2 {
            let advance = socket.next("1").await;
            assert_eq!(advance["events"]["event"]["previous"], previous);
            previous = advance["events"]["event"]["hash"].clone();
        }
    }
    assert_eq!(api.ledger.heads()[0].1.hash.to_string(), previous.as_str().unwrap());
}

#[tokio::test]
async fn without_a_position_it_begins_with_where_the_log_ends() {
    let (api, venue, served) = start().await;
    let mut socket = Socket::ready(served.address).await;
    socket.subscribe("1", EVENTS, json!({ "o": OURS })).await;
    let last = api.ledger.heads()[0].1.length - 1;
    let first = socket.next("1").await;
    assert_eq!(first["events"], json!({ "position": last.to_string(), "event": null }));
    venue.sell(&api, "a", 1).await;
    let next = socket.next("1").await;
    assert_eq!((position(&next), &next["events"]["event"]["kind"]), (last + 1, &json!("ORDER_PLACED")));
}

#[tokio::test]
async fn a_filter_leaves_events_out_and_positions_go_on() {
    let (api, venue, served) = start().await;
    let other = support::venue::show_fields(&venue.hall, &venue.zone, "S-2");
    let other =
        api.record("showSchedule", input(OURS, "other", other), "show { id }").await["show"]["id"].clone();
    let recorded = api.ledger.heads()[0].1.length;
    let mut socket = Socket::ready(served.address).await;
    let variables = json!({ "o": OURS, "all": true, "show": venue.show });
    socket.subscribe("show", EVENTS, variables).await;
    let mut of_show = Vec::new();
    loop {
        let advance = socket.next("show").await;
        match advance["events"]["event"]["kind"].as_str() {
            Some(kind) => of_show.push(kind.to_owned()),
            None => {
                assert_eq!(position(&advance), recorded - 1, "told how far it is, past what it left out");
                break;
            }
        }
    }
    assert_eq!(of_show.first().map(String::as_str), Some("SHOW_SCHEDULED"));
    assert_eq!(
        of_show.iter().filter(|kind| *kind == "SHOW_SCHEDULED").count(),
        1,
        "not the other's: {of_show:?}"
    );
    assert_eq!(of_show.last().map(String::as_str), Some("SHOW_OPENED"));
    socket.send(json!({ "type": "complete", "id": "show" })).await;

    let variables =
        json!({ "o": OURS, "after": (recorded - 1).to_string(), "show": other, "kinds": ["ORDER_PLACED"] });
    socket.subscribe("none", EVENTS, variables).await;
    let begun = Instant::now();
    let order = api.record("orderPlace", venue.sale("a", 1), "").await;
    let advance = socket.next("none").await;
    assert_eq!(advance["events"]["event"], Value::Null, "the order is not the other show's");
    assert_eq!(json!(position(&advance).to_string()), order["position"]);
    assert!(begun.elapsed() < Duration::from_secs(10));
    socket.send(json!({ "type": "complete", "id": "none" })).await;

    let variables = json!({ "o": OURS, "all": true, "kinds": ["ORDER_PLACED", "CHANNEL_OPENED"] });
    socket.subscribe("kinds", EVENTS, variables).await;
    for expected in ["CHANNEL_OPENED", "CHANNEL_OPENED", "ORDER_PLACED"] {
        assert_eq!(socket.next("kinds").await["events"]["event"]["kind"], expected);
    }
}

/// Longer than what is looked up at once, so that a show's events are found by the index.
#[tokio::test]
async fn a_show_is_found_in_a_long_log_with_the_same_events() {
    let (api, venue, served) = start().await;
    let show = support::venue::show_fields(&venue.hall, &venue.zone, "S-2");
    let show =
        api.record("showSchedule", input(OURS, "other", show), "show { id }").await["show"]["id"].clone();
    for number in 0..1_100 {
        let fields = json!({ "name": format!("Point de vente {number}"), "kind": "BOX_OFFICE" });
        api.record("channelOpen", input(OURS, &format!("c{number}"), fields), "").await;
        if number % 40 == 0 {
            venue.sell(&api, &format!("s{number}"), 1).await;
        }
    }
    let query = "query ($s: ID!, $after: String) { node(id: $s) { ... on Show { events(first: 100, after: $after) { \
                 nodes { position } pageInfo { endCursor hasNextPage } } } } }";
    let page = api.data(query, json!({ "s": venue.show })).await;
    assert_eq!(page["node"]["events"]["pageInfo"]["hasNextPage"], false, "one page");
    let expected: Vec<Value> = page["node"]["events"]["nodes"].as_array().unwrap().clone();
    assert!(expected.len() > 30);
    let mut socket = Socket::ready(served.address).await;
    socket.subscribe("1", EVENTS, json!({ "o": OURS, "all": true, "show": venue.show })).await;
    for expected in &expected {
        assert_eq!(socket.next("1").await["events"]["position"], expected["position"]);
    }
    let past = socket.next("1").await;
    assert_eq!(past["events"]["event"], Value::Null);
    socket
        .subscribe("2", EVENTS, json!({ "o": OURS, "all": true, "show": show, "kinds": ["SHOW_SCHEDULED"] }))
        .await;
    assert_eq!(socket.next("2").await["events"]["event"]["kind"], "SHOW_SCHEDULED");
}

#[tokio::test]
async fn what_cannot_be_followed_is_refused_without_saying_what_exists() {
    let (api, venue, served) = start().await;
    let theirs = Venue::open(&api, THEIRS).await;
    let mut socket = Socket::ready(served.address).await;
    let recorded = api.ledger.head(soticket_schema::OrganisationId::parse(OURS).unwrap()).unwrap().length;
    let availability = "subscription ($s: ID!) { availabilityChanged(show: $s) { position } }";
    let attendance = "subscription ($s: ID!) { attendanceChanged(show: $s) { position } }";
    let counters =
        "subscription ($o: ID!, $s: ID) { salesCounters(organisation: $o, show: $s) { position } }";
    let unknown = "33333333-3333-4333-8333-333333333333";
    let cases = [
        (EVENTS, json!({ "o": unknown }), "There is no such organisation."),
        (EVENTS, json!({ "o": "x" }), "There is no such organisation."),
        (EVENTS, json!({ "o": OURS, "show": theirs.show }), "There is no such show."),
        (EVENTS, json!({ "o": OURS, "show": venue.zone }), "There is no such show."),
        (
            EVENTS,
            json!({ "o": OURS, "after": recorded.to_string() }),
            "`afterPosition` lies beyond the end of the log.",
        ),
        (
            EVENTS,
            json!({ "o": OURS, "after": "18446744073709551615" }),
            "`afterPosition` lies beyond the end of the log.",
        ),
        (
            EVENTS,
            json!({ "o": OURS, "after": "1", "all": true }),
            "State `afterPosition` or `fromBeginning`, not both.",
        ),
        (availability, json!({ "s": venue.zone }), "There is no such show."),
        (availability, json!({ "s": "💥" }), "There is no such show."),
        (attendance, json!({ "s": OURS }), "There is no such show."),
        (counters, json!({ "o": unknown }), "There is no such organisation."),
        (counters, json!({ "o": OURS, "s": theirs.show }), "There is no such show."),
    ];
    for (query, variables, message) in cases {
        socket.subscribe("x", query, variables.clone()).await;
        let error = socket.error("x").await;
        assert_eq!(
            (&error["message"], &error["extensions"]["code"]),
            (&json!(message), &json!("BAD_USER_INPUT")),
            "{variables}"
        );
    }
}

#[tokio::test]
async fn figures_are_sent_at_once_and_then_the_latest_only() {
    let (api, venue, served) = start().await;
    let query = "subscription ($s: ID!) { availabilityChanged(show: $s) { position availability { total { sold left } } } }";
    let mut socket = Socket::ready(served.address).await;
    socket.subscribe("a", query, json!({ "s": venue.show })).await;
    let sold = |data: &Value| data["availabilityChanged"]["availability"]["total"]["sold"].as_i64().unwrap();
    assert_eq!(sold(&socket.next("a").await), 0);
    let begun = Instant::now();
    let mut last = Value::Null;
    for number in 0..30 {
        last = api.record("orderPlace", venue.sale(&format!("s{number}"), 1), "").await["position"].clone();
    }
    let selling = begun.elapsed();
    let mut heard = 0;
    let data = loop {
        let data = socket.next("a").await;
        heard += 1;
        if sold(&data) == 30 {
            break data;
        }
    };
    assert_eq!(data["availabilityChanged"]["position"], last);
    // Twice a second while it changes, and once more for the last change.
    let most = 2 + selling.as_millis() / 500;
    assert!(heard <= most, "{heard} payloads for 30 sales within {selling:?}");
    assert!(begun.elapsed() >= Duration::from_millis(400), "coalesced");
}

#[tokio::test]
async fn an_event_of_another_show_is_no_change() {
    let (api, venue, served) = start().await;
    let query = "subscription ($s: ID!) { availabilityChanged(show: $s) { position } }";
    let mut socket = Socket::ready(served.address).await;
    socket.subscribe("a", query, json!({ "s": venue.show })).await;
    socket.next("a").await;
    let fields = json!({ "name": "Autre", "kind": "BOX_OFFICE" });
    api.record("channelOpen", input(OURS, "another", fields), "").await;
    tokio::time::sleep(Duration::from_millis(2_500)).await;
    let order = api.record("orderPlace", venue.sale("one", 1), "").await;
    assert_eq!(socket.next("a").await["availabilityChanged"]["position"], order["position"]);
}

#[tokio::test]
async fn counters_and_attendance_agree_with_the_queries() {
    let (api, venue, served) = start().await;
    let counters = "subscription ($o: ID!, $s: ID) { salesCounters(organisation: $o, show: $s) { position day \
                    today { issued cancelled netAmount { amount } } total { issued netAmount { amount currency } } } }";
    let attendance = "subscription ($s: ID!) { attendanceChanged(show: $s) { position attendance { valid scanned present } } }";
    let mut socket = Socket::ready(served.address).await;
    socket.subscribe("all", counters, json!({ "o": OURS })).await;
    let first = socket.next("all").await;
    assert_eq!(first["salesCounters"]["total"]["issued"], 0);
    assert_eq!(first["salesCounters"]["day"], "2026-03-08");
    venue.sell(&api, "a", 3).await;
    let next = socket.next("all").await;
    let total = json!({ "issued": 3, "netAmount": { "amount": "72.00", "currency": "EUR" } });
    assert_eq!(next["salesCounters"]["total"], total);
    assert_eq!(
        next["salesCounters"]["today"],
        json!({ "issued": 3, "cancelled": 0, "netAmount": { "amount": "72.00" } })
    );
    socket.subscribe("show", counters, json!({ "o": OURS, "s": venue.show })).await;
    assert_eq!(socket.next("show").await["salesCounters"]["total"], total);

    venue.set_rules(&api, "rules", support::gate::open_rules()).await;
    let mut doors = Socket::ready(served.address).await;
    doors.subscribe("came", attendance, json!({ "s": venue.show })).await;
    let came = doors.next("came").await["attendanceChanged"]["attendance"].clone();
    assert_eq!(came["scanned"].as_i64().unwrap_or_default(), 0, "{came}");
    let codes = venue.sold_codes(&api, "coded", 1).await;
    let scan = json!({ "code": codes[0], "show": venue.show, "gate": venue.gate, "device": venue.device, "nonce": "1",
        "occurredAt": "2026-03-08T19:59:00Z" });
    api.record("scanReport", venue.input("scan", scan), "").await;
    loop {
        let came = doors.next("came").await["attendanceChanged"]["attendance"].clone();
        if came["present"] == 1 {
            let query =
                "query ($s: ID!) { node(id: $s) { ... on Show { attendance { valid scanned present } } } }";
            assert_eq!(api.data(query, json!({ "s": venue.show })).await["node"]["attendance"], came);
            break;
        }
    }
}

#[tokio::test]
async fn events_come_as_server_sent_events_too() {
    let (api, venue, served) = start().await;
    let mut events = Events::subscribe(served.address, EVENTS, json!({ "o": OURS })).await;
    assert!(events.head.starts_with("http/1.1 200"), "{}", events.head);
    assert!(events.head.contains("content-type: text/event-stream"), "{}", events.head);
    assert!(events.head.contains("cache-control: no-store"), "{}", events.head);
    assert_eq!(events.chunk().await.unwrap(), ":\n\n", "connected");
    let (name, data) = events.event().await.unwrap();
    assert_eq!((name.as_str(), &data["data"]["events"]["event"]), ("next", &Value::Null));
    let order = api.record("orderPlace", venue.sale("a", 1), "").await;
    // The order, then its payment, which is the last of the command.
    for kind in ["ORDER_PLACED", "PAYMENT_RECORDED"] {
        let (name, data) = events.event().await.unwrap();
        let event = &data["data"]["events"];
        assert_eq!((name.as_str(), &event["event"]["kind"]), ("next", &Value::from(kind)));
        assert_eq!(event["position"] == order["position"], kind != "ORDER_PLACED", "{event}");
    }
    served.stop().await;
    assert!(events.chunk().await.is_none(), "it ends with the service");
}

#[tokio::test]
async fn one_answer_and_every_error_come_as_events() {
    let (_api, _venue, served) = start().await;
    let address = served.address;
    let mut one = Events::subscribe(address, "{ __typename }", json!({})).await;
    assert_eq!(one.event().await.unwrap(), ("next".to_owned(), json!({ "data": { "__typename": "Query" } })));
    assert_eq!(one.event().await.unwrap(), ("complete".to_owned(), Value::Null));
    assert!(one.chunk().await.is_none());
    for (query, code) in [
        ("{", "GRAPHQL_PARSE_FAILED"),
        ("{ nosuch }", "GRAPHQL_VALIDATION_FAILED"),
        ("subscription { events(organisation: \"x\") { position } }", "BAD_USER_INPUT"),
    ] {
        let mut events = Events::subscribe(address, query, json!({})).await;
        assert!(events.head.starts_with("http/1.1 200"), "{}", events.head);
        let (name, data) = events.event().await.unwrap();
        assert_eq!(
            (name.as_str(), &data["errors"][0]["extensions"]["code"]),
            ("next", &json!(code)),
            "{query}"
        );
        assert_eq!(events.event().await.unwrap().0, "complete");
    }
    let by_get = Events::open(address, "GET", "/graphql?query=%7B__typename%7D", "").await;
    assert!(by_get.head.starts_with("http/1.1 200"), "{}", by_get.head);
    let mutation = Events::open(address, "GET", "/graphql?query=mutation%7Ba%7D", "").await;
    assert!(mutation.head.starts_with("http/1.1 405"), "{}", mutation.head);
    let malformed = Events::open(address, "POST", "/graphql", "{}").await;
    assert!(malformed.head.starts_with("http/1.1 400"), "{}", malformed.head);
}

#[tokio::test]
async fn an_idle_stream_is_kept_open_with_comments() {
    let api = Api::start();
    Venue::open(&api, OURS).await;
    let times = LiveTimes { ping: Duration::from_millis(50), ..LiveTimes::default() };
    let served = serve_live(&api, times).await;
    let mut events = Events::subscribe(served.address, EVENTS, json!({ "o": OURS })).await;
    events.event().await.unwrap();
    for _ in 0..3 {
        assert_eq!(events.chunk().await.unwrap(), ":\n\n");
    }
}

#[tokio::test]
async fn a_subscription_with_one_answer_only_is_refused() {
    let (api, _venue, _served) = start().await;
    let answer = api.ask(EVENTS, json!({ "o": OURS })).await;
    assert_eq!((answer.status.as_u16(), answer.code().as_str()), (400, "SUBSCRIPTION_TRANSPORT"));
}

//! graphql-transport-ws at the wire: every close code, pings, limits, and the end of the service.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;

use std::time::Duration;

use futures_util::SinkExt as _;
use serde_json::{Value, json};
use soticket_graphql::LiveTimes;
use support::live::{Events, Heard, PROTOCOL, Socket, init, serve_live};
use support::venue::{OURS, THEIRS, Venue};
use support::{ADMINISTRATOR, Api, input, owner};
use tokio_tungstenite::tungstenite::protocol::frame::Frame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};
use tokio_tungstenite::tungstenite::{Bytes, Message};

const ENDLESS: &str = "subscription ($o: ID!) { events(organisation: $o) { position } }";

fn quick() -> LiveTimes {
    let second = Duration::from_secs(1);
    LiveTimes { init: second / 4, ping: second / 10, silence: second / 2, write: second }
}

#[tokio::test]
async fn what_is_no_message_of_the_protocol_closes_with_4400() {
    let api = Api::start();
    let served = serve_live(&api, LiveTimes::default()).await;
    for text in ["", "{", "null", "[]", r#"{"type":"start"}"#, r#"{"type":"subscribe","id":"1"}"#] {
        for acknowledged in [false, true] {
            let mut socket = match acknowledged {
                true => Socket::ready(served.address).await,
                false => Socket::open(served.address, Some(PROTOCOL)).await.unwrap(),
            };
            socket.send_text(text).await;
            assert_eq!(socket.closed().await.0, 4400, "{text}");
        }
    }
    let mut socket = Socket::ready(served.address).await;
    socket.0.send(Message::binary(br#"{"type":"ping"}"#.to_vec())).await.unwrap();
    assert_eq!(socket.closed().await, (4400, "Send messages as text".to_owned()));
}

#[tokio::test]
async fn asking_before_the_acknowledgement_closes_with_4401() {
    let api = Api::start();
    let served = serve_live(&api, LiveTimes::default()).await;
    let mut socket = Socket::open(served.address, Some(PROTOCOL)).await.unwrap();
    socket.subscribe("1", "{ __typename }", json!({})).await;
    assert_eq!(socket.closed().await, (4401, "Unauthorized".to_owned()));
}

#[tokio::test]
async fn who_states_no_token_or_none_of_ours_is_told_4401() {
    let api = Api::start();
    let served = serve_live(&api, LiveTimes::default()).await;
    let payloads = [
        json!(null),
        json!({}),
        json!({ "authorization": 7 }),
        json!({ "authorization": owner(OURS) }),
        json!({ "authorization": "Bearer nobody-has-this-token-in-the-tests" }),
    ];
    for payload in payloads {
        let mut socket = Socket::open(served.address, Some(PROTOCOL)).await.unwrap();
        socket.send(json!({ "type": "connection_init", "payload": payload })).await;
        assert_eq!(socket.closed().await, (4401, "Unauthorized".to_owned()), "{payload}");
    }
    let stream =
        Events::open_as(served.address, "nobody", ("GET", "/graphql?query=%7B__typename%7D", "")).await;
    assert!(stream.head.starts_with("http/1.1 401"), "{}", stream.head);
}

/// A token in the log, its id and its secret.
async fn token(api: &Api, venue: &Venue, key: &str) -> (Value, String) {
    let fields = json!({ "label": key, "role": "AUDITOR" });
    let issued = api.record("tokenIssue", venue.input(key, fields), "token { id secret }").await;
    (issued["token"]["id"].clone(), issued["token"]["secret"].as_str().unwrap().to_owned())
}

#[tokio::test]
async fn a_revoked_token_opens_nothing_and_closes_what_it_opened_with_4403() {
    let api = Api::ticking();
    let venue = Venue::open(&api, OURS).await;
    let served = serve_live(&api, quick()).await;
    let (first, secret) = token(&api, &venue, "first").await;
    let mut socket = Socket::ready_as(served.address, &secret).await;
    socket.subscribe("1", ENDLESS, json!({ "o": OURS })).await;
    socket.next("1").await;
    let mut idle = Socket::ready_as(served.address, &secret).await;
    let body = json!({ "query": ENDLESS, "variables": { "o": OURS } }).to_string();
    let mut stream = Events::open_as(served.address, &secret, ("POST", "/graphql", &body)).await;
    assert_eq!(stream.event().await.unwrap().0, "next");
    api.record("tokenRevoke", venue.input("end", json!({ "token": first })), "").await;
    // The revocation itself is an event that would be sent next.
    for socket in [&mut socket, &mut idle] {
        assert_eq!(socket.closed().await, (4403, "Forbidden".to_owned()));
    }
    assert_eq!(stream.event().await, None, "the stream ends without another event");
    let mut late = Socket::open(served.address, Some(PROTOCOL)).await.unwrap();
    late.send(init(&secret)).await;
    assert_eq!(late.closed().await.0, 4403);
}

#[tokio::test]
async fn roles_and_organisations_hold_on_sockets_as_over_http() {
    let api = Api::ticking();
    let venue = Venue::open(&api, OURS).await;
    Venue::open(&api.as_owner(THEIRS), THEIRS).await;
    let served = serve_live(&api, LiveTimes::default()).await;
    let fields = json!({ "label": "board", "role": "DASHBOARD" });
    let board = api.record("tokenIssue", venue.input("board", fields), "token { secret }").await;
    let mut socket = Socket::ready_as(served.address, board["token"]["secret"].as_str().unwrap()).await;
    socket.subscribe("1", ENDLESS, json!({ "o": OURS })).await;
    assert_eq!(socket.error("1").await["extensions"]["code"], "FORBIDDEN");
    let counters = "subscription ($o: ID!) { salesCounters(organisation: $o) { position } }";
    socket.subscribe("2", counters, json!({ "o": OURS })).await;
    socket.next("2").await;
    // Another organisation and none are the same.
    let mut owner = Socket::ready(served.address).await;
    let mut answers = Vec::new();
    for (id, organisation) in [("1", THEIRS), ("2", "5e0f4b1c-0000-4000-8000-000000000000")] {
        owner.subscribe(id, ENDLESS, json!({ "o": organisation })).await;
        let mut error = owner.error(id).await;
        error["extensions"].as_object_mut().unwrap().remove("requestId");
        answers.push(error);
    }
    assert_eq!(answers[0], answers[1]);
}

#[tokio::test]
async fn another_subprotocol_closes_with_4406() {
    let api = Api::start();
    let served = serve_live(&api, LiveTimes::default()).await;
    for offered in [None, Some("graphql-ws"), Some("mqtt, graphql-ws")] {
        let mut socket = Socket::open(served.address, offered).await.unwrap();
        assert_eq!(socket.closed().await, (4406, "Subprotocol not acceptable".to_owned()), "{offered:?}");
    }
    let mut chosen = Socket::open(served.address, Some("graphql-ws, graphql-transport-ws")).await.unwrap();
    chosen.send(init(&owner(OURS))).await;
    assert_eq!(chosen.message().await, json!({ "type": "connection_ack" }));
}

#[tokio::test]
async fn no_initialisation_in_time_closes_with_4408_and_two_with_4429() {
    let api = Api::start();
    let served =
        serve_live(&api, LiveTimes { init: Duration::from_millis(200), ..LiveTimes::default() }).await;
    let mut late = Socket::open(served.address, Some(PROTOCOL)).await.unwrap();
    assert_eq!(late.closed().await, (4408, "Connection initialisation timeout".to_owned()));
    let mut twice = Socket::ready(served.address).await;
    twice.send(init(&owner(OURS))).await;
    assert_eq!(twice.closed().await, (4429, "Too many initialisation requests".to_owned()));
    // Once acknowledged the time for it does not count any more.
    let mut lasting = Socket::ready(served.address).await;
    tokio::time::sleep(Duration::from_millis(400)).await;
    lasting.subscribe("1", "{ __typename }", json!({})).await;
    assert_eq!(lasting.next("1").await, json!({ "__typename": "Query" }));
}

#[tokio::test]
async fn an_id_in_use_closes_with_4409_and_a_free_one_is_taken_again() {
    let api = Api::start();
    Venue::open(&api, OURS).await;
    let served = serve_live(&api, LiveTimes::default()).await;
    let mut socket = Socket::ready(served.address).await;
    for _ in 0..2 {
        socket.subscribe("q", "{ __typename }", json!({})).await;
        socket.next("q").await;
        assert_eq!(socket.message().await, json!({ "type": "complete", "id": "q" }));
    }
    for _ in 0..2 {
        socket.subscribe("s", ENDLESS, json!({ "o": OURS })).await;
        socket.next("s").await;
        socket.send(json!({ "type": "complete", "id": "s" })).await;
    }
    // What is not known to run is completed without a word.
    socket.send(json!({ "type": "complete", "id": "nothing" })).await;
    let long = "é".repeat(100);
    socket.subscribe(&long, ENDLESS, json!({ "o": OURS })).await;
    socket.next(&long).await;
    socket.subscribe(&long, "{ __typename }", json!({})).await;
    let (code, reason) = socket.closed().await;
    assert_eq!(code, 4409);
    assert!(reason.starts_with("Subscriber for é"), "{reason}");
}

#[tokio::test]
async fn what_is_no_websocket_message_closes_with_the_codes_of_websockets() {
    let api = Api::start();
    let served = serve_live(&api, LiveTimes::default()).await;
    let mut large = Socket::ready(served.address).await;
    // The service closes while this is being sent.
    let _ = large.0.send(Message::text("x".repeat(300_000))).await;
    assert_eq!(large.closed().await.0, 1009);
    let mut garbled = Socket::ready(served.address).await;
    let text = Frame::message(Bytes::from_static(&[0xff, 0xfe]), OpCode::Data(Data::Text), true);
    garbled.0.send(Message::Frame(text)).await.unwrap();
    assert_eq!(garbled.closed().await.0, 1007);
    let mut reserved = Socket::ready(served.address).await;
    let mut frame = Frame::message(Bytes::from_static(b"{}"), OpCode::Data(Data::Text), true);
    frame.header_mut().rsv1 = true;
    reserved.0.send(Message::Frame(frame)).await.unwrap();
    assert_eq!(reserved.closed().await.0, 1002);
}

#[tokio::test]
async fn the_service_pings_and_closes_what_is_silent_with_1008() {
    let api = Api::start();
    let served = serve_live(&api, quick()).await;
    let mut alive = Socket::ready(served.address).await;
    // The client answers pings while it reads.
    for _ in 0..12 {
        assert_eq!(alive.hear().await, Heard::Ping);
    }
    let mut silent = Socket::ready(served.address).await;
    tokio::time::sleep(Duration::from_millis(1_200)).await;
    assert_eq!(silent.closed().await, (1008, "No sign of life".to_owned()));
    alive.send(json!({ "type": "ping", "payload": { "n": 1 } })).await;
    let mut heard = alive.hear().await;
    while heard == Heard::Ping {
        heard = alive.hear().await;
    }
    // It was not read from meanwhile either: whoever does not answer is not there.
    assert!(matches!(heard, Heard::Closed(1008, _)), "{heard:?}");
}

#[tokio::test]
async fn pings_of_the_protocol_are_answered_with_their_payload() {
    let api = Api::start();
    let served = serve_live(&api, LiveTimes::default()).await;
    let mut socket = Socket::open(served.address, Some(PROTOCOL)).await.unwrap();
    socket.send(json!({ "type": "ping" })).await;
    assert_eq!(socket.message().await, json!({ "type": "pong" }));
    socket.send(json!({ "type": "pong" })).await;
    socket.send(json!({ "type": "ping", "payload": { "n": [1, "é"] } })).await;
    assert_eq!(socket.message().await, json!({ "type": "pong", "payload": { "n": [1, "é"] } }));
}

#[tokio::test]
async fn queries_and_mutations_run_over_sockets_under_the_limits_of_http() {
    let api = Api::start();
    let venue = Venue::open(&api, OURS).await;
    let served = serve_live(&api, LiveTimes::default()).await;
    let mut socket = Socket::ready(served.address).await;
    let sell = "mutation ($i: OrderPlaceInput!) { orderPlace(input: $i) { replayed order { number } } }";
    for replayed in [false, true] {
        socket.subscribe("m", sell, json!({ "i": venue.sale("over-socket", 2) })).await;
        let data = socket.next("m").await;
        assert_eq!(data["orderPlace"], json!({ "replayed": replayed, "order": { "number": "1" } }));
        assert_eq!(socket.message().await, json!({ "type": "complete", "id": "m" }));
    }
    let aliases: String = (0..101).map(|n| format!("a{n}: __typename ")).collect();
    let cases = [
        ("{".to_owned(), "GRAPHQL_PARSE_FAILED"),
        ("{ nosuch }".to_owned(), "GRAPHQL_VALIDATION_FAILED"),
        ("query ($id: ID!) { node(id: $id) { id } }".to_owned(), "GRAPHQL_VALIDATION_FAILED"),
        ("query A { __typename } query B { __typename }".to_owned(), "OPERATION_UNKNOWN"),
        (format!("{{ {aliases} }}"), "TOO_MANY_ALIASES"),
        (format!("{{ __typename {} }}", "@include(if: true) ".repeat(50)), "TOO_MANY_DIRECTIVES"),
        ("{a".repeat(60_000), "QUERY_TOO_DEEP"),
        (
            "{ organisations { shows(first: 100) { nodes { orders(first: 100) { nodes { id } } } } } }"
                .to_owned(),
            "QUERY_TOO_COMPLEX",
        ),
        (ENDLESS.replace("events", "nosuch"), "GRAPHQL_VALIDATION_FAILED"),
        (ENDLESS.to_owned(), "GRAPHQL_VALIDATION_FAILED"),
        (
            format!(
                "subscription {{ a: events(organisation: \"{OURS}\") {{ position }} b: events(organisation: \"{OURS}\") {{ position }} }}"
            ),
            "GRAPHQL_VALIDATION_FAILED",
        ),
        (
            format!(
                "subscription {{ ...F }} fragment F on Subscription {{ events(organisation: \"{OURS}\") {{ position }} }}"
            ),
            "GRAPHQL_VALIDATION_FAILED",
        ),
        ("subscription { events(organisation: \"nobody\") { position } }".to_owned(), "BAD_USER_INPUT"),
    ];
    for (query, code) in cases {
        socket.subscribe("bad", &query, json!({})).await;
        let error = socket.error("bad").await;
        assert_eq!(error["extensions"]["code"], code, "{query}: {error}");
        assert!(error["extensions"]["requestId"].is_string());
    }
    // The field that fails is null; the rest is there.
    let failing = format!("{{ __typename organisation(id: \"{OURS}\", minPosition: \"99999\") {{ id }} }}");
    socket.subscribe("f", &failing, json!({})).await;
    let message = socket.message().await;
    assert_eq!(message["type"], "next");
    assert_eq!(message["payload"]["errors"][0]["extensions"]["code"], "STALE_READ");
    assert_eq!(message["payload"]["data"], json!({ "__typename": "Query", "organisation": null }));
    assert_eq!(socket.message().await, json!({ "type": "complete", "id": "f" }));
}

#[tokio::test]
async fn fifty_operations_run_on_one_socket_and_one_more_is_refused() {
    let api = Api::start();
    let venue = Venue::open(&api, OURS).await;
    let served = serve_live(&api, LiveTimes::default()).await;
    let mut socket = Socket::ready(served.address).await;
    for number in 0..50 {
        socket.subscribe(&number.to_string(), ENDLESS, json!({ "o": OURS })).await;
        socket.next(&number.to_string()).await;
    }
    socket.subscribe("50", ENDLESS, json!({ "o": OURS })).await;
    assert_eq!(socket.error("50").await["extensions"]["code"], "TOO_MANY_SUBSCRIPTIONS");
    // The fifty go on: each hears of the next event.
    let position = api.record("orderPlace", venue.sale("one", 1), "").await["position"].clone();
    let mut heard: Vec<u32> = Vec::new();
    while heard.len() < 50 {
        let message = socket.message().await;
        if message["payload"]["data"]["events"]["position"] == position {
            heard.push(message["id"].as_str().unwrap().parse().unwrap());
        }
    }
    heard.sort_unstable();
    assert_eq!(heard, (0..50).collect::<Vec<_>>());
    socket.send(json!({ "type": "complete", "id": "7" })).await;
    socket.subscribe("50", ENDLESS, json!({ "o": OURS })).await;
    socket.next("50").await;
}

#[tokio::test]
async fn the_end_of_the_service_closes_sockets_with_1001() {
    let api = Api::start();
    Venue::open(&api, OURS).await;
    let served = serve_live(&api, LiveTimes::default()).await;
    let address = served.address;
    let mut waiting = Socket::open(address, Some(PROTOCOL)).await.unwrap();
    let mut busy = Socket::ready(address).await;
    busy.subscribe("1", ENDLESS, json!({ "o": OURS })).await;
    busy.next("1").await;
    let serving = served.begin_to_stop();
    for socket in [&mut waiting, &mut busy] {
        assert_eq!(socket.closed().await, (1001, "The service is going away".to_owned()));
    }
    drop((waiting, busy));
    tokio::time::timeout(Duration::from_secs(5), serving).await.expect("it ends at once").unwrap().unwrap();
    assert!(Socket::open(address, Some(PROTOCOL)).await.is_err());
}

#[tokio::test]
async fn a_handshake_that_is_none_is_refused() {
    let api = Api::start();
    let good = [
        ("connection", "keep-alive, Upgrade"),
        ("upgrade", "websocket"),
        ("sec-websocket-version", "13"),
        ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="),
        ("sec-websocket-protocol", PROTOCOL),
    ];
    let answer = api.get("/graphql", &good).await;
    assert_eq!(answer.status, 101);
    assert_eq!(
        answer.header("sec-websocket-accept"),
        "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=",
        "the example of RFC 6455"
    );
    assert_eq!(answer.header("sec-websocket-protocol"), PROTOCOL);
    for (missing, other) in
        [("connection", "close"), ("sec-websocket-version", "8"), ("sec-websocket-key", "")]
    {
        let headers = good.map(|(name, value)| (name, if name == missing { other } else { value }));
        let answer = api.get("/graphql", &headers).await;
        assert_eq!((answer.status.as_u16(), answer.code().as_str()), (400, "BAD_REQUEST"), "{missing}");
    }
}

/// A client that asks for much and reads nothing is cut; what it asked for is not gathered for it, and nobody else waits.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_that_does_not_read_is_cut_and_hurts_nobody() {
    let api = Api::start();
    Venue::open(&api, OURS).await;
    for number in 0..400 {
        let fields = json!({ "name": format!("Point de vente {number}"), "kind": "BOX_OFFICE" });
        api.record("channelOpen", input(OURS, &format!("c{number}"), fields), "").await;
    }
    let times = LiveTimes { write: Duration::from_millis(700), ..LiveTimes::default() };
    let served = serve_live(&api, times).await;
    let mut deaf = Socket::ready(served.address).await;
    let all = "subscription ($o: ID!) { events(organisation: $o, fromBeginning: true) { position event { hash previous \
               kind command payload recordedAt occurredAt } } }";
    let mut asked = 0;
    let mut reader = Socket::ready(served.address).await;
    // Until the system takes no more bytes for it: what it would be sent is far more than buffers hold.
    for round in 0..400 {
        for number in 0..10 {
            let id = format!("{round}-{number}");
            let query = all.to_owned();
            let payload = json!({ "query": query, "variables": { "o": OURS } });
            let message = json!({ "type": "subscribe", "id": id, "payload": payload });
            if deaf.0.send(Message::text(message.to_string())).await.is_err() {
                break;
            }
            asked += 1;
        }
        if asked >= 50 && sockets(&api).await < 2 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
        // Everyone else goes on meanwhile.
        let fields = json!({ "name": format!("Autre {round}"), "kind": "BOX_OFFICE" });
        let sold = tokio::time::timeout(
            Duration::from_secs(5),
            api.record("channelOpen", input(OURS, &format!("d{round}"), fields), ""),
        );
        sold.await.expect("the writer waits for nobody");
    }
    for _ in 0..250 {
        if sockets(&api).await == 1 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(sockets(&api).await, 1, "the one that does not read is cut");
    reader.subscribe("1", "{ __typename }", json!({})).await;
    assert_eq!(reader.next("1").await, json!({ "__typename": "Query" }));
}

/// How many sockets the service says it has.
async fn sockets(api: &Api) -> u32 {
    let text = api.with_token(ADMINISTRATOR).get("/metrics", &[]).await.body;
    let line = text.lines().find(|line| line.starts_with("soticket_live_sockets ")).unwrap();
    line.rsplit(' ').next().unwrap().parse::<f64>().unwrap() as u32
}

#[tokio::test]
async fn a_socket_says_nothing_that_http_would_not() {
    let api = Api::start();
    let served = serve_live(&api, LiveTimes::default()).await;
    let mut socket = Socket::ready(served.address).await;
    socket.subscribe("1", "{ organisatio { id } }", json!({})).await;
    let error: Value = socket.error("1").await;
    assert!(!error.to_string().contains("Did you mean"), "{error}");
    served.stop().await;
}

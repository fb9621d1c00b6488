//! The feed: every event once, in order, without a gap, while others write.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;

use std::sync::Arc;

use serde_json::{Value, json};
use soticket_schema::command::DefineProduct;
use soticket_schema::event::v1::ProductKind;
use soticket_schema::{ActorId, Command, CommandBody, OrganisationId};
use support::Api;
use support::venue::{OURS, THEIRS, Venue};

const WRITERS: usize = 4;
const EACH: usize = 400;

fn product(organisation: OrganisationId, key: String) -> Command {
    let body =
        CommandBody::DefineProduct(DefineProduct { name: key.clone(), kind: ProductKind::Merchandise });
    Command { organisation, actor: ActorId(0), key, occurred_at: None, body }
}

/// A page and the cursor of the next.
async fn page(api: &Api, path: &str) -> (Vec<Value>, String, bool) {
    let answer = api.get(path, &[]).await;
    assert_eq!(answer.status, 200, "{path}: {}", answer.body);
    assert_eq!(answer.header("content-type"), "application/cloudevents-batch+json; charset=utf-8");
    let Value::Array(events) = answer.json() else { panic!("no list") };
    (events, answer.header("soticket-next-after").to_owned(), answer.header("soticket-more") == "true")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_follows_writers_without_a_gap() {
    let api = Arc::new(Api::ticking());
    Venue::open(&api, OURS).await;
    let organisation = OrganisationId::parse(OURS).unwrap();
    let length = api.ledger.head(organisation).unwrap().length;
    let writers: Vec<_> = (0..WRITERS)
        .map(|writer| {
            let ledger = api.ledger.clone();
            tokio::spawn(async move {
                for number in 0..EACH {
                    ledger.submit(product(organisation, format!("{writer}-{number}"))).await.unwrap();
                }
            })
        })
        .collect();
    let end = length + (WRITERS * EACH) as u64;
    let (mut read, mut after) = (Vec::new(), String::new());
    for turn in 0.. {
        let cursor = if after.is_empty() { String::new() } else { format!("&after={after}") };
        let limit = 1 + turn * 7 % 90;
        let (events, next, _) = page(&api, &format!("/feed/{OURS}?wait=5&limit={limit}{cursor}")).await;
        assert!(events.len() <= limit);
        read.extend(events);
        after = next;
        if read.len() as u64 == end {
            break;
        }
        assert!(turn < 100_000, "{} of {end}", read.len());
    }
    for writer in writers {
        writer.await.unwrap();
    }
    for (position, event) in read.iter().enumerate() {
        assert_eq!(event["id"], format!("{OURS}/{position}"));
        assert_eq!(event["position"], position.to_string());
    }
    let lines = api.get(&format!("/feed/{OURS}"), &[("accept", "application/x-ndjson")]).await;
    assert_eq!(lines.header("soticket-next-after"), (end - 1).to_string());
    let lines: Vec<Value> = lines.body.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines, read, "by line as by batch");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_is_what_graphql_says_it_is() {
    let api = Api::ticking();
    let venue = Venue::open(&api, OURS).await;
    venue.sell(&api, "sale", 2).await;
    let (events, after, more) = page(&api, &format!("/feed/{OURS}")).await;
    assert!(!more);
    let query =
        "query ($id: ID!) { organisation(id: $id) { events(first: 100) { nodes { position hash kind version
        recordedAt occurredAt payload } } } }";
    let told = api.data(query, json!({ "id": OURS })).await["organisation"]["events"]["nodes"].clone();
    let told = told.as_array().unwrap();
    assert_eq!(told.len(), events.len());
    for (event, told) in events.iter().zip(told) {
        let kind = told["kind"].as_str().unwrap().to_lowercase();
        assert_eq!(event["type"], format!("coop.soticket.{kind}.v{}", told["version"]));
        assert_eq!(event["specversion"], "1.0");
        assert_eq!(event["source"], format!("urn:uuid:{OURS}"));
        for (ours, theirs) in [("position", "position"), ("hash", "hash"), ("recordedat", "recordedAt")] {
            assert_eq!(event[ours], told[theirs]);
        }
        assert_eq!((&event["time"], &event["data"]), (&told["occurredAt"], &told["payload"]));
    }
    let sale = events.iter().find(|event| event["type"] == "coop.soticket.order_placed.v1").unwrap();
    assert_eq!(sale["subject"], "order/1");
    // Names of an event's own are letters and digits in lower case.
    for name in sale.as_object().unwrap().keys() {
        assert!(name.bytes().all(|sign| sign.is_ascii_lowercase() || sign.is_ascii_digit()), "{name}");
    }
    assert_eq!(after, (events.len() - 1).to_string());

    let path = format!("/feed/{OURS}?kinds=order_placed,PAYMENT_RECORDED&limit=1");
    let (first, after, more) = page(&api, &path).await;
    assert_eq!((first.len(), more), (1, true));
    let (second, after, more) = page(&api, &format!("{path}&after={after}")).await;
    assert_eq!(second[0]["type"], "coop.soticket.payment_recorded.v1");
    let (third, last, _) = page(&api, &format!("{path}&after={after}")).await;
    assert!(third.is_empty() && !more || last >= after, "the cursor moves past what is not wanted");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_has_not_changed_is_not_sent_again() {
    let api = Api::ticking();
    let venue = Venue::open(&api, OURS).await;
    let path = format!("/feed/{OURS}");
    let first = api.get(&path, &[]).await;
    let tag = first.header("etag").to_owned();
    assert_eq!(first.header("cache-control"), "private, no-cache");
    assert!(first.header("link").contains("rel=\"next\""));
    let same = api.get(&path, &[("if-none-match", &tag)]).await;
    assert_eq!((same.status.as_u16(), same.body.as_str(), same.header("etag")), (304, "", tag.as_str()));
    venue.sell(&api, "sale", 1).await;
    let more = api.get(&path, &[("if-none-match", &tag)]).await;
    assert_eq!(more.status, 200);
    assert_ne!(more.header("etag"), tag);
    // A wait ends as soon as something happens.
    let after = more.header("soticket-next-after").to_owned();
    let begun = std::time::Instant::now();
    let waiting = format!("{path}?after={after}&wait=20");
    let (waited, ()) = tokio::join!(page(&api, &waiting), async {
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        venue.sell(&api, "another", 1).await;
    });
    assert!(!waited.0.is_empty() && begun.elapsed().as_secs() < 10);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_asked_is_told_by_a_code() {
    let api = Api::ticking();
    Venue::open(&api, OURS).await;
    for (path, status, code) in [
        (format!("/feed/{THEIRS}"), 404, "ORGANISATION_UNKNOWN"),
        ("/feed/nobody".to_owned(), 404, "ORGANISATION_UNKNOWN"),
        (format!("/feed/{OURS}?after=-1"), 400, "BAD_USER_INPUT"),
        (format!("/feed/{OURS}?after=+1"), 400, "BAD_USER_INPUT"),
        (format!("/feed/{OURS}?after=999999"), 409, "CURSOR_AHEAD"),
        (format!("/feed/{OURS}?after=18446744073709551615"), 400, "BAD_USER_INPUT"),
        (format!("/feed/{OURS}?limit=0"), 400, "BAD_USER_INPUT"),
        (format!("/feed/{OURS}?limit=2001"), 400, "BAD_USER_INPUT"),
        (format!("/feed/{OURS}?wait=31"), 400, "BAD_USER_INPUT"),
        (format!("/feed/{OURS}?kinds=ORDER_PLACED,NOTHING"), 400, "BAD_USER_INPUT"),
        (format!("/feed/{OURS}?position=1"), 400, "BAD_USER_INPUT"),
    ] {
        let answer = api.get(&path, &[]).await;
        assert_eq!(
            (answer.status.as_u16(), answer.json()["code"].as_str().unwrap()),
            (status, code),
            "{path}"
        );
    }
    let path = format!("/feed/{OURS}");
    assert_eq!(api.get(&path, &[("accept", "text/html")]).await.status, 406);
    let lines = api.get(&format!("{path}?wait=1"), &[("accept", "application/x-ndjson")]).await;
    assert_eq!(lines.status, 400);
}

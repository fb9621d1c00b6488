//! Closings, readings and the audit journal through the API.

mod support;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use serde_json::{Value, json};
use soticket_schema::Timestamp;
use support::venue::{OURS, Venue};
use support::{Api, NOW};

const HOUR: i64 = 3_600_000_000;

/// A service whose clock is moved by hand.
fn start() -> (Api, Arc<AtomicI64>) {
    let clock = Arc::new(AtomicI64::new(NOW.0));
    let shown = Arc::clone(&clock);
    (Api::with_clock(Arc::new(move || Timestamp(shown.load(Ordering::Relaxed)))), clock)
}

const TOTALS: &str = "totals { records orders sold { amount } returned { amount } amount { gross { amount } net { amount } \
     vat { amount } } sales { class rate sold cancelled amount { vat { amount } } } \
     money { method { name } payments received { amount } } \
     prepaid { issued { amount } spent { amount } } floats { opened { amount } differences { amount } } \
     perpetual { algebraic { amount } absolute { amount } } }";

async fn read(api: &Api, payload: &Value, fields: &str) -> Value {
    let query = format!(
        "query Q($id: ID!, $p: LogPosition) {{ organisation(id: $id, minPosition: $p) {{ {fields} }} }}"
    );
    api.data(&query, json!({ "id": OURS, "p": payload["position"] })).await["organisation"].clone()
}

#[tokio::test]
async fn the_open_day_is_read_and_then_closed_once() {
    let (api, clock) = start();
    let venue = Venue::open(&api, OURS).await;
    venue.sell(&api, "sale 1", 2).await;
    let last = api.record("orderPlace", venue.sale("sale 2", 1), "").await;
    let reading = read(&api, &last, &format!("openDay xReport {{ day endsAt {TOTALS} }}")).await;
    assert_eq!(reading["openDay"], "2026-03-08");
    let day = &reading["xReport"];
    assert_eq!(
        (day["day"].as_str(), day["endsAt"].as_str()),
        (Some("2026-03-08"), Some("2026-03-08T23:00:00Z"))
    );
    // 72.00 at 5.5 %: 68.25 and 3.75.
    assert_eq!(
        day["totals"]["amount"],
        json!({ "gross": { "amount": "72.00" }, "net": { "amount": "68.25" }, "vat": { "amount": "3.75" } })
    );
    assert_eq!(day["totals"]["sales"][0]["class"], "FACE");
    assert_eq!(day["totals"]["sales"][0]["sold"], 3);
    assert_eq!(day["totals"]["money"][0]["received"]["amount"], "72.00");

    let close = json!({ "period": "DAY", "day": "2026-03-08" });
    let early = api.refused("periodClose", venue.input("early", close.clone())).await;
    assert_eq!(early, ("PERIOD_NOT_OVER".to_owned(), json!(["day"])));
    clock.fetch_add(4 * HOUR, Ordering::Relaxed);
    let fields = format!("closings {{ period number from until hash previous {TOTALS} }}");
    let made = api.record("periodClose", venue.input("close", close.clone()), &fields).await;
    let closing = &made["closings"][0];
    assert_eq!(closing["totals"]["perpetual"]["algebraic"]["amount"], "72.00");
    assert_eq!((closing["number"].as_str(), closing["from"].as_str()), (Some("1"), Some("2026-03-08")));
    // The same command again is the same closing; another one comes too late, and the timer finds nothing to do.
    let again = api.record("periodClose", venue.input("close", close.clone()), "closings { number }").await;
    assert_eq!((again["replayed"].as_bool(), &again["closings"][0]["number"]), (Some(true), &json!("1")));
    let late = api.refused("periodClose", venue.input("late", close)).await;
    assert_eq!(late, ("PERIOD_ALREADY_CLOSED".to_owned(), json!(["day"])));
    assert_eq!(api.refused("dueDaysClose", venue.input("due", json!({}))).await.0, "NOTHING_TO_CLOSE");

    let read = read(
        &api,
        &made,
        "openDay closed: xReport(day: \"2026-03-08\") { day } closings(first: 5, period: DAY) { nodes { number hash \
         actor { id } recordHash position } } closing(period: DAY, number: \"1\") { hash totals { records } } \
         none: closing(period: MONTH, number: \"1\") { hash }",
    )
    .await;
    assert_eq!(read["openDay"], "2026-03-09");
    assert_eq!(read["closed"], Value::Null);
    assert_eq!(read["none"], Value::Null);
    let node = &read["closings"]["nodes"][0];
    assert_eq!(
        (&node["hash"], &node["position"], &node["actor"]),
        (&closing["hash"], &made["position"], &Value::Null)
    );
    assert_eq!(read["closing"]["hash"], closing["hash"]);
}

#[tokio::test]
async fn months_and_years_close_with_their_last_day_and_are_archived() {
    let (api, clock) = start();
    let venue = Venue::open(&api, OURS).await;
    api.record("fiscalYearSet", venue.input("fiscal", json!({ "firstMonth": 4 })), "organisation { id }")
        .await;
    let bad = api.refused("fiscalYearSet", venue.input("bad", json!({ "firstMonth": 13 }))).await;
    assert_eq!(bad, ("QUANTITY_TOO_LARGE".to_owned(), json!(["firstMonth"])));
    clock.fetch_add(30 * 24 * HOUR, Ordering::Relaxed);
    let made = api.record("dueDaysClose", venue.input("due", json!({})), "closings { period until }").await;
    let closings = made["closings"].as_array().unwrap();
    assert_eq!(closings.iter().filter(|closing| closing["period"] == "DAY").count(), 30);
    for period in ["MONTH", "YEAR"] {
        let of_kind: Vec<_> = closings.iter().filter(|closing| closing["period"] == period).collect();
        assert_eq!(of_kind.len(), 1);
        assert_eq!(of_kind[0]["until"], "2026-03-31");
    }
    let hash = "ab".repeat(32);
    let archive = |year: &str| json!({ "year": year, "format": 1, "files": 8, "bytes": "1000", "manifest": hash, "manifestSha256": hash });
    let unknown = api.refused("archiveRecord", venue.input("none", archive("2"))).await;
    assert_eq!(unknown, ("CLOSING_UNKNOWN".to_owned(), json!(["year"])));
    let made = api.record("archiveRecord", venue.input("archive", archive("1")), "").await;
    let fields = "fiscalFirstMonth journal(last: 1, kinds: [ARCHIVED, YEAR_CLOSED]) { nodes { kind position \
                  code { code note } event { kind } } }";
    let read = read(&api, &made, fields).await;
    assert_eq!(read["fiscalFirstMonth"], 4);
    let entry = &read["journal"]["nodes"][0];
    assert_eq!((&entry["kind"], &entry["position"]), (&json!("ARCHIVED"), &made["position"]));
    assert_eq!(entry["event"]["kind"], "ARCHIVE_MADE");
    assert_eq!(entry["code"]["code"], 30);
}

#[tokio::test]
async fn the_journal_is_filtered_by_kind_and_time() {
    let (api, clock) = start();
    let venue = Venue::open(&api, OURS).await;
    clock.fetch_add(HOUR, Ordering::Relaxed);
    let note =
        |what: &str, reference: &str| json!({ "what": what, "reference": reference, "about": venue.device });
    api.record("technicalEventNote", venue.input("start", note("STARTED", "soticket 1")), "").await;
    clock.fetch_add(HOUR, Ordering::Relaxed);
    let last = api.record("technicalEventNote", venue.input("stop", note("STOPPED", "")), "").await;
    let long = api.refused("technicalEventNote", venue.input("long", note("STARTED", &"x".repeat(65)))).await;
    assert_eq!(long, ("TEXT_TOO_LONG".to_owned(), json!(["reference"])));
    let fields = "all: journal(first: 50) { nodes { kind } pageInfo { hasNextPage } } \
                  first: journal(first: 1) { nodes { kind } pageInfo { hasNextPage endCursor } } \
                  starts: journal(first: 5, kinds: [STARTED]) { nodes { kind reference code { code list } actor { id } } } \
                  late: journal(first: 5, from: \"2026-03-08T21:30:00Z\") { nodes { kind } } \
                  early: journal(last: 5, to: \"2026-03-08T20:00:01Z\", kinds: [STARTED, STOPPED]) { nodes { kind } }";
    let read = read(&api, &last, fields).await;
    let kinds = |name: &str| -> Vec<String> {
        let nodes = read[name]["nodes"].as_array().unwrap();
        nodes.iter().map(|node| node["kind"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(kinds("all"), ["FIRST_USE", "ACCESS_CHANGED", "STARTED", "STOPPED"]);
    assert_eq!(kinds("first"), ["FIRST_USE"]);
    assert_eq!(read["first"]["pageInfo"]["hasNextPage"], true);
    assert_eq!(kinds("late"), ["STOPPED"]);
    assert_eq!(kinds("early"), Vec::<String>::new());
    let start = &read["starts"]["nodes"][0];
    assert_eq!((&start["reference"], &start["code"]["code"]), (&json!("soticket 1"), &json!(80)));
}

#[tokio::test]
async fn the_timer_and_a_mutation_at_once_make_one_closing() {
    let (api, clock) = start();
    let venue = Venue::open(&api, OURS).await;
    venue.sell(&api, "sale", 1).await;
    clock.fetch_add(4 * HOUR, Ordering::Relaxed);
    let organisation = soticket_schema::OrganisationId::parse(OURS).unwrap();
    let close = venue.input("by hand", json!({ "period": "DAY", "day": "2026-03-08" }));
    let (one, other, by_hand) = tokio::join!(
        soticket_ledger::close_due_days(&api.ledger, organisation),
        soticket_ledger::close_due_days(&api.ledger, organisation),
        api.mutate("periodClose", close, "closings { number }"),
    );
    let by_hand_made = by_hand["closings"].as_array().map_or(0, Vec::len);
    assert_eq!(one.unwrap().len() + other.unwrap().len() + by_hand_made, 1, "{by_hand}");
    if by_hand_made == 0 {
        assert_eq!(by_hand["userErrors"][0]["code"], "PERIOD_ALREADY_CLOSED");
    }
    let head = api.ledger.head(organisation).unwrap().length - 1;
    let read =
        read(&api, &json!({ "position": head.to_string() }), "closings(first: 5) { nodes { number } }").await;
    assert_eq!(read["closings"]["nodes"], json!([{ "number": "1" }]));
}

//! Two gates without a network for an hour, 1,000 scans each, 25 tickets shown at both.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;

use serde_json::{Value, json};
use support::Api;
use support::gate::open_rules;
use support::socket::{ask, listen};
use support::venue::{OURS, Venue};

const SHARED: usize = 25;
const SCANS: usize = 1_000;

/// The scans of both gates, each with its device's token: first all of the first gate.
fn scans(codes: &[String]) -> Vec<(usize, Value)> {
    let scan = |gate: usize, code: &str, number: usize| {
        // From 21:00:00, one every 3.6 seconds; the second gate's clock is half a second ahead.
        let millis = number * 3_600 + gate * 500;
        let (minutes, seconds) = (millis / 60_000, millis % 60_000);
        let at = format!("2026-03-08T21:{minutes:02}:{:02}.{:03}Z", seconds / 1_000, seconds % 1_000);
        (gate, json!({ "show": 1, "code": code, "nonce": number, "at": at, "gate": 1 }))
    };
    let first = (0..SCANS).map(|number| scan(0, &codes[number], number));
    let second = (0..SCANS).map(|number| {
        let spread = SCANS / SHARED;
        // Some of them come to the second gate first.
        let shared = (number * 7) % SCANS;
        let code = if number % spread == 0 { &codes[shared] } else { &codes[SCANS + number] };
        scan(1, code, number)
    });
    first.chain(second).collect()
}

/// A venue with 2,000 tickets and two devices.
async fn venue(api: &Api) -> (Vec<String>, [String; 2]) {
    let venue = Venue::open(api, OURS).await;
    venue.sign(api).await;
    venue.set_rules(api, "rules", open_rules()).await;
    let device = json!({ "kind": "DEVICE", "label": "scan-B1" });
    let second = api.record("actorRegister", venue.input("second", device), "actor { id }").await;
    let second = Venue { device: second["actor"]["id"].as_str().unwrap().to_owned(), ..venue.clone() };
    let tokens = [venue.credential(api, "one").await.1, second.credential(api, "two").await.1];
    (reported(api, &venue).await, tokens)
}

/// 2,000 tickets as a network reports them: more than the hall has places, which is for others to flag.
async fn reported(api: &Api, venue: &Venue) -> Vec<String> {
    let codes: Vec<String> = (0..2 * SCANS).map(|number| format!("FNAC-{number:06}")).collect();
    for (place, codes) in codes.chunks(200).enumerate() {
        let ticket = |code: &String| {
            json!({ "show": venue.show, "zone": venue.zone, "tariff": venue.full, "price": "24.00", "vat": "5.5",
                "codes": [{ "text": code, "symbology": "CODE128" }] })
        };
        let tickets: Vec<Value> = codes.iter().map(ticket).collect();
        let fields = json!({ "occurredAt": "2026-03-07T10:00:00Z", "source": "NETWORK", "channel": venue.web, "tickets": tickets });
        api.record("saleReport", venue.input(&format!("report {place}"), fields), "").await;
    }
    codes
}

/// Uploads in batches, in this order, and asks who came.
async fn told(upload: impl Fn(Vec<(usize, Value)>) -> Vec<Vec<(usize, Value)>>) -> Value {
    let api = Api::ticking();
    let (codes, tokens) = venue(&api).await;
    let address = listen(&api).await;
    for batch in upload(scans(&codes)) {
        let Some((gate, _)) = batch.first() else { continue };
        let scans: Vec<Value> = batch.iter().map(|(_, scan)| scan.clone()).collect();
        let token = format!("Device {}", tokens[*gate]);
        let body = json!({ "scans": scans });
        let (status, answer) = ask(address, ("POST", "/gate/v1/scans"), Some(&token), Some(&body)).await;
        assert_eq!(status, 200, "{answer}");
        let kept_back =
            answer["scans"].as_array().unwrap().iter().find(|scan| scan["status"] == json!("KEPT_BACK"));
        assert_eq!(kept_back, None, "the ledger refuses nothing");
    }
    let organisation = soticket_schema::ids::OrganisationId::parse(OURS).unwrap();
    let last = api.ledger.head(organisation).unwrap().length - 1;
    let query = "query($o: ID!, $p: LogPosition) { organisation(id: $o, minPosition: $p) { showByReference(reference: \"S-1\") { \
                 attendance { scans scanned present peak peakAt noShow gates { entries exits } buckets(minutes: 15) { from entries } \
                 anomalies { kind at nonce offline ticket device { number } } } } } }";
    let data = api.data(query, json!({ "o": OURS, "p": last.to_string() })).await;
    data["organisation"]["showByReference"]["attendance"].clone()
}

/// Batches of `size` of one device each, in the order of the scans.
fn batches(scans: &[(usize, Value)], size: usize) -> Vec<Vec<(usize, Value)>> {
    let of_gate = |gate: usize| {
        let own: Vec<_> = scans.iter().filter(|(of, _)| *of == gate).cloned().collect();
        own.chunks(size).map(<[_]>::to_vec).collect::<Vec<_>>()
    };
    of_gate(0).into_iter().chain(of_gate(1)).collect()
}

/// A shuffle that is the same every time.
fn shuffled<T>(mut items: Vec<T>, seed: u64) -> Vec<T> {
    let mut state = seed;
    for place in (1..items.len()).rev() {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        items.swap(place, (state >> 33) as usize % (place + 1));
    }
    items
}

#[tokio::test]
async fn tickets_shown_at_both_are_found_whatever_the_order_of_upload() {
    let expected = told(|scans| batches(&scans, 500)).await;
    let anomalies = expected["anomalies"].as_array().unwrap();
    let doubles = anomalies.iter().filter(|anomaly| anomaly["kind"] == json!("SECOND_ENTRY")).count();
    assert_eq!((doubles, anomalies.len()), (SHARED, SHARED));
    assert_eq!((&expected["scans"], &expected["scanned"]), (&json!(2 * SCANS), &json!(2 * SCANS - SHARED)));

    // The second gate first; both in turns; single scans of an evening in any order; some of it sent twice.
    let backwards = told(|scans| batches(&scans, 400).into_iter().rev().collect()).await;
    assert_eq!(backwards, expected);
    let mixed = told(|scans| shuffled(batches(&shuffled(scans, 1), 137), 2)).await;
    assert_eq!(mixed, expected);
    let twice = told(|scans| {
        let once = batches(&shuffled(scans, 3), 250);
        once.iter().chain(once.iter().skip(3)).cloned().collect()
    })
    .await;
    assert_eq!(twice, expected);
}

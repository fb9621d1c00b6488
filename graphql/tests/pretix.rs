//! A scanner of the pretix protocol talks to the service over a socket: what it sends and what it must be answered.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value, json};
use soticket_schema::ids::{OrganisationId, ShowId};
use support::Api;
use support::socket::{ask, listen};
use support::venue::{OURS, Venue};

#[derive(Deserialize)]
struct Exchange {
    step: String,
    #[serde(rename = "as")]
    authorization: Option<String>,
    request: (String, String),
    body: Option<Value>,
    status: u16,
    answer: Value,
    #[serde(default)]
    keep: BTreeMap<String, String>,
}

/// Fills in what only this run knows.
fn filled(value: &Value, known: &BTreeMap<String, String>) -> Value {
    match value {
        Value::String(text) => {
            let fill =
                |text: String, (name, value): (&String, &String)| text.replace(&format!("{{{name}}}"), value);
            Value::String(known.iter().fold(text.clone(), fill))
        }
        Value::Array(items) => items.iter().map(|item| filled(item, known)).collect(),
        Value::Object(fields) => fields
            .iter()
            .map(|(name, value)| (name.clone(), filled(value, known)))
            .collect::<Map<_, _>>()
            .into(),
        other => other.clone(),
    }
}

/// Where an answer differs from what it must at least hold.
fn difference(expected: &Value, answer: &Value, at: &str) -> Option<String> {
    match (expected, answer) {
        (Value::Object(expected), Value::Object(answer)) => expected.iter().find_map(|(name, value)| {
            let at = format!("{at}.{name}");
            answer.get(name).map_or(Some(format!("{at} is missing")), |answer| difference(value, answer, &at))
        }),
        (Value::Array(expected), Value::Array(answer)) if expected.len() == answer.len() => {
            let mut pairs = expected.iter().zip(answer).enumerate();
            pairs.find_map(|(place, (expected, answer))| {
                difference(expected, answer, &format!("{at}.{place}"))
            })
        }
        (expected, answer) => {
            (expected != answer).then(|| format!("{at}: {expected} is wanted, {answer} was answered"))
        }
    }
}

/// Six tickets: four paid of which the third is cancelled, and two that are not paid.
async fn known(api: &Api, venue: &Venue) -> BTreeMap<String, String> {
    venue.sign(api).await;
    let rules = json!({ "from": "2026-03-01T00:00:00Z", "until": "2026-03-31T00:00:00Z" });
    venue.set_rules(api, "rules", rules).await;
    let mut known: BTreeMap<String, String> = BTreeMap::new();
    let codes = venue.sold_codes(api, "paid", 4).await;
    let text = &codes[3];
    let forged = format!("{}{}", &text[..146], if text.ends_with('0') { 'G' } else { '0' });
    known.insert("forged".into(), forged);
    for (place, code) in codes.into_iter().enumerate() {
        known.insert(format!("code {}", place + 1), code);
    }
    let fields = json!({ "channel": venue.desk, "tickets": venue.tickets(2) });
    let order = api.record("orderPlace", venue.input("unpaid", fields), "order { tickets { codes } }").await;
    let unpaid = order["order"]["tickets"][0]["codes"][0].as_str().unwrap().to_owned();
    known.insert("unpaid".into(), unpaid);
    let query =
        "query($o: ID!) { organisation(id: $o) { orders(first: 1) { nodes { id tickets { id } } } } }";
    let data = api.data(query, json!({ "o": OURS })).await;
    let order = &data["organisation"]["orders"]["nodes"][0];
    let cancel = json!({ "order": order["id"], "tickets": [{ "ticket": order["tickets"][2]["id"] }], "reason": "CUSTOMER" });
    let (_, token) = venue.credential(api, "issue").await;
    known.insert("setup".into(), token);
    known.insert("organizer".into(), OURS.into());
    // Cancelled when the list of events has been asked for: see the conversation.
    known.insert("cancel".into(), cancel.to_string());
    known
}

#[tokio::test]
async fn a_recorded_conversation_is_answered_as_the_protocol_says() {
    let api = Api::ticking();
    let venue = Venue::open(&api, OURS).await;
    let mut known = known(&api, &venue).await;
    let address = listen(&api).await;
    let conversation: Vec<Exchange> = serde_json::from_str(include_str!("pretix/conversation.json")).unwrap();
    for exchange in conversation {
        let step = &exchange.step;
        if step == "a ticket that was cancelled" {
            let cancel: Value = serde_json::from_str(&known["cancel"]).unwrap();
            api.record("ticketsCancel", venue.input("cancel", cancel), "order { id }").await;
        }
        let text = |text: &str| filled(&json!(text), &known).as_str().unwrap().to_owned();
        let (method, path) = (exchange.request.0.as_str(), text(&exchange.request.1));
        let authorization = exchange.authorization.as_deref().map(text);
        let body = exchange.body.as_ref().map(|body| filled(body, &known));
        let (status, answer) = ask(address, (method, &path), authorization.as_deref(), body.as_ref()).await;
        assert_eq!(status, exchange.status, "{step}: {answer}");
        let difference = difference(&filled(&exchange.answer, &known), &answer, "answer");
        assert_eq!(difference, None, "{step}: {answer}");
        for (name, field) in exchange.keep {
            known.insert(name, answer[&field].as_str().unwrap().to_owned());
        }
    }
    let organisation = OrganisationId::parse(OURS).unwrap();
    let scans = api.projections.view(organisation, |views| views.attendance.show(ShowId(1)).unwrap().scans);
    // Every scan once: two of the fourteen requests were repetitions.
    assert_eq!(scans, Some(12));
}

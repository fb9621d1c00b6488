//! Persons who are forgotten.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;

use std::time::Duration;

use serde_json::{Value, json};
use soticket_ledger::keep_vault;
use soticket_schema::OrganisationId;
use support::Api;
use support::venue::{OURS, THEIRS, Venue};

const CUSTOMER: &str = "customer { id person { email } erasedAt erasedInBackupsAt ticketCount orderCount orders { tickets { codes } } }";

async fn bought(api: &Api, venue: &Venue, key: &str, email: &str) -> Value {
    let mut sale = venue.sale(key, 1);
    sale["buyer"] = json!({ "email": email, "name": "Ada Private" });
    let payload = api.record("orderPlace", sale, "").await;
    let query = "query($o: ID!, $p: LogPosition, $e: String!) { organisation(id: $o, minPosition: $p) {
        customerByEmail(email: $e) { id person { name } } } }";
    let variables = json!({ "o": venue.organisation, "p": payload["position"], "e": email });
    let customer = api.data(query, variables).await["organisation"]["customerByEmail"].clone();
    assert_eq!(customer["person"]["name"], "Ada Private");
    customer["id"].clone()
}

fn erase(venue: &Venue, key: &str, subject: &Value, waived: bool) -> Value {
    venue.input(key, json!({ "subject": subject, "reason": "REQUEST", "waived": waived }))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_is_nobody_any_more_and_what_they_bought_stays() {
    let api = Api::ticking();
    let venue = Venue::open(&api, OURS).await;
    let ada = bought(&api, &venue, "sale", "ada@example.org").await;
    let refused = |code: &str| (code.to_owned(), json!(["subject"]));
    let asked = erase(&venue, "no", &ada, false);
    assert_eq!(api.refused("subjectErase", asked).await, refused("SUBJECT_HOLDS_TICKETS"));
    for id in [venue.show.clone(), "nonsense".to_owned()] {
        let asked = erase(&venue, "nobody", &json!(id), true);
        assert_eq!(api.refused("subjectErase", asked).await, refused("SUBJECT_UNKNOWN"));
    }
    let payload = api.record("subjectErase", erase(&venue, "erase", &ada, true), CUSTOMER).await;
    let customer = &payload["customer"];
    assert_eq!((&customer["id"], &customer["person"]), (&ada, &Value::Null));
    assert!(customer["erasedAt"].is_string() && customer["erasedInBackupsAt"].is_null(), "{customer}");
    assert_eq!((&customer["ticketCount"], &customer["orderCount"]), (&json!(1), &json!(1)));
    assert_eq!(customer["orders"][0]["tickets"][0]["codes"], Value::Null);
    let again = api.record("subjectErase", erase(&venue, "erase", &ada, true), "").await;
    assert_eq!(again["replayed"], true);
    let twice = erase(&venue, "twice", &ada, true);
    assert_eq!(api.refused("subjectErase", twice).await, refused("SUBJECT_ERASED"));

    // The window of backups is over, and somebody with the same e-mail is somebody new.
    let (ledger, organisation) = (api.ledger.clone(), OrganisationId::parse(OURS).unwrap());
    let kept = tokio::task::spawn_blocking(move || keep_vault(&ledger, organisation, Duration::ZERO));
    assert_eq!(kept.await.unwrap().unwrap().destroyed_before, Some(2));
    let new = bought(&api, &venue, "back", "ada@example.org").await;
    assert_ne!(new, ada);
    let query = "query($o: ID!, $c: ID!) { organisation(id: $o) { customer(id: $c) { erasedInBackupsAt }
        customerByEmail(email: \"ada@example.org\") { id erasedAt }
        journal(first: 9, kinds: [SUBJECT_ERASED, VAULT_KEYS_CHANGED]) { nodes { kind } }
        events(last: 20) { nodes { kind payload } } } }";
    let read = api.data(query, json!({ "o": OURS, "c": ada })).await["organisation"].clone();
    assert!(read["customer"]["erasedInBackupsAt"].is_string(), "{read}");
    assert_eq!(read["customerByEmail"], json!({ "id": new, "erasedAt": null }));
    let kinds: Vec<&str> = read["journal"]["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|node| node["kind"].as_str().unwrap())
        .collect();
    assert_eq!(kinds, ["SUBJECT_ERASED", "VAULT_KEYS_CHANGED", "VAULT_KEYS_CHANGED"]);
    let events = read["events"]["nodes"].as_array().unwrap();
    let erased = events.iter().find(|event| event["kind"] == "SUBJECT_ERASED").unwrap();
    assert_eq!(
        (&erased["payload"]["reason"], &erased["payload"]["waived"]),
        (&json!("Request"), &json!(true))
    );
}

#[tokio::test]
async fn nobody_erases_the_customers_of_others() {
    let api = Api::ticking();
    let (ours, theirs) = (Venue::open(&api, OURS).await, Venue::open(&api, THEIRS).await);
    let ada = bought(&api, &ours, "sale", "ada@example.org").await;
    let code = api.as_owner(THEIRS).refused("subjectErase", erase(&theirs, "erase", &ada, true)).await.0;
    assert_eq!(code, "SUBJECT_UNKNOWN");
    let query = "query($o: ID!) { organisation(id: $o) { customerByEmail(email: \"ada@example.org\") { erasedAt } } }";
    let read = api.data(query, json!({ "o": OURS })).await;
    assert_eq!(read["organisation"]["customerByEmail"], json!({ "erasedAt": null }));
}

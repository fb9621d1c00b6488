//! What the audit journal is told of those who ask.

use serde_json::{Value, json};
use soticket_graphql::Role;
use soticket_schema::OrganisationId;

use crate::people::House;
use crate::support::Api;
use crate::support::venue::{OURS, THEIRS};

async fn journal(api: &Api) -> Vec<Value> {
    let organisation = OrganisationId::parse(OURS).unwrap();
    let last = (api.ledger.head(organisation).unwrap().length - 1).to_string();
    let query = "query ($o: ID!, $p: LogPosition) { organisation(id: $o, minPosition: $p) { journal(first: 100, kinds: [ACCESS_DENIED, \
                 PERSONAL_DATA_READ]) { nodes { kind event { payload } } } } }";
    let data = api.data(query, json!({ "o": OURS, "p": last })).await;
    data["organisation"]["journal"]["nodes"].as_array().unwrap().clone()
}

#[tokio::test]
async fn what_is_refused_is_one_event_per_principal_reason_and_minute() {
    let house = House::over(Api::start()).await;
    let dashboard = house.who(Role::Dashboard);
    for _ in 0..7 {
        assert_eq!(
            dashboard.ask("{ organisation(id: 1) { orders { nodes { id } } } }", json!({})).await.status,
            403
        );
    }
    assert_eq!(house.who(Role::Auditor).get("/metrics", &[]).await.status, 403);
    let foreign = "query ($o: ID!) { organisation(id: $o) { id } }";
    house.who(Role::Auditor).data(foreign, json!({ "o": THEIRS })).await;
    assert!(journal(&house.api).await.is_empty(), "the minute is not over");
    house.api.service.note_access(false).await;
    assert!(journal(&house.api).await.is_empty(), "the minute is not over");
    house.api.service.note_access(true).await;
    let told = journal(&house.api).await;
    let mut denials: Vec<(String, u64)> = told
        .iter()
        .map(|entry| {
            assert_eq!(entry["kind"], "ACCESS_DENIED");
            let payload = &entry["event"]["payload"];
            assert!(payload["token"].is_number() && payload["asker"].as_u64() != Some(0), "{payload}");
            (payload["reason"].as_str().unwrap().to_owned(), payload["count"].as_u64().unwrap())
        })
        .collect();
    denials.sort();
    assert_eq!(
        denials,
        [
            ("OrganisationNotAllowed".to_owned(), 1),
            ("RoleNotAllowed".to_owned(), 1),
            ("RoleNotAllowed".to_owned(), 7)
        ]
    );
    house.api.service.note_access(true).await;
    assert_eq!(journal(&house.api).await.len(), 3, "nothing is told twice");
}

#[tokio::test]
async fn whoever_reads_what_is_known_of_persons_is_noted() {
    let house = House::over(Api::start()).await;
    let mut sale = house.venue.sale("named", 1);
    sale["buyer"] = json!({ "email": "ada@example.org" });
    let sold = house.api.record("orderPlace", sale, "order { id } position").await;
    let query = "query ($o: ID!, $id: ID!, $p: LogPosition) { organisation(id: $o, minPosition: $p) { order(id: $id) { customer { person { email } } } } }";
    let variables = json!({ "o": OURS, "id": sold["order"]["id"], "p": sold["position"] });
    for role in [Role::Accountant, Role::Accountant, Role::Auditor, Role::Owner] {
        house.who(role).ask(query, variables.clone()).await;
    }
    // Whoever finds somebody by their e-mail has learnt that they are known.
    let find = "query ($o: ID!, $e: String!) { organisation(id: $o) { customerByEmail(email: $e) { id } } }";
    for email in ["ada@example.org", "nobody@example.org"] {
        house.who(Role::Accountant).ask(find, json!({ "o": OURS, "e": email })).await;
    }
    let mut reads: Vec<(bool, Value, Value)> = Vec::new();
    for entry in journal(&house.api).await {
        assert_eq!(entry["kind"], "PERSONAL_DATA_READ");
        let payload = &entry["event"]["payload"];
        reads.push((payload["token"].is_null(), payload["access"].clone(), payload["subjects"].clone()));
    }
    reads.sort_by_key(|read| read.0);
    let read = |settings: bool| (settings, json!("Viewed"), json!(1));
    let expected = [read(false), read(false), read(false), read(true)];
    assert_eq!(reads, expected, "the owner once, the accountant three times, the auditor not at all");
}

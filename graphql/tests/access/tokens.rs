//! Tokens from their first day to their last.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use serde_json::{Value, json};
use soticket_graphql::Role;
use soticket_schema::{OrganisationId, Timestamp};

use crate::people::{House, issue};
use crate::support::socket::{ask, listen};
use crate::support::venue::{OURS, Venue};
use crate::support::{ADMINISTRATOR, Api, NOW, input};

const SELECTION: &str = "token { id number label role holder { label assigned { role } } secret issuedAt expiresAt revokedAt lastUsedAt } replayed";

#[tokio::test]
async fn a_token_is_told_once_used_and_ended() {
    let api = Api::start();
    let venue = Venue::open(&api, OURS).await;
    let fields = json!({ "label": "accounts", "role": "ACCOUNTANT" });
    let issued =
        api.record("tokenIssue", venue.input("first", fields.clone()), SELECTION).await["token"].clone();
    let secret = issued["secret"].as_str().unwrap();
    assert!(secret.starts_with("soticket_") && secret.len() == 52, "{secret}");
    assert_eq!(
        (&issued["role"], &issued["holder"]["label"], &issued["lastUsedAt"]),
        (&json!("ACCOUNTANT"), &json!("accounts"), &Value::Null)
    );
    // Asked again it is the same token, and its secret is not told a second time.
    let again = api.record("tokenIssue", venue.input("first", fields), SELECTION).await;
    assert_eq!(
        (&again["replayed"], &again["token"]["secret"], &again["token"]["id"]),
        (&json!(true), &Value::Null, &issued["id"])
    );

    let accountant = api.with_token(secret);
    assert_eq!(accountant.data("{ organisations { id } }", json!({})).await["organisations"][0]["id"], OURS);
    let list = "query ($o: ID!) { organisation(id: $o) { tokens { id secret lastUsedAt revokedAt } } }";
    let listed = api.data(list, json!({ "o": OURS })).await["organisation"]["tokens"][0].clone();
    assert_eq!((&listed["secret"], &listed["lastUsedAt"]), (&Value::Null, &json!("2026-03-08T20:00:00Z")));
    assert_eq!(accountant.ask(list, json!({ "o": OURS })).await.code(), "FORBIDDEN");

    // No byte of the log leads back to the secret.
    let organisation = OrganisationId::parse(OURS).unwrap();
    let mut log = Vec::new();
    api.ledger
        .log()
        .read(organisation, 0, &mut |record| {
            log.extend_from_slice(record.payload);
            std::ops::ControlFlow::Continue(())
        })
        .unwrap();
    assert!(!log.windows(16).any(|bytes| secret.as_bytes()[9..].windows(16).any(|part| part == bytes)));

    let revoke = venue.input("revoke", json!({ "token": issued["id"] }));
    let revoked = api.record("tokenRevoke", revoke, "token { revokedAt }").await;
    assert!(revoked["token"]["revokedAt"].is_string());
    let answer = accountant.ask("{ organisations { id } }", json!({})).await;
    assert_eq!((answer.status.as_u16(), answer.code().as_str()), (401, "UNAUTHENTICATED"));
    let refused = api.refused("tokenRevoke", venue.input("twice", json!({ "token": issued["id"] }))).await;
    assert_eq!(refused, ("TOKEN_ENDED".into(), json!(["token"])));
}

#[tokio::test]
async fn a_token_ends_by_itself_and_another_takes_its_place() {
    let now = Arc::new(AtomicI64::new(NOW.0));
    let shown = Arc::clone(&now);
    let api = Api::with_clock(Arc::new(move || Timestamp(shown.load(Ordering::Relaxed))));
    let venue = Venue::open(&api, OURS).await;
    let fields = json!({ "label": "till", "role": "BOX_OFFICE", "channels": [venue.desk], "expiresAt": "2026-03-09T00:00:00Z" });
    let first = api.record("tokenIssue", venue.input("first", fields), SELECTION).await["token"].clone();
    assert_eq!(first["holder"]["assigned"]["role"], "BOX_OFFICE");
    let till = api.with_token(first["secret"].as_str().unwrap());
    till.record("orderPlace", venue.sale("one", 1), "").await;
    let holder = "query ($o: ID!) { organisation(id: $o) { tokens { holder { id } } } }";
    let holder =
        api.data(holder, json!({ "o": OURS })).await["organisation"]["tokens"][0]["holder"]["id"].clone();
    now.store(Timestamp::parse("2026-03-09T00:00:00Z").unwrap().0, Ordering::Relaxed);
    assert_eq!(till.ask("{ __typename }", json!({})).await.status, 401);
    let fields = json!({ "label": "till", "role": "BOX_OFFICE", "holder": holder });
    let second =
        api.record("tokenIssue", venue.input("second", fields.clone()), SELECTION).await["token"].clone();
    api.with_token(second["secret"].as_str().unwrap()).record("orderPlace", venue.sale("two", 1), "").await;
    let mut wrong = fields;
    wrong["role"] = json!("OWNER");
    let refused = api.refused("tokenIssue", venue.input("owner", wrong)).await;
    assert_eq!(refused, ("ROLE_MISMATCH".into(), json!(["role"])));
    let nowhere = json!({ "label": "till", "role": "REMOTE_BOX_OFFICE" });
    let refused = api.refused("tokenIssue", venue.input("nowhere", nowhere)).await;
    assert_eq!(refused, ("ROLE_MISMATCH".into(), json!(["channels"])));
}

#[tokio::test]
async fn an_administrator_opens_an_organisation_and_gives_it_its_first_token_only() {
    let api = Api::start().with_token(ADMINISTRATOR);
    let organisation = "44444444-4444-4444-8444-444444444444";
    let parameters = json!({ "name": "Neuf", "timeZone": "Europe/Paris" });
    let opening = json!({ "mode": "LIVE", "currency": "EUR", "parameters": parameters });
    api.record("organisationOpen", input(organisation, "open", opening), "organisation { id }").await;
    let owner = json!({ "label": "first", "role": "OWNER" });
    let issued =
        api.record("tokenIssue", input(organisation, "first", owner.clone()), "token { secret }").await;
    let refused = api.refused("tokenIssue", input(organisation, "second", owner.clone())).await;
    assert_eq!(refused, ("TOKEN_NOT_FIRST".into(), json!(["organisation"])));
    let own = api.with_token(issued["token"]["secret"].as_str().unwrap());
    own.record("tokenIssue", input(organisation, "second", owner), "token { number }").await;
    own.record("gateDefine", input(organisation, "gate", json!({ "name": "A" })), "gate { id }").await;
    let answer =
        api.ask("mutation ($i: GateDefineInput!) { gateDefine(input: $i) { position } }", json!({})).await;
    assert_eq!(answer.code(), "FORBIDDEN");
}

#[tokio::test]
async fn a_minute_has_so_many_points() {
    let house = House::over(Api::start()).await;
    house.api.service.limit_rate(100);
    let dashboard = house.who(Role::Dashboard);
    let query = "{ rateLimit { cost remaining limit resetAt } }";
    let limit = dashboard.data(query, json!({})).await["rateLimit"].clone();
    assert_eq!(limit, json!({ "cost": 1, "remaining": 99, "limit": 100, "resetAt": "2026-03-08T20:01:00Z" }));
    let page = "query ($o: ID!) { organisation(id: $o) { shows(first: 100) { nodes { id number title } } } rateLimit { cost remaining } }";
    let asked = dashboard.data(page, json!({ "o": OURS })).await["rateLimit"].clone();
    assert_eq!(asked, json!({ "cost": 5, "remaining": 94 }));
    for _ in 0..94 {
        dashboard.data("{ __typename }", json!({})).await;
    }
    let answer = dashboard.ask("{ __typename }", json!({})).await;
    assert_eq!((answer.status.as_u16(), answer.code().as_str()), (429, "RATE_LIMITED"));
    assert!((1..=60).contains(&answer.header("retry-after").parse::<u64>().unwrap()));
    assert_eq!(
        house.who(Role::Auditor).ask("{ __typename }", json!({})).await.status,
        200,
        "others have their own"
    );
    let answer = dashboard.get("/metrics", &[]).await;
    assert_eq!((answer.status.as_u16(), answer.header("retry-after").is_empty()), (429, false));
}

#[tokio::test]
async fn an_address_that_keeps_failing_is_told_to_wait_and_others_are_not_harmed() {
    let api = Api::start();
    let venue = Venue::open(&api, OURS).await;
    let token = issue(&api, &venue, "AUDITOR", json!([])).await;
    let address = listen(&api).await;
    let query = json!({ "query": "{ __typename }" });
    for _ in 0..30 {
        assert_eq!(ask(address, ("POST", "/graphql"), Some("Bearer guessed"), Some(&query)).await.0, 401);
    }
    assert_eq!(ask(address, ("POST", "/graphql"), Some("Bearer guessed"), Some(&query)).await.0, 429);
    assert_eq!(ask(address, ("GET", "/metrics"), None, None).await.0, 429);
    let bearer = format!("Bearer {token}");
    assert_eq!(ask(address, ("POST", "/graphql"), Some(&bearer), Some(&query)).await.0, 200);
}

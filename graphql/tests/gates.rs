//! Signing keys, devices, rules and the scanner API.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;

use serde_json::{Value, json};
use soticket_schema::ids::{CodeKeyId, OrganisationId};
use soticket_schema::ticket_code::{self, PublicKey};
use support::gate::open_rules;
use support::venue::{OURS, THEIRS, Venue};
use support::{Answer, Api, request};

use axum::body::Body;
use axum::http::Method;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};

async fn post(api: &Api, token: &str, path: &str, body: &Value) -> Answer {
    let authorization = format!("Device {token}");
    let headers = [("authorization", authorization.as_str()), ("content-type", "application/json")];
    api.send(request(Method::POST, path, &headers, Body::from(body.to_string()))).await
}

async fn get(api: &Api, token: &str, path: &str) -> Answer {
    api.get(path, &[("authorization", &format!("Device {token}"))]).await
}

fn redeem(code: &str, nonce: u64) -> Value {
    json!({ "shows": [1], "code": code, "nonce": nonce })
}

async fn decided(api: &Api, token: &str, body: &Value) -> (bool, String) {
    let answer = post(api, token, "/gate/v1/redeem", body).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let json = answer.json();
    (json["admitted"].as_bool().unwrap(), json["reason"].as_str().unwrap().to_owned())
}

fn told(admitted: bool, reason: &str) -> (bool, String) {
    (admitted, reason.to_owned())
}

#[tokio::test]
async fn codes_are_signed_and_checked_with_nothing_but_the_public_key() {
    let api = Api::ticking();
    let venue = Venue::open(&api, OURS).await;
    let plain = venue.sold_codes(&api, "before", 1).await.remove(0);
    assert_eq!(plain.len(), ticket_code::HOUSE_CODE_CHARACTERS);
    let public = PublicKey::parse(&venue.sign(&api).await).unwrap();
    let organisation = OrganisationId::parse(OURS).unwrap();

    let text = venue.sold_codes(&api, "after", 1).await.remove(0);
    let check = |text: &str| {
        ticket_code::check(organisation, &[(CodeKeyId(1), public)], text).map(|code| code.house.to_owned())
    };
    let house = check(&text).unwrap();
    assert_eq!(ticket_code::read(&text).unwrap().show.0, 1);

    // A ticket of before the key is shown signed as well, and is the same ticket.
    let query = "query($o: ID!, $p: LogPosition) { organisation(id: $o, minPosition: $p) { tickets(first: 2) { nodes { codes } } } }";
    let last = (api.ledger.head(organisation).unwrap().length - 1).to_string();
    let variables = json!({ "o": OURS, "p": last });
    let tickets = api.data(query, variables).await["organisation"]["tickets"]["nodes"].clone();
    let first = tickets[0]["codes"][0].as_str().unwrap();
    assert_eq!(check(first).unwrap(), plain);
    assert_eq!(tickets[1]["codes"][0], json!(text), "the same text whenever it is shown");

    venue.set_rules(&api, "rules", open_rules()).await;
    let (_, token) = venue.credential(&api, "credential").await;
    assert_eq!(decided(&api, &token, &redeem(first, 1)).await, told(true, "VALID"));
    assert_eq!(decided(&api, &token, &redeem(&plain, 2)).await, told(false, "ALREADY_INSIDE"));
    let mut forged = text.clone();
    let last = forged.len() - 2;
    forged.replace_range(last..=last, if &text[last..=last] == "0" { "1" } else { "0" });
    assert_eq!(decided(&api, &token, &redeem(&forged, 3)).await, told(false, "FORGED"));
    assert_eq!(decided(&api, &token, &redeem(&house, 4)).await, told(true, "VALID"), "as it is typed");

    let retired = venue.input("retire", json!({ "key": key_id(&api).await, "trusted": false }));
    let payload = api.record("codeKeyRetire", retired, "key { retiredAt trusted }").await;
    assert_eq!(payload["key"]["trusted"], json!(false));
    assert_eq!(venue.sold_codes(&api, "late", 1).await[0].len(), ticket_code::HOUSE_CODE_CHARACTERS);
}

async fn key_id(api: &Api) -> String {
    let query = "query($o: ID!) { organisation(id: $o) { codeKeys { id } } }";
    let data = api.data(query, json!({ "o": OURS })).await;
    data["organisation"]["codeKeys"][0]["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_token_is_told_once_and_ends_when_it_is_revoked() {
    let api = Api::ticking();
    let venue = Venue::open(&api, OURS).await;
    let fields = json!({ "device": venue.device, "gate": venue.gate });
    let (credential, token) = venue.credential(&api, "issue").await;
    let again =
        api.record("deviceCredentialIssue", venue.input("issue", fields), "credential { id token }").await;
    assert_eq!((&again["replayed"], &again["credential"]["token"]), (&json!(true), &Value::Null));
    assert_eq!(again["credential"]["id"], json!(credential));
    let log = api.ledger.head(OrganisationId::parse(OURS).unwrap()).unwrap().length;
    let mut records = String::new();
    let query = "query($o: ID!) { organisation(id: $o) { events(last: 5) { nodes { payload } } } }";
    records.push_str(&api.data(query, json!({ "o": OURS })).await.to_string());
    assert!(log > 5 && !records.contains(&token), "the log holds no token");

    let device = get(&api, &token, "/gate/v1/device").await;
    assert_eq!((device.status.as_u16(), &device.json()["label"]), (200, &json!("scan-A1")));
    let mut altered = token.clone();
    altered.replace_range(50..=50, if &token[50..=50] == "A" { "B" } else { "A" });
    for bad in ["", "nonsense", &token[1..], &altered] {
        let answer = get(&api, bad, "/gate/v1/device").await;
        assert_eq!(
            (answer.status.as_u16(), &answer.json()["code"]),
            (401, &json!("UNAUTHENTICATED")),
            "{bad}"
        );
    }
    assert_eq!(api.get("/gate/v1/device", &[]).await.status, 401);

    let replace = venue.input("replace", json!({ "credential": credential }));
    let payload = api.record("deviceCredentialReplace", replace, "credential { id token }").await;
    let second = payload["credential"]["token"].as_str().unwrap().to_owned();
    assert_eq!(get(&api, &token, "/gate/v1/device").await.status, 401);
    assert_eq!(get(&api, &second, "/gate/v1/device").await.status, 200);
    let revoke = venue.input("revoke", json!({ "credential": payload["credential"]["id"] }));
    let payload = api.record("deviceCredentialRevoke", revoke, "credential { revokedAt token }").await;
    assert!(payload["credential"]["revokedAt"].is_string() && payload["credential"]["token"].is_null());
    let answer = get(&api, &second, "/gate/v1/device").await;
    assert_eq!(answer.json()["detail"], json!("Device access has been revoked."));
    // A device of one organisation is nobody in another.
    let theirs = Venue::open(&api, THEIRS).await;
    let (_, other) = theirs.credential(&api, "issue").await;
    assert_eq!(get(&api, &other, "/gate/v1/device").await.json()["organisation"], json!(THEIRS));
}

#[tokio::test]
async fn the_person_at_the_gate_is_told_why_and_what_to_do() {
    let api = Api::ticking();
    let venue = Venue::open(&api, OURS).await;
    let codes = venue.sold_codes(&api, "sale", 3).await;
    let (_, token) = venue.credential(&api, "issue").await;
    assert_eq!(decided(&api, &token, &redeem(&codes[0], 1)).await, told(false, "TOO_EARLY"));
    venue.set_rules(&api, "rules", open_rules()).await;

    let answer = post(&api, &token, "/gate/v1/redeem", &redeem(&codes[0], 2)).await.json();
    assert_eq!(
        answer["message"],
        json!({ "fr": "Billet valable : laisser entrer.", "en": "Valid: let in." })
    );
    assert_eq!(
        (&answer["ticket"]["zone"]["name"], &answer["ticket"]["tariff"]),
        (&json!("Placement libre"), &json!("Plein"))
    );
    let again = post(&api, &token, "/gate/v1/redeem", &redeem(&codes[0], 2)).await.json();
    assert_eq!(
        (&again["replayed"], &again["admitted"]),
        (&json!(true), &json!(true)),
        "the same scan, asked again"
    );
    let second = post(&api, &token, "/gate/v1/redeem", &redeem(&codes[0], 3)).await.json();
    assert_eq!(second["reason"], json!("ALREADY_INSIDE"));
    assert_eq!(second["ticket"]["enteredAt"], answer["at"]);
    // The nonce of another question about the same code.
    let other = json!({ "shows": [1], "code": codes[0], "nonce": 3, "direction": "EXIT" });
    let answer = post(&api, &token, "/gate/v1/redeem", &other).await;
    assert_eq!((answer.status.as_u16(), &answer.json()["code"]), (422, &json!("IDEMPOTENCY_KEY_REUSED")));

    let exit = json!({ "shows": [1], "code": codes[0], "nonce": "exit-1", "direction": "EXIT" });
    assert_eq!(decided(&api, &token, &exit).await, told(true, "VALID"));
    assert_eq!(decided(&api, &token, &redeem(&codes[0], 4)).await, told(true, "VALID"));
    let zones = json!({ "gate": venue.gate, "show": venue.show, "zones": [venue.zone] });
    api.record("gateZonesSet", venue.input("zones", zones), "gate { zones { name } }").await;
    assert_eq!(decided(&api, &token, &redeem(&codes[1], 5)).await, told(true, "VALID"));
    assert_eq!(decided(&api, &token, &redeem("nobody's", 6)).await, told(false, "UNKNOWN_CODE"));
    let wrong = json!({ "shows": [7], "code": "x", "nonce": 7 });
    let answer = post(&api, &token, "/gate/v1/redeem", &wrong).await;
    assert_eq!((answer.status.as_u16(), &answer.json()["code"]), (422, &json!("SHOW_UNKNOWN")));
    for bad in [
        json!({}),
        json!({ "shows": [1], "code": "x", "nonce": "" }),
        json!({ "shows": [1], "code": "x", "nonce": 1, "more": 1 }),
    ] {
        assert_eq!(post(&api, &token, "/gate/v1/redeem", &bad).await.status, 400, "{bad}");
    }
    let organisation = OrganisationId::parse(OURS).unwrap();
    let last = api.ledger.head(organisation).unwrap().length - 1;
    assert!(api.projections.wait_for(organisation, last, std::time::Duration::from_secs(10)).await);
    let query = "query($o: ID!) { organisation(id: $o) { showByReference(reference: \"S-1\") { \
                 entryRules { reEntry admitUnpaid leadMinutes from } \
                 attendance { scanned present anomalies { kind nonce decision } } } } }";
    let show = api.data(query, json!({ "o": OURS })).await["organisation"]["showByReference"].clone();
    assert_eq!(show["entryRules"]["reEntry"], json!("AFTER_EXIT"));
    assert_eq!((&show["attendance"]["scanned"], &show["attendance"]["present"]), (&json!(2), &json!(2)));
    let anomalies = show["attendance"]["anomalies"].as_array().unwrap().iter();
    let kinds: Vec<_> = anomalies.map(|anomaly| anomaly["kind"].as_str().unwrap().to_owned()).collect();
    // Before there were rules for it, the show was scanned too early.
    assert_eq!(kinds, ["OUTSIDE_WINDOW", "SECOND_ENTRY", "UNKNOWN_CODE"]);
}

/// A device of its own: what it knows, it has from the list.
fn offline_hash(list: &Value, code: &str) -> String {
    assert_eq!(list["scheme"], json!("sha256-16"));
    let salt = URL_SAFE_NO_PAD.decode(list["salt"].as_str().unwrap()).unwrap();
    let digest = Sha256::new().chain_update(salt).chain_update(code).finalize();
    URL_SAFE_NO_PAD.encode(&digest[..16])
}

#[tokio::test]
async fn a_device_carries_the_list_and_asks_for_what_has_changed() {
    let api = Api::ticking();
    let venue = Venue::open(&api, OURS).await;
    venue.set_rules(&api, "rules", open_rules()).await;
    let (_, token) = venue.credential(&api, "issue").await;
    let codes = venue.sold_codes(&api, "sale", 5).await;
    // The read models follow the ledger; the answer to a later command has waited for them.
    venue.set_rules(&api, "again", open_rules()).await;
    let (api_of, token_of) = (&api, &token);
    let list = |query: String| async move {
        get(api_of, token_of, &format!("/gate/v1/shows/1/whitelist{query}")).await
    };
    let first = list("?limit=3".into()).await.json();
    let (entries, version) =
        (first["entries"].as_array().unwrap().clone(), first["version"].as_u64().unwrap());
    assert_eq!((entries.len(), &first["next"]), (3, &json!(3)));
    let rest = list("?limit=3&after=3".into()).await.json();
    assert_eq!((rest["entries"].as_array().unwrap().len(), &rest["next"]), (2, &Value::Null));
    for (entry, code) in entries.iter().chain(rest["entries"].as_array().unwrap()).zip(&codes) {
        assert_eq!(entry["hashes"], json!([offline_hash(&first, code)]));
        assert_eq!((&entry["change"], &entry["inside"]), (&json!("ADDED"), &json!(false)));
    }
    assert!(!first.to_string().contains(&codes[0]), "no code is in the list");
    assert_eq!(list(format!("?since={version}")).await.json()["entries"], json!([]));

    assert_eq!(decided(&api, &token, &redeem(&codes[1], 1)).await, told(true, "VALID"));
    let ids = ticket_ids(&api).await;
    let cancel =
        json!({ "order": order_id(&api).await, "tickets": [{ "ticket": ids[3] }], "reason": "CUSTOMER" });
    api.record("ticketsCancel", venue.input("cancel", cancel), "order { id }").await;
    venue.sold_codes(&api, "later", 1).await;
    venue.set_rules(&api, "third", open_rules()).await;
    let delta = list(format!("?since={version}")).await.json();
    let changes: Vec<_> = delta["entries"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| {
            (
                entry["ticket"].as_u64().unwrap(),
                entry["change"].as_str().unwrap().to_owned(),
                entry["inside"].as_bool().unwrap(),
            )
        })
        .collect();
    let expected = [(2, "CHANGED", true), (4, "REVOKED", false), (6, "ADDED", false)];
    assert_eq!(changes, expected.map(|(ticket, change, inside)| (ticket, change.to_owned(), inside)));
    assert_eq!(delta["salt"], first["salt"], "deltas are hashed as the list was");
    assert_eq!(list("?limit=x".into()).await.status, 400);
    assert_eq!(get(&api, &token, "/gate/v1/shows/9/whitelist").await.status, 404);
    let shows = get(&api, &token, "/gate/v1/shows").await.json();
    assert_eq!(shows["shows"][0]["rules"]["until"], json!("2026-03-31T00:00:00Z"));
}

async fn ticket_ids(api: &Api) -> Vec<String> {
    let query = "query($o: ID!) { organisation(id: $o) { tickets(first: 9) { nodes { id } } } }";
    let data = api.data(query, json!({ "o": OURS })).await;
    let nodes = data["organisation"]["tickets"]["nodes"].as_array().unwrap().iter();
    nodes.map(|node| node["id"].as_str().unwrap().to_owned()).collect()
}

async fn order_id(api: &Api) -> String {
    let query = "query($o: ID!) { organisation(id: $o) { orders(first: 1) { nodes { id } } } }";
    let data = api.data(query, json!({ "o": OURS })).await;
    data["organisation"]["orders"]["nodes"][0]["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn what_a_gate_reports_is_recorded_once_whatever_it_is() {
    let api = Api::ticking();
    let venue = Venue::open(&api, OURS).await;
    venue.set_rules(&api, "rules", open_rules()).await;
    let (_, token) = venue.credential(&api, "issue").await;
    let codes = venue.sold_codes(&api, "sale", 2).await;
    let scan = |code: &str, nonce: u64| json!({ "show": 1, "code": code, "nonce": nonce, "at": "2026-03-08T19:00:00Z" });
    let batch = json!({ "scans": [scan(&codes[0], 1), scan("nobody's", 2), scan(&codes[0], 3), { "show": 9, "code": "x", "nonce": 4, "at": "2026-03-08T19:00:00Z" }, { "show": 1, "code": "x", "nonce": 5, "at": "yesterday" }] });
    let statuses = |answer: &Value| -> Vec<String> {
        let scans = answer["scans"].as_array().unwrap().iter();
        scans.map(|scan| scan["status"].as_str().unwrap().to_owned()).collect()
    };
    let answer = post(&api, &token, "/gate/v1/scans", &batch).await.json();
    assert_eq!(statuses(&answer), ["RECORDED", "RECORDED", "RECORDED", "KEPT_BACK", "KEPT_BACK"]);
    assert_eq!(
        (&answer["scans"][3]["code"], &answer["scans"][4]["code"]),
        (&json!("SHOW_UNKNOWN"), &json!("BAD_USER_INPUT"))
    );
    let length = || api.ledger.head(OrganisationId::parse(OURS).unwrap()).unwrap().length;
    let before = length();
    let again = post(&api, &token, "/gate/v1/scans", &batch).await.json();
    assert_eq!(statuses(&again), ["DUPLICATE", "DUPLICATE", "DUPLICATE", "KEPT_BACK", "KEPT_BACK"]);
    assert_eq!(length(), before, "nothing was added");
    // Decided first, then reported as well because the answer was lost: one scan.
    assert_eq!(decided(&api, &token, &redeem(&codes[1], 9)).await, told(true, "VALID"));
    let late = json!({ "scans": [scan(&codes[1], 9)] });
    let answer = post(&api, &token, "/gate/v1/scans", &late).await.json();
    assert_eq!(statuses(&answer), ["DUPLICATE"]);
    // A device that counts anew: another code under a number that was used.
    let anew = json!({ "scans": [scan(&codes[1], 1)] });
    assert_eq!(statuses(&post(&api, &token, "/gate/v1/scans", &anew).await.json()), ["RECORDED"]);
    let many = json!({ "scans": vec![scan("x", 1); 501] });
    assert_eq!(post(&api, &token, "/gate/v1/scans", &many).await.status, 400);
}

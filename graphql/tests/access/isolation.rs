//! Organisations are apart: what is of another one is answered as what does not exist, to the byte.

use axum::body::Body;
use axum::http::Method;
use serde_json::{Value, json};
use soticket_graphql::Role;
use soticket_schema::OrganisationId;

use crate::inputs::Inputs;
use crate::people::House;
use crate::support::venue::{OURS, THEIRS, Venue};
use crate::support::{Answer, Api, request};

/// An organisation that does not exist.
const NOWHERE: &str = "77777777-7777-4777-8777-777777777777";

/// Status, names of headers and body, but for the number of the request.
fn seen(answer: &Answer) -> (u16, Vec<String>, String) {
    let mut body = answer.body.clone();
    while let Some(at) = body.find("\"requestId\":\"") {
        let from = at + "\"requestId\":\"".len();
        let end = from + body[from..].find('"').unwrap();
        body.replace_range(at..=end, "");
    }
    (answer.status.as_u16(), answer.headers.keys().map(ToString::to_string).collect(), body)
}

fn length(api: &Api, organisation: &str) -> u64 {
    api.ledger.head(OrganisationId::parse(organisation).unwrap()).map_or(0, |head| head.length)
}

/// The same global id in an organisation that does not exist.
fn elsewhere(id: &str) -> String {
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    let text = String::from_utf8(URL_SAFE_NO_PAD.decode(id).unwrap()).unwrap();
    assert!(text.contains(THEIRS), "{text}");
    URL_SAFE_NO_PAD.encode(text.replace(THEIRS, NOWHERE))
}

#[tokio::test]
async fn every_mutation_for_another_organisation_is_answered_as_for_none() {
    let house = House::open().await;
    Venue::open(&house.api, THEIRS).await;
    let (inputs, before) = (Inputs::of_schema(), length(&house.api, THEIRS));
    let mutations = inputs.mutations();
    assert!(mutations.len() > 90);
    for role in Role::ALL.iter().filter(|role| **role != Role::CooperativeAdministrator) {
        let api = house.who(*role);
        for (mutation, kind) in &mutations {
            let ask = async |organisation: &str| {
                let mut input = inputs.least(kind);
                input["organisation"] = json!(organisation);
                let query = format!(
                    "mutation ($input: {kind}!) {{ {mutation}(input: $input) {{ userErrors {{ code field message }} }} }}"
                );
                api.ask(&query, json!({ "input": input })).await
            };
            let (foreign, unknown) = (ask(THEIRS).await, ask(NOWHERE).await);
            assert_eq!(seen(&foreign), seen(&unknown), "{} {mutation}", role.text());
            assert!(
                foreign.status == 403 || foreign.body.contains("ORGANISATION_UNKNOWN"),
                "{} {mutation}: {}",
                role.text(),
                foreign.body
            );
        }
    }
    assert_eq!(length(&house.api, THEIRS), before);
    assert_eq!(length(&house.api, NOWHERE), 0, "nothing was opened under an id that nobody may name");
}

#[tokio::test]
async fn every_id_of_another_organisation_reads_as_one_that_does_not_exist() {
    let house = House::open().await;
    let theirs = Venue::open(&house.api, THEIRS).await;
    let order = theirs.sell(&house.api, "sale", 1).await;
    let ids: Vec<String> = [
        &theirs.hall,
        &theirs.zone,
        &theirs.show,
        &theirs.full,
        &theirs.web,
        &theirs.card,
        &theirs.gate,
        &theirs.device,
        &theirs.product,
    ]
    .into_iter()
    .cloned()
    .chain([&order["id"], &order["tickets"][0]["id"]].map(|id| id.as_str().unwrap().to_owned()))
    .collect();
    for role in Role::ALL {
        let api = house.who(*role);
        let administrator = *role == Role::CooperativeAdministrator;
        for id in &ids {
            let node = async |id: &str| {
                api.ask(
                    "query ($id: ID!) { node(id: $id) { id } nodes(ids: [$id, $id]) { id } }",
                    json!({ "id": id }),
                )
                .await
            };
            let (foreign, unknown) = (node(id).await, node(&elsewhere(id)).await);
            assert_eq!(seen(&foreign), seen(&unknown), "{} {id}", role.text());
            assert_eq!(
                foreign.json()["data"],
                json!({ "node": null, "nodes": [null, null] }),
                "{}",
                foreign.body
            );
            for field in ["show", "order", "ticket", "tariff", "hold", "customer", "tillSession"] {
                let one = async |id: &str| {
                    let query = format!(
                        "query ($o: ID!, $id: ID!) {{ organisation(id: $o) {{ {field}(id: $id) {{ id }} }} }}"
                    );
                    api.ask(&query, json!({ "o": OURS, "id": id })).await
                };
                assert_eq!(seen(&one(id).await), seen(&one(&elsewhere(id)).await), "{} {field}", role.text());
            }
        }
        let organisation = async |id: &str| {
            let query = "query ($id: ID!) { organisation(id: $id, minPosition: \"0\") { id name checkpoint { hash } } node(id: $id) { id } }";
            api.ask(query, json!({ "id": id })).await
        };
        if !administrator {
            assert_eq!(
                seen(&organisation(THEIRS).await),
                seen(&organisation(NOWHERE).await),
                "{}",
                role.text()
            );
            let all = api.data("{ organisations { id } }", json!({})).await;
            assert_eq!(all["organisations"], json!([{ "id": OURS }]), "{}", role.text());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_path_of_another_organisation_is_answered_as_that_of_none() {
    let house = House::open().await;
    let theirs = Venue::open(&house.api, THEIRS).await;
    theirs.sell(&house.api, "sale", 1).await;
    let period = "from=2026-03-01&to=2026-03-02";
    let paths = |organisation: &str, show: &str| {
        [
            (Method::GET, format!("/documents/show/{show}/statement.json")),
            (Method::GET, format!("/documents/show/{show}/statement.nothing")),
            (Method::GET, format!("/documents/show/{show}/settlement.pdf?version=1")),
            (Method::GET, format!("/documents/show/{show}/orders.csv")),
            (Method::GET, format!("/documents/orders.csv?organisation={organisation}")),
            (Method::GET, format!("/documents/file/{}?organisation={organisation}", "0".repeat(64))),
            (Method::PUT, format!("/documents/file?organisation={organisation}")),
            (Method::GET, format!("/accounts/{organisation}/sibil.json?{period}")),
            (Method::GET, format!("/accounts/{organisation}/fec?{period}")),
            (Method::GET, format!("/accounts/{organisation}/journal?{period}")),
            (Method::GET, format!("/accounts/{organisation}/receipts")),
            (Method::GET, format!("/feed/{organisation}")),
            (Method::GET, format!("/customers/{organisation}/segment.csv?purpose=x")),
            (Method::GET, format!("/customers/{organisation}/person.json?customer=x")),
        ]
    };
    for role in Role::ALL {
        let api = house.who(*role);
        let ask = async |method: Method, path: &str| {
            api.send(request(method, path, &[], Body::from("bytes"))).await
        };
        let pairs = paths(THEIRS, &theirs.show).into_iter().zip(paths(NOWHERE, &elsewhere(&theirs.show)));
        for ((method, foreign), (_, unknown)) in pairs {
            let answer = ask(method.clone(), &foreign).await;
            assert!(
                answer.status == 404 || answer.status == 403,
                "{} {foreign}: {}",
                role.text(),
                answer.body
            );
            assert_eq!(seen(&answer), seen(&ask(method, &unknown).await), "{} {foreign}", role.text());
        }
    }
}

#[tokio::test]
async fn nobody_acts_in_the_name_of_another() {
    let house = House::open().await;
    let venue = &house.venue;
    let named = async |role: Role, mutation: &str, fields: Value| {
        let refused = house.who(role).refused(mutation, venue.input("named", fields)).await;
        assert_eq!(refused.0, "ACTOR_NOT_ALLOWED", "{}", role.text());
        refused.1
    };
    let sale = json!({ "channel": venue.desk, "tickets": venue.tickets(1), "actor": venue.device });
    assert_eq!(named(Role::BoxOffice, "orderPlace", sale).await, json!(["actor"]));
    let note = json!({ "what": "STARTED", "actor": venue.device });
    assert_eq!(named(Role::Accountant, "technicalEventNote", note).await, json!(["actor"]));

    // A gate is the device that it says it is.
    let other = json!({ "kind": "DEVICE", "label": "scan-A2" });
    let other = house.api.record("actorRegister", venue.input("other", other), "actor { id }").await;
    let scan = |device: &Value| {
        json!({ "occurredAt": "2026-03-14T19:00:00Z", "show": venue.show, "code": "x", "gate": venue.gate,
            "device": device, "nonce": "1" })
    };
    assert_eq!(named(Role::GateDevice, "scanReport", scan(&other["actor"]["id"])).await, json!(["device"]));
    let own = venue.input("own", scan(&json!(venue.device)));
    house.who(Role::GateDevice).record("scanReport", own, "").await;

    // What is recorded is recorded as done by the token's holder, and on its channels only.
    let sold = house
        .who(Role::BoxOffice)
        .record("orderPlace", venue.sale("at the desk", 1), "events { actor { label } }")
        .await;
    assert_eq!(sold["events"][0]["actor"]["label"], "for BOX_OFFICE");
    let web = json!({ "channel": venue.web, "tickets": venue.tickets(1) });
    let refused = house.who(Role::BoxOffice).refused("orderPlace", venue.input("on the web", web)).await;
    assert_eq!(refused, ("CHANNEL_NOT_ALLOWED".into(), json!(["channel"])));
    let own = json!({ "channel": venue.desk, "tickets": venue.tickets(1) });
    let refused =
        house.who(Role::RemoteBoxOffice).refused("orderPlace", venue.input("from elsewhere", own)).await;
    assert_eq!(refused.0, "CHANNEL_NOT_ALLOWED");
    let view = "query ($o: ID!, $a: ID!) { organisation(id: $o, actor: $a) { id } }";
    let answer = house.who(Role::Network).ask(view, json!({ "o": OURS, "a": venue.device })).await;
    assert_eq!(answer.code(), "FORBIDDEN");
}

//! Checkpoints, tiles and proofs as an auditor fetches them, held against the format layer.

#![expect(clippy::unwrap_used, reason = "tests")]

mod support;

use axum::http::StatusCode;
use serde_json::{Value, json};
use soticket_graphql::OrganisationToken;
use soticket_ledger::proof::{
    Checkpoint, Note, ProofFile, PublishOptions, Publisher, TreeHash, VerifierKey, check_consistency,
};
use soticket_schema::OrganisationId;
use support::Api;
use support::venue::{OURS, Venue};

const TOKEN: &str = "an-auditor-has-a-token-of-32-characters";

/// A venue whose service publishes; the folder goes with it.
struct House {
    api: Api,
    venue: Venue,
    _folder: tempfile::TempDir,
}

async fn house() -> House {
    let api = Api::ticking();
    let venue = Venue::open(&api, OURS).await;
    let folder = tempfile::tempdir().unwrap();
    let options = PublishOptions {
        folder: folder.path().join("published"),
        promises: folder.path().join("promises"),
        origin: "ledger.example".to_owned(),
    };
    let organisation = OrganisationId::parse(&venue.organisation).unwrap();
    let token = OrganisationToken::new(organisation, TOKEN).unwrap();
    api.service.publish_with(Publisher::new(api.ledger.clone(), options), vec![token]);
    let house = House { api, venue, _folder: folder };
    // The first checkpoint makes the key, which the read models take in a moment later.
    house.ask("signedCheckpoint { size }").await;
    let last = house.api.ledger.head(organisation).unwrap().length - 1;
    assert!(house.api.projections.wait_for(organisation, last, std::time::Duration::from_secs(10)).await);
    house
}

impl House {
    async fn ask(&self, selection: &str) -> Value {
        let query = format!("query ($id: ID!) {{ organisation(id: $id) {{ {selection} }} }}");
        self.api.data(&query, json!({ "id": self.venue.organisation })).await["organisation"].clone()
    }

    async fn get(&self, path: &str, token: Option<&str>) -> (StatusCode, Vec<u8>) {
        let bearer = token.map(|token| format!("Bearer {token}"));
        let headers: Vec<(&str, &str)> =
            bearer.iter().map(|bearer| ("authorization", bearer.as_str())).collect();
        let path = format!("/logs/{}/{path}", self.venue.organisation);
        let request = support::request(axum::http::Method::GET, &path, &headers, axum::body::Body::empty());
        let response = tower::ServiceExt::oneshot(self.api.router.clone(), request).await.unwrap();
        let status = response.status();
        (status, axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap().to_vec())
    }

    async fn text(&self, path: &str) -> String {
        let (status, body) = self.get(path, None).await;
        assert_eq!(status, StatusCode::OK, "{path}");
        String::from_utf8(body).unwrap()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sale_is_proved_by_what_the_service_gives_away() {
    let house = house().await;
    let placed = house.api.record("orderPlace", house.venue.sale("s", 2), "order { id }").await;
    let newest = house
        .ask("signedCheckpoint { origin size root note } checkpointKeys { number origin verifier retiredAt }")
        .await;
    let key: VerifierKey = newest["checkpointKeys"][0]["verifier"].as_str().unwrap().parse().unwrap();
    assert_eq!(house.text("key").await, format!("{key}\n"));
    let note: Note = newest["signedCheckpoint"]["note"].as_str().unwrap().parse().unwrap();
    let checkpoint = Checkpoint::open(&note, std::slice::from_ref(&key)).unwrap();
    assert_eq!(house.text("checkpoint").await, note.to_string());
    assert_eq!(newest["signedCheckpoint"]["size"], checkpoint.size.to_string());

    let query = "query ($id: ID!) { node(id: $id) { ... on Order { receipt { position leaf hashes file checkpoint { size } }
        events { kind position proof { file } } tickets { events { kind } } customer { events { kind } } } } }";
    let order = house.api.data(query, json!({ "id": placed["order"]["id"] })).await["node"].clone();
    let receipt: ProofFile = order["receipt"]["file"].as_str().unwrap().parse().unwrap();
    let record = receipt.extra.clone().unwrap();
    receipt.check(&record, std::slice::from_ref(&key)).unwrap();
    assert_eq!(order["receipt"]["leaf"], TreeHash::leaf(&record).to_string());
    let kinds = |events: &Value| -> Vec<String> {
        events.as_array().unwrap().iter().map(|event| event["kind"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(kinds(&order["events"])[0], "ORDER_PLACED");
    assert_eq!(order["events"][0]["position"], receipt.index.to_string());
    for event in order["events"].as_array().unwrap() {
        let file: ProofFile = event["proof"]["file"].as_str().unwrap().parse().unwrap();
        file.check(file.extra.as_ref().unwrap(), std::slice::from_ref(&key)).unwrap();
    }
    assert_eq!(
        kinds(&order["tickets"][0]["events"]),
        kinds(&order["events"]),
        "nothing happened to one ticket alone"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_signed_before_is_the_beginning_of_what_is_signed_now() {
    let house = house().await;
    let first = house.ask("signedCheckpoint { size root }").await["signedCheckpoint"].clone();
    house.api.record("orderPlace", house.venue.sale("s", 1), "order { id }").await;
    let later = house.ask("signedCheckpoint { size root }").await["signedCheckpoint"].clone();
    let (from, to) = (first["size"].as_str().unwrap(), later["size"].as_str().unwrap());
    let asked = format!(
        "consistencyProof(from: \"{from}\", to: \"{to}\") {{ hashes earlier {{ root }} later {{ root }} }}"
    );
    let proof = house.ask(&asked).await["consistencyProof"].clone();
    let root = |of: &Value| TreeHash::parse(of["root"].as_str().unwrap()).unwrap();
    assert_eq!((root(&proof["earlier"]), root(&proof["later"])), (root(&first), root(&later)));
    let hashes: Vec<TreeHash> = proof["hashes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|hash| TreeHash::parse(hash.as_str().unwrap()).unwrap())
        .collect();
    let (old, new) = ((from.parse().unwrap(), root(&first)), (to.parse().unwrap(), root(&later)));
    check_consistency(old, new, &hashes).unwrap();
    let beyond = "query ($id: ID!) { organisation(id: $id) { signedCheckpoint(size: \"9999\") { size } } }";
    let answer = house.api.ask(beyond, json!({ "id": house.venue.organisation })).await;
    assert_eq!(answer.code(), "BAD_USER_INPUT");
    assert!(answer.body.contains("ask for a position or size within them"), "{}", answer.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn records_take_a_token_and_checkpoints_do_not() {
    let house = house().await;
    house.ask("signedCheckpoint(size: \"3\") { size }").await;
    house.ask("signedCheckpoint { size }").await;
    assert!(house.text("checkpoints/3").await.contains("\n3\n"));
    for path in ["tile/entries/000.p/3", "tile/0/000.p/3", "proof/0"] {
        assert_eq!(house.get(path, None).await.0, StatusCode::UNAUTHORIZED, "{path}");
        assert_eq!(
            house.get(path, Some("another-token-of-at-least-32-characters")).await.0,
            StatusCode::UNAUTHORIZED
        );
        assert_eq!(house.get(path, Some(TOKEN)).await.0, StatusCode::OK, "{path}");
    }
    let (_, tile) = house.get("tile/0/000.p/3", Some(TOKEN)).await;
    assert_eq!(tile.len(), 3 * 32, "a part is served as wide as it is asked for");
    let unknown = ["tile/0/001", "tile/0/0", "tile/9/000", "tile/entries/../checkpoint", "proof/99999"];
    for path in unknown {
        assert_eq!(house.get(path, Some(TOKEN)).await.0, StatusCode::NOT_FOUND, "{path}");
    }
    for path in [
        "/logs/nobody/checkpoint",
        "/logs/cooperative/checkpoint",
        "/logs/00000000-0000-0000-0000-000000000000/key",
    ] {
        assert_eq!(house.api.get(path, &[]).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_that_publishes_nothing_says_so_by_null() {
    let api = Api::start();
    let venue = Venue::open(&api, OURS).await;
    let query =
        "query ($id: ID!) { organisation(id: $id) { signedCheckpoint { size } checkpointKeys { number } } }";
    let organisation = api.data(query, json!({ "id": venue.organisation })).await["organisation"].clone();
    assert_eq!(organisation, json!({ "signedCheckpoint": null, "checkpointKeys": [] }));
    assert_eq!(
        api.get(&format!("/logs/{}/checkpoint", venue.organisation), &[]).await.status,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_are_rotated_by_mutations() {
    let house = house().await;
    let first = house.ask("signedCheckpoint { origin } checkpointKeys { id }").await;
    let origin = first["signedCheckpoint"]["origin"].clone();
    let input = house.venue.input("k2", json!({ "origin": origin }));
    let key =
        house.api.record("checkpointKeyRegister", input, "key { id number verifier }").await["key"].clone();
    assert_eq!(key["number"], "2");
    let old = first["checkpointKeys"][0]["id"].clone();
    house
        .api
        .record("checkpointKeyRetire", house.venue.input("r1", json!({ "key": old })), "key { retiredAt }")
        .await;
    let signed = house.ask("signedCheckpoint { note }").await["signedCheckpoint"]["note"].clone();
    let note: Note = signed.as_str().unwrap().parse().unwrap();
    let verifier: VerifierKey = key["verifier"].as_str().unwrap().parse().unwrap();
    Checkpoint::open(&note, &[verifier]).unwrap();
    let last = house.venue.input("r2", json!({ "key": key["id"] }));
    assert_eq!(house.api.refused("checkpointKeyRetire", last).await.0, "CHECKPOINT_KEY_LAST");
    let other = house.venue.input("k3", json!({ "origin": "elsewhere.example/log" }));
    assert_eq!(
        house.api.refused("checkpointKeyRegister", other).await,
        ("ORIGIN_CHANGED".to_owned(), json!(["origin"]))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_can_be_asked_as_of_an_earlier_moment_and_two_moments_compared() {
    let house = house().await;
    let sell = async |key: &str, count: usize| {
        house.api.record("orderPlace", house.venue.sale(key, count), "position order { id }").await["position"].clone()
    };
    let first = sell("a", 2).await;
    let asked = "checkpoint { position } orders(first: 10) { edges { node { number } } }
        events(last: 1) { edges { node { position } } } signedCheckpoint { size }";
    let query = format!("query ($id: ID!, $at: AsOf) {{ organisation(id: $id, asOf: $at) {{ {asked} }} }}");
    let at = json!({ "position": first });
    let ask = async |at: &Value| {
        house.api.data(&query, json!({ "id": house.venue.organisation, "at": at })).await["organisation"]
            .clone()
    };
    let then = ask(&Value::Null).await;
    let second = sell("b", 3).await;
    let mut earlier = ask(&at).await;
    // The first checkpoint registered the log's key, which is an event after the sale.
    assert_eq!(earlier["checkpoint"]["position"], first);
    assert_eq!(earlier["events"]["edges"][0]["node"]["position"], first);
    let size: u64 = first.as_str().unwrap().parse::<u64>().unwrap() + 1;
    assert_eq!(earlier["signedCheckpoint"]["size"], size.to_string());
    assert_eq!(earlier["orders"], then["orders"]);
    earlier = ask(&json!({ "position": second })).await;
    assert_eq!(earlier["orders"]["edges"].as_array().unwrap().len(), 2);

    let query = "query ($show: ID!, $from: AsOf!, $to: AsOf) { node(id: $show) { ... on Show {
        statementChanges(kind: BOX_OFFICE, language: EN, from: $from, to: $to) { eventCount from { position } to { position }
            changes { table row column before after } } } } }";
    let changes = async |from: &Value, to: &Value| {
        let variables =
            json!({ "show": house.venue.show, "from": { "position": from }, "to": { "position": to } });
        house.api.data(query, variables).await["node"]["statementChanges"].clone()
    };
    let same = changes(&second, &second).await;
    assert_eq!((&same["changes"], &same["eventCount"]), (&json!([]), &json!("0")));
    let grown = changes(&first, &second).await;
    let counts: Vec<(i64, i64)> = grown["changes"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|change| {
            let figure = |of: &str| change[of].as_str().and_then(|text| text.parse().ok());
            Some((figure("before")?, figure("after")?))
        })
        .collect();
    assert!(counts.contains(&(2, 5)), "{grown}");
    let backwards =
        json!({ "show": house.venue.show, "from": { "position": second }, "to": { "position": first } });
    assert_eq!(house.api.ask(query, backwards).await.code(), "BAD_USER_INPUT");
}

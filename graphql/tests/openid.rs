//! Signing in by way of a certified OpenID Connect provider of others, in Node, with a browser that goes through its pages.
//! `cargo xtask test` installs it; where Node or a network is missing this test says so and tests nothing.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;

use std::net::TcpListener;
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};
use soticket_graphql::{LiveTimes, OpenIdSettings};
use soticket_schema::OrganisationId;
use support::live::serve_live;
use support::venue::{OURS, THEIRS, Venue};
use support::{Api, input};

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whom_a_provider_vouches_for_signs_in_as_their_login() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clients");
    if !folder.join("node_modules/oidc-provider").is_dir() {
        println!("the provider is not installed: run `npm ci` in graphql/tests/clients");
        return;
    }
    let api = Api::ticking();
    Venue::open(&api, OURS).await;
    let login = json!({ "name": "office@lagrange.example", "password": "a first password", "label": "office", "role": "ACCOUNTANT" });
    api.record("loginIssue", input(OURS, "login", login), "").await;
    let served = serve_live(&api, LiveTimes::default()).await;
    let (port, address) = (free_port(), served.address);
    let service = format!("http://{address}");
    let settings = OpenIdSettings {
        organisation: OrganisationId::parse(OURS).unwrap(),
        issuer: format!("http://127.0.0.1:{port}"),
        client: "soticket".to_owned(),
        secret: "a-secret-of-the-tests".to_owned(),
        redirect: format!("{service}/session/openid/back"),
    };
    assert!(!format!("{settings:?}").contains("a-secret"));
    api.service.sign_in_with(vec![settings]);
    // Before the provider is there, and for who has none.
    let begin = |organisation: &str| format!("/session/openid?organisation={organisation}");
    assert_eq!(api.get(&begin(OURS), &[]).await.status, 502);
    for other in [THEIRS, "nonsense"] {
        let answer = api.get(&begin(other), &[]).await;
        assert_eq!(
            (answer.status.as_u16(), answer.body.contains("PROVIDER_UNKNOWN")),
            (404, true),
            "{}",
            answer.body
        );
    }
    for path in [begin(OURS) + "&then=https://evil.example", "/session/openid".to_owned()] {
        assert_eq!(api.get(&path, &[]).await.status, 400, "{path}");
    }
    for path in ["/session/openid/back", "/session/openid/back?state=x&code=y"] {
        assert_eq!(api.get(path, &[("cookie", "soticket-openid=z")]).await.status, 401, "{path}");
    }

    let mut command = Command::new("node");
    command.arg("openid.mjs").args([port.to_string(), service, OURS.to_owned()]).current_dir(folder);
    let output = tokio::task::spawn_blocking(move || command.output()).await.unwrap().unwrap();
    let printed = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{printed}{}", String::from_utf8_lossy(&output.stderr));
    let outcomes: Vec<Value> = printed.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    assert_eq!(outcomes.len(), 6, "{printed}");
    let ada = &outcomes[0];
    assert_eq!((&ada["status"], &ada["repeated"]), (&json!(200), &json!(401)), "a code counts once: {ada}");
    assert_eq!((&ada["who"]["organisation"], &ada["who"]["role"]), (&json!(OURS), &json!("accountant")));
    for (number, why) in [
        (1, "an e-mail that is not verified"),
        (2, "somebody without a login"),
        (3, "somebody without an e-mail"),
        (4, "a state of others"),
        (5, "another browser"),
    ] {
        let outcome = &outcomes[number];
        assert_eq!((&outcome["status"], &outcome["who"]), (&json!(401), &json!(401)), "{why}: {outcome}");
    }
    assert_eq!((&outcomes[4]["repeated"], &outcomes[5]["repeated"]), (&json!(200), &json!(401)));
    let query = "query ($o: ID!, $p: LogPosition) { organisation(id: $o, minPosition: $p) { journal(first: 100, kinds: [SIGNED_IN]) { \
                 nodes { kind } } } }";
    let last = (api.ledger.heads()[0].1.length - 1).to_string();
    let told = api.data(query, json!({ "o": OURS, "p": last })).await;
    assert_eq!(told["organisation"]["journal"]["nodes"].as_array().unwrap().len(), 2, "{told}");
    served.stop().await;
}

//! Returns to societies and to the State through GraphQL and as files: the same figures in both.

#![expect(clippy::unwrap_used, reason = "tests")]

mod support;

use std::time::Duration;

use axum::body::Body;
use axum::http::Method;
use serde_json::{Value, json};
use support::venue::{OURS, THEIRS, Venue};
use support::{Api, request};

const DOCUMENT: &str = "kind number hash checkpoint { position }
    subject { key value text }
    sections { key facts { key label value } tables { key columns { key kind currency }
        rows { role values texts explanation events } } }
    notes";

async fn sold(api: &Api) -> Venue {
    let venue = Venue::open(api, OURS).await;
    venue.sell(api, "sale", 3).await;
    let organisation = soticket_schema::OrganisationId::parse(OURS).unwrap();
    let last = api.ledger.head(organisation).unwrap().length - 1;
    assert!(api.projections.wait_for_blocking(organisation, last, Duration::from_secs(9)));
    venue
}

fn table<'a>(document: &'a Value, key: &str) -> &'a Value {
    let sections = document["sections"].as_array().unwrap().iter();
    let mut tables = sections.flat_map(|section| section["tables"].as_array().unwrap());
    tables.find(|table| table["key"] == key).unwrap_or_else(|| panic!("no {key}: {document}"))
}

/// A value of a row by the key of its column.
fn value<'a>(table: &'a Value, row: usize, key: &str) -> &'a str {
    let columns = table["columns"].as_array().unwrap();
    let place = columns.iter().position(|column| column["key"] == key).unwrap();
    table["rows"][row]["values"][place].as_str().unwrap_or("null")
}

#[tokio::test(flavor = "multi_thread")]
async fn every_statement_of_a_show_is_data_and_a_file_with_one_hash() {
    let api = Api::start();
    let venue = sold(&api).await;
    for (kind, path) in [
        ("BOX_OFFICE", "statement"),
        ("REMITTANCE", "remittance"),
        ("SACEM", "sacem"),
        ("SACD", "sacd"),
        ("CNM", "cnm"),
    ] {
        let query = format!(
            "query Statement($organisation: ID!, $show: ID!) {{ organisation(id: $organisation) {{
                show(id: $show) {{ statement(kind: {kind}, language: EN) {{ {DOCUMENT} }}
                    documents {{ {path} {{ json pdf xlsx csv }} }} }} }} }}"
        );
        let data = api.data(&query, json!({ "organisation": OURS, "show": venue.show })).await;
        let show = &data["organisation"]["show"];
        let paths = &show["documents"][path];
        for format in ["json", "pdf", "xlsx", "csv"] {
            // Of binary files the head is enough: they are rendered for it all the same.
            let path = paths[format].as_str().unwrap();
            let answer = api.send(request(Method::HEAD, path, &[], Body::empty())).await;
            assert_eq!(answer.status, 200, "{kind} {format}");
            assert_eq!(answer.header("etag"), format!("\"{}\"", show["statement"]["hash"].as_str().unwrap()));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn returns_have_their_figures_and_blanks() {
    let api = Api::start();
    let venue = sold(&api).await;
    let query = format!(
        "query Returns($organisation: ID!, $show: ID!) {{ organisation(id: $organisation) {{
            show(id: $show) {{ sacem: statement(kind: SACEM) {{ {DOCUMENT} }} cnm: statement(kind: CNM) {{ {DOCUMENT} }} }}
            sibil: periodReturn(kind: SIBIL, from: \"2026-01-01\", to: \"2026-03-31\") {{ {DOCUMENT} }}
            levies: periodReturn(kind: CNM, from: \"2026-03-01\", to: \"2026-03-31\", language: EN) {{ {DOCUMENT} }}
            periodReturnFiles(kind: SIBIL, from: \"2026-01-01\", to: \"2026-03-31\") {{ json csv }} }} }}"
    );
    let data = api.data(&query, json!({ "organisation": OURS, "show": venue.show })).await;
    let found = &data["organisation"];
    // Three tickets at 24.00: 72.00, without VAT 68.25, of which 3.5 % are 2.39.
    let receipts = table(&found["show"]["sacem"], "return-receipts");
    assert_eq!(value(receipts, 0, "net-of-vat"), "68.25");
    assert_eq!(receipts["columns"][2]["currency"], "EUR");
    let facts = found["show"]["sacem"]["sections"][0]["facts"].as_array().unwrap();
    let client = facts.iter().find(|fact| fact["key"] == "sacem-client").unwrap();
    assert_eq!(client["value"], "to-fill-in");
    let levy = table(&found["show"]["cnm"], "levy");
    assert_eq!((value(levy, 0, "basis"), value(levy, 0, "tax")), ("68.25", "2.39"));
    assert_eq!(value(table(&found["levies"], "levy"), 0, "tax"), "2.39");
    let sibil = &found["sibil"];
    let performances = table(sibil, "by-performance");
    assert_eq!(
        (value(performances, 0, "full-tickets"), value(performances, 0, "full-receipts")),
        ("3", "72.00")
    );
    assert_eq!(sibil["number"], "SIBIL-2026-T1");
    let due = sibil["subject"].as_array().unwrap().iter().find(|fact| fact["key"] == "due-before").unwrap();
    assert_eq!((&due["value"], &due["text"]), (&json!("2026-04-10"), &json!("10/04/2026")));
    let file = api.get(found["periodReturnFiles"]["json"].as_str().unwrap(), &[]).await;
    assert_eq!(file.header("etag"), format!("\"{}\"", sibil["hash"].as_str().unwrap()));
    assert!(file.header("content-disposition").contains("SIBIL-2026-T1.json"));
    assert!(api.get(found["periodReturnFiles"]["csv"].as_str().unwrap(), &[]).await.body.len() > 100);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_asked_for_is_told_by_a_code() {
    let api = Api::start();
    sold(&api).await;
    let of = |file: &str| format!("/accounts/{OURS}/{file}");
    for (path, status, code) in [
        (of("sibil.json?from=2026-01-01"), 400, "BAD_USER_INPUT"),
        (of("sibil.json?from=2026-01-01&to=soon"), 400, "BAD_USER_INPUT"),
        (of("sibil.json?from=2026-03-31&to=2026-01-01"), 400, "BAD_USER_INPUT"),
        (of("cnm.json?from=2024-01-01&to=2026-01-01"), 400, "BAD_USER_INPUT"),
        (of("sibil.docx?from=2026-01-01&to=2026-03-31"), 404, "FILE_UNKNOWN"),
        (of("other.json?from=2026-01-01&to=2026-03-31"), 404, "FILE_UNKNOWN"),
        (format!("/accounts/{THEIRS}/sibil.json?from=2026-01-01&to=2026-03-31"), 404, "ORGANISATION_UNKNOWN"),
        ("/accounts/nobody/sibil.json?from=2026-01-01&to=2026-03-31".into(), 404, "ORGANISATION_UNKNOWN"),
    ] {
        let answer = api.get(&path, &[]).await;
        assert_eq!(
            (answer.status.as_u16(), answer.json()["code"].as_str().unwrap()),
            (status, code),
            "{path}"
        );
    }
    let query = "query Bad($organisation: ID!) { organisation(id: $organisation) {
        periodReturn(kind: SIBIL, from: \"2026-03-31\", to: \"2026-01-01\") { number } } }";
    assert_eq!(api.ask(query, json!({ "organisation": OURS })).await.code(), "BAD_USER_INPUT");
    // A settlement is refused while nothing is agreed.
    let query = "query None($organisation: ID!) { organisation(id: $organisation) { shows(first: 1) { nodes {
        statement(kind: SETTLEMENT) { number } } } } }";
    assert_eq!(api.ask(query, json!({ "organisation": OURS })).await.code(), "BAD_USER_INPUT");
}

#[tokio::test(flavor = "multi_thread")]
async fn declared_data_is_read_from_its_folder() {
    let api = Api::start();
    let venue = sold(&api).await;
    let folder = tempfile::tempdir().unwrap();
    api.service.read_declared_from(folder.path().to_owned());
    let path = format!("/documents/show/{}/sacem.json", venue.show);
    let before = api.get(&path, &[]).await;
    assert!(before.json()["sections"][0]["facts"]["sacem-client"] == "to-fill-in");
    let file = folder.path().join(format!("{OURS}.json"));
    std::fs::write(&file, r#"{"sacemClient": "7654321"}"#).unwrap();
    let after = api.get(&path, &[]).await;
    assert_eq!(after.json()["sections"][0]["facts"]["sacem-client"], "7654321");
    std::fs::write(&file, "{").unwrap();
    let broken = api.get(&path, &[]).await;
    assert_eq!((broken.status.as_u16(), broken.json()["code"].as_str().unwrap()), (409, "DECLARED_INVALID"));
}

//! Statements and lists as files over HTTP, by the paths that GraphQL gives.

#![expect(clippy::unwrap_used, reason = "tests")]

mod support;

use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderMap, Method, StatusCode};
use serde_json::{Value, json};
use support::venue::{OURS, Venue};
use support::{Api, request};
use tower::ServiceExt as _;

async fn fetch(api: &Api, path: &str) -> (StatusCode, HeaderMap, Vec<u8>) {
    let bearer = format!("Bearer {}", api.token);
    let request = request(Method::GET, path, &[("authorization", &bearer)], Body::empty());
    let (head, body) = api.router.clone().oneshot(request).await.unwrap().into_parts();
    let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap();
    (head.status, head.headers, bytes.to_vec())
}

async fn refused(api: &Api, path: &str) -> (u16, String) {
    let (status, _, bytes) = fetch(api, path).await;
    let answer: Value = serde_json::from_slice(&bytes).unwrap();
    (status.as_u16(), answer["code"].as_str().unwrap().to_owned())
}

async fn sell(api: &Api, venue: &Venue, key: &str, tickets: usize) -> String {
    let amount = format!("{}.{:02}", tickets * 2_580 / 100, tickets * 2_580 % 100);
    let sale = json!({ "channel": venue.web, "tickets": venue.tickets(tickets),
        "payment": [{ "method": venue.card, "amount": amount }] });
    let sold = api.record("orderPlace", venue.input(key, sale), "order { id }").await;
    let position = sold["position"].as_str().unwrap().to_owned();
    let organisation = soticket_schema::OrganisationId::parse(OURS).unwrap();
    assert!(api.projections.wait_for_blocking(
        organisation,
        position.parse().unwrap(),
        Duration::from_secs(9)
    ));
    position
}

async fn paths(api: &Api, venue: &Venue, position: Option<&str>) -> Value {
    let query = "query Paths($organisation: ID!, $show: ID!, $position: LogPosition) {
        organisation(id: $organisation) {
            files(language: EN) { orders { csv jsonLines xlsx } tickets { csv } }
            show(id: $show) { documents(language: EN, position: $position) {
                statement { pdf xlsx csv json } remittance { json } orders { jsonLines } tickets { csv } } }
        }
    }";
    let variables = json!({ "organisation": OURS, "show": venue.show, "position": position });
    api.data(query, variables).await["organisation"].clone()
}

fn path<'a>(paths: &'a Value, pointer: &str) -> &'a str {
    paths.pointer(pointer).unwrap().as_str().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_statement_is_the_same_file_whenever_it_is_fetched() {
    let api = Api::start();
    let venue = Venue::open(&api, OURS).await;
    let first = sell(&api, &venue, "one", 3).await;
    let paths = paths(&api, &venue, Some(&first)).await;
    let statement = "/show/documents/statement";
    let mut before = Vec::new();
    for (format, media, begins) in [
        ("pdf", "application/pdf", "%PDF-1.7"),
        ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "PK"),
        ("csv", "text/csv; charset=utf-8", "\u{FEFF}Table,Row,"),
        ("json", "application/json", "{\"format\":\"soticket-document/1\""),
    ] {
        let (status, headers, bytes) = fetch(&api, path(&paths, &format!("{statement}/{format}"))).await;
        assert_eq!(status, StatusCode::OK);
        assert_eq!(headers["content-type"], media);
        assert!(bytes.starts_with(begins.as_bytes()), "{format}");
        let name = headers["content-disposition"].to_str().unwrap();
        assert!(
            name.starts_with("attachment; filename=\"BR-") && name.ends_with(&format!(".{format}\"")),
            "{name}"
        );
        assert_eq!(headers["x-content-type-options"], "nosniff");
        before.push((headers["etag"].clone(), bytes));
    }
    let json: Value = serde_json::from_slice(&before[3].1).unwrap();
    let rows = json["sections"][0]["tables"]["receipts"]["rows"].as_array().unwrap();
    assert_eq!(rows.last().unwrap()["cells"]["gross"], "72.00");
    // All forms of one document have one hash, and what is sold later changes none of them.
    assert!(before.iter().all(|(tag, _)| *tag == before[0].0));
    sell(&api, &venue, "two", 1).await;
    for ((tag, bytes), format) in before.iter().zip(["pdf", "xlsx", "csv", "json"]) {
        let (_, headers, again) = fetch(&api, path(&paths, &format!("{statement}/{format}"))).await;
        assert_eq!((&headers["etag"], &again), (tag, bytes), "{format}");
    }
    let now = self::paths(&api, &venue, None).await;
    let (_, headers, _) = fetch(&api, path(&now, &format!("{statement}/json"))).await;
    assert_ne!(headers["etag"], before[0].0);
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_are_sent_whole() {
    let api = Api::start();
    let venue = Venue::open(&api, OURS).await;
    for key in 0..5 {
        sell(&api, &venue, &key.to_string(), 2).await;
    }
    let paths = paths(&api, &venue, None).await;
    let (status, headers, lines) = fetch(&api, path(&paths, "/files/orders/jsonLines")).await;
    assert_eq!((status, headers["content-type"].to_str().unwrap()), (StatusCode::OK, "application/x-ndjson"));
    let lines = String::from_utf8(lines).unwrap();
    let orders: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(orders.len(), 5);
    assert!(orders.iter().all(|order| order["total"] == "51.60" && order["open"] == "0.00"), "{lines}");
    let (_, _, same) = fetch(&api, path(&paths, "/show/documents/orders/jsonLines")).await;
    assert_eq!(same, lines.as_bytes());
    for pointer in ["/files/tickets/csv", "/show/documents/tickets/csv"] {
        let (_, _, tickets) = fetch(&api, path(&paths, pointer)).await;
        assert_eq!(String::from_utf8(tickets).unwrap().lines().count(), 11);
    }
    let (_, headers, workbook) = fetch(&api, path(&paths, "/files/orders/xlsx")).await;
    assert!(workbook.starts_with(b"PK"));
    assert_eq!(headers["content-disposition"], "attachment; filename=\"orders.xlsx\"");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_rendered_is_told_by_a_code() {
    let api = Api::start();
    let venue = Venue::open(&api, OURS).await;
    let (show, hall) = (&venue.show, &venue.hall);
    for (path, status, code) in [
        (format!("/documents/show/{show}/statement.docx"), 404, "FILE_UNKNOWN"),
        (format!("/documents/show/{show}/other.pdf"), 404, "FILE_UNKNOWN"),
        (format!("/documents/show/{show}/statement"), 404, "FILE_UNKNOWN"),
        ("/documents/show/nonsense/statement.pdf".into(), 404, "SHOW_UNKNOWN"),
        (format!("/documents/show/{hall}/statement.pdf"), 404, "SHOW_UNKNOWN"),
        (format!("/documents/show/{show}/statement.json?asOf=0"), 404, "SHOW_UNKNOWN"),
        (format!("/documents/show/{show}/statement.json?asOf=1999-01-01T00:00:00Z"), 400, "BAD_USER_INPUT"),
        (format!("/documents/show/{show}/statement.json?lang=de"), 400, "BAD_USER_INPUT"),
        (format!("/documents/show/{show}/statement.csv?table=nothing"), 400, "BAD_USER_INPUT"),
        (format!("/documents/show/{show}/statement.csv?decimal=slash"), 400, "BAD_USER_INPUT"),
        (format!("/documents/show/{show}/statement.csv?unknown=1"), 400, "BAD_USER_INPUT"),
        ("/documents/orders.csv".into(), 400, "BAD_USER_INPUT"),
        (format!("/documents/orders.pdf?organisation={OURS}"), 404, "FILE_UNKNOWN"),
        (
            "/documents/orders.csv?organisation=00000000-0000-4000-8000-000000000000".into(),
            404,
            "LIST_UNKNOWN",
        ),
    ] {
        assert_eq!(refused(&api, &path).await, (status, code.to_owned()), "{path}");
    }
    let one = format!("/documents/show/{show}/statement.csv?table=receipts&separator=tab&mark=false&lang=en");
    let (_, _, table) = fetch(&api, &one).await;
    assert!(table.starts_with(b"Tariff\tZone\tChannel\t"), "{}", String::from_utf8_lossy(&table));
}

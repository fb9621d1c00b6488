//! Files given out with a sealed settlement, and those that parties send back: kept under their hash, given back for ever.

#![expect(clippy::unwrap_used, reason = "tests")]

mod support;

use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderMap, Method, StatusCode};
use serde_json::{Value, json};
use soticket_exports::{Language, Sealing, prepare_seal};
use soticket_schema::{OrganisationId, ShowId};
use support::venue::{OURS, THEIRS, Venue};
use support::{Api, request};
use tower::ServiceExt as _;

const STEPS: &str = r#"[
    { "name": "receipts", "label": "Recettes HT", "role": "receipts", "receipts": {} },
    { "name": "producer", "label": "Producteur", "role": "share", "party": "producer",
      "share": { "of": "receipts", "rate": "70" }, "vat": "fr.vat.cession" },
    { "name": "organiser", "label": "Organisateur", "role": "own", "difference": { "of": "receipts", "less": ["producer"] } }
]"#;

const FILES: &str = "show { settlements { settlement version statement files { kind hash bytes path } } }";

/// A venue with a deal and ten tickets sold.
async fn settled(api: &Api, organisation: &str) -> Venue {
    let api = &api.as_owner(organisation);
    let venue = Venue::open(api, organisation).await;
    let party = json!({ "name": "Producteur" });
    let made = api.record("partyRegister", venue.input("party", party), "party { id }").await;
    let terms = json!({ "name": "Contrat", "steps": STEPS,
        "parties": [{ "name": "producer", "party": made["party"]["id"] }] });
    let agree = json!({ "shows": [venue.show], "terms": terms });
    api.record("dealAgree", venue.input("deal", agree), "").await;
    venue.sell(api, "sale", 10).await;
    venue
}

fn seal(venue: &Venue, key: &str, version: i32) -> Value {
    venue.input(key, json!({ "show": venue.show, "version": version }))
}

async fn send(api: &Api, method: Method, path: &str, body: Vec<u8>) -> (StatusCode, HeaderMap, Vec<u8>) {
    let bearer = format!("Bearer {}", api.token);
    let request = request(method, path, &[("authorization", &bearer)], Body::from(body));
    let (head, body) = api.router.clone().oneshot(request).await.unwrap().into_parts();
    let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap();
    (head.status, head.headers, bytes.to_vec())
}

async fn fetch(api: &Api, path: &str) -> (StatusCode, HeaderMap, Vec<u8>) {
    send(api, Method::GET, path, Vec::new()).await
}

async fn given(api: &Api, path: &str) -> Vec<u8> {
    let (status, _, bytes) = fetch(api, path).await;
    assert_eq!(status, StatusCode::OK, "{path}: {}", String::from_utf8_lossy(&bytes));
    bytes
}

async fn code(api: &Api, method: Method, path: &str, body: Vec<u8>) -> (u16, String) {
    let (status, _, bytes) = send(api, method, path, body).await;
    let answer: Value = serde_json::from_slice(&bytes).unwrap();
    (status.as_u16(), answer["code"].as_str().unwrap().to_owned())
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_given_out_with_a_seal_is_given_back_and_made_anew_byte_for_byte() {
    let api = Api::start();
    let venue = settled(&api, OURS).await;
    let sealed = api.record("settlementSeal", seal(&venue, "seal", 1), FILES).await;
    let version = &sealed["show"]["settlements"][0];
    let files = version["files"].as_array().unwrap();
    let kinds: Vec<_> = files.iter().map(|file| text(file, "kind")).collect();
    assert_eq!(kinds, ["JSON", "JSON", "PDF", "XLSX", "CSV"]);
    // The first is the canonical statement itself: its hash is the one that the seal states.
    assert_eq!(files[0]["hash"], version["statement"]);
    let mut kept = Vec::new();
    for (file, (media, name)) in files.iter().zip([
        ("application/json", "DC-S-1-v1.json"),
        ("application/json", "DC-S-1-v1.json"),
        ("application/pdf", "DC-S-1-v1.pdf"),
        ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "DC-S-1-v1.xlsx"),
        ("text/csv; charset=utf-8", "DC-S-1-v1.csv"),
    ]) {
        let (status, headers, bytes) = fetch(&api, text(file, "path")).await;
        assert_eq!(status, StatusCode::OK);
        assert_eq!(headers["content-type"], media);
        assert_eq!(headers["content-disposition"], format!("attachment; filename=\"{name}\""));
        assert_eq!(headers["cache-control"], "private, max-age=31536000, immutable");
        assert_eq!(headers["x-content-type-options"], "nosniff");
        assert_eq!(headers["etag"], format!("\"{}\"", text(file, "hash")));
        assert_eq!(blake3::hash(&bytes).to_hex().as_str(), text(file, "hash"));
        assert_eq!(bytes.len().to_string(), text(file, "bytes"));
        kept.push(bytes);
    }
    let canonical = String::from_utf8(kept[0].clone()).unwrap();
    let query = "query ($id: ID!) { node(id: $id) { ... on Show { settlementDraft { canonical } } } }";
    let draft = api.data(query, json!({ "id": venue.show })).await;
    assert_eq!(draft["node"]["settlementDraft"]["canonical"], canonical);
    let document: Value = serde_json::from_slice(&kept[1]).unwrap();
    assert_eq!((&document["state"], &document["version"]), (&json!("sealed"), &json!(1)), "{document}");

    // Later sales, signatures and another version change nothing of it: made anew it is the same, whatever the format.
    let sign = json!({ "settlement": version["settlement"], "version": 1 });
    api.record("settlementSignOff", venue.input("sign", sign), "").await;
    venue.sell(&api, "more", 1).await;
    let amended = api.record("settlementSeal", seal(&venue, "amend", 2), FILES).await;
    let show = &venue.show;
    for (bytes, format) in kept[1..].iter().zip(["json", "pdf", "xlsx", "csv"]) {
        let anew =
            given(&api, &format!("/documents/show/{show}/settlement.{format}?version=1&lang=fr")).await;
        assert!(anew == *bytes, "{format} differs");
    }
    for (file, bytes) in files.iter().zip(&kept) {
        assert_eq!(given(&api, text(file, "path")).await, *bytes);
    }
    let second = &amended["show"]["settlements"][1]["files"];
    assert_ne!(second[2]["hash"], files[2]["hash"]);

    let path = format!("/documents/show/{show}/settlement.pdf?version=3");
    assert_eq!(code(&api, Method::GET, &path, vec![]).await, (404, "SETTLEMENT_NOT_SEALED".into()));
    for wrong in ["settlement.pdf?version=1&asOf=3", "statement.pdf?version=1"] {
        let path = format!("/documents/show/{show}/{wrong}");
        assert_eq!(code(&api, Method::GET, &path, vec![]).await, (400, "BAD_USER_INPUT".into()), "{wrong}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_language_of_the_files_is_a_parameter_of_the_seal() {
    let api = Api::start();
    let venue = settled(&api, OURS).await;
    let mut english = seal(&venue, "seal", 1);
    english["language"] = json!("EN");
    let sealed = api.record("settlementSeal", english.clone(), FILES).await;
    let csv = given(&api, text(&sealed["show"]["settlements"][0]["files"][4], "path")).await;
    assert!(csv.starts_with("\u{FEFF}Table,Row,".as_bytes()), "{}", String::from_utf8_lossy(&csv));
    let other = api.refused("settlementSeal", seal(&venue, "seal", 1)).await;
    assert_eq!(other.0, "IDEMPOTENCY_KEY_REUSED");
    let again = api.record("settlementSeal", english, FILES).await;
    assert_eq!(again["replayed"], true);
    assert_eq!(again["show"], sealed["show"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_a_party_sends_back_is_kept_then_named_then_given_out() {
    let api = Api::start();
    let venue = settled(&api, OURS).await;
    let sealed = api.record("settlementSeal", seal(&venue, "seal", 1), FILES).await;
    let settlement = &sealed["show"]["settlements"][0]["settlement"];
    let keep = |key: &str, hash: &str, bytes: usize| {
        let file = json!({ "kind": "SIGNED", "hash": hash, "bytes": bytes.to_string() });
        venue.input(key, json!({ "settlement": settlement, "version": 1, "files": [file] }))
    };
    let signed = b"%PDF-1.7 signed by both".to_vec();
    let hash = blake3::hash(&signed).to_hex().to_string();
    // An event must not name what nobody has, nor state another length.
    let absent = ("FILE_NOT_KEPT".to_owned(), json!(["files", "0", "hash"]));
    assert_eq!(api.refused("settlementFilesKeep", keep("early", &hash, signed.len())).await, absent);
    let upload = format!("/documents/file?organisation={OURS}");
    let (status, _, body) = send(&api, Method::PUT, &upload, signed.clone()).await;
    let taken: Value = serde_json::from_slice(&body).unwrap();
    assert_eq!(status, StatusCode::CREATED);
    let path = format!("/documents/file/{hash}?organisation={OURS}");
    assert_eq!(taken, json!({ "hash": hash, "bytes": signed.len(), "path": path }));
    assert_eq!(api.refused("settlementFilesKeep", keep("long", &hash, signed.len() + 1)).await, absent);
    // Kept, but no event names it: to whoever asks it is not there.
    assert_eq!(code(&api, Method::GET, &path, vec![]).await, (404, "FILE_UNKNOWN".into()));
    api.record("settlementFilesKeep", keep("keep", &hash, signed.len()), "").await;
    let (status, headers, bytes) = fetch(&api, &path).await;
    assert_eq!((status, &bytes), (StatusCode::OK, &signed));
    assert_eq!(headers["content-disposition"], "attachment; filename=\"DC-S-1-v1-signed.pdf\"");
    assert_eq!(headers["content-type"], "application/pdf");

    for (method, path, body, expected) in [
        (Method::PUT, upload.as_str(), vec![], (400, "BAD_USER_INPUT")),
        (Method::PUT, &upload, vec![0; (16 << 20) + 1], (413, "BODY_TOO_LARGE")),
        (Method::PUT, "/documents/file", vec![1], (400, "BAD_USER_INPUT")),
        (
            Method::PUT,
            &format!("/documents/file?organisation={THEIRS}"),
            vec![1],
            (404, "ORGANISATION_UNKNOWN"),
        ),
        (Method::GET, "/documents/file/no-hash?organisation=1", vec![], (400, "BAD_USER_INPUT")),
        (Method::GET, &format!("/documents/file/no-hash?organisation={OURS}"), vec![], (404, "FILE_UNKNOWN")),
    ] {
        let (status, told) = expected;
        assert_eq!(code(&api, method, path, body).await, (status, told.to_owned()), "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_of_another_organisation_is_as_unknown_as_one_that_is_not_there() {
    let api = Api::start();
    let ours = settled(&api, OURS).await;
    settled(&api, THEIRS).await;
    let sealed = api.record("settlementSeal", seal(&ours, "seal", 1), FILES).await;
    let file = &sealed["show"]["settlements"][0]["files"][2];
    let answer = |organisation: &'static str, hash: String| {
        let asker = api.as_owner(if organisation == THEIRS { THEIRS } else { OURS });
        async move {
            let (status, headers, body) =
                fetch(&asker, &format!("/documents/file/{hash}?organisation={organisation}")).await;
            let names: Vec<String> = headers.keys().map(ToString::to_string).collect();
            (status, names, body)
        }
    };
    let hash = text(file, "hash").to_owned();
    let foreign = answer(THEIRS, hash.clone()).await;
    assert_eq!(foreign.0, StatusCode::NOT_FOUND);
    assert_eq!(foreign, answer(THEIRS, "0".repeat(64)).await);
    assert_eq!(foreign, answer(OURS, "0".repeat(64)).await);
    assert_eq!(foreign, answer("33333333-3333-4333-8333-333333333333", hash.clone()).await);
    // Bytes that they send themselves are theirs, and still not named by any event of theirs.
    let bytes = given(&api, text(file, "path")).await;
    let (status, _, _) =
        send(&api.as_owner(THEIRS), Method::PUT, &format!("/documents/file?organisation={THEIRS}"), bytes)
            .await;
    assert_eq!(status, StatusCode::CREATED);
    assert_eq!(foreign, answer(THEIRS, hash).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crash_between_files_and_seal_leaves_what_nobody_is_given_and_the_next_seal_finds() {
    let api = Api::start();
    let venue = settled(&api, OURS).await;
    let organisation = OrganisationId::parse(OURS).unwrap();
    let last = api.ledger.head(organisation).unwrap().length - 1;
    assert!(api.projections.wait_for(organisation, last, Duration::from_secs(9)).await);
    let (show, version, statement, language) = (ShowId(1), 1, None, Language::French);
    let sealing = Sealing { organisation, show, version, statement, language };
    // All that comes before the event, and then nothing.
    let prepared = prepare_seal(&api.projections, api.ledger.files(), &sealing, &|_, _| None).unwrap();
    assert_eq!((prepared.files.len(), prepared.position), (5, last));
    for file in &prepared.files {
        assert!(api.ledger.files().read(organisation, file.hash).is_ok());
        let path = format!("/documents/file/{}?organisation={OURS}", file.hash);
        assert_eq!(code(&api, Method::GET, &path, vec![]).await, (404, "FILE_UNKNOWN".into()));
    }
    let sealed = api.record("settlementSeal", seal(&venue, "seal", 1), FILES).await;
    let files = sealed["show"]["settlements"][0]["files"].as_array().unwrap();
    let hashes: Vec<_> = files.iter().map(|file| text(file, "hash").to_owned()).collect();
    assert_eq!(hashes, prepared.files.iter().map(|file| file.hash.to_string()).collect::<Vec<_>>());
    given(&api, text(&files[2], "path")).await;
}

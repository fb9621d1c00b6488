//! Accounting entries, remittances, receipts and payments, files of the accounts and closing statements, from outside.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;

use std::sync::Arc;

use serde_json::{Value, json};
use soticket_graphql::{OrganisationToken, Service};
use soticket_ledger::Ledger;
use soticket_projections::{Options, Projections, fec_check};
use soticket_schema::Timestamp;
use soticket_schema::ids::OrganisationId;
use support::socket::{ask, listen};
use support::venue::{OURS, THEIRS, Venue};
use support::{Api, NOW};

const TOKEN: &str = "0123456789abcdef0123456789abcdef";

/// A service whose clock is set by the test, with a token for our closing statements.
fn start(now: Timestamp) -> Api {
    let ledger = Ledger::in_memory(Arc::new(move || now)).unwrap();
    let projections = Projections::start(ledger.clone(), Options::default()).unwrap();
    let token = OrganisationToken::new(OrganisationId::parse(OURS).unwrap(), TOKEN).unwrap();
    let service = Service::with_closing_statements(ledger.clone(), Arc::clone(&projections), vec![token]);
    Api::over(ledger, projections, service)
}

async fn network(api: &Api, venue: &Venue) -> String {
    let fields = json!({ "name": "Fnac", "kind": "NETWORK", "feeOnTop": "0.00", "feeVat": "20" });
    let payload = api.record("channelOpen", venue.input("fnac", fields), "channel { id }").await;
    payload["channel"]["id"].as_str().unwrap().to_owned()
}

/// Account, debit and credit of each line.
fn lines(entry: &Value) -> Vec<String> {
    let lines = entry["lines"].as_array().unwrap().iter();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    lines
        .map(|line| {
            let (debit, credit) = (text(&line["debit"]["amount"]), text(&line["credit"]["amount"]));
            format!("{} {debit} {credit}", text(&line["account"]))
        })
        .collect()
}

const ENTRIES: &str = "query ($id: ID!, $from: Date!, $to: Date!) { organisation(id: $id) {
    accountsLockedThrough
    accountMappings { version name validFrom accounts { role account rate } }
    accountingEntries(from: $from, to: $to, first: 10) { nodes {
        number day kind book bookCode reference label amount { amount } eventCount eventKinds firstPosition lastPosition
        show { number } lines { account name debit { amount } credit { amount } }
        events(first: 10) { nodes { position kind } } } } } }";

async fn entries(api: &Api) -> Value {
    let variables = json!({ "id": OURS, "from": "2026-03-01", "to": "2026-03-08" });
    api.data(ENTRIES, variables).await["organisation"].clone()
}

#[tokio::test]
async fn entries_name_their_accounts_and_open_their_events() {
    let api = Api::start();
    let venue = Venue::open(&api, OURS).await;
    venue.sell(&api, "sale", 2).await;
    let fnac = network(&api, &venue).await;
    let remittance = json!({ "channel": fnac, "show": venue.show, "amount": "1583.04",
        "receivedAt": "2026-03-08T08:00:00Z", "reference": "FNAC SPECTACLES SEANCE 14/03" });
    let selection = "channel { name }";
    api.record("remittanceRecord", venue.input("remit", remittance.clone()), selection).await;
    let refused = api.refused("remittanceRecord", venue.input("again", remittance)).await;
    assert_eq!(refused, ("REMITTANCE_KNOWN".to_owned(), json!(["reference"])));

    let found = entries(&api).await;
    let entries = found["accountingEntries"]["nodes"].as_array().unwrap();
    let told: Vec<_> = entries.iter().map(|entry| (entry["kind"].as_str().unwrap(), lines(entry))).collect();
    assert_eq!(
        told,
        [
            (
                "SALES",
                vec![
                    "5112 48.00 0.00".to_owned(),
                    "4191 0.00 45.50".to_owned(),
                    "445712 0.00 2.50".to_owned()
                ]
            ),
            ("REMITTANCE", vec!["512 1583.04 0.00".to_owned(), "467FNAC 0.00 1583.04".to_owned()]),
        ]
    );
    let sale = &entries[0];
    assert_eq!((&sale["day"], &sale["bookCode"]), (&json!("2026-03-08"), &json!("VE")));
    assert_eq!(sale["eventKinds"], json!(["ORDER_PLACED", "PAYMENT_RECORDED"]));
    let events: Vec<_> =
        sale["events"]["nodes"].as_array().unwrap().iter().map(|event| &event["kind"]).collect();
    assert_eq!(events, ["ORDER_PLACED", "PAYMENT_RECORDED"]);
    assert_eq!(sale["eventCount"], 2);
    assert_eq!(found["accountMappings"][0]["version"], 0);
    assert_eq!(found["accountsLockedThrough"], Value::Null);

    let lock = venue.input("lock", json!({ "through": "2026-03-07T12:00:00Z" }));
    api.record("journalLock", lock, "organisation { accountsLockedThrough }").await;
    let later = json!({ "id": OURS, "from": "2026-03-01", "to": "2026-03-09" });
    assert_eq!(api.ask(ENTRIES, later).await.code(), "BAD_USER_INPUT");
}

#[tokio::test]
async fn a_mapping_is_set_and_a_faulty_one_changes_nothing() {
    let api = Api::start();
    let venue = Venue::open(&api, OURS).await;
    let shipped: Value =
        serde_json::from_str(include_str!("../../data/accounts/ticketing-2026.json")).unwrap();
    let screaming = |name: &str| {
        let mut text = String::new();
        for letter in name.chars() {
            if letter.is_ascii_uppercase() && !text.is_empty() {
                text.push('_');
            }
            text.push(letter.to_ascii_uppercase());
        }
        text
    };
    let account = |account: &Value| {
        let mut input = json!({ "role": screaming(account["role"].as_str().unwrap()),
            "account": account["account"], "name": account["name"],
            "auxiliary": account["auxiliary"], "auxiliaryName": account["auxiliary_name"] });
        if let Some(rate) = account["key"]["Rate"].as_i64() {
            input["rate"] = json!(soticket_schema::Rate(rate).percent());
        }
        if let Some(kind) = account["key"]["Kind"].as_str() {
            input["methodKind"] = json!(screaming(kind));
        }
        input
    };
    let accounts: Vec<Value> = shipped["accounts"].as_array().unwrap().iter().map(account).collect();
    let books: Vec<Value> = shipped["books"].as_array().unwrap().iter().map(|book| {
        json!({ "book": screaming(book["book"].as_str().unwrap()), "code": book["code"], "name": book["name"] })
    }).collect();
    let mapping = |accounts: Vec<Value>| {
        json!({ "mapping": { "name": "Les nôtres", "source": "Cabinet, 2026-03-01", "vatDue": "ON_SALE",
            "books": books, "accounts": accounts } })
    };
    let mut own = accounts.clone();
    own[0]["account"] = json!("70621");
    let selection = "organisation { accountMappings { version name accounts { role account } } }";
    let payload = api.record("accountMappingSet", venue.input("map", mapping(own)), selection).await;
    let set = &payload["organisation"]["accountMappings"];
    assert_eq!((&set[1]["version"], &set[1]["name"]), (&json!(1), &json!("Les nôtres")));
    assert_eq!(set[1]["accounts"][0], json!({ "role": "RECEIPTS", "account": "70621" }));

    let without = |role: &str| {
        let kept = accounts.iter().filter(|account| account["role"] != role);
        mapping(kept.cloned().collect())
    };
    let refused = api.refused("accountMappingSet", venue.input("a", without("ADVANCES"))).await;
    assert_eq!(refused.0, "ACCOUNT_MISSING");
    let refused = api.refused("accountMappingSet", venue.input("b", without("VAT_COLLECTED"))).await;
    assert_eq!(refused.0, "VAT_ACCOUNT_MISSING");
    let mut twice = accounts.clone();
    twice[0]["rate"] = json!("5.5");
    let refused = api.refused("accountMappingSet", venue.input("c", mapping(twice))).await;
    assert_eq!(refused.0, "ACCOUNT_KEY_INVALID");
}

#[tokio::test]
async fn receipts_and_payments_add_up_and_open_their_events() {
    let api = Api::start();
    let venue = Venue::open(&api, OURS).await;
    let order = venue.sell(&api, "sale", 2).await;
    let ticket = &order["tickets"][0]["id"];
    let refund = json!({ "order": order["id"], "tickets": [{ "ticket": ticket }], "reason": "CUSTOMER",
        "refund": [{ "method": venue.cash, "amount": "24.00" }] });
    api.record("ticketsCancel", venue.input("refund", refund), "").await;
    let query = "query ($id: ID!, $filter: ReceiptsFilterInput!, $by: ReceiptsByInput) { organisation(id: $id) {
        receiptsAndPayments(filter: $filter, by: $by) { paid { amount } returned { amount } net { amount } rows {
            day method { name } channel { name } purpose tariff { name } paid { amount } returned { amount } eventCount
            events(first: 10) { nodes { kind } } } } } }";
    let variables = json!({ "id": OURS, "filter": { "tariffs": [venue.full] }, "by": { "method": true, "purpose": true } });
    let report = api.data(query, variables).await["organisation"]["receiptsAndPayments"].clone();
    assert_eq!((&report["paid"]["amount"], &report["net"]["amount"]), (&json!("48.00"), &json!("24.00")));
    let rows = report["rows"].as_array().unwrap();
    assert_eq!(rows.len(), 2);
    assert_eq!((&rows[0]["method"]["name"], &rows[0]["tariff"]["name"]), (&json!("CB"), &json!("Plein")));
    assert_eq!(rows[0]["day"], Value::Null);
    assert_eq!(rows[1]["returned"]["amount"], "24.00");
    assert_eq!(rows[1]["events"]["nodes"], json!([{ "kind": "MONEY_RETURNED" }]));
    let path = format!("/accounts/{OURS}/receipts?method=2");
    let file = api.get(&path, &[]).await;
    assert!(file.body.ends_with("total,,,,,,0.00,24.00,-24.00,EUR,,,\r\n"), "{}", file.body);
    let other = api.get(&format!("/accounts/{OURS}/receipts?methods=2"), &[]).await;
    assert_eq!(other.status, 400);
}

#[tokio::test]
async fn files_of_the_accounts_are_named_checked_and_the_same_again() {
    let api = Api::start();
    let venue = Venue::open(&api, OURS).await;
    venue.sell(&api, "sale", 3).await;
    let path = format!("/accounts/{OURS}/fec?from=2026-03-01&to=2026-03-08");
    assert_eq!(api.get(&path, &[]).await.status, 409, "no SIRET number, no name");
    let parameters = json!({ "name": "La Grange", "timeZone": "Europe/Paris", "siret": "12345678900011" });
    let fields = json!({ "parameters": parameters });
    api.record("organisationChange", venue.input("siret", fields), "organisation { id }").await;
    let file = api.get(&path, &[]).await;
    assert_eq!(file.status, 200, "{}", file.body);
    assert_eq!(file.header("content-disposition"), "attachment; filename=\"123456789FEC20260308.txt\"");
    let report = fec_check::check(
        Some("123456789FEC20260308.txt"),
        file.body.as_bytes(),
        Some((20_260_301, 20_260_308)),
    );
    assert_eq!((report.faults.as_slice(), report.entries), (&[][..], 1));
    assert_eq!(api.get(&path, &[]).await.body, file.body);
    let csv = api.get(&format!("/accounts/{OURS}/journal?from=2026-03-01&to=2026-03-08&show=1"), &[]).await;
    assert!(csv.body.contains("20260308-S-1-VTE"), "{}", csv.body);
    for (path, status) in [
        ("from=2026-03-08&to=2026-03-01", 400),
        ("from=2026-03-01", 400),
        ("from=2026-03-01&to=2026-03-31", 400),
        ("from=2026-03-01&to=2026-03-08&show=9", 404),
        ("from=2026-03-01&to=2026-03-08&from=2026-03-02", 400),
        ("from=2026-03-01&to=2026-03-08&encoding=cp1252", 400),
    ] {
        let answer = api.get(&format!("/accounts/{OURS}/fec?{path}"), &[]).await;
        assert_eq!(answer.status, status, "{path}: {}", answer.body);
    }
    assert_eq!(
        api.get(&format!("/accounts/{THEIRS}/fec?from=2026-03-01&to=2026-03-02"), &[]).await.status,
        404
    );
}

/// From outside, as a program that prepares declarations asks.
#[tokio::test]
async fn closing_statements_answer_as_their_reader_expects() {
    let api = start(NOW);
    let venue = Venue::open(&api, OURS).await;
    let order = venue.sell(&api, "sale", 3).await;
    let refund = json!({ "order": order["id"], "tickets": [{ "ticket": order["tickets"][0]["id"] }], "reason": "CUSTOMER",
        "refund": [{ "method": venue.card, "amount": "24.00" }] });
    api.record("ticketsCancel", venue.input("refund", refund), "").await;
    let reduce = json!({ "ticket": order["tickets"][1]["id"], "price": "20.00" });
    api.record("priceReduce", venue.input("reduce", reduce), "").await;
    let address = listen(&api).await;
    let bearer = format!("Bearer {TOKEN}");
    let get = async |path: &str, authorization: Option<&str>| {
        ask(address, ("GET", path), authorization, None).await
    };
    let all = "/api/v2/closing-statements?from=1773446400&to=1773532799&bypass_closed=true";
    for wrong in [None, Some("Bearer nothing"), Some(TOKEN), Some("Basic 0123456789abcdef0123456789abcdef")] {
        let (status, body) = get(all, wrong).await;
        assert_eq!((status, &body["success"], &body["total"]), (401, &json!(false), &json!(0)));
    }
    let (status, body) = get(all, Some(&bearer)).await;
    assert_eq!(
        (status, &body["success"], &body["messages"], &body["total"]),
        (200, &json!(true), &json!([]), &json!(1))
    );
    let statement = &body["data"][0];
    assert_eq!(statement["revenue"], json!(44.0));
    assert_eq!(statement["tax_amount"], json!(2.29));
    assert_eq!(
        (&statement["sold"], &statement["gauge"], &statement["closing_date"]),
        (&json!(2), &json!(100), &json!(0))
    );
    assert_eq!((&statement["status"], &statement["corrected"]), (&json!("open"), &json!(false)));
    let session = &statement["session"];
    assert_eq!((&session["id"], &session["start_date"]), (&json!(1), &json!(1_773_516_600)));
    assert_eq!((&session["time_zone"], &session["entity_type"]), (&json!("Europe/Paris"), &json!("event")));
    assert_eq!(session["edito"]["title"], "Concert");
    assert_eq!(
        session["settings"]["tax"],
        json!({ "id": 55_000, "title": "TVA 5.5 %", "rate": 5.5, "tax_id": 55_000,
        "tax_name": "TVA 5.5 %", "tax_value": 0.055 })
    );
    assert_eq!(session["settings"]["closing_date"], 0);
    // The refund is in the row of its ticket, not in a row of its own; the reduced ticket stands under its price.
    let rows: Vec<_> = statement["prices"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| {
            (row["amount"].clone(), row["quantity"].clone(), row["refunded"].clone(), row["title"].clone())
        })
        .collect();
    assert_eq!(
        rows,
        [
            (json!(24.0), json!(1), json!(1), json!("Plein")),
            (json!(20.0), json!(1), json!(0), json!("Plein")),
        ]
    );
    assert_eq!(statement["internals_prices"], statement["prices"]);
    assert_eq!(statement["externals_prices"], json!([]));
    assert_eq!(statement["prices"][0]["tariff_id"], 1);

    // Open statements are asked for explicitly; other days are not meant.
    assert_eq!(get("/api/v2/closing-statements", Some(&bearer)).await.1["total"], 0);
    let before = "/api/v2/closing-statements?to=1773446399&bypass_closed=true";
    assert_eq!(get(before, Some(&bearer)).await.1["total"], 0);
    let (status, body) = get("/api/v2/closing-statements?from=today", Some(&bearer)).await;
    assert_eq!((status, &body["success"]), (400, &json!(false)));

    // The cursor tells what changed since.
    let cursor = get(all, Some(&bearer)).await.1["cursor"].as_u64().unwrap();
    let since = format!("{all}&changed_since={cursor}");
    assert_eq!(get(&since, Some(&bearer)).await.1["total"], 0);
    let payload = api.record("showClose", venue.input("close", json!({ "show": venue.show })), "").await;
    let position = payload["position"].as_str().unwrap().parse().unwrap();
    assert!(
        api.projections
            .wait_for(OrganisationId::parse(OURS).unwrap(), position, std::time::Duration::from_secs(5))
            .await
    );
    let (_, body) = get(&since, Some(&bearer)).await;
    assert_eq!(body["data"][0]["closing_date"], NOW.0 / 1_000_000);
    assert_eq!(body["data"][0]["status"], "closed");
    assert_eq!(get("/api/v2/closing-statements", Some(&bearer)).await.1["total"], 1);
    // A refund after the closing is told as a correction.
    let refund = json!({ "order": order["id"], "tickets": [{ "ticket": order["tickets"][2]["id"] }], "reason": "CUSTOMER" });
    let payload = api.record("ticketsCancel", venue.input("late", refund), "").await;
    let position = payload["position"].as_str().unwrap().parse().unwrap();
    assert!(
        api.projections
            .wait_for(OrganisationId::parse(OURS).unwrap(), position, std::time::Duration::from_secs(5))
            .await
    );
    let (_, body) = get(&since, Some(&bearer)).await;
    assert_eq!((&body["data"][0]["corrected"], &body["data"][0]["revenue"]), (&json!(true), &json!(20.0)));
}

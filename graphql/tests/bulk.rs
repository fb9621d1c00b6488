//! Many sales in one request.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;

use serde_json::{Value, json};
use support::Api;
use support::venue::{OURS, Venue};

const SELECTION: &str = "placed refused position userErrors { code field } lines { reference orderId position replayed \
                         userErrors { code field } }";

async fn place(api: &Api, venue: &Venue, key: &str, lines: Value) -> Value {
    let input = venue.input(
        key,
        json!({ "channel": venue.desk, "show": venue.show, "zone": venue.zone, "tariff": venue.full,
            "method": venue.card, "lines": lines }),
    );
    let query =
        format!("mutation ($input: OrdersPlaceInput!) {{ ordersPlace(input: $input) {{ {SELECTION} }} }}");
    api.data(&query, json!({ "input": input })).await["ordersPlace"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn each_line_is_sold_or_refused_by_itself() {
    let api = Api::ticking();
    let venue = Venue::open(&api, OURS).await;
    let lines = json!([
        { "reference": "a", "quantity": 3, "paid": "72.00" },
        { "reference": "b", "quantity": 2, "paid": "47.00" },
        { "reference": "c", "tariff": "nonsense" },
        { "reference": "d", "quantity": 25, "paid": "600.00", "buyer": { "email": "ecole@example.org" } },
        { "reference": "e", "quantity": 3 },
        { "reference": "f", "quantity": 2, "price": "24.00" },
        { "reference": "g", "quantity": 0 },
        { "reference": "h", "quantity": 501 },
        { "reference": "i", "price": "1.001" },
        { "reference": "a", "quantity": 3, "paid": "72.00" },
        { "reference": "a", "quantity": 1, "paid": "24.00" },
    ]);
    let first = place(&api, &venue, "batch", lines.clone()).await;
    assert_eq!((&first["placed"], &first["refused"]), (&json!("4"), &json!("7")), "{first}");
    let errors: Vec<(String, Value)> = first["lines"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|line| line["userErrors"].as_array().unwrap().clone())
        .map(|error| (error["code"].as_str().unwrap().to_owned(), error["field"].clone()))
        .collect();
    let expected = [
        ("PAYMENT_MISMATCH", json!(["lines", "1", "paid"])),
        ("TARIFF_UNKNOWN", json!(["lines", "2", "tariff"])),
        // 28 of the quota's 30 are sold.
        ("QUOTA_EXCEEDED", json!(["lines", "4", "quantity"])),
        ("QUANTITY_ZERO", json!(["lines", "6", "quantity"])),
        ("LIST_TOO_LONG", json!(["lines", "7", "quantity"])),
        ("AMOUNT_PRECISION", json!(["lines", "8", "price"])),
        ("IDEMPOTENCY_KEY_REUSED", json!(["lines", "10", "reference"])),
    ];
    for ((code, field), (expected_code, expected_field)) in errors.iter().zip(&expected) {
        assert_eq!((code.as_str(), field), (*expected_code, expected_field), "{errors:?}");
    }
    assert_eq!(errors.len(), expected.len(), "{errors:?}");
    assert_eq!(first["lines"][9]["orderId"], first["lines"][0]["orderId"], "one name is one order");
    assert_eq!(
        (&first["lines"][0]["replayed"], &first["lines"][9]["replayed"]),
        (&json!(false), &json!(true))
    );
    let position = |line: usize| first["lines"][line]["position"].as_str().unwrap().parse::<u64>().unwrap();
    assert!(position(0) < position(3) && position(3) < position(5), "in the order of the lines");

    let again = place(&api, &venue, "batch", lines).await;
    assert_eq!((&again["placed"], &again["position"]), (&first["placed"], &first["position"]));
    for line in [0, 3, 5] {
        assert_eq!(again["lines"][line]["orderId"], first["lines"][line]["orderId"]);
        assert_eq!(again["lines"][line]["replayed"], true);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn thousands_of_lines_fit_one_request_and_no_more_are_looked_at() {
    let api = Api::ticking();
    let venue = Venue::open(&api, OURS).await;
    let line = json!({ "quantity": 1 });
    let many = place(&api, &venue, "many", Value::from(vec![line.clone(); 5_000])).await;
    assert_eq!((&many["placed"], &many["refused"]), (&json!("30"), &json!("4970")), "the quota is 30");
    assert_eq!(many["lines"][4_999]["userErrors"][0]["field"], json!(["lines", "4999", "quantity"]));
    for (lines, code) in [(vec![line; 5_001], "LIST_TOO_LONG"), (Vec::new(), "LIST_EMPTY")] {
        let refused = place(&api, &venue, "none", Value::from(lines)).await;
        assert_eq!(refused["userErrors"], json!([{ "code": code, "field": ["lines"] }]));
        assert_eq!((&refused["lines"], &refused["position"]), (&json!([]), &Value::Null));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn all_lines_are_sold_or_none_is() {
    let api = Api::ticking();
    let venue = Venue::open(&api, OURS).await;
    let together = async |key: &str, lines: Value| {
        let fields = json!({ "channel": venue.desk, "show": venue.show, "zone": venue.zone, "tariff": venue.full,
            "method": venue.card, "allOrNothing": true, "lines": lines });
        let query = format!(
            "mutation ($input: OrdersPlaceInput!) {{ ordersPlace(input: $input) {{ {SELECTION} }} }}"
        );
        api.data(&query, json!({ "input": venue.input(key, fields) })).await["ordersPlace"].clone()
    };
    let code = |payload: &Value, line: usize| payload["lines"][line]["userErrors"][0]["code"].clone();
    let before = api.ledger.heads()[0].1;
    // Refused by the ledger, and refused before it is asked.
    for (key, wrong, expected) in [
        ("quota", json!({ "quantity": 29 }), "QUOTA_EXCEEDED"),
        ("unpaid", json!({ "quantity": 1, "paid": "1.00" }), "PAYMENT_MISMATCH"),
        ("zero", json!({ "quantity": 0 }), "QUANTITY_ZERO"),
    ] {
        let refused =
            together(key, json!([{ "quantity": 2, "paid": "48.00" }, wrong, { "quantity": 1 }])).await;
        assert_eq!((&refused["placed"], &refused["refused"]), (&json!("0"), &json!("3")), "{key}: {refused}");
        assert_eq!(code(&refused, 1), expected);
        assert_eq!(
            (code(&refused, 0), code(&refused, 2)),
            (json!("OTHER_LINE_REFUSED"), json!("OTHER_LINE_REFUSED"))
        );
    }
    assert_eq!(api.ledger.heads()[0].1, before);
    let lines = json!([{ "quantity": 2, "paid": "48.00" }, { "quantity": 28 }]);
    let sold = together("all", lines.clone()).await;
    assert_eq!((&sold["placed"], &sold["refused"]), (&json!("2"), &json!("0")), "{sold}");
    let again = together("all", lines).await;
    assert_eq!((&again["position"], &again["lines"][1]["replayed"]), (&sold["position"], &json!(true)));
}

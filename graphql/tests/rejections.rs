//! Input that the ledger refuses: a stable code and the input's own path; nothing is recorded.

mod support;

use serde_json::{Value, json};
use support::venue::{OURS, Venue, show_fields};
use support::{ADMINISTRATOR, Api, input};

#[tokio::test]
async fn bad_input_is_told_by_code_and_field() {
    let api = Api::start();
    let venue = Venue::open(&api, OURS).await;
    let ticket = |change: Value| {
        let mut ticket = json!({ "show": venue.show, "zone": venue.zone, "tariff": venue.full });
        ticket.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        json!({ "channel": venue.desk, "tickets": [ticket] })
    };
    let pay = |amount: &str| json!({ "channel": venue.desk, "tickets": venue.tickets(1), "payment": [{ "method": venue.card, "amount": amount }] });
    let quota = |count: i64| json!({ "show": venue.show, "zone": venue.zone, "channel": venue.web, "places": { "count": count } });
    let schedule = |name: &str, value: Value| {
        let mut fields = show_fields(&venue.hall, &venue.zone, "S-2");
        fields[name] = value;
        fields
    };
    let opening = |currency: &str, zone: &str| json!({ "mode": "LIVE", "currency": currency, "parameters": { "name": "x", "timeZone": zone } });
    let cases = [
        (
            "orderPlace",
            ticket(json!({ "price": "24.001" })),
            "AMOUNT_PRECISION",
            json!(["tickets", "0", "price"]),
        ),
        (
            "orderPlace",
            ticket(json!({ "price": "23.00" })),
            "PRICE_MISMATCH",
            json!(["tickets", "0", "price"]),
        ),
        (
            "orderPlace",
            ticket(json!({ "price": "-24.00" })),
            "AMOUNT_NEGATIVE",
            json!(["tickets", "0", "price"]),
        ),
        (
            "orderPlace",
            ticket(json!({ "price": "99999999999999999999" })),
            "AMOUNT_TOO_LARGE",
            json!(["tickets", "0", "price"]),
        ),
        ("orderPlace", ticket(json!({ "seat": 1 })), "SEAT_NOT_ALLOWED", json!(["tickets", "0", "seat"])),
        (
            "orderPlace",
            ticket(json!({ "comp": "PRESS" })),
            "COMP_REASON_INVALID",
            json!(["tickets", "0", "comp"]),
        ),
        ("orderPlace", pay("23.99"), "PAYMENT_MISMATCH", json!(["payment"])),
        ("orderPlace", pay("0.00"), "AMOUNT_NEGATIVE", json!(["payment", "0", "amount"])),
        ("quotaAllocate", quota(0), "QUANTITY_ZERO", json!(["places"])),
        ("quotaAllocate", quota(-5), "QUANTITY_ZERO", json!(["places"])),
        ("quotaAllocate", quota(2_000_000_000), "QUANTITY_TOO_LARGE", json!(["places"])),
        ("quotaAllocate", quota(31), "CAPACITY_EXCEEDED", json!(["places"])),
        ("showSchedule", schedule("reference", json!("S-1")), "REFERENCE_TAKEN", json!(["reference"])),
        ("showSchedule", schedule("title", json!("")), "TEXT_EMPTY", json!(["title"])),
        ("showSchedule", schedule("title", json!("a\u{7}b")), "TEXT_NOT_ALLOWED", json!(["title"])),
        ("showSchedule", schedule("title", json!("x".repeat(10_000))), "TEXT_TOO_LONG", json!(["title"])),
        (
            "showSchedule",
            schedule("startsAt", json!("1999-01-01T00:00:00Z")),
            "TIME_OUT_OF_RANGE",
            json!(["startsAt"]),
        ),
        (
            "showSchedule",
            schedule("saleUntil", json!("2026-02-01T00:00:00Z")),
            "TIME_ORDER",
            json!(["saleUntil"]),
        ),
        ("organisationOpen", opening("EUR", "Europe/Paris"), "ORGANISATION_EXISTS", json!(["organisation"])),
        ("showOpen", json!({ "show": venue.show }), "SHOW_ALREADY_OPEN", json!(["show"])),
    ];
    let before = api.ledger.head(soticket_schema::OrganisationId::parse(OURS).unwrap()).unwrap();
    for (n, (name, fields, code, field)) in cases.into_iter().enumerate() {
        let start: String = fields.to_string().chars().take(200).collect();
        let (told, path) = api.refused(name, venue.input(&format!("key-{n}"), fields)).await;
        assert_eq!(told, code, "{name} {start}");
        if told != "ORGANISATION_EXISTS" {
            assert_eq!(path, field, "{name} {start}");
        }
    }
    for (key, code) in [("", "KEY_INVALID"), (&*"k".repeat(256), "KEY_INVALID")] {
        assert_eq!(api.refused("showClose", venue.input(key, json!({ "show": venue.show }))).await.0, code);
    }
    let other = "33333333-3333-4333-8333-333333333333";
    for (fields, code) in [
        (opening("XYZ", "Europe/Paris"), "CURRENCY_UNKNOWN"),
        (opening("EUR", "Mars/Olympus"), "TIME_ZONE_UNKNOWN"),
    ] {
        let administrator = api.with_token(ADMINISTRATOR);
        assert_eq!(administrator.refused("organisationOpen", input(other, "k", fields)).await.0, code);
    }
    for organisation in [other, "nonsense", ""] {
        let told = api.refused("showClose", input(organisation, "k", json!({ "show": venue.show }))).await;
        assert_eq!(told, ("ORGANISATION_UNKNOWN".to_owned(), json!(["organisation"])), "{organisation}");
    }
    assert_eq!(api.ledger.head(soticket_schema::OrganisationId::parse(OURS).unwrap()).unwrap(), before);
}

#[tokio::test]
async fn values_of_the_wrong_type_are_refused_before_anything_runs() {
    let api = Api::start();
    let venue = Venue::open(&api, OURS).await;
    let wrong = [
        json!({ "price": 24.0 }),
        json!({ "price": 24 }),
        json!({ "price": "24,00" }),
        json!({ "price": "1e3" }),
        json!({ "seat": "1" }),
        json!({ "comp": "NOBODY" }),
        json!({ "unknown": true }),
        json!({ "show": null }),
    ];
    for change in wrong {
        let mut ticket = json!({ "show": venue.show, "zone": venue.zone, "tariff": venue.full });
        ticket.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        let input = venue.input("k", json!({ "channel": venue.desk, "tickets": [ticket] }));
        let query = "mutation M($input: OrderPlaceInput!) { orderPlace(input: $input) { position } }";
        let answer = api.ask(query, json!({ "input": input })).await;
        assert_eq!(answer.code(), "GRAPHQL_VALIDATION_FAILED", "{change}: {}", answer.body);
        assert_eq!(answer.status, 400, "{change}");
    }
}

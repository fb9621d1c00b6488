//! Commissions, payment costs and the cost simulation through the API.

mod support;

use serde_json::{Value, json};
use support::venue::{OURS, Venue};
use support::{Api, input};

/// 10 % of the face price inside, for whoever sells.
fn distribution() -> Value {
    json!({ "name": "Distribution", "beneficiary": "CHANNEL", "payer": "ORGANISER", "mode": "INSIDE",
        "basis": "FACE", "rate": "10", "level": 1, "vat": "20", "onRefund": "REVERSED", "onFree": "EXEMPT" })
}

/// 0.50 on top of each ticket for a party.
fn office(party: &Value) -> Value {
    json!({ "name": "Office", "beneficiary": "PARTY", "party": party, "payer": "BUYER", "mode": "ON_TOP",
        "basis": "PER_TICKET", "fixed": "0.50", "level": 2, "vat": "0", "onRefund": "KEPT", "onFree": "EXEMPT" })
}

async fn define(api: &Api, venue: &Venue, key: &str, terms: Value) -> Value {
    let selection = "commission { id number name endedAt latest { version beneficiary { kind party { name } } } \
                     warnings { seller share face { amount } total { amount } channel { name } tariff { name } } }";
    let made = api.record("commissionDefine", venue.input(key, json!({ "terms": terms })), selection).await;
    made["commission"].clone()
}

/// Asks what an order would come to.
async fn quote(api: &Api, input: Value) -> Value {
    let query = "query Q($input: OrderPlaceInput!) { orderQuote(input: $input) { userErrors { code field } quote { \
                 total { amount } face { amount } items { price { amount } fee product { name } } \
                 commissions { amount { amount } } tickets { price { amount } fee { amount } total { amount } vat \
                 overCap tariff { name } commissions { commission { name } amount { amount } } } } } }";
    api.data(query, json!({ "input": input })).await["orderQuote"].clone()
}

#[tokio::test]
async fn a_quote_says_why_an_order_would_be_refused_and_takes_nothing() {
    let api = Api::start();
    let venue = Venue::open(&api, OURS).await;
    for _ in 0..3 {
        let asked = json!({ "channel": venue.web, "tickets": venue.tickets(40) });
        assert_eq!(quote(&api, venue.input("same", asked)).await["userErrors"], json!([]));
    }
    let asked = json!({ "channel": venue.web, "tickets": venue.tickets(41) });
    let refused = quote(&api, venue.input("same", asked)).await;
    assert_eq!(refused["quote"], Value::Null);
    assert_eq!(refused["userErrors"][0]["code"], "QUOTA_EXCEEDED");
    // Neither the key nor a number was used up.
    let sold = api.record("orderPlace", venue.sale("same", 2), "order { number tickets { serial } }").await;
    assert_eq!(sold["order"], json!({ "number": "1", "tickets": [{ "serial": "1" }, { "serial": "2" }] }));
}

#[tokio::test]
async fn face_fee_and_commissions_are_told_on_every_line_and_in_the_statement() {
    let api = Api::start();
    let venue = Venue::open(&api, OURS).await;
    let registered = json!({ "name": "Office de tourisme" });
    let party = api.record("partyRegister", venue.input("party", registered), "party { id name }").await;
    let party = party["party"]["id"].clone();
    let first = define(&api, &venue, "d", distribution()).await;
    // 2.40 and the web's own 1.80 are 17.5 % of 24.00; at the desk 10 %.
    assert_eq!(
        first["warnings"],
        json!([{ "seller": "", "share": "17.5", "face": { "amount": "24.00" }, "total": { "amount": "4.20" },
            "channel": { "name": "Site" }, "tariff": { "name": "Plein" } }])
    );
    let second = define(&api, &venue, "o", office(&party)).await;
    assert_eq!(
        second["latest"]["beneficiary"],
        json!({ "kind": "PARTY", "party": { "name": "Office de tourisme" } })
    );

    let asked = json!({ "channel": venue.web, "tickets": venue.tickets(2) });
    let quoted = quote(&api, venue.input("sale", asked)).await;
    let line = json!({ "price": { "amount": "24.00" }, "fee": { "amount": "2.30" }, "total": { "amount": "26.30" },
        "vat": "5.5", "overCap": true, "tariff": { "name": "Plein" }, "commissions": [
            { "commission": { "name": "Distribution" }, "amount": { "amount": "2.40" } },
            { "commission": { "name": "Office" }, "amount": { "amount": "0.50" } }] });
    assert_eq!(
        quoted,
        json!({ "userErrors": [], "quote": { "total": { "amount": "52.60" }, "face": { "amount": "48.00" },
            "items": [], "commissions": [], "tickets": [line, line] } })
    );

    let fields = "order { id total { amount } commissions { amount { amount } } tickets { id price { amount } \
                  fee { amount } overCap commissions { commission { name } version basis { amount } \
                  amount { amount } payer mode reversed } } }";
    let sale = json!({ "channel": venue.web, "tickets": venue.tickets(2),
        "payment": [{ "method": venue.card, "amount": "52.60" }] });
    let sold = api.record("orderPlace", venue.input("sale", sale), fields).await;
    let order = &sold["order"];
    assert_eq!(order["total"]["amount"], "52.60", "2 x (24.00 + 1.80 + 0.50)");
    let ticket = &order["tickets"][0];
    assert_eq!((&ticket["price"]["amount"], &ticket["fee"]["amount"]), (&json!("24.00"), &json!("2.30")));
    assert_eq!(ticket["overCap"], true);
    assert_eq!(
        ticket["commissions"],
        json!([
            { "commission": { "name": "Distribution" }, "version": "1", "basis": { "amount": "24.00" },
              "amount": { "amount": "2.40" }, "payer": "ORGANISER", "mode": "INSIDE", "reversed": false },
            { "commission": { "name": "Office" }, "version": "1", "basis": { "amount": "24.00" },
              "amount": { "amount": "0.50" }, "payer": "BUYER", "mode": "ON_TOP", "reversed": false },
        ])
    );
    let back = json!({ "order": order["id"], "tickets": [{ "ticket": ticket["id"] }], "reason": "CUSTOMER" });
    let fields =
        "order { total { amount } tickets { feeRetained { amount } commissions { reversed } } } position";
    let cancelled = api.record("ticketsCancel", venue.input("back", back), fields).await;
    assert_eq!(cancelled["order"]["total"]["amount"], "26.80", "what the office keeps is still due");
    assert_eq!(
        cancelled["order"]["tickets"][0],
        json!({ "feeRetained": { "amount": "0.50" }, "commissions": [{ "reversed": true }, { "reversed": false }] })
    );

    let query = "query Q($id: ID!, $show: ID!, $p: LogPosition) { organisation(id: $id, minPosition: $p) { \
                 commissionCap commissions { name } show(id: $show) { settlement { paid { amount { gross { amount } } } \
                 overCapTickets fees { tickets amount { gross { amount } } } commissions { commission { name } count \
                 reversedCount basis { amount } charged { amount } reversed { amount } amount { gross { amount } \
                 net { amount } vat { amount } } } } } } }";
    let variables = json!({ "id": OURS, "show": venue.show, "p": cancelled["position"] });
    let seen = api.data(query, variables).await["organisation"].clone();
    assert_eq!(seen["commissionCap"], "15");
    let statement = &seen["show"]["settlement"];
    assert_eq!(statement["paid"]["amount"]["gross"]["amount"], "24.00", "receipts are the full face price");
    assert_eq!(statement["overCapTickets"], 2);
    assert_eq!(statement["fees"], json!([{ "tickets": 1, "amount": { "gross": { "amount": "1.80" } } }]));
    let row = |name: &str, counts: [i32; 2], figures: [&str; 6]| {
        json!({ "commission": { "name": name }, "count": counts[0], "reversedCount": counts[1],
            "basis": { "amount": figures[0] }, "charged": { "amount": figures[1] },
            "reversed": { "amount": figures[2] }, "amount": { "gross": { "amount": figures[3] },
            "net": { "amount": figures[4] }, "vat": { "amount": figures[5] } } })
    };
    assert_eq!(
        statement["commissions"],
        json!([
            row("Distribution", [2, 1], ["24.00", "4.80", "2.40", "2.88", "2.40", "0.48"]),
            row("Office", [2, 0], ["48.00", "1.00", "0.00", "1.00", "1.00", "0.00"]),
        ])
    );
}

#[tokio::test]
async fn commissions_change_and_end_and_wrong_terms_are_refused_by_field() {
    let api = Api::start();
    let venue = Venue::open(&api, OURS).await;
    let made = define(&api, &venue, "d", distribution()).await;
    let mut dearer = distribution();
    dearer["rate"] = json!("12");
    let change = json!({ "commission": made["id"], "terms": dearer });
    let selection = "commission { versions { version rate } }";
    let changed = api.record("commissionChange", venue.input("c", change), selection).await;
    assert_eq!(
        changed["commission"]["versions"],
        json!([{ "version": "1", "rate": "10" }, { "version": "2", "rate": "12" }])
    );
    let cap = api
        .record(
            "commissionCapSet",
            venue.input("cap", json!({ "cap": "12.5" })),
            "organisation { commissionCap }",
        )
        .await;
    assert_eq!(cap["organisation"]["commissionCap"], "12.5");
    let end = json!({ "commission": made["id"], "validUntil": "2030-01-01T00:00:00Z" });
    let ended = api.record("commissionEnd", venue.input("e", end.clone()), "commission { endedAt }").await;
    assert_eq!(ended["commission"]["endedAt"], "2030-01-01T00:00:00Z");
    let refused = api.refused("commissionEnd", venue.input("e2", end)).await;
    assert_eq!(refused, ("COMMISSION_ENDED".to_owned(), json!(["commission"])));

    let with = |field: &str, value: Value| {
        let mut terms = distribution();
        terms[field] = value;
        venue.input("wrong", json!({ "terms": terms }))
    };
    let cases = [
        (with("payer", json!("BUYER")), "COMMISSION_TERMS_INVALID", json!(["terms", "payer"])),
        (with("rate", json!("100.1")), "RATE_OUT_OF_RANGE", json!(["terms", "rate"])),
        (with("minimum", json!("0.005")), "AMOUNT_PRECISION", json!(["terms", "minimum"])),
        (with("level", json!(256)), "QUANTITY_TOO_LARGE", json!(["terms", "level"])),
        (with("beneficiary", json!("PARTY")), "PARTY_UNKNOWN", json!(["terms", "beneficiary"])),
        (with("channels", json!([venue.show])), "CHANNEL_UNKNOWN", json!(["terms", "channels", "0"])),
    ];
    for (input, code, field) in cases {
        assert_eq!(api.refused("commissionDefine", input).await, (code.to_owned(), field));
    }
}

#[tokio::test]
async fn payments_cost_what_their_plan_says_shared_among_shows() {
    let api = Api::start();
    let venue = Venue::open(&api, OURS).await;
    let terms = json!({ "name": "Paybox", "source": "2016", "methods": [venue.card], "accessFee": "290.00",
        "yearlyFee": "300.00", "included": 1, "perTransaction": "0.085", "vat": "20" });
    let from = "2020-01-01T00:00:00+01:00";
    let selection = "plan { id name source perTransaction included accessFee { amount } validUntil }";
    let plan = api
        .record(
            "providerPlanDefine",
            venue.input("plan", json!({ "terms": terms, "validFrom": from })),
            selection,
        )
        .await;
    assert_eq!(plan["plan"]["perTransaction"], "0.085");
    let mut last = Value::Null;
    for key in ["one", "two", "three"] {
        last = api.record("orderPlace", venue.sale(key, 1), "order { occurredAt }").await;
    }
    // The day in UTC; in the venue's time zone it may be the next one, even of another month.
    let day: jiff::civil::Date = last["order"]["occurredAt"].as_str().unwrap()[..10].parse().unwrap();
    let (day, next) = (day.to_string(), day.tomorrow().unwrap().to_string());
    let query = "query Q($id: ID!, $p: LogPosition, $day: Date!, $next: Date!) { organisation(id: $id, minPosition: $p) { \
                 paymentCosts(from: $day, to: $next) { payments plan { name } method { name } access { amount } \
                 yearly { amount } transactions { amount } total { net { amount } vat { amount } } \
                 shows { show { reference } cost { amount } } } } }";
    let variables = json!({ "id": OURS, "p": last["position"], "day": day, "next": next });
    let mut costs = api.data(query, variables).await["organisation"]["paymentCosts"].clone();
    costs.as_array_mut().unwrap().retain(|cost| cost["payments"] != 0);
    assert_eq!(
        costs,
        json!([{ "payments": 3, "plan": { "name": "Paybox" }, "method": { "name": "CB" },
            "access": { "amount": "0.00" }, "yearly": { "amount": "25.00" }, "transactions": { "amount": "0.17" },
            "total": { "net": { "amount": "25.17" }, "vat": { "amount": "5.03" } },
            "shows": [{ "show": { "reference": "S-1" }, "cost": { "amount": "25.17" } }] }])
    );
    let end = json!({ "plan": plan["plan"]["id"], "validUntil": "2020-06-01T00:00:00+02:00" });
    let ended = api.record("providerPlanEnd", venue.input("end", end), "plan { validUntil }").await;
    assert_eq!(ended["plan"]["validUntil"], "2020-05-31T22:00:00Z");
    let mut wrong = json!({ "name": "P", "source": "S", "methods": [venue.card], "vat": "20" });
    wrong["perTransaction"] = json!("0.0000001");
    let refused = api.refused("providerPlanDefine", input(OURS, "wrong", json!({ "terms": wrong }))).await;
    assert_eq!(refused, ("AMOUNT_PRECISION".to_owned(), json!(["terms", "perTransaction"])));
}

#[tokio::test]
async fn a_season_is_simulated_without_a_log() {
    let api = Api::start();
    let query = "query Q($input: CostSimulationInput!) { costSimulation(input: $input) { difference { amount } \
                 cooperative { total { amount } lines { kind name rule example amount { amount } } } \
                 distributor { total { amount } ofReceipts } } }";
    let season = json!({ "shows": 40, "tickets": "8000", "price": "15.00", "online": "60", "months": 10,
        "transactions": "200", "budget": "300000.00" });
    let found = api.data(query, json!({ "input": season })).await["costSimulation"].clone();
    assert_eq!(found["difference"]["amount"], "8369.00");
    assert_eq!(found["cooperative"]["total"]["amount"], "2431.00");
    assert_eq!(
        found["cooperative"]["lines"][2],
        json!({ "kind": "TRANSACTIONS", "name": "Paybox", "rule": "10 × (200 - 100) × 0.085", "example": false,
            "amount": { "amount": "85.00" } })
    );
    assert_eq!(found["distributor"]["ofReceipts"], "9");
    let mut stated = season;
    stated["distributor"] = json!([{ "name": "Network", "rate": "8", "fixed": "0.30" }]);
    let found = api.data(query, json!({ "input": stated })).await["costSimulation"].clone();
    assert_eq!(found["distributor"]["total"]["amount"], "7200.00", "4,800 x (1.20 + 0.30)");
}

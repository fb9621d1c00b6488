//! Shows through the API: seasons, rules of tariffs, free tickets, and what becomes of shows that were announced.

mod support;

use serde_json::{Value, json};
use support::venue::{OURS, THEIRS, Venue, show_fields};
use support::{Api, input};

fn id(payload: &Value, object: &str) -> String {
    payload[object]["id"].as_str().unwrap_or_else(|| panic!("no {object}: {payload}")).to_owned()
}

/// Reads fields of the venue's show, once the payload's events are folded.
async fn show(api: &Api, venue: &Venue, payload: &Value, fields: &str) -> Value {
    let query = format!(
        "query Q($id: ID!, $p: LogPosition, $show: ID!) {{ organisation(id: $id, minPosition: $p) {{ \
         show(id: $show) {{ {fields} }} }} }}"
    );
    let variables = json!({ "id": OURS, "p": payload["position"], "show": venue.show });
    api.data(&query, variables).await["organisation"]["show"].clone()
}

#[tokio::test]
async fn shows_are_listed_by_season_and_by_how_they_stand() {
    let api = Api::start();
    let venue = Venue::open(&api, OURS).await;
    let terms = json!({ "name": "2025-2026", "from": "2025-09-01T00:00:00+02:00", "until": "2026-07-01T00:00:00+02:00" });
    let made = api
        .record("seasonDefine", venue.input("season", json!({ "terms": terms })), "season { id name from } ")
        .await;
    let season = id(&made, "season");
    assert_eq!(made["season"]["from"], "2025-08-31T22:00:00Z");
    let fields = show_fields(&venue.hall, &venue.zone, "S-2");
    api.record("showSchedule", venue.input("show-2", fields), "").await;
    let set = json!({ "show": venue.show, "season": season });
    let set = api.record("showSeasonSet", venue.input("set", set), "show { season { name } }").await;
    assert_eq!(set["show"]["season"]["name"], "2025-2026");
    let query = "query Q($id: ID!, $p: LogPosition, $season: ID!) { organisation(id: $id, minPosition: $p) { \
                 seasons { id shows(first: 5) { nodes { reference } } } \
                 all: shows(first: 5) { nodes { reference } } \
                 planned: shows(first: 5, filter: { state: SCHEDULED }) { nodes { reference } } \
                 season: shows(last: 5, filter: { season: $season }) { nodes { reference } } } node(id: $season) { id } }";
    let variables = json!({ "id": OURS, "p": set["position"], "season": season });
    let data = api.data(query, variables).await;
    let lists = &data["organisation"];
    let one = json!({ "nodes": [{ "reference": "S-1" }] });
    assert_eq!(lists["seasons"], json!([{ "id": season, "shows": one }]));
    assert_eq!(lists["season"], one);
    assert_eq!(lists["planned"], json!({ "nodes": [{ "reference": "S-2" }] }));
    assert_eq!(lists["all"]["nodes"].as_array().unwrap().len(), 2);
    assert_eq!(data["node"]["id"], season);

    let renamed = json!({ "name": "25/26", "from": terms["from"], "until": terms["until"] });
    let changed = json!({ "season": season, "terms": renamed });
    let changed = api.record("seasonChange", venue.input("rename", changed), "season { name }").await;
    assert_eq!(changed["season"]["name"], "25/26");
    let none = api.record("showSeasonSet", venue.input("none", json!({ "show": venue.show })), "").await;
    assert_eq!(show(&api, &venue, &none, "season { name }").await["season"], Value::Null);
}

#[tokio::test]
async fn rules_and_rates_of_a_tariff_are_set_read_and_hold() {
    let api = Api::start();
    let venue = Venue::open(&api, OURS).await;
    let rules = json!({ "from": "2026-03-01T10:00:00+01:00", "deadlineMinutes": 60, "orderMax": 3,
        "eligibility": { "kind": "PROOF", "proof": "Carte étudiant" },
        "freePrice": { "floor": "5.00", "ceiling": "30.00" } });
    let fields = "tariff { vat vatRates { from rate } rules { from until deadlineMinutes orderMax eligibility \
                  { kind proof group } freePrice { floor { amount } ceiling { amount } } } }";
    let set = json!({ "tariff": venue.full, "rules": rules });
    let set = api.record("tariffRulesSet", venue.input("rules", set), fields).await;
    let read = &set["tariff"]["rules"];
    assert_eq!(read["eligibility"], json!({ "kind": "PROOF", "proof": "Carte étudiant", "group": null }));
    assert_eq!(read["freePrice"], json!({ "floor": { "amount": "5.00" }, "ceiling": { "amount": "30.00" } }));
    assert_eq!(
        (&read["deadlineMinutes"], &read["orderMax"], &read["until"]),
        (&json!(60), &json!(3), &Value::Null)
    );
    let rates = json!({ "tariff": venue.full, "rates": [
        { "from": "2026-03-01T00:00:00+01:00", "rate": "2.1" }, { "from": "2026-04-01T00:00:00+02:00", "rate": "10" }] });
    let rates = api.record("tariffVatSet", venue.input("vat", rates), fields).await;
    assert_eq!(rates["tariff"]["vatRates"][0], json!({ "from": "2026-02-28T23:00:00Z", "rate": "2.1" }));
    assert_eq!(rates["tariff"]["vat"], "5.5");

    let ticket =
        |price: &str| json!({ "show": venue.show, "zone": venue.zone, "tariff": venue.full, "price": price });
    let sale =
        |key: &str, tickets: Value| venue.input(key, json!({ "channel": venue.desk, "tickets": tickets }));
    let sold = api
        .record(
            "orderPlace",
            sale("one", json!([ticket("7.00")])),
            "order { tickets { price { amount } vat } }",
        )
        .await;
    assert_eq!(sold["order"]["tickets"], json!([{ "price": { "amount": "7.00" }, "vat": "2.1" }]));
    let refused = |tickets: Value| {
        let input = sale("refused", tickets);
        let api = &api;
        async move { api.refused("orderPlace", input).await }
    };
    let path = |field: &str| json!(["tickets", "0", field]);
    assert_eq!(refused(json!([ticket("4.99")])).await, ("PRICE_BELOW_FLOOR".into(), path("price")));
    assert_eq!(refused(json!([ticket("30.01")])).await, ("PRICE_ABOVE_CEILING".into(), path("price")));
    let four = Value::from(vec![ticket("9.00"); 4]);
    assert_eq!(refused(four).await, ("ORDER_LIMIT_EXCEEDED".into(), path("tariff")));

    let wrong = [
        (
            json!({ "eligibility": { "kind": "GROUP" } }),
            "QUANTITY_ZERO",
            json!(["rules", "eligibility", "group"]),
        ),
        (
            json!({ "eligibility": { "kind": "CARD", "proof": "x" } }),
            "TEXT_NOT_ALLOWED",
            json!(["rules", "eligibility", "proof"]),
        ),
        (json!({ "orderMax": -1 }), "QUANTITY_ZERO", json!(["rules", "orderMax"])),
        (
            json!({ "freePrice": { "floor": "5.001" } }),
            "AMOUNT_PRECISION",
            json!(["rules", "freePrice", "floor"]),
        ),
    ];
    for (rules, code, field) in wrong {
        let input = venue.input("wrong", json!({ "tariff": venue.full, "rules": rules }));
        assert_eq!(api.refused("tariffRulesSet", input).await, (code.to_owned(), field));
    }
    let theirs = Venue::open(&api, THEIRS).await;
    let foreign = input(OURS, "foreign", json!({ "tariff": theirs.full, "rules": {} }));
    assert_eq!(api.refused("tariffRulesSet", foreign).await, ("TARIFF_UNKNOWN".into(), json!(["tariff"])));
}

#[tokio::test]
async fn free_tickets_are_counted_by_reason_limited_and_warned_of() {
    let api = Api::start();
    let venue = Venue::open(&api, OURS).await;
    let limits = json!({ "quotas": [{ "reason": "PRESS", "tickets": 2 }],
        "warnings": [{ "name": "Sacem", "basis": "CAPACITY", "rate": "1" }] });
    let set = json!({ "show": venue.show, "limits": limits });
    let comps = "availability { comps { total reasons { reason given quota left } limits { name basis rate allowed \
                 passed } } }";
    let set = api.record("compLimitsSet", venue.input("limits", set), &format!("show {{ {comps} }}")).await;
    let read = &set["show"]["availability"]["comps"];
    assert_eq!(read["reasons"], json!([{ "reason": "PRESS", "given": 0, "quota": 2, "left": 2 }]));
    assert_eq!(
        read["limits"],
        json!([{ "name": "Sacem", "basis": "CAPACITY", "rate": "1", "allowed": 1, "passed": false }])
    );
    let free = |key: &str, reason: &str, count: usize| {
        let ticket = json!({ "show": venue.show, "zone": venue.zone, "tariff": venue.free, "comp": reason });
        venue.input(key, json!({ "channel": venue.desk, "tickets": Value::from(vec![ticket; count]) }))
    };
    let fields =
        "order { id tickets { id } } compWarnings { comps show { reference } limits { name allowed } }";
    let first = api.record("orderPlace", free("first", "STAFF", 1), fields).await;
    assert_eq!(first["compWarnings"], json!([]));
    let second = api.record("orderPlace", free("second", "PRESS", 2), fields).await;
    assert_eq!(
        second["compWarnings"],
        json!([{ "comps": 3, "show": { "reference": "S-1" }, "limits": [{ "name": "Sacem", "allowed": 1 }] }])
    );
    let again = api.mutate("orderPlace", free("second", "PRESS", 2), fields).await;
    assert_eq!((&again["replayed"], &again["compWarnings"]), (&json!(true), &second["compWarnings"]));
    let refused = api.refused("orderPlace", free("third", "PRESS", 1)).await;
    assert_eq!(refused, ("COMP_QUOTA_EXCEEDED".into(), json!(["tickets", "0", "comp"])));
    let back = json!({ "order": second["order"]["id"], "reason": "CUSTOMER",
        "tickets": [{ "ticket": second["order"]["tickets"][0]["id"] }] });
    let back = api.record("ticketsCancel", venue.input("back", back), "").await;
    let now = show(&api, &venue, &back, comps).await["availability"]["comps"].clone();
    assert_eq!((&now["total"], &now["limits"][0]["passed"]), (&json!(2), &json!(true)));
    assert_eq!(
        now["reasons"],
        json!([{ "reason": "PRESS", "given": 1, "quota": 2, "left": 1 },
            { "reason": "STAFF", "given": 1, "quota": null, "left": null }])
    );
}

#[tokio::test]
async fn a_show_moves_in_time_and_place_with_its_tickets() {
    let api = Api::start();
    let venue = Venue::open(&api, OURS).await;
    let order = venue.sell(&api, "sale", 2).await;
    let later = json!({ "show": venue.show, "startsAt": "2026-05-02T20:30:00+02:00", "doorsAt": "2026-05-02T19:30:00+02:00",
        "saleFrom": "2026-03-01T10:00:00+01:00", "saleUntil": "2026-05-02T20:30:00+02:00",
        "refundsUntil": "2026-04-01T00:00:00+02:00" });
    let fields = "show { startsAt postponedFrom refundsUntil state }";
    let moved = api.record("showPostpone", venue.input("later", later), fields).await;
    assert_eq!(
        moved["show"],
        json!({ "startsAt": "2026-05-02T18:30:00Z", "postponedFrom": "2026-03-14T19:30:00Z",
            "refundsUntil": "2026-03-31T22:00:00Z", "state": "OPEN" })
    );
    let asked = json!({ "order": order["id"], "reason": "SHOW_CHANGED",
        "tickets": [{ "ticket": order["tickets"][0]["id"] }], "refund": [{ "method": venue.card, "amount": "24.00" }] });
    api.record("ticketsCancel", venue.input("asked", asked), "").await;

    let seats: Vec<String> = (1..=60).map(|seat| format!("A{seat}")).collect();
    let hall = json!({ "name": "Théâtre", "authorisedCapacity": 140, "zones": [
        { "name": "Parterre", "capacity": 80 }, { "name": "Balcon", "capacity": 60, "seats": seats }] });
    let hall = api.record("hallDefine", venue.input("theatre", hall), "hall { id zones { id } }").await;
    let zones: Vec<&str> =
        hall["hall"]["zones"].as_array().unwrap().iter().map(|zone| zone["id"].as_str().unwrap()).collect();
    let relocate = |on_sale: i32, moves: Value| {
        json!({ "show": venue.show, "hall": hall["hall"]["id"], "moves": moves,
            "zones": [{ "zone": zones[0], "onSale": on_sale }, { "zone": zones[1], "onSale": 60 }] })
    };
    let all = json!([{ "from": venue.zone, "to": zones[0] }]);
    let refused = api.refused("showRelocate", venue.input("none", relocate(80, json!([])))).await;
    assert_eq!(refused, ("ZONE_NOT_MOVED".into(), json!(["moves"])));
    let refused = api.refused("showRelocate", venue.input("small", relocate(60, all.clone()))).await;
    assert_eq!(refused, ("CAPACITY_EXCEEDED".into(), json!(["zones", "0", "onSale"])));
    let fields = "show { hall { name } relocatedFrom { name } authorisedCapacity zones { zone { name } onSale } \
                  tariffs { prices { zone { name } price { amount } } } availability { total { sold left } zones { zone \
                  { name } total { sold } channels { channel { name } quota sold left } } } tickets(first: 5) { nodes { \
                  zone { name } seat { label } } } }";
    let moved = api.record("showRelocate", venue.input("move", relocate(80, all)), fields).await;
    let there = &moved["show"];
    assert_eq!(
        (&there["hall"]["name"], &there["relocatedFrom"]["name"]),
        (&json!("Théâtre"), &json!("Grande salle"))
    );
    assert_eq!(there["authorisedCapacity"], 140);
    assert_eq!(there["availability"]["total"], json!({ "sold": 1, "left": 139 }));
    let parterre = &there["availability"]["zones"][0];
    assert_eq!((&parterre["zone"]["name"], &parterre["total"]["sold"]), (&json!("Parterre"), &json!(1)));
    let quotas: Vec<_> =
        parterre["channels"].as_array().unwrap().iter().map(|channel| channel["quota"].clone()).collect();
    assert_eq!(quotas, [json!(40), json!(30)]);
    assert_eq!(there["tickets"]["nodes"][1], json!({ "zone": { "name": "Parterre" }, "seat": null }));
    let price = json!([{ "zone": { "name": "Parterre" }, "price": { "amount": "24.00" } }]);
    assert_eq!(there["tariffs"][0]["prices"], price);
    let ticket = json!({ "show": venue.show, "zone": zones[0], "tariff": venue.full });
    let sale = json!({ "channel": venue.desk, "tickets": [ticket] });
    api.record("orderPlace", venue.input("there", sale), "").await;
}

#[tokio::test]
async fn a_cancelled_show_is_paid_back_step_by_step() {
    let api = Api::start();
    let venue = Venue::open(&api, OURS).await;
    for key in ["a", "b", "c"] {
        venue.sell(&api, key, 2).await;
    }
    let begin = json!({ "show": venue.show, "feesKept": false });
    let refused = api.refused("showRefundBegin", venue.input("early", begin.clone())).await;
    assert_eq!(refused, ("SHOW_NOT_CANCELLED".into(), json!(["show"])));
    let cancelled = api
        .record(
            "showCancel",
            venue.input("cancel", json!({ "show": venue.show })),
            "show { state refund { run } }",
        )
        .await;
    assert_eq!(cancelled["show"], json!({ "state": "CANCELLED", "refund": null }));
    let refused = api.refused("orderPlace", venue.sale("late", 1)).await;
    assert_eq!(refused, ("SHOW_CANCELLED".into(), json!(["tickets", "0", "show"])));

    let progress = "show { refund { run feesKept orders ordersDone ticketsDone amount { amount } amountDone { amount } \
                    finishedAt } }";
    let begun = api.record("showRefundBegin", venue.input("begin", begin), progress).await;
    let refund = begun["show"]["refund"].clone();
    assert_eq!((&refund["orders"], &refund["ordersDone"]), (&json!("3"), &json!("0")));
    assert_eq!(refund["amount"]["amount"], "144.00");
    let advance = |key: &str| venue.input(key, json!({ "show": venue.show, "orders": 2 }));
    let first = api.record("showRefundAdvance", advance("step 1"), progress).await;
    let refund = first["show"]["refund"].clone();
    assert_eq!((&refund["ordersDone"], &refund["ticketsDone"]), (&json!("2"), &json!("4")));
    assert_eq!((&refund["amountDone"]["amount"], &refund["finishedAt"]), (&json!("96.00"), &Value::Null));
    let again = api.mutate("showRefundAdvance", advance("step 1"), progress).await;
    assert_eq!(
        (&again["replayed"], &again["show"]["refund"]),
        (&json!(true), &refund),
        "nobody is paid twice"
    );
    let last = api.record("showRefundAdvance", advance("step 2"), progress).await;
    let refund = &last["show"]["refund"];
    assert_eq!((&refund["ordersDone"], &refund["amountDone"]["amount"]), (&json!("3"), &json!("144.00")));
    assert!(refund["finishedAt"].is_string(), "{refund}");
    let refused = api.refused("showRefundAdvance", advance("step 3")).await;
    assert_eq!(refused, ("REFUND_NOT_BEGUN".into(), json!(["show"])));

    let fields = "availability { total { sold } } orders(first: 5) { nodes { \
                  state open { amount } payments { refund amount { amount } method { name } } } }";
    let after = show(&api, &venue, &last, fields).await;
    assert_eq!(after["availability"]["total"]["sold"], 0);
    for order in after["orders"]["nodes"].as_array().unwrap() {
        assert_eq!((&order["state"], &order["open"]["amount"]), (&json!("CANCELLED"), &json!("0.00")));
        let back = &order["payments"][1];
        assert_eq!((&back["refund"], &back["amount"]["amount"]), (&json!(true), &json!("48.00")));
        assert_eq!(back["method"]["name"], "CB");
    }
}

#[tokio::test]
async fn rows_of_numbered_seats_are_drawn() {
    let api = Api::start();
    let venue = Venue::open(&api, OURS).await;
    let hall = json!({ "name": "Théâtre", "authorisedCapacity": 2,
        "zones": [{ "name": "Balcon", "capacity": 2, "seats": ["A1", "A2"] }] });
    let hall = api.record("hallDefine", venue.input("theatre", hall), "hall { zones { id } }").await;
    let seats = json!([{ "number": "1", "at": { "x": 10, "y": 20 } }, { "number": "2" }]);
    let draw = json!({ "zone": hall["hall"]["zones"][0]["id"], "rows": [{ "row": "A", "seats": seats }] });
    let drawn = api
        .record(
            "seatsDraw",
            venue.input("draw", draw.clone()),
            "zone { seats { label row number at { x y } } }",
        )
        .await;
    assert_eq!(
        drawn["zone"]["seats"],
        json!([{ "label": "A1", "row": "A", "number": "1", "at": { "x": 10, "y": 20 } },
            { "label": "A2", "row": "A", "number": "2", "at": null }])
    );
    let mut wrong = draw;
    wrong["rows"][0]["seats"][1]["at"] = json!({ "x": -1, "y": 0 });
    let refused = api.refused("seatsDraw", venue.input("wrong", wrong)).await;
    assert_eq!(refused, ("AMOUNT_NEGATIVE".into(), json!(["rows", "0", "seats", "1", "at", "x"])));
}

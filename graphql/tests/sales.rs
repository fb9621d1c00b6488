//! Sales, refunds, reports and scans through the API, and what the read models make of them.

mod support;

use serde_json::{Value, json};
use support::venue::{OURS, Venue};
use support::{Api, NOW};

/// Reads an organisation as of at least a payload's position.
async fn read(api: &Api, payload: &Value, selection: &str) -> Value {
    let query = format!(
        "query Q($id: ID!, $p: LogPosition) {{ organisation(id: $id, minPosition: $p) {{ {selection} }} }}"
    );
    let data = api.data(&query, json!({ "id": OURS, "p": payload["position"] })).await;
    data["organisation"].clone()
}

fn money(amount: &str) -> Value {
    json!({ "amount": amount, "currency": "EUR" })
}

#[tokio::test]
async fn a_sale_is_answered_from_its_receipt_and_read_back_the_same() {
    let api = Api::start();
    let venue = Venue::open(&api, OURS).await;
    let fields = "id number state total { amount currency } paid { amount } open { amount } seller occurredAt \
                  channel { name } tickets { id serial state price { amount } fee { amount } vat tariff { name } \
                  show { reference } zone { name } codes } items { price { amount } product { name } ticket } \
                  payments { amount { amount } method { name } refund }";
    let input = venue.input(
        "sale",
        json!({ "channel": venue.web, "seller": "web-1", "buyer": { "email": "Ada@Example.org", "name": "Ada" },
            "tickets": venue.tickets(2),
            "items": [{ "kind": { "product": venue.product }, "price": "10.00", "vat": "20", "ticket": 0 }],
            "payment": [{ "method": venue.card, "amount": "50.00" }, { "method": venue.cash, "amount": "11.60" }] }),
    );
    let payload = api.record("orderPlace", input, &format!("order {{ {fields} }}")).await;
    let order = &payload["order"];
    assert_eq!(order["state"], "PAID");
    assert_eq!(order["total"], money("61.60"));
    assert_eq!(order["open"]["amount"], "0.00");
    assert_eq!(order["tickets"][1]["serial"], "2");
    assert_eq!(order["tickets"][0]["vat"], "5.5");
    assert_eq!(order["tickets"][0]["fee"]["amount"], "1.80");
    assert_eq!(order["tickets"][0]["codes"].as_array().unwrap().len(), 1);
    assert_eq!(order["items"][0]["product"]["name"], "Affiche");
    assert_eq!(order["items"][0]["ticket"], order["tickets"][0]["id"]);
    let again = read(&api, &payload, &format!("order(id: {}) {{ {fields} }}", order["id"])).await;
    assert_eq!(&again["order"], order, "the receipt and the read model agree");
    let customer = read(
        &api,
        &payload,
        "customerByEmail(email: \"ada@example.org\") { ticketCount orderCount spend { amount } person { email name } }",
    )
    .await;
    assert_eq!(
        customer["customerByEmail"],
        json!({ "ticketCount": 2, "orderCount": 1, "spend": { "amount": "61.60" },
            "person": { "email": "Ada@Example.org", "name": "Ada" } })
    );
}

#[tokio::test]
async fn a_repeated_command_gives_the_first_receipt() {
    let api = Api::start();
    let venue = Venue::open(&api, OURS).await;
    let first = api.record("orderPlace", venue.sale("once", 1), "order { id }").await;
    let second = api.record("orderPlace", venue.sale("once", 1), "order { id }").await;
    assert_eq!((first["replayed"].clone(), second["replayed"].clone()), (json!(false), json!(true)));
    for field in ["position", "hash", "order"] {
        assert_eq!(first[field], second[field], "{field}");
    }
    let (code, _) = api.refused("orderPlace", venue.sale("once", 2)).await;
    assert_eq!(code, "IDEMPOTENCY_KEY_REUSED");
}

#[tokio::test]
async fn refunds_reports_and_reductions_settle() {
    let api = Api::start();
    let venue = Venue::open(&api, OURS).await;
    let order = venue.sell(&api, "a", 3).await;
    let leg = |amount: &str| json!([{ "method": venue.card, "amount": amount }]);
    let cancel = json!({ "order": order["id"], "tickets": [{ "ticket": order["tickets"][0]["id"] }],
        "reason": "CUSTOMER", "refund": leg("24.00") });
    let selection =
        "order { state paid { amount } returned { amount } tickets { state cancellation { reason } } }";
    let cancelled =
        api.record("ticketsCancel", venue.input("cancel", cancel), selection).await["order"].clone();
    assert_eq!(
        cancelled["tickets"][0],
        json!({ "state": "CANCELLED", "cancellation": { "reason": "CUSTOMER" } })
    );
    assert_eq!(cancelled["returned"]["amount"], "24.00");
    let reduce = json!({ "ticket": order["tickets"][1]["id"], "price": "20.00" });
    let reduced =
        api.record("priceReduce", venue.input("reduce", reduce), "ticket { price { amount } }").await;
    assert_eq!(reduced["ticket"]["price"]["amount"], "20.00");
    let back = json!({ "order": order["id"], "legs": leg("4.00") });
    api.record("moneyReturn", venue.input("back", back), "order { open { amount } }").await;
    let unpaid = json!({ "channel": venue.desk, "tickets": venue.tickets(1) });
    let unpaid = api.record("orderPlace", venue.input("unpaid", unpaid), "order { id state }").await;
    assert_eq!(unpaid["order"]["state"], "UNPAID");
    let pay = json!({ "order": unpaid["order"]["id"], "legs": leg("24.00") });
    let paid = api.record("paymentRecord", venue.input("pay", pay), "order { state }").await;
    assert_eq!(paid["order"]["state"], "PAID");
    let free = json!({ "channel": venue.desk,
        "tickets": [{ "show": venue.show, "zone": venue.zone, "tariff": venue.free, "comp": "PRESS" }] });
    api.record("orderPlace", venue.input("comp", free), "").await;
    let reported = json!({ "occurredAt": "2026-03-08T19:00:00Z", "source": "NETWORK", "channel": venue.web,
        "tickets": [{ "show": venue.show, "zone": venue.zone, "tariff": venue.full, "price": "24.00", "vat": "5.5",
            "codes": [{ "text": "NET-1", "symbology": "CODE128" }] }] });
    let reported =
        api.record("saleReport", venue.input("net", reported), "order { id source tickets { id } }").await;
    assert_eq!(reported["order"]["source"], "NETWORK");
    let selection = format!(
        "show(id: \"{}\") {{ settlement {{ entries rounding lines {{ tariffName price {{ amount }} issued cancelled net \
         firstSerial lastSerial amount {{ gross {{ amount }} net {{ amount }} vat {{ amount }} vatRate }} \
         channel {{ name }} }} freeByReason {{ reason net }} paid {{ net amount {{ gross {{ amount }} \
         net {{ amount }} vat {{ amount }} vatRate }} }} checkpoint {{ position hash }} \
         money {{ method {{ name }} net {{ amount }} }} }} availability {{ total {{ sold free left }} \
         zones {{ pool {{ places }} channels {{ channel {{ name }} quota sold left overQuota }} }} }} \
         sales {{ day issued cancelled netAmount {{ amount }} channel {{ name }} }} }} \
         settlement {{ open {{ amount }} products {{ kind name number amount {{ gross {{ amount }} }} }} }}",
        venue.show
    );
    let read = read(&api, &reported, &selection).await;
    let settlement = &read["show"]["settlement"];
    assert_eq!(settlement["entries"], 5);
    assert_eq!(settlement["freeByReason"], json!([{ "reason": "PRESS", "net": 1 }]));
    let paid = &settlement["paid"];
    assert_eq!(paid["net"], 4);
    assert_eq!(
        paid["amount"],
        json!({ "gross": { "amount": "92.00" }, "net": { "amount": "87.20" }, "vat": { "amount": "4.80" }, "vatRate": null })
    );
    assert_eq!(settlement["money"], json!([{ "method": { "name": "CB" }, "net": { "amount": "68.00" } }]));
    let places = &read["show"]["availability"];
    assert_eq!(places["total"], json!({ "sold": 5, "free": 1, "left": 95 }));
    assert_eq!(places["zones"][0]["pool"]["places"], 30);
    assert_eq!(places["zones"][0]["channels"][0]["quota"], 40);
    assert_eq!(
        read["show"]["sales"].as_array().unwrap().iter().filter(|row| row["day"] == "2026-03-08").count(),
        3
    );
    assert_eq!(read["settlement"]["open"]["amount"], "24.00", "the network has not remitted yet");
    let cancellation = json!({ "occurredAt": "2026-03-08T19:30:00Z", "source": "NETWORK",
        "order": reported["order"]["id"], "tickets": [{ "ticket": reported["order"]["tickets"][0]["id"] }],
        "reason": "REPORTED" });
    let cancelled =
        api.record("cancellationReport", venue.input("net-c", cancellation), "order { state }").await;
    assert_eq!(cancelled["order"]["state"], "CANCELLED");
}

#[tokio::test]
async fn an_earlier_moment_can_be_asked_for() {
    let api = Api::start();
    let venue = Venue::open(&api, OURS).await;
    let first = api.record("orderPlace", venue.sale("first", 2), "").await;
    let last = api.record("orderPlace", venue.sale("last", 3), "").await;
    let query = "query Q($org: ID!, $p: LogPosition, $show: ID!, $then: AsOf) { organisation(id: $org, minPosition: $p) \
                 { show(id: $show) { availability(asOf: $then) { total { sold } checkpoint { position hash } } \
                 settlement(asOf: $then) { paid { net } } } } }";
    let ask = async |then: Value| {
        let variables = json!({ "org": OURS, "p": last["position"], "show": venue.show, "then": then });
        api.data(query, variables).await["organisation"]["show"].clone()
    };
    let now = ask(json!(null)).await;
    assert_eq!(
        (now["availability"]["total"]["sold"].clone(), now["settlement"]["paid"]["net"].clone()),
        (json!(5), json!(5))
    );
    let then = ask(json!({ "position": first["position"] })).await;
    assert_eq!(then["availability"]["total"]["sold"], 2);
    assert_eq!(
        then["availability"]["checkpoint"],
        json!({ "position": first["position"], "hash": first["hash"] })
    );
    assert_eq!(then["settlement"]["paid"]["net"], 2);
    let instant = ask(json!({ "recordedAt": NOW.to_string() })).await;
    assert_eq!(instant["availability"]["total"]["sold"], 5);
}

#[tokio::test]
async fn holds_and_quotas_move_places() {
    let api = Api::start();
    let venue = Venue::open(&api, OURS).await;
    let hold = |key: &str, count: i32| {
        let fields = json!({ "show": venue.show, "zone": venue.zone, "channel": venue.web,
            "places": { "count": count }, "expiresAt": "2026-03-09T10:00:00Z", "buyer": { "email": "b@example.org" } });
        venue.input(key, fields)
    };
    let selection = "hold { id places expiresAt channel { name } }";
    let held = api.record("holdPlace", hold("hold-1", 3), selection).await["hold"].clone();
    assert_eq!(
        (held["places"].clone(), held["expiresAt"].clone()),
        (json!(3), json!("2026-03-09T10:00:00Z"))
    );
    let places =
        "show { holds { id } availability { zones { channels { channel { name } quota held sold left } } } }";
    let web = |payload: &Value| payload["show"]["availability"]["zones"][0]["channels"][0].clone();
    let transfer = json!({ "show": venue.show, "zone": venue.zone, "from": venue.web, "to": venue.desk,
        "places": { "count": 7 } });
    let moved = api.record("quotaTransfer", venue.input("move", transfer), places).await;
    assert_eq!(
        web(&moved),
        json!({ "channel": { "name": "Site" }, "quota": 33, "held": 3, "sold": 0, "left": 30 })
    );
    assert_eq!(moved["show"]["holds"], json!([{ "id": held["id"] }]));
    let sale = json!({ "channel": venue.web, "holds": [held["id"]], "tickets": venue.tickets(3) });
    api.record("orderPlace", venue.input("use", sale), "").await;
    let second = api.record("holdPlace", hold("hold-2", 2), selection).await["hold"].clone();
    let released =
        api.record("holdRelease", venue.input("release", json!({ "hold": second["id"] })), places).await;
    assert_eq!(
        web(&released),
        json!({ "channel": { "name": "Site" }, "quota": 33, "held": 0, "sold": 3, "left": 30 })
    );
    let close = json!({ "show": venue.show, "zone": venue.zone, "channel": venue.web });
    let closed = api.record("quotaClose", venue.input("close", close), places).await;
    assert_eq!(web(&closed)["quota"], Value::Null);
}

#[tokio::test]
async fn scans_make_attendance() {
    let api = Api::start();
    let venue = Venue::open(&api, OURS).await;
    let sale = api.record("orderPlace", venue.sale("sale", 1), "order { tickets { id codes } }").await;
    let ticket = &sale["order"]["tickets"][0];
    let scan = |key: &str, nonce: &str, code: &Value, at: &str| {
        let fields = json!({ "occurredAt": at, "show": venue.show, "code": code, "gate": venue.gate,
            "device": venue.device, "nonce": nonce, "offline": true, "decision": "ADMITTED" });
        venue.input(key, fields)
    };
    let selection = "scan { ticketId direction offline nonce gate { name } device { label } occurredAt }";
    let code = &ticket["codes"][0];
    let first = api.record("scanReport", scan("s1", "1", code, "2026-03-14T19:00:00Z"), selection).await;
    assert_eq!(
        first["scan"],
        json!({ "ticketId": ticket["id"], "direction": "ENTRY", "offline": true, "nonce": "1",
            "gate": { "name": "A" }, "device": { "label": "scan-A1" }, "occurredAt": "2026-03-14T19:00:00Z" })
    );
    api.record("scanReport", scan("s2", "2", code, "2026-03-14T19:05:00Z"), selection).await;
    let unknown =
        api.record("scanReport", scan("s3", "3", &json!("NOPE"), "2026-03-14T19:06:00Z"), selection).await;
    assert_eq!(unknown["scan"]["ticketId"], Value::Null);
    let selection = format!(
        "show(id: \"{}\") {{ attendance {{ valid scanned present peak noShow gates {{ gate {{ name }} entries }} \
         buckets(minutes: 60) {{ from entries }} anomalies {{ kind nonce ticket }} }} \
         events(kinds: [TICKET_SCANNED], last: 2) {{ nodes {{ kind payload }} pageInfo {{ hasPreviousPage }} }} }}",
        venue.show
    );
    let show = read(&api, &unknown, &selection).await["show"].clone();
    let attendance = &show["attendance"];
    assert_eq!((attendance["scanned"].clone(), attendance["present"].clone()), (json!(1), json!(1)));
    assert_eq!(attendance["buckets"], json!([{ "from": "2026-03-14T19:00:00Z", "entries": 1 }]));
    let kinds: Vec<&Value> =
        attendance["anomalies"].as_array().unwrap().iter().map(|row| &row["kind"]).collect();
    assert_eq!(kinds, ["SECOND_ENTRY", "UNKNOWN_CODE"]);
    assert_eq!(show["events"]["nodes"][1]["payload"]["nonce"], 3);
    assert_eq!(show["events"]["pageInfo"]["hasPreviousPage"], true);
    assert!(!show.to_string().contains("NOPE"), "a code is in no record");
}

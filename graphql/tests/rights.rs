//! Exchange, copies, hand-overs, subscriber cards, gift cards and late payments through the API.

mod support;

use serde_json::{Value, json};
use support::Api;
use support::venue::{OURS, Venue};

fn id(payload: &Value, object: &str) -> String {
    payload[object]["id"].as_str().unwrap_or_else(|| panic!("no {object}: {payload}")).to_owned()
}

fn amount(money: &Value) -> &str {
    money["amount"].as_str().unwrap_or_default()
}

async fn organisation(api: &Api, payload: &Value, fields: &str) -> Value {
    let query = format!(
        "query Q($id: ID!, $p: LogPosition) {{ organisation(id: $id, minPosition: $p) {{ {fields} }} }}"
    );
    api.data(&query, json!({ "id": OURS, "p": payload["position"] })).await["organisation"].clone()
}

impl Shop<'_> {
    async fn sell(&self, key: &str, fields: Value, wanted: &str) -> Value {
        self.api.record("orderPlace", self.venue.input(key, fields), wanted).await
    }

    fn ticket(&self) -> Value {
        json!({ "show": self.venue.show, "zone": self.venue.zone, "tariff": self.venue.full })
    }
}

struct Shop<'a> {
    api: &'a Api,
    venue: &'a Venue,
}

#[tokio::test]
async fn a_ticket_is_exchanged_copied_and_handed_on() {
    let api = Api::start();
    let venue = Venue::open(&api, OURS).await;
    let shop = Shop { api: &api, venue: &venue };
    let buyer = json!({ "email": "anne@example.org" });
    let sale = json!({ "channel": venue.web, "buyer": buyer, "tickets": [shop.ticket()] });
    let sold = shop.sell("sale", sale, "order { id total { amount } tickets { id } }").await;
    let (order, first) = (id(&sold, "order"), sold["order"]["tickets"][0]["id"].clone());

    let fields = json!({ "order": order, "channel": venue.web, "returned": [{ "ticket": first }],
        "tickets": [shop.ticket()] });
    let wanted =
        "order { total { amount } tickets { id state replaces replacedBy cancellation { reason } } }";
    let exchanged = api.record("ticketsExchange", venue.input("exchange", fields), wanted).await;
    let tickets = exchanged["order"]["tickets"].as_array().unwrap();
    assert_eq!((&tickets[0]["state"], &tickets[1]["state"]), (&json!("CANCELLED"), &json!("VALID")));
    assert_eq!(tickets[0]["cancellation"]["reason"], "EXCHANGE");
    assert_eq!((&tickets[0]["replacedBy"], &tickets[1]["replaces"]), (&tickets[1]["id"], &tickets[0]["id"]));
    assert_eq!(exchanged["order"]["total"], sold["order"]["total"]);

    let ticket = tickets[1]["id"].clone();
    let copy = json!({ "ticket": ticket, "reason": "LOST" });
    let copied = api.record("ticketDuplicate", venue.input("copy", copy), "ticket { copies codes }").await;
    assert_eq!(copied["ticket"]["copies"], 1);
    let fields = json!({ "ticket": ticket, "to": { "email": "ben@example.org" } });
    let wanted =
        "ticket { codes holder { person { email } receivedTickets { id } } order { customer { id } } }";
    let handed = api.record("ticketTransfer", venue.input("hand", fields), wanted).await;
    assert_eq!(handed["ticket"]["holder"]["person"]["email"], "ben@example.org");
    assert_eq!(handed["ticket"]["holder"]["receivedTickets"][0]["id"], ticket);
    assert_ne!(handed["ticket"]["codes"], copied["ticket"]["codes"], "the old code is not printed again");
    assert_eq!(handed["ticket"]["codes"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_subscriber_buys_a_card_with_the_first_tickets() {
    let api = Api::start();
    let venue = Venue::open(&api, OURS).await;
    let shop = Shop { api: &api, venue: &venue };
    let product = json!({ "name": "Carte d'abonné", "kind": "CARD" });
    let product =
        id(&api.record("productDefine", venue.input("p", product), "product { id }").await, "product");
    let tariff = json!({ "show": venue.show, "terms": { "name": "Abonné", "kind": "SUBSCRIBER", "vat": "5.5",
        "prices": [{ "zone": venue.zone, "price": "12.00" }] } });
    let tariff = id(&api.record("tariffDefine", venue.input("t", tariff), "tariff { id }").await, "tariff");
    let terms = json!({ "name": "Saison", "product": product, "price": "25.00", "validity": { "days": 365 },
        "perShow": 2, "inTotal": 10 });
    let wanted = "cardType { id name days perShow inTotal price { amount } }";
    let kind = api.record("cardTypeDefine", venue.input("k", json!({ "terms": terms })), wanted).await;
    assert_eq!((&kind["cardType"]["days"], &kind["cardType"]["perShow"]), (&json!(365), &json!(2)));

    let reduced = json!({ "show": venue.show, "zone": venue.zone, "tariff": tariff });
    let item = json!({ "kind": { "product": product }, "price": "25.00", "vat": "20" });
    let on = |ticket: i32| json!({ "ticket": ticket, "card": { "issued": 0 } });
    let sale = json!({ "channel": venue.web, "buyer": { "email": "anne@example.org" },
        "tickets": [reduced, reduced], "items": [item], "entitlements": {
            "issues": [{ "item": 0, "right": { "cardType": kind["cardType"]["id"] } }], "cards": [on(0), on(1)] } });
    let sold =
        shop.sell("sale", sale.clone(), "order { id customer { id } tickets { id } total { amount } }").await;
    let total = amount(&sold["order"]["total"]).to_owned();

    let wanted =
        "customers { nodes { cards { id code used left perShow state until tickets { id } order { id } } } }";
    let customers = organisation(&api, &sold, wanted).await;
    let card = &customers["customers"]["nodes"][0]["cards"][0];
    assert_eq!((&card["used"], &card["left"], &card["state"]), (&json!(2), &json!(8), &json!("ISSUED")));
    assert_eq!(card["tickets"], sold["order"]["tickets"]);
    let by_code = format!("cardByCode(code: {}) {{ id cardType {{ name }} }}", card["code"]);
    let found = organisation(&api, &sold, &by_code).await;
    assert_eq!(
        (&found["cardByCode"]["id"], &found["cardByCode"]["cardType"]["name"]),
        (&card["id"], &json!("Saison"))
    );

    // Until its order is paid the card gives nothing; then it gives no third ticket for the show.
    let more = json!({ "channel": venue.web, "tickets": [reduced],
        "entitlements": { "cards": [{ "ticket": 0, "card": { "id": card["id"] } }] } });
    let path = json!(["entitlements", "cards", "0", "card"]);
    let refused = api.refused("orderPlace", venue.input("more", more.clone())).await;
    assert_eq!(refused, ("RIGHT_NOT_PAID".to_owned(), path.clone()));
    let pay = json!({ "order": sold["order"]["id"], "legs": [{ "method": venue.card, "amount": total }] });
    api.record("paymentRecord", venue.input("pay", pay), "").await;
    let refused = api.refused("orderPlace", venue.input("more", more)).await;
    assert_eq!(refused, ("CARD_RIGHTS_EXCEEDED".to_owned(), path));
    let none = api.refused("rightsExpire", venue.input("expire", json!({ "atMost": 500 }))).await;
    assert_eq!(none, ("NOTHING_EXPIRED".to_owned(), json!(["atMost"])));
}

#[tokio::test]
async fn a_gift_card_pays_and_gets_its_money_back() {
    let api = Api::start();
    let venue = Venue::open(&api, OURS).await;
    let shop = Shop { api: &api, venue: &venue };
    let product = json!({ "name": "Carte cadeau", "kind": "GIFT_CARD" });
    let product =
        id(&api.record("productDefine", venue.input("p", product), "product { id }").await, "product");
    let method = json!({ "name": "Carte cadeau", "kind": "GIFT_CARD" });
    let gift = id(&api.record("methodDefine", venue.input("m", method), "method { id }").await, "method");
    let item = json!({ "kind": { "product": product }, "price": "50.00", "vat": "0" });
    let right = json!({ "storedValue": { "kind": "GIFT_CARD", "until": "2199-01-01T00:00:00Z" } });
    let sale = json!({ "channel": venue.web, "items": [item], "payment": [{ "method": venue.card, "amount": "50.00" }],
        "entitlements": { "issues": [{ "item": 0, "right": right }] } });
    let sold = shop.sell("gift", sale, "events { kind payload }").await;
    let issued = sold["events"].as_array().unwrap().last().unwrap();
    assert_eq!(issued["kind"], "STORED_VALUE_ISSUED");

    let sale = json!({ "channel": venue.web, "tickets": [shop.ticket()] });
    let order = shop.sell("sale", sale, "order { id total { amount } }").await;
    let total = amount(&order["order"]["total"]).to_owned();
    let all =
        "storedValues { kind count issued { amount } spent { amount } left { amount } lapsed { amount } }";
    let value = {
        use base64::Engine as _;
        let text = format!("StoredValue:{OURS}:1");
        base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(text)
    };
    let spend = json!({ "order": order["order"]["id"], "method": gift, "values": [{ "value": value, "amount": total }] });
    let spent = api.record("storedValueSpend", venue.input("spend", spend), "order { state }").await;
    assert_eq!(spent["order"]["state"], "PAID");
    let back = json!({ "order": order["order"]["id"], "method": gift, "value": value, "amount": total });
    let back = api.record("storedValueReturn", venue.input("back", back), "order { open { amount } }").await;
    assert_eq!(amount(&back["order"]["open"]), total);
    let summary = organisation(&api, &back, all).await;
    let gift_cards = &summary["storedValues"][0];
    assert_eq!((amount(&gift_cards["spent"]), amount(&gift_cards["left"])), ("0.00", "50.00"));
    let node = "query N($id: ID!) { node(id: $id) { ... on StoredValue { code left { amount } movements { amount { \
                amount } } } } }";
    let node = api.data(node, json!({ "id": value })).await["node"].clone();
    assert_eq!(node["movements"].as_array().unwrap().len(), 2);
    let by_code = format!("storedValueByCode(code: {}) {{ id kind }}", node["code"]);
    let found = organisation(&api, &back, &by_code).await;
    assert_eq!(found["storedValueByCode"], json!({ "id": value, "kind": "GIFT_CARD" }));
}

#[tokio::test]
async fn a_direct_debit_comes_in_and_is_contested() {
    let api = Api::start();
    let venue = Venue::open(&api, OURS).await;
    let shop = Shop { api: &api, venue: &venue };
    let sale = json!({ "channel": venue.web, "tickets": [shop.ticket()] });
    let order = shop.sell("sale", sale, "order { id total { amount } }").await;
    let (total, order) = (amount(&order["order"]["total"]).to_owned(), id(&order, "order"));
    let legs = json!([{ "method": venue.card, "amount": total }]);
    let fields = json!({ "order": order, "legs": legs, "expectedBy": "2030-01-01T00:00:00Z" });
    let wanted = "order { state announcedPayments { id amount { amount } } paid { amount } }";
    let announced = api.record("paymentAnnounce", venue.input("announce", fields), wanted).await;
    let payment = announced["order"]["announcedPayments"][0]["id"].clone();
    assert_eq!(
        (&announced["order"]["state"], amount(&announced["order"]["paid"])),
        (&json!("UNPAID"), "0.00")
    );
    let confirm = venue.input("confirm", json!({ "payment": payment }));
    let confirmed = api.record("paymentConfirm", confirm, wanted).await;
    assert_eq!(confirmed["order"]["state"], "PAID");
    assert_eq!(confirmed["order"]["announcedPayments"], json!([]));
    let fields = json!({ "order": order, "payment": payment, "legs": legs, "reason": "CONTESTED" });
    let reversed = api.record("paymentReverse", venue.input("reverse", fields), wanted).await;
    assert_eq!(reversed["order"]["state"], "UNPAID");
    let fail = venue.input("fail", json!({ "payment": payment, "reason": "REFUSED" }));
    assert_eq!(api.refused("paymentFail", fail).await, ("PAYMENT_UNKNOWN".to_owned(), json!(["payment"])));
}

//! Packs through the API: offered, sold whole, refunded in part.

mod support;

use serde_json::{Value, json};
use support::venue::{OURS, THEIRS, Venue, show_fields};
use support::{Api, input};

/// A venue with two open shows and a pack of both.
struct Festival {
    venue: Venue,
    second: String,
    /// Tariffs of kind pack, one for each show.
    shares: [String; 2],
    pack: String,
}

fn id(payload: &Value, object: &str) -> String {
    payload[object]["id"].as_str().unwrap_or_else(|| panic!("no {object}: {payload}")).to_owned()
}

impl Festival {
    async fn open(api: &Api) -> Self {
        let venue = Venue::open(api, OURS).await;
        let fields = show_fields(&venue.hall, &venue.zone, "S-2");
        let second =
            id(&api.record("showSchedule", venue.input("show-2", fields), "show { id }").await, "show");
        let shares =
            [share(api, &venue, &venue.show, "24.00").await, share(api, &venue, &second, "22.00").await];
        api.record("showOpen", venue.input("open-2", json!({ "show": second })), "").await;
        let terms = terms(&venue, &second, &shares);
        let made =
            api.record("packDefine", venue.input("pack", json!({ "terms": terms })), "pack { id }").await;
        Self { pack: id(&made, "pack"), venue, second, shares }
    }

    fn terms(&self) -> Value {
        terms(&self.venue, &self.second, &self.shares)
    }

    fn pack(&self) -> Value {
        json!({ "pack": self.pack, "price": "40.00",
            "choices": [{ "show": self.venue.show }, { "show": self.second }] })
    }
}

async fn share(api: &Api, venue: &Venue, show: &str, price: &str) -> String {
    let fields = json!({ "show": show, "terms": { "name": "Pass 2 jours", "kind": "PACK", "vat": "5.5",
        "prices": [{ "zone": venue.zone, "price": price }] } });
    let key = format!("share-{show}");
    id(&api.record("tariffDefine", venue.input(&key, fields), "tariff { id }").await, "tariff")
}

fn terms(venue: &Venue, second: &str, shares: &[String; 2]) -> Value {
    json!({ "name": "Pass 2 jours", "price": "40.00", "shows": [
        { "show": venue.show, "zone": venue.zone, "tariff": shares[0], "weight": "24" },
        { "show": second, "zone": venue.zone, "tariff": shares[1], "weight": "22" },
    ] })
}

async fn packs(api: &Api, payload: &Value, channel: &str) -> Value {
    let query = "query Q($id: ID!, $p: LogPosition, $channel: ID!) { organisation(id: $id, minPosition: $p) { \
                 packs { id name price { amount } pick left(channel: $channel) channels { id } shows { weight show \
                 { reference } zone { id } tariff { kind } } } } }";
    let variables = json!({ "id": OURS, "p": payload["position"], "channel": channel });
    api.data(query, variables).await["organisation"]["packs"].clone()
}

#[tokio::test]
async fn a_pack_is_sold_whole_and_its_shares_add_up() {
    let api = Api::start();
    let festival = Festival::open(&api).await;
    let venue = &festival.venue;
    let fields = "order { id total { amount } open { amount } packs { number price { amount } pack { name } tickets \
                  { id price { amount } fee { amount } show { reference } } } }";
    let sale = json!({ "channel": venue.web, "packs": [festival.pack()],
        "payment": [{ "method": venue.card, "amount": "41.80" }] });
    let sold = api.record("orderPlace", venue.input("sale", sale), fields).await;
    let order = &sold["order"];
    assert_eq!((&order["total"]["amount"], &order["open"]["amount"]), (&json!("41.80"), &json!("0.00")));
    let pack = &order["packs"][0];
    assert_eq!((&pack["number"], &pack["price"]["amount"]), (&json!("1"), &json!("40.00")));
    let tickets: Vec<_> = pack["tickets"].as_array().unwrap().iter().collect();
    let prices: Vec<_> = tickets.iter().map(|ticket| ticket["price"]["amount"].as_str().unwrap()).collect();
    assert_eq!(prices, ["20.87", "19.13"]);
    let shows: Vec<_> = tickets.iter().map(|ticket| ticket["show"]["reference"].as_str().unwrap()).collect();
    assert_eq!(shows, ["S-1", "S-2"]);

    let refund = json!({ "order": order["id"], "tickets": [{ "ticket": tickets[1]["id"] }], "reason": "CUSTOMER",
        "refund": [{ "method": venue.card, "amount": "19.13" }] });
    let rest = api.record("ticketsCancel", venue.input("refund", refund), fields).await;
    assert_eq!(
        (&rest["order"]["total"]["amount"], &rest["order"]["open"]["amount"]),
        (&json!("22.67"), &json!("0.00"))
    );
    assert_eq!(
        rest["order"]["packs"][0]["tickets"], pack["tickets"],
        "the read model agrees with the receipt"
    );
}

#[tokio::test]
async fn what_is_left_of_a_pack_is_the_least_of_its_shows() {
    let api = Api::start();
    let festival = Festival::open(&api).await;
    let venue = &festival.venue;
    let allocate = json!({ "show": festival.second, "zone": venue.zone, "channel": venue.web, "places": { "count": 3 } });
    let last = api.record("quotaAllocate", venue.input("quota-2", allocate), "").await;
    let offered = packs(&api, &last, &venue.web).await;
    assert_eq!(offered[0]["left"], "3", "{offered}");
    assert_eq!(offered[0]["shows"][1]["show"]["reference"], "S-2");
    assert_eq!(offered[0]["shows"][0]["weight"], "24");
    assert_eq!(offered[0]["shows"][0]["tariff"]["kind"], "PACK");

    let four = json!({ "channel": venue.web, "packs": [festival.pack(), festival.pack(), festival.pack(), festival.pack()] });
    let refused = api.refused("orderPlace", venue.input("four", four)).await;
    assert_eq!(refused, ("QUOTA_EXCEEDED".to_owned(), json!(["packs", "3", "choices", "1"])));
    let mut choice = festival.terms();
    choice["pick"] = json!(1);
    let changed = json!({ "pack": festival.pack, "terms": choice });
    let changed = api.record("packChange", venue.input("pick", changed), "pack { pick }").await;
    assert_eq!(changed["pack"]["pick"], 1);
    assert_eq!(
        packs(&api, &changed, &venue.web).await[0]["left"],
        "40",
        "who may choose takes the other show"
    );
}

#[tokio::test]
async fn wrong_packs_are_refused_by_field() {
    let api = Api::start();
    let festival = Festival::open(&api).await;
    let venue = &festival.venue;
    let theirs = Venue::open(&api, THEIRS).await;
    let with = |field: &str, value: Value| {
        let mut terms = festival.terms();
        terms[field] = value;
        venue.input("wrong", json!({ "terms": terms }))
    };
    let mut foreign = festival.terms();
    foreign["shows"][0]["show"] = json!(theirs.show);
    let cases = [
        (with("price", json!("40.001")), "AMOUNT_PRECISION", json!(["terms", "price"])),
        (with("pick", json!(-1)), "QUANTITY_ZERO", json!(["terms", "pick"])),
        (with("pick", json!(70_000)), "QUANTITY_TOO_LARGE", json!(["terms", "pick"])),
        (with("shows", json!([])), "LIST_EMPTY", json!(["terms", "shows"])),
        (
            venue.input("wrong", json!({ "terms": foreign })),
            "SHOW_UNKNOWN",
            json!(["terms", "shows", "0", "show"]),
        ),
    ];
    for (input, code, field) in cases {
        assert_eq!(api.refused("packDefine", input).await, (code.to_owned(), field));
    }
    let pack = json!({ "pack": festival.pack, "choices": [{ "show": theirs.show }] });
    let sale = json!({ "channel": theirs.web, "packs": [pack] });
    let refused = api.as_owner(THEIRS).refused("orderPlace", input(THEIRS, "foreign", sale)).await;
    assert_eq!(refused, ("PACK_UNKNOWN".to_owned(), json!(["packs", "0", "pack"])));
}

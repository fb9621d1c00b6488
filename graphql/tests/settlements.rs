//! Settlements through the API: a deal agreed, a draft that explains itself, sealed, signed off, amended.
#![expect(clippy::unwrap_used, reason = "tests")]

mod support;

use serde_json::{Value, json};
use support::Api;
use support::venue::{OURS, Venue};

const STEPS: &str = r#"[
    { "name": "receipts", "label": "Recettes HT", "role": "receipts", "receipts": {} },
    { "name": "cnm", "label": "CNM", "role": "levy", "share": { "of": "receipts", "rate": "fr.cnm" } },
    { "name": "costs", "label": "Frais", "role": "cost", "costs": {} },
    { "name": "net", "label": "Net", "role": "subtotal", "sum": { "add": ["receipts"], "less": ["cnm", "costs"] } },
    { "name": "producer", "label": "Producteur", "role": "share", "party": "producer",
      "share": { "of": "net", "rate": "70" }, "vat": "fr.vat.cession" },
    { "name": "organiser", "label": "Organisateur", "role": "own", "difference": { "of": "net", "less": ["producer"] } }
]"#;

struct Settled {
    venue: Venue,
    producer: String,
}

impl Settled {
    /// A venue with a deal, ten tickets sold and a cost.
    async fn open(api: &Api) -> Self {
        let venue = Venue::open(api, OURS).await;
        let party = json!({ "name": "Producteur" });
        let made = api.record("partyRegister", venue.input("party", party), "party { id }").await;
        let producer = made["party"]["id"].as_str().unwrap().to_owned();
        let settled = Self { venue, producer };
        let venue = &settled.venue;
        let agree = json!({ "shows": [venue.show], "terms": settled.deal() });
        let deal = "show { deal { number current { version template steps { name rule role buildsOn rate { percent \
                    key } } } } }";
        let agreed = api.record("dealAgree", venue.input("deal", agree), deal).await;
        let steps = &agreed["show"]["deal"]["current"]["steps"];
        assert_eq!(
            steps[1],
            json!({ "name": "cnm", "rule": "share", "role": "LEVY", "buildsOn": ["receipts"],
                "rate": { "percent": null, "key": "fr.cnm" } })
        );
        venue.sell(api, "sale", 10).await;
        let cost = json!({ "show": venue.show, "terms": { "category": "technical", "net": "20.00", "vatRate": "20",
            "vat": "4.00", "voucher": { "reference": "F-1" } } });
        api.record("costRecord", venue.input("cost", cost), "show { costs { voucher } }").await;
        settled
    }

    fn deal(&self) -> Value {
        json!({ "name": "Contrat", "steps": STEPS, "parties": [{ "name": "producer", "party": self.producer }] })
    }

    async fn show(&self, api: &Api, selection: &str) -> Value {
        let query = format!("query Q($id: ID!) {{ node(id: $id) {{ ... on Show {{ {selection} }} }} }}");
        api.data(&query, json!({ "id": self.venue.show })).await["node"].clone()
    }

    fn seal(&self, key: &str, version: i32) -> Value {
        self.venue.input(key, json!({ "show": self.venue.show, "version": version }))
    }
}

const DRAFT: &str = "settlementDraft { version statement canonical checkpoint { position } steps { name amount { amount \
                     } inputs { name amount { amount } } rate { percent key source } lines { category positions count \
                     eventKinds amount { net { amount } vat { amount } } } } parties { gross { amount } due { amount } } }";

#[tokio::test]
async fn a_draft_explains_itself() {
    let api = Api::start();
    let settled = Settled::open(&api).await;
    let draft = settled.show(&api, DRAFT).await["settlementDraft"].clone();
    let amounts: Vec<_> = draft["steps"]
        .as_array()
        .unwrap()
        .iter()
        .map(|step| {
            format!("{} {}", step["name"].as_str().unwrap(), step["amount"]["amount"].as_str().unwrap())
        })
        .collect();
    // 240.00 at 5.5 %: 227.49 without VAT, of which 3.5 % are 7.96.
    assert_eq!(
        amounts,
        ["receipts 227.49", "cnm 7.96", "costs 20.00", "net 199.53", "producer 139.67", "organiser 59.86"]
    );
    assert_eq!(draft["steps"][1]["rate"]["key"], "fr.cnm");
    assert_eq!(
        draft["steps"][1]["inputs"],
        json!([{ "name": "receipts", "amount": { "amount": "227.49" } }])
    );
    assert_eq!(draft["steps"][0]["lines"][0]["count"], 10);
    assert_eq!(draft["steps"][2]["lines"][0]["category"], "technical");
    assert_eq!(draft["parties"], json!([{ "gross": { "amount": "147.35" }, "due": { "amount": "147.35" } }]));
    let canonical = draft["canonical"].as_str().unwrap();
    assert_eq!(blake3::hash(canonical.as_bytes()).to_hex().as_str(), draft["statement"].as_str().unwrap());
}

#[tokio::test]
async fn a_settlement_is_sealed_signed_off_paid_and_amended() {
    let api = Api::start();
    let settled = Settled::open(&api).await;
    let venue = &settled.venue;
    let selection = "show { settlements { settlement version statement rederives lines { step amount { net { amount } } } \
                     signOffs { party { name } } files { kind } } }";
    let sealed = api.record("settlementSeal", settled.seal("seal", 1), selection).await;
    let first = &sealed["show"]["settlements"][0];
    assert_eq!((&first["version"], &first["rederives"]), (&json!("1"), &json!(true)));
    let draft = settled.show(&api, "settlementDraft { statement }").await;
    assert_eq!(first["statement"], draft["settlementDraft"]["statement"]);
    // Asked again it is the same command, and nothing that is sealed is edited.
    let again = api.record("settlementSeal", settled.seal("seal", 1), "").await;
    assert_eq!((&again["replayed"], &again["position"]), (&json!(true), &sealed["position"]));
    let edited = api.refused("settlementSeal", settled.seal("edit", 1)).await;
    assert_eq!(edited, ("SETTLEMENT_SEALED".to_owned(), json!(["version"])));
    let unchanged = api.refused("settlementSeal", settled.seal("same", 2)).await;
    assert_eq!(unchanged, ("SETTLEMENT_UNCHANGED".to_owned(), json!(["statement"])));

    let settlement = &first["settlement"];
    let sign = json!({ "settlement": settlement, "version": 1, "party": settled.producer });
    let signed = api.record("settlementSignOff", venue.input("sign", sign), selection).await;
    assert_eq!(signed["show"]["settlements"][0]["signOffs"], json!([{ "party": { "name": "Producteur" } }]));
    let pay = json!({ "settlement": settlement, "version": 1, "party": settled.producer, "amount": "147.35",
        "method": venue.card, "reference": "VIR-1" });
    api.record("settlementPay", venue.input("pay", pay), "").await;

    // A cost comes late: the amendment shows what it changes, and the first version stays what it was.
    let cost = json!({ "show": venue.show, "terms": { "category": "security", "net": "10.00", "vatRate": "20",
        "vat": "2.00", "voucher": { "reference": "F-2" } } });
    api.record("costRecord", venue.input("late", cost), "").await;
    let amended = api.record("settlementSeal", settled.seal("amend", 2), selection).await;
    let versions = amended["show"]["settlements"].as_array().unwrap();
    assert_eq!(versions.iter().map(|version| version["rederives"].clone()).collect::<Vec<_>>(), [true, true]);
    let differences = "settlementDifferences(old: 1, new: 2) { step change { net { amount } } }
                       settlementDraft { parties { due { amount } } }";
    let shown = settled.show(&api, differences).await;
    let changes: Vec<_> = shown["settlementDifferences"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| {
            format!(
                "{} {}",
                line["step"].as_str().unwrap(),
                line["change"]["net"]["amount"].as_str().unwrap()
            )
        })
        .filter(|line| !line.ends_with(" 0.00"))
        .collect();
    assert_eq!(changes, ["costs/security 10.00", "net -10.00", "producer -7.00", "organiser -3.00"]);
    // 132.67 with 7.30 VAT, of which 147.35 are paid.
    assert_eq!(shown["settlementDraft"]["parties"][0]["due"]["amount"], "-7.38");
    let old = json!({ "settlement": settlement, "version": 1 });
    let superseded = api.refused("settlementSignOff", venue.input("old", old)).await;
    assert_eq!(superseded, ("SETTLEMENT_SUPERSEDED".to_owned(), json!(["version"])));
}

#[tokio::test]
async fn deals_that_are_none_are_refused_by_name() {
    let api = Api::start();
    let settled = Settled::open(&api).await;
    let venue = &settled.venue;
    let refused = |key: &'static str, deal: Value| {
        let (api, venue) = (&api, venue);
        async move {
            api.refused("dealAgree", venue.input(key, json!({ "shows": [venue.show], "terms": deal }))).await
        }
    };
    let template = json!({ "name": "c", "template": "no-such" });
    assert_eq!(refused("a", template).await, ("DEAL_UNREADABLE".into(), json!(["terms", "template"])));
    let missing = json!({ "name": "c", "template": "cession-share",
        "parties": [{ "name": "producer", "party": settled.producer }] });
    assert_eq!(
        refused("b", missing).await,
        ("DEAL_UNREADABLE".into(), json!(["terms", "values", "guarantee"]))
    );
    let mut greedy = settled.deal();
    greedy["steps"] = json!(STEPS.replace("\"70\"", "\"101\""));
    assert_eq!(refused("c", greedy).await.0, "RATE_OUT_OF_RANGE");
    let mut open = settled.deal();
    open["steps"] = json!(STEPS.replace(r#""less": ["producer"]"#, r#""less": []"#));
    let code = refused("d", open).await;
    assert_eq!(code, ("DEAL_NOT_CLOSED".into(), json!(["terms", "steps", "4"])));
    assert_eq!(refused("e", settled.deal()).await.0, "DEAL_EXISTS");
    let templates =
        api.data("{ dealTemplates { key parameters { name } } datedRates { key rate } }", json!({})).await;
    assert_eq!(templates["dealTemplates"].as_array().unwrap().len(), 11);
}

//! The worked settlement of the sample show through GraphQL: every figure of statement, deal, seal and accounts, as an
//! accountant who knows no more than the schema reads them.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod served;

use std::collections::BTreeMap;

use serde_json::{Value, json};
use served::{Served, edited, shipped};

/// The texts at these pointers, in one line.
fn told(value: &Value, pointers: &[&str]) -> String {
    let text = |pointer: &&str| match value.pointer(pointer) {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Null) | None => "-".to_owned(),
        Some(other) => other.to_string(),
    };
    pointers.iter().map(text).collect::<Vec<_>>().join(" ")
}

fn rows(list: &Value, pointers: &[&str]) -> Vec<String> {
    list.as_array().unwrap().iter().map(|row| told(row, pointers)).collect()
}

const STATEMENT: &str = "settlement {
    authorisedCapacity entries
    lines { tariffName tariff { kind } channel { name } price { amount } issued cancelled net
            amount { gross { amount } net { amount } vat { amount } vatRate } }
    paid { issued cancelled net amount { gross { amount } net { amount } vat { amount } } }
    free { net } freeByReason { reason net }
    vat { vatRate gross { amount } net { amount } vat { amount } }
    fees { channel { name } tickets amount { gross { amount } net { amount } vat { amount } } }
    money { method { name } net { amount } payments }
    commissions { channel { name } basis { amount } amount { net { amount } vat { amount } } } }";

#[tokio::test(flavor = "multi_thread")]
async fn the_box_office_statement_is_that_of_the_worked_show() {
    let served = Served::open(&shipped()).await;
    let statement = served.show(STATEMENT).await["settlement"].clone();
    let mut lines = rows(
        &statement["lines"],
        &[
            "/tariffName",
            "/channel/name",
            "/price/amount",
            "/issued",
            "/cancelled",
            "/net",
            "/amount/gross/amount",
            "/amount/net/amount",
            "/amount/vat/amount",
        ],
    );
    lines.sort();
    assert_eq!(
        lines,
        [
            "Abonné guichet 18.00 36 0 36 648.00 614.22 33.78",
            "Pass 2 jours (part J1) web 20.87 25 0 25 521.75 494.55 27.20",
            "Prévente fnac 24.00 68 0 68 1632.00 1546.92 85.08",
            "Prévente ticketmaster 24.00 41 0 41 984.00 932.70 51.30",
            "Prévente web 24.00 118 3 115 2760.00 2616.11 143.89",
            "Réduit web 20.00 42 0 42 840.00 796.21 43.79",
            "Sur place guichet 27.00 61 0 61 1647.00 1561.14 85.86",
        ]
    );
    let paid = told(
        &statement["paid"],
        &[
            "/issued",
            "/cancelled",
            "/net",
            "/amount/gross/amount",
            "/amount/net/amount",
            "/amount/vat/amount",
        ],
    );
    assert_eq!(paid, "391 3 388 9032.75 8561.85 470.90");
    assert_eq!(
        rows(&statement["vat"], &["/vatRate", "/gross/amount", "/net/amount", "/vat/amount"]),
        ["5.5 9032.75 8561.85 470.90"]
    );
    assert_eq!(told(&statement, &["/free/net", "/entries", "/authorisedCapacity"]), "34 422 450");
    let mut reasons = rows(&statement["freeByReason"], &["/reason", "/net"]);
    reasons.sort();
    assert_eq!(reasons, ["ARTIST 15", "PARTNER 5", "PRESS 6", "PRODUCTION 8"]);
    // What the State's declaration counts: full prices with reduced ones, subscribers with passes, free ones.
    let mut kinds: BTreeMap<&str, (i64, i64)> = BTreeMap::new();
    for line in statement["lines"].as_array().unwrap() {
        let kind = match line["tariff"]["kind"].as_str().unwrap() {
            "FULL" | "REDUCED" => "full",
            "SUBSCRIBER" | "PACK" => "subscription",
            other => other,
        };
        let sum = kinds.entry(kind).or_default();
        sum.0 += line["net"].as_i64().unwrap();
        sum.1 += cents(&line["amount"]["gross"]);
    }
    assert_eq!(kinds, BTreeMap::from([("full", (327, 786_300)), ("subscription", (61, 116_975))]));
    // Fees on top are outside the receipts: one euro of each of the site's 160 tickets, kept on refund.
    let fees = rows(
        &statement["fees"],
        &["/channel/name", "/tickets", "/amount/gross/amount", "/amount/net/amount", "/amount/vat/amount"],
    );
    assert!(fees.contains(&"web 160 160.00 133.33 26.67".to_owned()), "{fees:?}");
    // Own sales 5,895.00 with the fees of 160.00, the pass's share and the networks' own till.
    let money: BTreeMap<String, i64> = statement["money"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| (row["method"]["name"].as_str().unwrap().to_owned(), cents(&row["net"])))
        .collect();
    let of = |name: &str| money.get(name).copied().unwrap_or(0);
    assert_eq!((of("carte"), of("especes")), (496_000, 109_500), "{money:?}");
    let mut commissions = rows(
        &statement["commissions"],
        &["/channel/name", "/basis/amount", "/amount/net/amount", "/amount/vat/amount"],
    );
    commissions.sort();
    // No rule charges: the channels' own terms do, in the deal.
    assert_eq!(commissions, [] as [&str; 0]);
}

const DRAFT: &str = "settlementDraft { version statement
    steps { name amount { amount } lines { category channel { name } party { name } basis { amount } rate count
            amount { net { amount } vat { amount } gross { amount } } } }
    parties { party { name } net { amount } vat { amount } gross { amount } due { amount } } }";

/// Every step of the worked deal.
const STEPS: [&str; 16] = [
    "receipts 8561.85",
    "cnm 299.66",
    "sacem 753.44",
    "diffuser 8.29",
    "commissions 90.00",
    "own-web 3600.00",
    "card 19.80",
    "gateway 8.16",
    "net 7382.50",
    "costs 2562.40",
    "guarantee 3200.00",
    "break-even 5762.40",
    "excess 1620.10",
    "producer-share 1134.07",
    "producer 4334.07",
    "organiser 486.03",
];

/// The lines of the worked deal as they are sealed: step, without VAT, VAT.
const SEALED: [&str; 20] = [
    "receipts 8561.85 470.90",
    "cnm 299.66 0.00",
    "sacem 753.44 75.34",
    "diffuser 8.29 0.00",
    "commissions 40.80 8.16",
    "commissions 49.20 9.84",
    "own-web 3600.00 0.00",
    "card 19.80 0.00",
    "gateway 8.16 0.00",
    "net 7382.50 0.00",
    "costs/technical 1150.00 230.00",
    "costs/security 620.00 124.00",
    "costs/promotion 480.00 96.00",
    "costs/hospitality 312.40 31.24",
    "guarantee 3200.00 0.00",
    "break-even 5762.40 0.00",
    "excess 1620.10 0.00",
    "producer-share 1134.07 0.00",
    "producer 4334.07 238.37",
    "organiser 486.03 0.00",
];

const PARTIES: [&str; 3] =
    ["CNM 299.66 0.00 299.66", "Producteur (exemple) 4334.07 238.37 4572.44", "Sacem 761.73 75.34 837.07"];

#[tokio::test(flavor = "multi_thread")]
async fn draft_and_sealed_settlement_are_the_worked_deal() {
    let served = Served::open(&shipped()).await;
    let draft = served.show(DRAFT).await["settlementDraft"].clone();
    assert_eq!(rows(&draft["steps"], &["/name", "/amount/amount"]), STEPS);
    let step = |name: &str| {
        let steps = draft["steps"].as_array().unwrap();
        steps.iter().find(|step| step["name"] == name).unwrap()["lines"].clone()
    };
    let commission = ["/channel/name", "/basis/amount", "/rate", "/amount/net/amount", "/amount/vat/amount"];
    assert_eq!(
        rows(&step("commissions"), &commission),
        ["fnac 1632.00 2.5 40.80 8.16", "ticketmaster 984.00 5 49.20 9.84"]
    );
    assert_eq!(rows(&step("card"), &["/basis/amount", "/rate"]), ["3600.00 0.55"]);
    assert_eq!(rows(&step("gateway"), &["/count", "/amount/net/amount"]), ["96 8.16"]);
    assert_eq!(rows(&step("sacem"), &["/basis/amount", "/rate"]), ["8561.85 8.8"]);
    assert_eq!(rows(&step("diffuser"), &["/basis/amount", "/rate"]), ["753.44 1.1"]);
    let party = ["/party/name", "/net/amount", "/vat/amount", "/gross/amount"];
    let mut parties = rows(&draft["parties"], &party);
    parties.sort();
    assert_eq!(parties, PARTIES);

    // What is sealed is the statement that was looked at, line for line.
    let seal = json!({ "show": served.show, "version": 1, "statement": draft["statement"] });
    let selection = "show { settlements { version statement rederives
        lines { step amount { net { amount } vat { amount } } } files { kind } } }";
    let sealed = served.record("settlementSeal", "seal", seal, selection).await;
    let version = &sealed["show"]["settlements"][0];
    assert_eq!((&version["statement"], &version["rederives"]), (&draft["statement"], &json!(true)));
    assert_eq!(rows(&version["lines"], &["/step", "/amount/net/amount", "/amount/vat/amount"]), SEALED);
    assert_eq!(rows(&version["files"], &["/kind"]), ["JSON", "JSON", "PDF", "XLSX", "CSV"]);
}

const ENTRIES: &str = "query ($id: ID!, $show: ID!, $after: String) { organisation(id: $id) {
    accountingEntries(from: \"2026-01-01\", to: \"2026-04-02\", show: $show, first: 100, after: $after) {
        pageInfo { hasNextPage endCursor } nodes { kind lines { account debit { amount } credit { amount } } } } } }";

fn cents(money: &Value) -> i64 {
    money["amount"].as_str().unwrap().replace('.', "").parse().unwrap()
}

/// Debits less credits in cents by kind of entry and account; every entry balances.
fn balances(entries: &[Value]) -> BTreeMap<String, BTreeMap<String, i64>> {
    let mut kinds: BTreeMap<String, BTreeMap<String, i64>> = BTreeMap::new();
    for entry in entries {
        let kind = match entry["kind"].as_str().unwrap() {
            "REFUNDS" => "SALES",
            "FEE_REFUNDS" => "FEES",
            other => other,
        };
        let accounts = kinds.entry(kind.to_owned()).or_default();
        let mut sum = 0;
        for line in entry["lines"].as_array().unwrap() {
            let amount = cents(&line["debit"]) - cents(&line["credit"]);
            *accounts.entry(line["account"].as_str().unwrap().to_owned()).or_default() += amount;
            sum += amount;
        }
        assert_eq!(sum, 0, "{entry}");
    }
    kinds.values_mut().for_each(|accounts| accounts.retain(|_, amount| *amount != 0));
    kinds
}

fn pairs(pairs: &[(&str, i64)]) -> BTreeMap<String, i64> {
    pairs.iter().map(|(account, amount)| ((*account).to_owned(), *amount)).collect()
}

async fn entries(served: &Served) -> BTreeMap<String, BTreeMap<String, i64>> {
    let (mut entries, mut after) = (Vec::new(), Value::Null);
    loop {
        let variables = json!({ "id": served.organisation, "show": served.show, "after": after });
        let page = served.data(ENTRIES, variables).await["organisation"]["accountingEntries"].clone();
        entries.extend(page["nodes"].as_array().unwrap().iter().cloned());
        if page["pageInfo"]["hasNextPage"] == json!(false) {
            return balances(&entries);
        }
        after = page["pageInfo"]["endCursor"].clone();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_group_of_entries_balances_to_the_cent() {
    let served = Served::open(&shipped()).await;
    let seal = json!({ "show": served.show, "version": 1 });
    served.record("settlementSeal", "seal", seal, "").await;
    let query = "query ($id: ID!) { organisation(id: $id) { channels { id name } } }";
    let channels = served.data(query, json!({ "id": served.organisation })).await;
    let channels = channels["organisation"]["channels"].as_array().unwrap().clone();
    for (name, amount, day) in [("fnac", "1583.04", "2026-03-27"), ("ticketmaster", "924.96", "2026-03-30")] {
        let channel = channels.iter().find(|channel| channel["name"] == name).unwrap();
        let remittance = json!({ "channel": channel["id"], "show": served.show, "amount": amount,
            "receivedAt": format!("{day}T09:00:00+01:00"), "reference": format!("VIR {name} SEANCE 14/03") });
        served.record("remittanceRecord", name, remittance, "").await;
    }
    let kinds = entries(&served).await;
    let of = |kind: &str| kinds.get(kind).cloned().unwrap_or_default();
    assert_eq!(
        of("SALES"),
        pairs(&[
            ("5112", 480_000),
            ("530", 109_500),
            ("467FNAC", 163_200),
            ("467TICKETMASTER", 98_400),
            ("419PASS", 52_175),
            ("4191", -856_185),
            ("445712", -47_090),
        ])
    );
    assert_eq!(of("PERFORMANCE"), pairs(&[("4191", 856_185), ("7062", -856_185)]));
    assert_eq!(
        of("COMMISSIONS"),
        pairs(&[("6222", 9_000), ("44566", 1_800), ("467FNAC", -4_896), ("467TICKETMASTER", -5_904)])
    );
    assert_eq!(
        of("ROYALTIES"),
        pairs(&[("6516", 75_344), ("44566", 7_534), ("6378", 829), ("401SACEM", -83_707)])
    );
    assert_eq!(of("LEVY"), pairs(&[("6378", 29_966), ("447", -29_966)]));
    assert_eq!(
        of("SHARE"),
        pairs(&[("611", 433_407), ("44566", 23_837), ("401PRODUCTEUREXEMPLE", -457_244)])
    );
    assert_eq!(
        of("REMITTANCE"),
        pairs(&[("512", 250_800), ("467FNAC", -158_304), ("467TICKETMASTER", -92_496)])
    );
    assert_eq!(of("PAYMENT_COSTS"), pairs(&[("627", 2_796), ("512", -2_796)]));
    assert_eq!(of("FEES"), pairs(&[("5112", 16_000), ("7085", -13_333), ("445713", -2_667)]));
    // Suppliers' vouchers are booked as they come in, not from the settlement.
    assert_eq!(of("COSTS"), pairs(&[]));
    let mut all: BTreeMap<String, i64> = BTreeMap::new();
    for (account, amount) in kinds.into_values().flatten() {
        *all.entry(account).or_default() += amount;
    }
    for closed in ["467FNAC", "467TICKETMASTER", "4191"] {
        assert_eq!(all[closed], 0, "{closed} ends at nothing");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_show_at_the_lower_rate() {
    let dossier = edited(|text| text.replace(r#""rate": "5.5""#, r#""rate": "2.10""#));
    let served = Served::open(dossier.path()).await;
    let shown = served.show(&format!("{STATEMENT} {DRAFT}")).await;
    assert_eq!(
        rows(&shown["settlement"]["vat"], &["/vatRate", "/gross/amount", "/net/amount", "/vat/amount"]),
        ["2.1 9032.75 8846.96 185.79"]
    );
    let receipts = &shown["settlementDraft"]["steps"][0];
    assert_eq!(told(receipts, &["/name", "/amount/amount"]), "receipts 8846.96");
    let lines = rows(&receipts["lines"], &["/amount/net/amount", "/amount/vat/amount"]);
    assert_eq!(lines, ["8846.96 185.79"]);
    let sales = entries(&served).await["SALES"].clone();
    assert_eq!((sales["4191"], sales["445711"], sales.get("445712")), (-884_696, -18_579, None));
}

#[tokio::test(flavor = "multi_thread")]
async fn rounded_per_ticket_the_same_show_differs_by_twelve_cents() {
    let dossier = edited(|text| text.replace(r#""rounding": "document""#, r#""rounding": "per-ticket""#));
    let served = Served::open(dossier.path()).await;
    let statement = served.show(STATEMENT).await["settlement"].clone();
    let paid =
        told(&statement["paid"], &["/amount/gross/amount", "/amount/net/amount", "/amount/vat/amount"]);
    assert_eq!(paid, "9032.75 8561.97 470.78");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rate_from_another_date_changes_only_statements_after_it() {
    let served = Served::open(&shipped()).await;
    let seal = json!({ "show": served.show, "version": 1 });
    served.record("settlementSeal", "seal", seal, "").await;
    let statement = "settlementDraft { statement } settlements { version statement rederives }";
    let sealed = served.show(statement).await;
    let rate = |from: &str| {
        json!({ "key": "fr.cnm", "territory": "FR-metropole", "rate": "4", "source": "Décret d'essai",
            "validFrom": from })
    };
    // From the day after the show: neither the draft nor the seal moves.
    served.record("datedRateSet", "after", rate("2026-03-15T00:00:00+01:00"), "").await;
    assert_eq!(served.show(statement).await, sealed);
    // The same rate from before the show: the draft moves, what is sealed stays and is still what its position gives.
    served.record("datedRateSet", "before", rate("2026-03-01T00:00:00+01:00"), "").await;
    let moved = served.show(&format!("{statement} {DRAFT}")).await;
    assert_eq!(moved["settlements"], sealed["settlements"]);
    assert_ne!(moved["settlementDraft"]["statement"], sealed["settlementDraft"]["statement"]);
    // 4 % of 8,561.85.
    let cnm = &moved["settlementDraft"]["steps"][1];
    assert_eq!(told(cnm, &["/name", "/amount/amount"]), "cnm 342.47");
}

//! Returns of the worked settlement's show: SIBIL, CNM, SACEM and SACD, with what is declared and what is left to fill in.
#![expect(clippy::unwrap_used, reason = "tests")]

mod house;
mod workbook;

use std::time::Duration;

use house::{House, ORGANISATION, SHOW};
use serde_json::Value;
use soticket_exports::{
    Ask, Declared, Document, Language, Period, PeriodStatement, ShowStatement, StatementError,
};
use soticket_projections::AsOf;
use soticket_schema::command::{AgreeDeal, CancelShow, RecordCost, ScheduleShow, SetDatedRate};
use soticket_schema::event::v1::{
    CompReason, CostTerms, DealRate, DealRule, DealStep, DealTerms, Measure, SettledRole, StepRounding,
    Takings, Voucher, ZoneOnSale,
};
use soticket_schema::{Amount, CommandBody, HallId, Rate, Timestamp, ZoneId};

fn period(from: &str, to: &str) -> Period {
    Period::new(from.parse().unwrap(), to.parse().unwrap()).unwrap()
}

fn declared(json: &str) -> Ask {
    Ask { declared: Declared::read(json.as_bytes()).unwrap(), ..Ask::default() }
}

fn caught_up(house: &House) {
    let last = house.ledger.head(ORGANISATION).unwrap().length - 1;
    assert!(house.projections.wait_for_blocking(ORGANISATION, last, Duration::from_secs(20)));
}

fn of_period(house: &House, statement: PeriodStatement, period: Period, ask: &Ask) -> Document {
    caught_up(house);
    let document = statement.of(&house.projections, ORGANISATION, period, ask).unwrap();
    document.check().unwrap();
    workbook::recalculated(&document.xlsx(Language::French).unwrap());
    document
}

fn sibil(house: &House, ask: &Ask) -> Document {
    of_period(house, PeriodStatement::Sibil, period("2026-01-01", "2026-03-31"), ask)
}

fn of_show(house: &House, statement: ShowStatement, ask: &Ask) -> Document {
    caught_up(house);
    let document = statement.asked(&house.projections, ORGANISATION, SHOW, ask).unwrap();
    document.check().unwrap();
    workbook::recalculated(&document.xlsx(Language::French).unwrap());
    document
}

/// Rows of a table as the canonical JSON has them; none if it is not there.
fn rows(document: &Document, key: &str) -> Vec<Value> {
    let json: Value = serde_json::from_slice(&document.json()).unwrap();
    let mut sections = json["sections"].as_array().unwrap().iter();
    let table = sections.find_map(|section| section["tables"].get(key));
    table.map(|table| table["rows"].as_array().unwrap().clone()).unwrap_or_default()
}

/// A cell of a row, a number or a text.
fn cell(row: &Value, key: &str) -> String {
    match &row["cells"][key] {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn cells(row: &Value, keys: &[&str]) -> Vec<String> {
    keys.iter().map(|key| cell(row, key)).collect()
}

const CATEGORIES: [&str; 10] = [
    "total-tickets",
    "full-tickets",
    "full-receipts",
    "subscription-tickets",
    "subscription-receipts",
    "free-tickets",
    "total-receipts",
    "mean",
    "full-mean",
    "show-reference",
];

#[test]
fn sibil_has_the_worked_figures_and_its_three_checks() {
    let house = House::new("5.5");
    let document = sibil(&house, &Ask::default());
    assert_eq!(document.number, "SIBIL-2026-T1");
    let performances = rows(&document, "by-performance");
    let worked = ["422", "327", "7863.00", "61", "1169.75", "34", "9032.75", "23.28", "24.05", "S-2026-0314"];
    assert_eq!(cells(&performances[0], &CATEGORIES), worked);
    // One performance: the total is that of it.
    assert_eq!(cells(&performances[1], &CATEGORIES[..9]), worked[..9]);
    let text = document.text(Language::French).replace(['\u{202F}', '\u{A0}'], "");
    for check in ["422 ≤ 422: conforme", "9032,75€ ≤ 9032,75€: conforme", "23,28€ ≤ 24,05€: conforme"]
    {
        assert!(text.contains(check), "{check}: {text}");
    }
    assert!(text.contains("À remettre avant le: 10/04/2026"), "{text}");
    assert!(rows(&document, "unclassed").is_empty() && rows(&document, "not-declared").is_empty());
    assert_eq!(rows(&document, "checks")[0]["cells"]["check-mean"]["term"], "holds");
    let english = document.text(Language::English);
    assert!(
        english.contains("Consistency checks") && english.contains("€23.28 ≤ €24.05: holds"),
        "{english}"
    );
}

#[test]
fn a_declared_category_stands_above_the_kind_of_a_tariff() {
    let house = House::new("5.5");
    let ask = declared(r#"{"tariffs": [{"tariff": "Réduit", "category": "subscription"}]}"#);
    let document = sibil(&house, &ask);
    let performances = rows(&document, "by-performance");
    let moved = ["422", "285", "7023.00", "103", "2009.75", "34", "9032.75", "23.28", "24.64"];
    assert_eq!(cells(&performances[0], &CATEGORIES[..9]), moved);
    let classes = rows(&document, "classes");
    let reduced = classes.iter().find(|row| row["cells"]["tariff"] == "Réduit").unwrap();
    assert_eq!(
        cells(reduced, &["sibil-category", "classed-by"]),
        ["category-subscription", "by-declaration"]
    );
    let hash = ask.declared.hash.unwrap().to_string();
    assert!(document.text(Language::French).contains(&hash), "the file is told");

    // Paid tickets cannot be declared free: their receipts would be nowhere.
    let ask = declared(r#"{"tariffs": [{"show": "S-2026-0314", "tariff": "Réduit", "category": "free"}]}"#);
    let document = sibil(&house, &ask);
    let unclassed = rows(&document, "unclassed");
    assert_eq!(cells(&unclassed[0], &["tariff", "tickets", "gross"]), ["Réduit", "42", "840.00"]);
    let performance = &rows(&document, "by-performance")[0];
    assert_eq!(
        cells(performance, &["total-tickets", "unclassed-tickets", "total-receipts"]),
        ["422", "42", "9032.75"]
    );
}

#[test]
fn what_no_rule_classes_is_a_finding() {
    let mut house = House::new("5.5");
    house.sell("Exonéré", "guichet", 0, 3, 0, Some(CompReason::Prepaid));
    let document = sibil(&house, &Ask::default());
    let unclassed = rows(&document, "unclassed");
    assert_eq!(cells(&unclassed[0], &["reason", "tickets", "gross"]), ["prepaid", "3", "0.00"]);
    let performance = &rows(&document, "by-performance")[0];
    assert_eq!(
        cells(performance, &["total-tickets", "free-tickets", "unclassed-tickets"]),
        ["425", "34", "3"]
    );
    let ask = declared(r#"{"tariffs": [{"tariff": "Exonéré", "category": "subscription"}]}"#);
    let performance = &rows(&sibil(&house, &ask), "by-performance")[0];
    assert_eq!(cells(performance, &["subscription-tickets", "free-tickets"]), ["98", "0"]);
}

fn schedule(reference: &str, day: &str) -> ScheduleShow {
    let at = |hour: &str| Timestamp::parse(&format!("{day}T{hour}:00+01:00")).unwrap();
    ScheduleShow {
        reference: reference.into(),
        title: format!("Concert {reference}"),
        hall: HallId(1),
        zones: vec![ZoneOnSale { zone: ZoneId(1), on_sale: 450 }],
        starts_at: at("20:30"),
        doors_at: at("19:30"),
        sale_from: at("10:00"),
        sale_until: at("22:00"),
        territory: "FR-metropole".into(),
    }
}

#[test]
fn shows_without_tickets_or_called_off_are_told_and_not_declared() {
    let mut house = House::new("5.5");
    house.submit(CommandBody::ScheduleShow(schedule("S-EMPTY", "2026-03-31")));
    house.submit(CommandBody::ScheduleShow(schedule("S-OFF", "2026-01-01")));
    house.submit(CommandBody::ScheduleShow(schedule("S-NEXT", "2026-04-01")));
    let off = soticket_schema::ShowId(3);
    house.submit(CommandBody::CancelShow(CancelShow { show: off }));
    let document = sibil(&house, &Ask::default());
    assert_eq!(rows(&document, "by-performance").len(), 2, "the worked show and the total");
    let left_out: Vec<_> = rows(&document, "not-declared")
        .iter()
        .map(|row| cells(row, &["show-reference", "reason"]).join(" "))
        .collect();
    assert_eq!(left_out, ["S-OFF called-off", "S-EMPTY without-tickets"]);
    let spring =
        of_period(&house, PeriodStatement::Sibil, period("2026-04-01", "2026-06-30"), &Ask::default());
    let notes = spring.text(Language::English);
    assert!(notes.contains("inactivity has to be justified") && notes.contains("S-NEXT"), "{notes}");
    let odd = of_period(&house, PeriodStatement::Sibil, period("2026-03-01", "2026-03-31"), &Ask::default());
    assert!(odd.text(Language::French).contains("n’est pas un trimestre civil"));
}

#[test]
fn the_tax_is_worked_out_at_the_rate_of_the_day_and_compared_with_the_settlement() {
    let mut house = House::new("5.5");
    let keys = ["basis", "rate", "tax", "settled", "difference"];
    let cnm = of_show(&house, ShowStatement::Cnm, &Ask::default());
    assert_eq!(cells(&rows(&cnm, "levy")[0], &keys), ["8561.85", "3.5", "299.66", "null", "299.66"]);
    let text = cnm.text(Language::French).replace(['\u{202F}', '\u{A0}'], "");
    assert!(text.contains("À remettre au plus tard le: 30/04/2026"), "{text}");
    assert!(text.contains("Seuil de recouvrement annuel: 80,00€"), "{text}");

    house.submit(CommandBody::AgreeDeal(AgreeDeal { shows: vec![SHOW], terms: deal() }));
    let list = of_period(&house, PeriodStatement::Cnm, period("2026-03-01", "2026-03-31"), &Ask::default());
    assert_eq!(list.number, "CNM-2026-03");
    assert_eq!(cells(&rows(&list, "levy")[0], &keys), ["8561.85", "3.5", "299.66", "299.66", "0.00"]);
    assert_eq!(cell(&rows(&list, "levy")[0], "due"), "2026-04-30");

    // A rate of the organisation's own from the day before on, and none from the day after.
    let set = |rate: &str, from: &str| {
        CommandBody::SetDatedRate(SetDatedRate {
            key: "fr.cnm".into(),
            territory: String::new(),
            rate: Rate::parse_percent(rate).unwrap(),
            valid_from: Timestamp::parse(from).unwrap(),
            valid_until: None,
            source: "Décret (exemple)".into(),
        })
    };
    house.submit(set("9", "2026-03-15T00:00:00+01:00"));
    let before = of_show(&house, ShowStatement::Cnm, &Ask::default());
    assert_eq!(cell(&rows(&before, "levy")[0], "tax"), "299.66");
    house.submit(set("4", "2026-03-13T00:00:00+01:00"));
    let after = of_show(&house, ShowStatement::Cnm, &Ask::default());
    assert_eq!(cells(&rows(&after, "levy")[0], &keys), ["8561.85", "4", "342.47", "342.47", "0.00"]);
    assert!(!rows(&after, "levy")[0]["explanation"]["events"].as_array().unwrap().is_empty());

    // Performances for schools are exempt.
    let ask = declared(r#"{"shows": [{"show": "S-2026-0314", "levy": "school"}]}"#);
    let school = of_show(&house, ShowStatement::Cnm, &ask);
    assert_eq!(cells(&rows(&school, "levy")[0], &["levy-name", "tax"]), ["levy-school", "0.00"]);
    let ask = declared(r#"{"shows": [{"show": "S-2026-0314", "levy": "astp"}]}"#);
    let drama = of_show(&house, ShowStatement::Cnm, &ask);
    assert_eq!(
        cells(&rows(&drama, "levy")[0], &["levy-name", "rate", "tax"]),
        ["levy-astp", "3.5", "299.66"]
    );
}

/// A deal that takes the tax off the receipts, and shares nothing.
fn deal() -> DealTerms {
    let step = |name: &str, role, rule| DealStep {
        name: name.into(),
        label: name.into(),
        role,
        rule,
        rounding: StepRounding::Minor,
        vat: None,
        party: None,
        source: "Contrat".into(),
    };
    let takings = Takings {
        measure: Measure::WithoutVat,
        channels: Vec::new(),
        channel_kinds: Vec::new(),
        tariff_kinds: Vec::new(),
    };
    let share = DealRule::Share { of: "receipts".into(), rate: DealRate::Dated("fr.cnm".into()) };
    let rest = DealRule::Difference { of: "receipts".into(), less: vec!["cnm".into()] };
    DealTerms {
        name: "Contrat (exemple)".into(),
        template: String::new(),
        steps: vec![
            step("receipts", SettledRole::Receipts, DealRule::Receipts(takings)),
            step("cnm", SettledRole::Levy, share),
            step("organiser", SettledRole::Own, rest),
        ],
    }
}

#[test]
fn sacem_has_blanks_for_what_nobody_said_and_figures_for_what_was_declared() {
    let house = House::new("5.5");
    let keys = ["vat-rate", "net-of-vat", "vat", "gross"];
    let blank = of_show(&house, ShowStatement::Sacem, &Ask::default());
    let receipts = rows(&blank, "return-receipts");
    assert_eq!(cells(&receipts[0], &keys), ["5.5", "8561.85", "470.90", "9032.75"]);
    assert_eq!(cells(&receipts[1], &["origin", "gross"]), ["other-receipts", "null"], "a blank, not a zero");
    assert_eq!(cell(&receipts[2], "gross"), "9032.75");
    let json: Value = serde_json::from_slice(&blank.json()).unwrap();
    let facts = &json["sections"][0]["facts"];
    assert_eq!((&facts["sacem-client"], &facts["genre"]), (&"to-fill-in".into(), &"to-fill-in".into()));
    assert!(blank.text(Language::French).contains("À remettre avant le: 30/04/2026"));

    let ask = declared(
        r#"{"sacemClient": "1234567", "responsible": "Direction", "shows": [{"show": "S-2026-0314",
            "genre": "Chanson", "receipts": [{"label": "Bar", "net": "100.00", "vatRate": "20", "vat": "20.00"}],
            "expenses": [{"label": "Contrat d’engagement", "net": "1500.00"}]}]}"#,
    );
    let filled = of_show(&house, ShowStatement::Sacem, &ask);
    let receipts = rows(&filled, "return-receipts");
    assert_eq!(cells(&receipts[1], &["origin", "net-of-vat", "gross"]), ["Bar", "100.00", "120.00"]);
    assert_eq!(cells(&receipts[2], &["net-of-vat", "vat", "gross"]), ["8661.85", "490.90", "9152.75"]);
    assert_eq!(cell(&rows(&filled, "artistic-expenses")[0], "gross"), "1500.00");
    let text = filled.text(Language::French);
    assert!(
        text.contains("N° de client Sacem: 1234567") && text.contains("Genre du spectacle: Chanson"),
        "{text}"
    );

    let ask =
        declared(r#"{"shows": [{"show": "S-2026-0314", "receipts": [{"label": "Bar", "net": "lots"}]}]}"#);
    let refused = ShowStatement::Sacem.asked(&house.projections, ORGANISATION, SHOW, &ask).unwrap_err();
    assert!(matches!(refused, StatementError::Declared(_)));
    assert!(refused.to_string().starts_with("DECLARED_INVALID: Bar: net:"), "{refused}");
}

#[test]
fn sacd_takes_the_base_that_is_better_for_the_author_and_the_rate_of_the_bulletin() {
    let mut house = House::new("5.5");
    let blank = of_show(&house, ShowStatement::Sacd, &Ask::default());
    let base = rows(&blank, "sacd-base");
    let amounts: Vec<_> = base.iter().map(|row| cell(row, "amount")).collect();
    assert_eq!(amounts, ["8561.85", "0.00", "8561.85", "null"]);
    assert_eq!(cell(&base[3], "step"), "rate-to-fill-in");
    // Transports are among the sums paid for the performance; a technical cost is not.
    for (category, net) in [("travel", 900_000), ("technical", 115_000)] {
        let voucher = Voucher { reference: format!("F-{category}"), file: None };
        let terms = CostTerms {
            category: category.into(),
            net: Amount(net),
            vat_rate: Rate(100_000),
            vat: Amount(net / 10),
            supplier: None,
            borne_by: None,
            voucher,
        };
        house.submit(CommandBody::RecordCost(RecordCost { show: SHOW, terms }));
    }
    let paid = of_show(&house, ShowStatement::Sacd, &Ask::default());
    let keys = ["sacd-category", "net-of-vat", "vat", "gross"];
    let accounting = rows(&paid, "sacd-accounting");
    assert_eq!(accounting.len(), 2);
    assert_eq!(cells(&accounting[1], &keys), ["INTRODUCTION_FEES", "9000.00", "900.00", "9900.00"]);
    let amounts: Vec<_> = rows(&paid, "sacd-base").iter().map(|row| cell(row, "amount")).collect();
    assert_eq!(amounts, ["8561.85", "9000.00", "9000.00", "null"]);
    house.submit(CommandBody::SetDatedRate(SetDatedRate {
        key: "fr.sacd".into(),
        territory: String::new(),
        rate: Rate::parse_percent("10.5").unwrap(),
        valid_from: Timestamp::parse("2026-01-01T00:00:00+01:00").unwrap(),
        valid_until: None,
        source: "Bulletin (exemple)".into(),
    }));
    let rated = of_show(&house, ShowStatement::Sacd, &Ask::default());
    assert_eq!(cells(&rows(&rated, "sacd-base")[3], &["rate", "amount"]), ["10.5", "945.00"]);
    assert_eq!(
        cells(&rows(&rated, "sacd-accounting")[0], &["sacd-category", "net-of-vat"]),
        ["GLOBAL", "8561.85"]
    );
}

#[test]
fn a_return_of_a_position_is_the_same_for_ever() {
    let mut house = House::new("5.5");
    let before = sibil(&house, &Ask::default());
    house.sell("Sur place", "guichet", 2_700, 1, 0, None);
    let now = sibil(&house, &Ask::default());
    assert_ne!(now.hash(), before.hash());
    let ask = Ask { at: Some(AsOf::Position(before.log.last)), ..Ask::default() };
    assert_eq!(sibil(&house, &ask), before);
    assert_eq!(before.pdf(Language::French).unwrap(), sibil(&house, &ask).pdf(Language::French).unwrap());
}

//! Seasons worked out by hand.

use proptest::prelude::*;
use soticket_schema::{Amount, Currency, Rate, RejectionCode};

use super::*;

fn euros(text: &str) -> Amount {
    Amount::parse(text, Currency::EUR).unwrap()
}

fn shipped() -> Tariffs {
    Tariffs::shipped(Currency::EUR).unwrap()
}

/// 40 shows, 8,000 tickets at 15.00, 60 % of them on line with 200 payments a month for 10 months.
fn season() -> Season {
    Season {
        currency: Currency::EUR,
        shows: 40,
        tickets: 8_000,
        price: euros("15.00"),
        online: Rate(600_000),
        months: 10,
        transactions: 200,
        budget: euros("300000.00"),
    }
}

fn told(cost: &Cost) -> Vec<String> {
    let line =
        |line: &CostLine| format!("{}: {} = {}", line.name, line.rule, line.amount.display(Currency::EUR));
    cost.lines.iter().map(line).collect()
}

#[test]
fn a_season_worked_out_by_hand() {
    let simulation = simulate(&season(), &shipped()).unwrap();
    assert_eq!(simulation.receipts, euros("120000.00"));
    assert_eq!((simulation.online_tickets, simulation.online_receipts), (4_800, euros("72000.00")));
    assert_eq!(
        told(&simulation.cooperative),
        [
            "Paybox: 1 × 290.00 = 290.00",
            "Paybox: 1 × 300.00 = 300.00",
            "Paybox: 10 × (200 - 100) × 0.085 = 85.00",
            "Carte bancaire: 0.55 % × 72000.00 = 396.00",
            "SoCoop: 1 × 250.00 = 250.00",
            "SoCoop: 5000 × 0.15 = 750.00",
            "SoCoop: 3000 × 0.12 = 360.00",
        ]
    );
    assert_eq!(simulation.cooperative.total, euros("2431.00"));
    assert_eq!(
        told(&simulation.distributor),
        [
            "Distributeur: 4800 × (10 % × 15.00 + 0.00 = 1.50) = 7200.00",
            "Revendeur: 4800 × (3 % × 15.00 + 0.00 = 0.45) = 2160.00",
            "Plateforme: 4800 × (2 % × 15.00 + 0.00 = 0.30) = 1440.00",
        ]
    );
    // 15 % of 72,000.00.
    assert_eq!(simulation.distributor.total, euros("10800.00"));
    assert_eq!(simulation.difference, euros("8369.00"));
    assert_eq!(simulation.cooperative.per_ticket, euros("0.30"));
    assert_eq!(simulation.cooperative.per_show, euros("60.78"));
    assert_eq!(simulation.cooperative.of_receipts, Rate(20_258));
}

#[test]
fn a_hundred_payments_a_month_cost_nothing_beyond_the_seeds_fees() {
    let tariffs = Tariffs { providers: vec![shipped().providers[0].clone()], ..shipped() };
    let of = |transactions, months| {
        let simulation = simulate(&Season { transactions, months, ..season() }, &tariffs).unwrap();
        let lines = simulation.cooperative.lines.iter().filter(|line| line.name == "Paybox");
        lines.map(|line| line.amount).sum::<Amount>()
    };
    assert_eq!(of(100, 12), euros("590.00"));
    assert_eq!(of(99, 12), euros("590.00"));
    // 0.085 a month is 0.09, half away from zero: twelve of them.
    assert_eq!(of(101, 12), euros("591.08"));
    // A second year has begun: 290 + 2 x 300 + 13 x 8.16.
    assert_eq!(of(196, 13), euros("996.08"));
}

#[test]
fn members_pay_by_their_means_and_by_tranche() {
    let of = |budget: &str, tickets| {
        let season = Season { budget: euros(budget), tickets, ..season() };
        let simulation = simulate(&season, &shipped()).unwrap();
        let lines = simulation.cooperative.lines.iter().filter(|line| line.name == "SoCoop");
        lines.map(|line| line.amount).sum::<Amount>()
    };
    assert_eq!(of("0.00", 1_000), euros("200.00"));
    assert_eq!(of("149999.99", 5_000), euros("600.00"));
    assert_eq!(of("150000.00", 5_000), euros("1000.00"));
    // 600 + 5,000 x 0.20 + 15,000 x 0.16 + 5,000 x 0.12.
    assert_eq!(of("500000.00", 25_000), euros("4600.00"));
}

#[test]
fn what_is_shipped_is_dated_sourced_and_says_what_is_an_example() {
    let tariffs = shipped();
    assert!(!tariffs.providers[0].example && tariffs.providers[0].terms.source.contains("2016"));
    assert!(tariffs.cooperative.example && tariffs.cooperative.source.contains("general assembly"));
    assert!(tariffs.distributor.example);
    let total: i64 = tariffs.distributor.levels.iter().map(|level| level.rate.0).sum();
    assert_eq!(Rate(total), soticket_ledger::fees::DEFAULT_CAP);
}

#[test]
fn bad_figures_and_bad_files_are_named() {
    use RejectionCode::{AmountNegative, QuantityTooLarge, QuantityZero, RateOutOfRange};
    let cases = [
        (Season { shows: 0, ..season() }, QuantityZero, "shows"),
        (Season { tickets: 0, ..season() }, QuantityZero, "tickets"),
        (Season { tickets: u64::MAX, ..season() }, QuantityTooLarge, "tickets"),
        (Season { price: Amount(-1), ..season() }, AmountNegative, "price"),
        (Season { online: Rate(1_000_001), ..season() }, RateOutOfRange, "online"),
        (Season { months: 37, ..season() }, QuantityTooLarge, "months"),
        (Season { transactions: u64::MAX, ..season() }, QuantityTooLarge, "transactions"),
        (Season { budget: Amount(-1), ..season() }, AmountNegative, "budget"),
    ];
    for (season, code, field) in cases {
        let rejection = simulate(&season, &shipped()).unwrap_err();
        assert_eq!((rejection.code, rejection.field.as_str()), (code, field));
    }
    let paybox = include_str!("../../../data/fees/paybox-2016.json");
    let parse = |text: &str| Provider::parse(text, Currency::EUR);
    assert!(parse(paybox).is_ok());
    assert_eq!(
        parse(&paybox.replace("0.085", "0,085")).unwrap_err(),
        DataError::Value { field: "perTransaction", what: "price of zero or more" }
    );
    assert!(matches!(parse(&paybox.replace("EUR\"", "CHF\"")), Err(DataError::Currency { .. })));
    assert!(matches!(parse("{}"), Err(DataError::Syntax(_))));
    assert!(matches!(parse(&paybox.replace("\"rate\"", "\"rates\"")), Err(DataError::Syntax(_))));
    let cooperative = include_str!("../../../data/fees/cooperative-2026.json");
    let parse = |text: &str| Cooperative::parse(text, Currency::EUR);
    assert_eq!(parse(&cooperative.replace("\"150000\"", "\"0\"")), Err(DataError::Order("budgetFrom")));
    assert_eq!(parse(&cooperative.replace("\"from\": 5000,", "\"from\": 0,")), Err(DataError::Order("from")));
}

proptest! {
    #[test]
    fn lines_always_sum_and_tranches_take_each_ticket_once(
        tickets in 1_u64..100_000, price in 0_i64..100_000, online in 0_i64..=1_000_000,
        months in 1_u32..=36, transactions in 0_u64..5_000, budget in 0_i64..100_000_000,
    ) {
        let season = Season {
            tickets, price: Amount(price), online: Rate(online), months, transactions, budget: Amount(budget),
            ..season()
        };
        let simulation = simulate(&season, &shipped()).unwrap();
        for cost in [&simulation.cooperative, &simulation.distributor] {
            prop_assert_eq!(cost.lines.iter().map(|line| line.amount).sum::<Amount>(), cost.total);
            prop_assert!(cost.lines.iter().all(|line| line.amount >= Amount::ZERO && !line.rule.is_empty()));
        }
        let counts = simulation.cooperative.lines.iter().filter(|line| line.kind == CostKind::Tickets);
        let counted: u64 = counts.map(|line| line.rule.split(' ').next().unwrap().parse::<u64>().unwrap()).sum();
        prop_assert_eq!(counted, tickets);
        prop_assert!(simulation.distributor.total <= simulation.online_receipts);
        prop_assert_eq!(simulation.difference, simulation.distributor.total - simulation.cooperative.total);
    }
}

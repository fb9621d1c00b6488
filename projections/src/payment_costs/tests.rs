//! Plans against payments, worked out by hand.

use jiff::civil::date;
use soticket_schema::event::v1::*;
use soticket_schema::*;

use super::PaymentCosts;
use crate::testing::{LogBuilder, at, cents, parameters, percent};

fn paybox(methods: &[u32]) -> ProviderPlanTerms {
    ProviderPlanTerms {
        name: "Paybox".into(),
        source: "2016".into(),
        methods: methods.iter().copied().map(MethodId).collect(),
        access_fee: cents("290.00"),
        yearly_fee: cents("300.00"),
        included: 100,
        per_transaction: UnitPrice(85_000),
        rate: Rate::ZERO,
        per_payment: UnitPrice::ZERO,
        vat: percent("20"),
    }
}

fn plan(log: &mut LogBuilder, plan: u32, terms: ProviderPlanTerms, from: &str) {
    let defined =
        ProviderPlanDefined { plan: ProviderPlanId(plan), terms, valid_from: at(from), valid_until: None };
    log.push(at(from), defined);
}

fn opened() -> LogBuilder {
    let mut log = LogBuilder::default();
    let parameters = parameters(Rounding::Document);
    let begun = at("2026-01-01T00:00:00+01:00");
    log.push(begun, OrganisationOpened { mode: Mode::Demo, currency: Currency::EUR, parameters });
    log
}

fn pay(log: &mut LogBuilder, when: &str, method: u32, amount: &str, shows: &[u64]) {
    let number = log.entries.len() as u64;
    log.push(
        at(when),
        PaymentRecorded {
            payment: PaymentId(number),
            order: OrderId(number),
            subject: None,
            shows: shows.iter().copied().map(ShowId).collect(),
            legs: vec![Leg { method: MethodId(method), amount: cents(amount) }],
        },
    );
}

/// Month, plan, method, payments, the four parts and the shares of every row.
fn rows(log: &LogBuilder, from: (i16, i8), to: (i16, i8)) -> Vec<String> {
    let costs: PaymentCosts = log.fold();
    let euros = |amount: Amount| amount.display(Currency::EUR);
    let row = |row: super::PaymentCost| {
        let shares = row.shows.iter().map(|share| {
            let show = share.show.map_or("-".to_owned(), |show| show.to_string());
            format!(" {show}:{}", euros(share.cost))
        });
        format!(
            "{} {} {} {}: {} + {} + {} + {} |{}",
            row.month.strftime("%Y-%m"),
            row.plan,
            row.method.map_or("-".to_owned(), |method| method.to_string()),
            row.payments,
            euros(row.cost.access),
            euros(row.cost.yearly),
            euros(row.cost.transactions),
            euros(row.cost.rate),
            shares.collect::<String>()
        )
    };
    costs.costs(date(from.0, from.1, 1), date(to.0, to.1, 1)).into_iter().map(row).collect()
}

#[test]
fn the_seeds_plan_month_by_month() {
    let mut log = opened();
    plan(&mut log, 1, paybox(&[1]), "2026-02-10T00:00:00+01:00");
    // 2 of February are before the plan; 101 are after it, and cash is not charged.
    pay(&mut log, "2026-02-09T23:59:00+01:00", 1, "10.00", &[1]);
    pay(&mut log, "2026-02-08T12:00:00+01:00", 1, "10.00", &[1]);
    for _ in 0..101 {
        pay(&mut log, "2026-02-10T00:00:00+01:00", 1, "10.00", &[1]);
    }
    pay(&mut log, "2026-02-11T12:00:00+01:00", 2, "10.00", &[1]);
    assert_eq!(
        rows(&log, (2026, 1), (2026, 4)),
        [
            "2026-02 1 1 101: 290.00 + 25.00 + 0.09 + 0.00 | 1:315.09",
            "2026-03 1 - 0: 0.00 + 25.00 + 0.00 + 0.00 | -:25.00",
            "2026-04 1 - 0: 0.00 + 25.00 + 0.00 + 0.00 | -:25.00",
        ]
    );
    let year: Vec<String> = rows(&log, (2026, 2), (2027, 2));
    assert_eq!(year.len(), 13);
    assert!(year[12].starts_with("2027-02 1 - 0: 0.00 + 25.00"), "the access fee is due once");
}

#[test]
fn months_end_in_the_organisations_time_zone() {
    let mut log = opened();
    let card = ProviderPlanTerms {
        access_fee: Amount::ZERO,
        yearly_fee: Amount::ZERO,
        rate: percent("0.55"),
        included: 0,
        per_transaction: UnitPrice::ZERO,
        ..paybox(&[1])
    };
    plan(&mut log, 1, card, "2026-01-01T00:00:00+01:00");
    pay(&mut log, "2026-02-28T22:59:59Z", 1, "1000.00", &[1]);
    pay(&mut log, "2026-02-28T23:00:00Z", 1, "2000.00", &[1]);
    assert_eq!(
        rows(&log, (2026, 1), (2026, 3)),
        [
            "2026-02 1 1 1: 0.00 + 0.00 + 0.00 + 5.50 | 1:5.50",
            "2026-03 1 1 1: 0.00 + 0.00 + 0.00 + 11.00 | 1:11.00",
        ]
    );
}

#[test]
fn a_cost_is_shared_by_payments_to_the_cent() {
    let mut log = opened();
    let terms = ProviderPlanTerms { access_fee: Amount::ZERO, ..paybox(&[1, 3]) };
    plan(&mut log, 1, terms, "2026-01-01T00:00:00+01:00");
    let when = "2026-05-02T12:00:00+02:00";
    // 25.00 over four payments by card, one of them of two shows, and two by another way.
    pay(&mut log, when, 1, "10.00", &[1]);
    pay(&mut log, when, 1, "10.00", &[2]);
    pay(&mut log, when, 1, "10.00", &[1, 2]);
    pay(&mut log, when, 1, "10.00", &[]);
    pay(&mut log, when, 3, "10.00", &[2]);
    pay(&mut log, when, 3, "10.00", &[3]);
    assert_eq!(
        rows(&log, (2026, 5), (2026, 5)),
        [
            // 16.67: three eighths for each show, a quarter for orders without one.
            "2026-05 1 1 4: 0.00 + 16.67 + 0.00 + 0.00 | 1:6.25 2:6.25 -:4.17",
            "2026-05 1 3 2: 0.00 + 8.33 + 0.00 + 0.00 | 2:4.17 3:4.16",
        ]
    );
}

#[test]
fn a_plan_that_has_ended_is_charged_no_more() {
    let mut log = opened();
    plan(&mut log, 1, paybox(&[1]), "2026-01-01T00:00:00+01:00");
    pay(&mut log, "2026-03-01T12:00:00+01:00", 1, "10.00", &[1]);
    pay(&mut log, "2026-03-20T12:00:00+01:00", 1, "10.00", &[1]);
    let end = at("2026-03-15T00:00:00+01:00");
    log.push(end, ProviderPlanEnded { plan: ProviderPlanId(1), valid_until: end });
    assert_eq!(rows(&log, (2026, 3), (2026, 5)), ["2026-03 1 1 1: 0.00 + 25.00 + 0.00 + 0.00 | 1:25.00"]);
}

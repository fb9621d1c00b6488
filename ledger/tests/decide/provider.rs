//! Payment providers' plans.

use soticket_schema::RejectionCode::*;
use soticket_schema::command::*;
use soticket_schema::event::v1::{self, *};
use soticket_schema::*;

use crate::harness::{NOW, Refused, after, refused};
use crate::venue::*;

/// The plan of 2016: 290 once, 300 a year, 0.085 beyond 100 payments a month.
fn terms() -> ProviderPlanTerms {
    ProviderPlanTerms {
        name: "Paybox".into(),
        source: "Offer of 2016".into(),
        methods: vec![CARD],
        access_fee: Amount(29_000),
        yearly_fee: Amount(30_000),
        included: 100,
        per_transaction: UnitPrice(85_000),
        rate: Rate::ZERO,
        per_payment: UnitPrice::ZERO,
        vat: Rate(200_000),
    }
}

fn define(terms: ProviderPlanTerms) -> DefineProviderPlan {
    DefineProviderPlan { terms, valid_from: None, valid_until: None }
}

#[test]
fn plans_are_dated() {
    let plan = ProviderPlanId(1);
    let defined = ProviderPlanDefined { plan, terms: terms(), valid_from: NOW, valid_until: None };
    house().when(define(terms())).then([defined.into()]);
    let world = house().after(define(terms()));
    let end = EndProviderPlan { plan, valid_until: Some(after(60)) };
    world.when(end).then([v1::ProviderPlanEnded { plan, valid_until: after(60) }.into()]);
}

pub(crate) fn rejections() -> Vec<Refused> {
    let world = house();
    let with = |change: fn(&mut ProviderPlanTerms)| {
        let mut terms = terms();
        change(&mut terms);
        define(terms)
    };
    let end = EndProviderPlan { plan: ProviderPlanId(1), valid_until: None };
    let ended = house().after(define(terms())).after(end.clone());
    vec![
        refused(&world, with(|terms| terms.name.clear()), TextEmpty, "terms.name"),
        refused(&world, with(|terms| terms.source.clear()), TextEmpty, "terms.source"),
        refused(&world, with(|terms| terms.methods.clear()), ListEmpty, "terms.methods"),
        refused(&world, with(|terms| terms.methods.push(CARD)), Duplicate, "terms.methods.1"),
        refused(&world, with(|terms| terms.access_fee = Amount(-1)), AmountNegative, "terms.access_fee"),
        refused(&world, with(|terms| terms.included = u32::MAX), QuantityTooLarge, "terms.included"),
        refused(
            &world,
            with(|terms| terms.per_transaction = UnitPrice(-1)),
            AmountNegative,
            "terms.per_transaction",
        ),
        refused(
            &world,
            with(|terms| terms.per_payment = UnitPrice(i64::MAX)),
            AmountTooLarge,
            "terms.per_payment",
        ),
        refused(&world, with(|terms| terms.rate = Rate(-1)), RateOutOfRange, "terms.rate"),
        refused(
            &world,
            DefineProviderPlan { valid_until: Some(NOW), ..define(terms()) },
            TimeOrder,
            "valid_until",
        ),
        refused(&world, with(|terms| terms.methods = vec![MethodId(9)]), MethodUnknown, "terms.methods.0"),
        refused(&world, end.clone(), ProviderPlanUnknown, "plan"),
        refused(&ended, end, ProviderPlanEnded, "plan"),
    ]
}

//! Cascades worked out by hand, and what holds of every one.

use proptest::prelude::*;
use soticket_schema::event::v1::{
    Beneficiary, CommissionBasis, CommissionChanged, CommissionDefined, CommissionEnded, CommissionMode,
    CommissionTerms, CommissionTier, OnFree, OnRefund, Payer, ProviderPlanTerms, TariffKind,
};
use soticket_schema::{
    Amount, ChannelId, CommissionId, Currency, MethodId, PartyId, Rate, TariffId, Timestamp, UnitPrice,
};

use super::{Applicable, Cascade, PlanCost, Priced, Rules, Selling, plan_cost};

fn inside(level: u8, basis: CommissionBasis, rate: i64) -> CommissionTerms {
    CommissionTerms {
        name: "Commission".into(),
        beneficiary: Beneficiary::Channel,
        payer: Payer::Organiser,
        mode: CommissionMode::Inside,
        basis,
        rate: Rate(rate),
        fixed: Amount::ZERO,
        minimum: None,
        maximum: None,
        tiers: Vec::new(),
        level,
        vat: Rate(200_000),
        channels: Vec::new(),
        sellers: Vec::new(),
        tariffs: Vec::new(),
        kinds: Vec::new(),
        on_refund: OnRefund::Reversed,
        on_free: OnFree::Exempt,
    }
}

fn on_top(level: u8, basis: CommissionBasis, rate: i64, fixed: i64) -> CommissionTerms {
    let terms = inside(level, basis, rate);
    CommissionTerms { payer: Payer::Buyer, mode: CommissionMode::OnTop, fixed: Amount(fixed), ..terms }
}

fn ticket(face: i64) -> Priced {
    Priced {
        tariff: TariffId(1),
        kind: TariffKind::Full,
        face: Amount(face),
        vat: Rate(55_000),
        channel_fee: Amount::ZERO,
    }
}

fn cascade(terms: &[CommissionTerms], ticket: &Priced) -> Cascade {
    let applicable: Vec<Applicable<'_>> = terms
        .iter()
        .zip(1..)
        .map(|(terms, number)| Applicable { commission: CommissionId(number), version: 1, terms })
        .collect();
    Cascade::of(&applicable, ticket)
}

fn amounts(cascade: &Cascade) -> Vec<(i64, i64)> {
    cascade.charges.iter().map(|charge| (charge.basis.0, charge.amount.0)).collect()
}

#[test]
fn each_basis_is_what_it_says() {
    use CommissionBasis::{Face, FaceWithoutVat, Paid, PerTicket, Residual};
    let terms = [
        inside(1, Face, 100_000),
        inside(1, FaceWithoutVat, 20_000),
        on_top(1, PerTicket, 0, 180),
        inside(2, Residual, 50_000),
        on_top(2, Paid, 10_000, 0),
    ];
    // 24.00: 10 % is 2.40; 22.75 without VAT, 2 % of it 0.455; left 21.14 (half away: 0.46), 5 % of it 1.057; paid
    // before level 2 25.80, 1 % of it 0.258.
    let cascade = cascade(&terms, &ticket(2_400));
    assert_eq!(amounts(&cascade), [(2_400, 240), (2_275, 46), (2_400, 180), (2_114, 106), (2_580, 26)]);
    assert_eq!((cascade.residual, cascade.on_top, cascade.total), (Amount(2_008), Amount(206), Amount(598)));
}

#[test]
fn those_of_one_level_see_the_same() {
    let terms =
        [inside(1, CommissionBasis::Residual, 100_000), inside(1, CommissionBasis::Residual, 100_000)];
    assert_eq!(amounts(&cascade(&terms, &ticket(2_000))), [(2_000, 200), (2_000, 200)]);
    let terms =
        [inside(1, CommissionBasis::Residual, 100_000), inside(2, CommissionBasis::Residual, 100_000)];
    assert_eq!(amounts(&cascade(&terms, &ticket(2_000))), [(2_000, 200), (1_800, 180)]);
}

#[test]
fn tiers_minimum_and_maximum_bound_a_charge() {
    let tier =
        |from, rate, fixed| CommissionTier { from: Amount(from), rate: Rate(rate), fixed: Amount(fixed) };
    let terms = CommissionTerms {
        fixed: Amount(10),
        minimum: Some(Amount(50)),
        maximum: Some(Amount(300)),
        tiers: vec![tier(2_000, 80_000, 0), tier(5_000, 60_000, 20)],
        ..inside(1, CommissionBasis::Face, 100_000)
    };
    let cases =
        [(300, 50), (1_000, 110), (1_999, 210), (2_000, 160), (5_000, 300), (4_999, 300), (3_000, 240)];
    for (face, amount) in cases {
        let charged = cascade(std::slice::from_ref(&terms), &ticket(face));
        assert_eq!(amounts(&charged), [(face, amount)], "{face}");
    }
}

#[test]
fn a_ticket_is_charged_where_tariff_kind_and_price_fit() {
    let of_tariff =
        CommissionTerms { tariffs: vec![TariffId(1)], ..inside(1, CommissionBasis::Face, 100_000) };
    let of_kind = CommissionTerms { kinds: vec![TariffKind::Reduced], ..of_tariff.clone() };
    let comps = CommissionTerms {
        mode: CommissionMode::OnTop,
        fixed: Amount(30),
        on_free: OnFree::Charged,
        ..inside(1, CommissionBasis::PerTicket, 0)
    };
    let terms = [of_tariff, of_kind, comps];
    assert_eq!(amounts(&cascade(&terms, &ticket(1_000))), [(1_000, 100), (1_000, 30)]);
    let other = Priced { tariff: TariffId(2), kind: TariffKind::Reduced, ..ticket(1_000) };
    assert_eq!(amounts(&cascade(&terms, &other)), [(1_000, 30)]);
    assert_eq!(amounts(&cascade(&terms, &ticket(0))), [(0, 30)]);
}

#[test]
fn the_cap_is_of_the_face_price_and_includes_what_the_channel_takes() {
    let charged = cascade(&[inside(1, CommissionBasis::Face, 100_000)], &ticket(2_000));
    let cap = Rate(150_000);
    assert!(!charged.over(cap, Amount(2_000), Amount(100)), "15 % exactly is within");
    assert!(charged.over(cap, Amount(2_000), Amount(101)));
    assert!(!charged.over(cap, Amount::ZERO, Amount(101)), "there is no share of nothing");
}

#[test]
fn the_version_of_the_time_of_the_sale_is_charged() {
    let mut rules = Rules::default();
    let (commission, at) = (CommissionId(1), Timestamp);
    let defined = |rate, from, until| CommissionDefined {
        commission,
        terms: inside(1, CommissionBasis::Face, rate),
        valid_from: at(from),
        valid_until: until,
    };
    rules.define(&CommissionDefined { commission: CommissionId(2), ..defined(1, 0, None) });
    assert!(rules.is_empty(), "numbers have no gaps");
    rules.define(&defined(100_000, 10, None));
    let changed = |version, rate, from, until| CommissionChanged {
        commission,
        version,
        terms: inside(1, CommissionBasis::Face, rate),
        valid_from: at(from),
        valid_until: until,
    };
    rules.change(&changed(2, 80_000, 20, Some(at(30))));
    let version = |rules: &Rules, instant| {
        let selling = Selling { at: at(instant), channel: ChannelId(1), seller: "" };
        rules.applicable(selling).first().map(|one| one.version)
    };
    let cases = [(9, None), (10, Some(1)), (19, Some(1)), (20, Some(2)), (29, Some(2)), (30, None)];
    for (instant, expected) in cases {
        assert_eq!(version(&rules, instant), expected, "{instant}");
    }
    rules.end(&CommissionEnded { commission, valid_until: at(15) });
    assert_eq!((version(&rules, 14), version(&rules, 15), version(&rules, 25)), (Some(1), None, None));
}

#[test]
fn channels_and_points_of_sale_narrow_a_commission_down_and_levels_order_them() {
    let mut rules = Rules::default();
    let mut add = |terms| {
        let (commission, valid_from) = (rules.next(), Timestamp(0));
        rules.define(&CommissionDefined { commission, terms, valid_from, valid_until: None });
    };
    add(CommissionTerms { channels: vec![ChannelId(1)], ..inside(2, CommissionBasis::Face, 1) });
    add(CommissionTerms { sellers: vec!["Office".into()], ..inside(1, CommissionBasis::Face, 1) });
    let of = |channel, seller| {
        let applicable = rules.applicable(Selling { at: Timestamp(1), channel: ChannelId(channel), seller });
        applicable.iter().map(|one| one.commission.0).collect::<Vec<_>>()
    };
    assert_eq!(of(1, "Office"), [2, 1]);
    assert_eq!(of(1, ""), [1]);
    assert_eq!(of(2, "Office"), [2]);
    assert!(of(2, "office").is_empty(), "labels are compared as they are");
}

#[test]
fn the_plan_of_the_seed_costs_what_it_says() {
    let terms = ProviderPlanTerms {
        name: "Paybox".into(),
        source: "2016".into(),
        methods: vec![MethodId(1)],
        access_fee: Amount(29_000),
        yearly_fee: Amount(30_000),
        included: 100,
        per_transaction: UnitPrice(85_000),
        rate: Rate::ZERO,
        per_payment: UnitPrice::ZERO,
        vat: Rate(200_000),
    };
    let cost = |month, payments| plan_cost(&terms, Currency::EUR, month, payments, Amount(1_000_000));
    let of = |access, yearly, transactions| PlanCost {
        access: Amount(access),
        yearly: Amount(yearly),
        transactions: Amount(transactions),
        rate: Amount::ZERO,
    };
    assert_eq!(cost(0, 100), of(29_000, 2_500, 0));
    // 96 beyond: 8.16. One beyond: 0.085 is 0.09, half away from zero.
    assert_eq!(cost(1, 196), of(0, 2_500, 816));
    assert_eq!(cost(12, 101), of(0, 2_500, 9));
    let year: Amount = (0..12).map(|month| cost(month, 0).total()).sum();
    assert_eq!(year, Amount(59_000), "access and a year");
    let card = ProviderPlanTerms { rate: Rate(5_500), per_payment: UnitPrice(250_000), ..terms };
    // 0.55 % of 3,600.00 is 19.80; 96 payments of 0.25 are 24.00.
    let cost = plan_cost(&card, Currency::EUR, 1, 96, Amount(360_000));
    assert_eq!((cost.rate, cost.total()), (Amount(1_980 + 2_400), Amount(6_880)));
}

fn any_terms() -> impl Strategy<Value = CommissionTerms> {
    let basis = prop_oneof![
        Just(CommissionBasis::Face),
        Just(CommissionBasis::FaceWithoutVat),
        Just(CommissionBasis::Paid),
        Just(CommissionBasis::PerTicket),
        Just(CommissionBasis::Residual),
    ];
    let limits = (prop::option::of(0_i64..500), prop::option::of(500_i64..5_000));
    (basis, 0_u8..3, 0_u8..4, 0_i64..600_000, 0_i64..400, limits, any::<bool>()).prop_map(
        |(basis, who, level, rate, fixed, (minimum, maximum), free)| {
            let on_buyer = who == 0;
            CommissionTerms {
                beneficiary: Beneficiary::Party(PartyId(1)),
                payer: if on_buyer { Payer::Buyer } else { Payer::Organiser },
                mode: if who == 1 { CommissionMode::Inside } else { CommissionMode::OnTop },
                fixed: Amount(fixed),
                minimum: minimum.map(Amount),
                maximum: maximum.map(Amount),
                on_free: if free && who != 1 { OnFree::Charged } else { OnFree::Exempt },
                ..inside(level, basis, rate)
            }
        },
    )
}

proptest! {
    #[test]
    fn face_is_inside_and_residual_and_nothing_is_lost(
        mut terms in prop::collection::vec(any_terms(), 0..8),
        face in prop_oneof![Just(0_i64), 1_i64..20_000, Just(1_000_000_000)],
        channel_fee in 0_i64..500,
    ) {
        terms.sort_by_key(|terms| terms.level);
        let ticket = Priced { channel_fee: Amount(channel_fee), ..ticket(face) };
        let charged = cascade(&terms, &ticket);
        let sum = |wanted: &dyn Fn(&CommissionTerms) -> bool| -> Amount {
            charged.charges.iter().filter(|one| wanted(&terms[one.index])).map(|one| one.amount).sum()
        };
        let of_face = sum(&|terms| terms.mode == CommissionMode::Inside);
        prop_assert_eq!(of_face + charged.residual, ticket.face);
        prop_assert!(charged.residual >= Amount::ZERO);
        prop_assert_eq!(sum(&|terms| terms.payer == Payer::Buyer), charged.on_top);
        prop_assert_eq!(sum(&|_| true), charged.total);
        let limit = Amount(soticket_schema::limits::AMOUNT_MAX);
        prop_assert!(charged.on_top + ticket.channel_fee <= limit.max(ticket.channel_fee));
        for one in &charged.charges {
            prop_assert!(one.amount > Amount::ZERO && one.amount <= limit);
            let most = terms[one.index].maximum;
            prop_assert!(most.is_none_or(|most| one.amount <= most));
        }
    }
}

//! Deals: what is agreed, and deals that do not close.

use soticket_schema::RejectionCode::*;
use soticket_schema::command::*;
use soticket_schema::event::v1::{self, *};
use soticket_schema::*;

use crate::commission::register;
use crate::harness::{Refused, World, after, refused, refused_fact};
use crate::venue::*;

pub(crate) const PRODUCER: PartyId = PartyId(1);

pub(crate) fn step(name: &str, role: SettledRole, rule: DealRule) -> DealStep {
    DealStep {
        name: name.into(),
        label: name.into(),
        role,
        rule,
        rounding: StepRounding::Minor,
        vat: None,
        party: (role == SettledRole::Share).then_some(PRODUCER),
        source: String::new(),
    }
}

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

fn takings(measure: Measure) -> DealRule {
    let (channels, channel_kinds, tariff_kinds) = (Vec::new(), Vec::new(), Vec::new());
    DealRule::Receipts(Takings { measure, channels, channel_kinds, tariff_kinds })
}

fn share(of: &str, rate: i64) -> DealRule {
    DealRule::Share { of: of.into(), rate: DealRate::Stated(Rate(rate)) }
}

fn dated(of: &str, key: &str) -> DealRule {
    DealRule::Share { of: of.into(), rate: DealRate::Dated(key.into()) }
}

fn difference(of: &str, less: &[&str]) -> DealRule {
    DealRule::Difference { of: of.into(), less: names(less) }
}

/// Receipts, the CNM's tax, a net that is shared by 70 %, and the rest.
pub(crate) fn terms() -> DealTerms {
    let net = DealRule::Sum { add: names(&["receipts"]), less: names(&["cnm"]) };
    let steps = vec![
        step("receipts", SettledRole::Receipts, takings(Measure::WithoutVat)),
        step("cnm", SettledRole::Levy, dated("receipts", "fr.cnm")),
        step("net", SettledRole::Subtotal, net),
        step("producer", SettledRole::Share, share("net", 700_000)),
        step("organiser", SettledRole::Own, difference("net", &["producer"])),
    ];
    DealTerms { name: "Contrat".into(), template: String::new(), steps }
}

fn with(change: impl FnOnce(&mut Vec<DealStep>)) -> AgreeDeal {
    let mut terms = terms();
    change(&mut terms.steps);
    AgreeDeal { shows: vec![SHOW], terms }
}

fn agree() -> AgreeDeal {
    with(|_| {})
}

pub(crate) fn voucher() -> Voucher {
    Voucher { reference: "F-1".into(), file: None }
}

pub(crate) fn cost(net: i64) -> CostTerms {
    CostTerms {
        category: "technical".into(),
        net: Amount(net),
        vat_rate: Rate(200_000),
        vat: Amount(net / 5),
        supplier: None,
        borne_by: None,
        voucher: voucher(),
    }
}

fn advance(party: PartyId) -> RecordAdvance {
    RecordAdvance { show: SHOW, party, amount: Amount(50_000), method: CARD, voucher: voucher() }
}

/// An open show and a party.
pub(crate) fn house_with_party() -> World {
    open().after(register())
}

#[test]
fn a_deal_is_agreed_for_each_show_and_changed_version_by_version() {
    let world = two_shows().after(register());
    let both = AgreeDeal { shows: vec![SHOW, ShowId(2)], terms: terms() };
    let agreed = |deal, show| DealAgreed { deal: DealId(deal), show: ShowId(show), terms: terms() }.into();
    world.when(both.clone()).then([agreed(1, 1), agreed(2, 2)]);
    let world = world.after(both);
    let change = ChangeDeal { deal: DealId(2), version: 2, terms: terms() };
    let changed = DealChanged { deal: DealId(2), show: ShowId(2), version: 2, terms: terms() };
    world.when(change.clone()).then([changed.into()]);
    world.after(change.clone()).when(change).then_rejected(DealVersionMismatch, "version");
}

#[test]
fn alternatives_are_not_added_up_and_a_versus_deal_closes() {
    let versus = with(|steps| {
        steps[3] = step("part", SettledRole::Subtotal, share("net", 800_000));
        steps.insert(4, step("guarantee", SettledRole::Subtotal, DealRule::Fixed { amount: Amount(100) }));
        steps.insert(5, step("other", SettledRole::Subtotal, share("net", 600_000)));
        let greatest = DealRule::Greatest { of: names(&["part", "guarantee", "other"]) };
        steps.insert(6, step("producer", SettledRole::Share, greatest));
    });
    house_with_party().when(versus).events();
}

#[test]
fn costs_and_advances_are_recorded_and_withdrawn_by_counter_events() {
    let world = house_with_party();
    let recorded = CostRecorded { cost: CostId(1), show: SHOW, terms: cost(100) };
    world.when(RecordCost { show: SHOW, terms: cost(100) }).then([recorded.into()]);
    let world = world.after(RecordCost { show: SHOW, terms: cost(-100) }).after(advance(PRODUCER));
    let withdrawn = v1::CostWithdrawn { cost: CostId(1), show: SHOW };
    world.when(WithdrawCost { cost: CostId(1) }).then([withdrawn.into()]);
    let withdrawn = v1::AdvanceWithdrawn { advance: AdvanceId(1), show: SHOW };
    world.when_fact(after(-60), WithdrawAdvance { advance: AdvanceId(1) }).then([withdrawn.into()]);
}

#[test]
fn a_rate_of_ones_own_makes_a_key_known() {
    let world = house_with_party();
    let protocol = with(|steps| steps[1].rule = dated("receipts", "sma.sacem"));
    world.when(protocol.clone()).then_rejected(RateUnknown, "terms.steps.1.rule.rate");
    world.clone().after(rate(0)).when(protocol.clone()).events();
    // Its first show begins after this one.
    world.after(rate(200_000)).when(protocol).then_rejected(RateUnknown, "terms.steps.1.rule.rate");
}

/// A rate that holds for shows from so many seconds on.
fn rate(from: i64) -> SetDatedRate {
    SetDatedRate {
        key: "sma.sacem".into(),
        territory: String::new(),
        rate: Rate(70_000),
        valid_from: after(from),
        valid_until: None,
        source: "Protocole".into(),
    }
}

#[test]
fn a_show_performs_a_work_or_none() {
    let register = RegisterWork { title: "Œuvre".into(), performances_before: 0, source: String::new() };
    let world = open().after(register);
    for work in [Some(WorkId(1)), None] {
        world.when(SetShowWork { show: SHOW, work }).then([ShowWorkSet { show: SHOW, work }.into()]);
    }
}

fn misshapen() -> Vec<(AgreeDeal, RejectionCode, &'static str)> {
    let receipts = || step("receipts", SettledRole::Receipts, takings(Measure::WithVat));
    vec![
        (with(Vec::clear), ListEmpty, "terms.steps"),
        (with(|steps| steps[1].name = "receipts".into()), Duplicate, "terms.steps.1.name"),
        (with(|steps| steps[1].label.clear()), TextEmpty, "terms.steps.1.label"),
        (with(|steps| drop(steps.remove(0))), DealBaseMissing, "terms.steps"),
        (with(|steps| steps[3].rule = share("nett", 1)), DealStepUnknown, "terms.steps.3.rule.of"),
        (with(|steps| steps[3].rule = share("organiser", 1)), DealStepOrder, "terms.steps.3.rule.of"),
        (with(|steps| steps[3].rule = share("producer", 1)), DealStepOrder, "terms.steps.3.rule.of"),
        (with(|steps| steps[0] = receipts()), DealStepInvalid, "terms.steps.0.role"),
        (with(|steps| steps[3].party = None), DealStepInvalid, "terms.steps.3.party"),
        (with(|steps| steps[2].vat = steps_vat()), DealStepInvalid, "terms.steps.2.vat"),
        (with(|steps| steps[3].rule = share("net", 1_000_001)), RateOutOfRange, "terms.steps.3.rule.rate"),
        (with(|steps| steps[1].rule = share("receipts", 35_000)), RateWithoutDate, "terms.steps.1.rule.rate"),
        (with(over_whole), SharesOverWhole, "terms.steps.4.rule"),
        (with(|steps| drop(steps.pop())), DealNotClosed, "terms.steps"),
        (with(|steps| steps[4].rule = difference("net", &[])), DealNotClosed, "terms.steps.3"),
        (with(|steps| steps[4].rule = difference("receipts", &["producer"])), DealNotClosed, "terms.steps.1"),
        (
            with(|steps| steps[4].rule = difference("net", &["producer", "cnm"])),
            DealNotClosed,
            "terms.steps.1",
        ),
    ]
}

fn steps_vat() -> Option<DealRate> {
    Some(DealRate::Stated(Rate(55_000)))
}

/// Two parties that are promised 70 % and 40 % of the net.
fn over_whole(steps: &mut Vec<DealStep>) {
    steps.insert(4, step("artist", SettledRole::Share, share("net", 400_000)));
    steps[5].rule = difference("net", &["producer", "artist"]);
}

pub(crate) fn rejections() -> Vec<Refused> {
    let world = house_with_party();
    let agreed = world.clone().after(agree());
    let several = |shows: Vec<ShowId>| AgreeDeal { shows, terms: terms() };
    let stranger = with(|steps| steps[3].party = Some(PartyId(9)));
    let change = |deal, version| ChangeDeal { deal: DealId(deal), version, terms: terms() };
    let record = |change: fn(&mut CostTerms)| {
        let mut terms = cost(100);
        change(&mut terms);
        RecordCost { show: SHOW, terms }
    };
    let spent = world.clone().after(record(|_| {})).after(WithdrawCost { cost: CostId(1) });
    let back = spent.clone().after(advance(PRODUCER)).after(WithdrawAdvance { advance: AdvanceId(1) });
    let other_show = RecordCost { show: ShowId(9), terms: cost(1) };
    let unproved = RegisterWork { title: "Œuvre".into(), performances_before: 3, source: String::new() };
    let backwards = SetDatedRate { valid_until: Some(after(0)), ..rate(0) };
    let mut table: Vec<Refused> =
        misshapen().into_iter().map(|(deal, code, field)| refused(&world, deal, code, field)).collect();
    table.extend([
        // Shape before names, names before state.
        refused(&agreed, with(|steps| steps[3].party = None), DealStepInvalid, "terms.steps.3.party"),
        refused(&agreed, stranger, PartyUnknown, "terms.steps.3.party"),
        refused(&world, several(Vec::new()), ListEmpty, "shows"),
        refused(&world, several(vec![SHOW, SHOW]), Duplicate, "shows.1"),
        refused(&world, several(vec![SHOW, ShowId(9)]), ShowUnknown, "shows.1"),
        refused(&agreed, agree(), DealExists, "shows.0"),
        refused(&world, change(1, 2), DealUnknown, "deal"),
        refused(&agreed, change(1, 1), DealVersionMismatch, "version"),
        refused_fact(&world, agree(), TimeNotAllowed, "occurred_at"),
        refused(&world, other_show, ShowUnknown, "show"),
        refused(&world, record(|terms| terms.category.clear()), TextEmpty, "terms.category"),
        refused(
            &world,
            record(|terms| terms.voucher.reference.clear()),
            TextEmpty,
            "terms.voucher.reference",
        ),
        refused(&world, record(|terms| terms.vat_rate = Rate(-1)), RateOutOfRange, "terms.vat_rate"),
        refused(&world, record(|terms| terms.supplier = Some(PartyId(9))), PartyUnknown, "terms.supplier"),
        refused(&world, WithdrawCost { cost: CostId(1) }, CostUnknown, "cost"),
        refused(&spent, WithdrawCost { cost: CostId(1) }, CostWithdrawn, "cost"),
        refused(&world, advance(PartyId(9)), PartyUnknown, "party"),
        refused(&world, RecordAdvance { amount: Amount(0), ..advance(PRODUCER) }, AmountNegative, "amount"),
        refused(&world, RecordAdvance { method: MethodId(9), ..advance(PRODUCER) }, MethodUnknown, "method"),
        refused(&world, WithdrawAdvance { advance: AdvanceId(1) }, AdvanceUnknown, "advance"),
        refused(&back, WithdrawAdvance { advance: AdvanceId(1) }, AdvanceWithdrawn, "advance"),
        refused(&world, unproved, TextEmpty, "source"),
        refused(&world, SetShowWork { show: SHOW, work: Some(WorkId(1)) }, WorkUnknown, "work"),
        refused(&world, SetDatedRate { key: String::new(), ..rate(0) }, TextEmpty, "key"),
        refused(&world, backwards, TimeOrder, "valid_until"),
        refused(
            &world,
            with(|steps| steps[1].rule = dated("receipts", "no.such")),
            RateUnknown,
            "terms.steps.1.rule.rate",
        ),
    ]);
    table
}

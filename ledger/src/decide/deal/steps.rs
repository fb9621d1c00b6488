//! The shape of a deal's steps, one by one.

use std::collections::BTreeMap;

use soticket_schema::event::v1::{
    BonusThreshold, DealRate, DealRule, DealStep, DealTier, DealUnit, Measure, SettledRole, Takings,
};
use soticket_schema::limits::{
    AMOUNT_MAX, DEAL_NAMES_MAX, DEAL_STEPS_MAX, DEAL_TIERS_MAX, NAME_BYTES_MAX, REFERENCE_BYTES_MAX,
};
use soticket_schema::{Rate, RejectionCode, UnitPrice};

use super::super::checks::{Checks, Path};

/// Whether the steps name each other in such a way that their sums can be looked at.
pub(super) fn check(steps: &[DealStep], at: Path<'_>, checks: &mut Checks) -> bool {
    checks.list_with_one(steps, DEAL_STEPS_MAX, at);
    if steps.len() > DEAL_STEPS_MAX {
        return false;
    }
    for (index, step) in steps.iter().enumerate() {
        check_step(step, at.item(index), checks);
    }
    let has_base = steps.iter().any(|step| step.role == SettledRole::Receipts);
    checks.ensure(has_base, RejectionCode::DealBaseMissing, at);
    let names = steps.iter().map(|step| step.name.as_str()).enumerate();
    checks.distinct(names, |index| at.item(index).field("name").to_string());
    check_references(steps, at, checks)
}

/// Steps name earlier ones only.
fn check_references(steps: &[DealStep], at: Path<'_>, checks: &mut Checks) -> bool {
    // The first of several steps with one name: the others are told as duplicates.
    let places: BTreeMap<&str, usize> =
        steps.iter().enumerate().rev().map(|(index, step)| (step.name.as_str(), index)).collect();
    let mut sound = places.len() == steps.len();
    for (index, step) in steps.iter().enumerate() {
        let step_at = at.item(index);
        let rule = step_at.field("rule");
        for (field, item, name) in step.rule.named() {
            let field = rule.field(field);
            let at = item.map_or(field, |item| field.item(item));
            let place = places.get(name);
            checks.ensure(place.is_some(), RejectionCode::DealStepUnknown, at);
            let earlier = place.is_none_or(|place| *place < index);
            checks.ensure(earlier, RejectionCode::DealStepOrder, at);
            sound &= place.is_some() && earlier;
        }
    }
    sound
}

fn check_step(step: &DealStep, at: Path<'_>, checks: &mut Checks) {
    checks.text(&step.name, REFERENCE_BYTES_MAX, at.field("name"));
    checks.text(&step.label, NAME_BYTES_MAX, at.field("label"));
    checks.text_or_empty(&step.source, NAME_BYTES_MAX, at.field("source"));
    if let Some(vat) = &step.vat {
        check_rate(vat, at.field("vat"), checks);
    }
    check_rule(&step.rule, at.field("rule"), checks);
    check_role(step, at, checks);
}

/// Role, rule, party and VAT fit each other.
fn check_role(step: &DealStep, at: Path<'_>, checks: &mut Checks) {
    use SettledRole::{Commission, Contribution, Cost, Levy, Own, Receipts, Royalty, Share, Subtotal};
    let (role, rule) = (step.role, &step.rule);
    let rule_fits = match rule {
        DealRule::Receipts(takings) => match role {
            Receipts => takings.measure == Measure::WithoutVat,
            role => role == Subtotal,
        },
        DealRule::Commissions { .. } => matches!(role, Commission | Subtotal),
        DealRule::Costs { .. } => matches!(role, Cost | Subtotal),
        DealRule::Difference { .. } => matches!(role, Share | Own),
        _ => role != Receipts,
    };
    checks.ensure(rule_fits, RejectionCode::DealStepInvalid, at.field("role"));
    let party_fits = match role {
        Share => step.party.is_some(),
        Own | Receipts | Subtotal => step.party.is_none(),
        _ => true,
    };
    checks.ensure(party_fits, RejectionCode::DealStepInvalid, at.field("party"));
    let has_own_vat = matches!(role, Receipts | Subtotal)
        || matches!(rule, DealRule::Commissions { .. } | DealRule::Costs { .. });
    checks.ensure(step.vat.is_none() || !has_own_vat, RejectionCode::DealStepInvalid, at.field("vat"));
    if let DealRule::Share { rate: DealRate::Stated(_), .. } = rule {
        let dated = !matches!(role, Levy | Royalty | Contribution);
        checks.ensure(dated, RejectionCode::RateWithoutDate, at.field("rule").field("rate"));
    }
}

fn check_rule(rule: &DealRule, at: Path<'_>, checks: &mut Checks) {
    match rule {
        DealRule::Receipts(takings) => check_takings(takings, at, checks),
        DealRule::Share { rate, .. } => check_rate(rate, at.field("rate"), checks),
        DealRule::Commissions { channels } => checks.channels(channels, at.field("channels")),
        DealRule::Units { unit, price } => {
            check_unit(unit, at.field("unit"), checks);
            let at = at.field("price");
            checks.ensure(*price >= UnitPrice::ZERO, RejectionCode::AmountNegative, at);
            checks.ensure(*price <= UnitPrice::MAX, RejectionCode::AmountTooLarge, at);
        }
        DealRule::Costs { categories, .. } => {
            let at = at.field("categories");
            check_list(categories, at, checks);
            for (index, category) in categories.iter().enumerate().take(DEAL_NAMES_MAX) {
                checks.text(category, REFERENCE_BYTES_MAX, at.item(index));
            }
        }
        DealRule::Fixed { amount } => checks.amount(*amount, at.field("amount")),
        DealRule::Sum { add, less } => {
            checks.ensure(!add.is_empty(), RejectionCode::ListEmpty, at.field("add"));
            check_list(add, at.field("add"), checks);
            check_list(less, at.field("less"), checks);
        }
        DealRule::Greatest { of } | DealRule::Least { of } => {
            checks.ensure(!of.is_empty(), RejectionCode::ListEmpty, at.field("of"));
            check_list(of, at.field("of"), checks);
        }
        DealRule::Tiers { tiers, .. } => check_tiers(tiers, at.field("tiers"), checks),
        DealRule::Bonus { thresholds, .. } => check_thresholds(thresholds, at.field("thresholds"), checks),
        DealRule::Difference { less, .. } => check_list(less, at.field("less"), checks),
        DealRule::Excess { .. } => {}
    }
}

/// A list in which nothing stands twice.
fn check_list<T: Ord>(list: &[T], at: Path<'_>, checks: &mut Checks) {
    checks.list(list, DEAL_NAMES_MAX, at);
    checks.distinct(list.iter().take(DEAL_NAMES_MAX).enumerate(), |index| at.item(index).to_string());
}

fn check_takings(takings: &Takings, at: Path<'_>, checks: &mut Checks) {
    checks.channels(&takings.channels, at.field("channels"));
    check_list(&takings.channel_kinds, at.field("channel_kinds"), checks);
    check_list(&takings.tariff_kinds, at.field("tariff_kinds"), checks);
}

fn check_unit(unit: &DealUnit, at: Path<'_>, checks: &mut Checks) {
    if let DealUnit::Payments { methods, channel_kinds } = unit {
        check_list(methods, at.field("methods"), checks);
        check_list(channel_kinds, at.field("channel_kinds"), checks);
    }
}

fn check_rate(rate: &DealRate, at: Path<'_>, checks: &mut Checks) {
    match rate {
        DealRate::Stated(rate) => checks.rate(*rate, at),
        DealRate::Dated(key) => checks.text(key, REFERENCE_BYTES_MAX, at),
    }
}

fn check_tiers(tiers: &[DealTier], at: Path<'_>, checks: &mut Checks) {
    checks.list_with_one(tiers, DEAL_TIERS_MAX, at);
    let rise = tiers.windows(2).all(|pair| matches!(pair, [low, high] if low.from < high.from));
    checks.ensure(rise, RejectionCode::DealStepInvalid, at);
    for (index, tier) in tiers.iter().enumerate().take(DEAL_TIERS_MAX) {
        let at = at.item(index);
        checks.amount(tier.from, at.field("from"));
        checks.ensure(
            (Rate::ZERO..=Rate::ONE).contains(&tier.rate),
            RejectionCode::RateOutOfRange,
            at.field("rate"),
        );
    }
}

fn check_thresholds(thresholds: &[BonusThreshold], at: Path<'_>, checks: &mut Checks) {
    checks.list_with_one(thresholds, DEAL_TIERS_MAX, at);
    let rise = thresholds.windows(2).all(|pair| matches!(pair, [low, high] if low.from < high.from));
    checks.ensure(rise, RejectionCode::DealStepInvalid, at);
    for (index, threshold) in thresholds.iter().enumerate().take(DEAL_TIERS_MAX) {
        let at = at.item(index);
        checks.ensure(threshold.from >= 0, RejectionCode::AmountNegative, at.field("from"));
        checks.ensure(threshold.from <= AMOUNT_MAX, RejectionCode::AmountTooLarge, at.field("from"));
        checks.amount(threshold.amount, at.field("amount"));
    }
}

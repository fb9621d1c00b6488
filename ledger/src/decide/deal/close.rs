//! Whether a deal closes: the party by difference takes every line off the receipts, each once, and nobody shares out
//! more than there is. Looked at on the terms alone, so that it holds whatever a show takes.

use std::collections::BTreeMap;

use soticket_schema::event::v1::{DealRate, DealRule, DealStep, SettledRole};
use soticket_schema::{Rate, RejectionCode};

use super::super::checks::{Checks, Path};

/// The steps name earlier ones only.
pub(super) fn check(steps: &[DealStep], at: Path<'_>, checks: &mut Checks) {
    let places: BTreeMap<&str, usize> =
        steps.iter().enumerate().map(|(index, step)| (step.name.as_str(), index)).collect();
    check_shares(steps, &places, at, checks);
    check_closed(steps, &places, at, checks);
}

/// Steps at earlier places that a rule adds up, and how often each.
fn parts<'a>(
    rule: &'a DealRule,
    places: &'a BTreeMap<&str, usize>,
) -> impl Iterator<Item = (usize, i64)> + 'a {
    let (of, add, less): (Option<&String>, &[String], &[String]) = match rule {
        DealRule::Sum { add, less } => (None, add, less),
        DealRule::Difference { of, less } => (Some(of), &[], less),
        _ => (None, &[], &[]),
    };
    let plus = of.into_iter().chain(add).map(|name| (name, 1));
    let minus = less.iter().map(|name| (name, -1));
    plus.chain(minus).filter_map(|(name, sign)| Some((*places.get(name.as_str())?, sign)))
}

/// Follows the difference through the subtotals to the lines that it is made of.
fn check_closed(steps: &[DealStep], places: &BTreeMap<&str, usize>, at: Path<'_>, checks: &mut Checks) {
    let mut differences =
        steps.iter().enumerate().filter(|(_, step)| matches!(step.rule, DealRule::Difference { .. }));
    let (Some((last, difference)), None) = (differences.next(), differences.next()) else {
        checks.ensure(false, RejectionCode::DealNotClosed, at);
        return;
    };
    let mut taken = vec![0_i64; steps.len()];
    let take = |rule, times: i64, taken: &mut Vec<i64>| {
        for (place, sign) in parts(rule, places) {
            if let Some(count) = taken.get_mut(place) {
                *count = count.saturating_add(times.saturating_mul(sign));
            }
        }
    };
    take(&difference.rule, 1, &mut taken);
    for (index, step) in steps.iter().enumerate().rev().filter(|(index, _)| *index != last) {
        let times = taken.get(index).copied().unwrap_or(0);
        let wanted = match step.role {
            SettledRole::Receipts => 1,
            SettledRole::Subtotal => {
                let passed_on = matches!(step.rule, DealRule::Sum { .. });
                take(&step.rule, times, &mut taken);
                if passed_on { times } else { 0 }
            }
            _ => -1,
        };
        checks.ensure(times == wanted, RejectionCode::DealNotClosed, at.item(index));
    }
}

/// Rates of each step that are shared out of it, by its place.
type Shares = BTreeMap<usize, i64>;

/// What parties are promised of one step is at most the whole of it.
fn check_shares(steps: &[DealStep], places: &BTreeMap<&str, usize>, at: Path<'_>, checks: &mut Checks) {
    let mut shares: Vec<Shares> = Vec::with_capacity(steps.len());
    let mut promised = Shares::new();
    for (index, step) in steps.iter().enumerate() {
        let own = shares_of(&step.rule, places, &shares);
        if matches!(step.role, SettledRole::Share | SettledRole::Own) {
            add(&mut promised, &own);
            let fits = promised.values().all(|rate| *rate <= Rate::ONE.0);
            checks.ensure(fits, RejectionCode::SharesOverWhole, at.item(index).field("rule"));
        }
        shares.push(own);
    }
}

fn shares_of(rule: &DealRule, places: &BTreeMap<&str, usize>, earlier: &[Shares]) -> Shares {
    let of = |name: &String| places.get(name.as_str()).and_then(|place| earlier.get(*place));
    let one = |name: &String, rate: Rate| {
        places.get(name.as_str()).map(|place| (*place, rate.0)).into_iter().collect()
    };
    match rule {
        DealRule::Share { of, rate: DealRate::Stated(rate) } => one(of, *rate),
        DealRule::Tiers { of, tiers } => {
            one(of, tiers.iter().map(|tier| tier.rate).max().unwrap_or_default())
        }
        DealRule::Sum { add: names, .. } => {
            let mut sum = Shares::new();
            names.iter().filter_map(of).for_each(|shares| add(&mut sum, shares));
            sum
        }
        // Only one of the alternatives is paid.
        DealRule::Greatest { of: names } | DealRule::Least { of: names } => {
            let mut most = Shares::new();
            for (place, rate) in names.iter().filter_map(of).flatten() {
                let known = most.entry(*place).or_default();
                *known = (*known).max(*rate);
            }
            most
        }
        _ => Shares::new(),
    }
}

fn add(sum: &mut Shares, shares: &Shares) {
    for (place, rate) in shares {
        let known = sum.entry(*place).or_default();
        *known = known.saturating_add(*rate);
    }
}

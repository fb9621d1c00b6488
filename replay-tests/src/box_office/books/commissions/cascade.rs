//! What one ticket is charged, and what a whole order is, from the rules alone.

use std::collections::BTreeMap;

use soticket_schema::event::v1::{
    CommissionBasis, CommissionMode, CommissionTerms, OnFree, Payer, TariffKind,
};
use soticket_schema::{Amount, Rate, ShowId, TariffId};

use super::super::arithmetic::{divide, part, without_vat};
use super::rules::Rule;

/// A ticket that is sold.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sold {
    pub(super) show: ShowId,
    pub(super) tariff: TariffId,
    pub(super) kind: TariffKind,
    pub(super) face: Amount,
    pub(super) vat: Rate,
    /// What the channel itself puts on top.
    pub(super) channel_fee: Amount,
    /// Whether the channel puts its fee on it, be it nothing.
    pub(super) bears_fee: bool,
}

/// What a rule comes to for a ticket, with the rule's place among those of the sale.
#[derive(Debug, Clone, Copy)]
pub(super) struct Charged {
    pub(super) place: usize,
    pub(super) basis: Amount,
    pub(super) amount: Amount,
}

/// What a ticket is charged.
#[derive(Debug, Default)]
pub(super) struct TicketCharges {
    pub(super) charges: Vec<Charged>,
    pub(super) left_of_face: Amount,
    pub(super) on_top: Amount,
    pub(super) all: Amount,
}

pub(super) fn is_buyers(terms: &CommissionTerms) -> bool {
    terms.mode == CommissionMode::OnTop && terms.payer == Payer::Buyer
}

pub(super) fn is_of_order(terms: &CommissionTerms) -> bool {
    terms.basis == CommissionBasis::PerOrder
}

fn applies(terms: &CommissionTerms, sold: &Sold) -> bool {
    let free = sold.face <= Amount::ZERO;
    !(free && terms.on_free == OnFree::Exempt
        || !terms.tariffs.is_empty() && !terms.tariffs.contains(&sold.tariff)
        || !terms.kinds.is_empty() && !terms.kinds.contains(&sold.kind))
}

/// The share of the highest tier that the basis reaches, and its fixed amount, between the bounds.
fn price_of(terms: &CommissionTerms, basis: Amount) -> Amount {
    let (mut rate, mut fixed) = (terms.rate, terms.fixed);
    for tier in &terms.tiers {
        if basis >= tier.from {
            (rate, fixed) = (tier.rate, tier.fixed);
        }
    }
    let mut amount = part(basis, rate) + fixed;
    if let Some(least) = terms.minimum
        && amount < least
    {
        amount = least;
    }
    if let Some(most) = terms.maximum
        && amount > most
    {
        amount = most;
    }
    amount
}

/// Level after level: a level works with what those below it left of the price, and what they added to it.
pub(super) fn charge_ticket(rules: &[Rule<'_>], sold: &Sold) -> TicketCharges {
    let mut levels: BTreeMap<u8, Vec<(usize, &CommissionTerms)>> = BTreeMap::new();
    for (place, rule) in rules.iter().enumerate() {
        levels.entry(rule.terms.level).or_default().push((place, rule.terms));
    }
    let mut all = TicketCharges { left_of_face: sold.face, ..TicketCharges::default() };
    for level in levels.values() {
        let (left, added) = (all.left_of_face, all.on_top);
        for (place, terms) in level.iter().filter(|(_, terms)| !is_of_order(terms) && applies(terms, sold)) {
            let basis = match terms.basis {
                CommissionBasis::Residual => left,
                CommissionBasis::Paid => sold.face + sold.channel_fee + added,
                CommissionBasis::FaceWithoutVat => without_vat(sold.face, sold.vat),
                _ => sold.face,
            };
            let mut amount = price_of(terms, basis);
            if terms.mode == CommissionMode::Inside {
                amount = amount.min(all.left_of_face);
                all.left_of_face -= amount;
            }
            if is_buyers(terms) {
                all.on_top += amount;
            }
            all.all += amount;
            if amount != Amount::ZERO {
                all.charges.push(Charged { place: *place, basis, amount });
            }
        }
    }
    all
}

/// What a rule of the whole order comes to for each show, and in total; nothing when no ticket bears it. `left` is what
/// is left of all face prices.
pub(super) fn charge_order(
    terms: &CommissionTerms,
    sold: &[Sold],
    left: &mut Amount,
) -> Vec<(ShowId, Amount, Amount)> {
    let mut faces: BTreeMap<ShowId, (Amount, i64)> = BTreeMap::new();
    for sold in sold.iter().filter(|sold| applies(terms, sold)) {
        let of_show = faces.entry(sold.show).or_default();
        (of_show.0, of_show.1) = (of_show.0 + sold.face, of_show.1 + 1);
    }
    if faces.is_empty() {
        return Vec::new();
    }
    let basis: Amount = faces.values().map(|(face, _)| *face).sum();
    let mut amount = price_of(terms, basis);
    if terms.mode == CommissionMode::Inside {
        amount = amount.min(*left);
        *left -= amount;
    }
    if amount == Amount::ZERO {
        return Vec::new();
    }
    let by_count = basis == Amount::ZERO;
    let weights: Vec<i64> =
        faces.values().map(|(face, count)| if by_count { *count } else { face.0 }).collect();
    let parts = divide(amount, &weights);
    faces.into_iter().zip(parts).map(|((show, (face, _)), part)| (show, face, part)).collect()
}

//! Rules of tariffs beyond their price: when they sell, how many, to whom, and for what the buyer gives.

use soticket_schema::command::{SetTariffRules, SetTariffVat, TicketRequest};
use soticket_schema::event::v1::{
    Eligibility, FreePrice, TariffKind, TariffRules, TariffRulesSet, TariffVatSet,
};
use soticket_schema::limits::{DEADLINE_MINUTES_MAX, NAME_BYTES_MAX, ORDER_TICKETS_MAX, TARIFF_RATES_MAX};
use soticket_schema::{Amount, Event, Rejection, RejectionCode, TariffId, Timestamp};

use super::checks::{Checks, Path, field};
use super::tariff::changeable;
use super::{Context, Decide, When};
use crate::state::{Show, Tariff};

impl Decide for SetTariffRules {
    fn shape(&self, _when: When, checks: &mut Checks) {
        check_rules(&self.rules, checks);
    }

    fn decide(&self, context: &Context<'_>, checks: &mut Checks) -> Result<Vec<Event>, Rejection> {
        let (tariff, _) = changeable(context.state, self.tariff, checks)?;
        // A free tariff costs nothing, and the price of a pack's tickets is the pack's.
        let own_price = !matches!(tariff.terms.kind, TariffKind::Free | TariffKind::Pack);
        let fits = own_price || self.rules.free_price.is_none();
        checks.ensure(fits, RejectionCode::PriceMismatch, field("rules").field("free_price"));
        let (show, tariff, rules) = (tariff.show, self.tariff, self.rules.clone());
        Ok(vec![TariffRulesSet { show, tariff, rules }.into()])
    }
}

impl Decide for SetTariffVat {
    fn shape(&self, _when: When, checks: &mut Checks) {
        let rates = field("rates");
        checks.list(&self.rates, TARIFF_RATES_MAX, rates);
        let mut last = None;
        for (index, dated) in self.rates.iter().enumerate().take(TARIFF_RATES_MAX) {
            let at = rates.item(index);
            checks.instant(dated.from, at.field("from"));
            checks.ensure(
                last.is_none_or(|last| dated.from > last),
                RejectionCode::TimeOrder,
                at.field("from"),
            );
            checks.rate(dated.rate, at.field("rate"));
            last = Some(dated.from);
        }
    }

    /// What was sold keeps its rate: it is in the lines of its tickets.
    fn decide(&self, context: &Context<'_>, checks: &mut Checks) -> Result<Vec<Event>, Rejection> {
        let (tariff, _) = changeable(context.state, self.tariff, checks)?;
        let (show, tariff, rates) = (tariff.show, self.tariff, self.rates.clone());
        Ok(vec![TariffVatSet { show, tariff, rates }.into()])
    }
}

fn check_rules(rules: &TariffRules, checks: &mut Checks) {
    let at = field("rules");
    for (instant, name) in [(rules.from, "from"), (rules.until, "until")] {
        if let Some(instant) = instant {
            checks.instant(instant, at.field(name));
        }
    }
    let ordered = rules.from.zip(rules.until).is_none_or(|(from, until)| from < until);
    checks.ensure(ordered, RejectionCode::TimeOrder, at.field("until"));
    let near = rules.deadline_minutes.is_none_or(|minutes| minutes <= DEADLINE_MINUTES_MAX);
    checks.ensure(near, RejectionCode::QuantityTooLarge, at.field("deadline_minutes"));
    let most = u32::try_from(ORDER_TICKETS_MAX).unwrap_or(u32::MAX);
    if let Some(order_max) = rules.order_max {
        checks.count(order_max, most, at.field("order_max"));
    }
    let eligibility = at.field("eligibility");
    match &rules.eligibility {
        Eligibility::Anyone | Eligibility::Card => {}
        Eligibility::Proof(proof) => checks.text(proof, NAME_BYTES_MAX, eligibility.field("proof")),
        Eligibility::Group(group) => {
            let most = rules.order_max.map_or(most, |order_max| order_max.min(most));
            checks.count(*group, most, eligibility.field("group"));
        }
    }
    if let Some(FreePrice { floor, ceiling }) = rules.free_price {
        let at = at.field("free_price");
        checks.amount(floor, at.field("floor"));
        if let Some(ceiling) = ceiling {
            checks.amount(ceiling, at.field("ceiling"));
            checks.ensure(floor <= ceiling, RejectionCode::PriceAboveCeiling, at.field("floor"));
        }
    }
}

/// Why a tariff of a show is not sold at an instant, if it is not.
pub(super) fn not_sold(rules: &TariffRules, show: &Show, at: Timestamp) -> Option<RejectionCode> {
    if rules.from.is_some_and(|from| at < from) {
        return Some(RejectionCode::TariffNotStarted);
    }
    if rules.until.is_some_and(|until| at >= until) {
        return Some(RejectionCode::TariffEnded);
    }
    let deadline = |minutes: u32| show.starts_at.0.saturating_sub(i64::from(minutes) * 60_000_000);
    let passed = rules.deadline_minutes.is_some_and(|minutes| at.0 >= deadline(minutes));
    passed.then_some(RejectionCode::DeadlinePassed)
}

/// What a ticket costs by itself: what the buyer gives, where the tariff lets them, else the tariff's price.
pub(super) fn price_of(request: &TicketRequest, tariff: &Tariff) -> Amount {
    let price = tariff.price_in(request.zone);
    let chosen = tariff.rules.free_price.and(request.price);
    chosen.or(price).unwrap_or_default()
}

/// The price is the one that the buyer was shown, or within what the buyer may give.
pub(super) fn check_price(request: &TicketRequest, tariff: &Tariff, at: Path<'_>, checks: &mut Checks) {
    let price = tariff.price_in(request.zone);
    let at = at.field("price");
    let Some(free) = tariff.rules.free_price else {
        let agreed = request.price.is_none() || request.price == price;
        return checks.ensure(agreed, RejectionCode::PriceMismatch, at);
    };
    if let Some(given) = request.price.or(price) {
        checks.ensure(given >= free.floor, RejectionCode::PriceBelowFloor, at);
        let within = free.ceiling.is_none_or(|ceiling| given <= ceiling);
        checks.ensure(within, RejectionCode::PriceAboveCeiling, at);
    }
}

/// How many tickets of each tariff a sale has. A tariff is of one show.
pub(super) struct Counts {
    tariffs: Vec<(TariffId, u32)>,
}

impl Counts {
    pub(super) fn of(tariffs: impl Iterator<Item = TariffId>) -> Self {
        let mut counts: Vec<(TariffId, u32)> = Vec::new();
        for tariff in tariffs {
            match counts.iter_mut().find(|(known, _)| *known == tariff) {
                Some((_, count)) => *count += 1,
                None => counts.push((tariff, 1)),
            }
        }
        Self { tariffs: counts }
    }

    fn get(&self, tariff: TariffId) -> u32 {
        self.tariffs.iter().find(|(known, _)| *known == tariff).map_or(0, |(_, count)| *count)
    }

    /// Why a sale may not have so many of a tariff, if it may not.
    pub(super) fn refusal(&self, tariff: TariffId, rules: &TariffRules) -> Option<RejectionCode> {
        let count = self.get(tariff);
        if matches!(rules.eligibility, Eligibility::Group(group) if count < group) {
            return Some(RejectionCode::GroupTooSmall);
        }
        let over = rules.order_max.is_some_and(|order_max| count > order_max);
        over.then_some(RejectionCode::OrderLimitExceeded)
    }
}

/// Whether a tariff sells a ticket like this; `card` says whether a subscriber card with a right left comes with it.
pub(super) fn check(
    (id, tariff): (TariffId, &Tariff),
    show: &Show,
    (counts, card): (&Counts, bool),
    now: Timestamp,
    at: Path<'_>,
    checks: &mut Checks,
) {
    let at = at.field("tariff");
    let refusals = [not_sold(&tariff.rules, show, now), counts.refusal(id, &tariff.rules)];
    for code in refusals.into_iter().flatten() {
        checks.ensure(false, code, at);
    }
    let shown = card || tariff.rules.eligibility != Eligibility::Card;
    checks.ensure(shown, RejectionCode::CardRequired, at);
}

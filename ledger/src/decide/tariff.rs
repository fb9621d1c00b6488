//! Tariffs and products.

use soticket_schema::command::{ChangeTariff, DefineProduct, DefineTariff};
use soticket_schema::event::v1::{ProductDefined, TariffChanged, TariffDefined, TariffKind, TariffTerms};
use soticket_schema::limits::{NAME_BYTES_MAX, ZONES_MAX};
use soticket_schema::{Amount, Event, ProductId, Rejection, RejectionCode, TariffId};

use super::checks::{Checks, field, rejection};
use super::{Context, Decide, When, show};
use crate::state::{Show, State, Tariff};

/// More than there are reasons: the same one twice is told as such.
pub(super) const REASONS_MAX: usize = 32;

impl Decide for DefineTariff {
    fn shape(&self, _when: When, checks: &mut Checks) {
        check_terms(&self.terms, checks);
    }

    /// Also for a closed show: what a network reports afterwards may name a tariff that nobody knew of.
    fn decide(&self, context: &Context<'_>, checks: &mut Checks) -> Result<Vec<Event>, Rejection> {
        let show = show::show(context.state, self.show)?;
        check_names(&self.terms, context.state, show, checks);
        let tariff = TariffId(context.state.tariffs.next_u32());
        Ok(vec![TariffDefined { show: self.show, tariff, terms: self.terms.clone() }.into()])
    }
}

impl Decide for ChangeTariff {
    fn shape(&self, _when: When, checks: &mut Checks) {
        check_terms(&self.terms, checks);
    }

    fn decide(&self, context: &Context<'_>, checks: &mut Checks) -> Result<Vec<Event>, Rejection> {
        let (tariff, show) = changeable(context.state, self.tariff, checks)?;
        check_names(&self.terms, context.state, show, checks);
        let terms = self.terms.clone();
        Ok(vec![TariffChanged { show: tariff.show, tariff: self.tariff, terms }.into()])
    }
}

/// The command's `tariff`, of a show that still sells.
pub(super) fn changeable<'a>(
    state: &'a State,
    tariff: TariffId,
    checks: &mut Checks,
) -> Result<(&'a Tariff, &'a Show), Rejection> {
    let unknown = || rejection(RejectionCode::TariffUnknown, field("tariff"));
    let tariff = state.tariffs.get(tariff.0).ok_or_else(unknown)?;
    let show = state.shows.get(tariff.show.0).ok_or_else(unknown)?;
    if let Some(code) = show::over(show) {
        checks.ensure(false, code, field("tariff"));
    }
    Ok((tariff, show))
}

fn check_terms(terms: &TariffTerms, checks: &mut Checks) {
    let at = field("terms");
    let (prices, channels, reasons) = (at.field("prices"), at.field("channels"), at.field("reasons"));
    checks.text(&terms.name, NAME_BYTES_MAX, at.field("name"));
    checks.list_with_one(&terms.prices, ZONES_MAX, prices);
    let free = terms.kind == TariffKind::Free;
    for (index, price) in terms.prices.iter().enumerate().take(ZONES_MAX) {
        let at = prices.item(index);
        checks.amount(price.price, at.field("price"));
        let agrees = !free || price.price == Amount::ZERO;
        checks.ensure(agrees, RejectionCode::PriceMismatch, at.field("price"));
    }
    let zones = terms.prices.iter().take(ZONES_MAX).map(|price| price.zone).enumerate();
    checks.distinct(zones, |index| prices.item(index).field("zone").to_string());
    checks.rate(terms.vat, at.field("vat"));
    checks.channels(&terms.channels, channels);
    checks.list(&terms.reasons, REASONS_MAX, reasons);
    let given = terms.reasons.iter().take(REASONS_MAX).copied().enumerate();
    checks.distinct(given, |index| reasons.item(index).to_string());
    checks.ensure(!free || !terms.reasons.is_empty(), RejectionCode::ListEmpty, reasons);
    checks.ensure(free || terms.reasons.is_empty(), RejectionCode::CompReasonInvalid, reasons);
}

fn check_names(terms: &TariffTerms, state: &State, show: &Show, checks: &mut Checks) {
    let at = field("terms");
    let prices = at.field("prices");
    for (index, price) in terms.prices.iter().enumerate() {
        let known = show.zone_index(price.zone).is_some();
        checks.ensure(known, RejectionCode::ZoneUnknown, prices.item(index).field("zone"));
    }
    checks.channels_known(&terms.channels, state, at.field("channels"));
}

impl Decide for DefineProduct {
    fn shape(&self, _when: When, checks: &mut Checks) {
        checks.text(&self.name, NAME_BYTES_MAX, field("name"));
    }

    fn decide(&self, context: &Context<'_>, _checks: &mut Checks) -> Result<Vec<Event>, Rejection> {
        let product = ProductId(context.state.products.next());
        Ok(vec![ProductDefined { product, name: self.name.clone(), kind: self.kind }.into()])
    }
}

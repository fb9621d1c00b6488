//! Checks on the terms of a commission.

use soticket_schema::event::v1::{
    Beneficiary, CommissionBasis, CommissionMode, CommissionTerms, OnFree, Payer,
};
use soticket_schema::limits::{
    COMMISSION_SELLERS_MAX, COMMISSION_TARIFFS_MAX, COMMISSION_TIERS_MAX, NAME_BYTES_MAX,
    REFERENCE_BYTES_MAX, TARIFF_CHANNELS_MAX,
};
use soticket_schema::{Amount, Rate, RejectionCode};

use crate::decide::checks::{Checks, Path, field};
use crate::state::State;

/// More than there are kinds: the same one twice is told as such.
const KINDS_MAX: usize = 32;

/// What needs nothing but the terms.
pub(super) fn check(terms: &CommissionTerms, checks: &mut Checks) {
    let at = field("terms");
    checks.text(&terms.name, NAME_BYTES_MAX, at.field("name"));
    checks.rate(terms.rate, at.field("rate"));
    checks.amount(terms.fixed, at.field("fixed"));
    for (limit, name) in [(terms.minimum, "minimum"), (terms.maximum, "maximum")] {
        if let Some(limit) = limit {
            checks.amount(limit, at.field(name));
        }
    }
    checks.rate(terms.vat, at.field("vat"));
    check_tiers(terms, at, checks);
    check_lists(terms, at, checks);
    check_sense(terms, at, checks);
}

fn check_tiers(terms: &CommissionTerms, at: Path<'_>, checks: &mut Checks) {
    let tiers = at.field("tiers");
    checks.list(&terms.tiers, COMMISSION_TIERS_MAX, tiers);
    let mut last = Amount::ZERO;
    for (index, tier) in terms.tiers.iter().enumerate().take(COMMISSION_TIERS_MAX) {
        let at = tiers.item(index);
        checks.amount(tier.from, at.field("from"));
        checks.rate(tier.rate, at.field("rate"));
        checks.amount(tier.fixed, at.field("fixed"));
        checks.ensure(tier.from > last, RejectionCode::CommissionTermsInvalid, at.field("from"));
        last = tier.from;
    }
}

fn check_lists(terms: &CommissionTerms, at: Path<'_>, checks: &mut Checks) {
    let (channels, sellers) = (at.field("channels"), at.field("sellers"));
    let (tariffs, kinds) = (at.field("tariffs"), at.field("kinds"));
    checks.list(&terms.channels, TARIFF_CHANNELS_MAX, channels);
    let ids = terms.channels.iter().take(TARIFF_CHANNELS_MAX).copied().enumerate();
    checks.distinct(ids, |index| channels.item(index).to_string());
    checks.list(&terms.sellers, COMMISSION_SELLERS_MAX, sellers);
    for (index, seller) in terms.sellers.iter().enumerate().take(COMMISSION_SELLERS_MAX) {
        checks.text(seller, REFERENCE_BYTES_MAX, sellers.item(index));
    }
    let names = terms.sellers.iter().take(COMMISSION_SELLERS_MAX).enumerate();
    checks.distinct(names, |index| sellers.item(index).to_string());
    checks.list(&terms.tariffs, COMMISSION_TARIFFS_MAX, tariffs);
    let ids = terms.tariffs.iter().take(COMMISSION_TARIFFS_MAX).copied().enumerate();
    checks.distinct(ids, |index| tariffs.item(index).to_string());
    checks.list(&terms.kinds, KINDS_MAX, kinds);
    let given = terms.kinds.iter().take(KINDS_MAX).copied().enumerate();
    checks.distinct(given, |index| kinds.item(index).to_string());
}

/// Terms that are each in order may still contradict each other.
fn check_sense(terms: &CommissionTerms, at: Path<'_>, checks: &mut Checks) {
    let mut demand =
        |holds: bool, name| checks.ensure(holds, RejectionCode::CommissionTermsInvalid, at.field(name));
    let inside = terms.mode == CommissionMode::Inside;
    demand(!inside || terms.payer == Payer::Organiser, "payer");
    // There is no price that it could be kept back from.
    demand(!inside || terms.on_free == OnFree::Exempt, "on_free");
    let rates = terms.rate != Rate::ZERO || terms.tiers.iter().any(|tier| tier.rate != Rate::ZERO);
    demand(terms.basis != CommissionBasis::PerTicket || !rates, "rate");
    let amounts = terms.fixed != Amount::ZERO || terms.tiers.iter().any(|tier| tier.fixed != Amount::ZERO);
    let least = terms.minimum.is_some_and(|minimum| minimum != Amount::ZERO);
    demand(rates || amounts || least, "rate");
    let limits = terms.minimum.zip(terms.maximum);
    demand(limits.is_none_or(|(minimum, maximum)| minimum <= maximum), "maximum");
}

/// What the terms name.
pub(super) fn check_names(terms: &CommissionTerms, state: &State, checks: &mut Checks) {
    let at = field("terms");
    if let Beneficiary::Party(party) = terms.beneficiary {
        let known = state.commissions.parties.knows(party.0);
        checks.ensure(known, RejectionCode::PartyUnknown, at.field("beneficiary"));
    }
    let (channels, tariffs) = (at.field("channels"), at.field("tariffs"));
    for (index, channel) in terms.channels.iter().enumerate() {
        let known = state.channels.get(channel.0).is_some();
        checks.ensure(known, RejectionCode::ChannelUnknown, channels.item(index));
    }
    for (index, tariff) in terms.tariffs.iter().enumerate() {
        let known = state.tariffs.get(tariff.0).is_some();
        checks.ensure(known, RejectionCode::TariffUnknown, tariffs.item(index));
    }
}

//! Packs: several shows at one price.

use soticket_schema::command::{ChangePack, DefinePack};
use soticket_schema::event::v1::{PackChanged, PackDefined, PackShow, PackTerms, TariffKind};
use soticket_schema::limits::{AMOUNT_MAX, NAME_BYTES_MAX, PACK_SHOWS_MAX};
use soticket_schema::{Event, Rejection, RejectionCode};

use super::checks::{Checks, Path, field};
use super::{Context, Decide, When};
use crate::state::State;

impl Decide for DefinePack {
    fn shape(&self, _when: When, checks: &mut Checks) {
        check_terms(&self.terms, checks);
    }

    fn decide(&self, context: &Context<'_>, checks: &mut Checks) -> Result<Vec<Event>, Rejection> {
        check_names(&self.terms, context.state, checks);
        Ok(vec![PackDefined { pack: context.state.packs.next(), terms: self.terms.clone() }.into()])
    }
}

impl Decide for ChangePack {
    fn shape(&self, _when: When, checks: &mut Checks) {
        check_terms(&self.terms, checks);
    }

    /// What was sold keeps its shares: they are in the lines of its tickets.
    fn decide(&self, context: &Context<'_>, checks: &mut Checks) -> Result<Vec<Event>, Rejection> {
        let known = context.state.packs.get(self.pack).is_some();
        checks.ensure(known, RejectionCode::PackUnknown, field("pack"));
        check_names(&self.terms, context.state, checks);
        Ok(vec![PackChanged { pack: self.pack, terms: self.terms.clone() }.into()])
    }
}

fn check_terms(terms: &PackTerms, checks: &mut Checks) {
    let at = field("terms");
    let (shows, channels) = (at.field("shows"), at.field("channels"));
    checks.text(&terms.name, NAME_BYTES_MAX, at.field("name"));
    checks.amount(terms.price, at.field("price"));
    checks.list_with_one(&terms.shows, PACK_SHOWS_MAX, shows);
    for (index, show) in terms.shows.iter().enumerate().take(PACK_SHOWS_MAX) {
        let fits = (1..=AMOUNT_MAX).contains(&show.weight);
        checks.ensure(fits, RejectionCode::WeightInvalid, shows.item(index).field("weight"));
    }
    let ids = terms.shows.iter().take(PACK_SHOWS_MAX).map(|show| show.show).enumerate();
    checks.distinct(ids, |index| shows.item(index).field("show").to_string());
    if let Some(pick) = terms.pick {
        let most = u32::try_from(terms.shows.len()).unwrap_or(u32::MAX);
        checks.count(u32::from(pick), most, at.field("pick"));
    }
    checks.channels(&terms.channels, channels);
    if let Some(until) = terms.sale_until {
        checks.instant(until, at.field("sale_until"));
    }
}

fn check_names(terms: &PackTerms, state: &State, checks: &mut Checks) {
    let at = field("terms");
    let shows = at.field("shows");
    for (index, show) in terms.shows.iter().enumerate() {
        check_show(show, state, shows.item(index), checks);
    }
    checks.channels_known(&terms.channels, state, at.field("channels"));
}

/// The zone is one of the show's, and the tariff, which is of kind pack, is sold in it.
fn check_show(offered: &PackShow, state: &State, at: Path<'_>, checks: &mut Checks) {
    let show = state.shows.get(offered.show.0);
    let Some(show) = checks.found(show, RejectionCode::ShowUnknown, at.field("show")) else { return };
    let zone_known = show.zone_index(offered.zone).is_some();
    checks.ensure(zone_known, RejectionCode::ZoneUnknown, at.field("zone"));
    let tariff = state.tariffs.get(offered.tariff.0).filter(|tariff| tariff.show == offered.show);
    let Some(tariff) = checks.found(tariff, RejectionCode::TariffUnknown, at.field("tariff")) else { return };
    let in_zone = !zone_known || tariff.price_in(offered.zone).is_some();
    checks.ensure(in_zone, RejectionCode::TariffNotInZone, at.field("tariff"));
    let kind = tariff.terms.kind == TariffKind::Pack;
    checks.ensure(kind, RejectionCode::PackTariffInvalid, at.field("tariff"));
}

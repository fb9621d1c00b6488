//! Deals: what parties agree on, and its later versions.

mod close;
mod steps;

use soticket_schema::command::{AgreeDeal, ChangeDeal};
use soticket_schema::event::v1::{DealAgreed, DealChanged, DealRate, DealRule, DealTerms};
use soticket_schema::limits::{DEAL_SHOWS_MAX, NAME_BYTES_MAX, REFERENCE_BYTES_MAX};
use soticket_schema::{DealId, Event, PartyId, Rejection, RejectionCode, ShowId};

use super::checks::{Checks, Path, field};
use super::{Context, Decide, When};
use crate::state::{Show, State};

impl Decide for AgreeDeal {
    fn shape(&self, _when: When, checks: &mut Checks) {
        let shows = field("shows");
        checks.list_with_one(&self.shows, DEAL_SHOWS_MAX, shows);
        let ids = self.shows.iter().take(DEAL_SHOWS_MAX).copied().enumerate();
        checks.distinct(ids, |index| shows.item(index).to_string());
        check_terms(&self.terms, checks);
    }

    fn decide(&self, context: &Context<'_>, checks: &mut Checks) -> Result<Vec<Event>, Rejection> {
        let shows = field("shows");
        check_names(&self.terms, context.state, checks);
        for (index, id) in self.shows.iter().enumerate() {
            let at = shows.item(index);
            let show = context.state.shows.get(id.0);
            let Some(show) = checks.found(show, RejectionCode::ShowUnknown, at) else { continue };
            check_rates(&self.terms, show, context.state, checks);
            let free = context.state.deals.deal_of(*id).is_none();
            checks.ensure(free, RejectionCode::DealExists, at);
        }
        let first = context.state.deals.next_deal();
        let deals = self.shows.iter().zip(first.0..).map(|(show, deal)| {
            Event::from(DealAgreed { deal: DealId(deal), show: *show, terms: self.terms.clone() })
        });
        Ok(deals.collect())
    }
}

impl Decide for ChangeDeal {
    fn shape(&self, _when: When, checks: &mut Checks) {
        check_terms(&self.terms, checks);
    }

    /// What was sealed by an earlier version stays sealed.
    fn decide(&self, context: &Context<'_>, checks: &mut Checks) -> Result<Vec<Event>, Rejection> {
        check_names(&self.terms, context.state, checks);
        let deal = context.state.deals.deal(self.deal);
        let deal = checks.need(deal, RejectionCode::DealUnknown, field("deal"))?;
        if let Some(show) = context.state.shows.get(deal.show.0) {
            check_rates(&self.terms, show, context.state, checks);
        }
        let next = deal.version.checked_add(1) == Some(self.version);
        checks.ensure(next, RejectionCode::DealVersionMismatch, field("version"));
        let (deal, show) = (self.deal, deal.show);
        Ok(vec![DealChanged { deal, show, version: self.version, terms: self.terms.clone() }.into()])
    }
}

fn check_terms(terms: &DealTerms, checks: &mut Checks) {
    let at = field("terms");
    checks.text(&terms.name, NAME_BYTES_MAX, at.field("name"));
    checks.text_or_empty(&terms.template, REFERENCE_BYTES_MAX, at.field("template"));
    let at = at.field("steps");
    if steps::check(&terms.steps, at, checks) {
        close::check(&terms.steps, at, checks);
    }
}

/// Parties and channels that the steps name exist.
fn check_names(terms: &DealTerms, state: &State, checks: &mut Checks) {
    let at = field("terms");
    let at = at.field("steps");
    for (index, step) in terms.steps.iter().enumerate() {
        let at = at.item(index);
        let rule = at.field("rule");
        check_party(step.party, state, at.field("party"), checks);
        match &step.rule {
            DealRule::Receipts(takings) => {
                checks.channels_known(&takings.channels, state, rule.field("channels"));
            }
            DealRule::Commissions { channels } => {
                checks.channels_known(channels, state, rule.field("channels"));
            }
            DealRule::Costs { borne_by, .. } => {
                check_party(*borne_by, state, rule.field("borne_by"), checks);
            }
            _ => {}
        }
    }
}

/// A party, if one is named, exists.
pub(super) fn check_party(party: Option<PartyId>, state: &State, at: Path<'_>, checks: &mut Checks) {
    if let Some(party) = party {
        let known = state.commissions.parties.knows(party.0);
        checks.ensure(known, RejectionCode::PartyUnknown, at);
    }
}

/// Every rate that is named by its key holds at the date of the show.
fn check_rates(terms: &DealTerms, show: &Show, state: &State, checks: &mut Checks) {
    let at = field("terms");
    let at = at.field("steps");
    for (index, step) in terms.steps.iter().enumerate() {
        let at = at.item(index);
        let rule = at.field("rule");
        let of_rule = match &step.rule {
            DealRule::Share { rate, .. } => Some((rate, rule.field("rate"))),
            _ => None,
        };
        let vat = step.vat.as_ref().map(|vat| (vat, at.field("vat")));
        for (rate, at) in of_rule.into_iter().chain(vat) {
            if let DealRate::Dated(key) = rate {
                let found = state.deals.rates.find(key, &show.territory, show.starts_at);
                checks.ensure(found.is_some(), RejectionCode::RateUnknown, at);
            }
        }
    }
}

/// The show of a command about costs, works and settlements.
pub(super) fn check_show(show: ShowId, state: &State, checks: &mut Checks) {
    checks.ensure(state.shows.get(show.0).is_some(), RejectionCode::ShowUnknown, field("show"));
}

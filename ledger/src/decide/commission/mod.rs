//! Commissions: the rules, what sales are charged by them, and what cancellations give back.

mod charge;
mod lines;
mod reverse;
mod terms;

use soticket_schema::command::{
    ChangeCommission, DefineCommission, EndCommission, RegisterParty, SetCommissionCap,
};
use soticket_schema::event::v1::{
    CommissionCapSet, CommissionChanged, CommissionDefined, CommissionEnded, PartyRegistered,
};
use soticket_schema::limits::{NAME_BYTES_MAX, REFERENCE_BYTES_MAX};
use soticket_schema::{CommissionId, Event, PartyId, Rejection, RejectionCode, Timestamp};

use super::checks::{Checks, field};
use super::{Context, Decide, When};
use crate::fees::Rule;
use crate::state::State;

pub(super) use charge::{charge_live, charge_reported};
pub(super) use reverse::{kept_of, reversed};

impl Decide for RegisterParty {
    fn shape(&self, _when: When, checks: &mut Checks) {
        checks.text(&self.name, NAME_BYTES_MAX, field("name"));
        checks.text_or_empty(&self.siret, REFERENCE_BYTES_MAX, field("siret"));
        checks.text_or_empty(&self.vat_number, REFERENCE_BYTES_MAX, field("vat_number"));
    }

    fn decide(&self, context: &Context<'_>, _checks: &mut Checks) -> Result<Vec<Event>, Rejection> {
        let event = PartyRegistered {
            party: PartyId(context.state.commissions.parties.next()),
            name: self.name.clone(),
            siret: self.siret.clone(),
            vat_number: self.vat_number.clone(),
        };
        Ok(vec![event.into()])
    }
}

impl Decide for DefineCommission {
    fn shape(&self, when: When, checks: &mut Checks) {
        terms::check(&self.terms, checks);
        check_validity(self.valid_from, self.valid_until, when, checks);
    }

    fn decide(&self, context: &Context<'_>, checks: &mut Checks) -> Result<Vec<Event>, Rejection> {
        terms::check_names(&self.terms, context.state, checks);
        let event = CommissionDefined {
            commission: context.state.commissions.rules.next(),
            terms: self.terms.clone(),
            valid_from: self.valid_from.unwrap_or(context.now),
            valid_until: self.valid_until,
        };
        Ok(vec![event.into()])
    }
}

impl Decide for ChangeCommission {
    fn shape(&self, when: When, checks: &mut Checks) {
        terms::check(&self.terms, checks);
        check_validity(self.valid_from, self.valid_until, when, checks);
    }

    /// What was charged stays as it is: sales have frozen it.
    fn decide(&self, context: &Context<'_>, checks: &mut Checks) -> Result<Vec<Event>, Rejection> {
        terms::check_names(&self.terms, context.state, checks);
        let rule = present(context.state, self.commission, checks)?;
        let last = rule.latest().map_or(0, |version| version.version);
        let event = CommissionChanged {
            commission: self.commission,
            version: last.saturating_add(1),
            terms: self.terms.clone(),
            valid_from: self.valid_from.unwrap_or(context.now),
            valid_until: self.valid_until,
        };
        Ok(vec![event.into()])
    }
}

impl Decide for EndCommission {
    fn shape(&self, _when: When, checks: &mut Checks) {
        if let Some(until) = self.valid_until {
            checks.instant(until, field("valid_until"));
        }
    }

    fn decide(&self, context: &Context<'_>, checks: &mut Checks) -> Result<Vec<Event>, Rejection> {
        present(context.state, self.commission, checks)?;
        let valid_until = self.valid_until.unwrap_or(context.now);
        Ok(vec![CommissionEnded { commission: self.commission, valid_until }.into()])
    }
}

impl Decide for SetCommissionCap {
    fn shape(&self, _when: When, checks: &mut Checks) {
        checks.rate(self.cap, field("cap"));
    }

    fn decide(&self, _context: &Context<'_>, _checks: &mut Checks) -> Result<Vec<Event>, Rejection> {
        Ok(vec![CommissionCapSet { cap: self.cap }.into()])
    }
}

/// The instants between which terms or a plan apply; it begins now unless it says when.
pub(super) fn check_validity(
    from: Option<Timestamp>,
    until: Option<Timestamp>,
    when: When,
    checks: &mut Checks,
) {
    if let Some(from) = from {
        checks.instant(from, field("valid_from"));
    }
    if let Some(until) = until {
        checks.instant(until, field("valid_until"));
        let ordered = from.unwrap_or(when.now) < until;
        checks.ensure(ordered, RejectionCode::TimeOrder, field("valid_until"));
    }
}

/// The command's `commission`, which was not ended.
fn present<'a>(
    state: &'a State,
    commission: CommissionId,
    checks: &mut Checks,
) -> Result<&'a Rule, Rejection> {
    let at = field("commission");
    let rule = checks.need(state.commissions.rules.get(commission), RejectionCode::CommissionUnknown, at)?;
    checks.ensure(rule.ended_at.is_none(), RejectionCode::CommissionEnded, at);
    Ok(rule)
}

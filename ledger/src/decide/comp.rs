//! Free tickets: quotas by reason, and warnings when there are too many.

use soticket_schema::command::{SetCompLimits, TicketToCancel};
use soticket_schema::event::v1::{
    CompBasis, CompLimits, CompLimitsPassed, CompLimitsSet, CompReason, OrderLines, PassedLimit,
};
use soticket_schema::limits::{CAPACITY_MAX, COMP_WARNINGS_MAX, NAME_BYTES_MAX};
use soticket_schema::{Event, Rate, Rejection, RejectionCode, ShowId};

use super::checks::{Checks, field};
use super::tariff::REASONS_MAX;
use super::{Context, Decide, When, show};
use crate::state::{Show, State, comp_counts, distinct};

impl Decide for SetCompLimits {
    fn shape(&self, _when: When, checks: &mut Checks) {
        check_limits(&self.limits, checks);
    }

    /// What was given away before stays, even beyond a new quota.
    fn decide(&self, context: &Context<'_>, _checks: &mut Checks) -> Result<Vec<Event>, Rejection> {
        show::show(context.state, self.show)?;
        Ok(vec![CompLimitsSet { show: self.show, limits: self.limits.clone() }.into()])
    }
}

fn check_limits(limits: &CompLimits, checks: &mut Checks) {
    let at = field("limits");
    let (quotas, warnings) = (at.field("quotas"), at.field("warnings"));
    checks.list(&limits.quotas, REASONS_MAX, quotas);
    for (index, quota) in limits.quotas.iter().enumerate().take(REASONS_MAX) {
        let at = quotas.item(index);
        let fits = quota.tickets <= CAPACITY_MAX;
        checks.ensure(fits, RejectionCode::QuantityTooLarge, at.field("tickets"));
        let counts = comp_counts(quota.reason);
        checks.ensure(counts, RejectionCode::CompReasonInvalid, at.field("reason"));
    }
    let reasons = limits.quotas.iter().take(REASONS_MAX).map(|quota| quota.reason).enumerate();
    checks.distinct(reasons, |index| quotas.item(index).field("reason").to_string());
    checks.list(&limits.warnings, COMP_WARNINGS_MAX, warnings);
    for (index, warning) in limits.warnings.iter().enumerate().take(COMP_WARNINGS_MAX) {
        let at = warnings.item(index);
        checks.text(&warning.name, NAME_BYTES_MAX, at.field("name"));
        checks.rate(warning.rate, at.field("rate"));
    }
}

/// Free tickets of one command, on top of those given before.
#[derive(Default)]
pub(super) struct CompsTaken {
    taken: Vec<(ShowId, CompReason, i64)>,
}

impl CompsTaken {
    /// A ticket is given back by the same command.
    pub(super) fn give_back(&mut self, show: ShowId, reason: Option<CompReason>) {
        if let Some(reason) = reason {
            self.taken.push((show, reason, -1));
        }
    }

    /// Counts a ticket, and tells whether it is beyond the quota of its reason.
    pub(super) fn take(&mut self, id: ShowId, show: &Show, reason: Option<CompReason>) -> bool {
        let Some(reason) = reason else { return false };
        let Some(quota) = show.comps.quota(reason) else { return false };
        self.taken.push((id, reason, 1));
        let same = self.taken.iter().filter(|(of, why, _)| (*of, *why) == (id, reason));
        let taken: i64 = same.map(|(_, _, count)| count).sum();
        show.comps.of(reason).saturating_add(taken) > quota
    }
}

/// Limits that the free tickets of a sale take their shows beyond, once what is given back for them is.
pub(super) fn limits_passed(state: &State, lines: &OrderLines, given_back: &[TicketToCancel]) -> Vec<Event> {
    let returned = |show: ShowId| {
        let tickets = given_back.iter().filter_map(|given| state.tickets.get(given.ticket));
        tickets.filter(move |ticket| ticket.show() == show)
    };
    let free = |show: ShowId| {
        let own = lines.tickets.iter().filter(move |line| line.show == show);
        own.filter(|line| line.comp.is_some_and(comp_counts)).count()
    };
    let given = lines.tickets.iter().filter(|line| line.comp.is_some());
    let passed = distinct(given.map(|line| line.show)).into_iter().filter_map(|id| {
        let show = state.shows.get(id.0).filter(|show| !show.comps.limits.warnings.is_empty())?;
        let free = i64::try_from(free(id)).unwrap_or(i64::MAX);
        let tickets = lines.tickets.iter().filter(|line| line.show == id).count();
        let count = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
        let sold = show.sold().saturating_add(count(tickets)).saturating_sub(count(returned(id).count()));
        let back = returned(id).filter(|ticket| ticket.comp.is_some_and(comp_counts)).count();
        let comps = show.comps.total().saturating_add(free).saturating_sub(count(back));
        let passed = passed(show, sold, comps);
        (free > 0 && !passed.is_empty()).then(|| {
            let comps = u64::try_from(comps).unwrap_or(0);
            CompLimitsPassed { order: lines.order, show: id, comps, passed }.into()
        })
    });
    passed.collect()
}

fn passed(show: &Show, sold: i64, comps: i64) -> Vec<PassedLimit> {
    let limits = show.comps.limits.warnings.iter().filter_map(|warning| {
        let basis = match warning.basis {
            CompBasis::Capacity => show.authorised_capacity,
            CompBasis::Sold => sold,
        };
        let allowed = part_of(basis, warning.rate);
        (comps > allowed)
            .then(|| PassedLimit { warning: warning.clone(), allowed: u64::try_from(allowed).unwrap_or(0) })
    });
    limits.collect()
}

/// A share of a count, rounded down: one ticket more is beyond it.
fn part_of(count: i64, rate: Rate) -> i64 {
    let part = i128::from(count.max(0)) * i128::from(rate.0.max(0)) / i128::from(Rate::ONE.0);
    i64::try_from(part).unwrap_or(i64::MAX)
}

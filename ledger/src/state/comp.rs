//! What decisions know of a show's free tickets.

use serde::{Deserialize, Serialize};
use soticket_schema::ShowId;
use soticket_schema::event::v1::{CompLimits, CompReason};

use super::State;

/// Free tickets of a show by reason, and what limits them.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Comps {
    pub(crate) limits: CompLimits,
    /// Valid ones by reason; those that were paid for with a card or pack are not counted.
    counts: Vec<(CompReason, i64)>,
}

/// Whether a reason counts: a holder of a card or pack has paid.
pub(crate) fn counts(reason: CompReason) -> bool {
    reason != CompReason::Prepaid
}

impl Comps {
    /// Valid free tickets for a reason.
    pub(crate) fn of(&self, reason: CompReason) -> i64 {
        self.counts.iter().find(|(of, _)| *of == reason).map_or(0, |(_, count)| *count)
    }

    /// Valid free tickets that count.
    pub(crate) fn total(&self) -> i64 {
        self.counts.iter().map(|(_, count)| *count).fold(0, i64::saturating_add)
    }

    /// Most free tickets for a reason, if it is limited.
    pub(crate) fn quota(&self, reason: CompReason) -> Option<i64> {
        let quota = self.limits.quotas.iter().find(|quota| quota.reason == reason)?;
        Some(i64::from(quota.tickets))
    }

    pub(super) fn count(&mut self, reason: Option<CompReason>, change: i64) {
        let Some(reason) = reason.filter(|reason| counts(*reason)) else { return };
        match self.counts.iter_mut().find(|(of, _)| *of == reason) {
            Some((_, count)) => *count = count.saturating_add(change),
            None => self.counts.push((reason, change)),
        }
    }
}

impl State {
    pub(super) fn comp_limits_set(&mut self, show: ShowId, limits: &CompLimits) {
        if let Some(show) = self.shows.get_mut(show.0) {
            show.comps.limits.clone_from(limits);
        }
    }
}

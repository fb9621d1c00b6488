//! Free tickets of one show by reason, and what limits them.

use serde::{Deserialize, Serialize};
use soticket_schema::event::v1::{CompBasis, CompLimits, CompReason};
use soticket_schema::money::Rate;

use super::view::{CompCount, CompLimitState, ShowComps};
use super::zone::shown;

/// Valid free tickets by reason. Those that were paid for with a card or pack are not counted.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Comps {
    pub(super) limits: CompLimits,
    /// In the order in which they were first given.
    counts: Vec<(CompReason, i64)>,
}

impl Comps {
    /// Counts a free ticket; the place of its reason in the list, from 1, or 0 if it does not count.
    pub(super) fn add(&mut self, reason: Option<CompReason>) -> u8 {
        let Some(reason) = reason.filter(|reason| *reason != CompReason::Prepaid) else { return 0 };
        let index = self.counts.iter().position(|(known, _)| *known == reason).unwrap_or_else(|| {
            self.counts.push((reason, 0));
            self.counts.len() - 1
        });
        if let Some((_, count)) = self.counts.get_mut(index) {
            *count += 1;
        }
        u8::try_from(index + 1).unwrap_or(0)
    }

    /// A ticket whose reason has this place is no longer valid.
    pub(super) fn remove(&mut self, place: u8) {
        let index = usize::from(place).checked_sub(1);
        if let Some((_, count)) = index.and_then(|index| self.counts.get_mut(index)) {
            *count -= 1;
        }
    }

    pub(super) fn view(&self, capacity: i64, sold: u64) -> ShowComps {
        let given = |reason: CompReason| {
            self.counts.iter().find(|(known, _)| *known == reason).map_or(0, |(_, count)| shown(*count))
        };
        let quota = |reason: CompReason| {
            let quota = self.limits.quotas.iter().find(|quota| quota.reason == reason);
            quota.map(|quota| u64::from(quota.tickets))
        };
        let named = self.counts.iter().filter(|(_, count)| *count > 0).map(|(reason, _)| *reason);
        let mut reasons: Vec<CompReason> =
            named.chain(self.limits.quotas.iter().map(|quota| quota.reason)).collect();
        reasons.sort_unstable();
        reasons.dedup();
        let total = shown(self.counts.iter().map(|(_, count)| *count).fold(0, i64::saturating_add));
        let limits = self.limits.warnings.iter().map(|warning| {
            let basis = match warning.basis {
                CompBasis::Capacity => shown(capacity),
                CompBasis::Sold => sold,
            };
            let allowed = part_of(basis, warning.rate);
            CompLimitState { warning: warning.clone(), allowed, passed: total > allowed }
        });
        let reason = |reason| CompCount { reason, given: given(reason), quota: quota(reason) };
        ShowComps { total, reasons: reasons.into_iter().map(reason).collect(), limits: limits.collect() }
    }
}

/// A share of a count, rounded down.
fn part_of(count: u64, rate: Rate) -> u64 {
    let part = u128::from(count) * u128::try_from(rate.0.max(0)).unwrap_or(0) / 1_000_000;
    u64::try_from(part).unwrap_or(u64::MAX)
}

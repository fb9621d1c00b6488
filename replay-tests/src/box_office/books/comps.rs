//! Free tickets, counted again: quotas by reason, and the warnings that a sale should give.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Result, ensure};
use soticket_schema::event::v1::{CompBasis, CompLimits, CompLimitsPassed, CompReason, OrderLines};
use soticket_schema::{Event, ShowId};

/// Valid free tickets and their limits.
#[derive(Debug, Default)]
pub(super) struct Comps {
    limits: BTreeMap<ShowId, CompLimits>,
    given: BTreeMap<(ShowId, CompReason), i64>,
    valid: BTreeMap<ShowId, i64>,
}

/// A free ticket that a card or pack has paid for is none.
fn is_free(reason: Option<CompReason>) -> Option<CompReason> {
    reason.filter(|reason| *reason != CompReason::Prepaid)
}

impl Comps {
    pub(super) fn set(&mut self, show: ShowId, limits: &CompLimits) {
        self.limits.insert(show, limits.clone());
    }

    /// A valid ticket more, or less.
    pub(super) fn count(&mut self, show: ShowId, reason: Option<CompReason>, change: i64) {
        *self.valid.entry(show).or_default() += change;
        if let Some(reason) = is_free(reason) {
            *self.given.entry((show, reason)).or_default() += change;
        }
    }

    fn free(&self, show: ShowId) -> i64 {
        self.given
            .range((show, CompReason::Artist)..)
            .take_while(|((of, _), _)| *of == show)
            .map(|(_, n)| n)
            .sum()
    }

    /// Reasons of the sale that are beyond their quotas now.
    pub(super) fn over_quota(&self, lines: &OrderLines) -> BTreeSet<(ShowId, CompReason)> {
        let given = lines.tickets.iter().filter_map(|line| Some((line.show, line.comp?)));
        let over = given.filter(|(show, reason)| {
            let quotas = self.limits.get(show).map_or(&[][..], |limits| &limits.quotas);
            let quota = quotas.iter().find(|quota| quota.reason == *reason);
            let given = self.given.get(&(*show, *reason)).copied().unwrap_or(0);
            quota.is_some_and(|quota| given > i64::from(quota.tickets))
        });
        over.collect()
    }

    /// The warnings that a sale gives, as the shows stand with it: as it was sold, those of one command.
    pub(super) fn check_warnings(
        &self,
        lines: &OrderLines,
        events: &[Event],
        authorised: impl Fn(ShowId) -> i64,
    ) -> Result<()> {
        let said: Vec<&CompLimitsPassed> = events
            .iter()
            .filter_map(|event| match event {
                Event::CompLimitsPassed(passed) if passed.order == lines.order => Some(passed),
                _ => None,
            })
            .collect();
        let free = lines.tickets.iter().filter(|line| is_free(line.comp).is_some());
        let shows: BTreeSet<ShowId> = free.map(|line| line.show).collect();
        let mut own = Vec::new();
        for show in shows {
            let comps = self.free(show);
            let warnings = self.limits.get(&show).map_or(&[][..], |limits| &limits.warnings);
            let passed = warnings.iter().filter_map(|warning| {
                let of = match warning.basis {
                    CompBasis::Capacity => authorised(show),
                    CompBasis::Sold => self.valid.get(&show).copied().unwrap_or(0),
                };
                let allowed = i128::from(of) * i128::from(warning.rate.0) / 1_000_000;
                (i128::from(comps) > allowed).then_some((warning.clone(), allowed))
            });
            let passed: Vec<_> = passed.collect();
            if !passed.is_empty() {
                own.push((show, comps, passed));
            }
        }
        let said: Vec<_> = said
            .into_iter()
            .map(|event| {
                let passed = event.passed.iter().map(|one| (one.warning.clone(), i128::from(one.allowed)));
                (event.show, i64::try_from(event.comps).unwrap_or(-1), passed.collect::<Vec<_>>())
            })
            .collect();
        ensure!(own == said, "warnings of free tickets: {said:?}, the limits say {own:?}");
        Ok(())
    }
}

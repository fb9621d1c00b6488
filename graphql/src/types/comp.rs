//! Free tickets: counts by reason, and limits.

use async_graphql::{Context, Object, Result, SimpleObject};
use soticket_projections::availability;
use soticket_schema::event::v1::{CompLimitsPassed, CompWarning, PassedLimit};

use super::Show;
use super::enums::{CompBasis, CompReason};
use super::lookup::{count, named};
use crate::input::Scope;
use crate::scalar::Decimal;

/// Free tickets of a show. Those that were paid for with a card or pack are not counted.
#[derive(SimpleObject)]
#[graphql(serial)]
pub(crate) struct ShowComps {
    /// All valid ones.
    total: i32,
    /// Reasons that have any, or a quota.
    reasons: Vec<CompCount>,
    /// Limits beyond which there is a warning.
    limits: Vec<CompLimit>,
}

/// Free tickets for one reason (party).
#[derive(SimpleObject)]
#[graphql(serial)]
pub(crate) struct CompCount {
    /// The reason.
    reason: CompReason,
    /// Valid ones.
    given: i32,
    /// Most that may be given live; null for no quota.
    quota: Option<i32>,
    /// How many more may be given live; null for no quota.
    left: Option<i32>,
}

/// A share of free tickets beyond which there is a warning.
#[derive(SimpleObject)]
#[graphql(serial)]
pub(crate) struct CompLimit {
    /// Whose limit it is.
    name: String,
    /// What it is measured against.
    basis: CompBasis,
    /// The share, in percent.
    rate: Decimal,
    /// Free tickets that it allows.
    allowed: i32,
    /// Whether there are more.
    passed: bool,
}

impl CompLimit {
    fn new(warning: CompWarning, allowed: u64, passed: bool) -> Self {
        let CompWarning { name, basis, rate } = warning;
        Self { name, basis: basis.into(), rate: Decimal::percent(rate), allowed: count(allowed), passed }
    }
}

impl From<&availability::ShowComps> for ShowComps {
    fn from(view: &availability::ShowComps) -> Self {
        let reason = |reason: &availability::CompCount| CompCount {
            reason: reason.reason.into(),
            given: count(reason.given),
            quota: reason.quota.map(count),
            left: reason.quota.map(|quota| count(quota.saturating_sub(reason.given))),
        };
        let limits = view.limits.iter().cloned();
        Self {
            total: count(view.total),
            reasons: view.reasons.iter().map(reason).collect(),
            limits: limits.map(|limit| CompLimit::new(limit.warning, limit.allowed, limit.passed)).collect(),
        }
    }
}

/// What the seller of free tickets was warned of.
pub(crate) struct CompLimitsWarning {
    scope: Scope,
    event: CompLimitsPassed,
}

impl CompLimitsWarning {
    /// The warning that an event tells.
    pub(crate) fn new(scope: Scope, event: &CompLimitsPassed) -> Self {
        Self { scope, event: event.clone() }
    }
}

/// A warning that the free tickets of an order took a show beyond limits. The order was recorded all the same.
#[Object]
impl CompLimitsWarning {
    /// The show.
    async fn show(&self, context: &Context<'_>) -> Result<Show> {
        named(context, self.scope, self.event.show, Show::load)
    }

    /// Free tickets of the show that count, with those of the order.
    async fn comps(&self) -> i32 {
        count(self.event.comps)
    }

    /// The limits that they are beyond.
    async fn limits(&self) -> Vec<CompLimit> {
        let limit = |passed: &PassedLimit| CompLimit::new(passed.warning.clone(), passed.allowed, true);
        self.event.passed.iter().map(limit).collect()
    }
}

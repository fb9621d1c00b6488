//! How objects find what they refer to.

use async_graphql::{Context, ID, Result};
use soticket_schema::Amount;

use crate::core::Core;
use crate::error::{ErrorCode, coded};
use crate::ids::{self, Numbered};
use crate::input::Scope;
use crate::money::Money;

/// The object that an event or another object names: it is there, or the read models are behind.
pub(super) fn named<I: Numbered, O>(
    context: &Context<'_>,
    scope: Scope,
    id: I,
    load: impl FnOnce(&Core, Scope, I) -> Option<O>,
) -> Result<O> {
    load(Core::of(context)?, scope, id).ok_or_else(|| coded(ErrorCode::StaleRead))
}

/// The object that a client names; none if there is none.
pub(super) fn asked<I: Numbered, O>(
    context: &Context<'_>,
    scope: Scope,
    id: &ID,
    load: impl FnOnce(&Core, Scope, I) -> Option<O>,
) -> Option<Result<O>> {
    let number = ids::local(scope.organisation, id)?;
    match Core::of(context) {
        Ok(core) => load(core, scope, number).map(Ok),
        Err(error) => Some(Err(error)),
    }
}

/// A count as GraphQL's 32-bit integer. What is counted is places, tickets and passages: far below the limit.
pub(super) fn count(count: u64) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}

impl Scope {
    /// An amount in the organisation's currency.
    pub(crate) fn money(&self, amount: Amount) -> Money {
        Money::new(amount, self.currency)
    }
}

//! Limits on free tickets.

use async_graphql::{ID, InputObject};
use soticket_schema::command::SetCompLimits;
use soticket_schema::event::v1::{CompLimits, CompQuota, CompWarning};
use soticket_schema::{CommandBody, Rejection, RejectionCode};

use super::{Caller, CommandInput, Scope};
use crate::scalar::Decimal;
use crate::types::enums::{CompBasis, CompReason};

/// Most free tickets of a show for one reason (party).
#[derive(InputObject)]
pub(crate) struct CompQuotaInput {
    /// The reason; PREPAID cannot be limited, since it is not counted.
    reason: CompReason,
    /// How many.
    tickets: i32,
}

/// A share of free tickets beyond which there is a warning.
#[derive(InputObject)]
pub(crate) struct CompWarningInput {
    /// Whose limit it is, such as a society that collects royalties.
    name: String,
    /// What it is measured against.
    basis: CompBasis,
    /// The share, in percent.
    rate: Decimal,
}

/// What limits a show's free tickets.
#[derive(InputObject)]
pub(crate) struct CompLimitsInput {
    /// Quotas by reason; a reason that is not named has none.
    #[graphql(default)]
    quotas: Vec<CompQuotaInput>,
    /// When to warn.
    #[graphql(default)]
    warnings: Vec<CompWarningInput>,
}

impl CompLimitsInput {
    fn limits(self, scope: &Scope) -> Result<CompLimits, Rejection> {
        let quota = |(place, quota): (usize, CompQuotaInput)| {
            // No ticket at all is a quota too; fewer are not.
            let tickets = u32::try_from(quota.tickets).map_err(|_| {
                Rejection::new(RejectionCode::QuantityZero, format!("limits.quotas.{place}.tickets"))
            })?;
            Ok(CompQuota { reason: quota.reason.into(), tickets })
        };
        let warning = |(place, warning): (usize, CompWarningInput)| {
            let rate = scope.rate(&warning.rate, || format!("limits.warnings.{place}.rate"))?;
            Ok(CompWarning { name: warning.name, basis: warning.basis.into(), rate })
        };
        Ok(CompLimits {
            quotas: self.quotas.into_iter().enumerate().map(quota).collect::<Result<_, _>>()?,
            warnings: self.warnings.into_iter().enumerate().map(warning).collect::<Result<_, _>>()?,
        })
    }
}

/// Input of `compLimitsSet`.
#[derive(InputObject)]
pub(crate) struct CompLimitsSetInput {
    #[graphql(flatten)]
    caller: Caller,
    /// The show.
    show: ID,
    /// All limits, changed or not.
    limits: CompLimitsInput,
}

impl CommandInput for CompLimitsSetInput {
    fn caller(&self) -> &Caller {
        &self.caller
    }

    fn body(self, scope: &Scope) -> Result<CommandBody, Rejection> {
        let (show, limits) = (scope.id(&self.show), self.limits.limits(scope)?);
        Ok(CommandBody::SetCompLimits(SetCompLimits { show, limits }))
    }
}

//! Payments that succeed, fail or come back days later.

use async_graphql::{ID, InputObject};
use soticket_schema::command::{AnnouncePayment, ConfirmPayment, FailPayment, ReversePayment};
use soticket_schema::{CommandBody, Rejection, Timestamp};

use super::scope::LegInput;
use super::{Caller, CommandInput, Scope};
use crate::scalar::DateTime;
use crate::types::enums::PaymentFailure;

/// Input of `paymentAnnounce`.
#[derive(InputObject)]
pub(crate) struct PaymentAnnounceInput {
    #[graphql(flatten)]
    caller: Caller,
    /// The order.
    order: ID,
    /// How it is to be paid.
    legs: Vec<LegInput>,
    /// When it should have come in.
    expected_by: DateTime,
}

impl CommandInput for PaymentAnnounceInput {
    fn caller(&self) -> &Caller {
        &self.caller
    }

    fn body(self, scope: &Scope) -> Result<CommandBody, Rejection> {
        Ok(CommandBody::AnnouncePayment(AnnouncePayment {
            order: scope.id(&self.order),
            legs: scope.legs(&self.legs, "legs")?,
            expected_by: self.expected_by.0,
        }))
    }
}

/// Input of `paymentConfirm`.
#[derive(InputObject)]
pub(crate) struct PaymentConfirmInput {
    #[graphql(flatten)]
    caller: Caller,
    /// When it came in, if it is a fact that is recorded later.
    occurred_at: Option<DateTime>,
    /// The payment on its way.
    payment: ID,
}

impl CommandInput for PaymentConfirmInput {
    fn caller(&self) -> &Caller {
        &self.caller
    }

    fn occurred_at(&self) -> Option<Timestamp> {
        self.occurred_at.map(|time| time.0)
    }

    fn body(self, scope: &Scope) -> Result<CommandBody, Rejection> {
        Ok(CommandBody::ConfirmPayment(ConfirmPayment { payment: scope.id(&self.payment) }))
    }
}

/// Input of `paymentFail`.
#[derive(InputObject)]
pub(crate) struct PaymentFailInput {
    #[graphql(flatten)]
    caller: Caller,
    /// When it failed, if it is a fact that is recorded later.
    occurred_at: Option<DateTime>,
    /// The payment on its way.
    payment: ID,
    /// Why.
    reason: PaymentFailure,
}

impl CommandInput for PaymentFailInput {
    fn caller(&self) -> &Caller {
        &self.caller
    }

    fn occurred_at(&self) -> Option<Timestamp> {
        self.occurred_at.map(|time| time.0)
    }

    fn body(self, scope: &Scope) -> Result<CommandBody, Rejection> {
        let (payment, reason) = (scope.id(&self.payment), self.reason.into());
        Ok(CommandBody::FailPayment(FailPayment { payment, reason }))
    }
}

/// Input of `paymentReverse`.
#[derive(InputObject)]
pub(crate) struct PaymentReverseInput {
    #[graphql(flatten)]
    caller: Caller,
    /// When it went away, if it is a fact that is recorded later.
    occurred_at: Option<DateTime>,
    /// The order.
    order: ID,
    /// The payment that is taken back.
    payment: ID,
    /// What went away.
    legs: Vec<LegInput>,
    /// Why.
    reason: PaymentFailure,
}

impl CommandInput for PaymentReverseInput {
    fn caller(&self) -> &Caller {
        &self.caller
    }

    fn occurred_at(&self) -> Option<Timestamp> {
        self.occurred_at.map(|time| time.0)
    }

    fn body(self, scope: &Scope) -> Result<CommandBody, Rejection> {
        Ok(CommandBody::ReversePayment(ReversePayment {
            order: scope.id(&self.order),
            payment: scope.id(&self.payment),
            legs: scope.legs(&self.legs, "legs")?,
            reason: self.reason.into(),
        }))
    }
}

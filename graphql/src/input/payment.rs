//! Money in and out.

use async_graphql::{ID, InputObject};
use soticket_schema::command::{RecordPayment, ReturnMoney};
use soticket_schema::{CommandBody, Rejection, Timestamp};

use super::scope::LegInput;
use super::{Caller, CommandInput, Scope};
use crate::scalar::DateTime;

/// Input of `paymentRecord`.
#[derive(InputObject)]
pub(crate) struct PaymentRecordInput {
    #[graphql(flatten)]
    caller: Caller,
    /// When it happened, if it is a fact that is recorded later.
    occurred_at: Option<DateTime>,
    /// The order.
    order: ID,
    /// How it was paid.
    legs: Vec<LegInput>,
}

impl CommandInput for PaymentRecordInput {
    fn caller(&self) -> &Caller {
        &self.caller
    }

    fn occurred_at(&self) -> Option<Timestamp> {
        self.occurred_at.map(|time| time.0)
    }

    fn body(self, scope: &Scope) -> Result<CommandBody, Rejection> {
        let (order, legs) = (scope.id(&self.order), scope.legs(&self.legs, "legs")?);
        Ok(CommandBody::RecordPayment(RecordPayment { order, legs }))
    }
}

/// Input of `moneyReturn`.
#[derive(InputObject)]
pub(crate) struct MoneyReturnInput {
    #[graphql(flatten)]
    caller: Caller,
    /// When it happened, if it is a fact that is recorded later.
    occurred_at: Option<DateTime>,
    /// The order.
    order: ID,
    /// How it was returned.
    legs: Vec<LegInput>,
}

impl CommandInput for MoneyReturnInput {
    fn caller(&self) -> &Caller {
        &self.caller
    }

    fn occurred_at(&self) -> Option<Timestamp> {
        self.occurred_at.map(|time| time.0)
    }

    fn body(self, scope: &Scope) -> Result<CommandBody, Rejection> {
        let (order, legs) = (scope.id(&self.order), scope.legs(&self.legs, "legs")?);
        Ok(CommandBody::ReturnMoney(ReturnMoney { order, legs }))
    }
}

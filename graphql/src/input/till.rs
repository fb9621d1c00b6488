//! Tills of box offices.

use async_graphql::{ID, InputObject};
use soticket_schema::command::{CloseTill, MoveTillCash, OpenTill, TillCount};
use soticket_schema::ids::ActorId;
use soticket_schema::{CommandBody, Rejection, Timestamp};

use super::{Caller, CommandInput, Scope};
use crate::scalar::{DateTime, Decimal};
use crate::types::enums::{CashDirection, CashReason};

/// Input of `tillOpen`.
#[derive(InputObject)]
pub(crate) struct TillOpenInput {
    #[graphql(flatten)]
    caller: Caller,
    /// The box office.
    channel: ID,
    /// Label of the till, as orders name it as their seller.
    till: String,
    /// Who is responsible for the drawer; `actor` if absent.
    operator: Option<ID>,
    /// The way of paying that the drawer holds: one of kind cash.
    cash: ID,
    /// Cash in the drawer.
    float: Decimal,
}

impl CommandInput for TillOpenInput {
    fn caller(&self) -> &Caller {
        &self.caller
    }

    fn body(self, scope: &Scope) -> Result<CommandBody, Rejection> {
        let float = scope.amount(&self.float, || "float".into())?;
        let operator = self.operator.or(self.caller.actor);
        Ok(CommandBody::OpenTill(OpenTill {
            channel: scope.id(&self.channel),
            till: self.till,
            operator: operator.map_or(ActorId(0), |operator| scope.id(&operator)),
            cash: scope.id(&self.cash),
            float,
        }))
    }
}

/// Input of `tillCashMove`.
#[derive(InputObject)]
pub(crate) struct TillCashMoveInput {
    #[graphql(flatten)]
    caller: Caller,
    /// When it happened, if it is a fact that is recorded later.
    occurred_at: Option<DateTime>,
    /// The till session.
    session: ID,
    /// Which way.
    direction: CashDirection,
    /// Why.
    reason: CashReason,
    /// How much, above zero.
    amount: Decimal,
}

impl CommandInput for TillCashMoveInput {
    fn caller(&self) -> &Caller {
        &self.caller
    }

    fn occurred_at(&self) -> Option<Timestamp> {
        self.occurred_at.map(|time| time.0)
    }

    fn body(self, scope: &Scope) -> Result<CommandBody, Rejection> {
        Ok(CommandBody::MoveTillCash(MoveTillCash {
            session: scope.id(&self.session),
            direction: self.direction.into(),
            reason: self.reason.into(),
            amount: scope.amount(&self.amount, || "amount".into())?,
        }))
    }
}

/// What was counted of one way of paying.
#[derive(InputObject)]
pub(crate) struct TillCountInput {
    /// The way of paying.
    method: ID,
    /// How much.
    counted: Decimal,
}

/// Input of `tillClose`.
#[derive(InputObject)]
pub(crate) struct TillCloseInput {
    #[graphql(flatten)]
    caller: Caller,
    /// The till session.
    session: ID,
    /// What was counted, by way of paying; the drawer's cash at least.
    counts: Vec<TillCountInput>,
}

impl CommandInput for TillCloseInput {
    fn caller(&self) -> &Caller {
        &self.caller
    }

    fn body(self, scope: &Scope) -> Result<CommandBody, Rejection> {
        let count = |(place, count): (usize, &TillCountInput)| {
            let counted = scope.amount(&count.counted, || format!("counts.{place}.counted"))?;
            Ok(TillCount { method: scope.id(&count.method), counted })
        };
        let counts = self.counts.iter().enumerate().map(count).collect::<Result<_, Rejection>>()?;
        Ok(CommandBody::CloseTill(CloseTill { session: scope.id(&self.session), counts }))
    }
}

//! Those who sell, and their tills.

use async_graphql::{Context, Object, Result};

use super::payload::{ActorAssignPayload, TillCashMovePayload, TillClosePayload, TillOpenPayload};
use super::submit;
use crate::input::{ActorAssignInput, TillCashMoveInput, TillCloseInput, TillOpenInput};

/// Those who sell, and their tills.
#[derive(Default)]
pub(super) struct SellersMutation;

#[Object]
impl SellersMutation {
    /// Binds an actor to channels: it does what its role does, on these, and nothing else.
    async fn actor_assign(
        &self,
        context: &Context<'_>,
        input: ActorAssignInput,
    ) -> Option<Result<ActorAssignPayload>> {
        submit(context, input).await
    }

    /// Opens a till of a box office.
    async fn till_open(
        &self,
        context: &Context<'_>,
        input: TillOpenInput,
    ) -> Option<Result<TillOpenPayload>> {
        submit(context, input).await
    }

    /// Puts cash into a till or takes it out, other than by a sale.
    async fn till_cash_move(
        &self,
        context: &Context<'_>,
        input: TillCashMoveInput,
    ) -> Option<Result<TillCashMovePayload>> {
        submit(context, input).await
    }

    /// Closes a till with what was counted.
    async fn till_close(
        &self,
        context: &Context<'_>,
        input: TillCloseInput,
    ) -> Option<Result<TillClosePayload>> {
        submit(context, input).await
    }
}

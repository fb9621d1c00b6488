//! Quotas and holds.

use async_graphql::{Context, Object, Result};

use super::payload::{
    HoldPlacePayload, HoldReleasePayload, QuotaAllocatePayload, QuotaClosePayload, QuotaDeadlineSetPayload,
    QuotaReturnPayload, QuotaTransferPayload,
};
use super::submit;
use crate::input::{
    HoldPlaceInput, HoldReleaseInput, QuotaAllocateInput, QuotaCloseInput, QuotaDeadlineSetInput,
    QuotaReturnInput, QuotaTransferInput,
};

/// Quotas and holds.
#[derive(Default)]
pub(super) struct PlacesMutation;

#[Object]
impl PlacesMutation {
    /// Adds places to a channel's quota.
    async fn quota_allocate(
        &self,
        context: &Context<'_>,
        input: QuotaAllocateInput,
    ) -> Option<Result<QuotaAllocatePayload>> {
        submit(context, input).await
    }

    /// Moves places from one channel's quota to another's.
    async fn quota_transfer(
        &self,
        context: &Context<'_>,
        input: QuotaTransferInput,
    ) -> Option<Result<QuotaTransferPayload>> {
        submit(context, input).await
    }

    /// Ends a channel's quota; what is left of it goes to the pool.
    async fn quota_close(
        &self,
        context: &Context<'_>,
        input: QuotaCloseInput,
    ) -> Option<Result<QuotaClosePayload>> {
        submit(context, input).await
    }

    /// Gives places of a channel's quota back to the pool (retour de contingent).
    async fn quota_return(
        &self,
        context: &Context<'_>,
        input: QuotaReturnInput,
    ) -> Option<Result<QuotaReturnPayload>> {
        submit(context, input).await
    }

    /// Says when what is left of a channel's quota goes back to the pool by itself.
    async fn quota_deadline_set(
        &self,
        context: &Context<'_>,
        input: QuotaDeadlineSetInput,
    ) -> Option<Result<QuotaDeadlineSetPayload>> {
        submit(context, input).await
    }

    /// Keeps places for a basket or an option.
    async fn hold_place(
        &self,
        context: &Context<'_>,
        input: HoldPlaceInput,
    ) -> Option<Result<HoldPlacePayload>> {
        submit(context, input).await
    }

    /// Gives a hold back.
    async fn hold_release(
        &self,
        context: &Context<'_>,
        input: HoldReleaseInput,
    ) -> Option<Result<HoldReleasePayload>> {
        submit(context, input).await
    }
}

//! Subscriber cards, gift cards and vouchers.

use async_graphql::{Context, Object, Result};

use super::payload::{
    CardTypeChangePayload, CardTypeDefinePayload, RightsExpirePayload, StoredValueReturnPayload,
    StoredValueSpendPayload,
};
use super::submit;
use crate::input::{
    CardTypeChangeInput, CardTypeDefineInput, RightsExpireInput, StoredValueReturnInput,
    StoredValueSpendInput,
};

/// Subscriber cards, gift cards and vouchers.
#[derive(Default)]
pub(super) struct RightsMutation;

#[Object]
impl RightsMutation {
    /// Offers a kind of subscriber card.
    async fn card_type_define(
        &self,
        context: &Context<'_>,
        input: CardTypeDefineInput,
    ) -> Option<Result<CardTypeDefinePayload>> {
        submit(context, input).await
    }

    /// Changes a kind of subscriber card for cards sold later.
    async fn card_type_change(
        &self,
        context: &Context<'_>,
        input: CardTypeChangeInput,
    ) -> Option<Result<CardTypeChangePayload>> {
        submit(context, input).await
    }

    /// Accounts for cards, gift cards and vouchers past their time; repeat until there is nothing left.
    async fn rights_expire(
        &self,
        context: &Context<'_>,
        input: RightsExpireInput,
    ) -> Option<Result<RightsExpirePayload>> {
        submit(context, input).await
    }

    /// Pays an order from gift cards or vouchers.
    async fn stored_value_spend(
        &self,
        context: &Context<'_>,
        input: StoredValueSpendInput,
    ) -> Option<Result<StoredValueSpendPayload>> {
        submit(context, input).await
    }

    /// Returns money of an order to a gift card.
    async fn stored_value_return(
        &self,
        context: &Context<'_>,
        input: StoredValueReturnInput,
    ) -> Option<Result<StoredValueReturnPayload>> {
        submit(context, input).await
    }
}

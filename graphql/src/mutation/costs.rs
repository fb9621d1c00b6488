//! Commissions, the parties that earn them, and payment providers' plans.

use async_graphql::{Context, Object, Result};

use super::payload::{
    CommissionCapSetPayload, CommissionChangePayload, CommissionDefinePayload, CommissionEndPayload,
    PartyRegisterPayload, ProviderPlanDefinePayload, ProviderPlanEndPayload,
};
use super::submit;
use crate::input::{
    CommissionCapSetInput, CommissionChangeInput, CommissionDefineInput, CommissionEndInput,
    PartyRegisterInput, ProviderPlanDefineInput, ProviderPlanEndInput,
};

/// Commissions, the parties that earn them, and payment providers' plans.
#[derive(Default)]
pub(super) struct CostsMutation;

#[Object]
impl CostsMutation {
    /// Gives a company, association or public body that may earn commissions a number.
    async fn party_register(
        &self,
        context: &Context<'_>,
        input: PartyRegisterInput,
    ) -> Option<Result<PartyRegisterPayload>> {
        submit(context, input).await
    }

    /// Charges a commission on later sales.
    async fn commission_define(
        &self,
        context: &Context<'_>,
        input: CommissionDefineInput,
    ) -> Option<Result<CommissionDefinePayload>> {
        submit(context, input).await
    }

    /// Changes a commission for later sales; what was charged stays.
    async fn commission_change(
        &self,
        context: &Context<'_>,
        input: CommissionChangeInput,
    ) -> Option<Result<CommissionChangePayload>> {
        submit(context, input).await
    }

    /// Ends a commission, in any version.
    async fn commission_end(
        &self,
        context: &Context<'_>,
        input: CommissionEndInput,
    ) -> Option<Result<CommissionEndPayload>> {
        submit(context, input).await
    }

    /// Sets the share of the face price above which commissions are flagged: 15 % until it is set.
    async fn commission_cap_set(
        &self,
        context: &Context<'_>,
        input: CommissionCapSetInput,
    ) -> Option<Result<CommissionCapSetPayload>> {
        submit(context, input).await
    }

    /// Adds a plan that a payment provider charges by.
    async fn provider_plan_define(
        &self,
        context: &Context<'_>,
        input: ProviderPlanDefineInput,
    ) -> Option<Result<ProviderPlanDefinePayload>> {
        submit(context, input).await
    }

    /// Ends a payment provider's plan.
    async fn provider_plan_end(
        &self,
        context: &Context<'_>,
        input: ProviderPlanEndInput,
    ) -> Option<Result<ProviderPlanEndPayload>> {
        submit(context, input).await
    }
}

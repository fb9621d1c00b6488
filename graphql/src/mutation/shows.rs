//! Seasons, rules and limits of shows, and what becomes of shows that were announced.

use async_graphql::{Context, Object, Result};

use super::payload::{
    CompLimitsSetPayload, SeasonChangePayload, SeasonDefinePayload, SeatsDrawPayload, ShowCancelPayload,
    ShowPostponePayload, ShowRefundAdvancePayload, ShowRefundBeginPayload, ShowRelocatePayload,
    ShowSeasonSetPayload, TariffRulesSetPayload, TariffVatSetPayload,
};
use super::submit;
use crate::input::{
    CompLimitsSetInput, SeasonChangeInput, SeasonDefineInput, SeatsDrawInput, ShowCancelInput,
    ShowPostponeInput, ShowRefundAdvanceInput, ShowRefundBeginInput, ShowRelocateInput, ShowSeasonSetInput,
    TariffRulesSetInput, TariffVatSetInput,
};

/// Seasons, rules and limits of shows, and what becomes of shows that were announced.
#[derive(Default)]
pub(super) struct ShowsMutation;

#[Object]
impl ShowsMutation {
    /// Defines a season.
    async fn season_define(
        &self,
        context: &Context<'_>,
        input: SeasonDefineInput,
    ) -> Option<Result<SeasonDefinePayload>> {
        submit(context, input).await
    }

    /// Changes a season.
    async fn season_change(
        &self,
        context: &Context<'_>,
        input: SeasonChangeInput,
    ) -> Option<Result<SeasonChangePayload>> {
        submit(context, input).await
    }

    /// Puts a show into a season, or into none.
    async fn show_season_set(
        &self,
        context: &Context<'_>,
        input: ShowSeasonSetInput,
    ) -> Option<Result<ShowSeasonSetPayload>> {
        submit(context, input).await
    }

    /// States rows and places of a zone's numbered seats.
    async fn seats_draw(
        &self,
        context: &Context<'_>,
        input: SeatsDrawInput,
    ) -> Option<Result<SeatsDrawPayload>> {
        submit(context, input).await
    }

    /// Sets the rules of a tariff for later sales: when it sells, how many, to whom, and what the buyer may give.
    async fn tariff_rules_set(
        &self,
        context: &Context<'_>,
        input: TariffRulesSetInput,
    ) -> Option<Result<TariffRulesSetPayload>> {
        submit(context, input).await
    }

    /// Sets the dated VAT rates of a tariff for later sales.
    async fn tariff_vat_set(
        &self,
        context: &Context<'_>,
        input: TariffVatSetInput,
    ) -> Option<Result<TariffVatSetPayload>> {
        submit(context, input).await
    }

    /// Sets the limits on a show's free tickets.
    async fn comp_limits_set(
        &self,
        context: &Context<'_>,
        input: CompLimitsSetInput,
    ) -> Option<Result<CompLimitsSetPayload>> {
        submit(context, input).await
    }

    /// Moves a show to another time. Its tickets stay valid.
    async fn show_postpone(
        &self,
        context: &Context<'_>,
        input: ShowPostponeInput,
    ) -> Option<Result<ShowPostponePayload>> {
        submit(context, input).await
    }

    /// Moves a show to another hall or to other zones. Its tickets, holds, quotas and prices move with their zones.
    async fn show_relocate(
        &self,
        context: &Context<'_>,
        input: ShowRelocateInput,
    ) -> Option<Result<ShowRelocatePayload>> {
        submit(context, input).await
    }

    /// Calls a show off: nothing sells any more, and its tickets admit nobody.
    async fn show_cancel(
        &self,
        context: &Context<'_>,
        input: ShowCancelInput,
    ) -> Option<Result<ShowCancelPayload>> {
        submit(context, input).await
    }

    /// Begins to return the money of a cancelled show.
    async fn show_refund_begin(
        &self,
        context: &Context<'_>,
        input: ShowRefundBeginInput,
    ) -> Option<Result<ShowRefundBeginPayload>> {
        submit(context, input).await
    }

    /// Works off the next orders of a refund that was begun: cancels what they have of the show and returns what was paid
    /// for it, the ways that it came in. Repeat it, with a new key each, until the refund is finished.
    async fn show_refund_advance(
        &self,
        context: &Context<'_>,
        input: ShowRefundAdvanceInput,
    ) -> Option<Result<ShowRefundAdvancePayload>> {
        submit(context, input).await
    }
}

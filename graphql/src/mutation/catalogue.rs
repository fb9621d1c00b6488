//! Organisations, halls, shows, tariffs, channels and other definitions.

use async_graphql::{Context, Object, Result};

use super::payload::{
    ActorRegisterPayload, ChannelClosePayload, ChannelOpenPayload, GateDefinePayload, HallDefinePayload,
    MethodDefinePayload, OrganisationChangePayload, OrganisationOpenPayload, PackChangePayload,
    PackDefinePayload, ProductDefinePayload, ShowClosePayload, ShowOpenPayload, ShowSchedulePayload,
    TariffChangePayload, TariffDefinePayload,
};
use super::submit;
use crate::input::{
    ActorRegisterInput, ChannelCloseInput, ChannelOpenInput, GateDefineInput, HallDefineInput,
    MethodDefineInput, OrganisationChangeInput, OrganisationOpenInput, PackChangeInput, PackDefineInput,
    ProductDefineInput, ShowCloseInput, ShowOpenInput, ShowScheduleInput, TariffChangeInput,
    TariffDefineInput,
};

/// Organisations, halls, shows, tariffs, channels and other definitions.
#[derive(Default)]
pub(super) struct CatalogueMutation;

#[Object]
impl CatalogueMutation {
    /// Opens an organisation's log under a UUID of your choice.
    async fn organisation_open(
        &self,
        context: &Context<'_>,
        input: OrganisationOpenInput,
    ) -> Option<Result<OrganisationOpenPayload>> {
        submit(context, input).await
    }

    /// Replaces the organisation's parameters.
    async fn organisation_change(
        &self,
        context: &Context<'_>,
        input: OrganisationChangeInput,
    ) -> Option<Result<OrganisationChangePayload>> {
        submit(context, input).await
    }

    /// Gives an actor a number.
    async fn actor_register(
        &self,
        context: &Context<'_>,
        input: ActorRegisterInput,
    ) -> Option<Result<ActorRegisterPayload>> {
        submit(context, input).await
    }

    /// Defines a hall and its zones.
    async fn hall_define(
        &self,
        context: &Context<'_>,
        input: HallDefineInput,
    ) -> Option<Result<HallDefinePayload>> {
        submit(context, input).await
    }

    /// Gives a gate a number.
    async fn gate_define(
        &self,
        context: &Context<'_>,
        input: GateDefineInput,
    ) -> Option<Result<GateDefinePayload>> {
        submit(context, input).await
    }

    /// Plans a show.
    async fn show_schedule(
        &self,
        context: &Context<'_>,
        input: ShowScheduleInput,
    ) -> Option<Result<ShowSchedulePayload>> {
        submit(context, input).await
    }

    /// Opens a show for sale.
    async fn show_open(
        &self,
        context: &Context<'_>,
        input: ShowOpenInput,
    ) -> Option<Result<ShowOpenPayload>> {
        submit(context, input).await
    }

    /// Closes a show: nothing sells live any more.
    async fn show_close(
        &self,
        context: &Context<'_>,
        input: ShowCloseInput,
    ) -> Option<Result<ShowClosePayload>> {
        submit(context, input).await
    }

    /// Defines a tariff of a show.
    async fn tariff_define(
        &self,
        context: &Context<'_>,
        input: TariffDefineInput,
    ) -> Option<Result<TariffDefinePayload>> {
        submit(context, input).await
    }

    /// Changes a tariff for later sales.
    async fn tariff_change(
        &self,
        context: &Context<'_>,
        input: TariffChangeInput,
    ) -> Option<Result<TariffChangePayload>> {
        submit(context, input).await
    }

    /// Defines a product that is no ticket.
    async fn product_define(
        &self,
        context: &Context<'_>,
        input: ProductDefineInput,
    ) -> Option<Result<ProductDefinePayload>> {
        submit(context, input).await
    }

    /// Offers a pack.
    async fn pack_define(
        &self,
        context: &Context<'_>,
        input: PackDefineInput,
    ) -> Option<Result<PackDefinePayload>> {
        submit(context, input).await
    }

    /// Changes a pack for later sales.
    async fn pack_change(
        &self,
        context: &Context<'_>,
        input: PackChangeInput,
    ) -> Option<Result<PackChangePayload>> {
        submit(context, input).await
    }

    /// Opens a channel.
    async fn channel_open(
        &self,
        context: &Context<'_>,
        input: ChannelOpenInput,
    ) -> Option<Result<ChannelOpenPayload>> {
        submit(context, input).await
    }

    /// Closes a channel; what is left of its quotas goes to the pools.
    async fn channel_close(
        &self,
        context: &Context<'_>,
        input: ChannelCloseInput,
    ) -> Option<Result<ChannelClosePayload>> {
        submit(context, input).await
    }

    /// Defines a way of paying.
    async fn method_define(
        &self,
        context: &Context<'_>,
        input: MethodDefineInput,
    ) -> Option<Result<MethodDefinePayload>> {
        submit(context, input).await
    }
}

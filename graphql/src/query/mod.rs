//! Queries. All reads go through an organisation, whose log they are of.

mod node;

use async_graphql::{Context, ID, Object, Result};
use soticket_schema::event::v1::DenialReason;

use crate::access::{Charge, Principal};
use crate::core::Core;
use crate::error::internal;
use crate::ids;
use crate::input::{CostSimulationInput, OrderPlaceInput};
use crate::scalar::LogPosition;
use crate::types::{
    AsOf, CostSimulation, DealTemplate, LawRate, OrderQuotePayload, Organisation, RateLimit, viewer,
};
use node::Node;

/// Most ids of one `nodes`.
const NODES_MAX: usize = 100;

/// The root of all queries.
#[derive(Default)]
pub(crate) struct QueryRoot;

/// Queries. All reads go through an organisation, whose log they are of.
#[Object(name = "Query")]
impl QueryRoot {
    /// An organisation; null if there is none with this id. With `minPosition` the answer holds at least the events
    /// up to there: the service waits for its read models for up to two seconds, then fails with `STALE_READ`. Who is
    /// assigned to channels sees what is of these only; an owner sees with `actor` what that actor sees. With `asOf`
    /// everything is as it was at that moment, which folds the log again up to there.
    async fn organisation(
        &self,
        context: &Context<'_>,
        id: ID,
        min_position: Option<LogPosition>,
        actor: Option<ID>,
        as_of: Option<AsOf>,
    ) -> Option<Result<Organisation>> {
        let organisation = ids::organisation(&id)?;
        let (core, principal) = match Core::of(context).and_then(|core| Ok((core, Principal::of(context)?))) {
            Ok(both) => both,
            Err(error) => return Some(Err(error)),
        };
        if !principal.names(organisation) {
            principal.denied(core, DenialReason::OrganisationNotAllowed);
            return None;
        }
        if let Some(position) = min_position
            && let Err(error) = core.reach(organisation, position).await
        {
            return Some(Err(error));
        }
        let viewer = match viewer::asked(core, principal, organisation, actor.as_ref()) {
            Ok(viewer) => viewer,
            Err(error) => return Some(Err(error)),
        };
        match as_of {
            None => Organisation::load(core, organisation, viewer).map(Ok),
            Some(moment) => Organisation::earlier(core, organisation, viewer, moment).await.transpose(),
        }
    }

    /// What a season would cost a venue: with the cooperative and its payment providers, and with a distributor that
    /// takes commissions. Reads no log. A figure that makes no sense is a `BAD_USER_INPUT` that names it.
    async fn cost_simulation(&self, input: CostSimulationInput) -> Option<Result<CostSimulation>> {
        Some(CostSimulation::of(&input))
    }

    /// What an order would come to if it were placed now: prices, fees on top and commissions, line by line, or why it would
    /// be refused. Nothing is sold, no place is held and the key is not used up. Without `payment` it says what is to be
    /// paid.
    async fn order_quote(
        &self,
        context: &Context<'_>,
        input: OrderPlaceInput,
    ) -> Option<Result<OrderQuotePayload>> {
        Some(OrderQuotePayload::of(context, input).await)
    }

    /// Deals with parameters, which the program brings. Reads no log.
    async fn deal_templates(&self) -> Vec<DealTemplate> {
        DealTemplate::all()
    }

    /// Dated rates of taxes and societies, which the program brings. Reads no log.
    async fn dated_rates(&self) -> Vec<LawRate> {
        LawRate::shipped()
    }

    /// The organisation that the request comes from; for administrators of the cooperative every one.
    async fn organisations(&self, context: &Context<'_>) -> Result<Vec<Organisation>> {
        let (core, principal) = (Core::of(context)?, Principal::of(context)?);
        let organisations = core.projections.organisations().into_iter();
        let own = organisations.filter(|organisation| principal.names(*organisation));
        let viewer = viewer::of(principal);
        Ok(own.filter_map(|organisation| Organisation::load(core, organisation, viewer)).collect())
    }

    /// Anything that has a global id; null if there is nothing with it.
    async fn node(&self, context: &Context<'_>, id: ID) -> Option<Result<Node>> {
        match Core::of(context).and_then(|core| Ok((core, Principal::of(context)?))) {
            Ok((core, principal)) => Node::load(core, principal, &id).map(Ok),
            Err(error) => Some(Err(error)),
        }
    }

    /// Things by global id, in the order of the ids; null where there is nothing.
    #[graphql(complexity = "ids.len() * child_complexity")]
    async fn nodes(
        &self,
        context: &Context<'_>,
        #[graphql(validator(max_items = 100))] ids: Vec<ID>,
    ) -> Result<Vec<Option<Node>>> {
        let (core, principal) = (Core::of(context)?, Principal::of(context)?);
        Ok(ids.iter().take(NODES_MAX).map(|id| Node::load(core, principal, id)).collect())
    }

    /// What this request cost of the points that whoever sent it may spend in a minute.
    async fn rate_limit(&self, context: &Context<'_>) -> Result<RateLimit> {
        context.data::<Charge>().map(|charge| (*charge).into()).map_err(|error| internal(error.message))
    }
}

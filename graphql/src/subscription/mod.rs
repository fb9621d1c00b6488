//! Subscriptions. A follower of the log holds a position and reads from there; a follower of a figure holds the last one
//! that it sent. Neither has a queue, so that a client that reads slowly costs nobody anything.

mod follow;
mod latest;

use std::sync::Arc;

use async_graphql::{Context, ID, Result, Subscription};
use futures_util::stream::BoxStream;
use soticket_projections::OrganisationViews;
use soticket_schema::event::v1::DenialReason;
use soticket_schema::ids::{OrganisationId, ShowId};

use crate::access::Principal;
use crate::core::Core;
use crate::error::{ErrorCode, field_error};
use crate::ids;
use crate::input::Scope;
use crate::scalar::LogPosition;
use crate::types::live::{AttendanceChange, AvailabilityChange, LogAdvance, SalesCounters};
use crate::types::{EventKind, viewer};
use follow::{Filter, Follower};
pub(crate) use latest::Figure;

/// What a subscription sends.
type Live<T> = BoxStream<'static, Result<T>>;

/// The root of all subscriptions.
#[derive(Default)]
pub(crate) struct SubscriptionRoot;

/// Subscriptions. A document subscribes to one field.
#[Subscription(name = "Subscription")]
impl SubscriptionRoot {
    /// The events of an organisation's log, each once, in order, without a gap, and on as they are recorded. With
    /// `afterPosition` those after that one: state the last `position` that you were sent to go on where you were cut off.
    /// Without it those from now on, after an advance that states where the log ends. With `show` those that name the show,
    /// with `kinds` those of these kinds; positions go on all the same, at most a second later, with `event` null.
    async fn events(
        &self,
        context: &Context<'_>,
        organisation: ID,
        #[graphql(desc = "The last position that you have; not together with `fromBeginning`.")]
        after_position: Option<LogPosition>,
        #[graphql(desc = "All events, from position 0.")] from_beginning: Option<bool>,
        show: Option<ID>,
        #[graphql(validator(max_items = 100))] kinds: Option<Vec<EventKind>>,
    ) -> Result<Live<LogAdvance>> {
        let core = Core::of(context)?;
        let scope = scope(core, Principal::of(context)?, &organisation)?;
        let show = show.map(|show| show_of(core, scope.organisation, &show)).transpose()?;
        let recorded = core.ledger.head(scope.organisation).map_or(0, |head| head.length);
        let from = match (after_position, from_beginning.unwrap_or(false)) {
            (None, true) => Some(0),
            (None, false) => None,
            (Some(_), true) => return Err(bad("State `afterPosition` or `fromBeginning`, not both.")),
            (Some(LogPosition(position)), false) if position < recorded => Some(position + 1),
            (Some(_), false) => return Err(bad("`afterPosition` lies beyond the end of the log.")),
        };
        Follower::start(core, scope, from, Filter { show, kinds }).ok_or_else(unknown_organisation)
    }

    /// Places of a show: as they are now, then whenever they have changed, at most twice a second. What changed in between is
    /// left out: only the latest counts. Holds that run out are noticed within a second.
    #[graphql(complexity = "10 + child_complexity")]
    async fn availability_changed(
        &self,
        context: &Context<'_>,
        show: ID,
    ) -> Result<Live<AvailabilityChange>> {
        let core = Core::of(context)?;
        let (scope, show) = show_and_scope(core, Principal::of(context)?, &show)?;
        let mark = latest::of_show(show);
        let look = move |core: &Core, views: &OrganisationViews| {
            AvailabilityChange::of(scope, views, show, core.ledger.now())
        };
        latest::values(core, scope.organisation, mark, look).ok_or_else(unknown_organisation)
    }

    /// What an organisation, or one show of it, has sold: as it is now, then whenever it has changed, at most twice a second.
    #[graphql(complexity = "10 + child_complexity")]
    async fn sales_counters(
        &self,
        context: &Context<'_>,
        organisation: ID,
        #[graphql(desc = "Only what is of this show.")] show: Option<ID>,
    ) -> Result<Live<SalesCounters>> {
        let core = Core::of(context)?;
        let scope = scope(core, Principal::of(context)?, &organisation)?;
        viewer::sees_all(core, scope)?;
        let show = show.map(|show| show_of(core, scope.organisation, &show)).transpose()?;
        let mark = latest::of_sales(show);
        let look = move |core: &Core, views: &OrganisationViews| {
            SalesCounters::of(scope, views, show, core.ledger.now())
        };
        latest::values(core, scope.organisation, mark, look).ok_or_else(unknown_organisation)
    }

    /// Who came to a show: as it is now, then whenever it has changed, at most twice a second.
    #[graphql(complexity = "10 + child_complexity")]
    async fn attendance_changed(&self, context: &Context<'_>, show: ID) -> Result<Live<AttendanceChange>> {
        let core = Core::of(context)?;
        let (scope, show) = show_and_scope(core, Principal::of(context)?, &show)?;
        let mark = latest::of_show(show);
        let look = move |_: &Core, views: &OrganisationViews| AttendanceChange::of(scope, views, show);
        latest::values(core, scope.organisation, mark, look).ok_or_else(unknown_organisation)
    }
}

/// The scope of an organisation that there is, and that is the principal's.
fn scope(core: &Arc<Core>, principal: &Principal, organisation: &ID) -> Result<Scope> {
    let organisation = ids::organisation(organisation).ok_or_else(unknown_organisation)?;
    if !principal.names(organisation) {
        principal.denied(core, DenialReason::OrganisationNotAllowed);
        return Err(unknown_organisation());
    }
    let currency = core.currency(organisation).ok_or_else(unknown_organisation)?;
    Ok(Scope { organisation, currency, viewer: viewer::of(principal), moment: None })
}

/// The show behind an id of this organisation.
fn show_of(core: &Arc<Core>, organisation: OrganisationId, id: &ID) -> Result<ShowId> {
    let known = |show: &ShowId| {
        let found = core.projections.view(organisation, |views| views.catalogue.show(*show).is_some());
        found.unwrap_or(false)
    };
    ids::local::<ShowId>(organisation, id).filter(known).ok_or_else(|| bad("There is no such show."))
}

/// The show behind an id, and whose it is.
fn show_and_scope(core: &Arc<Core>, principal: &Principal, id: &ID) -> Result<(Scope, ShowId)> {
    let unknown = || bad("There is no such show.");
    let parts = ids::parts(id).ok_or_else(unknown)?;
    let organisation = ID(parts.organisation.to_string());
    let scope = scope(core, principal, &organisation).map_err(|_| unknown())?;
    Ok((scope, show_of(core, scope.organisation, id)?))
}

fn unknown_organisation() -> async_graphql::Error {
    bad("There is no such organisation.")
}

fn bad(message: &str) -> async_graphql::Error {
    field_error(ErrorCode::BadUserInput, message)
}

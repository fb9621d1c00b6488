//! What the actor that a request names may see.

use async_graphql::{ID, Result};
use soticket_projections::availability::SellerView;
use soticket_schema::event::v1::{ActorAssigned, SellerRole};
use soticket_schema::ids::{ActorId, ChannelId, OrganisationId};

use crate::core::Core;
use crate::error::{ErrorCode, coded, field_error};
use crate::ids;
use crate::input::Scope;

/// The actor behind an id; one that is not registered sees nothing at all.
pub(crate) fn named(core: &Core, organisation: OrganisationId, id: &ID) -> Result<ActorId> {
    let actor = ids::local::<ActorId>(organisation, id);
    let known = |actor: &ActorId| {
        let found = core.projections.view(organisation, |views| views.catalogue.actor(*actor).is_some());
        found.unwrap_or(false)
    };
    actor.filter(known).ok_or_else(|| field_error(ErrorCode::BadUserInput, "There is no such actor."))
}

/// What the viewer is assigned to; none if it is bound to nothing.
pub(super) fn assigned(core: &Core, scope: Scope) -> Option<ActorAssigned> {
    let actor = scope.viewer?;
    core.view(scope, |views| views.catalogue.actor(actor)?.assigned.clone())
}

/// The places that an assigned actor sees.
pub(super) fn seller(assigned: &ActorAssigned) -> SellerView<'_> {
    SellerView { channels: &assigned.channels, pool: assigned.role != SellerRole::RemoteBoxOffice }
}

/// Whether the viewer may see what is of a channel.
pub(super) fn sees(core: &Core, scope: Scope, channel: ChannelId) -> bool {
    assigned(core, scope).is_none_or(|assigned| assigned.channels.contains(&channel))
}

/// Refuses what is of all channels to an actor that is assigned to some.
pub(crate) fn sees_all(core: &Core, scope: Scope) -> Result<()> {
    assigned(core, scope).map_or(Ok(()), |_| Err(coded(ErrorCode::Forbidden)))
}

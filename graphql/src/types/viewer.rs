//! What an actor may see.

use async_graphql::{ID, Result};
use soticket_projections::availability::SellerView;
use soticket_schema::event::v1::{ActorAssigned, DenialReason, SellerRole};
use soticket_schema::ids::{ActorId, ChannelId, OrganisationId};

use crate::access::{Principal, Role};
use crate::core::Core;
use crate::error::{ErrorCode, coded, field_error};
use crate::ids;
use crate::input::Scope;

/// Whose eyes a principal sees with: one that sells sees what is of its channels, others see everything.
pub(crate) fn of(principal: &Principal) -> Option<ActorId> {
    principal.role.sells().then_some(principal.actor)
}

/// Whose eyes a request asks for. Owners may look with those of any actor, others with their own only.
pub(crate) fn asked(
    core: &Core,
    principal: &Principal,
    organisation: OrganisationId,
    actor: Option<&ID>,
) -> Result<Option<ActorId>> {
    let Some(id) = actor else { return Ok(of(principal)) };
    let actor = ids::local::<ActorId>(organisation, id);
    if principal.role != Role::Owner {
        if actor == Some(principal.actor) {
            return Ok(of(principal));
        }
        principal.denied(core, DenialReason::ActorNotAllowed);
        return Err(coded(ErrorCode::Forbidden));
    }
    let known = |actor: &ActorId| {
        let found = core.projections.view(organisation, |views| views.catalogue.actor(*actor).is_some());
        found.unwrap_or(false)
    };
    let known = actor.filter(known);
    known.map(Some).ok_or_else(|| field_error(ErrorCode::BadUserInput, "There is no such actor."))
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

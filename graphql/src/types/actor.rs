//! Actors and gates.

use async_graphql::{Context, ID, Object, Result};
use soticket_projections::catalogue::ActorInfo;
use soticket_schema::ids::{ActorId, ChannelId, GateId};

use super::enums::{ActorKind, SellerRole};
use super::lookup::named;
use super::{Channel, Zone};
use crate::core::Core;
use crate::ids;
use crate::input::Scope;
use crate::scalar::Counter;

/// Who acts: a token, user, device or importer.
pub(crate) struct Actor {
    scope: Scope,
    info: ActorInfo,
}

impl Actor {
    /// An actor as the catalogue has it.
    pub(super) fn new(scope: Scope, info: ActorInfo) -> Self {
        Self { scope, info }
    }

    /// The actor with this number.
    pub(crate) fn load(core: &Core, scope: Scope, actor: ActorId) -> Option<Self> {
        core.view(scope, |views| views.catalogue.actor(actor).cloned()).map(|info| Self::new(scope, info))
    }
}

/// Who acts: a token, user, device or importer.
#[Object]
impl Actor {
    /// Global id.
    pub(crate) async fn id(&self) -> ID {
        ids::global(self.scope.organisation, self.info.actor)
    }

    /// Its number in the log.
    async fn number(&self) -> Counter {
        Counter(self.info.actor.0.into())
    }

    /// What it is.
    async fn kind(&self) -> ActorKind {
        self.info.kind.into()
    }

    /// Label of a device, token or importer; empty for a user.
    async fn label(&self) -> &str {
        &self.info.label
    }

    /// What it is bound to; null if it was never assigned, and may do everything.
    async fn assigned(&self) -> Option<Assignment> {
        let assigned = self.info.assigned.as_ref()?;
        let channels = assigned.channels.clone();
        Some(Assignment { scope: self.scope, role: assigned.role.into(), channels })
    }
}

/// What an actor is bound to.
pub(crate) struct Assignment {
    scope: Scope,
    role: SellerRole,
    channels: Vec<ChannelId>,
}

/// What an actor is bound to: it does what its role does, on these channels.
#[Object]
impl Assignment {
    /// What it sells as.
    async fn role(&self) -> SellerRole {
        self.role
    }

    /// Where; empty for nowhere.
    async fn channels(&self, context: &Context<'_>) -> Result<Vec<Channel>> {
        let channel = |channel: &ChannelId| named(context, self.scope, *channel, Channel::load);
        self.channels.iter().map(channel).collect()
    }
}

/// A gate of the venue.
pub(crate) struct Gate {
    scope: Scope,
    gate: GateId,
    name: String,
}

impl Gate {
    /// A gate as the catalogue has it.
    pub(super) fn new(scope: Scope, gate: GateId, name: String) -> Self {
        Self { scope, gate, name }
    }

    /// The gate with this number.
    pub(crate) fn load(core: &Core, scope: Scope, gate: GateId) -> Option<Self> {
        let name = core.view(scope, |views| views.catalogue.gate(gate).map(str::to_owned))?;
        Some(Self::new(scope, gate, name))
    }
}

/// A gate of the venue.
#[Object]
impl Gate {
    /// Global id.
    pub(crate) async fn id(&self) -> ID {
        ids::global(self.scope.organisation, self.gate)
    }

    /// Its number in the log.
    async fn number(&self) -> Counter {
        Counter(self.gate.0.into())
    }

    /// Its name.
    async fn name(&self) -> &str {
        &self.name
    }

    /// The zones that it admits to for a show, or for shows of which nothing else is said; empty for all zones.
    async fn zones(&self, context: &Context<'_>, show: Option<ID>) -> Result<Vec<Zone>> {
        let show = show.and_then(|show| ids::local(self.scope.organisation, &show));
        let core = Core::of(context)?;
        let zones =
            core.expect(self.scope, |views| Some(views.catalogue.access().zones(self.gate, show).to_vec()))?;
        zones.into_iter().map(|zone| named(context, self.scope, zone, Zone::load)).collect()
    }
}

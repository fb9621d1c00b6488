//! Who may sell where.

use soticket_schema::command::AssignActor;
use soticket_schema::event::v1::{ActorAssigned, ChannelKind, SellerRole};
use soticket_schema::limits::ACTOR_CHANNELS_MAX;
use soticket_schema::{ActorId, ChannelId, Event, Rejection, RejectionCode};

use super::checks::{Checks, field};
use super::{Context, Decide, When};
use crate::state::State;

impl Decide for AssignActor {
    fn shape(&self, _when: When, checks: &mut Checks) {
        let at = field("channels");
        checks.list(&self.channels, ACTOR_CHANNELS_MAX, at);
        let ids = self.channels.iter().take(ACTOR_CHANNELS_MAX).copied().enumerate();
        checks.distinct(ids, |index| at.item(index).to_string());
    }

    /// The system itself is bound to nothing: somebody must be able to undo this.
    fn decide(&self, context: &Context<'_>, checks: &mut Checks) -> Result<Vec<Event>, Rejection> {
        let known = self.assigned != ActorId(0) && context.state.knows_actor(self.assigned);
        checks.ensure(known, RejectionCode::ActorUnknown, field("assigned"));
        check_channels(&self.channels, self.role, context.state, checks);
        let mut channels = self.channels.clone();
        channels.sort_unstable();
        Ok(vec![ActorAssigned { actor: self.assigned, role: self.role, channels }.into()])
    }
}

/// Channels that an actor is to sell on exist, and are of the role's kind.
pub(super) fn check_channels(channels: &[ChannelId], role: SellerRole, state: &State, checks: &mut Checks) {
    let at = field("channels");
    for (index, id) in channels.iter().enumerate() {
        let channel = state.channels.get(id.0);
        if let Some(channel) = checks.found(channel, RejectionCode::ChannelUnknown, at.item(index)) {
            let fits = channel.kind == kind_of(role);
            checks.ensure(fits, RejectionCode::ChannelKindMismatch, at.item(index));
        }
    }
}

/// The kind of channel that a role sells on.
fn kind_of(role: SellerRole) -> ChannelKind {
    match role {
        SellerRole::WebShop => ChannelKind::OwnSite,
        SellerRole::BoxOffice => ChannelKind::BoxOffice,
        SellerRole::RemoteBoxOffice => ChannelKind::RemoteBoxOffice,
        SellerRole::Network => ChannelKind::Network,
    }
}

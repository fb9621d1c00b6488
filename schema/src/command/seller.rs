//! What is asked of those who sell.

use bincode::Encode;
use serde::Serialize;

use crate::event::v1::SellerRole;
use crate::ids::{ActorId, ChannelId};

/// See [`super::CommandBody::AssignActor`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Encode)]
pub struct AssignActor {
    /// The actor to bind.
    pub assigned: ActorId,
    /// What it sells as.
    pub role: SellerRole,
    /// Where; empty for nowhere.
    pub channels: Vec<ChannelId>,
}

//! What is asked of quotas.

use bincode::Encode;
use serde::Serialize;

use crate::event::v1::Places;
use crate::ids::{ChannelId, ShowId, ZoneId};

/// See [`super::CommandBody::AllocateQuota`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Encode)]
pub struct AllocateQuota {
    /// The show.
    pub show: ShowId,
    /// The zone.
    pub zone: ZoneId,
    /// The channel.
    pub channel: ChannelId,
    /// The places to add.
    pub places: Places,
}

/// See [`super::CommandBody::TransferQuota`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Encode)]
pub struct TransferQuota {
    /// The show.
    pub show: ShowId,
    /// The zone.
    pub zone: ZoneId,
    /// Who gives.
    pub from: ChannelId,
    /// Who gets.
    pub to: ChannelId,
    /// The places.
    pub places: Places,
}

/// See [`super::CommandBody::CloseQuota`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Encode)]
pub struct CloseQuota {
    /// The show.
    pub show: ShowId,
    /// The zone.
    pub zone: ZoneId,
    /// The channel.
    pub channel: ChannelId,
}

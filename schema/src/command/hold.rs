//! What is asked of holds.

use bincode::Encode;
use serde::Serialize;

use super::Person;
use crate::event::v1::Places;
use crate::ids::{ChannelId, HoldId, ShowId, ZoneId};
use crate::time::Timestamp;

/// See [`super::CommandBody::PlaceHold`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Encode)]
pub struct PlaceHold {
    /// The show.
    pub show: ShowId,
    /// The zone.
    pub zone: ZoneId,
    /// The channel.
    pub channel: ChannelId,
    /// The places.
    pub places: Places,
    /// When it ends by itself.
    pub expires_at: Timestamp,
    /// For whom, if known.
    pub buyer: Option<Person>,
}

/// See [`super::CommandBody::ReleaseHold`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Encode)]
pub struct ReleaseHold {
    /// The hold.
    pub hold: HoldId,
}

//! Holds: places kept for a basket or an option.

use bincode::{Decode, Encode};
use serde::{Deserialize, Serialize};

use super::quota::Places;
use crate::ids::{ChannelId, HoldId, ShowId, SubjectRef, ZoneId};
use crate::time::Timestamp;

/// Places are kept for a basket or an option.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct HoldPlaced {
    /// Its number.
    pub hold: HoldId,
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
    pub subject: Option<SubjectRef>,
}

/// A hold is given back.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct HoldReleased {
    /// The hold.
    pub hold: HoldId,
    /// Its show.
    pub show: ShowId,
}

/// A hold ran past its time.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct HoldExpired {
    /// The hold.
    pub hold: HoldId,
    /// Its show.
    pub show: ShowId,
}

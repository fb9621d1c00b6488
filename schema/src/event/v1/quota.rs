//! Quotas: places of a zone that one channel has for itself.

use bincode::{Decode, Encode};
use serde::{Deserialize, Serialize};

use crate::ids::{ChannelId, SeatId, ShowId, ZoneId};

/// A number of places, or the seats themselves where they are numbered.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub enum Places {
    /// So many places.
    Count(u32),
    /// These seats, in ascending order.
    Seats(Vec<SeatId>),
}

impl Places {
    /// How many places.
    pub fn count(&self) -> u32 {
        match self {
            Self::Count(count) => *count,
            Self::Seats(seats) => u32::try_from(seats.len()).unwrap_or(u32::MAX),
        }
    }

    /// The seats, empty for a count.
    pub fn seats(&self) -> &[SeatId] {
        match self {
            Self::Count(_) => &[],
            Self::Seats(seats) => seats,
        }
    }
}

/// A channel gets more places of a zone for itself.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct QuotaAllocated {
    /// The show.
    pub show: ShowId,
    /// The zone.
    pub zone: ZoneId,
    /// The channel.
    pub channel: ChannelId,
    /// The places, added to what the channel has.
    pub places: Places,
}

/// Places go from one channel's quota to another's; the total stays.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct QuotaTransferred {
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

/// A channel's quota ends; what it has not sold or held goes to the pool, and so does what is cancelled later.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct QuotaClosed {
    /// The show.
    pub show: ShowId,
    /// The zone.
    pub zone: ZoneId,
    /// The channel.
    pub channel: ChannelId,
}

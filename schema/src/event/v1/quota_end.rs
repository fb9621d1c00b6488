//! How places of a quota go back to the pool: given back by the channel, or by themselves at a deadline.

use bincode::{Decode, Encode};
use serde::{Deserialize, Serialize};

use super::quota::Places;
use crate::ids::{ChannelId, ShowId, ZoneId};
use crate::time::Timestamp;

/// A channel gives back places of its quota (retour de contingent); they go to the pool. The quota stays open with
/// what is left of it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct QuotaReturned {
    /// The show.
    pub show: ShowId,
    /// The zone.
    pub zone: ZoneId,
    /// The channel.
    pub channel: ChannelId,
    /// The places.
    pub places: Places,
}

/// When a channel's open quota ends by itself, from here on.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct QuotaDeadlineSet {
    /// The show.
    pub show: ShowId,
    /// The zone.
    pub zone: ZoneId,
    /// The channel.
    pub channel: ChannelId,
    /// The instant; none for a quota that stays open until it is closed.
    pub returns_at: Option<Timestamp>,
}

/// Quotas ran past their deadlines: each ends as one that is closed does.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct QuotasExpired {
    /// The show.
    pub show: ShowId,
    /// The quotas, by deadline.
    pub quotas: Vec<ExpiredQuota>,
}

/// A quota that ran past its deadline.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct ExpiredQuota {
    /// The zone.
    pub zone: ZoneId,
    /// The channel.
    pub channel: ChannelId,
}

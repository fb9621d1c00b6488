//! What is asked of quotas.

use bincode::Encode;
use bincode::enc::Encoder;
use bincode::error::EncodeError;
use serde::Serialize;

use crate::event::v1::Places;
use crate::ids::{ChannelId, ShowId, ZoneId};
use crate::time::Timestamp;

/// See [`super::CommandBody::AllocateQuota`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct AllocateQuota {
    /// The show.
    pub show: ShowId,
    /// The zone.
    pub zone: ZoneId,
    /// The channel.
    pub channel: ChannelId,
    /// The places to add.
    pub places: Places,
    /// When the channel's whole quota goes back by itself; none to leave that as it is.
    pub returns_at: Option<Timestamp>,
}

/// Without a deadline the parameters are those of before there were any: a retry of a command from that time is still
/// recognised by its fingerprint.
impl Encode for AllocateQuota {
    fn encode<E: Encoder>(&self, encoder: &mut E) -> Result<(), EncodeError> {
        let Self { show, zone, channel, places, returns_at } = self;
        (show, zone, channel, places).encode(encoder)?;
        returns_at.as_ref().map_or(Ok(()), |returns_at| returns_at.encode(encoder))
    }
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

/// See [`super::CommandBody::ReturnQuota`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Encode)]
pub struct ReturnQuota {
    /// The show.
    pub show: ShowId,
    /// The zone.
    pub zone: ZoneId,
    /// The channel.
    pub channel: ChannelId,
    /// The places.
    pub places: Places,
}

/// See [`super::CommandBody::SetQuotaDeadline`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Encode)]
pub struct SetQuotaDeadline {
    /// The show.
    pub show: ShowId,
    /// The zone.
    pub zone: ZoneId,
    /// The channel.
    pub channel: ChannelId,
    /// When the quota goes back by itself; none for never.
    pub returns_at: Option<Timestamp>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_allotment_without_a_deadline_keeps_the_parameters_of_before() {
        let (show, zone, channel, places) = (ShowId(1), ZoneId(2), ChannelId(3), Places::Count(4));
        let before = crate::codec::encode(&(show, zone, channel, &places)).unwrap();
        let allocate = AllocateQuota { show, zone, channel, places, returns_at: None };
        assert_eq!(crate::codec::encode(&allocate).unwrap(), before);
        let with = AllocateQuota { returns_at: Some(Timestamp(5)), ..allocate };
        assert_ne!(crate::codec::encode(&with).unwrap(), before);
    }
}

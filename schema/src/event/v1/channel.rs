//! Sales channels and what they charge.

use bincode::{Decode, Encode};
use serde::{Deserialize, Serialize};

use crate::ids::ChannelId;
use crate::money::{Amount, Rate};

/// What kind of channel sells.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, Encode, Decode,
)]
pub enum ChannelKind {
    /// The producer's own site.
    OwnSite,
    /// The venue's box office.
    BoxOffice,
    /// A third party selling for the producer (guichet déporté).
    RemoteBoxOffice,
    /// A network such as Fnac.
    Network,
}

/// A commission that a channel keeps inside the face price.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct InsideCommission {
    /// Share of the face price.
    pub rate: Rate,
    /// VAT on the commission.
    pub vat: Rate,
}

/// A channel sells from here on.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct ChannelOpened {
    /// Its number.
    pub channel: ChannelId,
    /// Its name.
    pub name: String,
    /// What kind it is.
    pub kind: ChannelKind,
    /// Fee on top of the face price of each ticket, with VAT.
    pub fee_on_top: Amount,
    /// VAT on that fee.
    pub fee_vat: Rate,
    /// Commission inside the price, if any.
    pub commission: Option<InsideCommission>,
}

/// A channel sells no more; what is left of its quotas goes to the pools.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct ChannelClosed {
    /// The channel.
    pub channel: ChannelId,
}

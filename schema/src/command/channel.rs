//! What is asked of channels.

use bincode::Encode;
use serde::Serialize;

use crate::event::v1::{ChannelKind, InsideCommission};
use crate::ids::ChannelId;
use crate::money::{Amount, Rate};

/// See [`super::CommandBody::OpenChannel`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Encode)]
pub struct OpenChannel {
    /// Its name.
    pub name: String,
    /// What kind it is.
    pub kind: ChannelKind,
    /// Fee on top of each ticket, with VAT.
    pub fee_on_top: Amount,
    /// VAT on that fee.
    pub fee_vat: Rate,
    /// Commission inside the price, if any.
    pub commission: Option<InsideCommission>,
}

/// See [`super::CommandBody::CloseChannel`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Encode)]
pub struct CloseChannel {
    /// The channel.
    pub channel: ChannelId,
}

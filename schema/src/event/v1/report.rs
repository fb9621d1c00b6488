//! Sales and cancellations that happened elsewhere and are recorded as facts.

use bincode::{Decode, Encode};
use serde::{Deserialize, Serialize};

use super::order::OrderLines;
use super::refund::Cancellation;

/// Where a reported sale comes from.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, Encode, Decode,
)]
pub enum ReportSource {
    /// A network's report.
    Network,
    /// An import from another system.
    Import,
}

/// What a reported sale breaks. It is recorded all the same.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, Encode, Decode,
)]
pub enum Flag {
    /// More than the channel's quota or the pool.
    OverQuota,
    /// More than the zone's or hall's places.
    OverCapacity,
    /// A seat that is sold or held already.
    SeatTaken,
    /// Outside the sale window, or the show is not open.
    OutsideSale,
    /// A price that is not the tariff's.
    OtherPrice,
    /// The channel, or its quota, is closed.
    ChannelClosed,
    /// It happened after the ledger's clock.
    ClockAhead,
    /// A code that another valid ticket of the same show has.
    CodeTaken,
    /// Against the tariff's rules: its window, deadline, limit per order or group size.
    TariffRule,
    /// More free tickets than the quota of their reason.
    OverCompQuota,
}

/// A sale that happened elsewhere; never refused for quota, capacity or window.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct ExternalSaleReported {
    /// Where it comes from.
    pub source: ReportSource,
    /// What was sold.
    pub lines: OrderLines,
    /// What it breaks, in ascending order.
    pub flags: Vec<Flag>,
}

/// A cancellation that happened elsewhere.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct ExternalSaleCancelled {
    /// Where it comes from.
    pub source: ReportSource,
    /// What was cancelled.
    pub cancellation: Cancellation,
}

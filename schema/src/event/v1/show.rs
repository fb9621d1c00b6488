//! Shows: one dated performance each.

use bincode::{Decode, Encode};
use serde::{Deserialize, Serialize};

use super::organisation::SerialScope;
use crate::ids::{HallId, ShowId, ZoneId};
use crate::money::{Currency, Rounding};
use crate::time::Timestamp;

/// Places of a zone that are on sale for a show.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct ZoneOnSale {
    /// The zone.
    pub zone: ZoneId,
    /// How many of its places are on sale.
    pub on_sale: u32,
}

/// A show is planned. It keeps the money rules that hold at this moment.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct ShowScheduled {
    /// Its number.
    pub show: ShowId,
    /// The venue's own reference, such as `S-2026-0314`; unique within the organisation.
    pub reference: String,
    /// Title as printed.
    pub title: String,
    /// Where.
    pub hall: HallId,
    /// The hall's authorised capacity.
    pub authorised_capacity: u32,
    /// Zones on sale.
    pub zones: Vec<ZoneOnSale>,
    /// Begin of the performance.
    pub starts_at: Timestamp,
    /// Opening of the doors.
    pub doors_at: Timestamp,
    /// Live sales begin.
    pub sale_from: Timestamp,
    /// Live sales end.
    pub sale_until: Timestamp,
    /// Tax territory, such as `FR-metropole`.
    pub territory: String,
    /// Currency of its amounts.
    pub currency: Currency,
    /// Where its VAT is rounded.
    pub rounding: Rounding,
    /// Within what its serials have no gaps.
    pub serial_scope: SerialScope,
}

/// Live sales may begin, from the show's `sale_from` on.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct ShowOpened {
    /// The show.
    pub show: ShowId,
}

/// Nothing sells live any more.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct ShowClosed {
    /// The show.
    pub show: ShowId,
}

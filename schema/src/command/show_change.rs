//! What is asked of shows that were announced.

use bincode::Encode;
use serde::Serialize;

use crate::event::v1::ZoneOnSale;
use crate::ids::{HallId, SeatId, ShowId, ZoneId};
use crate::time::Timestamp;

/// See [`super::CommandBody::PostponeShow`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Encode)]
pub struct PostponeShow {
    /// The show.
    pub show: ShowId,
    /// Begin of the performance from here on.
    pub starts_at: Timestamp,
    /// Opening of the doors from here on.
    pub doors_at: Timestamp,
    /// Live sales begin.
    pub sale_from: Timestamp,
    /// Live sales end.
    pub sale_until: Timestamp,
    /// Until when holders may ask for their money; none if they may not.
    pub refunds_until: Option<Timestamp>,
}

/// Where the places of a zone are to go when a show moves.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Encode)]
pub struct ZoneMove {
    /// The zone before.
    pub from: ZoneId,
    /// The zone from here on.
    pub to: ZoneId,
    /// The new seat of each numbered seat of the zone before, in its order; empty where seats keep their number, or
    /// are not numbered before or after.
    pub seats: Vec<SeatId>,
}

/// See [`super::CommandBody::RelocateShow`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Encode)]
pub struct RelocateShow {
    /// The show.
    pub show: ShowId,
    /// Where from here on.
    pub hall: HallId,
    /// Zones on sale from here on.
    pub zones: Vec<ZoneOnSale>,
    /// Where the places of the zones before go: every zone that has sold, held or allotted places.
    pub moves: Vec<ZoneMove>,
    /// Until when holders may ask for their money; none if they may not.
    pub refunds_until: Option<Timestamp>,
}

/// See [`super::CommandBody::CancelShow`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Encode)]
pub struct CancelShow {
    /// The show.
    pub show: ShowId,
}

/// See [`super::CommandBody::BeginShowRefund`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Encode)]
pub struct BeginShowRefund {
    /// The show, which is cancelled.
    pub show: ShowId,
    /// Whether fees on top and fees of orders are kept.
    pub fees_kept: bool,
}

/// See [`super::CommandBody::AdvanceShowRefund`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Encode)]
pub struct AdvanceShowRefund {
    /// The show.
    pub show: ShowId,
    /// Most orders to work off.
    pub orders: u32,
}

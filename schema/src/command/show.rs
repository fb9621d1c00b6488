//! What is asked of shows.

use bincode::Encode;
use serde::Serialize;

use crate::event::v1::ZoneOnSale;
use crate::ids::{HallId, ShowId};
use crate::time::Timestamp;

/// See [`super::CommandBody::ScheduleShow`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Encode)]
pub struct ScheduleShow {
    /// The venue's own reference; unique within the organisation.
    pub reference: String,
    /// Title as printed.
    pub title: String,
    /// Where.
    pub hall: HallId,
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
}

/// See [`super::CommandBody::OpenShow`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Encode)]
pub struct OpenShow {
    /// The show.
    pub show: ShowId,
}

/// See [`super::CommandBody::CloseShow`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Encode)]
pub struct CloseShow {
    /// The show.
    pub show: ShowId,
}

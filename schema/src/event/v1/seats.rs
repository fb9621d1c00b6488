//! Where the numbered seats of a zone are.

use bincode::{Decode, Encode};
use serde::{Deserialize, Serialize};

use crate::ids::{HallId, ZoneId};

/// A point of a seat map, in the map's own unit; the stage is at the top.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct SeatPoint {
    /// To the right.
    pub x: u32,
    /// Downwards.
    pub y: u32,
}

/// A seat of a row.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct SeatOfRow {
    /// Its number within the row.
    pub number: String,
    /// Where it is drawn.
    pub at: Option<SeatPoint>,
}

/// Consecutive seats of one row.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct SeatRow {
    /// Name of the row.
    pub row: String,
    /// Its seats.
    pub seats: Vec<SeatOfRow>,
}

/// Rows and places of a zone's numbered seats.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct SeatsDrawn {
    /// The hall.
    pub hall: HallId,
    /// The zone.
    pub zone: ZoneId,
    /// All its seats, in the order of the zone's list of labels.
    pub rows: Vec<SeatRow>,
}

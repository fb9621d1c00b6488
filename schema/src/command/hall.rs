//! What is asked of halls, zones and gates.

use bincode::Encode;
use serde::Serialize;

use crate::event::v1::SeatRow;
use crate::ids::ZoneId;

/// See [`super::CommandBody::DefineHall`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Encode)]
pub struct DefineHall {
    /// Its name.
    pub name: String,
    /// Places that the safety commission allows at once.
    pub authorised_capacity: u32,
    /// Its zones.
    pub zones: Vec<NewZone>,
}

/// A zone of a hall to be defined.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Encode)]
pub struct NewZone {
    /// Its name.
    pub name: String,
    /// Its places; must equal the number of seats where they are numbered.
    pub capacity: u32,
    /// Labels of the numbered seats; empty for free seating.
    pub seats: Vec<String>,
}

/// See [`super::CommandBody::DefineGate`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Encode)]
pub struct DefineGate {
    /// Its name.
    pub name: String,
}

/// See [`super::CommandBody::DrawSeats`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Encode)]
pub struct DrawSeats {
    /// The zone, whose seats are numbered.
    pub zone: ZoneId,
    /// All its seats, in the order of its list of labels.
    pub rows: Vec<SeatRow>,
}

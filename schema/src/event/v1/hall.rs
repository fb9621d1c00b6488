//! Halls, their zones and gates.

use bincode::{Decode, Encode};
use serde::{Deserialize, Serialize};

use crate::ids::{GateId, HallId, ZoneId};

/// A hall exists.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct HallDefined {
    /// Its number.
    pub hall: HallId,
    /// Its name.
    pub name: String,
    /// Places that the safety commission allows at once.
    pub authorised_capacity: u32,
}

/// A zone of a hall exists.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct ZoneDefined {
    /// The hall.
    pub hall: HallId,
    /// Its number.
    pub zone: ZoneId,
    /// Its name.
    pub name: String,
    /// Its places; the number of seats where they are numbered.
    pub capacity: u32,
    /// Labels of the numbered seats in order; empty for free seating.
    pub seats: Vec<String>,
}

/// A gate has a number.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct GateDefined {
    /// Its number.
    pub gate: GateId,
    /// Its name.
    pub name: String,
}

//! What decisions know of halls and their zones.

use serde::{Deserialize, Serialize};
use soticket_schema::HallId;
use soticket_schema::event::v1::{HallDefined, ZoneDefined};

use super::State;

/// A hall.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Hall {
    pub(crate) authorised_capacity: u32,
}

/// A zone of a hall.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Zone {
    pub(crate) hall: HallId,
    pub(crate) capacity: u32,
    /// How many numbered seats; 0 for free seating.
    pub(crate) seats: u32,
}

impl State {
    pub(super) fn hall_defined(&mut self, event: &HallDefined) {
        self.halls.push(event.hall.0, Hall { authorised_capacity: event.authorised_capacity });
    }

    pub(super) fn zone_defined(&mut self, event: &ZoneDefined) {
        let seats = u32::try_from(event.seats.len()).unwrap_or(u32::MAX);
        self.zones.push(event.zone.0, Zone { hall: event.hall, capacity: event.capacity, seats });
    }
}

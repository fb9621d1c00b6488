//! What happens to a show that was announced: another time, another hall, or not at all.

use std::collections::BTreeSet;

use bincode::{Decode, Encode};
use serde::{Deserialize, Serialize};

use super::quota::Places;
use super::show::ZoneOnSale;
use super::tariff::ZonePrice;
use crate::ids::{HallId, SeatId, ShowId, ZoneId};
use crate::time::Timestamp;

/// A show takes place at another time. Its tickets stay valid.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct ShowPostponed {
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

/// Where the places of a zone go when a show moves.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct MovedZone {
    /// The zone before.
    pub from: ZoneId,
    /// The zone from here on.
    pub to: ZoneId,
    /// The new seat of each numbered seat of the zone before, in its order; empty where seats keep their number, or
    /// are not numbered before or after.
    pub seats: Vec<SeatId>,
    /// How many numbered seats the zone from here on has; 0 for free seating.
    pub seat_count: u32,
}

impl MovedZone {
    /// The seat that a place has after the move.
    pub fn seat(&self, before: Option<SeatId>) -> Option<SeatId> {
        let before = before?;
        let after =
            if self.seats.is_empty() { Some(before) } else { self.seats.get(before.0 as usize).copied() };
        after.filter(|seat| seat.0 < self.seat_count)
    }

    /// Places after the move. Seats that there are no more become places of the zone, if that is free seating.
    pub fn places(&self, before: &Places) -> Places {
        match before {
            Places::Seats(seats) if self.seat_count > 0 => {
                let seats: BTreeSet<SeatId> =
                    seats.iter().filter_map(|seat| self.seat(Some(*seat))).collect();
                Places::Seats(seats.into_iter().collect())
            }
            places => Places::Count(places.count()),
        }
    }
}

/// A show takes place in another hall, or in other zones of its hall. Its tickets stay valid.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct ShowRelocated {
    /// The show.
    pub show: ShowId,
    /// Where from here on.
    pub hall: HallId,
    /// The hall's authorised capacity.
    pub authorised_capacity: u32,
    /// Zones on sale from here on.
    pub zones: Vec<ZoneOnSale>,
    /// Where the places of the zones before go. Prices move with them, quotas and holds too.
    pub moves: Vec<MovedZone>,
    /// Until when holders may ask for their money; none if they may not.
    pub refunds_until: Option<Timestamp>,
}

impl ShowRelocated {
    /// Where the places of a zone go; none for a zone that is given up.
    pub fn moved(&self, before: ZoneId) -> Option<&MovedZone> {
        self.moves.iter().find(|moved| moved.from == before)
    }

    /// A tariff's prices after the move: each zone has the price of the first zone that moves there.
    pub fn prices(&self, before: &[ZonePrice]) -> Vec<ZonePrice> {
        let mut prices: Vec<ZonePrice> = Vec::with_capacity(before.len());
        for price in before {
            let Some(zone) = self.moved(price.zone).map(|moved| moved.to) else { continue };
            if prices.iter().all(|known| known.zone != zone) {
                prices.push(ZonePrice { zone, price: price.price });
            }
        }
        prices
    }
}

/// A show does not take place. Nothing sells, and its tickets admit nobody.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct ShowCancelled {
    /// The show.
    pub show: ShowId,
}

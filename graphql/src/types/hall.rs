//! Halls, zones and seats.

use async_graphql::{Context, ID, Object, Result, SimpleObject};
use soticket_projections::catalogue::{HallInfo, ZoneInfo};
use soticket_schema::event::v1::{self, SeatOfRow};
use soticket_schema::ids::{HallId, SeatId, ZoneId};

use super::lookup::{count, named};
use crate::core::Core;
use crate::ids;
use crate::input::Scope;
use crate::scalar::Counter;

/// A hall (salle).
pub(crate) struct Hall {
    scope: Scope,
    info: HallInfo,
}

impl Hall {
    /// A hall as the catalogue has it.
    pub(super) fn new(scope: Scope, info: HallInfo) -> Self {
        Self { scope, info }
    }

    /// The hall with this number.
    pub(crate) fn load(core: &Core, scope: Scope, hall: HallId) -> Option<Self> {
        core.view(scope, |views| views.catalogue.hall(hall).cloned()).map(|info| Self::new(scope, info))
    }
}

/// A hall (salle).
#[Object(serial)]
impl Hall {
    /// Global id.
    pub(crate) async fn id(&self) -> ID {
        ids::global(self.scope.organisation, self.info.hall)
    }

    /// Its number in the log.
    async fn number(&self) -> Counter {
        Counter(self.info.hall.0.into())
    }

    /// Its name.
    async fn name(&self) -> &str {
        &self.info.name
    }

    /// Places that the safety commission allows at once.
    async fn authorised_capacity(&self) -> i32 {
        count(self.info.authorised_capacity.into())
    }

    /// Its zones.
    async fn zones(&self, context: &Context<'_>) -> Result<Vec<Zone>> {
        let zone = |zone: &ZoneId| named(context, self.scope, *zone, Zone::load);
        self.info.zones.iter().map(zone).collect()
    }
}

/// A zone of a hall (catégorie de places).
pub(crate) struct Zone {
    scope: Scope,
    info: ZoneInfo,
}

impl Zone {
    /// The zone with this number.
    pub(crate) fn load(core: &Core, scope: Scope, zone: ZoneId) -> Option<Self> {
        core.view(scope, |views| views.catalogue.zone(zone).cloned()).map(|info| Self { scope, info })
    }
}

/// A zone of a hall (catégorie de places).
#[Object(serial)]
impl Zone {
    /// Global id.
    pub(crate) async fn id(&self) -> ID {
        ids::global(self.scope.organisation, self.info.zone)
    }

    /// Its number in the log.
    async fn number(&self) -> Counter {
        Counter(self.info.zone.0.into())
    }

    /// Its name.
    async fn name(&self) -> &str {
        &self.info.name
    }

    /// The hall.
    async fn hall(&self, context: &Context<'_>) -> Result<Hall> {
        named(context, self.scope, self.info.hall, Hall::load)
    }

    /// Its places.
    async fn capacity(&self) -> i32 {
        count(self.info.capacity.into())
    }

    /// Its numbered seats; empty for free seating.
    async fn seats(&self) -> Vec<Seat> {
        let rows = self.info.rows.iter();
        let mut drawn = rows.flat_map(|row| row.seats.iter().map(move |seat| (row.row.as_str(), seat)));
        let seat = |(index, label): (usize, &String)| Seat::new(index as u64, label, drawn.next());
        self.info.seats.iter().enumerate().map(seat).collect()
    }
}

/// A numbered seat.
#[derive(SimpleObject)]
#[graphql(serial)]
pub(crate) struct Seat {
    /// Its index in the zone's list of seats: what inputs name it by.
    index: i32,
    /// Its label as printed.
    label: String,
    /// Name of its row; null if nobody said.
    row: Option<String>,
    /// Its number within the row; null if nobody said.
    number: Option<String>,
    /// Where it is drawn; null if nobody said.
    at: Option<SeatPoint>,
}

/// A point of a seat map, in the map's own unit; the stage is at the top.
#[derive(SimpleObject)]
#[graphql(serial)]
pub(crate) struct SeatPoint {
    /// To the right.
    x: i32,
    /// Downwards.
    y: i32,
}

impl Seat {
    fn new(index: u64, label: &str, drawn: Option<(&str, &SeatOfRow)>) -> Self {
        let point = |at: v1::SeatPoint| SeatPoint { x: count(at.x.into()), y: count(at.y.into()) };
        Self {
            index: count(index),
            label: label.to_owned(),
            row: drawn.map(|(row, _)| row.to_owned()),
            number: drawn.map(|(_, seat)| seat.number.clone()),
            at: drawn.and_then(|(_, seat)| seat.at).map(point),
        }
    }

    /// A seat of a zone; none if the zone has no such seat.
    pub(super) fn load(core: &Core, scope: Scope, zone: ZoneId, seat: SeatId) -> Option<Self> {
        core.view(scope, |views| {
            let zone = views.catalogue.zone(zone)?;
            let label = zone.seats.get(usize::try_from(seat.0).ok()?)?;
            Some(Self::new(seat.0.into(), label, zone.drawn(seat)))
        })
    }
}

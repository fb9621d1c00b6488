//! Halls and gates.

use async_graphql::{ID, InputObject};
use soticket_schema::command::{DefineGate, DefineHall, DrawSeats, NewZone};
use soticket_schema::event::v1::{SeatOfRow, SeatPoint, SeatRow};
use soticket_schema::{CommandBody, Rejection, RejectionCode};

use super::{Caller, CommandInput, Scope};

/// Input of `hallDefine`.
#[derive(InputObject)]
pub(crate) struct HallDefineInput {
    #[graphql(flatten)]
    caller: Caller,
    /// Its name.
    name: String,
    /// Places that the safety commission allows at once.
    authorised_capacity: i32,
    /// Its zones.
    zones: Vec<NewZoneInput>,
}

/// A zone of a hall.
#[derive(InputObject)]
pub(crate) struct NewZoneInput {
    /// Its name.
    name: String,
    /// Its places; must equal the number of seats where they are numbered.
    capacity: i32,
    /// Labels of the numbered seats; empty for free seating.
    #[graphql(default)]
    seats: Vec<String>,
}

impl CommandInput for HallDefineInput {
    fn caller(&self) -> &Caller {
        &self.caller
    }

    fn body(self, scope: &Scope) -> Result<CommandBody, Rejection> {
        let zone = |(place, zone): (usize, NewZoneInput)| {
            let capacity = scope.count(zone.capacity, || format!("zones.{place}.capacity"))?;
            Ok(NewZone { name: zone.name, capacity, seats: zone.seats })
        };
        Ok(CommandBody::DefineHall(DefineHall {
            name: self.name,
            authorised_capacity: scope.count(self.authorised_capacity, || "authorised_capacity".into())?,
            zones: self.zones.into_iter().enumerate().map(zone).collect::<Result<_, _>>()?,
        }))
    }
}

/// Input of `gateDefine`.
#[derive(InputObject)]
pub(crate) struct GateDefineInput {
    #[graphql(flatten)]
    caller: Caller,
    /// Its name.
    name: String,
}

impl CommandInput for GateDefineInput {
    fn caller(&self) -> &Caller {
        &self.caller
    }

    fn body(self, _: &Scope) -> Result<CommandBody, Rejection> {
        Ok(CommandBody::DefineGate(DefineGate { name: self.name }))
    }
}

/// A seat of a row.
#[derive(InputObject)]
pub(crate) struct SeatOfRowInput {
    /// Its number within the row.
    number: String,
    /// Where it is drawn; absent if it is not.
    at: Option<SeatPointInput>,
}

/// A point of a seat map, in the map's own unit; the stage is at the top.
#[derive(InputObject)]
pub(crate) struct SeatPointInput {
    /// To the right.
    x: i32,
    /// Downwards.
    y: i32,
}

/// Consecutive seats of one row.
#[derive(InputObject)]
pub(crate) struct SeatRowInput {
    /// Name of the row.
    row: String,
    /// Its seats.
    seats: Vec<SeatOfRowInput>,
}

/// Input of `seatsDraw`.
#[derive(InputObject)]
pub(crate) struct SeatsDrawInput {
    #[graphql(flatten)]
    caller: Caller,
    /// The zone, whose seats are numbered.
    zone: ID,
    /// All its seats, in the order of its list of labels.
    rows: Vec<SeatRowInput>,
}

impl CommandInput for SeatsDrawInput {
    fn caller(&self) -> &Caller {
        &self.caller
    }

    fn body(self, scope: &Scope) -> Result<CommandBody, Rejection> {
        let rows = self.rows.into_iter().enumerate().map(|(place, row)| row.row(place));
        let rows = rows.collect::<Result<_, _>>()?;
        Ok(CommandBody::DrawSeats(DrawSeats { zone: scope.id(&self.zone), rows }))
    }
}

impl SeatRowInput {
    fn row(self, row: usize) -> Result<SeatRow, Rejection> {
        let seat = |(place, seat): (usize, SeatOfRowInput)| {
            let coordinate = |value: i32, name: &str| {
                let field = || format!("rows.{row}.seats.{place}.at.{name}");
                u32::try_from(value).map_err(|_| Rejection::new(RejectionCode::AmountNegative, field()))
            };
            let at = seat.at.map(|at| Ok(SeatPoint { x: coordinate(at.x, "x")?, y: coordinate(at.y, "y")? }));
            Ok(SeatOfRow { number: seat.number, at: at.transpose()? })
        };
        let seats = self.seats.into_iter().enumerate().map(seat).collect::<Result<_, Rejection>>()?;
        Ok(SeatRow { row: self.row, seats })
    }
}

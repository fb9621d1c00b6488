//! Halls and gates.

use async_graphql::InputObject;
use soticket_schema::command::{DefineGate, DefineHall, NewZone};
use soticket_schema::{CommandBody, Rejection};

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

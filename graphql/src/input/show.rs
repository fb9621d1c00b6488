//! Shows.

use async_graphql::{ID, InputObject};
use soticket_schema::command::{CloseShow, OpenShow, ScheduleShow};
use soticket_schema::event::v1::ZoneOnSale;
use soticket_schema::{CommandBody, Rejection};

use super::{Caller, CommandInput, Scope};
use crate::scalar::DateTime;

/// Input of `showSchedule`.
#[derive(InputObject)]
pub(crate) struct ShowScheduleInput {
    #[graphql(flatten)]
    caller: Caller,
    /// The venue's own reference; unique within the organisation.
    reference: String,
    /// Title as printed.
    title: String,
    /// Where.
    hall: ID,
    /// Zones on sale.
    zones: Vec<ZoneOnSaleInput>,
    /// Begin of the performance.
    starts_at: DateTime,
    /// Opening of the doors.
    doors_at: DateTime,
    /// Live sales begin.
    sale_from: DateTime,
    /// Live sales end.
    sale_until: DateTime,
    /// Tax territory, such as "FR-metropole".
    territory: String,
}

/// A zone on sale for a show.
#[derive(InputObject)]
pub(crate) struct ZoneOnSaleInput {
    /// The zone.
    zone: ID,
    /// How many of its places are on sale.
    on_sale: i32,
}

/// Zones on sale of a command.
pub(super) fn zones(zones: &[ZoneOnSaleInput], scope: &Scope) -> Result<Vec<ZoneOnSale>, Rejection> {
    let zone = |(place, zone): (usize, &ZoneOnSaleInput)| {
        let on_sale = scope.count(zone.on_sale, || format!("zones.{place}.on_sale"))?;
        Ok(ZoneOnSale { zone: scope.id(&zone.zone), on_sale })
    };
    zones.iter().enumerate().map(zone).collect()
}

impl CommandInput for ShowScheduleInput {
    fn caller(&self) -> &Caller {
        &self.caller
    }

    fn body(self, scope: &Scope) -> Result<CommandBody, Rejection> {
        Ok(CommandBody::ScheduleShow(ScheduleShow {
            reference: self.reference,
            title: self.title,
            hall: scope.id(&self.hall),
            zones: zones(&self.zones, scope)?,
            starts_at: self.starts_at.0,
            doors_at: self.doors_at.0,
            sale_from: self.sale_from.0,
            sale_until: self.sale_until.0,
            territory: self.territory,
        }))
    }
}

/// Input of `showOpen`.
#[derive(InputObject)]
pub(crate) struct ShowOpenInput {
    #[graphql(flatten)]
    caller: Caller,
    /// The show.
    show: ID,
}

impl CommandInput for ShowOpenInput {
    fn caller(&self) -> &Caller {
        &self.caller
    }

    fn body(self, scope: &Scope) -> Result<CommandBody, Rejection> {
        Ok(CommandBody::OpenShow(OpenShow { show: scope.id(&self.show) }))
    }
}

/// Input of `showClose`.
#[derive(InputObject)]
pub(crate) struct ShowCloseInput {
    #[graphql(flatten)]
    caller: Caller,
    /// The show.
    show: ID,
}

impl CommandInput for ShowCloseInput {
    fn caller(&self) -> &Caller {
        &self.caller
    }

    fn body(self, scope: &Scope) -> Result<CommandBody, Rejection> {
        Ok(CommandBody::CloseShow(CloseShow { show: scope.id(&self.show) }))
    }
}

//! Halls, zones and gates.

use soticket_schema::command::{DefineGate, DefineHall, DrawSeats, NewZone};
use soticket_schema::event::v1::{GateDefined, HallDefined, SeatsDrawn, ZoneDefined};
use soticket_schema::limits::{CAPACITY_MAX, NAME_BYTES_MAX, REFERENCE_BYTES_MAX, SEATS_MAX, ZONES_MAX};
use soticket_schema::{Event, GateId, HallId, Rejection, RejectionCode, ZoneId};

use super::checks::{Checks, Path, field};
use super::{Context, Decide, When};

impl Decide for DefineHall {
    fn shape(&self, _when: When, checks: &mut Checks) {
        checks.text(&self.name, NAME_BYTES_MAX, field("name"));
        checks.count(self.authorised_capacity, CAPACITY_MAX, field("authorised_capacity"));
        let zones = field("zones");
        checks.list_with_one(&self.zones, ZONES_MAX, zones);
        for (index, zone) in self.zones.iter().enumerate().take(ZONES_MAX) {
            check_zone(zone, zones.item(index), checks);
        }
        let names = self.zones.iter().take(ZONES_MAX).map(|zone| zone.name.as_str()).enumerate();
        checks.distinct(names, |index| zones.item(index).field("name").to_string());
    }

    fn decide(&self, context: &Context<'_>, _checks: &mut Checks) -> Result<Vec<Event>, Rejection> {
        let hall = HallId(context.state.halls.next_u32());
        let first_zone = context.state.zones.next_u32();
        let defined =
            HallDefined { hall, name: self.name.clone(), authorised_capacity: self.authorised_capacity };
        let zones = self.zones.iter().zip(first_zone..).map(|(zone, number)| {
            Event::from(ZoneDefined {
                hall,
                zone: ZoneId(number),
                name: zone.name.clone(),
                capacity: zone.capacity,
                seats: zone.seats.clone(),
            })
        });
        Ok(std::iter::once(defined.into()).chain(zones).collect())
    }
}

fn check_zone(zone: &NewZone, at: Path<'_>, checks: &mut Checks) {
    checks.text(&zone.name, NAME_BYTES_MAX, at.field("name"));
    checks.count(zone.capacity, CAPACITY_MAX, at.field("capacity"));
    let seats = at.field("seats");
    checks.list(&zone.seats, SEATS_MAX, seats);
    if zone.seats.is_empty() || zone.seats.len() > SEATS_MAX {
        return;
    }
    let agrees = zone.seats.len() == zone.capacity as usize;
    checks.ensure(agrees, RejectionCode::CapacityExceeded, at.field("capacity"));
    for (index, label) in zone.seats.iter().enumerate() {
        checks.text(label, REFERENCE_BYTES_MAX, seats.item(index));
    }
    let labels = zone.seats.iter().map(String::as_str).enumerate();
    checks.distinct(labels, |index| seats.item(index).to_string());
}

impl Decide for DefineGate {
    fn shape(&self, _when: When, checks: &mut Checks) {
        checks.text(&self.name, NAME_BYTES_MAX, field("name"));
    }

    fn decide(&self, context: &Context<'_>, _checks: &mut Checks) -> Result<Vec<Event>, Rejection> {
        let gate = GateId(context.state.gates.next());
        Ok(vec![GateDefined { gate, name: self.name.clone() }.into()])
    }
}

impl Decide for DrawSeats {
    fn shape(&self, _when: When, checks: &mut Checks) {
        let rows = field("rows");
        checks.list_with_one(&self.rows, SEATS_MAX, rows);
        for (index, row) in self.rows.iter().enumerate().take(SEATS_MAX) {
            let at = rows.item(index);
            let seats = at.field("seats");
            checks.text(&row.row, REFERENCE_BYTES_MAX, at.field("row"));
            checks.list_with_one(&row.seats, SEATS_MAX, seats);
            for (index, seat) in row.seats.iter().enumerate().take(SEATS_MAX) {
                checks.text(&seat.number, REFERENCE_BYTES_MAX, seats.item(index).field("number"));
            }
        }
    }

    fn decide(&self, context: &Context<'_>, checks: &mut Checks) -> Result<Vec<Event>, Rejection> {
        let zone = context.state.zones.get(self.zone.0);
        let zone = checks.need(zone, RejectionCode::ZoneUnknown, field("zone"))?;
        let count: usize = self.rows.iter().map(|row| row.seats.len()).sum();
        checks.ensure(count == zone.seats as usize, RejectionCode::SeatsMismatch, field("rows"));
        Ok(vec![SeatsDrawn { hall: zone.hall, zone: self.zone, rows: self.rows.clone() }.into()])
    }
}

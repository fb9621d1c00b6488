//! Shows: planning, opening, closing.

use soticket_ledger::state::ShowStatus;
use soticket_schema::RejectionCode::*;
use soticket_schema::command::*;
use soticket_schema::event::v1::{self, *};
use soticket_schema::*;

use crate::harness::{Refused, after, refused};
use crate::venue::*;

fn schedule() -> ScheduleShow {
    ScheduleShow {
        reference: "S-2".into(),
        title: "Concert".into(),
        hall: HallId(1),
        zones: vec![ZoneOnSale { zone: PIT, on_sale: 10 }, ZoneOnSale { zone: BALCONY, on_sale: 4 }],
        starts_at: after(100_000),
        doors_at: after(96_000),
        sale_from: after(-10_000),
        sale_until: after(90_000),
        territory: "FR-metropole".into(),
    }
}

fn zones(zones: &[(u32, u32)]) -> ScheduleShow {
    let zones = zones.iter().map(|(zone, on_sale)| ZoneOnSale { zone: ZoneId(*zone), on_sale: *on_sale });
    ScheduleShow { zones: zones.collect(), ..schedule() }
}

#[test]
fn a_show_keeps_the_rules_that_it_was_scheduled_under() {
    let changed = OrganisationParameters { serial_scope: SerialScope::Show, ..parameters() };
    let world = planned().after(ChangeOrganisation { parameters: changed });
    world.when(schedule()).then([scheduled(ShowId(2), SerialScope::Show)]);
    let world = world.after(schedule());
    assert_eq!(world.state.show_by_reference("S-2"), Some(ShowId(2)));
    assert_eq!(world.state.show_zones(ShowId(2)), [PIT, BALCONY]);
}

#[test]
fn a_show_opens_and_closes_once() {
    planned().when(OpenShow { show: SHOW }).then([ShowOpened { show: SHOW }.into()]);
    open().when(CloseShow { show: SHOW }).then([v1::ShowClosed { show: SHOW }.into()]);
    let closed = open().at(after(5)).after(CloseShow { show: SHOW });
    assert_eq!(closed.state.show_status(SHOW), Some(ShowStatus::Closed(after(5))));
    planned().when(CloseShow { show: SHOW }).then([v1::ShowClosed { show: SHOW }.into()]);
}

pub(crate) fn rejections() -> Vec<Refused> {
    let (house, planned, open) = (house(), planned(), open());
    let closed = open.clone().after(CloseShow { show: SHOW });
    let other_hall = house.clone().after(DefineHall {
        name: "Other".into(),
        authorised_capacity: 5,
        zones: vec![NewZone { name: "Floor".into(), capacity: 5, seats: Vec::new() }],
    });
    vec![
        refused(&house, ScheduleShow { reference: String::new(), ..schedule() }, TextEmpty, "reference"),
        refused(
            &house,
            ScheduleShow { reference: "x".repeat(1 << 20), ..schedule() },
            TextTooLong,
            "reference",
        ),
        refused(&house, ScheduleShow { title: "a\u{0}".into(), ..schedule() }, TextNotAllowed, "title"),
        refused(&house, ScheduleShow { territory: String::new(), ..schedule() }, TextEmpty, "territory"),
        refused(&house, ScheduleShow { starts_at: Timestamp(0), ..schedule() }, TimeOutOfRange, "starts_at"),
        refused(
            &house,
            ScheduleShow { doors_at: Timestamp(i64::MAX), ..schedule() },
            TimeOutOfRange,
            "doors_at",
        ),
        refused(&house, ScheduleShow { doors_at: after(100_001), ..schedule() }, TimeOrder, "doors_at"),
        refused(&house, ScheduleShow { sale_until: after(-10_000), ..schedule() }, TimeOrder, "sale_until"),
        refused(&house, zones(&[]), ListEmpty, "zones"),
        refused(&house, zones(&[(1, 1); 101]), ListTooLong, "zones"),
        refused(&house, zones(&[(1, 1), (2, 1), (1, 1)]), Duplicate, "zones.2.zone"),
        refused(&house, zones(&[(1, 1), (2, 0)]), QuantityZero, "zones.1.on_sale"),
        refused(&house, zones(&[(1, u32::MAX)]), QuantityTooLarge, "zones.0.on_sale"),
        refused(&house, zones(&[(9, 0), (1, u32::MAX)]), QuantityZero, "zones.0.on_sale"),
        refused(&house, ScheduleShow { hall: HallId(9), ..schedule() }, HallUnknown, "hall"),
        refused(&house, zones(&[(1, 1), (9, 1)]), ZoneUnknown, "zones.1.zone"),
        refused(&other_hall, zones(&[(3, 1)]), ZoneUnknown, "zones.0.zone"),
        refused(
            &planned,
            ScheduleShow { reference: "S-1".into(), ..schedule() },
            ReferenceTaken,
            "reference",
        ),
        refused(
            &planned,
            ScheduleShow { reference: "S-1".into(), ..zones(&[(1, 101)]) },
            ReferenceTaken,
            "reference",
        ),
        refused(&house, zones(&[(1, 101)]), CapacityExceeded, "zones.0.on_sale"),
        refused(&house, OpenShow { show: SHOW }, ShowUnknown, "show"),
        refused(&open, OpenShow { show: SHOW }, ShowAlreadyOpen, "show"),
        refused(&closed, OpenShow { show: SHOW }, ShowClosed, "show"),
        refused(&closed, CloseShow { show: SHOW }, ShowClosed, "show"),
        refused(&closed, CloseShow { show: ShowId(u64::MAX) }, ShowUnknown, "show"),
    ]
}

//! Scans.

use soticket_schema::RejectionCode::*;
use soticket_schema::command::*;
use soticket_schema::event::v1::*;
use soticket_schema::*;

use crate::harness::{Refused, World, code_hash, refused, refused_fact};
use crate::venue::*;

#[track_caller]
fn stands_for(world: &World, show: ShowId, code: &str, ticket: Option<u64>) {
    let told = scan(show, code);
    world.when_fact(before(), told).then([TicketScanned {
        show,
        code: code_hash(code),
        ticket: ticket.map(TicketId),
        gate: GATE,
        device: DEVICE,
        nonce: 1,
        direction: Direction::Entry,
        offline: false,
        decision: GateDecision::Admitted,
    }
    .into()]);
}

#[test]
fn a_code_stands_for_its_ticket_whatever_that_is() {
    let world = two_shows().after(order(WEB, vec![ticket(); 2])).after(cancel(1, &[2]));
    stands_for(&world, SHOW, "house 1", Some(1));
    stands_for(&world, SHOW, "house 2", Some(2));
    stands_for(&world, ShowId(2), "house 1", Some(1));
    stands_for(&world, SHOW, "\u{1d}]C1 nobody's", None);
}

#[test]
fn of_several_tickets_the_shows_own_valid_first_one_is_meant() {
    let coded = |show, tariff| ReportedTicket {
        show: ShowId(show),
        tariff: TariffId(tariff),
        codes: vec![code("other"), code("F")],
        ..reported()
    };
    let sale = report(FNAC, vec![coded(1, 1), coded(2, 4), coded(1, 1), coded(1, 1)]);
    let world = two_shows().after_fact(before(), sale);
    stands_for(&world, SHOW, "F", Some(1));
    stands_for(&world, ShowId(2), "F", Some(2));
    let world = world.after(cancel(1, &[1]));
    stands_for(&world, SHOW, "F", Some(3));
    let world = world.after(cancel(1, &[2, 3, 4]));
    stands_for(&world, SHOW, "F", Some(1));
    stands_for(&world, ShowId(2), "other", Some(2));
}

pub(crate) fn rejections() -> Vec<Refused> {
    let open = open();
    let unknown = ReportScan { show: ShowId(9), gate: GateId(9), ..scan(SHOW, "x") };
    vec![
        refused(&open, scan(SHOW, "x"), TimeNotAllowed, "occurred_at"),
        refused_fact(&open, scan(SHOW, ""), TextEmpty, "code"),
        refused_fact(&open, scan(SHOW, &"x".repeat(256)), TextTooLong, "code"),
        refused_fact(&open, ReportScan { device: ActorId(2), ..unknown.clone() }, ActorUnknown, "device"),
        refused_fact(&open, unknown, ShowUnknown, "show"),
        refused_fact(&open, ReportScan { gate: GateId(2), ..scan(SHOW, "x") }, GateUnknown, "gate"),
    ]
}

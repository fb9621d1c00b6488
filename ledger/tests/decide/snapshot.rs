//! A state that was stored and read back is the same state; what it takes in memory.

use bincode::config::standard;
use soticket_ledger::state::State;
use soticket_schema::command::{AllocateQuota, AssignActor};
use soticket_schema::event::v1::SellerRole;
use soticket_schema::*;

use crate::harness::{World, after, code_hash};
use crate::venue::*;

/// The state as stored bytes.
pub(crate) fn bytes(state: &State) -> Vec<u8> {
    bincode::serde::encode_to_vec(state, standard()).unwrap()
}

/// The state read back from stored bytes.
pub(crate) fn restored(bytes: &[u8]) -> State {
    bincode::serde::decode_from_slice(bytes, standard()).unwrap().0
}

/// A world with a bit of everything.
fn used() -> World {
    let twice =
        soticket_schema::command::ReportedTicket { codes: vec![code("F1"), code("F2")], ..reported() };
    let until = AllocateQuota { returns_at: Some(after(600)), ..allocate(WEB, 5) };
    let bound = AssignActor { assigned: DEVICE, role: SellerRole::WebShop, channels: vec![WEB] };
    let world = two_shows().after(bound).after(until).after(allocate_seats(FNAC, &[1]));
    let world = world.after(order(WEB, vec![ticket(), seat(0)])).after(hold(WEB, 2)).after(cancel(1, &[1]));
    world.after_fact(before(), report(FNAC, vec![twice.clone(), twice])).after(order(FNAC, vec![seat(1)]))
}

#[test]
fn a_state_reads_back_as_it_was_and_goes_on_alike() {
    let mut world = used();
    let stored = bytes(&world.state);
    let mut copy = world.clone();
    copy.state = restored(&stored);
    assert_eq!(bytes(&copy.state), stored);
    for code in ["F1", "F2", "house 1", "house 2", "house 3", "nobody's"] {
        let find = |state: &State| state.ticket_by_code(code_hash(code), SHOW);
        assert_eq!(find(&copy.state), find(&world.state), "{code}");
    }
    for world in [&mut world, &mut copy] {
        *world = world.clone().after(order(WEB, vec![ticket(); 2]));
    }
    assert_eq!(bytes(&copy.state), bytes(&world.state));
}

#[test]
fn a_ticket_takes_few_bytes() {
    let mut world = open();
    let sale = report(WEB, vec![reported(); 500]);
    for _ in 0..200 {
        let submitted = world.submit(command::CommandBody::ReportSale(sale.clone()), Some(before()));
        submitted.unwrap();
        world.events.clear();
    }
    let bytes = world.state.sales_bytes();
    assert!(bytes < 100_000 * 64, "{} bytes per ticket", bytes / 100_000);
}

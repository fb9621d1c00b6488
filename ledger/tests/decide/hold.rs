//! Holds: placed, released, used up, expired first.

use soticket_schema::RejectionCode::*;
use soticket_schema::command::*;
use soticket_schema::event::v1::*;
use soticket_schema::*;

use crate::harness::{Refused, SUBJECT, after, person, refused, refused_fact};
use crate::venue::*;

fn expired(hold: u64) -> Event {
    HoldExpired { hold: HoldId(hold), show: SHOW }.into()
}

fn using(holds: &[u64], order: PlaceOrder) -> PlaceOrder {
    PlaceOrder { holds: holds.iter().map(|hold| HoldId(*hold)).collect(), ..order }
}

#[test]
fn a_hold_keeps_places_for_its_buyer() {
    let command = PlaceHold { buyer: Some(person("a@b.c")), ..hold_seats(WEB, &[3, 1]) };
    open().when(command).then([HoldPlaced {
        hold: HoldId(1),
        show: SHOW,
        zone: BALCONY,
        channel: WEB,
        places: places(&[1, 3]),
        expires_at: after(60),
        subject: Some(SUBJECT),
    }
    .into()]);
    let world = open().after(hold(WEB, 9));
    let counts = world.state.channel_counts(SHOW, PIT, DESK).unwrap();
    assert_eq!(counts.left, 1);
    let world = world.after(ReleaseHold { hold: HoldId(1) });
    assert_eq!(world.state.zone_counts(SHOW, PIT).unwrap().held, 0);
}

#[test]
fn a_hold_past_its_time_is_expired_first_by_the_next_decision_on_its_show() {
    let world = open().after(hold(WEB, 10)).at(after(60));
    assert_eq!(
        world.clone().at(after(59)).when(order(WEB, vec![ticket()])).0.unwrap_err().code,
        PoolExhausted
    );
    let events = world.when(order(WEB, vec![ticket()])).events();
    assert_eq!(events[0], expired(1));
    assert!(matches!(events[1], Event::OrderPlaced(_)));
    for other in [
        world.when_fact(before(), scan(SHOW, "x")),
        world.when(allocate(FNAC, 10)),
        world.when(CloseShow { show: SHOW }),
        world.when_fact(before(), report(FNAC, vec![reported()])),
    ] {
        assert_eq!(other.events()[0], expired(1));
    }
    world
        .when(DefineGate { name: "B".into() })
        .then([GateDefined { gate: GateId(2), name: "B".into() }.into()]);
}

#[test]
fn holds_expire_in_the_order_of_their_time_and_of_their_show_only() {
    let other = PlaceHold { show: ShowId(2), ..hold(WEB, 1) };
    let world = two_shows().after(OpenShow { show: ShowId(2) }).after(other);
    let world = world.after(PlaceHold { expires_at: after(50), ..hold(WEB, 1) });
    let world = world.after(PlaceHold { expires_at: after(40), ..hold(WEB, 1) }).after(hold(WEB, 1));
    let events = world.at(after(55)).when(order(WEB, vec![ticket()])).events();
    assert_eq!(events[..2], [expired(3), expired(2)]);
    assert_eq!(events.len(), 3);
}

#[test]
fn more_holds_can_run_out_than_one_append_has_room_for() {
    let mut world = open().and([]);
    for _ in 0..1_005 {
        let placed = world.when(PlaceHold { expires_at: after(10), ..hold(WEB, 1) });
        world = match placed.0 {
            Ok(events) => world.and(events),
            Err(_) => {
                let event = HoldPlaced {
                    hold: HoldId(
                        world.events.iter().filter(|event| matches!(event, Event::HoldPlaced(_))).count()
                            as u64
                            + 1,
                    ),
                    show: SHOW,
                    zone: PIT,
                    channel: WEB,
                    places: Places::Count(1),
                    expires_at: after(10),
                    subject: None,
                };
                world.and([event.into()])
            }
        };
    }
    let world = world.at(after(20));
    let events = world.when(order(WEB, vec![ticket(); 10])).events();
    assert_eq!(events.len(), 1_000);
    let world = world.and(events);
    let events = world.when(CloseShow { show: SHOW }).events();
    assert_eq!(events.len(), 7);
}

#[test]
fn an_order_uses_up_whole_holds() {
    let world = open().after(hold(WEB, 10)).after(hold_seats(WEB, &[2]));
    let events =
        world.when(using(&[1, 2], order(WEB, [vec![seat(2)], vec![ticket(); 10]].concat()))).events();
    assert_eq!(events.len(), 1);
    let world = world.and(events);
    let counts = world.state.show_counts(SHOW).unwrap();
    assert_eq!((counts.sold, counts.held, counts.left), (11, 0, 2));
    world.when(using(&[1], order(WEB, vec![ticket()]))).then_rejected(HoldEnded, "holds.0");
}

#[test]
fn a_used_hold_does_not_expire_beside_its_order() {
    let world = open().after(hold(WEB, 1)).after(PlaceHold { expires_at: after(10), ..hold(WEB, 1) });
    let events = world.at(after(30)).when(using(&[1], order(WEB, vec![ticket()]))).events();
    assert_eq!(events[0], expired(2));
    assert_eq!(events.len(), 2);
}

pub(crate) fn rejections() -> Vec<Refused> {
    let (planned, open) = (planned(), open());
    let closed = open.clone().after(CloseShow { show: SHOW });
    let held = open.clone().after(hold(WEB, 2));
    let released = held.clone().after(ReleaseHold { hold: HoldId(1) });
    let quota = open.clone().after(allocate(WEB, 2));
    let without_web = open.clone().after(CloseChannel { channel: WEB });
    let nobody = PlaceHold { buyer: Some(person(" ")), ..hold(WEB, 1) };
    let buyer = |email: &str| PlaceHold { buyer: Some(person(email)), ..hold(WEB, 1) };
    let expiring = |at| PlaceHold { expires_at: at, ..hold(WEB, 0) };
    vec![
        refused_fact(&open, hold(WEB, 1), TimeNotAllowed, "occurred_at"),
        refused(&open, expiring(Timestamp(i64::MAX)), TimeOutOfRange, "expires_at"),
        refused(&open, expiring(after(0)), TimeOrder, "expires_at"),
        refused(&open, nobody, TextEmpty, "buyer.email"),
        refused(&open, buyer(&"x".repeat(321)), TextTooLong, "buyer.email"),
        refused(&open, buyer("a\r@b"), TextNotAllowed, "buyer.email"),
        refused(&open, hold(WEB, 0), QuantityZero, "places"),
        refused(&open, hold(WEB, 1_000_001), QuantityTooLarge, "places"),
        refused(&open, hold_seats(WEB, &[1, 1]), Duplicate, "places.1"),
        refused(&open, PlaceHold { show: ShowId(0), ..hold(WEB, 1) }, ShowUnknown, "show"),
        refused(&open, PlaceHold { zone: ZoneId(0), ..hold(WEB, 1) }, ZoneUnknown, "zone"),
        refused(&planned, hold_seats(WEB, &[4]), SeatUnknown, "places.0"),
        refused(&planned, hold(ChannelId(9), 1), ChannelUnknown, "channel"),
        refused(&planned, hold(WEB, 99), ShowNotOpen, "show"),
        refused(&closed, hold(WEB, 99), ShowClosed, "show"),
        refused(&open.clone().at(after(-10_001)), hold(WEB, 99), SaleNotStarted, "show"),
        refused(
            &open.clone().at(after(90_000)),
            PlaceHold { expires_at: after(90_001), ..hold(WEB, 99) },
            SaleEnded,
            "show",
        ),
        refused(&without_web, hold(WEB, 99), ChannelClosed, "channel"),
        refused(&open, PlaceHold { zone: BALCONY, ..hold(WEB, 99) }, SeatRequired, "places"),
        refused(&open, PlaceHold { zone: PIT, ..hold_seats(WEB, &[0]) }, SeatNotAllowed, "places"),
        refused(&open.clone().after(hold_seats(WEB, &[1])), hold_seats(WEB, &[0, 1]), SeatTaken, "places.1"),
        refused(&quota, hold(WEB, 3), QuotaExceeded, "places"),
        refused(&quota, hold(DESK, 9), PoolExhausted, "places"),
        refused(&quota.clone().after(hold(WEB, 2)), hold(WEB, 1), QuotaExceeded, "places"),
        refused(&held, ReleaseHold { hold: HoldId(2) }, HoldUnknown, "hold"),
        refused(&held, ReleaseHold { hold: HoldId(0) }, HoldUnknown, "hold"),
        refused(&released, ReleaseHold { hold: HoldId(1) }, HoldEnded, "hold"),
        refused(&held.clone().at(after(60)), ReleaseHold { hold: HoldId(1) }, HoldEnded, "hold"),
        refused(&held, using(&[1, 1], order(WEB, vec![ticket()])), Duplicate, "holds.1"),
        refused(&held, using(&[1, 2], order(WEB, vec![ticket()])), HoldUnknown, "holds.1"),
        refused(&held.clone().at(after(60)), using(&[1], order(WEB, vec![ticket()])), HoldEnded, "holds.0"),
        refused(&held, using(&[1], order(DESK, vec![ticket(); 2])), HoldMismatch, "holds.0"),
        refused(&held, using(&[1], order(WEB, vec![ticket()])), HoldMismatch, "holds"),
        refused(&held, using(&[1], order(WEB, vec![ticket(); 3])), HoldMismatch, "holds"),
        refused(&held, using(&[1], order(WEB, vec![ticket(), seat(1)])), HoldMismatch, "holds"),
        refused(
            &held,
            PlaceOrder { items: vec![item(5)], ..using(&[1], order(WEB, vec![])) },
            HoldMismatch,
            "holds",
        ),
    ]
}

//! How places of a quota go back: given back by the channel, or by themselves at a deadline.

use soticket_schema::RejectionCode::*;
use soticket_schema::command::*;
use soticket_schema::event::v1::*;
use soticket_schema::*;

use crate::harness::{Refused, World, after, refused, refused_fact};
use crate::venue::*;

/// The web's quota in the pit, back after so many seconds.
fn until(count: u32, seconds: i64) -> AllocateQuota {
    AllocateQuota { returns_at: Some(after(seconds)), ..allocate(WEB, count) }
}

fn give_back(channel: ChannelId, count: u32) -> ReturnQuota {
    ReturnQuota { show: SHOW, zone: PIT, channel, places: Places::Count(count) }
}

fn give_back_seats(channel: ChannelId, seats: &[u32]) -> ReturnQuota {
    ReturnQuota { zone: BALCONY, places: places(seats), ..give_back(channel, 1) }
}

fn deadline(channel: ChannelId, returns_at: Option<Timestamp>) -> SetQuotaDeadline {
    SetQuotaDeadline { show: SHOW, zone: PIT, channel, returns_at }
}

fn expired(quotas: &[(ZoneId, ChannelId)]) -> Event {
    let quotas = quotas.iter().map(|(zone, channel)| ExpiredQuota { zone: *zone, channel: *channel });
    QuotasExpired { show: SHOW, quotas: quotas.collect() }.into()
}

/// Quota, and what is left, of a channel in the pit.
fn of(world: &World, channel: ChannelId) -> (Option<i64>, i64) {
    let counts = world.state.channel_counts(SHOW, PIT, channel).unwrap();
    (counts.quota, counts.left)
}

fn sold(world: World, channel: ChannelId, count: usize) -> World {
    world.after(order(channel, vec![ticket(); count]))
}

#[test]
fn an_allotment_can_state_when_it_goes_back() {
    let quota = QuotaAllocated { show: SHOW, zone: PIT, channel: WEB, places: Places::Count(6) };
    let set = QuotaDeadlineSet { show: SHOW, zone: PIT, channel: WEB, returns_at: Some(after(60)) };
    open().when(until(6, 60)).then([quota.into(), set.into()]);
}

#[test]
fn what_is_left_goes_back_at_the_deadline_ahead_of_the_next_decision() {
    let world = sold(open().after(until(6, 60)), WEB, 2);
    // Four places are the pool's: the desk could have no more.
    world
        .clone()
        .at(after(59))
        .when(order(DESK, vec![ticket(); 5]))
        .then_rejected(PoolExhausted, "tickets.4");
    let world = world.at(after(60));
    let events = world.when(order(DESK, vec![ticket(); 8])).events();
    assert_eq!(events[0], expired(&[(PIT, WEB)]));
    assert!(matches!(events[1], Event::OrderPlaced(_)));
    let world = world.and(events);
    assert_eq!((of(&world, WEB), of(&world, DESK)), ((None, 0), (None, 0)));
    // What the channel sold and is cancelled now is the pool's too.
    let world = world.after(cancel(1, &[1]));
    assert_eq!(of(&world, DESK), (None, 1));
    assert_eq!(world.when(order(DESK, vec![ticket()])).events().len(), 1, "it ends once");
}

#[test]
fn every_decision_on_the_show_sees_the_deadline() {
    let world = sold(open().after(until(6, 60)), WEB, 1).at(after(61));
    let ends = expired(&[(PIT, WEB)]);
    let events = [
        world.when(PlaceHold { expires_at: after(600), ..hold(DESK, 9) }).events(),
        world.when(allocate(FNAC, 9)).events(),
        world.when_fact(before(), report(FNAC, vec![reported()])).events(),
        world.when_fact(before(), scan(SHOW, "x")).events(),
        world.when(CloseShow { show: SHOW }).events(),
    ];
    assert!(events.iter().all(|events| events[0] == ends), "{events:?}");
    for gone in [
        world.when(CloseQuota { show: SHOW, zone: PIT, channel: WEB }),
        world.when(give_back(WEB, 1)),
        world.when(deadline(WEB, None)),
    ] {
        gone.then_rejected(QuotaClosed, "channel");
    }
    let both = world.clone().after(allocate(FNAC, 1));
    both.when(transfer(WEB, FNAC, 1)).then_rejected(QuotaClosed, "from");
    // A new quota takes what the channel sold before, as any first quota does.
    let again = world.when(allocate(WEB, 4)).events();
    assert_eq!(again[0], ends);
    assert_eq!(of(&world.and(again), WEB), (Some(4), 3));
}

#[test]
fn a_report_after_the_deadline_is_recorded_and_flagged() {
    let world = open().after(AllocateQuota { channel: FNAC, ..until(6, 60) });
    let on_time = world.when_fact(before(), report(FNAC, vec![reported()])).events();
    assert_eq!(flags(&on_time), []);
    let late = world.at(after(60)).when_fact(before(), report(FNAC, vec![reported()])).events();
    assert_eq!(late[0], expired(&[(PIT, FNAC)]));
    assert_eq!(flags(&late), [Flag::ChannelClosed]);
}

#[test]
fn seats_and_holds_go_back_too() {
    let seats = AllocateQuota { returns_at: Some(after(60)), ..allocate_seats(FNAC, &[0, 1]) };
    let world = open().after(seats).after(until(6, 61)).after(hold_seats(FNAC, &[0]));
    let world = world.after(PlaceHold { expires_at: after(600), ..hold(WEB, 2) });
    world.clone().at(after(59)).when(order(DESK, vec![seat(1)])).then_rejected(SeatTaken, "tickets.0.seat");
    let events = world.clone().at(after(61)).when(order(DESK, vec![seat(1), seat(0)])).events();
    let hold_ends = HoldExpired { hold: HoldId(1), show: SHOW }.into();
    assert_eq!(events[..2], [hold_ends, expired(&[(BALCONY, FNAC), (PIT, WEB)])]);
    // A hold that is still in force keeps its places, and sells.
    let world = world.at(after(61));
    world.when(order(DESK, vec![ticket(); 9])).then_rejected(PoolExhausted, "tickets.8");
    let held = PlaceOrder { holds: vec![HoldId(2)], ..order(WEB, vec![ticket(); 2]) };
    assert!(world.when(held).0.is_ok());
}

#[test]
fn a_deadline_can_be_moved_and_taken_away() {
    let world = open().after(until(6, 60)).after(deadline(WEB, Some(after(120)))).at(after(60));
    assert_eq!(world.when(order(WEB, vec![ticket()])).events().len(), 1);
    let never = world.clone().after(deadline(WEB, None)).at(after(10_000));
    assert_eq!(never.when(order(WEB, vec![ticket()])).events().len(), 1);
    let events = world.at(after(120)).when(order(DESK, vec![ticket()])).events();
    assert_eq!(events[0], expired(&[(PIT, WEB)]));
    // A quota that was closed takes its deadline with it, one that is opened again has none.
    let closed = CloseQuota { show: SHOW, zone: PIT, channel: WEB };
    let world = open().after(until(6, 60)).after(closed).after(allocate(WEB, 6)).at(after(60));
    assert_eq!(world.when(order(WEB, vec![ticket()])).events().len(), 1);
    let world = open().after(until(6, 60)).after(CloseChannel { channel: WEB }).at(after(60));
    assert_eq!(world.when(order(DESK, vec![ticket()])).events().len(), 1);
}

#[test]
fn a_channel_gives_back_part_of_its_quota() {
    let world = sold(open().after(allocate(FNAC, 6)), FNAC, 2);
    let event = QuotaReturned { show: SHOW, zone: PIT, channel: FNAC, places: Places::Count(3) };
    world.when(give_back(FNAC, 3)).then([event.into()]);
    let world = world.after(give_back(FNAC, 3));
    assert_eq!((of(&world, FNAC), of(&world, DESK)), ((Some(3), 1), (None, 7)));
    let world = world.after(give_back(FNAC, 1));
    assert_eq!((of(&world, FNAC), of(&world, DESK)), ((Some(2), 0), (None, 8)));
    world.when(order(FNAC, vec![ticket()])).then_rejected(QuotaExceeded, "tickets.0");
    let world = open().after(allocate_seats(FNAC, &[1, 2])).after(give_back_seats(FNAC, &[2]));
    assert!(world.when(order(DESK, vec![seat(2)])).0.is_ok());
    world.when(order(DESK, vec![seat(1)])).then_rejected(SeatTaken, "tickets.0.seat");
}

#[test]
fn a_return_that_is_reported_is_recorded_whatever_it_breaks() {
    let world = sold(open().after(allocate(FNAC, 6)), FNAC, 5).after_fact(before(), give_back(FNAC, 3));
    let counts = world.state.zone_counts(SHOW, PIT).unwrap();
    assert_eq!((of(&world, FNAC), counts.quotas, counts.pool_left), ((Some(3), 0), 3, 7));
    let nothing =
        open().after_fact(before(), give_back(FNAC, 3)).after_fact(before(), give_back_seats(FNAC, &[0]));
    assert_eq!(of(&nothing, FNAC), (None, 10));
    let others = open().after(allocate_seats(WEB, &[0])).after_fact(before(), give_back_seats(FNAC, &[0]));
    let quota = others.state.channel_counts(SHOW, BALCONY, WEB).unwrap().quota;
    assert_eq!(quota, Some(1), "nobody gives back what another has");
}

pub(crate) fn rejections() -> Vec<Refused> {
    let open = open();
    let quota = open.clone().after(allocate(WEB, 4)).after(allocate_seats(WEB, &[0, 1]));
    let closed = quota.clone().after(CloseShow { show: SHOW });
    let without_web = quota.clone().after(CloseChannel { channel: WEB });
    let unknown = SetQuotaDeadline { show: ShowId(9), ..deadline(WEB, Some(after(1))) };
    let no_zone = ReturnQuota { zone: ZoneId(9), ..give_back(ChannelId(9), 1) };
    vec![
        refused(&open, until(1, 0), TimeOrder, "returns_at"),
        refused(
            &open,
            AllocateQuota { returns_at: Some(Timestamp(0)), ..allocate(WEB, 0) },
            TimeOutOfRange,
            "returns_at",
        ),
        refused_fact(
            &open,
            AllocateQuota { returns_at: Some(Timestamp(0)), ..allocate(WEB, 1) },
            TimeOutOfRange,
            "returns_at",
        ),
        refused(&open, deadline(WEB, Some(after(0))), TimeOrder, "returns_at"),
        refused(&open, deadline(WEB, Some(Timestamp(i64::MAX))), TimeOutOfRange, "returns_at"),
        refused_fact(&quota, deadline(WEB, None), TimeNotAllowed, "occurred_at"),
        refused(&quota, unknown, ShowUnknown, "show"),
        refused(
            &quota,
            SetQuotaDeadline { zone: ZoneId(9), ..deadline(ChannelId(9), None) },
            ZoneUnknown,
            "zone",
        ),
        refused(&quota, deadline(ChannelId(9), None), ChannelUnknown, "channel"),
        refused(&closed, deadline(DESK, None), ShowClosed, "show"),
        refused(&without_web, deadline(WEB, None), ChannelClosed, "channel"),
        refused(&quota, deadline(DESK, Some(after(1))), QuotaClosed, "channel"),
        refused(&quota, give_back(WEB, 0), QuantityZero, "places"),
        refused(&quota, give_back_seats(WEB, &[0, 0]), Duplicate, "places.1"),
        refused(&quota, no_zone, ZoneUnknown, "zone"),
        refused(&quota, give_back_seats(WEB, &[9]), SeatUnknown, "places.0"),
        refused(&quota, give_back(ChannelId(9), 1), ChannelUnknown, "channel"),
        refused_fact(&quota, give_back(ChannelId(9), 1), ChannelUnknown, "channel"),
        refused(&closed, give_back(WEB, 1), ShowClosed, "show"),
        refused(&without_web, give_back(WEB, 1), ChannelClosed, "channel"),
        refused(&quota, give_back(DESK, 99), QuotaClosed, "channel"),
        refused(&quota, ReturnQuota { zone: PIT, ..give_back_seats(WEB, &[0]) }, SeatNotAllowed, "places"),
        refused(&quota, give_back_seats(WEB, &[0, 2]), SeatTaken, "places.1"),
        refused(
            &quota.clone().after(hold_seats(WEB, &[1])),
            give_back_seats(WEB, &[0, 1]),
            SeatTaken,
            "places.1",
        ),
        refused(&sold(quota.clone(), WEB, 3), give_back(WEB, 2), QuotaExceeded, "places"),
        refused(&quota.clone().after(hold(WEB, 3)), give_back(WEB, 2), QuotaExceeded, "places"),
    ]
}

//! Quotas: counts and sets of seats, transfers, what happens when they close.

use soticket_schema::RejectionCode::*;
use soticket_schema::command::*;
use soticket_schema::event::v1::*;
use soticket_schema::*;

use crate::harness::{Refused, World, after, refused, refused_fact};
use crate::venue::*;

fn sold(world: World, channel: ChannelId, count: usize) -> World {
    world.after(order(channel, vec![ticket(); count]))
}

fn sold_seat(world: World, channel: ChannelId, number: u32) -> World {
    world.after(order(channel, vec![seat(number)]))
}

/// What is left in the pit to the channels, in order.
#[track_caller]
fn left(world: &World, expected: [i64; 3]) {
    let left = [WEB, DESK, FNAC].map(|channel| world.state.channel_counts(SHOW, PIT, channel).unwrap().left);
    assert_eq!(left, expected);
}

fn close_quota(channel: ChannelId) -> CloseQuota {
    CloseQuota { show: SHOW, zone: PIT, channel }
}

#[test]
fn a_quota_is_taken_out_of_the_pool() {
    let world = open();
    left(&world, [10, 10, 10]);
    world.when(allocate(WEB, 6)).then([QuotaAllocated {
        show: SHOW,
        zone: PIT,
        channel: WEB,
        places: Places::Count(6),
    }
    .into()]);
    let world = world.after(allocate(WEB, 6));
    left(&world, [6, 4, 4]);
    let world = sold(sold(world, WEB, 1), DESK, 3);
    left(&world, [5, 1, 1]);
    let world = world.after(allocate(WEB, 1));
    left(&world, [6, 0, 0]);
}

#[test]
fn what_a_channel_sold_from_the_pool_counts_against_its_first_quota() {
    let world = sold(open(), WEB, 3).after(hold(WEB, 1)).after(allocate(WEB, 5));
    left(&world, [1, 5, 5]);
}

#[test]
fn a_transfer_conserves_the_total() {
    let world = sold(open().after(allocate(WEB, 6)).after(allocate(FNAC, 2)), WEB, 2);
    world.when(transfer(WEB, FNAC, 4)).then([QuotaTransferred {
        show: SHOW,
        zone: PIT,
        from: WEB,
        to: FNAC,
        places: Places::Count(4),
    }
    .into()]);
    let world = world.after(transfer(WEB, FNAC, 4));
    left(&world, [0, 2, 6]);
    assert_eq!(world.state.zone_counts(SHOW, PIT).unwrap().quotas, 8);
}

#[test]
fn a_cancelled_ticket_goes_back_to_the_quota_and_to_the_pool_once_that_is_closed() {
    let world = sold(open().after(allocate(WEB, 4)), WEB, 3);
    left(&world, [1, 6, 6]);
    let world = world.after(cancel(1, &[1]));
    left(&world, [2, 6, 6]);
    let world = world.after(close_quota(WEB));
    left(&world, [8, 8, 8]);
    let world = world.after(cancel(1, &[2]));
    left(&world, [9, 9, 9]);
}

#[test]
fn a_closed_channel_leaves_its_quotas_to_the_pools() {
    let world = sold(open().after(allocate(WEB, 4)).after(allocate_seats(WEB, &[0, 1])), WEB, 1);
    let world = sold_seat(world, WEB, 0).after(CloseChannel { channel: WEB });
    let zones = [PIT, BALCONY].map(|zone| world.state.zone_counts(SHOW, zone).unwrap());
    assert_eq!(zones.map(|zone| (zone.quotas, zone.pool_left)), [(0, 9), (0, 3)]);
    let world = world.after(cancel(1, &[1])).after(cancel(2, &[2]));
    let zones = [PIT, BALCONY].map(|zone| world.state.zone_counts(SHOW, zone).unwrap());
    assert_eq!(zones.map(|zone| zone.pool_left), [10, 4]);
    assert!(world.when(order(DESK, vec![seat(1)])).0.is_ok());
}

#[test]
fn seats_of_a_quota_are_its_channels_only() {
    let world = open().after(allocate_seats(FNAC, &[3, 1]));
    let places = places(&[1, 3]);
    assert_eq!(
        world.events.last(),
        Some(&QuotaAllocated { show: SHOW, zone: BALCONY, channel: FNAC, places }.into())
    );
    world.when(order(WEB, vec![seat(1)])).then_rejected(SeatTaken, "tickets.0.seat");
    world.when(order(FNAC, vec![seat(0)])).then_rejected(QuotaExceeded, "tickets.0");
    assert!(world.when(order(FNAC, vec![seat(1)])).0.is_ok());
    let moved =
        TransferQuota { show: SHOW, zone: BALCONY, from: FNAC, to: DESK, places: crate::venue::places(&[1]) };
    world.when(moved.clone()).then_rejected(QuotaClosed, "to");
    let world = world.after(allocate_seats(DESK, &[0])).after(moved);
    assert!(world.when(order(DESK, vec![seat(1)])).0.is_ok());
    let counts = world.state.channel_counts(SHOW, BALCONY, FNAC).unwrap();
    assert_eq!((counts.quota, counts.left), (Some(1), 1));
}

#[test]
fn facts_about_quotas_are_recorded_whatever_they_break() {
    let world = open().after_fact(before(), allocate(WEB, 50));
    left(&world, [10, 0, 0]);
    let world = world.after_fact(before(), transfer(WEB, FNAC, 60));
    left(&world, [0, 0, 10]);
    let seats = allocate_seats(WEB, &[0]);
    let world = world
        .after_fact(before(), seats.clone())
        .after_fact(before(), AllocateQuota { channel: FNAC, ..seats });
    let quotas = [WEB, FNAC].map(|channel| world.state.channel_counts(SHOW, BALCONY, channel).unwrap().quota);
    assert_eq!(quotas, [Some(0), Some(1)]);
}

#[test]
fn transfers_before_their_allocation_end_up_elsewhere() {
    let in_order = open().after_fact(before(), allocate(WEB, 4)).after_fact(before(), transfer(WEB, FNAC, 3));
    let swapped = open().after_fact(before(), transfer(WEB, FNAC, 3)).after_fact(before(), allocate(WEB, 4));
    left(&in_order, [1, 6, 3]);
    left(&swapped, [4, 3, 3]);
}

#[test]
fn expired_holds_do_not_stand_against_a_transfer() {
    let world = open().after(allocate(WEB, 4)).after(allocate(FNAC, 1)).after(hold(WEB, 4));
    world.when(transfer(WEB, FNAC, 1)).then_rejected(QuotaExceeded, "places");
    let events = world.at(after(60)).when(transfer(WEB, FNAC, 4)).events();
    assert_eq!(events[0], HoldExpired { hold: HoldId(1), show: SHOW }.into());
    assert_eq!(events.len(), 2);
}

pub(crate) fn rejections() -> Vec<Refused> {
    let open = open();
    let closed = open.clone().after(allocate(WEB, 1)).after(CloseShow { show: SHOW });
    let without_web = open.clone().after(CloseChannel { channel: WEB });
    let both = open.clone().after(allocate(WEB, 5)).after(allocate(FNAC, 2));
    let seats = open.clone().after(allocate_seats(WEB, &[0, 1])).after(allocate_seats(FNAC, &[2]));
    let web_sold = sold(open.clone(), WEB, 3);
    let transfer_seats =
        |seats: &[u32]| TransferQuota { zone: BALCONY, places: places(seats), ..transfer(WEB, FNAC, 1) };
    vec![
        refused(&open, allocate(WEB, 0), QuantityZero, "places"),
        refused(&open, allocate(WEB, u32::MAX), QuantityTooLarge, "places"),
        refused(&open, allocate_seats(WEB, &[]), ListEmpty, "places"),
        refused(&open, allocate_seats(WEB, &[0; 5_001]), ListTooLong, "places"),
        refused(&open, allocate_seats(WEB, &[0, 1, 0]), Duplicate, "places.2"),
        refused(&open, AllocateQuota { show: ShowId(9), ..allocate(ChannelId(9), 1) }, ShowUnknown, "show"),
        refused(&open, AllocateQuota { zone: ZoneId(9), ..allocate(ChannelId(9), 1) }, ZoneUnknown, "zone"),
        refused(&open, allocate_seats(ChannelId(9), &[1, 4]), SeatUnknown, "places.1"),
        refused(&open, allocate(ChannelId(9), 11), ChannelUnknown, "channel"),
        refused(&closed, allocate(WEB, 99), ShowClosed, "show"),
        refused(&without_web, allocate(WEB, 99), ChannelClosed, "channel"),
        refused(&open, AllocateQuota { zone: BALCONY, ..allocate(WEB, 99) }, SeatRequired, "places"),
        refused(&open, AllocateQuota { zone: PIT, ..allocate_seats(WEB, &[9]) }, SeatNotAllowed, "places"),
        refused_fact(
            &open,
            AllocateQuota { zone: PIT, ..allocate_seats(WEB, &[9]) },
            SeatNotAllowed,
            "places",
        ),
        refused_fact(&open, allocate(ChannelId(9), 1), ChannelUnknown, "channel"),
        refused(&seats, allocate_seats(DESK, &[3, 2]), SeatTaken, "places.1"),
        refused(&sold_seat(open.clone(), WEB, 2), allocate_seats(WEB, &[1, 2]), SeatTaken, "places.1"),
        refused(&open.clone().after(hold_seats(WEB, &[2])), allocate_seats(WEB, &[2]), SeatTaken, "places.0"),
        refused(&web_sold, allocate(WEB, 2), QuotaExceeded, "places"),
        refused(&open, allocate(WEB, 11), CapacityExceeded, "places"),
        refused(&both, allocate(WEB, 4), CapacityExceeded, "places"),
        refused(&web_sold, allocate(DESK, 8), CapacityExceeded, "places"),
        refused(&both, TransferQuota { to: WEB, ..transfer(WEB, WEB, 0) }, Duplicate, "to"),
        refused(&both, transfer(ChannelId(9), ChannelId(8), 1), ChannelUnknown, "from"),
        refused(&both, transfer(WEB, ChannelId(8), 1), ChannelUnknown, "to"),
        refused_fact(&both, transfer(WEB, ChannelId(8), 1), ChannelUnknown, "to"),
        refused(&both, transfer(DESK, FNAC, 1), QuotaClosed, "from"),
        refused(&both, transfer(WEB, DESK, 9), QuotaClosed, "to"),
        refused(&without_web, transfer(DESK, WEB, 1), ChannelClosed, "to"),
        refused(&closed, transfer(WEB, DESK, 1), ShowClosed, "show"),
        refused(&sold(both.clone(), WEB, 3), transfer(WEB, FNAC, 3), QuotaExceeded, "places"),
        refused(&both.clone().after(hold(WEB, 3)), transfer(WEB, FNAC, 3), QuotaExceeded, "places"),
        refused(&seats, transfer_seats(&[1, 3]), SeatTaken, "places.1"),
        refused(&sold_seat(seats.clone(), WEB, 0), transfer_seats(&[0]), SeatTaken, "places.0"),
        refused(&open, close_quota(ChannelId(9)), ChannelUnknown, "channel"),
        refused(&closed, close_quota(WEB), ShowClosed, "show"),
        refused(&without_web, close_quota(WEB), ChannelClosed, "channel"),
        refused(&both, close_quota(DESK), QuotaClosed, "channel"),
        refused(&both.clone().after(close_quota(WEB)), close_quota(WEB), QuotaClosed, "channel"),
    ]
}

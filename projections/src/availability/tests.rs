//! Given events, then the table of places.

use soticket_schema::event::v1::*;
use soticket_schema::*;

use super::*;
use crate::testing::venue::{self, FREE_ZONE, SEATS};
use crate::testing::{LogBuilder, at, cancellation, line, order};

const SHOW: ShowId = ShowId(1);

fn given(events: Vec<Event>) -> Availability {
    let mut log = LogBuilder::default();
    let noon = at("2026-01-10T12:00:00+01:00");
    venue::open(&mut log, Rounding::Document, noon);
    events.into_iter().for_each(|event| {
        log.push(noon, event);
    });
    log.fold()
}

fn allocate(channel: u32, count: u32) -> Event {
    let (zone, channel, places) = (FREE_ZONE, ChannelId(channel), Places::Count(count));
    QuotaAllocated { show: SHOW, zone, channel, places }.into()
}

fn transfer(from: u32, to: u32, count: u32) -> Event {
    let (zone, from, to, places) = (FREE_ZONE, ChannelId(from), ChannelId(to), Places::Count(count));
    QuotaTransferred { show: SHOW, zone, from, to, places }.into()
}

fn close(channel: u32) -> Event {
    QuotaClosed { show: SHOW, zone: FREE_ZONE, channel: ChannelId(channel) }.into()
}

fn sell(number: u64, channel: u32, tickets: u64) -> Event {
    let tickets = (0..tickets).map(|step| line(number * 100 + step, 1, 1, 10, 1, "24.00"));
    order(number, channel, tickets.collect()).into()
}

fn cancel(number: u64) -> Event {
    TicketsCancelled { cancellation: cancellation(number, &[(number * 100, 1, true)]) }.into()
}

fn hold(hold: u64, channel: u32, places: Places) -> HoldPlaced {
    let zone = if matches!(places, Places::Seats(_)) { SEATS } else { FREE_ZONE };
    let (hold, channel, expires_at) = (HoldId(hold), ChannelId(channel), Timestamp::EARLIEST);
    HoldPlaced { hold, show: SHOW, zone, channel, places, expires_at, subject: None }
}

/// `channel: quota held sold left over`, then pool and zone.
fn table(places: &Availability, zone: usize) -> Vec<String> {
    let show = places.show(SHOW).unwrap();
    let zone = &show.zones[zone];
    let mut rows: Vec<String> = zone
        .channels
        .iter()
        .map(|row| {
            let quota = row.quota.map_or("-".into(), |quota| quota.to_string());
            format!("{}: {quota} {} {} {} {}", row.channel, row.held, row.sold, row.left, row.over_quota)
        })
        .collect();
    rows.push(format!("pool: {} {} {}", zone.pool.places, zone.pool.used, zone.pool.left));
    rows.push(format!("zone: {} left, {} over", zone.total.left, zone.total.oversold));
    rows
}

#[test]
fn quotas_and_the_pool() {
    let cases: Vec<(&str, Vec<Event>, &[&str])> = vec![
        ("nothing yet", vec![], &["pool: 400 0 400", "zone: 400 left, 0 over"]),
        (
            "a channel without a quota sells from the pool",
            vec![allocate(1, 300), sell(1, 2, 3)],
            &["1: 300 0 0 300 0", "2: - 0 3 97 0", "pool: 100 3 97", "zone: 397 left, 0 over"],
        ),
        (
            "transfers conserve the total",
            vec![allocate(1, 50), allocate(2, 10), transfer(1, 2, 20), sell(1, 2, 4)],
            &["1: 30 0 0 30 0", "2: 30 0 4 26 0", "pool: 340 0 340", "zone: 396 left, 0 over"],
        ),
        (
            "a cancelled ticket goes back to its channel",
            vec![allocate(1, 2), sell(1, 1, 2), cancel(1)],
            &["1: 2 0 1 1 0", "pool: 398 0 398", "zone: 399 left, 0 over"],
        ),
        (
            "a ticket is cancelled once",
            vec![allocate(1, 2), sell(1, 1, 2), cancel(1), cancel(1)],
            &["1: 2 0 1 1 0", "pool: 398 0 398", "zone: 399 left, 0 over"],
        ),
        (
            "a closed quota leaves its rest to the pool, and what is cancelled later",
            vec![allocate(1, 10), sell(1, 1, 4), close(1), cancel(1)],
            &["1: - 0 3 397 0", "pool: 400 3 397", "zone: 397 left, 0 over"],
        ),
        (
            "a closed channel closes its quotas",
            vec![allocate(1, 10), sell(1, 1, 4), ChannelClosed { channel: ChannelId(1) }.into()],
            &["1: - 0 4 396 0", "pool: 400 4 396", "zone: 396 left, 0 over"],
        ),
        (
            "holds take places until something ends them",
            vec![
                allocate(1, 10),
                hold(7, 1, Places::Count(4)).into(),
                hold(8, 2, Places::Count(5)).into(),
                HoldExpired { hold: HoldId(8), show: SHOW }.into(),
                HoldReleased { hold: HoldId(8), show: SHOW }.into(),
            ],
            &["1: 10 4 0 6 0", "2: - 0 0 390 0", "pool: 390 0 390", "zone: 396 left, 0 over"],
        ),
        (
            "facts beyond the zone are counted as they are",
            vec![
                allocate(1, 400),
                sell(1, 1, 99),
                sell(2, 1, 99),
                sell(3, 1, 99),
                sell(4, 1, 99),
                sell(5, 1, 9),
            ],
            &["1: 400 0 405 0 5", "pool: 0 0 0", "zone: 0 left, 5 over"],
        ),
    ];
    for (name, events, expected) in cases {
        assert_eq!(table(&given(events), 0), expected, "{name}");
    }
}

#[test]
fn a_sale_before_the_transfer_that_allows_it_is_over_quota() {
    let (right, wrong) = (vec![transfer(1, 2, 5), sell(1, 2, 3)], vec![sell(1, 2, 3), transfer(1, 2, 5)]);
    let quotas = || vec![allocate(1, 10), allocate(2, 0)];
    let over = |mut events: Vec<Event>, rest| {
        events.extend::<Vec<Event>>(rest);
        let zone = given(events).show(SHOW).unwrap().zones.remove(0);
        zone.channels.iter().map(|row| (row.sold, row.over_quota)).collect::<Vec<_>>()
    };
    assert_eq!(over(quotas(), right), [(0, 0), (3, 0)]);
    assert_eq!(over(quotas(), wrong), [(0, 0), (3, 3)]);
}

#[test]
fn an_order_uses_up_its_hold() {
    let mut placed = order(1, 1, vec![line(1, 1, 1, 10, 1, "24.00"), line(2, 1, 1, 10, 2, "24.00")]);
    placed.holds = vec![HoldId(7)];
    let places = given(vec![allocate(1, 2), hold(7, 1, Places::Count(2)).into(), placed.into()]);
    assert_eq!(table(&places, 0), ["1: 2 0 2 0 0", "pool: 398 0 398", "zone: 398 left, 0 over"]);
}

#[test]
fn free_tickets_take_places_and_are_counted() {
    let tickets =
        vec![line(1, 1, 1, 10, 1, "0.00"), line(2, 1, 1, 10, 2, "24.00"), line(3, 1, 1, 10, 3, "0.00")];
    let reduced = PriceReduced {
        order: OrderId(1),
        subject: None,
        ticket: TicketId(2),
        show: SHOW,
        before: Amount(2_400),
        after: Amount::ZERO,
        stated_vat: None,
    };
    let cancelled = TicketsCancelled { cancellation: cancellation(1, &[(1, 1, false)]) };
    let places = given(vec![order(1, 1, tickets).into(), reduced.into(), cancelled.into()]);
    let total = places.show(SHOW).unwrap().total;
    assert_eq!((total.sold, total.free, total.left, total.on_sale), (2, 2, 408, 410));
}

#[test]
fn a_seat_belongs_to_a_quota_or_the_pool_whoever_sells_it() {
    let seats = |seats: &[u32]| Places::Seats(seats.iter().copied().map(SeatId).collect());
    let mut placed = order(1, 2, vec![line(1, 1, 2, 10, 1, "24.00"), line(2, 1, 2, 10, 2, "24.00")]);
    placed.lines.tickets[0].seat = Some(SeatId(1));
    placed.lines.tickets[1].seat = Some(SeatId(9));
    let (zone, channel) = (SEATS, ChannelId(1));
    let places = given(vec![
        QuotaAllocated { show: SHOW, zone, channel, places: seats(&[0, 1, 2]) }.into(),
        QuotaTransferred { show: SHOW, zone, from: channel, to: ChannelId(3), places: seats(&[2]) }.into(),
        placed.into(),
        hold(7, 3, seats(&[2])).into(),
    ]);
    assert_eq!(
        table(&places, 1),
        ["1: 2 0 0 1 0", "2: - 0 2 6 0", "3: 1 1 0 0 0", "pool: 7 1 6", "zone: 7 left, 0 over"]
    );
    let states: Vec<_> = places.seats(SHOW, SEATS).iter().map(|seat| (seat.quota, seat.state)).collect();
    let own = Some(ChannelId(1));
    assert_eq!(
        states[..3],
        [(own, SeatState::Left), (own, SeatState::Sold), (Some(ChannelId(3)), SeatState::Held)]
    );
    assert_eq!((states[9], states.len()), ((None, SeatState::Sold), 10));
}

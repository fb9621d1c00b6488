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

fn give_back(channel: u32, count: u32) -> Event {
    let (zone, channel, places) = (FREE_ZONE, ChannelId(channel), Places::Count(count));
    QuotaReturned { show: SHOW, zone, channel, places }.into()
}

fn deadline(channel: u32, seconds: i64) -> Event {
    let (zone, channel) = (FREE_ZONE, ChannelId(channel));
    QuotaDeadlineSet { show: SHOW, zone, channel, returns_at: Some(Timestamp(seconds * 1_000_000)) }.into()
}

fn expired(channel: u32) -> Event {
    let quotas = vec![ExpiredQuota { zone: FREE_ZONE, channel: ChannelId(channel) }];
    QuotasExpired { show: SHOW, quotas }.into()
}

#[test]
fn a_channel_gives_back_part_of_its_quota() {
    let places = given(vec![allocate(1, 10), sell(1, 1, 4), give_back(1, 5)]);
    assert_eq!(table(&places, 0), ["1: 5 0 4 1 0", "pool: 395 0 395", "zone: 396 left, 0 over"]);
    let (zone, channel) = (SEATS, ChannelId(1));
    let seats = |seats: &[u32]| Places::Seats(seats.iter().copied().map(SeatId).collect());
    let places = given(vec![
        QuotaAllocated { show: SHOW, zone, channel, places: seats(&[0, 1]) }.into(),
        QuotaReturned { show: SHOW, zone, channel, places: seats(&[1, 5]) }.into(),
    ]);
    assert_eq!(table(&places, 1), ["1: 1 0 0 1 0", "pool: 9 0 9", "zone: 10 left, 0 over"]);
}

#[test]
fn a_quota_past_its_deadline_is_free_before_an_event_says_so() {
    let placed = HoldPlaced { expires_at: Timestamp(90_000_000), ..hold(7, 2, Places::Count(5)) };
    let events = || vec![allocate(1, 300), sell(1, 1, 4), deadline(1, 100), placed.clone().into()];
    let places = given(events());
    let shown = |places: &Availability, seconds: i64| {
        let zone = places.show_at(SHOW, Timestamp(seconds * 1_000_000)).unwrap().zones.remove(0);
        let channel = |index: usize| (zone.channels[index].quota, zone.channels[index].left);
        (channel(0), channel(1), zone.total.held)
    };
    assert_eq!(shown(&places, 89), ((Some(300), 296), (None, 95), 5));
    assert_eq!(shown(&places, 90), ((Some(300), 296), (None, 100), 0));
    assert_eq!(shown(&places, 100), ((None, 396), (None, 396), 0));
    assert!(places.show(SHOW).unwrap().zones[0].channels[0].quota.is_some(), "as the log has it");
    // The events say the same.
    let mut later = events();
    later.extend([HoldExpired { hold: HoldId(7), show: SHOW }.into(), expired(1)]);
    let at = Timestamp(100_000_000);
    assert_eq!(given(later).show(SHOW), places.show_at(SHOW, at));
    let seats = places.seats_at(SHOW, SEATS, at);
    assert_eq!((seats.len(), seats), (10, places.seats(SHOW, SEATS)));
}

#[test]
fn a_flow_tells_where_places_came_from_and_went() {
    let events = vec![
        allocate(1, 20),
        allocate(2, 10),
        transfer(2, 1, 4),
        transfer(1, 2, 1),
        give_back(1, 3),
        sell(1, 1, 6),
        hold(7, 1, Places::Count(2)).into(),
        expired(1),
    ];
    let zone = given(events).show(SHOW).unwrap().zones.remove(0);
    let flow = QuotaFlow { granted: 20, received: 4, given: 1, returned: 3, released: 12, kept: 8 };
    assert_eq!((zone.channels[0].flow, zone.channels[0].flow.quota()), (flow, 0));
    let flow = QuotaFlow { granted: 10, received: 1, given: 4, ..QuotaFlow::default() };
    assert_eq!((zone.channels[1].flow, zone.channels[1].quota), (flow, Some(7)));
}

#[test]
fn a_seller_sees_its_own_channels_only() {
    let places = given(vec![allocate(1, 300), allocate(2, 20), sell(1, 1, 4), sell(2, 2, 3), sell(3, 3, 9)]);
    let show = places.show(SHOW).unwrap();
    let seen = |channels: &[u32], pool: bool| {
        let channels: Vec<_> = channels.iter().copied().map(ChannelId).collect();
        show.seen_by(SellerView { channels: &channels, pool }).zones.remove(0)
    };
    let zone = seen(&[2], false);
    assert_eq!(zone.channels.iter().map(|row| row.channel.0).collect::<Vec<_>>(), [2]);
    let total = Occupancy { on_sale: 20, held: 0, sold: 3, free: 0, left: 17, oversold: 0 };
    assert_eq!((zone.total, zone.pool), (total, PoolAvailability::default()));
    // Without a quota a remote box office has nothing, others have the pool.
    assert_eq!((seen(&[3], false).total.left, seen(&[3], false).channels[0].left), (0, 0));
    let pool = PoolAvailability { places: 80, used: 0, left: 71 };
    assert_eq!((seen(&[3], true).pool, seen(&[3], true).total.left), (pool, 71));
    assert_eq!(seen(&[1, 3], true).total.left, 296 + 71);
    assert_eq!(seen(&[], true).total, Occupancy::default());
    // A channel that has done nothing yet.
    assert_eq!((seen(&[9], true).channels[0].left, seen(&[9], false).channels[0].left), (71, 0));
}

mod conservation {
    use proptest::prelude::*;

    use super::*;

    fn event() -> impl Strategy<Value = Event> {
        let (channel, count) = (1..4_u32, 0..30_u32);
        prop_oneof![
            (channel.clone(), count.clone()).prop_map(|(channel, count)| allocate(channel, count)),
            (channel.clone(), channel.clone(), count.clone())
                .prop_map(|(from, to, count)| transfer(from, to, count)),
            (channel.clone(), count.clone()).prop_map(|(channel, count)| give_back(channel, count)),
            (channel.clone(), 0..200_i64).prop_map(|(channel, seconds)| deadline(channel, seconds)),
            channel.clone().prop_map(close),
            channel.clone().prop_map(expired),
            (1..9_u64, channel, 1..9_u64).prop_map(|(number, channel, count)| sell(number, channel, count)),
            (1..9_u64).prop_map(cancel),
        ]
    }

    proptest! {
        /// Facts in any order, before and after the deadlines: where a quota's places came from and went adds up to
        /// what is left of it, and sold, held, left and the pool to what is on sale.
        #[test]
        fn places_are_neither_made_nor_lost(events in prop::collection::vec(event(), 0..40), now in 0..250_i64) {
            let places = given(events);
            for show in [places.show(SHOW).unwrap(), places.show_at(SHOW, Timestamp(now * 1_000_000)).unwrap()] {
                let zone = &show.zones[0];
                for row in &zone.channels {
                    let quota = row.quota.map_or(0, |quota| quota as i64);
                    prop_assert_eq!(row.flow.quota().max(0), quota, "{:?}", row);
                }
                let open: i64 = zone.channels.iter().map(|row| row.flow.quota()).sum();
                prop_assert_eq!((400 - open).max(0), zone.pool.places as i64);
            }
        }
    }
}

/// To a floor of 50 places and numbered stalls: the seats 0 to 9 are 9 to 0 there.
fn relocated() -> Vec<Event> {
    let (floor, stalls) = (ZoneId(3), ZoneId(4));
    let zone = |zone, capacity, seats: usize| ZoneDefined {
        hall: HallId(2),
        zone,
        name: "There".into(),
        capacity,
        seats: vec!["x".into(); seats],
    };
    let moved = |from, to, seats: Vec<SeatId>, seat_count| MovedZone { from, to, seats, seat_count };
    let moves = vec![
        moved(FREE_ZONE, floor, Vec::new(), 0),
        moved(SEATS, stalls, (0..10).rev().map(SeatId).collect(), 10),
    ];
    let zones = vec![ZoneOnSale { zone: floor, on_sale: 50 }, ZoneOnSale { zone: stalls, on_sale: 10 }];
    let there = ShowRelocated {
        show: SHOW,
        hall: HallId(2),
        authorised_capacity: 55,
        zones,
        moves,
        refunds_until: None,
    };
    vec![zone(floor, 50, 0).into(), zone(stalls, 10, 10).into(), there.into()]
}

#[test]
fn places_move_with_their_show() {
    let seated = |number: u64, seat: u32| {
        let line = TicketLine { seat: Some(SeatId(seat)), ..line(number, 1, 2, 11, 1, "30.00") };
        Event::from(order(number, 2, vec![line]))
    };
    let seats = Places::Seats(vec![SeatId(2), SeatId(3)]);
    let quota = QuotaAllocated { show: SHOW, zone: SEATS, channel: ChannelId(3), places: seats.clone() };
    let mut events = vec![
        allocate(1, 20),
        sell(1, 1, 3),
        cancel(1),
        hold(1, 2, Places::Count(4)).into(),
        seated(7, 0),
        seated(8, 1),
        quota.into(),
        hold(2, 3, seats).into(),
    ];
    events.extend(relocated());
    let mut places = given(events.clone());
    assert_eq!(
        table(&places, 0),
        ["1: 20 0 2 18 0", "2: - 4 0 26 0", "pool: 30 4 26", "zone: 44 left, 0 over"]
    );
    assert_eq!(table(&places, 1)[1..], ["3: 2 2 0 0 0", "pool: 8 2 6", "zone: 6 left, 0 over"]);
    let states = |places: &Availability| {
        let seats = places.seats(SHOW, ZoneId(4)).into_iter();
        let taken = seats.filter(|seat| seat.state != SeatState::Left);
        taken.map(|seat| (seat.seat.0, seat.state == SeatState::Sold)).collect::<Vec<_>>()
    };
    assert_eq!(states(&places), [(6, false), (7, false), (8, true), (9, true)]);
    assert_eq!(places.show(SHOW).unwrap().authorised_capacity, 55);
    // Cancelling gives the new place back, and a released hold too.
    events.push(TicketsCancelled { cancellation: cancellation(7, &[(7, 1, true)]) }.into());
    events.push(HoldReleased { hold: HoldId(1), show: SHOW }.into());
    places = given(events);
    assert_eq!(states(&places), [(6, false), (7, false), (8, true)]);
    assert_eq!(places.show(SHOW).unwrap().total.left, 55 - 2 - 1 - 2);
}

#[test]
fn free_tickets_are_counted_by_reason() {
    let guest = |number: u64, reason| TicketLine { comp: Some(reason), ..line(number, 1, 1, 10, 1, "0.00") };
    let guests = [CompReason::Press, CompReason::Prepaid, CompReason::Artist, CompReason::Press];
    let lines = (100..).zip(guests).map(|(number, reason)| guest(number, reason)).collect();
    let warning = CompWarning { name: "x".into(), basis: CompBasis::Sold, rate: Rate(400_000) };
    let limits = CompLimits {
        quotas: vec![CompQuota { reason: CompReason::Staff, tickets: 5 }],
        warnings: vec![warning.clone()],
    };
    let set = CompLimitsSet { show: SHOW, limits };
    let back = TicketsCancelled { cancellation: cancellation(1, &[(103, 1, true)]) };
    let places = given(vec![order(1, 1, lines).into(), sell(2, 1, 3), set.into(), back.into()]);
    let comps = places.show(SHOW).unwrap().comps;
    let counts: Vec<_> = comps.reasons.iter().map(|count| (count.reason, count.given, count.quota)).collect();
    assert_eq!(
        counts,
        [(CompReason::Artist, 1, None), (CompReason::Press, 1, None), (CompReason::Staff, 0, Some(5))]
    );
    // Two of six valid tickets; two fifths of six are 2.4.
    assert_eq!((comps.total, &comps.limits[0].warning), (2, &warning));
    assert_eq!((comps.limits[0].allowed, comps.limits[0].passed), (2, false));
}

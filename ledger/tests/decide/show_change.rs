//! Shows that are postponed, relocated or called off.

use soticket_ledger::state::ShowStatus;
use soticket_schema::RejectionCode::*;
use soticket_schema::command::*;
use soticket_schema::event::v1::{self, *};
use soticket_schema::*;

use crate::harness::{NOW, Refused, World, after, refused};
use crate::venue::*;

/// Zones of the other hall, which takes twelve: eight stand, six sit.
const FLOOR: ZoneId = ZoneId(3);
const STALLS: ZoneId = ZoneId(4);

fn postpone() -> PostponeShow {
    PostponeShow {
        show: SHOW,
        starts_at: after(500_000),
        doors_at: after(496_000),
        sale_from: after(-10_000),
        sale_until: after(490_000),
        refunds_until: Some(after(50)),
    }
}

fn moved(from: ZoneId, to: ZoneId, seats: &[u32]) -> ZoneMove {
    ZoneMove { from, to, seats: seats.iter().map(|seat| SeatId(*seat)).collect() }
}

/// From standing to standing, from the balcony to the stalls in another order.
fn relocate() -> RelocateShow {
    RelocateShow {
        show: SHOW,
        hall: HallId(2),
        zones: vec![ZoneOnSale { zone: FLOOR, on_sale: 8 }, ZoneOnSale { zone: STALLS, on_sale: 6 }],
        moves: vec![moved(PIT, FLOOR, &[]), moved(BALCONY, STALLS, &[5, 4, 3, 2])],
        refunds_until: None,
    }
}

fn two_halls(world: World) -> World {
    let seats = ["1", "2", "3", "4", "5", "6"].map(String::from).to_vec();
    world.after(DefineHall {
        name: "Theatre".into(),
        authorised_capacity: 12,
        zones: vec![
            NewZone { name: "Floor".into(), capacity: 8, seats: Vec::new() },
            NewZone { name: "Stalls".into(), capacity: 6, seats },
        ],
    })
}

fn show_changed(order: u64, tickets: &[u64]) -> CancelTickets {
    CancelTickets { reason: CancelReason::ShowChanged, ..cancel(order, tickets) }
}

#[test]
fn a_postponed_show_sells_for_its_new_date_and_keeps_its_tickets() {
    let world = open().after(order(DESK, vec![ticket()]));
    let PostponeShow { show, starts_at, doors_at, sale_from, sale_until, refunds_until } = postpone();
    let event = ShowPostponed { show, starts_at, doors_at, sale_from, sale_until, refunds_until };
    world.when(postpone()).then([event.into()]);
    let world = world.after(postpone()).at(after(400_000));
    world.when(order(DESK, vec![ticket()])).events();
    assert!(!world.state.ticket(TicketId(1)).unwrap().cancelled);
    // Closed for the evening that did not take place: planned again, and opened for the new one.
    let closed = open().after(CloseShow { show: SHOW }).after(postpone());
    assert_eq!(closed.state.show_status(SHOW), Some(ShowStatus::Scheduled));
    closed.after(OpenShow { show: SHOW }).when(order(DESK, vec![ticket()])).events();
}

#[test]
fn holders_of_a_moved_show_may_give_tickets_back_until_a_date() {
    let world = open().after(order(DESK, vec![ticket(); 2]));
    world.when(show_changed(1, &[1])).then_rejected(RefundPeriodOver, "tickets.0.ticket");
    let world = world.after(postpone());
    world.clone().at(after(49)).when(show_changed(1, &[1])).events();
    world
        .clone()
        .at(after(50))
        .when(show_changed(1, &[1]))
        .then_rejected(RefundPeriodOver, "tickets.0.ticket");
    world.at(after(50)).when(cancel(1, &[1])).events();
    let relocated = RelocateShow { refunds_until: Some(after(9)), ..relocate() };
    let world = two_halls(open()).after(order(DESK, vec![ticket()])).after(relocated);
    world.when(show_changed(1, &[1])).events();
}

#[test]
fn nothing_sells_of_a_cancelled_show() {
    let world = open().after(order(DESK, vec![ticket()]));
    world.when(CancelShow { show: SHOW }).then([v1::ShowCancelled { show: SHOW }.into()]);
    let world = world.at(after(7)).after(CancelShow { show: SHOW });
    assert_eq!(world.state.show_status(SHOW), Some(ShowStatus::Cancelled(after(7))));
    world.when(order(DESK, vec![ticket()])).then_rejected(ShowCancelled, "tickets.0.show");
    world.when(hold(DESK, 1)).then_rejected(ShowCancelled, "show");
    // A sale before the end is in order, one after it is flagged; neither is refused.
    let at = |second| flags(&world.when_fact(after(second), report(DESK, vec![reported()])).events());
    assert_eq!((at(6), at(7)), (vec![], vec![Flag::OutsideSale]));
    planned().when(CancelShow { show: SHOW }).events();
    open().after(CloseShow { show: SHOW }).when(CancelShow { show: SHOW }).events();
}

#[test]
fn places_prices_quotas_and_holds_move_with_their_zones() {
    let world = two_halls(open())
        .after(allocate(WEB, 5))
        .after(allocate_seats(FNAC, &[2, 3]))
        .after(order(WEB, vec![ticket(), ticket()]))
        .after(order(FNAC, vec![seat(3)]))
        .after(order(DESK, vec![seat(0)]))
        .after(cancel(2, &[3]))
        .after(order(FNAC, vec![seat(2)]))
        .after(hold(DESK, 3))
        .after(hold_seats(DESK, &[1]));
    let RelocateShow { show, hall, zones, moves, refunds_until } = relocate();
    let moves = moves.into_iter().zip([0, 6]).map(|(ZoneMove { from, to, seats }, seat_count)| MovedZone {
        from,
        to,
        seats,
        seat_count,
    });
    let moves = moves.collect();
    let event = ShowRelocated { show, hall, authorised_capacity: 12, zones, moves, refunds_until };
    world.when(relocate()).then([event.into()]);
    let world = world.after(relocate());
    let state = &world.state;
    assert_eq!(state.show_zones(SHOW), [FLOOR, STALLS]);
    let counts = state.show_counts(SHOW).unwrap();
    assert_eq!((counts.authorised_capacity, counts.sold, counts.held, counts.left), (12, 4, 4, 4));
    let floor = state.zone_counts(SHOW, FLOOR).unwrap();
    assert_eq!((floor.on_sale, floor.quotas, floor.sold, floor.held, floor.pool_left), (8, 5, 2, 3, 0));
    assert_eq!(state.channel_counts(SHOW, FLOOR, WEB).unwrap().quota, Some(5));
    // Seats 2 and 3 of the balcony, which are Fnac's, are 3 and 2 of the stalls.
    assert_eq!(state.channel_counts(SHOW, STALLS, FNAC).unwrap().quota, Some(2));
    let seats: Vec<_> = [3, 4, 5].map(|id| state.ticket(TicketId(id)).unwrap()).to_vec();
    let places: Vec<_> = seats.iter().map(|ticket| (ticket.zone, ticket.seat.map(|seat| seat.0))).collect();
    assert_eq!(places, [(STALLS, Some(2)), (STALLS, Some(5)), (STALLS, Some(3))]);

    // What was sold before sells at its price in the new places, within the quotas that moved.
    let at = |seat| TicketRequest { zone: STALLS, seat: Some(SeatId(seat)), ..ticket() };
    world.when(order(DESK, vec![at(5)])).then_rejected(SeatTaken, "tickets.0.seat");
    world.when(order(DESK, vec![at(4)])).then_rejected(SeatTaken, "tickets.0.seat");
    world.when(order(DESK, vec![at(2)])).then_rejected(SeatTaken, "tickets.0.seat");
    let events = world.when(order(FNAC, vec![at(2)])).events();
    let Some(Event::OrderPlaced(placed)) = events.first() else { panic!("{events:?}") };
    assert_eq!(placed.lines.tickets[0].price, Amount(3_000));
    world.when(order(DESK, vec![ticket()])).then_rejected(ZoneUnknown, "tickets.0.zone");
    let standing = TicketRequest { zone: FLOOR, ..ticket() };
    world.when(order(WEB, vec![standing.clone(); 4])).then_rejected(QuotaExceeded, "tickets.3");
    // The hold is used in its new place, and a cancelled ticket gives its new place back.
    let held = PlaceOrder { holds: vec![HoldId(1)], ..order(DESK, vec![standing; 3]) };
    let world = world.after(held).after(cancel(3, &[4]));
    world.when(order(DESK, vec![at(5)])).events();
}

#[test]
fn those_who_sat_may_stand_and_packs_follow() {
    let share = TariffTerms { kind: TariffKind::Pack, ..full() };
    let offered = PackShow { show: SHOW, zone: BALCONY, tariff: TariffId(4), weight: 1 };
    let pack = PackTerms {
        name: "Pass".into(),
        price: Amount(2_000),
        shows: vec![offered],
        pick: None,
        channels: Vec::new(),
        sale_until: None,
    };
    let world = two_halls(open())
        .after(DefineTariff { show: SHOW, terms: share })
        .after(DefinePack { terms: pack })
        .after(allocate_seats(FNAC, &[0, 1]))
        .after(order(FNAC, vec![seat(0)]))
        .after(order(DESK, vec![seat(3)]))
        .after(hold_seats(DESK, &[2]));
    let all = RelocateShow {
        zones: vec![ZoneOnSale { zone: FLOOR, on_sale: 8 }],
        moves: vec![moved(BALCONY, FLOOR, &[])],
        ..relocate()
    };
    let world = world.after(all);
    assert_eq!(world.state.ticket(TicketId(1)).unwrap().seat, None);
    let fnac = world.state.channel_counts(SHOW, FLOOR, FNAC).unwrap();
    assert_eq!((fnac.quota, fnac.sold, fnac.left), (Some(2), 1, 1));
    assert_eq!(world.state.zone_counts(SHOW, FLOOR).unwrap().pool_left, 4);
    let choices = vec![PackChoice { show: SHOW, seat: None }];
    let sale = PlaceOrder {
        packs: vec![PackRequest { pack: PackId(1), price: None, choices }],
        ..order(DESK, Vec::new())
    };
    let events = world.when(sale).events();
    let Some(Event::OrderPlaced(placed)) = events.first() else { panic!("{events:?}") };
    assert_eq!(placed.lines.tickets[0].zone, FLOOR);
}

#[test]
fn a_move_that_has_happened_is_recorded_though_it_is_too_small() {
    let world = two_halls(open()).after(order(DESK, vec![ticket(); 9]));
    world.when(relocate()).then_rejected(CapacityExceeded, "zones.0.on_sale");
    let world = world.after_fact(before(), relocate());
    assert_eq!(world.state.zone_counts(SHOW, FLOOR).unwrap().left, -1);
}

pub(crate) fn rejections() -> Vec<Refused> {
    let mut table = of_times();
    table.extend(of_moves());
    table.extend(of_seats());
    table
}

fn of_times() -> Vec<Refused> {
    let open = open();
    let sold = open.clone().after(order(DESK, vec![ticket()]));
    let cancelled = open.clone().after(CancelShow { show: SHOW });
    vec![
        refused(&open, PostponeShow { doors_at: after(500_001), ..postpone() }, TimeOrder, "doors_at"),
        refused(&open, PostponeShow { sale_until: after(-10_000), ..postpone() }, TimeOrder, "sale_until"),
        refused(
            &open,
            PostponeShow { refunds_until: Some(Timestamp(0)), ..postpone() },
            TimeOutOfRange,
            "refunds_until",
        ),
        refused(&open, PostponeShow { show: ShowId(9), ..postpone() }, ShowUnknown, "show"),
        refused(&cancelled, postpone(), ShowCancelled, "show"),
        refused(&cancelled, CancelShow { show: SHOW }, ShowCancelled, "show"),
        refused(&open, CancelShow { show: ShowId(9) }, ShowUnknown, "show"),
        refused(&sold, show_changed(1, &[1]), RefundPeriodOver, "tickets.0.ticket"),
        refused(&cancelled, OpenShow { show: SHOW }, ShowCancelled, "show"),
        refused(&cancelled, CloseShow { show: SHOW }, ShowCancelled, "show"),
        refused(&cancelled, allocate(WEB, 1), ShowCancelled, "show"),
        refused(&cancelled, ChangeTariff { tariff: FULL, terms: full() }, ShowCancelled, "tariff"),
    ]
}

fn of_moves() -> Vec<Refused> {
    let world = two_halls(open());
    let sold = world.clone().after(order(DESK, vec![ticket(); 3])).after(order(DESK, vec![seat(0), seat(3)]));
    let cancelled = sold.clone().after(CancelShow { show: SHOW });
    let with = |moves: Vec<ZoneMove>| RelocateShow { moves, ..relocate() };
    let on_sale = |floor, stalls| RelocateShow {
        zones: vec![ZoneOnSale { zone: FLOOR, on_sale: floor }, ZoneOnSale { zone: STALLS, on_sale: stalls }],
        ..relocate()
    };
    let quota = world.clone().after(allocate(WEB, 5));
    let small = two_halls(open()).after(DefineHall {
        name: "Foyer".into(),
        authorised_capacity: 4,
        zones: vec![NewZone { name: "Foyer".into(), capacity: 8, seats: Vec::new() }],
    });
    let foyer = RelocateShow {
        hall: HallId(3),
        zones: vec![ZoneOnSale { zone: ZoneId(5), on_sale: 8 }],
        moves: vec![moved(PIT, ZoneId(5), &[])],
        ..relocate()
    };
    let five = small.after(order(DESK, vec![ticket(); 5]));
    let twice = vec![moved(PIT, FLOOR, &[]), moved(PIT, FLOOR, &[])];
    vec![
        refused(&sold, RelocateShow { zones: Vec::new(), ..relocate() }, ListEmpty, "zones"),
        refused(&sold, with(vec![moved(PIT, FLOOR, &[]); 101]), ListTooLong, "moves"),
        refused(&sold, with(twice), Duplicate, "moves.1.from"),
        refused(&sold, on_sale(0, 6), QuantityZero, "zones.0.on_sale"),
        refused(
            &sold,
            RelocateShow { refunds_until: Some(Timestamp(0)), ..relocate() },
            TimeOutOfRange,
            "refunds_until",
        ),
        refused(&sold, RelocateShow { hall: HallId(9), ..relocate() }, HallUnknown, "hall"),
        refused(&sold, RelocateShow { show: ShowId(9), ..relocate() }, ShowUnknown, "show"),
        refused(&sold, RelocateShow { hall: HallId(1), ..relocate() }, ZoneUnknown, "zones.0.zone"),
        refused(&sold, with(vec![moved(FLOOR, FLOOR, &[])]), ZoneUnknown, "moves.0.from"),
        refused(&sold, with(vec![moved(PIT, BALCONY, &[])]), ZoneUnknown, "moves.0.to"),
        refused(&cancelled, with(Vec::new()), ShowCancelled, "show"),
        refused(&sold, with(vec![moved(PIT, FLOOR, &[])]), ZoneNotMoved, "moves"),
        refused(&quota, with(Vec::new()), ZoneNotMoved, "moves"),
        refused(&sold, on_sale(9, 6), CapacityExceeded, "zones.0.on_sale"),
        refused(&sold, on_sale(2, 6), CapacityExceeded, "zones.0.on_sale"),
        refused(&quota, on_sale(4, 6), CapacityExceeded, "zones.0.on_sale"),
        refused(&five, foyer, CapacityExceeded, "hall"),
    ]
}

fn of_seats() -> Vec<Refused> {
    let sold =
        two_halls(open()).after(order(DESK, vec![ticket(); 3])).after(order(DESK, vec![seat(0), seat(3)]));
    let seats = |seats: &[u32]| RelocateShow {
        moves: vec![moved(PIT, FLOOR, &[]), moved(BALCONY, STALLS, seats)],
        ..relocate()
    };
    let standing =
        RelocateShow { moves: vec![moved(PIT, STALLS, &[]), moved(BALCONY, STALLS, &[])], ..relocate() };
    let to_floor = RelocateShow {
        moves: vec![moved(PIT, FLOOR, &[]), moved(BALCONY, FLOOR, &[0, 1, 2, 3])],
        ..relocate()
    };
    // Back to where the seats 0 to 3 are, from the stalls whose seat 5 is sold.
    let back = RelocateShow {
        hall: HallId(1),
        zones: vec![ZoneOnSale { zone: PIT, on_sale: 10 }, ZoneOnSale { zone: BALCONY, on_sale: 4 }],
        moves: vec![moved(FLOOR, PIT, &[]), moved(STALLS, BALCONY, &[])],
        ..relocate()
    };
    let there = sold.clone().after(relocate());
    let held = two_halls(open()).after(hold_seats(DESK, &[0])).at(NOW);
    // Two zones into one, and both have a seat 0.
    let merged = two_halls(
        two_shows().after(DefineHall {
            name: "Twin".into(),
            authorised_capacity: 4,
            zones: ["Left", "Right"]
                .map(|name| NewZone { name: name.into(), capacity: 2, seats: vec!["1".into(), "2".into()] })
                .to_vec(),
        }),
    );
    let (left, right) = (ZoneId(3), ZoneId(4));
    let twin = |moves: Vec<ZoneMove>| RelocateShow {
        zones: vec![ZoneOnSale { zone: left, on_sale: 2 }, ZoneOnSale { zone: right, on_sale: 2 }],
        moves,
        ..relocate()
    };
    let apart = merged
        .after(twin(Vec::new()))
        .and([TariffChanged {
            show: SHOW,
            tariff: FULL,
            terms: TariffTerms {
                prices: [left, right].map(|zone| ZonePrice { zone, price: Amount(1) }).to_vec(),
                ..full()
            },
        }
        .into()])
        .after(order(
            DESK,
            [left, right].map(|zone| TicketRequest { zone, seat: Some(SeatId(0)), ..ticket() }).to_vec(),
        ));
    vec![
        refused(&sold, seats(&[0, 1, 1]), Duplicate, "moves.1.seats.2"),
        refused(&sold, seats(&[0, 1, 2]), SeatsMismatch, "moves.1.seats"),
        refused(&sold, seats(&[0, 1, 2, 6]), SeatUnknown, "moves.1.seats.3"),
        refused(&there, back, SeatUnknown, "moves.1.to"),
        refused(&sold, standing, SeatRequired, "moves.0.to"),
        refused(&sold, to_floor, SeatNotAllowed, "moves.1.seats"),
        refused(&held, RelocateShow { moves: Vec::new(), ..relocate() }, ZoneNotMoved, "moves"),
        refused(&apart, twin(vec![moved(left, left, &[]), moved(right, left, &[])]), SeatTaken, "moves"),
    ]
}

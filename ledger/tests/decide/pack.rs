//! Packs: several shows at one price.

use soticket_schema::RejectionCode::*;
use soticket_schema::command::*;
use soticket_schema::event::v1::*;
use soticket_schema::limits::AMOUNT_MAX;
use soticket_schema::*;

use crate::harness::{NOW, Refused, World, after, refused};
use crate::venue::*;

const PACK: PackId = PackId(1);
const SECOND: ShowId = ShowId(2);
const THIRD: ShowId = ShowId(3);
/// Tariffs of kind pack, one for each show.
const SHARES: [TariffId; 3] = [TariffId(5), TariffId(6), TariffId(7)];

fn share(show: u64) -> TariffTerms {
    let price = Amount(if show == 1 { 2_400 } else { 2_200 });
    TariffTerms {
        name: "Share".into(),
        kind: TariffKind::Pack,
        prices: vec![ZonePrice { zone: PIT, price }, ZonePrice { zone: BALCONY, price }],
        ..full()
    }
}

/// Three open shows with a tariff of kind pack each.
fn season() -> World {
    let world = two_shows().and([
        ShowOpened { show: SECOND }.into(),
        scheduled(THIRD, SerialScope::Show),
        ShowOpened { show: THIRD }.into(),
    ]);
    let tariffs = SHARES.iter().zip(1..);
    world.and(tariffs.map(|(tariff, show)| {
        TariffDefined { show: ShowId(show), tariff: *tariff, terms: share(show) }.into()
    }))
}

fn of(show: ShowId, weight: i64) -> PackShow {
    PackShow { show, zone: PIT, tariff: SHARES[show.0 as usize - 1], weight }
}

fn two_days() -> PackTerms {
    PackTerms {
        name: "Pass 2 jours".into(),
        price: Amount(4_000),
        shows: vec![of(SHOW, 2_400), of(SECOND, 2_200)],
        pick: None,
        channels: Vec::new(),
        sale_until: None,
    }
}

fn choose(shows: &[ShowId]) -> PackRequest {
    let choices = shows.iter().map(|show| PackChoice { show: *show, seat: None }).collect();
    PackRequest { pack: PACK, price: None, choices }
}

fn packs(packs: Vec<PackRequest>) -> PlaceOrder {
    PlaceOrder { packs, ..order(WEB, Vec::new()) }
}

fn both() -> PlaceOrder {
    packs(vec![choose(&[SHOW, SECOND])])
}

fn offered(terms: PackTerms) -> World {
    season().after(DefinePack { terms })
}

fn lines(events: &[Event]) -> &[TicketLine] {
    events
        .iter()
        .find_map(|event| match event {
            Event::OrderPlaced(order) => Some(order.lines.tickets.as_slice()),
            _ => None,
        })
        .unwrap()
}

fn sold(events: &[Event]) -> &PacksSold {
    events
        .iter()
        .find_map(|event| match event {
            Event::PacksSold(sold) => Some(sold),
            _ => None,
        })
        .unwrap()
}

#[test]
fn a_pack_is_defined_and_changed() {
    season()
        .when(DefinePack { terms: two_days() })
        .then([PackDefined { pack: PACK, terms: two_days() }.into()]);
    let dearer = PackTerms { price: Amount(4_500), ..two_days() };
    offered(two_days()).when(ChangePack { pack: PACK, terms: dearer.clone() }).then([PackChanged {
        pack: PACK,
        terms: dearer,
    }
    .into()]);
}

#[test]
fn the_shows_share_the_price_to_the_cent_by_frozen_weights() {
    let world = offered(two_days());
    let events = world.when(PlaceOrder { payment: vec![leg(4_100)], ..both() }).events();
    let [first, second] = lines(&events) else { panic!("{events:?}") };
    assert_eq!((first.price, second.price), (Amount(2_087), Amount(1_913)));
    assert_eq!((first.fee, second.fee), (Amount(100), Amount::ZERO), "one fee for the pack");
    let share = |weight| Some(PackShare { pack_price: Amount(4_000), weight, weights: 4_600 });
    assert_eq!((first.pack, second.pack), (share(2_400), share(2_200)));
    assert_eq!((first.serial, second.serial), (1, 1));
    assert_eq!(first.codes.len() + second.codes.len(), 2);
    let pack = SoldPack {
        sale: PackSaleId(1),
        pack: PACK,
        price: Amount(4_000),
        tickets: vec![TicketId(1), TicketId(2)],
    };
    let shows = vec![SHOW, SECOND];
    assert_eq!(sold(&events), &PacksSold { order: OrderId(1), subject: None, shows, packs: vec![pack] });
    assert!(matches!(
        events.as_slice(),
        [Event::OrderPlaced(_), Event::PacksSold(_), Event::PaymentRecorded(_)]
    ));
}

#[test]
fn after_a_refund_of_one_show_the_rest_still_sums() {
    let paid = PlaceOrder { payment: vec![leg(4_100)], ..both() };
    let refund = CancelTickets { refund: vec![leg(2_087)], ..cancel(1, &[1]) };
    let world = offered(two_days()).after(paid).after(refund);
    let order = world.state.order(OrderId(1)).unwrap();
    assert_eq!(order.due, Amount(1_913), "the fee went back with the ticket that bore it");
    assert_eq!(order.received - order.returned, Amount(2_013));
    let all = ReturnMoney { order: OrderId(1), legs: vec![leg(2_014)] };
    world.when(all).then_rejected(RefundExceedsReceived, "legs");
    // A price that changed since does not change what was sold.
    let back = CancelTickets { refund: vec![leg(1_913)], ..cancel(1, &[2]) };
    let cheaper = ChangePack { pack: PACK, terms: PackTerms { price: Amount(100), ..two_days() } };
    let world = world.after(back).after(cheaper);
    let events = world.when(both()).events();
    assert_eq!(lines(&events).iter().map(|line| line.price).sum::<Amount>(), Amount(100));
    assert_eq!(sold(&events).packs[0].sale, PackSaleId(2));
}

#[test]
fn free_choice_shares_among_the_shows_chosen() {
    let terms = PackTerms {
        shows: vec![of(SHOW, 1), of(SECOND, 1), of(THIRD, 1)],
        pick: Some(2),
        price: Amount(3_001),
        ..two_days()
    };
    let world = offered(terms);
    let order = packs(vec![choose(&[THIRD, SHOW]), choose(&[SECOND, THIRD])]);
    let events = world.when(order).events();
    let prices: Vec<i64> = lines(&events).iter().map(|line| line.price.0).collect();
    assert_eq!(prices, [1_501, 1_500, 1_501, 1_500]);
    let tickets: Vec<_> =
        sold(&events).packs.iter().map(|pack| (pack.sale.0, pack.tickets.clone())).collect();
    assert_eq!(tickets, [(1, vec![TicketId(1), TicketId(2)]), (2, vec![TicketId(3), TicketId(4)])]);
}

#[test]
fn a_basket_holds_tickets_goods_and_packs_and_tickets_come_first() {
    let order = PlaceOrder {
        tickets: vec![ticket()],
        items: vec![ItemRequest { ticket: Some(0), ..item(500) }],
        payment: vec![leg(2_100 + 500 + 4_100)],
        ..both()
    };
    let events = offered(two_days()).when(order).events();
    let packed: Vec<bool> = lines(&events).iter().map(|line| line.pack.is_some()).collect();
    assert_eq!(packed, [false, true, true]);
    assert_eq!(sold(&events).packs[0].tickets, [TicketId(2), TicketId(3)]);
}

#[test]
fn a_pack_is_sold_whole_or_not_at_all() {
    // One place of the second show's pit is left.
    let full = order(WEB, vec![TicketRequest { show: SECOND, tariff: TariffId(4), ..ticket() }; 9]);
    let world = offered(two_days()).after(full).after(both());
    world.when(both()).then_rejected(PoolExhausted, "packs.0.choices.1");
    assert_eq!(world.state.show_counts(SHOW).unwrap().sold, 1);
    let two = packs(vec![choose(&[SHOW, SECOND]), choose(&[SHOW, SECOND])]);
    let nine = order(WEB, vec![ticket(); 9]);
    offered(two_days()).after(nine).when(two).then_rejected(PoolExhausted, "packs.1.choices.0");
}

#[test]
fn numbered_seats_are_chosen_and_taken_once() {
    let seated = |show| PackShow { zone: BALCONY, ..of(show, 1) };
    let world = offered(PackTerms { shows: vec![seated(SHOW), seated(SECOND)], ..two_days() });
    let at = |seat| PackRequest {
        choices: [SHOW, SECOND].map(|show| PackChoice { show, seat: Some(SeatId(seat)) }).to_vec(),
        ..choose(&[])
    };
    world.when(packs(vec![choose(&[SHOW, SECOND])])).then_rejected(SeatRequired, "packs.0.choices.0.seat");
    world.when(packs(vec![at(0), at(0)])).then_rejected(SeatTaken, "packs.1.choices.0.seat");
    world.when(packs(vec![at(4)])).then_rejected(SeatUnknown, "packs.0.choices.0.seat");
    let events = world.when(packs(vec![at(0), at(1)])).events();
    let seats: Vec<_> = lines(&events).iter().map(|line| line.seat.unwrap().0).collect();
    assert_eq!(seats, [0, 0, 1, 1]);
}

pub(crate) fn rejections() -> Vec<Refused> {
    let mut table = of_terms();
    table.extend(of_sales());
    table
}

fn of_terms() -> Vec<Refused> {
    let world = season();
    let with = |change: fn(&mut PackTerms)| {
        let mut terms = two_days();
        change(&mut terms);
        DefinePack { terms }
    };
    vec![
        refused(&world, with(|terms| terms.name.clear()), TextEmpty, "terms.name"),
        refused(&world, with(|terms| terms.price = Amount(-1)), AmountNegative, "terms.price"),
        refused(&world, with(|terms| terms.shows.clear()), ListEmpty, "terms.shows"),
        refused(&world, with(|terms| terms.shows.extend([of(SHOW, 1); 99])), ListTooLong, "terms.shows"),
        refused(&world, with(|terms| terms.shows.push(of(SHOW, 1))), Duplicate, "terms.shows.2.show"),
        refused(&world, with(|terms| terms.shows[1].weight = 0), WeightInvalid, "terms.shows.1.weight"),
        refused(
            &world,
            with(|terms| terms.shows[0].weight = AMOUNT_MAX + 1),
            WeightInvalid,
            "terms.shows.0.weight",
        ),
        refused(&world, with(|terms| terms.pick = Some(0)), QuantityZero, "terms.pick"),
        refused(&world, with(|terms| terms.pick = Some(3)), QuantityTooLarge, "terms.pick"),
        refused(&world, with(|terms| terms.channels = vec![WEB, WEB]), Duplicate, "terms.channels.1"),
        refused(
            &world,
            with(|terms| terms.sale_until = Some(Timestamp(0))),
            TimeOutOfRange,
            "terms.sale_until",
        ),
        refused(&world, with(|terms| terms.shows[1].show = ShowId(9)), ShowUnknown, "terms.shows.1.show"),
        refused(&world, with(|terms| terms.shows[1].zone = ZoneId(9)), ZoneUnknown, "terms.shows.1.zone"),
        refused(&world, with(|terms| terms.shows[1].tariff = FULL), TariffUnknown, "terms.shows.1.tariff"),
        refused(
            &world,
            with(|terms| terms.channels = vec![ChannelId(9)]),
            ChannelUnknown,
            "terms.channels.0",
        ),
        refused(
            &world,
            with(|terms| terms.shows[0].tariff = FULL),
            PackTariffInvalid,
            "terms.shows.0.tariff",
        ),
        refused(
            &world,
            with(|terms| terms.shows[0] = PackShow { tariff: GUEST, zone: BALCONY, ..of(SHOW, 1) }),
            TariffNotInZone,
            "terms.shows.0.tariff",
        ),
        refused(&world, ChangePack { pack: PACK, terms: two_days() }, PackUnknown, "pack"),
    ]
}

fn of_sales() -> Vec<Refused> {
    let world = offered(two_days());
    let planned = two_shows().and(SHARES[..2].iter().zip(1..).map(|(tariff, show)| {
        TariffDefined { show: ShowId(show), tariff: *tariff, terms: share(show) }.into()
    }));
    let planned = planned.after(DefinePack { terms: two_days() });
    let closed = offered(two_days()).after(CloseShow { show: SECOND });
    let desk = offered(PackTerms { channels: vec![DESK], ..two_days() });
    let ended = offered(PackTerms { sale_until: Some(NOW), ..two_days() });
    let last = offered(PackTerms { sale_until: Some(after(1)), ..two_days() });
    last.when(both()).events();
    let priced = PlaceOrder {
        packs: vec![PackRequest { price: Some(Amount(3_999)), ..choose(&[SHOW, SECOND]) }],
        ..both()
    };
    let negative =
        PlaceOrder { packs: vec![PackRequest { price: Some(Amount(-1)), ..choose(&[SHOW]) }], ..both() };
    let unknown =
        PlaceOrder { packs: vec![PackRequest { pack: PackId(9), ..choose(&[SHOW, SECOND]) }], ..both() };
    vec![
        refused(&world, packs(Vec::new()), ListEmpty, "tickets"),
        refused(&world, packs(vec![choose(&[])]), ListEmpty, "packs.0.choices"),
        refused(&world, packs(vec![choose(&[SHOW, SECOND]); 101]), ListTooLong, "packs"),
        refused(&world, packs(vec![choose(&[SHOW, SHOW])]), Duplicate, "packs.0.choices.1.show"),
        refused(&world, PlaceOrder { tickets: vec![ticket(); 499], ..both() }, ListTooLong, "packs"),
        refused(&world, negative, AmountNegative, "packs.0.price"),
        refused(&world, unknown.clone(), PackUnknown, "packs.0.pack"),
        refused(&world, PlaceOrder { channel: ChannelId(9), ..unknown }, ChannelUnknown, "channel"),
        refused(&planned, both(), ShowNotOpen, "packs.0.choices.1.show"),
        refused(&closed, both(), ShowClosed, "packs.0.choices.1.show"),
        refused(&ended, both(), SaleEnded, "packs.0.pack"),
        refused(&desk, both(), PackNotOnChannel, "packs.0.pack"),
        refused(&world, packs(vec![choose(&[SHOW])]), PackChoiceInvalid, "packs.0.choices"),
        refused(&world, packs(vec![choose(&[SHOW, THIRD])]), PackChoiceInvalid, "packs.0.choices.1.show"),
        refused(&world, priced, PriceMismatch, "packs.0.price"),
        refused(&world, PlaceOrder { payment: vec![leg(4_000)], ..both() }, PaymentMismatch, "payment"),
    ]
}

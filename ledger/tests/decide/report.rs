//! Reported sales: what they break is flagged, only what makes no sense is refused.

use soticket_schema::RejectionCode::*;
use soticket_schema::command::*;
use soticket_schema::event::v1::*;
use soticket_schema::*;

use crate::harness::{NOW, Refused, World, after, person, refused, refused_fact, ticket_code};
use crate::venue::*;

fn with(edit: impl FnOnce(&mut ReportedTicket)) -> ReportSale {
    let mut ticket = reported();
    edit(&mut ticket);
    report(FNAC, vec![ticket])
}

#[track_caller]
fn flagged(world: &World, at: Timestamp, sale: ReportSale, expected: &[Flag]) {
    assert_eq!(flags(&world.when_fact(at, sale).events()), expected);
}

#[test]
fn a_sale_is_recorded_as_it_is_told() {
    let pack = PackShare { pack_price: Amount(4_000), weight: 2_400, weights: 4_600 };
    let told = ReportedTicket {
        price: Amount(2_087),
        fee: Amount(180),
        fee_vat: Rate(200_000),
        stated_vat: Some(Amount(109)),
        pack: Some(pack),
        codes: vec![code("F1"), code("F2")],
        ..reported()
    };
    let discount = ItemRequest { kind: ItemKind::Fee(FeeKind::Other), ..item(-300) };
    let sale = ReportSale {
        seller: "Fnac Lyon".into(),
        items: vec![discount.clone()],
        payment: vec![leg(1)],
        ..report(FNAC, vec![told, reported()])
    };
    let line = |number, codes| TicketLine {
        ticket: TicketId(number),
        show: SHOW,
        zone: PIT,
        seat: None,
        tariff: FULL,
        serial: number,
        price: Amount(2_000),
        fee: Amount::ZERO,
        vat: Rate(55_000),
        stated_vat: None,
        fee_vat: Rate::ZERO,
        pack: None,
        comp: None,
        replaces: None,
        codes,
    };
    let first = TicketLine {
        price: Amount(2_087),
        fee: Amount(180),
        fee_vat: Rate(200_000),
        stated_vat: Some(Amount(109)),
        pack: Some(pack),
        ..line(1, vec![ticket_code("F1"), ticket_code("F2")])
    };
    let ItemRequest { kind, show, price, vat, stated_vat, .. } = discount;
    let lines = OrderLines {
        order: OrderId(1),
        channel: FNAC,
        seller: "Fnac Lyon".into(),
        subject: None,
        tickets: vec![first, line(2, vec![ticket_code("house 1")])],
        items: vec![ItemLine { item: ItemId(1), kind, show, price, vat, stated_vat, ticket: None }],
    };
    let flags = vec![Flag::OtherPrice];
    let paid = PaymentRecorded {
        payment: PaymentId(1),
        order: OrderId(1),
        subject: None,
        shows: vec![SHOW],
        legs: vec![leg(1)],
    };
    let recorded = ExternalSaleReported { source: ReportSource::Network, lines, flags };
    open().when_fact(before(), sale).then([recorded.into(), paid.into()]);
}

#[test]
fn lines_join_an_order_that_exists() {
    let first = ReportSale { buyer: Some(person("a@b.c")), ..report(FNAC, vec![reported()]) };
    let world = open().after_fact(before(), first).after_fact(before(), report(WEB, vec![reported()]));
    let more =
        ReportSale { order: Some(OrderId(1)), items: vec![item(5)], payment: vec![leg(7)], ..with(|_| ()) };
    let world = world.after_fact(before(), more.clone()).after_fact(before(), more);
    let view = world.state.order(OrderId(1)).unwrap();
    assert_eq!(view.tickets, [1, 3, 4].map(TicketId));
    assert_eq!(view.items, [1, 2].map(ItemId));
    assert_eq!((view.due, view.received), (Amount(6_010), Amount(14)));
    let Some(Event::PaymentRecorded(payment)) = world.events.last() else { panic!() };
    assert_eq!((payment.shows.clone(), payment.subject), (vec![SHOW], view.subject));
    assert!(world.when(cancel(1, &[4])).0.is_ok());
    world.when(cancel(1, &[2])).then_rejected(TicketUnknown, "tickets.0.ticket");
}

#[test]
fn what_a_sale_breaks_is_flagged() {
    let world = open().after(allocate(FNAC, 2)).after(allocate_seats(WEB, &[1]));
    let seat = |number| ReportedTicket {
        zone: BALCONY,
        seat: Some(SeatId(number)),
        price: Amount(3_000),
        ..reported()
    };
    flagged(&world, before(), report(FNAC, vec![reported(); 2]), &[]);
    flagged(&world, before(), report(FNAC, vec![reported(); 3]), &[Flag::OverQuota]);
    flagged(&world, before(), report(DESK, vec![reported(); 9]), &[Flag::OverQuota]);
    flagged(&world, before(), report(DESK, vec![reported(); 11]), &[Flag::OverQuota, Flag::OverCapacity]);
    flagged(&world, before(), report(DESK, vec![seat(0)]), &[]);
    flagged(&world, before(), report(DESK, vec![seat(1)]), &[Flag::OverQuota]);
    flagged(
        &world.clone().after(order(WEB, vec![crate::venue::seat(1)])),
        before(),
        report(WEB, vec![seat(1)]),
        &[Flag::OverQuota, Flag::SeatTaken],
    );
    flagged(&world, before(), with(|ticket| ticket.price = Amount(1)), &[Flag::OtherPrice]);
    flagged(&world, before(), with(|ticket| ticket.tariff = GUEST), &[Flag::OtherPrice]);
    flagged(&world, after(-10_001), with(|_| ()), &[Flag::OutsideSale]);
    flagged(&world, after(1), with(|_| ()), &[Flag::ClockAhead]);
    flagged(&planned(), before(), with(|_| ()), &[Flag::OutsideSale]);
    let closed = world.clone().after(CloseShow { show: SHOW });
    flagged(&closed, before(), with(|_| ()), &[]);
    flagged(&closed, NOW, with(|_| ()), &[Flag::OutsideSale]);
    let no_quota = world.clone().after(CloseQuota { show: SHOW, zone: PIT, channel: FNAC });
    flagged(&no_quota, before(), with(|_| ()), &[Flag::ChannelClosed]);
    flagged(
        &world.clone().after(CloseChannel { channel: FNAC }),
        before(),
        with(|_| ()),
        &[Flag::ChannelClosed],
    );
    let everything = with(|ticket| *ticket = ReportedTicket { price: Amount(1), ..seat(1) });
    let worst =
        closed.after_fact(before(), report(FNAC, vec![seat(1)])).after(CloseChannel { channel: FNAC });
    flagged(
        &worst,
        after(95_000),
        everything,
        &[
            Flag::OverQuota,
            Flag::SeatTaken,
            Flag::OutsideSale,
            Flag::OtherPrice,
            Flag::ChannelClosed,
            Flag::ClockAhead,
        ],
    );
}

#[test]
fn places_of_expired_holds_break_nothing() {
    let world = open().after(hold(WEB, 10));
    flagged(&world, before(), with(|_| ()), &[Flag::OverQuota, Flag::OverCapacity]);
    let events = world.at(after(60)).when_fact(before(), with(|_| ())).events();
    assert_eq!(events[0], HoldExpired { hold: HoldId(1), show: SHOW }.into());
    assert_eq!(flags(&events), []);
}

#[test]
fn a_code_is_taken_when_another_valid_ticket_of_the_show_has_it() {
    let coded = |show, tariff| {
        let ticket = ReportedTicket {
            show: ShowId(show),
            tariff: TariffId(tariff),
            codes: vec![code("F1")],
            ..reported()
        };
        report(FNAC, vec![ticket])
    };
    let world = two_shows().after(OpenShow { show: ShowId(2) }).after_fact(before(), coded(1, 1));
    flagged(&world, before(), coded(1, 1), &[Flag::CodeTaken]);
    flagged(&world, before(), coded(2, 4), &[]);
    flagged(&world, before(), with(|ticket| ticket.codes = vec![code("F2"), code("F1")]), &[Flag::CodeTaken]);
    let exchanged = ReportedTicket { codes: vec![code("F1")], replaces: Some(TicketId(1)), ..reported() };
    flagged(&world, before(), report(FNAC, vec![exchanged]), &[]);
    flagged(&world.clone().after(cancel(1, &[1])), before(), coded(1, 1), &[]);
    let twice = ReportedTicket { codes: vec![code("F3")], ..reported() };
    flagged(&world, before(), report(FNAC, vec![twice.clone(), twice]), &[Flag::CodeTaken]);
}

#[test]
fn a_seat_may_be_missing_where_they_are_numbered() {
    let seatless = with(|ticket| (ticket.zone, ticket.price) = (BALCONY, Amount(3_000)));
    let world = open().after_fact(before(), seatless.clone()).after_fact(before(), seatless);
    let world = world.after_fact(before(), report(WEB, vec![reported(); 2]));
    assert!(world.when(order(WEB, vec![seat(0), seat(1)])).0.is_ok());
    world.when(order(WEB, vec![seat(0), seat(1), seat(2)])).then_rejected(PoolExhausted, "tickets.2");
}

pub(crate) fn rejections() -> Vec<Refused> {
    let open = open();
    let pack = |pack_price, weight, weights| {
        let share = PackShare { pack_price: Amount(pack_price), weight, weights };
        with(|ticket| ticket.pack = Some(share))
    };
    let codes = |codes: Vec<CodeText>| with(|ticket| ticket.codes = codes);
    let seat = |zone, number| with(|ticket| (ticket.zone, ticket.seat) = (zone, Some(SeatId(number))));
    let line = |sale: ReportSale, code, field| refused_fact(&open, sale, code, field);
    let twice = ReportedTicket { zone: BALCONY, seat: Some(SeatId(1)), ..reported() };
    vec![
        refused(&open, with(|_| ()), TimeNotAllowed, "occurred_at"),
        Refused { occurred_at: Some(Timestamp(0)), ..line(with(|_| ()), TimeOutOfRange, "occurred_at") },
        line(report(FNAC, vec![]), ListEmpty, "tickets"),
        line(report(FNAC, vec![reported(); 501]), ListTooLong, "tickets"),
        line(ReportSale { seller: "x".repeat(1 << 20), ..with(|_| ()) }, TextTooLong, "seller"),
        line(codes(vec![code("x"); 11]), ListTooLong, "tickets.0.codes"),
        line(codes(vec![code("x"), code("")]), TextEmpty, "tickets.0.codes.1.text"),
        line(codes(vec![code(&"x".repeat(256))]), TextTooLong, "tickets.0.codes.0.text"),
        line(codes(vec![code("a"), code("b"), code("a")]), Duplicate, "tickets.0.codes.2.text"),
        line(report(FNAC, vec![twice.clone(), twice]), Duplicate, "tickets.1.seat"),
        line(with(|ticket| ticket.price = Amount(-1)), AmountNegative, "tickets.0.price"),
        line(with(|ticket| ticket.fee = Amount(i64::MAX)), AmountTooLarge, "tickets.0.fee"),
        line(
            with(|ticket| ticket.stated_vat = Some(Amount(i64::MIN))),
            AmountTooLarge,
            "tickets.0.stated_vat",
        ),
        line(with(|ticket| ticket.vat = Rate(-1)), RateOutOfRange, "tickets.0.vat"),
        line(with(|ticket| ticket.fee_vat = Rate(i64::MAX)), RateOutOfRange, "tickets.0.fee_vat"),
        line(pack(-1, 1, 1), AmountNegative, "tickets.0.pack.pack_price"),
        line(pack(1, -1, 1), AmountNegative, "tickets.0.pack.weight"),
        line(pack(1, 2, 1), AmountTooLarge, "tickets.0.pack.weight"),
        line(pack(1, 0, 0), AmountNegative, "tickets.0.pack.weights"),
        line(ReportSale { items: vec![item(i64::MIN)], ..with(|_| ()) }, AmountTooLarge, "items.0.price"),
        line(with(|ticket| ticket.show = ShowId(9)), ShowUnknown, "tickets.0.show"),
        line(with(|ticket| ticket.zone = ZoneId(9)), ZoneUnknown, "tickets.0.zone"),
        line(seat(BALCONY, 4), SeatUnknown, "tickets.0.seat"),
        line(seat(PIT, 0), SeatNotAllowed, "tickets.0.seat"),
        line(with(|ticket| ticket.tariff = TariffId(9)), TariffUnknown, "tickets.0.tariff"),
        line(ReportSale { channel: ChannelId(9), ..with(|_| ()) }, ChannelUnknown, "channel"),
        line(
            ReportSale { payment: vec![Leg { method: MethodId(9), ..leg(1) }], ..with(|_| ()) },
            MethodUnknown,
            "payment.0.method",
        ),
        line(ReportSale { order: Some(OrderId(1)), ..with(|_| ()) }, OrderUnknown, "order"),
        line(with(|ticket| ticket.replaces = Some(TicketId(1))), TicketUnknown, "tickets.0.replaces"),
    ]
}

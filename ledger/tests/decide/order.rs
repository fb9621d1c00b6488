//! Live sales.

use soticket_schema::RejectionCode::*;
use soticket_schema::command::*;
use soticket_schema::event::v1::*;
use soticket_schema::*;

use crate::harness::{Refused, SUBJECT, World, after, person, refused, refused_fact, ticket_code};
use crate::venue::*;

fn free(reason: CompReason) -> TicketRequest {
    TicketRequest { tariff: GUEST, comp: Some(reason), ..ticket() }
}

fn line(number: u64, serial: u64) -> TicketLine {
    TicketLine {
        ticket: TicketId(number),
        show: SHOW,
        zone: PIT,
        seat: None,
        tariff: FULL,
        serial,
        price: Amount(2_000),
        fee: Amount(100),
        vat: Rate(55_000),
        stated_vat: None,
        fee_vat: Rate(200_000),
        pack: None,
        comp: None,
        replaces: None,
        codes: vec![ticket_code(&format!("house {number}"))],
    }
}

fn serials(events: &[Event]) -> Vec<u64> {
    let lines = events.iter().filter_map(|event| match event {
        Event::OrderPlaced(order) => Some(&order.lines),
        Event::ExternalSaleReported(sale) => Some(&sale.lines),
        _ => None,
    });
    lines.flat_map(|lines| &lines.tickets).map(|line| line.serial).collect()
}

#[test]
fn an_order_with_everything_is_one_sale_and_one_payment() {
    let command = PlaceOrder {
        seller: "till 1".into(),
        buyer: Some(person("a@b.c")),
        items: vec![ItemRequest { show: Some(ShowId(2)), ticket: Some(1), ..item(500) }],
        payment: vec![leg(5_700), Leg { method: CASH, amount: Amount(2_000) }],
        ..order(WEB, vec![ticket(), seat(3), free(CompReason::Press), ticket()])
    };
    let seat_line = TicketLine { zone: BALCONY, seat: Some(SeatId(3)), price: Amount(3_000), ..line(2, 1) };
    let guest_line = TicketLine {
        tariff: GUEST,
        price: Amount::ZERO,
        fee: Amount::ZERO,
        fee_vat: Rate::ZERO,
        comp: Some(CompReason::Press),
        ..line(3, 1)
    };
    let sold = ItemLine {
        item: ItemId(1),
        kind: ItemKind::Product(SCARF),
        show: Some(ShowId(2)),
        price: Amount(500),
        vat: Rate(200_000),
        stated_vat: None,
        ticket: Some(TicketId(2)),
    };
    let lines = OrderLines {
        order: OrderId(1),
        channel: WEB,
        seller: "till 1".into(),
        subject: Some(SUBJECT),
        tickets: vec![line(1, 1), seat_line, guest_line, line(4, 2)],
        items: vec![sold],
    };
    let payment = PaymentRecorded {
        payment: PaymentId(1),
        order: OrderId(1),
        subject: Some(SUBJECT),
        shows: vec![SHOW, ShowId(2)],
        legs: command.payment.clone(),
    };
    let short = PlaceOrder { payment: vec![leg(7_799)], ..command.clone() };
    let world = two_shows();
    world.when(short).then_rejected(PaymentMismatch, "payment");
    let exact = PlaceOrder { payment: vec![leg(5_800), leg(2_000)], ..command };
    let payment = PaymentRecorded { legs: exact.payment.clone(), ..payment };
    world.when(exact).then([OrderPlaced { lines, holds: vec![] }.into(), payment.into()]);
}

#[test]
fn an_order_may_stay_unpaid_or_hold_no_ticket() {
    assert_eq!(open().when(order(WEB, vec![ticket()])).events().len(), 1);
    let goods = PlaceOrder { items: vec![item(500)], payment: vec![leg(500)], ..order(WEB, vec![]) };
    let events = open().when(goods).events();
    assert!(matches!(&events[1], Event::PaymentRecorded(payment) if payment.shows.is_empty()));
}

#[test]
fn serials_have_no_gaps_within_their_series() {
    let scope = |serial_scope| {
        let parameters = OrganisationParameters { serial_scope, ..parameters() };
        let schedule = |reference: &str| ScheduleShow {
            reference: reference.into(),
            title: "Concert".into(),
            hall: HallId(1),
            zones: vec![ZoneOnSale { zone: PIT, on_sale: 10 }, ZoneOnSale { zone: BALCONY, on_sale: 4 }],
            starts_at: after(100_000),
            doors_at: after(96_000),
            sale_from: after(-10_000),
            sale_until: after(90_000),
            territory: "FR-metropole".into(),
        };
        let world =
            house().after(ChangeOrganisation { parameters }).after(schedule("A")).after(schedule("B"));
        [ShowId(1), ShowId(2)].into_iter().fold(world, |world, show| {
            world.after(OpenShow { show }).after(DefineTariff { show, terms: full() })
        })
    };
    let second = TicketRequest { show: ShowId(2), tariff: TariffId(2), ..ticket() };
    let mixed = vec![ticket(), second.clone(), seat(1), ticket(), second.clone()];
    for (scope, first, then) in [
        (scope(SerialScope::ShowTariffZone), [1, 1, 1, 2, 2], [3, 2]),
        (scope(SerialScope::Show), [1, 1, 2, 3, 2], [4, 5]),
        (scope(SerialScope::Organisation), [1, 2, 3, 4, 5], [6, 7]),
    ] {
        let events = scope.when(order(DESK, mixed.clone())).events();
        assert_eq!(serials(&events), first);
        // A cancelled ticket keeps its serial, a hold takes none, a report continues the series.
        let world = scope.and(events).after(cancel(1, &[4])).after(hold(WEB, 1));
        let reported_seat = ReportedTicket { zone: BALCONY, seat: Some(SeatId(2)), ..reported() };
        let events = world.when_fact(before(), report(FNAC, vec![reported(), reported_seat])).events();
        assert_eq!(serials(&events), then);
    }
}

#[test]
fn the_last_places_are_sold_once() {
    let world = open().after(allocate(FNAC, 4)).after(order(WEB, vec![ticket(); 6]));
    world.when(order(DESK, vec![ticket()])).then_rejected(PoolExhausted, "tickets.0");
    let world = world.after(order(FNAC, vec![ticket(); 4]));
    world.when(order(FNAC, vec![ticket()])).then_rejected(QuotaExceeded, "tickets.0");
    let world = world.after(order(DESK, vec![seat(0), seat(1), seat(2)]));
    world.when(order(DESK, vec![seat(3)])).then_rejected(HallFull, "tickets.0");
    assert!(world.after(cancel(1, &[1])).when(order(DESK, vec![seat(3)])).0.is_ok());
}

#[test]
fn after_facts_have_oversold_nothing_sells_live() {
    let world = open().after(allocate(FNAC, 4)).after_fact(before(), report(WEB, vec![reported(); 8]));
    world.when(order(WEB, vec![ticket()])).then_rejected(PoolExhausted, "tickets.0");
    world.when(order(FNAC, vec![ticket(); 3])).then_rejected(ZoneFull, "tickets.2");
    let world = world.after_fact(before(), report(FNAC, vec![reported(); 9]));
    world.when(order(FNAC, vec![ticket()])).then_rejected(QuotaExceeded, "tickets.0");
    assert_eq!(world.state.show_counts(SHOW).unwrap().left, -4);
    assert_eq!(world.state.channel_counts(SHOW, PIT, FNAC).unwrap().left, 0);
}

pub(crate) fn rejections() -> Vec<Refused> {
    let (planned, open) = (planned(), open());
    let closed = open.clone().after(CloseShow { show: SHOW });
    let without_web = open.clone().after(CloseChannel { channel: WEB });
    let sold_out = open.clone().after(order(DESK, vec![ticket(); 10]));
    let full_hall =
        open.clone().after(order(DESK, [vec![seat(0), seat(1), seat(2)], vec![ticket(); 10]].concat()));
    let quota = open.clone().after(allocate(WEB, 2));
    let overfull =
        open.clone().after(allocate(WEB, 2)).after_fact(before(), report(DESK, vec![reported(); 9]));
    let one = |ticket: TicketRequest| order(WEB, vec![ticket]);
    let second = |request: TicketRequest| order(WEB, vec![ticket(), request]);
    let with_item = |item: ItemRequest| PlaceOrder { items: vec![item], ..order(WEB, vec![]) };
    let paid = |legs: Vec<Leg>| PlaceOrder { payment: legs, ..one(ticket()) };
    let price = |price: i64| TicketRequest { price: Some(Amount(price)), ..ticket() };
    let comp = |tariff, comp| TicketRequest { tariff, comp, ..ticket() };
    let table = |world: &World, lines: Vec<(PlaceOrder, RejectionCode, &'static str)>| {
        lines.into_iter().map(|(order, code, field)| refused(world, order, code, field)).collect::<Vec<_>>()
    };
    let by_world = vec![
        refused_fact(&open, order(WEB, vec![]), TimeNotAllowed, "occurred_at"),
        refused(&planned, one(comp(GUEST, None)), ShowNotOpen, "tickets.0.show"),
        refused(&closed, one(comp(GUEST, None)), ShowClosed, "tickets.0.show"),
        refused(&open.clone().at(after(-10_001)), one(ticket()), SaleNotStarted, "tickets.0.show"),
        refused(&open.clone().at(after(90_000)), one(ticket()), SaleEnded, "tickets.0.show"),
        refused(
            &two_shows(),
            second(TicketRequest { show: ShowId(2), tariff: TariffId(4), ..ticket() }),
            ShowNotOpen,
            "tickets.1.show",
        ),
        refused(&without_web, one(price(1)), ChannelClosed, "channel"),
        refused(&sold_out, PlaceOrder { payment: vec![leg(1)], ..one(ticket()) }, PoolExhausted, "tickets.0"),
        refused(&quota, order(WEB, vec![ticket(); 3]), QuotaExceeded, "tickets.2"),
        refused(&overfull, order(WEB, vec![ticket(); 2]), ZoneFull, "tickets.1"),
        refused(&full_hall, one(seat(3)), HallFull, "tickets.0"),
        refused(&full_hall, one(seat(2)), SeatTaken, "tickets.0.seat"),
        refused(&open.clone().after(hold_seats(DESK, &[0])), one(seat(0)), SeatTaken, "tickets.0.seat"),
    ];
    let in_open = table(
        &open,
        vec![
            (PlaceOrder { seller: "x".repeat(65), ..one(ticket()) }, TextTooLong, "seller"),
            (PlaceOrder { seller: "\u{85}".into(), ..one(ticket()) }, TextNotAllowed, "seller"),
            (order(WEB, vec![]), ListEmpty, "tickets"),
            (order(WEB, vec![ticket(); 501]), ListTooLong, "tickets"),
            (PlaceOrder { items: vec![item(1); 501], ..one(ticket()) }, ListTooLong, "items"),
            (PlaceOrder { holds: vec![HoldId(1); 501], ..one(ticket()) }, ListTooLong, "holds"),
            (paid(vec![leg(1); 21]), ListTooLong, "payment"),
            (order(WEB, vec![seat(1), ticket(), seat(2), seat(1)]), Duplicate, "tickets.3.seat"),
            (second(price(-1)), AmountNegative, "tickets.1.price"),
            (second(price(i64::MAX)), AmountTooLarge, "tickets.1.price"),
            (with_item(item(-1)), AmountNegative, "items.0.price"),
            (with_item(item(i64::MAX)), AmountTooLarge, "items.0.price"),
            (
                with_item(ItemRequest { stated_vat: Some(Amount(-1)), ..item(1) }),
                AmountNegative,
                "items.0.stated_vat",
            ),
            (with_item(ItemRequest { vat: Rate(i64::MAX), ..item(1) }), RateOutOfRange, "items.0.vat"),
            (paid(vec![leg(2_000), leg(0)]), AmountNegative, "payment.1.amount"),
            (paid(vec![leg(i64::MIN)]), AmountNegative, "payment.0.amount"),
            (paid(vec![leg(i64::MAX)]), AmountTooLarge, "payment.0.amount"),
            (
                second(TicketRequest { show: ShowId(9), zone: ZoneId(9), ..ticket() }),
                ShowUnknown,
                "tickets.1.show",
            ),
            (
                order(ChannelId(9), vec![TicketRequest { zone: ZoneId(9), tariff: TariffId(9), ..ticket() }]),
                ZoneUnknown,
                "tickets.0.zone",
            ),
            (second(seat(4)), SeatUnknown, "tickets.1.seat"),
            (second(TicketRequest { tariff: TariffId(9), ..seat(u32::MAX) }), SeatUnknown, "tickets.1.seat"),
            (second(TicketRequest { tariff: TariffId(4), ..ticket() }), TariffUnknown, "tickets.1.tariff"),
            (order(ChannelId(9), vec![ticket()]), ChannelUnknown, "channel"),
            (with_item(ItemRequest { show: Some(ShowId(2)), ..item(1) }), ShowUnknown, "items.0.show"),
            (
                with_item(ItemRequest { kind: ItemKind::Product(ProductId(2)), ..item(1) }),
                ProductUnknown,
                "items.0.kind",
            ),
            (with_item(ItemRequest { ticket: Some(0), ..item(1) }), TicketUnknown, "items.0.ticket"),
            (
                PlaceOrder { channel: ChannelId(9), ..with_item(ItemRequest { ticket: Some(0), ..item(1) }) },
                ChannelUnknown,
                "channel",
            ),
            (paid(vec![Leg { method: MethodId(3), amount: Amount(1) }]), MethodUnknown, "payment.0.method"),
            (second(TicketRequest { tariff: GUEST, ..seat(1) }), TariffNotInZone, "tickets.1.tariff"),
            (second(TicketRequest { tariff: DESK_ONLY, ..price(1) }), TariffNotOnChannel, "tickets.1.tariff"),
            (second(comp(GUEST, None)), CompReasonInvalid, "tickets.1.comp"),
            (second(comp(GUEST, Some(CompReason::Staff))), CompReasonInvalid, "tickets.1.comp"),
            (second(comp(FULL, Some(CompReason::Press))), CompReasonInvalid, "tickets.1.comp"),
            (second(price(2_001)), PriceMismatch, "tickets.1.price"),
            (second(TicketRequest { seat: None, ..seat(1) }), SeatRequired, "tickets.1.seat"),
            (second(TicketRequest { seat: Some(SeatId(1)), ..ticket() }), SeatNotAllowed, "tickets.1.seat"),
            (order(WEB, vec![ticket(); 11]), PoolExhausted, "tickets.10"),
            (paid(vec![leg(2_000)]), PaymentMismatch, "payment"),
            (paid(vec![leg(2_101)]), PaymentMismatch, "payment"),
            (
                PlaceOrder { payment: vec![leg(1)], ..one(comp(GUEST, Some(CompReason::Press))) },
                PaymentMismatch,
                "payment",
            ),
        ],
    );
    by_world.into_iter().chain(in_open).collect()
}

//! Exchange, copies and hand-overs of tickets.

use soticket_schema::RejectionCode::*;
use soticket_schema::command::*;
use soticket_schema::event::v1::*;
use soticket_schema::*;

use crate::harness::{Refused, SUBJECT, World, code_hash, person, refused};
use crate::venue::*;

/// Order 1: two tickets of the pit, bought on the web and paid: 42.00.
fn sold() -> World {
    let tickets = vec![ticket(), ticket()];
    open().after(PlaceOrder { payment: vec![leg(4_200)], ..order(WEB, tickets) })
}

fn exchange(returned: &[u64], tickets: Vec<TicketRequest>) -> ExchangeTickets {
    let given = |id: &u64| TicketToCancel { ticket: TicketId(*id), fee_kept: false };
    ExchangeTickets {
        order: OrderId(1),
        channel: DESK,
        seller: "till 1".into(),
        returned: returned.iter().map(given).collect(),
        tickets,
        items: Vec::new(),
        cards: Vec::new(),
        payment: Vec::new(),
        refund: Vec::new(),
    }
}

fn lines(events: &[Event]) -> &OrderLines {
    let placed = events.iter().find_map(|event| match event {
        Event::OrderPlaced(placed) => Some(&placed.lines),
        _ => None,
    });
    placed.unwrap()
}

#[test]
fn an_upgrade_cancels_and_issues_in_one_step_and_the_difference_is_paid() {
    let world = sold();
    // 30.00 at the desk for 21.00 on the web: 9.00 to pay.
    let command = ExchangeTickets { payment: vec![leg(900)], ..exchange(&[2], vec![seat(0)]) };
    let events = world.when(command.clone()).events();
    let [Event::TicketsCancelled(cancelled), Event::OrderPlaced(placed), Event::PaymentRecorded(paid)] =
        events.as_slice()
    else {
        panic!("{events:?}");
    };
    assert_eq!(cancelled.cancellation.reason, CancelReason::Exchange);
    let ids: Vec<_> = cancelled.cancellation.tickets.iter().map(|of| of.ticket.0).collect();
    assert_eq!(ids, [2]);
    let line = &placed.lines.tickets[0];
    assert_eq!(
        (placed.lines.order, line.ticket, line.replaces),
        (OrderId(1), TicketId(3), Some(TicketId(2)))
    );
    assert_eq!((line.price, line.serial, paid.legs.clone()), (Amount(3_000), 1, vec![leg(900)]));

    let after = world.after(command);
    let order = after.state.order(OrderId(1)).unwrap();
    assert_eq!((order.due, order.received, order.tickets.len()), (Amount(5_100), Amount(5_100), 3));
    assert_eq!(after.state.zone_counts(SHOW, PIT).unwrap().sold, 1);
    assert_eq!(after.state.zone_counts(SHOW, BALCONY).unwrap().sold, 1);
}

#[test]
fn a_full_house_can_exchange_within_itself() {
    let all = (0..4).map(seat).collect();
    let full = open().after(order(DESK, all));
    // The places that are given back are the only ones left.
    let swap = ExchangeTickets { order: OrderId(1), ..exchange(&[1, 2], vec![seat(1), seat(0)]) };
    let events = full.when(swap).events();
    let seats: Vec<_> = lines(&events).tickets.iter().map(|line| line.seat.unwrap().0).collect();
    assert_eq!(seats, [1, 0]);
    full.when(exchange(&[1], vec![seat(2)])).then_rejected(SeatTaken, "tickets.0.seat");
}

#[test]
fn a_cheaper_ticket_gives_the_difference_back() {
    let cheaper = TicketRequest { tariff: DESK_ONLY, ..ticket() };
    let world = sold();
    let command = ExchangeTickets { refund: vec![leg(600)], ..exchange(&[1], vec![cheaper]) };
    let events = world.when(command).events();
    let Some(Event::MoneyReturned(returned)) = events.last() else { panic!("{events:?}") };
    assert_eq!(returned.legs, [leg(600)]);
}

#[test]
fn a_kept_fee_stays_due() {
    let world = sold();
    let mut command = exchange(&[1], vec![ticket()]);
    command.returned[0].fee_kept = true;
    command.refund = vec![leg(1)];
    // 20.00 for 20.00, and the fee of 1.00 is kept.
    world.when(command.clone()).then_rejected(RefundExceedsReceived, "refund");
    command.refund.clear();
    assert_eq!(world.after(command).state.order(OrderId(1)).unwrap().due, Amount(4_200));
}

#[test]
fn copies_are_numbered_and_bear_the_same_code() {
    let world = sold();
    let command = DuplicateTicket { ticket: TicketId(1), reason: DuplicateReason::Lost };
    let copy = |copy| TicketDuplicated {
        ticket: TicketId(1),
        show: SHOW,
        order: OrderId(1),
        subject: None,
        copy,
        reason: DuplicateReason::Lost,
    };
    world.when(command).then([copy(1).into()]);
    world.after(command).when(command).then([copy(2).into()]);
}

#[test]
fn a_ticket_handed_on_has_a_new_code_and_the_old_one_still_names_it() {
    let world = sold();
    let command = TransferTicket { ticket: TicketId(2), to: person("b@example.org") };
    let events = world.when(command.clone()).events();
    let [Event::TicketTransferred(handed)] = events.as_slice() else { panic!("{events:?}") };
    assert_eq!((handed.from, handed.to, handed.order), (None, SUBJECT, OrderId(1)));
    assert_eq!(handed.code.hash, code_hash("house 3"));
    let world = world.after(command.clone());
    for code in ["house 2", "house 3"] {
        assert_eq!(world.state.ticket_by_code(code_hash(code), SHOW), Some(TicketId(2)));
    }
    let again = world.when(command).events();
    assert!(matches!(&again[..], [Event::TicketTransferred(handed)] if handed.from == Some(SUBJECT)));
}

pub(crate) fn rejections() -> Vec<Refused> {
    let world = sold();
    let cancelled = world.clone().after(cancel(1, &[1]));
    let copied = (0..1_000).fold(sold(), |world, _| {
        world.after(DuplicateTicket { ticket: TicketId(1), reason: DuplicateReason::Other })
    });
    let nobody = TransferTicket { ticket: TicketId(1), to: Person::default() };
    let other_order = ExchangeTickets { order: OrderId(9), ..exchange(&[1], vec![ticket()]) };
    let free = TicketRequest { tariff: GUEST, ..ticket() };
    vec![
        refused(&world, exchange(&[], vec![]), ListEmpty, "returned"),
        refused(&world, exchange(&[1, 1], vec![ticket(), ticket()]), Duplicate, "returned.1.ticket"),
        refused(&world, exchange(&[1, 2], vec![ticket()]), ExchangeMismatch, "tickets"),
        refused(&world, exchange(&[9], vec![ticket()]), TicketUnknown, "returned.0.ticket"),
        refused(&world, other_order, OrderUnknown, "order"),
        refused(&cancelled, exchange(&[1], vec![ticket()]), TicketAlreadyCancelled, "returned.0.ticket"),
        refused(&world, exchange(&[1], vec![free]), CompReasonInvalid, "tickets.0.comp"),
        refused(
            &world,
            ExchangeTickets { payment: vec![leg(901)], ..exchange(&[1], vec![seat(0)]) },
            PaymentExceedsDue,
            "payment",
        ),
        refused(
            &world,
            ExchangeTickets { refund: vec![leg(101)], ..exchange(&[1], vec![ticket()]) },
            RefundExceedsReceived,
            "refund",
        ),
        refused(
            &world,
            DuplicateTicket { ticket: TicketId(9), reason: DuplicateReason::Lost },
            TicketUnknown,
            "ticket",
        ),
        refused(
            &cancelled,
            DuplicateTicket { ticket: TicketId(1), reason: DuplicateReason::Lost },
            TicketAlreadyCancelled,
            "ticket",
        ),
        refused(
            &copied,
            DuplicateTicket { ticket: TicketId(1), reason: DuplicateReason::Lost },
            TooManyCopies,
            "ticket",
        ),
        refused(&world, nobody, TextEmpty, "to.email"),
        refused(
            &world,
            TransferTicket { ticket: TicketId(9), to: person("b@example.org") },
            TicketUnknown,
            "ticket",
        ),
        refused(
            &cancelled,
            TransferTicket { ticket: TicketId(1), to: person("b@example.org") },
            TicketAlreadyCancelled,
            "ticket",
        ),
    ]
}

//! Given events, then orders, tickets and holds.

use soticket_schema::event::v1::*;
use soticket_schema::*;

use super::*;
use crate::testing::venue;
use crate::testing::{LogBuilder, at, cancellation, cents, line, order};

fn begun() -> LogBuilder {
    let mut log = LogBuilder::default();
    venue::open(&mut log, Rounding::Document, noon());
    log
}

fn noon() -> Timestamp {
    at("2026-03-01T12:00:00+01:00")
}

fn pay(order: u64, amount: &str, refund: bool) -> Event {
    let legs = vec![Leg { method: MethodId(1), amount: cents(amount) }];
    let (payment, order, subject, shows) = (PaymentId(order), OrderId(order), None, vec![ShowId(1)]);
    if refund {
        MoneyReturned { payment, order, subject, shows, legs }.into()
    } else {
        PaymentRecorded { payment, order, subject, shows, legs }.into()
    }
}

#[test]
fn an_order_shows_its_lines_and_money_as_they_stand() {
    let mut log = begun();
    let position = log.entries.len() as u64;
    let mut first = line(1, 1, 1, 10, 1, "24.00");
    (first.fee, first.seat) = (cents("1.00"), Some(SeatId(3)));
    let mut placed = order(7, 2, vec![first, line(2, 1, 1, 10, 2, "24.00")]);
    placed.lines.seller = "till 1".into();
    let service = ItemLine {
        item: ItemId(1),
        kind: FeeKind::Shipping.into(),
        show: None,
        price: cents("3.00"),
        vat: Rate::ZERO,
        stated_vat: None,
        ticket: None,
    };
    placed.lines.items = vec![service, ItemLine { item: ItemId(2), ..service }];
    log.push(noon(), placed);
    let state = |log: &LogBuilder| {
        let order = log.fold::<Orders>().order(OrderId(7)).unwrap();
        (order.total, order.open, order.state)
    };
    assert_eq!(state(&log), (cents("55.00"), cents("55.00"), OrderState::Unpaid));
    log.push(noon(), pay(7, "55.00", false));
    assert_eq!(state(&log), (cents("55.00"), Amount::ZERO, OrderState::Paid));
    let mut cancelled = cancellation(7, &[(1, 1, true), (2, 1, false)]);
    cancelled.items = [1, 2].map(|item| CancelledItem { item: ItemId(item), show: None }).into();
    log.push(noon(), TicketsCancelled { cancellation: cancelled });
    assert_eq!(state(&log), (cents("1.00"), cents("-54.00"), OrderState::Overpaid));
    log.push(noon(), pay(7, "54.00", true));
    assert_eq!(state(&log), (cents("1.00"), Amount::ZERO, OrderState::Cancelled));

    let found = log.fold::<Orders>().order(OrderId(7)).unwrap();
    assert_eq!((found.position, found.seller.as_str(), found.channel), (position, "till 1", ChannelId(2)));
    assert_eq!((found.paid, found.returned, found.payments.len()), (cents("55.00"), cents("54.00"), 2));
    assert_eq!(found.items.iter().map(|item| item.item.0).collect::<Vec<_>>(), [1, 2]);
    let ticket = &found.tickets[0];
    assert_eq!((ticket.ticket, ticket.serial, ticket.seat), (TicketId(1), 1, Some(SeatId(3))));
    let status = TicketStatus::Cancelled { reason: CancelReason::Customer, fee_kept: true };
    assert_eq!((ticket.status, ticket.due()), (status, cents("1.00")));
}

#[test]
fn a_report_adds_lines_to_an_order_that_exists() {
    let mut log = begun();
    log.push(noon(), order(1, 3, vec![line(1, 1, 1, 10, 1, "24.00"), line(2, 1, 1, 10, 2, "24.00")]));
    log.push(noon(), order(2, 3, vec![line(3, 1, 1, 10, 3, "24.00")]));
    let lines = order(1, 3, vec![line(4, 2, 1, 20, 1, "24.00"), line(2, 2, 1, 20, 2, "99.00")]).lines;
    log.push(
        noon(),
        ExternalSaleReported { source: ReportSource::Network, lines, flags: vec![Flag::OverQuota] },
    );
    log.push(
        noon(),
        PriceReduced {
            order: OrderId(1),
            subject: None,
            ticket: TicketId(4),
            show: ShowId(2),
            before: cents("24.00"),
            after: cents("20.00"),
            stated_vat: None,
        },
    );
    let orders: Orders = log.fold();
    let first = orders.order(OrderId(1)).unwrap();
    let tickets: Vec<_> = first.tickets.iter().map(|ticket| (ticket.ticket.0, ticket.price.0)).collect();
    assert_eq!(tickets, [(1, 2_400), (2, 2_400), (4, 2_000)], "a number that is known stays as it is");
    let numbers = |orders: Vec<Order>| orders.iter().map(|order| order.order.0).collect::<Vec<_>>();
    assert_eq!(numbers(orders.list(None, 10)), [1, 2]);
    assert_eq!(numbers(orders.list(Some(OrderId(1)), 10)), [2]);
    assert_eq!(numbers(orders.list_back(None, 1)), [2]);
    assert_eq!(numbers(orders.list_back(Some(OrderId(2)), 9)), [1]);
    assert_eq!(numbers(orders.of_show(ShowId(1), None, 10)), [1, 2]);
    assert_eq!(numbers(orders.of_show(ShowId(2), None, 10)), [1]);
    assert_eq!(numbers(orders.of_show_back(ShowId(1), None, 10)), [2, 1]);
    assert_eq!(numbers(orders.of_show_back(ShowId(1), Some(OrderId(2)), 10)), [1]);
    assert_eq!((orders.count(), orders.count_of_show(ShowId(1)), orders.count_of_show(ShowId(9))), (2, 2, 0));
}

#[test]
fn holds_are_known_until_something_ends_them() {
    let mut log = begun();
    for hold in 1..=3 {
        log.push(
            noon(),
            HoldPlaced {
                hold: HoldId(hold),
                show: ShowId(1),
                zone: ZoneId(1),
                channel: ChannelId(1),
                places: Places::Count(1),
                expires_at: noon(),
                subject: None,
            },
        );
    }
    log.push(noon(), HoldExpired { hold: HoldId(1), show: ShowId(1) });
    let mut placed = order(1, 1, vec![line(1, 1, 1, 10, 1, "24.00")]);
    placed.holds = vec![HoldId(2)];
    log.push(noon(), placed);
    let orders: Orders = log.fold();
    assert_eq!(orders.holds(ShowId(1)).iter().map(|hold| hold.hold.0).collect::<Vec<_>>(), [3]);
    assert!(orders.hold(HoldId(3)).is_some() && orders.hold(HoldId(2)).is_none());
}

#[test]
fn a_ticket_tells_its_commissions_and_what_is_kept_of_its_fee() {
    let mut log = begun();
    let tickets = [1, 2].map(|ticket| {
        let mut line = line(ticket, 1, 1, 10, ticket, "20.00");
        line.fee = cents("0.80");
        line
    });
    log.push(noon(), order(7, 2, tickets.to_vec()));
    let charge = |commission, amount: &str, tickets: &[u64]| CommissionLine {
        commission: CommissionId(commission),
        version: 1,
        channel: ChannelId(2),
        show: ShowId(1),
        beneficiary: Beneficiary::Channel,
        payer: Payer::Buyer,
        mode: CommissionMode::OnTop,
        basis: cents("20.00"),
        amount: cents(amount),
        vat: Rate::ZERO,
        on_refund: OnRefund::Reversed,
        tickets: tickets.iter().copied().map(TicketId).collect(),
        item: None,
    };
    let charged = CommissionsCharged {
        order: OrderId(7),
        subject: None,
        shows: vec![ShowId(1)],
        lines: vec![charge(1, "0.50", &[1, 2]), charge(2, "0.30", &[1, 2]), charge(3, "1.00", &[])],
        cap: Rate(1),
        over_cap: vec![TicketId(1)],
        other_fee: Vec::new(),
    };
    log.push(noon(), charged);
    log.push(noon(), TicketsCancelled { cancellation: cancellation(7, &[(1, 1, false)]) });
    let reversed = CommissionsReversed {
        order: OrderId(7),
        subject: None,
        shows: vec![ShowId(1)],
        lines: vec![charge(2, "0.30", &[1]), charge(3, "1.00", &[])],
        kept: vec![KeptFee { ticket: TicketId(1), show: ShowId(1), amount: cents("0.50") }],
    };
    log.push(noon(), reversed);
    let found = log.fold::<Orders>().order(OrderId(7)).unwrap();
    let told = |ticket: &Ticket| -> Vec<(u32, i64, bool)> {
        let commissions = ticket.commissions.iter();
        commissions.map(|one| (one.commission.0, one.amount.0, one.reversed)).collect()
    };
    assert_eq!(told(&found.tickets[0]), [(1, 50, false), (2, 30, true)]);
    assert_eq!(told(&found.tickets[1]), [(1, 50, false), (2, 30, false)]);
    assert_eq!((found.tickets[0].over_cap, found.tickets[1].over_cap), (true, false));
    assert_eq!((found.tickets[0].due(), found.total), (cents("0.50"), cents("21.30")));
    assert!(found.commissions[0].reversed);
}

//! Cancellations, live and reported, and price reductions.

use soticket_schema::RejectionCode::*;
use soticket_schema::command::*;
use soticket_schema::event::v1::*;
use soticket_schema::*;

use crate::harness::{Refused, World, refused, refused_fact};
use crate::venue::*;

/// Order 1: tickets 1 and 2 at 20.00 and fees of 1.00, a scarf of 5.00, paid. Order 2: ticket 3.
fn paid() -> World {
    let scarf = ItemRequest { show: Some(SHOW), ..item(500) };
    let first = PlaceOrder { items: vec![scarf], payment: vec![leg(4_700)], ..order(WEB, vec![ticket(); 2]) };
    open().after(first).after(order(WEB, vec![ticket()]))
}

fn refund(tickets: &[u64], amount: i64) -> CancelTickets {
    CancelTickets { refund: vec![leg(amount)], ..cancel(1, tickets) }
}

fn reported_cancel(order: u64, tickets: &[u64]) -> ReportCancellation {
    let CancelTickets { order, tickets, items, reason: _, refund } = cancel(order, tickets);
    let (source, reason) = (ReportSource::Network, CancelReason::Reported);
    ReportCancellation { source, order, tickets, items, reason, refund }
}

fn cancellation(tickets: &[(u64, bool)], items: &[u64], reason: CancelReason) -> Cancellation {
    let tickets = tickets.iter().map(|(id, fee_kept)| CancelledTicket {
        ticket: TicketId(*id),
        show: SHOW,
        fee_kept: *fee_kept,
    });
    let items = items.iter().map(|id| CancelledItem { item: ItemId(*id), show: Some(SHOW) });
    Cancellation {
        order: OrderId(1),
        subject: None,
        tickets: tickets.collect(),
        items: items.collect(),
        reason,
    }
}

fn reduce(ticket: u64, price: i64) -> ReducePrice {
    ReducePrice { ticket: TicketId(ticket), price: Amount(price), stated_vat: None }
}

#[test]
fn tickets_are_cancelled_and_money_returned_together() {
    let keep = TicketToCancel { ticket: TicketId(2), fee_kept: true };
    let command = CancelTickets { tickets: vec![keep], items: vec![ItemId(1)], ..refund(&[], 2_500) };
    let cancellation = cancellation(&[(2, true)], &[1], CancelReason::Customer);
    let returned = MoneyReturned {
        payment: PaymentId(2),
        order: OrderId(1),
        subject: None,
        shows: vec![SHOW],
        legs: vec![leg(2_500)],
    };
    paid().when(command.clone()).then([TicketsCancelled { cancellation }.into(), returned.into()]);
    let world = paid().after(command);
    let view = world.state.ticket(TicketId(2)).unwrap();
    assert!(view.cancelled && view.fee_kept);
    assert_eq!(world.state.order(OrderId(1)).unwrap().due, Amount(2_200));
    world.when(refund(&[1], 2_201)).then_rejected(RefundExceedsReceived, "refund");
    assert_eq!(world.when(refund(&[1], 2_200)).events().len(), 2);
}

#[test]
fn a_show_that_is_closed_can_be_refunded() {
    let world = paid().after(CloseShow { show: SHOW });
    let reason = CancelReason::ShowCancelled;
    assert!(world.when(CancelTickets { reason, ..refund(&[1, 2], 4_200) }).0.is_ok());
}

#[test]
fn a_reported_cancellation_is_recorded_with_its_money() {
    let command = ReportCancellation { refund: vec![leg(99_999)], ..reported_cancel(1, &[1]) };
    let events = paid().when_fact(before(), command).events();
    let cancellation = cancellation(&[(1, false)], &[], CancelReason::Reported);
    assert_eq!(events[0], ExternalSaleCancelled { source: ReportSource::Network, cancellation }.into());
    assert!(matches!(&events[1], Event::MoneyReturned(money) if money.legs == [leg(99_999)]));
}

#[test]
fn a_price_goes_down_and_the_ticket_stays_valid() {
    let event = PriceReduced {
        order: OrderId(1),
        subject: None,
        ticket: TicketId(1),
        show: SHOW,
        before: Amount(2_000),
        after: Amount(1_500),
        stated_vat: None,
    };
    paid().when(reduce(1, 1_500)).then([event.into()]);
    let world = paid().after(reduce(1, 1_500)).after_fact(before(), reduce(1, 0));
    assert_eq!(world.state.order(OrderId(1)).unwrap().due, Amount(2_700));
    assert_eq!(world.state.ticket(TicketId(1)).unwrap().price, Amount::ZERO);
}

pub(crate) fn rejections() -> Vec<Refused> {
    let paid = paid();
    let gone = paid.clone().after(CancelTickets { items: vec![ItemId(1)], ..cancel(1, &[1]) });
    let items = |items: &[u64]| CancelTickets {
        items: items.iter().map(|id| ItemId(*id)).collect(),
        ..cancel(1, &[])
    };
    let method =
        CancelTickets { refund: vec![Leg { method: MethodId(9), amount: Amount(1) }], ..cancel(1, &[1]) };
    vec![
        refused_fact(&paid, cancel(1, &[1]), TimeNotAllowed, "occurred_at"),
        refused(&paid, cancel(9, &[]), ListEmpty, "tickets"),
        refused(&paid, cancel(1, &[1; 501]), ListTooLong, "tickets"),
        refused(&paid, items(&[1; 501]), ListTooLong, "items"),
        refused(&paid, cancel(1, &[1, 2, 1]), Duplicate, "tickets.2.ticket"),
        refused(&paid, items(&[1, 1]), Duplicate, "items.1"),
        refused(&paid, refund(&[1], 0), AmountNegative, "refund.0.amount"),
        refused(&paid, refund(&[1], i64::MAX), AmountTooLarge, "refund.0.amount"),
        refused(&paid, method, MethodUnknown, "refund.0.method"),
        refused(&paid, cancel(9, &[1]), OrderUnknown, "order"),
        refused(&paid, cancel(1, &[1, 3]), TicketUnknown, "tickets.1.ticket"),
        refused(&paid, cancel(1, &[0]), TicketUnknown, "tickets.0.ticket"),
        refused(&paid, items(&[2]), ItemUnknown, "items.0"),
        refused(&paid, CancelTickets { order: OrderId(2), ..items(&[1]) }, ItemUnknown, "items.0"),
        refused(&gone, cancel(1, &[2, 1]), TicketAlreadyCancelled, "tickets.1.ticket"),
        refused(&gone, refund(&[1], 4_701), TicketAlreadyCancelled, "tickets.0.ticket"),
        refused(&gone, items(&[1]), ItemAlreadyCancelled, "items.0"),
        refused(&paid, refund(&[1], 4_701), RefundExceedsReceived, "refund"),
        refused(
            &paid,
            CancelTickets { refund: vec![leg(1)], ..cancel(2, &[3]) },
            RefundExceedsReceived,
            "refund",
        ),
        refused(&paid, reported_cancel(1, &[1]), TimeNotAllowed, "occurred_at"),
        refused_fact(&paid, reported_cancel(1, &[3]), TicketUnknown, "tickets.0.ticket"),
        refused_fact(&gone, reported_cancel(1, &[1]), TicketAlreadyCancelled, "tickets.0.ticket"),
        refused_fact(&paid, reduce(1, -1), AmountNegative, "price"),
        refused(
            &paid,
            ReducePrice { stated_vat: Some(Amount(-1)), ..reduce(1, 1) },
            AmountNegative,
            "stated_vat",
        ),
        refused(&paid, reduce(9, i64::MAX), AmountTooLarge, "price"),
        refused(&paid, reduce(4, 1), TicketUnknown, "ticket"),
        refused(&gone, reduce(1, 2_000), TicketAlreadyCancelled, "ticket"),
        refused(&paid, reduce(1, 2_000), PriceNotReduced, "price"),
        refused_fact(&paid, reduce(1, 2_001), PriceNotReduced, "price"),
    ]
}

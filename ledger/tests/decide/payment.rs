//! Money that comes in later, and money that goes back.

use soticket_schema::RejectionCode::*;
use soticket_schema::command::*;
use soticket_schema::event::v1::*;
use soticket_schema::*;

use crate::harness::{Refused, SUBJECT, World, person, refused, refused_fact};
use crate::venue::*;

/// Order 1 of 41.00 by a known buyer: one ticket of 20.00 and a fee of 1.00, and a scarf of 20.00.
fn unpaid() -> World {
    let order =
        PlaceOrder { buyer: Some(person("a@b.c")), items: vec![item(2_000)], ..order(WEB, vec![ticket()]) };
    open().after(order)
}

fn pay(amount: i64) -> RecordPayment {
    RecordPayment { order: OrderId(1), legs: vec![leg(amount)] }
}

fn give_back(amount: i64) -> ReturnMoney {
    ReturnMoney { order: OrderId(1), legs: vec![leg(amount)] }
}

#[test]
fn an_order_is_paid_in_parts_up_to_what_is_due() {
    unpaid().when(pay(1_000)).then([PaymentRecorded {
        payment: PaymentId(1),
        order: OrderId(1),
        subject: Some(SUBJECT),
        shows: vec![SHOW],
        legs: vec![leg(1_000)],
    }
    .into()]);
    let world = unpaid().after(pay(1_000));
    world.when(pay(3_101)).then_rejected(PaymentExceedsDue, "legs");
    let world = world.after(pay(3_100));
    let view = world.state.order(OrderId(1)).unwrap();
    assert_eq!((view.due, view.received, view.returned), (Amount(4_100), Amount(4_100), Amount::ZERO));
    assert_eq!((view.tickets, view.items, view.shows), (vec![TicketId(1)], vec![ItemId(1)], vec![SHOW]));
}

#[test]
fn money_goes_back_up_to_what_was_received() {
    let world = unpaid().after(pay(1_000));
    world.when(give_back(400)).then([MoneyReturned {
        payment: PaymentId(2),
        order: OrderId(1),
        subject: Some(SUBJECT),
        shows: vec![SHOW],
        legs: vec![leg(400)],
    }
    .into()]);
    let world = world.after(give_back(400));
    world.when(give_back(601)).then_rejected(RefundExceedsReceived, "legs");
    assert!(world.after(give_back(600)).when(pay(4_100)).0.is_ok());
}

#[test]
fn a_cancelled_line_is_not_due_but_for_a_fee_that_is_kept() {
    let keep = TicketToCancel { ticket: TicketId(1), fee_kept: true };
    let world =
        unpaid().after(CancelTickets { tickets: vec![keep], items: vec![ItemId(1)], ..cancel(1, &[]) });
    world.when(pay(101)).then_rejected(PaymentExceedsDue, "legs");
    assert!(world.when(pay(100)).0.is_ok());
}

#[test]
fn facts_about_money_are_recorded_whatever_they_break() {
    let world = unpaid().after_fact(before(), give_back(50)).after_fact(before(), pay(900_000));
    let view = world.state.order(OrderId(1)).unwrap();
    assert_eq!((view.received, view.returned), (Amount(900_000), Amount(50)));
}

pub(crate) fn rejections() -> Vec<Refused> {
    let (open, unpaid) = (open(), unpaid());
    let unknown = vec![Leg { method: MethodId(0), amount: Amount(1) }];
    vec![
        refused(&unpaid, RecordPayment { order: OrderId(1), legs: vec![] }, ListEmpty, "legs"),
        refused(&unpaid, RecordPayment { order: OrderId(1), legs: vec![leg(1); 21] }, ListTooLong, "legs"),
        refused_fact(&unpaid, pay(0), AmountNegative, "legs.0.amount"),
        refused_fact(&unpaid, pay(1_000_000_001), AmountTooLarge, "legs.0.amount"),
        refused(
            &unpaid,
            RecordPayment { order: OrderId(9), legs: unknown.clone() },
            MethodUnknown,
            "legs.0.method",
        ),
        refused(&open, pay(1), OrderUnknown, "order"),
        refused_fact(&open, pay(1), OrderUnknown, "order"),
        refused(&unpaid, pay(4_101), PaymentExceedsDue, "legs"),
        refused(&unpaid, ReturnMoney { order: OrderId(1), legs: vec![] }, ListEmpty, "legs"),
        refused(&unpaid, give_back(-5), AmountNegative, "legs.0.amount"),
        refused_fact(
            &unpaid,
            ReturnMoney { order: OrderId(1), legs: unknown },
            MethodUnknown,
            "legs.0.method",
        ),
        refused(&open, give_back(1), OrderUnknown, "order"),
        refused(&unpaid, give_back(1), RefundExceedsReceived, "legs"),
    ]
}

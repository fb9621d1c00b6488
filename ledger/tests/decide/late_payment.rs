//! Payments that succeed, fail or come back days later.

use soticket_schema::RejectionCode::*;
use soticket_schema::command::*;
use soticket_schema::event::v1::*;
use soticket_schema::*;

use crate::harness::{Refused, World, after, refused};
use crate::venue::*;

/// Order 1 owes 20.00.
fn ordered() -> World {
    open().after(order(DESK, vec![ticket()]))
}

fn announce(amount: i64) -> AnnouncePayment {
    AnnouncePayment { order: OrderId(1), legs: vec![leg(amount)], expected_by: after(86_400) }
}

fn confirm(payment: u64) -> ConfirmPayment {
    ConfirmPayment { payment: PaymentId(payment) }
}

fn fail(payment: u64) -> FailPayment {
    FailPayment { payment: PaymentId(payment), reason: PaymentFailure::NotCovered }
}

fn reverse(payment: u64, amount: i64) -> ReversePayment {
    let (order, payment, legs) = (OrderId(1), PaymentId(payment), vec![leg(amount)]);
    ReversePayment { order, payment, legs, reason: PaymentFailure::Contested }
}

#[test]
fn a_payment_keeps_its_number_when_it_comes_in() {
    let world = ordered().after(announce(2_000));
    assert_eq!(world.state.order(OrderId(1)).unwrap().received, Amount(0), "nothing has come in yet");
    let recorded = PaymentRecorded {
        payment: PaymentId(1),
        order: OrderId(1),
        subject: None,
        shows: vec![SHOW],
        legs: vec![leg(2_000)],
    };
    world.when_fact(after(-60), confirm(1)).then([recorded.into()]);
    let world = world.after(confirm(1));
    assert_eq!(world.state.order(OrderId(1)).unwrap().received, Amount(2_000));
    world.when(confirm(1)).then_rejected(PaymentUnknown, "payment");
}

#[test]
fn one_that_fails_leaves_the_order_open_for_another() {
    let world = ordered().after(announce(2_000));
    world.when(announce(1)).then_rejected(PaymentExceedsDue, "legs");
    let world = world.after(fail(1));
    assert!(world.when(announce(2_000)).0.is_ok());
}

#[test]
fn money_that_goes_away_again_is_owed_again() {
    let world = ordered().after(announce(2_000)).after(confirm(1));
    let events = world.when(reverse(1, 2_000)).events();
    let [Event::PaymentReversed(reversed)] = events.as_slice() else { panic!("{events:?}") };
    assert_eq!((reversed.payment, reversed.reverses), (PaymentId(2), PaymentId(1)));
    let world = world.after(reverse(1, 2_000));
    assert!(world.when(RecordPayment { order: OrderId(1), legs: vec![leg(2_000)] }).0.is_ok());
    assert!(world.when_fact(after(-1), reverse(1, 2_000)).0.is_ok(), "a fact is not refused");
}

pub(crate) fn rejections() -> Vec<Refused> {
    let world = ordered();
    let on_its_way = world.clone().after(announce(2_000));
    let paid = on_its_way.clone().after(confirm(1));
    let unheard = |order| AnnouncePayment { order: OrderId(order), ..announce(1) };
    let when = AnnouncePayment { expected_by: Timestamp(0), ..announce(1) };
    let none = AnnouncePayment { legs: Vec::new(), ..announce(1) };
    vec![
        refused(&world, none, ListEmpty, "legs"),
        refused(&world, when, TimeOutOfRange, "expected_by"),
        refused(&world, unheard(9), OrderUnknown, "order"),
        refused(&world, announce(2_001), PaymentExceedsDue, "legs"),
        refused(&world, confirm(1), PaymentUnknown, "payment"),
        refused(&world, fail(1), PaymentUnknown, "payment"),
        refused(&on_its_way, reverse(1, 1), PaymentUnknown, "payment"),
        refused(&paid, reverse(1, 0), AmountNegative, "legs.0.amount"),
        refused(&paid, reverse(1, 2_001), RefundExceedsReceived, "legs"),
    ]
}

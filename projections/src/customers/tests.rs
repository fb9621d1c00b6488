//! Given orders, then customers.

use soticket_schema::event::v1::*;
use soticket_schema::*;

use super::*;
use crate::testing::venue;
use crate::testing::{LogBuilder, at, cancellation, cents, line, order};

const ANNE: SubjectRef = SubjectRef([1; 16]);
const BEN: SubjectRef = SubjectRef([200; 16]);

fn buy(log: &mut LogBuilder, number: u64, subject: Option<SubjectRef>, shows: &[u64], day: u32) {
    let tickets = shows
        .iter()
        .zip(0..)
        .map(|(show, step)| line(number * 10 + step, *show, 1, 10, 1, "24.00"))
        .collect();
    let mut placed = order(number, 1, tickets);
    placed.lines.subject = subject;
    log.push(at(&format!("2026-03-{day:02}T12:00:00+01:00")), placed);
    let legs = vec![Leg { method: MethodId(1), amount: cents("24.00").times(shows.len() as i64) }];
    let (payment, order) = (PaymentId(number), OrderId(number));
    log.push(
        at("2026-03-30T12:00:00+01:00"),
        PaymentRecorded { payment, order, subject, shows: vec![], legs },
    );
}

#[test]
fn customers_are_told_apart_by_reference() {
    let mut log = LogBuilder::default();
    let late = at("2026-03-31T12:00:00+01:00");
    venue::open(&mut log, Rounding::Document, at("2026-01-01T12:00:00+01:00"));
    buy(&mut log, 1, Some(ANNE), &[1, 2], 5);
    buy(&mut log, 2, None, &[1], 6);
    buy(&mut log, 3, Some(ANNE), &[1], 4);
    buy(&mut log, 4, Some(BEN), &[2], 7);
    let mut cancelled = cancellation(1, &[(11, 2, true)]);
    cancelled.subject = Some(ANNE);
    log.push(late, TicketsCancelled { cancellation: cancelled });
    let legs = vec![Leg { method: MethodId(1), amount: cents("24.00") }];
    let (payment, order, subject) = (PaymentId(9), OrderId(1), Some(ANNE));
    log.push(late, MoneyReturned { payment, order, subject, shows: vec![], legs });
    let customers: Customers = log.fold();

    let anne = customers.customer(ANNE).unwrap();
    assert_eq!((anne.orders, anne.tickets), (vec![OrderId(1), OrderId(3)], 2));
    assert_eq!((anne.paid, anne.returned, anne.spend), (cents("72.00"), cents("24.00"), cents("48.00")));
    assert_eq!(anne.last_purchase, Some(at("2026-03-05T12:00:00+01:00")), "a payment is no purchase");
    assert_eq!(anne.shows, [ShowId(1)], "no ticket of the other show is left");
    let anonymous = customers.anonymous();
    assert_eq!((anonymous.subject, anonymous.tickets, anonymous.spend), (None, 1, cents("24.00")));
    assert_eq!((customers.count(), customers.customer(SubjectRef([9; 16]))), (2, None));

    let listed = |after, limit| {
        customers.list(after, limit).into_iter().filter_map(|one| one.subject).collect::<Vec<_>>()
    };
    assert_eq!(listed(None, 10), [ANNE, BEN]);
    assert_eq!(listed(None, 1), [ANNE]);
    assert_eq!(listed(Some(ANNE), 10), [BEN]);
    assert_eq!(listed(Some(BEN), 10), []);
}

#[test]
fn who_was_erased_is_told_and_from_when_on_backups_are() {
    let mut log = LogBuilder::default();
    venue::open(&mut log, Rounding::Document, at("2026-01-01T12:00:00+01:00"));
    buy(&mut log, 1, Some(ANNE), &[1], 5);
    buy(&mut log, 2, Some(BEN), &[1], 6);
    let day = at("2026-05-01T12:00:00+02:00");
    // When it was recorded.
    let push = |log: &mut LogBuilder, event: Event| {
        log.push(day, event);
        log.entries.last().unwrap().envelope.recorded_at
    };
    let erased = |subject| SubjectErased { subject, reason: ErasureReason::Request, waived: false }.into();
    let told = |log: &LogBuilder, subject| {
        let customers: Customers = log.fold();
        let customer = customers.customer(subject).unwrap();
        (customer.erased_at, customer.erased_in_backups_at, customers.vault_is_due())
    };
    assert_eq!(told(&log, ANNE), (None, None, false));
    let anne = push(&mut log, erased(ANNE));
    assert_eq!(told(&log, ANNE), (Some(anne), None, true));
    push(&mut log, VaultEpochBegun { epoch: 2 }.into());
    let ben = push(&mut log, erased(BEN));
    let first = push(&mut log, VaultEpochsDestroyed { before: 2 }.into());
    assert_eq!(told(&log, ANNE), (Some(anne), Some(first), true));
    assert_eq!(told(&log, BEN), (Some(ben), None, true), "his key was wrapped by the second");
    push(&mut log, VaultEpochBegun { epoch: 5 }.into());
    let second = push(&mut log, VaultEpochsDestroyed { before: 5 }.into());
    assert_eq!(told(&log, BEN), (Some(ben), Some(second), false));
    assert_eq!(told(&log, ANNE).1, Some(first), "what was said once stays");
    let customers: Customers = log.fold();
    assert_eq!(customers.customer(ANNE).unwrap().orders, [OrderId(1)], "the books go on");
}

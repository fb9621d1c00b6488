//! Given events, then the table of a session.

use soticket_schema::event::v1::*;
use soticket_schema::*;

use super::*;
use crate::testing::venue;
use crate::testing::{LogBuilder, at, cancellation, line, order};

const CASH: MethodId = MethodId(2);
const CARD: MethodId = MethodId(1);

fn begun() -> LogBuilder {
    let mut log = LogBuilder::default();
    let noon = at("2026-01-10T12:00:00+01:00");
    venue::open(&mut log, Rounding::Document, noon);
    log.push(noon, MethodDefined { method: CASH, name: "cash".into(), kind: MethodKind::Cash });
    log
}

fn opened(session: u64, till: &str) -> TillOpened {
    TillOpened {
        session: TillSessionId(session),
        channel: ChannelId(1),
        till: till.into(),
        operator: ActorId(0),
        cash: CASH,
        float: Amount(10_000),
    }
}

fn closed(session: u64, expected: i64, counted: i64) -> TillClosed {
    let line = TillLine {
        method: CASH,
        payments: Amount(0),
        returns: Amount(0),
        expected: Amount(expected),
        counted: Some(Amount(counted)),
    };
    TillClosed { session: TillSessionId(session), lines: vec![line] }
}

fn sold(number: u64, till: &str, tickets: u64) -> OrderPlaced {
    let lines = (0..tickets).map(|step| line(number * 100 + step, 1, 1, 10, 1, "24.00"));
    let mut placed = order(number, 1, lines.collect());
    placed.lines.seller = till.into();
    placed
}

fn paid(order: u64, method: MethodId, amount: i64) -> PaymentRecorded {
    let legs = vec![Leg { method, amount: Amount(amount) }];
    PaymentRecorded { payment: PaymentId(order), order: OrderId(order), subject: None, shows: vec![], legs }
}

fn returned(order: u64, method: MethodId, amount: i64) -> MoneyReturned {
    let legs = vec![Leg { method, amount: Amount(amount) }];
    MoneyReturned { payment: PaymentId(order), order: OrderId(order), subject: None, shows: vec![], legs }
}

fn moved(session: u64, direction: CashDirection, amount: i64) -> TillCashMoved {
    let (reason, amount) = (CashReason::Deposit, Amount(amount));
    TillCashMoved { session: TillSessionId(session), direction, reason, amount }
}

/// `method: payments returns expected counted difference late corrected`, then orders and tickets.
fn table(tills: &Tills, session: u64) -> Vec<String> {
    let session = tills.session(TillSessionId(session)).unwrap();
    let shown = |amount: Option<Amount>| amount.map_or("-".into(), |amount| amount.0.to_string());
    let row = |method: &TillMethod| {
        format!(
            "{}: {} {} {} {} {} {} {}",
            method.method,
            method.payments.0,
            method.returns.0,
            method.expected.0,
            shown(method.counted),
            shown(method.difference()),
            method.late.0,
            shown(method.corrected_difference()),
        )
    };
    let mut rows: Vec<String> = session.methods.iter().map(row).collect();
    rows.push(format!("{} {} {}", session.orders, session.tickets_sold, session.tickets_cancelled));
    rows
}

#[test]
fn an_open_session_shows_what_it_should_hold_now() {
    let mut log = begun();
    let now = at("2026-01-10T20:00:00+01:00");
    log.push(now, opened(1, "1"));
    log.push(now, sold(1, "1", 2));
    log.push(now, paid(1, CASH, 4_800));
    log.push(now, sold(2, "1", 1));
    log.push(now, paid(2, CARD, 2_400));
    log.push(now, sold(3, "2", 5));
    log.push(now, moved(1, CashDirection::Out, 3_000));
    log.push(now, TicketsCancelled { cancellation: cancellation(1, &[(100, 1, true)]) });
    log.push(now, returned(1, CASH, 2_400));
    // A direct debit comes in, and is taken back, without anybody at a counter.
    let (payment, order, legs) = (PaymentId(9), OrderId(1), vec![Leg { method: CARD, amount: Amount(50) }]);
    let (subject, shows, reason) = (None, Vec::new(), PaymentFailure::Contested);
    let announced = PaymentAnnounced {
        payment,
        order,
        subject,
        shows: shows.clone(),
        legs: legs.clone(),
        expected_by: now,
    };
    log.push(now, announced);
    log.push(now, PaymentRecorded { payment, order, subject, shows: shows.clone(), legs: legs.clone() });
    log.push(
        now,
        PaymentReversed { payment: PaymentId(10), reverses: payment, order, subject, shows, legs, reason },
    );
    let tills: Tills = log.fold();
    let expected = ["1: 2400 0 2400 - - 0 -", "2: 4800 2400 9400 - - 0 -", "2 3 1"];
    assert_eq!(table(&tills, 1), expected);
}

#[test]
fn what_is_recorded_after_the_closing_corrects_it_and_is_flagged() {
    let mut log = begun();
    let [opens, during, closes, after] =
        ["18:00", "20:00", "23:00", "23:30"].map(|time| at(&format!("2026-01-10T{time}:00+01:00")));
    log.push(opens, opened(1, "1"));
    log.push(during, sold(1, "1", 1));
    log.push(closes, closed(1, 10_000, 12_400));
    let mut tills: Tills = log.fold();
    assert!(!tills.session(TillSessionId(1)).unwrap().is_corrected());
    // The payment of that evening was forgotten; one of later is no business of the session.
    for (time, event) in [
        (during, Event::from(paid(1, CASH, 2_400))),
        (during, moved(1, CashDirection::In, 50).into()),
        (after, returned(1, CASH, 700).into()),
    ] {
        log.push(time, event);
    }
    tills = log.fold();
    assert_eq!(table(&tills, 1), ["2: 0 0 10000 12400 2400 2450 -50", "1 1 0"]);
    let session = tills.session(TillSessionId(1)).unwrap();
    assert!(session.is_corrected());
    assert!(session.movements[0].late);
    // The till's next session is not touched by what was before it.
    log.push(after, opened(2, "1"));
    log.push(during, returned(1, CASH, 100));
    log.push(after, returned(1, CASH, 200));
    tills = log.fold();
    assert_eq!(table(&tills, 1)[0], "2: 0 0 10000 12400 2400 2350 50");
    assert_eq!(table(&tills, 2)[0], "2: 0 200 9800 - - 0 -");
}

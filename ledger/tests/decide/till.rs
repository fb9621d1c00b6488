//! Till sessions: what belongs to them, what they expect, how they are closed.

use soticket_schema::RejectionCode::*;
use soticket_schema::command::*;
use soticket_schema::event::v1::*;
use soticket_schema::*;

use crate::harness::{Refused, World, after, refused, refused_fact};
use crate::venue::*;

/// A clerk of the box office.
const CLERK: ActorId = ActorId(2);
/// The box office: a channel after those of every venue.
const COUNTER: ChannelId = ChannelId(4);
const CHEQUE: MethodId = MethodId(3);

fn box_office() -> World {
    let Event::ChannelOpened(opened) = channel(COUNTER, 0) else { unreachable!() };
    open().and([
        ActorRegistered { actor: CLERK, kind: ActorKind::User, label: String::new() }.into(),
        ChannelOpened { kind: ChannelKind::BoxOffice, ..opened }.into(),
        MethodDefined { method: CHEQUE, name: "Cheque".into(), kind: MethodKind::Cheque }.into(),
    ])
}

fn open_till(till: &str, operator: ActorId) -> OpenTill {
    OpenTill { channel: COUNTER, till: till.into(), operator, cash: CASH, float: Amount(10_000) }
}

fn moved(session: u64, direction: CashDirection, amount: i64) -> MoveTillCash {
    let reason = CashReason::Deposit;
    MoveTillCash { session: TillSessionId(session), direction, reason, amount: Amount(amount) }
}

fn close(session: u64, counts: &[(MethodId, i64)]) -> CloseTill {
    let counts =
        counts.iter().map(|(method, counted)| TillCount { method: *method, counted: Amount(*counted) });
    CloseTill { session: TillSessionId(session), counts: counts.collect() }
}

/// A ticket sold at a till and paid like this.
fn sale(till: &str, method: MethodId) -> PlaceOrder {
    let payment = vec![Leg { method, amount: Amount(2_000) }];
    PlaceOrder { seller: till.into(), payment, ..order(COUNTER, vec![ticket()]) }
}

fn back(order: u64, method: MethodId, amount: i64) -> ReturnMoney {
    ReturnMoney { order: OrderId(order), legs: vec![Leg { method, amount: Amount(amount) }] }
}

/// `method: payments returns expected`, for what would be closed now.
#[track_caller]
fn lines(world: &World, session: u64) -> Vec<(u32, i64, i64, i64)> {
    let events = world.when(close(session, &[(CASH, 0)])).events();
    let Some(Event::TillClosed(closed)) = events.last() else { panic!("{events:?}") };
    let line = |line: &TillLine| (line.method.0, line.payments.0, line.returns.0, line.expected.0);
    closed.lines.iter().map(line).collect()
}

#[test]
fn a_till_opens_with_its_float_and_expects_it() {
    let opened = TillOpened {
        session: TillSessionId(1),
        channel: COUNTER,
        till: "guichet 1".into(),
        operator: CLERK,
        cash: CASH,
        float: Amount(10_000),
    };
    box_office().when(open_till("guichet 1", CLERK)).then([opened.into()]);
    assert_eq!(lines(&box_office().after(open_till("guichet 1", CLERK)), 1), [(2, 0, 0, 10_000)]);
}

#[test]
fn what_is_expected_is_float_and_payments_less_returns_and_what_was_moved() {
    let world = box_office().after(open_till("1", CLERK));
    let world = world.after(sale("1", CASH)).after(sale("1", CASH)).after(sale("1", CARD));
    let world = world.after(moved(1, CashDirection::Out, 5_000)).after(moved(1, CashDirection::In, 700));
    let world = world.after(back(2, CASH, 500));
    assert_eq!(lines(&world, 1), [(1, 2_000, 0, 2_000), (2, 4_000, 500, 9_200)]);
    let line = |method, payments, returns, expected, counted: Option<i64>| TillLine {
        method,
        payments: Amount(payments),
        returns: Amount(returns),
        expected: Amount(expected),
        counted: counted.map(Amount),
    };
    let lines = vec![
        line(CARD, 2_000, 0, 2_000, None),
        line(CASH, 4_000, 500, 9_200, Some(9_150)),
        line(CHEQUE, 0, 0, 0, Some(0)),
    ];
    let closing = close(1, &[(CHEQUE, 0), (CASH, 9_150)]);
    world.when(closing.clone()).then([TillClosed { session: TillSessionId(1), lines }.into()]);
    // Another session of the till begins anew.
    let world = world.after(closing).after(open_till("1", CLERK)).after(sale("1", CASH));
    assert_eq!(self::lines(&world, 2), [(2, 2_000, 0, 12_000)]);
}

#[test]
fn a_sale_belongs_to_the_till_that_it_names() {
    let world =
        box_office().after(sale("1", CASH)).after(open_till("1", CLERK)).after(open_till("2", DEVICE));
    let other = PlaceOrder { channel: DESK, ..sale("1", CASH) };
    let world = world.after(sale("2", CASH)).after(sale("3", CASH)).after(sale("", CASH)).after(other);
    // Who sells does not matter to where the sale says it was made.
    let world = world.by(CLERK.0).after(sale("2", CARD));
    assert_eq!(lines(&world, 1), [(2, 0, 0, 10_000)]);
    assert_eq!(lines(&world, 2), [(1, 2_000, 0, 2_000), (2, 2_000, 0, 12_000)]);
}

#[test]
fn later_money_belongs_to_the_till_of_who_acts_else_to_the_orders() {
    let unpaid = PlaceOrder { payment: vec![], ..sale("1", CASH) };
    let world = box_office().after(open_till("1", CLERK)).after(open_till("2", DEVICE)).after(unpaid);
    let pay = RecordPayment { order: OrderId(1), legs: vec![Leg { method: CASH, amount: Amount(2_000) }] };
    let nobody = world.clone().after(pay.clone());
    assert_eq!((lines(&nobody, 1)[0].1, lines(&nobody, 2)[0].1), (2_000, 0));
    let at_two = world.clone().by(DEVICE.0).after(pay.clone());
    assert_eq!((lines(&at_two, 1)[0].1, lines(&at_two, 2)[0].1), (0, 2_000));
    // An operator of two tills does not tell which.
    let both = world.after(open_till("3", DEVICE)).by(DEVICE.0).after(pay);
    assert_eq!([1, 2, 3].map(|session| lines(&both, session)[0].1), [2_000, 0, 0]);
    // The money of a ticket from the web is given back at the counter.
    let web = PlaceOrder { payment: vec![leg(2_100)], ..order(WEB, vec![ticket()]) };
    let world = box_office().after(web).after(open_till("1", CLERK)).by(CLERK.0).after(back(1, CASH, 2_000));
    assert_eq!(lines(&world, 1), [(2, 0, 2_000, 8_000)]);
}

#[test]
fn an_exchange_belongs_to_the_till_that_makes_it_and_money_of_the_bank_to_none() {
    let world =
        box_office().after(open_till("1", CLERK)).after(open_till("2", DEVICE)).after(sale("1", CASH));
    let better = ExchangeTickets {
        order: OrderId(1),
        channel: COUNTER,
        seller: "2".into(),
        returned: vec![TicketToCancel { ticket: TicketId(1), fee_kept: false }],
        tickets: vec![seat(0)],
        items: Vec::new(),
        cards: Vec::new(),
        payment: vec![Leg { method: CASH, amount: Amount(1_000) }],
        refund: Vec::new(),
    };
    let world = world.after(better);
    assert_eq!([1, 2].map(|session| lines(&world, session)[0].1), [2_000, 1_000]);
    // A direct debit comes in, and is taken back, without anybody at a counter.
    let announced = AnnouncePayment { order: OrderId(2), legs: vec![leg(500)], expected_by: after(86_400) };
    let unpaid = PlaceOrder { payment: vec![], ..sale("1", CASH) };
    let world = world.after(unpaid).after(announced).after(ConfirmPayment { payment: PaymentId(3) });
    let taken_back = ReversePayment {
        order: OrderId(2),
        payment: PaymentId(3),
        legs: vec![leg(500)],
        reason: PaymentFailure::Contested,
    };
    let world = world.after(taken_back);
    assert_eq!(lines(&world, 1), [(2, 2_000, 0, 12_000)]);
}

#[test]
fn what_happened_before_the_session_is_not_its_own() {
    let world = box_office().after(sale("1", CASH)).after(open_till("1", CLERK)).at(after(60));
    let world = world.after(sale("1", CASH)).by(CLERK.0).after_fact(before(), back(2, CASH, 100));
    assert_eq!(lines(&world, 1), [(2, 2_000, 0, 12_000)]);
    let world = world.after_fact(after(30), back(2, CASH, 100));
    assert_eq!(lines(&world, 1), [(2, 2_000, 100, 11_900)]);
}

#[test]
fn cash_that_was_forgotten_is_recorded_as_a_fact() {
    let world = box_office().after(open_till("1", CLERK)).after(close(1, &[(CASH, 10_000)]));
    world.when(moved(1, CashDirection::Out, 100)).then_rejected(TillSessionClosed, "session");
    let MoveTillCash { session, direction, reason, amount } = moved(1, CashDirection::Out, 100);
    let event = TillCashMoved { session, direction, reason, amount };
    world.when_fact(before(), moved(1, CashDirection::Out, 100)).then([event.into()]);
}

pub(crate) fn rejections() -> Vec<Refused> {
    let world = box_office();
    let opened = world.clone().after(open_till("1", CLERK));
    let closed = opened.clone().after(close(1, &[(CASH, 0)]));
    let assign = |channel| AssignActor { assigned: CLERK, role: SellerRole::BoxOffice, channels: channel };
    let elsewhere = world.clone().after(assign(vec![]));
    let without = world.clone().after(CloseChannel { channel: COUNTER });
    let bound = opened.clone().after(assign(vec![])).by(CLERK.0);
    vec![
        refused_fact(&world, open_till("1", CLERK), TimeNotAllowed, "occurred_at"),
        refused(&world, open_till(" ", CLERK), TextEmpty, "till"),
        refused(&world, open_till(&"x".repeat(65), CLERK), TextTooLong, "till"),
        refused(&world, OpenTill { float: Amount(-1), ..open_till("1", CLERK) }, AmountNegative, "float"),
        refused(
            &world,
            OpenTill { channel: ChannelId(9), ..open_till("1", ActorId(9)) },
            ActorUnknown,
            "operator",
        ),
        refused(&elsewhere, open_till("1", CLERK), ChannelNotAllowed, "operator"),
        refused(
            &world,
            OpenTill { channel: ChannelId(9), ..open_till("1", CLERK) },
            ChannelUnknown,
            "channel",
        ),
        refused(&world, OpenTill { cash: MethodId(9), ..open_till("1", CLERK) }, MethodUnknown, "cash"),
        refused(&without, open_till("1", CLERK), ChannelClosed, "channel"),
        refused(&opened, OpenTill { cash: CARD, ..open_till("1", DEVICE) }, TillAlreadyOpen, "till"),
        refused(
            &world,
            OpenTill { channel: WEB, cash: CARD, ..open_till("1", CLERK) },
            ChannelKindMismatch,
            "channel",
        ),
        refused(&world, OpenTill { cash: CARD, ..open_till("1", CLERK) }, MethodNotCash, "cash"),
        refused(&opened, moved(9, CashDirection::In, 0), AmountNegative, "amount"),
        refused(&opened, moved(1, CashDirection::In, 1_000_000_001), AmountTooLarge, "amount"),
        refused(&opened, moved(2, CashDirection::In, 1), TillSessionUnknown, "session"),
        refused(&opened, moved(0, CashDirection::In, 1), TillSessionUnknown, "session"),
        refused_fact(&opened, moved(2, CashDirection::In, 1), TillSessionUnknown, "session"),
        refused(&closed, moved(1, CashDirection::In, 1), TillSessionClosed, "session"),
        refused(&bound, moved(1, CashDirection::In, 1), ChannelNotAllowed, "session"),
        refused_fact(&opened, close(1, &[(CASH, 0)]), TimeNotAllowed, "occurred_at"),
        refused(&opened, close(9, &vec![(CASH, 0); 101]), ListTooLong, "counts"),
        refused(&opened, close(9, &[(CASH, 0), (CASH, 0)]), Duplicate, "counts.1.method"),
        refused(&opened, close(9, &[(CASH, -1)]), AmountNegative, "counts.0.counted"),
        refused(&opened, close(9, &[(CASH, 0), (MethodId(9), 0)]), MethodUnknown, "counts.1.method"),
        refused(&opened, close(2, &[]), TillSessionUnknown, "session"),
        refused(&closed, close(1, &[]), TillSessionClosed, "session"),
        refused(&bound, close(1, &[]), ChannelNotAllowed, "session"),
        refused(&opened, close(1, &[(CARD, 0)]), CashNotCounted, "counts"),
    ]
}

//! The return of all money of a cancelled show.

use soticket_schema::RejectionCode::*;
use soticket_schema::command::*;
use soticket_schema::event::v1::*;
use soticket_schema::*;

use crate::commission::{define, office, register};
use crate::harness::{Refused, World, refused};
use crate::snapshot::{bytes, restored};
use crate::venue::*;

const SECOND: ShowId = ShowId(2);

fn begin(fees_kept: bool) -> BeginShowRefund {
    BeginShowRefund { show: SHOW, fees_kept }
}

fn advance(orders: u32) -> AdvanceShowRefund {
    AdvanceShowRefund { show: SHOW, orders }
}

fn other() -> TicketRequest {
    TicketRequest { show: SECOND, tariff: TariffId(4), ..ticket() }
}

/// Order 1: two tickets with fees, paid by card and in cash. Order 2: one ticket of each show and a scarf, paid. Order 3:
/// not paid. Order 4: a guest. Order 5: the other show alone. Then the show is cancelled.
fn cancelled() -> World {
    let cash = |amount| Leg { method: CASH, amount: Amount(amount) };
    let split = vec![leg(2_000), cash(2_200)];
    let guest = TicketRequest { tariff: GUEST, comp: Some(CompReason::Press), ..ticket() };
    let both = PlaceOrder {
        items: vec![item(500)],
        payment: vec![leg(4_700)],
        ..order(WEB, vec![ticket(), other()])
    };
    two_shows()
        .and([ShowOpened { show: SECOND }.into()])
        .after(PlaceOrder { payment: split, ..order(WEB, vec![ticket(); 2]) })
        .after(both)
        .after(order(DESK, vec![ticket()]))
        .after(order(DESK, vec![guest]))
        .after(PlaceOrder { payment: vec![leg(2_000)], ..order(DESK, vec![other()]) })
        .after(CancelShow { show: SHOW })
}

fn begun(world: &World, fees_kept: bool) -> ShowRefundBegun {
    let events = world.when(begin(fees_kept)).events();
    match events.as_slice() {
        [Event::ShowRefundBegun(begun)] => *begun,
        _ => panic!("{events:?}"),
    }
}

/// Works a refund off, so many orders at a time; everything that happened.
fn run(mut world: World, fees_kept: bool, orders: u32) -> (World, Vec<Event>) {
    let mut events = world.submit(begin(fees_kept).into_body(), None).unwrap();
    while let Ok(more) = world.submit(advance(orders).into_body(), None) {
        events.extend(more);
    }
    (world, events)
}

trait IntoBody {
    fn into_body(self) -> CommandBody;
}

impl IntoBody for BeginShowRefund {
    fn into_body(self) -> CommandBody {
        CommandBody::BeginShowRefund(self)
    }
}

impl IntoBody for AdvanceShowRefund {
    fn into_body(self) -> CommandBody {
        CommandBody::AdvanceShowRefund(self)
    }
}

fn returned(events: &[Event]) -> Vec<(u64, Vec<(u32, i64)>)> {
    let money = events.iter().filter_map(|event| match event {
        Event::MoneyReturned(money) => Some(money),
        _ => None,
    });
    let legs = |money: &MoneyReturned| money.legs.iter().map(|leg| (leg.method.0, leg.amount.0)).collect();
    money.map(|money| (money.order.0, legs(money))).collect()
}

fn advanced(events: &[Event]) -> Vec<(u64, u64, i64)> {
    let advanced = events.iter().filter_map(|event| match event {
        Event::ShowRefundAdvanced(advanced) => Some((advanced.orders, advanced.tickets, advanced.amount.0)),
        _ => None,
    });
    advanced.collect()
}

#[test]
fn everybody_gets_back_what_they_paid_the_way_they_paid_it() {
    let world = cancelled();
    assert_eq!(
        begun(&world, false),
        ShowRefundBegun { show: SHOW, run: 1, fees_kept: false, orders: 4, amount: Amount(6_300) }
    );
    let (world, events) = run(world, false, 200);
    let legs = vec![(1, vec![(1, 2_000), (2, 2_200)]), (2, vec![(1, 2_100)])];
    assert_eq!(returned(&events), legs, "the order that nobody paid and the guest get nothing");
    assert_eq!(advanced(&events), [(4, 5, 6_300)]);
    assert_eq!(events.last(), Some(&ShowRefundFinished { show: SHOW, run: 1 }.into()));
    assert_eq!(world.state.show_counts(SHOW).unwrap().sold, 0);
    assert_eq!(world.state.show_counts(SECOND).unwrap().sold, 2);
    let open: Vec<_> = [1, 2, 3, 4, 5]
        .map(|order| world.state.order(OrderId(order)).unwrap())
        .iter()
        .map(|order| (order.due - order.received + order.returned).0)
        .collect();
    assert_eq!(open, [0, 0, 0, 0, 0]);
    let reasons = events.iter().filter_map(|event| match event {
        Event::TicketsCancelled(cancelled) => Some(cancelled.cancellation.reason),
        _ => None,
    });
    assert!(reasons.eq([CancelReason::ShowCancelled; 4]));
}

#[test]
fn of_a_fee_that_goes_back_commissions_that_stay_due_are_kept() {
    let sold = two_shows()
        .after(register())
        .after(define(office()))
        .after(PlaceOrder { payment: vec![leg(2_150)], ..order(WEB, vec![ticket()]) })
        .after(CancelShow { show: SHOW });
    // 20.00, 1.00 of the channel, 0.50 for the office, which it keeps.
    assert_eq!(begun(&sold, false).amount, Amount(2_100));
    let (world, events) = run(sold, false, 5);
    assert_eq!(returned(&events), [(1, vec![(CARD.0, 2_100)])]);
    let order = world.state.order(OrderId(1)).unwrap();
    assert_eq!((order.due, order.received - order.returned), (Amount(50), Amount(50)), "nothing is owed");
}

#[test]
fn a_commission_of_an_order_goes_back_once_when_its_tickets_take_several_events() {
    let of_order = CommissionTerms {
        payer: Payer::Organiser,
        basis: CommissionBasis::PerOrder,
        on_refund: OnRefund::Reversed,
        ..office()
    };
    let rule = DefineCommission { valid_from: Some(before()), ..define(of_order) };
    let many = || report(FNAC, vec![reported(); 500]);
    let more = ReportSale { order: Some(OrderId(1)), ..many() };
    let world = open().after(register()).after(rule);
    let world = world.after_fact(before(), many()).after_fact(before(), more);
    let (_, events) = run(world.after(CancelShow { show: SHOW }), false, 1);
    let reversed = events.iter().filter_map(|event| match event {
        Event::CommissionsReversed(reversed) => Some(&reversed.lines),
        _ => None,
    });
    let amounts: Vec<i64> = reversed.flatten().map(|line| line.amount.0).collect();
    assert_eq!(amounts, [50]);
}

#[test]
fn fees_are_kept_if_the_house_says_so() {
    let (world, events) = run(cancelled(), true, 200);
    // 40.00 of 42.00 that came as 20.00 and 22.00: to the cent by largest remainder.
    assert_eq!(returned(&events), [(1, vec![(1, 1_905), (2, 2_095)]), (2, vec![(1, 2_000)])]);
    assert_eq!(world.state.order(OrderId(1)).unwrap().due, Amount(200));
}

#[test]
fn batches_of_any_size_come_to_the_same() {
    let (whole, all) = run(cancelled(), false, 200);
    for orders in 1..4 {
        let (world, events) = run(cancelled(), false, orders);
        assert_eq!(returned(&events), returned(&all), "{orders} at a time");
        assert_eq!(bytes(&world.state).len(), bytes(&whole.state).len());
        let sums = advanced(&events).iter().fold((0, 0), |sums, batch| (sums.0 + batch.0, sums.1 + batch.2));
        assert_eq!(sums, (4, 6_300));
        let finished = events.iter().filter(|event| matches!(event, Event::ShowRefundFinished(_))).count();
        assert_eq!(finished, 1);
    }
}

#[test]
fn a_refund_goes_on_after_a_restart_and_pays_nobody_twice() {
    let world = cancelled().after(begin(false)).after(advance(1));
    let mut again = world.clone();
    again.state = restored(&bytes(&world.state));
    let rest = again.when(advance(200)).events();
    assert_eq!(rest, world.when(advance(200)).events());
    assert_eq!(returned(&rest), [(2, vec![(1, 2_100)])]);
    again.when(begin(false)).then_rejected(RefundUnderWay, "show");
    let done = again.after(advance(200));
    done.when(advance(200)).then_rejected(RefundNotBegun, "show");
    done.when(begin(false)).then_rejected(NothingToRefund, "show");
}

#[test]
fn what_was_given_back_before_is_not_given_back_again() {
    let early = CancelTickets { refund: vec![leg(2_000)], ..cancel(2, &[3]) };
    let part = ReturnMoney { order: OrderId(1), legs: vec![leg(1_000)] };
    // In the middle of the refund too.
    let world = cancelled().after(begin(false)).after(early).after(part);
    let events = world.when(advance(200)).events();
    assert_eq!(returned(&events), [(1, vec![(1, 1_000), (2, 2_200)])]);
    assert_eq!(advanced(&events), [(4, 4, 3_200)]);
}

#[test]
fn sales_that_are_reported_late_are_returned_too() {
    let late = || ReportSale { payment: vec![leg(2_000)], ..report(FNAC, vec![reported()]) };
    let world = cancelled().after(begin(false)).after(advance(3)).after_fact(before(), late());
    let events = world.when(advance(200)).events();
    assert_eq!(advanced(&events), [(2, 2, 2_000)]);
    // After the end, another refund is begun.
    let world = world.after(advance(200)).after_fact(before(), late());
    let again = begun(&world, false);
    assert_eq!((again.run, again.orders, again.amount), (2, 1, Amount(2_000)));
}

#[test]
fn lines_of_the_show_go_with_it_and_fees_of_an_order_with_its_last_line() {
    let fee = |show| ItemRequest { kind: ItemKind::Fee(FeeKind::Service), show, ..item(150) };
    let parking = ItemRequest { show: Some(SHOW), ..item(700) };
    let sold = |tickets: Vec<TicketRequest>, paid| PlaceOrder {
        items: vec![fee(None), fee(Some(SHOW)), parking.clone()],
        payment: vec![leg(paid)],
        ..order(DESK, tickets)
    };
    let world = two_shows()
        .and([ShowOpened { show: SECOND }.into()])
        .after(sold(vec![ticket()], 3_000))
        .after(sold(vec![ticket(), other()], 5_000))
        .after(CancelShow { show: SHOW });
    assert_eq!(returned(&run(world.clone(), false, 9).1), [(1, vec![(1, 3_000)]), (2, vec![(1, 2_850)])]);
    assert_eq!(returned(&run(world, true, 9).1), [(1, vec![(1, 2_700)]), (2, vec![(1, 2_700)])]);
}

#[test]
fn an_order_of_thousands_is_worked_off_in_parts() {
    let many = || ReportSale { payment: vec![leg(1_000_000)], ..report(FNAC, vec![reported(); 500]) };
    let mut world = open().after_fact(before(), many());
    for _ in 0..5 {
        world = world.after_fact(before(), ReportSale { order: Some(OrderId(1)), ..many() });
    }
    let world = world.after(CancelShow { show: SHOW });
    assert_eq!(begun(&world, false).amount, Amount(6_000_000));
    let (world, events) = run(world, false, 200);
    assert_eq!(advanced(&events), [(0, 2_000, 4_000_000), (1, 1_000, 2_000_000)]);
    assert_eq!(world.state.show_counts(SHOW).unwrap().sold, 0);
}

pub(crate) fn rejections() -> Vec<Refused> {
    let world = cancelled();
    let begun = world.clone().after(begin(false));
    let nobody = open().after(CancelShow { show: SHOW });
    vec![
        refused(&open(), begin(false), ShowNotCancelled, "show"),
        refused(&open(), BeginShowRefund { show: ShowId(9), fees_kept: true }, ShowUnknown, "show"),
        refused(&nobody, begin(true), NothingToRefund, "show"),
        refused(&begun, begin(true), RefundUnderWay, "show"),
        refused(&world, advance(1), RefundNotBegun, "show"),
        refused(&world, AdvanceShowRefund { show: ShowId(9), orders: 1 }, ShowUnknown, "show"),
        refused(&begun, advance(0), QuantityZero, "orders"),
        refused(&begun, advance(201), QuantityTooLarge, "orders"),
    ]
}

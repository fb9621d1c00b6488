//! Gift cards and vouchers.

use soticket_schema::RejectionCode::*;
use soticket_schema::command::*;
use soticket_schema::event::v1::*;
use soticket_schema::*;

use crate::harness::{Refused, World, after, refused};
use crate::venue::*;

const GIFT: MethodId = MethodId(3);
const VOUCHER: MethodId = MethodId(4);
const UNTIL: i64 = 50_000;

pub(crate) fn world() -> World {
    let method = |method, kind| Event::from(MethodDefined { method, name: "Method".into(), kind });
    open().and([method(GIFT, MethodKind::GiftCard), method(VOUCHER, MethodKind::Voucher)])
}

pub(crate) fn issue(kind: StoredValueKind, price: i64) -> PlaceOrder {
    let right = NewRight::StoredValue { kind, until: after(UNTIL) };
    let issues = vec![RightToIssue { item: 0, right }];
    PlaceOrder {
        items: vec![item(price)],
        payment: vec![leg(price)],
        entitlements: Entitlements { issues, ..Entitlements::default() },
        ..order(DESK, Vec::new())
    }
}

/// Gift card 1 of 50.00 from order 1, voucher 2 of 25.00 from order 2.
fn sold() -> World {
    world().after(issue(StoredValueKind::GiftCard, 5_000)).after(issue(StoredValueKind::Voucher, 2_500))
}

fn take(value: u64, amount: i64) -> ValueToSpend {
    ValueToSpend { value: StoredValueId(value), amount: Amount(amount) }
}

fn paid(values: &[ValueToSpend], payment: &[(MethodId, i64)], tickets: usize) -> PlaceOrder {
    let legs = payment.iter().map(|(method, amount)| Leg { method: *method, amount: Amount(*amount) });
    PlaceOrder {
        payment: legs.collect(),
        entitlements: Entitlements { values: values.to_vec(), ..Entitlements::default() },
        ..order(DESK, vec![ticket(); tickets])
    }
}

fn spend(order: u64, method: MethodId, values: &[ValueToSpend]) -> SpendStoredValue {
    SpendStoredValue { order: OrderId(order), method, values: values.to_vec() }
}

fn give_back(order: u64, amount: i64) -> ReturnToStoredValue {
    let (order, amount) = (OrderId(order), Amount(amount));
    ReturnToStoredValue { order, method: GIFT, value: StoredValueId(1), amount }
}

#[test]
fn a_gift_card_pays_in_parts_and_a_voucher_once() {
    let world = sold();
    let command = paid(&[take(1, 1_500), take(2, 2_000)], &[(GIFT, 1_500), (VOUCHER, 2_000), (CASH, 500)], 2);
    let events = world.when(command.clone()).events();
    let uses = vec![
        ValueSpent { value: StoredValueId(1), amount: Amount(1_500), lapsed: Amount(0) },
        ValueSpent { value: StoredValueId(2), amount: Amount(2_000), lapsed: Amount(500) },
    ];
    let used =
        StoredValueUsed { order: OrderId(3), payment: PaymentId(3), subject: None, shows: vec![SHOW], uses };
    assert_eq!(events.last(), Some(&used.into()));
    let world = world.after(command);
    let again = paid(&[take(2, 2_000)], &[(VOUCHER, 2_000)], 1);
    world.when(again).then_rejected(StoredValueEnded, "entitlements.values.0.value");
    let rest = paid(&[take(1, 3_500)], &[(GIFT, 3_500), (CASH, 500)], 2);
    assert!(world.when(rest).0.is_ok());
}

#[test]
fn an_order_is_paid_later_and_its_money_goes_back() {
    let world = sold().after(order(DESK, vec![ticket()]));
    let world = world.after(spend(3, GIFT, &[take(1, 2_000)]));
    assert_eq!(world.state.order(OrderId(3)).unwrap().received, Amount(2_000));
    world.when(give_back(3, 2_001)).then_rejected(StoredValueExceeded, "amount");
    let events = world.when(give_back(3, 2_000)).events();
    let restored = StoredValueRestored {
        order: OrderId(3),
        payment: PaymentId(4),
        value: StoredValueId(1),
        amount: Amount(2_000),
    };
    assert_eq!(events[1], restored.into());
    let world = world.after(give_back(3, 2_000));
    let all = paid(&[take(1, 5_000)], &[(GIFT, 5_000), (CASH, 1_000)], 3);
    assert!(world.when(all).0.is_ok(), "all of it can be spent again");
}

#[test]
fn a_cancelled_show_fills_the_gift_card_that_paid_again() {
    let both = paid(&[take(1, 3_000)], &[(GIFT, 3_000), (CASH, 1_000)], 2);
    let world = sold().after(both).after(CancelShow { show: SHOW });
    let world = world.after(BeginShowRefund { show: SHOW, fees_kept: false });
    let events = world.when(AdvanceShowRefund { show: SHOW, orders: 9 }).events();
    let legs = vec![Leg { method: GIFT, amount: Amount(3_000) }, Leg { method: CASH, amount: Amount(1_000) }];
    let (order, payment) = (OrderId(3), PaymentId(4));
    let returned = MoneyReturned { payment, order, subject: None, shows: vec![SHOW], legs };
    let restored = StoredValueRestored { order, payment, value: StoredValueId(1), amount: Amount(3_000) };
    assert_eq!(events[1..3], [returned.into(), restored.into()]);
    // Past its time it cannot be filled: the house pays back what the record says.
    let late = world.at(after(UNTIL)).when(AdvanceShowRefund { show: SHOW, orders: 9 }).events();
    assert!(!late.iter().any(|event| matches!(event, Event::StoredValueRestored(_))));
}

#[test]
fn a_gift_card_that_paid_for_two_orders_is_never_filled_beyond_its_amount() {
    let by_card = || paid(&[take(1, 2_000)], &[(GIFT, 2_000)], 1);
    let in_cash = PlaceOrder { payment: vec![leg(2_000)], ..order(DESK, vec![ticket()]) };
    // What order 3 has spent is given back by way of order 4; then order 5 spends as much again.
    let world = sold().after(by_card()).after(in_cash).after(give_back(4, 2_000)).after(by_card());
    let world =
        world.after(CancelShow { show: SHOW }).after(BeginShowRefund { show: SHOW, fees_kept: false });
    let events = world.when(AdvanceShowRefund { show: SHOW, orders: 9 }).events();
    let restored = events.iter().filter_map(|event| match event {
        Event::StoredValueRestored(restored) => Some((restored.order.0, restored.amount.0)),
        _ => None,
    });
    assert_eq!(restored.collect::<Vec<_>>(), [(3, 2_000)], "30.00 of 50.00 were left");
}

#[test]
fn what_is_left_at_the_end_lapses_once() {
    let world = sold().after(paid(&[take(1, 2_000)], &[(GIFT, 2_000)], 1)).at(after(UNTIL));
    let values = [(1, 3_000), (2, 2_500)];
    let values =
        values.map(|(value, left)| ExpiredValue { value: StoredValueId(value), left: Amount(left) }).into();
    let expire = ExpireRights { at_most: 10 };
    world.when(expire).then([StoredValuesExpired { values }.into()]);
    world.after(expire).when(expire).then_rejected(NothingExpired, "at_most");
}

#[test]
fn an_unused_one_can_be_taken_back() {
    let mut command = cancel(1, &[]);
    command.items = vec![ItemId(1)];
    let events = sold().when(command.clone()).events();
    assert_eq!(events[1], StoredValueRevoked { value: StoredValueId(1), order: OrderId(1) }.into());
    let pay = paid(&[take(1, 2_000)], &[(GIFT, 2_000)], 1);
    sold().after(command).when(pay).then_rejected(StoredValueEnded, "entitlements.values.0.value");
}

pub(crate) fn rejections() -> Vec<Refused> {
    let world = sold();
    let unpaid =
        self::world().after(PlaceOrder { payment: Vec::new(), ..issue(StoredValueKind::GiftCard, 5_000) });
    let ordered = world.clone().after(order(DESK, vec![ticket()]));
    let used = world.clone().after(paid(&[take(1, 2_000)], &[(GIFT, 2_000)], 1));
    let mut take_back = cancel(1, &[]);
    take_back.items = vec![ItemId(1)];
    let mut no_product = issue(StoredValueKind::GiftCard, 5_000);
    no_product.items[0].kind = FeeKind::Service.into();
    let mut never = issue(StoredValueKind::GiftCard, 5_000);
    never.entitlements.issues[0].right =
        NewRight::StoredValue { kind: StoredValueKind::GiftCard, until: Timestamp(0) };
    let one = |values: &[ValueToSpend]| paid(values, &[(GIFT, 2_000)], 1);
    let at = "entitlements.values.0.value";
    vec![
        refused(&world, never, TimeOutOfRange, "entitlements.issues.0.until"),
        refused(&world, no_product, RightMismatch, "entitlements.issues.0.item"),
        refused(&world, one(&[take(1, 0)]), AmountNegative, "entitlements.values.0.amount"),
        refused(&world, one(&[take(1, i64::MAX)]), AmountTooLarge, "entitlements.values.0.amount"),
        refused(&world, one(&[take(1, 1), take(1, 1)]), Duplicate, "entitlements.values.1.value"),
        refused(&world, one(&[take(9, 2_000)]), StoredValueUnknown, at),
        refused(&unpaid, one(&[take(1, 2_000)]), RightNotPaid, at),
        refused(&world.clone().at(after(UNTIL)), one(&[take(1, 2_000)]), StoredValueEnded, at),
        refused(&world, one(&[take(1, 1_999)]), StoredValueMismatch, "payment"),
        refused(
            &world,
            paid(&[take(1, 6_000)], &[(GIFT, 6_000)], 3),
            StoredValueExceeded,
            "entitlements.values.0.amount",
        ),
        refused(&used, take_back, StoredValueInUse, "items.0"),
        refused(&ordered, spend(3, GIFT, &[]), ListEmpty, "values"),
        refused(&ordered, spend(3, MethodId(9), &[take(1, 1)]), MethodUnknown, "method"),
        refused(&ordered, spend(9, GIFT, &[take(1, 1)]), OrderUnknown, "order"),
        refused(&ordered, spend(3, CASH, &[take(1, 1)]), StoredValueMismatch, "method"),
        refused(&ordered, spend(3, GIFT, &[take(1, 2_001)]), PaymentExceedsDue, "values"),
        refused(&used, give_back(3, 0), AmountNegative, "amount"),
        refused(&used, give_back(3, i64::MAX), AmountTooLarge, "amount"),
        refused(&used, give_back(9, 1), OrderUnknown, "order"),
        refused(
            &used,
            ReturnToStoredValue { value: StoredValueId(9), ..give_back(3, 1) },
            StoredValueUnknown,
            "value",
        ),
        refused(
            &used,
            ReturnToStoredValue { method: CASH, ..give_back(3, 1) },
            StoredValueMismatch,
            "method",
        ),
        refused(&used.clone().at(after(UNTIL)), give_back(3, 1), StoredValueEnded, "value"),
        refused(
            &used.clone().after(ReturnMoney { order: OrderId(3), legs: vec![leg(2_000)] }),
            give_back(3, 1),
            RefundExceedsReceived,
            "amount",
        ),
    ]
}

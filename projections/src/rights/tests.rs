//! Given events, then cards, gift cards and vouchers.

use soticket_schema::event::v1::*;
use soticket_schema::*;

use super::*;
use crate::testing::{LogBuilder, at, cents, code};

fn noon() -> Timestamp {
    at("2026-03-01T12:00:00+01:00")
}

fn ticket_code(number: u64) -> TicketCode {
    TicketCode { hash: code(number), issuer: CodeIssuer::House, symbology: Symbology::Qr }
}

const ANNE: SubjectRef = SubjectRef([7; 16]);

fn card(number: u64) -> CardIssued {
    CardIssued {
        card: CardId(number),
        card_type: CardTypeId(1),
        order: OrderId(1),
        item: ItemId(number),
        subject: Some(ANNE),
        from: noon(),
        until: noon(),
        per_show: 2,
        in_total: Some(3),
        code: ticket_code(number),
    }
}

fn value(number: u64, kind: StoredValueKind, amount: &str) -> StoredValueIssued {
    StoredValueIssued {
        value: StoredValueId(number),
        kind,
        order: OrderId(1),
        item: ItemId(number),
        subject: None,
        amount: cents(amount),
        until: noon(),
        code: ticket_code(100 + number),
    }
}

fn used(ticket: u64) -> CardUse {
    CardUse { card: CardId(1), ticket: TicketId(ticket), show: ShowId(1) }
}

#[test]
fn a_card_counts_what_is_used_and_accounts_for_the_rest() {
    let mut log = LogBuilder::default();
    log.push(noon(), card(1));
    log.push(noon(), card(2_000));
    let (order, subject) = (OrderId(2), None);
    log.push(noon(), CardRightsUsed { order, subject, uses: vec![used(1), used(2), used(2)] });
    log.push(noon(), CardRightsRestored { order, subject, uses: vec![used(1)] });
    let rights: Rights = log.fold();
    let found = rights.card_by_code(code(1)).unwrap();
    assert_eq!((found.uses.as_slice(), found.left()), ([used(2)].as_slice(), Some(2)));
    let numbers = |cards: Vec<&CardInfo>| cards.iter().map(|card| card.issued.card.0).collect::<Vec<_>>();
    assert_eq!(numbers(rights.cards_of(ANNE)), [1, 2_000]);
    assert_eq!(numbers(rights.cards(Some(CardId(1)), 9)), [2_000]);

    log.push(noon(), CardsExpired { cards: vec![ExpiredCard { card: CardId(1), unused: Some(2) }] });
    log.push(noon(), CardRevoked { card: CardId(2_000), order, subject });
    let rights: Rights = log.fold();
    let found = rights.card(CardId(1)).unwrap();
    assert_eq!((found.state, found.unused, found.left()), (RightState::Expired, Some(2), Some(0)));
    assert_eq!(rights.card(CardId(2_000)).unwrap().state, RightState::Revoked);
}

#[test]
fn what_was_issued_is_spent_left_or_lapsed() {
    let mut log = LogBuilder::default();
    log.push(noon(), value(1, StoredValueKind::GiftCard, "50.00"));
    log.push(noon(), value(2, StoredValueKind::Voucher, "25.00"));
    log.push(noon(), value(3, StoredValueKind::GiftCard, "10.00"));
    let spent = |value, amount, lapsed| ValueSpent {
        value: StoredValueId(value),
        amount: cents(amount),
        lapsed: cents(lapsed),
    };
    log.push(
        noon(),
        StoredValueUsed {
            order: OrderId(2),
            payment: PaymentId(3),
            subject: None,
            shows: vec![ShowId(1)],
            uses: vec![spent(1, "15.00", "0.00"), spent(2, "20.00", "5.00")],
        },
    );
    log.push(
        noon(),
        StoredValueRestored {
            order: OrderId(2),
            payment: PaymentId(4),
            value: StoredValueId(1),
            amount: cents("5.00"),
        },
    );
    log.push(noon(), StoredValueRevoked { value: StoredValueId(3), order: OrderId(1) });
    let left = ExpiredValue { value: StoredValueId(1), left: cents("40.00") };
    let totals = |log: &LogBuilder, kind| {
        let totals = log.fold::<Rights>().totals(kind);
        assert_eq!(totals.issued, totals.spent + totals.left + totals.lapsed);
        (totals.count, totals.spent, totals.left, totals.lapsed)
    };
    let gift = StoredValueKind::GiftCard;
    assert_eq!(totals(&log, gift), (2, cents("10.00"), cents("40.00"), cents("10.00")));
    assert_eq!(totals(&log, StoredValueKind::Voucher), (1, cents("20.00"), cents("0.00"), cents("5.00")));
    log.push(noon(), StoredValuesExpired { values: vec![left] });
    assert_eq!(totals(&log, gift), (2, cents("10.00"), cents("0.00"), cents("50.00")));
    assert_eq!(log.fold::<Rights>().stored_value_by_code(code(102)).unwrap().issued.value, StoredValueId(2));
}

//! Samples of what happens to tickets after their sale, of late payments, cards and stored values.

use soticket_schema::event::Event;
use soticket_schema::event::v1::*;
use soticket_schema::ids::*;
use soticket_schema::money::Amount;
use soticket_schema::time::Timestamp;

use super::SUBJECT;

const CODE: TicketCode =
    TicketCode { hash: CodeHash([0xc5; 16]), issuer: CodeIssuer::House, symbology: Symbology::Qr };
const FROM: Timestamp = Timestamp(1_788_213_600_000_000);
const UNTIL: Timestamp = Timestamp(1_814_392_800_000_000);

pub(crate) fn cards() -> Vec<Event> {
    let terms = CardTerms {
        name: "Carte saison".into(),
        product: ProductId(1),
        price: Amount(2_500),
        validity: CardValidity::Season { from: FROM, until: UNTIL },
        per_show: 2,
        in_total: Some(300),
    };
    let by_date = CardTerms { validity: CardValidity::Days(365), in_total: None, ..terms.clone() };
    let uses = vec![CardUse { card: CardId(3), ticket: TicketId(300), show: ShowId(1) }];
    let (order, subject) = (OrderId(5), SUBJECT);
    vec![
        CardTypeDefined { card_type: CardTypeId(2), terms }.into(),
        CardTypeChanged { card_type: CardTypeId(2), terms: by_date }.into(),
        CardIssued {
            card: CardId(3),
            card_type: CardTypeId(2),
            order,
            item: ItemId(9),
            subject,
            from: FROM,
            until: UNTIL,
            per_show: 2,
            in_total: Some(300),
            code: CODE,
        }
        .into(),
        CardRightsUsed { order, subject, uses: uses.clone() }.into(),
        CardRightsRestored { order, subject, uses }.into(),
        CardRevoked { card: CardId(3), order, subject }.into(),
        CardsExpired { cards: vec![ExpiredCard { card: CardId(3), unused: Some(299) }] }.into(),
    ]
}

pub(crate) fn after_the_sale() -> Vec<Event> {
    let (order, subject, shows) = (OrderId(5), SUBJECT, vec![ShowId(1), ShowId(300)]);
    let legs = vec![Leg { method: MethodId(4), amount: Amount(4_800) }];
    let (ticket, show) = (TicketId(300), ShowId(1));
    vec![
        TicketDuplicated { ticket, show, order, subject, copy: 2, reason: DuplicateReason::NotReceived }
            .into(),
        TicketTransferred { ticket, show, order, from: SUBJECT, to: SubjectRef([0x52; 16]), code: CODE }
            .into(),
        PaymentAnnounced {
            payment: PaymentId(8),
            order,
            subject,
            shows: shows.clone(),
            legs: legs.clone(),
            expected_by: UNTIL,
        }
        .into(),
        PaymentFailed {
            payment: PaymentId(8),
            order,
            subject,
            shows: shows.clone(),
            reason: PaymentFailure::NotCovered,
        }
        .into(),
        PaymentReversed {
            payment: PaymentId(9),
            reverses: PaymentId(7),
            order,
            subject,
            shows,
            legs,
            reason: PaymentFailure::Contested,
        }
        .into(),
    ]
}

pub(crate) fn stored_values() -> Vec<Event> {
    let (order, subject, value) = (OrderId(5), SUBJECT, StoredValueId(4));
    let spent = ValueSpent { value, amount: Amount(1_800), lapsed: Amount(200) };
    vec![
        StoredValueIssued {
            value,
            kind: StoredValueKind::Voucher,
            order,
            item: ItemId(9),
            subject,
            amount: Amount(2_000),
            until: UNTIL,
            code: CODE,
        }
        .into(),
        StoredValueUsed { order, payment: PaymentId(8), subject, shows: vec![ShowId(1)], uses: vec![spent] }
            .into(),
        StoredValueRestored { order, payment: PaymentId(9), value, amount: Amount(500) }.into(),
        StoredValueRevoked { value, order }.into(),
        StoredValuesExpired { values: vec![ExpiredValue { value, left: Amount(700) }] }.into(),
    ]
}

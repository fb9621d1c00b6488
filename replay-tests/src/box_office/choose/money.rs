//! Money that comes and goes.

use soticket_schema::command::*;
use soticket_schema::event::v1::*;
use soticket_schema::*;

use super::super::house::{CARD, CASH, GIFT, VOUCHER};
use super::{Chooser, MINUTE};

impl Chooser<'_> {
    pub(super) fn legs(&mut self) -> Vec<Leg> {
        let amount = [500, 1_500, 2_000, 2_500, 6_000];
        let amount = Amount(self.random.pick(&amount).copied().unwrap_or(1));
        vec![Leg { method: self.method(), amount }]
    }

    pub(super) fn money(&mut self) -> (CommandBody, bool) {
        let order = self.order_id();
        let due = self.books.money.due(order, &self.books.tickets);
        let known = self.books.money.orders.get(&order);
        let kept = known.map_or(Amount::ZERO, |order| order.received - order.returned);
        let mut amount = due - kept;
        if self.random.chance(20) || amount == Amount::ZERO {
            amount = Amount(1 + i64::try_from(self.random.below(3_000)).unwrap_or(0));
        }
        if amount < Amount::ZERO {
            let legs = vec![Leg { method: self.method(), amount: Amount::ZERO - amount }];
            return (CommandBody::ReturnMoney(ReturnMoney { order, legs }), true);
        }
        let legs = vec![Leg { method: self.method(), amount }];
        (CommandBody::RecordPayment(RecordPayment { order, legs }), true)
    }

    pub(super) fn late_payment(&mut self) -> (CommandBody, bool) {
        let announced: Vec<PaymentId> = self.books.money.announced.keys().rev().take(30).copied().collect();
        let payment = self.random.pick(&announced).copied().unwrap_or(PaymentId(1));
        match self.random.below(10) {
            0..4 => {
                let (order, legs) = (self.order_id(), self.legs());
                let expected_by = Timestamp(self.now.0 + MINUTE);
                (CommandBody::AnnouncePayment(AnnouncePayment { order, legs, expected_by }), false)
            }
            4..7 => (CommandBody::ConfirmPayment(ConfirmPayment { payment }), true),
            7..9 => {
                let reason = PaymentFailure::Late;
                (CommandBody::FailPayment(FailPayment { payment, reason }), true)
            }
            _ => {
                let (order, legs, reason) = (self.order_id(), self.legs(), PaymentFailure::Contested);
                (CommandBody::ReversePayment(ReversePayment { order, payment, legs, reason }), true)
            }
        }
    }

    pub(super) fn stored_value(&mut self) -> CommandBody {
        let value = StoredValueId(self.recent(self.books.rights.values.len() as u64, 60));
        let (order, amount) = (self.order_id(), Amount(500));
        if self.random.chance(40) {
            return CommandBody::ReturnToStoredValue(ReturnToStoredValue {
                order,
                method: GIFT,
                value,
                amount,
            });
        }
        let values = vec![ValueToSpend { value, amount }];
        let method = if self.random.chance(80) { GIFT } else { VOUCHER };
        CommandBody::SpendStoredValue(SpendStoredValue { order, method, values })
    }

    fn method(&mut self) -> MethodId {
        if self.random.chance(40) { CASH } else { CARD }
    }
}

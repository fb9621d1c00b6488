//! Gift cards and vouchers: paying an order from them, and returning its money to one.

use soticket_schema::command::{ReturnToStoredValue, SpendStoredValue};
use soticket_schema::event::v1::{
    Leg, MethodKind, MoneyReturned, PaymentRecorded, StoredValueKind, StoredValueRestored,
};
use soticket_schema::{Amount, Event, Rejection, RejectionCode};

use super::checks::{Checks, Path, field};
use super::order::rights;
use super::{Context, Decide, When};

impl Decide for SpendStoredValue {
    fn shape(&self, _when: When, checks: &mut Checks) {
        checks.ensure(!self.values.is_empty(), RejectionCode::ListEmpty, field("values"));
        rights::check_value_shape(&self.values, Path::Command, checks);
    }

    fn decide(&self, context: &Context<'_>, checks: &mut Checks) -> Result<Vec<Event>, Rejection> {
        let state = context.state;
        rights::check_value_names(&self.values, state, Path::Command, checks);
        let method = state.methods.get(self.method.0);
        checks.ensure(method.is_some(), RejectionCode::MethodUnknown, field("method"));
        let order = state.orders.get(self.order);
        let order = checks.need(order, RejectionCode::OrderUnknown, field("order"))?;
        let amount: Amount = self.values.iter().map(|spent| spent.amount).sum();
        let legs = vec![Leg { method: self.method, amount }];
        let spending = rights::Spending { values: &self.values, legs: &legs };
        spending.check(context, Path::Command, field("method"), checks);
        let owed = state.due(self.order) - order.kept();
        checks.ensure(amount <= owed, RejectionCode::PaymentExceedsDue, field("values"));
        let payment = PaymentRecorded {
            payment: state.orders.next_payment(),
            order: self.order,
            subject: order.subject(),
            shows: state.shows_of(self.order),
            legs,
        };
        let used = rights::used(&self.values, state, &payment);
        Ok(std::iter::once(Event::from(payment)).chain(used.map(Event::from)).collect())
    }
}

impl Decide for ReturnToStoredValue {
    fn shape(&self, _when: When, checks: &mut Checks) {
        checks.amount_above_zero(self.amount, field("amount"));
    }

    fn decide(&self, context: &Context<'_>, checks: &mut Checks) -> Result<Vec<Event>, Rejection> {
        let state = context.state;
        let method = state.methods.get(self.method.0).copied();
        checks.ensure(method.is_some(), RejectionCode::MethodUnknown, field("method"));
        let value = state.stored_values.get(self.value);
        checks.ensure(value.is_some(), RejectionCode::StoredValueUnknown, field("value"));
        let order = state.orders.get(self.order);
        let order = checks.need(order, RejectionCode::OrderUnknown, field("order"))?;
        if let Some(value) = value {
            let open = value.refillable_at(context.now);
            checks.ensure(open, RejectionCode::StoredValueEnded, field("value"));
            let gift_card = value.kind == StoredValueKind::GiftCard && method == Some(MethodKind::GiftCard);
            checks.ensure(gift_card, RejectionCode::StoredValueMismatch, field("method"));
            let within = value.left + self.amount <= value.issued;
            checks.ensure(within, RejectionCode::StoredValueExceeded, field("amount"));
        }
        checks.ensure(self.amount <= order.kept(), RejectionCode::RefundExceedsReceived, field("amount"));
        let payment = state.orders.next_payment();
        let returned = MoneyReturned {
            payment,
            order: self.order,
            subject: order.subject(),
            shows: state.shows_of(self.order),
            legs: vec![Leg { method: self.method, amount: self.amount }],
        };
        let (order, value, amount) = (self.order, self.value, self.amount);
        let restored = StoredValueRestored { order, payment, value, amount };
        Ok(vec![returned.into(), restored.into()])
    }
}

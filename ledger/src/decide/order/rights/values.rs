//! Gift cards and vouchers that pay.

use soticket_schema::command::ValueToSpend;
use soticket_schema::event::v1::{
    Leg, MethodKind, PaymentRecorded, StoredValueKind, StoredValueUsed, ValueSpent,
};
use soticket_schema::limits::ORDER_RIGHTS_MAX;
use soticket_schema::{Amount, RejectionCode};

use crate::decide::Context;
use crate::decide::checks::{Checks, Path};
use crate::state::State;

/// The shape of a list of values to spend.
pub(in crate::decide) fn check_shape(values: &[ValueToSpend], at: Path<'_>, checks: &mut Checks) {
    let at = at.field("values");
    checks.list(values, ORDER_RIGHTS_MAX, at);
    for (index, spent) in values.iter().enumerate().take(ORDER_RIGHTS_MAX) {
        checks.amount_above_zero(spent.amount, at.item(index).field("amount"));
    }
    let ids = values.iter().take(ORDER_RIGHTS_MAX).map(|spent| spent.value).enumerate();
    checks.distinct(ids, |index| at.item(index).field("value").to_string());
}

/// The stored values that a list names.
pub(in crate::decide) fn check_names(
    values: &[ValueToSpend],
    state: &State,
    at: Path<'_>,
    checks: &mut Checks,
) {
    let at = at.field("values");
    for (index, spent) in values.iter().enumerate() {
        let known = state.stored_values.get(spent.value).is_some();
        checks.ensure(known, RejectionCode::StoredValueUnknown, at.item(index).field("value"));
    }
}

/// Stored values and the legs of the payment that they are part of.
pub(in crate::decide) struct Spending<'a> {
    pub(in crate::decide) values: &'a [ValueToSpend],
    pub(in crate::decide) legs: &'a [Leg],
}

impl Spending<'_> {
    /// Whether the values, which are known, can be spent, and are what the legs of their kind come to. Legs of these
    /// kinds without any value named are of gift cards and vouchers that somebody else keeps.
    pub(in crate::decide) fn check(
        &self,
        context: &Context<'_>,
        at: Path<'_>,
        legs: Path<'_>,
        checks: &mut Checks,
    ) {
        if self.values.is_empty() {
            return;
        }
        check_spent(self.values, context, at, checks);
        for (kind, method) in [
            (StoredValueKind::GiftCard, MethodKind::GiftCard),
            (StoredValueKind::Voucher, MethodKind::Voucher),
        ] {
            let fits = self.of_kind(context.state, kind) == self.paid_by(context.state, method);
            checks.ensure(fits, RejectionCode::StoredValueMismatch, legs);
        }
    }

    fn of_kind(&self, state: &State, kind: StoredValueKind) -> Amount {
        let of_kind = self
            .values
            .iter()
            .filter(|spent| state.stored_values.get(spent.value).is_some_and(|value| value.kind == kind));
        of_kind.map(|spent| spent.amount).sum()
    }

    fn paid_by(&self, state: &State, kind: MethodKind) -> Amount {
        let of_kind = self.legs.iter().filter(|leg| state.methods.get(leg.method.0) == Some(&kind));
        of_kind.map(|leg| leg.amount).sum()
    }
}

/// Whether each value, which is known, has what is to be taken from it.
fn check_spent(values: &[ValueToSpend], context: &Context<'_>, at: Path<'_>, checks: &mut Checks) {
    let at = at.field("values");
    for (index, spent) in values.iter().enumerate() {
        let at = at.item(index);
        let Some(value) = context.state.stored_values.get(spent.value) else { continue };
        let spendable = value.spendable_at(context.now);
        checks.ensure(spendable, RejectionCode::StoredValueEnded, at.field("value"));
        let paid = context.state.is_paid(value.order);
        checks.ensure(paid, RejectionCode::RightNotPaid, at.field("value"));
        let covered = spent.amount <= value.left;
        checks.ensure(covered, RejectionCode::StoredValueExceeded, at.field("amount"));
    }
}

/// What a payment takes from the values.
pub(in crate::decide) fn used(
    values: &[ValueToSpend],
    state: &State,
    payment: &PaymentRecorded,
) -> Option<StoredValueUsed> {
    let uses = values.iter().filter_map(|spent| {
        let value = state.stored_values.get(spent.value)?;
        let lapsed = match value.kind {
            StoredValueKind::GiftCard => Amount::ZERO,
            StoredValueKind::Voucher => value.left - spent.amount,
        };
        Some(ValueSpent { value: spent.value, amount: spent.amount, lapsed })
    });
    let uses: Vec<ValueSpent> = uses.collect();
    (!uses.is_empty()).then(|| StoredValueUsed {
        order: payment.order,
        payment: payment.payment,
        subject: payment.subject,
        shows: payment.shows.clone(),
        uses,
    })
}

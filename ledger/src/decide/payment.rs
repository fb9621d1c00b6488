//! Money in and out, and the ways of paying.

use soticket_schema::command::{DefineMethod, RecordPayment, ReturnMoney};
use soticket_schema::event::v1::{Leg, MethodDefined, MoneyReturned};
use soticket_schema::limits::{NAME_BYTES_MAX, PAYMENT_LEGS_MAX};
use soticket_schema::{Event, MethodId, OrderId, Rejection, RejectionCode, ShowId, SubjectRef};

use super::checks::{Checks, field};
use super::{Context, Decide, Timing, When, lines};
use crate::state::{Order, State};

impl Decide for DefineMethod {
    fn shape(&self, _when: When, checks: &mut Checks) {
        checks.text(&self.name, NAME_BYTES_MAX, field("name"));
    }

    fn decide(&self, context: &Context<'_>, _checks: &mut Checks) -> Result<Vec<Event>, Rejection> {
        let method = MethodId(context.state.methods.next_u32());
        Ok(vec![MethodDefined { method, name: self.name.clone(), kind: self.kind }.into()])
    }
}

impl Decide for RecordPayment {
    fn timing(&self) -> Timing {
        Timing::Either
    }

    fn shape(&self, _when: When, checks: &mut Checks) {
        check_legs(&self.legs, checks);
    }

    fn decide(&self, context: &Context<'_>, checks: &mut Checks) -> Result<Vec<Event>, Rejection> {
        let state = context.state;
        let order = find(state, self.order, &self.legs, checks)?;
        let owed = state.due(self.order) - order.kept();
        let within = context.is_fact() || lines::sum(&self.legs) <= owed;
        checks.ensure(within, RejectionCode::PaymentExceedsDue, field("legs"));
        let shows = state.shows_of(self.order);
        let payment = lines::payment(state, self.order, order.subject(), shows, &self.legs);
        Ok(payment.map(Event::from).into_iter().collect())
    }
}

impl Decide for ReturnMoney {
    fn timing(&self) -> Timing {
        Timing::Either
    }

    fn shape(&self, _when: When, checks: &mut Checks) {
        check_legs(&self.legs, checks);
    }

    fn decide(&self, context: &Context<'_>, checks: &mut Checks) -> Result<Vec<Event>, Rejection> {
        let state = context.state;
        let order = find(state, self.order, &self.legs, checks)?;
        let within = context.is_fact() || lines::sum(&self.legs) <= order.kept();
        checks.ensure(within, RejectionCode::RefundExceedsReceived, field("legs"));
        Ok(money_returned(state, self.order, order, &self.legs).map(Event::from).into_iter().collect())
    }
}

pub(super) fn check_legs(legs: &[Leg], checks: &mut Checks) {
    checks.list_with_one(legs, PAYMENT_LEGS_MAX, field("legs"));
    checks.legs(legs, field("legs"));
}

/// The order, once the methods are known too.
pub(super) fn find<'a>(
    state: &'a State,
    order: OrderId,
    legs: &[Leg],
    checks: &mut Checks,
) -> Result<&'a Order, Rejection> {
    lines::check_methods(legs, state, field("legs"), checks);
    checks.need(state.orders.get(order), RejectionCode::OrderUnknown, field("order"))
}

/// The money that goes back for an order as it is, if any does.
pub(super) fn money_returned(
    state: &State,
    id: OrderId,
    order: &Order,
    legs: &[Leg],
) -> Option<MoneyReturned> {
    if legs.is_empty() { None } else { money_back(state, id, order.subject(), state.shows_of(id), legs) }
}

/// The money that goes back for an order of these shows, if any does.
pub(super) fn money_back(
    state: &State,
    order: OrderId,
    subject: Option<SubjectRef>,
    shows: Vec<ShowId>,
    legs: &[Leg],
) -> Option<MoneyReturned> {
    let payment = state.orders.next_payment();
    (!legs.is_empty()).then(|| MoneyReturned { payment, order, subject, shows, legs: legs.to_vec() })
}

//! Payments that succeed, fail or come back later.

use soticket_schema::command::{AnnouncePayment, ConfirmPayment, FailPayment, ReversePayment};
use soticket_schema::event::v1::{PaymentAnnounced, PaymentFailed, PaymentRecorded, PaymentReversed};
use soticket_schema::{Event, PaymentId, Rejection, RejectionCode};

use super::checks::{Checks, field};
use super::{Context, Decide, Timing, When, lines, payment};
use crate::state::{Announced, State};

impl Decide for AnnouncePayment {
    fn shape(&self, _when: When, checks: &mut Checks) {
        payment::check_legs(&self.legs, checks);
        checks.instant(self.expected_by, field("expected_by"));
    }

    /// No more is announced than is owed and not on its way yet.
    fn decide(&self, context: &Context<'_>, checks: &mut Checks) -> Result<Vec<Event>, Rejection> {
        let state = context.state;
        let order = payment::find(state, self.order, &self.legs, checks)?;
        let owed = state.due(self.order) - order.kept() - state.orders.expected(self.order);
        checks.ensure(lines::sum(&self.legs) <= owed, RejectionCode::PaymentExceedsDue, field("legs"));
        let event = PaymentAnnounced {
            payment: state.orders.next_payment(),
            order: self.order,
            subject: order.subject(),
            shows: state.shows_of(self.order),
            legs: self.legs.clone(),
            expected_by: self.expected_by,
        };
        Ok(vec![event.into()])
    }
}

/// The payment that has been announced and has neither come in nor failed.
fn on_its_way<'a>(
    payment: PaymentId,
    state: &'a State,
    checks: &mut Checks,
) -> Result<&'a Announced, Rejection> {
    checks.need(state.orders.on_its_way(payment), RejectionCode::PaymentUnknown, field("payment"))
}

impl Decide for ConfirmPayment {
    fn timing(&self) -> Timing {
        Timing::Either
    }

    fn shape(&self, _when: When, _checks: &mut Checks) {}

    /// It came in: even if the order has been paid otherwise meanwhile, the money is there and may be returned.
    fn decide(&self, context: &Context<'_>, checks: &mut Checks) -> Result<Vec<Event>, Rejection> {
        let state = context.state;
        let announced = on_its_way(self.payment, state, checks)?;
        let event = PaymentRecorded {
            payment: self.payment,
            order: announced.order,
            subject: state.buyer(announced.order),
            shows: state.shows_of(announced.order),
            legs: announced.legs.clone(),
        };
        Ok(vec![event.into()])
    }
}

impl Decide for FailPayment {
    fn timing(&self) -> Timing {
        Timing::Either
    }

    fn shape(&self, _when: When, _checks: &mut Checks) {}

    fn decide(&self, context: &Context<'_>, checks: &mut Checks) -> Result<Vec<Event>, Rejection> {
        let state = context.state;
        let announced = on_its_way(self.payment, state, checks)?;
        let event = PaymentFailed {
            payment: self.payment,
            order: announced.order,
            subject: state.buyer(announced.order),
            shows: state.shows_of(announced.order),
            reason: self.reason,
        };
        Ok(vec![event.into()])
    }
}

impl Decide for ReversePayment {
    fn timing(&self) -> Timing {
        Timing::Either
    }

    fn shape(&self, _when: When, checks: &mut Checks) {
        payment::check_legs(&self.legs, checks);
    }

    /// The ticket stays valid until the venue cancels it: the order owes the money again.
    fn decide(&self, context: &Context<'_>, checks: &mut Checks) -> Result<Vec<Event>, Rejection> {
        let state = context.state;
        let came_in =
            state.orders.knows_payment(self.payment) && state.orders.on_its_way(self.payment).is_none();
        checks.ensure(came_in, RejectionCode::PaymentUnknown, field("payment"));
        let order = payment::find(state, self.order, &self.legs, checks)?;
        let within = context.is_fact() || lines::sum(&self.legs) <= order.kept();
        checks.ensure(within, RejectionCode::RefundExceedsReceived, field("legs"));
        let event = PaymentReversed {
            payment: state.orders.next_payment(),
            reverses: self.payment,
            order: self.order,
            subject: order.subject(),
            shows: state.shows_of(self.order),
            legs: self.legs.clone(),
            reason: self.reason,
        };
        Ok(vec![event.into()])
    }
}

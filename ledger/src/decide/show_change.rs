//! Shows that are postponed or called off, and what holders may ask for then.

use soticket_schema::command::{CancelShow, PostponeShow};
use soticket_schema::event::v1::{CancelReason, ShowCancelled, ShowPostponed};
use soticket_schema::{Event, Rejection, RejectionCode, ShowId, Timestamp};

use super::cancellation::Lines;
use super::checks::{Checks, field};
use super::show::{check_times, show};
use super::{Context, Decide, Timing, When};
use crate::state::{Show, ShowStatus};

impl Decide for PostponeShow {
    fn timing(&self) -> Timing {
        Timing::Either
    }

    fn shape(&self, _when: When, checks: &mut Checks) {
        check_times((self.starts_at, self.doors_at), (self.sale_from, self.sale_until), checks);
        check_refunds_until(self.refunds_until, checks);
    }

    fn decide(&self, context: &Context<'_>, checks: &mut Checks) -> Result<Vec<Event>, Rejection> {
        check_not_cancelled(show(context.state, self.show)?, checks);
        let Self { show, starts_at, doors_at, sale_from, sale_until, refunds_until } = *self;
        let event = ShowPostponed { show, starts_at, doors_at, sale_from, sale_until, refunds_until };
        Ok(vec![event.into()])
    }
}

impl Decide for CancelShow {
    fn timing(&self) -> Timing {
        Timing::Either
    }

    fn shape(&self, _when: When, _checks: &mut Checks) {}

    /// Also a show that was closed: nothing sells any more the evening that it is called off.
    fn decide(&self, context: &Context<'_>, checks: &mut Checks) -> Result<Vec<Event>, Rejection> {
        check_not_cancelled(show(context.state, self.show)?, checks);
        Ok(vec![ShowCancelled { show: self.show }.into()])
    }
}

/// The command's `refunds_until`.
pub(super) fn check_refunds_until(until: Option<Timestamp>, checks: &mut Checks) {
    if let Some(until) = until {
        checks.instant(until, field("refunds_until"));
    }
}

/// The command's `show` takes place.
pub(super) fn check_not_cancelled(show: &Show, checks: &mut Checks) {
    let cancelled = matches!(show.status, ShowStatus::Cancelled(_));
    checks.ensure(!cancelled, RejectionCode::ShowCancelled, field("show"));
}

/// Holders of tickets of a show that was moved may give them back for that reason until a date.
pub(super) fn check_refund_period(
    reason: CancelReason,
    lines: &Lines<'_>,
    context: &Context<'_>,
    checks: &mut Checks,
) {
    if reason != CancelReason::ShowChanged {
        return;
    }
    let open = |show: ShowId| {
        let show = context.state.shows.get(show.0);
        show.and_then(|show| show.refunds_until).is_some_and(|until| context.now < until)
    };
    for (index, (_, show)) in lines.shows(context.state).enumerate() {
        let tickets = field("tickets");
        checks.ensure(open(show), RejectionCode::RefundPeriodOver, tickets.item(index).field("ticket"));
    }
}

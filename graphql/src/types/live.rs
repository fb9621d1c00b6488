//! What subscriptions send.

use async_graphql::{Object, SimpleObject};
use soticket_projections::{OrganisationViews, sales};
use soticket_schema::Timestamp;
use soticket_schema::ids::ShowId;

use super::attendance::Attendance;
use super::availability::ShowAvailability;
use super::integrity::Checkpoint;
use super::lookup::count;
use super::{LogEvent, viewer};
use crate::input::Scope;
use crate::money::Money;
use crate::scalar::{Date, LogPosition};
use crate::subscription::Figure;

/// A step along the log.
pub(crate) struct LogAdvance {
    position: u64,
    event: Option<LogEvent>,
}

impl LogAdvance {
    /// Up to an event that is wanted.
    pub(crate) fn to(event: LogEvent) -> Self {
        Self { position: event.at(), event: Some(event) }
    }

    /// Past events that are not.
    pub(crate) fn past(position: u64) -> Self {
        Self { position, event: None }
    }
}

/// A step along the log: an event, or how far the log was followed without one that is wanted.
#[Object]
impl LogAdvance {
    /// Every wanted event up to here has been sent: state it as `afterPosition` to go on.
    async fn position(&self) -> LogPosition {
        LogPosition(self.position)
    }

    /// The event at this position; null where only the position went on.
    async fn event(&self) -> Option<&LogEvent> {
        self.event.as_ref()
    }
}

/// Places of a show, as of a position.
#[derive(Clone)]
pub(crate) struct AvailabilityChange {
    position: u64,
    availability: ShowAvailability,
}

impl AvailabilityChange {
    /// Places as they are now; none while the show is not known.
    pub(crate) fn of(scope: Scope, views: &OrganisationViews, show: ShowId, now: Timestamp) -> Option<Self> {
        let (position, checkpoint) = (views.position()?, Checkpoint::of(views)?);
        let view = views.availability.show_at(show, now)?;
        // Read from the views at hand: asking for them again under their lock could wait for ever.
        let assigned = scope.viewer.and_then(|actor| views.catalogue.actor(actor)?.assigned.clone());
        let seen = assigned.as_ref().map(|assigned| view.seen_by(viewer::seller(assigned)));
        let view = seen.unwrap_or(view);
        Some(Self { position, availability: ShowAvailability::new(scope, view, checkpoint, false) })
    }
}

impl Figure for AvailabilityChange {
    fn same(&self, other: &Self) -> bool {
        self.availability.same(&other.availability)
    }
}

/// Places of a show after a change.
#[Object]
impl AvailabilityChange {
    /// The event that this is as of.
    async fn position(&self) -> LogPosition {
        LogPosition(self.position)
    }

    /// Places by zone and channel.
    async fn availability(&self) -> &ShowAvailability {
        &self.availability
    }
}

/// Who came to a show, as of a position.
#[derive(Clone)]
pub(crate) struct AttendanceChange {
    position: u64,
    attendance: Option<Attendance>,
}

impl AttendanceChange {
    /// Who came so far.
    pub(crate) fn of(scope: Scope, views: &OrganisationViews, show: ShowId) -> Option<Self> {
        let (position, checkpoint) = (views.position()?, Checkpoint::of(views)?);
        let view = views.attendance.show(show);
        Some(Self { position, attendance: view.map(|view| Attendance::new(scope, view, checkpoint)) })
    }
}

impl Figure for AttendanceChange {
    fn same(&self, other: &Self) -> bool {
        match (&self.attendance, &other.attendance) {
            (Some(left), Some(right)) => left.same(right),
            (left, right) => left.is_none() == right.is_none(),
        }
    }
}

/// Who came to a show, after a change.
#[Object]
impl AttendanceChange {
    /// The event that this is as of.
    async fn position(&self) -> LogPosition {
        LogPosition(self.position)
    }

    /// Who came; null before the first ticket and the first scan.
    async fn attendance(&self) -> Option<&Attendance> {
        self.attendance.as_ref()
    }
}

/// What was sold, as of a position.
#[derive(Debug, Clone, SimpleObject)]
pub(crate) struct SalesCounters {
    /// The event that this is as of.
    position: LogPosition,
    /// The commercial day that is on.
    day: Date,
    /// What was sold on that day.
    today: SalesCounter,
    /// What was sold ever.
    total: SalesCounter,
}

impl SalesCounters {
    /// What a show or the whole organisation has sold by now.
    pub(crate) fn of(
        scope: Scope,
        views: &OrganisationViews,
        show: Option<ShowId>,
        now: Timestamp,
    ) -> Option<Self> {
        let day = views.sales.day(now);
        let counter = |day| SalesCounter::of(scope, &views.sales.totals(show, day));
        let (today, total) = (counter(Some(day)), counter(None));
        Some(Self { position: LogPosition(views.position()?), day: Date(day), today, total })
    }
}

impl Figure for SalesCounters {
    fn same(&self, other: &Self) -> bool {
        (self.day.0, &self.today, &self.total) == (other.day.0, &other.today, &other.total)
    }
}

/// Tickets and their face prices. A cancellation or price reduction counts on the day when it happened.
#[derive(Debug, Clone, PartialEq, SimpleObject)]
pub(crate) struct SalesCounter {
    /// Tickets issued.
    issued: i32,
    /// Tickets cancelled.
    cancelled: i32,
    /// Face prices of the tickets issued, with VAT.
    issued_amount: Money,
    /// Face prices of the tickets cancelled.
    cancelled_amount: Money,
    /// What price reductions took off.
    reduced_amount: Money,
    /// Issued less cancelled less reduced.
    net_amount: Money,
}

impl SalesCounter {
    fn of(scope: Scope, totals: &sales::SalesTotals) -> Self {
        Self {
            issued: count(totals.issued),
            cancelled: count(totals.cancelled),
            issued_amount: scope.money(totals.issued_amount),
            cancelled_amount: scope.money(totals.cancelled_amount),
            reduced_amount: scope.money(totals.reduced_amount),
            net_amount: scope.money(totals.net_amount),
        }
    }
}

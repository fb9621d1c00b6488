//! The closings and the audit journal of an organisation.

use async_graphql::{Context, Object, Result};
use soticket_projections::audit::AuditEntry;
use soticket_schema::Timestamp;

use super::closing::{self, Closing, DayReading};
use super::closing_enums::ClosingPeriod;
use super::journal::{JournalEntry, JournalKind};
use super::viewer;
use crate::core::Core;
use crate::error::internal;
use crate::input::Scope;
use crate::paging::{EventKey, Nodes, Page};
use crate::scalar::{Counter, Date, DateTime};
use crate::schema::page_cost;

/// The closings and the audit journal of an organisation.
pub(super) struct OrganisationClosings {
    pub(super) scope: Scope,
}

#[Object]
impl OrganisationClosings {
    /// Its closings in the order of the log: of one kind, or all.
    #[graphql(complexity = "page_cost(first, last) * child_complexity")]
    async fn closings(
        &self,
        context: &Context<'_>,
        period: Option<ClosingPeriod>,
        first: Option<i32>,
        after: Option<String>,
        last: Option<i32>,
        before: Option<String>,
    ) -> Result<Nodes<Closing>> {
        let page = Page::<EventKey>::new(first, after, last, before)?;
        let core = Core::of(context)?;
        let scope = self.scope;
        viewer::sees_all(core, scope)?;
        let period = period.map(Into::into);
        core.expect(scope, |views| {
            let row = |closing: &soticket_projections::closings::Closing| {
                (EventKey(closing.position), Closing::new(scope, closing.clone()))
            };
            let all = || views.closings.closings(period);
            Some(page.fill(
                |after, limit| {
                    let later = all().filter(|closing| after.is_none_or(|after| closing.position > after.0));
                    later.take(limit).map(row).collect()
                },
                |before, limit| {
                    let earlier =
                        all().rev().filter(|closing| before.is_none_or(|before| closing.position < before.0));
                    earlier.take(limit).map(row).collect()
                },
            ))
        })
    }

    /// One of its closings (Z), by kind and number; null if there is none.
    async fn closing(
        &self,
        context: &Context<'_>,
        period: ClosingPeriod,
        number: Counter,
    ) -> Option<Result<Closing>> {
        let core = match Core::of(context) {
            Ok(core) => core,
            Err(error) => return Some(Err(error)),
        };
        if let Err(error) = viewer::sees_all(core, self.scope) {
            return Some(Err(error));
        }
        let found =
            core.view(self.scope, |views| views.closings.closing(period.into(), number.0).cloned())?;
        Some(Ok(Closing::new(self.scope, found)))
    }

    /// The first commercial day that is not closed: what comes late falls into it.
    async fn open_day(&self, context: &Context<'_>) -> Option<Result<Date>> {
        match Core::of(context) {
            Ok(core) => {
                core.view(self.scope, |views| views.closings.first_open()).map(|day| Ok(Date(day.date())))
            }
            Err(error) => Some(Err(error)),
        }
    }

    /// The month in which fiscal years begin, from 1.
    async fn fiscal_first_month(&self, context: &Context<'_>) -> Result<i32> {
        Core::of(context)?.expect(self.scope, |views| Some(i32::from(views.closings.first_month())))
    }

    /// What an open commercial day comes to so far (X); the first one if none is named, null if it is closed. Nothing is
    /// recorded.
    #[graphql(complexity = "20 + child_complexity")]
    async fn x_report(&self, context: &Context<'_>, day: Option<Date>) -> Option<Result<DayReading>> {
        let core = match Core::of(context) {
            Ok(core) => core,
            Err(error) => return Some(Err(error)),
        };
        match viewer::sees_all(core, self.scope) {
            Ok(()) => closing::reading(core, self.scope, day).map(Ok),
            Err(error) => Some(Err(error)),
        }
    }

    /// The audit journal in the order of the log: entries of some kinds, or all, recorded from one instant on and before
    /// another.
    #[graphql(complexity = "page_cost(first, last) * child_complexity")]
    #[expect(clippy::too_many_arguments, reason = "the arguments of the field")]
    async fn journal(
        &self,
        context: &Context<'_>,
        kinds: Option<Vec<JournalKind>>,
        from: Option<DateTime>,
        to: Option<DateTime>,
        first: Option<i32>,
        after: Option<String>,
        last: Option<i32>,
        before: Option<String>,
    ) -> Result<Nodes<JournalEntry>> {
        let page = Page::<EventKey>::new(first, after, last, before)?;
        let core = Core::of(context)?;
        viewer::sees_all(core, self.scope)?;
        let from = from.map_or(Timestamp(i64::MIN), |from| from.0);
        let to = to.map_or(Timestamp(i64::MAX), |to| to.0);
        let wanted = |row: &&AuditEntry| {
            kinds.as_ref().is_none_or(|kinds| kinds.iter().any(|kind| kind.0 == row.kind))
        };
        let rows: Vec<AuditEntry> = core.expect(self.scope, |views| {
            Some(views.audit.entries(from, to).iter().filter(wanted).copied().collect())
        })?;
        page.try_fill(
            |after, limit| {
                let later = rows.iter().filter(|row| after.is_none_or(|after| row.position > after.0));
                self.read(core, later.take(limit).copied().collect())
            },
            |before, limit| {
                let earlier =
                    rows.iter().rev().filter(|row| before.is_none_or(|before| row.position < before.0));
                let mut chosen: Vec<_> = earlier.take(limit).copied().collect();
                chosen.reverse();
                let mut rows = self.read(core, chosen)?;
                rows.reverse();
                Ok(rows)
            },
        )
    }
}

impl OrganisationClosings {
    fn read(&self, core: &Core, rows: Vec<AuditEntry>) -> Result<Vec<(EventKey, JournalEntry)>> {
        let positions: Vec<u64> = rows.iter().map(|row| row.position).collect();
        let entries = core.ledger.read_at(self.scope.organisation, &positions).map_err(internal)?;
        let row = |(row, entry): (AuditEntry, _)| {
            (EventKey(row.position), JournalEntry::new(self.scope, row, entry))
        };
        Ok(rows.into_iter().zip(entries).map(row).collect())
    }
}

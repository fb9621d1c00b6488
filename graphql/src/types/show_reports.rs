//! What the read models say of a show.

use async_graphql::{Context, Object, OneofObject, Result};
use soticket_exports::{ShowStatement, StatementError};
use soticket_projections::{AsOfError, AsOfView, OrganisationViews, availability};
use soticket_schema::ids::ShowId;

use super::attendance::Attendance;
use super::availability::ShowAvailability;
use super::comparison::StatementComparison;
use super::documents::{DocumentLanguage, ShowDocuments};
use super::event_kind::EventKind;
use super::integrity::Checkpoint;
use super::order_filter::{self, OrderFilter};
use super::sales::{DaySales, day_sales};
use super::settlement::ShowSettlement;
use super::statement_document::{ShowStatementKind, StatementDocument};
use super::ticket::ShowTicketKey;
use super::{Hold, LogEvent, Order, Ticket, event_pages, viewer};
use crate::core::Core;
use crate::error::{ErrorCode, field_error};
use crate::input::Scope;
use crate::paging::{EventKey, Nodes, OrderKey, Page};
use crate::scalar::{DateTime, Hash, LogPosition};

/// A moment of the log.
#[derive(Debug, Clone, Copy, OneofObject)]
pub(crate) enum AsOf {
    /// After the event at this position.
    Position(LogPosition),
    /// After the last event recorded at or before this instant.
    RecordedAt(DateTime),
}

impl From<AsOf> for soticket_projections::AsOf {
    fn from(moment: AsOf) -> Self {
        match moment {
            AsOf::Position(position) => Self::Position(position.0),
            AsOf::RecordedAt(instant) => Self::Recorded(instant.0),
        }
    }
}

/// What the read models say of a show.
pub(super) struct ShowReports {
    scope: Scope,
    show: ShowId,
}

impl ShowReports {
    pub(super) fn new(scope: Scope, show: ShowId) -> Self {
        Self { scope, show }
    }

    async fn earlier(&self, context: &Context<'_>, moment: AsOf) -> Result<(AsOfView, Checkpoint)> {
        earlier(context, self.scope, self.show, moment).await
    }

    async fn availability_at(
        &self,
        context: &Context<'_>,
        moment: Option<AsOf>,
    ) -> Result<Option<ShowAvailability>> {
        let (scope, core) = (self.scope, Core::of(context)?);
        let assigned = viewer::assigned(core, scope);
        let shown = |view: availability::ShowAvailability, checkpoint, earlier| {
            let seen = assigned.as_ref().map(|assigned| view.seen_by(viewer::seller(assigned)));
            ShowAvailability::new(scope, seen.unwrap_or(view), checkpoint, earlier)
        };
        if let Some(moment) = moment {
            let (view, checkpoint) = self.earlier(context, moment).await?;
            return Ok(view.availability.map(|view| shown(view, checkpoint, true)));
        }
        let now = core.ledger.now();
        let found = core
            .view(scope, |views| Some((views.availability.show_at(self.show, now)?, Checkpoint::of(views)?)));
        Ok(found.map(|(view, checkpoint)| shown(view, checkpoint, false)))
    }

    async fn settlement_at(
        &self,
        context: &Context<'_>,
        moment: Option<AsOf>,
    ) -> Result<Option<ShowSettlement>> {
        let scope = self.scope;
        viewer::sees_all(Core::of(context)?, scope)?;
        if let Some(moment) = moment {
            let (view, checkpoint) = self.earlier(context, moment).await?;
            return Ok(view.settlement.map(|view| ShowSettlement::new(scope, view, checkpoint)));
        }
        Ok(Core::of(context)?.view(scope, |views| {
            let checkpoint = Checkpoint::of(views)?;
            Some(ShowSettlement::new(scope, views.settlement.show(self.show)?, checkpoint))
        }))
    }
}

/// What the read models said of a show at a moment.
pub(super) async fn earlier(
    context: &Context<'_>,
    scope: Scope,
    show: ShowId,
    moment: AsOf,
) -> Result<(AsOfView, Checkpoint)> {
    let read = move |core: &Core| {
        core.projections.as_of(scope.organisation, show, moment.into()).map_err(|error| match error {
            AsOfError::BeforeLog => field_error(ErrorCode::BadUserInput, error.to_string()),
            other => crate::error::internal(other),
        })
    };
    let view = Core::of(context)?.blocking(read).await?;
    let checkpoint = Checkpoint { position: LogPosition(view.position), hash: Hash(view.hash) };
    Ok((view, checkpoint))
}

/// Why there is no such statement, to those who asked.
pub(super) fn statement_error(error: StatementError) -> async_graphql::Error {
    match error {
        StatementError::AsOf(AsOfError::Unreadable(_)) => crate::error::internal(error),
        other => field_error(ErrorCode::BadUserInput, other.to_string()),
    }
}

#[Object]
impl ShowReports {
    /// Places by zone and channel, now or at an earlier moment; null if the show was not yet scheduled then.
    #[graphql(complexity = "10 + child_complexity")]
    async fn availability(
        &self,
        context: &Context<'_>,
        as_of: Option<AsOf>,
    ) -> Option<Result<ShowAvailability>> {
        self.availability_at(context, as_of).await.transpose()
    }

    /// The box-office statement, now or at an earlier moment; null if the show was not yet scheduled then.
    #[graphql(complexity = "10 + child_complexity")]
    async fn settlement(&self, context: &Context<'_>, as_of: Option<AsOf>) -> Option<Result<ShowSettlement>> {
        self.settlement_at(context, as_of).await.transpose()
    }

    /// A statement of the show with every table of its files, now or at an earlier moment; a settlement is refused while
    /// nothing is agreed.
    #[graphql(complexity = "20 + child_complexity")]
    async fn statement(
        &self,
        context: &Context<'_>,
        kind: ShowStatementKind,
        #[graphql(default)] language: DocumentLanguage,
        as_of: Option<AsOf>,
    ) -> Result<StatementDocument> {
        let core = Core::of(context)?;
        viewer::sees_all(core, self.scope)?;
        let (organisation, show) = (self.scope.organisation, self.show);
        let moment = self.scope.at(as_of.map(Into::into));
        let read = move |core: &Core| {
            let (ask, statement) = (core.ask(organisation, moment), ShowStatement::from(kind));
            let found = ask.and_then(|ask| statement.asked(&core.projections, organisation, show, &ask));
            let named = found.map_err(statement_error)?.naming(&|log, size| core.checkpoint(log, size));
            Ok(StatementDocument::new(&named, language))
        };
        core.blocking(read).await
    }

    /// What changed in a statement of the show between two moments: every figure that differs.
    #[graphql(complexity = "40 + child_complexity")]
    async fn statement_changes(
        &self,
        context: &Context<'_>,
        kind: ShowStatementKind,
        #[graphql(default)] language: DocumentLanguage,
        from: AsOf,
        #[graphql(desc = "Now, or the moment of the organisation, if absent.")] to: Option<AsOf>,
    ) -> Result<StatementComparison> {
        let core = Core::of(context)?;
        viewer::sees_all(core, self.scope)?;
        let (organisation, show, statement) = (self.scope.organisation, self.show, ShowStatement::from(kind));
        let (from, to) = (Some(from.into()), self.scope.at(to.map(Into::into)));
        let read = move |core: &Core| {
            let made = |moment| {
                let ask = core.ask(organisation, moment);
                let found = ask.and_then(|ask| statement.asked(&core.projections, organisation, show, &ask));
                found.map_err(statement_error)
            };
            let (before, after) = (made(from)?, made(to)?);
            if before.log.last > after.log.last {
                return Err(field_error(
                    ErrorCode::BadUserInput,
                    "from: name a moment that is not after `to`.",
                ));
            }
            Ok(StatementComparison::new(&before, &after, language))
        };
        core.blocking(read).await
    }

    /// Paths of its statements and lists as files; statements as of the position, or as of now.
    async fn documents(
        &self,
        context: &Context<'_>,
        #[graphql(default)] language: DocumentLanguage,
        position: Option<LogPosition>,
    ) -> Result<ShowDocuments> {
        let core = Core::of(context)?;
        viewer::sees_all(core, self.scope)?;
        let last = core.expect(self.scope, OrganisationViews::position)?;
        let position = position.map_or(last, |position| position.0.min(last));
        let organisation = self.scope.organisation;
        Ok(ShowDocuments::new(organisation, self.show, LogPosition(position), language))
    }

    /// What was sold per commercial day, channel and tariff.
    async fn sales(&self, context: &Context<'_>) -> Result<Vec<DaySales>> {
        viewer::sees_all(Core::of(context)?, self.scope)?;
        let rows = Core::of(context)?.expect(self.scope, |views| Some(views.sales.show(self.show)))?;
        Ok(day_sales(self.scope, rows))
    }

    /// Who came; null before the first scan.
    async fn attendance(&self, context: &Context<'_>) -> Option<Result<Attendance>> {
        let core = match Core::of(context) {
            Ok(core) => core,
            Err(error) => return Some(Err(error)),
        };
        core.view(self.scope, |views| {
            let checkpoint = Checkpoint::of(views)?;
            Some(Ok(Attendance::new(self.scope, views.attendance.show(self.show)?, checkpoint)))
        })
    }

    /// Active holds.
    async fn holds(&self, context: &Context<'_>) -> Result<Vec<Hold>> {
        viewer::sees_all(Core::of(context)?, self.scope)?;
        let hold = |hold: &soticket_projections::orders::Hold| Hold::new(self.scope, hold.clone());
        let holds = |views: &soticket_projections::OrganisationViews| {
            Some(views.orders.holds(self.show).into_iter().map(hold).collect())
        };
        Core::of(context)?.expect(self.scope, holds)
    }

    /// Orders that hold tickets or items of the show, by number: all of them, or those that a filter lets through.
    #[graphql(complexity = "crate::schema::page_cost(first, last) * child_complexity")]
    async fn orders(
        &self,
        context: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
        last: Option<i32>,
        before: Option<String>,
        filter: Option<OrderFilter>,
    ) -> Result<Nodes<Order>> {
        viewer::sees_all(Core::of(context)?, self.scope)?;
        let page = Page::<OrderKey>::new(first, after, last, before)?;
        Core::of(context)?.expect(self.scope, |views| {
            let (orders, show) = (&views.orders, self.show);
            let list = |after, limit| orders.of_show(show, after, limit);
            let back = |before, limit| orders.of_show_back(show, before, limit);
            Some(order_filter::page(self.scope, &page, filter, list, back))
        })
    }

    /// Tickets of the show, by order.
    #[graphql(complexity = "crate::schema::page_cost(first, last) * child_complexity")]
    async fn tickets(
        &self,
        context: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
        last: Option<i32>,
        before: Option<String>,
    ) -> Result<Nodes<Ticket>> {
        viewer::sees_all(Core::of(context)?, self.scope)?;
        let page = Page::<ShowTicketKey>::new(first, after, last, before)?;
        Core::of(context)?
            .expect(self.scope, |views| Some(Ticket::of_show(self.scope, views, self.show, &page)))
    }

    /// Events that name the show, by position, of these kinds or of all.
    #[graphql(complexity = "crate::schema::page_cost(first, last) * child_complexity")]
    async fn events(
        &self,
        context: &Context<'_>,
        kinds: Option<Vec<EventKind>>,
        first: Option<i32>,
        after: Option<String>,
        last: Option<i32>,
        before: Option<String>,
    ) -> Result<Nodes<LogEvent>> {
        viewer::sees_all(Core::of(context)?, self.scope)?;
        let page = Page::<EventKey>::new(first, after, last, before)?;
        let (scope, show) = (self.scope, self.show);
        let positions = Core::of(context)?
            .expect(scope, |views| Some(views.index.positions(show)?.collect::<Vec<u64>>()))?;
        let read =
            move |core: &Core| event_pages::at_positions(core, scope, &positions, kinds.as_deref(), &page);
        Core::of(context)?.blocking(read).await
    }
}

//! What the read models say of a whole organisation.

use async_graphql::{Context, Object, Result};
use soticket_exports::{Period, PeriodStatement};
use soticket_projections::OrganisationViews;

use super::documents::{DocumentLanguage, OrganisationFiles, StatementFiles};
use super::integrity::Checkpoint;
use super::organisation_settlement::OrganisationSettlement;
use super::provider::PaymentCost;
use super::sales::{DaySales, day_sales};
use super::show_reports::{AsOf, statement_error};
use super::statement_document::{PeriodReturnKind, StatementDocument};
use super::viewer;
use crate::core::Core;
use crate::error::{ErrorCode, field_error};
use crate::input::Scope;
use crate::scalar::{Date, LogPosition};

/// Most months of one question.
const MONTHS_MAX: i32 = 36;
/// Longest span of days of one question.
const DAYS_MAX: i32 = 400;

/// What the read models say of a whole organisation.
pub(super) struct OrganisationReports {
    pub(super) scope: Scope,
}

#[Object]
impl OrganisationReports {
    fn payment_costs_between(&self, context: &Context<'_>, from: Date, to: Date) -> Result<Vec<PaymentCost>> {
        let month = |date: Date| i32::from(date.0.year()) * 12 + i32::from(date.0.month());
        if !(0..MONTHS_MAX).contains(&(month(to) - month(from))) {
            let message = format!("Ask for 1 to {MONTHS_MAX} months, the earlier one first.");
            return Err(field_error(ErrorCode::BadUserInput, message));
        }
        let rows =
            Core::of(context)?.expect(self.scope, |views| Some(views.payment_costs.costs(from.0, to.0)))?;
        Ok(rows.into_iter().map(|row| PaymentCost::new(self.scope, row)).collect())
    }

    /// What was sold per commercial day, channel and tariff, of at most 400 days, both ends included.
    #[graphql(complexity = "20 + child_complexity")]
    async fn sales(&self, context: &Context<'_>, from: Date, to: Date) -> Option<Result<Vec<DaySales>>> {
        Some(self.sales_between(context, from, to))
    }

    /// Paths of its lists as files.
    async fn files(
        &self,
        context: &Context<'_>,
        #[graphql(default)] language: DocumentLanguage,
    ) -> Result<OrganisationFiles> {
        viewer::sees_all(Core::of(context)?, self.scope)?;
        Ok(OrganisationFiles::new(self.scope.organisation, language))
    }

    /// A return of the shows that begin on these days, at most 400, with every table of its files; now or at an earlier
    /// moment.
    #[graphql(complexity = "50 + child_complexity")]
    async fn period_return(
        &self,
        context: &Context<'_>,
        kind: PeriodReturnKind,
        from: Date,
        to: Date,
        #[graphql(default)] language: DocumentLanguage,
        as_of: Option<AsOf>,
    ) -> Result<StatementDocument> {
        let core = Core::of(context)?;
        viewer::sees_all(core, self.scope)?;
        let (period, organisation) = (period(from, to)?, self.scope.organisation);
        let moment = self.scope.at(as_of.map(Into::into));
        let read = move |core: &Core| {
            let (ask, statement) = (core.ask(organisation, moment), PeriodStatement::from(kind));
            let found = ask.and_then(|ask| statement.of(&core.projections, organisation, period, &ask));
            let named = found.map_err(statement_error)?.naming(&|log, size| core.checkpoint(log, size));
            Ok(StatementDocument::new(&named, language))
        };
        core.blocking(read).await
    }

    /// Paths of the files of such a return, as of the position, or as of now.
    async fn period_return_files(
        &self,
        context: &Context<'_>,
        kind: PeriodReturnKind,
        from: Date,
        to: Date,
        #[graphql(default)] language: DocumentLanguage,
        position: Option<LogPosition>,
    ) -> Result<StatementFiles> {
        let core = Core::of(context)?;
        viewer::sees_all(core, self.scope)?;
        period(from, to)?;
        let last = core.expect(self.scope, OrganisationViews::position)?;
        let position = LogPosition(position.map_or(last, |position| position.0.min(last)));
        let organisation = self.scope.organisation;
        Ok(StatementFiles::of_period(organisation, kind.path(), (from, to), position, language))
    }

    /// What payments cost in the months from that of `from` to that of `to`, at most 36: by plan and way of paying, with
    /// each show's share.
    #[graphql(complexity = "20 + child_complexity")]
    async fn payment_costs(
        &self,
        context: &Context<'_>,
        from: Date,
        to: Date,
    ) -> Option<Result<Vec<PaymentCost>>> {
        Some(self.payment_costs_between(context, from, to))
    }

    /// Money by method, the open balance and the products report.
    #[graphql(complexity = "20 + child_complexity")]
    async fn settlement(&self, context: &Context<'_>) -> Result<OrganisationSettlement> {
        let settlement = |views: &soticket_projections::OrganisationViews| {
            let checkpoint = Checkpoint::of(views)?;
            Some(OrganisationSettlement::new(self.scope, views.settlement.organisation(), checkpoint))
        };
        let core = Core::of(context)?;
        viewer::sees_all(core, self.scope)?;
        core.expect(self.scope, settlement)
    }
}

fn period(from: Date, to: Date) -> Result<Period> {
    Period::new(from.0, to.0).map_err(|error| field_error(ErrorCode::BadUserInput, format!("to: {error}")))
}

impl OrganisationReports {
    fn sales_between(&self, context: &Context<'_>, from: Date, to: Date) -> Result<Vec<DaySales>> {
        let span = (to.0 - from.0).get_days();
        if !(0..DAYS_MAX).contains(&span) {
            let message = format!("Ask for 1 to {DAYS_MAX} days, the earlier one first.");
            return Err(field_error(ErrorCode::BadUserInput, message));
        }
        viewer::sees_all(Core::of(context)?, self.scope)?;
        let rows = Core::of(context)?.expect(self.scope, |views| Some(views.sales.days(from.0, to.0)))?;
        Ok(day_sales(self.scope, rows))
    }
}

//! Closings, archives and the audit journal.

use async_graphql::{Context, Object, Result};

use super::payload::{
    ArchiveRecordPayload, DueDaysClosePayload, FiscalYearSetPayload, PeriodClosePayload,
    TechnicalEventNotePayload,
};
use super::submit;
use crate::input::{
    ArchiveRecordInput, DueDaysCloseInput, FiscalYearSetInput, PeriodCloseInput, TechnicalEventNoteInput,
};

/// Closings, archives and the audit journal.
#[derive(Default)]
pub(super) struct ClosingsMutation;

#[Object]
impl ClosingsMutation {
    /// Closes the open days of a period that is over, in order, with the months and years that end with them. The
    /// service closes every day by itself, too: whoever comes second is told that it is closed already.
    async fn period_close(
        &self,
        context: &Context<'_>,
        input: PeriodCloseInput,
    ) -> Option<Result<PeriodClosePayload>> {
        submit(context, input).await
    }

    /// Closes the open days that are over, a hundred at most, in order, with the months and years that end with them.
    async fn due_days_close(
        &self,
        context: &Context<'_>,
        input: DueDaysCloseInput,
    ) -> Option<Result<DueDaysClosePayload>> {
        submit(context, input).await
    }

    /// Says in which month fiscal years begin. The running one ends where the next begins, and after twelve months at the
    /// latest.
    async fn fiscal_year_set(
        &self,
        context: &Context<'_>,
        input: FiscalYearSetInput,
    ) -> Option<Result<FiscalYearSetPayload>> {
        submit(context, input).await
    }

    /// Notes a technical event in the audit journal.
    async fn technical_event_note(
        &self,
        context: &Context<'_>,
        input: TechnicalEventNoteInput,
    ) -> Option<Result<TechnicalEventNotePayload>> {
        submit(context, input).await
    }

    /// Records that the archive of a closed fiscal year was made; `soticket archive` does it by itself.
    async fn archive_record(
        &self,
        context: &Context<'_>,
        input: ArchiveRecordInput,
    ) -> Option<Result<ArchiveRecordPayload>> {
        submit(context, input).await
    }
}

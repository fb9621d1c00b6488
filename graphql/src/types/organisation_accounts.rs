//! The accounts of an organisation: entries, what they are made on, receipts and payments.

use async_graphql::{Context, ID, InputObject, Object, Result};
use soticket_projections::journal::{self, JournalFilter, ReceiptsBy, ReceiptsFilter, default_mapping};
use soticket_schema::ids::ShowId;

use super::account_mapping::AccountMapping;
use super::accounting_entry::AccountingEntry;
use super::receipts::ReceiptsReport;
use super::viewer;
use crate::core::Core;
use crate::error::{ErrorCode, field_error};
use crate::ids;
use crate::input::Scope;
use crate::paging::{AccountingEntryKey, Nodes, Page};
use crate::scalar::Date;
use crate::schema::page_cost;

/// Longest span of days of one question.
const DAYS_MAX: i32 = 400;
/// Most rows of one report.
const ROWS_MAX: usize = 5_000;

/// The accounts of an organisation.
pub(super) struct OrganisationAccounts {
    pub(super) scope: Scope,
}

/// Which money a report is about. What is not stated narrows nothing.
#[derive(InputObject, Default)]
pub(crate) struct ReceiptsFilterInput {
    /// First commercial day of the payment.
    paid_from: Option<Date>,
    /// Last commercial day of the payment.
    paid_to: Option<Date>,
    /// First commercial day of the show.
    show_from: Option<Date>,
    /// Last commercial day of the show.
    show_to: Option<Date>,
    /// Shows.
    #[graphql(default)]
    shows: Vec<ID>,
    /// Ways of paying.
    #[graphql(default)]
    methods: Vec<ID>,
    /// Channels.
    #[graphql(default)]
    channels: Vec<ID>,
    /// Tariffs.
    #[graphql(default)]
    tariffs: Vec<ID>,
}

/// What rows of a report are told apart by.
#[derive(InputObject)]
pub(crate) struct ReceiptsByInput {
    /// Commercial day of the payment.
    #[graphql(default)]
    day: bool,
    /// Show.
    #[graphql(default)]
    show: bool,
    /// Way of paying.
    #[graphql(default)]
    method: bool,
    /// Channel.
    #[graphql(default)]
    channel: bool,
    /// Purpose and tariff.
    #[graphql(default)]
    purpose: bool,
}

impl ReceiptsFilterInput {
    fn filter(&self, scope: &Scope) -> ReceiptsFilter {
        ReceiptsFilter {
            paid_from: self.paid_from.map(|date| date.0),
            paid_to: self.paid_to.map(|date| date.0),
            show_from: self.show_from.map(|date| date.0),
            show_to: self.show_to.map(|date| date.0),
            shows: scope.list(&self.shows),
            methods: scope.list(&self.methods),
            channels: scope.list(&self.channels),
            tariffs: scope.list(&self.tariffs),
        }
    }
}

#[Object]
impl OrganisationAccounts {
    /// Accounting entries of at most 400 commercial days, both ends included, up to today: of all shows or of one, by day,
    /// show and kind.
    #[expect(clippy::too_many_arguments, reason = "arguments of a connection")]
    #[graphql(complexity = "20 + page_cost(first, last) * child_complexity")]
    async fn accounting_entries(
        &self,
        context: &Context<'_>,
        from: Date,
        to: Date,
        show: Option<ID>,
        first: Option<i32>,
        after: Option<String>,
        last: Option<i32>,
        before: Option<String>,
    ) -> Result<Nodes<AccountingEntry>> {
        let page = Page::<AccountingEntryKey>::new(first, after, last, before)?;
        let show = show.map(|show| ids::local_or_never::<ShowId>(self.scope.organisation, &show));
        let entries = self.entries(context, JournalFilter { from: from.0, to: to.0, show })?;
        let key = |entry: &journal::JournalEntry| AccountingEntryKey(entry.number);
        let row =
            |entry: &journal::JournalEntry| (key(entry), AccountingEntry::new(self.scope, entry.clone()));
        Ok(page.fill(
            |after, limit| {
                let later = entries.iter().filter(|entry| after.is_none_or(|after| key(entry) > after));
                later.take(limit).map(row).collect()
            },
            |before, limit| {
                let earlier = entries.iter().rev();
                let earlier = earlier.filter(|entry| before.is_none_or(|before| key(entry) < before));
                earlier.take(limit).map(row).collect()
            },
        ))
    }

    /// The accounts that ship with the program, which hold until others are set, and those that were set, in their order.
    async fn account_mappings(&self, context: &Context<'_>) -> Result<Vec<AccountMapping>> {
        let core = Core::of(context)?;
        viewer::sees_all(core, self.scope)?;
        let shipped = default_mapping().map(|mapping| AccountMapping::shipped(self.scope, mapping.clone()));
        let set = core.expect(self.scope, |views| {
            Some(
                views
                    .journal
                    .mappings()
                    .iter()
                    .map(|dated| AccountMapping::set(self.scope, dated))
                    .collect::<Vec<_>>(),
            )
        })?;
        Ok(shipped.into_iter().chain(set).collect())
    }

    /// The last commercial day whose accounting entries are locked; null if none are.
    async fn accounts_locked_through(&self, context: &Context<'_>) -> Option<Result<Date>> {
        let locked = Core::of(context)
            .and_then(|core| core.expect(self.scope, |views| Some(views.journal.locked_through())));
        locked.map(|day| day.map(Date)).transpose()
    }

    /// Receipts and payments: what came in and went back. Told apart by everything unless `by` says otherwise; at most
    /// 5,000 rows.
    #[graphql(complexity = "50 + 20 * child_complexity")]
    async fn receipts_and_payments(
        &self,
        context: &Context<'_>,
        #[graphql(default)] filter: ReceiptsFilterInput,
        by: Option<ReceiptsByInput>,
    ) -> Result<ReceiptsReport> {
        let core = Core::of(context)?;
        viewer::sees_all(core, self.scope)?;
        let filter = filter.filter(&self.scope);
        let by = by.map_or(ReceiptsBy::ALL, |by| ReceiptsBy {
            day: by.day,
            show: by.show,
            method: by.method,
            channel: by.channel,
            what: by.purpose,
        });
        let view = core.expect(self.scope, |views| Some(views.journal.receipts(&filter, by)))?;
        if view.rows.len() > ROWS_MAX {
            let message = format!("The report has more than {ROWS_MAX} rows: narrow it, or tell less apart.");
            return Err(field_error(ErrorCode::BadUserInput, message));
        }
        Ok(ReceiptsReport { scope: self.scope, view })
    }
}

impl OrganisationAccounts {
    fn entries(&self, context: &Context<'_>, filter: JournalFilter) -> Result<Vec<journal::JournalEntry>> {
        let span = (filter.to - filter.from).get_days();
        if !(0..DAYS_MAX).contains(&span) {
            let message = format!("Ask for 1 to {DAYS_MAX} days, the earlier one first.");
            return Err(field_error(ErrorCode::BadUserInput, message));
        }
        let core = Core::of(context)?;
        viewer::sees_all(core, self.scope)?;
        let now = core.ledger.now();
        let entries = core.expect(self.scope, |views| {
            let today = views.journal.day_of(now);
            Some(if filter.to > today { Err(None) } else { views.journal.entries(&filter).map_err(Some) })
        })?;
        entries.map_err(|error| {
            let message = error.map_or_else(
                || "Accounting entries end today: ask for days up to it.".to_owned(),
                |error: journal::JournalError| error.to_string(),
            );
            field_error(ErrorCode::BadUserInput, message)
        })
    }
}

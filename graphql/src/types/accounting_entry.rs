//! Accounting entries.

use async_graphql::{Context, Enum, Object, Result};
use soticket_projections::journal::{self, EntryKind};

use super::account_enums::AccountingBook;
use super::event_kind::EventKind;
use super::lookup::{count, named};
use super::{LogEvent, Show, event_pages};
use crate::core::Core;
use crate::input::Scope;
use crate::money::Money;
use crate::paging::{EventKey, Nodes, Page};
use crate::scalar::{Counter, Date, LogPosition};
use crate::schema::page_cost;

/// What an accounting entry is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum AccountingEntryKind {
    /// Tickets sold, and money for them.
    Sales,
    /// Tickets cancelled and reduced, and money that went back for them.
    Refunds,
    /// Fees on top and fees of orders.
    Fees,
    /// Fees given back.
    FeeRefunds,
    /// Products, cards, gift cards and vouchers.
    Products,
    /// Products given back.
    ProductRefunds,
    /// Gift cards and vouchers spent, restored and past their time.
    StoredValues,
    /// Cards past their time.
    CardsExpired,
    /// Cash moved, and differences counted.
    Till,
    /// What a network or remote box office remitted.
    Remittance,
    /// Receipts earned by the performance.
    Performance,
    /// Commissions of a settlement.
    Commissions,
    /// Royalties and what is owed beside them.
    Royalties,
    /// Taxes on the show.
    Levy,
    /// Costs of the show.
    Costs,
    /// A party's share.
    Share,
    /// What payments cost.
    PaymentCosts,
}

impl From<EntryKind> for AccountingEntryKind {
    fn from(kind: EntryKind) -> Self {
        match kind {
            EntryKind::Sales => Self::Sales,
            EntryKind::Refunds => Self::Refunds,
            EntryKind::Fees => Self::Fees,
            EntryKind::FeeRefunds => Self::FeeRefunds,
            EntryKind::Products => Self::Products,
            EntryKind::ProductRefunds => Self::ProductRefunds,
            EntryKind::StoredValues => Self::StoredValues,
            EntryKind::CardsExpired => Self::CardsExpired,
            EntryKind::Till => Self::Till,
            EntryKind::Remittance(_) => Self::Remittance,
            EntryKind::Performance => Self::Performance,
            EntryKind::Commissions(..) => Self::Commissions,
            EntryKind::Royalties(..) => Self::Royalties,
            EntryKind::Levy(..) => Self::Levy,
            EntryKind::Costs(..) => Self::Costs,
            EntryKind::Share(..) => Self::Share,
            EntryKind::PaymentCosts(..) => Self::PaymentCosts,
        }
    }
}

/// A balanced accounting entry.
#[derive(Clone)]
pub(crate) struct AccountingEntry {
    scope: Scope,
    view: journal::JournalEntry,
}

impl AccountingEntry {
    /// An entry as the read model has it.
    pub(super) fn new(scope: Scope, view: journal::JournalEntry) -> Self {
        Self { scope, view }
    }
}

/// A balanced accounting entry: what the events of a commercial day come to, of one show or of what belongs to none.
#[Object]
impl AccountingEntry {
    /// Its number, without gaps; where entries of one show were asked for, among those of the show.
    async fn number(&self) -> Counter {
        Counter(self.view.number)
    }

    /// Commercial day.
    async fn day(&self) -> Date {
        Date(self.view.day)
    }

    /// The book that it is in.
    async fn book(&self) -> AccountingBook {
        self.view.book.into()
    }

    /// Code of the book.
    async fn book_code(&self) -> &str {
        &self.view.book_code
    }

    /// What it is about.
    async fn kind(&self) -> AccountingEntryKind {
        self.view.kind.into()
    }

    /// Reference of its voucher: the same in every export.
    async fn reference(&self) -> &str {
        &self.view.reference
    }

    /// What it is about, in French as exports say it.
    async fn label(&self) -> &str {
        &self.view.label
    }

    /// The show; null for what belongs to none.
    async fn show(&self, context: &Context<'_>) -> Option<Result<Show>> {
        self.view.show.map(|show| named(context, self.scope, show, Show::load))
    }

    /// Debits, then credits.
    async fn lines(&self) -> Vec<AccountingLine> {
        let line = |line: &journal::JournalLine| AccountingLine { scope: self.scope, view: line.clone() };
        self.view.lines.iter().map(line).collect()
    }

    /// Sum of its debits, which is that of its credits.
    async fn amount(&self) -> Money {
        self.scope.money(self.view.lines.iter().map(|line| line.debit).sum())
    }

    /// How many events it is made of.
    async fn event_count(&self) -> i32 {
        count(self.view.positions.len() as u64)
    }

    /// Position of the first of its events.
    async fn first_position(&self) -> Option<LogPosition> {
        self.view.positions.first().copied().map(LogPosition)
    }

    /// Position of the last of its events.
    async fn last_position(&self) -> Option<LogPosition> {
        self.view.positions.last().copied().map(LogPosition)
    }

    /// Kinds of its events.
    async fn event_kinds(&self) -> Vec<EventKind> {
        self.view.event_kinds.iter().filter_map(|number| EventKind::of_number(*number)).collect()
    }

    /// Its events, in the order of the log.
    #[graphql(complexity = "page_cost(first, last) * child_complexity")]
    async fn events(
        &self,
        context: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
        last: Option<i32>,
        before: Option<String>,
    ) -> Result<Nodes<LogEvent>> {
        let page = Page::<EventKey>::new(first, after, last, before)?;
        event_pages::at_positions(Core::of(context)?, self.scope, &self.view.positions, None, &page)
    }
}

/// A line of an accounting entry.
pub(crate) struct AccountingLine {
    scope: Scope,
    view: journal::JournalLine,
}

/// A line of an accounting entry: a debit or a credit.
#[Object]
impl AccountingLine {
    /// Number of the account.
    async fn account(&self) -> &str {
        &self.view.account
    }

    /// Name of the account.
    async fn name(&self) -> &str {
        &self.view.name
    }

    /// Auxiliary account, or empty.
    async fn auxiliary(&self) -> &str {
        &self.view.auxiliary
    }

    /// Its name, or empty.
    async fn auxiliary_name(&self) -> &str {
        &self.view.auxiliary_name
    }

    /// Debit; zero for a credit.
    async fn debit(&self) -> Money {
        self.scope.money(self.view.debit)
    }

    /// Credit; zero for a debit.
    async fn credit(&self) -> Money {
        self.scope.money(self.view.credit)
    }
}

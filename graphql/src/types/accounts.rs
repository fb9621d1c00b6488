//! Accounting entries, the accounts that they are made on, and receipts and payments.

use async_graphql::{Context, Enum, Object, Result};
use soticket_projections::journal::{self, EntryKind, What};
use soticket_schema::event::v1;

use super::enums::{AccountRole, AccountingBook, MethodKind, VatDue};
use super::event_kind::EventKind;
use super::lookup::{count, named};
use super::{Channel, LogEvent, Method, Party, Show, Tariff, event_pages};
use crate::core::Core;
use crate::input::Scope;
use crate::money::Money;
use crate::paging::{EventKey, Nodes, Page};
use crate::scalar::{Counter, Date, Decimal, LogPosition};
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

/// Accounts that entries are made on.
pub(crate) struct AccountMapping {
    scope: Scope,
    mapping: v1::AccountMapping,
    /// Version, first day and event; none for what ships with the program.
    set: Option<(u32, jiff::civil::Date, u64)>,
}

impl AccountMapping {
    /// The accounts that ship with the program.
    pub(super) fn shipped(scope: Scope, mapping: v1::AccountMapping) -> Self {
        Self { scope, mapping, set: None }
    }

    /// Accounts that were set.
    pub(super) fn set(scope: Scope, dated: &journal::DatedMapping) -> Self {
        let set = Some((dated.version, dated.from(), dated.position));
        Self { scope, mapping: dated.mapping.clone(), set }
    }
}

/// Accounts that entries are made on, from a day on.
#[Object]
impl AccountMapping {
    /// 1, and one more for each that follows; 0 for the accounts that ship with the program.
    async fn version(&self) -> i32 {
        self.set.map_or(0, |(version, _, _)| count(version.into()))
    }

    /// First commercial day whose entries are made on them; null for those that ship with the program.
    async fn valid_from(&self) -> Option<Date> {
        self.set.map(|(_, from, _)| Date(from))
    }

    /// Position of the event that set them.
    async fn position(&self) -> Option<LogPosition> {
        self.set.map(|(_, _, position)| LogPosition(position))
    }

    /// Name.
    async fn name(&self) -> &str {
        &self.mapping.name
    }

    /// Where they are from.
    async fn source(&self) -> &str {
        &self.mapping.source
    }

    /// When VAT on receipts becomes due.
    async fn vat_due(&self) -> VatDue {
        self.mapping.vat_due.into()
    }

    /// Codes of the books.
    async fn books(&self) -> Vec<BookCode> {
        self.mapping.books.iter().cloned().map(BookCode).collect()
    }

    /// The accounts.
    async fn accounts(&self) -> Vec<MappedAccount> {
        let account =
            |account: &v1::MappedAccount| MappedAccount { scope: self.scope, account: account.clone() };
        self.mapping.accounts.iter().map(account).collect()
    }
}

/// Code and name of a book.
pub(crate) struct BookCode(v1::BookCode);

/// Code and name of a book.
#[Object]
impl BookCode {
    /// The book.
    async fn book(&self) -> AccountingBook {
        self.0.book.into()
    }

    /// Its code.
    async fn code(&self) -> &str {
        &self.0.code
    }

    /// Its name.
    async fn name(&self) -> &str {
        &self.0.name
    }
}

/// One account.
pub(crate) struct MappedAccount {
    scope: Scope,
    account: v1::MappedAccount,
}

/// One account. In its texts `{}` stands for what a line is about.
#[Object]
impl MappedAccount {
    /// What it is for.
    async fn role(&self) -> AccountRole {
        self.account.role.into()
    }

    /// Its number.
    async fn account(&self) -> &str {
        &self.account.account
    }

    /// Its name.
    async fn name(&self) -> &str {
        &self.account.name
    }

    /// The auxiliary account, or empty.
    async fn auxiliary(&self) -> &str {
        &self.account.auxiliary
    }

    /// Its name, or empty.
    async fn auxiliary_name(&self) -> &str {
        &self.account.auxiliary_name
    }

    /// The only VAT rate that it is for, in percent.
    async fn rate(&self) -> Option<Decimal> {
        match self.account.key {
            v1::AccountKey::Rate(rate) => Some(Decimal::percent(rate)),
            _ => None,
        }
    }

    /// The only kind of ways of paying that it is for.
    async fn method_kind(&self) -> Option<MethodKind> {
        match self.account.key {
            v1::AccountKey::Kind(kind) => Some(kind.into()),
            _ => None,
        }
    }

    /// The only way of paying that it is for.
    async fn method(&self, context: &Context<'_>) -> Option<Result<Method>> {
        match self.account.key {
            v1::AccountKey::Method(method) => Some(named(context, self.scope, method, Method::load)),
            _ => None,
        }
    }

    /// The only channel that it is for.
    async fn channel(&self, context: &Context<'_>) -> Option<Result<Channel>> {
        match self.account.key {
            v1::AccountKey::Channel(channel) => Some(named(context, self.scope, channel, Channel::load)),
            _ => None,
        }
    }

    /// The only party that it is for.
    async fn party(&self, context: &Context<'_>) -> Option<Result<Party>> {
        match self.account.key {
            v1::AccountKey::Party(party) => Some(named(context, self.scope, party, Party::load)),
            _ => None,
        }
    }
}

/// What money is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum MoneyPurpose {
    /// Face prices of tickets.
    Tickets,
    /// Fees on top and fees of orders.
    Fees,
    /// Products.
    Products,
    /// More than what was open, in either direction.
    Beyond,
}

/// Receipts and payments.
pub(crate) struct ReceiptsReport {
    pub(super) scope: Scope,
    pub(super) view: journal::Receipts,
}

/// What came in and went back. Every figure is the sum of the events that it names.
#[Object]
impl ReceiptsReport {
    /// By day, show, way of paying, channel and purpose, as far as they are told apart.
    async fn rows(&self) -> Vec<ReceiptsRow> {
        let row = |row: &journal::ReceiptsRow| ReceiptsRow { scope: self.scope, view: row.clone() };
        self.view.rows.iter().map(row).collect()
    }

    /// What came in, of all rows.
    async fn paid(&self) -> Money {
        self.scope.money(self.view.paid)
    }

    /// What went back, of all rows.
    async fn returned(&self) -> Money {
        self.scope.money(self.view.returned)
    }

    /// Came in less went back, of all rows.
    async fn net(&self) -> Money {
        self.scope.money(self.view.paid - self.view.returned)
    }
}

/// A row of receipts and payments.
pub(crate) struct ReceiptsRow {
    scope: Scope,
    view: journal::ReceiptsRow,
}

/// A row of receipts and payments. What rows are not told apart by is null.
#[Object]
impl ReceiptsRow {
    /// Commercial day of the payment.
    async fn day(&self) -> Option<Date> {
        self.view.day.map(Date)
    }

    /// The show; null also for what belongs to none.
    async fn show(&self, context: &Context<'_>) -> Option<Result<Show>> {
        self.view.show.map(|show| named(context, self.scope, show, Show::load))
    }

    /// Way of paying.
    async fn method(&self, context: &Context<'_>) -> Option<Result<Method>> {
        self.view.method.map(|method| named(context, self.scope, method, Method::load))
    }

    /// Channel that sold.
    async fn channel(&self, context: &Context<'_>) -> Option<Result<Channel>> {
        self.view.channel.map(|channel| named(context, self.scope, channel, Channel::load))
    }

    /// What it is for.
    async fn purpose(&self) -> Option<MoneyPurpose> {
        self.view.what.map(|what| match what {
            What::Tickets(_) => MoneyPurpose::Tickets,
            What::Fees => MoneyPurpose::Fees,
            What::Products => MoneyPurpose::Products,
            What::Beyond => MoneyPurpose::Beyond,
        })
    }

    /// The tariff, where it is for tickets.
    async fn tariff(&self, context: &Context<'_>) -> Option<Result<Tariff>> {
        match self.view.what {
            Some(What::Tickets(tariff)) => Some(named(context, self.scope, tariff, Tariff::load)),
            _ => None,
        }
    }

    /// What came in.
    async fn paid(&self) -> Money {
        self.scope.money(self.view.paid)
    }

    /// What went back.
    async fn returned(&self) -> Money {
        self.scope.money(self.view.returned)
    }

    /// Came in less went back.
    async fn net(&self) -> Money {
        self.scope.money(self.view.net())
    }

    /// How many events moved this money.
    async fn event_count(&self) -> i32 {
        count(self.view.positions.len() as u64)
    }

    /// The events that moved this money, in the order of the log.
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

//! The accounts that entries are made on.

use async_graphql::{Context, Object, Result};
use soticket_projections::journal;
use soticket_schema::event::v1;

use super::account_enums::{AccountRole, AccountingBook, VatDue};
use super::enums::MethodKind;
use super::lookup::{count, named};
use super::{Channel, Method, Party};
use crate::input::Scope;
use crate::scalar::{Date, Decimal, LogPosition};

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

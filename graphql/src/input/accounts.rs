//! The accounts that entries are made on, remittances, and the lock of the journal.

use async_graphql::{ID, InputObject};
use soticket_schema::command::{LockJournal, RecordRemittance, SetAccountMapping};
use soticket_schema::event::v1;
use soticket_schema::{Amount, CommandBody, Hash, Rejection, RejectionCode, Timestamp};

use super::{Caller, CommandInput, Scope};
use crate::scalar::{DateTime, Decimal};
use crate::types::account_enums::{AccountRole, AccountingBook, VatDue};
use crate::types::enums::MethodKind;

/// One account. In its texts `{}` stands for what a line is about: the show's reference, or the name of the channel,
/// party or way of paying.
#[derive(InputObject)]
pub(crate) struct MappedAccountInput {
    /// What it is for.
    role: AccountRole,
    /// Its number: three digits of the chart of accounts first.
    account: String,
    /// Its name.
    name: String,
    /// The auxiliary account, or empty.
    #[graphql(default)]
    auxiliary: String,
    /// Its name, or empty.
    #[graphql(default)]
    auxiliary_name: String,
    /// Only for this VAT rate, in percent. At most one of these five.
    rate: Option<Decimal>,
    /// Only for ways of paying of this kind.
    method_kind: Option<MethodKind>,
    /// Only for this way of paying.
    method: Option<ID>,
    /// Only for this channel.
    channel: Option<ID>,
    /// Only for this party.
    party: Option<ID>,
}

impl MappedAccountInput {
    fn account(self, index: usize, scope: &Scope) -> Result<v1::MappedAccount, Rejection> {
        let at = || format!("mapping.accounts.{index}.key");
        let rate = self.rate.as_ref().map(|rate| scope.rate(rate, at)).transpose()?;
        let keys = [
            rate.map(v1::AccountKey::Rate),
            self.method_kind.map(|kind| v1::AccountKey::Kind(kind.into())),
            self.method.as_ref().map(|id| v1::AccountKey::Method(scope.id(id))),
            self.channel.as_ref().map(|id| v1::AccountKey::Channel(scope.id(id))),
            self.party.as_ref().map(|id| v1::AccountKey::Party(scope.id(id))),
        ];
        let mut stated = keys.into_iter().flatten();
        let key = stated.next().unwrap_or(v1::AccountKey::Any);
        if stated.next().is_some() {
            return Err(Rejection::new(RejectionCode::AccountKeyInvalid, at()));
        }
        Ok(v1::MappedAccount {
            role: self.role.into(),
            key,
            account: self.account,
            name: self.name,
            auxiliary: self.auxiliary,
            auxiliary_name: self.auxiliary_name,
        })
    }
}

/// Code and name of a book.
#[derive(InputObject)]
pub(crate) struct BookCodeInput {
    /// The book.
    book: AccountingBook,
    /// Its code, such as VE.
    code: String,
    /// Its name.
    name: String,
}

/// All accounts.
#[derive(InputObject)]
pub(crate) struct AccountMappingInput {
    /// Its name.
    name: String,
    /// Where it is from: who decided it, with its date.
    source: String,
    /// When VAT on receipts becomes due.
    vat_due: VatDue,
    /// Every book, once.
    books: Vec<BookCodeInput>,
    /// The accounts.
    accounts: Vec<MappedAccountInput>,
}

/// Input of `accountMappingSet`.
#[derive(InputObject)]
pub(crate) struct AccountMappingSetInput {
    #[graphql(flatten)]
    caller: Caller,
    /// All accounts, changed or not.
    mapping: AccountMappingInput,
    /// Entries of the commercial day that holds this instant are the first, or of the first day that is not locked; of
    /// today if absent.
    valid_from: Option<DateTime>,
}

impl CommandInput for AccountMappingSetInput {
    fn caller(&self) -> &Caller {
        &self.caller
    }

    fn body(self, scope: &Scope) -> Result<CommandBody, Rejection> {
        let mapping = self.mapping;
        let accounts = mapping.accounts.into_iter().enumerate();
        let accounts: Result<Vec<_>, _> =
            accounts.map(|(index, account)| account.account(index, scope)).collect();
        let books = mapping.books.into_iter().map(|book| v1::BookCode {
            book: book.book.into(),
            code: book.code,
            name: book.name,
        });
        let mapping = v1::AccountMapping {
            name: mapping.name,
            source: mapping.source,
            vat_due: mapping.vat_due.into(),
            books: books.collect(),
            accounts: accounts?,
        };
        let valid_from = self.valid_from.map(|from| from.0);
        Ok(CommandBody::SetAccountMapping(SetAccountMapping { mapping, valid_from }))
    }
}

/// Input of `remittanceRecord`.
#[derive(InputObject)]
pub(crate) struct RemittanceRecordInput {
    #[graphql(flatten)]
    caller: Caller,
    /// When it happened, if it is a fact that is recorded later.
    occurred_at: Option<DateTime>,
    /// The channel of the network or remote box office.
    channel: ID,
    /// The show that it is for, if for one.
    show: Option<ID>,
    /// What came in; below zero for what went back.
    amount: Decimal,
    /// When the bank booked it.
    received_at: DateTime,
    /// The bank's reference, of which the log keeps a hash: the same remittance is recorded once.
    reference: String,
}

impl CommandInput for RemittanceRecordInput {
    fn caller(&self) -> &Caller {
        &self.caller
    }

    fn occurred_at(&self) -> Option<Timestamp> {
        self.occurred_at.map(|time| time.0)
    }

    fn body(self, scope: &Scope) -> Result<CommandBody, Rejection> {
        let reference = self.reference.trim();
        if reference.is_empty() {
            return Err(Rejection::new(RejectionCode::TextEmpty, "reference"));
        }
        let amount: Amount = scope.amount(&self.amount, || "amount".into())?;
        Ok(CommandBody::RecordRemittance(RecordRemittance {
            channel: scope.id(&self.channel),
            show: scope.optional(self.show.as_ref()),
            amount,
            received_at: self.received_at.0,
            reference: Hash::of_reference(reference),
        }))
    }
}

/// Input of `journalLock`.
#[derive(InputObject)]
pub(crate) struct JournalLockInput {
    #[graphql(flatten)]
    caller: Caller,
    /// The last day is the commercial day that holds this instant.
    through: DateTime,
}

impl CommandInput for JournalLockInput {
    fn caller(&self) -> &Caller {
        &self.caller
    }

    fn body(self, _: &Scope) -> Result<CommandBody, Rejection> {
        Ok(CommandBody::LockJournal(LockJournal { through: self.through.0 }))
    }
}

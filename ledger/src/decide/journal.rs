//! The accounts that entries are made on, what third parties remitted, and the lock of the journal.

use soticket_schema::command::{LockJournal, RecordRemittance, SetAccountMapping};
use soticket_schema::event::v1::{
    AccountKey, AccountMapping, AccountMappingSet, AccountRole, Book, ChannelKind, JournalLocked,
    MappedAccount, RemittanceRecorded, VatDue,
};
use soticket_schema::limits::{ACCOUNT_BYTES_MAX, ACCOUNTS_MAX, NAME_BYTES_MAX, REFERENCE_BYTES_MAX};
use soticket_schema::{Amount, Event, Rate, Rejection, RejectionCode};

use super::checks::{Checks, Path, field};
use super::{Context, Decide, Timing, When};
use crate::state::State;

impl Decide for SetAccountMapping {
    fn shape(&self, _when: When, checks: &mut Checks) {
        check_mapping(&self.mapping, checks);
        if let Some(from) = self.valid_from {
            checks.instant(from, field("valid_from"));
        }
    }

    fn decide(&self, context: &Context<'_>, checks: &mut Checks) -> Result<Vec<Event>, Rejection> {
        let at = field("mapping");
        let accounts = at.field("accounts");
        for (index, account) in self.mapping.accounts.iter().enumerate() {
            check_key(account.key, context.state, accounts.item(index).field("key"), checks);
        }
        for rate in rates_in_use(context.state) {
            let has = |role| has_account(&self.mapping, role, AccountKey::Rate(rate));
            checks.ensure(has(AccountRole::VatCollected), RejectionCode::VatAccountMissing, accounts);
        }
        let version = context.state.journal.next_mapping();
        let valid_from = self.valid_from.unwrap_or(context.now);
        Ok(vec![AccountMappingSet { version, mapping: self.mapping.clone(), valid_from }.into()])
    }
}

impl Decide for RecordRemittance {
    fn timing(&self) -> Timing {
        Timing::Either
    }

    fn shape(&self, when: When, checks: &mut Checks) {
        checks.signed_amount(self.amount, field("amount"));
        checks.ensure(self.amount != Amount::ZERO, RejectionCode::AmountNegative, field("amount"));
        checks.instant(self.received_at, field("received_at"));
        checks.ensure(self.received_at <= when.now, RejectionCode::TimeOrder, field("received_at"));
    }

    fn decide(&self, context: &Context<'_>, checks: &mut Checks) -> Result<Vec<Event>, Rejection> {
        let state = context.state;
        let shown = self.show.is_none_or(|show| state.shows.get(show.0).is_some());
        checks.ensure(shown, RejectionCode::ShowUnknown, field("show"));
        let channel = state.channels.get(self.channel.0);
        let channel = checks.need(channel, RejectionCode::ChannelUnknown, field("channel"))?;
        let known = state.journal.knows(self.channel, self.reference);
        checks.ensure(!known, RejectionCode::RemittanceKnown, field("reference"));
        let collects = matches!(channel.kind, ChannelKind::Network | ChannelKind::RemoteBoxOffice);
        checks.ensure(collects, RejectionCode::ChannelKindMismatch, field("channel"));
        Ok(vec![
            RemittanceRecorded {
                channel: self.channel,
                show: self.show,
                amount: self.amount,
                received_at: self.received_at,
                reference: self.reference,
            }
            .into(),
        ])
    }
}

impl Decide for LockJournal {
    /// A day is locked when it is over: what still happens on it would belong to the next.
    fn shape(&self, when: When, checks: &mut Checks) {
        checks.instant(self.through, field("through"));
        checks.ensure(self.through < when.now, RejectionCode::TimeOrder, field("through"));
    }

    fn decide(&self, context: &Context<'_>, checks: &mut Checks) -> Result<Vec<Event>, Rejection> {
        let locked = context.state.journal.locked_through();
        let later = locked.is_none_or(|locked| locked < self.through);
        checks.ensure(later, RejectionCode::JournalLocked, field("through"));
        Ok(vec![JournalLocked { through: self.through }.into()])
    }
}

fn check_mapping(mapping: &AccountMapping, checks: &mut Checks) {
    let at = field("mapping");
    checks.text(&mapping.name, NAME_BYTES_MAX, at.field("name"));
    checks.text(&mapping.source, NAME_BYTES_MAX, at.field("source"));
    check_books(mapping, at.field("books"), checks);
    let accounts = at.field("accounts");
    checks.list_with_one(&mapping.accounts, ACCOUNTS_MAX, accounts);
    for (index, account) in mapping.accounts.iter().enumerate().take(ACCOUNTS_MAX) {
        check_account(account, accounts.item(index), checks);
    }
    check_distinct(mapping, accounts, checks);
    for role in AccountRole::ALL {
        let needed = role.is_required()
            || (role == AccountRole::VatPending && mapping.vat_due == VatDue::OnPerformance);
        let there = !needed || has_account(mapping, role, AccountKey::Any);
        checks.ensure(there, RejectionCode::AccountMissing, accounts.field(role.name()));
    }
}

fn check_books(mapping: &AccountMapping, at: Path<'_>, checks: &mut Checks) {
    for (index, book) in mapping.books.iter().enumerate().take(Book::ALL.len() + 1) {
        let item = at.item(index);
        checks.text(&book.code, REFERENCE_BYTES_MAX, item.field("code"));
        checks.text(&book.name, NAME_BYTES_MAX, item.field("name"));
    }
    checks.list(&mapping.books, Book::ALL.len(), at);
    let books = mapping.books.iter().map(|book| book.book).enumerate();
    checks.distinct(books, |index| at.item(index).to_string());
    for book in Book::ALL {
        let there = mapping.books.iter().any(|known| known.book == book);
        checks.ensure(there, RejectionCode::AccountMissing, at.field(book.name()));
    }
}

fn check_account(account: &MappedAccount, at: Path<'_>, checks: &mut Checks) {
    checks.text(&account.account, ACCOUNT_BYTES_MAX, at.field("account"));
    checks.ensure(is_account(&account.account), RejectionCode::AccountInvalid, at.field("account"));
    checks.text(&account.name, NAME_BYTES_MAX, at.field("name"));
    checks.text_or_empty(&account.auxiliary, ACCOUNT_BYTES_MAX, at.field("auxiliary"));
    checks.text_or_empty(&account.auxiliary_name, NAME_BYTES_MAX, at.field("auxiliary_name"));
    let fits = account.role.takes(account.key);
    checks.ensure(fits, RejectionCode::AccountKeyInvalid, at.field("key"));
}

/// What an official check of an accounting file demands: three digits of the chart of accounts come first.
fn is_account(text: &str) -> bool {
    let stem = text.replace("{}", "");
    let (digits, rest) = stem.as_bytes().split_at(stem.len().min(3));
    text.get(..3).is_some_and(|first| first.bytes().all(|byte| byte.is_ascii_digit()))
        && digits.len() == 3
        && rest.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'-')
}

/// Each key once, and no account for two VAT rates: what is declared apart is booked apart.
fn check_distinct(mapping: &AccountMapping, at: Path<'_>, checks: &mut Checks) {
    let keys = mapping.accounts.iter().map(|account| (account.role, account.key)).enumerate();
    checks.distinct(keys, |index| at.item(index).to_string());
    let rates = mapping.accounts.iter().enumerate().filter(|(_, account)| {
        account.role == AccountRole::VatCollected && matches!(account.key, AccountKey::Rate(_))
    });
    let numbers = rates.map(|(index, account)| (index, (&account.account, &account.auxiliary)));
    checks.distinct(numbers, |index| format!("{}", at.item(index).field("account")));
}

fn has_account(mapping: &AccountMapping, role: AccountRole, key: AccountKey) -> bool {
    mapping.accounts.iter().any(|account| account.role == role && account.key == key)
}

fn check_key(key: AccountKey, state: &State, at: Path<'_>, checks: &mut Checks) {
    match key {
        AccountKey::Any | AccountKey::Kind(_) => {}
        AccountKey::Rate(rate) => checks.rate(rate, at),
        AccountKey::Method(method) => {
            let known = state.methods.get(method.0).is_some();
            checks.ensure(known, RejectionCode::MethodUnknown, at);
        }
        AccountKey::Channel(channel) => {
            let known = state.channels.get(channel.0).is_some();
            checks.ensure(known, RejectionCode::ChannelUnknown, at);
        }
        AccountKey::Party(party) => {
            let known = state.commissions.parties.knows(party.0);
            checks.ensure(known, RejectionCode::PartyUnknown, at);
        }
    }
}

/// VAT rates that tariffs sell at and channels charge fees with.
fn rates_in_use(state: &State) -> std::collections::BTreeSet<Rate> {
    let tariffs = state.tariffs.iter().flat_map(crate::state::Tariff::rates);
    let fees = state.channels.iter().map(|channel| channel.fee_vat);
    tariffs.chain(fees).filter(|rate| *rate != Rate::ZERO).collect()
}

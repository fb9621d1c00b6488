//! The accounts that entries are made on, remittances, and the lock of the journal.

use soticket_schema::RejectionCode::*;
use soticket_schema::command::*;
use soticket_schema::event::v1::{self, *};
use soticket_schema::*;

use crate::harness::{NOW, Refused, World, after, refused};
use crate::venue::*;

/// One account for every role, and one for each VAT rate that the house sells at.
pub(crate) fn mapping() -> AccountMapping {
    let account = |role: AccountRole, key, account: &str| MappedAccount {
        role,
        key,
        account: account.into(),
        name: role.name().into(),
        auxiliary: String::new(),
        auxiliary_name: String::new(),
    };
    let any = AccountRole::ALL.into_iter().filter(|role| role.takes(AccountKey::Any));
    let mut accounts: Vec<_> = any.map(|role| account(role, AccountKey::Any, "471{}")).collect();
    for (rate, number) in [(21_000, "445711"), (55_000, "445712"), (200_000, "445713")] {
        accounts.push(account(AccountRole::VatCollected, AccountKey::Rate(Rate(rate)), number));
    }
    let books = Book::ALL.into_iter().map(|book| BookCode {
        book,
        code: book.name().into(),
        name: book.name().into(),
    });
    AccountMapping {
        name: "Accounts".into(),
        source: "Accountant, 2026".into(),
        vat_due: VatDue::OnSale,
        books: books.collect(),
        accounts,
    }
}

fn set(mapping: AccountMapping) -> SetAccountMapping {
    SetAccountMapping { mapping, valid_from: None }
}

fn remittance() -> RecordRemittance {
    RecordRemittance {
        channel: FNAC,
        show: Some(SHOW),
        amount: Amount(158_304),
        received_at: after(-60),
        reference: Hash([7; 32]),
    }
}

/// A house whose third channel is a network.
fn with_network() -> World {
    let network = ChannelOpened {
        channel: ChannelId(4),
        name: "Network".into(),
        kind: ChannelKind::Network,
        fee_on_top: Amount(180),
        fee_vat: Rate(200_000),
        commission: None,
    };
    open().and([network.into()])
}

#[test]
fn mappings_are_numbered_and_dated() {
    let first = AccountMappingSet { version: 1, mapping: mapping(), valid_from: NOW };
    house().when(set(mapping())).then([first.into()]);
    let second = SetAccountMapping { mapping: mapping(), valid_from: Some(after(-86_400)) };
    let event = AccountMappingSet { version: 2, mapping: mapping(), valid_from: after(-86_400) };
    house().after(set(mapping())).when(second).then([event.into()]);
}

#[test]
fn a_remittance_is_recorded_once_and_may_be_taken_back() {
    let remittance = RecordRemittance { channel: ChannelId(4), ..remittance() };
    let back = RecordRemittance { amount: Amount(-158_304), reference: Hash([8; 32]), ..remittance };
    let world = with_network();
    let event = v1::RemittanceRecorded {
        channel: ChannelId(4),
        show: Some(SHOW),
        amount: Amount(158_304),
        received_at: after(-60),
        reference: Hash([7; 32]),
    };
    world.when(remittance).then([event.clone().into()]);
    let event = v1::RemittanceRecorded { amount: back.amount, reference: back.reference, ..event };
    world.after(remittance).when(back).then([event.into()]);
}

#[test]
fn the_journal_is_locked_forwards() {
    let world = house().after(LockJournal { through: after(-7_200) });
    let through = after(-3_600);
    world.when(LockJournal { through }).then([v1::JournalLocked { through }.into()]);
}

pub(crate) fn rejections() -> Vec<Refused> {
    let (world, network) = (house(), with_network());
    let with = |change: fn(&mut AccountMapping)| {
        let mut mapping = mapping();
        change(&mut mapping);
        set(mapping)
    };
    let narrow = |key| {
        let mut mapping = mapping();
        let mut account = mapping.accounts.last().unwrap().clone();
        (account.role, account.key) = key;
        account.account = "512".into();
        mapping.accounts.push(account);
        set(mapping)
    };
    let remittance = RecordRemittance { channel: ChannelId(4), ..remittance() };
    let locked = world.clone().after(LockJournal { through: after(-60) });
    vec![
        refused(&world, with(|mapping| mapping.name.clear()), TextEmpty, "mapping.name"),
        refused(&world, with(|mapping| mapping.source.clear()), TextEmpty, "mapping.source"),
        refused(&world, with(|mapping| mapping.accounts.clear()), ListEmpty, "mapping.accounts"),
        refused(
            &world,
            with(|mapping| mapping.accounts[0].account = "53".into()),
            AccountInvalid,
            "mapping.accounts.0.account",
        ),
        refused(
            &world,
            with(|mapping| mapping.accounts[0].account = "7062 é".into()),
            AccountInvalid,
            "mapping.accounts.0.account",
        ),
        refused(
            &world,
            with(|mapping| mapping.accounts.retain(|account| account.role != AccountRole::Advances)),
            AccountMissing,
            "mapping.accounts.advances",
        ),
        refused(
            &world,
            with(|mapping| {
                mapping.vat_due = VatDue::OnPerformance;
                mapping.accounts.retain(|account| account.role != AccountRole::VatPending);
            }),
            AccountMissing,
            "mapping.accounts.vat_pending",
        ),
        refused(
            &world,
            with(|mapping| {
                mapping.books.pop();
            }),
            AccountMissing,
            "mapping.books.general",
        ),
        refused(&world, with(|mapping| mapping.books[1].book = Book::Sales), Duplicate, "mapping.books.1"),
        refused(
            &world,
            narrow((AccountRole::VatCollected, AccountKey::Any)),
            AccountKeyInvalid,
            "mapping.accounts.34.key",
        ),
        refused(
            &world,
            narrow((AccountRole::Bank, AccountKey::Channel(FNAC))),
            AccountKeyInvalid,
            "mapping.accounts.34.key",
        ),
        // 2.10 % and 5.5 % in one account could not be told apart in a VAT return.
        refused(
            &world,
            with(|mapping| {
                mapping.accounts[31].account = "44571".into();
                mapping.accounts[32].account = "44571".into();
            }),
            Duplicate,
            "mapping.accounts.32.account",
        ),
        refused(
            &world,
            narrow((AccountRole::Clearing, AccountKey::Method(MethodId(9)))),
            MethodUnknown,
            "mapping.accounts.34.key",
        ),
        refused(
            &world,
            narrow((AccountRole::ChannelCurrent, AccountKey::Channel(ChannelId(9)))),
            ChannelUnknown,
            "mapping.accounts.34.key",
        ),
        refused(
            &world,
            narrow((AccountRole::Payables, AccountKey::Party(PartyId(9)))),
            PartyUnknown,
            "mapping.accounts.34.key",
        ),
        refused(
            &open(),
            with(|mapping| mapping.accounts.retain(|account| account.account != "445712")),
            VatAccountMissing,
            "mapping.accounts",
        ),
        refused(&network, RecordRemittance { amount: Amount(0), ..remittance }, AmountNegative, "amount"),
        refused(
            &network,
            RecordRemittance { received_at: after(60), ..remittance },
            TimeOrder,
            "received_at",
        ),
        refused(&network, RecordRemittance { show: Some(ShowId(9)), ..remittance }, ShowUnknown, "show"),
        refused(
            &network,
            RecordRemittance { channel: ChannelId(9), ..remittance },
            ChannelUnknown,
            "channel",
        ),
        refused(&network.clone().after(remittance), remittance, RemittanceKnown, "reference"),
        refused(&network, RecordRemittance { channel: WEB, ..remittance }, ChannelKindMismatch, "channel"),
        refused(&world, LockJournal { through: after(60) }, TimeOrder, "through"),
        refused(&locked, LockJournal { through: after(-3_600) }, JournalLocked, "through"),
    ]
}

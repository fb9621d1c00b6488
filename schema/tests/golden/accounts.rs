//! Samples of settlements and of the journal.

use soticket_schema::event::Event;
use soticket_schema::event::v1::*;
use soticket_schema::hash::Hash;
use soticket_schema::ids::*;
use soticket_schema::money::{Amount, Rate};
use soticket_schema::time::Timestamp;

/// The mapping, what networks remitted, the lock.
pub(crate) fn journal() -> Vec<Event> {
    let account = |role, key| MappedAccount {
        role,
        key,
        account: "467{}".into(),
        name: "Compte courant {}".into(),
        auxiliary: "{}".into(),
        auxiliary_name: "Réseau {}".into(),
    };
    let mapping = AccountMapping {
        name: "Plan comptable 2026".into(),
        source: "Expert-comptable, 2026-01-05".into(),
        vat_due: VatDue::OnPerformance,
        books: vec![
            BookCode { book: Book::Sales, code: "VE".into(), name: "Ventes".into() },
            BookCode { book: Book::General, code: "OD".into(), name: "Opérations diverses".into() },
        ],
        accounts: vec![
            account(AccountRole::ChannelCurrent, AccountKey::Channel(ChannelId(300))),
            account(AccountRole::VatCollected, AccountKey::Rate(Rate(21_000))),
            account(AccountRole::Clearing, AccountKey::Kind(MethodKind::Cheque)),
            account(AccountRole::Clearing, AccountKey::Method(MethodId(2))),
            account(AccountRole::Suspense, AccountKey::Any),
            account(AccountRole::Payables, AccountKey::Party(PartyId(4))),
        ],
    };
    let at = Timestamp(1_774_591_200_000_000);
    vec![
        AccountMappingSet { version: 2, mapping, valid_from: at }.into(),
        RemittanceRecorded {
            channel: ChannelId(3),
            show: Some(ShowId(300)),
            amount: Amount(158_304),
            received_at: at,
            reference: Hash([0xb7; 32]),
        }
        .into(),
        JournalLocked { through: at }.into(),
    ]
}

/// A settlement with one line of every kind of optional field.
pub(crate) fn settlement() -> Vec<Event> {
    let line = SettledLine {
        step: "Commission Fnac".into(),
        role: SettledRole::Commission,
        party: Some(PartyId(300)),
        channel: Some(ChannelId(3)),
        basis: Amount(163_200),
        rate: Rate(25_000),
        net: Amount(4_080),
        vat_rate: Rate(200_000),
        vat: Amount(816),
    };
    vec![
        SettlementSealed {
            settlement: SettlementId(1),
            version: 2,
            show: ShowId(300),
            deal: DealId(1),
            deal_version: 3,
            calculation: 1,
            position: 70_000,
            head: Hash([0x1d; 32]),
            statement: Hash([0x2e; 32]),
            lines: vec![line],
        }
        .into(),
    ]
}

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

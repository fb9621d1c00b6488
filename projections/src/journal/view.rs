//! What the journal answers.

use jiff::civil::Date;
use soticket_schema::event::v1::Book;
use soticket_schema::{Amount, ChannelId, PartyId, SettlementId, ShowId};

/// Which entries are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JournalFilter {
    /// First commercial day.
    pub from: Date,
    /// Last commercial day: one that is over, since a performance of today may still be called off.
    pub to: Date,
    /// Entries of this show only.
    pub show: Option<ShowId>,
}

/// The end of a show's statement: its settlement was sealed or, before that, its sale was closed for good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Closed {
    /// When it was recorded.
    pub at: soticket_schema::Timestamp,
    /// Position of the event that closed it last.
    pub position: u64,
    /// Version of the settlement; 0 while none is sealed.
    pub version: u32,
}

/// What an entry is about. Entries of one day and show come in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EntryKind {
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
    /// What a third party that sells remitted.
    Remittance(ChannelId),
    /// Receipts earned by the performance.
    Performance,
    /// Commissions of a settlement.
    Commissions(SettlementId, u32),
    /// Royalties and what is owed beside them.
    Royalties(SettlementId, u32, Option<PartyId>),
    /// Taxes on the show.
    Levy(SettlementId, u32, Option<PartyId>),
    /// Costs of the show.
    Costs(SettlementId, u32, Option<PartyId>),
    /// A party's share.
    Share(SettlementId, u32, Option<PartyId>),
    /// What payments cost.
    PaymentCosts(SettlementId, u32),
}

/// A balanced entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JournalEntry {
    /// Its number: 1 and one more for each entry from the first day of the journal on; of a show's own journal where
    /// entries of one show were asked for.
    pub number: u64,
    /// Commercial day.
    pub day: Date,
    /// The book that it is in.
    pub book: Book,
    /// Code of the book.
    pub book_code: String,
    /// Name of the book.
    pub book_name: String,
    /// The show; none for what belongs to none.
    pub show: Option<ShowId>,
    /// What it is about.
    pub kind: EntryKind,
    /// Reference of its voucher: the same in every export.
    pub reference: String,
    /// What it is about, in French as its readers are.
    pub label: String,
    /// Debits, then credits. They add up to the same.
    pub lines: Vec<JournalLine>,
    /// Kinds of the events that it is made of, ascending.
    pub event_kinds: Vec<u16>,
    /// Positions of these events, ascending.
    pub positions: Vec<u64>,
}

/// One line of an entry: a debit or a credit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JournalLine {
    /// Number of the account.
    pub account: String,
    /// Name of the account.
    pub name: String,
    /// Auxiliary account, or empty.
    pub auxiliary: String,
    /// Its name, or empty.
    pub auxiliary_name: String,
    /// Debit; zero for a credit.
    pub debit: Amount,
    /// Credit; zero for a debit.
    pub credit: Amount,
}

//! What the journal of double entries is made with: accounts, what third parties remitted, and how far it is locked.

use bincode::{Decode, Encode};
use serde::{Deserialize, Serialize};

use super::payment::MethodKind;
use crate::hash::Hash;
use crate::ids::{ChannelId, MethodId, PartyId, ShowId};
use crate::money::{Amount, Rate};
use crate::time::Timestamp;

/// What an account is for. The numbers named here are those of the French chart of accounts that ships with the program.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, Encode, Decode,
)]
pub enum AccountRole {
    /// Ticket receipts of shows that have taken place (7062).
    Receipts,
    /// Receipts of shows still to come, a debt to spectators (4191).
    Advances,
    /// VAT collected, one account per rate (44571x).
    VatCollected,
    /// VAT that becomes due with the performance (4458).
    VatPending,
    /// VAT on what others invoice (44566).
    VatDeductible,
    /// What orders owe, or have paid too much (411).
    Customers,
    /// Money on its way, by way of paying (5112, 530, ...).
    Clearing,
    /// What a third party that sells has collected and not yet remitted (467x).
    ChannelCurrent,
    /// What is held for other parties (467x).
    PartyCurrent,
    /// Packs that were paid and are not yet shared among shows (419x).
    PassClearing,
    /// The organisation's own fees (7085).
    OwnFees,
    /// Cards that can still be used (4192).
    CardAdvances,
    /// Cards past their time (7063).
    CardRevenue,
    /// Gift cards and vouchers not yet spent (4197).
    StoredValues,
    /// What nobody spent in time (7588).
    Breakage,
    /// Merchandise, food, drink (707).
    Merchandise,
    /// Donations (754).
    Donations,
    /// Other products (7088).
    OtherRevenue,
    /// Commissions of those who sell (6222).
    Commissions,
    /// Royalties (6516).
    Royalties,
    /// What is owed beside royalties (6378).
    Contributions,
    /// Taxes on the show (6378).
    Levies,
    /// Those taxes as a debt (447).
    LevyPayable,
    /// Costs of the show. Left out where suppliers' invoices are booked from their own vouchers.
    Costs,
    /// Shares of receipts: the purchase of the show (611).
    Shares,
    /// What payments cost (627).
    PaymentCosts,
    /// Suppliers, societies and producers (401x).
    Payables,
    /// Bank (512).
    Bank,
    /// Cash that was too much (758).
    CashGains,
    /// Cash that was missing (658).
    CashLosses,
    /// Cash on its way to or from the bank or the safe (580).
    InternalTransfers,
    /// What still has to be put where it belongs (471).
    Suspense,
}

impl AccountRole {
    /// Every role, in order.
    pub const ALL: [Self; 32] = [
        Self::Receipts,
        Self::Advances,
        Self::VatCollected,
        Self::VatPending,
        Self::VatDeductible,
        Self::Customers,
        Self::Clearing,
        Self::ChannelCurrent,
        Self::PartyCurrent,
        Self::PassClearing,
        Self::OwnFees,
        Self::CardAdvances,
        Self::CardRevenue,
        Self::StoredValues,
        Self::Breakage,
        Self::Merchandise,
        Self::Donations,
        Self::OtherRevenue,
        Self::Commissions,
        Self::Royalties,
        Self::Contributions,
        Self::Levies,
        Self::LevyPayable,
        Self::Costs,
        Self::Shares,
        Self::PaymentCosts,
        Self::Payables,
        Self::Bank,
        Self::CashGains,
        Self::CashLosses,
        Self::InternalTransfers,
        Self::Suspense,
    ];

    /// Its name, as fields and messages say it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Receipts => "receipts",
            Self::Advances => "advances",
            Self::VatCollected => "vat_collected",
            Self::VatPending => "vat_pending",
            Self::VatDeductible => "vat_deductible",
            Self::Customers => "customers",
            Self::Clearing => "clearing",
            Self::ChannelCurrent => "channel_current",
            Self::PartyCurrent => "party_current",
            Self::PassClearing => "pass_clearing",
            Self::OwnFees => "own_fees",
            Self::CardAdvances => "card_advances",
            Self::CardRevenue => "card_revenue",
            Self::StoredValues => "stored_values",
            Self::Breakage => "breakage",
            Self::Merchandise => "merchandise",
            Self::Donations => "donations",
            Self::OtherRevenue => "other_revenue",
            Self::Commissions => "commissions",
            Self::Royalties => "royalties",
            Self::Contributions => "contributions",
            Self::Levies => "levies",
            Self::LevyPayable => "levy_payable",
            Self::Costs => "costs",
            Self::Shares => "shares",
            Self::PaymentCosts => "payment_costs",
            Self::Payables => "payables",
            Self::Bank => "bank",
            Self::CashGains => "cash_gains",
            Self::CashLosses => "cash_losses",
            Self::InternalTransfers => "internal_transfers",
            Self::Suspense => "suspense",
        }
    }

    /// Whether every mapping must have an account for it.
    pub fn is_required(self) -> bool {
        !matches!(self, Self::Costs | Self::VatCollected | Self::VatPending)
    }

    /// Whether accounts for it may differ by this.
    pub fn takes(self, key: AccountKey) -> bool {
        match key {
            AccountKey::Any => self != Self::VatCollected,
            AccountKey::Rate(_) => matches!(self, Self::VatCollected | Self::VatPending),
            AccountKey::Kind(_) | AccountKey::Method(_) => self == Self::Clearing,
            AccountKey::Channel(_) => self == Self::ChannelCurrent,
            AccountKey::Party(_) => {
                matches!(self, Self::PartyCurrent | Self::Payables | Self::LevyPayable)
            }
        }
    }
}

/// What an account is only for. The narrower one goes before the wider.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, Encode, Decode,
)]
pub enum AccountKey {
    /// Everything of its role that no other account is for.
    Any,
    /// This VAT rate.
    Rate(Rate),
    /// Ways of paying of this kind.
    Kind(MethodKind),
    /// This way of paying.
    Method(MethodId),
    /// This channel.
    Channel(ChannelId),
    /// This party.
    Party(PartyId),
}

/// One account. In its texts `{}` stands for what a line is about: the show's reference, or the name of the channel,
/// party or way of paying.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct MappedAccount {
    /// What it is for.
    pub role: AccountRole,
    /// What it is only for.
    pub key: AccountKey,
    /// Its number: three digits of the chart of accounts first.
    pub account: String,
    /// Its name.
    pub name: String,
    /// The auxiliary account, or empty.
    pub auxiliary: String,
    /// Its name, or empty.
    pub auxiliary_name: String,
}

/// Which book an entry is in.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, Encode, Decode,
)]
pub enum Book {
    /// Sales and refunds.
    Sales,
    /// What others invoice.
    Purchases,
    /// Bank.
    Bank,
    /// Cash.
    Cash,
    /// Everything else.
    General,
}

impl Book {
    /// Every book, in order.
    pub const ALL: [Self; 5] = [Self::Sales, Self::Purchases, Self::Bank, Self::Cash, Self::General];

    /// Its name, as fields and messages say it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sales => "sales",
            Self::Purchases => "purchases",
            Self::Bank => "bank",
            Self::Cash => "cash",
            Self::General => "general",
        }
    }
}

/// Code and name of a book.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct BookCode {
    /// The book.
    pub book: Book,
    /// Its code, such as `VE`.
    pub code: String,
    /// Its name.
    pub name: String,
}

/// When VAT on receipts becomes due.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, Encode, Decode,
)]
pub enum VatDue {
    /// With the sale: the show is known, so that the payment makes it due.
    OnSale,
    /// With the performance: until then it is pending.
    OnPerformance,
}

/// All accounts.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct AccountMapping {
    /// Its name.
    pub name: String,
    /// Where it is from: who decided it, with its date.
    pub source: String,
    /// When VAT on receipts becomes due.
    pub vat_due: VatDue,
    /// Every book, once.
    pub books: Vec<BookCode>,
    /// The accounts.
    pub accounts: Vec<MappedAccount>,
}

/// Entries are made on these accounts from a day on. Before the first one, on those that ship with the program.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct AccountMappingSet {
    /// 1, and one more for each that follows.
    pub version: u32,
    /// All accounts, changed or not.
    pub mapping: AccountMapping,
    /// Entries of the commercial day that holds this instant are the first, or of the first day that is not locked.
    pub valid_from: Timestamp,
}

/// A third party that sells paid what it had collected, less what it keeps. An amount below zero takes back what was
/// recorded too much, or is what the third party charged.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct RemittanceRecorded {
    /// The channel that it operates.
    pub channel: ChannelId,
    /// The show that it is for, if for one.
    pub show: Option<ShowId>,
    /// What came in.
    pub amount: Amount,
    /// When the bank booked it.
    pub received_at: Timestamp,
    /// BLAKE3 of the bank's reference: the same remittance is recorded once.
    pub reference: Hash,
}

/// Entries up to a day stay as they are: what is recorded later about it goes to the first day after.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct JournalLocked {
    /// The last day is the commercial day that holds this instant.
    pub through: Timestamp,
}

//! Enumerations of accounts.

use async_graphql::Enum;
use soticket_schema::event::v1;

/// What an account is for, with its number in the French chart of accounts that ships with the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "v1::AccountRole")]
pub(crate) enum AccountRole {
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

/// Which book an accounting entry is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "v1::Book")]
pub(crate) enum AccountingBook {
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

/// When VAT on receipts becomes due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "v1::VatDue")]
pub(crate) enum VatDue {
    /// With the sale: the show is known, so that the payment makes it due.
    OnSale,
    /// With the performance: until then it is pending.
    OnPerformance,
}

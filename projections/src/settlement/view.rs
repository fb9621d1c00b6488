//! What settlement answers.

use soticket_schema::event::v1::{
    Beneficiary, CommissionMode, CompReason, FeeKind, ItemKind, Payer, TariffKind,
};
use soticket_schema::money::Taxed;
use soticket_schema::{
    Amount, ChannelId, CommissionId, Currency, MethodId, Rate, Rounding, ShowId, TariffId, ZoneId,
};

/// The box-office statement of a show.
///
/// Receipts are face prices. Fees on top belong to whoever charges them and are listed apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShowSettlement {
    /// The show.
    pub show: ShowId,
    /// Currency of every amount.
    pub currency: Currency,
    /// Where VAT was rounded; to be printed on the statement.
    pub rounding: Rounding,
    /// Places that the safety commission allows.
    pub authorised_capacity: u64,
    /// Lines of paid tickets: tariffs in the order of their definition, then zone, channel and price from high to low.
    pub lines: Vec<SettlementLine>,
    /// Lines of free tickets, in the same order.
    pub free_lines: Vec<SettlementLine>,
    /// Free tickets by reason.
    pub free_by_reason: Vec<FreeTickets>,
    /// All paid lines together: the receipts.
    pub paid: SettlementTotal,
    /// All free lines together.
    pub free: SettlementTotal,
    /// Tickets that entitle to an entry: net paid and net free.
    pub entries: u64,
    /// Receipts per VAT rate, from low to high.
    pub vat: Vec<VatTotal>,
    /// Fees on top that were kept, by channel, rate and unit fee: outside the receipts.
    pub fees: Vec<FeeTotal>,
    /// Products and fees of orders that name this show.
    pub items: Vec<ItemTotal>,
    /// Money by method, of orders that hold tickets of this show only.
    pub money: Vec<MethodTotal>,
    /// Commissions by channel, commission and version. Those inside change nothing of the receipts; those on top are not
    /// among the fees and items.
    pub commissions: Vec<CommissionTotal>,
    /// Tickets whose commissions came to more than the cap when they were sold.
    pub over_cap: u64,
    /// Tickets of reported sales whose fee on top was not what the rules say.
    pub other_fee: u64,
}

/// One commission in one version, on one channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CommissionTotal {
    /// The channel that sold.
    pub channel: ChannelId,
    /// The commission.
    pub commission: CommissionId,
    /// Version of its terms.
    pub version: u32,
    /// Who earns it; whoever operates the channel if it says so.
    pub beneficiary: Beneficiary,
    /// Who pays it.
    pub payer: Payer,
    /// Where it stands to the face price.
    pub mode: CommissionMode,
    /// VAT rate of the commission.
    pub rate: Rate,
    /// Tickets charged; orders for a commission of whole orders.
    pub count: u64,
    /// Of these, given back.
    pub reversed_count: u64,
    /// What those that stay charged were worked out on.
    pub basis: Amount,
    /// What was charged: with VAT if the buyer pays, without if the organiser does.
    pub charged: Amount,
    /// What was given back of it.
    pub reversed: Amount,
    /// Charged less given back, with and without VAT.
    pub taxed: Taxed,
}

/// One line: tickets with the same tariff, zone, channel, unit price, VAT rate and reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettlementLine {
    /// The tariff.
    pub tariff: TariffId,
    /// Its name when it was last changed.
    pub tariff_name: String,
    /// What it is.
    pub tariff_kind: TariffKind,
    /// The zone.
    pub zone: ZoneId,
    /// The channel that sold.
    pub channel: ChannelId,
    /// Unit price with VAT. A ticket whose price was reduced counts under its present price only.
    pub price: Amount,
    /// VAT rate.
    pub rate: Rate,
    /// Why the tickets are free.
    pub reason: Option<CompReason>,
    /// Lowest serial number issued.
    pub first_serial: u64,
    /// Highest serial number issued.
    pub last_serial: u64,
    /// Tickets issued.
    pub issued: u64,
    /// Of these, cancelled.
    pub cancelled: u64,
    /// Issued less cancelled.
    pub net: u64,
    /// Of the net ones, those that rules charged the channel's commission for; the terms under which the channel was
    /// opened count for the others.
    pub charged: u64,
    /// Net tickets times the unit price, split.
    pub taxed: Taxed,
}

/// Sum of lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SettlementTotal {
    /// Tickets issued.
    pub issued: u64,
    /// Of these, cancelled.
    pub cancelled: u64,
    /// Issued less cancelled.
    pub net: u64,
    /// The amounts.
    pub taxed: Taxed,
}

/// Free tickets of one reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FreeTickets {
    /// The reason; none for a price of nothing without one.
    pub reason: Option<CompReason>,
    /// Tickets issued.
    pub issued: u64,
    /// Of these, cancelled.
    pub cancelled: u64,
    /// Issued less cancelled.
    pub net: u64,
}

/// Amounts of one VAT rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VatTotal {
    /// The rate.
    pub rate: Rate,
    /// The amounts.
    pub taxed: Taxed,
}

/// Fees on top that were kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FeeTotal {
    /// The channel that charged them.
    pub channel: ChannelId,
    /// VAT rate of the fee.
    pub rate: Rate,
    /// The fee of one ticket, with VAT.
    pub price: Amount,
    /// Tickets whose fee was kept, cancelled ones with a kept fee included.
    pub tickets: u64,
    /// The amounts.
    pub taxed: Taxed,
}

/// Products or fees of orders with the same kind, price and rate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemTotal {
    /// What it is.
    pub kind: ItemKind,
    /// Name of the product; empty for a fee.
    pub name: String,
    /// Unit price with VAT.
    pub price: Amount,
    /// VAT rate.
    pub rate: Rate,
    /// Sold.
    pub sold: u64,
    /// Of these, cancelled.
    pub cancelled: u64,
    /// Sold less cancelled.
    pub net: u64,
    /// Net times the unit price, split.
    pub taxed: Taxed,
}

/// Money that came in and went back by one method.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MethodTotal {
    /// The method.
    pub method: MethodId,
    /// Payment legs.
    pub payments: u64,
    /// What came in.
    pub paid: Amount,
    /// Refund legs.
    pub refunds: u64,
    /// What went back.
    pub returned: Amount,
    /// Came in less went back.
    pub net: Amount,
}

/// Money and products of the whole organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrganisationSettlement {
    /// Currency of every amount.
    pub currency: Currency,
    /// Money by method, of all orders.
    pub money: Vec<MethodTotal>,
    /// What came in.
    pub paid: Amount,
    /// What went back.
    pub returned: Amount,
    /// What the orders come to now: face prices, kept fees and items, less what was cancelled.
    pub orders: Amount,
    /// Open balance: orders less payments plus refunds. Below zero when more was paid than the orders come to.
    pub open: Amount,
    /// Tickets, products and fees by name, price and rate over all shows.
    pub products: Vec<ProductRow>,
}

/// One row of the products report, for comparison with another system's accounting report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProductRow {
    /// What the row is about.
    pub kind: ProductRowKind,
    /// Name of the tariff or product; empty for a fee.
    pub name: String,
    /// Unit price with VAT.
    pub price: Amount,
    /// VAT rate.
    pub rate: Rate,
    /// Sold less cancelled.
    pub number: u64,
    /// The amounts, rounded per show by the show's policy and added up.
    pub taxed: Taxed,
}

/// What a row of the products report is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ProductRowKind {
    /// Tickets of the tariffs with this name.
    Tariff,
    /// Products with this name.
    Product,
    /// Fees of orders.
    Fee(FeeKind),
    /// Fees on top of tickets.
    FeeOnTop(ChannelId),
}

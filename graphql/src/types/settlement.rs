//! The box-office statement of a show.

use async_graphql::{Context, Object, Result};
use soticket_projections::settlement;

use super::commission_totals::{CommissionTotal, commission_totals};
use super::enums::{CompReason, Rounding};
use super::integrity::Checkpoint;
use super::lookup::{count, named};
use super::settlement_totals::{
    FeeTotal, FreeTickets, ItemTotal, MethodTotal, SettlementTotal, fees, free_tickets, items, methods,
};
use super::{Channel, Tariff, Zone};
use crate::input::Scope;
use crate::money::{Money, TaxedMoney};
use crate::scalar::{Counter, CurrencyCode};

/// The box-office statement of a show.
pub(crate) struct ShowSettlement {
    scope: Scope,
    view: settlement::ShowSettlement,
    checkpoint: Checkpoint,
}

impl ShowSettlement {
    /// The statement as of a checkpoint.
    pub(super) fn new(scope: Scope, view: settlement::ShowSettlement, checkpoint: Checkpoint) -> Self {
        Self { scope, view, checkpoint }
    }

    fn rows(&self, lines: &[settlement::SettlementLine]) -> Vec<SettlementLine> {
        lines.iter().map(|line| SettlementLine { scope: self.scope, line: line.clone() }).collect()
    }
}

/// The box-office statement of a show. Receipts are face prices; fees on top are listed apart.
#[Object]
impl ShowSettlement {
    /// The event that this is as of.
    async fn checkpoint(&self) -> Checkpoint {
        self.checkpoint
    }

    /// Currency of every amount.
    async fn currency(&self) -> CurrencyCode {
        self.view.currency.into()
    }

    /// Where VAT was rounded; to be printed on the statement.
    async fn rounding(&self) -> Rounding {
        self.view.rounding.into()
    }

    /// Places that the safety commission allows.
    async fn authorised_capacity(&self) -> i32 {
        count(self.view.authorised_capacity)
    }

    /// Tickets that entitle to an entry: net paid and net free.
    async fn entries(&self) -> i32 {
        count(self.view.entries)
    }

    /// Lines of paid tickets: tariffs in the order of their definition, then zone, channel and price from high to low.
    async fn lines(&self) -> Vec<SettlementLine> {
        self.rows(&self.view.lines)
    }

    /// Lines of free tickets, in the same order.
    async fn free_lines(&self) -> Vec<SettlementLine> {
        self.rows(&self.view.free_lines)
    }

    /// Free tickets by reason.
    async fn free_by_reason(&self) -> Vec<FreeTickets> {
        free_tickets(&self.view.free_by_reason)
    }

    /// All paid lines together: the receipts.
    async fn paid(&self) -> SettlementTotal {
        SettlementTotal::new(self.scope, self.view.paid)
    }

    /// All free lines together.
    async fn free(&self) -> SettlementTotal {
        SettlementTotal::new(self.scope, self.view.free)
    }

    /// Receipts per VAT rate, from low to high.
    async fn vat(&self) -> Vec<TaxedMoney> {
        let total = |total: &settlement::VatTotal| {
            TaxedMoney::new(total.taxed, Some(total.rate), self.scope.currency)
        };
        self.view.vat.iter().map(total).collect()
    }

    /// Fees on top that were kept, by channel and rate: outside the receipts.
    async fn fees(&self) -> Vec<FeeTotal> {
        fees(self.scope, &self.view.fees)
    }

    /// Products and fees of orders that name this show.
    async fn items(&self) -> Vec<ItemTotal> {
        items(self.scope, &self.view.items)
    }

    /// Commissions by channel, commission and version. Those inside change nothing of the receipts; those on top are
    /// not among the fees and items.
    async fn commissions(&self) -> Vec<CommissionTotal> {
        commission_totals(self.scope, &self.view.commissions)
    }

    /// Tickets whose commissions came to more than the cap when they were sold.
    async fn over_cap_tickets(&self) -> i32 {
        count(self.view.over_cap)
    }

    /// Tickets of reported sales whose fee on top was not what the rules say.
    async fn other_fee_tickets(&self) -> i32 {
        count(self.view.other_fee)
    }

    /// Money by method, of orders that hold tickets of this show only.
    async fn money(&self) -> Vec<MethodTotal> {
        methods(self.scope, &self.view.money)
    }
}

/// One line of a statement.
pub(crate) struct SettlementLine {
    scope: Scope,
    line: settlement::SettlementLine,
}

/// One line of a statement: tickets with the same tariff, zone, channel, unit price, VAT rate and reason.
#[Object]
impl SettlementLine {
    /// The tariff.
    async fn tariff(&self, context: &Context<'_>) -> Result<Tariff> {
        named(context, self.scope, self.line.tariff, Tariff::load)
    }

    /// The tariff's name as of the statement.
    async fn tariff_name(&self) -> &str {
        &self.line.tariff_name
    }

    /// The zone.
    async fn zone(&self, context: &Context<'_>) -> Result<Zone> {
        named(context, self.scope, self.line.zone, Zone::load)
    }

    /// The channel that sold.
    async fn channel(&self, context: &Context<'_>) -> Result<Channel> {
        named(context, self.scope, self.line.channel, Channel::load)
    }

    /// Unit price with VAT. A ticket whose price was reduced counts under its present price only.
    async fn price(&self) -> Money {
        self.scope.money(self.line.price)
    }

    /// Why the tickets are free; null for paid ones.
    async fn reason(&self) -> Option<CompReason> {
        self.line.reason.map(Into::into)
    }

    /// Lowest serial number issued.
    async fn first_serial(&self) -> Counter {
        Counter(self.line.first_serial)
    }

    /// Highest serial number issued.
    async fn last_serial(&self) -> Counter {
        Counter(self.line.last_serial)
    }

    /// Tickets issued.
    async fn issued(&self) -> i32 {
        count(self.line.issued)
    }

    /// Of these, cancelled.
    async fn cancelled(&self) -> i32 {
        count(self.line.cancelled)
    }

    /// Issued less cancelled.
    async fn net(&self) -> i32 {
        count(self.line.net)
    }

    /// Net tickets times the unit price.
    async fn amount(&self) -> TaxedMoney {
        TaxedMoney::new(self.line.taxed, Some(self.line.rate), self.scope.currency)
    }
}

//! Commissions as sales froze them: of tickets, of orders, and summed in statements.

use async_graphql::{Context, ID, Object, Result};
use soticket_projections::{orders, settlement};

use super::commission::Earner;
use super::enums::{CommissionMode, CommissionPayer};
use super::lookup::{count, named};
use super::{Channel, CommissionRule, Show};
use crate::ids;
use crate::input::Scope;
use crate::money::{Money, TaxedMoney};
use crate::scalar::{Counter, Decimal};

/// A commission of a ticket, or of a whole order.
pub(crate) struct SaleCommission {
    scope: Scope,
    one: orders::Commission,
}

/// Commissions as the read model has them.
pub(super) fn sale_commissions(scope: Scope, commissions: &[orders::Commission]) -> Vec<SaleCommission> {
    commissions.iter().map(|one| SaleCommission { scope, one: *one }).collect()
}

/// A commission of a ticket, or of a whole order, as the sale froze it.
#[Object]
impl SaleCommission {
    /// The commission.
    async fn commission(&self, context: &Context<'_>) -> Result<CommissionRule> {
        named(context, self.scope, self.one.commission, CommissionRule::load)
    }

    /// Version of its terms.
    async fn version(&self) -> Counter {
        Counter(self.one.version.into())
    }

    /// The channel that sold.
    async fn channel(&self, context: &Context<'_>) -> Result<Channel> {
        named(context, self.scope, self.one.channel, Channel::load)
    }

    /// The show that it is of, or that this share of an order's commission falls on.
    async fn show(&self, context: &Context<'_>) -> Result<Show> {
        named(context, self.scope, self.one.show, Show::load)
    }

    /// Who earns it.
    async fn beneficiary(&self) -> Earner {
        Earner { scope: self.scope, beneficiary: self.one.beneficiary }
    }

    /// Who pays it.
    async fn payer(&self) -> CommissionPayer {
        self.one.payer.into()
    }

    /// Where it stands to the face price.
    async fn mode(&self) -> CommissionMode {
        self.one.mode.into()
    }

    /// What it was worked out on.
    async fn basis(&self) -> Money {
        self.scope.money(self.one.basis)
    }

    /// What it comes to: with VAT if the buyer pays, without if the organiser does.
    async fn amount(&self) -> Money {
        self.scope.money(self.one.amount)
    }

    /// VAT rate of the commission, in percent.
    async fn vat(&self) -> Decimal {
        Decimal::percent(self.one.vat)
    }

    /// The item that the buyer pays it with, for one of the whole order.
    async fn item(&self) -> Option<ID> {
        self.one.item.map(|item| ids::global(self.scope.organisation, item))
    }

    /// Whether a cancellation gave it back.
    async fn reversed(&self) -> bool {
        self.one.reversed
    }
}

/// One commission in one version, on one channel.
pub(crate) struct CommissionTotal {
    scope: Scope,
    row: settlement::CommissionTotal,
}

/// Rows of a statement.
pub(super) fn commission_totals(scope: Scope, rows: &[settlement::CommissionTotal]) -> Vec<CommissionTotal> {
    rows.iter().map(|row| CommissionTotal { scope, row: *row }).collect()
}

/// One commission in one version, on one channel.
#[Object]
impl CommissionTotal {
    /// The channel that sold.
    async fn channel(&self, context: &Context<'_>) -> Result<Channel> {
        named(context, self.scope, self.row.channel, Channel::load)
    }

    /// The commission.
    async fn commission(&self, context: &Context<'_>) -> Result<CommissionRule> {
        named(context, self.scope, self.row.commission, CommissionRule::load)
    }

    /// Version of its terms.
    async fn version(&self) -> Counter {
        Counter(self.row.version.into())
    }

    /// Who earns it.
    async fn beneficiary(&self) -> Earner {
        Earner { scope: self.scope, beneficiary: self.row.beneficiary }
    }

    /// Who pays it.
    async fn payer(&self) -> CommissionPayer {
        self.row.payer.into()
    }

    /// Where it stands to the face price.
    async fn mode(&self) -> CommissionMode {
        self.row.mode.into()
    }

    /// Tickets charged; orders for a commission of whole orders.
    async fn count(&self) -> i32 {
        count(self.row.count)
    }

    /// Of these, given back.
    async fn reversed_count(&self) -> i32 {
        count(self.row.reversed_count)
    }

    /// What those that stay charged were worked out on.
    async fn basis(&self) -> Money {
        self.scope.money(self.row.basis)
    }

    /// What was charged: with VAT if the buyer pays, without if the organiser does.
    async fn charged(&self) -> Money {
        self.scope.money(self.row.charged)
    }

    /// What was given back of it.
    async fn reversed(&self) -> Money {
        self.scope.money(self.row.reversed)
    }

    /// Charged less given back. VAT is rounded once, on this row.
    async fn amount(&self) -> TaxedMoney {
        TaxedMoney::new(self.row.taxed, Some(self.row.rate), self.scope.currency)
    }
}

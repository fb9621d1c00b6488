//! Money and products of a whole organisation.

use async_graphql::{Context, Enum, Object, Result};
use soticket_projections::settlement::{self, ProductRowKind};

use super::Channel;
use super::enums::FeeKind;
use super::integrity::Checkpoint;
use super::lookup::{count, named};
use super::settlement_totals::{MethodTotal, methods};
use crate::input::Scope;
use crate::money::{Money, TaxedMoney};

/// Money and products of the whole organisation.
pub(crate) struct OrganisationSettlement {
    scope: Scope,
    view: settlement::OrganisationSettlement,
    checkpoint: Checkpoint,
}

impl OrganisationSettlement {
    /// The sums as of a checkpoint.
    pub(super) fn new(
        scope: Scope,
        view: settlement::OrganisationSettlement,
        checkpoint: Checkpoint,
    ) -> Self {
        Self { scope, view, checkpoint }
    }
}

/// Money and products of the whole organisation.
#[Object]
impl OrganisationSettlement {
    /// The event that this is as of.
    async fn checkpoint(&self) -> Checkpoint {
        self.checkpoint
    }

    /// Money by method, of all orders.
    async fn money(&self) -> Vec<MethodTotal> {
        methods(self.scope, &self.view.money)
    }

    /// What the orders come to now: face prices, kept fees and items, less what was cancelled.
    async fn orders(&self) -> Money {
        self.scope.money(self.view.orders)
    }

    /// What came in.
    async fn paid(&self) -> Money {
        self.scope.money(self.view.paid)
    }

    /// What went back.
    async fn returned(&self) -> Money {
        self.scope.money(self.view.returned)
    }

    /// Open balance: orders less payments plus refunds; below zero when more was paid than the orders come to.
    async fn open(&self) -> Money {
        self.scope.money(self.view.open)
    }

    /// Tickets, products and fees by name, price and rate over all shows, for comparison with another system's
    /// accounting report.
    async fn products(&self) -> Vec<ProductReportRow> {
        self.view
            .products
            .iter()
            .map(|row| ProductReportRow { scope: self.scope, row: row.clone() })
            .collect()
    }
}

/// One row of the products report.
pub(crate) struct ProductReportRow {
    scope: Scope,
    row: settlement::ProductRow,
}

/// One row of the products report.
#[Object]
impl ProductReportRow {
    /// What the row is about.
    async fn kind(&self) -> ProductReportKind {
        match self.row.kind {
            ProductRowKind::Tariff => ProductReportKind::Tariff,
            ProductRowKind::Product => ProductReportKind::Product,
            ProductRowKind::Fee(_) => ProductReportKind::Fee,
            ProductRowKind::FeeOnTop(_) => ProductReportKind::FeeOnTop,
        }
    }

    /// Name of the tariff or product; empty for a fee.
    async fn name(&self) -> &str {
        &self.row.name
    }

    /// What kind of fee of an order; null for anything else.
    async fn fee(&self) -> Option<FeeKind> {
        match self.row.kind {
            ProductRowKind::Fee(fee) => Some(fee.into()),
            _ => None,
        }
    }

    /// The channel that charged fees on top; null for anything else.
    async fn channel(&self, context: &Context<'_>) -> Option<Result<Channel>> {
        match self.row.kind {
            ProductRowKind::FeeOnTop(channel) => Some(named(context, self.scope, channel, Channel::load)),
            _ => None,
        }
    }

    /// Unit price with VAT.
    async fn price(&self) -> Money {
        self.scope.money(self.row.price)
    }

    /// Sold less cancelled.
    async fn number(&self) -> i32 {
        count(self.row.number)
    }

    /// The amounts, rounded per show by the show's policy and added up.
    async fn amount(&self) -> TaxedMoney {
        TaxedMoney::new(self.row.taxed, Some(self.row.rate), self.scope.currency)
    }
}

/// What a row of the products report is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum ProductReportKind {
    /// Tickets of the tariffs with this name.
    Tariff,
    /// Products with this name.
    Product,
    /// Fees of orders.
    Fee,
    /// Fees on top of tickets.
    FeeOnTop,
}

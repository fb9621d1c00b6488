//! Sums of statements: by reason, fee, item and method.

use async_graphql::{Context, Object, Result, SimpleObject};
use soticket_projections::settlement;
use soticket_schema::event::v1::ItemKind;

use super::enums::{CompReason, FeeKind};
use super::lookup::{count, named};
use super::{Channel, Method};
use crate::input::Scope;
use crate::money::{Money, TaxedMoney};

/// Sum of lines.
#[derive(SimpleObject)]
pub(crate) struct SettlementTotal {
    /// Tickets issued.
    issued: i32,
    /// Of these, cancelled.
    cancelled: i32,
    /// Issued less cancelled.
    net: i32,
    /// The amounts.
    amount: TaxedMoney,
}

impl SettlementTotal {
    /// A sum in the organisation's currency.
    pub(super) fn new(scope: Scope, total: settlement::SettlementTotal) -> Self {
        Self {
            issued: count(total.issued),
            cancelled: count(total.cancelled),
            net: count(total.net),
            amount: TaxedMoney::new(total.taxed, None, scope.currency),
        }
    }
}

/// Free tickets of one reason.
#[derive(SimpleObject)]
pub(crate) struct FreeTickets {
    /// The reason; null for a price of nothing without one.
    reason: Option<CompReason>,
    /// Tickets issued.
    issued: i32,
    /// Of these, cancelled.
    cancelled: i32,
    /// Issued less cancelled.
    net: i32,
}

/// Free tickets by reason.
pub(super) fn free_tickets(rows: &[settlement::FreeTickets]) -> Vec<FreeTickets> {
    let row = |row: &settlement::FreeTickets| FreeTickets {
        reason: row.reason.map(Into::into),
        issued: count(row.issued),
        cancelled: count(row.cancelled),
        net: count(row.net),
    };
    rows.iter().map(row).collect()
}

/// Fees on top that were kept.
pub(crate) struct FeeTotal {
    scope: Scope,
    row: settlement::FeeTotal,
}

/// Fees on top by channel and rate.
pub(super) fn fees(scope: Scope, rows: &[settlement::FeeTotal]) -> Vec<FeeTotal> {
    rows.iter().map(|row| FeeTotal { scope, row: *row }).collect()
}

/// Fees on top that were kept.
#[Object]
impl FeeTotal {
    /// The channel that charged them.
    async fn channel(&self, context: &Context<'_>) -> Result<Channel> {
        named(context, self.scope, self.row.channel, Channel::load)
    }

    /// Tickets whose fee was kept, cancelled ones with a kept fee included.
    async fn tickets(&self) -> i32 {
        count(self.row.tickets)
    }

    /// The amounts.
    async fn amount(&self) -> TaxedMoney {
        TaxedMoney::new(self.row.taxed, Some(self.row.rate), self.scope.currency)
    }
}

/// Products or fees of orders with the same kind, price and rate.
#[derive(SimpleObject)]
pub(crate) struct ItemTotal {
    /// Name of the product; empty for a fee.
    name: String,
    /// What kind of fee it is; null for a product.
    fee: Option<FeeKind>,
    /// Unit price with VAT.
    price: Money,
    /// Sold.
    sold: i32,
    /// Of these, cancelled.
    cancelled: i32,
    /// Sold less cancelled.
    net: i32,
    /// Net times the unit price.
    amount: TaxedMoney,
}

/// Products and fees by kind, price and rate.
pub(super) fn items(scope: Scope, rows: &[settlement::ItemTotal]) -> Vec<ItemTotal> {
    let row = |row: &settlement::ItemTotal| ItemTotal {
        name: row.name.clone(),
        fee: match row.kind {
            ItemKind::Product(_) => None,
            ItemKind::Fee(fee) => Some(fee.into()),
        },
        price: scope.money(row.price),
        sold: count(row.sold),
        cancelled: count(row.cancelled),
        net: count(row.net),
        amount: TaxedMoney::new(row.taxed, Some(row.rate), scope.currency),
    };
    rows.iter().map(row).collect()
}

/// Money that came in and went back by one method.
pub(crate) struct MethodTotal {
    scope: Scope,
    row: settlement::MethodTotal,
}

/// Money by method.
pub(super) fn methods(scope: Scope, rows: &[settlement::MethodTotal]) -> Vec<MethodTotal> {
    rows.iter().map(|row| MethodTotal { scope, row: *row }).collect()
}

/// Money that came in and went back by one method.
#[Object]
impl MethodTotal {
    /// The method.
    async fn method(&self, context: &Context<'_>) -> Result<Method> {
        named(context, self.scope, self.row.method, Method::load)
    }

    /// Payment legs.
    async fn payments(&self) -> i32 {
        count(self.row.payments)
    }

    /// What came in.
    async fn paid(&self) -> Money {
        self.scope.money(self.row.paid)
    }

    /// Refund legs.
    async fn refunds(&self) -> i32 {
        count(self.row.refunds)
    }

    /// What went back.
    async fn returned(&self) -> Money {
        self.scope.money(self.row.returned)
    }

    /// Came in less went back.
    async fn net(&self) -> Money {
        self.scope.money(self.row.net)
    }
}

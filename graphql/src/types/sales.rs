//! Sales by commercial day.

use async_graphql::{Context, Object, Result};
use soticket_projections::sales;

use super::lookup::{count, named};
use super::{Channel, Tariff};
use crate::input::Scope;
use crate::money::Money;
use crate::scalar::Date;

/// What one channel sold of one tariff on one commercial day.
pub(crate) struct DaySales {
    scope: Scope,
    row: sales::DaySales,
}

/// Rows as the read model has them.
pub(super) fn day_sales(scope: Scope, rows: Vec<sales::DaySales>) -> Vec<DaySales> {
    rows.into_iter().map(|row| DaySales { scope, row }).collect()
}

/// What one channel sold of one tariff on one commercial day. A cancellation or price reduction counts on the day when
/// it happened, not on the day of the sale.
#[Object]
impl DaySales {
    /// The commercial day: from the organisation's cut-off to the next one, in its time zone.
    async fn day(&self) -> Date {
        Date(self.row.day)
    }

    /// The channel that sold.
    async fn channel(&self, context: &Context<'_>) -> Result<Channel> {
        named(context, self.scope, self.row.channel, Channel::load)
    }

    /// The tariff, which tells the show.
    async fn tariff(&self, context: &Context<'_>) -> Result<Tariff> {
        named(context, self.scope, self.row.tariff, Tariff::load)
    }

    /// Tickets issued.
    async fn issued(&self) -> i32 {
        count(self.row.issued)
    }

    /// Tickets cancelled.
    async fn cancelled(&self) -> i32 {
        count(self.row.cancelled)
    }

    /// Face prices of the tickets issued, with VAT.
    async fn issued_amount(&self) -> Money {
        self.scope.money(self.row.issued_amount)
    }

    /// Face prices of the tickets cancelled.
    async fn cancelled_amount(&self) -> Money {
        self.scope.money(self.row.cancelled_amount)
    }

    /// What price reductions took off.
    async fn reduced_amount(&self) -> Money {
        self.scope.money(self.row.reduced_amount)
    }

    /// Issued less cancelled less reduced.
    async fn net_amount(&self) -> Money {
        self.scope.money(self.row.net_amount)
    }
}

//! Receipts and payments.

use async_graphql::{Context, Enum, Object, Result};
use soticket_projections::journal::{self, What};

use super::lookup::{count, named};
use super::{Channel, LogEvent, Method, Show, Tariff, event_pages};
use crate::core::Core;
use crate::input::Scope;
use crate::money::Money;
use crate::paging::{EventKey, Nodes, Page};
use crate::scalar::Date;
use crate::schema::page_cost;

/// What money is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum MoneyPurpose {
    /// Face prices of tickets.
    Tickets,
    /// Fees on top and fees of orders.
    Fees,
    /// Products.
    Products,
    /// More than what was open, in either direction.
    Beyond,
}

/// Receipts and payments.
pub(crate) struct ReceiptsReport {
    pub(super) scope: Scope,
    pub(super) view: journal::Receipts,
}

/// What came in and went back. Every figure is the sum of the events that it names.
#[Object]
impl ReceiptsReport {
    /// By day, show, way of paying, channel and purpose, as far as they are told apart.
    async fn rows(&self) -> Vec<ReceiptsRow> {
        let row = |row: &journal::ReceiptsRow| ReceiptsRow { scope: self.scope, view: row.clone() };
        self.view.rows.iter().map(row).collect()
    }

    /// What came in, of all rows.
    async fn paid(&self) -> Money {
        self.scope.money(self.view.paid)
    }

    /// What went back, of all rows.
    async fn returned(&self) -> Money {
        self.scope.money(self.view.returned)
    }

    /// Came in less went back, of all rows.
    async fn net(&self) -> Money {
        self.scope.money(self.view.paid - self.view.returned)
    }
}

/// A row of receipts and payments.
pub(crate) struct ReceiptsRow {
    scope: Scope,
    view: journal::ReceiptsRow,
}

/// A row of receipts and payments. What rows are not told apart by is null.
#[Object]
impl ReceiptsRow {
    /// Commercial day of the payment.
    async fn day(&self) -> Option<Date> {
        self.view.day.map(Date)
    }

    /// The show; null also for what belongs to none.
    async fn show(&self, context: &Context<'_>) -> Option<Result<Show>> {
        self.view.show.map(|show| named(context, self.scope, show, Show::load))
    }

    /// Way of paying.
    async fn method(&self, context: &Context<'_>) -> Option<Result<Method>> {
        self.view.method.map(|method| named(context, self.scope, method, Method::load))
    }

    /// Channel that sold.
    async fn channel(&self, context: &Context<'_>) -> Option<Result<Channel>> {
        self.view.channel.map(|channel| named(context, self.scope, channel, Channel::load))
    }

    /// What it is for.
    async fn purpose(&self) -> Option<MoneyPurpose> {
        self.view.what.map(|what| match what {
            What::Tickets(_) => MoneyPurpose::Tickets,
            What::Fees => MoneyPurpose::Fees,
            What::Products => MoneyPurpose::Products,
            What::Beyond => MoneyPurpose::Beyond,
        })
    }

    /// The tariff, where it is for tickets.
    async fn tariff(&self, context: &Context<'_>) -> Option<Result<Tariff>> {
        match self.view.what {
            Some(What::Tickets(tariff)) => Some(named(context, self.scope, tariff, Tariff::load)),
            _ => None,
        }
    }

    /// What came in.
    async fn paid(&self) -> Money {
        self.scope.money(self.view.paid)
    }

    /// What went back.
    async fn returned(&self) -> Money {
        self.scope.money(self.view.returned)
    }

    /// Came in less went back.
    async fn net(&self) -> Money {
        self.scope.money(self.view.net())
    }

    /// How many events moved this money.
    async fn event_count(&self) -> i32 {
        count(self.view.positions.len() as u64)
    }

    /// The events that moved this money, in the order of the log.
    #[graphql(complexity = "page_cost(first, last) * child_complexity")]
    async fn events(
        &self,
        context: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
        last: Option<i32>,
        before: Option<String>,
    ) -> Result<Nodes<LogEvent>> {
        let page = Page::<EventKey>::new(first, after, last, before)?;
        event_pages::at_positions(Core::of(context)?, self.scope, &self.view.positions, None, &page)
    }
}

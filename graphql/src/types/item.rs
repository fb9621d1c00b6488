//! Lines of orders that are no tickets.

use async_graphql::{Context, ID, Object, Result};
use soticket_projections::orders;
use soticket_schema::event::v1::ItemKind;

use super::enums::FeeKind;
use super::lookup::named;
use super::{Product, Show};
use crate::ids;
use crate::input::Scope;
use crate::money::Money;
use crate::scalar::{Counter, Decimal};

/// A line of an order that is no ticket.
pub(crate) struct Item {
    scope: Scope,
    item: orders::Item,
}

impl Item {
    /// An item as the read model has it.
    pub(super) fn new(scope: Scope, item: orders::Item) -> Self {
        Self { scope, item }
    }
}

/// A line of an order that is no ticket: a product or a fee.
#[Object]
impl Item {
    /// Global id.
    pub(crate) async fn id(&self) -> ID {
        ids::global(self.scope.organisation, self.item.item)
    }

    /// Its number in the log.
    async fn number(&self) -> Counter {
        Counter(self.item.item.0)
    }

    /// The product; null for a fee.
    async fn product(&self, context: &Context<'_>) -> Option<Result<Product>> {
        match self.item.kind {
            ItemKind::Product(product) => Some(named(context, self.scope, product, Product::load)),
            ItemKind::Fee(_) => None,
        }
    }

    /// What kind of fee it is; null for a product.
    async fn fee(&self) -> Option<FeeKind> {
        match self.item.kind {
            ItemKind::Product(_) => None,
            ItemKind::Fee(fee) => Some(fee.into()),
        }
    }

    /// The show that it belongs to, if any.
    async fn show(&self, context: &Context<'_>) -> Option<Result<Show>> {
        self.item.show.map(|show| named(context, self.scope, show, Show::load))
    }

    /// The ticket that it came with, if any.
    async fn ticket(&self) -> Option<ID> {
        self.item.ticket.map(|ticket| ids::global(self.scope.organisation, ticket))
    }

    /// Price with VAT.
    async fn price(&self) -> Money {
        self.scope.money(self.item.price)
    }

    /// VAT rate, in percent.
    async fn vat(&self) -> Decimal {
        Decimal::percent(self.item.vat)
    }

    /// Whether it was cancelled.
    async fn cancelled(&self) -> bool {
        self.item.cancelled
    }
}

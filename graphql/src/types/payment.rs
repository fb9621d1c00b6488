//! Payments and refunds.

use async_graphql::{Context, ID, Object, Result};
use soticket_projections::orders;

use super::Method;
use super::lookup::named;
use crate::ids;
use crate::input::Scope;
use crate::money::Money;
use crate::scalar::DateTime;

/// One leg of a payment or refund.
pub(crate) struct Payment {
    scope: Scope,
    payment: orders::Payment,
}

impl Payment {
    /// A leg as the read model has it.
    pub(super) fn new(scope: Scope, payment: orders::Payment) -> Self {
        Self { scope, payment }
    }
}

/// One leg of a payment or refund.
#[Object]
impl Payment {
    /// Global id of the payment; the legs of a split payment share it.
    async fn id(&self) -> ID {
        ids::global(self.scope.organisation, self.payment.payment)
    }

    /// How.
    async fn method(&self, context: &Context<'_>) -> Result<Method> {
        named(context, self.scope, self.payment.method, Method::load)
    }

    /// How much, above zero either way.
    async fn amount(&self) -> Money {
        self.scope.money(self.payment.amount)
    }

    /// Whether it went back.
    async fn refund(&self) -> bool {
        self.payment.refund
    }

    /// When.
    async fn occurred_at(&self) -> DateTime {
        DateTime(self.payment.occurred_at)
    }
}

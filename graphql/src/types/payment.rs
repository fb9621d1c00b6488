//! Payments and refunds.

use async_graphql::{Context, ID, Object, Result, SimpleObject};
use soticket_projections::orders;

use super::Method;
use super::lookup::named;
use crate::ids;
use crate::input::Scope;
use crate::money::Money;
use crate::scalar::DateTime;

/// A payment on its way: nothing of it has come in yet.
#[derive(SimpleObject)]
pub(crate) struct AnnouncedPayment {
    /// Global id of the payment, which it keeps when it comes in.
    id: ID,
    /// How much in all.
    amount: Money,
    /// When it should have come in.
    expected_by: DateTime,
}

impl AnnouncedPayment {
    /// A payment as the read model has it.
    pub(super) fn new(scope: Scope, announced: &orders::Announced) -> Self {
        Self {
            id: ids::global(scope.organisation, announced.payment),
            amount: scope.money(announced.legs.iter().map(|leg| leg.amount).sum()),
            expected_by: DateTime(announced.expected_by),
        }
    }
}

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

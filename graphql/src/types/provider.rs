//! Payment providers' plans, and what payments cost.

use async_graphql::{Context, ID, Object, Result};
use soticket_projections::catalogue::PlanInfo;
use soticket_projections::payment_costs;
use soticket_schema::UnitPrice;
use soticket_schema::event::v1::ProviderPlanTerms;
use soticket_schema::ids::{MethodId, ProviderPlanId};

use super::lookup::{count, named};
use super::{Method, Show};
use crate::core::Core;
use crate::ids;
use crate::input::Scope;
use crate::money::{Money, TaxedMoney};
use crate::scalar::{Counter, Date, DateTime, Decimal};

/// A payment provider's plan.
pub(crate) struct ProviderPlan {
    scope: Scope,
    info: PlanInfo,
}

impl ProviderPlan {
    /// A plan as the catalogue has it.
    pub(super) fn new(scope: Scope, info: PlanInfo) -> Self {
        Self { scope, info }
    }

    /// The plan with this number.
    pub(crate) fn load(core: &Core, scope: Scope, plan: ProviderPlanId) -> Option<Self> {
        core.view(scope, |views| views.catalogue.plan(plan).cloned()).map(|info| Self::new(scope, info))
    }

    fn terms(&self) -> &ProviderPlanTerms {
        &self.info.defined.terms
    }
}

fn price(price: UnitPrice) -> Decimal {
    Decimal(price.display())
}

/// What a payment provider charges, from an instant on. Amounts are without VAT.
#[Object]
impl ProviderPlan {
    /// Global id.
    pub(crate) async fn id(&self) -> ID {
        ids::global(self.scope.organisation, self.info.defined.plan)
    }

    /// Its number in the log.
    async fn number(&self) -> Counter {
        Counter(self.info.defined.plan.0.into())
    }

    /// Its name.
    async fn name(&self) -> &str {
        &self.terms().name
    }

    /// Where the figures are from.
    async fn source(&self) -> &str {
        &self.terms().source
    }

    /// Ways of paying that it is charged on.
    async fn methods(&self, context: &Context<'_>) -> Result<Vec<Method>> {
        let method = |method: &MethodId| named(context, self.scope, *method, Method::load);
        self.terms().methods.iter().map(method).collect()
    }

    /// Once, in its first month.
    async fn access_fee(&self) -> Money {
        self.scope.money(self.terms().access_fee)
    }

    /// Every year from then on, in twelve monthly parts.
    async fn yearly_fee(&self) -> Money {
        self.scope.money(self.terms().yearly_fee)
    }

    /// Payments a month that cost no price of their own.
    async fn included(&self) -> Counter {
        Counter(self.terms().included.into())
    }

    /// Price of each payment beyond these.
    async fn per_transaction(&self) -> Decimal {
        price(self.terms().per_transaction)
    }

    /// Share of the amount of each payment, in percent.
    async fn rate(&self) -> Decimal {
        Decimal::percent(self.terms().rate)
    }

    /// Price beside that share, of each payment.
    async fn per_payment(&self) -> Decimal {
        price(self.terms().per_payment)
    }

    /// VAT rate of what is charged, in percent.
    async fn vat(&self) -> Decimal {
        Decimal::percent(self.terms().vat)
    }

    /// Payments are charged by it from the day that holds this instant on.
    async fn valid_from(&self) -> DateTime {
        DateTime(self.info.defined.valid_from)
    }

    /// Payments are charged by it before the day that holds this instant, if known.
    async fn valid_until(&self) -> Option<DateTime> {
        let ends = [self.info.defined.valid_until, self.info.ended_at];
        ends.into_iter().flatten().min().map(DateTime)
    }
}

/// What one plan costs in one month for one way of paying.
pub(crate) struct PaymentCost {
    scope: Scope,
    row: payment_costs::PaymentCost,
}

impl PaymentCost {
    /// A row of the read model.
    pub(super) fn new(scope: Scope, row: payment_costs::PaymentCost) -> Self {
        Self { scope, row }
    }
}

/// What one plan costs in one month for one way of paying. Parts are without VAT.
#[Object]
impl PaymentCost {
    /// First day of the month, in the organisation's time zone.
    async fn month(&self) -> Date {
        Date(self.row.month)
    }

    /// The plan.
    async fn plan(&self, context: &Context<'_>) -> Result<ProviderPlan> {
        named(context, self.scope, self.row.plan, ProviderPlan::load)
    }

    /// The way of paying; null in a month without payments.
    async fn method(&self, context: &Context<'_>) -> Option<Result<Method>> {
        self.row.method.map(|method| named(context, self.scope, method, Method::load))
    }

    /// Payments that the plan is charged on. Refunds are not.
    async fn payments(&self) -> i32 {
        count(self.row.payments)
    }

    /// What they come to.
    async fn paid(&self) -> Money {
        self.scope.money(self.row.amount)
    }

    /// The access fee, in the plan's first month.
    async fn access(&self) -> Money {
        self.scope.money(self.row.cost.access)
    }

    /// The month's part of the yearly fee.
    async fn yearly(&self) -> Money {
        self.scope.money(self.row.cost.yearly)
    }

    /// Payments beyond those included.
    async fn transactions(&self) -> Money {
        self.scope.money(self.row.cost.transactions)
    }

    /// Shares of amounts, and prices beside them.
    async fn rate(&self) -> Money {
        self.scope.money(self.row.cost.rate)
    }

    /// All of it.
    async fn total(&self) -> TaxedMoney {
        TaxedMoney::new(self.row.taxed, Some(self.row.vat), self.scope.currency)
    }

    /// The total without VAT shared among shows by payments; the shares add up to it.
    async fn shows(&self) -> Vec<ShowCost> {
        self.row.shows.iter().map(|share| ShowCost { scope: self.scope, share: *share }).collect()
    }
}

/// What falls on one show.
pub(crate) struct ShowCost {
    scope: Scope,
    share: payment_costs::ShowShare,
}

/// What falls on one show.
#[Object]
impl ShowCost {
    /// The show; null for what falls on no show.
    async fn show(&self, context: &Context<'_>) -> Option<Result<Show>> {
        self.share.show.map(|show| named(context, self.scope, show, Show::load))
    }

    /// Its share, without VAT.
    async fn cost(&self) -> Money {
        self.scope.money(self.share.cost)
    }
}

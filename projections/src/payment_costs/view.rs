//! What payment costs answers.

use jiff::civil::Date;
use soticket_ledger::fees::PlanCost;
use soticket_schema::money::Taxed;
use soticket_schema::{Amount, MethodId, ProviderPlanId, Rate, ShowId};

/// What one plan costs in one month for one way of paying.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaymentCost {
    /// First day of the month.
    pub month: Date,
    /// The plan.
    pub plan: ProviderPlanId,
    /// The way of paying; none in a month without payments.
    pub method: Option<MethodId>,
    /// Payments that the plan is charged on.
    pub payments: u64,
    /// What they come to.
    pub amount: Amount,
    /// What the plan costs, without VAT.
    pub cost: PlanCost,
    /// All of it, with and without VAT.
    pub taxed: Taxed,
    /// VAT rate.
    pub vat: Rate,
    /// The cost without VAT shared among shows by payments; the shares add up to it.
    pub shows: Vec<ShowShare>,
}

/// What falls on one show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ShowShare {
    /// The show; none for what falls on no show.
    pub show: Option<ShowId>,
    /// Its share.
    pub cost: Amount,
}

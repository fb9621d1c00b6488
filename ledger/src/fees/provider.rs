//! What a payment provider charges for a month.

use soticket_schema::event::v1::ProviderPlanTerms;
use soticket_schema::money::{allocate, share};
use soticket_schema::{Amount, Currency};

/// The cost of one month by one plan, without VAT.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct PlanCost {
    /// The access fee, in the first month.
    pub access: Amount,
    /// The month's part of the yearly fee.
    pub yearly: Amount,
    /// Payments beyond those included.
    pub transactions: Amount,
    /// Shares of amounts, and prices beside them.
    pub rate: Amount,
}

impl PlanCost {
    /// All of it.
    pub fn total(&self) -> Amount {
        self.access + self.yearly + self.transactions + self.rate
    }
}

/// What the plan costs in its `month`th month, from 0, with so many payments that come to `amount`.
///
/// Twelve months pay the yearly fee exactly, the first ones a minor unit more where it does not divide. Each figure is
/// rounded once, half away from zero.
pub fn plan_cost(
    terms: &ProviderPlanTerms,
    currency: Currency,
    month: u32,
    payments: u64,
    amount: Amount,
) -> PlanCost {
    let parts = allocate(terms.yearly_fee, &[1; 12]);
    PlanCost {
        access: if month == 0 { terms.access_fee } else { Amount::ZERO },
        yearly: parts.get((month % 12) as usize).copied().unwrap_or_default(),
        transactions: terms
            .per_transaction
            .times(payments.saturating_sub(u64::from(terms.included)), currency),
        rate: share(amount, terms.rate) + terms.per_payment.times(payments, currency),
    }
}

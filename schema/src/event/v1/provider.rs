//! What payment providers charge, as dated data.

use bincode::{Decode, Encode};
use serde::{Deserialize, Serialize};

use crate::ids::{MethodId, ProviderPlanId};
use crate::money::{Amount, Rate, UnitPrice};
use crate::time::Timestamp;

/// All that a provider charges. Amounts are without VAT.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct ProviderPlanTerms {
    /// Its name, such as the provider's and the offer's.
    pub name: String,
    /// Where the figures are from: an offer or contract, with its date.
    pub source: String,
    /// Ways of paying that it is charged on.
    pub methods: Vec<MethodId>,
    /// Once, in the plan's first month.
    pub access_fee: Amount,
    /// Every year from then on, in twelve monthly parts.
    pub yearly_fee: Amount,
    /// Payments a month that cost no price of their own.
    pub included: u32,
    /// Price of each payment beyond these.
    pub per_transaction: UnitPrice,
    /// Share of the amount of each payment.
    pub rate: Rate,
    /// Price beside that share, of each payment.
    pub per_payment: UnitPrice,
    /// VAT rate of what is charged.
    pub vat: Rate,
}

/// A provider charges by this plan. Several may be charged on one way of paying, such as a gateway's and a bank's.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct ProviderPlanDefined {
    /// Its number.
    pub plan: ProviderPlanId,
    /// Its terms.
    pub terms: ProviderPlanTerms,
    /// Payments are charged by it from the day that holds this instant on; its first month holds it.
    pub valid_from: Timestamp,
    /// Payments are charged by it before the day that holds this instant, if known.
    pub valid_until: Option<Timestamp>,
}

/// A plan is charged no more.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct ProviderPlanEnded {
    /// The plan.
    pub plan: ProviderPlanId,
    /// Payments are charged by it before the day that holds this instant.
    pub valid_until: Timestamp,
}

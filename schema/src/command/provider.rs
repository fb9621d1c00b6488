//! What is asked of payment providers' plans.

use bincode::Encode;
use serde::Serialize;

use crate::event::v1::ProviderPlanTerms;
use crate::ids::ProviderPlanId;
use crate::time::Timestamp;

/// See [`super::CommandBody::DefineProviderPlan`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Encode)]
pub struct DefineProviderPlan {
    /// Its terms.
    pub terms: ProviderPlanTerms,
    /// Payments are charged by it from the day that holds this instant on; now if absent.
    pub valid_from: Option<Timestamp>,
    /// Payments are charged by it before the day that holds this instant, if known.
    pub valid_until: Option<Timestamp>,
}

/// See [`super::CommandBody::EndProviderPlan`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Encode)]
pub struct EndProviderPlan {
    /// The plan.
    pub plan: ProviderPlanId,
    /// Payments are charged by it before the day that holds this instant; now if absent.
    pub valid_until: Option<Timestamp>,
}

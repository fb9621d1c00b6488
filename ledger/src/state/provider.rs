//! What decisions know of payment providers' plans.

use serde::{Deserialize, Serialize};
use soticket_schema::ProviderPlanId;
use soticket_schema::event::v1::{ProviderPlanDefined, ProviderPlanEnded};

use super::dense::Dense;

/// A plan: what it charges binds no decision.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Plan {
    pub(crate) ended: bool,
}

/// All plans.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Plans(Dense<Plan>);

impl Plans {
    pub(crate) fn next(&self) -> ProviderPlanId {
        ProviderPlanId(self.0.next_u32())
    }

    pub(crate) fn get(&self, plan: ProviderPlanId) -> Option<&Plan> {
        self.0.get(plan.0)
    }

    pub(super) fn defined(&mut self, event: &ProviderPlanDefined) {
        self.0.push(event.plan.0, Plan { ended: false });
    }

    pub(super) fn ended(&mut self, event: &ProviderPlanEnded) {
        if let Some(plan) = self.0.get_mut(event.plan.0) {
            plan.ended = true;
        }
    }
}

//! Commissions, the parties that earn them, and payment providers' plans.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use soticket_ledger::fees::Rules;
use soticket_schema::event::v1::{PartyRegistered, ProviderPlanDefined};
use soticket_schema::{Event, PartyId, ProviderPlanId, Timestamp};

use super::Catalogue;

/// A payment provider's plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanInfo {
    /// As it was defined.
    pub defined: ProviderPlanDefined,
    /// From when on it is charged no more, once it was ended.
    pub ended_at: Option<Timestamp>,
}

#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Commissions {
    rules: Rules,
    parties: BTreeMap<PartyId, PartyRegistered>,
    plans: BTreeMap<ProviderPlanId, PlanInfo>,
}

impl Commissions {
    pub(super) fn fold(&mut self, event: &Event) {
        match event {
            Event::PartyRegistered(event) => {
                self.parties.entry(event.party).or_insert_with(|| event.clone());
            }
            Event::CommissionDefined(event) => self.rules.define(event),
            Event::CommissionChanged(event) => self.rules.change(event),
            Event::CommissionEnded(event) => self.rules.end(event),
            Event::CommissionCapSet(event) => self.rules.set_cap(event.cap),
            Event::ProviderPlanDefined(event) => {
                self.plans
                    .entry(event.plan)
                    .or_insert_with(|| PlanInfo { defined: event.clone(), ended_at: None });
            }
            Event::ProviderPlanEnded(event) => {
                if let Some(plan) = self.plans.get_mut(&event.plan) {
                    plan.ended_at = Some(event.valid_until);
                }
            }
            _ => {}
        }
    }
}

impl Catalogue {
    /// The commissions, with all their versions.
    pub fn commissions(&self) -> &Rules {
        &self.own.commissions.rules
    }

    /// A party that may earn commissions.
    pub fn party(&self, party: PartyId) -> Option<&PartyRegistered> {
        self.own.commissions.parties.get(&party)
    }

    /// Parties by number.
    pub fn parties(&self) -> impl DoubleEndedIterator<Item = &PartyRegistered> {
        self.own.commissions.parties.values()
    }

    /// A payment provider's plan.
    pub fn plan(&self, plan: ProviderPlanId) -> Option<&PlanInfo> {
        self.own.commissions.plans.get(&plan)
    }

    /// Payment providers' plans by number.
    pub fn plans(&self) -> impl DoubleEndedIterator<Item = &PlanInfo> {
        self.own.commissions.plans.values()
    }
}

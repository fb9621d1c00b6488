//! Payment providers' plans.

use soticket_schema::command::{DefineProviderPlan, EndProviderPlan};
use soticket_schema::event::v1::{ProviderPlanDefined, ProviderPlanEnded, ProviderPlanTerms};
use soticket_schema::limits::{NAME_BYTES_MAX, PLAN_INCLUDED_MAX, PLAN_METHODS_MAX};
use soticket_schema::{Event, Rejection, RejectionCode, UnitPrice};

use super::checks::{Checks, Path, field};
use super::commission::check_validity;
use super::{Context, Decide, When};

impl Decide for DefineProviderPlan {
    fn shape(&self, when: When, checks: &mut Checks) {
        check_terms(&self.terms, checks);
        check_validity(self.valid_from, self.valid_until, when, checks);
    }

    fn decide(&self, context: &Context<'_>, checks: &mut Checks) -> Result<Vec<Event>, Rejection> {
        let at = field("terms");
        let methods = at.field("methods");
        for (index, method) in self.terms.methods.iter().enumerate() {
            let known = context.state.methods.get(method.0).is_some();
            checks.ensure(known, RejectionCode::MethodUnknown, methods.item(index));
        }
        let event = ProviderPlanDefined {
            plan: context.state.plans.next(),
            terms: self.terms.clone(),
            valid_from: self.valid_from.unwrap_or(context.now),
            valid_until: self.valid_until,
        };
        Ok(vec![event.into()])
    }
}

impl Decide for EndProviderPlan {
    fn shape(&self, _when: When, checks: &mut Checks) {
        if let Some(until) = self.valid_until {
            checks.instant(until, field("valid_until"));
        }
    }

    fn decide(&self, context: &Context<'_>, checks: &mut Checks) -> Result<Vec<Event>, Rejection> {
        let at = field("plan");
        let plan = checks.need(context.state.plans.get(self.plan), RejectionCode::ProviderPlanUnknown, at)?;
        checks.ensure(!plan.ended, RejectionCode::ProviderPlanEnded, at);
        let valid_until = self.valid_until.unwrap_or(context.now);
        Ok(vec![ProviderPlanEnded { plan: self.plan, valid_until }.into()])
    }
}

fn check_terms(terms: &ProviderPlanTerms, checks: &mut Checks) {
    let at = field("terms");
    let methods = at.field("methods");
    checks.text(&terms.name, NAME_BYTES_MAX, at.field("name"));
    checks.text(&terms.source, NAME_BYTES_MAX, at.field("source"));
    checks.list_with_one(&terms.methods, PLAN_METHODS_MAX, methods);
    let ids = terms.methods.iter().take(PLAN_METHODS_MAX).copied().enumerate();
    checks.distinct(ids, |index| methods.item(index).to_string());
    checks.amount(terms.access_fee, at.field("access_fee"));
    checks.amount(terms.yearly_fee, at.field("yearly_fee"));
    let fits = terms.included <= PLAN_INCLUDED_MAX;
    checks.ensure(fits, RejectionCode::QuantityTooLarge, at.field("included"));
    check_price(terms.per_transaction, at.field("per_transaction"), checks);
    checks.rate(terms.rate, at.field("rate"));
    check_price(terms.per_payment, at.field("per_payment"), checks);
    checks.rate(terms.vat, at.field("vat"));
}

fn check_price(price: UnitPrice, at: Path<'_>, checks: &mut Checks) {
    checks.ensure(price >= UnitPrice::ZERO, RejectionCode::AmountNegative, at);
    checks.ensure(price <= UnitPrice::MAX, RejectionCode::AmountTooLarge, at);
}

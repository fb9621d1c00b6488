//! Payment providers' plans.

use async_graphql::{ID, InputObject};
use soticket_schema::command::{DefineProviderPlan, EndProviderPlan};
use soticket_schema::event::v1::ProviderPlanTerms;
use soticket_schema::money::InvalidAmount;
use soticket_schema::{Amount, CommandBody, Rate, Rejection, RejectionCode, UnitPrice};

use super::{Caller, CommandInput, Scope};
use crate::scalar::{DateTime, Decimal};

/// All that a payment provider charges. Amounts are without VAT.
#[derive(InputObject)]
pub(crate) struct ProviderPlanTermsInput {
    /// Its name, such as the provider's and the offer's.
    name: String,
    /// Where the figures are from: an offer or contract, with its date.
    source: String,
    /// Ways of paying that it is charged on.
    methods: Vec<ID>,
    /// Once, in the plan's first month; nothing if absent.
    access_fee: Option<Decimal>,
    /// Every year from then on, in twelve monthly parts; nothing if absent.
    yearly_fee: Option<Decimal>,
    /// Payments a month that cost no price of their own.
    #[graphql(default)]
    included: i32,
    /// Price of each payment beyond these, with at most six decimal places, such as 0.085; nothing if absent.
    per_transaction: Option<Decimal>,
    /// Share of the amount of each payment, in percent; nothing if absent.
    rate: Option<Decimal>,
    /// Price beside that share, of each payment; nothing if absent.
    per_payment: Option<Decimal>,
    /// VAT rate of what is charged, in percent.
    vat: Decimal,
}

fn price(value: Option<&Decimal>, field: &str) -> Result<UnitPrice, Rejection> {
    let Some(value) = value else { return Ok(UnitPrice::ZERO) };
    UnitPrice::parse(&value.0).map_err(|error| {
        let code = match error {
            InvalidAmount::Precision => RejectionCode::AmountPrecision,
            InvalidAmount::Syntax | InvalidAmount::Range => RejectionCode::AmountTooLarge,
        };
        Rejection::new(code, field)
    })
}

impl ProviderPlanTermsInput {
    fn terms(self, scope: &Scope) -> Result<ProviderPlanTerms, Rejection> {
        let amount = |value: Option<&Decimal>, field: &str| {
            value.map_or(Ok(Amount::ZERO), |value| scope.amount(value, || field.to_owned()))
        };
        let rate = match &self.rate {
            Some(rate) => scope.rate(rate, || "terms.rate".into())?,
            None => Rate::ZERO,
        };
        let included = u32::try_from(self.included)
            .map_err(|_| Rejection::new(RejectionCode::QuantityTooLarge, "terms.included"))?;
        Ok(ProviderPlanTerms {
            methods: scope.list(&self.methods),
            access_fee: amount(self.access_fee.as_ref(), "terms.access_fee")?,
            yearly_fee: amount(self.yearly_fee.as_ref(), "terms.yearly_fee")?,
            included,
            per_transaction: price(self.per_transaction.as_ref(), "terms.per_transaction")?,
            rate,
            per_payment: price(self.per_payment.as_ref(), "terms.per_payment")?,
            vat: scope.rate(&self.vat, || "terms.vat".into())?,
            name: self.name,
            source: self.source,
        })
    }
}

/// Input of `providerPlanDefine`.
#[derive(InputObject)]
pub(crate) struct ProviderPlanDefineInput {
    #[graphql(flatten)]
    caller: Caller,
    /// Its terms.
    terms: ProviderPlanTermsInput,
    /// Payments are charged by it from the day that holds this instant on; now if absent.
    valid_from: Option<DateTime>,
    /// Payments are charged by it before the day that holds this instant, if known.
    valid_until: Option<DateTime>,
}

impl CommandInput for ProviderPlanDefineInput {
    fn caller(&self) -> &Caller {
        &self.caller
    }

    fn body(self, scope: &Scope) -> Result<CommandBody, Rejection> {
        Ok(CommandBody::DefineProviderPlan(DefineProviderPlan {
            terms: self.terms.terms(scope)?,
            valid_from: self.valid_from.map(|from| from.0),
            valid_until: self.valid_until.map(|until| until.0),
        }))
    }
}

/// Input of `providerPlanEnd`.
#[derive(InputObject)]
pub(crate) struct ProviderPlanEndInput {
    #[graphql(flatten)]
    caller: Caller,
    /// The plan.
    plan: ID,
    /// Payments are charged by it before the day that holds this instant; now if absent.
    valid_until: Option<DateTime>,
}

impl CommandInput for ProviderPlanEndInput {
    fn caller(&self) -> &Caller {
        &self.caller
    }

    fn body(self, scope: &Scope) -> Result<CommandBody, Rejection> {
        let (plan, valid_until) = (scope.id(&self.plan), self.valid_until.map(|until| until.0));
        Ok(CommandBody::EndProviderPlan(EndProviderPlan { plan, valid_until }))
    }
}

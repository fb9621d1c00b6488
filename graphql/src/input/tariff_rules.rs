//! Rules of tariffs beyond their price, and dated VAT.

use async_graphql::{ID, InputObject};
use soticket_schema::command::{SetTariffRules, SetTariffVat};
use soticket_schema::event::v1::{DatedRate, Eligibility, FreePrice, TariffRules};
use soticket_schema::{CommandBody, Rejection, RejectionCode};

use super::{Caller, CommandInput, Scope};
use crate::scalar::{DateTime, Decimal};
use crate::types::enums::EligibilityKind;

/// What a tariff demands besides its price.
#[derive(InputObject)]
pub(crate) struct TariffRulesInput {
    /// Sold from this instant on, if not from the begin of the show's sale.
    from: Option<DateTime>,
    /// Sold before this instant, if not until the end of the show's sale.
    until: Option<DateTime>,
    /// Sold until so many minutes before the show begins.
    deadline_minutes: Option<i32>,
    /// Most tickets of the tariff in one order and show.
    order_max: Option<i32>,
    /// Who may buy it; everybody if absent.
    eligibility: Option<EligibilityInput>,
    /// The buyer sets the price within these limits; the tariff's own price is what is proposed.
    free_price: Option<FreePriceInput>,
}

/// Who may buy a tariff.
#[derive(InputObject)]
pub(crate) struct EligibilityInput {
    /// Who.
    kind: EligibilityKind,
    /// What is to be shown, for PROOF only.
    #[graphql(default)]
    proof: String,
    /// How many tickets make a group, for GROUP only.
    #[graphql(default)]
    group: i32,
}

/// The buyer sets the price.
#[derive(InputObject)]
pub(crate) struct FreePriceInput {
    /// The least that may be paid.
    floor: Decimal,
    /// The most that may be paid; absent for no limit.
    ceiling: Option<Decimal>,
}

impl EligibilityInput {
    fn eligibility(self, scope: &Scope) -> Result<Eligibility, Rejection> {
        if self.kind != EligibilityKind::Proof && !self.proof.is_empty() {
            return Err(Rejection::new(RejectionCode::TextNotAllowed, "rules.eligibility.proof"));
        }
        Ok(match self.kind {
            EligibilityKind::Anyone => Eligibility::Anyone,
            EligibilityKind::Card => Eligibility::Card,
            EligibilityKind::Proof => Eligibility::Proof(self.proof),
            EligibilityKind::Group => {
                Eligibility::Group(scope.count(self.group, || "rules.eligibility.group".into())?)
            }
        })
    }
}

impl TariffRulesInput {
    fn rules(self, scope: &Scope) -> Result<TariffRules, Rejection> {
        let count = |count: Option<i32>, name: &str| {
            let count = count.map(|count| scope.count(count, || format!("rules.{name}")));
            count.transpose()
        };
        let free_price = self.free_price.map(|free| {
            let ceiling = free
                .ceiling
                .as_ref()
                .map(|ceiling| scope.amount(ceiling, || "rules.free_price.ceiling".into()));
            let floor = scope.amount(&free.floor, || "rules.free_price.floor".into())?;
            Ok(FreePrice { floor, ceiling: ceiling.transpose()? })
        });
        let eligibility = self.eligibility.map(|eligibility| eligibility.eligibility(scope));
        Ok(TariffRules {
            from: self.from.map(|from| from.0),
            until: self.until.map(|until| until.0),
            deadline_minutes: count(self.deadline_minutes, "deadline_minutes")?,
            order_max: count(self.order_max, "order_max")?,
            eligibility: eligibility.transpose()?.unwrap_or_default(),
            free_price: free_price.transpose()?,
        })
    }
}

/// Input of `tariffRulesSet`.
#[derive(InputObject)]
pub(crate) struct TariffRulesSetInput {
    #[graphql(flatten)]
    caller: Caller,
    /// The tariff.
    tariff: ID,
    /// All rules, changed or not; for later sales.
    rules: TariffRulesInput,
}

impl CommandInput for TariffRulesSetInput {
    fn caller(&self) -> &Caller {
        &self.caller
    }

    fn body(self, scope: &Scope) -> Result<CommandBody, Rejection> {
        let (tariff, rules) = (scope.id(&self.tariff), self.rules.rules(scope)?);
        Ok(CommandBody::SetTariffRules(SetTariffRules { tariff, rules }))
    }
}

/// A VAT rate from an instant on.
#[derive(InputObject)]
pub(crate) struct DatedRateInput {
    /// From when.
    from: DateTime,
    /// The rate, in percent.
    rate: Decimal,
}

/// Input of `tariffVatSet`.
#[derive(InputObject)]
pub(crate) struct TariffVatSetInput {
    #[graphql(flatten)]
    caller: Caller,
    /// The tariff.
    tariff: ID,
    /// Rates by when they begin, ascending; empty for that of the tariff's terms alone. The rate at the time of the sale
    /// is the ticket's.
    rates: Vec<DatedRateInput>,
}

impl CommandInput for TariffVatSetInput {
    fn caller(&self) -> &Caller {
        &self.caller
    }

    fn body(self, scope: &Scope) -> Result<CommandBody, Rejection> {
        let dated = |(place, dated): (usize, &DatedRateInput)| {
            let rate = scope.rate(&dated.rate, || format!("rates.{place}.rate"))?;
            Ok(DatedRate { from: dated.from.0, rate })
        };
        let rates = self.rates.iter().enumerate().map(dated).collect::<Result<_, _>>()?;
        Ok(CommandBody::SetTariffVat(SetTariffVat { tariff: scope.id(&self.tariff), rates }))
    }
}

//! Deals as they were agreed.

use async_graphql::{Context, ID, Object, Result, SimpleObject};
use soticket_projections::deals::DealVersion as Version;
use soticket_schema::event::v1::{DealRate, DealRule, DealStep as Step};
use soticket_schema::ids::DealId;

use super::Party;
use super::lookup::named;
use super::settlement_enums::{SettledRole, StepRounding};
use crate::ids;
use crate::input::Scope;
use crate::money::Money;
use crate::scalar::{Counter, Decimal, LogPosition};

/// The deal of a show with all its versions.
pub(super) struct Deal {
    pub(super) scope: Scope,
    pub(super) deal: DealId,
    pub(super) versions: Vec<Version>,
}

/// How the money of a show is shared, as versions of an ordered list of named steps.
#[Object]
impl Deal {
    /// Global id.
    async fn id(&self) -> ID {
        ids::global(self.scope.organisation, self.deal)
    }

    /// Its number in the log.
    async fn number(&self) -> Counter {
        Counter(self.deal.0.into())
    }

    /// The version that settlements are worked out by now.
    async fn current(&self) -> Option<DealVersion> {
        self.versions.last().map(|version| DealVersion { scope: self.scope, version: version.clone() })
    }

    /// Its versions, from the first.
    async fn versions(&self) -> Vec<DealVersion> {
        let version = |version: &Version| DealVersion { scope: self.scope, version: version.clone() };
        self.versions.iter().map(version).collect()
    }
}

/// One version of a deal.
pub(super) struct DealVersion {
    scope: Scope,
    version: Version,
}

/// One version of a deal. It is never rewritten.
#[Object]
impl DealVersion {
    /// Its number, from 1.
    async fn version(&self) -> Counter {
        Counter(self.version.version.into())
    }

    /// Position of the event that agreed on it.
    async fn position(&self) -> LogPosition {
        LogPosition(self.version.position)
    }

    /// Its name, such as the contract's number.
    async fn name(&self) -> &str {
        &self.version.terms.name
    }

    /// Name of the template that it was made from; empty for one of its own.
    async fn template(&self) -> &str {
        &self.version.terms.template
    }

    /// The steps, in the order in which they are worked out.
    async fn steps(&self) -> Vec<DealStep> {
        let step = |step: &Step| DealStep { scope: self.scope, step: step.clone() };
        self.version.terms.steps.iter().map(step).collect()
    }
}

/// One step of a deal.
pub(super) struct DealStep {
    scope: Scope,
    step: Step,
}

/// A step works out one amount from what the show took and from steps before it.
#[Object]
impl DealStep {
    /// What later steps call it.
    async fn name(&self) -> &str {
        &self.step.name
    }

    /// What statements call it.
    async fn label(&self) -> &str {
        &self.step.label
    }

    /// What its amount is.
    async fn role(&self) -> SettledRole {
        self.step.role.into()
    }

    /// How its amount is worked out, by the name that deal files give the rule.
    async fn rule(&self) -> &'static str {
        match self.step.rule {
            DealRule::Receipts(_) => "receipts",
            DealRule::Share { .. } => "share",
            DealRule::Commissions { .. } => "commissions",
            DealRule::Units { .. } => "units",
            DealRule::Costs { .. } => "costs",
            DealRule::Fixed { .. } => "fixed",
            DealRule::Sum { .. } => "sum",
            DealRule::Excess { .. } => "excess",
            DealRule::Greatest { .. } => "greatest",
            DealRule::Least { .. } => "least",
            DealRule::Tiers { .. } => "tiers",
            DealRule::Bonus { .. } => "bonus",
            DealRule::Difference { .. } => "difference",
        }
    }

    /// The earlier steps that it names.
    async fn builds_on(&self) -> Vec<String> {
        self.step.rule.named().into_iter().map(|(_, _, name)| name.to_owned()).collect()
    }

    /// The rate of a share.
    async fn rate(&self) -> Option<DealRateView> {
        match &self.step.rule {
            DealRule::Share { rate, .. } => Some(rate.into()),
            _ => None,
        }
    }

    /// The price of each, for a price of something counted.
    async fn unit_price(&self) -> Option<Decimal> {
        match self.step.rule {
            DealRule::Units { price, .. } => Some(Decimal(price.display())),
            _ => None,
        }
    }

    /// The amount that was agreed, for a fixed one.
    async fn amount(&self) -> Option<Money> {
        match self.step.rule {
            DealRule::Fixed { amount } => Some(self.scope.money(amount)),
            _ => None,
        }
    }

    /// Where its amount is rounded.
    async fn rounding(&self) -> StepRounding {
        self.step.rounding.into()
    }

    /// The rate of its own VAT.
    async fn vat(&self) -> Option<DealRateView> {
        self.step.vat.as_ref().map(DealRateView::from)
    }

    /// Whom it is owed to.
    async fn party(&self, context: &Context<'_>) -> Option<Result<Party>> {
        self.step.party.map(|party| named(context, self.scope, party, Party::load))
    }

    /// Where the step comes from: a text of law, a society's rules, an article of the contract.
    async fn source(&self) -> &str {
        &self.step.source
    }
}

/// A rate that a step uses: as it was agreed, or by the key of a dated one.
#[derive(SimpleObject)]
#[graphql(name = "DealRate")]
pub(super) struct DealRateView {
    /// As the parties agreed it, in percent.
    percent: Option<Decimal>,
    /// Key of the dated rate that is looked up at the date of the show.
    key: Option<String>,
}

impl From<&DealRate> for DealRateView {
    fn from(rate: &DealRate) -> Self {
        match rate {
            DealRate::Stated(rate) => Self { percent: Some(Decimal::percent(*rate)), key: None },
            DealRate::Dated(key) => Self { percent: None, key: Some(key.clone()) },
        }
    }
}

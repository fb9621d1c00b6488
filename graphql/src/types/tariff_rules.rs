//! Rules of tariffs beyond their price, and dated VAT.

use async_graphql::{Object, SimpleObject};
use soticket_schema::event::v1;

use super::enums::EligibilityKind;
use super::lookup::count;
use crate::input::Scope;
use crate::money::Money;
use crate::scalar::{DateTime, Decimal};

/// What a tariff demands besides its price.
pub(super) struct TariffRules {
    scope: Scope,
    rules: v1::TariffRules,
}

impl TariffRules {
    pub(super) fn new(scope: Scope, rules: v1::TariffRules) -> Self {
        Self { scope, rules }
    }
}

/// What a tariff demands besides its price.
#[Object]
impl TariffRules {
    /// Sold from this instant on; null for the begin of the show's sale.
    async fn from(&self) -> Option<DateTime> {
        self.rules.from.map(DateTime)
    }

    /// Sold before this instant; null for the end of the show's sale.
    async fn until(&self) -> Option<DateTime> {
        self.rules.until.map(DateTime)
    }

    /// Sold until so many minutes before the show begins.
    async fn deadline_minutes(&self) -> Option<i32> {
        self.rules.deadline_minutes.map(|minutes| count(minutes.into()))
    }

    /// Most tickets of the tariff in one order and show.
    async fn order_max(&self) -> Option<i32> {
        self.rules.order_max.map(|most| count(most.into()))
    }

    /// Who may buy it.
    async fn eligibility(&self) -> Eligibility {
        let kind = EligibilityKind::from(&self.rules.eligibility);
        let (proof, group) = match &self.rules.eligibility {
            v1::Eligibility::Proof(proof) => (Some(proof.clone()), None),
            v1::Eligibility::Group(group) => (None, Some(count((*group).into()))),
            v1::Eligibility::Anyone | v1::Eligibility::Card => (None, None),
        };
        Eligibility { kind, proof, group }
    }

    /// The buyer sets the price within these limits; null where the tariff does.
    async fn free_price(&self) -> Option<FreePrice> {
        let free = self.rules.free_price?;
        let money = |amount| self.scope.money(amount);
        Some(FreePrice { floor: money(free.floor), ceiling: free.ceiling.map(money) })
    }
}

/// Who may buy a tariff.
#[derive(SimpleObject)]
pub(super) struct Eligibility {
    /// Who.
    kind: EligibilityKind,
    /// What is to be shown at the till and at the gate, such as a student card.
    proof: Option<String>,
    /// How many tickets make a group.
    group: Option<i32>,
}

/// The buyer sets the price.
#[derive(SimpleObject)]
pub(super) struct FreePrice {
    /// The least that may be paid.
    floor: Money,
    /// The most that may be paid; null for no limit.
    ceiling: Option<Money>,
}

/// A VAT rate from an instant on.
#[derive(SimpleObject)]
pub(super) struct DatedRate {
    /// From when.
    from: DateTime,
    /// The rate, in percent.
    rate: Decimal,
}

impl From<v1::DatedRate> for DatedRate {
    fn from(dated: v1::DatedRate) -> Self {
        Self { from: DateTime(dated.from), rate: Decimal::percent(dated.rate) }
    }
}

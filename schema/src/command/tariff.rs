//! What is asked of tariffs and products.

use bincode::Encode;
use serde::Serialize;

use crate::event::v1::{DatedRate, ProductKind, TariffRules, TariffTerms};
use crate::ids::{ShowId, TariffId};

/// See [`super::CommandBody::DefineTariff`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Encode)]
pub struct DefineTariff {
    /// The show.
    pub show: ShowId,
    /// Its terms.
    pub terms: TariffTerms,
}

/// See [`super::CommandBody::ChangeTariff`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Encode)]
pub struct ChangeTariff {
    /// The tariff.
    pub tariff: TariffId,
    /// All terms, changed or not.
    pub terms: TariffTerms,
}

/// See [`super::CommandBody::DefineProduct`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Encode)]
pub struct DefineProduct {
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: ProductKind,
}

/// See [`super::CommandBody::SetTariffRules`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Encode)]
pub struct SetTariffRules {
    /// The tariff.
    pub tariff: TariffId,
    /// All rules, changed or not.
    pub rules: TariffRules,
}

/// See [`super::CommandBody::SetTariffVat`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Encode)]
pub struct SetTariffVat {
    /// The tariff.
    pub tariff: TariffId,
    /// Rates by when they begin, ascending; empty for that of the tariff's terms alone.
    pub rates: Vec<DatedRate>,
}

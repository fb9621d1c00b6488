//! What is asked of tariffs and products.

use bincode::Encode;
use serde::Serialize;

use crate::event::v1::{ProductKind, TariffTerms};
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

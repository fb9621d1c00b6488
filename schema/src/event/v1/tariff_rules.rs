//! When, to whom and how many of a tariff are sold, and what VAT rate it has when.

use bincode::{Decode, Encode};
use serde::{Deserialize, Serialize};

use crate::ids::{ShowId, TariffId};
use crate::money::{Amount, Rate};
use crate::time::Timestamp;

/// Who may buy a tariff.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize, Encode, Decode)]
pub enum Eligibility {
    /// Everybody.
    #[default]
    Anyone,
    /// Who has a subscriber card with a right left.
    Card,
    /// Who shows a proof at the till and at the gate, such as a student card: what is to be shown.
    Proof(String),
    /// A group: at least so many tickets of the tariff in one order and show.
    Group(u32),
}

/// The buyer sets the price.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct FreePrice {
    /// The least that may be paid.
    pub floor: Amount,
    /// The most that may be paid; none for no limit.
    pub ceiling: Option<Amount>,
}

/// What a tariff demands besides its price.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize, Encode, Decode)]
pub struct TariffRules {
    /// Sold from this instant on, if not from the begin of the show's sale.
    pub from: Option<Timestamp>,
    /// Sold before this instant, if not until the end of the show's sale.
    pub until: Option<Timestamp>,
    /// Sold until so many minutes before the show begins.
    pub deadline_minutes: Option<u32>,
    /// Most tickets of the tariff in one order and show.
    pub order_max: Option<u32>,
    /// Who may buy it.
    pub eligibility: Eligibility,
    /// The buyer sets the price within these limits; the tariff's own price is what is proposed.
    pub free_price: Option<FreePrice>,
}

/// A tariff has these rules for sales from here on.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct TariffRulesSet {
    /// The show.
    pub show: ShowId,
    /// The tariff.
    pub tariff: TariffId,
    /// All rules, changed or not.
    pub rules: TariffRules,
}

/// A VAT rate from an instant on.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct DatedRate {
    /// From when.
    pub from: Timestamp,
    /// The rate.
    pub rate: Rate,
}

/// A tariff has these VAT rates for sales from here on: the rate at the time of the sale is the ticket's.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct TariffVatSet {
    /// The show.
    pub show: ShowId,
    /// The tariff.
    pub tariff: TariffId,
    /// Rates by when they begin, ascending; before the first, that of the tariff's terms.
    pub rates: Vec<DatedRate>,
}

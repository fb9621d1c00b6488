//! How many free tickets a show gives away, and who is told when it is too many.

use bincode::{Decode, Encode};
use serde::{Deserialize, Serialize};

use super::tariff::CompReason;
use crate::ids::{OrderId, ShowId};
use crate::money::Rate;

/// Most free tickets of a show for one reason (party).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct CompQuota {
    /// The reason.
    pub reason: CompReason,
    /// How many.
    pub tickets: u32,
}

/// What a share of free tickets is measured against.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, Encode, Decode,
)]
pub enum CompBasis {
    /// The authorised capacity.
    Capacity,
    /// Valid tickets, free ones included.
    Sold,
}

/// A share of free tickets beyond which there is a warning.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct CompWarning {
    /// Whose limit it is, such as a society that collects royalties.
    pub name: String,
    /// What it is measured against.
    pub basis: CompBasis,
    /// The share.
    pub rate: Rate,
}

/// What limits a show's free tickets. Those that were paid for with a card or pack are not counted.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize, Encode, Decode)]
pub struct CompLimits {
    /// Quotas by reason; a reason that is not named has none.
    pub quotas: Vec<CompQuota>,
    /// When to warn.
    pub warnings: Vec<CompWarning>,
}

/// A show has these limits on free tickets from here on.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct CompLimitsSet {
    /// The show.
    pub show: ShowId,
    /// All limits, changed or not.
    pub limits: CompLimits,
}

/// A limit that a sale of free tickets went beyond.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct PassedLimit {
    /// The limit.
    pub warning: CompWarning,
    /// Free tickets that it allows at this moment.
    pub allowed: u64,
}

/// The free tickets of an order took a show beyond limits: its seller was warned, in the same command as the sale.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct CompLimitsPassed {
    /// The order.
    pub order: OrderId,
    /// The show.
    pub show: ShowId,
    /// Free tickets of the show that count, with those of the order.
    pub comps: u64,
    /// The limits.
    pub passed: Vec<PassedLimit>,
}

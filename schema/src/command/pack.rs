//! What is asked of packs.

use bincode::Encode;
use serde::Serialize;

use crate::event::v1::PackTerms;
use crate::ids::{PackId, SeatId, ShowId};
use crate::money::Amount;

/// See [`super::CommandBody::DefinePack`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Encode)]
pub struct DefinePack {
    /// Its terms.
    pub terms: PackTerms,
}

/// See [`super::CommandBody::ChangePack`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Encode)]
pub struct ChangePack {
    /// The pack.
    pub pack: PackId,
    /// All terms, changed or not.
    pub terms: PackTerms,
}

/// A pack to be sold.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Encode)]
pub struct PackRequest {
    /// The pack.
    pub pack: PackId,
    /// The price that the buyer was shown, if it is to be checked against the pack's.
    pub price: Option<Amount>,
    /// The shows that are chosen: as many as the pack has the buyer choose, or all of them.
    pub choices: Vec<PackChoice>,
}

/// A show of a pack that is chosen.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Encode)]
pub struct PackChoice {
    /// The show.
    pub show: ShowId,
    /// The seat, where they are numbered.
    pub seat: Option<SeatId>,
}

//! Seasons: spans of time that shows are announced and sold under.

use bincode::{Decode, Encode};
use serde::{Deserialize, Serialize};

use crate::ids::{SeasonId, ShowId};
use crate::time::Timestamp;

/// All that defines a season.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct SeasonTerms {
    /// Its name, such as `2026-2027`.
    pub name: String,
    /// When it begins.
    pub from: Timestamp,
    /// When it is over.
    pub until: Timestamp,
}

/// A season exists.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct SeasonDefined {
    /// Its number.
    pub season: SeasonId,
    /// Its terms.
    pub terms: SeasonTerms,
}

/// A season has other terms.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct SeasonChanged {
    /// The season.
    pub season: SeasonId,
    /// All terms, changed or not.
    pub terms: SeasonTerms,
}

/// A show belongs to a season, or to none.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct ShowSeasonSet {
    /// The show.
    pub show: ShowId,
    /// The one season that it belongs to from here on; none for no season.
    pub season: Option<SeasonId>,
}

//! What is asked of seasons.

use bincode::Encode;
use serde::Serialize;

use crate::event::v1::SeasonTerms;
use crate::ids::{SeasonId, ShowId};

/// See [`super::CommandBody::DefineSeason`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Encode)]
pub struct DefineSeason {
    /// Its terms.
    pub terms: SeasonTerms,
}

/// See [`super::CommandBody::ChangeSeason`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Encode)]
pub struct ChangeSeason {
    /// The season.
    pub season: SeasonId,
    /// All terms, changed or not.
    pub terms: SeasonTerms,
}

/// See [`super::CommandBody::SetShowSeason`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Encode)]
pub struct SetShowSeason {
    /// The show.
    pub show: ShowId,
    /// The one season that it belongs to from here on; none for no season.
    pub season: Option<SeasonId>,
}

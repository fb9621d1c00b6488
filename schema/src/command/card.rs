//! What is asked of subscriber cards.

use bincode::Encode;
use serde::Serialize;

use crate::event::v1::CardTerms;
use crate::ids::CardTypeId;

/// See [`super::CommandBody::DefineCardType`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Encode)]
pub struct DefineCardType {
    /// Its terms.
    pub terms: CardTerms,
}

/// See [`super::CommandBody::ChangeCardType`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Encode)]
pub struct ChangeCardType {
    /// The kind of card.
    pub card_type: CardTypeId,
    /// All terms, changed or not.
    pub terms: CardTerms,
}

/// See [`super::CommandBody::ExpireRights`].
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Encode)]
pub struct ExpireRights {
    /// Most cards, and most stored values, to account for at once: 1 to 500.
    pub at_most: u32,
}

//! Subscriber cards: the right to a number of reduced tickets per show, and optionally in total.

use bincode::{Decode, Encode};
use serde::{Deserialize, Serialize};

use super::order::TicketCode;
use crate::ids::{CardId, CardTypeId, ItemId, OrderId, ProductId, ShowId, SubjectRef, TicketId};
use crate::money::Amount;
use crate::time::Timestamp;

/// When a card may be used.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub enum CardValidity {
    /// A season: the same for every card.
    Season {
        /// From this instant on.
        from: Timestamp,
        /// Up to and without this instant.
        until: Timestamp,
    },
    /// So many days of 24 hours from the sale on (date to date).
    Days(u16),
}

/// All that defines a kind of card.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct CardTerms {
    /// Its name.
    pub name: String,
    /// The product that it is sold as.
    pub product: ProductId,
    /// Its price with VAT.
    pub price: Amount,
    /// When it may be used.
    pub validity: CardValidity,
    /// Reduced tickets per show, at least one.
    pub per_show: u16,
    /// Reduced tickets in total; none for no limit.
    pub in_total: Option<u16>,
}

/// A kind of card is offered.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct CardTypeDefined {
    /// Its number.
    pub card_type: CardTypeId,
    /// Its terms.
    pub terms: CardTerms,
}

/// A kind of card has other terms for cards sold from here on.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct CardTypeChanged {
    /// The kind of card.
    pub card_type: CardTypeId,
    /// All terms, changed or not.
    pub terms: CardTerms,
}

/// A card was sold. Its rights are frozen here.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct CardIssued {
    /// Its number.
    pub card: CardId,
    /// Its kind.
    pub card_type: CardTypeId,
    /// The order that it was sold in.
    pub order: OrderId,
    /// The item of that order.
    pub item: ItemId,
    /// Whose it is, if known.
    pub subject: Option<SubjectRef>,
    /// Usable from this instant on.
    pub from: Timestamp,
    /// Usable up to and without this instant.
    pub until: Timestamp,
    /// Reduced tickets per show.
    pub per_show: u16,
    /// Reduced tickets in total; none for no limit.
    pub in_total: Option<u16>,
    /// Its code.
    pub code: TicketCode,
}

/// One reduced ticket that a card gives a right to.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct CardUse {
    /// The card.
    pub card: CardId,
    /// The ticket.
    pub ticket: TicketId,
    /// Its show.
    pub show: ShowId,
}

/// Tickets of an order were sold on cards: their rights are used up.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct CardRightsUsed {
    /// The order.
    pub order: OrderId,
    /// Who bought, if known.
    pub subject: Option<SubjectRef>,
    /// Which right for which ticket.
    pub uses: Vec<CardUse>,
}

/// Tickets sold on cards were cancelled: their rights are given back.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct CardRightsRestored {
    /// The order.
    pub order: OrderId,
    /// Who bought, if known.
    pub subject: Option<SubjectRef>,
    /// Which right for which ticket.
    pub uses: Vec<CardUse>,
}

/// A card was taken back: what it was sold as is cancelled. Tickets sold on it stay.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct CardRevoked {
    /// The card.
    pub card: CardId,
    /// The order that it was sold in.
    pub order: OrderId,
    /// Whose it was, if known.
    pub subject: Option<SubjectRef>,
}

/// A card past its time, and what it left unused.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct ExpiredCard {
    /// The card.
    pub card: CardId,
    /// Rights that nobody used; none where there is no total.
    pub unused: Option<u16>,
}

/// Cards ran past their time: what they left unused is accounted for.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct CardsExpired {
    /// The cards, by number.
    pub cards: Vec<ExpiredCard>,
}

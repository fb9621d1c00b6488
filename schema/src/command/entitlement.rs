//! What an order uses of what was paid before, and what it issues besides tickets.

use bincode::Encode;
use serde::Serialize;

use crate::event::v1::StoredValueKind;
use crate::ids::{CardId, CardTypeId, StoredValueId};
use crate::money::Amount;
use crate::time::Timestamp;

/// The card that a ticket is sold on.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Encode)]
pub enum CardChoice {
    /// A card that was sold before.
    Card(CardId),
    /// A card that the same order issues: its place among what it issues, from 0.
    Issued(u16),
}

/// A ticket that is sold on a card.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Encode)]
pub struct TicketOnCard {
    /// Its place among the command's tickets, from 0.
    pub ticket: u16,
    /// The card.
    pub card: CardChoice,
}

/// What an order takes from a stored value.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Encode)]
pub struct ValueToSpend {
    /// The stored value.
    pub value: StoredValueId,
    /// How much, above zero.
    pub amount: Amount,
}

/// What is issued for an item.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Encode)]
pub enum NewRight {
    /// A subscriber card of this kind.
    Card(CardTypeId),
    /// A gift card or voucher.
    StoredValue {
        /// What it is.
        kind: StoredValueKind,
        /// Spent before this instant.
        until: Timestamp,
    },
}

/// A right that an order issues.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Encode)]
pub struct RightToIssue {
    /// The item that it is sold as: its place among the command's items, from 0.
    pub item: u16,
    /// What it is.
    pub right: NewRight,
}

/// What an order uses of what was paid before, and what it issues besides tickets.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Encode)]
pub struct Entitlements {
    /// Tickets sold on cards.
    pub cards: Vec<TicketOnCard>,
    /// Stored values that pay.
    pub values: Vec<ValueToSpend>,
    /// Cards, gift cards and vouchers sold.
    pub issues: Vec<RightToIssue>,
}

impl Entitlements {
    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.cards.is_empty() && self.values.is_empty() && self.issues.is_empty()
    }
}

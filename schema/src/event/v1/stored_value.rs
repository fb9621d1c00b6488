//! Gift cards and vouchers: money paid before, which pays for orders later. Selling one is no sale of a show.

use bincode::{Decode, Encode};
use serde::{Deserialize, Serialize};

use super::order::TicketCode;
use crate::ids::{ItemId, OrderId, PaymentId, ShowId, StoredValueId, SubjectRef};
use crate::money::Amount;
use crate::time::Timestamp;

/// What a stored value is.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, Encode, Decode,
)]
pub enum StoredValueKind {
    /// Spent in parts.
    GiftCard,
    /// Exchanged once for tickets (contremarque): what the tickets cost less lapses.
    Voucher,
}

/// A gift card or voucher was sold.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct StoredValueIssued {
    /// Its number.
    pub value: StoredValueId,
    /// What it is.
    pub kind: StoredValueKind,
    /// The order that it was sold in.
    pub order: OrderId,
    /// The item of that order, whose price it is worth.
    pub item: ItemId,
    /// Who bought it, if known.
    pub subject: Option<SubjectRef>,
    /// What it is worth.
    pub amount: Amount,
    /// Spent before this instant.
    pub until: Timestamp,
    /// Its code.
    pub code: TicketCode,
}

/// What an order takes from a stored value.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct ValueSpent {
    /// The stored value.
    pub value: StoredValueId,
    /// What pays for the order.
    pub amount: Amount,
    /// What lapses with it: the rest of a voucher.
    pub lapsed: Amount,
}

/// Stored values paid for an order. The payment itself is recorded beside.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct StoredValueUsed {
    /// The order that was paid.
    pub order: OrderId,
    /// The payment.
    pub payment: PaymentId,
    /// Who bought, if known.
    pub subject: Option<SubjectRef>,
    /// Shows of the order.
    pub shows: Vec<ShowId>,
    /// What was taken from which.
    pub uses: Vec<ValueSpent>,
}

/// Money of an order went back to a gift card. The return itself is recorded beside.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct StoredValueRestored {
    /// The order.
    pub order: OrderId,
    /// The return, in the series of payments.
    pub payment: PaymentId,
    /// The gift card.
    pub value: StoredValueId,
    /// How much.
    pub amount: Amount,
}

/// A gift card or voucher was taken back: what it was sold as is cancelled.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct StoredValueRevoked {
    /// The stored value.
    pub value: StoredValueId,
    /// The order that it was sold in.
    pub order: OrderId,
}

/// A stored value past its time, and what was left of it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct ExpiredValue {
    /// The stored value.
    pub value: StoredValueId,
    /// What nobody spent.
    pub left: Amount,
}

/// Stored values ran past their time: what is left of them is nobody's any more.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct StoredValuesExpired {
    /// The stored values, by number.
    pub values: Vec<ExpiredValue>,
}

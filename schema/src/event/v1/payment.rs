//! Ways of paying, and money that came in.

use bincode::{Decode, Encode};
use serde::{Deserialize, Serialize};

use crate::ids::{MethodId, OrderId, PaymentId, ShowId, SubjectRef};
use crate::money::Amount;

/// What a way of paying is to the accounts.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, Encode, Decode,
)]
pub enum MethodKind {
    /// Card, on line or at a till.
    Card,
    /// Cash.
    Cash,
    /// Cheque.
    Cheque,
    /// Bank transfer.
    Transfer,
    /// Direct debit.
    DirectDebit,
    /// Gift card: a stored value.
    GiftCard,
    /// Voucher (contremarque, chèque culture).
    Voucher,
    /// Collected by a network, remitted later.
    Network,
    /// Paid with the price of a pack.
    Pack,
    /// Anything else.
    Other,
}

/// A way of paying has a number.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct MethodDefined {
    /// Its number.
    pub method: MethodId,
    /// Its name, such as the provider's.
    pub name: String,
    /// What it is.
    pub kind: MethodKind,
}

/// One part of a payment or refund: a split payment has several.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct Leg {
    /// How.
    pub method: MethodId,
    /// How much, above zero.
    pub amount: Amount,
}

/// Money came in for an order.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct PaymentRecorded {
    /// Its number.
    pub payment: PaymentId,
    /// The order.
    pub order: OrderId,
    /// Who bought, if known.
    pub subject: Option<SubjectRef>,
    /// Shows of the order.
    pub shows: Vec<ShowId>,
    /// How it was paid.
    pub legs: Vec<Leg>,
}

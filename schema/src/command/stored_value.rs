//! What is asked of gift cards and vouchers.

use bincode::Encode;
use serde::Serialize;

use super::entitlement::ValueToSpend;
use crate::ids::{MethodId, OrderId, StoredValueId};
use crate::money::Amount;

/// See [`super::CommandBody::SpendStoredValue`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Encode)]
pub struct SpendStoredValue {
    /// The order to pay.
    pub order: OrderId,
    /// The way of paying that the accounts know it by: of kind gift card or voucher.
    pub method: MethodId,
    /// What is taken from which, all of the method's kind.
    pub values: Vec<ValueToSpend>,
}

/// See [`super::CommandBody::ReturnToStoredValue`].
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Encode)]
pub struct ReturnToStoredValue {
    /// The order whose money goes back.
    pub order: OrderId,
    /// The way of paying that the accounts know it by: of kind gift card.
    pub method: MethodId,
    /// The gift card.
    pub value: StoredValueId,
    /// How much.
    pub amount: Amount,
}

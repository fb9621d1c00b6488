//! Payments that succeed, fail or come back later, as they are told.

use bincode::Encode;
use serde::Serialize;

use crate::event::v1::{Leg, PaymentFailure};
use crate::ids::{OrderId, PaymentId};
use crate::time::Timestamp;

/// See [`super::CommandBody::AnnouncePayment`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Encode)]
pub struct AnnouncePayment {
    /// The order.
    pub order: OrderId,
    /// How it is to be paid.
    pub legs: Vec<Leg>,
    /// When it should have come in.
    pub expected_by: Timestamp,
}

/// See [`super::CommandBody::ConfirmPayment`].
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Encode)]
pub struct ConfirmPayment {
    /// The payment on its way.
    pub payment: PaymentId,
}

/// See [`super::CommandBody::FailPayment`].
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Encode)]
pub struct FailPayment {
    /// The payment on its way.
    pub payment: PaymentId,
    /// Why.
    pub reason: PaymentFailure,
}

/// See [`super::CommandBody::ReversePayment`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Encode)]
pub struct ReversePayment {
    /// The order.
    pub order: OrderId,
    /// The payment that is taken back.
    pub payment: PaymentId,
    /// What went away.
    pub legs: Vec<Leg>,
    /// Why.
    pub reason: PaymentFailure,
}

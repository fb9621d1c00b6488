//! Ways of paying and payments as they are asked for.

use bincode::Encode;
use serde::Serialize;

use crate::event::v1::{Leg, MethodKind};
use crate::ids::OrderId;

/// See [`super::CommandBody::DefineMethod`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Encode)]
pub struct DefineMethod {
    /// Its name, such as the provider's.
    pub name: String,
    /// What it is.
    pub kind: MethodKind,
}

/// See [`super::CommandBody::RecordPayment`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Encode)]
pub struct RecordPayment {
    /// The order.
    pub order: OrderId,
    /// How it was paid.
    pub legs: Vec<Leg>,
}

//! What is asked of tills.

use bincode::Encode;
use serde::Serialize;

use crate::event::v1::{CashDirection, CashReason};
use crate::ids::{ActorId, ChannelId, MethodId, TillSessionId};
use crate::money::Amount;

/// See [`super::CommandBody::OpenTill`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Encode)]
pub struct OpenTill {
    /// The box office.
    pub channel: ChannelId,
    /// Label of the till, as orders name it as their seller.
    pub till: String,
    /// Who is responsible for the drawer.
    pub operator: ActorId,
    /// The way of paying that the drawer holds: one of kind cash.
    pub cash: MethodId,
    /// Cash in the drawer.
    pub float: Amount,
}

/// See [`super::CommandBody::MoveTillCash`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Encode)]
pub struct MoveTillCash {
    /// The session.
    pub session: TillSessionId,
    /// Which way.
    pub direction: CashDirection,
    /// Why.
    pub reason: CashReason,
    /// How much.
    pub amount: Amount,
}

/// See [`super::CommandBody::CloseTill`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Encode)]
pub struct CloseTill {
    /// The session.
    pub session: TillSessionId,
    /// What was counted, by way of paying; the drawer's cash at least.
    pub counts: Vec<TillCount>,
}

/// What was counted of one way of paying.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Encode)]
pub struct TillCount {
    /// The way of paying.
    pub method: MethodId,
    /// How much.
    pub counted: Amount,
}

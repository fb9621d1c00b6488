//! Till sessions of box offices: what is in the drawer, what should be, and what was counted.

use bincode::{Decode, Encode};
use serde::{Deserialize, Serialize};

use crate::ids::{ActorId, ChannelId, MethodId, TillSessionId};
use crate::money::Amount;

/// A till opens. A till has one open session at most.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct TillOpened {
    /// The session's number.
    pub session: TillSessionId,
    /// The box office.
    pub channel: ChannelId,
    /// Label of the till, as orders name it as their seller.
    pub till: String,
    /// Who is responsible for the drawer.
    pub operator: ActorId,
    /// The way of paying that the drawer holds.
    pub cash: MethodId,
    /// Cash in the drawer.
    pub float: Amount,
}

/// Which way cash went.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, Encode, Decode,
)]
pub enum CashDirection {
    /// Into the drawer.
    In,
    /// Out of it.
    Out,
}

/// Why cash went into a drawer or out of it other than by a sale.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, Encode, Decode,
)]
pub enum CashReason {
    /// Change brought or taken (appoint).
    Change,
    /// To or from the safe or the bank (prélèvement, remise).
    Deposit,
    /// A purchase or an advance paid out of the drawer.
    Expense,
    /// A mistake put right.
    Correction,
    /// Anything else.
    Other,
}

/// Cash went into a till's drawer or out of it other than by a sale.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct TillCashMoved {
    /// The session.
    pub session: TillSessionId,
    /// Which way.
    pub direction: CashDirection,
    /// Why.
    pub reason: CashReason,
    /// How much, above zero.
    pub amount: Amount,
}

/// A till closes.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct TillClosed {
    /// The session.
    pub session: TillSessionId,
    /// One line for each way of paying that was used or counted, by number.
    pub lines: Vec<TillLine>,
}

/// One way of paying of a till session, as the log had it at the closing.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct TillLine {
    /// The way of paying.
    pub method: MethodId,
    /// What came in for orders.
    pub payments: Amount,
    /// What went back for orders.
    pub returns: Amount,
    /// What should be there: payments less returns and, of the drawer's cash, the float and what was moved.
    pub expected: Amount,
    /// What was counted; none if it was not.
    pub counted: Option<Amount>,
}

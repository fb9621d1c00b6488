//! What the tills answer.

use serde::{Deserialize, Serialize};
use soticket_schema::event::v1::{CashDirection, CashReason};
use soticket_schema::{ActorId, Amount, ChannelId, MethodId, TillSessionId, Timestamp};

/// A till session, from its opening to its closing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TillSession {
    /// Its number.
    pub session: TillSessionId,
    /// The box office.
    pub channel: ChannelId,
    /// Label of the till.
    pub till: String,
    /// Who is responsible for the drawer.
    pub operator: ActorId,
    /// The way of paying that the drawer holds.
    pub cash: MethodId,
    /// Cash in the drawer when it opened.
    pub float: Amount,
    /// When it opened.
    pub opened_at: Timestamp,
    /// When it closed; none while it is open.
    pub closed_at: Option<Timestamp>,
    /// Money by way of paying, by number.
    pub methods: Vec<TillMethod>,
    /// Cash moved in and out, in the order of the log.
    pub movements: Vec<CashMovement>,
    /// Orders that were sold at it.
    pub orders: u64,
    /// Tickets that were sold at it, cancelled or not.
    pub tickets_sold: u64,
    /// Tickets that were cancelled at it.
    pub tickets_cancelled: u64,
}

impl TillSession {
    /// Whether something of it was recorded after its closing.
    pub fn is_corrected(&self) -> bool {
        self.methods.iter().any(|method| method.late_entries > 0)
    }
}

/// One way of paying of a till session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TillMethod {
    /// The way of paying.
    pub method: MethodId,
    /// What came in for orders, up to the closing.
    pub payments: Amount,
    /// How many payments.
    pub payment_count: u64,
    /// What went back for orders, up to the closing.
    pub returns: Amount,
    /// How many returns.
    pub return_count: u64,
    /// What should be there: as the closing has it or, while the session is open, as of now.
    pub expected: Amount,
    /// What was counted; none before the closing, or if it was not.
    pub counted: Option<Amount>,
    /// What was recorded after the closing of the time before it: to be added to what is expected.
    pub late: Amount,
    /// How many such entries.
    pub late_entries: u64,
}

impl TillMethod {
    /// What was counted beyond what the closing expected, below zero for what was missing.
    pub fn difference(&self) -> Option<Amount> {
        self.counted.map(|counted| counted - self.expected)
    }

    /// As [`Self::difference`], with what was recorded later.
    pub fn corrected_difference(&self) -> Option<Amount> {
        self.difference().map(|difference| difference - self.late)
    }
}

/// Cash that went into a drawer or out of it other than by a sale.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct CashMovement {
    /// Which way.
    pub direction: CashDirection,
    /// Why.
    pub reason: CashReason,
    /// How much.
    pub amount: Amount,
    /// When it happened.
    pub occurred_at: Timestamp,
    /// Who says so.
    pub actor: ActorId,
    /// Whether it was recorded after the closing.
    pub late: bool,
}

impl CashMovement {
    /// What it adds to the drawer.
    pub(super) fn signed(&self) -> Amount {
        match self.direction {
            CashDirection::In => self.amount,
            CashDirection::Out => -self.amount,
        }
    }
}

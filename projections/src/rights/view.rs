//! What rights answers.

use serde::{Deserialize, Serialize};
use soticket_schema::event::v1::{CardIssued, CardUse, StoredValueIssued};
use soticket_schema::{Amount, OrderId, PaymentId};

/// Where a card or stored value stands but for its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum RightState {
    /// Usable within its time.
    Issued,
    /// Taken back.
    Revoked,
    /// Past its time and accounted for.
    Expired,
}

/// A subscriber card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CardInfo {
    /// As it was sold.
    pub issued: CardIssued,
    /// Where it stands.
    pub state: RightState,
    /// Rights that are used: valid tickets sold on it, in log order.
    pub uses: Vec<CardUse>,
    /// Rights that nobody had used when it expired; none before, or without a total.
    pub unused: Option<u16>,
}

impl CardInfo {
    /// Reduced tickets that it still gives in total; none without a total.
    pub fn left(&self) -> Option<u64> {
        let total = self.issued.in_total?;
        let usable = self.state == RightState::Issued;
        Some(if usable { u64::from(total).saturating_sub(self.uses.len() as u64) } else { 0 })
    }
}

/// What was taken from a stored value, or went back to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ValueMovement {
    /// The order that it paid for, or whose money went back.
    pub order: OrderId,
    /// The payment or return.
    pub payment: PaymentId,
    /// How much: below zero when it paid, above when it went back.
    pub amount: Amount,
}

/// A gift card or voucher.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredValueInfo {
    /// As it was sold.
    pub issued: StoredValueIssued,
    /// Where it stands.
    pub state: RightState,
    /// What can still be spent.
    pub left: Amount,
    /// What nobody can spend any more: the rest of a voucher, what was left at the end, what was taken back.
    pub lapsed: Amount,
    /// What was taken and given back, in log order.
    pub movements: Vec<ValueMovement>,
}

/// Stored values of a kind together: what was issued is spent, left or lapsed, to the cent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct StoredValueTotals {
    /// How many were sold.
    pub count: u64,
    /// What they were worth.
    pub issued: Amount,
    /// What they paid, less what went back to them.
    pub spent: Amount,
    /// What can still be spent: what the venue owes.
    pub left: Amount,
    /// What nobody can spend any more.
    pub lapsed: Amount,
}

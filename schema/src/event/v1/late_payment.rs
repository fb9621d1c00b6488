//! Payments that succeed, fail or come back days later: transfers, direct debits, disputed cards.

use bincode::{Decode, Encode};
use serde::{Deserialize, Serialize};

use super::payment::Leg;
use crate::ids::{OrderId, PaymentId, ShowId, SubjectRef};
use crate::time::Timestamp;

/// Why money did not come, or went away again.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, Encode, Decode,
)]
pub enum PaymentFailure {
    /// The bank or the payer refused it.
    Refused,
    /// Not covered.
    NotCovered,
    /// The payer took it back (chargeback, direct debit contested).
    Contested,
    /// Nothing came in time.
    Late,
    /// Anything else.
    Other,
}

/// A payment is on its way: nothing has come in yet.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct PaymentAnnounced {
    /// Its number, which it keeps when it comes in.
    pub payment: PaymentId,
    /// The order.
    pub order: OrderId,
    /// Who bought, if known.
    pub subject: Option<SubjectRef>,
    /// Shows of the order.
    pub shows: Vec<ShowId>,
    /// How it is to be paid.
    pub legs: Vec<Leg>,
    /// When it should have come in.
    pub expected_by: Timestamp,
}

/// A payment on its way does not come.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct PaymentFailed {
    /// The payment.
    pub payment: PaymentId,
    /// The order.
    pub order: OrderId,
    /// Who bought, if known.
    pub subject: Option<SubjectRef>,
    /// Shows of the order.
    pub shows: Vec<ShowId>,
    /// Why.
    pub reason: PaymentFailure,
}

/// Money that had come in went away again without the venue returning it: the order owes it again.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct PaymentReversed {
    /// Its own number, in the series of payments.
    pub payment: PaymentId,
    /// The payment that it takes back.
    pub reverses: PaymentId,
    /// The order.
    pub order: OrderId,
    /// Who bought, if known.
    pub subject: Option<SubjectRef>,
    /// Shows of the order.
    pub shows: Vec<ShowId>,
    /// What went away.
    pub legs: Vec<Leg>,
    /// Why.
    pub reason: PaymentFailure,
}

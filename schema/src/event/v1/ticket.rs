//! What happens to a ticket after its sale but for cancelling and scanning.

use bincode::{Decode, Encode};
use serde::{Deserialize, Serialize};

use super::order::TicketCode;
use crate::ids::{OrderId, ShowId, SubjectRef, TicketId};

/// Why a ticket was printed again.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, Encode, Decode,
)]
pub enum DuplicateReason {
    /// Lost or stolen.
    Lost,
    /// Cannot be read.
    Damaged,
    /// Never arrived.
    NotReceived,
    /// Anything else.
    Other,
}

/// A ticket was printed again, with the same code: a duplicate is marked, numbered and gives no second entry.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct TicketDuplicated {
    /// The ticket.
    pub ticket: TicketId,
    /// Its show.
    pub show: ShowId,
    /// Its order.
    pub order: OrderId,
    /// Who bought, if known.
    pub subject: Option<SubjectRef>,
    /// Number of the copy, from 1.
    pub copy: u16,
    /// Why.
    pub reason: DuplicateReason,
}

/// A ticket is another person's. It has a new code, and those before open no gate any more.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct TicketTransferred {
    /// The ticket.
    pub ticket: TicketId,
    /// Its show.
    pub show: ShowId,
    /// Its order, which stays the buyer's.
    pub order: OrderId,
    /// Who held it, if known.
    pub from: Option<SubjectRef>,
    /// Who holds it.
    pub to: SubjectRef,
    /// Its code from here on.
    pub code: TicketCode,
}

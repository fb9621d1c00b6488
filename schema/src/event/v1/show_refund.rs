//! The return of all money of a cancelled show: begun, advanced order by order, finished. What happens to each order is
//! in `TicketsCancelled` and `MoneyReturned` of the same command.

use bincode::{Decode, Encode};
use serde::{Deserialize, Serialize};

use crate::ids::ShowId;
use crate::money::Amount;

/// The return of a cancelled show's money begins.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct ShowRefundBegun {
    /// The show.
    pub show: ShowId,
    /// Which of the show's refunds it is, from 1: lines that are reported later take another one.
    pub run: u32,
    /// Whether fees on top and fees of orders are kept.
    pub fees_kept: bool,
    /// Orders with lines of the show.
    pub orders: u64,
    /// What is to be returned, as the orders stand.
    pub amount: Amount,
}

/// Orders were worked off by this command.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct ShowRefundAdvanced {
    /// The show.
    pub show: ShowId,
    /// The refund.
    pub run: u32,
    /// Orders that are done with this command.
    pub orders: u64,
    /// Tickets that it cancelled.
    pub tickets: u64,
    /// What it returned.
    pub amount: Amount,
}

/// No order with lines of the show is left.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct ShowRefundFinished {
    /// The show.
    pub show: ShowId,
    /// The refund.
    pub run: u32,
}

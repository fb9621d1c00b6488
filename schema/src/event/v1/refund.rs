//! Cancellations, reductions and money that went back.

use bincode::{Decode, Encode};
use serde::{Deserialize, Serialize};

use super::payment::Leg;
use crate::ids::{ItemId, OrderId, PaymentId, ShowId, SubjectRef, TicketId};
use crate::money::Amount;

/// Why lines were cancelled.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, Encode, Decode,
)]
pub enum CancelReason {
    /// The buyer asked.
    Customer,
    /// Exchanged for another ticket.
    Exchange,
    /// The show does not take place.
    ShowCancelled,
    /// Not paid in time.
    Unpaid,
    /// Sold by mistake.
    Mistake,
    /// The network or the system it was imported from says so.
    Reported,
    /// The show was postponed or relocated, and the holder asked in time.
    ShowChanged,
}

/// A ticket that is cancelled.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct CancelledTicket {
    /// The ticket.
    pub ticket: TicketId,
    /// Its show.
    pub show: ShowId,
    /// Whether its fee on top is kept.
    pub fee_kept: bool,
}

/// An item that is cancelled.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct CancelledItem {
    /// The item.
    pub item: ItemId,
    /// Its show, if any.
    pub show: Option<ShowId>,
}

/// The content of a cancellation, live or reported.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct Cancellation {
    /// The order.
    pub order: OrderId,
    /// Who bought, if known.
    pub subject: Option<SubjectRef>,
    /// Tickets.
    pub tickets: Vec<CancelledTicket>,
    /// Products and fees.
    pub items: Vec<CancelledItem>,
    /// Why.
    pub reason: CancelReason,
}

/// Tickets or items of an order were cancelled live.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct TicketsCancelled {
    /// What was cancelled.
    pub cancellation: Cancellation,
}

/// A ticket's face price went down after the sale; the ticket stays valid.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct PriceReduced {
    /// The order.
    pub order: OrderId,
    /// Who bought, if known.
    pub subject: Option<SubjectRef>,
    /// The ticket.
    pub ticket: TicketId,
    /// Its show.
    pub show: ShowId,
    /// Face price before.
    pub before: Amount,
    /// Face price from here on.
    pub after: Amount,
    /// VAT of the price from here on as the system that sold it worked it out; none where the ledger works it out.
    pub stated_vat: Option<Amount>,
}

/// Money went back for an order.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct MoneyReturned {
    /// Its number, in the series of payments.
    pub payment: PaymentId,
    /// The order.
    pub order: OrderId,
    /// Who bought, if known.
    pub subject: Option<SubjectRef>,
    /// Shows of the order.
    pub shows: Vec<ShowId>,
    /// How it was returned.
    pub legs: Vec<Leg>,
}

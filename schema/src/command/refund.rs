//! Cancellations, reductions and returns of money as they are asked for.

use bincode::Encode;
use serde::Serialize;

use crate::event::v1::{CancelReason, Leg};
use crate::ids::{ItemId, OrderId, TicketId};
use crate::money::Amount;

/// A ticket to be cancelled.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Encode)]
pub struct TicketToCancel {
    /// The ticket.
    pub ticket: TicketId,
    /// Whether its fee on top is kept.
    pub fee_kept: bool,
}

/// See [`super::CommandBody::CancelTickets`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Encode)]
pub struct CancelTickets {
    /// The order.
    pub order: OrderId,
    /// Tickets.
    pub tickets: Vec<TicketToCancel>,
    /// Products and fees.
    pub items: Vec<ItemId>,
    /// Why.
    pub reason: CancelReason,
    /// Money returned with it; empty for none.
    pub refund: Vec<Leg>,
}

/// See [`super::CommandBody::ReducePrice`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Encode)]
pub struct ReducePrice {
    /// The ticket.
    pub ticket: TicketId,
    /// Face price from here on, below the present one.
    pub price: Amount,
    /// VAT of the price from here on as the system that sold it worked it out; none where the ledger works it out.
    pub stated_vat: Option<Amount>,
}

/// See [`super::CommandBody::ReturnMoney`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Encode)]
pub struct ReturnMoney {
    /// The order.
    pub order: OrderId,
    /// How it was returned.
    pub legs: Vec<Leg>,
}

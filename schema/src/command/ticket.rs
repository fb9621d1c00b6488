//! What is asked of tickets after their sale.

use bincode::Encode;
use serde::Serialize;

use super::Person;
use super::entitlement::TicketOnCard;
use super::order::{ItemRequest, TicketRequest};
use super::refund::TicketToCancel;
use crate::event::v1::{DuplicateReason, Leg};
use crate::ids::{ChannelId, OrderId, TicketId};

/// See [`super::CommandBody::ExchangeTickets`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Encode)]
pub struct ExchangeTickets {
    /// The order.
    pub order: OrderId,
    /// Where it is done.
    pub channel: ChannelId,
    /// Till or point of sale; may be empty.
    pub seller: String,
    /// Tickets given back.
    pub returned: Vec<TicketToCancel>,
    /// Tickets instead, one for each given back, in the same order.
    pub tickets: Vec<TicketRequest>,
    /// Products and fees, such as for the exchange.
    pub items: Vec<ItemRequest>,
    /// New tickets sold on cards.
    pub cards: Vec<TicketOnCard>,
    /// How a difference is paid now, at most what the order then owes; may be empty.
    pub payment: Vec<Leg>,
    /// How a difference is returned, at most what the order then has too much; may be empty.
    pub refund: Vec<Leg>,
}

/// See [`super::CommandBody::DuplicateTicket`].
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Encode)]
pub struct DuplicateTicket {
    /// The ticket.
    pub ticket: TicketId,
    /// Why.
    pub reason: DuplicateReason,
}

/// See [`super::CommandBody::TransferTicket`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Encode)]
pub struct TransferTicket {
    /// The ticket.
    pub ticket: TicketId,
    /// Who holds it from here on.
    pub to: Person,
}

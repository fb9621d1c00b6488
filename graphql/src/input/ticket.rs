//! What happens to tickets after their sale but for cancelling and scanning.

use async_graphql::{ID, InputObject};
use soticket_schema::command::{DuplicateTicket, ExchangeTickets, TransferTicket};
use soticket_schema::{CommandBody, Rejection};

use super::order::{ItemInput, TicketInput, items, tickets};
use super::refund::{TicketToCancelInput, tickets as to_cancel};
use super::rights::{TicketOnCardInput, on_cards};
use super::scope::{LegInput, PersonInput};
use super::{Caller, CommandInput, Scope};
use crate::types::enums::DuplicateReason;

/// Input of `ticketsExchange`.
#[derive(InputObject)]
pub(crate) struct TicketsExchangeInput {
    #[graphql(flatten)]
    caller: Caller,
    /// The order.
    order: ID,
    /// Where it is done.
    channel: ID,
    /// Till or point of sale.
    #[graphql(default)]
    seller: String,
    /// Tickets given back.
    returned: Vec<TicketToCancelInput>,
    /// Tickets instead, one for each given back, in the same order.
    tickets: Vec<TicketInput>,
    /// Products and fees, such as for the exchange.
    #[graphql(default)]
    items: Vec<ItemInput>,
    /// New tickets sold on subscriber cards.
    #[graphql(default)]
    cards: Vec<TicketOnCardInput>,
    /// How a difference is paid now, at most what the order then owes.
    #[graphql(default)]
    payment: Vec<LegInput>,
    /// How a difference is returned, at most what the order then has too much.
    #[graphql(default)]
    refund: Vec<LegInput>,
}

impl CommandInput for TicketsExchangeInput {
    fn caller(&self) -> &Caller {
        &self.caller
    }

    fn body(self, scope: &Scope) -> Result<CommandBody, Rejection> {
        Ok(CommandBody::ExchangeTickets(ExchangeTickets {
            order: scope.id(&self.order),
            channel: scope.id(&self.channel),
            seller: self.seller,
            returned: to_cancel(&self.returned, scope),
            tickets: tickets(&self.tickets, scope)?,
            items: items(&self.items, scope)?,
            cards: on_cards(&self.cards, scope),
            payment: scope.legs(&self.payment, "payment")?,
            refund: scope.legs(&self.refund, "refund")?,
        }))
    }
}

/// Input of `ticketDuplicate`.
#[derive(InputObject)]
pub(crate) struct TicketDuplicateInput {
    #[graphql(flatten)]
    caller: Caller,
    /// The ticket.
    ticket: ID,
    /// Why.
    reason: DuplicateReason,
}

impl CommandInput for TicketDuplicateInput {
    fn caller(&self) -> &Caller {
        &self.caller
    }

    fn body(self, scope: &Scope) -> Result<CommandBody, Rejection> {
        let (ticket, reason) = (scope.id(&self.ticket), self.reason.into());
        Ok(CommandBody::DuplicateTicket(DuplicateTicket { ticket, reason }))
    }
}

/// Input of `ticketTransfer`.
#[derive(InputObject)]
pub(crate) struct TicketTransferInput {
    #[graphql(flatten)]
    caller: Caller,
    /// The ticket.
    ticket: ID,
    /// Who holds it from here on.
    to: PersonInput,
}

impl CommandInput for TicketTransferInput {
    fn caller(&self) -> &Caller {
        &self.caller
    }

    fn body(self, scope: &Scope) -> Result<CommandBody, Rejection> {
        let (ticket, to) = (scope.id(&self.ticket), self.to.into());
        Ok(CommandBody::TransferTicket(TransferTicket { ticket, to }))
    }
}

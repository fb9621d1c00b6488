//! Cancellations and price reductions.

use async_graphql::{ID, InputObject};
use soticket_schema::command::{CancelTickets, ReducePrice, TicketToCancel};
use soticket_schema::{CommandBody, Rejection, Timestamp};

use super::scope::LegInput;
use super::{Caller, CommandInput, Scope};
use crate::scalar::{DateTime, Decimal};
use crate::types::enums::CancelReason;

/// A ticket to be cancelled.
#[derive(InputObject)]
pub(crate) struct TicketToCancelInput {
    /// The ticket.
    ticket: ID,
    /// Whether its fee on top is kept.
    #[graphql(default)]
    fee_kept: bool,
}

/// Tickets of a live or reported cancellation.
pub(super) fn tickets(tickets: &[TicketToCancelInput], scope: &Scope) -> Vec<TicketToCancel> {
    let ticket = |ticket: &TicketToCancelInput| TicketToCancel {
        ticket: scope.id(&ticket.ticket),
        fee_kept: ticket.fee_kept,
    };
    tickets.iter().map(ticket).collect()
}

/// Input of `ticketsCancel`.
#[derive(InputObject)]
pub(crate) struct TicketsCancelInput {
    #[graphql(flatten)]
    caller: Caller,
    /// The order.
    order: ID,
    /// Tickets.
    #[graphql(default)]
    tickets: Vec<TicketToCancelInput>,
    /// Products and fees.
    #[graphql(default)]
    items: Vec<ID>,
    /// Why.
    reason: CancelReason,
    /// Money returned with it; empty for none.
    #[graphql(default)]
    refund: Vec<LegInput>,
}

impl CommandInput for TicketsCancelInput {
    fn caller(&self) -> &Caller {
        &self.caller
    }

    fn body(self, scope: &Scope) -> Result<CommandBody, Rejection> {
        Ok(CommandBody::CancelTickets(CancelTickets {
            order: scope.id(&self.order),
            tickets: tickets(&self.tickets, scope),
            items: scope.list(&self.items),
            reason: self.reason.into(),
            refund: scope.legs(&self.refund, "refund")?,
        }))
    }
}

/// Input of `priceReduce`.
#[derive(InputObject)]
pub(crate) struct PriceReduceInput {
    #[graphql(flatten)]
    caller: Caller,
    /// When it happened, if it is a fact that is recorded later.
    occurred_at: Option<DateTime>,
    /// The ticket.
    ticket: ID,
    /// Face price from here on, below the present one.
    price: Decimal,
    /// VAT of the price from here on as the system that sold it worked it out; absent where the ledger works it out.
    stated_vat: Option<Decimal>,
}

impl CommandInput for PriceReduceInput {
    fn caller(&self) -> &Caller {
        &self.caller
    }

    fn occurred_at(&self) -> Option<Timestamp> {
        self.occurred_at.map(|time| time.0)
    }

    fn body(self, scope: &Scope) -> Result<CommandBody, Rejection> {
        let stated_vat = match &self.stated_vat {
            Some(vat) => Some(scope.amount(vat, || "stated_vat".into())?),
            None => None,
        };
        let price = scope.amount(&self.price, || "price".into())?;
        Ok(CommandBody::ReducePrice(ReducePrice { ticket: scope.id(&self.ticket), price, stated_vat }))
    }
}

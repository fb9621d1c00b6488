//! Copies of tickets, and tickets handed to another person.

use soticket_schema::command::{DuplicateTicket, TransferTicket};
use soticket_schema::event::v1::{TicketDuplicated, TicketTransferred};
use soticket_schema::limits::COPIES_MAX;
use soticket_schema::{Event, Rejection, RejectionCode};

use super::checks::{Checks, field, rejection};
use super::{Context, Decide, When};

impl Decide for DuplicateTicket {
    fn shape(&self, _when: When, _checks: &mut Checks) {}

    /// The copy bears the same code, so that it gives no second entry.
    fn decide(&self, context: &Context<'_>, checks: &mut Checks) -> Result<Vec<Event>, Rejection> {
        let state = context.state;
        let ticket = state.tickets.get(self.ticket);
        let ticket = checks.need(ticket, RejectionCode::TicketUnknown, field("ticket"))?;
        checks.ensure(!ticket.cancelled, RejectionCode::TicketAlreadyCancelled, field("ticket"));
        let copies = state.tickets.copies(self.ticket);
        checks.ensure(copies < COPIES_MAX, RejectionCode::TooManyCopies, field("ticket"));
        let event = TicketDuplicated {
            ticket: self.ticket,
            show: ticket.show(),
            order: ticket.order(),
            subject: state.buyer(ticket.order()),
            copy: copies.saturating_add(1),
            reason: self.reason,
        };
        Ok(vec![event.into()])
    }
}

impl Decide for TransferTicket {
    fn shape(&self, _when: When, checks: &mut Checks) {
        checks.person(&self.to, field("to"));
    }

    fn decide(&self, context: &Context<'_>, checks: &mut Checks) -> Result<Vec<Event>, Rejection> {
        let state = context.state;
        let ticket = state.tickets.get(self.ticket);
        let ticket = checks.need(ticket, RejectionCode::TicketUnknown, field("ticket"))?;
        checks.ensure(!ticket.cancelled, RejectionCode::TicketAlreadyCancelled, field("ticket"));
        checks.done()?;
        // The vault always gives both.
        let material = context.subject.zip(context.codes.first().copied());
        let (to, code) = material.ok_or_else(|| rejection(RejectionCode::TextEmpty, field("to")))?;
        let buyer = state.buyer(ticket.order());
        let event = TicketTransferred {
            ticket: self.ticket,
            show: ticket.show(),
            order: ticket.order(),
            from: state.tickets.holder(self.ticket).or(buyer),
            to,
            code,
        };
        Ok(vec![event.into()])
    }
}

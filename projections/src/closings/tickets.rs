//! Tickets of one show, as far as their cancellation needs to know.

use serde::{Deserialize, Serialize};
use soticket_ledger::books::{Books, SoldTicket};
use soticket_schema::event::v1::{CancelledTicket, KeptFee, PriceReduced, TicketLine};
use soticket_schema::{Amount, ShowId};

use crate::rows::{Interned, Rows};

/// Tickets of one show.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Tickets {
    kinds: Interned<Kind, ()>,
    /// Which kind each ticket is of, and in the highest bits what has become of it.
    tickets: Rows<u32>,
}

/// Tickets that are alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
struct Kind {
    price: Amount,
    fee: Amount,
    tax: u32,
}

const CANCELLED: u32 = 1 << 31;
const FEE_KEPT: u32 = 1 << 30;

impl Tickets {
    pub(super) fn sell(&mut self, books: &mut Books, line: &TicketLine) {
        if self.tickets.get(line.ticket.0).is_none() {
            let tax = books.sell_ticket(line);
            let kind = self.kinds.number(Kind { price: line.price, fee: line.fee, tax });
            self.tickets.add(line.ticket.0, kind);
        }
    }

    fn kind(&self, row: u32) -> Option<Kind> {
        self.kinds.key(row & !(CANCELLED | FEE_KEPT)).copied()
    }

    pub(super) fn cancel(&mut self, books: &mut Books, cancelled: &CancelledTicket) {
        let row = self.tickets.get(cancelled.ticket.0).copied().filter(|row| row & CANCELLED == 0);
        let Some((row, kind)) = row.and_then(|row| Some((row, self.kind(row)?))) else { return };
        books.cancel_ticket(kind.sold(cancelled.show), cancelled.fee_kept);
        if let Some(stored) = self.tickets.get_mut(cancelled.ticket.0) {
            *stored = row | CANCELLED | if cancelled.fee_kept { FEE_KEPT } else { 0 };
        }
    }

    /// Only of a fee that was given back.
    pub(super) fn keep_of_fee(&mut self, books: &mut Books, kept: &KeptFee) {
        let row = self.tickets.get(kept.ticket.0).copied();
        let given_back = row.filter(|row| row & (CANCELLED | FEE_KEPT) == CANCELLED);
        let Some(kind) = given_back.and_then(|row| self.kind(row)) else { return };
        books.keep_of_fee(kept.show, kind.tax, kept.amount);
        if let Some(stored) = self.tickets.get_mut(kept.ticket.0) {
            *stored |= FEE_KEPT;
        }
    }

    pub(super) fn reprice(&mut self, books: &mut Books, event: &PriceReduced) {
        let row = self.tickets.get(event.ticket.0).copied().filter(|row| row & CANCELLED == 0);
        let Some(kind) = row.and_then(|row| self.kind(row)) else { return };
        let tax = books.reprice_ticket(kind.sold(event.show), event.after, event.stated_vat);
        let number = self.kinds.number(Kind { price: event.after, tax, ..kind });
        if let Some(stored) = self.tickets.get_mut(event.ticket.0) {
            *stored = number;
        }
    }
}

impl Kind {
    fn sold(self, show: ShowId) -> SoldTicket {
        SoldTicket { show, tax: self.tax, price: self.price, fee: self.fee }
    }
}

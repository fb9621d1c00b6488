//! What a cancellation gives back of the commissions that its sale froze.

use soticket_schema::command::TicketToCancel;
use soticket_schema::event::v1::{
    CancelReason, Cancellation, CancelledTicket, CommissionLine, CommissionsReversed, KeptFee, OnRefund,
    Payer,
};
use soticket_schema::{Amount, Event, TicketId};

use super::lines::{self, Lines};
use crate::state::{State, distinct};

/// As for charges.
const LINES_BYTES_MAX: usize = 40_000;

/// The events; none when nothing was charged, or nothing changes. A fee that is kept keeps its commissions; of a fee that
/// is given back those stay due whose rule says so. `before` are tickets that the same command has cancelled before.
pub(in crate::decide) fn reversed(
    state: &State,
    cancellation: &Cancellation,
    before: &[TicketToCancel],
) -> Vec<Event> {
    let charged = &state.commissions.charged;
    let mut whole: Vec<CommissionLine> = Vec::new();
    for cancelled in &cancellation.items {
        whole.extend(charged.of_item(cancelled.item).iter().cloned());
    }
    if none_left(state, cancellation, before) {
        let of_order = charged.of_order(cancellation.order).iter();
        whole.extend(of_order.filter(|line| line.on_refund == OnRefund::Reversed).cloned());
    }
    events(state, cancellation, &cancellation.tickets, whole)
}

/// Whether the order has no valid ticket after this cancellation. Tickets that are exchanged have others in their place.
fn none_left(state: &State, cancellation: &Cancellation, before: &[TicketToCancel]) -> bool {
    let whole = state.commissions.charged.of_order(cancellation.order);
    if whole.is_empty() || cancellation.reason == CancelReason::Exchange {
        return false;
    }
    state.orders.tickets(cancellation.order).all(|ticket| {
        state.tickets.get(ticket).is_some_and(|ticket| ticket.cancelled)
            || cancellation.tickets.iter().any(|cancelled| cancelled.ticket == ticket)
            || before.iter().any(|cancelled| cancelled.ticket == ticket)
    })
}

fn events(
    state: &State,
    cancellation: &Cancellation,
    tickets: &[CancelledTicket],
    whole: Vec<CommissionLine>,
) -> Vec<Event> {
    let mut lines = Lines::default();
    let mut kept = Vec::new();
    for cancelled in tickets {
        let amount = reverse_ticket(state, cancelled, &mut lines);
        if amount > Amount::ZERO {
            kept.push(KeptFee { ticket: cancelled.ticket, show: cancelled.show, amount });
        }
    }
    let mut lines = lines.into_vec();
    if lines::bytes(&lines) > LINES_BYTES_MAX && tickets.len() > 1 {
        let (first, rest) = tickets.split_at(tickets.len() / 2);
        let mut split = events(state, cancellation, first, whole);
        split.append(&mut events(state, cancellation, rest, Vec::new()));
        return split;
    }
    lines.extend(whole);
    if lines.is_empty() && kept.is_empty() {
        return Vec::new();
    }
    let shows = lines.iter().map(|line| line.show).chain(kept.iter().map(|kept| kept.show));
    let event = CommissionsReversed {
        order: cancellation.order,
        subject: cancellation.subject,
        shows: distinct(shows),
        lines,
        kept,
    };
    vec![event.into()]
}

/// What is kept of a ticket's fee although it is given back.
pub(in crate::decide) fn kept_of(state: &State, ticket: TicketId) -> Amount {
    let lines = state.commissions.charged.of_ticket(ticket).iter();
    let kept = lines.filter(|line| line.payer == Payer::Buyer && line.on_refund == OnRefund::Kept);
    kept.map(|line| line.amount).sum()
}

/// Adds what a ticket gives back; tells what is kept of the fee although it is given back.
fn reverse_ticket(state: &State, cancelled: &CancelledTicket, lines: &mut Lines) -> Amount {
    let mut kept = Amount::ZERO;
    for line in state.commissions.charged.of_ticket(cancelled.ticket) {
        let by_buyer = line.payer == Payer::Buyer;
        if line.on_refund == OnRefund::Reversed && !(by_buyer && cancelled.fee_kept) {
            lines.add(cancelled.ticket, line.clone());
        } else if by_buyer && !cancelled.fee_kept {
            kept += line.amount;
        }
    }
    kept
}

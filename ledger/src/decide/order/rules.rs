//! What tariffs and quotas of free tickets say to a live sale.

use soticket_schema::RejectionCode;
use soticket_schema::command::{TicketOnCard, TicketToCancel};

use super::wanted::Wanted;
use crate::decide::Context;
use crate::decide::checks::Checks;
use crate::decide::comp::CompsTaken;
use crate::decide::lines::Found;
use crate::decide::tariff_rules::{self, Counts};

/// What is asked of them.
pub(super) struct Asked<'a> {
    pub(super) wanted: &'a [Wanted],
    /// Tickets given back for those that are wanted.
    pub(super) replaced: &'a [TicketToCancel],
    /// Tickets that are sold on subscriber cards; whether the cards have a right left is looked at with them.
    pub(super) on_cards: &'a [TicketOnCard],
}

/// Whether the tariffs sell like this, and the free tickets are within their quotas.
pub(super) fn check(context: &Context<'_>, asked: Asked<'_>, found: &[Found<'_>], checks: &mut Checks) {
    let Asked { wanted, replaced, on_cards } = asked;
    let counts = Counts::of(wanted.iter().map(|ticket| ticket.request.tariff));
    let mut comps = CompsTaken::default();
    for ticket in replaced.iter().filter_map(|given| context.state.tickets.get(given.ticket)) {
        comps.give_back(ticket.show(), ticket.comp);
    }
    for (place, (ticket, found)) in wanted.iter().zip(found).enumerate() {
        let request = &ticket.request;
        let over = comps.take(request.show, found.show, request.comp);
        let card = on_cards.iter().any(|on_card| usize::from(on_card.ticket) == place);
        ticket.at(|at| {
            let tariff = (request.tariff, found.tariff);
            tariff_rules::check(tariff, found.show, (&counts, card), context.now, at, checks);
            checks.ensure(!over, RejectionCode::CompQuotaExceeded, at.field("comp"));
        });
    }
}

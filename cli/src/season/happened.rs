//! What became of the season's tickets and tills, counted in the read models.

use serde::Serialize;
use soticket_projections::OrganisationViews;
use soticket_projections::attendance::AnomalyKind;
use soticket_projections::orders::{Ticket, TicketStatus};
use soticket_schema::event::v1::CancelReason;
use soticket_schema::{Amount, OrderId, ShowId};

/// How often what happened.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Serialize)]
pub(crate) struct Happened {
    /// Tickets that others were issued for.
    pub(crate) exchanged: u64,
    /// Tickets of the show that was called off, whose money went back.
    pub(crate) called_off: u64,
    /// Tickets that were given back because their show was moved or put off.
    pub(crate) given_back_for_change: u64,
    /// Codes that were shown at a second gate by somebody whose ticket was inside.
    pub(crate) double_entries: u64,
    /// Passages out.
    pub(crate) exits: u64,
    /// Reported tickets whose fee on top was not what the rules say.
    pub(crate) other_fees: u64,
    /// Till sessions whose count was not what should have been there.
    pub(crate) till_differences: u64,
}

pub(super) fn happened(views: &OrganisationViews) -> Happened {
    let mut happened = Happened::default();
    let shows: Vec<ShowId> = views.catalogue.shows().map(|info| info.show()).collect();
    for show in shows {
        happened.count_tickets(views, show);
        if let Some(settlement) = views.settlement.show(show) {
            happened.other_fees += settlement.other_fee;
        }
        if let Some(attendance) = views.attendance.show(show) {
            let twice = |kind: AnomalyKind| kind == AnomalyKind::SecondEntry;
            let twice = attendance.anomalies.iter().filter(|anomaly| twice(anomaly.kind)).count();
            happened.double_entries += twice as u64;
            happened.exits += attendance.gates.iter().map(|gate| gate.exits).sum::<u64>();
        }
    }
    for session in views.tills.sessions() {
        let wrong = |difference: Option<Amount>| difference.is_some_and(|by| by != Amount::ZERO);
        let differs = session.methods.iter().any(|method| wrong(method.difference()));
        happened.till_differences += u64::from(differs);
    }
    happened
}

impl Happened {
    fn count_tickets(&mut self, views: &OrganisationViews, show: ShowId) {
        let mut after: Option<OrderId> = None;
        loop {
            let orders = views.orders.of_show(show, after, 500);
            let Some(last) = orders.last() else { return };
            after = Some(last.order);
            let tickets = orders.iter().flat_map(|order| &order.tickets);
            tickets.filter(|ticket| ticket.show == show).for_each(|ticket| self.count_ticket(ticket));
        }
    }

    fn count_ticket(&mut self, ticket: &Ticket) {
        self.exchanged += u64::from(ticket.replaced_by.is_some());
        match ticket.status {
            TicketStatus::Cancelled { reason: CancelReason::ShowCancelled, .. } => self.called_off += 1,
            TicketStatus::Cancelled { reason: CancelReason::ShowChanged, .. } => {
                self.given_back_for_change += 1;
            }
            _ => {}
        }
    }
}

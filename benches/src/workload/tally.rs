//! The workload's own counts: what every projection must agree with.

use std::collections::BTreeMap;

use soticket_schema::event::v1::TicketLine;
use soticket_schema::ids::ShowId;
use soticket_schema::{Amount, Event};

/// Counts of one show.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct ShowTally {
    /// Tickets sold, cancelled or not.
    pub(crate) issued: u64,
    /// Tickets cancelled.
    pub(crate) cancelled: u64,
    /// Face prices of the tickets that are not cancelled.
    pub(crate) gross: Amount,
    /// Places held now.
    pub(crate) held: u64,
    /// Different tickets that have entered.
    pub(crate) entered: u64,
}

/// Counts over everything.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) events: u64,
    pub(crate) commands: u64,
    pub(crate) orders: u64,
    pub(crate) paid: Amount,
    pub(crate) returned: Amount,
    pub(crate) scans: u64,
    /// Different named buyers.
    pub(crate) buyers: u64,
    pub(crate) shows: BTreeMap<ShowId, ShowTally>,
}

impl Tally {
    /// Counts what every event says of itself; prices of cancelled tickets are told by [`Self::cancel`].
    pub(super) fn count(&mut self, event: &Event) {
        self.events += 1;
        match event {
            Event::OrderPlaced(order) => {
                self.orders += 1;
                order.lines.tickets.iter().for_each(|line| self.issue(line));
            }
            Event::PaymentRecorded(payment) => {
                self.paid += payment.legs.iter().map(|leg| leg.amount).sum();
            }
            Event::MoneyReturned(payment) => {
                self.returned += payment.legs.iter().map(|leg| leg.amount).sum();
            }
            Event::HoldPlaced(hold) => self.show(hold.show).held += u64::from(hold.places.count()),
            Event::TicketScanned(_) => self.scans += 1,
            _ => {}
        }
    }

    pub(super) fn show(&mut self, show: ShowId) -> &mut ShowTally {
        self.shows.entry(show).or_default()
    }

    fn issue(&mut self, line: &TicketLine) {
        let show = self.show(line.show);
        show.issued += 1;
        show.gross += line.price;
    }

    pub(super) fn cancel(&mut self, show: ShowId, price: Amount) {
        let show = self.show(show);
        show.cancelled += 1;
        show.gross -= price;
    }

    /// The sum over all shows.
    pub(crate) fn total(&self) -> ShowTally {
        self.shows.values().fold(ShowTally::default(), |sum, show| ShowTally {
            issued: sum.issued + show.issued,
            cancelled: sum.cancelled + show.cancelled,
            gross: sum.gross + show.gross,
            held: sum.held + show.held,
            entered: sum.entered + show.entered,
        })
    }
}

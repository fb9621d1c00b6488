//! What the log has of the channel already: a line is known again by its ticket's code, whoever recorded it.

use std::collections::HashMap;
use std::ops::ControlFlow;

use soticket_ledger::{Entry, Ledger};
use soticket_schema::event::v1::{Cancellation, OrderLines};
use soticket_schema::{Event, OrderId, ShowId, TicketId, Timestamp};

use super::line::Content;
use super::venue::Venue;
use crate::import::ImportError;

/// A ticket of the channel, as the log has it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Version {
    pub(super) ticket: TicketId,
    pub(super) order: OrderId,
    pub(super) content: Content,
    pub(super) cancelled: bool,
}

/// The channel's tickets by show and code, in the order of the log.
#[derive(Debug, Default)]
pub(super) struct Recorded {
    versions: HashMap<(ShowId, String), Vec<Version>>,
}

impl Recorded {
    /// Reads the log once.
    ///
    /// # Errors
    /// Log or vault cannot be read.
    pub(super) fn read(ledger: &Ledger, venue: &Venue) -> Result<Self, ImportError> {
        let mut tickets: Vec<Version> = Vec::new();
        let mut at: HashMap<TicketId, usize> = HashMap::new();
        let read = ledger.read(venue.organisation, 0, &mut |entry| {
            note(&entry, venue, &mut tickets, &mut at);
            ControlFlow::Continue(())
        });
        read.map_err(|error| ImportError::Stopped(error.to_string()))?;
        let mut recorded = Self::default();
        for version in tickets {
            let codes = ledger.codes(venue.organisation, version.ticket);
            for code in codes.map_err(|error| ImportError::Stopped(error.to_string()))? {
                recorded.versions.entry((version.content.show, code)).or_default().push(version);
            }
        }
        Ok(recorded)
    }

    /// The tickets that have had this code.
    pub(super) fn versions(&self, show: ShowId, code: &str) -> &[Version] {
        self.versions.get(&(show, code.to_owned())).map_or(&[], Vec::as_slice)
    }
}

fn note(entry: &Entry, venue: &Venue, tickets: &mut Vec<Version>, at: &mut HashMap<TicketId, usize>) {
    let sold_at = entry.envelope.occurred_at;
    match &entry.event {
        Event::OrderPlaced(event) => sold(&event.lines, sold_at, venue, tickets, at),
        Event::ExternalSaleReported(event) => sold(&event.lines, sold_at, venue, tickets, at),
        Event::TicketsCancelled(event) => cancelled(&event.cancellation, tickets, at),
        Event::ExternalSaleCancelled(event) => cancelled(&event.cancellation, tickets, at),
        Event::PriceReduced(event) => {
            if let Some(version) = at.get(&event.ticket).and_then(|index| tickets.get_mut(*index)) {
                version.content.price = event.after;
            }
        }
        _ => {}
    }
}

fn sold(
    lines: &OrderLines,
    sold_at: Timestamp,
    venue: &Venue,
    tickets: &mut Vec<Version>,
    at: &mut HashMap<TicketId, usize>,
) {
    if lines.channel != venue.channel {
        return;
    }
    for line in &lines.tickets {
        at.insert(line.ticket, tickets.len());
        let content = Content {
            show: line.show,
            zone: line.zone,
            seat: line.seat,
            tariff: line.tariff,
            comp: line.comp,
            price: line.price,
            fee: line.fee,
            sold_at,
        };
        tickets.push(Version { ticket: line.ticket, order: lines.order, content, cancelled: false });
    }
}

fn cancelled(cancellation: &Cancellation, tickets: &mut [Version], at: &HashMap<TicketId, usize>) {
    for cancelled in &cancellation.tickets {
        if let Some(version) = at.get(&cancelled.ticket).and_then(|index| tickets.get_mut(*index)) {
            version.cancelled = true;
        }
    }
}

//! Sales and cancellations: what they do to orders, tickets, serials and places together.

use soticket_schema::event::v1::{Cancellation, OrderLines, PriceReduced, TicketLine};
use soticket_schema::{ChannelId, OrderId};

use super::State;
use super::places::Kind;

impl State {
    pub(super) fn lines_added(&mut self, lines: &OrderLines) {
        self.orders.begin(lines.order, lines.subject);
        if self.orders.get(lines.order).is_none() {
            return;
        }
        for line in &lines.tickets {
            self.ticket_added(line, lines.order, lines.channel);
        }
        for line in &lines.items {
            self.orders.add_item(lines.order, line);
            if let Some(show) = line.show.and_then(|show| self.shows.get_mut(show.0)) {
                show.refund_later(lines.order);
            }
        }
    }

    fn ticket_added(&mut self, line: &TicketLine, order: OrderId, channel: ChannelId) {
        let Some(show) = self.shows.get_mut(line.show.0) else { return };
        let Some(zone) = show.zone_index(line.zone) else { return };
        if self.tickets.add(line, order, channel, zone) {
            show.occupy(zone, channel, line.seat, Kind::Sold, 1);
            show.comps.count(line.comp, 1);
            show.refund_later(order);
            self.orders.add_ticket(order, line.ticket);
            self.serial_given(line);
        }
    }

    pub(super) fn lines_cancelled(&mut self, cancellation: &Cancellation) {
        for cancelled in &cancellation.tickets {
            let Some(ticket) = self.tickets.get_mut(cancelled.ticket) else { continue };
            if ticket.cancelled {
                continue;
            }
            (ticket.cancelled, ticket.fee_kept) = (true, cancelled.fee_kept);
            let ticket = *ticket;
            if let Some(show) = self.shows.get_mut(ticket.show().0) {
                show.occupy(ticket.zone, ticket.channel(), ticket.seat(), Kind::Sold, -1);
                show.comps.count(ticket.comp, -1);
            }
        }
        for cancelled in &cancellation.items {
            if let Some(item) = self.orders.item_mut(cancelled.item) {
                item.cancelled = true;
            }
        }
    }

    pub(super) fn price_reduced(&mut self, event: &PriceReduced) {
        if let Some(ticket) = self.tickets.get_mut(event.ticket) {
            ticket.reduce(event.after);
        }
    }
}

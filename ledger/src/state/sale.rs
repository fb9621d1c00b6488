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
            if self.orders.add_item(lines.order, line) {
                let sold = self.books.sell_item(line);
                self.orders.set_sold(line.item, sold);
            }
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
            let tax = self.books.sell_ticket(line);
            self.tickets.set_tax(line.ticket, tax);
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
            self.books.cancel_ticket(ticket.sold(), cancelled.fee_kept);
            if let Some(show) = self.shows.get_mut(ticket.show().0) {
                show.occupy(ticket.zone, ticket.channel(), ticket.seat(), Kind::Sold, -1);
                show.comps.count(ticket.comp, -1);
            }
        }
        for cancelled in &cancellation.items {
            if let Some(item) = self.orders.item_mut(cancelled.item).filter(|item| !item.cancelled) {
                item.cancelled = true;
                self.books.cancel_item(item.show(), item.sold, item.price);
            }
        }
    }

    pub(super) fn price_reduced(&mut self, event: &PriceReduced) {
        let Some(ticket) = self.tickets.get_mut(event.ticket) else { return };
        if !ticket.cancelled {
            ticket.tax = self.books.reprice_ticket(ticket.sold(), event.after, event.stated_vat);
        }
        ticket.reduce(event.after);
    }
}

//! What happens to orders that were placed: cancelled, exchanged, duplicated, handed on, reduced, reported.

use soticket_schema::command::*;
use soticket_schema::event::v1::*;
use soticket_schema::*;

use super::{Chooser, Ticket};

impl Chooser<'_> {
    pub(super) fn cancel(&mut self) -> CommandBody {
        let ticket = self.ticket_id();
        let order = self.ticket(ticket).map_or(OrderId(1), |ticket| ticket.order);
        let known = self.books.money.orders.get(&order);
        let mut items = Vec::new();
        let mut tickets = vec![TicketToCancel { ticket, fee_kept: self.random.chance(30) }];
        if let Some(known) = known.filter(|_| self.random.chance(25)) {
            items.extend(known.items.iter().filter(|item| !item.cancelled).map(|item| item.item));
        }
        if self.random.chance(10) {
            // An order that sold a card or stored value, without tickets.
            let id = self.order_id();
            if let Some(other) = self.books.money.orders.get(&id).filter(|order| !order.items.is_empty()) {
                items = other.items.iter().map(|item| item.item).collect();
                tickets.clear();
                return self.cancellation(id, tickets, items);
            }
        }
        self.cancellation(order, tickets, items)
    }

    pub(super) fn cancellation(
        &mut self,
        order: OrderId,
        tickets: Vec<TicketToCancel>,
        items: Vec<ItemId>,
    ) -> CommandBody {
        let refund = if self.random.chance(30) { self.legs() } else { Vec::new() };
        CommandBody::CancelTickets(CancelTickets {
            order,
            tickets,
            items,
            reason: if self.random.chance(15) { CancelReason::ShowChanged } else { CancelReason::Customer },
            refund,
        })
    }

    pub(super) fn exchange(&mut self) -> CommandBody {
        let ticket = self.ticket_id();
        let order = self.ticket(ticket).map_or(OrderId(1), |ticket| ticket.order);
        let mut returned = vec![TicketToCancel { ticket, fee_kept: self.random.chance(20) }];
        if self.random.chance(30) {
            let others = self.books.money.orders.get(&order).map_or(&[][..], |order| &order.tickets);
            let other = others.iter().find(|id| **id != ticket);
            returned.extend(other.map(|id| TicketToCancel { ticket: *id, fee_kept: false }));
        }
        let mut tickets: Vec<_> = returned.iter().map(|_| self.request()).collect();
        let cards = if self.random.chance(25) { self.card_uses(&mut tickets) } else { Vec::new() };
        let money = self.legs();
        let (payment, refund) = match self.random.below(4) {
            0 => (money, Vec::new()),
            1 => (Vec::new(), money),
            _ => (Vec::new(), Vec::new()),
        };
        let channel = self.channel();
        CommandBody::ExchangeTickets(ExchangeTickets {
            order,
            channel,
            seller: self.seller(channel),
            returned,
            tickets,
            items: Vec::new(),
            cards,
            payment,
            refund,
        })
    }

    pub(super) fn after_the_sale(&mut self) -> CommandBody {
        let ticket = self.ticket_id();
        if self.random.chance(50) {
            return CommandBody::DuplicateTicket(DuplicateTicket { ticket, reason: DuplicateReason::Lost });
        }
        let to = self.buyer().unwrap_or_default();
        CommandBody::TransferTicket(TransferTicket { ticket, to })
    }

    pub(super) fn report(&mut self) -> CommandBody {
        let request = self.request();
        if self.random.chance(25) {
            let ticket = self.ticket_id();
            let order = self.ticket(ticket).map_or(OrderId(1), |ticket| ticket.order);
            return CommandBody::ReportCancellation(ReportCancellation {
                source: ReportSource::Network,
                order,
                tickets: vec![TicketToCancel { ticket, fee_kept: false }],
                items: Vec::new(),
                reason: CancelReason::Reported,
                refund: Vec::new(),
            });
        }
        let usual = self.books.price(request.tariff, request.zone).filter(|_| self.random.chance(60));
        let price = usual.unwrap_or(Amount(2_000));
        let channel = self.channel();
        let ticket = ReportedTicket {
            show: request.show,
            zone: request.zone,
            seat: request.seat,
            tariff: request.tariff,
            price,
            fee: Amount(180 + self.up_to(1) * 77),
            vat: Rate(55_000),
            stated_vat: None,
            fee_vat: Rate(200_000),
            pack: None,
            comp: request.comp,
            replaces: None,
            codes: Vec::new(),
        };
        CommandBody::ReportSale(ReportSale {
            source: ReportSource::Network,
            order: self.random.chance(10).then(|| self.order_id()),
            channel,
            seller: self.seller(channel),
            buyer: None,
            tickets: vec![ticket],
            items: Vec::new(),
            payment: if self.random.chance(30) { self.legs() } else { Vec::new() },
        })
    }

    pub(super) fn reduce(&mut self) -> CommandBody {
        let ticket = self.ticket_id();
        let price = self.ticket(ticket).map_or(Amount::ZERO, Ticket::price);
        let price = Amount(price.0 - 300 + i64::from(self.random.chance(10)) * 400);
        CommandBody::ReducePrice(ReducePrice { ticket, price, stated_vat: None })
    }
}

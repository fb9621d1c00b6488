//! Books kept from events alone.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Result, ensure};
use soticket_ledger::state::State;
use soticket_schema::event::v1::{CancelReason, Cancellation, OrderLines, PacksSold, TicketLine};
use soticket_schema::{
    Amount, ChannelId, Event, ItemId, OrderId, SeatId, ShowId, TariffId, TicketId, ZoneId,
};

use super::money::Money;
use super::places::{Added, Places};
use super::rights::Rights;

/// Commands between two new shows.
const SHOW_EVERY: u64 = 500;

/// Everything that the events say.
#[derive(Debug, Default)]
pub(crate) struct Books {
    pub(super) places: Places,
    pub(super) money: Money,
    pub(super) rights: Rights,
    pub(super) tickets: Vec<Ticket>,
    serials: BTreeMap<(ShowId, TariffId, ZoneId), u64>,
    last_show: u64,
    last_sale: u64,
    pub(super) packs: u32,
    commands: u64,
}

/// A ticket, by number from 1.
#[derive(Debug)]
pub(super) struct Ticket {
    pub(super) show: ShowId,
    zone: ZoneId,
    seat: Option<SeatId>,
    channel: ChannelId,
    pub(super) order: OrderId,
    price: Amount,
    fee: Amount,
    cancelled: Option<(CancelReason, bool)>,
    replaced: bool,
    copies: u16,
}

impl Ticket {
    /// What is owed for it.
    pub(super) fn due(&self) -> Amount {
        match self.cancelled {
            None => self.price + self.fee,
            Some((_, true)) => self.fee,
            Some((_, false)) => Amount::ZERO,
        }
    }

    pub(super) fn is_valid(&self) -> bool {
        self.cancelled.is_none()
    }

    pub(super) fn price(&self) -> Amount {
        self.price
    }
}

/// What one command did.
#[derive(Debug, Default)]
struct Touched {
    added: BTreeSet<Added>,
    quotas: BTreeSet<(ShowId, ZoneId)>,
    orders: BTreeSet<OrderId>,
    /// Orders whose money went back.
    refunded: BTreeSet<OrderId>,
    cancelled: Vec<TicketId>,
    cancelled_items: Vec<ItemId>,
    paid: Amount,
    spent: Option<Amount>,
}

impl Books {
    pub(super) fn wants_show(&self) -> bool {
        self.commands > self.last_show.saturating_sub(3) * SHOW_EVERY
    }

    pub(super) fn last_show(&self) -> u64 {
        self.last_show
    }

    pub(super) fn tickets_sold(&self) -> u64 {
        self.tickets.len() as u64
    }

    /// Books the events of one command, and checks what they say and what the ledger makes of them.
    pub(super) fn record(&mut self, events: &[Event], fact: bool, state: &State) -> Result<()> {
        self.commands += 1;
        let mut touched = Touched::default();
        for event in events {
            self.book(event, &mut touched)?;
        }
        if !fact {
            self.places.check_added(&touched.added)?;
            for (show, zone) in &touched.quotas {
                self.places.check_quotas(*show, *zone)?;
            }
        }
        for ticket in &touched.cancelled {
            let on_card = self.rights.by_ticket.contains_key(ticket);
            ensure!(!on_card, "ticket {ticket} is cancelled and keeps the right of a card");
        }
        for item in &touched.cancelled_items {
            self.rights.check_cancelled_item(*item)?;
        }
        let spent = touched.spent.unwrap_or(Amount::ZERO);
        ensure!(spent <= touched.paid, "{spent:?} was taken from stored values for {:?}", touched.paid);
        self.money.check(&touched.orders, &self.tickets, state)?;
        if fact { Ok(()) } else { self.money.check_refunded(&touched.refunded) }
    }

    /// Compares everything with the ledger's state.
    pub(super) fn check_whole(&self, state: &State) -> Result<()> {
        self.places.check_whole(state)?;
        for (index, ticket) in self.tickets.iter().enumerate().rev().take(5_000) {
            let id = TicketId(index as u64 + 1);
            let view = state.ticket(id).ok_or_else(|| anyhow::anyhow!("the ledger has no ticket {id}"))?;
            let own = (ticket.order, ticket.show, ticket.zone, ticket.seat, ticket.price, !ticket.is_valid());
            let ledger = (view.order, view.show, view.zone, view.seat, view.price, view.cancelled);
            ensure!(own == ledger, "ticket {id} is {own:?}, the ledger says {ledger:?}");
        }
        Ok(())
    }

    fn book(&mut self, event: &Event, touched: &mut Touched) -> Result<()> {
        match event {
            Event::ShowScheduled(event) => {
                self.last_show = event.show.0;
                self.places.schedule(event);
            }
            Event::PackDefined(event) => self.packs = event.pack.0,
            Event::QuotaAllocated(event) => {
                touched.quotas.insert((event.show, event.zone));
                self.places.allocate(event.show, event.zone, event.channel, &event.places)?;
            }
            Event::QuotaTransferred(event) => {
                touched.quotas.insert((event.show, event.zone));
                let (at, between) = ((event.show, event.zone), (event.from, event.to));
                self.places.transfer(at, between, &event.places)?;
            }
            Event::QuotaClosed(event) => self.places.close(event.show, event.zone, event.channel)?,
            Event::QuotaReturned(event) => {
                self.places.give_back(event.show, event.zone, event.channel, &event.places)?;
            }
            Event::QuotasExpired(event) => {
                for expired in &event.quotas {
                    self.places.close(event.show, expired.zone, expired.channel)?;
                }
            }
            Event::HoldPlaced(event) => touched.added.extend(self.places.hold(event)?),
            Event::HoldReleased(event) => drop(self.places.end_hold(event.hold)?),
            Event::HoldExpired(event) => drop(self.places.end_hold(event.hold)?),
            Event::OrderPlaced(event) => {
                let mut held = Vec::new();
                for hold in &event.holds {
                    held.extend(self.places.end_hold(*hold)?);
                }
                let added = std::mem::take(&mut touched.added);
                self.sell(&event.lines, touched)?;
                if !held.is_empty() {
                    // What was held is no more than before, whatever facts have oversold meanwhile.
                    self.check_held(held, &event.lines)?;
                    touched.added = added;
                }
            }
            Event::ExternalSaleReported(event) => self.sell(&event.lines, touched)?,
            Event::TicketsCancelled(event) => self.cancel(&event.cancellation, touched)?,
            Event::ExternalSaleCancelled(event) => self.cancel(&event.cancellation, touched)?,
            Event::PacksSold(event) => self.check_packs(event)?,
            event => self.book_later(event, touched)?,
        }
        Ok(())
    }

    fn book_later(&mut self, event: &Event, touched: &mut Touched) -> Result<()> {
        match event {
            Event::PriceReduced(event) => {
                touched.orders.insert(event.order);
                let ticket = self.valid(event.ticket)?;
                ensure!(ticket.price == event.before && event.after < event.before, "a price went up");
                ticket.price = event.after;
            }
            Event::TicketDuplicated(event) => {
                let ticket = self.valid(event.ticket)?;
                ticket.copies += 1;
                ensure!(ticket.copies == event.copy, "copy {} of ticket {}", event.copy, event.ticket);
            }
            Event::TicketTransferred(event) => drop(self.valid(event.ticket)?),
            Event::PaymentRecorded(event) => {
                touched.orders.insert(event.order);
                touched.paid += event.legs.iter().map(|leg| leg.amount).sum();
                self.money.receive(event.payment, event.order, &event.legs)?;
            }
            Event::MoneyReturned(event) => {
                touched.orders.insert(event.order);
                touched.refunded.insert(event.order);
                self.money.give_back(event.payment, event.order, &event.legs)?;
            }
            Event::PaymentReversed(event) => {
                touched.orders.insert(event.order);
                touched.refunded.insert(event.order);
                self.money.give_back(event.payment, event.order, &event.legs)?;
            }
            Event::PaymentAnnounced(event) => {
                self.money.announce(event.payment, event.order, &event.legs)?;
            }
            Event::PaymentFailed(event) => self.money.fail(event.payment)?,
            event => self.book_rights(event, touched)?,
        }
        Ok(())
    }

    fn book_rights(&mut self, event: &Event, touched: &mut Touched) -> Result<()> {
        match event {
            Event::CardIssued(event) => self.rights.issue_card(event)?,
            Event::CardRightsUsed(event) => {
                for used in &event.uses {
                    ensure!(self.valid(used.ticket)?.show == used.show, "a right for another show");
                    self.rights.use_card(used)?;
                }
            }
            Event::CardRightsRestored(event) => {
                event.uses.iter().try_for_each(|used| self.rights.restore(used))?;
            }
            Event::CardRevoked(event) => self.rights.revoke_card(event.card)?,
            Event::CardsExpired(event) => {
                event.cards.iter().try_for_each(|expired| self.rights.expire_card(expired))?;
            }
            Event::StoredValueIssued(event) => self.rights.issue_value(event)?,
            Event::StoredValueUsed(event) => touched.spent = Some(self.rights.spend(event)?),
            Event::StoredValueRestored(event) => self.rights.refill(event.value, event.amount)?,
            Event::StoredValueRevoked(event) => self.rights.end_value(event.value, None)?,
            Event::StoredValuesExpired(event) => {
                for expired in &event.values {
                    self.rights.end_value(expired.value, Some(expired.left))?;
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn sell(&mut self, lines: &OrderLines, touched: &mut Touched) -> Result<()> {
        touched.orders.insert(lines.order);
        self.money.order_for_lines(lines.order)?;
        for line in &lines.tickets {
            self.sell_ticket(lines, line, touched)?;
        }
        self.money.add_items(lines.order, &lines.items)
    }

    /// Holds are used up by tickets that take exactly their places.
    fn check_held(&self, mut held: Vec<Added>, lines: &OrderLines) -> Result<()> {
        let channel = lines.channel;
        let place = |line: &TicketLine| Added { show: line.show, zone: line.zone, channel, seat: line.seat };
        let mut sold: Vec<Added> = lines.tickets.iter().map(place).collect();
        held.sort_unstable();
        sold.sort_unstable();
        ensure!(held == sold, "holds of {held:?} were used for {sold:?}");
        Ok(())
    }

    fn sell_ticket(&mut self, lines: &OrderLines, line: &TicketLine, touched: &mut Touched) -> Result<()> {
        ensure!(line.ticket.0 == self.tickets.len() as u64 + 1, "ticket {} is out of turn", line.ticket);
        let serial = self.serials.entry((line.show, line.tariff, line.zone)).or_default();
        *serial += 1;
        ensure!(line.serial == *serial, "serial {} where {serial} comes next", line.serial);
        if let Some(replaced) = line.replaces {
            let old = self.ticket(replaced)?;
            let exchanged = old.cancelled.is_some_and(|(reason, _)| reason == CancelReason::Exchange);
            ensure!(exchanged && !old.replaced, "ticket {replaced} cannot be replaced");
            ensure!(old.order == lines.order, "ticket {replaced} is replaced in another order");
            old.replaced = true;
        }
        let (show, zone, channel, seat) = (line.show, line.zone, lines.channel, line.seat);
        let added = Added { show, zone, channel, seat };
        self.places.sell(added, 1)?;
        touched.added.insert(added);
        self.tickets.push(Ticket {
            show,
            zone,
            seat,
            channel,
            order: lines.order,
            price: line.price,
            fee: line.fee,
            cancelled: None,
            replaced: false,
            copies: 0,
        });
        self.money.order(lines.order)?.tickets.push(line.ticket);
        Ok(())
    }

    fn cancel(&mut self, cancellation: &Cancellation, touched: &mut Touched) -> Result<()> {
        touched.orders.insert(cancellation.order);
        for cancelled in &cancellation.tickets {
            let ticket = self.valid(cancelled.ticket)?;
            ensure!(ticket.order == cancellation.order, "ticket {} of another order", cancelled.ticket);
            ticket.cancelled = Some((cancellation.reason, cancelled.fee_kept));
            let added =
                Added { show: ticket.show, zone: ticket.zone, channel: ticket.channel, seat: ticket.seat };
            self.places.sell(added, -1)?;
            touched.cancelled.push(cancelled.ticket);
        }
        for cancelled in &cancellation.items {
            self.money.cancel_item(cancellation.order, cancelled.item)?;
            touched.cancelled_items.push(cancelled.item);
        }
        Ok(())
    }

    /// A pack's tickets share its price: each within a cent of its weight's part, and all of them to the cent.
    fn check_packs(&mut self, event: &PacksSold) -> Result<()> {
        for pack in &event.packs {
            self.last_sale += 1;
            ensure!(pack.sale.0 == self.last_sale, "pack {} is out of turn", pack.sale.0);
            let mut sum = Amount::ZERO;
            let mut shows = BTreeSet::new();
            for id in &pack.tickets {
                let ticket = self.valid(*id)?;
                sum += ticket.price;
                ensure!(shows.insert(ticket.show), "a pack with one show twice");
            }
            ensure!(sum == pack.price, "a pack of {:?} in shares of {sum:?}", pack.price);
        }
        Ok(())
    }

    fn ticket(&mut self, id: TicketId) -> Result<&mut Ticket> {
        let index = usize::try_from(id.0.wrapping_sub(1)).unwrap_or(usize::MAX);
        self.tickets.get_mut(index).ok_or_else(|| anyhow::anyhow!("no ticket {id}"))
    }

    /// A ticket in the one state in which something can happen to it.
    fn valid(&mut self, id: TicketId) -> Result<&mut Ticket> {
        let ticket = self.ticket(id)?;
        ensure!(ticket.is_valid(), "something happened to ticket {id}, which is cancelled");
        Ok(ticket)
    }
}

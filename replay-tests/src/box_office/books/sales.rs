//! Sales and cancellations, ticket by ticket.

use std::collections::BTreeSet;

use anyhow::{Result, ensure};
use soticket_schema::event::v1::{
    CancelReason, Cancellation, OrderLines, PacksSold, ShowRelocated, TicketLine,
};
use soticket_schema::{Amount, Event, TicketId};

use super::commissions::Sale;
use super::office_number;
use super::places::Added;
use super::relocation::{move_of, seat_after};
use super::ticket::Ticket;
use super::{Books, Occasion, Touched};

impl Books {
    /// Books the lines of a sale with all that belongs to them.
    pub(super) fn sell(
        &mut self,
        lines: &OrderLines,
        reported: bool,
        occasion: &Occasion<'_>,
        touched: &mut Touched,
    ) -> Result<()> {
        touched.orders.insert(lines.order);
        touched.channels.insert(lines.channel);
        let new_order = !self.money.orders.contains_key(&lines.order);
        self.money.order_for_lines(lines.order)?.channel.get_or_insert(lines.channel);
        let exchange = lines.tickets.iter().any(|line| line.replaces.is_some()) && !reported;
        ensure!(reported || new_order || exchange, "order {} is placed twice", lines.order);
        for line in &lines.tickets {
            self.sell_ticket(lines, line, touched)?;
        }
        let sale = Sale { lines, at: occasion.at(), reported, new_order, followers: &touched.followers };
        let tariffs = &self.tariffs;
        self.commissions.charge(&sale, |tariff| tariffs.kind(tariff), &mut touched.tally)?;
        self.tills.sell(lines, &mut touched.doing);
        self.money.add_items(lines.order, &lines.items)
    }

    /// What a live sale must keep to, once all of its command is booked.
    pub(super) fn check_sale(
        &self,
        lines: &OrderLines,
        occasion: &Occasion<'_>,
        touched: &Touched,
    ) -> Result<()> {
        let now = occasion.now;
        self.shows.check_live(lines, now)?;
        self.tariffs.check_live(lines, &touched.on_cards, |show| self.shows.starts_at(show), now)?;
        let over = self.comps.over_quota(lines);
        ensure!(over.is_empty(), "free tickets beyond their quotas: {over:?}");
        if self.sellers.is_remote(occasion.command.actor) && !touched.from_holds {
            for line in &lines.tickets {
                let own = self.places.has_quota(line.show, line.zone, lines.channel);
                ensure!(own, "a remote box office sold ticket {} out of no quota", line.ticket);
            }
        }
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
        for code in &line.codes {
            self.gates.issue(code.hash, line.ticket)?;
        }
        self.comps.count(show, line.comp, 1);
        self.refunds.sold_late(show, lines.order);
        self.by_show.entry(show).or_default().push(line.ticket);
        self.tickets.push(Ticket {
            show,
            zone,
            seat,
            channel,
            order: lines.order,
            price: line.price,
            fee: line.fee,
            comp: line.comp,
            cancelled: None,
            kept: Amount::ZERO,
            replaced: false,
            copies: 0,
            codes: line.codes.iter().map(|code| office_number(code.hash)).collect(),
        });
        self.money.order(lines.order)?.tickets.push(line.ticket);
        Ok(())
    }

    pub(super) fn cancel(
        &mut self,
        cancellation: &Cancellation,
        occasion: &Occasion<'_>,
        touched: &mut Touched,
    ) -> Result<()> {
        touched.orders.insert(cancellation.order);
        for cancelled in &cancellation.tickets {
            let ticket = self.valid(cancelled.ticket)?;
            ensure!(ticket.order == cancellation.order, "ticket {} of another order", cancelled.ticket);
            ensure!(ticket.show == cancelled.show, "ticket {} of another show", cancelled.ticket);
            ticket.cancelled = Some((cancellation.reason, cancelled.fee_kept));
            let (show, zone, channel, seat) = (ticket.show, ticket.zone, ticket.channel, ticket.seat);
            let comp = ticket.comp;
            self.comps.count(show, comp, -1);
            self.places.sell(Added { show, zone, channel, seat }, -1)?;
            touched.cancelled.push(cancelled.ticket);
            if cancellation.reason == CancelReason::ShowChanged && !occasion.is_fact() {
                self.shows.check_refund_period(show, occasion.now)?;
            }
        }
        for cancelled in &cancellation.items {
            self.money.cancel_item(cancellation.order, cancelled.item)?;
            touched.cancelled_items.push(cancelled.item);
        }
        let tickets = self.money.order(cancellation.order)?.tickets.clone();
        let none_left = !tickets.iter().any(|id| self.ticket_of(*id).is_some_and(Ticket::is_valid));
        let kept = self.commissions.reverse(cancellation, none_left, &mut touched.tally)?;
        for (ticket, amount) in kept {
            self.ticket(ticket)?.kept = amount;
        }
        Ok(())
    }

    /// A pack's tickets share its price: each within a cent of its weight's part, and all of them to the cent.
    pub(super) fn check_packs(&mut self, event: &PacksSold) -> Result<()> {
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

    /// Tickets go where their places go.
    pub(super) fn relocate(&mut self, event: &ShowRelocated, fact: bool) -> Result<()> {
        self.places.relocate(event, fact)?;
        for id in self.by_show.get(&event.show).cloned().unwrap_or_default() {
            let ticket = self.ticket(id)?;
            let Some(moved) = move_of(event, ticket.zone) else { continue };
            (ticket.zone, ticket.seat) = (moved.to, seat_after(moved, ticket.seat));
        }
        Ok(())
    }
}

/// Tickets of packs but the first of each.
pub(super) fn followers(events: &[Event]) -> Vec<TicketId> {
    let packs = events.iter().filter_map(|event| match event {
        Event::PacksSold(event) => Some(&event.packs),
        _ => None,
    });
    packs.flatten().flat_map(|pack| pack.tickets.iter().skip(1).copied()).collect()
}

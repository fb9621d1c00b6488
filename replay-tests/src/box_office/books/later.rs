//! One event after the other, to the book that it belongs in.

use anyhow::{Result, ensure};
use soticket_schema::Event;

use super::{Books, Occasion, Touched};

impl Books {
    pub(super) fn book(
        &mut self,
        event: &Event,
        occasion: &Occasion<'_>,
        touched: &mut Touched,
    ) -> Result<()> {
        self.shows.book(event, occasion.at())?;
        self.tariffs.book(event)?;
        self.commissions.book(event)?;
        self.gates.book(event);
        self.sellers.book(event);
        match event {
            Event::ShowScheduled(event) => {
                self.last_show = event.show.0;
                self.places.schedule(event);
            }
            Event::ShowRelocated(event) => self.relocate(event, occasion.is_fact())?,
            Event::PackDefined(event) => {
                self.packs.push(event.terms.shows.iter().map(|show| show.show).collect());
            }
            Event::CompLimitsSet(event) => self.comps.set(event.show, &event.limits),
            event => self.book_places(event, touched)?,
        }
        match event {
            Event::OrderPlaced(event) => {
                let mut held = Vec::new();
                for hold in &event.holds {
                    held.extend(self.places.end_hold(*hold)?);
                }
                let added = std::mem::take(&mut touched.added);
                touched.from_holds = !held.is_empty();
                self.sell(&event.lines, false, occasion, touched)?;
                if touched.from_holds {
                    // What was held is no more than before, whatever facts have oversold meanwhile.
                    Self::check_held(held, &event.lines)?;
                    touched.added = added;
                }
            }
            Event::ExternalSaleReported(event) => self.sell(&event.lines, true, occasion, touched)?,
            Event::TicketsCancelled(event) => self.cancel(&event.cancellation, occasion, touched)?,
            Event::ExternalSaleCancelled(event) => self.cancel(&event.cancellation, occasion, touched)?,
            Event::PacksSold(event) => self.check_packs(event)?,
            event => self.book_later(event, occasion, touched)?,
        }
        self.book_till(event, touched)
    }

    fn book_places(&mut self, event: &Event, touched: &mut Touched) -> Result<()> {
        match event {
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
                touched.channels.insert(event.channel);
                self.places.give_back(event.show, event.zone, event.channel, &event.places)?;
            }
            Event::QuotasExpired(event) => {
                for expired in &event.quotas {
                    self.places.close(event.show, expired.zone, expired.channel)?;
                }
            }
            Event::HoldPlaced(event) => {
                touched.channels.insert(event.channel);
                if self.sellers.is_remote(touched.doing.actor) {
                    let own = self.places.has_quota(event.show, event.zone, event.channel);
                    ensure!(own, "a remote box office holds places of no quota of its own");
                }
                touched.added.extend(self.places.hold(event)?);
            }
            Event::HoldReleased(event) => {
                let places = self.places.end_hold(event.hold)?;
                touched.channels.extend(places.iter().map(|place| place.channel));
            }
            Event::HoldExpired(event) => drop(self.places.end_hold(event.hold)?),
            _ => {}
        }
        Ok(())
    }

    fn book_later(&mut self, event: &Event, occasion: &Occasion<'_>, touched: &mut Touched) -> Result<()> {
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
                touched.channels.insert(ticket.channel);
            }
            Event::TicketTransferred(event) => {
                let ticket = self.valid(event.ticket)?;
                ticket.codes.push(super::office_number(event.code.hash));
                touched.channels.insert(ticket.channel);
                self.gates.hand_on(event.code.hash, event.ticket)?;
            }
            Event::TicketScanned(event) => {
                let ticket = self.gates.ticket(event.code);
                ensure!(ticket == event.ticket, "a code of {ticket:?} was read as {:?}", event.ticket);
                let known = ticket.and_then(|id| self.tickets.get(usize::try_from(id.0 - 1).ok()?));
                self.gates.pass(event, occasion.at(), known);
            }
            Event::ShowRefundBegun(event) => self.begin_refund(event)?,
            event => self.book_money(event, touched)?,
        }
        Ok(())
    }

    fn book_money(&mut self, event: &Event, touched: &mut Touched) -> Result<()> {
        match event {
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
                touched.orders.insert(event.order);
                self.money.announce(event.payment, event.order, &event.legs)?;
            }
            Event::PaymentFailed(event) => {
                touched.orders.insert(event.order);
                self.money.fail(event.payment)?;
            }
            event => self.book_rights(event, touched)?,
        }
        Ok(())
    }

    /// Money goes to a drawer, or comes out of it.
    fn book_till(&mut self, event: &Event, touched: &mut Touched) -> Result<()> {
        match event {
            Event::TillOpened(event) => drop(touched.channels.insert(event.channel)),
            Event::TillCashMoved(event) => touched.channels.extend(self.tills.channel(event.session)),
            Event::TillClosed(event) => touched.channels.extend(self.tills.channel(event.session)),
            _ => {}
        }
        self.tills.book(event, &touched.doing)
    }

    fn book_rights(&mut self, event: &Event, touched: &mut Touched) -> Result<()> {
        match event {
            Event::CardIssued(event) => self.rights.issue_card(event)?,
            Event::CardRightsUsed(event) => {
                for used in &event.uses {
                    ensure!(self.valid(used.ticket)?.show == used.show, "a right for another show");
                    touched.on_cards.insert(used.ticket);
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
}

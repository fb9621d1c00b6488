//! Segments: customers by what they did. Criteria are pure over facts of one customer; all that are stated have to hold.

#[cfg(test)]
mod tests;

use rustc_hash::FxHashSet;
use soticket_schema::event::v1::TariffKind;
use soticket_schema::{Amount, CardTypeId, OrderId, ShowId, SubjectRef, TariffId, TicketId, Timestamp};

use crate::OrganisationViews;
use crate::customers::Customer;
use crate::orders::TicketStatus;
use crate::rights::{CardInfo, RightState};

/// Which customers. Ranges hold their begin and not their end, so that two that meet share nobody and miss nobody.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Criteria {
    /// Whether they ever bought anything.
    pub bought: Option<bool>,
    /// Last purchase on or after this instant.
    pub last_purchase_from: Option<Timestamp>,
    /// Last purchase before this instant.
    pub last_purchase_before: Option<Timestamp>,
    /// So many orders or more.
    pub orders_from: Option<u64>,
    /// Fewer orders.
    pub orders_below: Option<u64>,
    /// Spent so much or more, less what went back.
    pub spend_from: Option<Amount>,
    /// Spent less.
    pub spend_below: Option<Amount>,
    /// Whether they hold a subscriber card that is valid now.
    pub card: Option<bool>,
    /// A valid card of one of these kinds; empty for any.
    pub card_types: Vec<CardTypeId>,
    /// So many valid tickets or more at reduced tariffs.
    pub reduced_from: Option<u64>,
    /// Tariffs that count as reduced, such as those for persons with a disability; empty for every reduced tariff.
    pub reduced_tariffs: Vec<TariffId>,
    /// Valid tickets for one of these shows; empty for any or none.
    pub shows: Vec<ShowId>,
    /// Only shows that a ticket of theirs was let in to: one of `shows`, or any at all.
    pub attended: bool,
}

/// What a customer did, as criteria ask.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    /// What they bought.
    pub customer: &'a Customer,
    /// Kinds of the cards that they hold and that are valid.
    pub cards: &'a [CardTypeId],
    /// Valid tickets at reduced tariffs that count.
    pub reduced: u64,
    /// Shows that a ticket of theirs was let in to.
    pub attended: &'a FxHashSet<(ShowId, SubjectRef)>,
}

impl Criteria {
    /// Whether a customer is one of them. Who was erased never is.
    pub fn hold(&self, facts: &Facts<'_>) -> bool {
        let Facts { customer, cards, reduced, .. } = facts;
        let orders = customer.orders.len() as u64;
        let within = |value: u64, from: Option<u64>, below: Option<u64>| {
            from.is_none_or(|from| value >= from) && below.is_none_or(|below| value < below)
        };
        customer.subject.is_some()
            && customer.erased_at.is_none()
            && self.bought.is_none_or(|bought| bought == (orders > 0))
            && self.recency_holds(customer.last_purchase)
            && within(orders, self.orders_from, self.orders_below)
            && self.spend_from.is_none_or(|from| customer.spend >= from)
            && self.spend_below.is_none_or(|below| customer.spend < below)
            && self.cards_hold(cards)
            && self.reduced_from.is_none_or(|from| *reduced >= from)
            && self.shows_hold(facts)
    }

    fn recency_holds(&self, last: Option<Timestamp>) -> bool {
        self.last_purchase_from.is_none_or(|from| last.is_some_and(|last| last >= from))
            && self.last_purchase_before.is_none_or(|before| last.is_some_and(|last| last < before))
    }

    fn cards_hold(&self, cards: &[CardTypeId]) -> bool {
        let counts = |card: &CardTypeId| self.card_types.is_empty() || self.card_types.contains(card);
        let wanted = self.card.or((!self.card_types.is_empty()).then_some(true));
        wanted.is_none_or(|wanted| wanted == cards.iter().any(counts))
    }

    fn shows_hold(&self, facts: &Facts<'_>) -> bool {
        let Some(subject) = facts.customer.subject else { return false };
        let holds = |show: &ShowId| match self.attended {
            true => facts.attended.contains(&(*show, subject)),
            false => facts.customer.shows.binary_search(show).is_ok(),
        };
        match self.shows.as_slice() {
            [] if self.attended => facts.attended.iter().any(|(_, attending)| *attending == subject),
            [] => true,
            shows => shows.iter().any(holds),
        }
    }
}

impl OrganisationViews {
    /// The customers of a segment at `now`, by reference. Looks at all customers.
    pub fn segment(&self, criteria: &Criteria, now: Timestamp) -> Vec<Customer> {
        let attended = if criteria.attended { self.attended(&criteria.shows) } else { FxHashSet::default() };
        let customers = self.customers.list(None, usize::MAX).into_iter();
        customers.filter(|customer| self.is_in(criteria, customer, &attended, now)).collect()
    }

    /// Whether one customer is in a segment now.
    pub fn in_segment(&self, criteria: &Criteria, subject: SubjectRef, now: Timestamp) -> bool {
        let attended = if criteria.attended { self.attended(&criteria.shows) } else { FxHashSet::default() };
        let customer = self.customers.customer(subject);
        customer.is_some_and(|customer| self.is_in(criteria, &customer, &attended, now))
    }

    fn is_in(
        &self,
        criteria: &Criteria,
        customer: &Customer,
        attended: &FxHashSet<(ShowId, SubjectRef)>,
        now: Timestamp,
    ) -> bool {
        let cards = customer.subject.map(|subject| self.valid_cards(subject, now)).unwrap_or_default();
        // Counted only where it is asked for: it looks at every ticket.
        let reduced = if criteria.reduced_from.is_some() {
            self.reduced_tickets(customer, &criteria.reduced_tariffs)
        } else {
            0
        };
        criteria.hold(&Facts { customer, cards: &cards, reduced, attended })
    }

    fn valid_cards(&self, subject: SubjectRef, now: Timestamp) -> Vec<CardTypeId> {
        let valid = |card: &&CardInfo| {
            card.state == RightState::Issued && card.issued.from <= now && now < card.issued.until
        };
        self.rights.cards_of(subject).into_iter().filter(valid).map(|card| card.issued.card_type).collect()
    }

    /// Valid tickets at reduced tariffs that a customer bought, handed on or not.
    fn reduced_tickets(&self, customer: &Customer, tariffs: &[TariffId]) -> u64 {
        let counts = |tariff: TariffId| match tariffs {
            [] => {
                let info = self.catalogue.tariff(tariff);
                info.is_some_and(|info| info.terms.kind == TariffKind::Reduced)
            }
            named => named.contains(&tariff),
        };
        let of_order = |order: &OrderId| self.orders.order(*order).map(|order| order.tickets);
        let tickets = customer.orders.iter().filter_map(of_order).flatten();
        tickets.filter(|ticket| ticket.status == TicketStatus::Valid && counts(ticket.tariff)).count() as u64
    }

    /// Whose tickets were let in to these shows, or to any if none is named: whoever holds them.
    fn attended(&self, shows: &[ShowId]) -> FxHashSet<(ShowId, SubjectRef)> {
        let holder = |ticket: TicketId| {
            let ticket = self.orders.ticket(ticket)?;
            ticket.holder.or_else(|| self.orders.order(ticket.order)?.subject)
        };
        let mut attended = FxHashSet::default();
        let every = || self.catalogue.shows().map(|show| show.scheduled.show).collect();
        let shows: Vec<ShowId> = if shows.is_empty() { every() } else { shows.to_vec() };
        for show in shows {
            let Some(attendance) = self.attendance.show(show) else { continue };
            let holders = attendance.presences.iter().filter_map(|presence| holder(presence.ticket));
            attended.extend(holders.map(|subject| (show, subject)));
        }
        attended
    }
}

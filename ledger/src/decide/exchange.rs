//! Exchange: tickets are cancelled and others issued for them, in one step, linked both ways.

use soticket_schema::command::{Entitlements, ExchangeTickets, PlaceOrder};
use soticket_schema::event::v1::{CancelReason, OrderPlaced};
use soticket_schema::{Amount, Event, Rejection, RejectionCode};

use super::cancellation::Lines;
use super::checks::{Checks, Path, field};
use super::order::{self, Sale, Target, rights};
use super::{Context, Decide, When, commission, comp, lines, payment};
use crate::state::{Order, State, distinct};

impl Decide for ExchangeTickets {
    fn shape(&self, when: When, checks: &mut Checks) {
        given_back(self).check_shape(checks);
        sale_of(self).shape(when, checks);
        rights::check_card_shape(&self.cards, self.tickets.len(), Path::Command, checks);
        let one_each = self.returned.len() == self.tickets.len();
        checks.ensure(one_each, RejectionCode::ExchangeMismatch, field("tickets"));
        checks.legs(&self.payment, field("payment"));
    }

    /// The cancellation comes first, so that a fold finds the places free that the new tickets take.
    fn decide(&self, context: &Context<'_>, checks: &mut Checks) -> Result<Vec<Event>, Rejection> {
        let state = context.state;
        let given_back = given_back(self);
        let command = sale_of(self);
        rights::check_card_names(&self.cards, state, Path::Command, checks);
        lines::check_methods(&self.payment, state, field("payment"), checks);
        let order = given_back.find(state, checks)?;
        let target = Target {
            order: self.order,
            subject: order.subject(),
            replaced: &self.returned,
            on_cards: &self.cards,
        };
        let sale = Sale::find(&command, target, context, checks)?;
        sale.check(checks);
        let mut on_cards = rights::OnCards::new(context);
        for (ticket, show) in given_back.shows(state) {
            on_cards.give_back(ticket, show);
        }
        on_cards.check(&self.cards, &sale.found, Path::Command, checks);
        let (lines, charged) = sale.lines();
        check_money(self, state, order, order::total(&lines), checks);

        let shows = distinct(state.shows_of(self.order).into_iter().chain(lines::shows(&lines)));
        let subject = order.subject();
        let paid = lines::payment(state, self.order, subject, shows.clone(), &self.payment);
        let refunded = payment::money_back(state, self.order, subject, shows, &self.refund);
        let on_cards = on_cards.used(&self.cards, &lines);
        let warnings = comp::limits_passed(state, &lines, &self.returned);
        let mut events = given_back.events(state, order);
        events.push(OrderPlaced { lines, holds: Vec::new() }.into());
        events.extend(charged);
        events.extend(warnings);
        events.extend(on_cards.map(Event::from));
        events.extend(paid.map(Event::from).or(refunded.map(Event::from)));
        Ok(events)
    }
}

/// What is given back.
fn given_back(command: &ExchangeTickets) -> Lines<'_> {
    Lines {
        order: command.order,
        tickets: &command.returned,
        before: &[],
        tickets_field: "returned",
        items: &[],
        reason: CancelReason::Exchange,
        refund: &command.refund,
    }
}

/// The sale of what is given for it.
fn sale_of(command: &ExchangeTickets) -> PlaceOrder {
    PlaceOrder {
        channel: command.channel,
        seller: command.seller.clone(),
        buyer: None,
        holds: Vec::new(),
        tickets: command.tickets.clone(),
        items: command.items.clone(),
        payment: Vec::new(),
        packs: Vec::new(),
        entitlements: Entitlements::default(),
    }
}

/// A payment is at most what the order then owes, a refund at most what it then has too much.
fn check_money(command: &ExchangeTickets, state: &State, order: &Order, new: Amount, checks: &mut Checks) {
    let given = command.returned.iter().filter_map(|given| {
        let ticket = state.tickets.get(given.ticket)?;
        let fee = || ticket.fee() - commission::kept_of(state, given.ticket);
        Some(ticket.price() + if given.fee_kept { Amount::ZERO } else { fee() })
    });
    let due = state.due(command.order) - given.sum() + new;
    let owed = due - order.kept();
    let within = command.payment.is_empty() || lines::sum(&command.payment) <= owed;
    checks.ensure(within, RejectionCode::PaymentExceedsDue, field("payment"));
    let covered = command.refund.is_empty() || lines::sum(&command.refund) <= Amount(-owed.0);
    checks.ensure(covered, RejectionCode::RefundExceedsReceived, field("refund"));
}

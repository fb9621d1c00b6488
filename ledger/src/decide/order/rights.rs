//! What an order uses of what was paid before, and what it issues besides tickets: subscriber cards, gift cards, vouchers.

mod cards;
mod issues;
mod values;

pub(in crate::decide) use cards::{
    OnCards, check_names as check_card_names, check_shape as check_card_shape,
};
pub(in crate::decide) use values::{
    Spending, check_names as check_value_names, check_shape as check_value_shape, used,
};

use soticket_schema::Event;
use soticket_schema::command::PlaceOrder;
use soticket_schema::event::v1::{OrderLines, PaymentRecorded};

use crate::decide::Context;
use crate::decide::checks::{Checks, field};
use crate::decide::lines::Found;
use crate::state::State;

/// The shape of a command's `entitlements`.
pub(super) fn check_shape(command: &PlaceOrder, checks: &mut Checks) {
    let at = field("entitlements");
    let rights = &command.entitlements;
    cards::check_shape(&rights.cards, command.tickets.len(), at, checks);
    cards::check_choices(&rights.cards, &rights.issues, at, checks);
    values::check_shape(&rights.values, at, checks);
    issues::check_shape(&rights.issues, command.items.len(), at, checks);
}

/// What a command's `entitlements` name.
pub(super) fn check_names(command: &PlaceOrder, state: &State, checks: &mut Checks) {
    let at = field("entitlements");
    cards::check_names(&command.entitlements.cards, state, at, checks);
    values::check_names(&command.entitlements.values, state, at, checks);
    issues::check_names(&command.entitlements.issues, state, at, checks);
}

/// Whether what is used and issued, which is known, may be.
pub(super) fn check(command: &PlaceOrder, context: &Context<'_>, found: &[Found<'_>], checks: &mut Checks) {
    let at = field("entitlements");
    let rights = &command.entitlements;
    let mut on_cards = OnCards::new(context).with_issues(&rights.issues);
    on_cards.check(&rights.cards, found, at, checks);
    issues::check(command, context.state, at, checks);
    let spending = Spending { values: &rights.values, legs: &command.payment };
    spending.check(context, at, field("payment"), checks);
}

/// The events of what is used and issued, after the order's own.
pub(super) fn events(
    command: &PlaceOrder,
    context: &Context<'_>,
    lines: &OrderLines,
    payment: Option<&PaymentRecorded>,
) -> Vec<Event> {
    let rights = &command.entitlements;
    // The codes of what is issued follow those of the tickets.
    let codes = context.codes.get(lines.tickets.len()..).unwrap_or_default();
    let mut events = issues::events(&rights.issues, context, lines, codes);
    let on_cards = OnCards::new(context).with_issues(&rights.issues);
    events.extend(on_cards.used(&rights.cards, lines).map(Event::from));
    let used = payment.and_then(|payment| used(&rights.values, context.state, payment));
    events.extend(used.map(Event::from));
    events
}

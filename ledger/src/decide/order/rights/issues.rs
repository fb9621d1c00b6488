//! Cards, gift cards and vouchers that an order sells.

use soticket_schema::command::{NewRight, PlaceOrder, RightToIssue};
use soticket_schema::event::v1::{CardIssued, ItemKind, OrderLines, StoredValueIssued, TicketCode};
use soticket_schema::limits::ORDER_RIGHTS_MAX;
use soticket_schema::{Amount, CardId, CardTypeId, Event, RejectionCode, StoredValueId, Timestamp};

use crate::decide::Context;
use crate::decide::card;
use crate::decide::checks::{Checks, Path};
use crate::state::State;

pub(super) fn check_shape(issues: &[RightToIssue], items: usize, at: Path<'_>, checks: &mut Checks) {
    let at = at.field("issues");
    checks.list(issues, ORDER_RIGHTS_MAX, at);
    for (index, issue) in issues.iter().enumerate().take(ORDER_RIGHTS_MAX) {
        let at = at.item(index);
        let known = usize::from(issue.item) < items;
        checks.ensure(known, RejectionCode::ItemUnknown, at.field("item"));
        if let NewRight::StoredValue { until, .. } = issue.right {
            checks.instant(until, at.field("until"));
        }
    }
    let ids = issues.iter().take(ORDER_RIGHTS_MAX).map(|issue| issue.item).enumerate();
    checks.distinct(ids, |index| at.item(index).field("item").to_string());
}

pub(super) fn check_names(issues: &[RightToIssue], state: &State, at: Path<'_>, checks: &mut Checks) {
    let at = at.field("issues");
    for (index, issue) in issues.iter().enumerate() {
        if let NewRight::Card(card_type) = issue.right {
            let known = state.cards.terms(card_type).is_some();
            checks.ensure(known, RejectionCode::CardTypeUnknown, at.item(index).field("card_type"));
        }
    }
}

/// A card costs what its kind does and is sold as its product; a stored value is worth what is paid for it.
pub(super) fn check(command: &PlaceOrder, state: &State, at: Path<'_>, checks: &mut Checks) {
    let at = at.field("issues");
    for (index, issue) in command.entitlements.issues.iter().enumerate() {
        let Some(item) = command.items.get(usize::from(issue.item)) else { continue };
        let fits = match issue.right {
            NewRight::Card(card_type) => state.cards.terms(card_type).is_none_or(|terms| {
                item.kind == ItemKind::Product(terms.product) && item.price == terms.price
            }),
            NewRight::StoredValue { .. } => {
                matches!(item.kind, ItemKind::Product(_)) && item.price > Amount::ZERO
            }
        };
        checks.ensure(fits, RejectionCode::RightMismatch, at.item(index).field("item"));
    }
}

/// One event per right, with the codes that follow those of the tickets.
pub(super) fn events(
    issues: &[RightToIssue],
    context: &Context<'_>,
    lines: &OrderLines,
    codes: &[TicketCode],
) -> Vec<Event> {
    let mut new = Numbers { card: context.state.cards.next(), value: context.state.stored_values.next() };
    let events = issues.iter().zip(codes).filter_map(|(issue, code)| {
        let sale = Sale { context, lines, issue, code: *code };
        match issue.right {
            NewRight::Card(card_type) => sale.card(new.card(), card_type),
            NewRight::StoredValue { until, .. } => sale.stored_value(new.value(), until),
        }
    });
    events.collect()
}

/// The numbers that come next.
struct Numbers {
    card: CardId,
    value: StoredValueId,
}

impl Numbers {
    fn card(&mut self) -> CardId {
        let next = CardId(self.card.0.saturating_add(1));
        std::mem::replace(&mut self.card, next)
    }

    fn value(&mut self) -> StoredValueId {
        let next = StoredValueId(self.value.0.saturating_add(1));
        std::mem::replace(&mut self.value, next)
    }
}

struct Sale<'a> {
    context: &'a Context<'a>,
    lines: &'a OrderLines,
    issue: &'a RightToIssue,
    code: TicketCode,
}

impl Sale<'_> {
    fn card(&self, card: CardId, card_type: CardTypeId) -> Option<Event> {
        let terms = self.context.state.cards.terms(card_type)?;
        let (from, until) = card::validity(terms, self.context.now);
        let event = CardIssued {
            card,
            card_type,
            order: self.lines.order,
            item: self.lines.items.get(usize::from(self.issue.item))?.item,
            subject: self.lines.subject,
            from,
            until,
            per_show: terms.per_show,
            in_total: terms.in_total,
            code: self.code,
        };
        Some(event.into())
    }

    fn stored_value(&self, value: StoredValueId, until: Timestamp) -> Option<Event> {
        let NewRight::StoredValue { kind, .. } = self.issue.right else { return None };
        let item = self.lines.items.get(usize::from(self.issue.item))?;
        let event = StoredValueIssued {
            value,
            kind,
            order: self.lines.order,
            item: item.item,
            subject: self.lines.subject,
            amount: item.price,
            until,
            code: self.code,
        };
        Some(event.into())
    }
}

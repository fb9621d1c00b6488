//! Tickets sold on subscriber cards.

use soticket_schema::command::{CardChoice, NewRight, RightToIssue, TicketOnCard};
use soticket_schema::event::v1::{CardRightsUsed, CardUse, OrderLines, TariffKind};
use soticket_schema::limits::ORDER_TICKETS_MAX;
use soticket_schema::{CardId, RejectionCode, ShowId, TicketId};

use crate::decide::Context;
use crate::decide::card;
use crate::decide::checks::{Checks, Path};
use crate::decide::lines::Found;
use crate::state::State;

/// The shape of a list of tickets on cards.
pub(in crate::decide) fn check_shape(
    cards: &[TicketOnCard],
    tickets: usize,
    at: Path<'_>,
    checks: &mut Checks,
) {
    let at = at.field("cards");
    checks.list(cards, ORDER_TICKETS_MAX, at);
    for (index, on_card) in cards.iter().enumerate().take(ORDER_TICKETS_MAX) {
        let known = usize::from(on_card.ticket) < tickets;
        checks.ensure(known, RejectionCode::TicketUnknown, at.item(index).field("ticket"));
    }
    let ids = cards.iter().take(ORDER_TICKETS_MAX).map(|on_card| on_card.ticket).enumerate();
    checks.distinct(ids, |index| at.item(index).field("ticket").to_string());
}

/// A card of the same order must be one of those that it issues.
pub(super) fn check_choices(
    cards: &[TicketOnCard],
    issues: &[RightToIssue],
    at: Path<'_>,
    checks: &mut Checks,
) {
    let at = at.field("cards");
    for (index, on_card) in cards.iter().enumerate().take(ORDER_TICKETS_MAX) {
        if let CardChoice::Issued(issue) = on_card.card {
            let right = issues.get(usize::from(issue)).map(|issue| issue.right);
            let is_card = matches!(right, Some(NewRight::Card(_)));
            checks.ensure(is_card, RejectionCode::CardUnknown, at.item(index).field("card"));
        }
    }
}

/// The cards that a list names.
pub(in crate::decide) fn check_names(
    cards: &[TicketOnCard],
    state: &State,
    at: Path<'_>,
    checks: &mut Checks,
) {
    let at = at.field("cards");
    for (index, on_card) in cards.iter().enumerate() {
        if let CardChoice::Card(card) = on_card.card {
            let known = state.cards.get(card).is_some();
            checks.ensure(known, RejectionCode::CardUnknown, at.item(index).field("card"));
        }
    }
}

/// What a card gives: by show and in total, less what was used.
#[derive(Clone, Copy)]
struct Rights {
    per_show: u16,
    in_total: Option<u16>,
    used: i32,
}

/// The rights of cards as they are for one command.
pub(in crate::decide) struct OnCards<'a> {
    context: &'a Context<'a>,
    issues: &'a [RightToIssue],
    /// Rights used (or given back, below zero) by the command so far.
    changes: Vec<(CardId, ShowId, i32)>,
}

impl<'a> OnCards<'a> {
    pub(in crate::decide) fn new(context: &'a Context<'a>) -> Self {
        Self { context, issues: &[], changes: Vec::new() }
    }

    /// With the cards that the command issues.
    pub(super) fn with_issues(self, issues: &'a [RightToIssue]) -> Self {
        Self { issues, ..self }
    }

    /// Gives the right back that a ticket used, if it was sold on a card.
    pub(in crate::decide) fn give_back(&mut self, ticket: TicketId, show: ShowId) {
        if let Some(card) = self.context.state.cards.of_ticket(ticket) {
            self.changes.push((card, show, -1));
        }
    }

    /// Whether each ticket may be sold on its card.
    pub(in crate::decide) fn check(
        &mut self,
        cards: &[TicketOnCard],
        found: &[Found<'_>],
        at: Path<'_>,
        checks: &mut Checks,
    ) {
        let at = at.field("cards");
        for (index, on_card) in cards.iter().enumerate() {
            let at = at.item(index);
            let at = at.field("card");
            let Some(found) = found.get(usize::from(on_card.ticket)) else { continue };
            let kind = found.tariff.terms.kind == TariffKind::Subscriber;
            checks.ensure(kind, RejectionCode::CardTariffInvalid, at);
            if let Some((card, rights)) = self.rights(on_card.card, at, checks) {
                let enough = self.take(card, found.place.show, rights);
                checks.ensure(enough, RejectionCode::CardRightsExceeded, at);
            }
        }
    }

    /// A card and its rights, once it is found to be valid and paid.
    fn rights(&self, choice: CardChoice, at: Path<'_>, checks: &mut Checks) -> Option<(CardId, Rights)> {
        let state = self.context.state;
        match choice {
            CardChoice::Card(id) => {
                let card = state.cards.get(id)?;
                checks.ensure(card.valid_at(self.context.now), RejectionCode::CardNotValid, at);
                checks.ensure(state.is_paid(card.order), RejectionCode::RightNotPaid, at);
                let (per_show, in_total) = (card.per_show, card.in_total);
                Some((id, Rights { per_show, in_total, used: i32::from(card.used) }))
            }
            CardChoice::Issued(issue) => {
                let NewRight::Card(card_type) = self.issues.get(usize::from(issue))?.right else {
                    return None;
                };
                let terms = state.cards.terms(card_type)?;
                let (from, until) = card::validity(terms, self.context.now);
                let valid = (from..until).contains(&self.context.now);
                checks.ensure(valid, RejectionCode::CardNotValid, at);
                let (per_show, in_total) = (terms.per_show, terms.in_total);
                Some((self.id_of(issue), Rights { per_show, in_total, used: 0 }))
            }
        }
    }

    /// Uses one right, whether there is one or not, and tells.
    fn take(&mut self, card: CardId, show: ShowId, rights: Rights) -> bool {
        self.changes.push((card, show, 1));
        let of_card = self.changes.iter().filter(|(of, _, _)| *of == card);
        let changed: i32 = of_card.clone().map(|(_, _, count)| count).sum();
        let of_show: i32 = of_card.filter(|(_, of, _)| *of == show).map(|(_, _, count)| count).sum();
        let used_for = i32::from(self.context.state.cards.used_for(card, show));
        used_for + of_show <= i32::from(rights.per_show)
            && rights.in_total.is_none_or(|total| rights.used + changed <= i32::from(total))
    }

    /// The number of a card that the command issues.
    fn id_of(&self, issue: u16) -> CardId {
        let before = self.issues.iter().take(usize::from(issue));
        let cards = before.filter(|issue| matches!(issue.right, NewRight::Card(_))).count();
        CardId(self.context.state.cards.next().0.saturating_add(cards as u64))
    }

    /// The rights that the tickets of `lines` use.
    pub(in crate::decide) fn used(
        &self,
        cards: &[TicketOnCard],
        lines: &OrderLines,
    ) -> Option<CardRightsUsed> {
        let uses = cards.iter().filter_map(|on_card| {
            let line = lines.tickets.get(usize::from(on_card.ticket))?;
            let card = match on_card.card {
                CardChoice::Card(card) => card,
                CardChoice::Issued(issue) => self.id_of(issue),
            };
            Some(CardUse { card, ticket: line.ticket, show: line.show })
        });
        let uses: Vec<CardUse> = uses.collect();
        let (order, subject) = (lines.order, lines.subject);
        (!uses.is_empty()).then_some(CardRightsUsed { order, subject, uses })
    }
}

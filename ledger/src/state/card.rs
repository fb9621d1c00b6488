//! What decisions know of subscriber cards.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use soticket_schema::event::v1::{
    CardIssued, CardTerms, CardTypeChanged, CardTypeDefined, CardUse, CardsExpired,
};
use soticket_schema::{CardId, CardTypeId, ItemId, OrderId, ShowId, TicketId, Timestamp};

use super::dense::Dense;

/// A card that was sold, with its rights as they were then.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Card {
    pub(crate) order: OrderId,
    from: Timestamp,
    until: Timestamp,
    pub(crate) per_show: u16,
    pub(crate) in_total: Option<u16>,
    /// Reduced tickets that were sold on it and are valid.
    pub(crate) used: u16,
    revoked: bool,
}

impl Card {
    /// Whether it can be used at this moment.
    pub(crate) fn valid_at(&self, now: Timestamp) -> bool {
        !self.revoked && (self.from..self.until).contains(&now)
    }

    /// Whether it can be used now or later.
    pub(crate) fn lasts_beyond(&self, now: Timestamp) -> bool {
        !self.revoked && now < self.until
    }

    /// Rights that nobody has used; none without a total.
    pub(crate) fn unused(&self) -> Option<u16> {
        self.in_total.map(|total| total.saturating_sub(self.used))
    }
}

/// Kinds of cards, cards, and what was sold on them.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Cards {
    types: Dense<CardTerms>,
    cards: Dense<Card>,
    by_item: BTreeMap<ItemId, CardId>,
    by_ticket: BTreeMap<TicketId, CardId>,
    by_show: BTreeMap<(CardId, ShowId), u16>,
    /// Cards not accounted for yet, by when they end.
    ends: BTreeSet<(Timestamp, CardId)>,
}

impl Cards {
    pub(crate) fn next_type(&self) -> CardTypeId {
        CardTypeId(self.types.next_u32())
    }

    pub(crate) fn next(&self) -> CardId {
        CardId(self.cards.next())
    }

    pub(crate) fn terms(&self, card_type: CardTypeId) -> Option<&CardTerms> {
        self.types.get(card_type.0)
    }

    pub(crate) fn get(&self, card: CardId) -> Option<&Card> {
        self.cards.get(card.0)
    }

    /// The card that an item was sold as, unless it was taken back.
    pub(crate) fn of_item(&self, item: ItemId) -> Option<CardId> {
        let card = self.by_item.get(&item).copied()?;
        self.get(card).filter(|card| !card.revoked).map(|_| card)
    }

    /// The card that an item was sold as, taken back or not.
    pub(crate) fn sold_as(&self, item: ItemId) -> Option<CardId> {
        self.by_item.get(&item).copied()
    }

    /// The card that a valid ticket was sold on.
    pub(crate) fn of_ticket(&self, ticket: TicketId) -> Option<CardId> {
        self.by_ticket.get(&ticket).copied()
    }

    /// Reduced tickets for a show that were sold on a card and are valid.
    pub(crate) fn used_for(&self, card: CardId, show: ShowId) -> u16 {
        self.by_show.get(&(card, show)).copied().unwrap_or(0)
    }

    /// Cards past their time that are not accounted for, the earliest first.
    pub(crate) fn past(&self, now: Timestamp) -> impl Iterator<Item = CardId> {
        self.ends.iter().take_while(move |(ends, _)| *ends <= now).map(|(_, card)| *card)
    }

    pub(super) fn defined(&mut self, event: &CardTypeDefined) {
        self.types.push(event.card_type.0, event.terms.clone());
    }

    pub(super) fn changed(&mut self, event: &CardTypeChanged) {
        if let Some(terms) = self.types.get_mut(event.card_type.0) {
            terms.clone_from(&event.terms);
        }
    }

    pub(super) fn issued(&mut self, event: &CardIssued) {
        let card = Card {
            order: event.order,
            from: event.from,
            until: event.until,
            per_show: event.per_show,
            in_total: event.in_total,
            used: 0,
            revoked: false,
        };
        if self.cards.push(event.card.0, card) {
            self.by_item.insert(event.item, event.card);
            self.ends.insert((event.until, event.card));
        }
    }

    pub(super) fn used(&mut self, uses: &[CardUse]) {
        for CardUse { card, ticket, show } in uses {
            let Some(known) = self.cards.get_mut(card.0) else { continue };
            if self.by_ticket.insert(*ticket, *card).is_some() {
                continue;
            }
            known.used = known.used.saturating_add(1);
            let of_show = self.by_show.entry((*card, *show)).or_default();
            *of_show = of_show.saturating_add(1);
        }
    }

    pub(super) fn restored(&mut self, uses: &[CardUse]) {
        for CardUse { card, ticket, show } in uses {
            if self.by_ticket.remove(ticket).is_none() {
                continue;
            }
            if let Some(known) = self.cards.get_mut(card.0) {
                known.used = known.used.saturating_sub(1);
            }
            if let Some(of_show) = self.by_show.get_mut(&(*card, *show)) {
                *of_show = of_show.saturating_sub(1);
            }
        }
    }

    pub(super) fn revoked(&mut self, id: CardId) {
        if let Some(card) = self.cards.get_mut(id.0) {
            card.revoked = true;
            self.ends.remove(&(card.until, id));
        }
    }

    pub(super) fn expired(&mut self, event: &CardsExpired) {
        for expired in &event.cards {
            if let Some(card) = self.cards.get(expired.card.0) {
                self.ends.remove(&(card.until, expired.card));
            }
        }
    }
}

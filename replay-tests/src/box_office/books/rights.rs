//! Cards, gift cards and vouchers, counted again.

use std::collections::BTreeMap;

use anyhow::{Result, ensure};
use soticket_schema::event::v1::{
    CardIssued, CardUse, ExpiredCard, StoredValueIssued, StoredValueKind, StoredValueUsed,
};
use soticket_schema::{Amount, CardId, ItemId, ShowId, StoredValueId, TicketId};

/// Cards and stored values by number.
#[derive(Debug, Default)]
pub(in super::super) struct Rights {
    pub(in super::super) cards: BTreeMap<CardId, Card>,
    pub(in super::super) values: BTreeMap<StoredValueId, Value>,
    pub(super) by_ticket: BTreeMap<TicketId, (CardId, ShowId)>,
    items: BTreeMap<ItemId, Right>,
}

#[derive(Debug, Clone, Copy)]
enum Right {
    Card(CardId),
    Value(StoredValueId),
}

#[derive(Debug)]
pub(in super::super) struct Card {
    issued: CardIssued,
    used: BTreeMap<ShowId, u16>,
    over: bool,
}

#[derive(Debug)]
pub(in super::super) struct Value {
    pub(in super::super) kind: StoredValueKind,
    issued: Amount,
    spent: Amount,
    lapsed: Amount,
    pub(in super::super) left: Amount,
    over: bool,
}

impl Value {
    fn check(&self, id: StoredValueId) -> Result<()> {
        let whole = self.spent + self.lapsed + self.left;
        ensure!(self.issued == whole, "stored value {id} of {:?} comes to {whole:?}", self.issued);
        ensure!(self.left >= Amount::ZERO && self.spent >= Amount::ZERO, "stored value {id} is overdrawn");
        Ok(())
    }
}

impl Rights {
    pub(super) fn issue_card(&mut self, event: &CardIssued) -> Result<()> {
        ensure!(event.card.0 == self.cards.len() as u64 + 1, "card {} is out of turn", event.card);
        self.items.insert(event.item, Right::Card(event.card));
        self.cards.insert(event.card, Card { issued: *event, used: BTreeMap::new(), over: false });
        Ok(())
    }

    pub(super) fn issue_value(&mut self, event: &StoredValueIssued) -> Result<()> {
        ensure!(event.value.0 == self.values.len() as u64 + 1, "value {} is out of turn", event.value);
        self.items.insert(event.item, Right::Value(event.value));
        let (kind, issued, nothing) = (event.kind, event.amount, Amount::ZERO);
        let value = Value { kind, issued, spent: nothing, lapsed: nothing, left: issued, over: false };
        self.values.insert(event.value, value);
        Ok(())
    }

    pub(super) fn use_card(&mut self, used: &CardUse) -> Result<()> {
        let card = self.cards.get_mut(&used.card).ok_or_else(|| anyhow::anyhow!("no card {}", used.card))?;
        ensure!(!card.over, "card {} was used after its end", used.card);
        let of_show = card.used.entry(used.show).or_default();
        *of_show += 1;
        ensure!(*of_show <= card.issued.per_show, "card {} gave {of_show} for one show", used.card);
        let total: u16 = card.used.values().sum();
        let within = card.issued.in_total.is_none_or(|most| total <= most);
        ensure!(within, "card {} gave {total} in total", used.card);
        let before = self.by_ticket.insert(used.ticket, (used.card, used.show));
        ensure!(before.is_none(), "ticket {} is on two cards", used.ticket);
        Ok(())
    }

    pub(super) fn restore(&mut self, used: &CardUse) -> Result<()> {
        let known = self.by_ticket.remove(&used.ticket);
        ensure!(known == Some((used.card, used.show)), "ticket {} gives another right back", used.ticket);
        let of_show = self.cards.get_mut(&used.card).and_then(|card| card.used.get_mut(&used.show));
        let of_show =
            of_show.filter(|count| **count > 0).ok_or_else(|| anyhow::anyhow!("nothing was used"))?;
        *of_show -= 1;
        Ok(())
    }

    pub(super) fn spend(&mut self, event: &StoredValueUsed) -> Result<Amount> {
        let mut paid = Amount::ZERO;
        for spent in &event.uses {
            let value = self.value(spent.value)?;
            ensure!(!value.over, "stored value {} was spent after its end", spent.value);
            value.left = value.left - spent.amount - spent.lapsed;
            value.spent += spent.amount;
            value.lapsed += spent.lapsed;
            value.check(spent.value)?;
            let whole = value.kind == StoredValueKind::GiftCard || value.left == Amount::ZERO;
            ensure!(whole, "voucher {} was used in part", spent.value);
            paid += spent.amount;
        }
        Ok(paid)
    }

    pub(super) fn refill(&mut self, id: StoredValueId, amount: Amount) -> Result<()> {
        let value = self.value(id)?;
        value.left += amount;
        value.spent -= amount;
        value.check(id)
    }

    /// A value ends with what is left of it.
    pub(super) fn end_value(&mut self, id: StoredValueId, left: Option<Amount>) -> Result<()> {
        let value = self.value(id)?;
        ensure!(!value.over && left.is_none_or(|left| left == value.left), "stored value {id} ends wrongly");
        value.lapsed += std::mem::take(&mut value.left);
        value.over = true;
        value.check(id)
    }

    pub(super) fn expire_card(&mut self, expired: &ExpiredCard) -> Result<()> {
        let card = self.cards.get_mut(&expired.card).ok_or_else(|| anyhow::anyhow!("no such card"))?;
        let used: u16 = card.used.values().sum();
        let unused = card.issued.in_total.map(|total| total - used);
        ensure!(!card.over && unused == expired.unused, "card {} ends with {unused:?}", expired.card);
        card.over = true;
        Ok(())
    }

    pub(super) fn revoke_card(&mut self, id: CardId) -> Result<()> {
        let card = self.cards.get_mut(&id).ok_or_else(|| anyhow::anyhow!("no card {id}"))?;
        card.over = true;
        Ok(())
    }

    /// Whether what an item was sold as has ended with it.
    pub(super) fn check_cancelled_item(&self, item: ItemId) -> Result<()> {
        let over = match self.items.get(&item) {
            Some(Right::Card(card)) => self.cards.get(card).is_some_and(|card| card.over),
            Some(Right::Value(value)) => self.values.get(value).is_some_and(|value| value.over),
            None => true,
        };
        ensure!(over, "item {item} is cancelled, and what was sold as it goes on");
        Ok(())
    }

    fn value(&mut self, id: StoredValueId) -> Result<&mut Value> {
        self.values.get_mut(&id).ok_or_else(|| anyhow::anyhow!("no stored value {id}"))
    }
}

//! Money: payments and returns, gift cards and vouchers, cards past their time, tills and remittances.

use soticket_schema::event::v1::{
    AccountKey, AccountRole, CardsExpired, CashDirection, CashReason, ChannelKind, Leg, MethodKind,
    RemittanceRecorded, StoredValueRestored, StoredValueUsed, StoredValuesExpired, TillCashMoved, TillClosed,
};
use soticket_schema::{Amount, ChannelId, Event, MethodId};

use super::book::{CANCELLED, Group, Owner, Pool};
use super::house::House;
use super::orders::What;
use super::receipts::CellKey;
use super::sale::{book_of, stored_values};
use super::{Journal, Source};
use crate::event::Money;

impl Journal {
    /// Money that came in is debited, money that went back credited, against what the order owes.
    pub(super) fn record(&mut self, money: &Money<'_>, source: Source) {
        let beyond = match money.shows {
            &[show] => Some(show).filter(|show| self.shows.get(show.0).is_some()),
            _ => None,
        };
        let channel = self.orders.channel(money.order);
        for leg in money.legs {
            let amount = if money.refund { -leg.amount } else { leg.amount };
            let (role, key) = account_of(&self.house, leg.method, channel);
            for (part, amount) in self.orders.settle(money.order, beyond, amount) {
                let Some(book) = book_of(&mut self.shows, &mut self.house, part.show) else { continue };
                let group = match part.what {
                    What::Tickets(_) => Group::Tickets,
                    What::Fees => Group::Fees,
                    What::Beyond if part.show.is_some() => Group::Tickets,
                    What::Products | What::Beyond => Group::Products,
                };
                let group = if money.refund { group.back() } else { group };
                book.post(source.day, group, source.event).debit(role, key, amount);
                let cell = CellKey { day: source.day, method: leg.method, channel, what: part.what };
                book.cells.entry(cell).or_default().add(amount, source.event.1);
            }
        }
        let stored = |leg: &Leg| {
            let kind = self.house.methods.get(&leg.method).map(|(_, kind)| *kind);
            matches!(kind, Some(MethodKind::GiftCard | MethodKind::Voucher))
        };
        let legs: Vec<Leg> = money.legs.iter().copied().filter(stored).collect();
        self.house.last_payment = (!legs.is_empty()).then_some((money.payment, legs));
    }

    pub(super) fn fold_house(&mut self, event: &Event, source: Source) {
        match event {
            Event::CardIssued(event) => {
                if let Some(show) = self.issue(event.item, Owner::Pool(Pool::Cards), source) {
                    self.house.cards.insert(event.card, (event.item, show));
                }
            }
            Event::CardsExpired(event) => self.expire_cards(event, source),
            Event::StoredValueIssued(event) => {
                self.issue(event.item, stored_values(), source);
            }
            Event::StoredValueUsed(event) => self.spend(event, source),
            Event::StoredValueRestored(event) => self.restore(event, source),
            Event::StoredValuesExpired(event) => self.expire_values(event, source),
            Event::TillOpened(event) => {
                self.house.drawers.insert(event.session, event.cash);
            }
            Event::TillCashMoved(event) => self.move_cash(*event, source),
            Event::TillClosed(event) => self.close_till(event, source),
            Event::RemittanceRecorded(event) => self.remit(event, source),
            _ => {}
        }
    }

    /// A card that nobody can use any more has been earned, whatever of it was used.
    fn expire_cards(&mut self, event: &CardsExpired, source: Source) {
        for expired in &event.cards {
            let Some((item, show)) = self.house.cards.remove(&expired.card) else { continue };
            let Some(book) = book_of(&mut self.shows, &mut self.house, show) else { continue };
            let Some(row) = book.items.get(item.0).copied().filter(|row| row.0 < CANCELLED) else { continue };
            let Some(key) = book.item_keys.key(row.0).copied() else { continue };
            let posting = book.post(source.day, Group::CardsExpired, source.event);
            posting.sell(Pool::ExpiredCards, key.rate, key.unit());
        }
    }

    /// What the payment put on the account of its way of paying comes off what was paid before.
    fn spend(&mut self, event: &StoredValueUsed, source: Source) {
        let amount: Amount = event.uses.iter().map(|spent| spent.amount).sum();
        let lapsed: Amount = event.uses.iter().map(|spent| spent.lapsed).sum();
        let legs = self.legs_of(event.payment);
        let posting = self.house.book.post(source.day, Group::StoredValues, source.event);
        posting.debit(AccountRole::StoredValues, AccountKey::Any, amount + lapsed);
        posting.credit(AccountRole::Breakage, AccountKey::Any, lapsed);
        let mut left = amount;
        for leg in legs {
            let part = leg.amount.min(left);
            left -= part;
            posting.credit(AccountRole::Clearing, AccountKey::Method(leg.method), part);
        }
        posting.credit(AccountRole::Suspense, AccountKey::Any, left);
    }

    fn restore(&mut self, event: &StoredValueRestored, source: Source) {
        let method = self.legs_of(event.payment).first().map(|leg| leg.method);
        let (role, key) = method.map_or((AccountRole::Suspense, AccountKey::Any), |method| {
            (AccountRole::Clearing, AccountKey::Method(method))
        });
        let posting = self.house.book.post(source.day, Group::StoredValues, source.event);
        posting.debit(role, key, event.amount);
        posting.credit(AccountRole::StoredValues, AccountKey::Any, event.amount);
    }

    fn legs_of(&self, payment: soticket_schema::PaymentId) -> Vec<Leg> {
        let last = self.house.last_payment.as_ref().filter(|(known, _)| *known == payment);
        last.map(|(_, legs)| legs.clone()).unwrap_or_default()
    }

    fn expire_values(&mut self, event: &StoredValuesExpired, source: Source) {
        let left: Amount = event.values.iter().map(|expired| expired.left).sum();
        let posting = self.house.book.post(source.day, Group::StoredValues, source.event);
        posting.debit(AccountRole::StoredValues, AccountKey::Any, left);
        posting.credit(AccountRole::Breakage, AccountKey::Any, left);
    }

    /// Cash between a drawer and the safe or the bank is on its way; what was bought with it waits for its voucher.
    fn move_cash(&mut self, event: TillCashMoved, source: Source) {
        let Some(cash) = self.house.drawers.get(&event.session).copied() else { return };
        let other = match event.reason {
            CashReason::Change | CashReason::Deposit => AccountRole::InternalTransfers,
            CashReason::Expense | CashReason::Correction | CashReason::Other => AccountRole::Suspense,
        };
        let into = match event.direction {
            CashDirection::In => event.amount,
            CashDirection::Out => -event.amount,
        };
        let posting = self.house.book.post(source.day, Group::Till, source.event);
        posting.debit(AccountRole::Clearing, AccountKey::Method(cash), into);
        posting.credit(other, AccountKey::Any, into);
    }

    /// What was counted differs from what should be there.
    fn close_till(&mut self, event: &TillClosed, source: Source) {
        self.house.drawers.remove(&event.session);
        for line in &event.lines {
            let difference = line.counted.map_or(Amount::ZERO, |counted| counted - line.expected);
            if difference == Amount::ZERO {
                continue;
            }
            let other =
                if difference > Amount::ZERO { AccountRole::CashGains } else { AccountRole::CashLosses };
            let posting = self.house.book.post(source.day, Group::Till, source.event);
            posting.debit(AccountRole::Clearing, AccountKey::Method(line.method), difference);
            posting.credit(other, AccountKey::Any, difference);
        }
    }

    /// The bank has it from the day that it booked it, if that is not locked.
    fn remit(&mut self, event: &RemittanceRecorded, source: Source) {
        let day = self.house.open_day(event.received_at);
        let show = event.show.filter(|show| self.shows.get(show.0).is_some());
        let Some(book) = book_of(&mut self.shows, &mut self.house, show) else { return };
        let posting = book.post(day, Group::Remittance(event.channel), source.event);
        posting.debit(AccountRole::Bank, AccountKey::Any, event.amount);
        posting.credit(AccountRole::ChannelCurrent, AccountKey::Channel(event.channel), event.amount);
    }
}

/// Where the money of a way of paying is. A network and a remote box office have what they collect; a pack was paid
/// before.
fn account_of(house: &House, method: MethodId, channel: Option<ChannelId>) -> (AccountRole, AccountKey) {
    let kind = house.methods.get(&method).map(|(_, kind)| *kind);
    let remote = channel.filter(|channel| house.kind_of(*channel) == Some(ChannelKind::RemoteBoxOffice));
    match (kind, remote, channel) {
        (Some(MethodKind::Pack), _, _) => (AccountRole::PassClearing, AccountKey::Any),
        (Some(MethodKind::GiftCard | MethodKind::Voucher), _, _) => {
            (AccountRole::Clearing, AccountKey::Method(method))
        }
        (_, Some(channel), _) | (Some(MethodKind::Network), None, Some(channel)) => {
            (AccountRole::ChannelCurrent, AccountKey::Channel(channel))
        }
        _ => (AccountRole::Clearing, AccountKey::Method(method)),
    }
}

//! Sales, cancellations, reductions and what commissions take out of fees.

use soticket_schema::event::v1::{
    AccountKey, AccountRole, Beneficiary, Cancellation, CommissionLine, CommissionsCharged,
    CommissionsReversed, FeeKind, ItemKind, ItemLine, OrderLines, Payer, PriceReduced, ProductKind,
    TicketLine,
};
use soticket_schema::{Amount, ChannelId, ItemId, OrderId, ShowId, TicketId};

use super::book::{
    CANCELLED, FeeKey, Gross, Group, Item, ItemKey, NO_FEE, Owner, Pool, ShowBook, Ticket, TicketKey,
};
use super::house::House;
use super::orders::{Part, What};
use super::{Journal, Source};

fn fees_of(show: Option<ShowId>) -> Part {
    Part { show, what: What::Fees }
}

impl Journal {
    pub(super) fn sell(&mut self, lines: &OrderLines, source: Source) {
        self.orders.sold(lines.order, lines.channel);
        for line in &lines.tickets {
            self.sell_ticket(lines, line, source);
        }
        for item in &lines.items {
            self.sell_item(lines, item, source);
        }
    }

    fn sell_ticket(&mut self, lines: &OrderLines, line: &TicketLine, source: Source) {
        let owner = fee_owner(&self.house, lines.channel);
        let Some(book) = self.shows.get_mut(line.show.0) else { return };
        let key =
            TicketKey { tariff: line.tariff, price: line.price, rate: line.vat, stated_vat: line.stated_vat };
        let number = book.lines.number(key);
        let fee = match line.fee {
            Amount::ZERO => NO_FEE,
            amount => book.fees.number(FeeKey { owner, amount, rate: line.fee_vat }).min(NO_FEE),
        };
        if !book.tickets.add(line.ticket.0, Ticket { line: number, fee }) {
            return;
        }
        let show = Some(line.show);
        book.post(source.day, Group::Tickets, source.event).sell(Pool::Receipts, line.vat, key.unit());
        if line.fee != Amount::ZERO {
            let fee = Gross::unit(line.fee, line.fee_vat, None);
            book.post(source.day, Group::Fees, source.event).sell_for(owner, line.fee_vat, fee);
        }
        self.orders.owe(lines.order, Part { show, what: What::Tickets(line.tariff) }, line.price);
        self.orders.owe(lines.order, fees_of(show), line.fee);
    }

    fn sell_item(&mut self, lines: &OrderLines, item: &ItemLine, source: Source) {
        let (owner, group) = item_owner(&self.house, lines.channel, item.kind);
        let key = ItemKey { owner, group, price: item.price, rate: item.vat, stated_vat: item.stated_vat };
        let Some(book) = book_of(&mut self.shows, &mut self.house, item.show) else { return };
        let number = book.item_keys.number(key);
        if number >= CANCELLED || !book.items.add(item.item.0, Item(number)) {
            return;
        }
        book.post(source.day, group, source.event).sell_for(owner, item.vat, key.unit());
        self.orders.owe(lines.order, Part { show: item.show, what: what(group) }, item.price);
    }

    pub(super) fn cancel(&mut self, cancellation: &Cancellation, source: Source) {
        let order = cancellation.order;
        for cancelled in &cancellation.tickets {
            self.cancel_ticket(order, (cancelled.ticket, cancelled.show), cancelled.fee_kept, source);
        }
        for cancelled in &cancellation.items {
            self.cancel_item(order, cancelled.item, cancelled.show, source);
        }
    }

    fn cancel_ticket(
        &mut self,
        order: OrderId,
        (ticket, show): (TicketId, ShowId),
        fee_kept: bool,
        source: Source,
    ) {
        let Some(book) = self.shows.get_mut(show.0) else { return };
        let Some((row, key)) = book.valid(ticket.0) else { return };
        if let Some(row) = book.tickets.get_mut(ticket.0) {
            row.fee |= CANCELLED;
        }
        let back = book.post(source.day, Group::TicketsBack, source.event);
        back.sell(Pool::Receipts, key.rate, key.unit().minus());
        let part = Part { show: Some(show), what: What::Tickets(key.tariff) };
        let fee = book.fees.key(row.fee).copied().filter(|_| !fee_kept);
        if let Some(fee) = fee {
            let back = book.post(source.day, Group::FeesBack, source.event);
            back.sell_for(fee.owner, fee.rate, Gross::unit(fee.amount, fee.rate, None).minus());
        }
        self.orders.owe(order, part, -key.price);
        self.orders.owe(order, fees_of(Some(show)), fee.map_or(Amount::ZERO, |fee| -fee.amount));
    }

    fn cancel_item(&mut self, order: OrderId, item: ItemId, show: Option<ShowId>, source: Source) {
        let Some(key) = self.take_item(item, show) else { return };
        let Some(book) = book_of(&mut self.shows, &mut self.house, show) else { return };
        let back = book.post(source.day, key.group.back(), source.event);
        back.sell_for(key.owner, key.rate, key.unit().minus());
        self.orders.owe(order, Part { show, what: what(key.group) }, -key.price);
    }

    /// Marks an item cancelled, or as one that paid commissions, and returns what it was posted by.
    fn take_item(&mut self, item: ItemId, show: Option<ShowId>) -> Option<ItemKey> {
        let book = book_of(&mut self.shows, &mut self.house, show)?;
        let row = book.items.get_mut(item.0).filter(|row| row.0 < CANCELLED)?;
        let number = row.0;
        row.0 |= CANCELLED;
        book.item_keys.key(number).copied()
    }

    /// What was issued says better than its product what an item is.
    pub(super) fn issue(&mut self, item: ItemId, owner: Owner, source: Source) -> Option<Option<ShowId>> {
        // An item that a right is sold as belongs to no show; one that does is looked for where it would be.
        let book = &mut self.house.book;
        let row = book.items.get(item.0).copied().filter(|row| row.0 < CANCELLED)?;
        let key = *book.item_keys.key(row.0)?;
        if key.owner != owner {
            let number = book.item_keys.number(ItemKey { owner, ..key });
            if let Some(row) = book.items.get_mut(item.0) {
                row.0 = number;
            }
            let posting = book.post(source.day, key.group, source.event);
            posting.sell_for(key.owner, key.rate, key.unit().minus());
            posting.sell_for(owner, key.rate, key.unit());
        }
        Some(None)
    }

    pub(super) fn reduce(&mut self, event: &PriceReduced, source: Source) {
        let Some(book) = self.shows.get_mut(event.show.0) else { return };
        let Some(row) = book.tickets.get(event.ticket.0).copied() else { return };
        let Some(key) = book.lines.key(row.line).copied() else { return };
        let after = TicketKey { price: event.after, stated_vat: event.stated_vat, ..key };
        let number = book.lines.number(after);
        if let Some(row) = book.tickets.get_mut(event.ticket.0) {
            row.line = number;
        }
        if row.fee & CANCELLED != 0 {
            return;
        }
        let difference = after.unit().plus(key.unit().minus());
        let back = book.post(source.day, Group::TicketsBack, source.event);
        back.sell(Pool::Receipts, key.rate, difference);
        let part = Part { show: Some(event.show), what: What::Tickets(key.tariff) };
        self.orders.owe(event.order, part, difference.gross);
    }

    /// What commissions put on top is taken out of the fees and items that the buyer pays them with, and posted for
    /// those who earn it. What the organiser pays is posted when it is settled.
    pub(super) fn charge(&mut self, event: &CommissionsCharged, source: Source) {
        for line in event.lines.iter().filter(|line| line.payer == Payer::Buyer) {
            let owner = beneficiary(&self.house, line);
            if let Some(item) = line.item {
                self.withdraw(event.order, item, line.show, source);
            }
            let Some(book) = self.shows.get_mut(line.show.0) else { continue };
            for ticket in &line.tickets {
                take_from_fee(book, *ticket, line.amount, source);
            }
            let count = units(line);
            let charged = Gross::unit(line.amount, line.vat, None).times(count);
            book.post(source.day, Group::Fees, source.event).sell_for(owner, line.vat, charged);
            if line.item.is_some() {
                self.orders.owe(event.order, fees_of(Some(line.show)), line.amount);
            }
        }
    }

    /// An item that pays commissions is posted as those.
    fn withdraw(&mut self, order: OrderId, item: ItemId, show: ShowId, source: Source) {
        for show in [None, Some(show)] {
            let Some(key) = self.take_item(item, show) else { continue };
            let Some(book) = book_of(&mut self.shows, &mut self.house, show) else { continue };
            let posting = book.post(source.day, key.group, source.event);
            posting.sell_for(key.owner, key.rate, key.unit().minus());
            self.orders.owe(order, Part { show, what: what(key.group) }, -key.price);
        }
    }

    pub(super) fn reverse(&mut self, event: &CommissionsReversed, source: Source) {
        for line in event.lines.iter().filter(|line| line.payer == Payer::Buyer) {
            let owner = beneficiary(&self.house, line);
            let Some(book) = self.shows.get_mut(line.show.0) else { continue };
            let reversed = Gross::unit(line.amount, line.vat, None).times(units(line));
            let back = book.post(source.day, Group::FeesBack, source.event);
            back.sell_for(owner, line.vat, reversed.minus());
            self.orders.owe(event.order, fees_of(Some(line.show)), -reversed.gross);
        }
    }
}

/// The book that an item is posted in; none for a show that was never scheduled.
pub(super) fn book_of<'a>(
    shows: &'a mut crate::partition::Partitions<ShowBook>,
    house: &'a mut House,
    show: Option<ShowId>,
) -> Option<&'a mut ShowBook> {
    match show {
        Some(show) => shows.get_mut(show.0),
        None => Some(&mut house.book),
    }
}

/// A part of a valid ticket's fee is a commission: the rest stays whose it was.
fn take_from_fee(book: &mut ShowBook, ticket: TicketId, amount: Amount, source: Source) {
    let Some((row, _)) = book.valid(ticket.0) else { return };
    let Some(key) = book.fees.key(row.fee).copied() else { return };
    let rest = key.amount - amount;
    let number = match rest {
        Amount::ZERO => NO_FEE,
        amount => book.fees.number(FeeKey { amount, ..key }).min(NO_FEE),
    };
    if let Some(row) = book.tickets.get_mut(ticket.0) {
        row.fee = number;
    }
    let before = Gross::unit(key.amount, key.rate, None);
    let after = Gross::unit(rest, key.rate, None);
    let posting = book.post(source.day, Group::Fees, source.event);
    posting.sell_for(key.owner, key.rate, after.plus(before.minus()));
}

/// How many tickets a line is of; one of a whole order counts once.
fn units(line: &CommissionLine) -> i64 {
    i64::try_from(line.tickets.len().max(1)).unwrap_or(i64::MAX)
}

fn beneficiary(house: &House, line: &CommissionLine) -> Owner {
    match line.beneficiary {
        Beneficiary::Organisation => Owner::Pool(Pool::OwnFees),
        Beneficiary::Channel => fee_owner(house, line.channel),
        Beneficiary::Party(party) => Owner::party(party),
    }
}

/// A third party that sells keeps its fees; those of own channels are the organisation's.
fn fee_owner(house: &House, channel: ChannelId) -> Owner {
    if house.is_third_party(channel) { Owner::channel(channel) } else { Owner::Pool(Pool::OwnFees) }
}

fn item_owner(house: &House, channel: ChannelId, kind: ItemKind) -> (Owner, Group) {
    let product = match kind {
        ItemKind::Fee(FeeKind::GiftCard) => return (stored_values(), Group::Products),
        ItemKind::Fee(_) => return (fee_owner(house, channel), Group::Fees),
        ItemKind::Product(product) => house.products.get(&product).copied(),
    };
    let owner = match product.unwrap_or(ProductKind::Other) {
        ProductKind::Card => Owner::Pool(Pool::Cards),
        ProductKind::Pack => Owner::Account(AccountRole::PassClearing, AccountKey::Any),
        ProductKind::GiftCard | ProductKind::Voucher => stored_values(),
        ProductKind::Merchandise => Owner::Pool(Pool::Merchandise),
        ProductKind::Donation => Owner::Pool(Pool::Donations),
        ProductKind::Other => Owner::Pool(Pool::Other),
    };
    (owner, Group::Products)
}

/// Money paid before: no sale yet, and no VAT.
pub(super) fn stored_values() -> Owner {
    Owner::Account(AccountRole::StoredValues, AccountKey::Any)
}

fn what(group: Group) -> What {
    if group == Group::Fees { What::Fees } else { What::Products }
}

impl Gross {
    fn times(self, count: i64) -> Self {
        Self { gross: self.gross.times(count), unit_vat: self.unit_vat.times(count) }
    }
}

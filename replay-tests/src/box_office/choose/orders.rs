//! Random orders.

use soticket_schema::command::*;
use soticket_schema::event::v1::*;
use soticket_schema::*;

use super::super::house::{CARD, CARD_PRICE, CASH, CHANNELS, GIFT, GIFT_CARD, MEMBERSHIP, VOUCHER, tariff};
use super::{Chooser, MINUTE};

impl Chooser<'_> {
    pub(super) fn buyer(&mut self) -> Option<Person> {
        let letter = char::from(b'a' + u8::try_from(self.random.below(20)).unwrap_or(0));
        self.random.chance(60).then(|| Person { email: format!("{letter}@example.org"), ..Person::default() })
    }

    pub(super) fn order(&mut self) -> PlaceOrder {
        let mut order = PlaceOrder {
            channel: self.channel(),
            seller: String::new(),
            buyer: self.buyer(),
            holds: Vec::new(),
            tickets: self.requests(4),
            items: Vec::new(),
            payment: Vec::new(),
            packs: Vec::new(),
            entitlements: Entitlements::default(),
        };
        order.seller = self.seller(order.channel);
        match self.random.below(12) {
            10 | 11 => self.with_cash(&mut order),
            0 => self.with_pack(&mut order),
            1 => self.with_issue(&mut order),
            2 | 3 => self.with_card(&mut order),
            4 => self.with_hold(&mut order),
            5 => self.with_value(&mut order),
            _ => {}
        }
        order
    }

    pub(super) fn with_pack(&mut self, order: &mut PlaceOrder) {
        let pack = self.recent(self.books.packs.len() as u64, 2);
        let shows = usize::try_from(pack).ok().and_then(|pack| self.books.packs.get(pack.checked_sub(1)?));
        let count = 2 + usize::from(self.random.chance(50));
        let choices = shows.into_iter().flatten().take(count);
        let choices = choices.map(|show| PackChoice { show: *show, seat: None });
        let pack = u32::try_from(pack).unwrap_or(0);
        order.packs = vec![PackRequest { pack: PackId(pack), price: None, choices: choices.collect() }];
        order.tickets.truncate(1);
    }

    pub(super) fn with_issue(&mut self, order: &mut PlaceOrder) {
        let item = |product, price| ItemRequest {
            kind: ItemKind::Product(product),
            show: None,
            price,
            vat: Rate::ZERO,
            stated_vat: None,
            ticket: None,
        };
        let (right, item) = if self.random.chance(50) {
            let card_type = CardTypeId(1 + u32::from(self.random.chance(40)));
            (NewRight::Card(card_type), item(MEMBERSHIP, CARD_PRICE))
        } else {
            let kind =
                if self.random.chance(60) { StoredValueKind::GiftCard } else { StoredValueKind::Voucher };
            let until = Timestamp(self.now.0 + MINUTE * 60 * 24 * 15);
            (NewRight::StoredValue { kind, until }, item(GIFT_CARD, Amount(2_200)))
        };
        if self.random.chance(70) {
            order.tickets.clear();
            order.payment = vec![Leg { method: CARD, amount: item.price }];
        } else if let Some(first) = order.tickets.first_mut() {
            first.tariff = tariff(first.show, TariffKind::Subscriber);
            first.comp = None;
            order.entitlements.cards = vec![TicketOnCard { ticket: 0, card: CardChoice::Issued(0) }];
        }
        order.items = vec![item];
        order.entitlements.issues = vec![RightToIssue { item: 0, right }];
    }

    pub(super) fn card_uses(&mut self, tickets: &mut [TicketRequest]) -> Vec<TicketOnCard> {
        let last = self.books.rights.cards.len() as u64;
        let card = CardChoice::Card(CardId(self.recent(last, 60)));
        let mut uses = Vec::new();
        for (place, ticket) in tickets.iter_mut().enumerate() {
            ticket.tariff = tariff(ticket.show, TariffKind::Subscriber);
            ticket.comp = None;
            uses.push(TicketOnCard { ticket: u16::try_from(place).unwrap_or(0), card });
        }
        uses
    }

    pub(super) fn with_card(&mut self, order: &mut PlaceOrder) {
        order.tickets.truncate(2);
        order.entitlements.cards = self.card_uses(&mut order.tickets);
    }

    pub(super) fn with_hold(&mut self, order: &mut PlaceOrder) {
        let holds: Vec<_> = self.books.places.holds.values().rev().take(20).collect();
        let Some(hold) = self.random.pick(&holds).copied() else { return };
        let seats: Vec<Option<SeatId>> = match &hold.places {
            Places::Count(count) => vec![None; *count as usize],
            Places::Seats(seats) => seats.iter().copied().map(Some).collect(),
        };
        let ticket = |seat| TicketRequest {
            show: hold.show,
            zone: hold.zone,
            seat,
            tariff: tariff(hold.show, TariffKind::Full),
            price: None,
            comp: None,
        };
        order.channel = hold.channel;
        order.seller = self.seller(hold.channel);
        order.holds = vec![hold.hold];
        order.tickets = seats.into_iter().map(ticket).collect();
        if self.random.chance(5) {
            order.tickets.pop();
        }
    }

    pub(super) fn with_value(&mut self, order: &mut PlaceOrder) {
        let id = StoredValueId(self.recent(self.books.rights.values.len() as u64, 60));
        let Some(value) = self.books.rights.values.get(&id) else { return };
        let show = self.show();
        let zone = self.free_zone(show);
        let tariff = tariff(show, TariffKind::Full);
        let Some(price) = self.books.price(tariff, zone) else { return };
        let most = if self.random.chance(90) { value.left.min(price) } else { price };
        let method = if value.kind == StoredValueKind::GiftCard { GIFT } else { VOUCHER };
        order.channel = CHANNELS[1];
        order.tickets = vec![TicketRequest { show, zone, seat: None, tariff, price: None, comp: None }];
        order.payment = vec![Leg { method, amount: most }];
        if most < price {
            order.payment.push(Leg { method: CARD, amount: price - most });
        }
        order.entitlements.values = vec![ValueToSpend { value: id, amount: most }];
    }

    /// Full tickets at the box office, paid at once: nothing comes on top of their prices there.
    fn with_cash(&mut self, order: &mut PlaceOrder) {
        let show = self.show();
        let zone = self.free_zone(show);
        let tariff = tariff(show, TariffKind::Full);
        let Some(price) = self.books.price(tariff, zone) else { return };
        order.channel = CHANNELS[1];
        order.seller = self.seller(order.channel);
        let request = TicketRequest { show, zone, seat: None, tariff, price: None, comp: None };
        let count = 1 + self.up_to(3);
        order.tickets = (0..count).map(|_| request.clone()).collect();
        let method = if self.random.chance(60) { CASH } else { CARD };
        order.payment = vec![Leg { method, amount: Amount(price.0 * count) }];
    }
}

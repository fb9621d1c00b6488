//! Random commands: mostly sensible, so that most of them are accepted, and about as many wrong ones as right ones at the edges.

use soticket_schema::command::*;
use soticket_schema::event::v1::*;
use soticket_schema::*;

use super::books::Books;
use super::house::{
    BALCONY, CARD, CARD_PRICE, CHANNELS, GIFT, GIFT_CARD, MEMBERSHIP, PIT, SEATS, VOUCHER, tariff,
};
use crate::random::Random;

const MINUTE: i64 = 60_000_000;

/// A command, and whether it is reported as a fact.
pub(super) struct Choice {
    pub(super) body: CommandBody,
    pub(super) fact: bool,
}

struct Chooser<'a> {
    random: &'a mut Random,
    books: &'a Books,
    now: Timestamp,
}

/// The next random command.
pub(super) fn command(random: &mut Random, books: &Books, now: Timestamp) -> Choice {
    let mut chooser = Chooser { random, books, now };
    let (body, either) = match chooser.random.below(100) {
        0..44 => (CommandBody::PlaceOrder(chooser.order()), false),
        44..51 => (chooser.hold(), false),
        51..53 => (chooser.release(), false),
        53..62 => (chooser.cancel(), false),
        62..69 => (chooser.exchange(), false),
        69..73 => (chooser.after_the_sale(), false),
        73..80 => chooser.money(),
        80..84 => chooser.late_payment(),
        84..88 => (chooser.stored_value(), false),
        88..94 => chooser.quota(),
        94..96 => return Choice { body: chooser.report(), fact: true },
        96..97 => (CommandBody::ExpireRights(ExpireRights { at_most: 50 }), false),
        _ => (chooser.reduce(), true),
    };
    let fact = either && chooser.random.chance(20);
    Choice { body, fact }
}

impl Chooser<'_> {
    /// One of the latest shows, now and then an unknown one.
    fn show(&mut self) -> ShowId {
        let last = self.books.last_show();
        ShowId(last.saturating_sub(self.random.below(3)) + u64::from(self.random.chance(1)))
    }

    fn channel(&mut self) -> ChannelId {
        self.random.pick(&CHANNELS).copied().unwrap_or_default()
    }

    /// One of the latest numbers up to `last`.
    fn recent(&mut self, last: u64, span: u64) -> u64 {
        last.saturating_sub(self.random.below(span.min(last.max(1))))
    }

    fn order_id(&mut self) -> OrderId {
        let last = self.books.money.orders.len() as u64;
        OrderId(self.recent(last, 400) + u64::from(self.random.chance(1)))
    }

    /// A ticket of the latest; a cancelled one now and then.
    fn ticket_id(&mut self) -> TicketId {
        let last = self.books.tickets.len() as u64;
        for _ in 0..4 {
            let id = TicketId(self.recent(last, 800));
            if self.ticket(id).is_some_and(super::books::Ticket::is_valid) {
                return id;
            }
        }
        TicketId(self.recent(last, 800))
    }

    fn ticket(&self, id: TicketId) -> Option<&super::books::Ticket> {
        self.books.tickets.get(usize::try_from(id.0.wrapping_sub(1)).unwrap_or(usize::MAX))
    }

    fn request(&mut self) -> TicketRequest {
        let show = self.show();
        let kind = match self.random.below(10) {
            0..5 => TariffKind::Full,
            5..7 => TariffKind::Reduced,
            7..9 => TariffKind::Subscriber,
            _ => TariffKind::Free,
        };
        let seated = self.random.chance(20);
        let seat = seated.then(|| SeatId(u32::try_from(self.random.below(u64::from(SEATS))).unwrap_or(0)));
        TicketRequest {
            show,
            zone: if seated { BALCONY } else { PIT },
            seat,
            tariff: tariff(show, kind),
            price: self.random.chance(3).then_some(Amount(2_000)),
            comp: (kind == TariffKind::Free).then_some(CompReason::Press),
        }
    }

    fn requests(&mut self, most: u64) -> Vec<TicketRequest> {
        (0..=self.random.below(most)).map(|_| self.request()).collect()
    }

    fn buyer(&mut self) -> Option<Person> {
        let letter = char::from(b'a' + u8::try_from(self.random.below(20)).unwrap_or(0));
        self.random.chance(60).then(|| Person { email: format!("{letter}@example.org"), ..Person::default() })
    }

    fn order(&mut self) -> PlaceOrder {
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
        match self.random.below(10) {
            0 => self.with_pack(&mut order),
            1 => self.with_issue(&mut order),
            2 | 3 => self.with_card(&mut order),
            4 => self.with_hold(&mut order),
            5 => self.with_value(&mut order),
            _ => {}
        }
        order
    }

    fn with_pack(&mut self, order: &mut PlaceOrder) {
        let pack = u32::try_from(self.recent(u64::from(self.books.packs), 2)).unwrap_or(0);
        let first = u64::from(pack);
        let count = 2 + self.random.below(2);
        let choices = (first..first + count).map(|show| PackChoice { show: ShowId(show), seat: None });
        order.packs = vec![PackRequest { pack: PackId(pack), price: None, choices: choices.collect() }];
        order.tickets.truncate(1);
    }

    /// A card with its first tickets, or a gift card or voucher, paid at once or not.
    fn with_issue(&mut self, order: &mut PlaceOrder) {
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

    fn card_uses(&mut self, tickets: &mut [TicketRequest]) -> Vec<TicketOnCard> {
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

    fn with_card(&mut self, order: &mut PlaceOrder) {
        order.tickets.truncate(2);
        order.entitlements.cards = self.card_uses(&mut order.tickets);
    }

    fn with_hold(&mut self, order: &mut PlaceOrder) {
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
        order.holds = vec![hold.hold];
        order.tickets = seats.into_iter().map(ticket).collect();
        if self.random.chance(5) {
            order.tickets.pop();
        }
    }

    /// One full ticket of the pit without a fee, paid by a stored value and a card.
    fn with_value(&mut self, order: &mut PlaceOrder) {
        let id = StoredValueId(self.recent(self.books.rights.values.len() as u64, 60));
        let Some(value) = self.books.rights.values.get(&id) else { return };
        let show = self.show();
        let price = Amount(2_000 + i64::try_from(show.0 % 90).unwrap_or(0));
        let most = if self.random.chance(90) { value.left.min(price) } else { price };
        let method = if value.kind == StoredValueKind::GiftCard { GIFT } else { VOUCHER };
        order.channel = CHANNELS[1];
        let tariff = tariff(show, TariffKind::Full);
        order.tickets = vec![TicketRequest { show, zone: PIT, seat: None, tariff, price: None, comp: None }];
        order.payment = vec![Leg { method, amount: most }];
        if most < price {
            order.payment.push(Leg { method: CARD, amount: price - most });
        }
        order.entitlements.values = vec![ValueToSpend { value: id, amount: most }];
    }

    fn places(&mut self) -> (ZoneId, Places) {
        if self.random.chance(70) {
            return (PIT, Places::Count(u32::try_from(1 + self.random.below(6)).unwrap_or(1)));
        }
        let first = self.random.below(u64::from(SEATS));
        let last = (first + self.random.below(4)).min(u64::from(SEATS) - 1);
        let seats = (first..=last).filter_map(|seat| u32::try_from(seat).ok()).map(SeatId);
        (BALCONY, Places::Seats(seats.collect()))
    }

    fn hold(&mut self) -> CommandBody {
        let (zone, places) = self.places();
        let expires_at =
            Timestamp(self.now.0 + MINUTE * (1 + i64::try_from(self.random.below(60)).unwrap_or(0)));
        let (show, channel, buyer) = (self.show(), self.channel(), None);
        CommandBody::PlaceHold(PlaceHold { show, zone, channel, places, expires_at, buyer })
    }

    fn release(&mut self) -> CommandBody {
        let holds: Vec<HoldId> = self.books.places.holds.keys().rev().take(30).copied().collect();
        let hold = self.random.pick(&holds).copied().unwrap_or(HoldId(1));
        CommandBody::ReleaseHold(ReleaseHold { hold })
    }

    fn cancel(&mut self) -> CommandBody {
        let ticket = self.ticket_id();
        let order = self.ticket(ticket).map_or(OrderId(1), |ticket| ticket.order);
        let known = self.books.money.orders.get(&order);
        let mut items = Vec::new();
        let mut tickets = vec![TicketToCancel { ticket, fee_kept: self.random.chance(30) }];
        if let Some(known) = known.filter(|_| self.random.chance(25)) {
            items.extend(known.items.iter().filter(|item| !item.cancelled).map(|item| item.item));
        }
        if self.random.chance(10) {
            // An order that sold a card or stored value, without tickets.
            let id = self.order_id();
            if let Some(other) = self.books.money.orders.get(&id).filter(|order| !order.items.is_empty()) {
                items = other.items.iter().map(|item| item.item).collect();
                tickets.clear();
                return self.cancellation(id, tickets, items);
            }
        }
        self.cancellation(order, tickets, items)
    }

    fn cancellation(
        &mut self,
        order: OrderId,
        tickets: Vec<TicketToCancel>,
        items: Vec<ItemId>,
    ) -> CommandBody {
        let refund = if self.random.chance(30) { self.legs() } else { Vec::new() };
        CommandBody::CancelTickets(CancelTickets {
            order,
            tickets,
            items,
            reason: CancelReason::Customer,
            refund,
        })
    }

    fn exchange(&mut self) -> CommandBody {
        let ticket = self.ticket_id();
        let order = self.ticket(ticket).map_or(OrderId(1), |ticket| ticket.order);
        let mut returned = vec![TicketToCancel { ticket, fee_kept: self.random.chance(20) }];
        if self.random.chance(30) {
            let others = self.books.money.orders.get(&order).map_or(&[][..], |order| &order.tickets);
            let other = others.iter().find(|id| **id != ticket);
            returned.extend(other.map(|id| TicketToCancel { ticket: *id, fee_kept: false }));
        }
        let mut tickets: Vec<_> = returned.iter().map(|_| self.request()).collect();
        let cards = if self.random.chance(25) { self.card_uses(&mut tickets) } else { Vec::new() };
        let money = self.legs();
        let (payment, refund) = match self.random.below(4) {
            0 => (money, Vec::new()),
            1 => (Vec::new(), money),
            _ => (Vec::new(), Vec::new()),
        };
        CommandBody::ExchangeTickets(ExchangeTickets {
            order,
            channel: self.channel(),
            seller: String::new(),
            returned,
            tickets,
            items: Vec::new(),
            cards,
            payment,
            refund,
        })
    }

    fn after_the_sale(&mut self) -> CommandBody {
        let ticket = self.ticket_id();
        if self.random.chance(50) {
            return CommandBody::DuplicateTicket(DuplicateTicket { ticket, reason: DuplicateReason::Lost });
        }
        let to = self.buyer().unwrap_or_default();
        CommandBody::TransferTicket(TransferTicket { ticket, to })
    }

    fn legs(&mut self) -> Vec<Leg> {
        let amount = [500, 1_500, 2_000, 2_500, 6_000];
        let amount = Amount(self.random.pick(&amount).copied().unwrap_or(1));
        vec![Leg { method: CARD, amount }]
    }

    /// What an order owes or has too much, exactly in most cases.
    fn money(&mut self) -> (CommandBody, bool) {
        let order = self.order_id();
        let due = self.books.money.due(order, &self.books.tickets);
        let known = self.books.money.orders.get(&order);
        let kept = known.map_or(Amount::ZERO, |order| order.received - order.returned);
        let mut amount = due - kept;
        if self.random.chance(20) || amount == Amount::ZERO {
            amount = Amount(1 + i64::try_from(self.random.below(3_000)).unwrap_or(0));
        }
        if amount < Amount::ZERO {
            let legs = vec![Leg { method: CARD, amount: Amount::ZERO - amount }];
            return (CommandBody::ReturnMoney(ReturnMoney { order, legs }), true);
        }
        let legs = vec![Leg { method: CARD, amount }];
        (CommandBody::RecordPayment(RecordPayment { order, legs }), true)
    }

    fn late_payment(&mut self) -> (CommandBody, bool) {
        let announced: Vec<PaymentId> = self.books.money.announced.keys().rev().take(30).copied().collect();
        let payment = self.random.pick(&announced).copied().unwrap_or(PaymentId(1));
        match self.random.below(10) {
            0..4 => {
                let (order, legs) = (self.order_id(), self.legs());
                let expected_by = Timestamp(self.now.0 + MINUTE);
                (CommandBody::AnnouncePayment(AnnouncePayment { order, legs, expected_by }), false)
            }
            4..7 => (CommandBody::ConfirmPayment(ConfirmPayment { payment }), true),
            7..9 => {
                let reason = PaymentFailure::Late;
                (CommandBody::FailPayment(FailPayment { payment, reason }), true)
            }
            _ => {
                let (order, legs, reason) = (self.order_id(), self.legs(), PaymentFailure::Contested);
                (CommandBody::ReversePayment(ReversePayment { order, payment, legs, reason }), true)
            }
        }
    }

    fn stored_value(&mut self) -> CommandBody {
        let value = StoredValueId(self.recent(self.books.rights.values.len() as u64, 60));
        let (order, amount) = (self.order_id(), Amount(500));
        if self.random.chance(40) {
            return CommandBody::ReturnToStoredValue(ReturnToStoredValue {
                order,
                method: GIFT,
                value,
                amount,
            });
        }
        let values = vec![ValueToSpend { value, amount }];
        let method = if self.random.chance(80) { GIFT } else { VOUCHER };
        CommandBody::SpendStoredValue(SpendStoredValue { order, method, values })
    }

    /// Within the next hours.
    fn deadline(&mut self) -> Timestamp {
        Timestamp(self.now.0 + MINUTE * (1 + i64::try_from(self.random.below(300)).unwrap_or(0)))
    }

    fn quota(&mut self) -> (CommandBody, bool) {
        let show = self.show();
        let (zone, places) = self.places();
        let (channel, to) = (self.channel(), self.channel());
        match self.random.below(10) {
            0..3 => {
                let returns_at = self.random.chance(40).then(|| self.deadline());
                let allocate = AllocateQuota { show, zone, channel, places, returns_at };
                // A deadline is set for what is to come: a fact states none.
                let either = allocate.returns_at.is_none();
                (CommandBody::AllocateQuota(allocate), either)
            }
            3 => {
                let returns_at = self.random.chance(80).then(|| self.deadline());
                (CommandBody::SetQuotaDeadline(SetQuotaDeadline { show, zone, channel, returns_at }), false)
            }
            4 => (CommandBody::ReturnQuota(ReturnQuota { show, zone, channel, places }), true),
            5..7 => {
                let transfer = TransferQuota { show, zone, from: channel, to, places };
                (CommandBody::TransferQuota(transfer), true)
            }
            _ => (CommandBody::CloseQuota(CloseQuota { show, zone, channel }), false),
        }
    }

    fn report(&mut self) -> CommandBody {
        let request = self.request();
        if self.random.chance(25) {
            let ticket = self.ticket_id();
            let order = self.ticket(ticket).map_or(OrderId(1), |ticket| ticket.order);
            return CommandBody::ReportCancellation(ReportCancellation {
                source: ReportSource::Network,
                order,
                tickets: vec![TicketToCancel { ticket, fee_kept: false }],
                items: Vec::new(),
                reason: CancelReason::Reported,
                refund: Vec::new(),
            });
        }
        let ticket = ReportedTicket {
            show: request.show,
            zone: request.zone,
            seat: request.seat,
            tariff: request.tariff,
            price: Amount(2_000),
            fee: Amount(180),
            vat: Rate(55_000),
            stated_vat: None,
            fee_vat: Rate(200_000),
            pack: None,
            comp: request.comp,
            replaces: None,
            codes: Vec::new(),
        };
        CommandBody::ReportSale(ReportSale {
            source: ReportSource::Network,
            order: self.random.chance(10).then(|| self.order_id()),
            channel: self.channel(),
            seller: String::new(),
            buyer: None,
            tickets: vec![ticket],
            items: Vec::new(),
            payment: Vec::new(),
        })
    }

    fn reduce(&mut self) -> CommandBody {
        let ticket = self.ticket_id();
        let price = self.ticket(ticket).map_or(Amount::ZERO, super::books::Ticket::price);
        let price = Amount(price.0 - 300 + i64::from(self.random.chance(10)) * 400);
        CommandBody::ReducePrice(ReducePrice { ticket, price, stated_vat: None })
    }
}

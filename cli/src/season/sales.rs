//! What is sold, given back and scanned, slot by slot.

use std::collections::BTreeMap;

use soticket_schema::command::*;
use soticket_schema::event::v1::*;
use soticket_schema::*;

use super::chance::Chance;
use super::days::{self, ON_SALE_DAYS, Slot};
use super::driver::{Driver, Order};
use super::venue::*;
use crate::failure::Failure;

/// Orders per show and slot at the slowest; near the date there are more.
const ORDERS_SLOWEST: u64 = 1;
/// People who buy.
const BUYERS: u64 = 6_000;
/// Shows whose visitors are scanned: the first of each hall.
const SCANNED: u64 = 3;
/// Minutes between the begin of a gate's work and each scan.
const SCAN_SECONDS: i64 = 4;

/// The sales so far.
pub(super) struct Sales<'a> {
    venue: &'a Venue,
    number: u64,
    /// Next numbered seat of each show.
    seats: BTreeMap<ShowId, u32>,
    /// Valid tickets sold live, with their orders and what they cost with the fee.
    live: Vec<(TicketId, OrderId, Amount)>,
    /// Subscriber cards that are paid.
    cards: Vec<CardId>,
    gift_cards: Vec<(StoredValueId, Amount)>,
}

impl<'a> Sales<'a> {
    pub(super) fn new(venue: &'a Venue) -> Self {
        Self {
            venue,
            number: 0,
            seats: BTreeMap::new(),
            live: Vec::new(),
            cards: Vec::new(),
            gift_cards: Vec::new(),
        }
    }

    /// Everything that happens in one slot.
    pub(super) fn slot(
        &mut self,
        driver: &mut Driver<'_>,
        chance: &mut Chance,
        day: u64,
        slot: Slot,
    ) -> Result<(), Failure> {
        let mut orders = Vec::new();
        for show in self.on_sale(day) {
            let left = days::day_of(show.place) - day;
            let near = ON_SALE_DAYS / (left + 10);
            for _ in 0..(ORDERS_SLOWEST + chance.below(3 + near)) {
                orders.push(self.sale(chance, &show, day));
            }
        }
        if slot == Slot::Noon && chance.per_mille(700) {
            orders.push(self.right(chance));
        }
        let answers = driver.all(orders)?;
        for events in answers.into_iter().flatten() {
            self.learn(&events);
        }
        let changes = self.changes(chance);
        driver.all(changes)?;
        if slot == Slot::Evening
            && let Some(show) = self.venue.shows.iter().find(|show| days::day_of(show.place) == day)
        {
            self.evening(driver, show, day)?;
        }
        Ok(())
    }

    fn on_sale(&self, day: u64) -> Vec<SeasonShow> {
        let selling = |show: &&SeasonShow| {
            let date = days::day_of(show.place);
            (date.saturating_sub(ON_SALE_DAYS)..=date).contains(&day)
        };
        self.venue.shows.iter().filter(selling).cloned().collect()
    }

    fn key(&mut self, what: &str) -> String {
        self.number += 1;
        format!("season/{what}/{}", self.number)
    }

    fn sale(&mut self, chance: &mut Chance, show: &SeasonShow, day: u64) -> Order {
        match chance.below(100) {
            0..46 => self.live(chance, show, SITE),
            46..66 => self.live(chance, show, BOX_OFFICE),
            66..71 => self.live(chance, show, TOURIST_OFFICE),
            71..74 => self.comp(chance, show),
            74..76 => self.pack(chance, show),
            76..81 => self.subscriber(chance, show),
            81..92 => self.network(chance, show, day, 0),
            _ => self.network(chance, show, day, 1),
        }
    }

    fn buyer(chance: &mut Chance) -> Option<Person> {
        let number = chance.below(BUYERS);
        let known = chance.per_mille(800);
        known.then(|| Person {
            email: format!("spectateur{number}@exemple.fr"),
            name: format!("Spectateur {number}"),
            telephone: String::new(),
        })
    }

    fn order(chance: &mut Chance, channel: ChannelId) -> PlaceOrder {
        PlaceOrder {
            channel,
            seller: if channel == BOX_OFFICE { "caisse 1".into() } else { String::new() },
            buyer: Self::buyer(chance),
            holds: Vec::new(),
            tickets: Vec::new(),
            items: Vec::new(),
            payment: Vec::new(),
            packs: Vec::new(),
            entitlements: Entitlements::default(),
        }
    }

    fn request(show: &SeasonShow, kind: TariffKind, seat: Option<SeatId>) -> TicketRequest {
        let zone = match (seat, show.seated) {
            (Some(_), Some((zone, _))) => zone,
            _ => show.standing.0,
        };
        TicketRequest {
            show: show.show,
            zone,
            seat,
            tariff: show.tariff(kind),
            price: Some(show.price_of(kind, seat.is_some())),
            comp: None,
        }
    }

    /// The next numbered seat, in some orders.
    fn seat(&mut self, show: &SeasonShow) -> Option<SeatId> {
        let (_, seats) = show.seated?;
        let next = self.seats.entry(show.show).or_default();
        (*next < seats).then(|| {
            *next += 1;
            SeatId(*next - 1)
        })
    }

    fn live(&mut self, chance: &mut Chance, show: &SeasonShow, channel: ChannelId) -> Order {
        let mut order = Self::order(chance, channel);
        let seated = channel != TOURIST_OFFICE && chance.per_mille(350);
        let mut total = Amount::ZERO;
        for _ in 0..=chance.below(4) {
            let kind = if chance.per_mille(300) { TariffKind::Reduced } else { TariffKind::Full };
            let seat = if seated { self.seat(show) } else { None };
            total += show.price_of(kind, seat.is_some());
            total += if channel == SITE { SITE_FEE } else { Amount::ZERO };
            order.tickets.push(Self::request(show, kind, seat));
        }
        let gift = if channel == BOX_OFFICE && chance.per_mille(60) { self.gift_cards.pop() } else { None };
        match gift {
            Some((value, left)) => {
                let amount = left.min(total);
                order.payment = vec![Leg { method: GIFT, amount }];
                if amount < total {
                    order.payment.push(Leg { method: CARD, amount: total - amount });
                }
                order.entitlements.values = vec![ValueToSpend { value, amount }];
            }
            None => {
                let cash = channel != SITE && chance.per_mille(400);
                let method = if cash { CASH } else { CARD };
                order.payment = vec![Leg { method, amount: total }];
            }
        }
        Order { key: self.key("sale"), at: None, body: CommandBody::PlaceOrder(order) }
    }

    fn comp(&mut self, chance: &mut Chance, show: &SeasonShow) -> Order {
        let mut order = Self::order(chance, BOX_OFFICE);
        let reason = if chance.per_mille(500) { CompReason::Press } else { CompReason::Artist };
        let request = TicketRequest { comp: Some(reason), ..Self::request(show, TariffKind::Free, None) };
        order.tickets = vec![request; 2];
        Order { key: self.key("comp"), at: None, body: CommandBody::PlaceOrder(order) }
    }

    /// The pack of the six shows that this one is of; refused once its first show is over.
    fn pack(&mut self, chance: &mut Chance, show: &SeasonShow) -> Order {
        let group = show.place / 6;
        let first = usize::try_from(group * 6).unwrap_or(0);
        let mut order = Self::order(chance, SITE);
        let shows = self.venue.shows.iter().skip(first).take(2);
        let choices = shows.map(|show| PackChoice { show: show.show, seat: None }).collect();
        let pack = PackId(u32::try_from(group + 1).unwrap_or(0));
        order.packs = vec![PackRequest { pack, price: None, choices }];
        Order { key: self.key("pack"), at: None, body: CommandBody::PlaceOrder(order) }
    }

    fn subscriber(&mut self, chance: &mut Chance, show: &SeasonShow) -> Order {
        let Some(card) = chance.pick(&self.cards).copied() else {
            return self.live(chance, show, SITE);
        };
        let mut order = Self::order(chance, SITE);
        let price = show.price_of(TariffKind::Subscriber, false) + SITE_FEE;
        order.tickets = vec![Self::request(show, TariffKind::Subscriber, None)];
        order.payment = vec![Leg { method: CARD, amount: price }];
        order.entitlements.cards = vec![TicketOnCard { ticket: 0, card: CardChoice::Card(card) }];
        Order { key: self.key("subscriber"), at: None, body: CommandBody::PlaceOrder(order) }
    }

    /// A subscriber card or a gift card.
    fn right(&mut self, chance: &mut Chance) -> Order {
        let mut order = Self::order(chance, BOX_OFFICE);
        let is_card = chance.per_mille(750);
        let (product, price) = if is_card { (MEMBERSHIP, CARD_PRICE) } else { (GIFT_CARD, Amount(5_000)) };
        let right = if is_card {
            NewRight::Card(SEASON_CARD)
        } else {
            let until = days::at(days::DAYS, 0);
            NewRight::StoredValue { kind: StoredValueKind::GiftCard, until }
        };
        order.items = vec![ItemRequest {
            kind: ItemKind::Product(product),
            show: None,
            price,
            vat: Rate::ZERO,
            stated_vat: None,
            ticket: None,
        }];
        order.payment = vec![Leg { method: CARD, amount: price }];
        order.entitlements.issues = vec![RightToIssue { item: 0, right }];
        Order { key: self.key("right"), at: None, body: CommandBody::PlaceOrder(order) }
    }

    /// What a network sold this morning, reported now.
    fn network(&mut self, chance: &mut Chance, show: &SeasonShow, day: u64, network: usize) -> Order {
        let (channel, fee) = NETWORKS[network];
        let key = self.key("network");
        let number = self.number;
        let code = |place: u64| CodeText {
            text: format!("{channel}{number:010}{place}"),
            symbology: Symbology::Code128,
        };
        let ticket = |place| ReportedTicket {
            show: show.show,
            zone: show.standing.0,
            seat: None,
            tariff: show.tariff(TariffKind::Full),
            price: show.price_of(TariffKind::Full, false),
            fee,
            vat: Rate(55_000),
            stated_vat: None,
            fee_vat: Rate(200_000),
            pack: None,
            comp: None,
            replaces: None,
            codes: vec![code(place)],
        };
        let tickets = (0..=chance.below(3)).map(ticket).collect();
        let sale = ReportSale {
            source: ReportSource::Network,
            order: None,
            channel,
            seller: String::new(),
            buyer: None,
            tickets,
            items: Vec::new(),
            payment: Vec::new(),
        };
        Order { key, at: Some(days::at(day, 9 * 60)), body: CommandBody::ReportSale(sale) }
    }

    fn learn(&mut self, events: &[Event]) {
        for event in events {
            match event {
                Event::OrderPlaced(placed) => {
                    let tickets = placed.lines.tickets.iter().filter(|line| line.pack.is_none());
                    let order = placed.lines.order;
                    self.live.extend(tickets.map(|line| (line.ticket, order, line.price + line.fee)));
                }
                Event::CardIssued(issued) => self.cards.push(issued.card),
                Event::StoredValueIssued(issued) => self.gift_cards.push((issued.value, issued.amount)),
                _ => {}
            }
        }
    }

    /// Some of the latest tickets are given back, handed on or printed again.
    fn changes(&mut self, chance: &mut Chance) -> Vec<Order> {
        let mut changes = Vec::new();
        if self.live.len() < 50 || chance.per_mille(300) {
            return changes;
        }
        let index = self.live.len() - 1 - usize::try_from(chance.below(50)).unwrap_or(0);
        let (ticket, order, paid) = self.live.swap_remove(index);
        let body = match chance.below(10) {
            0..6 => {
                let refund =
                    if paid > Amount::ZERO { vec![Leg { method: CARD, amount: paid }] } else { vec![] };
                CommandBody::CancelTickets(CancelTickets {
                    order,
                    tickets: vec![TicketToCancel { ticket, fee_kept: false }],
                    items: Vec::new(),
                    reason: CancelReason::Customer,
                    refund,
                })
            }
            6 | 7 => {
                let reason = DuplicateReason::Lost;
                CommandBody::DuplicateTicket(DuplicateTicket { ticket, reason })
            }
            8 => {
                let to = Self::buyer(chance)
                    .unwrap_or_else(|| Person { email: "invite@exemple.fr".into(), ..Person::default() });
                CommandBody::TransferTicket(TransferTicket { ticket, to })
            }
            _ => {
                let legs = vec![Leg { method: DEBIT, amount: Amount(1) }];
                CommandBody::RecordPayment(RecordPayment { order, legs })
            }
        };
        changes.push(Order { key: self.key("change"), at: None, body });
        changes
    }

    /// The doors open, and at some shows everybody's code is read.
    fn evening(&mut self, driver: &mut Driver<'_>, show: &SeasonShow, day: u64) -> Result<(), Failure> {
        if show.place < SCANNED {
            let scans = self.scans(driver, show, day)?;
            driver.all(scans)?;
        }
        Ok(())
    }

    fn scans(&self, driver: &Driver<'_>, show: &SeasonShow, day: u64) -> Result<Vec<Order>, Failure> {
        let mut scans = Vec::new();
        for (ticket, _, _) in &self.live {
            let nonce = scans.len() as u64 + 1;
            for code in driver.codes(*ticket)?.into_iter().take(1) {
                let gate = GateId(u32::try_from(nonce % u64::from(GATES) + 1).unwrap_or(1));
                let scan = ReportScan {
                    show: show.show,
                    code,
                    gate,
                    device: ActorId(1),
                    nonce: show.place << 32 | nonce,
                    direction: Direction::Entry,
                    offline: false,
                    decision: GateDecision::Admitted,
                };
                let minutes = 18 * 60;
                let at = days::at(day, minutes);
                scans.push(Order {
                    key: format!("season/scan/{}/{nonce}", show.place),
                    at: Some(Timestamp(at.0 + i64::try_from(nonce).unwrap_or(0) * SCAN_SECONDS * 1_000_000)),
                    body: CommandBody::ReportScan(scan),
                });
            }
        }
        Ok(scans)
    }
}

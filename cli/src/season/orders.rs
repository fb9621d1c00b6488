//! What is bought: orders of the house's own channels, and what networks report.

use soticket_schema::command::*;
use soticket_schema::event::v1::*;
use soticket_schema::*;

use super::chance::Chance;
use super::days;
use super::driver::Order;
use super::sales::Sales;
use super::terms;
use super::venue::*;

/// People who buy.
const BUYERS: u64 = 6_000;
/// Reports of a thousand whose fee is not what the rules say.
const OTHER_FEE: u64 = 15;

impl Sales {
    pub(super) fn sale(&mut self, chance: &mut Chance, show: &SeasonShow, day: u64) -> Order {
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

    pub(super) fn buyer(chance: &mut Chance) -> Option<Person> {
        let number = chance.below(BUYERS);
        let known = chance.per_mille(800);
        known.then(|| Person {
            email: format!("spectateur{number}@exemple.fr"),
            name: format!("Spectateur {number}"),
            telephone: String::new(),
        })
    }

    pub(super) fn order(&self, chance: &mut Chance, channel: ChannelId) -> PlaceOrder {
        PlaceOrder {
            channel,
            seller: self.desk.label(channel),
            buyer: Self::buyer(chance),
            holds: Vec::new(),
            tickets: Vec::new(),
            items: Vec::new(),
            payment: Vec::new(),
            packs: Vec::new(),
            entitlements: Entitlements::default(),
        }
    }

    pub(super) fn request(show: &SeasonShow, kind: TariffKind, seat: Option<SeatId>) -> TicketRequest {
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

    pub(super) fn seat(&mut self, show: &SeasonShow) -> Option<SeatId> {
        let (_, seats) = show.seated?;
        let next = self.seats.entry(show.show).or_default();
        (*next < seats).then(|| {
            *next += 1;
            SeatId(*next - 1)
        })
    }

    pub(super) fn live(&mut self, chance: &mut Chance, show: &SeasonShow, channel: ChannelId) -> Order {
        let mut order = self.order(chance, channel);
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
        self.placed("sale", order)
    }

    pub(super) fn comp(&mut self, chance: &mut Chance, show: &SeasonShow) -> Order {
        let mut order = self.order(chance, BOX_OFFICE);
        let reason = if chance.per_mille(500) { CompReason::Press } else { CompReason::Artist };
        let request = TicketRequest { comp: Some(reason), ..Self::request(show, TariffKind::Free, None) };
        order.tickets = vec![request; 2];
        self.placed("comp", order)
    }

    pub(super) fn pack(&mut self, chance: &mut Chance, show: &SeasonShow) -> Order {
        let group = show.place / 6;
        let first = usize::try_from(group * 6).unwrap_or(0);
        let mut order = self.order(chance, SITE);
        let shows = self.shows.iter().skip(first).take(2);
        let choices = shows.map(|show| PackChoice { show: show.show, seat: None }).collect();
        let pack = PackId(u32::try_from(group + 1).unwrap_or(0));
        order.packs = vec![PackRequest { pack, price: None, choices }];
        self.placed("pack", order)
    }

    pub(super) fn subscriber(&mut self, chance: &mut Chance, show: &SeasonShow) -> Order {
        let Some(card) = chance.pick(&self.cards).copied() else {
            return self.live(chance, show, SITE);
        };
        let mut order = self.order(chance, SITE);
        let price = show.price_of(TariffKind::Subscriber, false) + SITE_FEE;
        order.tickets = vec![Self::request(show, TariffKind::Subscriber, None)];
        order.payment = vec![Leg { method: CARD, amount: price }];
        order.entitlements.cards = vec![TicketOnCard { ticket: 0, card: CardChoice::Card(card) }];
        self.placed("subscriber", order)
    }

    pub(super) fn right(&mut self, chance: &mut Chance) -> Order {
        let mut order = self.order(chance, BOX_OFFICE);
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
        self.placed("right", order)
    }

    pub(super) fn network(
        &mut self,
        chance: &mut Chance,
        show: &SeasonShow,
        day: u64,
        network: usize,
    ) -> Order {
        let (channel, fee) = NETWORKS[network];
        let full = show.price_of(TariffKind::Full, false);
        // Ticketmaster's fee grows with the price up to its most.
        let fee = if network == 0 { fee } else { fee.min(Amount((full.0 * 12 + 50) / 100)) };
        let fee = if chance.per_mille(OTHER_FEE) { Amount(fee.0 - 30) } else { fee };
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
            price: full,
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
        let actor = terms::seller(channel);
        Order { key, at: Some(days::at(day, 9 * 60)), actor, body: CommandBody::ReportSale(sale) }
    }

    /// An order as whoever sells on its channel sends it.
    fn placed(&mut self, what: &str, order: PlaceOrder) -> Order {
        let actor = terms::seller(order.channel);
        Order { key: self.key(what), at: None, actor, body: CommandBody::PlaceOrder(order) }
    }
}

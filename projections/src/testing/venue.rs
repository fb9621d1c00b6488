//! An honest log: a venue with two shows, three channels and numbers that come from counters, driven by random choices.

use soticket_schema::event::v1::*;
use soticket_schema::*;

use super::{LogBuilder, at, cancellation, cents, code, line, order, parameters, percent};

/// A venue whose log grows by one choice at a time.
pub(crate) struct Venue {
    pub(crate) log: LogBuilder,
    clock: i64,
    next: u64,
    /// Tickets that are valid: ticket, order, show, price.
    tickets: Vec<(u64, u64, u64, Amount)>,
    holds: Vec<(u64, u64)>,
    scans: u64,
    /// How many till sessions there were, and whether the last one is open.
    sessions: (u64, bool),
}

pub(crate) const FREE_ZONE: ZoneId = ZoneId(1);
pub(crate) const SEATS: ZoneId = ZoneId(2);

/// Begins a log with hall, zones, channels, methods, products and two shows with a tariff per kind of price.
pub(crate) fn open(log: &mut LogBuilder, rounding: Rounding, at: Timestamp) {
    log.push(
        at,
        OrganisationOpened { mode: Mode::Demo, currency: Currency::EUR, parameters: parameters(rounding) },
    );
    log.push(at, HallDefined { hall: HallId(1), name: "Club".into(), authorised_capacity: 450 });
    log.push(at, zone(FREE_ZONE, 400, 0));
    log.push(at, zone(SEATS, 10, 10));
    for channel in 1..=3 {
        log.push(at, channel_opened(channel));
    }
    log.push(at, MethodDefined { method: MethodId(1), name: "card".into(), kind: MethodKind::Card });
    log.push(
        at,
        ProductDefined { product: ProductId(1), name: "T-shirt".into(), kind: ProductKind::Merchandise },
    );
    for show in 1..=2 {
        log.push(at, scheduled(show, rounding));
        for tariff in [show * 10, show * 10 + 1] {
            log.push(at, tariff_defined(show, tariff as u32));
        }
    }
}

fn zone(zone: ZoneId, capacity: u32, seats: u32) -> ZoneDefined {
    let seats = (0..seats).map(|seat| format!("A{seat}")).collect();
    ZoneDefined { hall: HallId(1), zone, name: format!("zone {zone}"), capacity, seats }
}

fn channel_opened(channel: u32) -> ChannelOpened {
    ChannelOpened {
        channel: ChannelId(channel),
        name: format!("channel {channel}"),
        kind: ChannelKind::OwnSite,
        fee_on_top: Amount::ZERO,
        fee_vat: Rate::ZERO,
        commission: None,
    }
}

pub(crate) fn scheduled(show: u64, rounding: Rounding) -> ShowScheduled {
    ShowScheduled {
        show: ShowId(show),
        reference: format!("S-{show}"),
        title: "Concert".into(),
        hall: HallId(1),
        authorised_capacity: 450,
        zones: vec![ZoneOnSale { zone: FREE_ZONE, on_sale: 400 }, ZoneOnSale { zone: SEATS, on_sale: 10 }],
        starts_at: at("2026-03-14T20:30:00+01:00"),
        doors_at: at("2026-03-14T19:30:00+01:00"),
        sale_from: Timestamp::EARLIEST,
        sale_until: Timestamp::LATEST,
        territory: "FR-metropole".into(),
        currency: Currency::EUR,
        rounding,
        serial_scope: SerialScope::ShowTariffZone,
    }
}

pub(crate) fn tariff_defined(show: u64, tariff: u32) -> TariffDefined {
    let terms = TariffTerms {
        name: format!("tariff {}", tariff % 10),
        kind: TariffKind::Full,
        prices: Vec::new(),
        vat: percent("5.5"),
        channels: Vec::new(),
        reasons: Vec::new(),
    };
    TariffDefined { show: ShowId(show), tariff: TariffId(tariff), terms }
}

pub(crate) fn scan(show: u64, ticket: u64, nonce: u64) -> TicketScanned {
    TicketScanned {
        show: ShowId(show),
        code: code(ticket),
        ticket: None,
        gate: GateId(1),
        device: ActorId(5),
        nonce,
        direction: Direction::Entry,
        offline: false,
        decision: GateDecision::Admitted,
    }
}

impl Venue {
    pub(crate) fn new(rounding: Rounding) -> Self {
        let mut venue = Self {
            log: LogBuilder::default(),
            clock: 1_768_000_000_000_000,
            next: 0,
            tickets: Vec::new(),
            holds: Vec::new(),
            scans: 0,
            sessions: (0, false),
        };
        open(&mut venue.log, rounding, Timestamp(venue.clock));
        venue
    }

    fn number(&mut self) -> u64 {
        self.next += 1;
        self.next
    }

    /// Does one of the things that happen at a venue, as the choice says.
    pub(crate) fn act(&mut self, choice: u64) {
        self.clock += 600_000_000 * (choice >> 48 & 0xff) as i64;
        let show = 1 + (choice >> 8 & 1);
        match choice % 10 {
            0..4 => self.sell(show, choice),
            4 => self.cancel(choice),
            5 => self.reduce(choice),
            6 => self.hold(show, choice),
            7 => self.move_quota(show, choice),
            8 if choice >> 10 & 3 == 0 => self.till(choice),
            _ => self.scan(show, choice),
        }
    }

    fn push(&mut self, event: impl Into<Event>) {
        self.log.push(Timestamp(self.clock), event);
    }

    fn sell(&mut self, show: u64, choice: u64) {
        let number = self.number();
        let (price, fee) =
            [("24.00", "1.00"), ("20.87", "0.00"), ("0.00", "0.00")][(choice >> 16) as usize % 3];
        let mut lines: Vec<TicketLine> = Vec::new();
        for step in 0..=(choice >> 20 & 3) {
            // Now and then an order holds tickets of both shows.
            let show = if choice >> 24 & 7 == 0 { 1 + step % 2 } else { show };
            let ticket = self.number();
            let mut line = line(ticket, show, 1, (show * 10 + (choice >> 28 & 1)) as u32, ticket, price);
            line.fee = cents(fee);
            line.stated_vat = (choice >> 30 & 7 == 0).then_some(Amount(line.price.0 / 20));
            line.comp = (price == "0.00").then_some(CompReason::Press);
            if choice >> 33 & 7 == 0 {
                (line.zone, line.seat) = (SEATS, Some(SeatId((ticket % 10) as u32)));
            }
            self.tickets.push((ticket, number, show, line.price));
            lines.push(line);
        }
        let total: Amount = lines.iter().map(|line| line.price + line.fee).sum();
        let mut shows: Vec<ShowId> = lines.iter().map(|line| line.show).collect();
        shows.sort_unstable();
        shows.dedup();
        let mut placed = order(number, (choice >> 36) as u32 % 3 + 1, lines);
        placed.lines.subject = self.subject(choice);
        if choice >> 14 & 1 == 0 {
            placed.lines.seller = "till 1".into();
        }
        if choice >> 40 & 7 == 0 {
            let item = ItemId(self.number());
            let kind = ItemKind::Product(ProductId(1));
            let show = (choice >> 43 & 1 == 0).then_some(ShowId(show));
            let (price, vat) = (cents("15.00"), percent("20"));
            placed.lines.items.push(ItemLine {
                item,
                kind,
                show,
                price,
                vat,
                stated_vat: None,
                ticket: None,
            });
        }
        if choice >> 44 & 3 == 0
            && let Some((hold, _)) = self.holds.pop()
        {
            placed.holds.push(HoldId(hold));
        }
        let subject = placed.lines.subject;
        if choice >> 46 & 3 == 0 {
            let report = ExternalSaleReported {
                source: ReportSource::Network,
                lines: placed.lines,
                flags: Vec::new(),
            };
            self.push(report);
        } else {
            self.push(placed);
        }
        if total > Amount::ZERO {
            let payment = PaymentId(self.number());
            let legs = vec![Leg { method: MethodId(1), amount: total }];
            self.push(PaymentRecorded { payment, order: OrderId(number), subject, shows, legs });
        }
    }

    fn subject(&self, choice: u64) -> Option<SubjectRef> {
        (choice & 1 == 0).then_some(SubjectRef([(choice >> 12 & 3) as u8; 16]))
    }

    fn cancel(&mut self, choice: u64) {
        if self.tickets.is_empty() {
            return;
        }
        let (ticket, order, show, price) = self.tickets.remove((choice >> 16) as usize % self.tickets.len());
        let cancellation = cancellation(order, &[(ticket, show, choice >> 8 & 1 == 0)]);
        if choice >> 9 & 1 == 0 {
            self.push(TicketsCancelled { cancellation });
        } else {
            self.push(ExternalSaleCancelled { source: ReportSource::Network, cancellation });
        }
        if price > Amount::ZERO {
            let payment = PaymentId(self.number());
            let legs = vec![Leg { method: MethodId(1), amount: price }];
            self.push(MoneyReturned {
                payment,
                order: OrderId(order),
                subject: None,
                shows: vec![ShowId(show)],
                legs,
            });
        }
    }

    fn reduce(&mut self, choice: u64) {
        let length = self.tickets.len().max(1);
        let Some((ticket, order, show, price)) = self.tickets.get_mut((choice >> 16) as usize % length)
        else {
            return;
        };
        let (before, after) = (*price, Amount(price.0 / 2));
        *price = after;
        let (ticket, order, show) = (TicketId(*ticket), OrderId(*order), ShowId(*show));
        self.push(PriceReduced { order, subject: None, ticket, show, before, after, stated_vat: None });
    }

    fn hold(&mut self, show: u64, choice: u64) {
        if choice >> 9 & 1 == 0
            && let Some((hold, show)) = self.holds.pop()
        {
            let (hold, show) = (HoldId(hold), ShowId(show));
            return if choice >> 10 & 1 == 0 {
                self.push(HoldReleased { hold, show });
            } else {
                self.push(HoldExpired { hold, show });
            };
        }
        let hold = self.number();
        let seats = choice >> 11 & 1 == 0;
        let places = if seats { Places::Seats(vec![SeatId(1), SeatId(2)]) } else { Places::Count(3) };
        self.holds.push((hold, show));
        self.push(HoldPlaced {
            hold: HoldId(hold),
            show: ShowId(show),
            zone: if seats { SEATS } else { FREE_ZONE },
            channel: ChannelId((choice >> 12) as u32 % 3 + 1),
            places,
            expires_at: Timestamp(self.clock + 1),
            subject: None,
        });
    }

    fn move_quota(&mut self, show: u64, choice: u64) {
        let (show, channel) = (ShowId(show), ChannelId((choice >> 12) as u32 % 3 + 1));
        let seats = choice >> 9 & 1 == 0;
        let zone = if seats { SEATS } else { FREE_ZONE };
        let places = if seats { Places::Seats(vec![SeatId(3), SeatId(4)]) } else { Places::Count(20) };
        match choice >> 16 & 7 {
            0 => self.push(QuotaClosed { show, zone, channel }),
            1 if choice >> 20 & 3 == 0 => self.push(ChannelClosed { channel }),
            2 | 3 => {
                let to = ChannelId(channel.0 % 3 + 1);
                self.push(QuotaTransferred { show, zone, from: channel, to, places });
            }
            4 => self.push(QuotaReturned { show, zone, channel, places }),
            5 if choice >> 20 & 1 == 0 => {
                self.push(QuotasExpired { show, quotas: vec![ExpiredQuota { zone, channel }] });
            }
            5 => {
                let returns_at = Some(Timestamp(self.clock + 60_000_000_000));
                self.push(QuotaDeadlineSet { show, zone, channel, returns_at });
            }
            _ => self.push(QuotaAllocated { show, zone, channel, places }),
        }
    }

    /// Opens the till, moves cash, or closes it.
    fn till(&mut self, choice: u64) {
        let (number, open) = self.sessions;
        let session = TillSessionId(number);
        match (open, choice >> 16 & 1) {
            (false, _) => {
                self.sessions = (number + 1, true);
                self.push(TillOpened {
                    session: TillSessionId(number + 1),
                    channel: ChannelId(1),
                    till: "till 1".into(),
                    operator: ActorId(0),
                    cash: MethodId(1),
                    float: cents("100.00"),
                });
            }
            (true, 0) => {
                let (direction, reason) = (CashDirection::Out, CashReason::Deposit);
                self.push(TillCashMoved { session, direction, reason, amount: cents("20.00") });
            }
            (true, _) => {
                self.sessions = (number, false);
                self.push(TillClosed { session, lines: Vec::new() });
            }
        }
    }

    fn scan(&mut self, show: u64, choice: u64) {
        self.scans += 1;
        let length = self.tickets.len().max(1);
        let ticket = self.tickets.get((choice >> 16) as usize % length).map_or(999_999, |ticket| ticket.0);
        let mut scan = scan(show, ticket, self.scans);
        scan.direction = if choice >> 9 & 3 == 0 { Direction::Exit } else { Direction::Entry };
        self.push(scan);
    }
}

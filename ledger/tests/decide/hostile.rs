//! The fold takes any event in any order, and decisions any command on any state, without a panic.

mod later;

use proptest::prelude::*;
use soticket_schema::command::*;
use soticket_schema::event::v1::*;
use soticket_schema::*;

use crate::harness::{Body, World, code_hash, given, person};
use crate::snapshot::{bytes, restored};
use crate::venue::{self, *};

/// Numbers that are likely to hit something, and the ends of their range.
fn number() -> impl Strategy<Value = u64> {
    prop_oneof![20 => 0_u64..5, 1 => Just(u64::from(u32::MAX)), 1 => Just(u64::MAX), 1 => any::<u64>()]
}

/// Amounts and instants, likewise.
fn signed() -> impl Strategy<Value = i64> {
    prop_oneof![4 => -5_i64..3_000, 1 => Just(i64::MAX), 1 => Just(i64::MIN), 1 => any::<i64>()]
}

/// A pool of odd numbers that one event or command is made of.
#[derive(Clone, Debug)]
struct Odds {
    numbers: Vec<u64>,
    amounts: Vec<i64>,
    next: std::cell::Cell<usize>,
}

fn odds() -> impl Strategy<Value = Odds> {
    (prop::collection::vec(number(), 12), prop::collection::vec(signed(), 8))
        .prop_map(|(numbers, amounts)| Odds { numbers, amounts, next: std::cell::Cell::new(0) })
}

impl Odds {
    fn wide(&self) -> u64 {
        self.next.set(self.next.get() + 1);
        self.numbers[self.next.get() % self.numbers.len()]
    }

    fn narrow(&self) -> u32 {
        u32::try_from(self.wide()).unwrap_or(u32::MAX)
    }

    fn few(&self) -> usize {
        usize::try_from(self.wide() % 4).unwrap()
    }

    fn amount(&self) -> Amount {
        Amount(self.raw())
    }

    fn raw(&self) -> i64 {
        self.next.set(self.next.get() + 1);
        self.amounts[self.next.get() % self.amounts.len()]
    }

    fn time(&self) -> Timestamp {
        Timestamp(self.raw())
    }

    fn places(&self) -> Places {
        match self.few() {
            0 => Places::Count(self.narrow()),
            _ => Places::Seats((0..self.few()).map(|_| SeatId(self.narrow())).collect()),
        }
    }

    fn legs(&self) -> Vec<Leg> {
        (0..self.few()).map(|_| Leg { method: MethodId(self.narrow()), amount: self.amount() }).collect()
    }

    fn show(&self) -> ShowId {
        ShowId(self.wide())
    }

    fn zone(&self) -> ZoneId {
        ZoneId(self.narrow())
    }

    fn channel(&self) -> ChannelId {
        ChannelId(self.narrow())
    }

    fn lines(&self) -> OrderLines {
        let tickets = (0..self.few()).map(|_| TicketLine {
            ticket: TicketId(self.wide()),
            show: self.show(),
            zone: self.zone(),
            seat: (self.few() > 1).then(|| SeatId(self.narrow())),
            tariff: TariffId(self.narrow()),
            serial: self.wide(),
            price: self.amount(),
            fee: self.amount(),
            vat: Rate(self.raw()),
            stated_vat: None,
            fee_vat: Rate(self.raw()),
            pack: None,
            comp: (self.few() > 2).then_some(CompReason::Press),
            replaces: None,
            codes: (0..self.few()).map(|_| crate::harness::ticket_code(&self.wide().to_string())).collect(),
        });
        let items = (0..self.few()).map(|_| ItemLine {
            item: ItemId(self.wide()),
            kind: ItemKind::Fee(FeeKind::Other),
            show: Some(self.show()),
            price: self.amount(),
            vat: Rate(self.raw()),
            stated_vat: None,
            ticket: None,
        });
        OrderLines {
            order: OrderId(self.wide()),
            channel: self.channel(),
            seller: String::new(),
            subject: None,
            tickets: tickets.collect(),
            items: items.collect(),
        }
    }

    fn cancellation(&self) -> Cancellation {
        let ticket = |_| CancelledTicket {
            ticket: TicketId(self.wide()),
            show: self.show(),
            fee_kept: self.few() > 1,
        };
        let item = |_| CancelledItem { item: ItemId(self.wide()), show: None };
        Cancellation {
            order: OrderId(self.wide()),
            subject: None,
            tickets: (0..self.few()).map(ticket).collect(),
            items: (0..self.few()).map(item).collect(),
            reason: CancelReason::Customer,
        }
    }

    fn terms(&self) -> TariffTerms {
        let price = |_| ZonePrice { zone: self.zone(), price: self.amount() };
        TariffTerms { prices: (0..self.few()).map(price).collect(), ..full() }
    }

    fn commission(&self) -> CommissionTerms {
        let tier = |_| CommissionTier { from: self.amount(), rate: Rate(self.raw()), fixed: self.amount() };
        let bases = [CommissionBasis::Face, CommissionBasis::Paid, CommissionBasis::PerOrder];
        CommissionTerms {
            name: String::new(),
            beneficiary: Beneficiary::Channel,
            payer: if self.few() > 1 { Payer::Buyer } else { Payer::Organiser },
            mode: if self.few() > 1 { CommissionMode::OnTop } else { CommissionMode::Inside },
            basis: bases[self.few() % 3],
            rate: Rate(self.raw()),
            fixed: self.amount(),
            minimum: (self.few() > 2).then(|| self.amount()),
            maximum: (self.few() > 2).then(|| self.amount()),
            tiers: (0..self.few()).map(tier).collect(),
            level: 0,
            vat: Rate(self.raw()),
            channels: Vec::new(),
            sellers: Vec::new(),
            tariffs: Vec::new(),
            kinds: Vec::new(),
            on_refund: if self.few() > 1 { OnRefund::Kept } else { OnRefund::Reversed },
            on_free: OnFree::Charged,
        }
    }

    fn commission_lines(&self) -> Vec<CommissionLine> {
        let line = |_| CommissionLine {
            commission: CommissionId(self.narrow()),
            version: self.narrow(),
            channel: self.channel(),
            show: self.show(),
            beneficiary: Beneficiary::Organisation,
            payer: if self.few() > 1 { Payer::Buyer } else { Payer::Organiser },
            mode: CommissionMode::OnTop,
            basis: self.amount(),
            amount: self.amount(),
            vat: Rate(self.raw()),
            on_refund: OnRefund::Reversed,
            tickets: (0..self.few()).map(|_| TicketId(self.wide())).collect(),
            item: (self.few() > 1).then(|| ItemId(self.wide())),
        };
        (0..self.few()).map(line).collect()
    }

    fn event(&self, kind: u8) -> Event {
        let (show, zone, channel) = (self.show(), self.zone(), self.channel());
        let (payment, order) = (PaymentId(self.wide()), OrderId(self.wide()));
        match kind % 46 {
            38..=45 => self.later_event(kind % 46 - 38, show),
            0 => venue::opened(),
            1 => {
                ActorRegistered { actor: ActorId(self.narrow()), kind: ActorKind::User, label: String::new() }
                    .into()
            }
            2 => HallDefined {
                hall: HallId(self.narrow()),
                name: String::new(),
                authorised_capacity: self.narrow(),
            }
            .into(),
            3 => {
                let seats = vec![String::new(); self.few()];
                let hall = HallId(self.narrow());
                ZoneDefined { hall, zone, name: String::new(), capacity: self.narrow(), seats }.into()
            }
            4 => match venue::scheduled(show, SerialScope::Organisation) {
                Event::ShowScheduled(mut event) => {
                    let on_sale = |_| ZoneOnSale { zone: self.zone(), on_sale: self.narrow() };
                    event.zones = (0..self.few() * 90).map(on_sale).collect();
                    event.into()
                }
                other => other,
            },
            5 => ShowOpened { show }.into(),
            6 => ShowClosed { show }.into(),
            7 => TariffDefined { show, tariff: TariffId(self.narrow()), terms: self.terms() }.into(),
            8 => TariffChanged { show, tariff: TariffId(self.narrow()), terms: self.terms() }.into(),
            9 => venue::channel(channel, self.raw()),
            10 => ChannelClosed { channel }.into(),
            11 => QuotaAllocated { show, zone, channel, places: self.places() }.into(),
            12 => {
                let (from, to) = (channel, self.channel());
                QuotaTransferred { show, zone, from, to, places: self.places() }.into()
            }
            13 => QuotaClosed { show, zone, channel }.into(),
            14 => {
                let (hold, places, expires_at) = (HoldId(self.wide()), self.places(), self.time());
                HoldPlaced { hold, show, zone, channel, places, expires_at, subject: None }.into()
            }
            15 => HoldReleased { hold: HoldId(self.wide()), show }.into(),
            16 => HoldExpired { hold: HoldId(self.wide()), show }.into(),
            17 => OrderPlaced { lines: self.lines(), holds: vec![HoldId(self.wide())] }.into(),
            18 => {
                PaymentRecorded { payment, order, subject: None, shows: vec![show], legs: self.legs() }.into()
            }
            19 => {
                MoneyReturned { payment, order, subject: None, shows: vec![show], legs: self.legs() }.into()
            }
            20 => TicketsCancelled { cancellation: self.cancellation() }.into(),
            21 => {
                let (ticket, before, after) = (TicketId(self.wide()), self.amount(), self.amount());
                PriceReduced { order, subject: None, ticket, show, before, after, stated_vat: None }.into()
            }
            24 => CommissionDefined {
                commission: CommissionId(self.narrow()),
                terms: self.commission(),
                valid_from: self.time(),
                valid_until: None,
            }
            .into(),
            25 => CommissionChanged {
                commission: CommissionId(self.narrow()),
                version: self.narrow(),
                terms: self.commission(),
                valid_from: self.time(),
                valid_until: None,
            }
            .into(),
            26 => {
                CommissionEnded { commission: CommissionId(self.narrow()), valid_until: self.time() }.into()
            }
            27 => CommissionCapSet { cap: Rate(self.raw()) }.into(),
            28 => CommissionsCharged {
                order,
                subject: None,
                shows: vec![show],
                lines: self.commission_lines(),
                cap: Rate(self.raw()),
                over_cap: Vec::new(),
                other_fee: Vec::new(),
            }
            .into(),
            29 => {
                let kept = KeptFee { ticket: TicketId(self.wide()), show, amount: self.amount() };
                let lines = self.commission_lines();
                CommissionsReversed { order, subject: None, shows: vec![show], lines, kept: vec![kept] }
                    .into()
            }
            22 => ExternalSaleReported { source: ReportSource::Import, lines: self.lines(), flags: vec![] }
                .into(),
            23 => ExternalSaleCancelled { source: ReportSource::Import, cancellation: self.cancellation() }
                .into(),
            kind => self.seller_event(kind - 6),
        }
    }

    fn command(&self, kind: u8) -> Body {
        let (show, zone, channel, places) = (self.show(), self.zone(), self.channel(), self.places());
        let (order, legs) = (OrderId(self.wide()), self.legs());
        let request = |_| TicketRequest {
            show: self.show(),
            zone: self.zone(),
            seat: (self.few() > 1).then(|| SeatId(self.narrow())),
            tariff: TariffId(self.narrow()),
            price: (self.few() > 2).then(|| self.amount()),
            comp: (self.few() > 2).then_some(CompReason::Press),
        };
        let sold = |_| ReportedTicket {
            show: self.show(),
            zone: self.zone(),
            tariff: TariffId(self.narrow()),
            price: self.amount(),
            codes: vec![code(&self.wide().to_string())],
            ..reported()
        };
        match kind % 21 {
            13..=20 => self.later_command(kind % 21 - 13, show),
            0 => {
                let returns_at = (self.few() > 1).then(|| self.time());
                AllocateQuota { show, zone, channel, places, returns_at }.into()
            }
            1 => TransferQuota { show, zone, from: channel, to: self.channel(), places }.into(),
            2 => {
                let buyer = Some(person("a@b.c"));
                PlaceHold { show, zone, channel, places, expires_at: self.time(), buyer }.into()
            }
            3 => PlaceOrder {
                holds: (0..self.few()).map(|_| HoldId(self.wide())).collect(),
                payment: legs,
                ..venue::order(channel, (0..self.few()).map(request).collect())
            }
            .into(),
            4 => RecordPayment { order, legs }.into(),
            5 => ReturnMoney { order, legs }.into(),
            6 => CancelTickets { refund: legs, ..cancel(self.wide(), &[self.wide(), self.wide()]) }.into(),
            7 => ReducePrice { ticket: TicketId(self.wide()), price: self.amount(), stated_vat: None }.into(),
            8 => {
                let tickets = (0..self.few()).map(sold).collect();
                ReportSale { order: (self.few() > 2).then_some(order), ..report(channel, tickets) }.into()
            }
            9 => ReturnQuota { show, zone, channel, places }.into(),
            10 => SetQuotaDeadline { show, zone, channel, returns_at: Some(self.time()) }.into(),
            11 => {
                let counts = vec![TillCount { method: MethodId(self.narrow()), counted: self.amount() }];
                CloseTill { session: TillSessionId(self.wide()), counts }.into()
            }
            _ => scan(show, &self.wide().to_string()).into(),
        }
    }
}

/// Whatever is asked of the state.
fn read(world: &World) {
    for number in 0..6 {
        let (show, zone) = (ShowId(number), ZoneId(u32::try_from(number).unwrap()));
        let _ = (
            world.state.show_counts(show),
            world.state.zone_counts(show, zone),
            world.state.show_zones(show),
        );
        let _ = world.state.channel_counts(show, zone, ChannelId(1));
        let _ = (world.state.order(OrderId(number)), world.state.ticket(TicketId(number)));
        let _ = world.state.ticket_by_code(code_hash(&number.to_string()), show);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn nothing_panics(
        orderly in any::<bool>(),
        steps in prop::collection::vec((any::<u8>(), odds(), any::<bool>(), signed()), 1..120),
    ) {
        let mut world = if orderly { open() } else { given([]) };
        for (kind, odds, is_event, now) in steps {
            if is_event {
                world = world.and([odds.event(kind)]);
            } else {
                world.now = Timestamp(now);
                let fact = (kind % 2 == 0).then(before);
                let _ = world.submit(odds.command(kind / 2).0, fact);
            }
            read(&world);
        }
        let stored = bytes(&world.state);
        prop_assert_eq!(&bytes(&restored(&stored)), &stored);
    }
}

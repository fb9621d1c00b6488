//! Events that no decision would record: unknown numbers, numbers used twice, amounts and counts at the ends.

mod access;
mod accounts;
mod closings;
mod deals;

use soticket_schema::event::v1::*;
use soticket_schema::*;

use super::{LogBuilder, cancellation, code, line, parameters, venue};

/// Random numbers that an event is made from.
pub(crate) type Raw = [u16; 8];

/// A log of such events, after an honest beginning or none.
pub(crate) fn log(raws: &[Raw], begun: bool) -> LogBuilder {
    let mut log = LogBuilder::default();
    if begun {
        venue::open(&mut log, Rounding::PerTicket, Timestamp(0));
    }
    for raw in raws {
        log.push(time(raw[7]), event(raw));
    }
    log
}

fn time(raw: u16) -> Timestamp {
    match raw % 8 {
        0 => Timestamp(i64::MIN),
        1 => Timestamp(i64::MAX),
        _ => Timestamp(1_770_000_000_000_000 + i64::from(raw) * 1_000_000_000),
    }
}

/// Mostly small numbers, which meet each other; now and then one from the far end.
fn id(raw: u16) -> u64 {
    match raw % 32 {
        0 => u64::MAX,
        1 => 5_000_000_000 + u64::from(raw >> 5),
        _ => u64::from(raw % 7),
    }
}

fn small(raw: u16) -> u32 {
    if raw.is_multiple_of(64) { u32::MAX } else { u32::from(raw % 5) }
}

fn amount(raw: u16) -> Amount {
    match raw % 16 {
        0 => Amount(i64::MAX),
        1 => Amount(i64::MIN),
        2 => Amount::ZERO,
        _ => Amount(i64::from(raw) - 4_000),
    }
}

fn rate(raw: u16) -> Rate {
    match raw % 16 {
        0 => Rate(i64::MIN),
        1 => Rate(i64::MAX),
        2 => Rate(-1_000_000),
        _ => Rate(i64::from(raw)),
    }
}

fn places(raw: u16) -> Places {
    match raw % 8 {
        0 => Places::Count(u32::MAX),
        1..4 => Places::Count(u32::from(raw % 40)),
        _ => Places::Seats(vec![SeatId(small(raw)), SeatId(small(raw >> 3)), SeatId(small(raw >> 6))]),
    }
}

fn lines(raw: &Raw) -> OrderLines {
    let ticket = |step: u16| {
        let mut line =
            line(id(raw[1] + step), id(raw[2] >> step), small(raw[3]), small(raw[4]), id(raw[5]), "1.00");
        line.price = amount(raw[6].rotate_left(u32::from(step)));
        line.fee = amount(raw[5]);
        line.vat = rate(raw[4]);
        line.fee_vat = rate(raw[3]);
        line.seat = (raw[6].is_multiple_of(3)).then_some(SeatId(small(raw[6])));
        line.stated_vat = (raw[5].is_multiple_of(5)).then_some(amount(raw[5]));
        line.replaces = (raw[4].is_multiple_of(5)).then_some(TicketId(id(raw[4])));
        line
    };
    let item = ItemLine {
        item: ItemId(id(raw[6])),
        kind: if raw[5].is_multiple_of(2) {
            ItemKind::Product(ProductId(small(raw[5])))
        } else {
            FeeKind::Service.into()
        },
        show: (raw[4].is_multiple_of(2)).then_some(ShowId(id(raw[2]))),
        price: amount(raw[3]),
        vat: rate(raw[6]),
        stated_vat: None,
        ticket: None,
    };
    OrderLines {
        order: OrderId(id(raw[6] >> 4)),
        channel: ChannelId(small(raw[5] >> 3)),
        seller: format!("till {}", raw[3] % 3),
        subject: (raw[3].is_multiple_of(2)).then_some(SubjectRef([(raw[3] % 3) as u8; 16])),
        tickets: (0..raw[7] % 4).map(ticket).collect(),
        items: if raw[7].is_multiple_of(5) { vec![item] } else { Vec::new() },
    }
}

fn cancelled(raw: &Raw) -> Cancellation {
    let tickets = [(id(raw[1]), id(raw[2]), raw[3].is_multiple_of(2)), (id(raw[4]), id(raw[5]), true)];
    let mut cancellation = cancellation(id(raw[6] >> 4), &tickets);
    cancellation.items.push(CancelledItem {
        item: ItemId(id(raw[6])),
        show: (raw[4].is_multiple_of(2)).then_some(ShowId(id(raw[2]))),
    });
    cancellation
}

fn packs_offered(raw: &Raw, shows: &[ShowId]) -> Event {
    let offered = |show: &ShowId| PackShow {
        show: *show,
        zone: ZoneId(small(raw[3])),
        tariff: TariffId(small(raw[4])),
        weight: amount(raw[6]).0,
    };
    let terms = PackTerms {
        name: String::new(),
        price: amount(raw[4]),
        shows: shows.iter().map(offered).collect(),
        pick: Some(raw[5]),
        channels: Vec::new(),
        sale_until: None,
    };
    let pack = PackId(small(raw[5]));
    if raw[1].is_multiple_of(2) {
        PackDefined { pack, terms }.into()
    } else {
        PackChanged { pack, terms }.into()
    }
}

/// What happens to a show that was announced.
fn change(kind: u16, raw: &Raw, show: ShowId) -> Event {
    let tariff = TariffId(small(raw[4]));
    match kind {
        55 => {
            let (starts_at, sale_from) = (time(raw[3]), time(raw[4]));
            let (doors_at, sale_until, refunds_until) = (starts_at, time(raw[6]), Some(sale_from));
            ShowPostponed { show, starts_at, doors_at, sale_from, sale_until, refunds_until }.into()
        }
        56 | 57 => {
            let zone = |raw: u16| ZoneId(small(raw));
            let moved = |(from, to)| MovedZone {
                from: zone(from),
                to: zone(to),
                seats: vec![SeatId(small(raw[1])); usize::from(raw[6] % 4)],
                seat_count: small(raw[7]),
            };
            ShowRelocated {
                show,
                hall: HallId(1),
                authorised_capacity: small(raw[6]),
                zones: [raw[3], raw[4]]
                    .map(|id| ZoneOnSale { zone: zone(id), on_sale: small(raw[6]) })
                    .to_vec(),
                moves: [(raw[5], raw[3]), (raw[6], raw[4]), (raw[3], raw[4])].map(moved).to_vec(),
                refunds_until: None,
            }
            .into()
        }
        58 => ShowCancelled { show }.into(),
        59 => {
            let (run, orders, amount) = (small(raw[1]), id(raw[3]), amount(raw[4]));
            match raw[5] % 3 {
                0 => ShowRefundBegun { show, run, fees_kept: true, orders, amount }.into(),
                1 => ShowRefundAdvanced { show, run, orders, tickets: orders, amount }.into(),
                _ => ShowRefundFinished { show, run }.into(),
            }
        }
        _ => {
            let quota = CompQuota { reason: CompReason::Press, tickets: small(raw[3]) };
            let name = String::new();
            let warning = CompWarning { name, basis: CompBasis::Sold, rate: rate(raw[6]) };
            match raw[5] % 9 {
                0 => TariffRulesSet { show, tariff, rules: TariffRules::default() }.into(),
                1 => TariffVatSet { show, tariff, rates: Vec::new() }.into(),
                2 => ShowSeasonSet { show, season: Some(SeasonId(small(raw[3]))) }.into(),
                4.. => deals::event(raw, show),
                3 => {
                    let limits = CompLimits { quotas: vec![quota], warnings: vec![warning] };
                    CompLimitsSet { show, limits }.into()
                }
            }
        }
    }
}

fn commissions(raw: &Raw) -> Vec<CommissionLine> {
    let line = |step: u16| CommissionLine {
        commission: CommissionId(small(raw[3])),
        version: small(raw[4]),
        channel: ChannelId(small(raw[5])),
        show: ShowId(id(raw[2] >> step)),
        beneficiary: Beneficiary::Channel,
        payer: if raw[6].is_multiple_of(2) { Payer::Buyer } else { Payer::Organiser },
        mode: CommissionMode::OnTop,
        basis: amount(raw[4]),
        amount: amount(raw[5].rotate_left(u32::from(step))),
        vat: rate(raw[3]),
        on_refund: OnRefund::Reversed,
        tickets: vec![TicketId(id(raw[1])); usize::from((raw[6] + step) % 3)],
        item: (raw[4].is_multiple_of(2)).then_some(ItemId(id(raw[6]))),
    };
    (0..raw[7] % 3).map(line).collect()
}

fn plan(raw: &Raw) -> ProviderPlanTerms {
    ProviderPlanTerms {
        name: String::new(),
        source: String::new(),
        methods: vec![MethodId(small(raw[3])), MethodId(small(raw[4]))],
        access_fee: amount(raw[4]),
        yearly_fee: amount(raw[5]),
        included: small(raw[6]),
        per_transaction: UnitPrice(amount(raw[6]).0),
        rate: rate(raw[3]),
        per_payment: UnitPrice(amount(raw[5]).0),
        vat: rate(raw[4]),
    }
}

/// One event of any kind.
pub(crate) fn event(raw: &Raw) -> Event {
    let show = ShowId(id(raw[2]));
    let (zone, channel) = (ZoneId(small(raw[3])), ChannelId(small(raw[5] >> 3)));
    let hold = HoldId(id(raw[1]));
    let (order, payment) = (OrderId(id(raw[6] >> 4)), PaymentId(id(raw[1])));
    let legs = vec![Leg { method: MethodId(small(raw[3])), amount: amount(raw[4]) }];
    let shows: Vec<ShowId> = (0..raw[7] % 3).map(|step| ShowId(id(raw[2] >> step))).collect();
    match raw[0] % 68 {
        kind @ 55..=60 => change(kind, raw, show),
        65..=67 => closings::event(raw),
        0 => OrganisationChanged { parameters: parameters(Rounding::Document) }.into(),
        1 => ZoneDefined {
            hall: HallId(1),
            zone,
            name: String::new(),
            capacity: small(raw[4]),
            seats: vec!["1".into(); usize::from(raw[4] % 5)],
        }
        .into(),
        2 => {
            let mut scheduled = venue::scheduled(id(raw[2]), Rounding::Document);
            scheduled.reference = format!("S-{}", raw[1] % 3);
            scheduled.zones = vec![ZoneOnSale { zone, on_sale: small(raw[4]) }; 2];
            scheduled.authorised_capacity = small(raw[6]);
            scheduled.into()
        }
        3 => ShowOpened { show }.into(),
        4 => ShowClosed { show }.into(),
        5 => venue::tariff_defined(id(raw[2]), small(raw[4])).into(),
        6 => {
            let TariffDefined { tariff, terms, .. } = venue::tariff_defined(id(raw[2]), small(raw[4]));
            TariffChanged { show, tariff, terms }.into()
        }
        7 => ChannelClosed { channel }.into(),
        8 => QuotaAllocated { show, zone, channel, places: places(raw[6]) }.into(),
        9 => {
            let to = ChannelId(small(raw[4]));
            QuotaTransferred { show, zone, from: channel, to, places: places(raw[6]) }.into()
        }
        10 => QuotaClosed { show, zone, channel }.into(),
        11 => {
            let places = places(raw[6]);
            HoldPlaced { hold, show, zone, channel, places, expires_at: time(raw[4]), subject: None }.into()
        }
        12 => HoldReleased { hold, show }.into(),
        13 => HoldExpired { hold, show }.into(),
        14 | 15 => OrderPlaced { lines: lines(raw), holds: vec![hold, hold] }.into(),
        16 => {
            ExternalSaleReported { source: ReportSource::Import, lines: lines(raw), flags: Vec::new() }.into()
        }
        17 => PaymentRecorded { payment, order, subject: None, shows, legs }.into(),
        18 => MoneyReturned { payment, order, subject: None, shows, legs }.into(),
        19 => TicketsCancelled { cancellation: cancelled(raw) }.into(),
        20 => ExternalSaleCancelled { source: ReportSource::Network, cancellation: cancelled(raw) }.into(),
        21 => PriceReduced {
            order,
            subject: None,
            ticket: TicketId(id(raw[1])),
            show,
            before: amount(raw[4]),
            after: amount(raw[6]),
            stated_vat: (raw[3].is_multiple_of(2)).then_some(amount(raw[3])),
        }
        .into(),
        22 => packs_offered(raw, &shows),
        23 => {
            let tickets = vec![TicketId(id(raw[1])); usize::from(raw[3] % 3)];
            let sold = SoldPack {
                sale: PackSaleId(id(raw[4])),
                pack: PackId(small(raw[5])),
                price: amount(raw[4]),
                tickets,
            };
            PacksSold { order, subject: None, shows, packs: vec![sold] }.into()
        }
        24..36 => right(raw, &shows),
        36..38 => after_the_sale(raw, shows, legs),
        38 => GateZonesSet {
            gate: GateId(small(raw[3])),
            show: raw[1].is_multiple_of(2).then_some(show),
            zones: vec![zone; usize::from(raw[4] % 3)],
        }
        .into(),
        39 => access::entry_rules(raw, raw[1].is_multiple_of(2).then_some(show)),
        40 => access::event(raw),
        41 => CommissionsCharged {
            order,
            subject: None,
            shows,
            lines: commissions(raw),
            cap: rate(raw[3]),
            over_cap: vec![TicketId(id(raw[1]))],
            other_fee: vec![TicketId(id(raw[1]))],
        }
        .into(),
        42 => {
            let kept = vec![KeptFee { ticket: TicketId(id(raw[1])), show, amount: amount(raw[4]) }];
            CommissionsReversed { order, subject: None, shows, lines: commissions(raw), kept }.into()
        }
        43 => ProviderPlanDefined {
            plan: ProviderPlanId(small(raw[3])),
            terms: plan(raw),
            valid_from: time(raw[1]),
            valid_until: (raw[5].is_multiple_of(2)).then_some(time(raw[5])),
        }
        .into(),
        44 => {
            let plan = ProviderPlanId(small(raw[3]));
            ProviderPlanEnded { plan, valid_until: time(raw[1]) }.into()
        }
        kind @ 45..53 => seller_event(kind - 7, raw),
        kind @ 61..65 => accounts::event(kind, raw),
        _ => TicketScanned {
            show,
            code: code(id(raw[1])),
            ticket: None,
            gate: GateId(small(raw[3])),
            device: ActorId(small(raw[4])),
            nonce: id(raw[5]),
            direction: if raw[6].is_multiple_of(3) { Direction::Exit } else { Direction::Entry },
            offline: raw[6].is_multiple_of(2),
            decision: if raw[6].is_multiple_of(5) { GateDecision::Refused } else { GateDecision::Unstated },
        }
        .into(),
    }
}

/// Cards and stored values.
fn right(raw: &Raw, shows: &[ShowId]) -> Event {
    let (order, subject) = (OrderId(id(raw[1])), Some(SubjectRef([(raw[3] % 3) as u8; 16])));
    let (card, value) = (CardId(id(raw[4])), StoredValueId(id(raw[4])));
    let code = TicketCode { hash: code(id(raw[1])), issuer: CodeIssuer::House, symbology: Symbology::Qr };
    let uses = || {
        let used = |show: &ShowId| CardUse { card, ticket: TicketId(id(raw[2])), show: *show };
        shows.iter().map(used).collect()
    };
    let item = ItemId(id(raw[6]));
    match raw[5] % 12 {
        0..3 => CardIssued {
            card,
            card_type: CardTypeId(small(raw[2])),
            order,
            item,
            subject,
            from: time(raw[2]),
            until: time(raw[3]),
            per_show: raw[2],
            in_total: raw[3].is_multiple_of(2).then_some(raw[6] % 4),
            code,
        }
        .into(),
        3 => CardRightsUsed { order, subject, uses: uses() }.into(),
        4 => CardRightsRestored { order, subject, uses: uses() }.into(),
        5 => CardRevoked { card, order, subject }.into(),
        6 => CardsExpired { cards: vec![ExpiredCard { card, unused: Some(raw[2]) }; 2] }.into(),
        7 | 8 => StoredValueIssued {
            value,
            kind: if raw[2].is_multiple_of(2) { StoredValueKind::GiftCard } else { StoredValueKind::Voucher },
            order,
            item,
            subject,
            amount: amount(raw[2]),
            until: time(raw[3]),
            code,
        }
        .into(),
        9 => {
            let spent = ValueSpent { value, amount: amount(raw[2]), lapsed: amount(raw[3]) };
            let (payment, shows) = (PaymentId(id(raw[3])), shows.to_vec());
            StoredValueUsed { order, payment, subject, shows, uses: vec![spent; 2] }.into()
        }
        10 => {
            let (payment, amount) = (PaymentId(id(raw[3])), amount(raw[2]));
            StoredValueRestored { order, payment, value, amount }.into()
        }
        _ if raw[2].is_multiple_of(2) => StoredValueRevoked { value, order }.into(),
        _ => StoredValuesExpired { values: vec![ExpiredValue { value, left: amount(raw[2]) }] }.into(),
    }
}

/// Copies, hand-overs and late payments.
fn after_the_sale(raw: &Raw, shows: Vec<ShowId>, legs: Vec<Leg>) -> Event {
    let (ticket, show, order) = (TicketId(id(raw[1])), ShowId(id(raw[2])), OrderId(id(raw[1])));
    let (payment, subject) = (PaymentId(id(raw[3])), None);
    let code = TicketCode { hash: code(id(raw[4])), issuer: CodeIssuer::House, symbology: Symbology::Qr };
    match raw[5] % 5 {
        0 => TicketDuplicated { ticket, show, order, subject, copy: raw[6], reason: DuplicateReason::Lost }
            .into(),
        1 => {
            let to = SubjectRef([(raw[3] % 3) as u8; 16]);
            TicketTransferred { ticket, show, order, from: subject, to, code }.into()
        }
        2 => PaymentAnnounced { payment, order, subject, shows, legs, expected_by: time(raw[6]) }.into(),
        3 => PaymentFailed { payment, order, subject, shows, reason: PaymentFailure::Late }.into(),
        _ => {
            let reverses = PaymentId(id(raw[6]));
            let reason = PaymentFailure::Refused;
            PaymentReversed { payment, reverses, order, subject, shows, legs, reason }.into()
        }
    }
}

/// What sellers and tills do.
fn seller_event(kind: u16, raw: &Raw) -> Event {
    let show = ShowId(id(raw[2]));
    let (zone, channel) = (ZoneId(small(raw[3])), ChannelId(small(raw[5] >> 3)));
    let session = TillSessionId(id(raw[1]));
    match kind {
        38 => QuotaReturned { show, zone, channel, places: places(raw[6]) }.into(),
        39 => {
            let returns_at = (!raw[6].is_multiple_of(5)).then(|| time(raw[4]));
            QuotaDeadlineSet { show, zone, channel, returns_at }.into()
        }
        40 => QuotasExpired { show, quotas: vec![ExpiredQuota { zone, channel }; 2] }.into(),
        41 => {
            let (role, channels) = (SellerRole::Network, vec![channel]);
            ActorAssigned { actor: ActorId(small(raw[4])), role, channels }.into()
        }
        42 => TillOpened {
            session,
            channel,
            till: format!("till {}", raw[3] % 3),
            operator: ActorId(small(raw[4])),
            cash: MethodId(small(raw[3])),
            float: amount(raw[6]),
        }
        .into(),
        43 => {
            let direction = if raw[3].is_multiple_of(2) { CashDirection::In } else { CashDirection::Out };
            TillCashMoved { session, direction, reason: CashReason::Other, amount: amount(raw[4]) }.into()
        }
        _ => TillClosed { session, lines: Vec::new() }.into(),
    }
}

//! One fixed sample of every event kind, with every optional field filled in.

#[path = "accounts.rs"]
mod accounts;
#[path = "closings.rs"]
mod closings;
#[path = "deals.rs"]
mod deals;
#[path = "doors.rs"]
mod doors;
#[path = "erasure.rs"]
mod erasure;
#[path = "people.rs"]
mod people;
#[path = "rights.rs"]
mod rights;
#[path = "shows.rs"]
mod shows;

use soticket_schema::event::Event;
use soticket_schema::event::v1::*;
use soticket_schema::ids::*;
use soticket_schema::money::{Amount, Currency, Rate, Rounding, UnitPrice};
use soticket_schema::time::Timestamp;

const SUBJECT: Option<SubjectRef> = Some(SubjectRef([0x51; 16]));
const REDUCED: Rate = Rate(55_000);
const STANDARD: Rate = Rate(200_000);

/// The samples, in the order of the catalogue.
pub(crate) fn samples() -> Vec<Event> {
    let mut samples = Vec::new();
    samples.extend(organisation());
    samples.extend(shows::seasons());
    samples.extend(hall());
    samples.extend(doors::gate());
    samples.extend(show());
    samples.extend(shows::show_changes());
    samples.extend(tariff());
    samples.extend(packs_offered());
    samples.extend(shows::tariff_rules());
    samples.extend(channel());
    samples.extend(commissions());
    samples.extend(provider());
    samples.extend(quota());
    samples.extend(doors::quota_end());
    samples.extend(hold());
    samples.extend(rights::cards());
    samples.extend(order());
    samples.extend(packs_sold());
    samples.extend(rights::after_the_sale());
    samples.extend(refund());
    samples.extend(rights::stored_values());
    samples.extend(report());
    samples.extend(scan());
    samples.extend(doors::entry());
    samples.extend(commissions_of_sales());
    samples.extend(doors::seller());
    samples.extend(doors::till());
    samples.extend(deals::deals());
    samples.extend(deals::settlements());
    samples.extend(deals::law());
    samples.extend(accounts::journal());
    samples.extend(closings::closings());
    samples.extend(doors::checkpoint_keys());
    samples.extend(erasure::erasure());
    samples.extend(doors::tokens());
    samples.extend(people::people());
    samples.extend(doors::webhooks());
    samples
}

fn parameters() -> OrganisationParameters {
    OrganisationParameters {
        name: "SoCoop Musiques Vivantes".into(),
        siret: "12345678900011".into(),
        vat_number: "FR12345678900".into(),
        licence: "PLATESV-R-2026-000001".into(),
        time_zone: "Europe/Paris".into(),
        rounding: Rounding::PerTicket,
        serial_scope: SerialScope::Show,
        day_cutoff_minutes: 300,
    }
}

fn organisation() -> Vec<Event> {
    vec![
        OrganisationOpened { mode: Mode::Training, currency: Currency(978), parameters: parameters() }.into(),
        OrganisationChanged { parameters: parameters() }.into(),
        ActorRegistered { actor: ActorId(7), kind: ActorKind::Device, label: "scan-A1".into() }.into(),
    ]
}

fn hall() -> Vec<Event> {
    vec![
        HallDefined { hall: HallId(1), name: "Grande salle".into(), authorised_capacity: 450 }.into(),
        ZoneDefined {
            hall: HallId(1),
            zone: ZoneId(2),
            name: "Balcon numéroté".into(),
            capacity: 3,
            seats: vec!["A1".into(), "A2".into(), "A3".into()],
        }
        .into(),
        GateDefined { gate: GateId(1), name: "Entrée principale".into() }.into(),
    ]
}

fn show() -> Vec<Event> {
    vec![
        ShowScheduled {
            show: ShowId(1),
            reference: "S-2026-0314".into(),
            title: "Fanfare d'été".into(),
            hall: HallId(1),
            authorised_capacity: 450,
            zones: vec![
                ZoneOnSale { zone: ZoneId(1), on_sale: 400 },
                ZoneOnSale { zone: ZoneId(2), on_sale: 3 },
            ],
            starts_at: Timestamp(1_773_516_600_000_000),
            doors_at: Timestamp(1_773_513_000_000_000),
            sale_from: Timestamp(1_767_222_000_000_000),
            sale_until: Timestamp(1_773_520_200_000_000),
            territory: "FR-metropole".into(),
            currency: Currency(978),
            rounding: Rounding::Document,
            serial_scope: SerialScope::ShowTariffZone,
        }
        .into(),
        ShowOpened { show: ShowId(1) }.into(),
        ShowClosed { show: ShowId(300) }.into(),
    ]
}

fn terms() -> TariffTerms {
    TariffTerms {
        name: "Réduit".into(),
        kind: TariffKind::Reduced,
        prices: vec![
            ZonePrice { zone: ZoneId(1), price: Amount(1_800) },
            ZonePrice { zone: ZoneId(2), price: Amount(2_400) },
        ],
        vat: Rate(21_000),
        channels: vec![ChannelId(1), ChannelId(2)],
        reasons: vec![CompReason::Press, CompReason::Partner],
    }
}

fn tariff() -> Vec<Event> {
    vec![
        TariffDefined { show: ShowId(1), tariff: TariffId(4), terms: terms() }.into(),
        TariffChanged { show: ShowId(1), tariff: TariffId(4), terms: terms() }.into(),
        ProductDefined { product: ProductId(1), name: "Carte d'abonné".into(), kind: ProductKind::Card }
            .into(),
    ]
}

fn packs_offered() -> Vec<Event> {
    let offered =
        |show, weight| PackShow { show: ShowId(show), zone: ZoneId(1), tariff: TariffId(4), weight };
    let terms = PackTerms {
        name: "Pass 2 jours".into(),
        price: Amount(4_000),
        shows: vec![offered(1, 2_400), offered(300, 2_200)],
        pick: Some(2),
        channels: vec![ChannelId(1)],
        sale_until: Some(Timestamp(1_773_520_200_000_000)),
    };
    vec![
        PackDefined { pack: PackId(1), terms: terms.clone() }.into(),
        PackChanged { pack: PackId(1), terms }.into(),
    ]
}

fn packs_sold() -> Vec<Event> {
    let pack = SoldPack {
        sale: PackSaleId(300),
        pack: PackId(1),
        price: Amount(4_000),
        tickets: vec![TicketId(7), TicketId(8)],
    };
    let shows = vec![ShowId(1), ShowId(300)];
    vec![PacksSold { order: OrderId(5), subject: SUBJECT, shows, packs: vec![pack] }.into()]
}

fn channel() -> Vec<Event> {
    vec![
        ChannelOpened {
            channel: ChannelId(3),
            name: "Réseau".into(),
            kind: ChannelKind::Network,
            fee_on_top: Amount(180),
            fee_vat: STANDARD,
            commission: Some(InsideCommission { rate: Rate(80_000), vat: STANDARD }),
        }
        .into(),
        ChannelClosed { channel: ChannelId(3) }.into(),
        MethodDefined { method: MethodId(2), name: "stripe".into(), kind: MethodKind::Card }.into(),
    ]
}

fn commission_terms() -> CommissionTerms {
    CommissionTerms {
        name: "Guichet déporté".into(),
        beneficiary: Beneficiary::Party(PartyId(3)),
        payer: Payer::Organiser,
        mode: CommissionMode::Inside,
        basis: CommissionBasis::FaceWithoutVat,
        rate: Rate(25_000),
        fixed: Amount(30),
        minimum: Some(Amount(50)),
        maximum: Some(Amount(300)),
        tiers: vec![CommissionTier { from: Amount(2_000), rate: Rate(20_000), fixed: Amount(45) }],
        level: 2,
        vat: STANDARD,
        channels: vec![ChannelId(3)],
        sellers: vec!["Office de tourisme".into()],
        tariffs: vec![TariffId(4)],
        kinds: vec![TariffKind::Full, TariffKind::Pack],
        on_refund: OnRefund::Reversed,
        on_free: OnFree::Charged,
    }
}

fn commissions() -> Vec<Event> {
    let from = Timestamp(1_767_222_000_000_000);
    let until = Timestamp(1_798_758_000_000_000);
    let commission = CommissionId(1);
    vec![
        PartyRegistered {
            party: PartyId(3),
            name: "Office de tourisme".into(),
            siret: "12345678900029".into(),
            vat_number: "FR12345678901".into(),
        }
        .into(),
        CommissionDefined {
            commission,
            terms: commission_terms(),
            valid_from: from,
            valid_until: Some(until),
        }
        .into(),
        CommissionChanged {
            commission,
            version: 2,
            terms: commission_terms(),
            valid_from: from,
            valid_until: Some(until),
        }
        .into(),
        CommissionEnded { commission, valid_until: until }.into(),
        CommissionCapSet { cap: Rate(150_000) }.into(),
    ]
}

fn provider() -> Vec<Event> {
    let plan = ProviderPlanId(1);
    let terms = ProviderPlanTerms {
        name: "Paybox".into(),
        source: "offer of 2016".into(),
        methods: vec![MethodId(2)],
        access_fee: Amount(29_000),
        yearly_fee: Amount(30_000),
        included: 100,
        per_transaction: UnitPrice(85_000),
        rate: Rate(5_500),
        per_payment: UnitPrice(250_000),
        vat: STANDARD,
    };
    let valid_until = Some(Timestamp(1_798_758_000_000_000));
    vec![
        ProviderPlanDefined { plan, terms, valid_from: Timestamp(1_767_222_000_000_000), valid_until }.into(),
        ProviderPlanEnded { plan, valid_until: Timestamp(1_798_758_000_000_000) }.into(),
    ]
}

fn commissions_of_sales() -> Vec<Event> {
    let line = CommissionLine {
        commission: CommissionId(1),
        version: 2,
        channel: ChannelId(3),
        show: ShowId(300),
        beneficiary: Beneficiary::Channel,
        payer: Payer::Buyer,
        mode: CommissionMode::OnTop,
        basis: Amount(2_400),
        amount: Amount(180),
        vat: STANDARD,
        on_refund: OnRefund::Kept,
        tickets: vec![TicketId(7), TicketId(300)],
        item: None,
    };
    let of_order = CommissionLine { tickets: Vec::new(), item: Some(ItemId(2)), ..line.clone() };
    let shows = vec![ShowId(300)];
    let lines = vec![line, of_order];
    vec![
        CommissionsCharged {
            order: OrderId(5),
            subject: SUBJECT,
            shows: shows.clone(),
            lines: lines.clone(),
            cap: Rate(150_000),
            over_cap: vec![TicketId(7)],
            other_fee: vec![TicketId(300)],
        }
        .into(),
        CommissionsReversed {
            order: OrderId(5),
            subject: SUBJECT,
            shows,
            lines,
            kept: vec![KeptFee { ticket: TicketId(7), show: ShowId(300), amount: Amount(180) }],
        }
        .into(),
    ]
}

fn quota() -> Vec<Event> {
    vec![
        QuotaAllocated {
            show: ShowId(1),
            zone: ZoneId(1),
            channel: ChannelId(1),
            places: Places::Count(120),
        }
        .into(),
        QuotaTransferred {
            show: ShowId(1),
            zone: ZoneId(2),
            from: ChannelId(1),
            to: ChannelId(2),
            places: Places::Seats(vec![SeatId(0), SeatId(2)]),
        }
        .into(),
        QuotaClosed { show: ShowId(1), zone: ZoneId(1), channel: ChannelId(3) }.into(),
    ]
}

fn hold() -> Vec<Event> {
    vec![
        HoldPlaced {
            hold: HoldId(9),
            show: ShowId(1),
            zone: ZoneId(2),
            channel: ChannelId(1),
            places: Places::Seats(vec![SeatId(1)]),
            expires_at: Timestamp(1_770_000_900_000_000),
            subject: SUBJECT,
        }
        .into(),
        HoldReleased { hold: HoldId(9), show: ShowId(1) }.into(),
        HoldExpired { hold: HoldId(10), show: ShowId(1) }.into(),
    ]
}

fn ticket(ticket: u64) -> TicketLine {
    TicketLine {
        ticket: TicketId(ticket),
        show: ShowId(1),
        zone: ZoneId(2),
        seat: Some(SeatId(1)),
        tariff: TariffId(4),
        serial: 70_000,
        price: Amount(2_400),
        fee: Amount(180),
        vat: Rate(21_000),
        stated_vat: Some(Amount(49)),
        fee_vat: STANDARD,
        pack: Some(PackShare { pack_price: Amount(6_000), weight: 24, weights: 66 }),
        comp: Some(CompReason::Prepaid),
        replaces: Some(TicketId(3)),
        codes: vec![
            TicketCode { hash: CodeHash([0xc0; 16]), issuer: CodeIssuer::House, symbology: Symbology::Qr },
            TicketCode {
                hash: CodeHash([0xc1; 16]),
                issuer: CodeIssuer::Channel(ChannelId(3)),
                symbology: Symbology::Ean13,
            },
        ],
    }
}

fn lines() -> OrderLines {
    OrderLines {
        order: OrderId(12),
        channel: ChannelId(3),
        seller: "guichet-1".into(),
        subject: SUBJECT,
        tickets: vec![ticket(40), ticket(41)],
        items: vec![
            ItemLine {
                item: ItemId(1),
                kind: ItemKind::Product(ProductId(1)),
                show: None,
                price: Amount(1_500),
                vat: REDUCED,
                stated_vat: Some(Amount(78)),
                ticket: None,
            },
            ItemLine {
                item: ItemId(2),
                kind: ItemKind::Fee(FeeKind::Shipping),
                show: Some(ShowId(1)),
                price: Amount(-250),
                vat: STANDARD,
                stated_vat: None,
                ticket: Some(TicketId(40)),
            },
        ],
    }
}

fn legs() -> Vec<Leg> {
    vec![Leg { method: MethodId(2), amount: Amount(5_000) }, Leg { method: MethodId(3), amount: Amount(160) }]
}

fn order() -> Vec<Event> {
    vec![
        OrderPlaced { lines: lines(), holds: vec![HoldId(9)] }.into(),
        PaymentRecorded {
            payment: PaymentId(6),
            order: OrderId(12),
            subject: SUBJECT,
            shows: vec![ShowId(1), ShowId(2)],
            legs: legs(),
        }
        .into(),
    ]
}

fn cancellation(reason: CancelReason) -> Cancellation {
    Cancellation {
        order: OrderId(12),
        subject: SUBJECT,
        tickets: vec![CancelledTicket { ticket: TicketId(40), show: ShowId(1), fee_kept: true }],
        items: vec![CancelledItem { item: ItemId(2), show: Some(ShowId(1)) }],
        reason,
    }
}

fn refund() -> Vec<Event> {
    vec![
        TicketsCancelled { cancellation: cancellation(CancelReason::Customer) }.into(),
        PriceReduced {
            order: OrderId(12),
            subject: SUBJECT,
            ticket: TicketId(41),
            show: ShowId(1),
            before: Amount(2_400),
            after: Amount(1_800),
            stated_vat: None,
        }
        .into(),
        MoneyReturned {
            payment: PaymentId(7),
            order: OrderId(12),
            subject: SUBJECT,
            shows: vec![ShowId(1)],
            legs: legs(),
        }
        .into(),
    ]
}

fn report() -> Vec<Event> {
    vec![
        ExternalSaleReported {
            source: ReportSource::Network,
            lines: lines(),
            flags: vec![Flag::OverQuota, Flag::ClockAhead],
        }
        .into(),
        ExternalSaleCancelled {
            source: ReportSource::Import,
            cancellation: cancellation(CancelReason::Reported),
        }
        .into(),
    ]
}

fn scan() -> Vec<Event> {
    vec![
        TicketScanned {
            show: ShowId(1),
            code: CodeHash([0xc0; 16]),
            ticket: Some(TicketId(40)),
            gate: GateId(1),
            device: ActorId(7),
            nonce: 100_000,
            direction: Direction::Exit,
            offline: true,
            decision: GateDecision::Refused,
        }
        .into(),
    ]
}

//! The venue that most tests begin with, and short ways to write commands.

use soticket_schema::command::*;
use soticket_schema::event::v1::*;
use soticket_schema::*;

use crate::harness::{NOW, World, after, given};

/// Show 1: free seating, 10 places on sale; show 1 has 14 places on sale in all and the hall takes 13.
pub(crate) const PIT: ZoneId = ZoneId(1);
/// Four numbered seats.
pub(crate) const BALCONY: ZoneId = ZoneId(2);
pub(crate) const SHOW: ShowId = ShowId(1);
/// Fee of 1.00 on top.
pub(crate) const WEB: ChannelId = ChannelId(1);
pub(crate) const DESK: ChannelId = ChannelId(2);
pub(crate) const FNAC: ChannelId = ChannelId(3);
/// 20.00 in the pit, 30.00 in the balcony.
pub(crate) const FULL: TariffId = TariffId(1);
/// Free, for artists and press, in the pit.
pub(crate) const GUEST: TariffId = TariffId(2);
/// 15.00 in the pit, at the desk only.
pub(crate) const DESK_ONLY: TariffId = TariffId(3);
pub(crate) const CARD: MethodId = MethodId(1);
pub(crate) const CASH: MethodId = MethodId(2);
pub(crate) const SCARF: ProductId = ProductId(1);
pub(crate) const GATE: GateId = GateId(1);
pub(crate) const DEVICE: ActorId = ActorId(1);

pub(crate) fn parameters() -> OrganisationParameters {
    OrganisationParameters {
        name: "Club".into(),
        siret: String::new(),
        vat_number: String::new(),
        licence: String::new(),
        time_zone: "Europe/Paris".into(),
        rounding: Rounding::Document,
        serial_scope: SerialScope::ShowTariffZone,
        day_cutoff_minutes: 360,
    }
}

pub(crate) fn opened() -> Event {
    OrganisationOpened { mode: Mode::Demo, currency: Currency::EUR, parameters: parameters() }.into()
}

pub(crate) fn hall() -> Vec<Event> {
    let seats = ["A1", "A2", "A3", "A4"].map(String::from).to_vec();
    vec![
        HallDefined { hall: HallId(1), name: "Hall".into(), authorised_capacity: 13 }.into(),
        ZoneDefined { hall: HallId(1), zone: PIT, name: "Pit".into(), capacity: 100, seats: Vec::new() }
            .into(),
        ZoneDefined { hall: HallId(1), zone: BALCONY, name: "Balcony".into(), capacity: 4, seats }.into(),
    ]
}

pub(crate) fn scheduled(show: ShowId, serial_scope: SerialScope) -> Event {
    ShowScheduled {
        show,
        reference: format!("S-{show}"),
        title: "Concert".into(),
        hall: HallId(1),
        authorised_capacity: 13,
        zones: vec![ZoneOnSale { zone: PIT, on_sale: 10 }, ZoneOnSale { zone: BALCONY, on_sale: 4 }],
        starts_at: after(100_000),
        doors_at: after(96_000),
        sale_from: after(-10_000),
        sale_until: after(90_000),
        territory: "FR-metropole".into(),
        currency: Currency::EUR,
        rounding: Rounding::Document,
        serial_scope,
    }
    .into()
}

pub(crate) fn full() -> TariffTerms {
    TariffTerms {
        name: "Full".into(),
        kind: TariffKind::Full,
        prices: vec![
            ZonePrice { zone: PIT, price: Amount(2_000) },
            ZonePrice { zone: BALCONY, price: Amount(3_000) },
        ],
        vat: Rate(55_000),
        channels: Vec::new(),
        reasons: Vec::new(),
    }
}

pub(crate) fn guest() -> TariffTerms {
    TariffTerms {
        name: "Guest".into(),
        kind: TariffKind::Free,
        prices: vec![ZonePrice { zone: PIT, price: Amount::ZERO }],
        reasons: vec![CompReason::Artist, CompReason::Press],
        ..full()
    }
}

pub(crate) fn desk_only() -> TariffTerms {
    TariffTerms {
        name: "Desk".into(),
        kind: TariffKind::Reduced,
        prices: vec![ZonePrice { zone: PIT, price: Amount(1_500) }],
        channels: vec![DESK],
        ..full()
    }
}

pub(crate) fn channel(channel: ChannelId, fee: i64) -> Event {
    ChannelOpened {
        channel,
        name: format!("Channel {channel}"),
        kind: ChannelKind::OwnSite,
        fee_on_top: Amount(fee),
        fee_vat: Rate(200_000),
        commission: None,
    }
    .into()
}

fn tariff(show: ShowId, tariff: TariffId, terms: TariffTerms) -> Event {
    TariffDefined { show, tariff, terms }.into()
}

/// Everything but shows and what belongs to them.
pub(crate) fn house() -> World {
    let method = |method, kind| Event::from(MethodDefined { method, name: "Method".into(), kind });
    given([opened(), ActorRegistered { actor: DEVICE, kind: ActorKind::Device, label: "scan".into() }.into()])
        .and(hall())
        .and([channel(WEB, 100), channel(DESK, 0), channel(FNAC, 0)])
        .and([method(CARD, MethodKind::Card), method(CASH, MethodKind::Cash)])
        .and([
            ProductDefined { product: SCARF, name: "Scarf".into(), kind: ProductKind::Merchandise }.into(),
            GateDefined { gate: GATE, name: "A".into() }.into(),
        ])
}

/// Show 1, planned.
pub(crate) fn planned() -> World {
    house().and([scheduled(SHOW, SerialScope::ShowTariffZone)]).and([
        tariff(SHOW, FULL, full()),
        tariff(SHOW, GUEST, guest()),
        tariff(SHOW, DESK_ONLY, desk_only()),
    ])
}

/// Show 1, open.
pub(crate) fn open() -> World {
    planned().and([ShowOpened { show: SHOW }.into()])
}

/// Show 1, open, and show 2, planned, with tariff 4, its full one.
pub(crate) fn two_shows() -> World {
    open().and([scheduled(ShowId(2), SerialScope::ShowTariffZone), tariff(ShowId(2), TariffId(4), full())])
}

pub(crate) fn ticket() -> TicketRequest {
    TicketRequest { show: SHOW, zone: PIT, seat: None, tariff: FULL, price: None, comp: None }
}

pub(crate) fn seat(seat: u32) -> TicketRequest {
    TicketRequest { zone: BALCONY, seat: Some(SeatId(seat)), ..ticket() }
}

pub(crate) fn order(channel: ChannelId, tickets: Vec<TicketRequest>) -> PlaceOrder {
    PlaceOrder {
        channel,
        seller: String::new(),
        buyer: None,
        holds: Vec::new(),
        tickets,
        items: Vec::new(),
        payment: Vec::new(),
        packs: Vec::new(),
        entitlements: Entitlements::default(),
    }
}

pub(crate) fn item(price: i64) -> ItemRequest {
    ItemRequest {
        kind: ItemKind::Product(SCARF),
        show: None,
        price: Amount(price),
        vat: Rate(200_000),
        stated_vat: None,
        ticket: None,
    }
}

pub(crate) fn leg(amount: i64) -> Leg {
    Leg { method: CARD, amount: Amount(amount) }
}

pub(crate) fn allocate(channel: ChannelId, count: u32) -> AllocateQuota {
    AllocateQuota { show: SHOW, zone: PIT, channel, places: Places::Count(count), returns_at: None }
}

pub(crate) fn allocate_seats(channel: ChannelId, seats: &[u32]) -> AllocateQuota {
    AllocateQuota { show: SHOW, zone: BALCONY, channel, places: places(seats), returns_at: None }
}

pub(crate) fn transfer(from: ChannelId, to: ChannelId, count: u32) -> TransferQuota {
    TransferQuota { show: SHOW, zone: PIT, from, to, places: Places::Count(count) }
}

pub(crate) fn places(seats: &[u32]) -> Places {
    Places::Seats(seats.iter().map(|seat| SeatId(*seat)).collect())
}

/// A hold of `count` places of the pit for a minute.
pub(crate) fn hold(channel: ChannelId, count: u32) -> PlaceHold {
    let places = Places::Count(count);
    PlaceHold { show: SHOW, zone: PIT, channel, places, expires_at: after(60), buyer: None }
}

pub(crate) fn hold_seats(channel: ChannelId, seats: &[u32]) -> PlaceHold {
    PlaceHold { zone: BALCONY, places: places(seats), ..hold(channel, 1) }
}

pub(crate) fn cancel(order: u64, tickets: &[u64]) -> CancelTickets {
    let tickets = tickets.iter().map(|id| TicketToCancel { ticket: TicketId(*id), fee_kept: false });
    CancelTickets {
        order: OrderId(order),
        tickets: tickets.collect(),
        items: Vec::new(),
        reason: CancelReason::Customer,
        refund: Vec::new(),
    }
}

pub(crate) fn reported() -> ReportedTicket {
    ReportedTicket {
        show: SHOW,
        zone: PIT,
        seat: None,
        tariff: FULL,
        price: Amount(2_000),
        fee: Amount::ZERO,
        vat: Rate(55_000),
        stated_vat: None,
        fee_vat: Rate::ZERO,
        pack: None,
        comp: None,
        replaces: None,
        codes: Vec::new(),
    }
}

pub(crate) fn report(channel: ChannelId, tickets: Vec<ReportedTicket>) -> ReportSale {
    ReportSale {
        source: ReportSource::Network,
        order: None,
        channel,
        seller: String::new(),
        buyer: None,
        tickets,
        items: Vec::new(),
        payment: Vec::new(),
    }
}

pub(crate) fn code(text: &str) -> CodeText {
    CodeText { text: text.into(), symbology: Symbology::Code128 }
}

pub(crate) fn scan(show: ShowId, code: &str) -> ReportScan {
    ReportScan {
        show,
        code: code.into(),
        gate: GATE,
        device: DEVICE,
        nonce: 1,
        direction: Direction::Entry,
        offline: false,
        decision: GateDecision::Admitted,
    }
}

/// Just before the clock: when most facts of the tests happened.
pub(crate) fn before() -> Timestamp {
    Timestamp(NOW.0 - 60_000_000)
}

/// The flags of a reported sale.
pub(crate) fn flags(events: &[Event]) -> Vec<Flag> {
    let flags = events.iter().find_map(|event| match event {
        Event::ExternalSaleReported(sale) => Some(sale.flags.clone()),
        _ => None,
    });
    flags.unwrap()
}

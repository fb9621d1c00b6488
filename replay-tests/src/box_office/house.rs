//! The venue that a run begins with, and the shows that it goes on with.

use anyhow::Result;
use soticket_schema::command::*;
use soticket_schema::event::v1::*;
use soticket_schema::*;

use super::Run;
use super::choose::Choice;

/// Free seating: 150 places on sale.
pub(super) const PIT: ZoneId = ZoneId(1);
/// 30 numbered seats.
pub(super) const BALCONY: ZoneId = ZoneId(2);
pub(super) const PIT_PLACES: u32 = 150;
pub(super) const SEATS: u32 = 30;
/// One place less than the zones have.
pub(super) const HALL_PLACES: u32 = PIT_PLACES + SEATS - 1;
/// The other hall: free seating, and numbered seats in another order.
pub(super) const FLOOR: ZoneId = ZoneId(3);
pub(super) const TIERS: ZoneId = ZoneId(4);
pub(super) const FLOOR_PLACES: u32 = 200;
pub(super) const TIER_SEATS: u32 = 34;
/// Site with a fee on top, box office, remote box office, network.
pub(super) const CHANNELS: [ChannelId; 4] = [ChannelId(1), ChannelId(2), ChannelId(3), ChannelId(4)];
pub(super) const CARD: MethodId = MethodId(1);
pub(super) const GIFT: MethodId = MethodId(2);
pub(super) const VOUCHER: MethodId = MethodId(3);
pub(super) const CASH: MethodId = MethodId(4);
pub(super) const MEMBERSHIP: ProductId = ProductId(1);
pub(super) const GIFT_CARD: ProductId = ProductId(2);
pub(super) const CARD_PRICE: Amount = Amount(2_500);
/// Tariffs of a show, in the order in which they are defined.
pub(super) const TARIFFS: [TariffKind; 5] =
    [TariffKind::Full, TariffKind::Reduced, TariffKind::Subscriber, TariffKind::Free, TariffKind::Pack];
/// Who sells on each of the channels.
pub(super) const SELLERS: [ActorId; 4] = [ActorId(1), ActorId(2), ActorId(3), ActorId(4)];
pub(super) const DEVICE: ActorId = ActorId(5);
/// Keeps tills and is bound to no channel.
pub(super) const CASHIER: ActorId = ActorId(6);
pub(super) const GATES: [GateId; 2] = [GateId(1), GateId(2)];
pub(super) const PARTIES: u32 = 2;
/// Why tickets are free; a prepaid one is none that counts.
pub(super) const COMPS: [CompReason; 3] = [CompReason::Press, CompReason::Artist, CompReason::Prepaid];
/// Rules for entry until others are set.
pub(super) const ENTRY: EntryRules = EntryRules {
    lead_minutes: 60,
    tail_minutes: 360,
    from: None,
    until: None,
    re_entry: ReEntry::AfterExit,
    passback_seconds: 0,
    admit_unpaid: false,
};
const DAY: i64 = 86_400_000_000;
const HOUR: i64 = DAY / 24;

/// Numbered seats of a zone; 0 for free seating.
pub(super) fn seats_of(zone: ZoneId) -> u32 {
    match zone {
        BALCONY => SEATS,
        TIERS => TIER_SEATS,
        _ => 0,
    }
}

/// Opens the house and its first shows.
pub(super) fn open(run: &mut Run) -> Result<()> {
    for body in definitions() {
        run.establish(body)?;
    }
    for _ in 0..3 {
        schedule(run)?;
    }
    Ok(())
}

fn definitions() -> Vec<CommandBody> {
    let parameters = OrganisationParameters {
        name: "Club".into(),
        siret: String::new(),
        vat_number: String::new(),
        licence: String::new(),
        time_zone: "Europe/Paris".into(),
        rounding: Rounding::Document,
        serial_scope: SerialScope::ShowTariffZone,
        day_cutoff_minutes: 300,
    };
    let opening = OpenOrganisation { mode: Mode::Demo, currency: Currency::EUR, parameters };
    let kinds =
        [ChannelKind::OwnSite, ChannelKind::BoxOffice, ChannelKind::RemoteBoxOffice, ChannelKind::Network];
    let channels = kinds.into_iter().zip([130, 0, 0, 180]).map(|(kind, fee)| {
        CommandBody::OpenChannel(OpenChannel {
            name: format!("{kind:?}"),
            kind,
            fee_on_top: Amount(fee),
            fee_vat: Rate(200_000),
            commission: None,
        })
    });
    let methods = [MethodKind::Card, MethodKind::GiftCard, MethodKind::Voucher, MethodKind::Cash];
    let methods = methods
        .into_iter()
        .map(|kind| CommandBody::DefineMethod(DefineMethod { name: format!("{kind:?}"), kind }));
    let products = [ProductKind::Card, ProductKind::GiftCard];
    let products = products
        .into_iter()
        .map(|kind| CommandBody::DefineProduct(DefineProduct { name: format!("{kind:?}"), kind }));
    let card = |validity, per_show, in_total| {
        let terms = CardTerms {
            name: "Card".into(),
            product: MEMBERSHIP,
            price: CARD_PRICE,
            validity,
            per_show,
            in_total,
        };
        CommandBody::DefineCardType(DefineCardType { terms })
    };
    let mut bodies = vec![CommandBody::OpenOrganisation(opening)];
    bodies.extend(halls().map(CommandBody::DefineHall));
    bodies.extend(channels.chain(methods).chain(products));
    bodies.extend(people());
    bodies.push(card(CardValidity::Days(20), 2, Some(5)));
    bodies.push(card(CardValidity::Days(40), 1, None));
    bodies
}

fn halls() -> [DefineHall; 2] {
    let zone = |name: &str, capacity, numbered: u32| NewZone {
        name: name.into(),
        capacity,
        seats: (0..numbered).map(|seat| format!("{name} {seat}")).collect(),
    };
    let hall =
        |name: &str, authorised_capacity, zones| DefineHall { name: name.into(), authorised_capacity, zones };
    [
        hall("Hall", HALL_PLACES, vec![zone("Pit", PIT_PLACES, 0), zone("Balcony", SEATS, SEATS)]),
        hall(
            "Theatre",
            FLOOR_PLACES + TIER_SEATS - 1,
            vec![zone("Floor", FLOOR_PLACES, 0), zone("Tiers", TIER_SEATS, TIER_SEATS)],
        ),
    ]
}

/// Whoever sells, scans and earns commissions.
fn people() -> Vec<CommandBody> {
    let actor = |kind, label: &str| CommandBody::RegisterActor(RegisterActor { kind, label: label.into() });
    let mut bodies = vec![
        actor(ActorKind::Token, "web shop"),
        actor(ActorKind::User, ""),
        actor(ActorKind::User, ""),
        actor(ActorKind::Token, "network"),
        actor(ActorKind::Device, "scanner"),
        actor(ActorKind::User, ""),
    ];
    let roles =
        [SellerRole::WebShop, SellerRole::BoxOffice, SellerRole::RemoteBoxOffice, SellerRole::Network];
    for ((assigned, role), channel) in SELLERS.into_iter().zip(roles).zip(CHANNELS) {
        bodies.push(CommandBody::AssignActor(AssignActor { assigned, role, channels: vec![channel] }));
    }
    bodies.extend(GATES.map(|gate| CommandBody::DefineGate(DefineGate { name: format!("Gate {gate}") })));
    bodies.extend((1..=PARTIES).map(|party| {
        let (siret, vat_number) = (String::new(), String::new());
        CommandBody::RegisterParty(RegisterParty { name: format!("Party {party}"), siret, vat_number })
    }));
    bodies
}

/// A further show with its tariffs, open for sale, and a pack of it and the two before.
pub(super) fn schedule(run: &mut Run) -> Result<()> {
    let number = run.books.last_show() + 1;
    let now = run.now();
    // Its doors open while it still sells, so that gates and sales meet.
    let after = |hours: i64| Timestamp(now.0 + hours * HOUR);
    run.establish(CommandBody::ScheduleShow(ScheduleShow {
        reference: format!("S-{number}"),
        title: "Concert".into(),
        hall: HallId(1),
        zones: vec![
            ZoneOnSale { zone: PIT, on_sale: PIT_PLACES },
            ZoneOnSale { zone: BALCONY, on_sale: SEATS },
        ],
        starts_at: after(9),
        doors_at: after(8),
        sale_from: now,
        sale_until: after(14),
        territory: "FR-metropole".into(),
    }))?;
    let show = ShowId(number);
    for kind in TARIFFS {
        run.establish(CommandBody::DefineTariff(DefineTariff { show, terms: terms(kind, number) }))?;
    }
    run.establish(CommandBody::OpenShow(OpenShow { show }))?;
    if number >= 3 {
        let pick = run.random().chance(50).then_some(2);
        let shows = (number - 2..=number).map(|number| PackShow {
            show: ShowId(number),
            zone: run.books.shows.free_zone(ShowId(number)).unwrap_or(PIT),
            tariff: tariff(ShowId(number), TariffKind::Pack),
            weight: 1 + i64::try_from(number % 7).unwrap_or(0) * 3,
        });
        let terms = PackTerms {
            name: "Pass".into(),
            price: Amount(4_001),
            shows: shows.collect(),
            pick,
            channels: Vec::new(),
            sale_until: None,
        };
        // One of the shows may have been called off.
        let body = CommandBody::DefinePack(DefinePack { terms });
        run.submit(Choice { body, fact: false, actor: ActorId(0) })?;
    }
    Ok(())
}

fn terms(kind: TariffKind, show: u64) -> TariffTerms {
    let cents = i64::try_from(show % 90).unwrap_or(0);
    let (pit, balcony) = match kind {
        TariffKind::Full => (2_000 + cents, Some(3_100 + cents)),
        TariffKind::Reduced => (1_500 + cents, None),
        TariffKind::Subscriber => (1_200 + cents, Some(2_000)),
        TariffKind::Free => (0, Some(0)),
        TariffKind::Pack => (1_900, None),
    };
    let price = |zone, price| ZonePrice { zone, price: Amount(price) };
    let mut prices = vec![price(PIT, pit)];
    prices.extend(balcony.map(|balcony| price(BALCONY, balcony)));
    TariffTerms {
        name: format!("{kind:?}"),
        kind,
        prices,
        vat: Rate(55_000),
        channels: Vec::new(),
        reasons: if kind == TariffKind::Free { COMPS.to_vec() } else { Vec::new() },
    }
}

/// The tariff of a kind: every show defines them in the same order.
pub(super) fn tariff(show: ShowId, kind: TariffKind) -> TariffId {
    let place = TARIFFS.iter().position(|known| *known == kind).unwrap_or(0);
    let before = (show.0 - 1) * TARIFFS.len() as u64;
    TariffId(u32::try_from(before + place as u64 + 1).unwrap_or(u32::MAX))
}

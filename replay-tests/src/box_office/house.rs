//! The venue that a run begins with, and the shows that it goes on with.

use anyhow::Result;
use soticket_schema::command::*;
use soticket_schema::event::v1::*;
use soticket_schema::*;

use super::Run;

/// Free seating: 150 places on sale.
pub(super) const PIT: ZoneId = ZoneId(1);
/// 30 numbered seats.
pub(super) const BALCONY: ZoneId = ZoneId(2);
pub(super) const PIT_PLACES: u32 = 150;
pub(super) const SEATS: u32 = 30;
/// One place less than the zones have.
pub(super) const HALL_PLACES: u32 = PIT_PLACES + SEATS - 1;
/// Site with a fee on top, box office, remote box office, network.
pub(super) const CHANNELS: [ChannelId; 4] = [ChannelId(1), ChannelId(2), ChannelId(3), ChannelId(4)];
pub(super) const CARD: MethodId = MethodId(1);
pub(super) const GIFT: MethodId = MethodId(2);
pub(super) const VOUCHER: MethodId = MethodId(3);
pub(super) const MEMBERSHIP: ProductId = ProductId(1);
pub(super) const GIFT_CARD: ProductId = ProductId(2);
pub(super) const CARD_PRICE: Amount = Amount(2_500);
/// Tariffs of a show, in the order in which they are defined.
pub(super) const TARIFFS: [TariffKind; 5] =
    [TariffKind::Full, TariffKind::Reduced, TariffKind::Subscriber, TariffKind::Free, TariffKind::Pack];
const DAY: i64 = 86_400_000_000;

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
    let zone = |name: &str, capacity, seats| NewZone { name: name.into(), capacity, seats };
    let seats = (0..SEATS).map(|seat| format!("B{seat}")).collect();
    let hall = DefineHall {
        name: "Hall".into(),
        authorised_capacity: HALL_PLACES,
        zones: vec![zone("Pit", PIT_PLACES, Vec::new()), zone("Balcony", SEATS, seats)],
    };
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
    let methods = [MethodKind::Card, MethodKind::GiftCard, MethodKind::Voucher];
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
    let mut bodies = vec![CommandBody::OpenOrganisation(opening), CommandBody::DefineHall(hall)];
    bodies.extend(channels.chain(methods).chain(products));
    bodies.push(card(CardValidity::Days(20), 2, Some(5)));
    bodies.push(card(CardValidity::Days(40), 1, None));
    bodies
}

/// A further show with its tariffs, open for sale, and a pack of it and the two before.
pub(super) fn schedule(run: &mut Run) -> Result<()> {
    let number = run.books.last_show() + 1;
    let now = run.now();
    let after = |days: i64| Timestamp(now.0 + days * DAY);
    run.establish(CommandBody::ScheduleShow(ScheduleShow {
        reference: format!("S-{number}"),
        title: "Concert".into(),
        hall: HallId(1),
        zones: vec![
            ZoneOnSale { zone: PIT, on_sale: PIT_PLACES },
            ZoneOnSale { zone: BALCONY, on_sale: SEATS },
        ],
        starts_at: after(61),
        doors_at: after(60),
        sale_from: now,
        sale_until: after(50),
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
            zone: PIT,
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
        run.establish(CommandBody::DefinePack(DefinePack { terms }))?;
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
        reasons: if kind == TariffKind::Free { vec![CompReason::Press] } else { Vec::new() },
    }
}

/// The tariff of a kind: every show defines them in the same order.
pub(super) fn tariff(show: ShowId, kind: TariffKind) -> TariffId {
    let place = TARIFFS.iter().position(|known| *known == kind).unwrap_or(0);
    let before = (show.0 - 1) * TARIFFS.len() as u64;
    TariffId(u32::try_from(before + place as u64 + 1).unwrap_or(u32::MAX))
}

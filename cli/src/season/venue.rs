//! What the season is played in: halls, channels, ways of paying, shows with their tariffs, packs and cards.

use soticket_schema::command::*;
use soticket_schema::event::v1::*;
use soticket_schema::*;

use super::days::{self, ON_SALE_DAYS};
use super::driver::Driver;
use super::terms;
use crate::failure::Failure;

/// Shows of the season; halls take turns.
pub(super) const SHOWS: u64 = 24;
pub(super) const SITE: ChannelId = ChannelId(1);
pub(super) const BOX_OFFICE: ChannelId = ChannelId(2);
pub(super) const TOURIST_OFFICE: ChannelId = ChannelId(3);
/// Networks, with the fee that each charges on top.
pub(super) const NETWORKS: [(ChannelId, Amount); 2] =
    [(ChannelId(4), Amount(180)), (ChannelId(5), Amount(240))];
/// What the site itself puts on a paid ticket.
const SITE_OWN_FEE: Amount = Amount(120);
/// What the house's service charges on top there: it stays due when a ticket is given back.
pub(super) const SITE_SERVICE: Amount = Amount(60);
/// All that a buyer pays on top on the site.
pub(super) const SITE_FEE: Amount = Amount(SITE_OWN_FEE.0 + SITE_SERVICE.0);
pub(super) const CARD: MethodId = MethodId(1);
pub(super) const CASH: MethodId = MethodId(2);
pub(super) const GIFT: MethodId = MethodId(3);
pub(super) const DEBIT: MethodId = MethodId(4);
pub(super) const MEMBERSHIP: ProductId = ProductId(1);
pub(super) const GIFT_CARD: ProductId = ProductId(2);
pub(super) const CARD_PRICE: Amount = Amount(3_000);
pub(super) const SEASON_CARD: CardTypeId = CardTypeId(1);
pub(super) const GATES: u32 = 3;

/// Halls: name, authorised capacity, places without a number, numbered seats.
const HALLS: [(&str, u32, u32, u32); 3] =
    [("Grande salle", 2_000, 1_700, 320), ("Club", 880, 900, 0), ("Théâtre", 1_200, 420, 780)];
/// Tariffs of a show: name, kind, share of the full price in percent.
const TARIFFS: [(&str, TariffKind, i64); 5] = [
    ("Plein", TariffKind::Full, 100),
    ("Réduit", TariffKind::Reduced, 80),
    ("Abonné", TariffKind::Subscriber, 65),
    ("Exonéré", TariffKind::Free, 0),
    ("Pass", TariffKind::Pack, 90),
];

/// A show of the season.
#[derive(Debug, Clone)]
pub(super) struct SeasonShow {
    pub(super) show: ShowId,
    /// Its place in the season, from 0.
    pub(super) place: u64,
    /// The day on which it takes place.
    pub(super) day: u64,
    /// Whether it does not take place.
    pub(super) called_off: bool,
    /// Places without a number, and how many there are.
    pub(super) standing: (ZoneId, u32),
    /// Numbered seats, if the hall has any.
    pub(super) seated: Option<(ZoneId, u32)>,
    /// Full price of a place without a number; a numbered seat costs 6.00 more.
    pub(super) price: Amount,
}

impl SeasonShow {
    /// The tariff of a kind: every show defines them in the same order.
    pub(super) fn tariff(&self, kind: TariffKind) -> TariffId {
        let place = TARIFFS.iter().position(|(_, known, _)| *known == kind).unwrap_or(0);
        TariffId(u32::try_from(self.place * TARIFFS.len() as u64 + place as u64 + 1).unwrap_or(0))
    }

    /// What a ticket costs.
    pub(super) fn price_of(&self, kind: TariffKind, seated: bool) -> Amount {
        let share = TARIFFS.iter().find(|(_, known, _)| *known == kind).map_or(100, |(_, _, share)| *share);
        let full = self.price.0 + if seated { 600 } else { 0 };
        Amount(full * share / 100)
    }
}

/// The venue with its shows.
pub(super) struct Venue {
    pub(super) shows: Vec<SeasonShow>,
}

impl Venue {
    /// Defines everything, in an order that gives the numbers above.
    pub(super) fn open(driver: &mut Driver<'_>) -> Result<Self, Failure> {
        driver.need("season/organisation", opening())?;
        let mut zones = Vec::new();
        for (place, (name, capacity, standing, seats)) in HALLS.into_iter().enumerate() {
            let first =
                u32::try_from(zones.len()).unwrap_or(0) + zones.iter().map(|(_, more)| *more).sum::<u32>();
            driver.need(&format!("season/hall/{place}"), hall(name, capacity, standing, seats))?;
            zones.push((ZoneId(first + 1), u32::from(seats > 0)));
        }
        for (place, body) in definitions().into_iter().enumerate() {
            driver.need(&format!("season/definition/{place}"), body)?;
        }
        let shows: Vec<SeasonShow> = (0..SHOWS)
            .filter_map(|place| {
                let hall = usize::try_from(place % HALLS.len() as u64).ok()?;
                let ((_, _, standing, seats), (zone, _)) = (HALLS.get(hall)?, zones.get(hall)?);
                Some(SeasonShow {
                    show: ShowId(place + 1),
                    place,
                    day: days::day_of(place),
                    called_off: false,
                    standing: (*zone, *standing),
                    seated: (*seats > 0).then_some((ZoneId(zone.0 + 1), *seats)),
                    price: Amount(1_800 + i64::try_from(place * 7 % 10).unwrap_or(0) * 150),
                })
            })
            .collect();
        for show in &shows {
            schedule(driver, show)?;
        }
        for pair in shows.chunks_exact(6) {
            driver.need(&format!("season/pack/{}", pair[0].place), pack(pair))?;
        }
        Ok(Self { shows })
    }
}

fn opening() -> CommandBody {
    let parameters = OrganisationParameters {
        name: "Les Trois Salles (saison de démonstration)".into(),
        siret: "00000000000000".into(),
        vat_number: "FR00000000000".into(),
        licence: "PLATESV-EXEMPLE".into(),
        time_zone: "Europe/Paris".into(),
        rounding: Rounding::Document,
        serial_scope: SerialScope::ShowTariffZone,
        day_cutoff_minutes: 300,
    };
    CommandBody::OpenOrganisation(OpenOrganisation { mode: Mode::Demo, currency: Currency::EUR, parameters })
}

fn hall(name: &str, authorised_capacity: u32, standing: u32, seats: u32) -> CommandBody {
    let mut zones = vec![NewZone { name: "Placement libre".into(), capacity: standing, seats: Vec::new() }];
    if seats > 0 {
        let labels = (0..seats).map(|seat| {
            let row = char::from(b'A' + u8::try_from(seat / 40).unwrap_or(0));
            format!("{row}{}", seat % 40 + 1)
        });
        zones.push(NewZone { name: "Numéroté".into(), capacity: seats, seats: labels.collect() });
    }
    CommandBody::DefineHall(DefineHall { name: name.into(), authorised_capacity, zones })
}

fn definitions() -> Vec<CommandBody> {
    let channel = |name: &str, kind, fee| {
        CommandBody::OpenChannel(OpenChannel {
            name: name.into(),
            kind,
            fee_on_top: fee,
            fee_vat: Rate(200_000),
            commission: None,
        })
    };
    let method = |name: &str, kind| CommandBody::DefineMethod(DefineMethod { name: name.into(), kind });
    let product = |name: &str, kind| CommandBody::DefineProduct(DefineProduct { name: name.into(), kind });
    let mut bodies = vec![
        channel("Site", ChannelKind::OwnSite, SITE_OWN_FEE),
        channel("Guichet", ChannelKind::BoxOffice, Amount::ZERO),
        channel("Office de tourisme", ChannelKind::RemoteBoxOffice, Amount::ZERO),
        channel("Fnac", ChannelKind::Network, Amount::ZERO),
        channel("Ticketmaster", ChannelKind::Network, Amount::ZERO),
        method("Carte bancaire", MethodKind::Card),
        method("Espèces", MethodKind::Cash),
        method("Carte cadeau", MethodKind::GiftCard),
        method("Prélèvement", MethodKind::DirectDebit),
        product("Carte d'abonné", ProductKind::Card),
        product("Carte cadeau", ProductKind::GiftCard),
        CommandBody::DefineCardType(DefineCardType {
            terms: CardTerms {
                name: "Abonnement 2025-2026".into(),
                product: MEMBERSHIP,
                price: CARD_PRICE,
                validity: CardValidity::Season { from: days::at(0, 0), until: days::at(days::DAYS, 0) },
                per_show: 2,
                in_total: Some(12),
            },
        }),
    ];
    bodies.extend(
        (1..=GATES).map(|gate| CommandBody::DefineGate(DefineGate { name: format!("Porte {gate}") })),
    );
    bodies.extend(terms::people());
    bodies.extend(terms::commissions());
    bodies.push(terms::provider_plan());
    bodies.extend(terms::gates());
    bodies
}

fn schedule(driver: &mut Driver<'_>, show: &SeasonShow) -> Result<(), Failure> {
    let day = show.day;
    let key = |what: &str| format!("season/show/{}/{what}", show.place);
    let on_sale = |(zone, on_sale): (ZoneId, u32)| ZoneOnSale { zone, on_sale };
    let first = day.saturating_sub(ON_SALE_DAYS);
    driver.need(
        &key("schedule"),
        CommandBody::ScheduleShow(ScheduleShow {
            reference: format!("TS-{:02}", show.place + 1),
            title: format!("Concert {}", show.place + 1),
            hall: HallId(u32::try_from(show.place % HALLS.len() as u64 + 1).unwrap_or(1)),
            zones: std::iter::once(show.standing).chain(show.seated).map(on_sale).collect(),
            starts_at: days::at(day, 20 * 60 + 30),
            doors_at: days::at(day, 19 * 60 + 30),
            sale_from: days::at(first, 8 * 60),
            sale_until: days::at(day, 20 * 60 + 30),
            territory: "FR-metropole".into(),
        }),
    )?;
    for (place, (name, kind, _)) in TARIFFS.into_iter().enumerate() {
        let price = |zone, seated| ZonePrice { zone, price: show.price_of(kind, seated) };
        let mut prices = vec![price(show.standing.0, false)];
        prices.extend(show.seated.map(|(zone, _)| price(zone, true)));
        let free = kind == TariffKind::Free;
        let terms = TariffTerms {
            name: name.into(),
            kind,
            prices,
            vat: Rate(55_000),
            channels: Vec::new(),
            reasons: if free { vec![CompReason::Press, CompReason::Artist] } else { Vec::new() },
        };
        let define = DefineTariff { show: show.show, terms };
        driver.need(&key(&format!("tariff/{place}")), CommandBody::DefineTariff(define))?;
    }
    let quotas = [(TOURIST_OFFICE, 25), (NETWORKS[0].0, 5), (NETWORKS[1].0, 8)];
    for (channel, part) in quotas {
        let places = Places::Count(show.standing.1 / part);
        let allocate = AllocateQuota {
            show: show.show,
            zone: show.standing.0,
            channel,
            places,
            returns_at: Some(days::at(day, 18 * 60)),
        };
        driver.need(&key(&format!("quota/{channel}")), CommandBody::AllocateQuota(allocate))?;
    }
    driver.need(&key("comps"), terms::comp_limits(show.show))?;
    driver.need(&key("open"), CommandBody::OpenShow(OpenShow { show: show.show }))?;
    Ok(())
}

/// The first two of six shows at one price.
fn pack(shows: &[SeasonShow]) -> CommandBody {
    let offered = shows.iter().take(2).map(|show| PackShow {
        show: show.show,
        zone: show.standing.0,
        tariff: show.tariff(TariffKind::Pack),
        weight: show.price.0,
    });
    let price: i64 = shows.iter().take(2).map(|show| show.price.0).sum();
    CommandBody::DefinePack(DefinePack {
        terms: PackTerms {
            name: "Pass 2 concerts".into(),
            price: Amount(price * 85 / 100),
            shows: offered.collect(),
            pick: None,
            channels: Vec::new(),
            sale_until: None,
        },
    })
}

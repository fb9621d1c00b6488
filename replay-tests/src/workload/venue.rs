//! What a venue defines before it sells. Keys are fixed, so that setting up again replays and adds nothing.

use anyhow::{Context, Result};
use soticket_ledger::{Ledger, Receipt};
use soticket_schema::command::*;
use soticket_schema::event::Event;
use soticket_schema::event::v1::*;
use soticket_schema::ids::*;
use soticket_schema::money::{Amount, Currency, Rate, Rounding};
use soticket_schema::time::Timestamp;

/// Face price of every ticket.
pub const PRICE: Amount = Amount(2_400);
/// Fee on top on the second channel.
pub const FEE: Amount = Amount(180);
/// How large a venue is.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    /// Places of the free-seating zone.
    pub free: u32,
    /// Seats of the numbered zone.
    pub seats: u32,
    /// Places that the hall may hold at once.
    pub authorised: u32,
    /// Places of the first channel's quota in the free-seating zone.
    pub quota: u32,
}

impl Size {
    /// Hardly ever full.
    pub const LARGE: Self = Self { free: 200_000, seats: 40, authorised: 200_040, quota: 100_000 };
}

/// The numbers of a venue that is set up.
#[derive(Debug, Clone)]
pub struct Venue {
    /// The organisation.
    pub organisation: OrganisationId,
    /// A channel with a quota, and one that sells from the pool.
    pub channels: [ChannelId; 2],
    /// The free-seating zone and the numbered one.
    pub zones: [ZoneId; 2],
    /// A show on sale for ever.
    pub show: ShowId,
    /// Its tariff.
    pub tariff: TariffId,
    /// The one way of paying.
    pub method: MethodId,
    /// The gate.
    pub gate: GateId,
    /// The scanner.
    pub device: ActorId,
}

/// Finds the number that a receipt's events assigned.
macro_rules! assigned {
    ($receipt:expr, $kind:ident, $field:ident) => {
        $receipt
            .entries()
            .iter()
            .find_map(|entry| match &entry.event {
                Event::$kind(event) => Some(event.$field),
                _ => None,
            })
            .context(concat!("no ", stringify!($kind), " in the receipt"))?
    };
}

impl Venue {
    /// Sets the venue of this number up, or finds it as it was set up before.
    ///
    /// # Errors
    /// The ledger refuses, which it should not.
    pub fn set_up(ledger: &Ledger, number: u8) -> Result<Self> {
        Self::set_up_sized(ledger, number, Size::LARGE)
    }

    /// As [`Self::set_up`], of another size.
    ///
    /// # Errors
    /// As [`Self::set_up`].
    pub fn set_up_sized(ledger: &Ledger, number: u8, size: Size) -> Result<Self> {
        let organisation = OrganisationId([number; 16]);
        let submit = |key: &str, body: CommandBody| {
            let command = Command {
                organisation,
                actor: ActorId(0),
                key: format!("setup-{key}"),
                occurred_at: None,
                body,
            };
            ledger.submit_blocking(command).with_context(|| format!("setting up: {key}"))
        };
        submit("organisation", CommandBody::OpenOrganisation(open_organisation(number)))?;
        let scanner = RegisterActor { kind: ActorKind::Device, label: "scan-A1".into() };
        let device =
            assigned!(submit("device", CommandBody::RegisterActor(scanner))?, ActorRegistered, actor);
        let hall = submit("hall", CommandBody::DefineHall(define_hall(size)))?;
        let zones = zones(&hall)?;
        let hall = assigned!(hall, HallDefined, hall);
        let gate = submit("gate", CommandBody::DefineGate(DefineGate { name: "Entrée".into() }))?;
        let open = |key: &str, fee: Amount| submit(key, CommandBody::OpenChannel(open_channel(key, fee)));
        let own = assigned!(open("own", Amount::ZERO)?, ChannelOpened, channel);
        let desk = assigned!(open("desk", FEE)?, ChannelOpened, channel);
        let card = DefineMethod { name: "card".into(), kind: MethodKind::Card };
        let method = assigned!(submit("method", CommandBody::DefineMethod(card))?, MethodDefined, method);
        let show = submit("show", CommandBody::ScheduleShow(schedule_show(hall, zones, size)))?;
        let show = assigned!(show, ShowScheduled, show);
        let tariff = DefineTariff { show, terms: terms(zones) };
        let tariff = assigned!(submit("tariff", CommandBody::DefineTariff(tariff))?, TariffDefined, tariff);
        submit("open", CommandBody::OpenShow(OpenShow { show }))?;
        let places = Places::Count(size.quota);
        let quota = AllocateQuota { show, zone: zones[0], channel: own, places, returns_at: None };
        submit("quota", CommandBody::AllocateQuota(quota))?;
        let gate = assigned!(gate, GateDefined, gate);
        Ok(Self { organisation, channels: [own, desk], zones, show, tariff, method, gate, device })
    }

    /// What a ticket costs on a channel, fee included.
    pub fn total(&self, channel: ChannelId) -> Amount {
        if channel == self.channels[0] { PRICE } else { PRICE + FEE }
    }
}

fn zones(hall: &Receipt) -> Result<[ZoneId; 2]> {
    let zones: Vec<ZoneId> = hall
        .entries()
        .iter()
        .filter_map(|entry| match &entry.event {
            Event::ZoneDefined(event) => Some(event.zone),
            _ => None,
        })
        .collect();
    zones.try_into().ok().context("the hall does not have two zones")
}

fn open_organisation(number: u8) -> OpenOrganisation {
    OpenOrganisation {
        mode: Mode::Demo,
        currency: Currency(978),
        parameters: OrganisationParameters {
            name: format!("Salle {number}"),
            siret: String::new(),
            vat_number: String::new(),
            licence: String::new(),
            time_zone: "Europe/Paris".into(),
            rounding: Rounding::Document,
            serial_scope: SerialScope::ShowTariffZone,
            day_cutoff_minutes: 300,
        },
    }
}

fn define_hall(size: Size) -> DefineHall {
    let seats: Vec<String> = (1..=size.seats).map(|number| format!("A{number}")).collect();
    let free = NewZone { name: "Debout".into(), capacity: size.free, seats: Vec::new() };
    let numbered = NewZone { name: "Balcon".into(), capacity: size.seats, seats };
    let authorised_capacity = size.authorised;
    DefineHall { name: "Grande salle".into(), authorised_capacity, zones: vec![free, numbered] }
}

fn open_channel(name: &str, fee_on_top: Amount) -> OpenChannel {
    let kind = ChannelKind::BoxOffice;
    OpenChannel { name: name.into(), kind, fee_on_top, fee_vat: Rate(200_000), commission: None }
}

fn schedule_show(hall: HallId, zones: [ZoneId; 2], size: Size) -> ScheduleShow {
    ScheduleShow {
        reference: "S-1".into(),
        title: "Fanfare".into(),
        hall,
        zones: vec![
            ZoneOnSale { zone: zones[0], on_sale: size.free },
            ZoneOnSale { zone: zones[1], on_sale: size.seats },
        ],
        starts_at: Timestamp::LATEST,
        doors_at: Timestamp::LATEST,
        sale_from: Timestamp::EARLIEST,
        sale_until: Timestamp::LATEST,
        territory: "FR-metropole".into(),
    }
}

fn terms(zones: [ZoneId; 2]) -> TariffTerms {
    TariffTerms {
        name: "Plein".into(),
        kind: TariffKind::Full,
        prices: zones.iter().map(|&zone| ZonePrice { zone, price: PRICE }).collect(),
        vat: Rate(55_000),
        channels: Vec::new(),
        reasons: Vec::new(),
    }
}

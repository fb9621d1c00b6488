//! The commands that set the organisation up, and the numbers that they gave.

use anyhow::{Context, Result};
use soticket_schema::command::{
    AllocateQuota, CommandBody, DefineGate, DefineHall, DefineMethod, DefineTariff, NewZone, OpenChannel,
    OpenOrganisation, OpenShow, RegisterActor, ScheduleShow,
};
use soticket_schema::event::v1::{
    ActorKind, ChannelKind, MethodKind, Mode, OrganisationParameters, Places, SerialScope, TariffKind,
    TariffTerms, ZoneOnSale, ZonePrice,
};
use soticket_schema::ids::{ActorId, GateId, HallId, MethodId, ShowId, ZoneId};
use soticket_schema::limits::CAPACITY_MAX;
use soticket_schema::{Amount, Command, Currency, Event, Rate, Rounding, Timestamp};

use super::world::{Channel, Show, Size, Tariff};
use super::{ORGANISATION, Sink};

/// Names of the zones of every hall.
const ZONES: [&str; 2] = ["floor", "balcony"];
/// First performance: far enough away that every sale is before it, whatever the machine's clock says.
const FIRST_SHOW: &str = "2100-06-01T18:30:00Z";
const DAY: i64 = 86_400_000_000;

/// Submits the set-up's commands one after the other.
pub(super) struct Setup<'a> {
    sink: &'a mut dyn Sink,
    commands: u64,
    /// Who asks; 0 until the organisation has an actor.
    pub(super) actor: ActorId,
}

impl<'a> Setup<'a> {
    pub(super) fn new(sink: &'a mut dyn Sink) -> Self {
        Self { sink, commands: 0, actor: ActorId(0) }
    }

    pub(super) fn submit(&mut self, body: CommandBody) -> Result<Vec<Event>> {
        self.commands += 1;
        let key = format!("setup-{}", self.commands);
        self.sink.submit(Command {
            organisation: ORGANISATION,
            actor: self.actor,
            key,
            occurred_at: None,
            body,
        })
    }

    /// Submits and picks what was asked for out of the events.
    fn made<T>(&mut self, body: CommandBody, pick: impl Fn(&Event) -> Option<T>) -> Result<T> {
        self.submit(body)?.iter().find_map(pick).context("a set-up command gave other events than expected")
    }

    pub(super) fn actor(&mut self, kind: ActorKind, label: &str) -> Result<ActorId> {
        self.made(CommandBody::RegisterActor(RegisterActor { kind, label: label.to_owned() }), |event| {
            match event {
                Event::ActorRegistered(event) => Some(event.actor),
                _ => None,
            }
        })
    }

    pub(super) fn gate(&mut self, number: usize) -> Result<GateId> {
        self.made(CommandBody::DefineGate(DefineGate { name: format!("gate {number}") }), |event| match event
        {
            Event::GateDefined(event) => Some(event.gate),
            _ => None,
        })
    }

    pub(super) fn method(&mut self, name: &str, kind: MethodKind) -> Result<MethodId> {
        self.made(
            CommandBody::DefineMethod(DefineMethod { name: name.to_owned(), kind }),
            |event| match event {
                Event::MethodDefined(event) => Some(event.method),
                _ => None,
            },
        )
    }

    pub(super) fn channel(
        &mut self,
        name: &str,
        kind: ChannelKind,
        fee: i64,
        quota: bool,
    ) -> Result<Channel> {
        let body = CommandBody::OpenChannel(OpenChannel {
            name: name.to_owned(),
            kind,
            fee_on_top: Amount(fee),
            fee_vat: Rate(200_000),
            commission: None,
        });
        let id = self.made(body, |event| match event {
            Event::ChannelOpened(event) => Some(event.channel),
            _ => None,
        })?;
        Ok(Channel { id, fee: Amount(fee), quota })
    }

    pub(super) fn hall(&mut self, number: usize, size: Size) -> Result<(HallId, Vec<ZoneId>)> {
        let zone =
            |name: &str| NewZone { name: name.to_owned(), capacity: size.zone_places, seats: Vec::new() };
        let body = CommandBody::DefineHall(DefineHall {
            name: format!("hall {}", number + 1),
            authorised_capacity: size.zone_places.saturating_mul(ZONES.len() as u32).min(CAPACITY_MAX),
            zones: ZONES.into_iter().map(zone).collect(),
        });
        let events = self.submit(body)?;
        let hall = events.iter().find_map(|event| match event {
            Event::HallDefined(event) => Some(event.hall),
            _ => None,
        });
        let zones = events.iter().filter_map(|event| match event {
            Event::ZoneDefined(event) => Some(event.zone),
            _ => None,
        });
        Ok((hall.context("no hall was defined")?, zones.collect()))
    }

    pub(super) fn show(
        &mut self,
        number: usize,
        (hall, zones): &(HallId, Vec<ZoneId>),
        channels: &[Channel],
        size: Size,
    ) -> Result<Show> {
        let starts_at = Timestamp(Timestamp::parse(FIRST_SHOW)?.0 + number as i64 * DAY / 8);
        let on_sale = |zone: &ZoneId| ZoneOnSale { zone: *zone, on_sale: size.zone_places };
        let body = CommandBody::ScheduleShow(ScheduleShow {
            reference: format!("B-{number:06}"),
            title: format!("Concert {number}"),
            hall: *hall,
            zones: zones.iter().map(on_sale).collect(),
            starts_at,
            doors_at: Timestamp(starts_at.0 - DAY / 24),
            sale_from: Timestamp::EARLIEST,
            sale_until: starts_at,
            territory: "FR-metropole".to_owned(),
        });
        let show = self.made(body, |event| match event {
            Event::ShowScheduled(event) => Some(event.show),
            _ => None,
        })?;
        let tariffs = [("full", TariffKind::Full, 2_400), ("reduced", TariffKind::Reduced, 1_800)]
            .into_iter()
            .map(|(name, kind, price)| self.tariff(show, zones, name, kind, price))
            .collect::<Result<_>>()?;
        for channel in channels.iter().filter(|channel| channel.quota) {
            for zone in zones {
                let places = Places::Count(size.zone_places / 10 * 3);
                let quota =
                    AllocateQuota { show, zone: *zone, channel: channel.id, places, returns_at: None };
                self.submit(CommandBody::AllocateQuota(quota))?;
            }
        }
        self.submit(CommandBody::OpenShow(OpenShow { show }))?;
        Ok(Show { id: show, zones: zones.clone(), tariffs })
    }

    fn tariff(
        &mut self,
        show: ShowId,
        zones: &[ZoneId],
        name: &str,
        kind: TariffKind,
        price: i64,
    ) -> Result<Tariff> {
        let terms = TariffTerms {
            name: name.to_owned(),
            kind,
            prices: zones.iter().map(|zone| ZonePrice { zone: *zone, price: Amount(price) }).collect(),
            vat: Rate(55_000),
            channels: Vec::new(),
            reasons: Vec::new(),
        };
        let id = self.made(CommandBody::DefineTariff(DefineTariff { show, terms }), |event| match event {
            Event::TariffDefined(event) => Some(event.tariff),
            _ => None,
        })?;
        Ok(Tariff { id, price: Amount(price) })
    }
}

pub(super) fn open_organisation() -> CommandBody {
    CommandBody::OpenOrganisation(OpenOrganisation {
        mode: Mode::Training,
        currency: Currency::EUR,
        parameters: OrganisationParameters {
            name: "Benchmark".to_owned(),
            siret: String::new(),
            vat_number: String::new(),
            licence: String::new(),
            time_zone: "Europe/Paris".to_owned(),
            rounding: Rounding::Document,
            serial_scope: SerialScope::ShowTariffZone,
            day_cutoff_minutes: 0,
        },
    })
}

//! What the ledger knows of the venue that a network's file is about, by the names that the file uses.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use soticket_projections::OrganisationViews;
use soticket_projections::catalogue::{ShowInfo, TariffInfo};
use soticket_schema::event::v1::MethodKind;
use soticket_schema::{ChannelId, Currency, MethodId, OrganisationId, Rate, ShowId, TariffId, ZoneId};

use super::mapping::Mapping;
use crate::import::refusal::{Fault, Place, Refusal, quoted};

/// The venue, as far as lines of a file name it.
#[derive(Debug)]
pub(super) struct Venue {
    pub(super) organisation: OrganisationId,
    pub(super) name: String,
    pub(super) currency: Currency,
    pub(super) time_zone: TimeZone,
    pub(super) channel: ChannelId,
    pub(super) channel_name: String,
    pub(super) fee_vat: Rate,
    /// How the network collects; none for sales that stay unpaid.
    pub(super) method: Option<MethodId>,
    pub(super) shows: Vec<ShowInfo>,
    /// Zones by number, with name and labels of the seats.
    pub(super) zones: BTreeMap<ZoneId, (String, Vec<String>)>,
}

impl Venue {
    /// What the read models say. `channel` is the channel that the command line names.
    ///
    /// # Errors
    /// Channel, way of paying or time zone of the mapping are not the venue's.
    pub(super) fn of(
        organisation: OrganisationId,
        views: &OrganisationViews,
        mapping: &Mapping,
        channel: Option<&str>,
    ) -> Result<Self, Refusal> {
        let place = Place::default();
        let catalogue = &views.catalogue;
        let info = catalogue.organisation();
        let info = info.ok_or_else(|| place.refuse(Fault::OrganisationUnknown, organisation.to_string()))?;
        let name = channel.or(mapping.channel.as_deref()).ok_or_else(|| {
            place.refuse(Fault::ChannelUnknown, "neither the mapping nor the command line names one")
        })?;
        let found = catalogue.channels().find(|known| known.opened.name == name);
        let found = found.ok_or_else(|| place.refuse(Fault::ChannelUnknown, quoted(name)))?;
        let zone = mapping.time_zone.as_deref().unwrap_or(&info.parameters.time_zone);
        let time_zone = TimeZone::get(zone)
            .map_err(|_| place.refuse(Fault::MappingInvalid, format!("time_zone: {}", quoted(zone))))?;
        let zones = catalogue.halls().flat_map(|hall| &hall.zones).filter_map(|zone| {
            let info = catalogue.zone(*zone)?;
            Some((*zone, (info.name.clone(), info.seats.clone())))
        });
        Ok(Self {
            organisation,
            name: info.parameters.name.clone(),
            currency: info.currency,
            time_zone,
            channel: found.opened.channel,
            channel_name: found.opened.name.clone(),
            fee_vat: found.opened.fee_vat,
            method: method(views, mapping)?,
            shows: catalogue.shows().cloned().collect(),
            zones: zones.collect(),
        })
    }

    /// A show.
    pub(super) fn show(&self, show: ShowId) -> Option<&ShowInfo> {
        self.shows.iter().find(|info| info.show() == show)
    }

    /// The show's tariff of this name. Of several, that which the channel sells; a name that stays ambiguous is none.
    pub(super) fn tariff<'a>(&self, show: &'a ShowInfo, name: &str) -> Option<&'a TariffInfo> {
        let named = || show.tariffs.iter().filter(|tariff| tariff.terms.name.eq_ignore_ascii_case(name));
        let sold_here = |tariff: &&TariffInfo| {
            tariff.terms.channels.is_empty() || tariff.terms.channels.contains(&self.channel)
        };
        only(named().filter(sold_here)).or_else(|| only(named()))
    }

    /// A tariff, by its number.
    pub(super) fn vat_of(&self, show: ShowId, tariff: TariffId) -> Rate {
        let info = self.show(show).and_then(|show| show.tariffs.iter().find(|known| known.tariff == tariff));
        info.map_or(Rate::ZERO, |tariff| tariff.terms.vat)
    }
}

/// The one thing there is; none of several.
pub(super) fn only<T>(mut things: impl Iterator<Item = T>) -> Option<T> {
    match (things.next(), things.next()) {
        (only, None) => only,
        _ => None,
    }
}

fn method(views: &OrganisationViews, mapping: &Mapping) -> Result<Option<MethodId>, Refusal> {
    let Some(name) = &mapping.method else {
        let network = views.catalogue.methods().filter(|(_, info)| info.kind == MethodKind::Network);
        return Ok(only(network).map(|(method, _)| method));
    };
    let found = views.catalogue.methods().find(|(_, info)| info.name == *name);
    let unknown = || Place::default().refuse(Fault::MethodUnknown, quoted(name));
    found.map(|(method, _)| Some(method)).ok_or_else(unknown)
}

//! show.json: what the show is. Everything about it comes from here.

use std::collections::BTreeSet;

use soticket_schema::command::{DefineHall, NewZone, OpenOrganisation};
use soticket_schema::event::v1::{ChannelKind, InsideCommission, OrganisationParameters};
use soticket_schema::{Amount, Currency, Rate, Rounding};

use super::tariff::{Tariff, tariffs};
use super::words;
use crate::import::files::Files;
use crate::import::json::{Document, Node};
use crate::import::refusal::{Fault, Refusal, quoted};
use crate::import::step::{Channel, Show};

/// Name of the file.
pub(crate) const FILE: &str = "show.json";

/// What show.json says.
#[derive(Debug)]
pub(crate) struct Description {
    /// The organisation.
    pub(crate) organisation: OpenOrganisation,
    /// The hall.
    pub(crate) hall: DefineHall,
    /// Its zones by the dossier's own names.
    pub(crate) zones: Vec<Zone>,
    /// The show.
    pub(crate) show: Show,
    /// Its tariffs.
    pub(crate) tariffs: Vec<Tariff>,
    /// Its channels.
    pub(crate) channels: Vec<Channel>,
}

/// A zone by its name in the dossier.
#[derive(Debug)]
pub(crate) struct Zone {
    /// Its name in the dossier.
    pub(crate) id: String,
    /// Labels of its seats, empty for free seating.
    pub(crate) seats: BTreeSet<String>,
}

impl Description {
    /// Reads the file.
    ///
    /// # Errors
    /// Everything that is missing or wrong, each with its JSON path.
    pub(crate) fn read(files: &Files) -> Result<Self, Vec<Refusal>> {
        Self::of(Document::read(files, FILE).map_err(|refusal| vec![refusal])?)
    }

    /// Reads the document.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub(crate) fn of(document: Document) -> Result<Self, Vec<Refusal>> {
        let root = document.root();
        let organisation = organisation(&root.field("organisation"));
        let currency = organisation.currency;
        let (hall, zones) = hall(&root.field("hall"));
        let channels = channels(&root.field("channels"), currency);
        let vat = root.field("vat").field("rate").percent();
        let tariffs = tariffs(&root.field("tariffs"), currency, vat, &channels);
        let show = show(&root.field("show"), &hall, &zones);
        match document.into_problems() {
            problems if problems.is_empty() => {
                Ok(Self { organisation, hall, zones, show, tariffs, channels })
            }
            problems => Err(problems),
        }
    }

    /// The tariff of this name.
    pub(crate) fn tariff(&self, id: &str) -> Option<&Tariff> {
        self.tariffs.iter().find(|tariff| tariff.id == id)
    }

    /// The channel of this name.
    pub(crate) fn channel(&self, id: &str) -> Option<&Channel> {
        self.channels.iter().find(|channel| channel.name == id)
    }

    /// The zone of this name; the only one when no name is given.
    pub(crate) fn zone(&self, id: &str) -> Option<&Zone> {
        match self.zones.as_slice() {
            [only] if id.is_empty() => Some(only),
            zones => zones.iter().find(|zone| zone.id == id),
        }
    }

    /// Currency of every amount.
    pub(crate) fn currency(&self) -> Currency {
        self.organisation.currency
    }
}

fn organisation(node: &Node<'_>) -> OpenOrganisation {
    let code = node.field("currency").text();
    let currency = Currency::from_code(&code).unwrap_or_else(|| {
        if !code.is_empty() {
            node.field("currency")
                .refuse(Fault::WordUnknown, format!("{} is no known currency", quoted(&code)));
        }
        Currency::EUR
    });
    let mode = node.field("mode").word(words::MODES);
    let parameters = OrganisationParameters {
        name: node.field("name").text(),
        siret: node.field("siret").optional_text(),
        vat_number: node.field("vat_number").optional_text(),
        licence: node.field("licence").optional_text(),
        time_zone: node.field("time_zone").text(),
        rounding: optional_word(&node.field("rounding"), words::ROUNDINGS, Rounding::default()),
        serial_scope: optional_word(&node.field("serial_scope"), words::SERIAL_SCOPES, Default::default()),
        day_cutoff_minutes: day_cutoff(&node.field("commercial_day_cutoff")),
    };
    // A missing mode is noted above, so that what stands in its place is never used.
    OpenOrganisation { mode: mode.unwrap_or(soticket_schema::event::v1::Mode::Demo), currency, parameters }
}

fn optional_word<T: Copy>(node: &Node<'_>, known: &[(&str, T)], default: T) -> T {
    if node.is_there() { node.word(known).unwrap_or(default) } else { default }
}

/// `06:00` as minutes after midnight.
fn day_cutoff(node: &Node<'_>) -> u16 {
    if !node.is_there() {
        return 0;
    }
    let text = node.text();
    let minutes = text.split_once(':').and_then(|(hours, minutes)| {
        let hours: u16 = hours.parse().ok().filter(|hours| *hours < 24)?;
        let minutes: u16 = minutes.parse().ok().filter(|minutes| *minutes < 60)?;
        Some(hours * 60 + minutes)
    });
    minutes.unwrap_or_else(|| {
        node.refuse(Fault::TimeUnreadable, format!("{} is no time of day such as 06:00", quoted(&text)));
        0
    })
}

fn hall(node: &Node<'_>) -> (DefineHall, Vec<Zone>) {
    let mut zones = Vec::new();
    let mut new_zones = Vec::new();
    for zone in node.field("zones").items() {
        let numbered = optional_word(&zone.field("seating"), words::SEATINGS, false);
        let seats: Vec<String> =
            if numbered { zone.field("seats").items().iter().map(Node::text).collect() } else { Vec::new() };
        let id = zone.field("id").text();
        unique(&zone, &id, zones.iter().map(|known: &Zone| known.id.as_str()));
        new_zones.push(NewZone {
            name: zone.field("name").text(),
            capacity: zone.field("capacity").count(),
            seats: seats.clone(),
        });
        zones.push(Zone { id, seats: seats.into_iter().collect() });
    }
    let hall = DefineHall {
        name: node.field("name").text(),
        authorised_capacity: node.field("authorised_capacity").count(),
        zones: new_zones,
    };
    (hall, zones)
}

fn channels(node: &Node<'_>, currency: Currency) -> Vec<Channel> {
    let mut channels: Vec<Channel> = Vec::new();
    for item in node.items() {
        let name = item.field("id").text();
        unique(&item, &name, channels.iter().map(|known| known.name.as_str()));
        let fee = item.field("fee_on_top");
        let fee_vat = item.field("fee_vat");
        channels.push(Channel {
            name,
            kind: item.field("kind").word(words::CHANNEL_KINDS).unwrap_or(ChannelKind::OwnSite),
            fee_on_top: if fee.is_there() { fee.amount(currency) } else { Amount::ZERO },
            fee_vat: if fee_vat.is_there() { fee_vat.percent() } else { Rate::ZERO },
            commission: commission(&item.field("commission")),
        });
    }
    channels
}

fn commission(node: &Node<'_>) -> Option<InsideCommission> {
    if !node.is_there() {
        return None;
    }
    // The only form that the ledger settles; any other is refused rather than settled wrongly.
    node.field("mode").word(&[("inside", ())]);
    node.field("basis").word(&[("face", ())]);
    let vat = node.field("vat");
    Some(InsideCommission {
        rate: node.field("rate").percent(),
        vat: if vat.is_there() { vat.percent() } else { Rate::ZERO },
    })
}

fn show(node: &Node<'_>, hall: &DefineHall, zones: &[Zone]) -> Show {
    let zones = zones.iter().zip(&hall.zones).map(|(zone, new)| (zone.id.clone(), new.capacity)).collect();
    Show {
        name: node.field("id").text(),
        title: node.field("title").text(),
        hall: hall.name.clone(),
        zones,
        starts_at: node.field("starts_at").time(),
        doors_at: node.field("doors_at").time(),
        sale_from: node.field("on_sale_from").time(),
        sale_until: node.field("on_sale_until").time(),
        territory: node.field("territory").text(),
    }
}

/// Notes an id that stands twice in a list.
pub(super) fn unique<'a>(node: &Node<'_>, id: &str, mut known: impl Iterator<Item = &'a str>) {
    if known.any(|other| other == id) {
        node.field("id").refuse(Fault::Duplicate, quoted(id));
    }
}

//! Names and definitions, as they stand now.

mod access;
mod changes;
mod checkpoint_keys;
mod commissions;
mod over_cap;
mod view;
mod webhooks;

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use soticket_ledger::Entry;
use soticket_schema::event::v1::{
    CardTerms, HallDefined, PackTerms, SeasonTerms, ShowRelocated, ShowScheduled, TariffDefined, TariffRules,
    ZoneDefined,
};
use soticket_schema::{
    ActorId, CardTypeId, ChannelId, Event, GateId, HallId, MethodId, PackId, ProductId, SeasonId, ShowId,
    TariffId, Timestamp, ZoneId,
};

pub use self::access::{Access, CodeKeyInfo, CredentialInfo, TokenInfo};
pub use self::checkpoint_keys::{CheckpointKeyInfo, CheckpointKeys};
pub use self::commissions::PlanInfo;
pub use self::over_cap::OverCap;
pub use self::view::*;
pub use self::webhooks::{Replay, WebhookInfo, Webhooks};
use crate::partition::{OWN, PartitionKey, Partitions, Projection, decode, encode};

/// Names and definitions.
#[derive(Debug, Default)]
pub struct Catalogue {
    own: Own,
    shows: Partitions<ShowInfo>,
    /// Found again from the shows; no part of the state.
    tariffs: FxHashMap<TariffId, ShowId>,
    references: FxHashMap<String, ShowId>,
}

/// What belongs to no show.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Own {
    organisation: Option<OrganisationInfo>,
    halls: BTreeMap<HallId, HallInfo>,
    zones: BTreeMap<ZoneId, ZoneInfo>,
    channels: BTreeMap<ChannelId, ChannelInfo>,
    methods: BTreeMap<MethodId, MethodInfo>,
    products: BTreeMap<ProductId, ProductInfo>,
    packs: BTreeMap<PackId, PackTerms>,
    card_types: BTreeMap<CardTypeId, CardTerms>,
    commissions: commissions::Commissions,
    gates: BTreeMap<GateId, String>,
    access: Access,
    checkpoint_keys: CheckpointKeys,
    webhooks: Webhooks,
    seasons: BTreeMap<SeasonId, SeasonTerms>,
    actors: BTreeMap<ActorId, ActorInfo>,
}

const SHOWS: u8 = 1;

impl Projection for Catalogue {
    const NAME: &'static str = "catalogue";
    const VERSION: u16 = 6;

    fn fold(&mut self, entry: &Entry) {
        match &entry.event {
            Event::ShowScheduled(event) => self.schedule(event),
            Event::ShowOpened(event) => self.set_state(event.show, ShowState::Open),
            Event::ShowClosed(event) => self.set_state(event.show, ShowState::Closed),
            Event::TariffDefined(event) => self.define_tariff(event),
            Event::TariffChanged(event) => self.of_tariff(event.show, event.tariff, |tariff| {
                tariff.terms.clone_from(&event.terms);
            }),
            event => {
                if !self.change(entry) {
                    self.own.fold(event, entry.envelope.recorded_at);
                }
            }
        }
    }

    fn save(&self, out: &mut dyn FnMut(PartitionKey, Vec<u8>)) {
        out(OWN, encode(&self.own));
        self.shows.save(SHOWS, out);
    }

    fn load(&mut self, key: PartitionKey, bytes: &[u8]) -> Option<()> {
        if key == OWN {
            self.own = decode(bytes)?;
            return Some(());
        }
        let show = self.shows.load(key.id, bytes)?;
        for tariff in &show.tariffs {
            self.tariffs.entry(tariff.tariff).or_insert(tariff.show);
        }
        let reference = show.scheduled.reference.clone();
        self.refer(&reference, ShowId(key.id));
        (key.family == SHOWS).then_some(())
    }
}

impl Own {
    fn fold(&mut self, event: &Event, at: Timestamp) {
        match event {
            Event::OrganisationOpened(event) => {
                self.organisation.get_or_insert_with(|| OrganisationInfo {
                    mode: event.mode,
                    currency: event.currency,
                    parameters: event.parameters.clone(),
                    opened_at: at,
                });
            }
            Event::OrganisationChanged(event) => {
                if let Some(organisation) = &mut self.organisation {
                    organisation.parameters.clone_from(&event.parameters);
                }
            }
            Event::HallDefined(event) => self.define_hall(event),
            Event::ZoneDefined(event) => self.define_zone(event),
            Event::SeasonDefined(event) => {
                self.seasons.entry(event.season).or_insert_with(|| event.terms.clone());
            }
            Event::SeasonChanged(event) => {
                if let Some(terms) = self.seasons.get_mut(&event.season) {
                    terms.clone_from(&event.terms);
                }
            }
            Event::SeatsDrawn(event) => {
                if let Some(zone) = self.zones.get_mut(&event.zone) {
                    zone.rows.clone_from(&event.rows);
                }
            }
            Event::GateDefined(event) => {
                self.gates.entry(event.gate).or_insert_with(|| event.name.clone());
            }
            Event::ActorRegistered(event) => {
                self.actors.entry(event.actor).or_insert_with(|| ActorInfo {
                    actor: event.actor,
                    kind: event.kind,
                    label: event.label.clone(),
                    assigned: None,
                });
            }
            Event::ActorAssigned(event) => {
                if let Some(actor) = self.actors.get_mut(&event.actor) {
                    actor.assigned = Some(event.clone());
                }
            }
            event => {
                self.access.fold(event, at);
                self.checkpoint_keys.fold(event, at);
                self.webhooks.fold(event, at);
                self.fold_selling(event);
            }
        }
    }

    fn fold_selling(&mut self, event: &Event) {
        match event {
            Event::ChannelOpened(event) => {
                self.channels
                    .entry(event.channel)
                    .or_insert_with(|| ChannelInfo { opened: event.clone(), closed: false });
            }
            Event::ChannelClosed(event) => {
                if let Some(channel) = self.channels.get_mut(&event.channel) {
                    channel.closed = true;
                }
            }
            Event::MethodDefined(event) => {
                self.methods
                    .entry(event.method)
                    .or_insert_with(|| MethodInfo { name: event.name.clone(), kind: event.kind });
            }
            Event::ProductDefined(event) => {
                self.products
                    .entry(event.product)
                    .or_insert_with(|| ProductInfo { name: event.name.clone(), kind: event.kind });
            }
            Event::PackDefined(event) => {
                self.packs.entry(event.pack).or_insert_with(|| event.terms.clone());
            }
            Event::PackChanged(event) => {
                if let Some(terms) = self.packs.get_mut(&event.pack) {
                    terms.clone_from(&event.terms);
                }
            }
            Event::CardTypeDefined(event) => {
                self.card_types.entry(event.card_type).or_insert_with(|| event.terms.clone());
            }
            Event::CardTypeChanged(event) => {
                if let Some(terms) = self.card_types.get_mut(&event.card_type) {
                    terms.clone_from(&event.terms);
                }
            }
            event => self.commissions.fold(event),
        }
    }

    /// Packs give their places of a show in the zones that it moved to.
    fn packs_follow(&mut self, event: &ShowRelocated) {
        for offered in self.packs.values_mut().flat_map(|terms| &mut terms.shows) {
            if let Some(moved) = event.moved(offered.zone).filter(|_| offered.show == event.show) {
                offered.zone = moved.to;
            }
        }
    }

    fn define_hall(&mut self, event: &HallDefined) {
        self.halls.entry(event.hall).or_insert_with(|| HallInfo {
            hall: event.hall,
            name: event.name.clone(),
            authorised_capacity: event.authorised_capacity,
            zones: Vec::new(),
        });
    }

    fn define_zone(&mut self, event: &ZoneDefined) {
        if self.zones.contains_key(&event.zone) {
            return;
        }
        if let Some(hall) = self.halls.get_mut(&event.hall) {
            hall.zones.push(event.zone);
        }
        let zone = ZoneInfo {
            zone: event.zone,
            hall: event.hall,
            name: event.name.clone(),
            capacity: event.capacity,
            seats: event.seats.clone(),
            rows: Vec::new(),
        };
        self.zones.insert(event.zone, zone);
    }
}

impl Catalogue {
    fn schedule(&mut self, event: &ShowScheduled) {
        if self.shows.get(event.show.0).is_some() {
            return;
        }
        self.refer(&event.reference, event.show);
        self.shows.add(event.show.0, || ShowInfo {
            scheduled: event.clone(),
            state: ShowState::Scheduled,
            tariffs: Vec::new(),
            season: None,
            postponed_from: None,
            relocated_from: None,
            refunds_until: None,
            refund: None,
        });
    }

    /// References are unique in an honest log; in any other the lowest show has it, whatever order they are met in.
    fn refer(&mut self, reference: &str, show: ShowId) {
        let known = self.references.entry(reference.to_owned()).or_insert(show);
        *known = show.min(*known);
    }

    fn set_state(&mut self, show: ShowId, state: ShowState) {
        if let Some(show) = self.shows.get_mut(show.0)
            && show.state != ShowState::Cancelled
        {
            show.state = state;
        }
    }

    fn define_tariff(&mut self, event: &TariffDefined) {
        let Some(show) = self.shows.get_mut(event.show.0) else { return };
        if self.tariffs.contains_key(&event.tariff) {
            return;
        }
        self.tariffs.insert(event.tariff, event.show);
        show.tariffs.push(TariffInfo {
            tariff: event.tariff,
            show: event.show,
            terms: event.terms.clone(),
            rules: TariffRules::default(),
            rates: Vec::new(),
        });
    }

    /// The organisation; none before its log was opened.
    pub fn organisation(&self) -> Option<&OrganisationInfo> {
        self.own.organisation.as_ref()
    }

    /// A hall.
    pub fn hall(&self, hall: HallId) -> Option<&HallInfo> {
        self.own.halls.get(&hall)
    }

    /// Halls by number.
    pub fn halls(&self) -> impl DoubleEndedIterator<Item = &HallInfo> {
        self.own.halls.values()
    }

    /// A zone.
    pub fn zone(&self, zone: ZoneId) -> Option<&ZoneInfo> {
        self.own.zones.get(&zone)
    }

    /// A show.
    pub fn show(&self, show: ShowId) -> Option<&ShowInfo> {
        self.shows.get(show.0)
    }

    /// The venue's own reference of a show; its number if it is not known.
    pub fn reference(&self, show: ShowId) -> String {
        self.show(show).map_or_else(|| show.to_string(), |show| show.scheduled.reference.clone())
    }

    /// The show with this reference of the venue.
    pub fn show_by_reference(&self, reference: &str) -> Option<&ShowInfo> {
        self.references.get(reference).and_then(|show| self.show(*show))
    }

    /// Shows by number.
    pub fn shows(&self) -> impl DoubleEndedIterator<Item = &ShowInfo> {
        self.shows.sorted().map(|(_, show)| show)
    }

    /// A tariff.
    pub fn tariff(&self, tariff: TariffId) -> Option<&TariffInfo> {
        let show = self.show(*self.tariffs.get(&tariff)?)?;
        show.tariffs.iter().find(|known| known.tariff == tariff)
    }

    /// A channel.
    pub fn channel(&self, channel: ChannelId) -> Option<&ChannelInfo> {
        self.own.channels.get(&channel)
    }

    /// Channels by number.
    pub fn channels(&self) -> impl DoubleEndedIterator<Item = &ChannelInfo> {
        self.own.channels.values()
    }

    /// A way of paying.
    pub fn method(&self, method: MethodId) -> Option<&MethodInfo> {
        self.own.methods.get(&method)
    }

    /// Ways of paying by number.
    pub fn methods(&self) -> impl DoubleEndedIterator<Item = (MethodId, &MethodInfo)> {
        self.own.methods.iter().map(|(method, info)| (*method, info))
    }

    /// A product.
    pub fn product(&self, product: ProductId) -> Option<&ProductInfo> {
        self.own.products.get(&product)
    }

    /// Products by number.
    pub fn products(&self) -> impl DoubleEndedIterator<Item = (ProductId, &ProductInfo)> {
        self.own.products.iter().map(|(product, info)| (*product, info))
    }

    /// A pack, as it sells now.
    pub fn pack(&self, pack: PackId) -> Option<&PackTerms> {
        self.own.packs.get(&pack)
    }

    /// Packs by number.
    pub fn packs(&self) -> impl DoubleEndedIterator<Item = (PackId, &PackTerms)> {
        self.own.packs.iter().map(|(pack, terms)| (*pack, terms))
    }

    /// A kind of card, as it sells now.
    pub fn card_type(&self, card_type: CardTypeId) -> Option<&CardTerms> {
        self.own.card_types.get(&card_type)
    }

    /// Kinds of cards by number.
    pub fn card_types(&self) -> impl DoubleEndedIterator<Item = (CardTypeId, &CardTerms)> {
        self.own.card_types.iter().map(|(card_type, terms)| (*card_type, terms))
    }

    /// A season.
    pub fn season(&self, season: SeasonId) -> Option<&SeasonTerms> {
        self.own.seasons.get(&season)
    }

    /// Seasons by number.
    pub fn seasons(&self) -> impl DoubleEndedIterator<Item = (SeasonId, &SeasonTerms)> {
        self.own.seasons.iter().map(|(season, terms)| (*season, terms))
    }

    /// Name of a gate.
    pub fn gate(&self, gate: GateId) -> Option<&str> {
        self.own.gates.get(&gate).map(String::as_str)
    }

    /// Gates by number, with their names.
    pub fn gates(&self) -> impl DoubleEndedIterator<Item = (GateId, &str)> {
        self.own.gates.iter().map(|(gate, name)| (*gate, name.as_str()))
    }

    /// Signing keys, devices' credentials and rules for entry.
    pub fn access(&self) -> &Access {
        &self.own.access
    }

    /// The keys that the log's checkpoints are signed with.
    pub fn checkpoint_keys(&self) -> &CheckpointKeys {
        &self.own.checkpoint_keys
    }

    /// The addresses that events are delivered to.
    pub fn webhooks(&self) -> &Webhooks {
        &self.own.webhooks
    }

    /// An actor.
    pub fn actor(&self, actor: ActorId) -> Option<&ActorInfo> {
        self.own.actors.get(&actor)
    }

    /// Actors by number.
    pub fn actors(&self) -> impl DoubleEndedIterator<Item = &ActorInfo> {
        self.own.actors.values()
    }
}

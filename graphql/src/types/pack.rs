//! Packs: as they are offered, and as they were sold.

use async_graphql::{Context, ID, Object, Result};
use soticket_projections::{OrganisationViews, orders};
use soticket_schema::Timestamp;
use soticket_schema::event::v1::{self, PackTerms, SoldPack};
use soticket_schema::ids::{ChannelId, PackId};

use super::lookup::named;
use super::{Channel, Show, Tariff, Ticket, Zone};
use crate::core::Core;
use crate::ids;
use crate::input::Scope;
use crate::money::Money;
use crate::scalar::{Counter, DateTime};

/// A pack as it is offered.
pub(crate) struct Pack {
    scope: Scope,
    pack: PackId,
    terms: PackTerms,
}

impl Pack {
    /// A pack as the catalogue has it.
    pub(super) fn new(scope: Scope, pack: PackId, terms: PackTerms) -> Self {
        Self { scope, pack, terms }
    }

    /// The pack with this number.
    pub(crate) fn load(core: &Core, scope: Scope, pack: PackId) -> Option<Self> {
        let terms = core.view(scope, |views| views.catalogue.pack(pack).cloned())?;
        Some(Self::new(scope, pack, terms))
    }

    /// How many packs the channel could sell, places alone considered: of the shows that a buyer gets, the one with the
    /// fewest places left decides, and a buyer who may choose takes those with the most.
    fn packs_left(&self, views: &OrganisationViews, channel: ChannelId, now: Timestamp) -> u64 {
        let mut left: Vec<u64> =
            self.terms.shows.iter().map(|offered| places_left(views, offered, channel, now)).collect();
        left.sort_unstable_by(|one, other| other.cmp(one));
        let picks = self.terms.pick.map_or(left.len(), usize::from);
        picks.checked_sub(1).and_then(|last| left.get(last)).copied().unwrap_or(0)
    }
}

/// Places that the channel has left in the zone of a pack's show.
fn places_left(views: &OrganisationViews, offered: &v1::PackShow, channel: ChannelId, now: Timestamp) -> u64 {
    let Some(show) = views.availability.show_at(offered.show, now) else { return 0 };
    let Some(zone) = show.zones.iter().find(|zone| zone.zone == offered.zone) else { return 0 };
    let own = zone.channels.iter().find(|known| known.channel == channel);
    own.map_or(zone.pool.left, |own| own.left)
}

/// A pack (pass): several shows at one price, as it sells now.
#[Object]
impl Pack {
    /// Global id.
    pub(crate) async fn id(&self) -> ID {
        ids::global(self.scope.organisation, self.pack)
    }

    /// Its number in the log.
    async fn number(&self) -> Counter {
        Counter(self.pack.0.into())
    }

    /// Its name.
    async fn name(&self) -> &str {
        &self.terms.name
    }

    /// Price of the whole pack.
    async fn price(&self) -> Money {
        self.scope.money(self.terms.price)
    }

    /// Its shows.
    async fn shows(&self) -> Vec<PackShow> {
        self.terms.shows.iter().map(|offered| PackShow { scope: self.scope, offered: *offered }).collect()
    }

    /// How many of the shows the buyer chooses; null for all of them.
    async fn pick(&self) -> Option<i32> {
        self.terms.pick.map(i32::from)
    }

    /// Channels that sell it; empty for all.
    async fn channels(&self, context: &Context<'_>) -> Result<Vec<Channel>> {
        let channel = |channel: &ChannelId| named(context, self.scope, *channel, Channel::load);
        self.terms.channels.iter().map(channel).collect()
    }

    /// When its sale ends, if before that of its shows.
    async fn sale_until(&self) -> Option<DateTime> {
        self.terms.sale_until.map(DateTime)
    }

    /// How many the channel could sell now, by the places that its shows have left.
    async fn left(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The channel that would sell it.")] channel: ID,
    ) -> Result<Counter> {
        let (channel, core) = (self.scope.id(&channel), Core::of(context)?);
        let now = core.ledger.now();
        let left = core.view(self.scope, |views| Some(self.packs_left(views, channel, now)));
        Ok(Counter(left.unwrap_or(0)))
    }
}

/// One of the shows of a pack.
pub(crate) struct PackShow {
    scope: Scope,
    offered: v1::PackShow,
}

/// One of the shows of a pack.
#[Object]
impl PackShow {
    /// The show.
    async fn show(&self, context: &Context<'_>) -> Result<Show> {
        named(context, self.scope, self.offered.show, Show::load)
    }

    /// The zone that the pack gives a place in.
    async fn zone(&self, context: &Context<'_>) -> Result<Zone> {
        named(context, self.scope, self.offered.zone, Zone::load)
    }

    /// The tariff that its tickets are of.
    async fn tariff(&self, context: &Context<'_>) -> Result<Tariff> {
        named(context, self.scope, self.offered.tariff, Tariff::load)
    }

    /// Its weight: the shows of a pack that is sold share its price in proportion.
    async fn weight(&self) -> Counter {
        Counter(u64::try_from(self.offered.weight).unwrap_or(0))
    }
}

/// A pack of an order.
pub(crate) struct OrderPack {
    scope: Scope,
    sold: SoldPack,
    tickets: Vec<orders::Ticket>,
}

impl OrderPack {
    /// A pack of the order that has these tickets.
    pub(super) fn new(scope: Scope, sold: SoldPack, tickets: &[orders::Ticket]) -> Self {
        let own = tickets.iter().filter(|ticket| sold.tickets.contains(&ticket.ticket));
        let tickets = own.cloned().collect();
        Self { scope, sold, tickets }
    }
}

/// A pack of an order: tickets that were sold together at one price.
#[Object]
impl OrderPack {
    /// Its number among all packs sold.
    async fn number(&self) -> Counter {
        Counter(self.sold.sale.0)
    }

    /// The pack.
    async fn pack(&self, context: &Context<'_>) -> Result<Pack> {
        named(context, self.scope, self.sold.pack, Pack::load)
    }

    /// What it was sold for: the sum of its tickets' face prices at the sale.
    async fn price(&self) -> Money {
        self.scope.money(self.sold.price)
    }

    /// Its tickets.
    async fn tickets(&self) -> Vec<Ticket> {
        self.tickets.iter().map(|ticket| Ticket::new(self.scope, ticket.clone())).collect()
    }
}

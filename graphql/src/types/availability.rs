//! Places by zone and channel.

use async_graphql::{Context, Enum, Object, Result, SimpleObject};
use soticket_projections::availability::{self, SeatState};
use soticket_schema::ids::ShowId;

use super::comp::ShowComps;
use super::hall::Seat;
use super::integrity::Checkpoint;
use super::lookup::{count, named};
use super::{Channel, Zone, viewer};
use crate::core::Core;
use crate::error::{ErrorCode, field_error};
use crate::input::Scope;
use crate::scalar::DateTime;

/// Places of a show.
#[derive(Clone)]
pub(crate) struct ShowAvailability {
    scope: Scope,
    view: availability::ShowAvailability,
    checkpoint: Checkpoint,
    earlier: bool,
}

impl ShowAvailability {
    /// Places as of a checkpoint; `earlier` if that is not the present.
    pub(super) fn new(
        scope: Scope,
        view: availability::ShowAvailability,
        checkpoint: Checkpoint,
        earlier: bool,
    ) -> Self {
        Self { scope, view, checkpoint, earlier }
    }

    /// Whether nothing differs but the checkpoint.
    pub(super) fn same(&self, other: &Self) -> bool {
        self.view == other.view
    }
}

/// Places of a show. Holds past their time and quotas past their deadlines are free at once; as of a position, they are
/// once the log says so.
#[Object(serial)]
impl ShowAvailability {
    /// The event that this is as of.
    async fn checkpoint(&self) -> Checkpoint {
        self.checkpoint
    }

    /// Places that the safety commission allows in the hall at once.
    async fn authorised_capacity(&self) -> i32 {
        count(self.view.authorised_capacity)
    }

    /// All zones together; `left` is also limited by the authorised capacity.
    async fn total(&self) -> Occupancy {
        self.view.total.into()
    }

    /// Free tickets by reason, and what limits them.
    async fn comps(&self) -> ShowComps {
        (&self.view.comps).into()
    }

    /// Its zones.
    async fn zones(&self) -> Vec<ZoneAvailability> {
        let zone = |view: &availability::ZoneAvailability| ZoneAvailability {
            scope: self.scope,
            show: self.view.show,
            view: view.clone(),
            earlier: self.earlier,
        };
        self.view.zones.iter().map(zone).collect()
    }
}

/// Places and what became of them.
#[derive(SimpleObject)]
#[graphql(serial)]
pub(crate) struct Occupancy {
    /// Places on sale.
    on_sale: i32,
    /// Held for baskets and options.
    held: i32,
    /// Sold, free tickets included.
    sold: i32,
    /// Of the sold ones, those with a free ticket.
    free: i32,
    /// Places left.
    left: i32,
    /// Sold and held beyond the places on sale, by facts.
    oversold: i32,
}

impl From<availability::Occupancy> for Occupancy {
    fn from(view: availability::Occupancy) -> Self {
        Self {
            on_sale: count(view.on_sale),
            held: count(view.held),
            sold: count(view.sold),
            free: count(view.free),
            left: count(view.left),
            oversold: count(view.oversold),
        }
    }
}

/// Places of one zone.
pub(crate) struct ZoneAvailability {
    scope: Scope,
    show: ShowId,
    view: availability::ZoneAvailability,
    earlier: bool,
}

/// Places of one zone.
#[Object(serial)]
impl ZoneAvailability {
    /// The zone.
    async fn zone(&self, context: &Context<'_>) -> Result<Zone> {
        named(context, self.scope, self.view.zone, Zone::load)
    }

    /// Whether its seats are numbered.
    async fn numbered(&self) -> bool {
        self.view.numbered
    }

    /// The zone's totals.
    async fn total(&self) -> Occupancy {
        self.view.total.into()
    }

    /// What no quota takes.
    async fn pool(&self) -> PoolAvailability {
        let pool = self.view.pool;
        PoolAvailability { places: count(pool.places), used: count(pool.used), left: count(pool.left) }
    }

    /// Channels that have or had a quota, sold or held here.
    async fn channels(&self) -> Vec<ChannelAvailability> {
        let channel =
            |view: &availability::ChannelAvailability| ChannelAvailability { scope: self.scope, view: *view };
        self.view.channels.iter().map(channel).collect()
    }

    /// Every numbered seat; empty for free seating. Known for the present only.
    #[graphql(complexity = "100 + child_complexity")]
    async fn seats(&self, context: &Context<'_>) -> Option<Result<Vec<SeatAvailability>>> {
        if self.earlier {
            let message = "Seats are known for the present only: leave `asOf` out.";
            return Some(Err(field_error(ErrorCode::BadUserInput, message)));
        }
        let core = match Core::of(context) {
            Ok(core) => core,
            Err(error) => return Some(Err(error)),
        };
        let now = core.ledger.now();
        let (show, zone) = (self.show, self.view.zone);
        let assigned = viewer::assigned(core, self.scope);
        let seats = core.view(self.scope, |views| Some(views.availability.seats_at(show, zone, now)));
        let sees = |seat: &availability::SeatAvailability| {
            assigned.as_ref().is_none_or(|assigned| viewer::seller(assigned).sees(seat, &self.view))
        };
        let seat = |view: availability::SeatAvailability| {
            let seat = Seat::load(core, self.scope, self.view.zone, view.seat)?;
            Some(SeatAvailability { scope: self.scope, seat, view })
        };
        Some(Ok(seats?.into_iter().filter(sees).filter_map(seat).collect()))
    }
}

/// Places of a zone that belong to no open quota.
#[derive(SimpleObject)]
#[graphql(serial)]
pub(crate) struct PoolAvailability {
    /// Places on sale less the open quotas.
    places: i32,
    /// Sold or held of them.
    used: i32,
    /// Left of them, within the zone and the hall.
    left: i32,
}

/// One channel's part in a zone.
pub(crate) struct ChannelAvailability {
    scope: Scope,
    view: availability::ChannelAvailability,
}

/// One channel's part in a zone.
#[Object(serial)]
impl ChannelAvailability {
    /// The channel.
    async fn channel(&self, context: &Context<'_>) -> Result<Channel> {
        named(context, self.scope, self.view.channel, Channel::load)
    }

    /// Its open quota; null when it sells from the pool.
    async fn quota(&self) -> Option<i32> {
        self.view.quota.map(count)
    }

    /// Whether it had a quota that was closed since.
    async fn quota_closed(&self) -> bool {
        self.view.quota_closed
    }

    /// When its open quota goes back to the pool by itself; null if it does not.
    async fn returns_at(&self) -> Option<DateTime> {
        self.view.returns_at.map(DateTime)
    }

    /// Where its quota came from and went.
    async fn flow(&self) -> QuotaFlow {
        self.view.flow.into()
    }

    /// Held by it.
    async fn held(&self) -> i32 {
        count(self.view.held)
    }

    /// Sold by it, free tickets included.
    async fn sold(&self) -> i32 {
        count(self.view.sold)
    }

    /// Of the sold ones, those with a free ticket.
    async fn free(&self) -> i32 {
        count(self.view.free)
    }

    /// What it could sell now: of its quota or the pool, within the zone and the hall.
    async fn left(&self) -> i32 {
        count(self.view.left)
    }

    /// Tickets that, when they were recorded, were beyond its quota, or beyond the pool without a quota.
    async fn over_quota(&self) -> i32 {
        count(self.view.over_quota)
    }
}

/// Places that came to a channel's quotas of a zone and left them: granted and received, less what was given, returned,
/// released and kept, is the open quota.
#[derive(SimpleObject)]
#[graphql(serial)]
pub(crate) struct QuotaFlow {
    /// Granted out of the pool.
    granted: i32,
    /// Received from other channels.
    received: i32,
    /// Given to other channels.
    given: i32,
    /// Given back to the pool by the channel (retour de contingent).
    returned: i32,
    /// Gone back to the pool when a quota was closed or ran past its deadline; below zero when facts had oversold it.
    released: i32,
    /// Sold or held when a quota ended.
    kept: i32,
}

impl From<availability::QuotaFlow> for QuotaFlow {
    fn from(flow: availability::QuotaFlow) -> Self {
        let figure =
            |figure: i64| i32::try_from(figure).unwrap_or(if figure < 0 { i32::MIN } else { i32::MAX });
        Self {
            granted: figure(flow.granted),
            received: figure(flow.received),
            given: figure(flow.given),
            returned: figure(flow.returned),
            released: figure(flow.released),
            kept: figure(flow.kept),
        }
    }
}

/// A numbered seat.
pub(crate) struct SeatAvailability {
    scope: Scope,
    seat: Seat,
    view: availability::SeatAvailability,
}

/// What became of a numbered seat.
#[Object(serial)]
impl SeatAvailability {
    /// The seat.
    async fn seat(&self) -> &Seat {
        &self.seat
    }

    /// The channel whose quota it is in; null for the pool.
    async fn quota(&self, context: &Context<'_>) -> Option<Result<Channel>> {
        self.view.quota.map(|channel| named(context, self.scope, channel, Channel::load))
    }

    /// What became of it.
    async fn state(&self) -> SeatStateValue {
        self.view.state.into()
    }

    /// How often it is sold or held: more than once only by facts.
    async fn occupations(&self) -> i32 {
        count(self.view.occupations.into())
    }
}

/// What became of a numbered seat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(name = "SeatState", remote = "SeatState")]
pub(crate) enum SeatStateValue {
    /// Free to sell.
    Left,
    /// Held.
    Held,
    /// Sold.
    Sold,
}

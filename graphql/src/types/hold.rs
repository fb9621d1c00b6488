//! Holds.

use async_graphql::{Context, ID, Object, Result};
use soticket_projections::orders;
use soticket_schema::event::v1::HoldPlaced;
use soticket_schema::ids::{HoldId, SeatId};

use super::hall::Seat;
use super::lookup::{count, named};
use super::{Channel, Customer, Show, Zone, viewer};
use crate::core::Core;
use crate::ids;
use crate::input::Scope;
use crate::scalar::{Counter, DateTime};

/// Places that are kept for a basket or an option.
pub(crate) struct Hold {
    scope: Scope,
    hold: orders::Hold,
}

impl Hold {
    /// A hold as the read model has it.
    pub(super) fn new(scope: Scope, hold: orders::Hold) -> Self {
        Self { scope, hold }
    }

    /// The hold that a record placed, as it left it.
    pub(crate) fn placed(scope: Scope, placed: &HoldPlaced) -> Self {
        let hold = orders::Hold {
            hold: placed.hold,
            show: placed.show,
            zone: placed.zone,
            channel: placed.channel,
            places: placed.places.clone(),
            expires_at: placed.expires_at,
            subject: placed.subject,
        };
        Self::new(scope, hold)
    }

    /// The hold with this number; none once it was used, released or expired.
    pub(crate) fn load(core: &Core, scope: Scope, hold: HoldId) -> Option<Self> {
        let hold = core.view(scope, |views| views.orders.hold(hold).cloned())?;
        viewer::sees(core, scope, hold.channel).then(|| Self::new(scope, hold))
    }
}

/// Places that are kept for a basket or an option.
#[Object]
impl Hold {
    /// Global id.
    pub(crate) async fn id(&self) -> ID {
        ids::global(self.scope.organisation, self.hold.hold)
    }

    /// Its number in the log.
    async fn number(&self) -> Counter {
        Counter(self.hold.hold.0)
    }

    /// The show.
    async fn show(&self, context: &Context<'_>) -> Result<Show> {
        named(context, self.scope, self.hold.show, Show::load)
    }

    /// The zone.
    async fn zone(&self, context: &Context<'_>) -> Result<Zone> {
        named(context, self.scope, self.hold.zone, Zone::load)
    }

    /// The channel.
    async fn channel(&self, context: &Context<'_>) -> Result<Channel> {
        named(context, self.scope, self.hold.channel, Channel::load)
    }

    /// How many places.
    async fn places(&self) -> i32 {
        count(self.hold.places.count().into())
    }

    /// The seats, where they are numbered.
    async fn seats(&self, context: &Context<'_>) -> Result<Vec<Seat>> {
        let core = Core::of(context)?;
        let seat = |seat: &SeatId| Seat::load(core, self.scope, self.hold.zone, *seat);
        Ok(self.hold.places.seats().iter().filter_map(seat).collect())
    }

    /// When it ends by itself. It counts as held until the log says so: the next decision about the show records it.
    async fn expires_at(&self) -> DateTime {
        DateTime(self.hold.expires_at)
    }

    /// For whom; null if nobody said.
    async fn customer(&self, context: &Context<'_>) -> Option<Result<Customer>> {
        let subject = self.hold.subject?;
        match Core::of(context) {
            Ok(core) => Customer::load(core, self.scope, subject).map(Ok),
            Err(error) => Some(Err(error)),
        }
    }
}

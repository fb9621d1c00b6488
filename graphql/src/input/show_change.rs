//! Shows that are postponed, relocated or called off, and the return of their money.

use async_graphql::{ID, InputObject};
use soticket_schema::command::{
    AdvanceShowRefund, BeginShowRefund, CancelShow, PostponeShow, RelocateShow, ZoneMove,
};
use soticket_schema::{CommandBody, Rejection, Timestamp};

use super::places::seat_id;
use super::show::{ZoneOnSaleInput, zones};
use super::{Caller, CommandInput, Scope};
use crate::scalar::DateTime;

/// Input of `showPostpone`.
#[derive(InputObject)]
pub(crate) struct ShowPostponeInput {
    #[graphql(flatten)]
    caller: Caller,
    /// When it happened, if it is a fact that is recorded later.
    occurred_at: Option<DateTime>,
    /// The show.
    show: ID,
    /// Begin of the performance from here on.
    starts_at: DateTime,
    /// Opening of the doors from here on.
    doors_at: DateTime,
    /// Live sales begin.
    sale_from: DateTime,
    /// Live sales end.
    sale_until: DateTime,
    /// Until when holders may ask for their money, by cancellations with the reason SHOW_CHANGED; absent if they may not.
    refunds_until: Option<DateTime>,
}

impl CommandInput for ShowPostponeInput {
    fn caller(&self) -> &Caller {
        &self.caller
    }

    fn occurred_at(&self) -> Option<Timestamp> {
        self.occurred_at.map(|at| at.0)
    }

    fn body(self, scope: &Scope) -> Result<CommandBody, Rejection> {
        Ok(CommandBody::PostponeShow(PostponeShow {
            show: scope.id(&self.show),
            starts_at: self.starts_at.0,
            doors_at: self.doors_at.0,
            sale_from: self.sale_from.0,
            sale_until: self.sale_until.0,
            refunds_until: self.refunds_until.map(|until| until.0),
        }))
    }
}

/// Where the places of a zone go when a show moves.
#[derive(InputObject)]
pub(crate) struct ZoneMoveInput {
    /// The zone before.
    from: ID,
    /// The zone from here on.
    to: ID,
    /// The new seat of each numbered seat of the zone before, in its order, by its index; empty where seats keep their
    /// index, or are not numbered before or after.
    #[graphql(default)]
    seats: Vec<i32>,
}

/// Input of `showRelocate`.
#[derive(InputObject)]
pub(crate) struct ShowRelocateInput {
    #[graphql(flatten)]
    caller: Caller,
    /// When it happened, if it is a fact that is recorded later: then it may take more than there are places.
    occurred_at: Option<DateTime>,
    /// The show.
    show: ID,
    /// Where from here on.
    hall: ID,
    /// Zones on sale from here on.
    zones: Vec<ZoneOnSaleInput>,
    /// Where the places of the zones before go: every zone that has sold, held or allotted places.
    moves: Vec<ZoneMoveInput>,
    /// Until when holders may ask for their money, by cancellations with the reason SHOW_CHANGED; absent if they may not.
    refunds_until: Option<DateTime>,
}

impl CommandInput for ShowRelocateInput {
    fn caller(&self) -> &Caller {
        &self.caller
    }

    fn occurred_at(&self) -> Option<Timestamp> {
        self.occurred_at.map(|at| at.0)
    }

    fn body(self, scope: &Scope) -> Result<CommandBody, Rejection> {
        let moved = |moved: &ZoneMoveInput| ZoneMove {
            from: scope.id(&moved.from),
            to: scope.id(&moved.to),
            seats: moved.seats.iter().copied().map(seat_id).collect(),
        };
        Ok(CommandBody::RelocateShow(RelocateShow {
            show: scope.id(&self.show),
            hall: scope.id(&self.hall),
            zones: zones(&self.zones, scope)?,
            moves: self.moves.iter().map(moved).collect(),
            refunds_until: self.refunds_until.map(|until| until.0),
        }))
    }
}

/// Input of `showCancel`.
#[derive(InputObject)]
pub(crate) struct ShowCancelInput {
    #[graphql(flatten)]
    caller: Caller,
    /// When it happened, if it is a fact that is recorded later.
    occurred_at: Option<DateTime>,
    /// The show.
    show: ID,
}

impl CommandInput for ShowCancelInput {
    fn caller(&self) -> &Caller {
        &self.caller
    }

    fn occurred_at(&self) -> Option<Timestamp> {
        self.occurred_at.map(|at| at.0)
    }

    fn body(self, scope: &Scope) -> Result<CommandBody, Rejection> {
        Ok(CommandBody::CancelShow(CancelShow { show: scope.id(&self.show) }))
    }
}

/// Input of `showRefundBegin`.
#[derive(InputObject)]
pub(crate) struct ShowRefundBeginInput {
    #[graphql(flatten)]
    caller: Caller,
    /// The show, which is cancelled.
    show: ID,
    /// Whether fees on top and fees of orders are kept.
    fees_kept: bool,
}

impl CommandInput for ShowRefundBeginInput {
    fn caller(&self) -> &Caller {
        &self.caller
    }

    fn body(self, scope: &Scope) -> Result<CommandBody, Rejection> {
        let (show, fees_kept) = (scope.id(&self.show), self.fees_kept);
        Ok(CommandBody::BeginShowRefund(BeginShowRefund { show, fees_kept }))
    }
}

/// Input of `showRefundAdvance`.
#[derive(InputObject)]
pub(crate) struct ShowRefundAdvanceInput {
    #[graphql(flatten)]
    caller: Caller,
    /// The show.
    show: ID,
    /// Most orders to work off with this command, up to 200.
    #[graphql(default = 200)]
    orders: i32,
}

impl CommandInput for ShowRefundAdvanceInput {
    fn caller(&self) -> &Caller {
        &self.caller
    }

    fn body(self, scope: &Scope) -> Result<CommandBody, Rejection> {
        let orders = scope.count(self.orders, || "orders".into())?;
        Ok(CommandBody::AdvanceShowRefund(AdvanceShowRefund { show: scope.id(&self.show), orders }))
    }
}

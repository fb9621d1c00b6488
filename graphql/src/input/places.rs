//! Quotas and holds.

use async_graphql::{ID, InputObject, OneofObject};
use soticket_schema::command::{
    AllocateQuota, CloseQuota, PlaceHold, ReleaseHold, ReturnQuota, SetQuotaDeadline, TransferQuota,
};
use soticket_schema::event::v1::Places;
use soticket_schema::ids::SeatId;
use soticket_schema::{CommandBody, Rejection, Timestamp};

use super::scope::PersonInput;
use super::{Caller, CommandInput, Scope};
use crate::scalar::DateTime;

/// A number of places, or the seats themselves where they are numbered.
#[derive(OneofObject)]
pub(crate) enum PlacesInput {
    /// So many places.
    Count(i32),
    /// These seats, by their index in the zone's list of seats.
    Seats(Vec<i32>),
}

impl PlacesInput {
    fn places(&self, scope: &Scope) -> Result<Places, Rejection> {
        match self {
            Self::Count(count) => scope.count(*count, || "places".into()).map(Places::Count),
            Self::Seats(seats) => Ok(Places::Seats(seats.iter().map(|seat| seat_id(*seat)).collect())),
        }
    }
}

/// The seat of an index; a negative one is no seat of any zone.
pub(super) fn seat_id(index: i32) -> SeatId {
    SeatId(u32::try_from(index).unwrap_or(u32::MAX))
}

/// Input of `quotaAllocate`.
#[derive(InputObject)]
pub(crate) struct QuotaAllocateInput {
    #[graphql(flatten)]
    caller: Caller,
    /// When it happened, if it is a fact that is recorded later.
    occurred_at: Option<DateTime>,
    /// The show.
    show: ID,
    /// The zone.
    zone: ID,
    /// The channel.
    channel: ID,
    /// The places to add to what the channel has.
    places: PlacesInput,
    /// When the channel's whole quota goes back to the pool by itself; leaves that as it is if absent.
    returns_at: Option<DateTime>,
}

impl CommandInput for QuotaAllocateInput {
    fn caller(&self) -> &Caller {
        &self.caller
    }

    fn occurred_at(&self) -> Option<Timestamp> {
        self.occurred_at.map(|time| time.0)
    }

    fn body(self, scope: &Scope) -> Result<CommandBody, Rejection> {
        Ok(CommandBody::AllocateQuota(AllocateQuota {
            show: scope.id(&self.show),
            zone: scope.id(&self.zone),
            channel: scope.id(&self.channel),
            places: self.places.places(scope)?,
            returns_at: self.returns_at.map(|time| time.0),
        }))
    }
}

/// Input of `quotaTransfer`.
#[derive(InputObject)]
pub(crate) struct QuotaTransferInput {
    #[graphql(flatten)]
    caller: Caller,
    /// When it happened, if it is a fact that is recorded later.
    occurred_at: Option<DateTime>,
    /// The show.
    show: ID,
    /// The zone.
    zone: ID,
    /// Who gives.
    from: ID,
    /// Who gets.
    to: ID,
    /// The places.
    places: PlacesInput,
}

impl CommandInput for QuotaTransferInput {
    fn caller(&self) -> &Caller {
        &self.caller
    }

    fn occurred_at(&self) -> Option<Timestamp> {
        self.occurred_at.map(|time| time.0)
    }

    fn body(self, scope: &Scope) -> Result<CommandBody, Rejection> {
        Ok(CommandBody::TransferQuota(TransferQuota {
            show: scope.id(&self.show),
            zone: scope.id(&self.zone),
            from: scope.id(&self.from),
            to: scope.id(&self.to),
            places: self.places.places(scope)?,
        }))
    }
}

/// Input of `quotaClose`.
#[derive(InputObject)]
pub(crate) struct QuotaCloseInput {
    #[graphql(flatten)]
    caller: Caller,
    /// The show.
    show: ID,
    /// The zone.
    zone: ID,
    /// The channel.
    channel: ID,
}

impl CommandInput for QuotaCloseInput {
    fn caller(&self) -> &Caller {
        &self.caller
    }

    fn body(self, scope: &Scope) -> Result<CommandBody, Rejection> {
        Ok(CommandBody::CloseQuota(CloseQuota {
            show: scope.id(&self.show),
            zone: scope.id(&self.zone),
            channel: scope.id(&self.channel),
        }))
    }
}

/// Input of `quotaReturn`.
#[derive(InputObject)]
pub(crate) struct QuotaReturnInput {
    #[graphql(flatten)]
    caller: Caller,
    /// When it happened, if it is a fact that is recorded later.
    occurred_at: Option<DateTime>,
    /// The show.
    show: ID,
    /// The zone.
    zone: ID,
    /// The channel.
    channel: ID,
    /// The places to give back.
    places: PlacesInput,
}

impl CommandInput for QuotaReturnInput {
    fn caller(&self) -> &Caller {
        &self.caller
    }

    fn occurred_at(&self) -> Option<Timestamp> {
        self.occurred_at.map(|time| time.0)
    }

    fn body(self, scope: &Scope) -> Result<CommandBody, Rejection> {
        Ok(CommandBody::ReturnQuota(ReturnQuota {
            show: scope.id(&self.show),
            zone: scope.id(&self.zone),
            channel: scope.id(&self.channel),
            places: self.places.places(scope)?,
        }))
    }
}

/// Input of `quotaDeadlineSet`.
#[derive(InputObject)]
pub(crate) struct QuotaDeadlineSetInput {
    #[graphql(flatten)]
    caller: Caller,
    /// The show.
    show: ID,
    /// The zone.
    zone: ID,
    /// The channel.
    channel: ID,
    /// When what is left of the quota goes back to the pool by itself; never if absent.
    returns_at: Option<DateTime>,
}

impl CommandInput for QuotaDeadlineSetInput {
    fn caller(&self) -> &Caller {
        &self.caller
    }

    fn body(self, scope: &Scope) -> Result<CommandBody, Rejection> {
        Ok(CommandBody::SetQuotaDeadline(SetQuotaDeadline {
            show: scope.id(&self.show),
            zone: scope.id(&self.zone),
            channel: scope.id(&self.channel),
            returns_at: self.returns_at.map(|time| time.0),
        }))
    }
}

/// Input of `holdPlace`.
#[derive(InputObject)]
pub(crate) struct HoldPlaceInput {
    #[graphql(flatten)]
    caller: Caller,
    /// The show.
    show: ID,
    /// The zone.
    zone: ID,
    /// The channel.
    channel: ID,
    /// The places.
    places: PlacesInput,
    /// When it ends by itself.
    expires_at: DateTime,
    /// For whom, if known.
    buyer: Option<PersonInput>,
}

impl CommandInput for HoldPlaceInput {
    fn caller(&self) -> &Caller {
        &self.caller
    }

    fn body(self, scope: &Scope) -> Result<CommandBody, Rejection> {
        Ok(CommandBody::PlaceHold(PlaceHold {
            show: scope.id(&self.show),
            zone: scope.id(&self.zone),
            channel: scope.id(&self.channel),
            places: self.places.places(scope)?,
            expires_at: self.expires_at.0,
            buyer: self.buyer.map(Into::into),
        }))
    }
}

/// Input of `holdRelease`.
#[derive(InputObject)]
pub(crate) struct HoldReleaseInput {
    #[graphql(flatten)]
    caller: Caller,
    /// The hold.
    hold: ID,
}

impl CommandInput for HoldReleaseInput {
    fn caller(&self) -> &Caller {
        &self.caller
    }

    fn body(self, scope: &Scope) -> Result<CommandBody, Rejection> {
        Ok(CommandBody::ReleaseHold(ReleaseHold { hold: scope.id(&self.hold) }))
    }
}

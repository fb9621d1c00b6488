//! What the catalogue answers: the definitions as they stand now.

use serde::{Deserialize, Serialize};
use soticket_schema::event::v1::{
    ActorAssigned, ActorKind, ChannelOpened, DatedRate, MethodKind, Mode, OrganisationParameters,
    ProductKind, SeatOfRow, SeatRow, ShowScheduled, TariffRules, TariffTerms,
};
use soticket_schema::{
    ActorId, Amount, Currency, HallId, SeasonId, SeatId, ShowId, TariffId, Timestamp, ZoneId,
};

/// The organisation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrganisationInfo {
    /// What the log may be used for.
    pub mode: Mode,
    /// Currency of every amount.
    pub currency: Currency,
    /// Its parameters.
    pub parameters: OrganisationParameters,
    /// When the log began.
    pub opened_at: Timestamp,
}

/// A hall.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HallInfo {
    /// Its number.
    pub hall: HallId,
    /// Its name.
    pub name: String,
    /// Places that the safety commission allows at once.
    pub authorised_capacity: u32,
    /// Its zones, in the order of their definition.
    pub zones: Vec<ZoneId>,
}

/// A zone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ZoneInfo {
    /// Its number.
    pub zone: ZoneId,
    /// The hall.
    pub hall: HallId,
    /// Its name.
    pub name: String,
    /// Its places.
    pub capacity: u32,
    /// Labels of the numbered seats; empty for free seating.
    pub seats: Vec<String>,
    /// Rows of the numbered seats, in the order of the labels; empty if nobody said.
    pub rows: Vec<SeatRow>,
}

impl ZoneInfo {
    /// The row of a numbered seat and the seat in it, if they were drawn.
    pub fn drawn(&self, seat: SeatId) -> Option<(&str, &SeatOfRow)> {
        let seats = self.rows.iter().flat_map(|row| row.seats.iter().map(|seat| (row.row.as_str(), seat)));
        seats.into_iter().nth(usize::try_from(seat.0).ok()?)
    }
}

/// Where a show stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ShowState {
    /// Planned.
    Scheduled,
    /// Open for sale within its sale window.
    Open,
    /// Closed.
    Closed,
    /// Called off.
    Cancelled,
}

/// A show.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShowInfo {
    /// As it was scheduled, at the time and in the hall and zones that it was moved to since.
    pub scheduled: ShowScheduled,
    /// Where it stands.
    pub state: ShowState,
    /// Its tariffs, in the order of their definition.
    pub tariffs: Vec<TariffInfo>,
    /// The season that it belongs to.
    pub season: Option<SeasonId>,
    /// When it was first to begin, if it was postponed.
    pub postponed_from: Option<Timestamp>,
    /// Where it was first to take place, if it was relocated.
    pub relocated_from: Option<HallId>,
    /// Until when holders may ask for their money after it was moved.
    pub refunds_until: Option<Timestamp>,
    /// The return of its money, if it was begun; the last one.
    pub refund: Option<RefundProgress>,
}

/// How far the return of a cancelled show's money is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefundProgress {
    /// Which of the show's refunds it is, from 1.
    pub run: u32,
    /// Whether fees are kept.
    pub fees_kept: bool,
    /// Orders to work off, as the show stood when it was begun; those reported later come on top.
    pub orders: u64,
    /// What was to be returned then.
    pub amount: Amount,
    /// Orders that are done.
    pub orders_done: u64,
    /// Tickets that were cancelled.
    pub tickets_done: u64,
    /// What was returned.
    pub amount_done: Amount,
    /// When it was begun.
    pub begun_at: Timestamp,
    /// When it was finished, if it is.
    pub finished_at: Option<Timestamp>,
}

impl ShowInfo {
    /// Its number.
    pub fn show(&self) -> ShowId {
        self.scheduled.show
    }
}

/// A tariff.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TariffInfo {
    /// Its number.
    pub tariff: TariffId,
    /// The show.
    pub show: ShowId,
    /// Its present terms.
    pub terms: TariffTerms,
    /// Its present rules.
    pub rules: TariffRules,
    /// VAT rates by when they begin; before the first, that of the terms.
    pub rates: Vec<DatedRate>,
}

/// A channel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChannelInfo {
    /// As it was opened.
    pub opened: ChannelOpened,
    /// Whether it was closed since.
    pub closed: bool,
}

/// A way of paying.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MethodInfo {
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: MethodKind,
}

/// A product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProductInfo {
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: ProductKind,
}

/// An actor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActorInfo {
    /// The number.
    pub actor: ActorId,
    /// What it is.
    pub kind: ActorKind,
    /// Its label; empty for a user.
    pub label: String,
    /// What it was bound to last; none if it never was.
    pub assigned: Option<ActorAssigned>,
}

//! What the catalogue answers: the definitions as they stand now.

use serde::{Deserialize, Serialize};
use soticket_schema::event::v1::{
    ActorAssigned, ActorKind, ChannelOpened, MethodKind, Mode, OrganisationParameters, ProductKind,
    ShowScheduled, TariffTerms,
};
use soticket_schema::{ActorId, Currency, HallId, ShowId, TariffId, Timestamp, ZoneId};

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
}

/// A show.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShowInfo {
    /// As it was scheduled.
    pub scheduled: ShowScheduled,
    /// Where it stands.
    pub state: ShowState,
    /// Its tariffs, in the order of their definition.
    pub tariffs: Vec<TariffInfo>,
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

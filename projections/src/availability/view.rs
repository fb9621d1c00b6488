//! What availability answers.

use serde::{Deserialize, Serialize};
use soticket_schema::event::v1::{CompReason, CompWarning};
use soticket_schema::{ChannelId, SeatId, ShowId, Timestamp, ZoneId};

/// Places of a show: zones, channels and totals.
///
/// As the log has it, or as of an instant: then holds past their time and quotas past their deadlines are free, before
/// the next decision about the show says so by events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShowAvailability {
    /// The show.
    pub show: ShowId,
    /// Places that the safety commission allows in the hall at once.
    pub authorised_capacity: u64,
    /// All zones together; `left` is also limited by the authorised capacity.
    pub total: Occupancy,
    /// Its zones, in the order in which the show was scheduled.
    pub zones: Vec<ZoneAvailability>,
    /// Free tickets by reason.
    pub comps: ShowComps,
}

/// Free tickets of a show. Those that were paid for with a card or pack are not counted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ShowComps {
    /// All valid ones.
    pub total: u64,
    /// Reasons that have any, or a quota, in the order of the reasons.
    pub reasons: Vec<CompCount>,
    /// Limits beyond which there is a warning.
    pub limits: Vec<CompLimitState>,
}

/// Free tickets for one reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CompCount {
    /// The reason.
    pub reason: CompReason,
    /// Valid ones.
    pub given: u64,
    /// Most that may be given live, if there is a quota.
    pub quota: Option<u64>,
}

/// Where a limit stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompLimitState {
    /// The limit.
    pub warning: CompWarning,
    /// Free tickets that it allows now.
    pub allowed: u64,
    /// Whether there are more.
    pub passed: bool,
}

/// Places and what became of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Occupancy {
    /// Places on sale.
    pub on_sale: u64,
    /// Held for baskets and options.
    pub held: u64,
    /// Sold, free tickets included.
    pub sold: u64,
    /// Of the sold ones, those with a free ticket.
    pub free: u64,
    /// Places left.
    pub left: u64,
    /// Sold and held beyond the places on sale, by facts.
    pub oversold: u64,
}

/// Places of one zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ZoneAvailability {
    /// The zone.
    pub zone: ZoneId,
    /// Whether its seats are numbered.
    pub numbered: bool,
    /// The zone's totals.
    pub total: Occupancy,
    /// What no quota takes.
    pub pool: PoolAvailability,
    /// Channels that have or had a quota, sold or held here, by number.
    pub channels: Vec<ChannelAvailability>,
}

/// Places of a zone that belong to no open quota.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PoolAvailability {
    /// Places on sale less the open quotas.
    pub places: u64,
    /// Sold or held of them.
    pub used: u64,
    /// Left of them, within the zone and the hall.
    pub left: u64,
}

/// One channel's part in a zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChannelAvailability {
    /// The channel.
    pub channel: ChannelId,
    /// Its open quota; none when it sells from the pool.
    pub quota: Option<u64>,
    /// Whether it had a quota that was closed since.
    pub quota_closed: bool,
    /// When its open quota goes back by itself, if it does.
    pub returns_at: Option<Timestamp>,
    /// Where its quota came from and went.
    pub flow: QuotaFlow,
    /// Held by it.
    pub held: u64,
    /// Sold by it, free tickets included.
    pub sold: u64,
    /// Of the sold ones, those with a free ticket.
    pub free: u64,
    /// What it could sell now: of its quota or the pool, within the zone and the hall.
    pub left: u64,
    /// Tickets that, when they were recorded, were beyond its quota (or beyond the pool, without a quota).
    pub over_quota: u64,
}

/// Places that came to a channel's quotas of a zone and left them, since the show was scheduled: `granted + received -
/// given - returned - released - kept` is the open quota, or nothing without one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct QuotaFlow {
    /// Granted out of the pool.
    pub granted: i64,
    /// Received from other channels.
    pub received: i64,
    /// Given to other channels.
    pub given: i64,
    /// Given back to the pool by the channel (retour de contingent).
    pub returned: i64,
    /// Gone back to the pool when a quota was closed or ran past its deadline; below zero when facts had oversold it.
    pub released: i64,
    /// Sold or held when a quota ended: these places stay the channel's.
    pub kept: i64,
}

impl QuotaFlow {
    /// What is left of the quota: nothing without one.
    pub fn quota(&self) -> i64 {
        let came = self.granted.saturating_add(self.received);
        let gone = [self.given, self.returned, self.released, self.kept];
        gone.into_iter().fold(came, i64::saturating_sub)
    }
}

/// A numbered seat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SeatAvailability {
    /// The seat: its index in the zone's list of labels.
    pub seat: SeatId,
    /// The channel whose quota it is in; none for the pool.
    pub quota: Option<ChannelId>,
    /// What became of it.
    pub state: SeatState,
    /// How often it is sold or held: more than once only by facts.
    pub occupations: u32,
}

/// What became of a numbered seat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SeatState {
    /// Free to sell.
    Left,
    /// Held.
    Held,
    /// Sold.
    Sold,
}

//! Places of one zone of one show: whom they belong to and who has sold or holds them.
//!
//! Every occupied place counts against a channel's quota or against the pool. A numbered seat counts against whoever it
//! belongs to, whoever sold it. A place without a seat counts against the selling channel's quota while that is open,
//! else against the pool: so a cancelled ticket goes back to the channel, or to the pool once the quota is closed.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use soticket_schema::event::v1::Places;
use soticket_schema::{ChannelId, SeatId, Timestamp, ZoneId};

use super::view::ZoneAvailability;
use super::view::{ChannelAvailability, Occupancy, PoolAvailability, QuotaFlow, SeatAvailability, SeatState};

/// Places of a zone. Facts may drive any figure beyond its limit; live decisions never do.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Zone {
    pub(super) zone: ZoneId,
    on_sale: i64,
    seat_count: u32,
    pool_used: i64,
    /// Sum of the open quotas.
    quotas: i64,
    /// In the order in which they were first named; tickets refer to them by place.
    channels: Vec<Channel>,
    /// Seats that are in a quota or were ever occupied.
    seats: BTreeMap<SeatId, Seat>,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Channel {
    channel: ChannelId,
    quota: Option<i64>,
    quota_closed: bool,
    /// When the quota goes back by itself.
    returns_at: Option<Timestamp>,
    flow: QuotaFlow,
    /// What counts against the quota.
    used: i64,
    /// Sold or held without a seat.
    seatless: i64,
    sold: i64,
    free: i64,
    held: i64,
    over_quota: u64,
}

#[derive(Debug, Default, Clone, Copy, Serialize, Deserialize)]
struct Seat {
    owner: Option<ChannelId>,
    sold: i32,
    held: i32,
}

/// Why a place is occupied.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Sold,
    Held,
}

/// What a change of a quota is to the channel.
type Figure = fn(&mut QuotaFlow) -> &mut i64;

impl Zone {
    pub(super) fn new(zone: ZoneId, on_sale: u32, seat_count: u32) -> Self {
        Self { zone, on_sale: i64::from(on_sale), seat_count, ..Self::default() }
    }

    /// Place of a channel among those named so far; it is added when it is new.
    pub(super) fn channel(&mut self, channel: ChannelId) -> usize {
        self.channels.iter().position(|known| known.channel == channel).unwrap_or_else(|| {
            self.channels.push(Channel { channel, ..Channel::default() });
            self.channels.len() - 1
        })
    }

    /// The channel at a place among those named so far.
    pub(super) fn channel_at(&self, index: u16) -> Option<ChannelId> {
        self.channels.get(usize::from(index)).map(|known| known.channel)
    }

    pub(super) fn is_numbered(&self) -> bool {
        self.seat_count > 0
    }

    /// Channels with their open quotas.
    pub(super) fn quotas_by_channel(&self) -> impl Iterator<Item = (ChannelId, Option<i64>)> {
        self.channels.iter().map(|known| (known.channel, known.quota))
    }

    /// Channels whose last quota was closed.
    pub(super) fn closed_quotas(&self) -> impl Iterator<Item = ChannelId> {
        self.channels.iter().filter(|known| known.quota_closed).map(|known| known.channel)
    }

    /// Seats in a channel's quota, ascending.
    pub(super) fn seats_of(&self, channel: ChannelId) -> impl Iterator<Item = SeatId> {
        let own = self.seats.iter().filter(move |(_, seat)| seat.owner == Some(channel));
        own.map(|(seat, _)| *seat)
    }

    /// The channel's quota ended, where it has none open here.
    pub(super) fn quota_was_closed(&mut self, channel: ChannelId) {
        let index = self.channel(channel);
        if let Some(known) = self.channels.get_mut(index) {
            known.quota_closed = known.quota.is_none();
        }
    }

    pub(super) fn forget_over_quota(&mut self) {
        self.channels.iter_mut().for_each(|known| known.over_quota = 0);
    }

    /// Adds what another zone noted of sales beyond quotas.
    pub(super) fn take_over_quota(&mut self, from: &Self) {
        for other in from.channels.iter().filter(|other| other.over_quota > 0) {
            let index = self.channel(other.channel);
            if let Some(known) = self.channels.get_mut(index) {
                known.over_quota = known.over_quota.saturating_add(other.over_quota);
            }
        }
    }

    fn at(&self, channel: ChannelId) -> Option<&Channel> {
        self.channels.iter().find(|known| known.channel == channel)
    }

    fn has_quota(&self, channel: ChannelId) -> bool {
        self.at(channel).is_some_and(|known| known.quota.is_some())
    }

    /// The seat, if it is one of the zone's.
    fn numbered(&self, seat: Option<SeatId>) -> Option<SeatId> {
        seat.filter(|seat| seat.0 < self.seat_count)
    }

    /// The channel whose quota a place counts against; none for the pool.
    fn account(&self, channel: ChannelId, seat: Option<SeatId>) -> Option<ChannelId> {
        match self.numbered(seat) {
            Some(seat) => self.seats.get(&seat).and_then(|seat| seat.owner),
            None => self.has_quota(channel).then_some(channel),
        }
    }

    fn left(&self, account: Option<ChannelId>) -> i64 {
        match account {
            None => self.on_sale.saturating_sub(self.quotas).saturating_sub(self.pool_used),
            Some(channel) => {
                self.at(channel).map_or(0, |known| known.quota.unwrap_or(0).saturating_sub(known.used))
            }
        }
    }

    fn charge(&mut self, account: Option<ChannelId>, count: i64) {
        let used = match account {
            None => Some(&mut self.pool_used),
            Some(channel) => {
                self.channels.iter_mut().find(|known| known.channel == channel).map(|known| &mut known.used)
            }
        };
        if let Some(used) = used {
            *used = used.saturating_add(count);
        }
    }

    /// Adds `count` places (fewer when negative) to what the channel at `index` has sold or holds.
    pub(super) fn occupy(&mut self, index: usize, seat: Option<SeatId>, kind: Kind, count: i64) {
        let Some(channel) = self.channels.get(index).map(|known| known.channel) else { return };
        let account = self.account(channel, seat);
        let numbered = self.numbered(seat);
        if let Some(known) = self.channels.get_mut(index) {
            let figure = if kind == Kind::Sold { &mut known.sold } else { &mut known.held };
            *figure = figure.saturating_add(count);
            if numbered.is_none() {
                known.seatless = known.seatless.saturating_add(count);
            }
        }
        if let Some(seat) = numbered {
            let seat = self.seats.entry(seat).or_default();
            let figure = if kind == Kind::Sold { &mut seat.sold } else { &mut seat.held };
            *figure = figure.saturating_add(if count < 0 { -1 } else { 1 });
        }
        self.charge(account, count);
        if kind == Kind::Sold && count > 0 && self.left(account) < 0 {
            self.note_over_quota(index);
        }
    }

    fn note_over_quota(&mut self, index: usize) {
        if let Some(known) = self.channels.get_mut(index) {
            known.over_quota = known.over_quota.saturating_add(1);
        }
    }

    pub(super) fn count_free(&mut self, index: usize, count: i64) {
        if let Some(known) = self.channels.get_mut(index) {
            known.free = known.free.saturating_add(count);
        }
    }

    /// Adds places to a channel's quota, and opens one if it has none.
    pub(super) fn allocate(&mut self, channel: ChannelId, places: &Places) {
        self.gain(channel, places, |flow| &mut flow.granted);
    }

    /// Moves places between two quotas. A giver without a quota gives from the pool.
    pub(super) fn transfer(&mut self, from: ChannelId, to: ChannelId, places: &Places) {
        if let Places::Count(count) = places {
            self.add_quota(from, -i64::from(*count), |flow| &mut flow.given);
        }
        self.gain(to, places, |flow| &mut flow.received);
    }

    fn gain(&mut self, channel: ChannelId, places: &Places, figure: Figure) {
        self.open_quota(channel);
        match places {
            Places::Count(count) => self.add_quota(channel, i64::from(*count), figure),
            Places::Seats(seats) => seats.iter().for_each(|seat| self.give_seat(*seat, channel, figure)),
        }
    }

    /// Gives places of a channel's quota back to the pool.
    pub(super) fn give_back(&mut self, channel: ChannelId, places: &Places) {
        match places {
            Places::Count(count) => {
                self.add_quota(channel, -i64::from(*count), |flow| &mut flow.returned);
            }
            Places::Seats(seats) => {
                for seat in seats {
                    if self.seats.get(seat).is_some_and(|seat| seat.owner == Some(channel)) {
                        self.move_seat(*seat, None);
                        self.add_quota(channel, -1, |flow| &mut flow.returned);
                    }
                }
            }
        }
    }

    /// Says when a channel's open quota goes back by itself.
    pub(super) fn set_deadline(&mut self, channel: ChannelId, returns_at: Option<Timestamp>) {
        let known = self.channels.iter_mut().find(|known| known.channel == channel);
        if let Some(known) = known.filter(|known| known.quota.is_some()) {
            known.returns_at = returns_at;
        }
    }

    /// Channels whose quotas are past their deadlines.
    pub(super) fn due(&self, now: Timestamp) -> impl Iterator<Item = ChannelId> {
        let due = move |known: &&Channel| known.returns_at.is_some_and(|returns_at| returns_at <= now);
        self.channels.iter().filter(due).map(|known| known.channel)
    }

    /// Ends a channel's quota: what counted against it counts against the pool from here on.
    pub(super) fn close_quota(&mut self, channel: ChannelId) {
        let Some(known) = self.channels.iter_mut().find(|known| known.channel == channel) else { return };
        let Some(quota) = known.quota.take() else { return };
        let used = std::mem::take(&mut known.used);
        (known.quota_closed, known.returns_at) = (true, None);
        known.flow.kept = known.flow.kept.saturating_add(used);
        known.flow.released = known.flow.released.saturating_add(quota.saturating_sub(used));
        self.quotas = self.quotas.saturating_sub(quota);
        self.pool_used = self.pool_used.saturating_add(used);
        for seat in self.seats.values_mut().filter(|seat| seat.owner == Some(channel)) {
            seat.owner = None;
        }
    }

    fn open_quota(&mut self, channel: ChannelId) {
        let index = self.channel(channel);
        let Some(known) = self.channels.get_mut(index).filter(|known| known.quota.is_none()) else { return };
        (known.quota, known.quota_closed) = (Some(0), false);
        let seatless = known.seatless;
        self.charge(None, seatless.saturating_neg());
        self.charge(Some(channel), seatless);
    }

    fn give_seat(&mut self, seat: SeatId, channel: ChannelId, figure: Figure) {
        if self.numbered(Some(seat)).is_none() {
            return;
        }
        if let Some(giver) = self.move_seat(seat, Some(channel)) {
            self.add_quota(giver, -1, |flow| &mut flow.given);
        }
        self.add_quota(channel, 1, figure);
    }

    /// Makes a seat a channel's or the pool's, and tells whose it was.
    fn move_seat(&mut self, seat: SeatId, channel: Option<ChannelId>) -> Option<ChannelId> {
        let state = self.seats.entry(seat).or_default();
        let (before, occupations) = (state.owner, i64::from(state.sold) + i64::from(state.held));
        state.owner = channel;
        self.charge(before, -occupations);
        self.charge(channel, occupations);
        before
    }

    /// Does nothing for a channel without an open quota.
    fn add_quota(&mut self, channel: ChannelId, count: i64, figure: Figure) {
        let Some(known) = self.channels.iter_mut().find(|known| known.channel == channel) else { return };
        let Some(quota) = known.quota.as_mut() else { return };
        *quota = quota.saturating_add(count);
        let figure = figure(&mut known.flow);
        *figure = figure.saturating_add(count.saturating_abs());
        self.quotas = self.quotas.saturating_add(count);
    }

    /// Places sold and held.
    pub(super) fn occupied(&self) -> i64 {
        let figures = self.channels.iter().map(|known| known.sold.saturating_add(known.held));
        figures.fold(0, i64::saturating_add)
    }

    /// The zone as it is shown; `hall_left` is what the hall's authorised capacity leaves.
    pub(super) fn view(&self, hall_left: i64) -> ZoneAvailability {
        let occupied = self.occupied();
        let limit = self.on_sale.saturating_sub(occupied).min(hall_left);
        let mut channels: Vec<_> =
            self.channels.iter().map(|known| self.channel_view(known, limit)).collect();
        channels.sort_unstable_by_key(|channel| channel.channel);
        let total = Occupancy {
            on_sale: shown(self.on_sale),
            held: channels.iter().map(|channel| channel.held).sum(),
            sold: channels.iter().map(|channel| channel.sold).sum(),
            free: channels.iter().map(|channel| channel.free).sum(),
            left: shown(limit),
            oversold: shown(occupied.saturating_sub(self.on_sale)),
        };
        let pool = PoolAvailability {
            places: shown(self.on_sale.saturating_sub(self.quotas)),
            used: shown(self.pool_used),
            left: shown(self.left(None).min(limit)),
        };
        ZoneAvailability { zone: self.zone, numbered: self.seat_count > 0, total, pool, channels }
    }

    fn channel_view(&self, known: &Channel, limit: i64) -> ChannelAvailability {
        let account = known.quota.is_some().then_some(known.channel);
        ChannelAvailability {
            channel: known.channel,
            quota: known.quota.map(shown),
            quota_closed: known.quota_closed,
            returns_at: known.returns_at,
            flow: known.flow,
            held: shown(known.held),
            sold: shown(known.sold),
            free: shown(known.free),
            left: shown(self.left(account).min(limit)),
            over_quota: known.over_quota,
        }
    }

    pub(super) fn seats(&self) -> Vec<SeatAvailability> {
        let seats = (0..self.seat_count).map(|number| {
            let seat = self.seats.get(&SeatId(number)).copied().unwrap_or_default();
            let state = match (seat.sold > 0, seat.held > 0) {
                (true, _) => SeatState::Sold,
                (false, true) => SeatState::Held,
                (false, false) => SeatState::Left,
            };
            let occupations = u32::try_from(seat.sold.saturating_add(seat.held)).unwrap_or(0);
            SeatAvailability { seat: SeatId(number), quota: seat.owner, state, occupations }
        });
        seats.collect()
    }
}

/// A figure as it is shown: never below zero.
pub(super) fn shown(figure: i64) -> u64 {
    u64::try_from(figure).unwrap_or(0)
}

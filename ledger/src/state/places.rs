//! The places of one zone of one show: who may sell them, who has sold or holds them.
//!
//! Every occupied place counts against one account: a channel's quota or the pool. A seat counts against the account
//! that it belongs to, whoever sold it. A place without a seat counts against the selling channel's quota while that is
//! open, else against the pool; it moves with the opening and closing of that quota, so that a cancelled ticket gives
//! its place back to the channel, or to the pool once the quota is closed.

use serde::{Deserialize, Serialize};
use soticket_schema::event::v1::Places;
use soticket_schema::{ChannelId, SeatId, Timestamp, ZoneId};

/// What a place counts against.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Account {
    /// The places that are in no quota.
    Pool,
    /// A channel's quota.
    Quota(ChannelId),
}

/// Why a place is occupied.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    Sold,
    Held,
}

/// Places of a zone on sale for a show. Facts may drive any figure beyond its limit, or below zero.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct ZonePlaces {
    pub(crate) zone: ZoneId,
    pub(crate) on_sale: i64,
    /// How many numbered seats; 0 for free seating.
    pub(crate) seat_count: u32,
    /// Sold and held.
    pub(crate) occupied: i64,
    /// The part of `occupied` that counts against the pool.
    pub(crate) pool_used: i64,
    /// Sum of the open quotas.
    pub(super) quotas: i64,
    /// Channels that have or had a quota or a place, by number.
    pub(crate) channels: Vec<ChannelPlaces>,
    /// Seats up to the last one that was ever touched.
    seats: Vec<Seat>,
}

/// What a channel has of a zone.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub(crate) struct ChannelPlaces {
    pub(crate) channel: ChannelId,
    /// Its quota; none when it sells from the pool.
    pub(crate) quota: Option<i64>,
    /// When the quota goes back by itself, if it does.
    returns_at: Option<Timestamp>,
    /// Whether its last quota was closed.
    pub(super) quota_closed: bool,
    /// Places that count against its quota.
    used: i64,
    /// Places that it sold or holds without a seat.
    seatless: i64,
    pub(crate) sold: i64,
    pub(crate) held: i64,
}

/// A numbered seat. Facts can sell one seat twice.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
struct Seat {
    /// The channel whose quota it is in; 0 for the pool.
    owner: ChannelId,
    occupied: u32,
}

impl ZonePlaces {
    pub(super) fn new(zone: ZoneId, on_sale: u32, seat_count: u32) -> Self {
        Self {
            zone,
            on_sale: i64::from(on_sale),
            seat_count,
            occupied: 0,
            pool_used: 0,
            quotas: 0,
            channels: Vec::new(),
            seats: Vec::new(),
        }
    }

    pub(crate) fn is_numbered(&self) -> bool {
        self.seat_count > 0
    }

    pub(crate) fn channel(&self, channel: ChannelId) -> Option<&ChannelPlaces> {
        let index = self.channels.binary_search_by_key(&channel, |places| places.channel).ok()?;
        self.channels.get(index)
    }

    pub(super) fn has_quota(&self, channel: ChannelId) -> bool {
        self.channel(channel).is_some_and(|places| places.quota.is_some())
    }

    /// The account that a place counts against.
    pub(super) fn account(&self, channel: ChannelId, seat: Option<SeatId>) -> Account {
        let owner = match seat.filter(|seat| seat.0 < self.seat_count) {
            Some(seat) => self.seat(seat).owner,
            None if self.has_quota(channel) => channel,
            None => ChannelId(0),
        };
        account_of(owner)
    }

    /// Places that an account has left; below zero once facts have oversold it.
    pub(super) fn left(&self, account: Account) -> i64 {
        match account {
            Account::Pool => self.on_sale.saturating_sub(self.quotas).saturating_sub(self.pool_used),
            Account::Quota(channel) => self
                .channel(channel)
                .map_or(0, |places| places.quota.unwrap_or(0).saturating_sub(places.used)),
        }
    }

    /// Places left in the zone, whoever they belong to.
    pub(crate) fn zone_left(&self) -> i64 {
        self.on_sale.saturating_sub(self.occupied)
    }

    /// Whether everybody has a place: neither the zone nor its quotas nor the pool are beyond what is on sale.
    pub(crate) fn takes_all(&self) -> bool {
        self.zone_left() >= 0 && self.quotas <= self.on_sale && self.left(Account::Pool) >= 0
    }

    /// How often a seat is sold or held.
    pub(crate) fn occupations(&self, seat: SeatId) -> i64 {
        i64::from(self.seat(seat).occupied)
    }

    /// Places without a seat that a channel has sold or holds.
    pub(crate) fn seatless(&self, channel: ChannelId) -> i64 {
        self.channel(channel).map_or(0, |places| places.seatless)
    }

    pub(super) fn occupy(&mut self, channel: ChannelId, seat: Option<SeatId>, kind: Kind, count: i64) {
        let account = self.account(channel, seat);
        let seat = seat.filter(|seat| seat.0 < self.seat_count);
        let places = self.channel_mut(channel);
        match kind {
            Kind::Sold => places.sold = places.sold.saturating_add(count),
            Kind::Held => places.held = places.held.saturating_add(count),
        }
        match seat {
            None => places.seatless = places.seatless.saturating_add(count),
            Some(seat) => {
                let occupied = self.occupations(seat).saturating_add(count).clamp(0, i64::from(u32::MAX));
                self.seat_mut(seat).occupied = u32::try_from(occupied).unwrap_or(u32::MAX);
            }
        }
        self.charge(account, count);
        self.occupied = self.occupied.saturating_add(count);
    }

    /// Adds places to a channel's quota, and opens one if the channel has none.
    pub(super) fn allocate(&mut self, channel: ChannelId, places: &Places) {
        self.open_quota(channel);
        match places {
            Places::Count(count) => self.add_quota(channel, i64::from(*count)),
            Places::Seats(seats) => seats.iter().for_each(|seat| self.give_seat(*seat, channel)),
        }
    }

    /// Moves places between two quotas. A giver without a quota gives from the pool.
    pub(super) fn transfer(&mut self, from: ChannelId, to: ChannelId, places: &Places) {
        if let Places::Count(count) = places
            && self.has_quota(from)
        {
            self.add_quota(from, -i64::from(*count));
        }
        self.allocate(to, places);
    }

    /// Gives places of a channel's quota back to the pool. Without a quota there is nothing to give.
    pub(super) fn give_back(&mut self, channel: ChannelId, places: &Places) {
        match places {
            Places::Count(count) => self.add_quota(channel, -i64::from(*count)),
            Places::Seats(seats) => {
                let own = |places: &Self, seat: SeatId| {
                    places.account(ChannelId(0), Some(seat)) == Account::Quota(channel)
                };
                for seat in seats.iter().copied() {
                    if own(self, seat) {
                        self.move_seat(seat, ChannelId(0));
                        self.add_quota(channel, -1);
                    }
                }
            }
        }
    }

    /// Says when a channel's open quota goes back by itself; tells when it would have before.
    pub(super) fn set_deadline(
        &mut self,
        channel: ChannelId,
        returns_at: Option<Timestamp>,
    ) -> Option<Timestamp> {
        if !self.has_quota(channel) {
            return None;
        }
        std::mem::replace(&mut self.channel_mut(channel).returns_at, returns_at)
    }

    /// When a channel's quota goes back by itself, if it does.
    pub(crate) fn deadline(&self, channel: ChannelId) -> Option<Timestamp> {
        self.channel(channel).and_then(|places| places.returns_at)
    }

    /// The places as decisions see them at an instant.
    pub(crate) fn at(&self, now: Timestamp) -> PlacesAt<'_> {
        PlacesAt { places: self, now }
    }

    /// Ends a channel's quota: what counted against it counts against the pool from here on.
    pub(super) fn close_quota(&mut self, channel: ChannelId) {
        if !self.has_quota(channel) {
            return;
        }
        let places = self.channel_mut(channel);
        let (quota, used) = (places.quota.take().unwrap_or(0), std::mem::take(&mut places.used));
        (places.quota_closed, places.returns_at) = (true, None);
        self.quotas = self.quotas.saturating_sub(quota);
        self.pool_used = self.pool_used.saturating_add(used);
        for seat in self.seats.iter_mut().filter(|seat| seat.owner == channel) {
            seat.owner = ChannelId(0);
        }
    }

    /// The channel's quota ended, where it had none in these places yet.
    pub(super) fn quota_was_closed(&mut self, channel: ChannelId) {
        let places = self.channel_mut(channel);
        places.quota_closed = places.quota.is_none();
    }

    /// Seats in a channel's quota, ascending.
    pub(crate) fn seats_of(&self, channel: ChannelId) -> impl Iterator<Item = SeatId> {
        (0..)
            .map(SeatId)
            .zip(&self.seats)
            .filter(move |(_, seat)| seat.owner == channel)
            .map(|(seat, _)| seat)
    }

    /// Seats that are sold or held, or in a quota, ascending.
    pub(crate) fn seats_in_use(&self) -> impl Iterator<Item = SeatId> {
        let used = |seat: &Seat| seat.occupied > 0 || seat.owner.0 != 0;
        (0..).map(SeatId).zip(&self.seats).filter(move |(_, seat)| used(seat)).map(|(seat, _)| seat)
    }

    fn open_quota(&mut self, channel: ChannelId) {
        let places = self.channel_mut(channel);
        if places.quota.is_some() {
            return;
        }
        (places.quota, places.quota_closed) = (Some(0), false);
        let seatless = places.seatless;
        self.charge(Account::Pool, -seatless);
        self.charge(Account::Quota(channel), seatless);
    }

    fn give_seat(&mut self, seat: SeatId, channel: ChannelId) {
        if seat.0 >= self.seat_count {
            return;
        }
        if let Account::Quota(giver) = self.move_seat(seat, channel) {
            self.add_quota(giver, -1);
        }
        self.add_quota(channel, 1);
    }

    /// Makes a seat a channel's, or the pool's for 0, and tells whose it was.
    fn move_seat(&mut self, seat: SeatId, channel: ChannelId) -> Account {
        let (before, occupations) = (self.account(channel, Some(seat)), self.occupations(seat));
        self.seat_mut(seat).owner = channel;
        self.charge(before, -occupations);
        self.charge(account_of(channel), occupations);
        before
    }

    fn add_quota(&mut self, channel: ChannelId, count: i64) {
        if let Some(quota) = &mut self.channel_mut(channel).quota {
            *quota = quota.saturating_add(count);
            self.quotas = self.quotas.saturating_add(count);
        }
    }

    fn charge(&mut self, account: Account, count: i64) {
        let used = match account {
            Account::Pool => &mut self.pool_used,
            Account::Quota(channel) => &mut self.channel_mut(channel).used,
        };
        *used = used.saturating_add(count);
    }

    fn channel_mut(&mut self, channel: ChannelId) -> &mut ChannelPlaces {
        let index = match self.channels.binary_search_by_key(&channel, |places| places.channel) {
            Ok(index) => index,
            Err(index) => {
                self.channels.insert(index, ChannelPlaces { channel, ..ChannelPlaces::default() });
                index
            }
        };
        &mut self.channels[index]
    }

    fn seat(&self, seat: SeatId) -> Seat {
        self.seats.get(seat.0 as usize).copied().unwrap_or_default()
    }

    /// The caller has checked the seat against `seat_count`, which bounds the list.
    fn seat_mut(&mut self, seat: SeatId) -> &mut Seat {
        let index = seat.0 as usize;
        if self.seats.len() <= index {
            self.seats.resize(index + 1, Seat::default());
        }
        &mut self.seats[index]
    }
}

/// The account of a channel's quota; the pool's for 0.
fn account_of(owner: ChannelId) -> Account {
    if owner.0 == 0 { Account::Pool } else { Account::Quota(owner) }
}

/// Places at an instant: a quota past its deadline is as good as closed, before an event says so.
#[derive(Clone, Copy)]
pub(crate) struct PlacesAt<'a> {
    places: &'a ZonePlaces,
    now: Timestamp,
}

impl<'a> PlacesAt<'a> {
    /// Whether the channel has an open quota.
    pub(crate) fn has_quota(self, channel: ChannelId) -> bool {
        self.places.channel(channel).is_some_and(|places| places.quota.is_some() && !self.is_due(places))
    }

    /// Whether the channel's last quota was closed.
    pub(crate) fn quota_closed(self, channel: ChannelId) -> bool {
        self.places.channel(channel).is_some_and(|places| places.quota_closed || self.is_due(places))
    }

    /// The account that a place counts against.
    pub(crate) fn account(self, channel: ChannelId, seat: Option<SeatId>) -> Account {
        match self.places.account(channel, seat) {
            Account::Quota(owner) if !self.has_quota(owner) => Account::Pool,
            account => account,
        }
    }

    /// Where the channel's own places come from.
    pub(crate) fn own_account(self, channel: ChannelId) -> Account {
        if self.has_quota(channel) { Account::Quota(channel) } else { Account::Pool }
    }

    /// Places that an account has left; below zero once facts have oversold it.
    pub(crate) fn left(self, account: Account) -> i64 {
        let left = self.places.left(account);
        match account {
            Account::Quota(_) => left,
            Account::Pool => self.due().fold(left, |left, places| {
                left.saturating_add(places.quota.unwrap_or(0)).saturating_sub(places.used)
            }),
        }
    }

    /// Sum of the open quotas.
    pub(crate) fn quotas(self) -> i64 {
        self.due().fold(self.places.quotas, |sum, places| sum.saturating_sub(places.quota.unwrap_or(0)))
    }

    fn due(self) -> impl Iterator<Item = &'a ChannelPlaces> {
        self.places.channels.iter().filter(move |places| self.is_due(places))
    }

    fn is_due(self, places: &ChannelPlaces) -> bool {
        places.returns_at.is_some_and(|returns_at| returns_at <= self.now)
    }
}

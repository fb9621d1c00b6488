//! Whether places can be had: the state's places, less the holds past their time, with the quotas past their deadlines
//! in the pool, plus what the command itself has asked for before.

use soticket_schema::event::v1::Places;
use soticket_schema::{ChannelId, RejectionCode, SeatId, ShowId, Timestamp};

use super::checks::{Checks, Path};
use crate::state::{Account, Hold, Show, State, ZonePlaces};

/// A place of a show: one numbered seat, or any of the zone.
#[derive(Clone, Copy)]
pub(super) struct Place {
    pub(super) show: ShowId,
    /// The zone's place among the show's.
    pub(super) zone: u8,
    pub(super) seat: Option<SeatId>,
}

impl Place {
    pub(super) fn new(show: ShowId, zone: u8, seat: Option<SeatId>) -> Self {
        Self { show, zone, seat }
    }
}

/// What stands against taking places.
#[derive(Clone, Copy, Default)]
pub(super) struct Lacks {
    /// The seat is sold or held.
    pub(super) seat_taken: bool,
    /// The seat is in another channel's quota.
    pub(super) seat_reserved: bool,
    pub(super) over_quota: bool,
    pub(super) over_pool: bool,
    pub(super) over_zone: bool,
    pub(super) over_hall: bool,
}

/// How many places more (or fewer) than in the state count against an account.
struct Change {
    show: ShowId,
    zone: u8,
    account: Account,
    channel: ChannelId,
    seated: bool,
    count: i64,
}

/// Places as they are for one command.
pub(super) struct Availability<'a> {
    state: &'a State,
    now: Timestamp,
    /// Shows whose expired holds have been taken off.
    shows: Vec<ShowId>,
    changes: Vec<Change>,
    seats: Vec<(ShowId, u8, SeatId, i64)>,
}

impl<'a> Availability<'a> {
    pub(super) fn new(state: &'a State, now: Timestamp) -> Self {
        Self { state, now, shows: Vec::new(), changes: Vec::new(), seats: Vec::new() }
    }

    /// Takes `count` places for a channel, whether they can be had or not, and tells what stands against it.
    pub(super) fn take(&mut self, place: Place, channel: ChannelId, count: i64) -> Lacks {
        let Some((show, zone)) = self.places(place.show, place.zone) else { return Lacks::default() };
        let own = zone.at(self.now).own_account(channel);
        let account = zone.at(self.now).account(channel, place.seat);
        let short = self.left(place.show, place.zone, account) < count;
        let lacks = Lacks {
            seat_taken: place.seat.is_some_and(|seat| self.occupations(place.show, place.zone, seat) > 0),
            seat_reserved: account != own && account != Account::Pool,
            over_quota: own != Account::Pool
                && (if account == own { short } else { account == Account::Pool }),
            over_pool: own == Account::Pool && account == own && short,
            over_zone: zone.zone_left() - self.changed(|change| change.is_in(place.show, place.zone)) < count,
            over_hall: show.hall_left() - self.changed(|change| change.show == place.show) < count,
        };
        self.change(place, channel, account, count);
        lacks
    }

    /// Gives a place back that a channel has sold.
    pub(super) fn release(&mut self, place: Place, channel: ChannelId) {
        if let Some((_, zone)) = self.places(place.show, place.zone) {
            let account = zone.at(self.now).account(channel, place.seat);
            self.change(place, channel, account, -1);
        }
    }

    /// Places that an account has left.
    pub(super) fn left(&mut self, show: ShowId, zone: u8, account: Account) -> i64 {
        let Some((_, zone_places)) = self.places(show, zone) else { return 0 };
        let changed = self.changed(|change| change.is_in(show, zone) && change.account == account);
        zone_places.at(self.now).left(account) - changed
    }

    /// How often a seat is sold or held.
    pub(super) fn occupations(&mut self, show: ShowId, zone: u8, seat: SeatId) -> i64 {
        let Some((_, zone_places)) = self.places(show, zone) else { return 0 };
        let changes =
            self.seats.iter().filter(|(of, within, which, _)| (*of, *within, *which) == (show, zone, seat));
        zone_places.occupations(seat) + changes.map(|(_, _, _, count)| count).sum::<i64>()
    }

    /// Places without a seat that a channel has sold or holds.
    pub(super) fn seatless(&mut self, show: ShowId, zone: u8, channel: ChannelId) -> i64 {
        let Some((_, zone_places)) = self.places(show, zone) else { return 0 };
        let changed =
            self.changed(|change| change.is_in(show, zone) && change.channel == channel && !change.seated);
        zone_places.seatless(channel) + changed
    }

    /// The show and zone, once the show's expired holds are taken off.
    fn places(&mut self, id: ShowId, zone: u8) -> Option<(&'a Show, &'a ZonePlaces)> {
        let state = self.state;
        let show = state.shows.get(id.0)?;
        if !self.shows.contains(&id) {
            self.shows.push(id);
            for hold in show.expired(self.now).filter_map(|hold| state.holds.get(hold)) {
                self.free(show, hold);
            }
        }
        Some((show, show.zone(zone)?))
    }

    fn free(&mut self, show: &Show, hold: &Hold) {
        let Some(zone) = show.zone(hold.zone) else { return };
        match &hold.places {
            Places::Count(count) => {
                let place = Place::new(hold.show, hold.zone, None);
                let account = zone.at(self.now).account(hold.channel, None);
                self.change(place, hold.channel, account, -i64::from(*count));
            }
            Places::Seats(seats) => {
                for seat in seats {
                    let place = Place::new(hold.show, hold.zone, Some(*seat));
                    let account = zone.at(self.now).account(hold.channel, Some(*seat));
                    self.change(place, hold.channel, account, -1);
                }
            }
        }
    }

    fn change(&mut self, place: Place, channel: ChannelId, account: Account, count: i64) {
        if let Some(seat) = place.seat {
            self.seats.push((place.show, place.zone, seat, count));
        }
        let (show, zone, seated) = (place.show, place.zone, place.seat.is_some());
        let same = self.changes.iter_mut().find(|change| {
            change.is_in(show, zone)
                && (change.account, change.channel, change.seated) == (account, channel, seated)
        });
        match same {
            Some(change) => change.count += count,
            None => self.changes.push(Change { show, zone, account, channel, seated, count }),
        }
    }

    fn changed(&self, which: impl Fn(&Change) -> bool) -> i64 {
        self.changes.iter().filter(|change| which(change)).map(|change| change.count).sum()
    }
}

impl Change {
    fn is_in(&self, show: ShowId, zone: u8) -> bool {
        (self.show, self.zone) == (show, zone)
    }
}

impl Lacks {
    /// Notes what stands against a live command: at the seat, or at the count of places.
    pub(super) fn refuse(self, checks: &mut Checks, places: Path<'_>, seat: Path<'_>) {
        checks.ensure(!self.seat_taken && !self.seat_reserved, RejectionCode::SeatTaken, seat);
        checks.ensure(!self.over_quota, RejectionCode::QuotaExceeded, places);
        checks.ensure(!self.over_pool, RejectionCode::PoolExhausted, places);
        checks.ensure(!self.over_zone, RejectionCode::ZoneFull, places);
        checks.ensure(!self.over_hall, RejectionCode::HallFull, places);
    }
}

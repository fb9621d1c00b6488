//! Quotas: places of a zone that belong to one channel.

use soticket_schema::command::{AllocateQuota, CloseQuota, ReturnQuota, SetQuotaDeadline, TransferQuota};
use soticket_schema::event::v1::{
    Places, QuotaAllocated, QuotaClosed, QuotaDeadlineSet, QuotaReturned, QuotaTransferred,
};
use soticket_schema::limits::{CAPACITY_MAX, SEATS_MAX};
use soticket_schema::{ChannelId, Event, Rejection, RejectionCode, ShowId, Timestamp, ZoneId};

use super::availability::Availability;
use super::checks::{Checks, field};
use super::{Context, Decide, Timing, When, show};
use crate::state::{Account, PlacesAt, Show, State, ZonePlaces};

impl Decide for AllocateQuota {
    fn timing(&self) -> Timing {
        Timing::Either
    }

    fn shape(&self, when: When, checks: &mut Checks) {
        check_places(&self.places, checks);
        check_deadline(self.returns_at, when, checks);
    }

    fn decide(&self, context: &Context<'_>, checks: &mut Checks) -> Result<Vec<Event>, Rejection> {
        let (show, index, zone) = find_zone(context.state, self.show, self.zone)?;
        check_seats(&self.places, zone, checks);
        check_channel(context, self.channel, "channel", checks);
        if !context.is_fact() {
            check_not_closed(show, checks);
            let mut availability = Availability::new(context.state, context.now);
            check_pool(self, &mut availability, index, zone.at(context.now), zone.on_sale, checks);
        }
        let places = in_order(&self.places);
        let (show, zone, channel) = (self.show, self.zone, self.channel);
        let allocated = Event::from(QuotaAllocated { show, zone, channel, places });
        let deadline = self
            .returns_at
            .map(|returns_at| QuotaDeadlineSet { show, zone, channel, returns_at: Some(returns_at) }.into());
        Ok(std::iter::once(allocated).chain(deadline).collect())
    }
}

/// The places come out of the pool, which must not end up with less than it has sold and holds; nor must the
/// channel, whose earlier sales count against its quota from here on.
fn check_pool(
    command: &AllocateQuota,
    availability: &mut Availability<'_>,
    index: u8,
    zone: PlacesAt<'_>,
    on_sale: i64,
    checks: &mut Checks,
) {
    let places = field("places");
    let count = i64::from(command.places.count());
    for (seat_index, seat) in command.places.seats().iter().enumerate() {
        let free = zone.account(ChannelId(0), Some(*seat)) == Account::Pool
            && availability.occupations(command.show, index, *seat) == 0;
        checks.ensure(free, RejectionCode::SeatTaken, places.item(seat_index));
    }
    let joins = zone.has_quota(command.channel);
    let moved = if joins { 0 } else { availability.seatless(command.show, index, command.channel) };
    checks.ensure(joins || moved <= count, RejectionCode::QuotaExceeded, places);
    let pool_left = availability.left(command.show, index, Account::Pool);
    let fits = zone.quotas().saturating_add(count) <= on_sale && pool_left + moved >= count;
    checks.ensure(fits, RejectionCode::CapacityExceeded, places);
}

impl Decide for TransferQuota {
    fn timing(&self) -> Timing {
        Timing::Either
    }

    fn shape(&self, _when: When, checks: &mut Checks) {
        checks.ensure(self.from != self.to, RejectionCode::Duplicate, field("to"));
        check_places(&self.places, checks);
    }

    fn decide(&self, context: &Context<'_>, checks: &mut Checks) -> Result<Vec<Event>, Rejection> {
        let (show, index, zone) = find_zone(context.state, self.show, self.zone)?;
        check_seats(&self.places, zone, checks);
        check_channel(context, self.from, "from", checks);
        check_channel(context, self.to, "to", checks);
        if !context.is_fact() {
            check_not_closed(show, checks);
            let zone = zone.at(context.now);
            checks.ensure(zone.has_quota(self.from), RejectionCode::QuotaClosed, field("from"));
            checks.ensure(zone.has_quota(self.to), RejectionCode::QuotaClosed, field("to"));
            let giver = Giver { show: self.show, zone: index, channel: self.from, places: &self.places };
            giver.check(context, zone, checks);
        }
        let (show, zone, from, to) = (self.show, self.zone, self.from, self.to);
        Ok(vec![QuotaTransferred { show, zone, from, to, places: in_order(&self.places) }.into()])
    }
}

impl Decide for ReturnQuota {
    fn timing(&self) -> Timing {
        Timing::Either
    }

    fn shape(&self, _when: When, checks: &mut Checks) {
        check_places(&self.places, checks);
    }

    fn decide(&self, context: &Context<'_>, checks: &mut Checks) -> Result<Vec<Event>, Rejection> {
        let (show, index, zone) = find_zone(context.state, self.show, self.zone)?;
        check_seats(&self.places, zone, checks);
        check_channel(context, self.channel, "channel", checks);
        if !context.is_fact() {
            check_not_closed(show, checks);
            let zone = zone.at(context.now);
            checks.ensure(zone.has_quota(self.channel), RejectionCode::QuotaClosed, field("channel"));
            let giver = Giver { show: self.show, zone: index, channel: self.channel, places: &self.places };
            giver.check(context, zone, checks);
        }
        let places = in_order(&self.places);
        Ok(vec![QuotaReturned { show: self.show, zone: self.zone, channel: self.channel, places }.into()])
    }
}

/// Who gives places of its quota away.
struct Giver<'a> {
    show: ShowId,
    zone: u8,
    channel: ChannelId,
    places: &'a Places,
}

impl Giver<'_> {
    /// Only what the giver has neither sold nor holds can move.
    fn check(&self, context: &Context<'_>, zone: PlacesAt<'_>, checks: &mut Checks) {
        let mut availability = Availability::new(context.state, context.now);
        let places = field("places");
        let giver = Account::Quota(self.channel);
        for (seat_index, seat) in self.places.seats().iter().enumerate() {
            let free = zone.account(ChannelId(0), Some(*seat)) == giver
                && availability.occupations(self.show, self.zone, *seat) == 0;
            checks.ensure(free, RejectionCode::SeatTaken, places.item(seat_index));
        }
        let left = availability.left(self.show, self.zone, giver);
        checks.ensure(i64::from(self.places.count()) <= left, RejectionCode::QuotaExceeded, places);
    }
}

impl Decide for SetQuotaDeadline {
    fn shape(&self, when: When, checks: &mut Checks) {
        check_deadline(self.returns_at, when, checks);
    }

    fn decide(&self, context: &Context<'_>, checks: &mut Checks) -> Result<Vec<Event>, Rejection> {
        let (show, _, zone) = find_zone(context.state, self.show, self.zone)?;
        check_channel(context, self.channel, "channel", checks);
        check_not_closed(show, checks);
        let open = zone.at(context.now).has_quota(self.channel);
        checks.ensure(open, RejectionCode::QuotaClosed, field("channel"));
        let (show, zone, channel, returns_at) = (self.show, self.zone, self.channel, self.returns_at);
        Ok(vec![QuotaDeadlineSet { show, zone, channel, returns_at }.into()])
    }
}

/// A live deadline lies ahead; one that is reported may have passed.
fn check_deadline(returns_at: Option<Timestamp>, when: When, checks: &mut Checks) {
    let Some(returns_at) = returns_at else { return };
    let at = field("returns_at");
    checks.instant(returns_at, at);
    checks.ensure(when.fact || returns_at > when.now, RejectionCode::TimeOrder, at);
}

impl Decide for CloseQuota {
    fn shape(&self, _when: When, _checks: &mut Checks) {}

    fn decide(&self, context: &Context<'_>, checks: &mut Checks) -> Result<Vec<Event>, Rejection> {
        let (show, _, zone) = find_zone(context.state, self.show, self.zone)?;
        check_channel(context, self.channel, "channel", checks);
        check_not_closed(show, checks);
        let open = zone.at(context.now).has_quota(self.channel);
        checks.ensure(open, RejectionCode::QuotaClosed, field("channel"));
        Ok(vec![QuotaClosed { show: self.show, zone: self.zone, channel: self.channel }.into()])
    }
}

/// The shape of the command's `places`.
pub(super) fn check_places(places: &Places, checks: &mut Checks) {
    let at = field("places");
    match places {
        Places::Count(count) => checks.count(*count, CAPACITY_MAX, at),
        Places::Seats(seats) => {
            checks.list_with_one(seats, SEATS_MAX, at);
            let seats = seats.iter().take(SEATS_MAX).copied().enumerate();
            checks.distinct(seats, |index| at.item(index).to_string());
        }
    }
}

/// Numbered zones take seats, free seating takes a count.
pub(super) fn check_seats(places: &Places, zone: &ZonePlaces, checks: &mut Checks) {
    let at = field("places");
    match places {
        Places::Count(_) => checks.ensure(!zone.is_numbered(), RejectionCode::SeatRequired, at),
        Places::Seats(_) if !zone.is_numbered() => {
            checks.ensure(false, RejectionCode::SeatNotAllowed, at);
        }
        Places::Seats(seats) => {
            for (index, seat) in seats.iter().enumerate() {
                checks.ensure(seat.0 < zone.seat_count, RejectionCode::SeatUnknown, at.item(index));
            }
        }
    }
}

/// Seats in ascending order, as events have them.
pub(super) fn in_order(places: &Places) -> Places {
    let mut places = places.clone();
    if let Places::Seats(seats) = &mut places {
        seats.sort_unstable();
    }
    places
}

/// The command's `show` and `zone`.
pub(super) fn find_zone(
    state: &State,
    id: ShowId,
    zone: ZoneId,
) -> Result<(&Show, u8, &ZonePlaces), Rejection> {
    let show = show::show(state, id)?;
    let index = show.zone_index(zone);
    let found = index.and_then(|index| Some((show, index, show.zone(index)?)));
    found.ok_or_else(|| super::rejection(RejectionCode::ZoneUnknown, field("zone")))
}

fn check_channel(context: &Context<'_>, id: ChannelId, name: &'static str, checks: &mut Checks) {
    let channel = context.state.channels.get(id.0);
    if let Some(channel) = checks.found(channel, RejectionCode::ChannelUnknown, field(name)) {
        let closed = channel.closed && !context.is_fact();
        checks.ensure(!closed, RejectionCode::ChannelClosed, field(name));
    }
}

fn check_not_closed(known: &Show, checks: &mut Checks) {
    if let Some(code) = show::over(known) {
        checks.ensure(false, code, field("show"));
    }
}

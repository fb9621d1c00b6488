//! Places of one show: its zones, its tickets' places and its holds.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use soticket_schema::event::v1::{HoldPlaced, Places, ShowScheduled, TicketLine};
use soticket_schema::{Amount, ChannelId, HoldId, SeatId, ShowId, TicketId, Timestamp, ZoneId};

use super::comps::Comps;
use super::view::{Occupancy, ShowAvailability};
use super::zone::{Kind, Zone, shown};
use crate::rows::Rows;

/// Places of one show.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Show {
    pub(super) authorised_capacity: u32,
    pub(super) zones: Vec<Zone>,
    pub(super) tickets: Rows<Place>,
    /// Seats of the tickets that have one.
    pub(super) seats: Rows<SeatId>,
    pub(super) holds: BTreeMap<HoldId, Held>,
    pub(super) comps: Comps,
}

/// Where a ticket's place is. Four bytes, since there is one per ticket.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(super) struct Place {
    /// Place of the channel within the zone.
    pub(super) channel: u16,
    /// Place of the zone within the show: a hall has at most hundred.
    pub(super) zone: u8,
    /// Two flags, and above them the place of its reason among the show's.
    state: u8,
}

impl Place {
    pub(super) fn is_valid(self) -> bool {
        self.state & CANCELLED == 0
    }

    pub(super) fn is_free(self) -> bool {
        self.state & FREE != 0
    }
}

/// The ticket is cancelled: it has no place any more.
const CANCELLED: u8 = 1;
/// The ticket is free.
const FREE: u8 = 2;
/// Where the place of the reason begins: there are fewer than sixteen reasons.
const REASON_BITS: u32 = 4;

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Held {
    pub(super) zone: u8,
    pub(super) channel: u16,
    pub(super) places: Places,
    pub(super) expires_at: Timestamp,
}

impl Show {
    pub(super) fn new(event: &ShowScheduled, seat_count: impl Fn(ZoneId) -> u32) -> Self {
        let zones = event.zones.iter().take(usize::from(u8::MAX));
        Self {
            authorised_capacity: event.authorised_capacity,
            zones: zones.map(|sale| Zone::new(sale.zone, sale.on_sale, seat_count(sale.zone))).collect(),
            tickets: Rows::default(),
            seats: Rows::default(),
            holds: BTreeMap::new(),
            comps: Comps::default(),
        }
    }

    pub(super) fn zone(&self, zone: ZoneId) -> Option<&Zone> {
        self.zones.iter().find(|known| known.zone == zone)
    }

    pub(super) fn zone_mut(&mut self, zone: ZoneId) -> Option<&mut Zone> {
        self.zones.iter_mut().find(|known| known.zone == zone)
    }

    /// The zone and channel as small numbers; none when the show has no such zone.
    fn locate(&mut self, zone: ZoneId, channel: ChannelId) -> Option<(u8, u16)> {
        let index = self.zones.iter().position(|known| known.zone == zone)?;
        let channel = self.zones.get_mut(index)?.channel(channel);
        Some((u8::try_from(index).ok()?, u16::try_from(channel).ok()?))
    }

    pub(super) fn sell(&mut self, channel: ChannelId, line: &TicketLine) {
        let Some((zone, channel)) = self.locate(line.zone, channel) else { return };
        let free = line.price == Amount::ZERO;
        let state = if free { FREE } else { 0 };
        if !self.tickets.add(line.ticket.0, Place { channel, zone, state }) {
            return;
        }
        if let Some(place) = self.tickets.get_mut(line.ticket.0) {
            place.state |= self.comps.add(line.comp) << REASON_BITS;
        }
        if let Some(seat) = line.seat {
            self.seats.add(line.ticket.0, seat);
        }
        self.occupy(zone, channel, line.seat, Kind::Sold, 1);
        if free {
            self.count_free(zone, channel, 1);
        }
    }

    pub(super) fn cancel(&mut self, ticket: TicketId) {
        let Some(place) = self.tickets.get_mut(ticket.0).filter(|place| place.state & CANCELLED == 0) else {
            return;
        };
        place.state |= CANCELLED;
        let place = *place;
        let seat = self.seats.get(ticket.0).copied();
        self.occupy(place.zone, place.channel, seat, Kind::Sold, -1);
        self.comps.remove(place.state >> REASON_BITS);
        if place.is_free() {
            self.count_free(place.zone, place.channel, -1);
        }
    }

    /// A ticket is free exactly while its face price is nothing.
    pub(super) fn reprice(&mut self, ticket: TicketId, price: Amount) {
        let Some(place) = self.tickets.get_mut(ticket.0) else { return };
        let free = if price == Amount::ZERO { FREE } else { 0 };
        let change = i64::from(free != 0) - i64::from(place.state & FREE != 0);
        place.state = place.state & !FREE | free;
        let place = *place;
        if place.state & CANCELLED == 0 {
            self.count_free(place.zone, place.channel, change);
        }
    }

    pub(super) fn place_hold(&mut self, event: &HoldPlaced) {
        let Some((zone, channel)) = self.locate(event.zone, event.channel) else { return };
        if self.holds.contains_key(&event.hold) {
            return;
        }
        self.occupy_places(zone, channel, &event.places, 1);
        let (places, expires_at) = (event.places.clone(), event.expires_at);
        self.holds.insert(event.hold, Held { zone, channel, places, expires_at });
    }

    /// The hold's places are no longer held, whatever ended it. A hold of another show changes nothing.
    pub(super) fn end_hold(&mut self, hold: HoldId) {
        if let Some(held) = self.holds.remove(&hold) {
            self.occupy_places(held.zone, held.channel, &held.places, -1);
        }
    }

    pub(super) fn close_channel(&mut self, channel: ChannelId) {
        self.zones.iter_mut().for_each(|zone| zone.close_quota(channel));
    }

    pub(super) fn occupy_places(&mut self, zone: u8, channel: u16, places: &Places, sign: i64) {
        if let Some(zone) = self.zones.get_mut(usize::from(zone)) {
            hold_places(zone, channel, places, sign);
        }
    }

    pub(super) fn occupy(&mut self, zone: u8, channel: u16, seat: Option<SeatId>, kind: Kind, count: i64) {
        if let Some(zone) = self.zones.get_mut(usize::from(zone)) {
            zone.occupy(usize::from(channel), seat, kind, count);
        }
    }

    pub(super) fn count_free(&mut self, zone: u8, channel: u16, count: i64) {
        if let Some(zone) = self.zones.get_mut(usize::from(zone)) {
            zone.count_free(usize::from(channel), count);
        }
    }

    /// The zones at an instant: without the holds past their time and the quotas past their deadlines.
    pub(super) fn zones_at(&self, now: Timestamp) -> Cow<'_, [Zone]> {
        let held = self.holds.values().filter(|held| held.expires_at <= now);
        let mut held = held.peekable();
        if held.peek().is_none() && !self.zones.iter().any(|zone| zone.due(now).next().is_some()) {
            return Cow::Borrowed(&self.zones);
        }
        let mut zones = self.zones.clone();
        for held in held {
            if let Some(zone) = zones.get_mut(usize::from(held.zone)) {
                hold_places(zone, held.channel, &held.places, -1);
            }
        }
        for zone in &mut zones {
            let due: Vec<_> = zone.due(now).collect();
            due.into_iter().for_each(|channel| zone.close_quota(channel));
        }
        Cow::Owned(zones)
    }

    /// The show as the log has it.
    pub(super) fn view(&self, show: ShowId) -> ShowAvailability {
        self.view_of(&self.zones, show)
    }

    /// The show at an instant.
    pub(super) fn view_at(&self, now: Timestamp, show: ShowId) -> ShowAvailability {
        self.view_of(&self.zones_at(now), show)
    }

    fn view_of(&self, zones: &[Zone], show: ShowId) -> ShowAvailability {
        let authorised = i64::from(self.authorised_capacity);
        let occupied = zones.iter().map(Zone::occupied).fold(0, i64::saturating_add);
        let hall_left = authorised.saturating_sub(occupied);
        let zones: Vec<_> = zones.iter().map(|zone| zone.view(hall_left)).collect();
        let mut total = Occupancy::default();
        for zone in &zones {
            total.on_sale += zone.total.on_sale;
            total.held += zone.total.held;
            total.sold += zone.total.sold;
            total.free += zone.total.free;
            total.left += zone.total.left;
            total.oversold += zone.total.oversold;
        }
        total.left = total.left.min(shown(hall_left));
        let comps = self.comps.view(authorised, total.sold);
        let authorised_capacity = u64::from(self.authorised_capacity);
        ShowAvailability { show, authorised_capacity, total, zones, comps }
    }
}

/// Adds a hold's places to a zone, or takes them off again for a sign of -1.
fn hold_places(zone: &mut Zone, channel: u16, places: &Places, sign: i64) {
    let channel = usize::from(channel);
    match places {
        Places::Count(count) => zone.occupy(channel, None, Kind::Held, sign * i64::from(*count)),
        Places::Seats(seats) => {
            seats.iter().for_each(|seat| zone.occupy(channel, Some(*seat), Kind::Held, sign));
        }
    }
}

//! A show that moves: its places are counted anew from its tickets and holds.

use soticket_schema::event::v1::{MovedZone, Places, ShowRelocated};
use soticket_schema::{ChannelId, SeatId, ZoneId};

use super::show::{Place, Show};
use super::zone::{Kind, Zone};

/// The zone's place of a ticket whose zone was given up.
const NOWHERE: u8 = u8::MAX;
/// The seat of a ticket that has none any more: no zone has so many.
const NO_SEAT: SeatId = SeatId(u32::MAX);

impl Show {
    pub(super) fn relocate(&mut self, event: &ShowRelocated, seat_count: impl Fn(ZoneId) -> u32) {
        let zones = event.zones.iter().take(usize::from(NOWHERE));
        let zones = zones.map(|sale| Zone::new(sale.zone, sale.on_sale, seat_count(sale.zone))).collect();
        let before = std::mem::replace(&mut self.zones, zones);
        self.authorised_capacity = event.authorised_capacity;
        let moves: Vec<_> = before.iter().map(|zone| destination(zone.zone, event)).collect();
        for (zone, moved) in before.iter().zip(&moves) {
            if let Some((to, moved)) = moved {
                self.move_quotas(zone, *to, moved);
            }
        }
        self.move_tickets(&before, &moves);
        self.move_holds(&before, &moves);
        // How many were beyond a quota when they were recorded does not change with the place.
        for zone in &mut self.zones {
            zone.forget_over_quota();
        }
        for (zone, moved) in before.iter().zip(&moves) {
            if let Some((to, _)) = moved
                && let Some(to) = self.zones.get_mut(usize::from(*to))
            {
                to.take_over_quota(zone);
            }
        }
    }

    /// Quotas of free seating end where seats are numbered: nobody can say which seats they are.
    fn move_quotas(&mut self, from: &Zone, to: u8, moved: &MovedZone) {
        let Some(to) = self.zones.get_mut(usize::from(to)) else { return };
        for (channel, quota) in from.quotas_by_channel() {
            match (quota, from.is_numbered(), to.is_numbered()) {
                (Some(quota), _, false) => {
                    to.allocate(channel, &Places::Count(u32::try_from(quota).unwrap_or(0)));
                }
                (Some(_), true, true) => {
                    let seats = from.seats_of(channel).filter_map(|seat| moved.seat(Some(seat)));
                    to.allocate(channel, &Places::Seats(seats.collect()));
                }
                (Some(_), false, true) => to.quota_was_closed(channel),
                (None, _, _) => {}
            }
        }
        for channel in from.closed_quotas() {
            to.quota_was_closed(channel);
        }
    }

    fn move_tickets(&mut self, before: &[Zone], moves: &[Option<(u8, &MovedZone)>]) {
        let tickets: Vec<(u64, Place)> =
            self.tickets.iter().map(|(number, place)| (number, *place)).collect();
        for (number, place) in tickets {
            let (zone, moved) = match self.place_after(place.zone, place.channel, before, moves) {
                Some((zone, channel, moved)) => (Some((zone, channel)), Some(moved)),
                None => (None, None),
            };
            let seat = self.seats.get_mut(number).map(|seat| {
                *seat = moved.and_then(|moved| moved.seat(Some(*seat))).unwrap_or(NO_SEAT);
                *seat
            });
            let (zone, channel) = zone.unwrap_or((NOWHERE, 0));
            if let Some(known) = self.tickets.get_mut(number) {
                (known.zone, known.channel) = (zone, channel);
            }
            if place.is_valid() {
                self.occupy(zone, channel, seat, Kind::Sold, 1);
                self.count_free(zone, channel, i64::from(place.is_free()));
            }
        }
    }

    fn move_holds(&mut self, before: &[Zone], moves: &[Option<(u8, &MovedZone)>]) {
        for (hold, mut held) in std::mem::take(&mut self.holds) {
            match self.place_after(held.zone, held.channel, before, moves) {
                Some((zone, channel, moved)) => {
                    (held.zone, held.channel, held.places) = (zone, channel, moved.places(&held.places));
                    self.occupy_places(zone, channel, &held.places, 1);
                }
                None => held.zone = NOWHERE,
            }
            self.holds.insert(hold, held);
        }
    }

    /// Where a place of a zone and channel is afterwards, as small numbers.
    fn place_after<'a>(
        &mut self,
        zone: u8,
        channel: u16,
        before: &[Zone],
        moves: &[Option<(u8, &'a MovedZone)>],
    ) -> Option<(u8, u16, &'a MovedZone)> {
        let (to, moved) = moves.get(usize::from(zone)).copied().flatten()?;
        let channel: ChannelId = before.get(usize::from(zone))?.channel_at(channel)?;
        let index = self.zones.get_mut(usize::from(to))?.channel(channel);
        Some((to, u16::try_from(index).ok()?, moved))
    }
}

/// Where a zone goes: the place of the other among the show's.
fn destination(zone: ZoneId, event: &ShowRelocated) -> Option<(u8, &MovedZone)> {
    let moved = event.moved(zone)?;
    let to = event.zones.iter().position(|sale| sale.zone == moved.to)?;
    Some((u8::try_from(to).ok().filter(|to| *to != NOWHERE)?, moved))
}

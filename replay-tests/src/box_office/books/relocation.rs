//! A show that moves takes its places with it: what was sold, held and allotted goes zone by zone, seat by seat.

use std::collections::BTreeMap;

use anyhow::{Result, ensure};
use soticket_schema::event::v1::{MovedZone, Places as Asked, ShowRelocated};
use soticket_schema::{HoldId, SeatId, ShowId, ZoneId};

use super::places::{Places, Zone};

/// Where a seat goes; none to free seating, or where there is no such seat.
pub(super) fn seat_after(moved: &MovedZone, seat: Option<SeatId>) -> Option<SeatId> {
    let seat = seat?;
    if moved.seat_count == 0 {
        return None;
    }
    let after = if moved.seats.is_empty() { seat } else { *moved.seats.get(seat.0 as usize)? };
    (after.0 < moved.seat_count).then_some(after)
}

/// Where a zone goes.
pub(super) fn move_of(event: &ShowRelocated, zone: ZoneId) -> Option<&MovedZone> {
    event.moves.iter().find(|moved| moved.from == zone)
}

impl Places {
    /// Moves a show; a live move leaves a place for everybody.
    pub(super) fn relocate(&mut self, event: &ShowRelocated, fact: bool) -> Result<()> {
        let Some(show) = self.shows.get_mut(&event.show) else { anyhow::bail!("no show {}", event.show) };
        show.authorised = i64::from(event.authorised_capacity);
        let before = std::mem::take(&mut show.zones);
        for on_sale in &event.zones {
            let zone = Zone { on_sale: i64::from(on_sale.on_sale), ..Zone::default() };
            show.zones.insert(on_sale.zone, zone);
        }
        for (id, zone) in before {
            let used = zone.occupied() != 0 || !zone.quotas.is_empty();
            let Some(moved) = move_of(event, id) else {
                ensure!(!used, "zone {id} of show {} is left behind in use", event.show);
                continue;
            };
            let to = show.zones.get_mut(&moved.to);
            zone.pour(moved, to.ok_or_else(|| anyhow::anyhow!("zone {id} moves to nowhere"))?);
        }
        self.move_holds(event);
        if fact { Ok(()) } else { self.check_all_have_a_place(event.show) }
    }

    fn move_holds(&mut self, event: &ShowRelocated) {
        let own: Vec<HoldId> =
            self.holds.values().filter(|hold| hold.show == event.show).map(|hold| hold.hold).collect();
        for id in own {
            let Some(hold) = self.holds.get_mut(&id) else { continue };
            let Some(moved) = move_of(event, hold.zone) else { continue };
            hold.zone = moved.to;
            if let Asked::Seats(seats) = &hold.places {
                hold.places = match moved.seat_count {
                    0 => Asked::Count(u32::try_from(seats.len()).unwrap_or(0)),
                    _ => {
                        let mut after: Vec<SeatId> =
                            seats.iter().filter_map(|seat| seat_after(moved, Some(*seat))).collect();
                        after.sort_unstable();
                        Asked::Seats(after)
                    }
                };
            }
        }
    }

    fn check_all_have_a_place(&self, id: ShowId) -> Result<()> {
        let Some(show) = self.shows.get(&id) else { return Ok(()) };
        let mut all = 0;
        for (zone_id, zone) in &show.zones {
            let occupied = zone.occupied();
            all += occupied;
            ensure!(occupied <= zone.on_sale, "{occupied} moved to {} places of {zone_id}", zone.on_sale);
            let twice = zone.seats.iter().find(|(_, taken)| **taken > 1);
            ensure!(twice.is_none(), "seat {twice:?} of zone {zone_id} after the move of show {id}");
            self.check_quotas(id, *zone_id)?;
        }
        ensure!(all <= show.authorised, "{all} moved to a hall for {}", show.authorised);
        Ok(())
    }
}

impl Zone {
    /// All that the zone has goes to another.
    fn pour(self, moved: &MovedZone, to: &mut Self) {
        for (from, into) in [(&self.sold, &mut to.sold), (&self.held, &mut to.held)] {
            for (channel, count) in from {
                *into.entry(*channel).or_default() += count;
            }
        }
        for (seat, taken) in &self.seats {
            if let Some(after) = seat_after(moved, Some(*seat)) {
                *to.seats.entry(after).or_default() += taken;
            }
        }
        let mut owned: BTreeMap<_, Vec<SeatId>> = BTreeMap::new();
        for (seat, owner) in &self.owners {
            owned.entry(*owner).or_default().push(*seat);
        }
        for (channel, count) in &self.quotas {
            let seats = owned.remove(channel).unwrap_or_default();
            let numbered = super::super::house::seats_of(moved.from) > 0;
            match (numbered, moved.seat_count > 0) {
                // Nobody can say which seats those who may stand anywhere have.
                (false, true) => {}
                (true, true) => {
                    to.quotas.entry(*channel).or_default();
                    let after = seats.iter().filter_map(|seat| seat_after(moved, Some(*seat)));
                    to.owners.extend(after.map(|seat| (seat, *channel)));
                }
                (_, false) => {
                    let places = (*count).max(0) + i64::try_from(seats.len()).unwrap_or(0);
                    *to.quotas.entry(*channel).or_default() += places;
                }
            }
        }
    }
}

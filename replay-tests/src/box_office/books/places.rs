//! Places by brute force: who has sold or holds what, and whose quota it is.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Result, ensure};
use soticket_ledger::state::State;
use soticket_schema::event::v1::{HoldPlaced, Places as Asked, ShowScheduled};
use soticket_schema::{ChannelId, HoldId, SeatId, ShowId, ZoneId};

/// Every place of every show.
#[derive(Debug, Default)]
pub(in super::super) struct Places {
    pub(super) shows: BTreeMap<ShowId, Show>,
    pub(in super::super) holds: BTreeMap<HoldId, HoldPlaced>,
    last_hold: u64,
}

#[derive(Debug)]
pub(super) struct Show {
    pub(super) authorised: i64,
    pub(super) zones: BTreeMap<ZoneId, Zone>,
}

#[derive(Debug, Default)]
pub(super) struct Zone {
    pub(super) on_sale: i64,
    /// Channels with an open quota, and its size where places are counted.
    pub(super) quotas: BTreeMap<ChannelId, i64>,
    pub(super) owners: BTreeMap<SeatId, ChannelId>,
    pub(super) sold: BTreeMap<ChannelId, i64>,
    pub(super) held: BTreeMap<ChannelId, i64>,
    pub(super) seats: BTreeMap<SeatId, i64>,
}

/// Where a command added sold or held places.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Added {
    pub(super) show: ShowId,
    pub(super) zone: ZoneId,
    pub(super) channel: ChannelId,
    pub(super) seat: Option<SeatId>,
}

impl Zone {
    fn used(&self, channel: ChannelId) -> i64 {
        let of = |counts: &BTreeMap<ChannelId, i64>| counts.get(&channel).copied().unwrap_or(0);
        of(&self.sold) + of(&self.held)
    }

    pub(super) fn occupied(&self) -> i64 {
        self.sold.values().sum::<i64>() + self.held.values().sum::<i64>()
    }

    fn pool_used(&self) -> i64 {
        let channels: BTreeSet<ChannelId> = self.sold.keys().chain(self.held.keys()).copied().collect();
        let pool = channels.into_iter().filter(|channel| !self.quotas.contains_key(channel));
        pool.map(|channel| self.used(channel)).sum()
    }

    fn quota(&self, channel: ChannelId) -> Option<i64> {
        let owned = self.owners.values().filter(|owner| **owner == channel).count();
        self.quotas.get(&channel).map(|count| count + i64::try_from(owned).unwrap_or(0))
    }

    fn give(&mut self, channel: ChannelId, places: &Asked) {
        let quota = self.quotas.entry(channel).or_default();
        match places {
            Asked::Count(count) => *quota += i64::from(*count),
            Asked::Seats(seats) => seats.iter().for_each(|seat| {
                self.owners.insert(*seat, channel);
            }),
        }
    }

    fn occupy(&mut self, channel: ChannelId, seat: Option<SeatId>, held: bool, count: i64) {
        let counts = if held { &mut self.held } else { &mut self.sold };
        *counts.entry(channel).or_default() += count;
        if let Some(seat) = seat {
            *self.seats.entry(seat).or_default() += count;
        }
    }
}

impl Places {
    pub(super) fn schedule(&mut self, event: &ShowScheduled) {
        let zones = event
            .zones
            .iter()
            .map(|zone| (zone.zone, Zone { on_sale: i64::from(zone.on_sale), ..Zone::default() }));
        let show = Show { authorised: i64::from(event.authorised_capacity), zones: zones.collect() };
        self.shows.insert(event.show, show);
    }

    fn zone(&mut self, show: ShowId, zone: ZoneId) -> Result<&mut Zone> {
        let found = self.shows.get_mut(&show).and_then(|show| show.zones.get_mut(&zone));
        found.ok_or_else(|| anyhow::anyhow!("show {show} has no zone {zone}"))
    }

    pub(super) fn sell(&mut self, added: Added, count: i64) -> Result<()> {
        self.zone(added.show, added.zone)?.occupy(added.channel, added.seat, false, count);
        Ok(())
    }

    pub(super) fn allocate(
        &mut self,
        show: ShowId,
        zone: ZoneId,
        to: ChannelId,
        places: &Asked,
    ) -> Result<()> {
        self.zone(show, zone)?.give(to, places);
        Ok(())
    }

    pub(super) fn transfer(
        &mut self,
        (show, zone): (ShowId, ZoneId),
        (from, to): (ChannelId, ChannelId),
        places: &Asked,
    ) -> Result<()> {
        let zone = self.zone(show, zone)?;
        if let (Asked::Count(count), Some(quota)) = (places, zone.quotas.get_mut(&from)) {
            *quota -= i64::from(*count);
        }
        zone.give(to, places);
        Ok(())
    }

    pub(super) fn give_back(
        &mut self,
        show: ShowId,
        zone: ZoneId,
        channel: ChannelId,
        places: &Asked,
    ) -> Result<()> {
        let zone = self.zone(show, zone)?;
        // A fact may give back what there is not.
        let Some(quota) = zone.quotas.get_mut(&channel) else { return Ok(()) };
        match places {
            Asked::Count(count) => *quota -= i64::from(*count),
            Asked::Seats(seats) => zone.owners.retain(|seat, _| !seats.contains(seat)),
        }
        Ok(())
    }

    pub(super) fn close(&mut self, show: ShowId, zone: ZoneId, channel: ChannelId) -> Result<()> {
        let zone = self.zone(show, zone)?;
        zone.quotas.remove(&channel);
        zone.owners.retain(|_, owner| *owner != channel);
        Ok(())
    }

    /// Whether a channel has an open quota.
    pub(super) fn has_quota(&self, show: ShowId, zone: ZoneId, channel: ChannelId) -> bool {
        let zone = self.shows.get(&show).and_then(|show| show.zones.get(&zone));
        zone.is_some_and(|zone| zone.quotas.contains_key(&channel))
    }

    /// A hold takes places; returns where.
    pub(super) fn hold(&mut self, event: &HoldPlaced) -> Result<Vec<Added>> {
        self.last_hold += 1;
        ensure!(event.hold.0 == self.last_hold, "hold {} is out of turn", event.hold);
        self.holds.insert(event.hold, event.clone());
        self.move_hold(event, 1)
    }

    /// A hold ends; returns where it was.
    pub(super) fn end_hold(&mut self, hold: HoldId) -> Result<Vec<Added>> {
        let event = self.holds.remove(&hold);
        let event = event.ok_or_else(|| anyhow::anyhow!("hold {hold} ended twice"))?;
        self.move_hold(&event, -1)
    }

    fn move_hold(&mut self, event: &HoldPlaced, sign: i64) -> Result<Vec<Added>> {
        let (show, zone, channel) = (event.show, event.zone, event.channel);
        let places = self.zone(show, zone)?;
        let seats: Vec<Option<SeatId>> = match &event.places {
            Asked::Count(count) => vec![None; *count as usize],
            Asked::Seats(seats) => seats.iter().copied().map(Some).collect(),
        };
        for seat in &seats {
            places.occupy(channel, *seat, true, sign);
        }
        Ok(seats.into_iter().map(|seat| Added { show, zone, channel, seat }).collect())
    }

    /// What a live command added must be within the seat, the quota or pool, the zone and the hall.
    pub(super) fn check_added(&self, added: &BTreeSet<Added>) -> Result<()> {
        for place in added {
            let Added { show: id, zone: zone_id, channel, seat } = *place;
            let Some(show) = self.shows.get(&id) else { continue };
            let Some(zone) = show.zones.get(&zone_id) else { continue };
            if let Some(seat) = seat {
                let taken = zone.seats.get(&seat).copied().unwrap_or(0);
                ensure!(taken <= 1, "seat {seat} of show {id} is sold or held {taken} times");
                let owner = zone.owners.get(&seat).copied();
                let own = zone.quotas.contains_key(&channel).then_some(channel);
                ensure!(owner == own, "channel {channel} took seat {seat} of {owner:?} in show {id}");
            } else if let Some(quota) = zone.quotas.get(&channel) {
                let used = zone.used(channel);
                ensure!(used <= *quota, "channel {channel} used {used} of {quota} in show {id}");
            } else {
                let (used, quotas) = (zone.pool_used(), zone.quotas.values().sum::<i64>());
                let pool = zone.on_sale - quotas;
                ensure!(used <= pool, "the pool of {pool} is used {used} times in show {id}");
            }
            let occupied = zone.occupied();
            ensure!(occupied <= zone.on_sale, "{occupied} of {} in zone {zone_id}", zone.on_sale);
            let occupied: i64 = show.zones.values().map(Zone::occupied).sum();
            ensure!(occupied <= show.authorised, "{occupied} of {} in show {id}", show.authorised);
        }
        Ok(())
    }

    /// Open quotas of a zone add up to no more than it has on sale.
    pub(super) fn check_quotas(&self, show: ShowId, zone: ZoneId) -> Result<()> {
        let Some(places) = self.shows.get(&show).and_then(|show| show.zones.get(&zone)) else {
            return Ok(());
        };
        let sum: i64 = places.quotas.keys().filter_map(|channel| places.quota(*channel)).sum();
        ensure!(sum <= places.on_sale, "quotas of {sum} for {} places of show {show}", places.on_sale);
        Ok(())
    }

    /// The ledger's counts of the latest shows are those of these books.
    pub(super) fn check_whole(&self, state: &State) -> Result<()> {
        for (id, show) in self.shows.iter().rev().take(6) {
            for (zone_id, zone) in &show.zones {
                for channel in super::super::house::CHANNELS {
                    let counts = state.channel_counts(*id, *zone_id, channel).unwrap_or_default();
                    let of = |counts: &BTreeMap<ChannelId, i64>| counts.get(&channel).copied().unwrap_or(0);
                    let own = (zone.quota(channel), of(&zone.sold), of(&zone.held));
                    let ledger = (counts.quota, counts.sold, counts.held);
                    ensure!(own == ledger, "show {id} zone {zone_id} channel {channel}: {own:?}, {ledger:?}");
                }
            }
        }
        Ok(())
    }
}

//! Holds that are in force. One that was used, released or expired is known by its number only.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use soticket_schema::event::v1::{HoldPlaced, Places};
use soticket_schema::{ChannelId, HoldId, ShowId, Timestamp};

use super::State;
use super::places::Kind;

/// A hold in force; past `expires_at` it is as good as gone.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Hold {
    pub(crate) show: ShowId,
    /// The zone's place among the show's.
    pub(crate) zone: u8,
    pub(crate) channel: ChannelId,
    pub(crate) places: Places,
    pub(crate) expires_at: Timestamp,
}

/// All holds.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Holds {
    last: u64,
    active: BTreeMap<HoldId, Hold>,
}

impl Holds {
    pub(crate) fn next(&self) -> HoldId {
        HoldId(self.last.saturating_add(1))
    }

    /// Whether the number was ever given.
    pub(crate) fn knows(&self, hold: HoldId) -> bool {
        (1..=self.last).contains(&hold.0)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Hold> {
        self.active.values()
    }

    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = &mut Hold> {
        self.active.values_mut()
    }

    pub(crate) fn get(&self, hold: HoldId) -> Option<&Hold> {
        self.active.get(&hold)
    }
}

impl State {
    pub(super) fn hold_placed(&mut self, event: &HoldPlaced) {
        if event.hold != self.holds.next() {
            return;
        }
        self.holds.last = event.hold.0;
        let Some(show) = self.shows.get_mut(event.show.0) else { return };
        let Some(zone) = show.zone_index(event.zone) else { return };
        show.expiries.insert((event.expires_at, event.hold));
        let hold = Hold {
            show: event.show,
            zone,
            channel: event.channel,
            places: event.places.clone(),
            expires_at: event.expires_at,
        };
        self.count_hold(&hold, 1);
        self.holds.active.insert(event.hold, hold);
    }

    /// A hold was used, released or expired: its places are free.
    pub(super) fn hold_ended(&mut self, id: HoldId) {
        let Some(hold) = self.holds.active.remove(&id) else { return };
        if let Some(show) = self.shows.get_mut(hold.show.0) {
            show.expiries.remove(&(hold.expires_at, id));
        }
        self.count_hold(&hold, -1);
    }

    fn count_hold(&mut self, hold: &Hold, sign: i64) {
        let Some(show) = self.shows.get_mut(hold.show.0) else { return };
        match &hold.places {
            Places::Count(count) => {
                show.occupy(hold.zone, hold.channel, None, Kind::Held, sign * i64::from(*count));
            }
            Places::Seats(seats) => {
                for seat in seats {
                    show.occupy(hold.zone, hold.channel, Some(*seat), Kind::Held, sign);
                }
            }
        }
    }
}

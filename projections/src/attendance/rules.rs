//! Rules for entry as they were in force when people stood at the gates.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use soticket_schema::event::v1::{EntryRules, GateZonesSet};
use soticket_schema::{GateId, Timestamp, ZoneId};

/// Values by when they came into force, ascending.
#[derive(Debug, Serialize, Deserialize)]
struct Versions<T>(Vec<(Timestamp, T)>);

impl<T> Default for Versions<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Versions<T> {
    /// Of two at one instant the later in the log holds.
    fn set(&mut self, at: Timestamp, value: T) {
        let place = self.0.partition_point(|(known, _)| *known <= at);
        self.0.insert(place, (at, value));
    }

    /// What was in force at an instant.
    fn at(&self, at: Timestamp) -> Option<&T> {
        let place = self.0.partition_point(|(known, _)| *known <= at);
        self.0.get(place.checked_sub(1)?).map(|(_, value)| value)
    }
}

/// Rules of one show, or for all shows.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Rules {
    entry: Versions<EntryRules>,
    zones: BTreeMap<GateId, Versions<Vec<ZoneId>>>,
}

impl Rules {
    pub(super) fn set_entry(&mut self, at: Timestamp, rules: EntryRules) {
        self.entry.set(at, rules);
    }

    pub(super) fn set_zones(&mut self, at: Timestamp, event: &GateZonesSet) {
        self.zones.entry(event.gate).or_default().set(at, event.zones.clone());
    }

    /// When and how often tickets entered at an instant, if these rules say.
    pub(super) fn entry(&self, at: Timestamp) -> Option<&EntryRules> {
        self.entry.at(at)
    }

    /// Whether a gate admitted to a zone at an instant, if these rules say.
    pub(super) fn admits(&self, gate: GateId, zone: ZoneId, at: Timestamp) -> Option<bool> {
        let zones = self.zones.get(&gate)?.at(at)?;
        Some(zones.is_empty() || zones.contains(&zone))
    }
}

//! Where each show's events are in the log: what a view of an earlier moment reads instead of the whole log.

use serde::{Deserialize, Serialize};
use soticket_ledger::Entry;
use soticket_schema::event::v1::{EntryRulesSet, GateZonesSet};
use soticket_schema::{Event, ShowId};

use crate::event;
use crate::partition::{OWN, PartitionKey, Partitions, Projection, decode, encode};

/// Where each show's events are in the log, and the organisation's own definitions.
#[derive(Debug, Default)]
pub struct ShowIndex {
    own: Positions,
    shows: Partitions<Positions>,
}

/// Ascending positions as differences in 7-bit groups, low group first: one or two bytes each in a busy log.
#[derive(Debug, Default, Clone, Serialize, Deserialize)]
pub(crate) struct Positions {
    last: Option<u64>,
    differences: Vec<u8>,
}

const SHOWS: u8 = 1;

impl Projection for ShowIndex {
    const NAME: &'static str = "index";
    const VERSION: u16 = 4;

    fn fold(&mut self, entry: &Entry) {
        let position = entry.envelope.position;
        if let Event::ShowScheduled(event) = &entry.event {
            self.shows.entry(event.show.0).push(position);
        } else if is_definition(&entry.event) {
            self.own.push(position);
        } else {
            event::shows(&entry.event, |show| {
                if let Some(positions) = self.shows.get_mut(show.0) {
                    positions.push(position);
                }
            });
        }
    }

    fn save(&self, out: &mut dyn FnMut(PartitionKey, Vec<u8>)) {
        out(OWN, encode(&self.own));
        self.shows.save(SHOWS, out);
    }

    fn load(&mut self, key: PartitionKey, bytes: &[u8]) -> Option<()> {
        match key {
            OWN => self.own = decode(bytes)?,
            PartitionKey { family: SHOWS, id } => self.shows.load(id, bytes).map(|_| ())?,
            _ => return None,
        }
        Some(())
    }
}

/// Whether the event is one of the organisation's own that shows build on. Money of orders without a show is not.
pub(crate) fn is_definition(event: &Event) -> bool {
    matches!(
        event,
        Event::OrganisationOpened(_)
            | Event::OrganisationChanged(_)
            | Event::ActorRegistered(_)
            | Event::HallDefined(_)
            | Event::ZoneDefined(_)
            | Event::GateDefined(_)
            | Event::CodeKeyRegistered(_)
            | Event::CodeKeyRetired(_)
            | Event::CredentialIssued(_)
            | Event::CredentialRevoked(_)
            | Event::TokenIssued(_)
            | Event::TokenRevoked(_)
            | Event::EntryRulesSet(EntryRulesSet { show: None, .. })
            | Event::GateZonesSet(GateZonesSet { show: None, .. })
            | Event::ProductDefined(_)
            | Event::ChannelOpened(_)
            | Event::ChannelClosed(_)
            | Event::MethodDefined(_)
            | Event::PartyRegistered(_)
            | Event::DatedRateSet(_)
            | Event::WorkRegistered(_)
    )
}

impl Positions {
    pub(crate) fn push(&mut self, position: u64) {
        let mut difference = match self.last {
            Some(last) if last >= position => return,
            Some(last) => position - last,
            None => position,
        };
        while difference >= 0x80 {
            self.differences.push((difference & 0x7f) as u8 | 0x80);
            difference >>= 7;
        }
        self.differences.push(difference as u8);
        self.last = Some(position);
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = u64> {
        let (mut position, mut difference, mut shift) = (0_u64, 0_u64, 0_u32);
        self.differences.iter().filter_map(move |byte| {
            difference |= u64::from(byte & 0x7f).checked_shl(shift).unwrap_or(0);
            shift += 7;
            if byte & 0x80 != 0 {
                return None;
            }
            position = position.saturating_add(difference);
            (difference, shift) = (0, 0);
            Some(position)
        })
    }
}

impl ShowIndex {
    /// Positions of the events that name the show, ascending; none when it was never scheduled.
    pub fn positions(&self, show: ShowId) -> Option<impl Iterator<Item = u64>> {
        self.shows.get(show.0).map(Positions::iter)
    }

    /// Position of the last event that names the show; none when it was never scheduled.
    pub fn last(&self, show: ShowId) -> Option<u64> {
        self.shows.get(show.0)?.last
    }

    /// Whether the event is one of the show's: the same rule as [`Self::positions`] goes by.
    pub fn names(event: &Event, show: ShowId) -> bool {
        match event {
            Event::ShowScheduled(event) => event.show == show,
            event if is_definition(event) => false,
            event => {
                let mut found = false;
                event::shows(event, |named| found |= named == show);
                found
            }
        }
    }

    /// Positions of the organisation's own definitions, ascending.
    pub fn own(&self) -> impl Iterator<Item = u64> {
        self.own.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use soticket_schema::{Rounding, Timestamp};

    use crate::testing::{LogBuilder, at, line, order, venue};

    /// What follows the log by its events must find the same as what looks positions up.
    #[test]
    fn the_rule_for_one_event_is_that_of_the_index() {
        let mut log = LogBuilder::default();
        let now: Timestamp = at("2026-03-01T12:00:00+01:00");
        venue::open(&mut log, Rounding::Document, now);
        log.push(now, order(1, 1, vec![line(1, 1, 1, 10, 1, "24.00"), line(2, 2, 1, 20, 2, "24.00")]));
        log.push(now, order(2, 1, vec![line(3, 2, 1, 20, 3, "24.00")]));
        let index: ShowIndex = log.fold();
        for show in [ShowId(1), ShowId(2)] {
            let named = |entry: &&Entry| ShowIndex::names(&entry.event, show);
            let found: Vec<u64> =
                log.entries.iter().filter(named).map(|entry| entry.envelope.position).collect();
            assert!(found.len() > 2);
            assert_eq!(found, index.positions(show).into_iter().flatten().collect::<Vec<_>>());
        }
    }

    proptest! {
        #[test]
        fn positions_read_back(positions in prop::collection::btree_set(prop_oneof![0_u64..500, any::<u64>()], 0..40)) {
            let mut packed = Positions::default();
            for position in &positions {
                packed.push(*position);
                packed.push(*position);
            }
            prop_assert_eq!(packed.iter().collect::<Vec<_>>(), positions.iter().copied().collect::<Vec<_>>());
        }
    }
}

//! Attendance: who came, derived from what the gates report.
//!
//! The fold only collects; what it means is worked out when it is asked for, from the set of what is known and in the
//! order of the devices' clocks. So the answer is the same whatever order scans and network reports arrive in.

mod derive;
#[cfg(test)]
mod gate_tests;
mod rules;
#[cfg(test)]
mod tests;
mod view;
mod whitelist;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use parking_lot::Mutex;
use serde::{Deserialize, Serialize};
use soticket_ledger::Entry;
use soticket_schema::event::v1::{Direction, GateDecision, OrderLines, TicketScanned};
use soticket_schema::{ActorId, CodeHash, Event, GateId, ShowId, TicketId, Timestamp, ZoneId};

use self::rules::Rules;
pub use self::view::*;
pub use self::whitelist::{WhitelistEntry, WhitelistPage};
use crate::event;
use crate::partition::{OWN, PartitionKey, Partitions, Projection, decode, encode};
use crate::rows::{Interned, Rows};

/// Who came.
#[derive(Debug, Default)]
pub struct Attendance {
    /// Rules for all shows.
    own: Rules,
    shows: Partitions<Show>,
    /// Grows with every code of any show: what was derived with codes of other shows is out of date then. Counted
    /// anew after loading; no part of the state.
    codes_seen: u64,
    /// Grows with every change of the rules for all shows; no part of the state.
    rules_seen: u64,
}

/// What is known of one show.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Show {
    doors_at: Timestamp,
    starts_at: Timestamp,
    tickets: Rows<Ticket>,
    /// Codes of the tickets, in log order.
    codes: Vec<(CodeHash, TicketId)>,
    /// The codes that tickets were handed on under, and when.
    handed_on: BTreeMap<TicketId, Vec<(Timestamp, CodeHash)>>,
    /// When tickets were cancelled; the earliest time where there are several.
    cancelled: BTreeMap<TicketId, Timestamp>,
    /// When the show was called off; the earliest time where there are several.
    called_off: Option<Timestamp>,
    manners: Interned<Manner>,
    scans: Vec<Scan>,
    /// Its own rules, before those for all shows.
    rules: Rules,
    /// What was last derived; forgotten at the next event of the show.
    #[serde(skip)]
    derived: Mutex<Option<Derived>>,
}

#[derive(Debug)]
struct Derived {
    attendance: Arc<ShowAttendance>,
    /// `codes_seen` then, where codes were looked for in other shows: a later one may be the one that was missing.
    codes_seen: Option<u64>,
    /// `rules_seen` then.
    rules_seen: u64,
}

/// A ticket.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct Ticket {
    zone: ZoneId,
    /// Position of the event that sold it.
    added: u64,
    /// Position of the last event that says something about it.
    changed: u64,
}

/// A scan, in 40 bytes since there is one per visitor.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct Scan {
    at: Timestamp,
    nonce: u64,
    code: CodeHash,
    manner: u32,
}

/// What scans of one device have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
struct Manner {
    device: ActorId,
    gate: GateId,
    direction: Direction,
    decision: GateDecision,
    offline: bool,
}

const SHOWS: u8 = 1;

impl Projection for Attendance {
    const NAME: &'static str = "attendance";
    const VERSION: u16 = 2;

    fn fold(&mut self, entry: &Entry) {
        let (at, position) = (entry.envelope.occurred_at, entry.envelope.position);
        if let Some(lines) = event::sold(&entry.event) {
            self.sell(lines, position);
        } else if let Some(cancellation) = event::cancelled(&entry.event) {
            for cancelled in &cancellation.tickets {
                self.of(cancelled.show, |show| show.cancel(cancelled.ticket, at, position));
            }
        } else {
            self.fold_entry(&entry.event, at, position);
        }
    }

    fn save(&self, out: &mut dyn FnMut(PartitionKey, Vec<u8>)) {
        out(OWN, encode(&self.own));
        self.shows.save(SHOWS, out);
    }

    fn load(&mut self, key: PartitionKey, bytes: &[u8]) -> Option<()> {
        if key == OWN {
            self.own = decode(bytes)?;
            return Some(());
        }
        if key.family != SHOWS {
            return None;
        }
        let show = self.shows.load(key.id, bytes)?;
        self.codes_seen = self.codes_seen.saturating_add(show.codes.len() as u64);
        Some(())
    }
}

impl Show {
    fn sell(&mut self, ticket: TicketId, row: Ticket, codes: impl Iterator<Item = CodeHash>) -> u64 {
        let known = self.codes.len();
        if self.tickets.add(ticket.0, row) {
            self.codes.extend(codes.map(|code| (code, ticket)));
        }
        (self.codes.len() - known) as u64
    }

    fn cancel(&mut self, ticket: TicketId, at: Timestamp, position: u64) {
        self.touch(ticket, position);
        let earliest = self.cancelled.entry(ticket).or_insert(at);
        *earliest = at.min(*earliest);
    }

    fn hand_on(&mut self, ticket: TicketId, code: CodeHash, at: Timestamp, position: u64) {
        if self.tickets.get(ticket.0).is_some() {
            self.codes.push((code, ticket));
            self.handed_on.entry(ticket).or_default().push((at, code));
            self.touch(ticket, position);
        }
    }

    fn touch(&mut self, ticket: TicketId, position: u64) {
        if let Some(row) = self.tickets.get_mut(ticket.0) {
            row.changed = position;
        }
    }

    fn scan(&mut self, event: &TicketScanned, at: Timestamp, position: u64) {
        if let Some(ticket) = event.ticket.filter(|_| event.decision != GateDecision::Refused) {
            self.touch(ticket, position);
        }
        let manner = self.manners.number(Manner {
            device: event.device,
            gate: event.gate,
            direction: event.direction,
            decision: event.decision,
            offline: event.offline,
        });
        self.scans.push(Scan { at, nonce: event.nonce, code: event.code, manner });
    }
}

impl Attendance {
    fn fold_entry(&mut self, event: &Event, at: Timestamp, position: u64) {
        match event {
            Event::TicketTransferred(event) => {
                self.codes_seen = self.codes_seen.saturating_add(1);
                self.of(event.show, |show| show.hand_on(event.ticket, event.code.hash, at, position));
            }
            Event::TicketScanned(event) => self.of(event.show, |show| show.scan(event, at, position)),
            Event::ShowScheduled(event) => self.shows.add(event.show.0, || Show {
                doors_at: event.doors_at,
                starts_at: event.starts_at,
                ..Show::default()
            }),
            Event::ShowPostponed(event) => self.of(event.show, |show| {
                (show.doors_at, show.starts_at) = (event.doors_at, event.starts_at);
            }),
            Event::ShowCancelled(event) => self.of(event.show, |show| {
                show.called_off = Some(show.called_off.map_or(at, |earlier| earlier.min(at)));
            }),
            Event::EntryRulesSet(event) => match event.show {
                Some(show) => self.of(show, |show| show.rules.set_entry(at, event.rules)),
                None => self.change_own(|own| own.set_entry(at, event.rules)),
            },
            Event::GateZonesSet(event) => match event.show {
                Some(show) => self.of(show, |show| show.rules.set_zones(at, event)),
                None => self.change_own(|own| own.set_zones(at, event)),
            },
            _ => {}
        }
    }

    fn change_own(&mut self, change: impl FnOnce(&mut Rules)) {
        change(&mut self.own);
        self.rules_seen = self.rules_seen.saturating_add(1);
    }

    fn sell(&mut self, lines: &OrderLines, position: u64) {
        for tickets in lines.tickets.chunk_by(|left, right| left.show == right.show) {
            let Some(show) = tickets.first().and_then(|line| self.shows.get_mut(line.show.0)) else {
                continue;
            };
            *show.derived.get_mut() = None;
            for line in tickets {
                let codes = line.codes.iter().map(|code| code.hash);
                let row = Ticket { zone: line.zone, added: position, changed: position };
                self.codes_seen = self.codes_seen.saturating_add(show.sell(line.ticket, row, codes));
            }
        }
    }

    fn of(&mut self, show: ShowId, change: impl FnOnce(&mut Show)) {
        if let Some(show) = self.shows.get_mut(show.0) {
            *show.derived.get_mut() = None;
            change(show);
        }
    }

    /// Who came to a show; none when it was never scheduled.
    ///
    /// Worked out on the first call after an event of the show, in a time that grows with its tickets and scans, and
    /// kept until the next.
    pub fn show(&self, show: ShowId) -> Option<Arc<ShowAttendance>> {
        let known = self.shows.get(show.0)?;
        let mut derived = known.derived.lock();
        if let Some(derived) = &*derived
            && derived.codes_seen.is_none_or(|seen| seen == self.codes_seen)
            && derived.rules_seen == self.rules_seen
        {
            return Some(Arc::clone(&derived.attendance));
        }
        let mut codes_seen = None;
        let attendance = Arc::new(known.derive(show, &self.own, |unknown| {
            codes_seen = (!unknown.is_empty()).then_some(self.codes_seen);
            self.find_elsewhere(show, unknown)
        }));
        let rules_seen = self.rules_seen;
        *derived = Some(Derived { attendance: Arc::clone(&attendance), codes_seen, rules_seen });
        Some(attendance)
    }

    /// As [`Self::show`], but codes of other shows are unknown codes: what the show's own events tell.
    pub(crate) fn show_alone(&self, show: ShowId) -> Option<Arc<ShowAttendance>> {
        let with_others = self.show(show)?;
        let known = self.shows.get(show.0)?;
        // Where every code is the show's own nobody else was asked.
        if known.derived.lock().as_ref().is_some_and(|derived| derived.codes_seen.is_none()) {
            return Some(with_others);
        }
        Some(Arc::new(known.derive(show, &self.own, |_| BTreeMap::new())))
    }

    /// Tickets of other shows by code, for codes that a show does not know: the lowest number where there are several.
    fn find_elsewhere(
        &self,
        show: ShowId,
        unknown: &BTreeSet<CodeHash>,
    ) -> BTreeMap<CodeHash, (TicketId, ShowId)> {
        let mut found: BTreeMap<CodeHash, (TicketId, ShowId)> = BTreeMap::new();
        if unknown.is_empty() {
            return found;
        }
        for (id, other) in self.shows.sorted().filter(|(id, _)| *id != show.0) {
            for (code, ticket) in other.codes.iter().filter(|(code, _)| unknown.contains(code)) {
                let candidate = (*ticket, ShowId(id));
                let known = found.entry(*code).or_insert(candidate);
                *known = candidate.min(*known);
            }
        }
        found
    }
}

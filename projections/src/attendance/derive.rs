//! From what is known of a show to who came: one pass over the scans in the order of the devices' clocks.

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::{FxHashMap, FxHashSet};
use soticket_ledger::admission::{self, DEFAULT_RULES, ShowTimes, Whereabouts};
use soticket_schema::event::v1::{Direction, EntryRules, GateDecision, ScanReason};
use soticket_schema::{CodeHash, GateId, ShowId, TicketId, Timestamp};

use super::rules::Rules;
use super::view::{Anomaly, AnomalyKind, BucketCount, GateCount, Passage, Presence, ShowAttendance};
use super::{Manner, Scan, Show};

/// Tickets of other shows, by code.
type Elsewhere = BTreeMap<CodeHash, (TicketId, ShowId)>;

impl Show {
    /// Works out who came. `find_elsewhere` looks for codes in other shows and is asked once.
    pub(super) fn derive(
        &self,
        show: ShowId,
        own: &Rules,
        find_elsewhere: impl FnOnce(&BTreeSet<CodeHash>) -> Elsewhere,
    ) -> ShowAttendance {
        let codes = self.tickets_by_code();
        let scans = self.ordered_scans();
        let unknown =
            scans.iter().map(|(scan, _)| scan.code).filter(|code| !codes.contains_key(code)).collect();
        let elsewhere = find_elsewhere(&unknown);
        let mut pass = Pass { codes, elsewhere, ..Pass::new(self, own, scans.len()) };
        for (scan, manner) in &scans {
            pass.take(scan, manner);
        }
        pass.finish(show, scans.len())
    }

    /// Tickets by code, ascending where one code was given to several.
    fn tickets_by_code(&self) -> FxHashMap<CodeHash, Vec<TicketId>> {
        let mut codes: FxHashMap<CodeHash, Vec<TicketId>> = FxHashMap::default();
        for (code, ticket) in &self.codes {
            codes.entry(*code).or_default().push(*ticket);
        }
        codes.values_mut().for_each(|tickets| tickets.sort_unstable());
        codes
    }

    /// Scans in the order of (device time, device, nonce). A scan that was uploaded twice counts once.
    fn ordered_scans(&self) -> Vec<(Scan, Manner)> {
        let known = self.scans.iter().filter_map(|scan| Some((*scan, *self.manners.key(scan.manner)?)));
        let mut scans: Vec<_> = known.collect();
        // The code and the rest of the manner only order what no device can have meant.
        let key = |(scan, manner): &(Scan, Manner)| (scan.at, manner.device, scan.nonce, scan.code, *manner);
        scans.sort_unstable_by_key(key);
        scans.dedup_by_key(|scan| key(scan));
        scans
    }
}

/// Where the pass over the scans stands.
struct Pass<'a> {
    show: &'a Show,
    /// Rules for all shows.
    own: &'a Rules,
    codes: FxHashMap<CodeHash, Vec<TicketId>>,
    elsewhere: Elsewhere,
    /// When tickets last entered.
    entered: FxHashMap<TicketId, Timestamp>,
    inside: FxHashSet<TicketId>,
    refused: FxHashSet<TicketId>,
    peak: usize,
    peak_at: Option<Timestamp>,
    passages: Vec<Passage>,
    anomalies: Vec<Anomaly>,
}

impl<'a> Pass<'a> {
    fn new(show: &'a Show, own: &'a Rules, scans: usize) -> Self {
        Self {
            show,
            own,
            codes: FxHashMap::default(),
            elsewhere: Elsewhere::default(),
            entered: FxHashMap::default(),
            inside: FxHashSet::default(),
            refused: FxHashSet::default(),
            peak: 0,
            peak_at: None,
            passages: Vec::with_capacity(scans),
            anomalies: Vec::new(),
        }
    }

    fn take(&mut self, scan: &Scan, manner: &Manner) {
        let Some((ticket, valid)) = self.ticket(scan) else {
            return self.note_stranger(scan, manner);
        };
        if !valid {
            return self.note(AnomalyKind::CancelledTicket, scan, manner, Some(ticket), None);
        }
        if self.is_replaced(ticket, scan) {
            return self.note(AnomalyKind::ReplacedCode, scan, manner, Some(ticket), None);
        }
        for kind in self.pass(ticket, scan.at, manner) {
            self.note(kind, scan, manner, Some(ticket), None);
        }
    }

    /// The ticket that a code stands for at that moment, and whether it was valid then. Where several tickets have the
    /// code, the lowest that was not cancelled before the scan.
    fn ticket(&self, scan: &Scan) -> Option<(TicketId, bool)> {
        let tickets = self.codes.get(&scan.code)?;
        let on = self.show.called_off.is_none_or(|at| at >= scan.at);
        let valid =
            |ticket: &&TicketId| on && self.show.cancelled.get(ticket).is_none_or(|at| *at >= scan.at);
        match tickets.iter().find(valid) {
            Some(ticket) => Some((*ticket, true)),
            None => tickets.first().map(|ticket| (*ticket, false)),
        }
    }

    /// Whether the ticket had been handed on under another code by then.
    fn is_replaced(&self, ticket: TicketId, scan: &Scan) -> bool {
        let handed_on = self.show.handed_on.get(&ticket).map(Vec::as_slice).unwrap_or_default();
        let last = handed_on.iter().filter(|(at, _)| *at <= scan.at).max_by_key(|(at, _)| *at);
        last.is_some_and(|(_, code)| *code != scan.code)
    }

    /// A valid ticket goes in or out. What a gate turned back changes nothing, and neither does a second entry by a
    /// ticket that is inside: there is one person to a ticket, as far as anybody can count.
    fn pass(&mut self, ticket: TicketId, at: Timestamp, manner: &Manner) -> Vec<AnomalyKind> {
        let mut kinds = match manner.direction {
            Direction::Entry => self.objections(ticket, at, manner.gate),
            Direction::Exit if self.inside.contains(&ticket) => Vec::new(),
            Direction::Exit => return vec![AnomalyKind::ExitWithoutEntry],
        };
        if manner.decision == GateDecision::Refused {
            if kinds.is_empty() {
                self.refused.insert(ticket);
                kinds.push(AnomalyKind::Refused);
            }
        } else if !kinds.contains(&AnomalyKind::SecondEntry) {
            self.passages.push(Passage { at, gate: manner.gate, direction: manner.direction });
            kinds.extend(self.move_ticket(ticket, at, manner.direction));
        }
        kinds
    }

    /// What the rules in force at that moment have against an entry.
    fn objections(&self, ticket: TicketId, at: Timestamp, gate: GateId) -> Vec<AnomalyKind> {
        let rules = self.rules(at);
        let times = ShowTimes { doors_at: self.show.doors_at, starts_at: self.show.starts_at };
        let whereabouts = Whereabouts {
            inside: self.inside.contains(&ticket),
            entered_at: self.entered.get(&ticket).copied(),
        };
        let again = admission::entered_before(&rules, whereabouts, at).and_then(|reason| match reason {
            ScanReason::AlreadyInside => Some(AnomalyKind::SecondEntry),
            ScanReason::AlreadyUsed => Some(AnomalyKind::EnteredAgain),
            ScanReason::TooSoon => Some(AnomalyKind::EnteredTooSoon),
            _ => None,
        });
        let outside = admission::outside(&rules, times, at);
        let wrong_zone = !self.admits(ticket, at, gate);
        again
            .into_iter()
            .chain(outside.map(|_| AnomalyKind::OutsideWindow))
            .chain(wrong_zone.then_some(AnomalyKind::WrongZone))
            .collect()
    }

    fn rules(&self, at: Timestamp) -> EntryRules {
        let rules = self.show.rules.entry(at).or_else(|| self.own.entry(at));
        rules.copied().unwrap_or(DEFAULT_RULES)
    }

    fn admits(&self, ticket: TicketId, at: Timestamp, gate: GateId) -> bool {
        let Some(row) = self.show.tickets.get(ticket.0) else { return true };
        let admits = self.show.rules.admits(gate, row.zone, at);
        admits.or_else(|| self.own.admits(gate, row.zone, at)).unwrap_or(true)
    }

    fn move_ticket(&mut self, ticket: TicketId, at: Timestamp, direction: Direction) -> Option<AnomalyKind> {
        if direction == Direction::Exit {
            self.inside.remove(&ticket);
            return None;
        }
        self.entered.insert(ticket, at);
        self.inside.insert(ticket);
        if self.inside.len() > self.peak {
            (self.peak, self.peak_at) = (self.inside.len(), Some(at));
        }
        self.refused.remove(&ticket).then_some(AnomalyKind::AdmittedAfterRefusal)
    }

    fn note_stranger(&mut self, scan: &Scan, manner: &Manner) {
        match self.elsewhere.get(&scan.code).copied() {
            Some((ticket, show)) => {
                self.note(AnomalyKind::WrongShow, scan, manner, Some(ticket), Some(show));
            }
            None => self.note(AnomalyKind::UnknownCode, scan, manner, None, None),
        }
    }

    fn note(
        &mut self,
        kind: AnomalyKind,
        scan: &Scan,
        manner: &Manner,
        ticket: Option<TicketId>,
        other_show: Option<ShowId>,
    ) {
        self.anomalies.push(Anomaly {
            kind,
            at: scan.at,
            device: manner.device,
            nonce: scan.nonce,
            gate: manner.gate,
            direction: manner.direction,
            decision: manner.decision,
            offline: manner.offline,
            code: scan.code,
            ticket,
            other_show,
        });
    }

    fn finish(self, show: ShowId, scans: usize) -> ShowAttendance {
        // No ticket of a show that was called off is valid.
        let over = self.show.called_off.is_some();
        let cancelled = |ticket: &TicketId| over || self.show.cancelled.contains_key(ticket);
        let valid = self.show.tickets.iter().filter(|(ticket, _)| !cancelled(&TicketId(*ticket))).count();
        let came = self.entered.keys().filter(|ticket| !cancelled(ticket)).count();
        let mut gates: BTreeMap<GateId, GateCount> = BTreeMap::new();
        for passage in &self.passages {
            let gate = gates.entry(passage.gate);
            gate.or_insert(GateCount { gate: passage.gate, entries: 0, exits: 0 }).add(passage.direction);
        }
        let presence = |(ticket, entered_at): (&TicketId, &Timestamp)| Presence {
            ticket: *ticket,
            inside: self.inside.contains(ticket),
            entered_at: *entered_at,
        };
        let mut presences: Vec<Presence> = self.entered.iter().map(presence).collect();
        presences.sort_unstable_by_key(|presence| presence.ticket);
        ShowAttendance {
            show,
            valid: valid as u64,
            scans: scans as u64,
            scanned: self.entered.len() as u64,
            present: self.inside.len() as u64,
            peak: self.peak as u64,
            peak_at: self.peak_at,
            no_show: valid.saturating_sub(came) as u64,
            gates: gates.into_values().collect(),
            passages: self.passages,
            anomalies: self.anomalies,
            presences,
        }
    }
}

impl GateCount {
    fn add(&mut self, direction: Direction) {
        match direction {
            Direction::Entry => self.entries += 1,
            Direction::Exit => self.exits += 1,
        }
    }
}

impl ShowAttendance {
    /// Passages per gate within spans of so many minutes (at least one), by time and gate. Spans begin at full
    /// multiples since 1970-01-01T00:00:00Z, so that those of two shows can be laid side by side.
    pub fn per_bucket(&self, minutes: u32) -> Vec<BucketCount> {
        let span = i64::from(minutes.max(1)) * 60_000_000;
        let mut buckets: BTreeMap<(i64, GateId), GateCount> = BTreeMap::new();
        for passage in &self.passages {
            let from = passage.at.0.div_euclid(span).saturating_mul(span);
            let bucket = buckets.entry((from, passage.gate));
            bucket.or_insert(GateCount { gate: passage.gate, entries: 0, exits: 0 }).add(passage.direction);
        }
        let buckets = buckets.into_iter().map(|((from, gate), count)| BucketCount {
            from: Timestamp(from),
            gate,
            entries: count.entries,
            exits: count.exits,
        });
        buckets.collect()
    }
}

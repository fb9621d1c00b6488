//! The rules that one organisation's records keep, checked record by record in order.

use soticket_schema::{Hash, OrganisationId, Timestamp};

use super::record::{Facts, genesis};
use super::report::{OrganisationReport, Rule, Violations};
use crate::log::Head;

/// What the next record is checked against.
#[derive(Debug)]
pub(super) struct Chain {
    organisation: OrganisationId,
    /// Position of the next record.
    next: u64,
    /// Hash of the record before; nothing where it could not be read.
    hash: Option<[u8; 32]>,
    recorded_at: i64,
    command: Option<OpenCommand>,
    records: u64,
}

/// A command of which parts are still to come.
#[derive(Debug, Clone, PartialEq, Eq)]
struct OpenCommand {
    command: [u8; 16],
    actor: u32,
    part: u16,
    parts: u16,
}

/// Consecutive records within which every rule is kept, seen by the thread that reads them: what is left to check is
/// whether the first one continues what is before it.
#[derive(Debug)]
pub(super) struct Stretch {
    first: Facts,
    /// Where it leads so far.
    chain: Chain,
    pub(super) bytes: u64,
}

impl Stretch {
    /// A stretch that begins with the record at a position; none if that breaks a rule by itself.
    pub(super) fn begin(organisation: OrganisationId, from: u64, first: Facts, bytes: u64) -> Option<Self> {
        let chain = Chain::before(organisation, from, &first);
        let mut stretch = Self { first, chain, bytes: 0 };
        let first = stretch.first.clone();
        stretch.add(&first, bytes).then_some(stretch)
    }

    /// Goes on with the next record; false if it breaks a rule. Any violation is one too many: the records are gone
    /// through again then, in their place.
    pub(super) fn add(&mut self, facts: &Facts, bytes: u64) -> bool {
        let mut found = Violations::default();
        self.chain.record(facts, &mut found);
        self.bytes += bytes;
        found.total == 0
    }

    /// How many records.
    pub(super) fn records(&self) -> u64 {
        self.chain.records
    }
}

impl Chain {
    /// A chain that stands where `first`, at `from`, says that it continues.
    fn before(organisation: OrganisationId, from: u64, first: &Facts) -> Self {
        let &Facts { previous, recorded_at, actor, command, part, parts, .. } = first;
        let command = (part > 0).then_some(OpenCommand { command, actor, part, parts });
        Self { organisation, next: from, hash: Some(previous), recorded_at, command, records: 0 }
    }

    /// Checks that a stretch continues what is before it, and goes on behind it.
    pub(super) fn stretch(&mut self, stretch: Stretch, found: &mut Violations) {
        self.record(&stretch.first, found);
        let Chain { records, hash, recorded_at, command, .. } = stretch.chain;
        self.next += records - 1;
        self.records += records - 1;
        self.hash = hash;
        self.recorded_at = recorded_at;
        self.command = command;
    }

    pub(super) fn new(organisation: OrganisationId) -> Self {
        Self {
            organisation,
            next: 0,
            hash: Some(genesis(&organisation.0)),
            recorded_at: i64::MIN,
            command: None,
            records: 0,
        }
    }

    /// Checks one record and goes on from it, whatever it is.
    pub(super) fn record(&mut self, facts: &Facts, found: &mut Violations) {
        let position = self.next;
        let mut report = |rule, detail: String| found.add(self.organisation, position, rule, detail);
        if facts.organisation != self.organisation.0 {
            report(Rule::Organisation, format!("it belongs to {}", OrganisationId(facts.organisation)));
        }
        if facts.position != position {
            report(Rule::Position, format!("it says that it is record {}", facts.position));
        }
        if self.hash.is_some_and(|hash| hash != facts.previous) {
            report(Rule::Link, format!("it continues {}", Hash(facts.previous)));
        }
        if facts.recorded_at < self.recorded_at {
            report(
                Rule::Time,
                format!("recorded at {}, before its predecessor", Timestamp(facts.recorded_at)),
            );
        }
        if let Some(problem) = &facts.payload {
            report(Rule::Payload, problem.clone());
        }
        self.command(facts, found);
        self.hash = Some(facts.hash);
        self.recorded_at = facts.recorded_at;
        self.next += 1;
        self.records += 1;
    }

    /// The parts of one command follow each other, all of them, by one actor.
    fn command(&mut self, facts: &Facts, found: &mut Violations) {
        let this =
            OpenCommand { command: facts.command, actor: facts.actor, part: facts.part, parts: facts.parts };
        let fits = match &self.command {
            Some(expected) => *expected == this,
            // Behind a place that could not be read, a command may begin anywhere.
            None => facts.part == 0 || self.hash.is_none(),
        };
        if !fits || facts.part >= facts.parts {
            let detail =
                format!("part {} of {} does not continue what is before it", facts.part, facts.parts);
            found.add(self.organisation, self.next, Rule::Command, detail);
        }
        let more = facts.part.checked_add(1).filter(|&part| part < facts.parts);
        self.command = more.map(|part| OpenCommand { part, ..this });
    }

    /// Records from the current position up to `resume` cannot be read.
    pub(super) fn skip(&mut self, resume: u64, rule: Rule, detail: String, found: &mut Violations) {
        found.add(self.organisation, self.next, rule, detail);
        self.next = resume.max(self.next);
        self.hash = None;
        self.command = None;
    }

    /// Compares with the head that the log states.
    pub(super) fn end(self, head: Head, found: &mut Violations) -> OrganisationReport {
        if self.command.is_some() {
            let detail = "the last command has fewer parts than it says".to_owned();
            found.add(self.organisation, self.next, Rule::Command, detail);
        }
        let reached = (self.next, self.hash, self.recorded_at);
        if reached != (head.length, Some(head.hash.0), head.recorded_at.0) {
            let hash = self.hash.map_or_else(|| "nothing readable".to_owned(), |hash| Hash(hash).to_string());
            let detail = format!(
                "the records end at {} with {hash}, the log states {} with {}",
                self.next, head.length, head.hash
            );
            found.add(self.organisation, self.next, Rule::Head, detail);
        }
        OrganisationReport { organisation: self.organisation, head, records: self.records, violations: 0 }
    }
}

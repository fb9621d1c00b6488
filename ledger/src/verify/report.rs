//! What a verification found.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use serde::Serialize;
use soticket_schema::OrganisationId;

use crate::log::Head;

/// Violations of one rule in one log that are listed in full; further ones are only counted. A log whose records have all
/// moved on by one must not hide what else is wrong.
pub const VIOLATIONS_LISTED_MAX: usize = 1_000;

/// The result of verifying a log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct VerifyReport {
    /// Records gone through.
    pub records: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Every organisation, sorted.
    pub organisations: Vec<OrganisationReport>,
    /// The first violations found.
    pub violations: Vec<Violation>,
    /// How many there are altogether.
    pub violations_total: u64,
    /// How long it took, in microseconds.
    pub elapsed_us: u64,
    /// Records per second.
    pub records_per_second: u64,
}

impl VerifyReport {
    /// Whether nothing is wrong.
    pub fn is_sound(&self) -> bool {
        self.violations_total == 0
    }
}

/// One organisation's log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OrganisationReport {
    /// Whose log.
    pub organisation: OrganisationId,
    /// The head that the log states, and, without violations, that its records lead to.
    pub head: Head,
    /// Records read.
    pub records: u64,
    /// How many violations its records have; those of published tiles are not among them.
    pub violations: u64,
}

/// Something that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Violation {
    /// Whose log.
    pub organisation: OrganisationId,
    /// The record where it shows.
    pub position: u64,
    /// The rule that is broken.
    pub rule: Rule,
    /// What was found.
    pub detail: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { organisation, position, rule, detail } = self;
        write!(f, "{rule:?}: record {position} of organisation {organisation}: {detail}")
    }
}

/// The rules that stored records keep.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Rule {
    /// Every record can be read.
    Readable,
    /// Every record has the record format.
    Format,
    /// A record belongs to the organisation in whose log it is.
    Organisation,
    /// Positions count from 0 without gaps.
    Position,
    /// A record names the hash of the one before it.
    Link,
    /// The time of recording never decreases.
    Time,
    /// The parts of a command follow each other, complete, by one actor.
    Command,
    /// The payload decodes, canonically.
    Payload,
    /// The records lead to the head that the log states.
    Head,
    /// A published tile holds the hashes that the records give.
    Tile,
    /// A published bundle holds the records of the log.
    Entries,
}

/// Violations as they are found.
#[derive(Debug, Default)]
pub(super) struct Violations {
    pub(super) listed: Vec<Violation>,
    pub(super) total: u64,
    /// Of the log that is gone through, by rule.
    by_rule: BTreeMap<Rule, usize>,
    /// Of the log that is gone through, in its records.
    in_records: u64,
    /// Of the log that is gone through, in what is published of it.
    in_published: u64,
}

impl Violations {
    pub(super) fn add(&mut self, organisation: OrganisationId, position: u64, rule: Rule, detail: String) {
        self.total += 1;
        match rule {
            Rule::Tile | Rule::Entries => self.in_published += 1,
            _ => self.in_records += 1,
        }
        let of_rule = self.by_rule.entry(rule).or_default();
        *of_rule += 1;
        if *of_rule <= VIOLATIONS_LISTED_MAX {
            self.listed.push(Violation { organisation, position, rule, detail });
        }
    }
}

impl Violations {
    /// How many violations the log has that was gone through, in its records and in what is published of it.
    pub(super) fn of_log(&mut self) -> (u64, u64) {
        self.by_rule.clear();
        (std::mem::take(&mut self.in_records), std::mem::take(&mut self.in_published))
    }
}

/// Whole records per second.
pub(super) fn rate(records: u64, elapsed: Duration) -> u64 {
    let rate = u128::from(records) * 1_000_000 / elapsed.as_micros().max(1);
    u64::try_from(rate).unwrap_or(u64::MAX)
}

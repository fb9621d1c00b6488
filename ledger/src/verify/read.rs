//! Reads and hashes a span of an organisation's records, and finds its way around what cannot be read.

use std::ops::ControlFlow;

use blake3::Hasher;
use soticket_schema::{OrganisationId, RecordView};

use super::leaves::{SpanLeaves, SpanTree};
use super::record::{self, Facts};
use super::{PayloadCheck, Published, Rule};
use crate::log::{Log, LogError, Run};

/// What is at the next position.
#[derive(Debug)]
pub(super) enum Entry {
    /// A record, not yet compared with its neighbours.
    Record { facts: Facts, bytes: u64 },
    /// No record that can be read, up to position `resume`.
    Skipped { resume: u64, rule: Rule, reason: String },
}

/// Reads spans of a log.
pub(super) struct SpanReader<'a> {
    log: &'a dyn Log,
    payload: PayloadCheck<'a>,
    published: &'a dyn Published,
    hasher: Hasher,
    leaves: SpanLeaves,
}

impl<'a> SpanReader<'a> {
    pub(super) fn new(log: &'a dyn Log, payload: PayloadCheck<'a>, published: &'a dyn Published) -> Self {
        Self { log, payload, published, hasher: record::hasher(), leaves: SpanLeaves::default() }
    }

    /// What is at the positions from `from` up to `until`, and the tree over it.
    pub(super) fn read(
        &mut self,
        organisation: OrganisationId,
        from: u64,
        until: u64,
    ) -> (Vec<Entry>, SpanTree) {
        let mut leaves = std::mem::take(&mut self.leaves);
        leaves.begin(from, self.published.has_copies());
        let entries = self.entries(organisation, from, until, &mut leaves);
        let tree = leaves.tree(self.published, organisation);
        self.leaves = leaves;
        (entries, tree)
    }

    fn entries(
        &self,
        organisation: OrganisationId,
        from: u64,
        until: u64,
        leaves: &mut SpanLeaves,
    ) -> Vec<Entry> {
        let mut entries = Vec::with_capacity((until - from) as usize);
        let mut next = from;
        while next < until {
            let reached = &mut next;
            let result = self.log.read_runs(organisation, *reached, &mut |run| {
                let taken = self.run(&run, until, &mut entries, leaves);
                *reached = until.min(run.first + u64::from(run.count));
                leaves.skip_to(*reached);
                if let Err(reason) = taken {
                    entries.push(Entry::Skipped { resume: *reached, rule: Rule::Format, reason });
                }
                if *reached < until { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
            });
            if next < until {
                let (resume, reason) = match result {
                    Err(error) => (self.readable_from(organisation, next, until, &error), error.to_string()),
                    Ok(()) => (until, format!("the log ends at {next}, before its head")),
                };
                entries.push(Entry::Skipped { resume, rule: Rule::Readable, reason });
                leaves.skip_to(resume);
                next = resume;
            }
        }
        entries
    }

    /// Reads the records of one run below `until`; behind one that is malformed, where the next begins is unknown.
    fn run(
        &self,
        run: &Run<'_>,
        until: u64,
        entries: &mut Vec<Entry>,
        leaves: &mut SpanLeaves,
    ) -> Result<(), String> {
        let mut rest = run.records;
        for position in (run.first..).take(run.count as usize) {
            if position == until {
                return Ok(());
            }
            let (bytes, after) = rest.split_at(record::length(rest)?);
            let mut facts = record::read(bytes, &self.hasher)?;
            facts.payload = self.check_payload(bytes).err();
            entries.push(Entry::Record { facts, bytes: bytes.len() as u64 });
            leaves.record(bytes);
            rest = after;
        }
        if rest.is_empty() { Ok(()) } else { Err("there is more than the records of the page".to_owned()) }
    }

    fn check_payload(&self, bytes: &[u8]) -> Result<(), String> {
        let record = RecordView::parse(bytes).map_err(|error| error.to_string())?;
        (self.payload)(&record)
    }

    /// The first position behind `from` that can be read again, or `until`.
    fn readable_from(&self, organisation: OrganisationId, from: u64, until: u64, error: &LogError) -> u64 {
        if matches!(error, LogError::StoreDamaged { .. } | LogError::Poisoned { .. }) {
            return until;
        }
        let readable = |&position: &u64| {
            self.log.read_runs(organisation, position, &mut |_| ControlFlow::Break(())).is_ok()
        };
        (from + 1..until).find(readable).unwrap_or(until)
    }
}

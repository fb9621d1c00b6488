//! Reads and hashes a span of an organisation's records, and finds its way around what cannot be read.

use std::ops::ControlFlow;

use blake3::Hasher;
use soticket_schema::{OrganisationId, RecordView};

use super::chain::Stretch;
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

/// The records of a span.
pub(super) enum SpanRecords {
    /// Nothing is wrong within it.
    Sound(Box<Stretch>),
    /// Something may be: every entry is to be looked at in its place.
    Doubtful(Vec<Entry>),
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
    ) -> (SpanRecords, SpanTree) {
        self.leaves.begin(from, self.published.has_copies());
        let records = match self.sound(organisation, from, until) {
            Some(stretch) => SpanRecords::Sound(Box::new(stretch)),
            None => {
                self.leaves.begin(from, self.published.has_copies());
                SpanRecords::Doubtful(self.collect(organisation, from, until))
            }
        };
        (records, self.leaves.tree(self.published, organisation))
    }

    /// The records as one stretch, checked while they are read; none as soon as anything is wrong.
    fn sound(&mut self, organisation: OrganisationId, from: u64, until: u64) -> Option<Stretch> {
        let log = self.log;
        let mut next = from;
        let mut stretch: Option<Stretch> = None;
        let read = log.read_runs(organisation, from, &mut |run| {
            next = until.min(run.first + u64::from(run.count));
            let taken = self.run(&run, until, &mut |facts, bytes| match &mut stretch {
                Some(stretch) => stretch.add(&facts, bytes),
                None => {
                    stretch = Stretch::begin(organisation, from, facts, bytes);
                    stretch.is_some()
                }
            });
            match taken {
                Ok(true) if next < until => ControlFlow::Continue(()),
                Ok(true) => ControlFlow::Break(()),
                Ok(false) | Err(_) => {
                    stretch = None;
                    next = from;
                    ControlFlow::Break(())
                }
            }
        });
        (read.is_ok() && next == until).then_some(stretch)?
    }

    fn collect(&mut self, organisation: OrganisationId, from: u64, until: u64) -> Vec<Entry> {
        let log = self.log;
        let mut entries = Vec::new();
        let mut next = from;
        while next < until {
            let reached = &mut next;
            let result = log.read_runs(organisation, *reached, &mut |run| {
                let taken = self.run(&run, until, &mut |facts, bytes| {
                    entries.push(Entry::Record { facts, bytes });
                    true
                });
                *reached = until.min(run.first + u64::from(run.count));
                self.leaves.skip_to(*reached);
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
                self.leaves.skip_to(resume);
                next = resume;
            }
        }
        entries
    }

    /// Hands over the records of one run below `until` with their lengths, until `take` wants no more (false); behind one
    /// that is malformed, where the next begins is unknown.
    fn run(
        &mut self,
        run: &Run<'_>,
        until: u64,
        take: &mut dyn FnMut(Facts, u64) -> bool,
    ) -> Result<bool, String> {
        let mut rest = run.records;
        for position in (run.first..).take(run.count as usize) {
            if position == until {
                return Ok(true);
            }
            let (bytes, after) = rest.split_at(record::length(rest)?);
            let mut facts = record::read(bytes, &mut self.hasher)?;
            facts.payload = self.check_payload(bytes).err();
            self.leaves.record(bytes);
            if !take(facts, bytes.len() as u64) {
                return Ok(false);
            }
            rest = after;
        }
        if rest.is_empty() { Ok(true) } else { Err("there is more than the records of the page".to_owned()) }
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

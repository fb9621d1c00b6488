//! Verification of a whole log from its stored bytes. Written apart from the writing path: its own reading of the
//! record format, its own hashing, and no trust in what the log says beyond the heads it is to be checked against.

use std::sync::mpsc::{SyncSender, sync_channel};
use std::time::Instant;

use soticket_schema::{OrganisationId, RecordView};

use crate::log::{Head, Log};
use chain::Chain;
use read::{Entry, SpanReader};
use report::{Violations, rate};

mod chain;
mod read;
mod record;
mod report;
#[cfg(test)]
mod tests;

pub use report::{OrganisationReport, Rule, VIOLATIONS_LISTED_MAX, VerifyReport, Violation};

/// Says what is wrong with a record's payload.
pub type PayloadCheck<'a> = &'a (dyn Fn(&RecordView<'_>) -> Result<(), String> + Sync);

/// How far a verification is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VerifyStatus {
    /// Records gone through.
    pub records: u64,
    /// Records that there are.
    pub of: u64,
}

/// Records that a thread goes through at a time.
const SPAN_RECORDS: u64 = 2_048;
/// Spans that a thread may be ahead of the others: bounds the memory.
const SPANS_AHEAD: usize = 4;

/// Verifies every record of every organisation, with `payload` looking at what is inside, and tells `progress` from
/// time to time. Finds all violations, not only the first. Memory does not grow with the log.
pub fn verify_log(
    log: &dyn Log,
    payload: PayloadCheck<'_>,
    progress: &mut dyn FnMut(VerifyStatus),
) -> VerifyReport {
    let started = Instant::now();
    let heads = log.heads();
    let of = heads.iter().map(|(_, head)| head.length).sum();
    let mut collector = Collector::default();
    std::thread::scope(|scope| {
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        let heads = heads.as_slice();
        let results: Vec<_> = (0..threads)
            .map(|thread| {
                let (results, read) = sync_channel(SPANS_AHEAD);
                let spans = spans(heads).skip(thread).step_by(threads);
                scope.spawn(move || read_spans(log, spans, payload, &results));
                read
            })
            .collect();
        // Each thread reads and hashes its share of the spans; taking the results in turn puts them back in order.
        for (span, results) in spans(heads).zip(results.iter().cycle()) {
            let Ok(entries) = results.recv() else { break };
            collector.take(&span, entries);
            progress(VerifyStatus { records: collector.records, of });
        }
    });
    let elapsed = started.elapsed();
    VerifyReport {
        records: collector.records,
        bytes: collector.bytes,
        organisations: collector.organisations,
        violations: collector.found.listed,
        violations_total: collector.found.total,
        elapsed_us: u64::try_from(elapsed.as_micros()).unwrap_or(u64::MAX),
        records_per_second: rate(collector.records, elapsed),
    }
}

/// Consecutive positions of one organisation.
#[derive(Debug, Clone, Copy)]
struct Span {
    organisation: OrganisationId,
    head: Head,
    from: u64,
    until: u64,
}

/// All positions below the heads, in order. An organisation has at least one span, be it empty.
fn spans(heads: &[(OrganisationId, Head)]) -> impl Iterator<Item = Span> {
    heads.iter().flat_map(|&(organisation, head)| {
        let count = head.length.div_ceil(SPAN_RECORDS).max(1);
        (0..count).map(move |number| {
            let from = number * SPAN_RECORDS;
            Span { organisation, head, from, until: head.length.min(from + SPAN_RECORDS) }
        })
    })
}

fn read_spans(
    log: &dyn Log,
    spans: impl Iterator<Item = Span>,
    payload: PayloadCheck<'_>,
    results: &SyncSender<Vec<Entry>>,
) {
    let reader = SpanReader::new(log, payload);
    for span in spans {
        if results.send(reader.read(span.organisation, span.from, span.until)).is_err() {
            return;
        }
    }
}

/// Puts what the threads found back in order.
#[derive(Debug, Default)]
struct Collector {
    chain: Option<(Chain, Head)>,
    organisations: Vec<OrganisationReport>,
    found: Violations,
    records: u64,
    bytes: u64,
}

impl Collector {
    fn take(&mut self, span: &Span, entries: Vec<Entry>) {
        let (mut chain, head) = match self.chain.take() {
            Some(open) if span.from > 0 => open,
            _ => (Chain::new(span.organisation), span.head),
        };
        for entry in entries {
            match entry {
                Entry::Record { facts, bytes } => {
                    self.records += 1;
                    self.bytes += bytes;
                    chain.record(&facts, &mut self.found);
                }
                Entry::Skipped { resume, rule, reason } => chain.skip(resume, rule, reason, &mut self.found),
            }
        }
        if span.until == head.length {
            self.organisations.push(chain.end(head, &mut self.found));
        } else {
            self.chain = Some((chain, head));
        }
    }
}

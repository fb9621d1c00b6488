//! Verification of a whole log from its stored bytes. Written apart from the writing path: its own reading of the
//! record format, its own hashing, and no trust in what the log says beyond the heads it is to be checked against.

use std::sync::mpsc::{SyncSender, sync_channel};
use std::time::Instant;

use soticket_schema::{OrganisationId, RecordView};

use crate::log::{Head, Log};
use chain::Chain;
use leaves::{SpanLeaves, SpanTree};
use read::{Entry, SpanReader, SpanRecords};
use report::{Violations, rate};
use tree::Tree;

mod chain;
mod leaves;
mod published;
mod read;
mod record;
mod report;
#[cfg(test)]
mod tests;
mod tree;
#[cfg(test)]
mod tree_tests;

pub use published::{Published, Unpublished};
pub use report::{OrganisationReport, Rule, VIOLATIONS_LISTED_MAX, VerifyReport, Violation};
pub use tree::{NodeHash, TreeReport, leaf_hash, node_hash};

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
    verify_log_and_trees(log, payload, &Unpublished, progress).0
}

/// As [`verify_log`], with the tree over each log: compared with what was published of it, and its root told at the
/// sizes that `published` asks for.
pub fn verify_log_and_trees(
    log: &dyn Log,
    payload: PayloadCheck<'_>,
    published: &dyn Published,
    progress: &mut dyn FnMut(VerifyStatus),
) -> (VerifyReport, Vec<TreeReport>) {
    let started = Instant::now();
    let heads = log.heads();
    let of = heads.iter().map(|(_, head)| head.length).sum();
    let mut collector = Collector::new(published);
    std::thread::scope(|scope| {
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        let heads = heads.as_slice();
        let results: Vec<_> = (0..threads)
            .map(|thread| {
                let (results, read) = sync_channel(SPANS_AHEAD);
                let spans = spans(heads).skip(thread).step_by(threads);
                scope.spawn(move || read_spans(log, spans, payload, published, &results));
                read
            })
            .collect();
        // Each thread reads and hashes its share of the spans; taking the results in turn puts them back in order.
        for (span, results) in spans(heads).zip(results.iter().cycle()) {
            let Ok((records, tree)) = results.recv() else { break };
            collector.take(&span, records, tree);
            progress(VerifyStatus { records: collector.records, of });
        }
    });
    let elapsed = started.elapsed();
    let report = VerifyReport {
        records: collector.records,
        bytes: collector.bytes,
        organisations: collector.organisations,
        violations: collector.found.listed,
        violations_total: collector.found.total,
        elapsed_us: u64::try_from(elapsed.as_micros()).unwrap_or(u64::MAX),
        records_per_second: rate(collector.records, elapsed),
    };
    (report, collector.trees)
}

/// The tree over the entries of a log whose entries are no records: `visit` is called once and hands over every entry in
/// order, or nothing where one cannot be read. The violations are those of the tree alone.
pub fn verify_entries(
    published: &dyn Published,
    visit: impl FnOnce(&mut dyn FnMut(Option<&[u8]>)),
) -> (TreeReport, Vec<Violation>) {
    let organisation = OrganisationId::default();
    let mut found = Violations::default();
    let (mut tree, mut leaves) = (Tree::new(published, organisation), SpanLeaves::default());
    let (mut size, mut begun) = (0, 0);
    leaves.begin(0, published.has_copies());
    visit(&mut |entry| {
        match entry {
            Some(entry) => leaves.record(entry),
            None => leaves.skip_to(size + 1),
        }
        size += 1;
        if size - begun == SPAN_RECORDS {
            tree.span(leaves.tree(published, organisation), &mut found);
            leaves.begin(size, published.has_copies());
            begun = size;
        }
    });
    tree.span(leaves.tree(published, organisation), &mut found);
    let tree = tree.end(size, &mut found);
    let (_, violations) = found.of_log();
    (TreeReport { violations, ..tree }, found.listed)
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
    published: &dyn Published,
    results: &SyncSender<(SpanRecords, SpanTree)>,
) {
    let mut reader = SpanReader::new(log, payload, published);
    for span in spans {
        if results.send(reader.read(span.organisation, span.from, span.until)).is_err() {
            return;
        }
    }
}

/// Puts what the threads found back in order.
struct Collector<'a> {
    published: &'a dyn Published,
    open: Option<(Chain, Tree<'a>, Head)>,
    organisations: Vec<OrganisationReport>,
    trees: Vec<TreeReport>,
    found: Violations,
    records: u64,
    bytes: u64,
}

impl<'a> Collector<'a> {
    fn new(published: &'a dyn Published) -> Self {
        let (organisations, trees, found) = (Vec::new(), Vec::new(), Violations::default());
        Self { published, open: None, organisations, trees, found, records: 0, bytes: 0 }
    }

    fn take(&mut self, span: &Span, records: SpanRecords, span_tree: SpanTree) {
        let (mut chain, mut tree, head) = match self.open.take() {
            Some(open) if span.from > 0 => open,
            _ => (Chain::new(span.organisation), Tree::new(self.published, span.organisation), span.head),
        };
        match records {
            SpanRecords::Sound(stretch) => {
                self.records += stretch.records();
                self.bytes += stretch.bytes;
                chain.stretch(*stretch, &mut self.found);
            }
            SpanRecords::Doubtful(entries) => self.entries(&mut chain, entries),
        }
        tree.span(span_tree, &mut self.found);
        if span.until == head.length {
            let organisation = chain.end(head, &mut self.found);
            let tree = tree.end(head.length, &mut self.found);
            let (violations, in_published) = self.found.of_log();
            self.organisations.push(OrganisationReport { violations, ..organisation });
            self.trees.push(TreeReport { violations: in_published, ..tree });
        } else {
            self.open = Some((chain, tree, head));
        }
    }

    fn entries(&mut self, chain: &mut Chain, entries: Vec<Entry>) {
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
    }
}

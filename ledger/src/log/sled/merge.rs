//! Rewrites runs of small pages as full ones: single sales leave pages of one record, which read slowly.

use soticket_schema::OrganisationId;

use super::SledLog;
use super::changes::Changes;
use super::head_file::SLOTS;
use super::page::{PAGE_BYTES, Page, PageWriter, Stamp};
use super::reader::PageWalk;
use super::store::{Part, WINDOW_BYTES, WINDOW_OPERATIONS};
use crate::log::{LogError, MergeReport};

/// Most pages looked at in one call, so that a commit never waits long.
const PAGES_MAX: usize = 500;

/// Looks at up to `budget` bytes of records and merges what it can.
///
/// Removals free space that the engine writes into again. Each batch is synced before anything else is written:
/// otherwise a power cut could keep the overwriting and lose what replaced the removed pages.
pub(super) fn merge(log: &SledLog, budget: usize) -> Result<MergeReport, LogError> {
    let mut committer = log.committer.lock();
    log.store.check()?;
    let mut merge = Merge {
        log,
        // The newest pages must stay as they were written: should the newest slot of the head file be lost, they
        // are told apart by their commit.
        newest_commit: committer.totals.commit.saturating_sub(SLOTS),
        group: Vec::new(),
        group_bytes: 0,
        changes: Changes::default(),
        batch_bytes: 0,
        operations: 0,
        report: MergeReport::default(),
    };
    // Less than this might not fill a page, and the next call would look at the same pages again.
    let mut left = budget.max(WINDOW_BYTES / 2);
    while let Some(organisation) = committer.unmerged.pop_first() {
        if !merge.organisation(organisation, &mut left)? {
            committer.unmerged.insert(organisation);
            merge.report.more = true;
            break;
        }
    }
    Ok(merge.report)
}

struct Merge<'a> {
    log: &'a SledLog,
    newest_commit: u64,
    /// Neighbouring pages that together fit one.
    group: Vec<Page>,
    group_bytes: usize,
    changes: Changes,
    batch_bytes: usize,
    operations: usize,
    report: MergeReport,
}

impl Merge<'_> {
    /// Merges one organisation's pages from where it was left; returns whether it came to the end.
    fn organisation(&mut self, organisation: OrganisationId, left: &mut usize) -> Result<bool, LogError> {
        let log = self.log;
        let until = log.head_or_genesis(organisation).length;
        let mut done = log.marks.lock().get(organisation).merged;
        let mut pages = PageWalk::new(&log.store, organisation, done, until);
        let mut at_end = true;
        while let Some(page) = pages.next()? {
            let bytes = page.records().len();
            if *left == 0 || self.report.pages_read >= PAGES_MAX {
                at_end = false;
                break;
            }
            if page.stamp.commit > self.newest_commit {
                break;
            }
            *left = left.saturating_sub(bytes);
            self.report.pages_read += 1;
            if self.group_bytes + bytes > PAGE_BYTES {
                done = page.key.first;
                self.close_group()?;
            }
            self.group_bytes += bytes;
            self.group.push(page);
        }
        // The last group may still grow: it is left for the next time.
        self.group.clear();
        self.group_bytes = 0;
        self.write()?;
        // A crash before this is noted costs looking at the same pages again.
        log.marks.lock().merged(organisation, done);
        Ok(at_end)
    }

    /// Plans the rewriting of the group, and writes what is planned once it is enough.
    fn close_group(&mut self) -> Result<(), LogError> {
        let group = std::mem::take(&mut self.group);
        self.group_bytes = 0;
        let [first, others @ ..] = group.as_slice() else { return Ok(()) };
        if others.is_empty() {
            return Ok(());
        }
        let commit = group.iter().map(|page| page.stamp.commit).max().unwrap_or_default();
        let count = group.iter().map(|page| page.count).sum();
        let pieces: Vec<&[u8]> = group.iter().map(Page::records).collect();
        let stamp = Stamp { commit, pages: 0 };
        self.batch_bytes += PageWriter::default().write(first.key, stamp, count, &pieces, |key, value| {
            self.changes.insert(key, value);
        });
        others.iter().for_each(|page| self.changes.remove(page.key.chunk(0)));
        self.operations += group.len();
        self.report.pages_merged += group.len();
        self.report.pages_written += 1;
        if self.operations >= WINDOW_OPERATIONS || self.batch_bytes >= WINDOW_BYTES {
            self.write()?;
        }
        Ok(())
    }

    /// One batch: after a crash either the small pages are there or the full ones.
    fn write(&mut self) -> Result<(), LogError> {
        if self.operations > 0 {
            self.log.store.write(Part::Pages, std::mem::take(&mut self.changes), true)?;
            (self.operations, self.batch_bytes) = (0, 0);
        }
        Ok(())
    }
}

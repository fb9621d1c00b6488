//! Checks the links of what is stored: the newest part before opening returns, the rest in the background.

use std::ops::ControlFlow;

use soticket_schema::{OrganisationId, RecordView};

use super::SledLog;
use super::links::ChainCheck;
use super::mark::Marks;
use super::reader::PageWalk;
use super::store::Store;
use super::tail::Heads;
use crate::log::{Head, Log, LogError};

/// Record bytes after which progress is told and the mark is kept.
const STEP_BYTES: u64 = 8 << 20;

/// How far the links are checked, over all organisations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VerifyProgress {
    /// Records whose links are checked.
    pub verified: u64,
    /// Records that there are.
    pub records: u64,
}

/// Checks links from the marks on until `budget` bytes of records were gone through.
pub(super) fn check_newest(
    store: &Store,
    heads: &Heads,
    marks: &mut Marks,
    budget: u64,
) -> Result<(), LogError> {
    let mut left = budget;
    for (&organisation, &head) in heads {
        let start = marks.get(organisation).verified;
        let start = if continues(store, organisation, start, head)? {
            start
        } else {
            // Not the data but the mark is wrong, as after restoring another copy: it is disposable.
            Head::genesis(organisation)
        };
        let reached = check(store, organisation, start, head, &mut left)?;
        marks.verified(organisation, reached);
    }
    Ok(())
}

/// Whether the record behind `mark` names it as what it continues.
fn continues(store: &Store, organisation: OrganisationId, mark: Head, head: Head) -> Result<bool, LogError> {
    let Some(page) = PageWalk::new(store, organisation, mark.length, head.length).next()? else {
        return Ok(mark == head);
    };
    let run = page.run().starting_at(organisation, mark.length)?;
    Ok(RecordView::split(run.records).is_ok_and(|(record, _)| record.envelope.previous == mark.hash))
}

/// Follows the chain from `start` to `head`, or until `left` bytes are used up; returns how far it got.
fn check(
    store: &Store,
    organisation: OrganisationId,
    start: Head,
    head: Head,
    left: &mut u64,
) -> Result<Head, LogError> {
    let mut chain = ChainCheck::from(organisation, start);
    let mut pages = PageWalk::new(store, organisation, start.length, head.length);
    while *left > 0 {
        let Some(page) = pages.next()? else { break };
        chain.follow(&page)?;
        *left = left.saturating_sub(page.records().len() as u64);
    }
    Ok(chain.head())
}

impl SledLog {
    /// How far each organisation's links are checked, sorted by organisation.
    pub fn verified(&self) -> Vec<(OrganisationId, u64)> {
        let marks = self.marks.lock();
        let heads = self.heads().into_iter();
        heads.map(|(organisation, _)| (organisation, marks.get(organisation).verified.length)).collect()
    }

    /// Checks the links of everything durable that is not checked yet, telling `progress` from time to time, until it
    /// breaks. For a background thread: commits go on beside it.
    ///
    /// # Errors
    /// The first damaged or missing record. The log stays usable; what to do is up to the caller.
    pub fn verify_rest(
        &self,
        progress: &mut dyn FnMut(VerifyProgress) -> ControlFlow<()>,
    ) -> Result<(), LogError> {
        for (organisation, head) in self.heads() {
            loop {
                let start = self.marks.lock().get(organisation).verified;
                if start.length >= head.length {
                    break;
                }
                let reached = check(&self.store, organisation, start, head, &mut { STEP_BYTES })?;
                self.marks.lock().verified(organisation, reached);
                if progress(self.verify_progress()).is_break() {
                    return Ok(());
                }
            }
        }
        self.marks.lock().save(&self.marks_path);
        Ok(())
    }

    fn verify_progress(&self) -> VerifyProgress {
        let verified = self.verified().iter().map(|(_, length)| length).sum();
        let records = self.heads().iter().map(|(_, head)| head.length).sum();
        VerifyProgress { verified, records }
    }
}

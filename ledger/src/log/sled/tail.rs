//! What opening makes of the data and the head file: agreement, one commit ahead, or a refusal.
//!
//! The data of a commit is on the disk before its slot of the head file is. So after a crash the data may be exactly
//! one commit ahead, in whole (adopted) or in part (never acknowledged, removed). Anything else is a loss.

use rustc_hash::FxHashMap;
use soticket_schema::OrganisationId;

use super::changes::Changes;
use super::head_file::{Found, HeadFile};
use super::links::{ChainCheck, head_of};
use super::page::Page;
use super::store::{Part, Store, WINDOW_OPERATIONS};
use super::totals::Totals;
use crate::log::{Head, LogError};

/// Heads by organisation.
pub(super) type Heads = FxHashMap<OrganisationId, Head>;

/// Pages of the commit that follows the head file, organisation by organisation, in order of position.
pub(super) type Tail = Vec<(OrganisationId, Vec<Page>)>;

/// The durable state, brought into agreement with the head file.
///
/// # Errors
/// Acknowledged records are missing, or the data cannot be what the head file's next commit wrote.
pub(super) fn settle(store: &Store, file: &HeadFile, found: &Found) -> Result<(Heads, Totals), LogError> {
    let (mut heads, tail) = heads_without_tail(store, found.totals.commit)?;
    let mut totals = Totals { commit: found.totals.commit, ..Totals::default() };
    heads.iter().for_each(|(&organisation, &head)| totals.advance(organisation, None, head));
    if !totals.same_heads(&found.totals) {
        return Err(disagreement(&found.totals, &totals));
    }
    if tail.is_empty() {
        return if found.next_damaged { Err(lost_commit(file, found)) } else { Ok((heads, totals)) };
    }
    if !is_complete(&tail) {
        if found.next_damaged {
            return Err(lost_commit(file, found));
        }
        discard(store, &tail)?;
        return Ok((heads, totals));
    }
    adopt(file, &mut heads, &mut totals, &tail)?;
    Ok((heads, totals))
}

/// Every organisation's head as of `commit`, and the pages of the commit after it.
pub(super) fn heads_without_tail(store: &Store, commit: u64) -> Result<(Heads, Tail), LogError> {
    let (mut heads, mut tail) = (Heads::default(), Tail::new());
    for organisation in store.organisations()? {
        let mut pages = Vec::new();
        let mut last = store.last_page(organisation)?;
        while let Some(page) = last.take_if(|page| page.stamp.commit > commit) {
            if page.stamp.commit > commit + 1 {
                let detail = format!("it ends with commit {commit}, the data with {}", page.stamp.commit);
                return Err(LogError::AheadOfHead { detail });
            }
            last = store.page_before(organisation, page.key.first)?;
            pages.push(page);
        }
        if let Some(page) = last {
            heads.insert(organisation, head_of(&page)?);
        }
        if !pages.is_empty() {
            pages.reverse();
            tail.push((organisation, pages));
        }
    }
    Ok((heads, tail))
}

/// Whether the tail has all pages that its commit wrote.
fn is_complete(tail: &Tail) -> bool {
    let mut pages = tail.iter().flat_map(|(_, pages)| pages);
    let written = pages.next().map_or(0, |page| page.stamp.pages);
    pages.all(|page| page.stamp.pages == written)
        && tail.iter().map(|(_, pages)| pages.len()).sum::<usize>() == written as usize
}

/// Checks the tail's links and writes its slot of the head file. A crash before the slot is written repeats this.
fn adopt(file: &HeadFile, heads: &mut Heads, totals: &mut Totals, tail: &Tail) -> Result<(), LogError> {
    totals.commit += 1;
    for (organisation, pages) in tail {
        let before = heads.get(organisation).copied();
        let start = before.unwrap_or_else(|| Head::genesis(*organisation));
        let mut chain = ChainCheck::from(*organisation, start);
        pages.iter().try_for_each(|page| chain.follow(page))?;
        totals.advance(*organisation, before, chain.head());
        heads.insert(*organisation, chain.head());
    }
    tracing::info!(
        commit = totals.commit,
        organisations = tail.len(),
        "the last commit before the crash is adopted"
    );
    file.write(totals)
}

/// Removes a commit that a crash cut short. A crash meanwhile leaves less of it, to be removed the next time.
fn discard(store: &Store, tail: &Tail) -> Result<(), LogError> {
    let pages = tail.iter().flat_map(|(_, pages)| pages);
    let keys: Vec<_> = pages.flat_map(|page| (0..page.chunks()).map(|chunk| page.key.chunk(chunk))).collect();
    tracing::warn!(
        values = keys.len(),
        "a commit that a crash cut short is removed; it was never acknowledged"
    );
    for window in keys.chunks(WINDOW_OPERATIONS) {
        let mut changes = Changes::default();
        window.iter().for_each(|key| changes.remove(key.as_slice()));
        store.write(Part::Pages, changes, true)?;
    }
    Ok(())
}

fn disagreement(expected: &Totals, actual: &Totals) -> LogError {
    let detail = format!(
        "commit {} ended with {} records of {} organisations, the data has {} records of {} organisations",
        expected.commit, expected.records, expected.organisations, actual.records, actual.organisations
    );
    if actual.records > expected.records {
        LogError::AheadOfHead { detail }
    } else if actual.records == expected.records {
        LogError::BehindHead { detail: format!("{detail}, but their heads differ") }
    } else {
        LogError::BehindHead { detail }
    }
}

/// The slot of the next commit is damaged: it was being written, so the commit's data was complete once.
fn lost_commit(file: &HeadFile, found: &Found) -> LogError {
    LogError::HeadFileDamaged {
        path: file.path().display().to_string(),
        reason: format!(
            "the slot that commit {} would use is damaged and the data of that commit is not there",
            found.totals.commit + 1
        ),
    }
}

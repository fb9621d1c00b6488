//! One commit: pages, sync, head file, and only then visible.

use parking_lot::RwLock;

use super::Committer;
use super::changes::Changes;
use super::pack::{PlannedPage, pack};
use super::page::{PageWriter, Stamp};
use super::store::{Part, Store, WINDOW_BYTES, WINDOW_OPERATIONS};
use super::tail::Heads;
use crate::log::{Append, LogError};

/// Stores `appends` and makes `next` the heads of their organisations.
pub(super) fn commit(
    store: &Store,
    committer: &mut Committer,
    heads: &RwLock<Heads>,
    appends: &[Append],
    next: Heads,
) -> Result<(), LogError> {
    let pages = pack(appends)?;
    let mut totals = committer.totals;
    totals.commit += 1;
    {
        let heads = heads.read();
        for (&organisation, &head) in &next {
            totals.advance(organisation, heads.get(&organisation).copied(), head);
        }
    }
    // A crash in here leaves some pages of a commit that the head file does not cover: removed on the next start, or
    // adopted if all of them are there.
    write_pages(store, &pages, totals.commit)?;
    // A crash after this line and before acknowledging leaves the commit as if acknowledged: a retry finds it.
    committer.file.write(&totals).map_err(|error| store.fail(error))?;
    committer.totals = totals;
    committer.unmerged.extend(next.keys());
    heads.write().extend(next);
    Ok(())
}

/// Writes the pages in windows small enough for the engine, each synced before the next begins.
fn write_pages(store: &Store, pages: &[PlannedPage<'_>], commit: u64) -> Result<(), LogError> {
    let stamp = Stamp { commit, pages: pages.len() as u32 };
    let mut writer = PageWriter::default();
    let mut window = Window::default();
    for page in pages {
        window.bytes += writer.write(page.key, stamp, page.count, &page.pieces, |key, value| {
            window.changes.insert(key, value);
            window.operations += 1;
        });
        if window.bytes >= WINDOW_BYTES || window.operations >= WINDOW_OPERATIONS {
            store.write(Part::Pages, std::mem::take(&mut window.changes), true)?;
            window = Window::default();
        }
    }
    if window.operations > 0 {
        store.write(Part::Pages, window.changes, true)?;
    }
    Ok(())
}

#[derive(Default)]
struct Window {
    changes: Changes,
    bytes: usize,
    operations: usize,
}

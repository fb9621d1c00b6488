//! Cuts the records of a commit into pages.

use rustc_hash::FxHashMap;
use soticket_schema::{OrganisationId, RecordView};

use super::page::{PAGE_BYTES, PageKey};
use crate::log::{Append, LogError};

/// A page to be written.
#[derive(Debug)]
pub(super) struct PlannedPage<'a> {
    pub(super) key: PageKey,
    pub(super) count: u32,
    /// Whole records back to back: one piece for every append that shares the page.
    pub(super) pieces: Vec<&'a [u8]>,
    bytes: usize,
}

/// The pages of a commit. Appends of one organisation share pages: they become durable together anyway.
///
/// # Errors
/// An append does not hold the whole records that it says.
pub(super) fn pack(appends: &[Append]) -> Result<Vec<PlannedPage<'_>>, LogError> {
    let mut pages = Vec::new();
    let mut open: FxHashMap<OrganisationId, usize> = FxHashMap::default();
    for append in appends.iter().filter(|append| append.count > 0) {
        let last = open.get(&append.organisation).copied();
        open.insert(append.organisation, pack_append(append, last, &mut pages)?);
    }
    Ok(pages)
}

/// Packs one append behind page `last` of its organisation, and returns the page that it ends in.
fn pack_append<'a>(
    append: &'a Append,
    last: Option<usize>,
    pages: &mut Vec<PlannedPage<'a>>,
) -> Result<usize, LogError> {
    let organisation = append.organisation;
    let malformed = |reason: &str| LogError::Miscounted { organisation, reason: reason.to_owned() };
    let mut first = append.expected.length;
    let mut rest = append.records.as_slice();
    let mut last = last;
    while !rest.is_empty() {
        let shared =
            last.and_then(|at| pages.get(at)).map_or(0, |page| PAGE_BYTES.saturating_sub(page.bytes));
        let mut taken = take_records(rest, shared).map_err(|error| malformed(&error.to_string()))?;
        let at = match last {
            Some(at) if taken.0 > 0 => at,
            _ => {
                // A record longer than a page becomes a page of its own, in chunks.
                let room =
                    RecordView::split(rest).map_or(0, |(record, _)| record.bytes.len().max(PAGE_BYTES));
                taken = take_records(rest, room).map_err(|error| malformed(&error.to_string()))?;
                let key = PageKey { organisation, first };
                pages.push(PlannedPage { key, count: 0, pieces: Vec::new(), bytes: 0 });
                pages.len() - 1
            }
        };
        let (count, bytes) = taken;
        let (piece, after) = rest.split_at(bytes);
        if let Some(page) = pages.get_mut(at) {
            page.pieces.push(piece);
            page.count += count;
            page.bytes += bytes;
        }
        first += u64::from(count);
        rest = after;
        last = Some(at);
    }
    if first != append.next.length {
        return Err(malformed("it does not hold as many records as it says"));
    }
    last.ok_or_else(|| malformed("it holds no records"))
}

/// How many whole records at the front of `records` fit into `room` bytes, and how many bytes they take.
fn take_records(records: &[u8], room: usize) -> Result<(u32, usize), soticket_schema::envelope::RecordError> {
    let (mut count, mut bytes, mut rest) = (0, 0, records);
    while !rest.is_empty() {
        let (record, after) = RecordView::split(rest)?;
        if bytes + record.bytes.len() > room {
            break;
        }
        count += 1;
        bytes += record.bytes.len();
        rest = after;
    }
    Ok((count, bytes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{append, organisation};

    #[test]
    fn pages_hold_whole_records_and_share_appends_of_one_organisation() {
        let one = append(organisation(1), None, &[100; 30]);
        let other = append(organisation(2), None, &[100; 3]);
        let long = append(organisation(1), Some(one.next), &[10, 9_000, 10, 10]);
        let appends = [one, other, long];
        let pages = pack(&appends).unwrap();
        let shape: Vec<_> =
            pages.iter().map(|page| (page.key.organisation, page.key.first, page.count)).collect();
        let (a, b) = (organisation(1), organisation(2));
        assert_eq!(shape, [(a, 0, 19), (a, 19, 12), (b, 0, 3), (a, 31, 1), (a, 32, 2)]);
        for page in &pages {
            assert_eq!(page.bytes, page.pieces.concat().len());
            assert!(page.bytes <= PAGE_BYTES || page.count == 1);
        }
    }

    #[test]
    fn an_append_that_is_cut_short_is_refused() {
        let mut cut = append(organisation(1), None, &[100; 3]);
        cut.records.pop();
        assert_eq!(pack(&[cut]).unwrap_err().code(), "LOG_APPEND_MISCOUNTED");
    }
}

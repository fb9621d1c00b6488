//! Checks a commit before anything is stored: limits, and that every append continues the head it names.

use rustc_hash::FxHashMap;
use soticket_schema::limits::{APPEND_BYTES_MAX, APPEND_RECORDS_MAX};
use soticket_schema::{OrganisationId, RecordView};

use super::{Append, Head, LogError};

/// The heads of the organisations concerned once all `appends` are stored.
///
/// `current` is the durable head of an organisation. Several appends of one organisation continue each other.
pub(super) fn heads_after(
    appends: &[Append],
    current: impl Fn(OrganisationId) -> Option<Head>,
) -> Result<FxHashMap<OrganisationId, Head>, LogError> {
    let mut heads = FxHashMap::default();
    for append in appends.iter().filter(|append| append.count > 0 || !append.records.is_empty()) {
        let organisation = append.organisation;
        check_size(append)?;
        let head = heads
            .entry(organisation)
            .or_insert_with(|| current(organisation).unwrap_or_else(|| Head::genesis(organisation)));
        if *head != append.expected {
            return Err(LogError::Conflict {
                organisation,
                expected: append.expected.length,
                actual: head.length,
            });
        }
        if cfg!(debug_assertions) {
            check_links(append)?;
        }
        *head = append.next;
    }
    Ok(heads)
}

fn check_size(append: &Append) -> Result<(), LogError> {
    if append.count as usize > APPEND_RECORDS_MAX || append.records.len() > APPEND_BYTES_MAX {
        return Err(LogError::TooLarge { records: append.count, bytes: append.records.len() });
    }
    if append.next.length != append.expected.length + u64::from(append.count) {
        return Err(miscounted(append, "the heads are not as many records apart as it has"));
    }
    Ok(())
}

/// Follows the chain through the append: a mistake of the appending code must not reach the disk in a test.
fn check_links(append: &Append) -> Result<(), LogError> {
    let mut head = append.expected;
    let mut rest = append.records.as_slice();
    while !rest.is_empty() {
        let (record, after) =
            RecordView::split(rest).map_err(|error| miscounted(append, &error.to_string()))?;
        let envelope = record.envelope;
        if envelope.organisation != append.organisation
            || envelope.position != head.length
            || envelope.previous != head.hash
        {
            return Err(miscounted(append, "a record does not continue the one before it"));
        }
        head = Head::after(&record);
        rest = after;
    }
    if head == append.next { Ok(()) } else { Err(miscounted(append, "its last record is not its next head")) }
}

fn miscounted(append: &Append, reason: &str) -> LogError {
    LogError::Miscounted { organisation: append.organisation, reason: reason.to_owned() }
}

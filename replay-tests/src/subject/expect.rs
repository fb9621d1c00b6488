//! Comparing a log with what was noted of it. Links and hashes are followed here once more, apart from the ledger's code.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use soticket_ledger::log::{Log, LogError};
use soticket_schema::{Hash, OrganisationId};

use super::Verdict;
use crate::receipts::Noted;

/// Receipts by organisation and position.
type Expected = BTreeMap<OrganisationId, BTreeMap<u64, Hash>>;

/// Compares; an error of the log is a named violation.
pub(super) fn compare(log: &dyn Log, noted: &[Noted], exact: bool) -> Verdict {
    let mut expected = Expected::new();
    for Noted { organisation, position, hash, .. } in noted {
        let known = expected.entry(*organisation).or_default().insert(*position, *hash);
        if known.is_some_and(|known| known != *hash) {
            return Verdict::Wrong(format!("two receipts for position {position} of {organisation}"));
        }
    }
    for (organisation, receipts) in &expected {
        match follow(log, *organisation, receipts, exact) {
            Ok(None) => {}
            Ok(Some(wrong)) => return Verdict::Wrong(format!("{organisation}: {wrong}")),
            Err(error) => return Verdict::violation(&error),
        }
    }
    let unexpected = log.heads().into_iter().find(|(organisation, _)| !expected.contains_key(organisation));
    match unexpected {
        Some((organisation, _)) if exact => Verdict::Wrong(format!("{organisation} came out of nowhere")),
        _ => Verdict::Full,
    }
}

impl Verdict {
    pub(super) fn violation(error: &LogError) -> Self {
        Self::Violation { code: error.code().to_owned(), message: error.to_string() }
    }

    pub(super) fn refused(error: &LogError) -> Self {
        Self::Refused { code: error.code().to_owned(), message: error.to_string() }
    }
}

/// Follows one chain from its beginning; what is wrong with it, if anything.
fn follow(
    log: &dyn Log,
    organisation: OrganisationId,
    receipts: &BTreeMap<u64, Hash>,
    exact: bool,
) -> Result<Option<String>, LogError> {
    let mut previous = Hash::genesis(organisation);
    let mut next = 0;
    let mut wrong = None;
    let mut found = 0;
    log.read(organisation, 0, &mut |record| {
        let hash = record.hash();
        if record.envelope.position != next || record.envelope.previous != previous {
            wrong = Some(format!("record {next} does not continue the one before it"));
        }
        if let Some(promised) = receipts.get(&next) {
            found += 1;
            if *promised != hash {
                wrong = Some(format!("position {next} has hash {hash}, the receipt says {promised}"));
            }
        }
        (previous, next) = (hash, next + 1);
        if wrong.is_some() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    })?;
    let last = receipts.keys().next_back().map_or(0, |last| last + 1);
    Ok(wrong.or_else(|| {
        if found < receipts.len() {
            Some(format!("{} of {} receipts are there, {next} records", found, receipts.len()))
        } else {
            (exact && next != last).then(|| format!("{next} records instead of {last}"))
        }
    }))
}

//! Pages of events, read from the log itself.

use std::ops::ControlFlow;

use async_graphql::Result;
use soticket_ledger::Entry;

use super::LogEvent;
use super::event_kind::EventKind;
use crate::core::Core;
use crate::error::internal;
use crate::input::Scope;
use crate::paging::{EventKey, Nodes, Page};

/// Records read at once while a page of some kinds is looked for.
const CHUNK: usize = 256;

type Rows = Vec<(EventKey, LogEvent)>;

/// A page of an organisation's whole log.
pub(super) fn whole(core: &Core, scope: Scope, page: &Page<EventKey>) -> Result<Nodes<LogEvent>> {
    let length = core.ledger.head(scope.organisation).map_or(0, |head| head.length);
    let end = scope.moment.map_or(length, |moment| moment.saturating_add(1).min(length));
    page.try_fill(
        |after, limit| {
            let from = after.map_or(0, |key| key.0.saturating_add(1)).min(end);
            range(core, scope, from, end.min(from.saturating_add(limit as u64)))
        },
        |before, limit| {
            let end = before.map_or(end, |key| key.0.min(end));
            let mut rows = range(core, scope, end.saturating_sub(limit as u64), end)?;
            rows.reverse();
            Ok(rows)
        },
    )
}

/// The events from `from` up to but not including `end`.
fn range(core: &Core, scope: Scope, from: u64, end: u64) -> Result<Rows> {
    let mut rows = Rows::new();
    if from >= end {
        return Ok(rows);
    }
    let mut visit = |entry: Entry| {
        let position = entry.envelope.position;
        rows.push(row(scope, entry));
        if position.saturating_add(1) < end { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    };
    core.ledger.read(scope.organisation, from, &mut visit).map_err(internal)?;
    Ok(rows)
}

/// A page of the events at these ascending positions, of these kinds or of all.
pub(super) fn at_positions(
    core: &Core,
    scope: Scope,
    positions: &[u64],
    kinds: Option<&[EventKind]>,
    page: &Page<EventKey>,
) -> Result<Nodes<LogEvent>> {
    let wanted =
        |entry: &Entry| kinds.is_none_or(|kinds| kinds.iter().any(|kind| kind.0 == entry.event.name()));
    let read = |chunk: &[u64]| core.ledger.read_at(scope.organisation, chunk).map_err(internal);
    page.try_fill(
        |after, limit| {
            let begin = after.map_or(0, |key| positions.partition_point(|position| *position <= key.0));
            let mut rows = Rows::new();
            for chunk in positions.get(begin..).unwrap_or_default().chunks(CHUNK) {
                rows.extend(read(chunk)?.into_iter().filter(&wanted).map(|entry| row(scope, entry)));
                if rows.len() >= limit {
                    break;
                }
            }
            rows.truncate(limit);
            Ok(rows)
        },
        |before, limit| {
            let end =
                before.map_or(positions.len(), |key| positions.partition_point(|position| *position < key.0));
            let mut rows = Rows::new();
            for chunk in positions.get(..end).unwrap_or_default().rchunks(CHUNK) {
                rows.extend(read(chunk)?.into_iter().rev().filter(&wanted).map(|entry| row(scope, entry)));
                if rows.len() >= limit {
                    break;
                }
            }
            rows.truncate(limit);
            Ok(rows)
        },
    )
}

fn row(scope: Scope, entry: Entry) -> (EventKey, LogEvent) {
    (EventKey(entry.envelope.position), LogEvent::new(scope, entry))
}

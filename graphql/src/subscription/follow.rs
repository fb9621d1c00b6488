//! Following the log: from a position to its end, then on as it grows.

use std::collections::VecDeque;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Duration;

use async_graphql::Result;
use futures_util::StreamExt as _;
use futures_util::stream::unfold;
use soticket_ledger::Entry;
use soticket_projections::index::ShowIndex;
use soticket_schema::Event;
use soticket_schema::ids::ShowId;
use tokio::sync::watch;
use tokio::time::Instant;

use super::Live;
use crate::core::Core;
use crate::error::internal;
use crate::input::Scope;
use crate::types::live::LogAdvance;
use crate::types::{EventKind, LogEvent};

/// Events that a follower holds at most: what a client that stops reading costs.
const CHUNK: usize = 32;
/// Records looked at in one reading while nothing of them is wanted.
const STRETCH: u64 = 4_096;
/// From how many records on a show's events are looked up instead of every record being read.
const LOOK_UP_FROM: u64 = 1_024;
/// How long positions go on at most without the client being told.
const ADVANCE_EVERY: Duration = Duration::from_secs(1);

/// Which events are wanted.
#[derive(Debug, Clone, Default)]
pub(super) struct Filter {
    /// Those that name this show.
    pub(super) show: Option<ShowId>,
    /// Those of these kinds.
    pub(super) kinds: Option<Vec<EventKind>>,
}

impl Filter {
    fn wants(&self, event: &Event) -> bool {
        self.show.is_none_or(|show| ShowIndex::names(event, show))
            && self.kinds.as_ref().is_none_or(|kinds| kinds.iter().any(|kind| kind.is(event)))
    }
}

/// Where a follower is.
pub(super) struct Follower {
    core: Arc<Core>,
    scope: Scope,
    filter: Filter,
    /// Position of the next record to look at.
    next: u64,
    /// Records before this one the client knows it is past.
    told: u64,
    told_at: Instant,
    /// What was read and not yet sent.
    chunk: VecDeque<Entry>,
    /// Number of records that the read models hold: what an event names can be found then.
    folded: watch::Receiver<u64>,
    /// Whether the client does not know yet where it is.
    fresh: bool,
}

impl Follower {
    /// Follows from a position on, or from the end of the log; none for an unknown organisation.
    pub(super) fn start(
        core: &Arc<Core>,
        scope: Scope,
        from: Option<u64>,
        filter: Filter,
    ) -> Option<Live<LogAdvance>> {
        let folded = core.projections.watch(scope.organisation)?;
        let next = from.unwrap_or_else(|| *folded.borrow());
        let (told_at, chunk) = (Instant::now(), VecDeque::new());
        let core = Arc::clone(core);
        let fresh = from.is_none();
        let follower = Self { core, scope, filter, next, told: next, told_at, chunk, folded, fresh };
        Some(unfold(Some(follower), step).boxed())
    }

    /// What the client is sent next; none when the service ends.
    async fn advance(&mut self) -> Option<Result<LogAdvance>> {
        loop {
            if let Some(entry) = self.chunk.pop_front() {
                self.told_up_to(entry.envelope.position.saturating_add(1));
                return Some(Ok(LogAdvance::to(LogEvent::new(self.scope, entry))));
            }
            let known = *self.folded.borrow_and_update();
            let due = self.next > self.told && self.told_at.elapsed() >= ADVANCE_EVERY;
            if (self.fresh || due)
                && let Some(position) = self.next.checked_sub(1)
            {
                self.fresh = false;
                self.told_up_to(self.next);
                return Some(Ok(LogAdvance::past(position)));
            }
            if self.next < known {
                if let Err(error) = self.read(known).await {
                    return Some(Err(error));
                }
                continue;
            }
            self.wait().await?;
        }
    }

    fn told_up_to(&mut self, told: u64) {
        (self.told, self.told_at) = (told, Instant::now());
    }

    /// Waits for the log to grow, or for the client to be due to hear how far it is.
    async fn wait(&mut self) -> Option<()> {
        let due = self.told_at + ADVANCE_EVERY;
        let untold = self.next > self.told;
        tokio::select! {
            grown = self.folded.changed() => grown.ok(),
            () = tokio::time::sleep_until(due), if untold => Some(()),
        }
    }

    /// Reads on, up to what the read models hold. Only so many read at once: a crowd of followers must not take the threads
    /// that requests block on.
    async fn read(&mut self, known: u64) -> Result<()> {
        let leave = Arc::clone(&self.core.followers).acquire_owned().await.map_err(internal)?;
        let (scope, filter, from) = (self.scope, self.filter.clone(), self.next);
        let read = move |core: &Core| {
            let read = read(core, scope, &filter, from, known);
            drop(leave);
            read
        };
        (self.chunk, self.next) = self.core.blocking(read).await?;
        Ok(())
    }
}

async fn step(follower: Option<Follower>) -> Option<(Result<LogAdvance>, Option<Follower>)> {
    let mut follower = follower?;
    let advance = follower.advance().await?;
    // A log that cannot be read is told once; the client resumes from the last position that it has.
    let follower = advance.is_ok().then_some(follower);
    Some((advance, follower))
}

type Read = (VecDeque<Entry>, u64);

/// The wanted events from a position on, and the position of the next record to look at.
fn read(core: &Core, scope: Scope, filter: &Filter, from: u64, known: u64) -> Result<Read> {
    match filter.show {
        Some(show) if known.saturating_sub(from) >= LOOK_UP_FROM => {
            look_up(core, scope, filter, (from, known), show)
        }
        _ => scan(core, scope, filter, from, known),
    }
}

fn scan(core: &Core, scope: Scope, filter: &Filter, from: u64, known: u64) -> Result<Read> {
    let end = known.min(from.saturating_add(STRETCH));
    let (mut chunk, mut next) = (VecDeque::new(), from);
    let mut visit = |entry: Entry| {
        next = entry.envelope.position.saturating_add(1);
        if filter.wants(&entry.event) {
            chunk.push_back(entry);
        }
        if next < end && chunk.len() < CHUNK { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    };
    core.ledger.read(scope.organisation, from, &mut visit).map_err(internal)?;
    Ok((chunk, next))
}

/// As [`scan`], by the positions that the index has of the show.
fn look_up(
    core: &Core,
    scope: Scope,
    filter: &Filter,
    (from, known): (u64, u64),
    show: ShowId,
) -> Result<Read> {
    let positions = core.view(scope, |views| {
        let positions = views.index.positions(show)?;
        let ahead = positions.skip_while(|position| *position < from);
        Some(ahead.take_while(|position| *position < known).take(CHUNK).collect::<Vec<_>>())
    });
    let positions = positions.unwrap_or_default();
    let mut chunk: VecDeque<_> =
        core.ledger.read_at(scope.organisation, &positions).map_err(internal)?.into();
    // Fewer than asked for: there is nothing of the show up to what the read models hold.
    let next = match positions.last() {
        Some(last) if positions.len() == CHUNK => last.saturating_add(1),
        _ => known,
    };
    chunk.retain(|entry| filter.wants(&entry.event));
    Ok((chunk, next))
}

//! Replays a stretch of a log into the views on all cores: whichever thread is free folds the read model that is
//! furthest behind, or reads, checks and decodes the next entries when nothing is left to fold.
//!
//! Each read model is folded by one thread at a time and in log order, so that the state is that of one thread.

#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::thread;

use parking_lot::{Condvar, Mutex};
use soticket_ledger::Entry;
use soticket_schema::OrganisationId;

use super::plan::{Plan, Reading, Task, Turn};
use super::source::Source;
use super::views::{OrganisationViews, follow};

/// Entries that are read at a time: enough to hide the hand-over, few enough to stay in the cache.
const STEP: u64 = 512;
/// Steps that may be read but not folded yet, per thread: bounds the memory.
const AHEAD: usize = 3;

/// Folds the entries up to and without position `until`, or as many as the log has.
///
/// # Errors
/// The log cannot be read, or does not follow from what was folded. What was folded before stays.
pub(super) fn stretch(
    views: &mut OrganisationViews,
    source: &dyn Source,
    organisation: OrganisationId,
    until: u64,
) -> Result<(), String> {
    let (from, head) = (views.folded(), views.head());
    let steps = usize::try_from(until.saturating_sub(from).div_ceil(STEP)).unwrap_or(usize::MAX);
    let threads = thread::available_parallelism().map_or(1, usize::from).min(steps);
    let plan = Plan::new(views.feeds_mut(), (from, head), steps, AHEAD * threads);
    let replay = Replay { source, organisation, from, until, plan: Mutex::new(plan), moved: Condvar::new() };
    let helped = thread::scope(|scope| {
        let replay = &replay;
        let helpers: Vec<_> = (1..threads).map(|home| scope.spawn(move || replay.work(home))).collect();
        replay.work(0);
        helpers.into_iter().all(|helper| helper.join().is_ok())
    });
    let (reached, fault) = replay.plan.into_inner().end();
    if !helped {
        // Each read model knows how far it is: the next attempt begins where this one did.
        return Err("a thread of the replay stopped".to_owned());
    }
    views.reached(reached);
    fault.map_or(Ok(()), Err)
}

struct Replay<'a> {
    source: &'a dyn Source,
    organisation: OrganisationId,
    from: u64,
    until: u64,
    plan: Mutex<Plan<'a>>,
    /// Told whenever the plan has changed.
    moved: Condvar,
}

impl Replay<'_> {
    /// Takes one task after the other until nothing is left to do.
    fn work(&self, home: usize) {
        let _alarm = Alarm(self);
        let mut plan = self.plan.lock();
        loop {
            match plan.turn(home) {
                Turn::End => return,
                Turn::Wait => self.moved.wait(&mut plan),
                Turn::Do(Task::Fold(mut fold)) => {
                    drop(plan);
                    fold.run();
                    plan = self.plan.lock();
                    plan.folded(fold);
                    self.moved.notify_all();
                }
                Turn::Do(Task::Read { number, used }) => {
                    drop(plan);
                    let reading = self.read(number, used, home);
                    plan = self.plan.lock();
                    plan.arrived(number, reading);
                    self.moved.notify_all();
                }
            }
        }
    }

    /// Reads a step and checks that its entries follow each other; `used` is memory of an earlier one.
    fn read(&self, number: usize, used: Vec<Entry>, home: usize) -> Reading {
        let mut entries = used;
        entries.clear();
        let from = self.from.saturating_add(STEP.saturating_mul(number as u64));
        let wanted = usize::try_from(STEP.min(self.until.saturating_sub(from))).unwrap_or(0);
        entries.reserve_exact(wanted);
        let read = self.source.read(self.organisation, from, &mut |entry| {
            entries.push(entry);
            entries.len() < wanted
        });
        let first = entries.first().map(|entry| entry.envelope.previous);
        let follows = first.map(|previous| follow(&entries, (from, previous)));
        let short = entries.len() < wanted;
        Reading { home, follows, first, from, short, fault: read.err(), entries: Arc::new(entries) }
    }
}

/// Sends the other threads home when one stops by a panic: what it has taken would never come back.
struct Alarm<'a, 'b>(&'a Replay<'b>);

impl Drop for Alarm<'_, '_> {
    fn drop(&mut self) {
        if thread::panicking() {
            self.0.plan.lock().stop();
            self.0.moved.notify_all();
        }
    }
}

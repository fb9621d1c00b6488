//! The one workload: 70 % sales of two tickets paid at once, 25 % scans, 5 % holds, refunds and quota transfers.
//!
//! The same seed gives the same commands, and through [`Recorder`] the same records byte for byte.

mod mix;
mod random;
mod recorder;
mod sale;
mod setup;
mod tally;
#[cfg(test)]
mod tests;
mod world;

use anyhow::{Result, bail};
use soticket_ledger::log::Append;
use soticket_schema::{Command, Event, OrganisationId};

pub(crate) use mix::Mix;
pub(crate) use random::Random;
pub(crate) use recorder::Recorder;
pub(crate) use sale::{Buyer, Sale};
pub(crate) use tally::{ShowTally, Tally};
pub(crate) use world::{Size, World};

/// The organisation that every benchmark sells for.
pub(crate) const ORGANISATION: OrganisationId = OrganisationId(*b"benchmark-log-01");

/// Takes commands and gives back what they became.
pub(crate) trait Sink {
    /// Has the command decided and recorded; a rejection is an error, since the workload makes none on purpose.
    fn submit(&mut self, command: Command) -> Result<Vec<Event>>;
}

/// The workload's history as records, handed out in appends.
pub(crate) struct History {
    mix: Mix,
    recorder: Recorder,
}

impl History {
    /// A new organisation of a size that takes about `events` events.
    pub(crate) fn new(seed: u64, events: u64) -> Result<Self> {
        let mut recorder = Recorder::new(seed);
        let world = World::build(&mut recorder, Size::for_events(events))?;
        Ok(Self { mix: Mix::new(world, seed), recorder })
    }

    /// Calls `take` with appends of together at least `events` events; how many there were. The first ones hold what
    /// the organisation is set up with. Everything that the workload has counted has been handed out on return.
    pub(crate) fn appends(&mut self, events: u64, mut take: impl FnMut(Append) -> Result<()>) -> Result<u64> {
        let mut count = 0;
        loop {
            while let Some(append) = self.recorder.take_full() {
                count += u64::from(append.count);
                take(append)?;
            }
            if count + u64::from(self.recorder.waiting()) >= events {
                break;
            }
            let command = self.mix.command();
            let events = self.recorder.submit(command)?;
            self.mix.observe(&events);
        }
        let last = self.recorder.take();
        count += u64::from(last.count);
        if last.count > 0 {
            take(last)?;
        }
        Ok(count)
    }

    /// At least `events` whole records back to back.
    pub(crate) fn records(seed: u64, events: u64) -> Result<Vec<u8>> {
        let mut records = Vec::new();
        Self::new(seed, events)?.appends(events, |append| {
            records.extend_from_slice(&append.records);
            Ok(())
        })?;
        Ok(records)
    }

    /// What the workload itself counts.
    pub(crate) fn tally(&self) -> &Tally {
        self.mix.tally()
    }
}

/// Fails unless `found` is `expected`: a benchmark of wrong answers is worth nothing.
pub(crate) fn expect<T: PartialEq + std::fmt::Debug>(what: &str, found: T, expected: T) -> Result<()> {
    if found == expected {
        return Ok(());
    }
    bail!("{what}: found {found:?}, but the workload has {expected:?}")
}

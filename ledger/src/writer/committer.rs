//! Makes rounds durable one after the other and only then answers.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Instant;

use soticket_schema::{Rejection, RejectionCode};

use super::round::{Replay, Round, Section};
use super::{Shared, Upkeep};
use crate::entry::{Batch, Entry};
use crate::log::{Append, LogError};
use crate::receipt::{Receipt, SubmitError};
use crate::vault::VaultError;

/// After how many commits without idleness there is upkeep all the same.
const COMMITS_PER_UPKEEP: u64 = 4_096;

pub(super) struct Committer {
    shared: Arc<Shared>,
    upkeep: Upkeep,
    commits: u64,
    /// Commits when upkeep was last thought of.
    commits_seen: u64,
}

impl Committer {
    pub(super) fn new(shared: Arc<Shared>, upkeep: Upkeep) -> Self {
        Self { shared, upkeep, commits: 0, commits_seen: 0 }
    }

    /// Makes a round durable and answers its callers.
    pub(super) fn commit(&mut self, round: Round) -> Result<(), VaultError> {
        self.make_durable(round)?;
        self.commits += 1;
        // A ledger that is never idle needs upkeep too.
        if self.commits.is_multiple_of(COMMITS_PER_UPKEEP) { self.keep_up() } else { Ok(()) }
    }

    /// Does upkeep, unless there were commits since the last call.
    pub(super) fn keep_up_when_idle(&mut self) -> Result<(), VaultError> {
        let seen = std::mem::replace(&mut self.commits_seen, self.commits);
        if seen == self.commits { self.keep_up() } else { Ok(()) }
    }

    fn keep_up(&mut self) -> Result<(), VaultError> {
        (self.upkeep)().map(drop).map_err(VaultError::from)
    }

    fn make_durable(&self, mut round: Round) -> Result<(), VaultError> {
        let started = Instant::now();
        let sealed = self.shared.vault.flush(std::mem::take(&mut round.writes))?;
        self.shared.vault.put(sealed)?;
        let appends: Vec<Append> =
            round.sections.iter_mut().flat_map(|section| section.appends.drain(..)).collect();
        if !appends.is_empty() {
            // A crash before this returns loses the round as a whole; nobody has been told anything yet.
            self.shared.log.commit(&appends)?;
            measure(&appends, started);
        }
        // A crash before this is through leaves records of erasures that the next opening finishes.
        self.shared.vault.erase(&round.erasures)?;
        if let Some(epoch) = round.epoch {
            self.shared.vault.recorded(epoch);
        }
        for section in round.sections {
            self.answer(section);
        }
        for replay in round.replays {
            self.replay(replay)?;
        }
        Ok(())
    }

    fn answer(&self, section: Section) {
        let batch = Arc::new(Batch { organisation: section.organisation, entries: section.entries });
        self.shared.publish(&batch);
        for (answer, range) in section.answers {
            // A caller that went away has nobody to tell; its events are in the log all the same.
            drop(answer.send(Ok(Receipt::new(Arc::clone(&batch), range, false))));
        }
    }

    /// Answers a retry with what was recorded the first time.
    fn replay(&self, replay: Replay) -> Result<(), LogError> {
        let entries = self.recorded(&replay)?;
        let same = entries.first().is_some_and(|entry| entry.fingerprint == Some(replay.fingerprint));
        let answer = if same {
            let parts = 0..entries.len();
            Ok(Receipt::new(Arc::new(Batch { organisation: replay.organisation, entries }), parts, true))
        } else {
            Err(SubmitError::Rejected(Rejection::new(RejectionCode::IdempotencyKeyReused, "idempotencyKey")))
        };
        drop(replay.answer.send(answer));
        Ok(())
    }

    fn recorded(&self, replay: &Replay) -> Result<Vec<Entry>, LogError> {
        let organisation = replay.organisation;
        let mut entries = Vec::new();
        let mut failed = None;
        self.shared.log.read(organisation, replay.position, &mut |record| match Entry::read(&record) {
            Ok(entry) if entry.envelope.command == replay.command => {
                let last = entry.envelope.part + 1 == entry.envelope.parts;
                entries.push(entry);
                if last { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            }
            Ok(_) => ControlFlow::Break(()),
            Err(error) => {
                let position = record.envelope.position;
                failed =
                    Some(LogError::RecordMalformed { organisation, position, reason: error.to_string() });
                ControlFlow::Break(())
            }
        })?;
        failed.map_or(Ok(entries), Err)
    }
}

fn measure(appends: &[Append], started: Instant) {
    let records: u32 = appends.iter().map(|append| append.count).sum();
    metrics::histogram!("soticket_commit_seconds").record(started.elapsed());
    metrics::histogram!("soticket_commit_records").record(records);
    metrics::counter!("soticket_records_total").increment(u64::from(records));
}

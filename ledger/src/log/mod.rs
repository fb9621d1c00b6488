//! The append-only, hash-chained log of every organisation behind one trait, so that engines are interchangeable.
//!
//! A log stores whole records (see [`soticket_schema::envelope`]) and never looks at their payloads. Whoever appends
//! states the head that the records continue; an engine refuses an append that continues anything else.

use std::ops::ControlFlow;

use serde::{Deserialize, Serialize};
use soticket_schema::envelope::RecordError;
use soticket_schema::{Envelope, Hash, OrganisationId, RecordView, Timestamp};

#[cfg(test)]
mod conformance;
mod error;
mod memory;
mod plan;
mod sled;

pub use self::sled::{
    RepairReport, SideEntry, SideStore, SledLog, SledOptions, VerifyProgress, rebuild_head, repair,
};
pub use error::LogError;
pub use memory::MemoryLog;

/// Where an organisation's log stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// Number of records; also the position of the next one.
    pub length: u64,
    /// Hash of the last record, or the organisation's genesis hash when there is none.
    pub hash: Hash,
    /// When the last record was recorded; the epoch when there is none.
    pub recorded_at: Timestamp,
}

impl Head {
    /// The head of a log without records.
    pub fn genesis(organisation: OrganisationId) -> Self {
        Self { length: 0, hash: Hash::genesis(organisation), recorded_at: Timestamp::default() }
    }

    /// The head once `record` has been appended.
    pub fn after(record: &RecordView<'_>) -> Self {
        Self {
            length: record.envelope.position + 1,
            hash: record.hash(),
            recorded_at: record.envelope.recorded_at,
        }
    }
}

/// Consecutive records of one organisation, to be appended together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Append {
    /// Whose log.
    pub organisation: OrganisationId,
    /// The head that the records continue.
    pub expected: Head,
    /// The head once they are appended.
    pub next: Head,
    /// Whole records back to back.
    pub records: Vec<u8>,
    /// How many records.
    pub count: u32,
}

impl Append {
    /// An append without records yet that continues `expected`.
    pub fn onto(organisation: OrganisationId, expected: Head) -> Self {
        Self { organisation, expected, next: expected, records: Vec::new(), count: 0 }
    }

    /// Adds one record. Organisation, position and previous hash are set here, whatever `envelope` says.
    ///
    /// # Errors
    /// The payload is over the limit; the append is unchanged then.
    pub fn push(&mut self, envelope: Envelope, payload: &[u8]) -> Result<Head, RecordError> {
        let envelope = Envelope {
            organisation: self.organisation,
            position: self.next.length,
            previous: self.next.hash,
            ..envelope
        };
        let start = self.records.len();
        envelope.write(payload, &mut self.records)?;
        self.next = Head {
            length: envelope.position + 1,
            hash: Hash::of_record(&self.records[start..]),
            recorded_at: envelope.recorded_at,
        };
        self.count += 1;
        Ok(self.next)
    }
}

/// Consecutive stored records of one organisation, as they lie together in storage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Run<'a> {
    /// Position of the first record.
    pub first: u64,
    /// How many records.
    pub count: u32,
    /// Whole records back to back.
    pub records: &'a [u8],
}

impl<'a> Run<'a> {
    /// The rest of the run from `position` on, which lies within it.
    fn starting_at(self, organisation: OrganisationId, position: u64) -> Result<Self, LogError> {
        let mut run = self;
        while run.first < position {
            let malformed = |error: RecordError| LogError::RecordMalformed {
                organisation,
                position: run.first,
                reason: error.to_string(),
            };
            let (_, rest) = RecordView::split(run.records).map_err(malformed)?;
            run = Run { first: run.first + 1, count: run.count.saturating_sub(1), records: rest };
        }
        Ok(run)
    }
}

/// What one call of [`Log::merge_small_pages`] did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct MergeReport {
    /// Stored pages looked at.
    pub pages_read: usize,
    /// Of these, pages that were replaced.
    pub pages_merged: usize,
    /// Pages that replaced them.
    pub pages_written: usize,
    /// Whether there is more to look at now: call again.
    pub more: bool,
}

/// Storage of every organisation's log.
pub trait Log: Send + Sync + 'static {
    /// The durable head of every organisation that has records, sorted by organisation.
    fn heads(&self) -> Vec<(OrganisationId, Head)>;

    /// The durable head of one organisation, if it has records.
    fn head(&self, organisation: OrganisationId) -> Option<Head>;

    /// Makes all appends durable in one commit, or none. Several appends of one organisation must continue each other
    /// in the order given. The records are taken to be well formed and linked: whoever appends has made them.
    ///
    /// # Errors
    /// [`LogError::Conflict`], [`LogError::Miscounted`] and [`LogError::TooLarge`] leave the log as it was and usable.
    /// Every other error is fatal ([`LogError::is_fatal`]): the log refuses everything afterwards and the process must
    /// stop.
    fn commit(&self, appends: &[Append]) -> Result<(), LogError>;

    /// Whether the log still takes commits. A commit that hangs shows here, as it cannot return.
    ///
    /// # Errors
    /// Fatal: the log is closed and the process must stop.
    fn check(&self) -> Result<(), LogError> {
        Ok(())
    }

    /// Calls `visit` with every durable record from position `from` on, in runs, in order and without gaps, until it
    /// breaks. The first run begins exactly at `from`. Nothing is checked beyond what the storage itself guarantees:
    /// records can be parsed, hashed and decoded elsewhere.
    ///
    /// # Errors
    /// Records that should be there cannot be read; what was visited before the error is sound.
    fn read_runs(
        &self,
        organisation: OrganisationId,
        from: u64,
        visit: &mut dyn FnMut(Run<'_>) -> ControlFlow<()>,
    ) -> Result<(), LogError>;

    /// Tidies storage when there is nothing to commit, looking at up to `budget` bytes of records. Records and heads
    /// stay what they are. For the thread that commits, between commits.
    ///
    /// # Errors
    /// As [`Self::commit`]: fatal.
    fn merge_small_pages(&self, budget: usize) -> Result<MergeReport, LogError> {
        let _ = budget;
        Ok(MergeReport::default())
    }

    /// Calls `visit` with every durable record from position `from` on, in order and without gaps, until it breaks.
    ///
    /// # Errors
    /// As [`Self::read_runs`]; also a record that cannot be parsed or is not at its position.
    fn read(
        &self,
        organisation: OrganisationId,
        from: u64,
        visit: &mut dyn FnMut(RecordView<'_>) -> ControlFlow<()>,
    ) -> Result<(), LogError> {
        let mut failed = None;
        self.read_runs(organisation, from, &mut |run| match visit_records(organisation, run, visit) {
            Ok(flow) => flow,
            Err(error) => {
                failed = Some(error);
                ControlFlow::Break(())
            }
        })?;
        failed.map_or(Ok(()), Err)
    }
}

/// Parses the records of `run` one by one and demands that each is where it says.
fn visit_records(
    organisation: OrganisationId,
    run: Run<'_>,
    visit: &mut dyn FnMut(RecordView<'_>) -> ControlFlow<()>,
) -> Result<ControlFlow<()>, LogError> {
    let malformed = |position, reason: &str| LogError::RecordMalformed {
        organisation,
        position,
        reason: reason.to_owned(),
    };
    let mut rest = run.records;
    for position in (run.first..).take(run.count as usize) {
        let (record, after) =
            RecordView::split(rest).map_err(|error| malformed(position, &error.to_string()))?;
        if record.envelope.organisation != organisation || record.envelope.position != position {
            return Err(malformed(position, "it belongs to another place"));
        }
        rest = after;
        if visit(record).is_break() {
            return Ok(ControlFlow::Break(()));
        }
    }
    Ok(ControlFlow::Continue(()))
}

//! A published log as a [`Log`]: its entry bundles are the storage, so that what verifies a data folder verifies a copy.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use parking_lot::Mutex;
use soticket_schema::envelope::HEADER_BYTES;
use soticket_schema::limits::RECORD_BYTES_MAX;
use soticket_schema::{Hash, OrganisationId, Timestamp};

use super::published_log::{PublishedLog, PublishedOf};
use super::tiles::TILE_WIDTH;
use crate::log::{Append, Head, Log, LogError, Run};

/// Where a record has the time of its recording.
const RECORDED_AT: usize = 64;

/// Published logs of organisations, to be read.
pub struct TileLog {
    logs: BTreeMap<OrganisationId, Published>,
}

struct Published {
    log: PublishedLog,
    head: Head,
    /// Bundles that cannot be used, and why: asked for once, however often they are looked for.
    unusable: Mutex<BTreeMap<u64, String>>,
}

impl TileLog {
    /// Over published logs; the cooperative's, whose entries are no records, is left out.
    pub fn new(logs: impl IntoIterator<Item = PublishedLog>) -> Self {
        let logs = logs.into_iter().filter_map(|log| match log.of {
            PublishedOf::Organisation(organisation) => {
                let head = head(&log, organisation);
                Some((organisation, Published { log, head, unusable: Mutex::default() }))
            }
            PublishedOf::Cooperative => None,
        });
        Self { logs: logs.collect() }
    }
}

/// The head by the last record; one that nothing leads to when that cannot be read.
fn head(log: &PublishedLog, organisation: OrganisationId) -> Head {
    let Some(last) = log.size.checked_sub(1) else { return Head::genesis(organisation) };
    let unknown = Head { length: log.size, hash: Hash::default(), recorded_at: Timestamp::default() };
    let Ok(entries) = log.entries(last / TILE_WIDTH) else { return unknown };
    let record = entries.get((last % TILE_WIDTH) as usize).filter(|entry| is_record(entry));
    let Some(record) = record else { return unknown };
    // The length is what the checkpoint says, whatever the record says of itself.
    let recorded_at = record.get(RECORDED_AT..).and_then(|rest| rest.first_chunk::<8>());
    let recorded_at = Timestamp(recorded_at.map_or(0, |bytes| i64::from_be_bytes(*bytes)));
    Head { length: log.size, hash: Hash::of_record(record), recorded_at }
}

/// Whether an entry is as long as the record in it says.
fn is_record(entry: &[u8]) -> bool {
    let length = entry.get(..HEADER_BYTES).and_then(|header| header.last_chunk::<4>());
    let length = length.map(|length| HEADER_BYTES + u32::from_be_bytes(*length) as usize);
    entry.starts_with(b"STL1") && length == Some(entry.len()) && entry.len() <= RECORD_BYTES_MAX
}

impl Published {
    fn visit(&self, from: u64, visit: &mut dyn FnMut(Run<'_>) -> ControlFlow<()>) -> Result<(), LogError> {
        let mut next = from;
        let mut records = Vec::new();
        while next < self.head.length {
            let number = next / TILE_WIDTH;
            if let Some(reason) = self.unusable.lock().get(&number) {
                return Err(LogError::PublishedUnreadable { position: next, reason: reason.clone() });
            }
            let entries = self.log.entries(number).map_err(|reason| {
                self.unusable.lock().insert(number, reason.clone());
                LogError::PublishedUnreadable { position: next, reason }
            })?;
            records.clear();
            let (first, until) = (next, number * TILE_WIDTH + self.log.width(number));
            let mut fault = None;
            while next < until && fault.is_none() {
                match entries.get((next % TILE_WIDTH) as usize) {
                    Some(entry) if is_record(entry) => {
                        records.extend_from_slice(entry);
                        next += 1;
                    }
                    Some(_) => {
                        fault = Some(format!("entry {next} of {} is no record", self.log.path(number)))
                    }
                    None => fault = Some(entries.short.clone()),
                }
            }
            let run = Run { first, count: (next - first) as u32, records: &records };
            if run.count > 0 && visit(run).is_break() {
                return Ok(());
            }
            if let Some(reason) = fault {
                return Err(LogError::PublishedUnreadable { position: next, reason });
            }
        }
        Ok(())
    }
}

impl Log for TileLog {
    fn heads(&self) -> Vec<(OrganisationId, Head)> {
        self.logs.iter().map(|(organisation, published)| (*organisation, published.head)).collect()
    }

    fn head(&self, organisation: OrganisationId) -> Option<Head> {
        self.logs.get(&organisation).map(|published| published.head)
    }

    fn commit(&self, _: &[Append]) -> Result<(), LogError> {
        Err(LogError::Poisoned { reason: "a published log is only read".to_owned() })
    }

    fn read_runs(
        &self,
        organisation: OrganisationId,
        from: u64,
        visit: &mut dyn FnMut(Run<'_>) -> ControlFlow<()>,
    ) -> Result<(), LogError> {
        self.logs.get(&organisation).map_or(Ok(()), |published| published.visit(from, visit))
    }
}

//! Logs in memory for the engine: they can lose batches on the way to the listener and refuse to be read.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};

use parking_lot::Mutex;
use soticket_ledger::{Batch, Entry};
use soticket_schema::OrganisationId;

use super::{LogBuilder, ORGANISATION};
use crate::engine::Source;

/// A log with its listeners; clones share it.
#[derive(Clone, Default)]
pub(crate) struct Logs(Arc<Inner>);

#[derive(Default)]
struct Inner {
    entries: Mutex<Vec<Entry>>,
    listeners: Mutex<Vec<Sender<Arc<Batch>>>>,
    unreadable: AtomicBool,
    read: AtomicUsize,
    read_at: AtomicUsize,
}

impl Logs {
    pub(crate) fn of(log: &LogBuilder) -> Self {
        let logs = Self::default();
        logs.append(&log.entries, false);
        logs
    }

    /// Appends entries, and tells the listeners unless the batch gets lost.
    pub(crate) fn append(&self, entries: &[Entry], tell: bool) {
        self.0.entries.lock().extend_from_slice(entries);
        if tell {
            self.tell(entries);
        }
    }

    /// Tells the listeners of entries, whatever the log holds.
    pub(crate) fn tell(&self, entries: &[Entry]) {
        let batch = Arc::new(Batch { organisation: ORGANISATION, entries: entries.to_vec() });
        self.0.listeners.lock().retain(|listener| listener.send(Arc::clone(&batch)).is_ok());
    }

    pub(crate) fn truncate(&self, length: usize) {
        self.0.entries.lock().truncate(length);
    }

    pub(crate) fn set_unreadable(&self, unreadable: bool) {
        self.0.unreadable.store(unreadable, Ordering::Release);
    }

    /// Entries that were read so far.
    pub(crate) fn entries_read(&self) -> usize {
        self.0.read.load(Ordering::Acquire)
    }

    /// Entries that were read by their positions so far.
    pub(crate) fn positions_read(&self) -> usize {
        self.0.read_at.load(Ordering::Acquire)
    }
}

impl Source for Logs {
    fn heads(&self) -> Vec<(OrganisationId, u64)> {
        match self.0.entries.lock().len() as u64 {
            0 => Vec::new(),
            length => vec![(ORGANISATION, length)],
        }
    }

    fn recorded(&self, _: OrganisationId) -> u64 {
        self.0.entries.lock().len() as u64
    }

    fn read(&self, _: OrganisationId, from: u64, visit: &mut dyn FnMut(Entry) -> bool) -> Result<(), String> {
        if self.0.unreadable.load(Ordering::Acquire) {
            return Err("TEST_UNREADABLE: no".into());
        }
        let entries = self.0.entries.lock().clone();
        for entry in entries.into_iter().skip(from as usize) {
            self.0.read.fetch_add(1, Ordering::AcqRel);
            if !visit(entry) {
                break;
            }
        }
        Ok(())
    }

    fn read_at(&self, _: OrganisationId, positions: &[u64]) -> Result<Vec<Entry>, String> {
        self.0.read_at.fetch_add(positions.len(), Ordering::AcqRel);
        let entries = self.0.entries.lock();
        let found = positions
            .iter()
            .map(|position| entries.get(*position as usize).cloned().ok_or("TEST: none".into()));
        found.collect()
    }

    fn listen(&self) -> Receiver<Arc<Batch>> {
        let (sender, receiver) = channel();
        self.0.listeners.lock().push(sender);
        receiver
    }
}

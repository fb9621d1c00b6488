//! Values beside the log, in the same database: what is put before a commit is durable when the commit is.

use std::sync::Arc;

use super::changes::Changes;
use super::page::CHUNK_BYTES;
use super::store::{Part, Store};
use crate::log::LogError;

/// In the first chunk, before the value: how many chunks it has.
const HEADER_BYTES: usize = 2;

/// What a small entry counts for at least: the engine rewrites a leaf of several KiB every few entries.
const ENTRY_BYTES_MIN: usize = 1024;

/// Bytes that go to the engine in one batch: each hand-over costs more than the few entries of a sale.
const BATCH_BYTES: usize = 32 * 1024;

/// A map of byte strings. Values of any size are cut into chunks of 4 KiB.
#[derive(Debug, Clone)]
pub struct SideStore {
    store: Arc<Store>,
}

/// A key and its value.
pub type SideEntry = (Vec<u8>, Vec<u8>);

impl SideStore {
    pub(super) fn new(store: Arc<Store>) -> Self {
        Self { store }
    }

    /// Puts entries, replacing what was there. They are durable with the next commit of the log, at the latest.
    ///
    /// # Errors
    /// Fatal: the log is closed.
    pub fn put(&self, entries: &[SideEntry]) -> Result<(), LogError> {
        let (mut changes, mut bytes) = (Changes::default(), 0);
        for (key, value) in entries {
            bytes += self.add(key, value, &mut changes)?;
            if bytes >= BATCH_BYTES {
                self.store.write_buffered(Part::Side, std::mem::take(&mut changes), bytes)?;
                bytes = 0;
            }
        }
        if bytes > 0 {
            self.store.write_buffered(Part::Side, changes, bytes)?;
        }
        Ok(())
    }

    /// Puts entries and has them on the disk on return.
    ///
    /// # Errors
    /// Fatal: the log is closed.
    pub fn put_durable(&self, entries: &[SideEntry]) -> Result<(), LogError> {
        self.put(entries)?;
        self.sync()
    }

    /// Removes entries and has that on the disk on return. The bytes may stay in freed space of the file until it is
    /// reused: what must be unreadable is encrypted, and its key is erased.
    ///
    /// # Errors
    /// Fatal: the log is closed.
    pub fn remove_durable(&self, keys: &[Vec<u8>]) -> Result<(), LogError> {
        for key in keys {
            let mut changes = Changes::default();
            (0..self.chunks(key)?).for_each(|chunk| changes.remove(chunk_key(key, chunk)));
            self.store.write_buffered(Part::Side, changes, CHUNK_BYTES)?;
        }
        self.sync()
    }

    /// The value of a key.
    ///
    /// # Errors
    /// The value is damaged.
    pub fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, LogError> {
        let first = self.store.get(Part::Side, &chunk_key(key, 0))?;
        first.map(|first| self.assemble(key, &first)).transpose()
    }

    /// The entry with the greatest key that is not above `key` and begins with `prefix`. Keys under one prefix must be
    /// of one length.
    ///
    /// # Errors
    /// The value is damaged.
    pub fn floor(&self, prefix: &[u8], key: &[u8]) -> Result<Option<SideEntry>, LogError> {
        let mut entries = self.store.side_until(&chunk_key(key, u16::MAX));
        let Some((stored, _)) = self.store.retreat(&mut entries)? else { return Ok(None) };
        let Some((found, _chunk)) = stored.split_last_chunk::<2>() else { return Ok(None) };
        if !found.starts_with(prefix) {
            return Ok(None);
        }
        Ok(self.get(found)?.map(|value| (found.to_vec(), value)))
    }

    /// All entries whose key begins with `prefix`, in no particular order.
    ///
    /// # Errors
    /// A value is damaged.
    pub fn scan_prefix(&self, prefix: &[u8]) -> Result<Vec<SideEntry>, LogError> {
        let mut found = Vec::new();
        let mut entries = self.store.side_prefix(prefix);
        while let Some((stored, value)) = self.store.advance(&mut entries)? {
            let Some((key, chunk)) = stored.split_last_chunk::<2>() else { continue };
            // A key no longer than the chunk number's bytes may match the prefix with those.
            if *chunk == [0, 0] && key.starts_with(prefix) {
                found.push((key.to_vec(), self.assemble(key, &value)?));
            }
        }
        Ok(found)
    }

    /// Adds the chunks of one entry to `changes`, and returns the bytes to count for it.
    fn add(&self, key: &[u8], value: &[u8], changes: &mut Changes) -> Result<usize, LogError> {
        let chunks = (HEADER_BYTES + value.len()).div_ceil(CHUNK_BYTES) as u16;
        let mut framed = Vec::with_capacity(HEADER_BYTES + value.len());
        framed.extend_from_slice(&chunks.to_be_bytes());
        framed.extend_from_slice(value);
        for (chunk, bytes) in (0..).zip(framed.chunks(CHUNK_BYTES)) {
            changes.insert(chunk_key(key, chunk), bytes);
        }
        (chunks..self.chunks(key)?).for_each(|chunk| changes.remove(chunk_key(key, chunk)));
        Ok(framed.len().max(ENTRY_BYTES_MIN))
    }

    /// How many chunks the stored value of a key has.
    fn chunks(&self, key: &[u8]) -> Result<u16, LogError> {
        let first = self.store.get(Part::Side, &chunk_key(key, 0))?;
        Ok(first.and_then(|first| first.first_chunk::<2>().copied()).map_or(0, u16::from_be_bytes))
    }

    fn assemble(&self, key: &[u8], first: &[u8]) -> Result<Vec<u8>, LogError> {
        let damaged = || LogError::StoreDamaged {
            path: self.store.path().display().to_string(),
            reason: "a value beside the log is not whole".to_owned(),
        };
        let (chunks, value) = first.split_first_chunk::<HEADER_BYTES>().ok_or_else(damaged)?;
        let mut value = value.to_vec();
        for chunk in 1..u16::from_be_bytes(*chunks) {
            let more = self.store.get(Part::Side, &chunk_key(key, chunk))?;
            value.extend_from_slice(&more.ok_or_else(damaged)?);
        }
        Ok(value)
    }

    fn sync(&self) -> Result<(), LogError> {
        self.store.write(Part::Side, Changes::default(), true)
    }
}

fn chunk_key(key: &[u8], chunk: u16) -> Vec<u8> {
    [key, &chunk.to_be_bytes()].concat()
}

//! Where the vault keeps its sealed entries.

use std::collections::BTreeMap;

use parking_lot::RwLock;

use crate::log::{LogError, SideStore};

/// A key and its value.
pub type StoredEntry = (Vec<u8>, Vec<u8>);

/// An ordered store of sealed entries.
///
/// What is put becomes durable with the next commit of the log that shares its storage.
pub trait VaultStore: Send + Sync + 'static {
    /// Puts entries, replacing those with the same keys.
    ///
    /// # Errors
    /// The store failed; the log must stop.
    fn put(&self, entries: &[StoredEntry]) -> Result<(), LogError>;

    /// The value under `key`.
    ///
    /// # Errors
    /// The store cannot be read.
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, LogError>;

    /// The entry with the greatest key that is not above `key` and begins with `prefix`.
    ///
    /// # Errors
    /// The store cannot be read.
    fn floor(&self, prefix: &[u8], key: &[u8]) -> Result<Option<StoredEntry>, LogError>;

    /// All entries whose key begins with `prefix`.
    ///
    /// # Errors
    /// The store cannot be read.
    fn scan_prefix(&self, prefix: &[u8]) -> Result<Vec<StoredEntry>, LogError>;

    /// Removes entries. That, and everything put before, is durable on return.
    ///
    /// # Errors
    /// The store failed; the log must stop.
    fn remove(&self, keys: &[Vec<u8>]) -> Result<(), LogError>;
}

impl VaultStore for SideStore {
    fn put(&self, entries: &[StoredEntry]) -> Result<(), LogError> {
        Self::put(self, entries)
    }

    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, LogError> {
        Self::get(self, key)
    }

    fn floor(&self, prefix: &[u8], key: &[u8]) -> Result<Option<StoredEntry>, LogError> {
        Self::floor(self, prefix, key)
    }

    fn scan_prefix(&self, prefix: &[u8]) -> Result<Vec<StoredEntry>, LogError> {
        Self::scan_prefix(self, prefix)
    }

    fn remove(&self, keys: &[Vec<u8>]) -> Result<(), LogError> {
        self.remove_durable(keys)
    }
}

/// A store in memory, for a ledger that lives there.
#[derive(Debug, Default)]
pub struct MemoryStore(RwLock<BTreeMap<Vec<u8>, Vec<u8>>>);

impl VaultStore for MemoryStore {
    fn put(&self, entries: &[StoredEntry]) -> Result<(), LogError> {
        self.0.write().extend(entries.iter().cloned());
        Ok(())
    }

    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, LogError> {
        Ok(self.0.read().get(key).cloned())
    }

    fn floor(&self, prefix: &[u8], key: &[u8]) -> Result<Option<StoredEntry>, LogError> {
        let entries = self.0.read();
        let found = entries.range(..=key.to_vec()).next_back().filter(|(found, _)| found.starts_with(prefix));
        Ok(found.map(|(key, value)| (key.clone(), value.clone())))
    }

    fn scan_prefix(&self, prefix: &[u8]) -> Result<Vec<StoredEntry>, LogError> {
        let entries = self.0.read();
        let found = entries.range(prefix.to_vec()..).take_while(|(key, _)| key.starts_with(prefix));
        Ok(found.map(|(key, value)| (key.clone(), value.clone())).collect())
    }

    fn remove(&self, keys: &[Vec<u8>]) -> Result<(), LogError> {
        let mut entries = self.0.write();
        keys.iter().for_each(|key| drop(entries.remove(key)));
        Ok(())
    }
}

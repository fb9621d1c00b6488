//! What every benchmark is given.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Result, anyhow};
use soticket_ledger::{Ledger, Options};

/// Where and how long to measure.
#[derive(Debug, Clone)]
pub(crate) struct Bench {
    /// An empty folder that is removed at the end.
    pub(crate) folder: PathBuf,
    /// Seed of the workload.
    pub(crate) seed: u64,
    /// How long one figure is measured.
    pub(crate) time: Duration,
    /// Events of the log that is replayed.
    pub(crate) events: u64,
    /// Tickets of which the memory is measured.
    pub(crate) tickets: u64,
    /// Connections of the load generator.
    pub(crate) connections: usize,
    /// A server to drive instead of one in this process.
    pub(crate) server: Option<String>,
    /// An administrator's token of it.
    pub(crate) token: Option<String>,
}

impl Bench {
    /// A new folder for one measurement.
    pub(crate) fn folder(&self, name: &str) -> Result<PathBuf> {
        let folder = self.folder.join(name);
        std::fs::create_dir_all(&folder)?;
        Ok(folder)
    }
}

/// Opens or creates a ledger.
pub(crate) fn open(folder: &Path) -> Result<Ledger> {
    Ledger::open(folder, Options::default()).map_err(|error| anyhow!("{error}"))
}

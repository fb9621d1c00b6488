//! The file that says where a delivery stands.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use soticket_ledger::durable::{self, Readers};
use soticket_projections::catalogue::WebhookInfo;
use soticket_schema::ids::OrganisationId;

use super::client::Fault;
use super::progress::Progress;

/// Where one delivery is kept.
pub(super) struct StateFile(PathBuf);

impl StateFile {
    pub(super) fn of(folder: &Path, organisation: OrganisationId, info: &WebhookInfo) -> Self {
        Self(folder.join(format!("{organisation}-{}.json", info.webhook)))
    }

    /// What is kept; the beginning where nothing is.
    pub(super) fn read(&self, info: &WebhookInfo) -> Result<Progress, Fault> {
        let bytes = match fs::read(&self.0) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Progress::new(info)),
            Err(error) => return Err(self.unreadable(&error)),
        };
        serde_json::from_slice(&bytes).map_err(|error| self.unreadable(&error))
    }

    fn unreadable(&self, error: &dyn std::fmt::Display) -> Fault {
        let detail =
            format!("{}: {error}: remove it and replay from where the receiver stands", self.0.display());
        Fault::new("STATE_UNREADABLE", detail)
    }

    /// Keeps it: synced, whole or not at all. What was delivered since the last time is delivered again after a crash.
    pub(super) fn write(&self, progress: &Progress) -> io::Result<()> {
        durable::write(&self.0, &serde_json::to_vec(progress)?, Readers::Owner)
    }
}

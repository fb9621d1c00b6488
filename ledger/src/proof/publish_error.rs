//! Why nothing is published or signed.

use std::io;
use std::path::Path;

use crate::log::LogError;
use crate::receipt::SubmitError;
use crate::vault::VaultError;

/// Stable code, what happened and what to do.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum PublishError {
    /// The log is shorter than a checkpoint that may be out.
    #[error(
        "the log has {length} records, but a checkpoint over {promised} may be out: it was cut, or restored from a backup; put back the \
         records since, from the bundles of a published folder if need be; nothing is signed until then"
    )]
    RolledBack {
        /// Records that were promised.
        promised: u64,
        /// Records that there are.
        length: u64,
    },
    /// The log has another history than a checkpoint that may be out.
    #[error(
        "the first {size} records are not those that a checkpoint over {size} was signed for: the log, or its published folder, was \
         replaced; nothing is signed; compare both with `soticket verify`"
    )]
    Forked {
        /// Records that were promised.
        size: u64,
    },
    /// The log has no key that may sign.
    #[error("the log has no key for checkpoints")]
    KeyAbsent,
    /// The organisation has no log.
    #[error("no organisation has this id: check it")]
    OrganisationUnknown,
    /// The log does not reach that far.
    #[error("the log has {length} records: ask for a position or size within them")]
    BeyondLog {
        /// Records that there are.
        length: u64,
    },
    /// The vault does not give the key.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// The log cannot be read.
    #[error(transparent)]
    Log(#[from] LogError),
    /// The key cannot be registered.
    #[error("{0}")]
    Refused(SubmitError),
    /// Files cannot be read or written.
    #[error("{path}: {reason}")]
    Io {
        /// Which file; empty where the system did not say.
        path: String,
        /// What the system says.
        reason: String,
    },
}

impl PublishError {
    pub(super) fn io(path: &Path, error: &io::Error) -> Self {
        Self::Io { path: path.display().to_string(), reason: error.to_string() }
    }

    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::RolledBack { .. } => "CHECKPOINT_ROLLED_BACK",
            Self::Forked { .. } => "CHECKPOINT_FORKED",
            Self::KeyAbsent => "CHECKPOINT_KEY_ABSENT",
            Self::OrganisationUnknown => "ORGANISATION_UNKNOWN",
            Self::BeyondLog { .. } => "POSITION_BEYOND_LOG",
            Self::Vault(error) => error.code(),
            Self::Log(error) => error.code(),
            Self::Refused(_) => "CHECKPOINT_KEY_REFUSED",
            Self::Io { .. } => "PUBLISHED_FOLDER_UNUSABLE",
        }
    }
}

impl From<io::Error> for PublishError {
    fn from(error: io::Error) -> Self {
        Self::Io { path: "the published folder".to_owned(), reason: error.to_string() }
    }
}

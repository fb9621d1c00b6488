//! What can go wrong with the vault, with a stable code and what to do about it.

/// Why the vault refused or failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum VaultError {
    /// The data folder was made with keys that are not there.
    #[error(
        "the keys folder {path} holds no root key although the data folder was made with one: restore the keys folder"
    )]
    KeysMissing {
        /// The keys folder.
        path: String,
    },
    /// The keys folder belongs to another data folder.
    #[error(
        "the root key in {path} is not the one that the data folder was made with: point to the right keys folder"
    )]
    KeysWrong {
        /// The keys folder.
        path: String,
    },
    /// A key file cannot be relied on.
    #[error("the key file {path} is damaged: restore it from a backup")]
    KeyFileDamaged {
        /// The file.
        path: String,
    },
    /// Slots are wrapped by an epoch that the keys folder does not have yet.
    #[error(
        "the keys folder {path} does not hold the key of epoch {epoch}, which wraps keys of the data folder: restore the newest keys folder"
    )]
    EpochKeyMissing {
        /// The keys folder.
        path: String,
        /// The epoch.
        epoch: u32,
    },
    /// A subject's key is not there: erased, or its slot is damaged.
    #[error(
        "the key of subject {subject} is not there: erased, or damaged; restore the vault from a backup if it was not erased"
    )]
    SubjectKeyMissing {
        /// The subject.
        subject: String,
    },
    /// Stored bytes do not open with their key.
    #[error("the vault entry {entry} is damaged: restore the data folder from a backup")]
    EntryDamaged {
        /// What it is.
        entry: String,
    },
    /// The operating system refused a file operation.
    #[error("{path}: {reason}")]
    Io {
        /// The file.
        path: String,
        /// What the system said.
        reason: String,
    },
    /// The store failed.
    #[error(transparent)]
    Log(#[from] crate::log::LogError),
}

impl VaultError {
    /// Stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::KeysMissing { .. } => "VAULT_KEYS_MISSING",
            Self::KeysWrong { .. } => "VAULT_KEYS_WRONG",
            Self::KeyFileDamaged { .. } => "VAULT_KEY_FILE_DAMAGED",
            Self::EpochKeyMissing { .. } => "VAULT_EPOCH_KEY_MISSING",
            Self::SubjectKeyMissing { .. } => "VAULT_SUBJECT_KEY_MISSING",
            Self::EntryDamaged { .. } => "VAULT_ENTRY_DAMAGED",
            Self::Io { .. } => "VAULT_IO",
            Self::Log(error) => error.code(),
        }
    }

    pub(super) fn io(path: &std::path::Path, error: &std::io::Error) -> Self {
        Self::Io { path: path.display().to_string(), reason: error.to_string() }
    }
}

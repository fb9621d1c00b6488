//! Why a witness's folder is not opened.

use std::path::{Path, PathBuf};

/// A named refusal: what it is and what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FolderError {
    /// Another process has the folder.
    #[error("{} is held by another process: stop it, one process writes a witness's folder", .0.display())]
    Locked(PathBuf),
    /// There is no key yet, and no name to make one under.
    #[error("this folder has no key yet: name the witness with --name, such as witness.member.example")]
    NameMissing,
    /// The name is none for a key.
    #[error("{0}: a witness's name has no space, + or control character")]
    NameInvalid(String),
    /// The key has another name.
    #[error("the key of this folder is named {has}, not {asked}: leave --name away, or use another folder")]
    NameOther {
        /// The name that the key has.
        has: String,
        /// The name that was asked for.
        asked: String,
    },
    /// Checkpoints were cosigned here, but the key is not there.
    #[error("{} is missing though this witness has cosigned: restore the key", .0.display())]
    KeyMissing(PathBuf),
    /// The key file is damaged.
    #[error("{} is damaged: restore it from its copy", .0.display())]
    KeyDamaged(PathBuf),
    /// A state, or the list of them, is damaged.
    #[error("{} is damaged: a witness that forgets could cosign two histories; see docs/witness.md", .0.display())]
    StateDamaged(PathBuf),
    /// A state, or the list of them, is missing.
    #[error("{} is missing: a witness that forgets could cosign two histories; see docs/witness.md", .0.display())]
    StateMissing(PathBuf),
    /// A line of the file of logs is no key of a log.
    #[error("{}, line {line}: {reason}", .file.display())]
    Logs {
        /// The file.
        file: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What is wrong.
        reason: String,
    },
    /// The system does not read or write it.
    #[error("{}: {reason}", .path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        reason: String,
    },
}

impl FolderError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Locked(_) => "WITNESS_LOCKED",
            Self::NameMissing => "WITNESS_NAME_MISSING",
            Self::NameInvalid(_) => "WITNESS_NAME_INVALID",
            Self::NameOther { .. } => "WITNESS_NAME_OTHER",
            Self::KeyMissing(_) => "WITNESS_KEY_MISSING",
            Self::KeyDamaged(_) => "WITNESS_KEY_DAMAGED",
            Self::StateDamaged(_) => "WITNESS_STATE_DAMAGED",
            Self::StateMissing(_) => "WITNESS_STATE_MISSING",
            Self::Logs { .. } => "WITNESS_LOGS_INVALID",
            Self::Io { .. } => "WITNESS_FOLDER_FAILED",
        }
    }
}

pub(super) fn io(path: &Path, error: &std::io::Error) -> FolderError {
    FolderError::Io { path: path.to_owned(), reason: error.to_string() }
}

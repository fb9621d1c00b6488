//! Everything that can go wrong with a log, with a stable code and what to do about it.

use soticket_schema::OrganisationId;
use soticket_schema::limits::{APPEND_BYTES_MAX, APPEND_RECORDS_MAX};

/// Why a log refused or failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LogError {
    /// The append continues a head that the log does not have.
    #[error(
        "organisation {organisation} stands at {actual} records and not where the append expects it ({expected} \
         records): decide again on the current head"
    )]
    Conflict {
        /// Whose log.
        organisation: OrganisationId,
        /// Length that the append continues.
        expected: u64,
        /// Length that the log has.
        actual: u64,
    },
    /// The append is over a limit.
    #[error(
        "an append of {records} records and {bytes} bytes is over the limit of {APPEND_RECORDS_MAX} records and \
         {APPEND_BYTES_MAX} bytes: split the command"
    )]
    TooLarge {
        /// Records in the append.
        records: u32,
        /// Bytes in the append.
        bytes: usize,
    },
    /// The append's count, heads and bytes do not agree with each other.
    #[error("the append for organisation {organisation} is inconsistent ({reason}): nothing was stored")]
    Miscounted {
        /// Whose log.
        organisation: OrganisationId,
        /// What does not agree.
        reason: String,
    },
    /// An earlier failure closed the log.
    #[error("the log is closed after an earlier failure ({reason}): restart the process")]
    Poisoned {
        /// The earlier failure.
        reason: String,
    },
    /// Records that were acknowledged are not in storage.
    #[error(
        "acknowledged records are missing: {detail}. Restore the data folder from a backup; do not delete files"
    )]
    BehindHead {
        /// What was found against what was recorded.
        detail: String,
    },
    /// Storage holds more than the head file can account for.
    #[error(
        "the head file is older than the data ({detail}): restore the `head` file that belongs to this data, or \
         rebuild it from the data after comparing the heads with receipts or checkpoints"
    )]
    AheadOfHead {
        /// What was found against what was recorded.
        detail: String,
    },
    /// A record does not continue the one before it.
    #[error(
        "record {position} of organisation {organisation} does not continue the record before it: the log was \
         altered or damaged. Restore the data folder from a backup"
    )]
    LinkBroken {
        /// Whose log.
        organisation: OrganisationId,
        /// First record whose link is wrong.
        position: u64,
    },
    /// A page of records is missing.
    #[error(
        "records from {position} on of organisation {organisation} are missing. Restore the data folder from a backup"
    )]
    PageGap {
        /// Whose log.
        organisation: OrganisationId,
        /// First missing record.
        position: u64,
    },
    /// Stored bytes are no record, or not the page they should be.
    #[error(
        "record {position} of organisation {organisation} is damaged ({reason}). Restore the data folder from a backup"
    )]
    RecordMalformed {
        /// Whose log.
        organisation: OrganisationId,
        /// The record, or the first one of its page.
        position: u64,
        /// What is wrong.
        reason: String,
    },
    /// Records of a published log cannot be had from its files.
    #[error("{reason}")]
    PublishedUnreadable {
        /// First record that cannot be had.
        position: u64,
        /// What is wrong, with the file's path.
        reason: String,
    },
    /// Data is present, the head file is not.
    #[error(
        "{path} is missing although the folder holds data: restore it from a backup, or rebuild it from the data after \
         comparing the heads with receipts or checkpoints"
    )]
    HeadFileMissing {
        /// Where the head file should be.
        path: String,
    },
    /// The head file cannot be relied on.
    #[error(
        "{path} is damaged ({reason}): restore it from a backup, or rebuild it from the data after comparing the heads \
         with receipts or checkpoints"
    )]
    HeadFileDamaged {
        /// Where the head file is.
        path: String,
        /// What is wrong.
        reason: String,
    },
    /// The storage engine cannot read its own files.
    #[error(
        "the storage engine cannot read {path} ({reason}): run `repair`, which rebuilds its snapshot; if that does not \
         help, restore the data folder from a backup"
    )]
    StoreDamaged {
        /// The engine's folder.
        path: String,
        /// What it said.
        reason: String,
    },
    /// The storage engine put a value into a file that it never syncs.
    #[error("{path} holds files, which this ledger never writes: restore the data folder from a backup")]
    BlobsPresent {
        /// The folder that should be empty.
        path: String,
    },
    /// Another process has the folder open.
    #[error("{path} is in use by another process: stop that process first")]
    Locked {
        /// The data folder.
        path: String,
    },
    /// The data was written by a version that this one does not know.
    #[error("{path} has format {found}, this version reads format {known}: use the version that wrote it")]
    FormatUnknown {
        /// What has the unknown format.
        path: String,
        /// Its format number.
        found: u32,
        /// The format number known here.
        known: u32,
    },
    /// The operating system refused something before anything was written.
    #[error("{action} {path}: {reason}. Check the disk, its free space and the permissions")]
    Io {
        /// What was tried.
        action: &'static str,
        /// On what.
        path: String,
        /// What the system said.
        reason: String,
    },
    /// It is unknown whether the last commit reached the disk.
    #[error(
        "writing to the disk failed ({reason}): nothing more is accepted. Check the disk and its free space, then \
         restart: what was acknowledged is checked on start"
    )]
    SyncFailed {
        /// What failed.
        reason: String,
    },
}

impl LogError {
    /// The stable code of the error.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Conflict { .. } => "LOG_CONFLICT",
            Self::TooLarge { .. } => "LOG_APPEND_TOO_LARGE",
            Self::Miscounted { .. } => "LOG_APPEND_MISCOUNTED",
            Self::Poisoned { .. } => "LOG_POISONED",
            Self::BehindHead { .. } => "LOG_BEHIND_HEAD",
            Self::AheadOfHead { .. } => "LOG_AHEAD_OF_HEAD",
            Self::LinkBroken { .. } => "LOG_LINK_BROKEN",
            Self::PageGap { .. } => "LOG_PAGE_GAP",
            Self::RecordMalformed { .. } => "LOG_RECORD_MALFORMED",
            Self::PublishedUnreadable { .. } => "LOG_PUBLISHED_UNREADABLE",
            Self::HeadFileMissing { .. } => "LOG_HEAD_FILE_MISSING",
            Self::HeadFileDamaged { .. } => "LOG_HEAD_FILE_DAMAGED",
            Self::StoreDamaged { .. } => "LOG_STORE_DAMAGED",
            Self::BlobsPresent { .. } => "LOG_BLOBS_PRESENT",
            Self::Locked { .. } => "LOG_LOCKED",
            Self::FormatUnknown { .. } => "LOG_FORMAT_UNKNOWN",
            Self::Io { .. } => "LOG_IO",
            Self::SyncFailed { .. } => "LOG_SYNC_FAILED",
        }
    }

    /// Whether the process must stop. Only a refused append leaves the log usable.
    pub fn is_fatal(&self) -> bool {
        !matches!(self, Self::Conflict { .. } | Self::TooLarge { .. } | Self::Miscounted { .. })
    }
}

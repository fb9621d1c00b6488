//! What is asked of the audit journal and of archives.

use bincode::Encode;
use serde::Serialize;

use crate::event::v1::TechnicalKind;
use crate::hash::Hash;
use crate::ids::ActorId;

/// See [`super::CommandBody::NoteTechnicalEvent`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Encode)]
pub struct NoteTechnicalEvent {
    /// What happened.
    pub what: TechnicalKind,
    /// Whom it is about, if not the one who notes it.
    pub about: Option<ActorId>,
    /// A version, code or file name, as the kind says; may be empty.
    pub reference: String,
}

/// See [`super::CommandBody::RecordArchive`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Encode)]
pub struct RecordArchive {
    /// Number of the year's closing.
    pub year: u64,
    /// Version of the archive's format.
    pub format: u16,
    /// Files, the manifest not counted.
    pub files: u32,
    /// Bytes of these files.
    pub bytes: u64,
    /// BLAKE3 of the manifest.
    pub manifest: Hash,
    /// SHA-256 of the manifest.
    pub manifest_sha256: Hash,
}

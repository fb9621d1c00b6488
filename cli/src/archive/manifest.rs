//! The manifest of an archive.

use serde::{Deserialize, Serialize};
use soticket_schema::Hash;

use super::file::{Hashes, Listed};
use crate::failure::Failure;

/// Version of the archive's format: what files there are, and what is in them.
pub(crate) const FORMAT: u16 = 1;

/// What an archive holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Manifest {
    /// What this is.
    pub(crate) kind: String,
    /// Version of the format.
    pub(crate) format: u16,
    /// The organisation's id.
    pub(crate) organisation: String,
    /// Its name at the year's closing.
    pub(crate) name: String,
    /// Its SIRET number at the year's closing, or empty.
    pub(crate) siret: String,
    /// What its log may be used for: live, training or demo.
    pub(crate) mode: String,
    /// Currency of every amount.
    pub(crate) currency: String,
    /// Number of the year's closing.
    pub(crate) year: u64,
    /// First commercial day.
    pub(crate) from: String,
    /// Last commercial day.
    pub(crate) until: String,
    /// Position of the first record.
    pub(crate) first: u64,
    /// Position of the last record: the year's closing.
    pub(crate) last: u64,
    /// Hash that the first record names as its previous one.
    pub(crate) previous: Hash,
    /// Hash of the last record.
    pub(crate) head: Hash,
    /// The year closing's own hash.
    pub(crate) closing: Hash,
    /// Every file but this one.
    pub(crate) files: Vec<Listed>,
}

/// What this is, in the manifest.
pub(super) const KIND: &str = "soticket yearly archive";

impl Manifest {
    /// The manifest as it is stored.
    pub(super) fn bytes(&self) -> Result<Vec<u8>, Failure> {
        let mut bytes = serde_json::to_vec_pretty(self).map_err(Failure::unexpected)?;
        bytes.push(b'\n');
        Ok(bytes)
    }

    /// Bytes of all files.
    pub(crate) fn total_bytes(&self) -> u64 {
        self.files.iter().map(|file| file.bytes).sum()
    }
}

/// BLAKE3 and SHA-256 of a manifest's bytes.
pub(crate) fn manifest_hashes(bytes: &[u8]) -> (Hash, Hash) {
    let mut hashes = Hashes::default();
    hashes.update(bytes);
    let listed = hashes.listed(super::MANIFEST);
    let hash = |digits: &str| Hash::parse(digits).unwrap_or_default();
    (hash(&listed.blake3), hash(&listed.sha256))
}

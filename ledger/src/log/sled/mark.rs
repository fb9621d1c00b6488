//! The verified mark: how far each organisation's links were checked, and its pages looked at for merging. Losing the
//! file costs a check from the beginning, nothing else.
//!
//! ```text
//! "STVM" | format u32 | for every organisation: id [16] | records u64 | hash [32] | recorded_at i64 | merged u64
//! | BLAKE3 of all before
//! ```
//! (integers big-endian)

use std::path::Path;

use rustc_hash::FxHashMap;
use soticket_schema::{Hash, OrganisationId, Timestamp};

use crate::log::Head;

const PREFIX: [u8; 8] = *b"STVM\0\0\0\x01";
const ENTRY_BYTES: usize = 16 + 8 + 32 + 8 + 8;

/// How far one organisation's pages were gone through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Progress {
    /// The links are checked up to this head.
    pub(super) verified: Head,
    /// Pages that end at or before this position need no merging.
    pub(super) merged: u64,
}

/// Progress by organisation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Marks(FxHashMap<OrganisationId, Progress>);

impl Marks {
    /// What an organisation was gone through, from nothing at all.
    pub(super) fn get(&self, organisation: OrganisationId) -> Progress {
        let none = || Progress { verified: Head::genesis(organisation), merged: 0 };
        self.0.get(&organisation).copied().unwrap_or_else(none)
    }

    /// Notes that the links are checked up to `head`.
    pub(super) fn verified(&mut self, organisation: OrganisationId, head: Head) {
        let progress = Progress { verified: head, ..self.get(organisation) };
        self.0.insert(organisation, progress);
    }

    /// Notes that pages before `position` need no merging.
    pub(super) fn merged(&mut self, organisation: OrganisationId, position: u64) {
        let progress = Progress { merged: position, ..self.get(organisation) };
        self.0.insert(organisation, progress);
    }

    /// Forgets what does not fit the durable heads: the file may be newer than restored data.
    pub(super) fn restrict(&mut self, heads: &FxHashMap<OrganisationId, Head>) {
        self.0.retain(|organisation, progress| {
            heads.get(organisation).is_some_and(|head| {
                let verified = &progress.verified;
                let fits = verified.length < head.length || verified == head;
                fits && progress.merged <= head.length
            })
        });
    }

    /// Reads the file; nothing when it is missing, damaged or of another format.
    pub(super) fn load(path: &Path) -> Self {
        let bytes = std::fs::read(path).unwrap_or_default();
        Self::decode(&bytes).unwrap_or_default()
    }

    /// Writes the file. It is not synced: a torn one is ignored on reading.
    pub(super) fn save(&self, path: &Path) {
        let fresh = path.with_extension("new");
        let saved = std::fs::write(&fresh, self.encode()).and_then(|()| std::fs::rename(&fresh, path));
        if let Err(error) = saved {
            tracing::warn!("the verified mark is not saved: {error}");
        }
    }

    fn encode(&self) -> Vec<u8> {
        let mut bytes = PREFIX.to_vec();
        for (organisation, progress) in &self.0 {
            bytes.extend_from_slice(&organisation.0);
            bytes.extend_from_slice(&progress.verified.length.to_be_bytes());
            bytes.extend_from_slice(&progress.verified.hash.0);
            bytes.extend_from_slice(&progress.verified.recorded_at.0.to_be_bytes());
            bytes.extend_from_slice(&progress.merged.to_be_bytes());
        }
        let checksum = blake3::hash(&bytes);
        bytes.extend_from_slice(checksum.as_bytes());
        bytes
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        let (content, checksum) = bytes.split_last_chunk::<32>()?;
        let entries = content.strip_prefix(&PREFIX)?;
        if blake3::hash(content) != *checksum {
            return None;
        }
        let (entries, []) = entries.as_chunks::<ENTRY_BYTES>() else { return None };
        entries.iter().map(decode_entry).collect::<Option<_>>().map(Self)
    }
}

fn decode_entry(entry: &[u8; ENTRY_BYTES]) -> Option<(OrganisationId, Progress)> {
    let (organisation, rest) = entry.split_first_chunk::<16>()?;
    let (length, rest) = rest.split_first_chunk::<8>()?;
    let (hash, rest) = rest.split_first_chunk::<32>()?;
    let (recorded_at, merged) = rest.split_first_chunk::<8>()?;
    let verified = Head {
        length: u64::from_be_bytes(*length),
        hash: Hash(*hash),
        recorded_at: Timestamp(i64::from_be_bytes(*recorded_at)),
    };
    let merged = u64::from_be_bytes(merged.try_into().ok()?);
    Some((OrganisationId(*organisation), Progress { verified, merged }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_read_back_and_any_damage_drops_them() {
        let mut marks = Marks::default();
        for number in 0..3 {
            let organisation = OrganisationId([number; 16]);
            let head = Head { length: 9, hash: Hash([number; 32]), recorded_at: Timestamp(-5) };
            marks.verified(organisation, head);
            marks.merged(organisation, 4);
        }
        let bytes = marks.encode();
        assert_eq!(Marks::decode(&bytes), Some(marks.clone()));
        for at in 0..bytes.len() {
            let mut damaged = bytes.clone();
            damaged[at] ^= 4;
            assert_eq!(Marks::decode(&damaged), None, "byte {at}");
            assert_eq!(Marks::decode(&bytes[..at]), None, "cut at {at}");
        }
    }

    #[test]
    fn marks_beyond_the_heads_are_forgotten() {
        let organisation = OrganisationId([1; 16]);
        let at = |length| Head { length, hash: Hash([length as u8; 32]), recorded_at: Timestamp(0) };
        let other = Head { hash: Hash([9; 32]), ..at(5) };
        for (head, kept) in [(at(4), false), (at(5), true), (other, false), (at(6), true)] {
            let mut marks = Marks::default();
            marks.verified(organisation, at(5));
            marks.restrict(&[(organisation, head)].into_iter().collect());
            assert_eq!(marks.get(organisation).verified.length == 5, kept, "head at {}", head.length);
        }
    }
}

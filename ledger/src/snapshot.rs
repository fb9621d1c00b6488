//! Snapshot files: state of one organisation at one position, disposable, checked before it is believed.
//!
//! ```text
//! magic "SNP1" | name [16] | version u32 | organisation [16] | length u64 | hash [32] | recorded_at i64
//! | payload length u64 | payload | BLAKE3 of everything before [32]                       (integers big-endian)
//! ```
//! Anything that does not fit (another version, another log, a damaged byte) makes the snapshot worthless and nothing
//! else: what it held is rebuilt from the log.

use std::fs;
use std::path::Path;

use soticket_schema::ids::OrganisationId;
use soticket_schema::{Hash, Timestamp};

use crate::durable::{self, Readers};
use crate::log::Head;

const MAGIC: [u8; 4] = *b"SNP1";
const HEAD_AT: usize = 4 + 16 + 4 + 16;
const HEADER_BYTES: usize = HEAD_AT + 8 + 32 + 8 + 8;
const CHECKSUM_BYTES: usize = 32;

/// What a snapshot is of: a name, and a version that changes whenever the meaning of the payload does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SnapshotKind {
    /// At most 16 bytes of ASCII.
    pub name: &'static str,
    /// Version of the payload's meaning.
    pub version: u32,
}

impl SnapshotKind {
    fn name_field(self) -> [u8; 16] {
        let mut field = [0; 16];
        for (slot, byte) in field.iter_mut().zip(self.name.bytes()) {
            *slot = byte;
        }
        field
    }

    fn header(self, organisation: OrganisationId, head: Head, payload: usize) -> Vec<u8> {
        [
            MAGIC.as_slice(),
            &self.name_field(),
            &self.version.to_be_bytes(),
            &organisation.0,
            &head.length.to_be_bytes(),
            &head.hash.0,
            &head.recorded_at.0.to_be_bytes(),
            &(payload as u64).to_be_bytes(),
        ]
        .concat()
    }
}

/// Writes a snapshot so that a crash leaves the old file or the new one, never a part.
///
/// # Errors
/// The file system refuses.
pub fn write(
    path: &Path,
    kind: SnapshotKind,
    organisation: OrganisationId,
    head: Head,
    payload: &[u8],
) -> std::io::Result<()> {
    let header = kind.header(organisation, head, payload.len());
    let checksum = blake3::Hasher::new().update(&header).update(payload).finalize();
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    durable::write_parts(path, &[&header, payload, checksum.as_bytes()], Readers::All)
}

/// Reads a snapshot of this kind and organisation; none when there is none that can be believed.
pub fn read(path: &Path, kind: SnapshotKind, organisation: OrganisationId) -> Option<(Head, Vec<u8>)> {
    let mut bytes = fs::read(path).ok()?;
    let checked = bytes.len().checked_sub(CHECKSUM_BYTES)?;
    if blake3::hash(bytes.get(..checked)?).as_bytes() != bytes.get(checked..)? {
        return None;
    }
    let fields = bytes.get(HEAD_AT..HEADER_BYTES)?;
    let (length, fields) = fields.split_first_chunk::<8>()?;
    let (hash, fields) = fields.split_first_chunk::<32>()?;
    let (recorded_at, _) = fields.split_first_chunk::<8>()?;
    let head = Head {
        length: u64::from_be_bytes(*length),
        hash: Hash(*hash),
        recorded_at: Timestamp(i64::from_be_bytes(*recorded_at)),
    };
    let payload = checked.checked_sub(HEADER_BYTES)?;
    // Recomputing the header from what is expected compares name, version, organisation and length at once.
    if bytes.get(..HEADER_BYTES)? != kind.header(organisation, head, payload) {
        return None;
    }
    bytes.truncate(checked);
    bytes.drain(..HEADER_BYTES);
    Some((head, bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    const KIND: SnapshotKind = SnapshotKind { name: "test", version: 3 };
    const ORGANISATION: OrganisationId = OrganisationId([1; 16]);

    #[test]
    fn only_the_very_snapshot_that_was_written_is_believed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep").join("test.snapshot");
        let head = Head { length: 7, hash: Hash([2; 32]), recorded_at: Timestamp(9) };
        assert_eq!(read(&path, KIND, ORGANISATION), None);
        write(&path, KIND, ORGANISATION, head, b"payload").unwrap();
        assert_eq!(read(&path, KIND, ORGANISATION), Some((head, b"payload".to_vec())));
        assert_eq!(read(&path, SnapshotKind { version: 4, ..KIND }, ORGANISATION), None);
        assert_eq!(read(&path, SnapshotKind { name: "tests", ..KIND }, ORGANISATION), None);
        assert_eq!(read(&path, KIND, OrganisationId([2; 16])), None);
        let good = fs::read(&path).unwrap();
        for place in 0..good.len() {
            let mut bad = good.clone();
            bad[place] ^= 4;
            fs::write(&path, &bad).unwrap();
            assert_eq!(read(&path, KIND, ORGANISATION), None, "byte {place}");
            fs::write(&path, &good[..place]).unwrap();
            assert_eq!(read(&path, KIND, ORGANISATION), None, "cut at {place}");
        }
    }
}

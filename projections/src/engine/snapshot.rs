//! Snapshots: disposable files that spare reading the whole log. Whatever is wrong with one, the projection is rebuilt.
//!
//! ```text
//! magic "STPS" | format u16 | organisation [16] | projection name (u16 length) | projection version u16
//! | position of the next entry u64 | hash of the last entry [32] | number of partitions u64
//! | per partition: family u8, id u64, length u64, bytes
//! | BLAKE3 over everything before [32]                                 (integers big-endian)
//! ```

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use soticket_schema::{Hash, OrganisationId};

use super::views::Feed;
use crate::partition::PartitionKey;

const MAGIC: [u8; 4] = *b"STPS";
const FORMAT: u16 = 1;
const CHECKSUM_BYTES: usize = 32;

/// Where the snapshots of an organisation are.
pub(super) fn folder(snapshots: &Path, organisation: OrganisationId) -> PathBuf {
    snapshots.join(organisation.to_string())
}

fn file(folder: &Path, feed: &dyn Feed) -> PathBuf {
    folder.join(format!("{}.snapshot", feed.name()))
}

/// The bytes of a snapshot of `feed`, whose next entry is at `next` after the one with the hash `head`.
pub(super) fn encode(organisation: OrganisationId, feed: &dyn Feed, next: u64, head: Hash) -> Vec<u8> {
    let mut out = Vec::new();
    write_header(&mut out, organisation, feed);
    out.extend_from_slice(&next.to_be_bytes());
    out.extend_from_slice(&head.0);
    let count_at = out.len();
    out.extend_from_slice(&[0; 8]);
    let mut count = 0_u64;
    feed.partitions(&mut |key, bytes| {
        out.push(key.family);
        out.extend_from_slice(&key.id.to_be_bytes());
        out.extend_from_slice(&(bytes.len() as u64).to_be_bytes());
        out.extend_from_slice(&bytes);
        count += 1;
    });
    if let Some(place) = out.get_mut(count_at..count_at + 8) {
        place.copy_from_slice(&count.to_be_bytes());
    }
    let checksum = blake3::hash(&out);
    out.extend_from_slice(checksum.as_bytes());
    out
}

fn write_header(out: &mut Vec<u8>, organisation: OrganisationId, feed: &dyn Feed) {
    out.extend_from_slice(&MAGIC);
    out.extend_from_slice(&FORMAT.to_be_bytes());
    out.extend_from_slice(&organisation.0);
    out.extend_from_slice(&u16::try_from(feed.name().len()).unwrap_or(u16::MAX).to_be_bytes());
    out.extend_from_slice(feed.name().as_bytes());
    out.extend_from_slice(&feed.version().to_be_bytes());
}

/// Writes a snapshot in place of the one before: a crash leaves the old file or the new one, never half of one.
///
/// # Errors
/// The folder or file cannot be written; the old snapshot stays.
pub(super) fn write(folder: &Path, feed_name: &str, bytes: &[u8]) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    let target = folder.join(format!("{feed_name}.snapshot"));
    let temporary = folder.join(format!("{feed_name}.tmp"));
    let mut file = File::create(&temporary)?;
    file.write_all(bytes)?;
    // Without this the rename could reach the disk before the bytes: the checksum would tell, but the old one be gone.
    file.sync_all()?;
    fs::rename(&temporary, &target)?;
    File::open(folder)?.sync_all()
}

/// Loads a snapshot into `feed`, which is left in any state when there is none that fits. Returns the position of the
/// next entry and the hash of the last one, which the caller compares with the log.
pub(super) fn load(folder: &Path, organisation: OrganisationId, feed: &mut dyn Feed) -> Option<(u64, Hash)> {
    let bytes = fs::read(file(folder, feed)).ok()?;
    let found = decode(&bytes, organisation, feed);
    if found.is_none() {
        tracing::warn!(projection = feed.name(), %organisation, "snapshot does not fit: rebuilding from the log");
    }
    found
}

fn decode(bytes: &[u8], organisation: OrganisationId, feed: &mut dyn Feed) -> Option<(u64, Hash)> {
    let (body, checksum) = bytes.split_at_checked(bytes.len().checked_sub(CHECKSUM_BYTES)?)?;
    if blake3::hash(body).as_bytes() != checksum {
        return None;
    }
    let mut header = Vec::new();
    write_header(&mut header, organisation, feed);
    let mut rest = Bytes(body.strip_prefix(header.as_slice())?);
    let next = rest.number()?;
    let head = Hash(rest.array()?);
    for _ in 0..rest.number()? {
        let [family] = rest.array()?;
        let key = PartitionKey { family, id: rest.number()? };
        let length = usize::try_from(rest.number()?).ok()?;
        feed.load_partition(key, rest.take(length)?)?;
    }
    rest.0.is_empty().then_some((next, head))
}

/// Bytes that are taken from the front.
struct Bytes<'a>(&'a [u8]);

impl<'a> Bytes<'a> {
    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.take(N)?.try_into().ok()
    }

    fn number(&mut self) -> Option<u64> {
        self.array().map(u64::from_be_bytes)
    }
}

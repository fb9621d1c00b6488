//! The head file: how far the data was acknowledged, kept outside the storage engine, which loses its tail silently.
//!
//! Four slots of 512 bytes are written in turn, slot `commit % 4`, each synced before its commit is acknowledged.
//! ```text
//! "STHF" | format u32 | commit u64 | records u64 | organisations u64 | sum [32] | zeros | BLAKE3 of the 480 bytes before
//! ```
//! (integers big-endian). A power cut can tear only the slot being written; the data of its commit was on the disk
//! before. So a damaged next slot without that data is not a crash but a loss, and is refused.

use std::fs::{File, OpenOptions};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use blake3::Hasher;
use blake3::hazmat::{ContextKey, HasherExt, hash_derive_key_context};

use super::files;
use super::totals::Totals;
use crate::log::LogError;

/// Number of slots.
pub(super) const SLOTS: u64 = 4;
const SLOT_BYTES: usize = 512;
const CHECKED_BYTES: usize = SLOT_BYTES - 32;
const MAGIC: [u8; 4] = *b"STHF";
const FORMAT: u32 = 1;
const CHECKSUM_CONTEXT: &str = "soticket-ledger 2026 head file checksum v1";

static KEY: LazyLock<ContextKey> = LazyLock::new(|| hash_derive_key_context(CHECKSUM_CONTEXT));

/// The head file, open for writing.
#[derive(Debug)]
pub(super) struct HeadFile {
    file: File,
    path: PathBuf,
}

/// What the head file says on opening.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    /// The newest intact slot.
    pub(super) totals: Totals,
    /// Whether the slot of the next commit is damaged: then that commit had reached the disk.
    pub(super) next_damaged: bool,
    /// Other damaged slots, which hold nothing that is still needed.
    damaged: Vec<u64>,
}

impl Found {
    /// Whether every slot is intact and as creation left it: no commit ever got as far as its data being on the disk.
    pub(super) fn is_as_created(&self) -> bool {
        self.totals == Totals::default() && !self.next_damaged && self.damaged.is_empty()
    }
}

impl HeadFile {
    /// Writes a head file for `totals` to `path`, which may exist, and syncs it; its name is not synced.
    pub(super) fn create(path: &Path, totals: &Totals) -> Result<(), LogError> {
        let slots = encode(totals).repeat(SLOTS as usize);
        std::fs::write(path, slots).map_err(files::error("write", path))?;
        files::sync(path)
    }

    /// Opens and reads the head file.
    pub(super) fn open(path: &Path) -> Result<(Self, Found), LogError> {
        let damaged = |reason: &str| LogError::HeadFileDamaged {
            path: path.display().to_string(),
            reason: reason.to_owned(),
        };
        let bytes = std::fs::read(path).map_err(files::error("read", path))?;
        if bytes.len() != SLOT_BYTES * SLOTS as usize {
            return Err(damaged("its length is wrong"));
        }
        let mut totals: Option<Totals> = None;
        let mut broken = Vec::new();
        for (at, slot) in (0..).zip(bytes.as_chunks::<SLOT_BYTES>().0) {
            match decode(slot, path)? {
                Some(slot) if totals.is_none_or(|best| best.commit < slot.commit) => totals = Some(slot),
                Some(_) => {}
                None => broken.push(at),
            }
        }
        let totals = totals.ok_or_else(|| damaged("no slot is intact"))?;
        let next = (totals.commit + 1) % SLOTS;
        let next_damaged = broken.contains(&next);
        broken.retain(|&at| at != next);
        let file =
            OpenOptions::new().read(true).write(true).open(path).map_err(files::error("open", path))?;
        Ok((Self { file, path: path.to_owned() }, Found { totals, next_damaged, damaged: broken }))
    }

    /// Makes `totals` the newest slot, on the disk on return. A crash before leaves the commit unacknowledged but
    /// adopted on the next start, as its data is complete.
    pub(super) fn write(&self, totals: &Totals) -> Result<(), LogError> {
        self.write_slot(totals.commit % SLOTS, totals)
    }

    /// Fills damaged slots that hold nothing needed with a copy of the newest one.
    pub(super) fn heal(&self, found: &Found, totals: &Totals) -> Result<(), LogError> {
        // Not the next slot: torn by a crash, a copy would be taken for a lost commit.
        let next = (totals.commit + 1) % SLOTS;
        let newest = totals.commit % SLOTS;
        let useless = found.damaged.iter().filter(|&&slot| slot != next && slot != newest);
        useless.copied().try_for_each(|slot| self.write_slot(slot, totals))
    }

    /// Where the file is.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    fn write_slot(&self, slot: u64, totals: &Totals) -> Result<(), LogError> {
        let written = self.file.write_all_at(&encode(totals), slot * SLOT_BYTES as u64);
        written
            .and_then(|()| self.file.sync_data())
            .map_err(|error| LogError::SyncFailed { reason: format!("{}: {error}", self.path.display()) })
    }
}

fn encode(totals: &Totals) -> [u8; SLOT_BYTES] {
    let mut slot = [0; SLOT_BYTES];
    slot[..4].copy_from_slice(&MAGIC);
    slot[4..8].copy_from_slice(&FORMAT.to_be_bytes());
    let numbers = [totals.commit, totals.records, totals.organisations].into_iter().chain(totals.sum);
    for (field, number) in slot[8..64].chunks_exact_mut(8).zip(numbers) {
        field.copy_from_slice(&number.to_be_bytes());
    }
    let checksum = checksum(&slot);
    slot[CHECKED_BYTES..].copy_from_slice(&checksum);
    slot
}

/// The slot's content, or nothing when it is damaged.
fn decode(slot: &[u8; SLOT_BYTES], path: &Path) -> Result<Option<Totals>, LogError> {
    if slot[..4] != MAGIC || slot[CHECKED_BYTES..] != checksum(slot) {
        return Ok(None);
    }
    let found = u32::from_be_bytes([slot[4], slot[5], slot[6], slot[7]]);
    if found != FORMAT {
        return Err(LogError::FormatUnknown { path: path.display().to_string(), found, known: FORMAT });
    }
    let (numbers, _) = slot[8..64].as_chunks::<8>();
    let [commit, records, organisations, sum @ ..]: [u64; 7] =
        std::array::from_fn(|at| numbers.get(at).map_or(0, |number| u64::from_be_bytes(*number)));
    Ok(Some(Totals { commit, records, organisations, sum }))
}

fn checksum(slot: &[u8; SLOT_BYTES]) -> [u8; 32] {
    let mut hasher = Hasher::new_from_context_key(&KEY);
    hasher.update(&slot[..CHECKED_BYTES]);
    *hasher.finalize().as_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn totals(commit: u64) -> Totals {
        Totals { commit, records: commit * 10, organisations: 3, sum: [commit, 1, 2, 3] }
    }

    /// A head file after `commits` commits, with the slots listed damaged.
    fn opened(commits: u64, torn: &[u64]) -> Result<Found, LogError> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("head");
        HeadFile::create(&path, &Totals::default()).unwrap();
        let (file, _) = HeadFile::open(&path).unwrap();
        (1..=commits).for_each(|commit| file.write(&totals(commit)).unwrap());
        for slot in torn {
            file.file.write_all_at(&[0xee; 200], slot * SLOT_BYTES as u64 + 100).unwrap();
        }
        HeadFile::open(&path).map(|(_, found)| found)
    }

    #[test]
    fn every_combination_of_damaged_slots_is_told_apart() {
        for commits in [1, 2, 3, 4, 5, 9] {
            for mask in 0..16_u64 {
                let torn: Vec<u64> = (0..SLOTS).filter(|slot| mask & (1 << slot) != 0).collect();
                let slots = (0..=commits).rev().take(4).chain(std::iter::once(0));
                let newest = slots.into_iter().find(|commit| !torn.contains(&(commit % SLOTS)));
                match opened(commits, &torn) {
                    Err(error) => {
                        assert_eq!(error.code(), "LOG_HEAD_FILE_DAMAGED");
                        assert_eq!(torn.len(), 4);
                    }
                    Ok(found) => {
                        let expected = newest.filter(|&commit| commit > 0).map_or(Totals::default(), totals);
                        assert_eq!(found.totals, expected, "{commits} commits, {torn:?} torn");
                        assert_eq!(found.next_damaged, torn.contains(&((expected.commit + 1) % SLOTS)));
                    }
                }
            }
        }
    }

    #[test]
    fn every_flipped_bit_damages_its_slot_only() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("head");
        HeadFile::create(&path, &Totals::default()).unwrap();
        let (file, _) = HeadFile::open(&path).unwrap();
        (1..=7).for_each(|commit| file.write(&totals(commit)).unwrap());
        let sound = std::fs::read(&path).unwrap();
        for bit in (0..sound.len() * 8).step_by(7) {
            let mut damaged = sound.clone();
            damaged[bit / 8] ^= 1 << (bit % 8);
            std::fs::write(&path, &damaged).unwrap();
            let (_, found) = HeadFile::open(&path).unwrap();
            let newest = if bit / 8 / SLOT_BYTES == 3 { 6 } else { 7 };
            assert_eq!(found.totals, totals(newest), "bit {bit}");
        }
        std::fs::write(&path, &sound[..sound.len() - 1]).unwrap();
        assert_eq!(HeadFile::open(&path).unwrap_err().code(), "LOG_HEAD_FILE_DAMAGED");
    }
}

//! A new epoch: every key is wrapped anew into a new file, which then takes the place of the old one.
//!
//! The file is written beside the other while keys are made and erased, in chunks; what changed meanwhile is put right
//! under the lock, just before the files are exchanged. Steps, and what a crash after each leaves:
//!
//! 1. the key of the epoch is made and synced: slots of both epochs, and both keys;
//! 2. the new file is written: the old one counts, the other is removed at the next opening, which begins again;
//! 3. it is synced and renamed, the folder is synced: the old file or the new one, both whole and both with their keys;
//! 4. it is noted since when that holds: without the note the next opening wraps once more, and the window of backups
//!    begins then.

#[cfg(test)]
mod tests;

use std::fs::{self, File, OpenOptions};
use std::os::unix::fs::{FileExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use parking_lot::{Mutex, RwLock};
use rustc_hash::FxHashMap;
use soticket_schema::Timestamp;
use soticket_schema::ids::SubjectRef;

use super::error::VaultError;
use super::random::Random;
use super::slot::SLOT_BYTES;
use super::slots::Slots;
use crate::durable;

/// Keys that are wrapped while others wait.
const CHUNK: usize = 1_024;

/// Where the file that replaces the slots is written.
pub(super) fn temporary(path: &Path) -> PathBuf {
    path.with_extension("new")
}

/// Makes the epoch's key, has every key wrapped by it on the disk, and notes that.
pub(super) fn turn_to(
    epoch: u32,
    slots: &RwLock<Slots>,
    random: &Mutex<Random>,
    now: Timestamp,
) -> Result<(), VaultError> {
    slots.write().epochs.begin(epoch)?;
    let path = slots.read().path().map(Path::to_owned);
    match path {
        Some(path) => NewFile::new(&path)?.run(slots, random)?,
        None => slots.write().rewrap_in_memory(),
    }
    slots.write().epochs.settle(now)
}

/// The new file while it is written.
struct NewFile {
    file: File,
    path: PathBuf,
    temporary: PathBuf,
    places: FxHashMap<SubjectRef, u64>,
    used: u64,
}

impl NewFile {
    fn new(path: &Path) -> Result<Self, VaultError> {
        let temporary = temporary(path);
        let mut options = OpenOptions::new();
        let options = options.read(true).write(true).create(true).truncate(true).mode(0o600);
        let file = options.open(&temporary).map_err(|error| VaultError::io(&temporary, &error))?;
        Ok(Self { file, path: path.to_owned(), temporary, places: FxHashMap::default(), used: 0 })
    }

    fn run(mut self, slots: &RwLock<Slots>, random: &Mutex<Random>) -> Result<(), VaultError> {
        let subjects = slots.read().subjects();
        for chunk in subjects.chunks(CHUNK) {
            self.add(chunk, &slots.read(), &mut random.lock())?;
        }
        let mut slots = slots.write();
        let late: Vec<SubjectRef> =
            slots.subjects().into_iter().filter(|subject| !self.places.contains_key(subject)).collect();
        self.add(&late, &slots, &mut random.lock())?;
        let gone = self.places.iter().filter(|(subject, _)| slots.key(**subject).is_none());
        gone.map(|(_, place)| *place).try_for_each(|place| self.put(place, &[0; SLOT_BYTES]))?;
        let unreadable_from = self.used;
        for slot in slots.unreadable_slots() {
            self.put(self.used, slot)?;
            self.used += 1;
        }
        self.exchange()?;
        slots.replace(self.file, &self.places, unreadable_from);
        Ok(())
    }

    fn add(&mut self, subjects: &[SubjectRef], slots: &Slots, random: &mut Random) -> Result<(), VaultError> {
        let first = self.used;
        let mut bytes = Vec::with_capacity(subjects.len() * SLOT_BYTES);
        for subject in subjects {
            if let Some(slot) = slots.rewrapped(*subject, random) {
                bytes.extend(slot);
                self.places.insert(*subject, self.used);
                self.used += 1;
            }
        }
        self.put(first, &bytes)
    }

    fn put(&self, place: u64, bytes: &[u8]) -> Result<(), VaultError> {
        let written = self.file.write_all_at(bytes, place * SLOT_BYTES as u64);
        written.map_err(|error| VaultError::io(&self.temporary, &error))
    }

    fn exchange(&self) -> Result<(), VaultError> {
        let exchange = || -> std::io::Result<()> {
            self.file.sync_all()?;
            fs::rename(&self.temporary, &self.path)?;
            durable::sync_folder(self.path.parent())
        };
        exchange().map_err(|error| VaultError::io(&self.path, &error))
    }
}

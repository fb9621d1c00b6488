//! The subjects' keys, outside the store, in fixed slots of one file that can be overwritten in place.
//!
//! A slot of zeros is free: it was never used, or its person was erased. A slot is synced before anything sealed with its
//! key can become durable: a slot that a power cut tore therefore belongs to a person that no durable entry knows of. A
//! slot in use is never written again; a new epoch writes a new file (rewrap.rs).

use std::fs::{self, File, OpenOptions};
use std::io::Read as _;
use std::os::unix::fs::{FileExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use rustc_hash::{FxHashMap, FxHashSet};
use soticket_schema::ids::{OrganisationId, SubjectRef};

use super::epochs::Epochs;
use super::error::VaultError;
use super::keys::{Secret, random_secret};
use super::random::Random;
use super::slot::{SLOT_BYTES, Stored, names, open_key, read_slot, write_slot};
use crate::durable;

/// A subject's key.
struct Slot {
    key: Secret,
    organisation: OrganisationId,
    /// Where it is in the file.
    place: u64,
    epoch: u32,
}

/// The subjects' keys of one ledger, and the keys that wrap them.
pub(super) struct Slots {
    pub(super) epochs: Epochs,
    file: Option<(File, PathBuf)>,
    slots: FxHashMap<SubjectRef, Slot>,
    used: u64,
    /// Slots that hold neither zeros nor a whole slot that opens, with their bytes: torn by a power cut, damaged, or
    /// wrapped by an epoch that is destroyed.
    unreadable: Vec<(u64, Vec<u8>)>,
    unsynced: bool,
    /// Persons who were erased, or are about to be: nothing is sealed for them any more.
    erased: FxHashSet<SubjectRef>,
}

impl Slots {
    /// Slots that exist only in memory.
    pub(super) fn ephemeral(epochs: Epochs) -> Self {
        Self {
            epochs,
            file: None,
            slots: FxHashMap::default(),
            used: 0,
            unreadable: Vec::new(),
            unsynced: false,
            erased: FxHashSet::default(),
        }
    }

    /// Opens the file at `path`, or creates it.
    pub(super) fn open(path: &Path, keys: &Path) -> Result<Self, VaultError> {
        let io = |error: std::io::Error| VaultError::io(path, &error);
        let created = !path.exists();
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(path)
            .map_err(io)?;
        if created {
            file.sync_all().map_err(io)?;
            durable::sync_folder(path.parent()).map_err(io)?;
        }
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).map_err(io)?;
        let mut slots = Self::ephemeral(Epochs::open(keys)?);
        slots.used = bytes.len().div_ceil(SLOT_BYTES) as u64;
        for (place, slot) in (0..).zip(bytes.chunks(SLOT_BYTES)) {
            slots.take(place, slot, keys)?;
        }
        slots.file = Some((file, path.to_owned()));
        Ok(slots)
    }

    fn take(&mut self, place: u64, slot: &[u8], keys: &Path) -> Result<(), VaultError> {
        if slot.iter().all(|byte| *byte == 0) {
            return Ok(());
        }
        let stored = read_slot(slot);
        // An epoch that is not there yet means that the keys folder is older than the data: nothing was destroyed, and
        // going on would leave persons unreadable whose keys lie elsewhere.
        if let Some(Stored { epoch, .. }) = &stored
            && *epoch > self.epochs.oldest()
            && self.epochs.key(*epoch).is_none()
        {
            return Err(VaultError::EpochKeyMissing { path: keys.display().to_string(), epoch: *epoch });
        }
        let opened = stored.and_then(|stored| {
            let key = open_key(self.epochs.key(stored.epoch)?, stored.subject, &stored.wrapped)?;
            Some((stored, key))
        });
        match opened {
            Some((Stored { organisation, subject, epoch, .. }, key)) => {
                self.slots.insert(subject, Slot { key, organisation, place, epoch });
            }
            None => self.unreadable.push((place, slot.to_vec())),
        }
        Ok(())
    }

    /// How many slots could not be read.
    pub(super) fn unreadable(&self) -> u64 {
        self.unreadable.len() as u64
    }

    pub(super) fn key(&self, subject: SubjectRef) -> Option<&Secret> {
        self.slots.get(&subject).map(|slot| &slot.key)
    }

    /// Whether there is a slot of this organisation's for the subject, readable or not.
    pub(super) fn has(&self, organisation: OrganisationId, subject: SubjectRef) -> bool {
        self.slot_of(organisation, subject).is_some()
            || self.unreadable.iter().any(|(_, slot)| names(slot, organisation, subject))
    }

    fn slot_of(&self, organisation: OrganisationId, subject: SubjectRef) -> Option<&Slot> {
        self.slots.get(&subject).filter(|slot| slot.organisation == organisation)
    }

    /// The subject's key, made and written to a slot when there is none. Not durable before [`Self::sync`].
    pub(super) fn key_or_new(
        &mut self,
        organisation: OrganisationId,
        subject: SubjectRef,
        random: &mut Random,
    ) -> Result<&Secret, VaultError> {
        if !self.slots.contains_key(&subject) {
            let key = random_secret()?;
            let (place, epoch) = (self.used, self.epochs.newest());
            if let Some((file, path)) = &self.file {
                let slot = write_slot(organisation, subject, &key, &self.epochs, random);
                file.write_all_at(&slot, place * SLOT_BYTES as u64)
                    .map_err(|error| VaultError::io(path, &error))?;
                self.unsynced = true;
            }
            self.used += 1;
            self.slots.insert(subject, Slot { key, organisation, place, epoch });
        }
        self.key(subject).ok_or_else(|| VaultError::SubjectKeyMissing { subject: subject.to_string() })
    }

    /// Seals nothing for a person any more.
    pub(super) fn hide(&mut self, subject: SubjectRef) {
        self.erased.insert(subject);
    }

    /// Whether a person was erased, or is about to be.
    pub(super) fn is_erased(&self, subject: SubjectRef) -> bool {
        self.erased.contains(&subject)
    }

    /// Overwrites the slots of these persons and has that on the disk on return. This is the last step of an erasure: a
    /// crash before it leaves the slots, by which the next opening knows what is left to do.
    pub(super) fn erase(&mut self, subjects: &[(OrganisationId, SubjectRef)]) -> Result<(), VaultError> {
        let mut places = Vec::new();
        for (organisation, subject) in subjects {
            places.extend(self.slot_of(*organisation, *subject).map(|slot| slot.place));
            self.unreadable.retain(|(place, slot)| {
                let doomed = names(slot, *organisation, *subject);
                places.extend(doomed.then_some(*place));
                !doomed
            });
        }
        if let Some((file, path)) = &self.file {
            let overwrite = || -> std::io::Result<()> {
                for place in &places {
                    file.write_all_at(&[0; SLOT_BYTES], place * SLOT_BYTES as u64)?;
                }
                file.sync_data()
            };
            overwrite().map_err(|error| VaultError::io(path, &error))?;
        }
        // The keys in memory are wiped as they are dropped.
        for (organisation, subject) in subjects {
            if self.slot_of(*organisation, *subject).is_some() {
                self.slots.remove(subject);
            }
        }
        Ok(())
    }

    /// Whether any slot is wrapped by an earlier epoch than the newest.
    pub(super) fn need_rewrap(&self) -> bool {
        !self.epochs.is_settled() || self.slots.values().any(|slot| slot.epoch < self.epochs.newest())
    }

    /// Everyone with a key.
    pub(super) fn subjects(&self) -> Vec<SubjectRef> {
        self.slots.keys().copied().collect()
    }

    /// The subject's slot, wrapped by the newest epoch.
    pub(super) fn rewrapped(&self, subject: SubjectRef, random: &mut Random) -> Option<Vec<u8>> {
        let slot = self.slots.get(&subject)?;
        Some(write_slot(slot.organisation, subject, &slot.key, &self.epochs, random))
    }

    /// The bytes of the slots that could not be read.
    pub(super) fn unreadable_slots(&self) -> impl Iterator<Item = &[u8]> {
        self.unreadable.iter().map(|(_, slot)| slot.as_slice())
    }

    /// Where the slots are; none in memory.
    pub(super) fn path(&self) -> Option<&Path> {
        self.file.as_ref().map(|(_, path)| path.as_path())
    }

    /// Goes on with a file in which every slot is wrapped by the newest epoch: the `places` of readable slots, and the
    /// unreadable ones behind `unreadable_from`.
    pub(super) fn replace(&mut self, file: File, places: &FxHashMap<SubjectRef, u64>, unreadable_from: u64) {
        if let Some((present, _)) = &mut self.file {
            *present = file;
        }
        for (subject, slot) in &mut self.slots {
            slot.epoch = self.epochs.newest();
            slot.place = places.get(subject).copied().unwrap_or(slot.place);
        }
        self.used = unreadable_from;
        for (place, _) in &mut self.unreadable {
            *place = self.used;
            self.used += 1;
        }
        // The whole file was synced.
        self.unsynced = false;
    }

    /// As [`Self::replace`], without a file.
    pub(super) fn rewrap_in_memory(&mut self) {
        self.slots.values_mut().for_each(|slot| slot.epoch = self.epochs.newest());
    }

    /// A handle to sync what was written since the last call, if anything was. A crash before the sync loses keys
    /// whose entries were not durable either.
    pub(super) fn unsynced(&mut self) -> Result<Option<SlotSync>, VaultError> {
        if !std::mem::take(&mut self.unsynced) {
            return Ok(None);
        }
        match &self.file {
            Some((file, path)) => {
                let file = file.try_clone().map_err(|error| VaultError::io(path, &error))?;
                Ok(Some(SlotSync { file, path: path.clone() }))
            }
            None => Ok(None),
        }
    }
}

/// Slots that must be durable before the entries that were sealed with them.
pub(super) struct SlotSync {
    file: File,
    path: PathBuf,
}

impl SlotSync {
    /// Makes the slots durable.
    ///
    /// # Errors
    /// The sync failed: the process must stop.
    pub(super) fn sync(&self) -> Result<(), VaultError> {
        self.file.sync_data().map_err(|error| VaultError::io(&self.path, &error))
    }
}

/// Removes what a crash left of a file that was to replace the slots.
pub(super) fn remove_leftover(path: &Path) -> Result<(), VaultError> {
    if path.exists() { fs::remove_file(path).map_err(|error| VaultError::io(path, &error)) } else { Ok(()) }
}

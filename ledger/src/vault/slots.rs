//! The subjects' keys, outside the store, in fixed slots of one file that can be overwritten in place.
//!
//! ```text
//! slot: magic "SLT1" | organisation [16] | subject [16] | epoch u32 | nonce and wrapped key [72] | checksum [16]
//! ```
//! A slot of zeros is free. A slot is synced before anything sealed with its key can become durable: a slot that a
//! power cut tore therefore belongs to a person that no durable entry knows of.

use std::fs::{File, OpenOptions};
use std::io::Read as _;
use std::os::unix::fs::{FileExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use rustc_hash::FxHashMap;
use soticket_schema::ids::{OrganisationId, SubjectRef};
use zeroize::Zeroizing;

use super::error::VaultError;
use super::keys::{Keys, Secret, random_secret};
use super::random::Random;
use super::seal::{seal, unseal};

const MAGIC: [u8; 4] = *b"SLT1";
const SLOT_BYTES: usize = 128;
const CHECKED_BYTES: usize = SLOT_BYTES - 16;
const CHECKSUM_CONTEXT: &str = "soticket-ledger 2026 key slot checksum v1";
const EPOCH: u32 = 1;

/// The subjects' keys of one ledger.
pub(super) struct Slots {
    file: Option<(File, PathBuf)>,
    keys: FxHashMap<SubjectRef, Secret>,
    used: u64,
    /// Slots that hold neither zeros nor a whole slot: torn by a power cut, or damaged.
    unreadable: u64,
    unsynced: bool,
}

impl Slots {
    /// Slots that exist only in memory.
    pub(super) fn ephemeral() -> Self {
        Self { file: None, keys: FxHashMap::default(), used: 0, unreadable: 0, unsynced: false }
    }

    pub(super) fn open(path: &Path, keys: &Keys) -> Result<Self, VaultError> {
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
            if let Some(folder) = path.parent() {
                File::open(folder).and_then(|folder| folder.sync_all()).map_err(io)?;
            }
        }
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).map_err(io)?;
        let mut slots = Self::ephemeral();
        slots.used = bytes.len().div_ceil(SLOT_BYTES) as u64;
        for slot in bytes.chunks(SLOT_BYTES).filter(|slot| slot.iter().any(|byte| *byte != 0)) {
            match read_slot(slot, keys) {
                Some((subject, key)) => {
                    slots.keys.insert(subject, key);
                }
                None => slots.unreadable += 1,
            }
        }
        slots.file = Some((file, path.to_owned()));
        Ok(slots)
    }

    /// How many slots could not be read.
    pub(super) fn unreadable(&self) -> u64 {
        self.unreadable
    }

    pub(super) fn key(&self, subject: SubjectRef) -> Option<&Secret> {
        self.keys.get(&subject)
    }

    /// The subject's key, made and written to a slot when there is none. Not durable before [`Self::sync`].
    pub(super) fn key_or_new(
        &mut self,
        organisation: OrganisationId,
        subject: SubjectRef,
        keys: &Keys,
        random: &mut Random,
    ) -> Result<&Secret, VaultError> {
        if !self.keys.contains_key(&subject) {
            let key = random_secret()?;
            if let Some((file, path)) = &self.file {
                let slot = write_slot(organisation, subject, &key, keys, random);
                file.write_all_at(&slot, self.used * SLOT_BYTES as u64)
                    .map_err(|error| VaultError::io(path, &error))?;
                self.used += 1;
                self.unsynced = true;
            }
            self.keys.insert(subject, key);
        }
        self.keys.get(&subject).ok_or_else(|| VaultError::SubjectKeyMissing { subject: subject.to_string() })
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

fn checksum(checked: &[u8]) -> [u8; 16] {
    let mut checksum = [0; 16];
    checksum.copy_from_slice(&blake3::derive_key(CHECKSUM_CONTEXT, checked)[..16]);
    checksum
}

fn write_slot(
    organisation: OrganisationId,
    subject: SubjectRef,
    key: &Secret,
    keys: &Keys,
    random: &mut Random,
) -> Vec<u8> {
    let mut slot = Vec::with_capacity(SLOT_BYTES);
    slot.extend_from_slice(&MAGIC);
    slot.extend_from_slice(&organisation.0);
    slot.extend_from_slice(&subject.0);
    slot.extend_from_slice(&EPOCH.to_be_bytes());
    slot.extend(seal(keys.epoch(), &subject.0, key.as_slice(), random));
    slot.extend_from_slice(&checksum(&slot));
    slot
}

fn read_slot(slot: &[u8], keys: &Keys) -> Option<(SubjectRef, Secret)> {
    let (checked, stated) = slot.split_at_checked(CHECKED_BYTES)?;
    if stated != checksum(checked) {
        return None;
    }
    let (magic, rest) = checked.split_first_chunk::<4>()?;
    let (_organisation, rest) = rest.split_first_chunk::<16>()?;
    let (subject, rest) = rest.split_first_chunk::<16>()?;
    let (_epoch, wrapped) = rest.split_first_chunk::<4>()?;
    if *magic != MAGIC {
        return None;
    }
    let plain = Zeroizing::new(unseal(keys.epoch(), subject, wrapped)?);
    let key = Zeroizing::new(<[u8; 32]>::try_from(plain.as_slice()).ok()?);
    Some((SubjectRef(*subject), key))
}

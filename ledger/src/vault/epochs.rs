//! The epoch keys, which wrap the subjects' keys, in the folder of keys outside the data folder.
//!
//! ```text
//! epoch-<number>.key         the key, as a key file
//! epoch-<number>.since       since when no slot is wrapped by an earlier epoch: the window of backups runs from there
//! epoch-<number>.destroyed   a key that is being destroyed
//! ```
//! The epoch with the greatest number wraps. Earlier ones are kept for backups only, and destroyed when the window of
//! backups is over. A number is used once.

use std::collections::BTreeMap;
use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use soticket_schema::Timestamp;

use super::error::VaultError;
use super::keys::{Secret, random_secret, read_key, write_key};
use crate::durable::{self, Readers};

const SINCE_HEADER: &str = "soticket epoch v1";
/// The first epoch.
pub(super) const FIRST: u32 = 1;

/// Where the vault's epochs stand, for decisions.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct EpochNumbers {
    /// The number that the next epoch gets.
    pub next: u32,
    /// The oldest epoch whose key is not destroyed.
    pub oldest: u32,
}

/// An epoch's key.
struct Epoch {
    key: Secret,
    /// Since when every slot is wrapped by this epoch or a later one.
    since: Option<Timestamp>,
}

/// The epoch keys of one ledger.
pub(super) struct Epochs {
    folder: Option<PathBuf>,
    newest: (u32, Epoch),
    older: BTreeMap<u32, Epoch>,
}

impl Epochs {
    /// A first epoch that exists only in memory.
    pub(super) fn ephemeral() -> Result<Self, VaultError> {
        let first = Epoch { key: random_secret()?, since: None };
        Ok(Self { folder: None, newest: (FIRST, first), older: BTreeMap::new() })
    }

    /// Reads the keys in `folder`, and finishes destroying those that a crash left half destroyed.
    pub(super) fn open(folder: &Path) -> Result<Self, VaultError> {
        let io = |error: std::io::Error| VaultError::io(folder, &error);
        let mut keys = BTreeMap::new();
        for entry in fs::read_dir(folder).map_err(io)? {
            let path = entry.map_err(io)?.path();
            match number_of(&path) {
                Some((_, "destroyed")) => destroy(&path, folder)?,
                Some((number, "key")) => {
                    let since = read_since(&since_path(folder, number))?;
                    keys.insert(number, Epoch { key: read_key(&path)?, since });
                }
                _ => {}
            }
        }
        let missing = || VaultError::EpochKeyMissing { path: folder.display().to_string(), epoch: FIRST };
        let newest = keys.pop_last().ok_or_else(missing)?;
        Ok(Self { folder: Some(folder.to_owned()), newest, older: keys })
    }

    /// Makes the key of the first epoch. A crash afterwards leaves a key that nothing is wrapped by.
    pub(super) fn create(folder: &Path) -> Result<(), VaultError> {
        write_key(&key_path(folder, FIRST), &random_secret()?)
    }

    /// The epoch that wraps.
    pub(super) fn newest(&self) -> u32 {
        self.newest.0
    }

    /// The key that wraps.
    pub(super) fn wrapping(&self) -> &Secret {
        &self.newest.1.key
    }

    /// The oldest epoch whose key is not destroyed.
    pub(super) fn oldest(&self) -> u32 {
        self.older.first_key_value().map_or(self.newest.0, |(number, _)| *number)
    }

    /// The key of an epoch that is not destroyed.
    pub(super) fn key(&self, epoch: u32) -> Option<&Secret> {
        if epoch == self.newest.0 {
            return Some(self.wrapping());
        }
        self.older.get(&epoch).map(|epoch| &epoch.key)
    }

    /// Makes the key of a later epoch, which wraps from here on. It is durable before anything is wrapped by it: a crash
    /// leaves slots of both epochs, and both keys.
    pub(super) fn begin(&mut self, epoch: u32) -> Result<(), VaultError> {
        if epoch <= self.newest.0 {
            return Ok(());
        }
        let key = random_secret()?;
        if let Some(folder) = &self.folder {
            write_key(&key_path(folder, epoch), &key)?;
        }
        let (number, before) = std::mem::replace(&mut self.newest, (epoch, Epoch { key, since: None }));
        self.older.insert(number, before);
        Ok(())
    }

    /// Whether every slot is known to be wrapped by the newest epoch.
    pub(super) fn is_settled(&self) -> bool {
        self.newest.1.since.is_some() || self.older.is_empty()
    }

    /// Notes that from `now` on no slot is wrapped by an earlier epoch. Called once that is durable: a crash before it
    /// lets the window of backups begin later, never sooner.
    pub(super) fn settle(&mut self, now: Timestamp) -> Result<(), VaultError> {
        if self.is_settled() {
            return Ok(());
        }
        if let Some(folder) = &self.folder {
            write_since(&since_path(folder, self.newest.0), now)?;
        }
        self.newest.1.since = Some(now);
        Ok(())
    }

    /// The epoch before which all keys may be destroyed, if only backups from before `settled_by` need them.
    pub(super) fn due(&self, settled_by: Timestamp) -> Option<u32> {
        let all = self.older.iter().map(|(number, epoch)| (*number, epoch));
        let settled = all.chain([(self.newest.0, &self.newest.1)]).filter(|(number, epoch)| {
            *number > self.oldest() && epoch.since.is_some_and(|since| since <= settled_by)
        });
        settled.map(|(number, _)| number).max()
    }

    /// Destroys the keys of the epochs before this one. A crash in between is finished at the next opening.
    pub(super) fn destroy_before(&mut self, epoch: u32) -> Result<(), VaultError> {
        let numbers: Vec<u32> = self.older.range(..epoch).map(|(number, _)| *number).collect();
        for number in numbers {
            if let Some(folder) = &self.folder {
                // The name goes first: a key file that is half overwritten would be taken for a damaged one.
                let (path, doomed) =
                    (key_path(folder, number), folder.join(format!("epoch-{number}.destroyed")));
                fs::rename(&path, &doomed).map_err(|error| VaultError::io(&path, &error))?;
                sync_folder(folder)?;
                destroy(&doomed, folder)?;
            }
            self.older.remove(&number);
        }
        Ok(())
    }
}

fn key_path(folder: &Path, epoch: u32) -> PathBuf {
    folder.join(format!("epoch-{epoch}.key"))
}

fn since_path(folder: &Path, epoch: u32) -> PathBuf {
    folder.join(format!("epoch-{epoch}.since"))
}

/// Number and ending of a file of an epoch.
fn number_of(path: &Path) -> Option<(u32, &str)> {
    let number = path.file_stem()?.to_str()?.strip_prefix("epoch-")?.parse().ok()?;
    Some((number, path.extension()?.to_str()?))
}

/// Overwrites a key file, has that on the disk, then removes what was noted beside it, and the file. Until the folder is synced
/// a crash leaves the file of zeros, which the next opening removes.
fn destroy(path: &Path, folder: &Path) -> Result<(), VaultError> {
    let overwrite = || -> std::io::Result<()> {
        let mut file = OpenOptions::new().write(true).open(path)?;
        let length = usize::try_from(file.metadata()?.len()).unwrap_or(0);
        file.write_all(&vec![0; length])?;
        file.sync_all()
    };
    overwrite().map_err(|error| VaultError::io(path, &error))?;
    if let Some((number, _)) = number_of(path) {
        let since = since_path(folder, number);
        match fs::remove_file(&since) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(VaultError::io(&since, &error));
            }
            _ => {}
        }
    }
    fs::remove_file(path).map_err(|error| VaultError::io(path, &error))?;
    sync_folder(folder)
}

fn sync_folder(folder: &Path) -> Result<(), VaultError> {
    durable::sync_folder(Some(folder)).map_err(|error| VaultError::io(folder, &error))
}

fn write_since(path: &Path, since: Timestamp) -> Result<(), VaultError> {
    let text = format!("{SINCE_HEADER}\n{}\n", since.0);
    durable::write(path, text.as_bytes(), Readers::Owner).map_err(|error| VaultError::io(path, &error))
}

fn read_since(path: &Path) -> Result<Option<Timestamp>, VaultError> {
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(VaultError::io(path, &error)),
    };
    let since = text.strip_prefix(SINCE_HEADER).and_then(|rest| rest.trim().parse().ok().map(Timestamp));
    match since {
        Some(since) => Ok(Some(since)),
        None => Err(VaultError::KeyFileDamaged { path: path.display().to_string() }),
    }
}

//! The vault's epochs as the ledger moves them on: numbered by a decision, recorded by an event, then carried out.

use std::sync::atomic::Ordering;

use soticket_schema::Timestamp;

use super::error::VaultError;
use super::{EpochNumbers, Vault, rewrap};

impl Vault {
    /// Where the epochs stand, for a decision.
    pub fn epoch_numbers(&self) -> EpochNumbers {
        let next = self.decided_epoch.load(Ordering::Relaxed).saturating_add(1);
        EpochNumbers { next, oldest: self.slots.read().epochs.oldest() }
    }

    /// The number is given: an event says that this epoch begins. It is not durable yet.
    pub(crate) fn decided(&self, epoch: u32) {
        self.decided_epoch.fetch_max(epoch, Ordering::Relaxed);
    }

    /// A durable event says that this epoch begins: [`Self::turn`] has to follow.
    pub(crate) fn recorded(&self, epoch: u32) {
        self.decided_epoch.fetch_max(epoch, Ordering::Relaxed);
        self.recorded_epoch.fetch_max(epoch, Ordering::Relaxed);
    }

    /// Wraps all keys by the epoch that is recorded, unless they are already. Sales go on meanwhile.
    ///
    /// # Errors
    /// Files cannot be written: the process must stop, and its next start finishes what is left.
    pub fn turn(&self, now: Timestamp) -> Result<(), VaultError> {
        let _turning = self.turning.lock();
        let wanted = self.recorded_epoch.load(Ordering::Relaxed).max(self.slots.read().epochs.newest());
        let there = {
            let slots = self.slots.read();
            slots.epochs.newest() == wanted && !slots.need_rewrap()
        };
        if there { Ok(()) } else { rewrap::turn_to(wanted, &self.slots, &self.random, now) }
    }

    /// Destroys the keys of epochs that only backups from before `settled_by` need.
    ///
    /// # Errors
    /// Files cannot be written.
    pub fn destroy_epochs(&self, settled_by: Timestamp) -> Result<(), VaultError> {
        let _turning = self.turning.lock();
        let mut slots = self.slots.write();
        match slots.epochs.due(settled_by) {
            // A restored data folder may be wrapped by an earlier epoch again until it was turned.
            Some(before) if !slots.need_rewrap() => slots.epochs.destroy_before(before),
            _ => Ok(()),
        }
    }
}

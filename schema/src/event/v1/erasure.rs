//! Persons who were forgotten, and the keys that copies of their data were sealed with.

use bincode::{Decode, Encode};
use serde::{Deserialize, Serialize};

use crate::ids::SubjectRef;

/// Why a person was erased.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, Encode, Decode,
)]
pub enum ErasureReason {
    /// The person asked for it.
    Request,
    /// The time for which the data may be kept is over.
    RetentionOver,
    /// The person withdrew the consent that the data were kept by.
    ConsentWithdrawn,
    /// The data should never have been taken in.
    TakenInError,
}

/// A person is forgotten: their key in the vault is overwritten, and what was sealed with it is removed. Records go on
/// naming the reference, which stands for nobody any more.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct SubjectErased {
    /// The person.
    pub subject: SubjectRef,
    /// Why.
    pub reason: ErasureReason,
    /// Whether the person gave up valid tickets, cards, gift cards and vouchers.
    pub waived: bool,
}

/// The vault's keys are wrapped anew: the keys of persons who were erased before this event are in copies only, wrapped
/// by epochs below this one.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct VaultEpochBegun {
    /// Number of the epoch.
    pub epoch: u32,
}

/// The window of backups is over: the keys of every epoch below `before` are destroyed. Nothing opens the copies of
/// those any more who were erased before the epoch `before`, or an earlier one, was begun.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct VaultEpochsDestroyed {
    /// The oldest epoch that is left.
    pub before: u32,
}

//! What is asked about persons who are to be forgotten, and of the keys that their data were sealed with.

use bincode::Encode;
use serde::Serialize;

use crate::event::v1::ErasureReason;
use crate::ids::SubjectRef;

/// See [`super::CommandBody::EraseSubject`].
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Encode)]
pub struct EraseSubject {
    /// The person.
    pub subject: SubjectRef,
    /// Why.
    pub reason: ErasureReason,
    /// Whether the person gives up what only their codes open: tickets for shows to come, cards, gift cards and vouchers.
    pub waived: bool,
}

/// See [`super::CommandBody::BeginVaultEpoch`]. The number is the vault's.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Encode)]
pub struct BeginVaultEpoch {}

/// See [`super::CommandBody::RecordVaultEpochsDestroyed`]. Which keys are gone is the vault's to say.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Encode)]
pub struct RecordVaultEpochsDestroyed {}

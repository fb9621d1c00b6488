//! What is asked of the journal of double entries.

use bincode::Encode;
use serde::Serialize;

use crate::event::v1::AccountMapping;
use crate::hash::Hash;
use crate::ids::{ChannelId, ShowId};
use crate::money::Amount;
use crate::time::Timestamp;

/// See [`super::CommandBody::SetAccountMapping`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Encode)]
pub struct SetAccountMapping {
    /// All accounts, changed or not.
    pub mapping: AccountMapping,
    /// Entries of the commercial day that holds this instant are the first; of today if absent.
    pub valid_from: Option<Timestamp>,
}

/// See [`super::CommandBody::RecordRemittance`].
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Encode)]
pub struct RecordRemittance {
    /// The channel of the third party.
    pub channel: ChannelId,
    /// The show that it is for, if for one.
    pub show: Option<ShowId>,
    /// What came in; below zero for what went back.
    pub amount: Amount,
    /// When the bank booked it.
    pub received_at: Timestamp,
    /// BLAKE3 of the bank's reference.
    pub reference: Hash,
}

/// See [`super::CommandBody::LockJournal`].
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Encode)]
pub struct LockJournal {
    /// The last day is the commercial day that holds this instant.
    pub through: Timestamp,
}

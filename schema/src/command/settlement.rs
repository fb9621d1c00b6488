//! What is asked of settlements.

use bincode::Encode;
use bincode::enc::Encoder;
use bincode::error::EncodeError;
use serde::Serialize;

use crate::event::v1::{SettledLine, SettlementFile};
use crate::hash::Hash;
use crate::ids::{MethodId, PartyId, SettlementId, ShowId};
use crate::money::Amount;

/// See [`super::CommandBody::SealSettlement`]. What is sealed was worked out from the log up to a position; the decision
/// checks what it can of it, and whoever has the log can work it out again.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct SealSettlement {
    /// The show.
    pub show: ShowId,
    /// The version that this is to be: 1, or one more than the last that was sealed.
    pub version: u32,
    /// Version of the show's deal that it was worked out by.
    pub deal_version: u32,
    /// Version of the rules that calculate.
    pub calculation: u16,
    /// Position of the last event taken into account.
    pub position: u64,
    /// Hash of that event.
    pub head: Hash,
    /// BLAKE3 of the statement's canonical JSON.
    pub statement: Hash,
    /// All lines, in order.
    pub lines: Vec<SettledLine>,
    /// Files of it that are given out and kept already.
    pub files: Vec<SettlementFile>,
    /// ISO 639-1 code of the language that they are asked for in; empty for French.
    pub language: String,
}

/// What the caller asks is to seal this version of the show's settlement, with files in a language: asked again with the
/// same key it is the same command, whatever would be worked out by then.
impl Encode for SealSettlement {
    fn encode<E: Encoder>(&self, encoder: &mut E) -> Result<(), EncodeError> {
        (self.show, self.version).encode(encoder)?;
        // Nothing for French: the bytes of commands from before there were languages.
        if self.language.is_empty() { Ok(()) } else { self.language.encode(encoder) }
    }
}

/// See [`super::CommandBody::KeepSettlementFiles`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Encode)]
pub struct KeepSettlementFiles {
    /// The settlement.
    pub settlement: SettlementId,
    /// Its version; files of earlier ones may still be kept.
    pub version: u32,
    /// The files.
    pub files: Vec<SettlementFile>,
}

/// See [`super::CommandBody::SignOffSettlement`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Encode)]
pub struct SignOffSettlement {
    /// The settlement.
    pub settlement: SettlementId,
    /// Its version: the last that was sealed.
    pub version: u32,
    /// Who; none for the organisation.
    pub party: Option<PartyId>,
    /// BLAKE3 of the signed document, if there is one.
    pub document: Option<Hash>,
}

/// See [`super::CommandBody::PaySettlement`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Encode)]
pub struct PaySettlement {
    /// The settlement.
    pub settlement: SettlementId,
    /// Its version: the last that was sealed.
    pub version: u32,
    /// The party.
    pub party: PartyId,
    /// How much, with VAT; below zero for what the party paid back.
    pub amount: Amount,
    /// How.
    pub method: MethodId,
    /// Reference of the transfer.
    pub reference: String,
}

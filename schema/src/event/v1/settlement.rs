//! Settlements (décomptes) as they were sealed.

use bincode::{Decode, Encode};
use serde::{Deserialize, Serialize};

use crate::hash::Hash;
use crate::ids::{ChannelId, DealId, MethodId, PartyId, SettlementId, ShowId};
use crate::money::{Amount, Rate};

/// What a line of a settlement is, to whoever posts it to accounts.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, Encode, Decode,
)]
pub enum SettledRole {
    /// Receipts of the show.
    Receipts,
    /// A tax owed to the party, such as the CNM's on live shows.
    Levy,
    /// Royalties owed to the party.
    Royalty,
    /// What is owed beside royalties and is no expense for rights, such as the diffuser's contribution.
    Contribution,
    /// A commission that the channel's operator keeps back from what it remits.
    Commission,
    /// What card payments and their provider cost.
    PaymentCost,
    /// A cost of the show, with a voucher of its own.
    Cost,
    /// What the party earns: guarantee and share together.
    Share,
    /// What stays with the organisation.
    Own,
    /// A figure on the way, posted nowhere.
    Subtotal,
}

/// One line. Costs, taxes and shares are positive amounts: the role says which way they go.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct SettledLine {
    /// Name of the deal's step.
    pub step: String,
    /// What it is.
    pub role: SettledRole,
    /// Whom it is owed to, if a party.
    pub party: Option<PartyId>,
    /// The channel that it comes from, if one.
    pub channel: Option<ChannelId>,
    /// What it was worked out on.
    pub basis: Amount,
    /// Share of the basis; 0 for what is no share.
    pub rate: Rate,
    /// Without VAT.
    pub net: Amount,
    /// VAT rate; 0 for what bears none.
    pub vat_rate: Rate,
    /// VAT.
    pub vat: Amount,
}

/// A settlement is fixed. What changes later goes into the next version, an amendment.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct SettlementSealed {
    /// Its number.
    pub settlement: SettlementId,
    /// 1, and one more for each amendment.
    pub version: u32,
    /// The show.
    pub show: ShowId,
    /// The deal.
    pub deal: DealId,
    /// Version of the deal.
    pub deal_version: u32,
    /// Version of the rules that calculate.
    pub calculation: u16,
    /// Position of the last event taken into account.
    pub position: u64,
    /// Hash of that event.
    pub head: Hash,
    /// BLAKE3 of the statement's canonical JSON.
    pub statement: Hash,
    /// All lines, in order: the whole settlement, not only what an amendment changes.
    pub lines: Vec<SettledLine>,
}

/// What a file of a settlement is.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, Encode, Decode,
)]
pub enum SettlementFileKind {
    /// The canonical JSON statement.
    Json,
    /// Printed pages.
    Pdf,
    /// A workbook.
    Xlsx,
    /// A list.
    Csv,
    /// What a party sent back, such as the signed statement.
    Signed,
}

/// A file that was given out or taken in, kept under its hash.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct SettlementFile {
    /// What it is.
    pub kind: SettlementFileKind,
    /// BLAKE3 of its bytes: what it is kept under.
    pub hash: Hash,
    /// Its length in bytes.
    pub bytes: u64,
}

/// Files of a sealed settlement are kept.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct SettlementFilesKept {
    /// The settlement.
    pub settlement: SettlementId,
    /// Its version.
    pub version: u32,
    /// The show.
    pub show: ShowId,
    /// The files.
    pub files: Vec<SettlementFile>,
}

/// A party, or the organisation, agrees to a sealed settlement.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct SettlementSignedOff {
    /// The settlement.
    pub settlement: SettlementId,
    /// Its version.
    pub version: u32,
    /// The show.
    pub show: ShowId,
    /// Who; none for the organisation.
    pub party: Option<PartyId>,
    /// BLAKE3 of the signed document, if there is one.
    pub document: Option<Hash>,
}

/// Money of a sealed settlement was paid to a party, or by it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct SettlementPaid {
    /// The settlement.
    pub settlement: SettlementId,
    /// Its version.
    pub version: u32,
    /// The show.
    pub show: ShowId,
    /// The party.
    pub party: PartyId,
    /// How much, with VAT; below zero for what the party paid back.
    pub amount: Amount,
    /// How.
    pub method: MethodId,
    /// Reference of the transfer, such as the bank's.
    pub reference: String,
}

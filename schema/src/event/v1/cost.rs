//! Costs of shows, and advances paid to parties before the settlement.

use bincode::{Decode, Encode};
use serde::{Deserialize, Serialize};

use crate::hash::Hash;
use crate::ids::{AdvanceId, CostId, MethodId, PartyId, ShowId};
use crate::money::{Amount, Rate};

/// The document behind a cost or an advance.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct Voucher {
    /// Its number in the books, such as `F-2026-118`; no text about people.
    pub reference: String,
    /// BLAKE3 of its file, if there is one.
    pub file: Option<Hash>,
}

/// A cost, as its voucher says.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct CostTerms {
    /// Its category by key, such as `technical`.
    pub category: String,
    /// Without VAT.
    pub net: Amount,
    /// VAT rate.
    pub vat_rate: Rate,
    /// VAT as the voucher states it.
    pub vat: Amount,
    /// Who supplied it, if that is a party.
    pub supplier: Option<PartyId>,
    /// The party that has borne it; none for the organisation.
    pub borne_by: Option<PartyId>,
    /// The document.
    pub voucher: Voucher,
}

/// A show has this cost.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct CostRecorded {
    /// Its number.
    pub cost: CostId,
    /// The show.
    pub show: ShowId,
    /// What it is.
    pub terms: CostTerms,
}

/// A cost was recorded in error, or is another: it counts no more.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct CostWithdrawn {
    /// The cost.
    pub cost: CostId,
    /// Its show.
    pub show: ShowId,
}

/// Money was paid to a party on account of its settlement.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct AdvanceRecorded {
    /// Its number.
    pub advance: AdvanceId,
    /// The show.
    pub show: ShowId,
    /// The party.
    pub party: PartyId,
    /// How much, with VAT.
    pub amount: Amount,
    /// How.
    pub method: MethodId,
    /// The document.
    pub voucher: Voucher,
}

/// An advance was recorded in error, or came back: it counts no more.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct AdvanceWithdrawn {
    /// The advance.
    pub advance: AdvanceId,
    /// Its show.
    pub show: ShowId,
}

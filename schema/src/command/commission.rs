//! What is asked of commissions and the parties that earn them.

use bincode::Encode;
use serde::Serialize;

use crate::event::v1::CommissionTerms;
use crate::ids::CommissionId;
use crate::money::Rate;
use crate::time::Timestamp;

/// See [`super::CommandBody::RegisterParty`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Encode)]
pub struct RegisterParty {
    /// Its name.
    pub name: String,
    /// SIRET number, or empty.
    pub siret: String,
    /// VAT number, or empty.
    pub vat_number: String,
}

/// See [`super::CommandBody::DefineCommission`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Encode)]
pub struct DefineCommission {
    /// Its terms.
    pub terms: CommissionTerms,
    /// First instant of a sale that it is charged on; now if absent.
    pub valid_from: Option<Timestamp>,
    /// From when on it is charged no more, if known.
    pub valid_until: Option<Timestamp>,
}

/// See [`super::CommandBody::ChangeCommission`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Encode)]
pub struct ChangeCommission {
    /// The commission.
    pub commission: CommissionId,
    /// All terms, changed or not.
    pub terms: CommissionTerms,
    /// First instant of a sale that these are charged on; now if absent.
    pub valid_from: Option<Timestamp>,
    /// From when on they are charged no more, if known.
    pub valid_until: Option<Timestamp>,
}

/// See [`super::CommandBody::EndCommission`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Encode)]
pub struct EndCommission {
    /// The commission.
    pub commission: CommissionId,
    /// First instant of a sale that it is not charged on; now if absent.
    pub valid_until: Option<Timestamp>,
}

/// See [`super::CommandBody::SetCommissionCap`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Encode)]
pub struct SetCommissionCap {
    /// Share of the face price.
    pub cap: Rate,
}

//! What is asked of deals, of what they need, and of works whose performances are counted.

use bincode::Encode;
use serde::Serialize;

use crate::event::v1::{CostTerms, DealTerms, Voucher};
use crate::ids::{AdvanceId, CostId, DealId, MethodId, PartyId, ShowId, WorkId};
use crate::money::{Amount, Rate};
use crate::time::Timestamp;

/// See [`super::CommandBody::AgreeDeal`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Encode)]
pub struct AgreeDeal {
    /// The shows, each of which gets a deal of its own with these terms.
    pub shows: Vec<ShowId>,
    /// The terms.
    pub terms: DealTerms,
}

/// See [`super::CommandBody::ChangeDeal`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Encode)]
pub struct ChangeDeal {
    /// The deal.
    pub deal: DealId,
    /// The version that it is to become: one more than the present one.
    pub version: u32,
    /// All terms, changed or not.
    pub terms: DealTerms,
}

/// See [`super::CommandBody::RecordCost`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Encode)]
pub struct RecordCost {
    /// The show.
    pub show: ShowId,
    /// The cost.
    pub terms: CostTerms,
}

/// See [`super::CommandBody::WithdrawCost`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Encode)]
pub struct WithdrawCost {
    /// The cost.
    pub cost: CostId,
}

/// See [`super::CommandBody::RecordAdvance`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Encode)]
pub struct RecordAdvance {
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

/// See [`super::CommandBody::WithdrawAdvance`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Encode)]
pub struct WithdrawAdvance {
    /// The advance.
    pub advance: AdvanceId,
}

/// See [`super::CommandBody::SetDatedRate`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Encode)]
pub struct SetDatedRate {
    /// Its key.
    pub key: String,
    /// Tax territory as shows name it; empty for all.
    pub territory: String,
    /// The rate.
    pub rate: Rate,
    /// First begin of a show that it holds for.
    pub valid_from: Timestamp,
    /// From when on it holds no more, if known.
    pub valid_until: Option<Timestamp>,
    /// Where it is from.
    pub source: String,
}

/// See [`super::CommandBody::RegisterWork`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Encode)]
pub struct RegisterWork {
    /// Its title.
    pub title: String,
    /// Paid performances given before the first that this log knows.
    pub performances_before: u32,
    /// What proves them; empty for none.
    pub source: String,
}

/// See [`super::CommandBody::SetShowWork`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Encode)]
pub struct SetShowWork {
    /// The show.
    pub show: ShowId,
    /// The work; none for none.
    pub work: Option<WorkId>,
}

//! What is known of deals.

use serde::{Deserialize, Serialize};
use soticket_schema::event::v1::{
    AdvanceRecorded, CostTerms, DealAgreed, DealChanged, DealTerms, SettlementFile, SettlementPaid,
    SettlementSealed,
};
use soticket_schema::{Amount, CostId, DealId, Hash, PartyId, ShowId, Timestamp, WorkId};

/// The deal of a show, what its settlement needs besides sales, and what was sealed.
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShowDeal {
    /// The deal's number; none while nothing is agreed.
    pub deal: Option<DealId>,
    /// Its versions, from 1.
    pub versions: Vec<DealVersion>,
    /// Costs, in the order of their recording, withdrawn ones too.
    pub costs: Vec<Cost>,
    /// Advances, likewise.
    pub advances: Vec<Advance>,
    /// Sealed versions of the settlement, oldest first.
    pub settlements: Vec<SealedSettlement>,
    /// What was paid of it.
    pub payments: Vec<SettlementPayment>,
}

/// One version of a deal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DealVersion {
    /// Number, from 1.
    pub version: u32,
    /// Position of its event.
    pub position: u64,
    /// Its terms.
    pub terms: DealTerms,
}

/// A cost.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cost {
    /// Its number.
    pub cost: CostId,
    /// Position of its event.
    pub position: u64,
    /// When it arose.
    pub at: Timestamp,
    /// What it is.
    pub terms: CostTerms,
    /// Position of the event that withdrew it.
    pub withdrawn: Option<u64>,
}

/// An advance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Advance {
    /// Position of its event.
    pub position: u64,
    /// When it was paid.
    pub at: Timestamp,
    /// What it is.
    pub recorded: AdvanceRecorded,
    /// Position of the event that withdrew it.
    pub withdrawn: Option<u64>,
}

/// One sealed version of a settlement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SealedSettlement {
    /// Position of its event.
    pub position: u64,
    /// When it was sealed.
    pub at: Timestamp,
    /// What was sealed.
    pub sealed: SettlementSealed,
    /// Files that are kept of it.
    pub files: Vec<SettlementFile>,
    /// Who has signed it off.
    pub signed: Vec<SignOff>,
}

/// That someone agreed to a sealed settlement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignOff {
    /// Who; none for the organisation.
    pub party: Option<PartyId>,
    /// When.
    pub at: Timestamp,
    /// Hash of the signed document.
    pub document: Option<Hash>,
}

/// Money of a settlement that was paid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettlementPayment {
    /// Position of its event.
    pub position: u64,
    /// When it was paid.
    pub at: Timestamp,
    /// What was paid.
    pub paid: SettlementPaid,
}

/// A work whose performances are counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkView {
    /// Its number.
    pub work: WorkId,
    /// Its title.
    pub title: String,
    /// Paid performances before those of this log.
    pub performances_before: u32,
    /// What proves them.
    pub source: String,
    /// Its shows that were not called off, by their begin.
    pub shows: Vec<ShowId>,
}

impl ShowDeal {
    /// The present version.
    pub fn current(&self) -> Option<&DealVersion> {
        self.versions.last()
    }

    /// The version of this number.
    pub fn version(&self, version: u32) -> Option<&DealVersion> {
        self.versions.iter().find(|known| known.version == version)
    }

    /// Costs that count.
    pub fn valid_costs(&self) -> impl Iterator<Item = &Cost> {
        self.costs.iter().filter(|cost| cost.withdrawn.is_none())
    }

    /// Advances that count.
    pub fn valid_advances(&self) -> impl Iterator<Item = &Advance> {
        self.advances.iter().filter(|advance| advance.withdrawn.is_none())
    }

    /// The sealed version of this number.
    pub fn sealed(&self, version: u32) -> Option<&SealedSettlement> {
        self.settlements.iter().find(|known| known.sealed.version == version)
    }

    /// What was paid to a party, over all versions.
    pub fn paid_to(&self, party: PartyId) -> Amount {
        let to = self.payments.iter().filter(|payment| payment.paid.party == party);
        to.map(|payment| payment.paid.amount).sum()
    }

    pub(super) fn agreed(&mut self, position: u64, event: &DealAgreed) {
        if self.deal.is_none() {
            self.deal = Some(event.deal);
            self.versions.push(DealVersion { version: 1, position, terms: event.terms.clone() });
        }
    }

    pub(super) fn changed(&mut self, position: u64, event: &DealChanged) {
        if self.deal == Some(event.deal) {
            let (version, terms) = (event.version, event.terms.clone());
            self.versions.push(DealVersion { version, position, terms });
        }
    }
}

//! What decisions know of deals and settlements. Terms bind no decision: they are in the log, and read models have them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use soticket_schema::event::v1::{
    AdvanceRecorded, CostRecorded, DealAgreed, DealChanged, SettlementSealed, SettlementSignedOff,
    WorkRegistered,
};
use soticket_schema::{AdvanceId, CostId, DealId, Event, Hash, PartyId, SettlementId, ShowId, WorkId};

use super::dense::Dense;
use super::organisation::Counter;
use crate::law::OwnRates;

/// A deal.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Deal {
    pub(crate) show: ShowId,
    pub(crate) version: u32,
}

/// A cost or an advance.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Recorded {
    pub(crate) show: ShowId,
    pub(crate) withdrawn: bool,
}

/// A settlement, by the last version that was sealed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Sealed {
    pub(crate) show: ShowId,
    pub(crate) version: u32,
    pub(crate) position: u64,
    pub(crate) statement: Hash,
    /// Parties of its lines, in any version: who was paid may have to pay back.
    pub(crate) parties: Vec<PartyId>,
    /// Who signed the last version off; none for the organisation.
    pub(crate) signed: Vec<Option<PartyId>>,
}

/// All deals and what they need.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Deals {
    deals: Dense<Deal>,
    costs: Dense<Recorded>,
    advances: Dense<Recorded>,
    settlements: Dense<Sealed>,
    of_shows: BTreeMap<ShowId, OfShow>,
    pub(crate) works: Counter,
    pub(crate) rates: OwnRates,
}

/// What a show has.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
struct OfShow {
    deal: Option<DealId>,
    settlement: Option<SettlementId>,
    /// Position of the last event that said what a settlement rests on besides sales.
    touched: u64,
}

impl Deals {
    pub(crate) fn next_deal(&self) -> DealId {
        DealId(self.deals.next_u32())
    }

    pub(crate) fn next_cost(&self) -> CostId {
        CostId(self.costs.next())
    }

    pub(crate) fn next_advance(&self) -> AdvanceId {
        AdvanceId(self.advances.next())
    }

    pub(crate) fn next_settlement(&self) -> SettlementId {
        SettlementId(self.settlements.next())
    }

    pub(crate) fn next_work(&self) -> WorkId {
        WorkId(self.works.next())
    }

    pub(crate) fn deal(&self, deal: DealId) -> Option<&Deal> {
        self.deals.get(deal.0)
    }

    pub(crate) fn deal_of(&self, show: ShowId) -> Option<(DealId, &Deal)> {
        let deal = self.of_shows.get(&show)?.deal?;
        Some((deal, self.deal(deal)?))
    }

    pub(crate) fn cost(&self, cost: CostId) -> Option<&Recorded> {
        self.costs.get(cost.0)
    }

    pub(crate) fn advance(&self, advance: AdvanceId) -> Option<&Recorded> {
        self.advances.get(advance.0)
    }

    pub(crate) fn settlement(&self, settlement: SettlementId) -> Option<&Sealed> {
        self.settlements.get(settlement.0)
    }

    pub(crate) fn settlement_of(&self, show: ShowId) -> Option<(SettlementId, &Sealed)> {
        let settlement = self.of_shows.get(&show)?.settlement?;
        Some((settlement, self.settlement(settlement)?))
    }

    /// The earliest position that a settlement of the show can have been worked out at.
    pub(crate) fn touched(&self, show: ShowId) -> u64 {
        let rates = self.rates.all().last().map_or(0, |own| own.position);
        self.of_shows.get(&show).map_or(0, |of| of.touched).max(rates)
    }

    pub(super) fn note(&mut self, position: u64, event: &Event) {
        match event {
            Event::DealAgreed(event) => self.agreed(position, event),
            Event::DealChanged(event) => self.changed(position, event),
            Event::CostRecorded(event) => self.cost_recorded(position, event),
            Event::CostWithdrawn(event) => {
                withdraw(self.costs.get_mut(event.cost.0));
                self.touch(event.show, position);
            }
            Event::AdvanceRecorded(event) => self.advance_recorded(position, event),
            Event::AdvanceWithdrawn(event) => {
                withdraw(self.advances.get_mut(event.advance.0));
                self.touch(event.show, position);
            }
            Event::DatedRateSet(event) => self.rates.set(position, event),
            Event::WorkRegistered(WorkRegistered { work, .. }) => self.works.take(work.0),
            Event::SettlementSealed(event) => self.sealed(event),
            Event::SettlementSignedOff(event) => self.signed_off(event),
            _ => {}
        }
    }

    fn touch(&mut self, show: ShowId, position: u64) -> &mut OfShow {
        let of = self.of_shows.entry(show).or_default();
        of.touched = position;
        of
    }

    fn agreed(&mut self, position: u64, event: &DealAgreed) {
        if self.deals.push(event.deal.0, Deal { show: event.show, version: 1 }) {
            self.touch(event.show, position).deal.get_or_insert(event.deal);
        }
    }

    fn changed(&mut self, position: u64, event: &DealChanged) {
        if let Some(deal) = self.deals.get_mut(event.deal.0) {
            deal.version = event.version;
            self.touch(event.show, position);
        }
    }

    fn cost_recorded(&mut self, position: u64, event: &CostRecorded) {
        if self.costs.push(event.cost.0, Recorded { show: event.show, withdrawn: false }) {
            self.touch(event.show, position);
        }
    }

    fn advance_recorded(&mut self, position: u64, event: &AdvanceRecorded) {
        if self.advances.push(event.advance.0, Recorded { show: event.show, withdrawn: false }) {
            self.touch(event.show, position);
        }
    }

    fn sealed(&mut self, event: &SettlementSealed) {
        if self.settlements.get(event.settlement.0).is_none() {
            let sealed = Sealed {
                show: event.show,
                version: 0,
                position: 0,
                statement: Hash::default(),
                parties: Vec::new(),
                signed: Vec::new(),
            };
            if !self.settlements.push(event.settlement.0, sealed) {
                return;
            }
            self.of_shows.entry(event.show).or_default().settlement.get_or_insert(event.settlement);
        }
        let Some(sealed) = self.settlements.get_mut(event.settlement.0) else { return };
        (sealed.version, sealed.position, sealed.statement) =
            (event.version, event.position, event.statement);
        sealed.signed.clear();
        for party in event.lines.iter().filter_map(|line| line.party) {
            if let Err(place) = sealed.parties.binary_search(&party) {
                sealed.parties.insert(place, party);
            }
        }
    }

    fn signed_off(&mut self, event: &SettlementSignedOff) {
        if let Some(sealed) = self.settlements.get_mut(event.settlement.0)
            && sealed.version == event.version
            && !sealed.signed.contains(&event.party)
        {
            sealed.signed.push(event.party);
        }
    }
}

fn withdraw(recorded: Option<&mut Recorded>) {
    if let Some(recorded) = recorded {
        recorded.withdrawn = true;
    }
}

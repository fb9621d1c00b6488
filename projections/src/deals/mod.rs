//! Deals of shows: terms in all versions, costs, advances, dated rates, and settlements as they were sealed.
//!
//! The settlement itself is no state: [`evaluate`] works it out from the terms, the show's figures and what is here.

mod compare;
mod evaluate;
mod files;
mod rederive;
mod statement;
#[cfg(test)]
mod tests;
pub mod text;
mod view;
mod works;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use soticket_ledger::Entry;
use soticket_ledger::law::OwnRates;
use soticket_schema::event::v1::{
    SettlementFilesKept, SettlementPaid, SettlementSealed, SettlementSignedOff,
};
use soticket_schema::{CostId, DealId, Event, PartyId, ShowId, Timestamp};

pub use self::compare::{ComparedLine, compare};
pub use self::evaluate::{
    EvaluatedLine, EvaluatedStep, Evaluation, EvaluationError, Evidence, Input, LineOf, UsedRate, evaluate,
};
pub use self::files::{FileOf, NamedFile};
pub use self::rederive::{Rederivation, Rederived, Seal, SealFault, rederive};
pub use self::statement::{CALCULATION, Draft, DraftError, PartyBalance, draft, sealed_lines};
pub use self::view::*;
pub use self::works::Performance;
use self::works::Works;
use crate::partition::{OWN, PartitionKey, Partitions, Projection, decode, encode};

/// Deals of shows.
#[derive(Debug, Default)]
pub struct Deals {
    own: Own,
    shows: Partitions<ShowDeal>,
}

/// What belongs to no single show.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Own {
    rates: OwnRates,
    parties: BTreeMap<PartyId, String>,
    works: Works,
    /// Which show a deal is of.
    deals: BTreeMap<DealId, ShowId>,
}

const SHOWS: u8 = 1;

impl Projection for Deals {
    const NAME: &'static str = "deals";
    const VERSION: u16 = 1;

    fn fold(&mut self, entry: &Entry) {
        let position = entry.envelope.position;
        match &entry.event {
            Event::PartyRegistered(event) => {
                self.own.parties.entry(event.party).or_insert_with(|| event.name.clone());
            }
            Event::DatedRateSet(event) => self.own.rates.set(position, event),
            Event::WorkRegistered(event) => self.own.works.registered(event),
            Event::ShowWorkSet(event) => self.own.works.set(event),
            Event::ShowScheduled(event) => {
                self.own.works.scheduled(event.show, event.starts_at);
                self.shows.add(event.show.0, ShowDeal::default);
            }
            Event::ShowPostponed(event) => self.own.works.scheduled(event.show, event.starts_at),
            Event::ShowCancelled(event) => self.own.works.cancelled(event.show),
            Event::DealAgreed(event) => {
                self.own.deals.entry(event.deal).or_insert(event.show);
                self.change(event.show, |show| show.agreed(position, event));
            }
            event => self.fold_show(event, entry),
        }
    }

    fn save(&self, out: &mut dyn FnMut(PartitionKey, Vec<u8>)) {
        out(OWN, encode(&self.own));
        self.shows.save(SHOWS, out);
    }

    fn load(&mut self, key: PartitionKey, bytes: &[u8]) -> Option<()> {
        match key {
            OWN => self.own = decode(bytes)?,
            PartitionKey { family: SHOWS, id } => self.shows.load(id, bytes).map(|_| ())?,
            _ => return None,
        }
        Some(())
    }
}

impl Deals {
    fn change(&mut self, show: ShowId, change: impl FnOnce(&mut ShowDeal)) {
        if let Some(show) = self.shows.get_mut(show.0) {
            change(show);
        }
    }

    fn fold_show(&mut self, event: &Event, entry: &Entry) {
        let (position, at) = (entry.envelope.position, entry.envelope.occurred_at);
        match event {
            Event::DealChanged(event) => self.change(event.show, |show| show.changed(position, event)),
            Event::CostRecorded(event) => self.change(event.show, |show| {
                let (cost, terms) = (event.cost, event.terms.clone());
                show.costs.push(Cost { cost, position, at, terms, withdrawn: None });
            }),
            Event::CostWithdrawn(event) => {
                self.change(event.show, |show| show.withdraw_cost(event.cost, position));
            }
            Event::AdvanceRecorded(event) => self.change(event.show, |show| {
                show.advances.push(Advance { position, at, recorded: event.clone(), withdrawn: None });
            }),
            Event::AdvanceWithdrawn(event) => self.change(event.show, |show| {
                let found = show.advances.iter_mut().find(|known| known.recorded.advance == event.advance);
                found.into_iter().for_each(|known| known.withdrawn = Some(position));
            }),
            Event::SettlementSealed(event) => self.change(event.show, |show| {
                show.settlements.push(SealedSettlement::new(position, at, event.clone()));
            }),
            Event::SettlementFilesKept(event) => self.change(event.show, |show| show.kept(event)),
            Event::SettlementSignedOff(event) => self.change(event.show, |show| show.signed(at, event)),
            Event::SettlementPaid(event) => self.change(event.show, |show| show.paid(position, at, event)),
            _ => {}
        }
    }

    /// What is known of a show's deal; none when it was never scheduled.
    pub fn show(&self, show: ShowId) -> Option<&ShowDeal> {
        self.shows.get(show.0)
    }

    /// The show of a deal.
    pub fn show_of(&self, deal: DealId) -> Option<ShowId> {
        self.own.deals.get(&deal).copied()
    }

    /// Name of a party.
    pub fn party(&self, party: PartyId) -> Option<&str> {
        self.own.parties.get(&party).map(String::as_str)
    }

    /// The rates that the organisation has set.
    pub fn rates(&self) -> &OwnRates {
        &self.own.rates
    }

    /// Which performance of its work a show is; none if it performs no work that is counted.
    pub fn performance(&self, show: ShowId) -> Option<Performance> {
        self.own.works.performance(show)
    }

    /// Works whose performances are counted, by number: title, performances before, and shows by their begin.
    pub fn works(&self) -> Vec<WorkView> {
        self.own.works.all()
    }
}

impl ShowDeal {
    fn withdraw_cost(&mut self, cost: CostId, position: u64) {
        let found = self.costs.iter_mut().find(|known| known.cost == cost);
        found.into_iter().for_each(|known| known.withdrawn = Some(position));
    }

    fn version_mut(&mut self, version: u32) -> Option<&mut SealedSettlement> {
        self.settlements.iter_mut().find(|known| known.sealed.version == version)
    }

    fn kept(&mut self, event: &SettlementFilesKept) {
        if let Some(version) = self.version_mut(event.version) {
            for file in &event.files {
                if !version.files.contains(file) {
                    version.files.push(*file);
                }
            }
        }
    }

    fn signed(&mut self, at: Timestamp, event: &SettlementSignedOff) {
        if let Some(version) = self.version_mut(event.version) {
            version.signed.push(SignOff { party: event.party, at, document: event.document });
        }
    }

    fn paid(&mut self, position: u64, at: Timestamp, event: &SettlementPaid) {
        self.payments.push(SettlementPayment { position, at, paid: event.clone() });
    }
}

impl SealedSettlement {
    fn new(position: u64, at: Timestamp, sealed: SettlementSealed) -> Self {
        Self { position, at, sealed, files: Vec::new(), signed: Vec::new() }
    }
}

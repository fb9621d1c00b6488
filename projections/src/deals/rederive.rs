//! Sealed settlements worked out anew from the events that they were sealed on: whoever has the log can do it.

use soticket_ledger::Entry;
use soticket_schema::event::v1::{SettledLine, SettlementSealed};
use soticket_schema::{Event, Hash, ShowId};

use super::{CALCULATION, Deals, OwnRates, ShowDeal, draft};
use crate::event;
use crate::index::is_definition;
use crate::partition::Projection;
use crate::settlement::{Settlement, ShowFigures};

/// What the event of a seal says, and where it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seal {
    /// Position of the event.
    pub position: u64,
    /// What was sealed.
    pub sealed: SettlementSealed,
}

/// What became of working a sealed settlement out anew.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rederived {
    /// It is what was sealed, to the last figure.
    Equal,
    /// It was sealed by other rules of calculation than this program has, which cannot be compared.
    OtherCalculation(u16),
    /// It is not what was sealed.
    Differs(SealFault),
}

/// In what a sealed settlement is not the one that the events give.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SealFault {
    /// There is no settlement of the show at that position.
    #[error("SETTLEMENT_UNFOUNDED: the events up to {position} give no settlement: {reason}")]
    Unfounded {
        /// The position that the seal states.
        position: u64,
        /// What is missing.
        reason: String,
    },
    /// The record at the stated position has another hash.
    #[error(
        "SETTLEMENT_HEAD: it was worked out on record {position} with hash {sealed}, which has {found} here"
    )]
    Head {
        /// The position that the seal states.
        position: u64,
        /// The hash that the seal states.
        sealed: Hash,
        /// The hash of that record.
        found: Hash,
    },
    /// The version of the settlement or of the deal is another one.
    #[error("SETTLEMENT_VERSION: it is version {found}, sealed is version {sealed}")]
    Version {
        /// As sealed: of the settlement and of the deal.
        sealed: String,
        /// As the events have it.
        found: String,
    },
    /// A line is another one.
    #[error("SETTLEMENT_LINE: line {line} is {found}, sealed is {sealed}")]
    Line {
        /// Number of the line, from 1.
        line: usize,
        /// As sealed.
        sealed: String,
        /// As worked out anew.
        found: String,
    },
    /// The figures are the same, the statement around them is not.
    #[error(
        "SETTLEMENT_STATEMENT: the statement has hash {found} with the rates that this program brings, sealed is {sealed}"
    )]
    Statement {
        /// As sealed.
        sealed: Hash,
        /// As worked out anew.
        found: Hash,
    },
}

/// Compares a seal with what the state at the position that it names gives. Pure: `head` is the hash of the record at
/// that position.
pub fn rederive(
    sealed: &SettlementSealed,
    deal: Option<&ShowDeal>,
    figures: Option<&ShowFigures>,
    rates: &OwnRates,
    head: Hash,
) -> Rederived {
    if sealed.head != head {
        let (position, sealed) = (sealed.position, sealed.head);
        return Rederived::Differs(SealFault::Head { position, sealed, found: head });
    }
    if sealed.calculation != CALCULATION {
        return Rederived::OtherCalculation(sealed.calculation);
    }
    match fault(sealed, deal, figures, rates) {
        Some(fault) => Rederived::Differs(fault),
        None => Rederived::Equal,
    }
}

fn fault(
    sealed: &SettlementSealed,
    deal: Option<&ShowDeal>,
    figures: Option<&ShowFigures>,
    rates: &OwnRates,
) -> Option<SealFault> {
    let unfounded = |reason: String| Some(SealFault::Unfounded { position: sealed.position, reason });
    let Some((deal, figures)) = deal.zip(figures) else {
        return unfounded(format!("show {} is not known there", sealed.show));
    };
    let anew = match draft(deal, figures, rates) {
        Ok(anew) => anew,
        Err(error) => return unfounded(error.to_string()),
    };
    let versions = |version: u32, deal: u32| format!("{version} by version {deal} of the deal");
    if (sealed.version, sealed.deal_version, Some(sealed.deal))
        != (anew.version, anew.deal_version, deal.deal)
    {
        return Some(SealFault::Version {
            sealed: versions(sealed.version, sealed.deal_version),
            found: versions(anew.version, anew.deal_version),
        });
    }
    if let Some(line) = different_line(&sealed.lines, &anew.lines) {
        let at = |lines: &[SettledLine]| lines.get(line).map_or("absent".to_owned(), line_text);
        let (sealed, found) = (at(&sealed.lines), at(&anew.lines));
        return Some(SealFault::Line { line: line + 1, sealed, found });
    }
    (sealed.statement != anew.statement)
        .then_some(SealFault::Statement { sealed: sealed.statement, found: anew.statement })
}

/// The first line that is not the same.
fn different_line(sealed: &[SettledLine], anew: &[SettledLine]) -> Option<usize> {
    let longest = sealed.len().max(anew.len());
    (0..longest).find(|line| sealed.get(*line) != anew.get(*line))
}

fn line_text(line: &SettledLine) -> String {
    let SettledLine { step, party, basis, rate, net, vat_rate, vat, .. } = line;
    let party = party.map_or(String::new(), |party| format!(" to party {party}"));
    format!(
        "{step}{party}: basis {}, rate {}, net {}, VAT {} at {} (minor units, per cent)",
        basis.0,
        rate.percent(),
        net.0,
        vat.0,
        vat_rate.percent()
    )
}

/// Goes through a log's events in order and compares every seal at the position that it names. Holds only the shows that
/// were sealed, whatever else is in the log.
#[derive(Debug)]
pub struct Rederivation {
    /// Seals that are still to come, the last first.
    waiting: Vec<Seal>,
    shows: Vec<ShowId>,
    deals: Deals,
    settlement: Settlement,
    results: Vec<(Seal, Rederived)>,
}

impl Rederivation {
    /// Of these seals of one log.
    pub fn new(mut seals: Vec<Seal>) -> Self {
        seals.sort_by_key(|seal| std::cmp::Reverse((seal.sealed.position, seal.position)));
        let mut shows: Vec<ShowId> = seals.iter().map(|seal| seal.sealed.show).collect();
        shows.sort_unstable();
        shows.dedup();
        let (deals, settlement, results) = (Deals::default(), Settlement::default(), Vec::new());
        Self { waiting: seals, shows, deals, settlement, results }
    }

    /// Whether there are seals that need further events.
    pub fn is_waiting(&self) -> bool {
        !self.waiting.is_empty()
    }

    /// Takes the next event of the log.
    pub fn take(&mut self, entry: &Entry) {
        if self.concerns(&entry.event) {
            self.deals.fold(entry);
            self.settlement.fold(entry);
        }
        let here = entry.envelope.position;
        while let Some(seal) = self.waiting.pop_if(|seal| seal.sealed.position <= here) {
            let result = if seal.sealed.position == here {
                self.compare(&seal.sealed, entry.hash)
            } else {
                unreached(&seal)
            };
            self.results.push((seal, result));
        }
    }

    fn concerns(&self, event: &Event) -> bool {
        let mut concerns = is_definition(event);
        event::shows(event, |show| concerns |= self.shows.binary_search(&show).is_ok());
        concerns
    }

    fn compare(&self, sealed: &SettlementSealed, head: Hash) -> Rederived {
        let figures = self.settlement.figures(sealed.show);
        rederive(sealed, self.deals.show(sealed.show), figures.as_ref(), self.deals.rates(), head)
    }

    /// What became of every seal. Those that name a position beyond the events that were taken are founded on nothing.
    pub fn results(mut self) -> Vec<(Seal, Rederived)> {
        while let Some(seal) = self.waiting.pop() {
            let result = unreached(&seal);
            self.results.push((seal, result));
        }
        self.results
    }
}

fn unreached(seal: &Seal) -> Rederived {
    let (position, reason) = (seal.sealed.position, "the log has no record there".to_owned());
    Rederived::Differs(SealFault::Unfounded { position, reason })
}

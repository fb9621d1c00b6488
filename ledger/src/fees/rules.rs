//! The commissions of an organisation with all their versions, and which of them are charged on a sale.

use serde::{Deserialize, Serialize};
use soticket_schema::event::v1::{
    CommissionBasis, CommissionChanged, CommissionDefined, CommissionEnded, CommissionMode, CommissionTerms,
    Payer,
};
use soticket_schema::{ChannelId, CommissionId, Rate, Timestamp};

/// The share of the face price above which commissions are flagged unless the organisation sets another: 15 %.
pub const DEFAULT_CAP: Rate = Rate(150_000);

/// The terms of a commission from an instant on.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Version {
    /// From 1.
    pub version: u32,
    /// The terms.
    pub terms: CommissionTerms,
    /// First instant of a sale that they are charged on.
    pub valid_from: Timestamp,
    /// From when on they are charged no more, if known.
    pub valid_until: Option<Timestamp>,
}

/// A commission with all its versions.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Rule {
    /// Its number.
    pub commission: CommissionId,
    /// By number; at least one.
    pub versions: Vec<Version>,
    /// From when on it is charged no more in any version, once it was ended.
    pub ended_at: Option<Timestamp>,
}

impl Rule {
    /// The version that was defined last.
    pub fn latest(&self) -> Option<&Version> {
        self.versions.last()
    }

    /// The version that is charged on a sale at this instant: the latest that has begun, unless it has ended.
    pub fn in_force(&self, at: Timestamp) -> Option<&Version> {
        if self.ended_at.is_some_and(|end| at >= end) {
            return None;
        }
        let version = self.versions.iter().rev().find(|version| version.valid_from <= at)?;
        version.valid_until.is_none_or(|until| at < until).then_some(version)
    }
}

/// Who sells, where and when.
#[derive(Clone, Copy, Debug)]
pub struct Selling<'a> {
    /// The instant of the sale.
    pub at: Timestamp,
    /// The channel.
    pub channel: ChannelId,
    /// The point of sale; may be empty.
    pub seller: &'a str,
}

/// A commission that a sale may be charged with, tariffs not yet considered.
#[derive(Clone, Copy, Debug)]
pub struct Applicable<'a> {
    /// The commission.
    pub commission: CommissionId,
    /// Version of its terms.
    pub version: u32,
    /// Its terms.
    pub terms: &'a CommissionTerms,
}

impl Applicable<'_> {
    /// Whether the buyer pays it on top of the face price.
    pub fn is_on_buyer(&self) -> bool {
        self.terms.payer == Payer::Buyer && self.terms.mode == CommissionMode::OnTop
    }

    /// Whether it is kept back from the face price.
    pub fn is_inside(&self) -> bool {
        self.terms.mode == CommissionMode::Inside
    }

    /// Whether it is charged once for an order.
    pub fn is_per_order(&self) -> bool {
        self.terms.basis == CommissionBasis::PerOrder
    }
}

/// All commissions of an organisation, folded from their events.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Rules {
    /// By number, from 1 without gaps.
    rules: Vec<Rule>,
    cap: Option<Rate>,
}

impl Rules {
    /// The number that the next commission gets.
    pub fn next(&self) -> CommissionId {
        CommissionId(u32::try_from(self.rules.len() + 1).unwrap_or(u32::MAX))
    }

    /// A commission.
    pub fn get(&self, commission: CommissionId) -> Option<&Rule> {
        self.rules.get(index_of(commission)?)
    }

    /// Commissions by number.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Rule> {
        self.rules.iter()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// The share of the face price above which commissions are flagged.
    pub fn cap(&self) -> Rate {
        self.cap.unwrap_or(DEFAULT_CAP)
    }

    /// Folds a definition; a number out of turn is left out.
    pub fn define(&mut self, event: &CommissionDefined) {
        if event.commission == self.next() {
            let version = Version {
                version: 1,
                terms: event.terms.clone(),
                valid_from: event.valid_from,
                valid_until: event.valid_until,
            };
            let (commission, versions) = (event.commission, vec![version]);
            self.rules.push(Rule { commission, versions, ended_at: None });
        }
    }

    /// Folds a change.
    pub fn change(&mut self, event: &CommissionChanged) {
        if let Some(rule) = self.get_mut(event.commission) {
            rule.versions.push(Version {
                version: event.version,
                terms: event.terms.clone(),
                valid_from: event.valid_from,
                valid_until: event.valid_until,
            });
        }
    }

    /// Folds an end.
    pub fn end(&mut self, event: &CommissionEnded) {
        if let Some(rule) = self.get_mut(event.commission) {
            rule.ended_at = Some(event.valid_until);
        }
    }

    /// Sets the cap.
    pub fn set_cap(&mut self, cap: Rate) {
        self.cap = Some(cap);
    }

    fn get_mut(&mut self, commission: CommissionId) -> Option<&mut Rule> {
        self.rules.get_mut(index_of(commission)?)
    }

    /// The commissions in force for a sale, by level and number.
    pub fn applicable(&self, selling: Selling<'_>) -> Vec<Applicable<'_>> {
        let in_force = self.rules.iter().filter_map(|rule| {
            let version = rule.in_force(selling.at)?;
            sold_there(&version.terms, selling).then_some(Applicable {
                commission: rule.commission,
                version: version.version,
                terms: &version.terms,
            })
        });
        let mut applicable: Vec<Applicable<'_>> = in_force.collect();
        applicable.sort_by_key(|one| (one.terms.level, one.commission));
        applicable
    }
}

fn index_of(commission: CommissionId) -> Option<usize> {
    usize::try_from(commission.0).ok()?.checked_sub(1)
}

fn sold_there(terms: &CommissionTerms, selling: Selling<'_>) -> bool {
    let channel = terms.channels.is_empty() || terms.channels.contains(&selling.channel);
    channel && (terms.sellers.is_empty() || terms.sellers.iter().any(|seller| seller == selling.seller))
}

//! Which commissions a sale is charged with: every version that was ever defined, looked through again for each sale.

use std::collections::BTreeMap;

use anyhow::{Result, ensure};
use soticket_schema::event::v1::{CommissionTerms, InsideCommission};
use soticket_schema::{Amount, ChannelId, CommissionId, Event, Rate, Timestamp};

/// Until an organisation says otherwise.
const CAP: Rate = Rate(150_000);

/// What the events say of commissions and of what channels take themselves.
#[derive(Debug)]
pub(in super::super) struct Rules {
    versions: BTreeMap<CommissionId, Vec<Version>>,
    ended: BTreeMap<CommissionId, Timestamp>,
    pub(super) channels: BTreeMap<ChannelId, Takes>,
    pub(super) cap: Rate,
}

#[derive(Debug)]
pub(super) struct Version {
    terms: CommissionTerms,
    from: Timestamp,
    until: Option<Timestamp>,
}

/// What a channel takes by itself.
#[derive(Debug, Clone, Copy)]
pub(super) struct Takes {
    pub(super) fee: Amount,
    pub(super) fee_vat: Rate,
    pub(super) inside: Option<InsideCommission>,
}

/// A commission as it is for one sale.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rule<'a> {
    pub(super) commission: CommissionId,
    pub(super) version: u32,
    pub(super) terms: &'a CommissionTerms,
}

impl Default for Rules {
    fn default() -> Self {
        Self { versions: BTreeMap::new(), ended: BTreeMap::new(), channels: BTreeMap::new(), cap: CAP }
    }
}

impl Rules {
    /// Commissions by number.
    pub(in super::super) fn count(&self) -> u32 {
        u32::try_from(self.versions.len()).unwrap_or(u32::MAX)
    }

    /// The share of the face price above which tickets are flagged.
    pub(in super::super) fn cap(&self) -> Rate {
        self.cap
    }

    pub(super) fn book(&mut self, event: &Event) -> Result<()> {
        match event {
            Event::ChannelOpened(event) => {
                let takes = Takes { fee: event.fee_on_top, fee_vat: event.fee_vat, inside: event.commission };
                self.channels.insert(event.channel, takes);
            }
            Event::CommissionDefined(event) => {
                ensure!(event.commission.0 == self.count() + 1, "commission out of turn");
                let (terms, from, until) = (event.terms.clone(), event.valid_from, event.valid_until);
                self.versions.insert(event.commission, vec![Version { terms, from, until }]);
            }
            Event::CommissionChanged(event) => {
                ensure!(!self.ended.contains_key(&event.commission), "an ended commission was changed");
                let versions = self.versions.entry(event.commission).or_default();
                ensure!(event.version as usize == versions.len() + 1, "version out of turn");
                let (terms, from, until) = (event.terms.clone(), event.valid_from, event.valid_until);
                versions.push(Version { terms, from, until });
            }
            Event::CommissionEnded(event) => {
                let before = self.ended.insert(event.commission, event.valid_until);
                ensure!(before.is_none(), "commission {} ended twice", event.commission);
            }
            Event::CommissionCapSet(event) => self.cap = event.cap,
            _ => {}
        }
        Ok(())
    }

    /// Those for a sale, by level, then by number.
    pub(super) fn of(&self, at: Timestamp, channel: ChannelId, seller: &str) -> Vec<Rule<'_>> {
        let mut rules: Vec<Rule<'_>> = Vec::new();
        for (commission, versions) in &self.versions {
            if self.ended.get(commission).is_some_and(|end| *end <= at) {
                continue;
            }
            // The last one that has begun stands for all of them, even when it is over.
            let begun = versions.iter().zip(1_u32..).filter(|(version, _)| version.from <= at);
            let Some((version, number)) = begun.last() else { continue };
            let over = version.until.is_some_and(|until| until <= at);
            let terms = &version.terms;
            let here = terms.channels.is_empty() || terms.channels.contains(&channel);
            let by_them = terms.sellers.is_empty() || terms.sellers.iter().any(|known| known == seller);
            if !over && here && by_them {
                rules.push(Rule { commission: *commission, version: number, terms });
            }
        }
        rules.sort_by_key(|rule| rule.terms.level);
        rules
    }
}

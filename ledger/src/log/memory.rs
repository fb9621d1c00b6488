//! The log in memory: the reference for every other engine, and what tests decide against.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::Arc;

use parking_lot::RwLock;
use soticket_schema::OrganisationId;

use super::{Append, Head, Log, LogError, Run, plan};

/// A log that is gone when it is dropped.
#[derive(Debug, Default)]
pub struct MemoryLog {
    chains: RwLock<BTreeMap<OrganisationId, Chain>>,
}

#[derive(Debug)]
struct Chain {
    head: Head,
    /// Appended runs by the position of their first record.
    runs: BTreeMap<u64, Arc<StoredRun>>,
}

#[derive(Debug)]
struct StoredRun {
    first: u64,
    count: u32,
    records: Vec<u8>,
}

impl MemoryLog {
    /// An empty log.
    pub fn new() -> Self {
        Self::default()
    }

    /// The run that holds `position`, if it is durable.
    fn run_at(&self, organisation: OrganisationId, position: u64) -> Option<Arc<StoredRun>> {
        let chains = self.chains.read();
        let chain = chains.get(&organisation).filter(|chain| position < chain.head.length)?;
        chain.runs.range(..=position).next_back().map(|(_, run)| Arc::clone(run))
    }
}

impl Log for MemoryLog {
    fn heads(&self) -> Vec<(OrganisationId, Head)> {
        self.chains.read().iter().map(|(organisation, chain)| (*organisation, chain.head)).collect()
    }

    fn head(&self, organisation: OrganisationId) -> Option<Head> {
        self.chains.read().get(&organisation).map(|chain| chain.head)
    }

    fn commit(&self, appends: &[Append]) -> Result<(), LogError> {
        let mut chains = self.chains.write();
        let heads =
            plan::heads_after(appends, |organisation| chains.get(&organisation).map(|chain| chain.head))?;
        for append in appends.iter().filter(|append| append.count > 0) {
            let chain = chains
                .entry(append.organisation)
                .or_insert_with(|| Chain { head: Head::genesis(append.organisation), runs: BTreeMap::new() });
            let first = append.expected.length;
            let run = StoredRun { first, count: append.count, records: append.records.clone() };
            chain.runs.insert(first, Arc::new(run));
        }
        for (organisation, head) in heads {
            if let Some(chain) = chains.get_mut(&organisation) {
                chain.head = head;
            }
        }
        Ok(())
    }

    fn read_runs(
        &self,
        organisation: OrganisationId,
        from: u64,
        visit: &mut dyn FnMut(Run<'_>) -> ControlFlow<()>,
    ) -> Result<(), LogError> {
        let mut next = from;
        while let Some(stored) = self.run_at(organisation, next) {
            let whole = Run { first: stored.first, count: stored.count, records: &stored.records };
            let run = whole.starting_at(organisation, next)?;
            next = run.first + u64::from(run.count);
            if visit(run).is_break() {
                break;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log::conformance;

    #[test]
    fn the_memory_log_conforms() {
        conformance::check(MemoryLog::new);
    }
}
